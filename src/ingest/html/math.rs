//! Formulas as TeX: what they carry of it, else what MathML (Core, W3C 2023) says of their parts.

use super::{
    blocks::Writer,
    inline::Kind,
    tree::{Data, Id, Tree},
};

/// Deeper formulas are written flat.
const DEEPEST: usize = 40;

/// Longer ones, in bytes, are none.
const LONGEST: usize = 4000;

/// Operators that have what they range over above and below.
const LARGE: &str = "∑∏∐∫∬∭∮⋃⋂⨁⨂⋀⋁";

/// Names of functions that TeX knows.
const FUNCTIONS: [&str; 24] = [
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
    "log", "ln", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker", "gcd",
];

impl Writer<'_> {
    /// Writes a formula. False where it is none that can be written.
    pub(super) fn formula(&mut self, id: Id) -> bool {
        let tree = self.tree;
        let is_tex = |it: &Id| {
            let encoding = tree.attribute(*it, "encoding").unwrap_or_default();
            tree.name(*it) == "annotation" && encoding.contains("tex")
        };
        let source = tree.within(id).find(is_tex).map(|it| tree.text(it));
        let told = source.or_else(|| tree.attribute(id, "alttext").map(str::to_owned));
        let told = told.filter(|it| !it.trim().is_empty());
        let Some(source) = told.or_else(|| from_parts(tree, id)) else {
            return false;
        };
        self.push_tex(&source, tree.attribute(id, "display") == Some("block"))
    }

    /// Writes TeX between its dollars. False where it cannot stand between such.
    fn push_tex(&mut self, source: &str, alone: bool) -> bool {
        let source: Vec<&str> = source.split_whitespace().collect();
        let source = source.join(" ");
        if source.is_empty() || source.contains(['$', '`']) {
            return false;
        }
        let sign = if alone { "$$" } else { "$" };
        self.run
            .push(Kind::Raw(format!("{sign}{source}{sign}")), self.style);
        true
    }

    /// Writes text, and formulas in it that stand between signs for such: `$$…$$`, `\(…\)`, `\[…\]`.
    pub(super) fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, source, alone, after)) = delimited(rest) {
            self.run.text(before, self.style);
            if !self.push_tex(source, alone) {
                let written = &rest[before.len()..rest.len() - after.len()];
                self.run.text(written, self.style);
            }
            rest = after;
        }
        self.run.text(rest, self.style);
    }
}

/// The first formula between signs in a text: what is before it, its source, whether it stands alone, and
/// what follows.
fn delimited(text: &str) -> Option<(&str, &str, bool, &str)> {
    let mut from = 0;
    loop {
        let signs = [
            ("$$", "$$", true),
            ("\\[", "\\]", true),
            ("\\(", "\\)", false),
        ];
        let found = signs.iter().filter_map(|(opens, closes, alone)| {
            Some((from + text.get(from..)?.find(opens)?, closes, *alone))
        });
        let (at, closes, alone) = found.min_by_key(|it| it.0)?;
        let inner = &text[at + 2..];
        let window = &inner[..inner.floor_char_boundary(LONGEST)];
        if let Some(end) = window.find(closes)
            && is_tex(&window[..end])
        {
            return Some((&text[..at], &inner[..end], alone, &inner[end + 2..]));
        }
        from = at + 2;
    }
}

/// Whether a text between signs for formulas is one, and not what stands between two prices or in a
/// pattern.
fn is_tex(text: &str) -> bool {
    let text = text.trim();
    let command = text
        .match_indices('\\')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()));
    let single = text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    !text.is_empty()
        && !text.contains("$$")
        && (command || single || text.contains(['^', '_', '=', '<', '>', '+']))
}

/// What MathML says, as TeX.
fn from_parts(tree: &Tree, id: Id) -> Option<String> {
    let mut out = String::new();
    row(tree, id, 0, &mut out);
    let out = out.trim();
    (!out.is_empty() && out.len() <= LONGEST).then(|| out.to_owned())
}

