use super::*;

fn drawn(tex: &str) -> String {
    set(tex).unwrap_or_else(|| format!("not set: {tex}"))
}

#[test]
fn matrices_stand_in_tall_brackets() {
    assert_eq!(
        drawn(r"A = \begin{bmatrix} 1 & -20 \\ x+1 & 4 \\ 0 & y_1 \end{bmatrix}^{-1} b"),
        "    ⎡  1    −20⎤⁻¹\nA = ⎢x + 1   4 ⎥  b\n    ⎣  0    y₁ ⎦"
    );
    assert_eq!(
        drawn(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}\begin{pmatrix} x \\ y \end{pmatrix}"),
        "⎛a  b⎞⎛x⎞\n⎝c  d⎠⎝y⎠"
    );
    assert_eq!(
        drawn(r"\begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc"),
        "│a  b│ = ad − bc\n│c  d│"
    );
}

#[test]
fn cases_hang_on_a_brace_and_equations_on_their_signs() {
    assert_eq!(
        drawn(r"f(x) = \begin{cases} x^2 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}"),
        "       ⎧x²  if x > 0\nf(x) = ⎨\n       ⎩0   otherwise"
    );
    assert_eq!(
        drawn(
            "\\begin{aligned}\na + b &= c \\\\[2pt]\nd &= e - f\\label{x} \\\\\n&\\le -g\n\\end{aligned}"
        ),
        "a + b = c\n    d = e − f\n      ≤ −g"
    );
    assert_eq!(drawn(r"a = b \\ cde = f"), "a = b\ncde = f");
    assert_eq!(
        drawn(r"\begin{gather*} a \\ b + c = d \end{gather*}"),
        "    a\nb + c = d"
    );
    assert_eq!(
        drawn(r"\begin{align} x &= 1 & yy &= 2 \tag{3} \\ xx &= 1 & y &= 2 \end{align}"),
        " x = 1    yy = 2    (3)\nxx = 1     y = 2"
    );
    assert_eq!(drawn(r"\begin{equation} x = 1 \end{equation}"), "x = 1");
}

#[test]
fn brackets_grow_with_what_they_hold() {
    assert_eq!(
        drawn(
            r"\left[\begin{array}{cc|r} 1 & 0 & -1 \\ 0 & 1 & 10 \\ \hline 0 & 0 & 0 \end{array}\right]"
        ),
        "⎡1  0 │ −1⎤\n⎢0  1 │ 10⎥\n⎢─────────⎥\n⎣0  0 │  0⎦"
    );
    assert_eq!(
        drawn(r"|x| = \left\{\begin{array}{ll} x & x \ge 0 \\ -x & x < 0 \end{array}\right."),
        "      ⎧x   x ≥ 0\n|x| = ⎨\n      ⎩−x  x < 0"
    );
    assert_eq!(
        drawn(r"\begin{pmatrix} \begin{matrix} a \\ b \end{matrix} & 0 \\ 0 & 1 \end{pmatrix}"),
        "⎛a  0⎞\n⎜b   ⎟\n⎜    ⎟\n⎝0  1⎠"
    );
}

#[test]
fn fractions_stand_over_each_other() {
    assert_eq!(
        drawn(r"h(t) = M \cos \frac{2 \pi t}{12.42} - \frac{S}{2}."),
        "              2πt    S\nh(t) = M cos ───── − ─.\n             12.42   2"
    );
    assert_eq!(
        drawn(r"x = -\frac{1}{1 + \frac{a}{b}} y"),
        "         1\nx = − ─────── y\n           a\n       1 + ─\n           b"
    );
    assert_eq!(
        drawn(r"\left( \frac{a}{b} \right)^2 + \frac12 m v^2"),
        "⎛a⎞²   1\n⎜─⎟  + ─ mv²\n⎝b⎠    2"
    );
    assert_eq!(drawn(r"\frac\pi n\frac xy"), "π x\n─ ─\nn y");
    assert_eq!(
        drawn(r"\sqrt{\frac{a}{b}} + \sqrt{2}"),
        "    _\n   ╱a\n  ╱ ─ + √2\n╲╱  b"
    );
    assert_eq!(drawn(r"\binom{n}{k} = 1"), "⎛n⎞ = 1\n⎝k⎠");
    // In a script they stand in a line.
    assert_eq!(
        drawn(r"e^{-\frac{x}{y}} \frac{a}{b}"),
        "         a\ne^(−x/y) ─\n         b"
    );
}

#[test]
fn limits_stand_over_and_under_their_signs() {
    assert_eq!(
        drawn(r"\sum_{n=1}^\infty \frac{1}{n^2} = \frac{\pi^2}{6}"),
        " ∞  1    π²\n ∑  ── = ──\nn=1 n²   6"
    );
    assert_eq!(
        drawn(r"\int\limits_0^\infty e^{-x^2} \, dx = \frac{\sqrt{\pi}}{2}"),
        "∞              √π\n∫ e^(−x²) dx = ──\n0              2"
    );
    assert_eq!(drawn(r"f = \lim_{h \to 0} g(h)"), "f = lim g(h)\n    h→0");
    assert_eq!(
        drawn(r"\sum_{\substack{i<n \\ j<m}} a_{ij}"),
        " ∑  aᵢⱼ\ni<n\nj<m"
    );
    assert_eq!(drawn(r"\sum\nolimits_i a_i"), "∑ᵢ aᵢ");
    assert_eq!(drawn(r"\prod_p (p + 1)"), "∏ (p + 1)\np");
    assert_eq!(
        drawn(r"\begin{cases} \frac{x}{y} & y > 0 \\ \max_i x_i & y = 0 \end{cases}"),
        "⎧x\n⎪─       y > 0\n⎨y\n⎪\n⎪max xᵢ  y = 0\n⎩ i"
    );
}

