//! The signs that TeX's commands stand for.

use Class::{Binary, Close, Open, Operator, Ordinary, Punctuation, Relation, Space};

/// What an atom is, and so what space is set around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // TeX's own names.
pub(super) enum Class {
    Ordinary,
    Operator,
    Binary,
    Relation,
    Open,
    Close,
    Punctuation,
    Inner,
    Space,
}

/// Commands that stand for one sign each.
#[rustfmt::skip]
const SIGNS: &[(Class, &[(&str, &str)])] = &[
    (Ordinary, &[
        ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("epsilon", "ϵ"),
        ("varepsilon", "ε"), ("zeta", "ζ"), ("eta", "η"), ("theta", "θ"), ("vartheta", "ϑ"),
        ("iota", "ι"), ("kappa", "κ"), ("lambda", "λ"), ("mu", "μ"), ("nu", "ν"), ("xi", "ξ"),
        ("omicron", "ο"), ("pi", "π"), ("varpi", "ϖ"), ("rho", "ρ"), ("varrho", "ϱ"),
        ("sigma", "σ"), ("varsigma", "ς"), ("tau", "τ"), ("upsilon", "υ"), ("phi", "ϕ"),
        ("varphi", "φ"), ("chi", "χ"), ("psi", "ψ"), ("omega", "ω"), ("Gamma", "Γ"),
        ("Delta", "Δ"), ("Theta", "Θ"), ("Lambda", "Λ"), ("Xi", "Ξ"), ("Pi", "Π"),
        ("Sigma", "Σ"), ("Upsilon", "Υ"), ("Phi", "Φ"), ("Psi", "Ψ"), ("Omega", "Ω"),
        ("infty", "∞"), ("partial", "∂"), ("nabla", "∇"), ("forall", "∀"), ("exists", "∃"),
        ("nexists", "∄"), ("emptyset", "∅"), ("varnothing", "∅"), ("neg", "¬"), ("lnot", "¬"),
        ("ell", "ℓ"), ("hbar", "ℏ"), ("Re", "ℜ"), ("Im", "ℑ"), ("aleph", "ℵ"), ("beth", "ℶ"),
        ("wp", "℘"), ("imath", "ı"), ("jmath", "ȷ"), ("top", "⊤"), ("bot", "⊥"),
        ("angle", "∠"), ("triangle", "△"), ("square", "□"), ("Box", "□"), ("degree", "°"),
        ("prime", "′"), ("ldots", "…"), ("dots", "…"), ("cdots", "⋯"), ("dotsc", "…"),
        ("dotsb", "⋯"), ("vdots", "⋮"), ("ddots", "⋱"), ("vert", "|"), ("|", "‖"),
        ("Vert", "‖"), ("backslash", "∖"), ("%", "%"), ("$", "$"), ("&", "&"), ("#", "#"),
        ("_", "_"), ("dagger", "†"), ("ddagger", "‡"), ("blacksquare", "■"), ("qed", "∎"),
        ("checkmark", "✓"), ("star", "⋆"), ("clubsuit", "♣"), ("heartsuit", "♥"),
        ("diamondsuit", "♦"), ("spadesuit", "♠"), ("flat", "♭"), ("sharp", "♯"),
        ("complement", "∁"), ("Bbbk", "𝕜"),
    ]),
    (Operator, &[
        ("sum", "∑"), ("prod", "∏"), ("coprod", "∐"), ("int", "∫"), ("iint", "∬"),
        ("iiint", "∭"), ("oint", "∮"), ("bigcup", "⋃"), ("bigcap", "⋂"), ("bigvee", "⋁"),
        ("bigwedge", "⋀"), ("bigoplus", "⨁"), ("bigotimes", "⨂"), ("sin", "sin"),
        ("cos", "cos"), ("tan", "tan"), ("cot", "cot"), ("sec", "sec"), ("csc", "csc"),
        ("arcsin", "arcsin"), ("arccos", "arccos"), ("arctan", "arctan"), ("sinh", "sinh"),
        ("cosh", "cosh"), ("tanh", "tanh"), ("coth", "coth"), ("log", "log"), ("ln", "ln"),
        ("lg", "lg"), ("exp", "exp"), ("lim", "lim"), ("limsup", "lim sup"),
        ("liminf", "lim inf"), ("max", "max"), ("min", "min"), ("sup", "sup"), ("inf", "inf"),
        ("det", "det"), ("dim", "dim"), ("ker", "ker"), ("gcd", "gcd"), ("deg", "deg"),
        ("arg", "arg"), ("hom", "hom"), ("Pr", "Pr"),
    ]),
    (Binary, &[
        ("pm", "±"), ("mp", "∓"), ("times", "×"), ("div", "÷"), ("cdot", "⋅"), ("ast", "∗"),
        ("circ", "∘"), ("bullet", "∙"), ("cup", "∪"), ("cap", "∩"), ("setminus", "∖"),
        ("smallsetminus", "∖"), ("wedge", "∧"), ("land", "∧"), ("vee", "∨"), ("lor", "∨"),
        ("oplus", "⊕"), ("ominus", "⊖"), ("otimes", "⊗"), ("oslash", "⊘"), ("odot", "⊙"),
        ("uplus", "⊎"), ("sqcup", "⊔"), ("sqcap", "⊓"), ("bmod", "mod"), ("diamond", "⋄"),
        ("ltimes", "⋉"), ("rtimes", "⋊"), ("amalg", "⨿"),
    ]),
    (Relation, &[
        ("leq", "≤"), ("le", "≤"), ("geq", "≥"), ("ge", "≥"), ("neq", "≠"), ("ne", "≠"),
        ("lt", "<"), ("gt", ">"), ("ll", "≪"), ("gg", "≫"), ("leqslant", "⩽"),
        ("geqslant", "⩾"), ("approx", "≈"), ("sim", "∼"), ("simeq", "≃"), ("cong", "≅"),
        ("equiv", "≡"), ("propto", "∝"), ("asymp", "≍"), ("doteq", "≐"), ("coloneqq", "≔"),
        ("prec", "≺"), ("succ", "≻"), ("preceq", "⪯"), ("succeq", "⪰"), ("in", "∈"),
        ("notin", "∉"), ("ni", "∋"), ("subset", "⊂"), ("subseteq", "⊆"), ("subsetneq", "⊊"),
        ("supset", "⊃"), ("supseteq", "⊇"), ("sqsubseteq", "⊑"), ("sqsupseteq", "⊒"),
        ("mid", "∣"), ("nmid", "∤"), ("parallel", "∥"), ("perp", "⊥"), ("vdash", "⊢"),
        ("dashv", "⊣"), ("models", "⊨"), ("vDash", "⊨"), ("to", "→"), ("rightarrow", "→"),
        ("longrightarrow", "⟶"), ("leftarrow", "←"), ("gets", "←"), ("longleftarrow", "⟵"),
        ("leftrightarrow", "↔"), ("Rightarrow", "⇒"), ("Longrightarrow", "⟹"),
        ("implies", "⟹"), ("Leftarrow", "⇐"), ("impliedby", "⟸"), ("Leftrightarrow", "⇔"),
        ("iff", "⟺"), ("mapsto", "↦"), ("longmapsto", "⟼"), ("hookrightarrow", "↪"),
        ("hookleftarrow", "↩"), ("twoheadrightarrow", "↠"), ("uparrow", "↑"),
        ("downarrow", "↓"), ("updownarrow", "↕"), ("nearrow", "↗"), ("searrow", "↘"),
        ("rightharpoonup", "⇀"), ("rightleftharpoons", "⇌"), ("leadsto", "⇝"),
        ("therefore", "∴"), ("because", "∵"), ("triangleq", "≜"), ("lesssim", "≲"),
        ("gtrsim", "≳"), ("bowtie", "⋈"),
    ]),
    (Open, &[
        ("{", "{"), ("lbrace", "{"), ("lbrack", "["), ("langle", "⟨"), ("lfloor", "⌊"),
        ("lceil", "⌈"), ("lvert", "|"), ("lVert", "‖"),
    ]),
    (Close, &[
        ("}", "}"), ("rbrace", "}"), ("rbrack", "]"), ("rangle", "⟩"), ("rfloor", "⌋"),
        ("rceil", "⌉"), ("rvert", "|"), ("rVert", "‖"),
    ]),
    (Punctuation, &[("colon", ":")]),
    (Space, &[
        (",", " "), (":", " "), (";", " "), (" ", " "), (">", " "), ("\n", " "), ("!", ""),
        ("quad", "  "), ("qquad", "    "), ("thinspace", " "), ("enspace", " "),
    ]),
];