/// The elements in an element.
fn parts(tree: &Tree, id: Id) -> Vec<Id> {
    let is_element = |it: &Id| matches!(tree.data(*it), Data::Element(..));
    tree.children(id).filter(is_element).collect()
}

fn row(tree: &Tree, id: Id, depth: usize, out: &mut String) {
    for part in parts(tree, id) {
        node(tree, part, depth + 1, out);
    }
}

/// One part, so that what follows it means all of it.
fn group(tree: &Tree, id: Option<&Id>, depth: usize) -> String {
    let mut out = String::new();
    if let Some(id) = id {
        node(tree, *id, depth + 1, &mut out);
    }
    out.trim().to_owned()
}

/// What a script stands at: in braces, unless it is one sign.
fn base(text: String) -> String {
    match text.chars().count() {
        1 => text,
        _ if text.starts_with('\\') && text[1..].chars().all(char::is_alphabetic) => text,
        _ => format!("{{{text}}}"),
    }
}

fn node(tree: &Tree, id: Id, depth: usize, out: &mut String) {
    if depth > DEEPEST {
        let text = tree.text(id);
        return out.push_str(&plain(&text));
    }
    let inner = parts(tree, id);
    let at = |nth: usize| group(tree, inner.get(nth), depth);
    match tree.name(id) {
        "mi" => identifier(tree.text(id).trim(), out),
        "mn" => out.push_str(&plain(tree.text(id).trim())),
        "mo" => operator(tree.text(id).trim(), out),
        "mtext" | "ms" => {
            let text = tree.text(id);
            let words: Vec<&str> = text.split_whitespace().collect();
            let words = plain(&words.join(" "));
            if words.is_empty() {
                out.push(' ');
            } else {
                out.push_str(&format!("\\text{{{words}}}"));
            }
        }
        "mspace" => out.push(' '),
        "mphantom" | "annotation" | "annotation-xml" | "maligngroup" | "malignmark" => {}
        // What follows it says the same in other words.
        "semantics" => out.push_str(&at(0)),
        "mfrac" => {
            let none = tree
                .attribute(id, "linethickness")
                .is_some_and(|it| matches!(it.trim(), "0" | "0px" | "0em" | "0pt"));
            let sign = if none { "binom" } else { "frac" };
            out.push_str(&format!("\\{sign}{{{}}}{{{}}}", at(0), at(1)));
        }
        "msqrt" => {
            let mut under = String::new();
            row(tree, id, depth, &mut under);
            out.push_str(&format!("\\sqrt{{{}}}", under.trim()));
        }
        "mroot" => out.push_str(&format!("\\sqrt[{}]{{{}}}", at(1), at(0))),
        "msup" => out.push_str(&format!("{}^{{{}}}", base(at(0)), at(1))),
        "msub" => out.push_str(&format!("{}_{{{}}}", base(at(0)), at(1))),
        "msubsup" => out.push_str(&format!("{}_{{{}}}^{{{}}}", base(at(0)), at(1), at(2))),
        "munder" => match ranges(&at(0)) {
            true => out.push_str(&format!("{}_{{{}}}", at(0), at(1))),
            false => out.push_str(&format!("\\underset{{{}}}{{{}}}", at(1), at(0))),
        },
        "munderover" => out.push_str(&format!("{}_{{{}}}^{{{}}}", base(at(0)), at(1), at(2))),
        "mover" => over(&at(0), &at(1), out),
        "mfenced" => {
            let sign = |name, usual| tree.attribute(id, name).unwrap_or(usual).trim();
            operator(sign("open", "("), out);
            for (nth, part) in inner.iter().enumerate() {
                if nth > 0 {
                    out.push_str(", ");
                }
                node(tree, *part, depth + 1, out);
            }
            operator(sign("close", ")"), out);
        }
        "mtable" => {
            let rows = inner.iter().map(|line| {
                let cells = parts(tree, *line);
                let cells: Vec<String> = cells
                    .iter()
                    .map(|it| group(tree, Some(it), depth + 1))
                    .collect();
                cells.join(" & ")
            });
            let rows: Vec<String> = rows.collect();
            out.push_str(&format!(
                "\\begin{{matrix}} {} \\end{{matrix}}",
                rows.join(" \\\\ ")
            ));
        }
        "mmultiscripts" => scripts(tree, &inner, depth, out),
        _ if inner.is_empty() => out.push_str(&plain(tree.text(id).trim())),
        _ => row(tree, id, depth, out),
    }
}

