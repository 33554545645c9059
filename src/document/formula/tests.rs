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
        r"\\",
    ] {
        assert_eq!(set(tex), None, "{tex}");
    }
    let deep = r"\begin{matrix}".repeat(40) + "a" + &r"\end{matrix}".repeat(40);
    assert_eq!(set(&deep), None);
    let large = format!(r"{}\\{}", "a".repeat(3000), r"b\\".repeat(1500));
    assert_eq!(set(&large), None);
}

proptest::proptest! {
    #[test]
    fn anything_is_set_or_left(tex in r"(\\\\|&|\\begin\{(p|b|)matrix\}|\\end\{(p|b|)matrix\}|\\left|\\right|[({\[)}\]a^_]|\\begin\{cases\}|\\end\{cases\}|\\hline| ){0,24}") {
        if let Some(lines) = set(&tex) {
            proptest::prop_assert!(!lines.contains(HOLE));
        }
    }
}