/// What a command stands for.
pub(super) fn sign(name: &str) -> Option<(&'static str, Class)> {
    SIGNS.iter().find_map(|(class, signs)| {
        let (_, sign) = signs.iter().find(|(it, _)| *it == name)?;
        Some((*sign, *class))
    })
}

/// The class of a sign that is written as itself.
pub(super) fn class_of(sign: char) -> Option<Class> {
    if sign.is_ascii() {
        return None;
    }
    let mut buffer = [0; 4];
    let sign: &str = sign.encode_utf8(&mut buffer);
    SIGNS.iter().find_map(|(class, signs)| {
        let found = signs.iter().any(|(_, it)| *it == sign);
        found.then_some(*class)
    })
}

/// The contrary of a relation.
pub(super) fn negated(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "=" => "≠",
        "∈" => "∉",
        "∋" => "∌",
        "<" => "≮",
        ">" => "≯",
        "≤" => "≰",
        "≥" => "≱",
        "≡" => "≢",
        "≈" => "≉",
        "∼" => "≁",
        "≅" => "≇",
        "⊂" => "⊄",
        "⊆" => "⊈",
        "⊃" => "⊅",
        "⊇" => "⊉",
        "∣" => "∤",
        "∥" => "∦",
        "∃" => "∄",
        _ => return None,
    })
}