/// Signs before and behind a base: pairs of a lower and an upper one, those before it last.
fn scripts(tree: &Tree, inner: &[Id], depth: usize, out: &mut String) {
    let Some((first, rest)) = inner.split_first() else {
        return;
    };
    let cut = rest.iter().position(|it| tree.name(*it) == "mprescripts");
    let (behind, before) = rest.split_at(cut.unwrap_or(rest.len()));
    let pairs = |signs: &[Id], out: &mut String| {
        for pair in signs.chunks(2) {
            for (id, sign) in pair.iter().zip(["_", "^"]) {
                if !matches!(tree.name(*id), "none" | "mrow") || !tree.text(*id).trim().is_empty() {
                    out.push_str(&format!("{sign}{{{}}}", group(tree, Some(id), depth)));
                }
            }
        }
    };
    if let Some(before) = before.get(1..).filter(|it| !it.is_empty()) {
        out.push_str("{}");
        pairs(before, out);
    }
    out.push_str(&base(group(tree, Some(first), depth)));
    pairs(behind, out);
}

/// Whether what stands below a sign is what it ranges over.
fn ranges(text: &str) -> bool {
    let one = text.chars().count() == 1 && text.chars().all(|c| LARGE.contains(c));
    let word = text.strip_prefix('\\').unwrap_or(text);
    one || matches!(word, "lim" | "max" | "min" | "sup" | "inf" | "det" | "gcd")
}

fn over(under: &str, sign: &str, out: &mut String) {
    let name = match sign {
        "¯" | "‾" | "―" | "_" | "\\_" | "\u{305}" | "−" | "-" => "overline",
        "^" | "ˆ" | "\u{302}" => "hat",
        "~" | "˜" | "\u{303}" => "tilde",
        "→" | "⃗" | "⇀" => "vec",
        "˙" | "." => "dot",
        "¨" | ".." => "ddot",
        "⏞" => "overbrace",
        _ if ranges(under) => return out.push_str(&format!("{under}^{{{sign}}}")),
        _ => return out.push_str(&format!("\\overset{{{sign}}}{{{under}}}")),
    };
    out.push_str(&format!("\\{name}{{{under}}}"));
}

fn identifier(text: &str, out: &mut String) {
    if FUNCTIONS.contains(&text) {
        out.push_str(&format!("\\{text} "));
    } else if text.chars().count() > 1 && text.chars().all(char::is_alphabetic) {
        out.push_str(&format!("\\mathrm{{{text}}}"));
    } else {
        out.push_str(&plain(text));
    }
}

fn operator(text: &str, out: &mut String) {
    match text {
        // Signs that nobody sees: application, multiplication, separation, addition.
        "\u{2061}" | "\u{2062}" | "\u{2063}" | "\u{2064}" => {}
        _ if FUNCTIONS.contains(&text) => out.push_str(&format!("\\{text} ")),
        "," => out.push_str(", "),
        "=" | "+" | "−" | "-" | "<" | ">" | "≤" | "≥" | "≠" | "≈" | "→" | "⇒" | "∈" =>
        {
            // Apart from what they part, where there is something.
            let parts = !out.is_empty() && !out.ends_with(['{', ' ', '(']);
            let before = if parts { " " } else { "" };
            let after = if parts { " " } else { "" };
            out.push_str(&format!("{before}{text}{after}"));
        }
        _ => out.push_str(&plain(text)),
    }
}

/// Text in which TeX takes nothing for its own.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' | '%' | '#' | '&' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str("\\backslash "),
            '$' | '`' => {}
            '\u{2061}'..='\u{2064}' => {}
            c => out.push(c),
        }
    }
    out
}
