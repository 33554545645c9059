use super::*;
use proptest::prelude::*;

#[test]
fn what_is_simple_is_set_in_a_line() {
    for (tex, want) in [
        ("x^2 + y^2 = z^2", "x² + y² = z²"),
        ("a_i", "aᵢ"),
        ("a_{ij}^{n+1}", "aᵢⱼⁿ⁺¹"),
        ("x_{1,2}", "x₁,₂"),
        ("x_q^2", "x_q^2"),
        ("x^{q+1}", "x^(q+1)"),
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"\frac12", "½"),
        (r"\frac{1}{2} x", "½x"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"\frac{a}{b}c", "(a/b)c"),
        (r"a \over b+c", "a/(b + c)"),
        (r"a \overset{!}{=} b", "a =^! b"),
        (r"a \stackrel{d}{\to} b", "a →ᵈ b"),
        (r"\underset{x}{y}", "yₓ"),
        (r"A \xrightarrow{f} B", "A →ᶠ B"),
        (r"\sum_{\substack{i<n\\j<m}} x", "∑_(i<n, j<m) x"),
        (r"\widehat{AB} + \hat{x_1}", "A\u{302}B\u{302} + x\u{302}₁"),
        (r"\hat{\frac{a}{b}}", "(a/b)\u{302}"),
        (r"\overrightarrow{AB}", "A\u{20d7}B\u{20d7}"),
        (r"\boxed{E = m}", "E = m"),
        (r"x = 1 \tag{2}", "x = 1    (2)"),
        (r"\color{red} x + \textcolor{blue}{y}", "x + y"),
        (r"a\phantom{bc}d", "a  d"),
        (r"\cancel{x}", "x\u{338}"),
        (r"a\hspace{1em}b", "a b"),
        (r"\mathop{argmax}_x f", "argmaxₓ f"),
        (r"{\rm kg}", "kg"),
        ("a + % what is added\nb", "a + b"),
        (r"50\% + x", "50% + x"),
        (r"1 \text{ if $x^2 > 0$, in \%}", "1 if x² > 0, in %"),
        (r"1 + {a \over b}", "1 + a/b"),
        (r"\operatorname*{argmax}_x f", "argmaxₓ f"),
        (r"\frac{dy}{dx} = -\frac{x}{y}", "dy/dx = −x/y"),
        (r"\frac{\partial f}{\partial x}", "∂f/∂x"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
        (r"{\frac{a}{b}}^2", "(a/b)²"),
        (
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            "(a b; c d)",
        ),
        (
            r"A = \begin{vmatrix}1 & x+1\\0 & 2\end{vmatrix}",
            "A = |1, x + 1; 0 2|",
        ),
        (r"\binom{n}{k}", "C(n, k)"),
        (r"a \equiv b \pmod{n}", "a ≡ b (mod n)"),
        (r"\sqrt{2}", "√2"),
        (r"\sqrt{2}3", "(√2)3"),
        (r"2\sqrt{a}b + \sqrt{c}", "2(√a)b + √c"),
        (r"\sqrt{a}^2", "(√a)²"),
        (r"(\sqrt{a})", "(√a)"),
        (r"\frac{a}{b}!", "(a/b)!"),
        (r"\sqrt{a^2 + b^2}", "√(a² + b²)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\sqrt[n]{x}", "ⁿ√x"),
        (r"\sum_{i=1}^n i = \frac{n(n+1)}{2}", "∑ᵢ₌₁ⁿ i = n(n + 1)/2"),
        (r"\int_0^\infty e^{-x^2}\,dx", "∫(0…∞) e^(−x²) dx"),
        (r"\sum_{n=1}^\infty \frac{1}{n^2}", "∑(n=1…∞) 1/n²"),
        (r"\prod_{n\geq1}^Q n", "∏(n≥1…Q) n"),
        (r"\int_{q}^{1} x", "∫_q^1 x"),
        (r"\frac{\sqrt{\pi}}{2}", "(√π)/2"),
        (r"\frac{2\sqrt{a}}{b}", "(2√a)/b"),
        (r"\frac{\sqrt{a+b}}{\sqrt{c}}", "(√(a + b))/√c"),
        (r"\int_0^1 f(x)\,dx", "∫₀¹ f(x) dx"),
        (
            r"\lim_{x \to 0} \frac{\sin x}{x} = 1",
            "lim_(x→0) (sin x)/x = 1",
        ),
        (r"x \in \mathbb{R} \setminus \{0\}", "x ∈ ℝ ∖ {0}"),
        (r"\forall \epsilon > 0", "∀ϵ > 0"),
        (
            r"A \subseteq B \Rightarrow |A| \leq |B|",
            "A ⊆ B ⇒ |A| ≤ |B|",
        ),
        (r"f\colon A \to B", "f: A → B"),
        (r"\hat{x}, \bar y, \vec{v}", "x\u{302}, y\u{304}, v\u{20d7}"),
        (r"90^\circ", "90°"),
        (r"f'(x)", "f′(x)"),
        (r"-1", "−1"),
        (r"a = -b", "a = −b"),
        (r"2 \cdot 3 \times 4 \pm 5", "2 ⋅ 3 × 4 ± 5"),
        (r"x_1, \ldots, x_n", "x₁, …, xₙ"),
        (r"1,000 + 3.14", "1,000 + 3.14"),
        (
            r"\text{speed} = \frac{\text{way}}{\text{time}}",
            "speed = way/time",
        ),
        (r"\mathbf{v} \in \mathcal{L}", "𝐯 ∈ ℒ"),
        (r"a \not= b", "a ≠ b"),
        (r"O(n \log n)", "O(n log n)"),
        (r"\nabla \cdot E = 0", "∇ ⋅ E = 0"),
        (r"a \quad b", "a  b"),
    ] {
        assert_eq!(unicode(tex).as_deref(), Some(want), "{tex}");
    }
}

#[test]
fn what_is_not_understood_is_left_as_a_whole() {
    for tex in [
        r"\begin{align} a & b \\ c & d \end{align}",
        r"\begin{pmatrix} a & b",
        r"\begin{matrix} a & b \\ c & d \end{matrix}",
        r"x \unknown y",
        r"a & b",
        r"a \\ b",
        "{x",
        "x}",
        r"\frac{a}",
        r"\frac{}{b}",
        r"\over b",
        r"a \over b \over c",
        r"\sqrt[3{x}",
        r"\left( x",
        r"x \right)",
        "x^",
        "x^a^b",
        r"\text{a",
        r"\hat{}",
        "\\",
        "",
        "  ",
        "5 per head, or US",
    ] {
        assert_eq!(unicode(tex), None, "{tex}");
    }
    let deep = "{".repeat(2000) + &"}".repeat(2000);
    assert_eq!(unicode(&deep), None);
    assert_eq!(unicode(&"\\sqrt".repeat(800)), None);
    assert_eq!(unicode(&"\\not".repeat(1000)), None);
}

proptest! {
    #[test]
    fn nothing_upsets_it(tex in r"([a-z0-9{}()\[\]^_'+=,. -]|\\(frac|sqrt|left|right|sum|text|hat|alpha|not|mathbb|,|\{)|é|\PC){0,40}") {
        if let Some(text) = unicode(&tex) {
            prop_assert!(!text.contains('\\'), "{}", text);
            prop_assert!(!text.trim().is_empty());
        }
    }

    #[test]
    fn braces_without_their_others_are_left(tex in "[a-z^_+{}]{0,20}") {
        let open = tex.matches('{').count();
        if open != tex.matches('}').count() {
            prop_assert_eq!(unicode(&tex), None);
        }
    }
}