/// The mark that an accent sets on the letter before it.
pub(super) fn accent(name: &str) -> Option<char> {
    Some(match name {
        "hat" | "widehat" => '\u{302}',
        "bar" => '\u{304}',
        "overline" => '\u{305}',
        "underline" => '\u{332}',
        "tilde" | "widetilde" => '\u{303}',
        "vec" | "overrightarrow" => '\u{20d7}',
        "dot" => '\u{307}',
        "ddot" => '\u{308}',
        "check" => '\u{30c}',
        "breve" => '\u{306}',
        "acute" => '\u{301}',
        "grave" => '\u{300}',
        "mathring" => '\u{30a}',
        _ => return None,
    })
}

const RAISED: (&str, &str) = (
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθϕφχ⊤′∘*∗†,",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵠᵡᵀ′°**†,",
);

const LOWERED: (&str, &str) = (
    "0123456789+−=()aehijklmnoprstuvxβγρϕφχ,",
    "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵩᵪ,",
);

/// A script in small signs, if there is one for each.
pub(super) fn script(text: &str, raised: bool) -> Option<String> {
    let (from, to) = if raised { RAISED } else { LOWERED };
    text.chars()
        .map(|c| {
            let at = from.chars().position(|it| it == c)?;
            to.chars().nth(at)
        })
        .collect()
}

/// A fraction that is one sign.
pub(super) fn vulgar(over: &str, under: &str) -> Option<&'static str> {
    Some(match (over, under) {
        ("1", "2") => "½",
        ("1", "3") => "⅓",
        ("2", "3") => "⅔",
        ("1", "4") => "¼",
        ("3", "4") => "¾",
        ("1", "5") => "⅕",
        ("2", "5") => "⅖",
        ("3", "5") => "⅗",
        ("4", "5") => "⅘",
        ("1", "6") => "⅙",
        ("5", "6") => "⅚",
        ("1", "7") => "⅐",
        ("1", "8") => "⅛",
        ("3", "8") => "⅜",
        ("5", "8") => "⅝",
        ("7", "8") => "⅞",
        ("1", "9") => "⅑",
        ("1", "10") => "⅒",
        _ => return None,
    })
}

/// A letter in one of the alphabets of mathematics. Some letters stood in Unicode before the others
/// did, in another place.
pub(super) fn alphabet(name: &str, letter: char) -> Option<char> {
    let old = match (name, letter) {
        ("mathbb", 'C') => 'ℂ',
        ("mathbb", 'H') => 'ℍ',
        ("mathbb", 'N') => 'ℕ',
        ("mathbb", 'P') => 'ℙ',
        ("mathbb", 'Q') => 'ℚ',
        ("mathbb", 'R') => 'ℝ',
        ("mathbb", 'Z') => 'ℤ',
        ("mathcal" | "mathscr", 'B') => 'ℬ',
        ("mathcal" | "mathscr", 'E') => 'ℰ',
        ("mathcal" | "mathscr", 'F') => 'ℱ',
        ("mathcal" | "mathscr", 'H') => 'ℋ',
        ("mathcal" | "mathscr", 'I') => 'ℐ',
        ("mathcal" | "mathscr", 'L') => 'ℒ',
        ("mathcal" | "mathscr", 'M') => 'ℳ',
        ("mathcal" | "mathscr", 'R') => 'ℛ',
        ("mathcal" | "mathscr", 'e') => 'ℯ',
        ("mathcal" | "mathscr", 'g') => 'ℊ',
        ("mathcal" | "mathscr", 'o') => 'ℴ',
        ("mathfrak", 'C') => 'ℭ',
        ("mathfrak", 'H') => 'ℌ',
        ("mathfrak", 'I') => 'ℑ',
        ("mathfrak", 'R') => 'ℜ',
        ("mathfrak", 'Z') => 'ℨ',
        _ => '\0',
    };
    if old != '\0' {
        return Some(old);
    }
    let capitals = match name {
        "mathbb" => 0x1d538,
        "mathcal" | "mathscr" => 0x1d49c,
        "mathfrak" => 0x1d504,
        _ => 0x1d400,
    };
    let from =
        |first: u32, start: char| char::from_u32(first + u32::from(letter) - u32::from(start));
    match (letter, capitals) {
        ('A'..='Z', _) => from(capitals, 'A'),
        ('a'..='z', _) => from(capitals + 26, 'a'),
        ('0'..='9', 0x1d538) => from(0x1d7d8, '0'),
        ('0'..='9', 0x1d400) => from(0x1d7ce, '0'),
        ('α'..='ω', 0x1d400) => from(0x1d6c2, 'α'),
        ('Α'..='Ω', 0x1d400) => from(0x1d6a8, 'Α'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_signs_stand_beside_what_they_are_of() {
        for (from, to) in [RAISED, LOWERED] {
            assert_eq!(from.chars().count(), to.chars().count());
        }
    }
}