#[test]
fn limits_of_integrals_stand_beside_them() {
    assert_eq!(
        drawn(r"\int_0^\infty e^{-x^2} \, dx = \frac{\sqrt{\pi}}{2}"),
        " ∞              √π\n∫  e^(−x²) dx = ──\n 0              2"
    );
    assert_eq!(drawn(r"\oint_{\partial S} f = 0"), "∮   f = 0\n ∂S");
    // Those that have small signs need no rows.
    assert_eq!(drawn(r"\int_0^1 \frac{x}{y} dx"), "    x\n∫₀¹ ─ dx\n    y");
    assert_eq!(set(r"\int_0^1 \frac12 x \, dx"), None);
}

#[test]
fn roots_of_a_degree_over_and_braces_are_drawn() {
    assert_eq!(
        drawn(r"\sqrt[n]{\frac{a}{b}}"),
        "    _\n   ╱a\nn ╱ ─\n╲╱  b"
    );
    assert_eq!(
        drawn(r"\sqrt[n+1]{\frac{a}{b}}"),
        "      _\n     ╱a\nn+1 ╱ ─\n  ╲╱  b"
    );
    assert_eq!(drawn(r"a \over b + c"), "  a\n─────\nb + c");
    assert_eq!(drawn(r"x + {a \over b}^2"), "    a²\nx + ─\n    b");
    assert_eq!(drawn(r"\left( a \over b \right)"), "⎛a⎞\n⎜─⎟\n⎝b⎠");
    assert_eq!(
        drawn(r"\underbrace{1 + 1 + \dots + 1}_{n \text{ times}} = n"),
        "1 + 1 + … + 1 = n\n╰─────┬─────╯\n   n times"
    );
    assert_eq!(
        drawn(r"\overbrace{a}^b + \underbrace{ab}"),
        " b\n╭┴╮\n a  + ab\n      ╰─╯"
    );
    assert_eq!(
        drawn(r"\operatorname*{argmax}_{x} f(x)"),
        "argmax f(x)\n  x"
    );
    assert_eq!(
        drawn(r"\begin{aligned} a &= {b \over c} \end{aligned}"),
        "    b\na = ─\n    c"
    );
}

#[test]
fn what_is_not_understood_is_not_set_at_all() {
    for tex in [
        "x^2",
        r"\begin{pmatrix} a & \unknown \\ c & d \end{pmatrix}",
        r"\begin{pmatrix} a \\ b",
        r"\begin{tikzcd} a \\ b \end{tikzcd}",
        r"e^{\begin{pmatrix} a \\ b \end{pmatrix}}",
        r"\hat{\begin{pmatrix} a \\ b \end{pmatrix}}",
        r"\begin{pmatrix} a \end{bmatrix} \\ b",
        r"{a \\ b",
        r"a } \\ b",
        r"\begin \\",
        "\\\\\u{e000}",
        "\\frac{a}{\u{e001}}",
        r"\frac{a}{}",
        r"\frac{a}",
        r"\frac{a}{\unknown}",
        r"\sum_",
        r"a \over b \over c",
        r"\over b",
        r"\sqrt[\unknown]{\frac{a}{b}}",
        r"\underbrace{}",
        r"\hat{\frac{a}{b}}",
        r"\\",
    ] {
        assert_eq!(set(tex), None, "{tex}");
    }
    let deep = r"\begin{matrix}".repeat(40) + "a" + &r"\end{matrix}".repeat(40);
    assert_eq!(set(&deep), None);
    let large = format!(r"{}\\{}", "a".repeat(3000), r"b\\".repeat(1500));
    assert_eq!(set(&large), None);
    let groups = "{".repeat(2000) + r"a \over b" + &"}".repeat(2000);
    assert_eq!(set(&groups), None);
}

proptest::proptest! {
    #[test]
    fn anything_is_set_or_left(tex in r"(\\\\|&|\\begin\{(p|b|)matrix\}|\\end\{(p|b|)matrix\}|\\left|\\right|[({\[)}\]a^_]|\\begin\{cases\}|\\end\{cases\}|\\hline|\\frac|\\over|\\underbrace|\\sum|\\int|\\sqrt|\\limits|[{}]| ){0,24}") {
        if let Some(lines) = set(&tex) {
            proptest::prop_assert!(!lines.contains(HOLES));
        }
    }
}

#[test]
fn what_stands_over_under_and_around_signs_is_drawn() {
    assert_eq!(drawn(r"a \overset{def}{=} b"), "  def\na  =  b");
    assert_eq!(drawn(r"\underset{x}{y}"), "y\nx");
    assert_eq!(drawn(r"A \xrightarrow[g]{f} B"), "   f\nA ──→ B\n   g");
    assert_eq!(drawn(r"\mathop{argmax}_x f"), "argmax f\n  x");
    assert_eq!(
        drawn("\\boxed{x = \\frac{a}{b}} % so\n"),
        "┌───────┐\n│     a │\n│ x = ─ │\n│     b │\n└───────┘"
    );
    assert_eq!(drawn(r"\substack{a\\bcd} = e"), " a  = e\nbcd");
}
