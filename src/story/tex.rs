//! Formulas in TeX as Unicode: what is simple enough is set in a line, the rest is left alone.
//!
//! All or nothing: a formula of which one part is not understood has no translation at all, for one
//! that is half source and half signs can be read by nobody. Spaces follow the classes of TeX's atoms
//! (The TeXbook, chapter 18).

mod commands;
mod signs;
mod spaces;

use std::borrow::Cow;

use signs::{Class, alphabet, sign, vulgar};
use spaces::joined;

/// Longer formulas are shown as they are, in bytes.
const LONGEST: usize = 4 * 1024;

/// So are those that nest deeper.
const DEEPEST: usize = 24;

/// A sign in a formula for something that whoever set it puts in its place.
pub const HOLE: char = '\u{e000}';

/// The same for a large operator, with its space.
pub const LARGE_HOLE: char = '\u{e001}';

/// The same for a fraction that stands in several lines.
pub const FRACTION_HOLE: char = '\u{e002}';

/// The same for a relation.
pub const RELATION_HOLE: char = '\u{e003}';

/// All of them.
pub const HOLES: [char; 4] = [HOLE, LARGE_HOLE, FRACTION_HOLE, RELATION_HOLE];

/// The formula in Unicode, if all of it is understood.
pub fn unicode(tex: &str) -> Option<String> {
    set(tex, true)
}

/// The formula without what its authors say to each other.
pub fn uncommented(tex: &str) -> Cow<'_, str> {
    if !tex.contains('%') {
        return tex.into();
    }
    let lines = tex.split_inclusive('\n').map(|line| {
        let begins = |at: &usize| {
            let slashes = line[..*at].bytes().rev().take_while(|it| *it == b'\\');
            slashes.count() % 2 == 0
        };
        let signs = line.match_indices('%').map(|(at, _)| at);
        signs
            .into_iter()
            .find(begins)
            .map_or(line, |at| &line[..at])
    });
    lines.collect::<String>().into()
}

/// Whether it is one relation, which space is set around.
pub fn is_relation(tex: &str) -> bool {
    let mut parser = Parser {
        rest: tex,
        depth: 0,
    };
    let atoms = parser.list(End::Text).unwrap_or_default();
    matches!(&atoms[..], [atom] if atom.class == Class::Relation)
}

/// The same without the spaces around its signs, as a script has none.
pub fn close(tex: &str) -> Option<String> {
    set(tex, false)
}

fn set(tex: &str, spaced: bool) -> Option<String> {
    let tex = uncommented(tex);
    if tex.len() > LONGEST || is_prose(&tex) {
        return None;
    }
    let mut parser = Parser {
        rest: &tex,
        depth: 0,
    };
    let atoms = parser.list(End::Text)?;
    let text = joined(&atoms, spaced);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text in small signs, raised or lowered, if there is one for each of its characters.
pub fn script(text: &str, raised: bool) -> Option<String> {
    signs::script(&text.replace('-', "−"), raised)
}

/// Whether it is rather words between the signs of two prices: letters that a space divides make no
/// words in TeX.
fn is_prose(tex: &str) -> bool {
    let bare = |word: &str| word.chars().all(|c| c.is_alphanumeric());
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let words: Vec<&str> = tex.split_whitespace().collect();
    words
        .windows(2)
        .any(|pair| pair.iter().all(|it| bare(it)) && pair.iter().any(|it| is_word(it)))
        && !tex.contains('\\')
}

/// A part of a formula.
#[derive(Debug, Clone)]
struct Atom {
    text: String,
    class: Class,
    /// Whether it is a fraction in a line, which brackets must hold together beside others.
    fraction: bool,
    /// Whether it is a root, whose sign would seem to reach over what stands behind it.
    root: bool,
}

impl Atom {
    fn new(text: impl Into<String>, class: Class) -> Self {
        Atom {
            text: text.into(),
            class,
            fraction: false,
            root: false,
        }
    }

    fn ordinary(text: impl Into<String>) -> Self {
        Atom::new(text, Class::Ordinary)
    }
}

/// What ends a list of atoms.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Text,
    Brace,
    Bracket,
    Right,
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// The name of a command, whose backslash was taken.
    fn name(&mut self) -> Option<&'a str> {
        let letters = self.rest.find(|c: char| !c.is_ascii_alphabetic());
        let end = match letters.unwrap_or(self.rest.len()) {
            0 => self.peek()?.len_utf8(),
            end => end,
        };
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(name)
    }

    /// Atoms up to `end`, which is taken.
    fn list(&mut self, end: End) -> Option<Vec<Atom>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut atoms = Vec::new();
        let mut over = None;
        loop {
            self.spaces();
            match self.peek() {
                None if end == End::Text => break,
                None => return None,
                Some('}') if end == End::Brace => {
                    self.next();
                    break;
                }
                Some(']') if end == End::Bracket => {
                    self.next();
                    break;
                }
                Some('\\') if end == End::Right && self.take_command("\\right") => break,
                Some('\\') if over.is_none() && self.take_command("\\over") => {
                    over = Some(std::mem::take(&mut atoms));
                }
                Some('^' | '_' | '\'') => {
                    let scripted = self.scripts(Atom::ordinary(""))?;
                    atoms.push(scripted);
                }
                Some(_) => {
                    let more = self.atoms()?;
                    let last = more.len().saturating_sub(1);
                    for (index, atom) in more.into_iter().enumerate() {
                        let atom = if index == last {
                            self.scripts(atom)?
                        } else {
                            atom
                        };
                        atoms.push(atom);
                    }
                }
            }
        }
        self.depth -= 1;
        match over {
            Some(over) => Some(vec![fraction(&over, &atoms)?]),
            None => Some(atoms),
        }
    }

    /// Whether this command stands here; it is taken then.
    fn take_command(&mut self, command: &str) -> bool {
        match self.rest.strip_prefix(command) {
            Some(rest) if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// The next atoms: one, or what stands between `\left` and `\right`.
    fn atoms(&mut self) -> Option<Vec<Atom>> {
        let c = self.next()?;
        let atom = match c {
            '\\' => return self.command(),
            '{' => {
                let inner = self.list(End::Brace)?;
                return Some(match <[Atom; 1]>::try_from(inner) {
                    Ok(single) => single.into(),
                    Err(inner) => vec![Atom::ordinary(joined(&inner, true))],
                });
            }
            '0'..='9' => Atom::ordinary(self.number(c)),
            '(' | '[' => Atom::new(c, Class::Open),
            ')' | ']' | '!' => Atom::new(c, Class::Close),
            ',' | ';' => Atom::new(c, Class::Punctuation),
            '=' | '<' | '>' | ':' => Atom::new(c, Class::Relation),
            '+' | '*' => Atom::new(c, Class::Binary),
            '-' => Atom::new('−', Class::Binary),
            '/' | '|' | '.' | '?' | HOLE => Atom::ordinary(c),
            '~' => Atom::new(' ', Class::Space),
            LARGE_HOLE => Atom::new(c, Class::Operator),
            FRACTION_HOLE => Atom::new(c, Class::Inner),
            RELATION_HOLE => Atom::new(c, Class::Relation),
            c if c.is_alphabetic() => Atom::ordinary(c),
            c => Atom::new(c, signs::class_of(c)?),
        };
        Some(vec![atom])
    }

    /// A number, with its point and the commas between its thousands.
    fn number(&mut self, first: char) -> String {
        let mut number = String::from(first);
        let digits = |text: &str| {
            let end = text.find(|c: char| !c.is_ascii_digit());
            end.unwrap_or(text.len())
        };
        loop {
            let more = digits(self.rest);
            number.push_str(&self.rest[..more]);
            self.rest = &self.rest[more..];
            let after = self.rest.get(1..).map_or(0, digits);
            match self.peek() {
                Some(c @ '.') if after > 0 => number.push(c),
                Some(c @ ',') if after == 3 => number.push(c),
                _ => return number,
            }
            self.next();
        }
    }

    fn command(&mut self) -> Option<Vec<Atom>> {
        let name = self.name()?;
        if let Some((text, class)) = sign(name) {
            return Some(vec![Atom::new(text, class)]);
        }
        let atom = match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                let (over, under) = (self.argument()?, self.argument()?);
                fraction(&over, &under)?
            }
            "sqrt" => self.root()?,
            "text" | "textrm" | "textit" | "textbf" | "mbox" => Atom::ordinary(self.words()?),
            "mathrm" | "mathit" | "mathsf" | "mathtt" | "mathnormal" => {
                Atom::ordinary(joined(&self.argument()?, false))
            }
            "operatorname" => {
                self.rest = self.rest.strip_prefix('*').unwrap_or(self.rest);
                Atom::new(joined(&self.argument()?, false), Class::Operator)
            }
            "mathbb" | "mathbf" | "mathcal" | "mathscr" | "mathfrak" | "boldsymbol" | "bm" => {
                let text = joined(&self.argument()?, false);
                let letters = text.chars().map(|c| alphabet(name, c));
                Atom::ordinary(letters.collect::<Option<String>>()?)
            }
            "left" => {
                let mut all = self.delimiter(Class::Open)?;
                all.extend(self.list(End::Right)?);
                all.extend(self.delimiter(Class::Close)?);
                return Some(all);
            }
            "middle" => return self.delimiter(Class::Relation),
            "big" | "Big" | "bigg" | "Bigg" => return self.delimiter(Class::Ordinary),
            "bigl" | "Bigl" | "biggl" | "Biggl" => return self.delimiter(Class::Open),
            "bigr" | "Bigr" | "biggr" | "Biggr" => return self.delimiter(Class::Close),
            "not" => {
                let [atom] = <[Atom; 1]>::try_from(self.argument()?).ok()?;
                Atom::new(signs::negated(&atom.text)?, Class::Relation)
            }
            "binom" | "dbinom" | "tbinom" => {
                let (of, chosen) = (self.argument()?, self.argument()?);
                Atom::ordinary(format!(
                    "C({}, {})",
                    joined(&of, true),
                    joined(&chosen, true)
                ))
            }
            "pmod" => Atom::new(
                format!("(mod {})", joined(&self.argument()?, true)),
                Class::Relation,
            ),
            "begin" => self.matrix()?,
            look => return self.look(look),
        };
        Some(vec![atom])
    }

    /// What a command or a script applies to: a group, or one sign.
    fn argument(&mut self) -> Option<Vec<Atom>> {
        self.spaces();
        match self.peek()? {
            '{' => {
                self.next();
                self.list(End::Brace)
            }
            // TeX takes one digit, not the number.
            c @ '0'..='9' => {
                self.next();
                Some(vec![Atom::ordinary(c)])
            }
            '}' | ']' | '^' | '_' | '&' => None,
            _ => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return None;
                }
                let atoms = self.atoms();
                self.depth -= 1;
                atoms
            }
        }
    }

    /// A matrix in a line: its rows behind semicolons.
    fn matrix(&mut self) -> Option<Atom> {
        let name = self.words()?;
        let (open, close) = match name.as_str() {
            // Nothing would hold one together that has no brackets.
            "pmatrix" => ("(", ")"),
            "bmatrix" => ("[", "]"),
            "vmatrix" => ("|", "|"),
            "Vmatrix" => ("‖", "‖"),
            _ => return None,
        };
        let (inner, rest) = self.rest.split_once(&format!("\\end{{{name}}}"))?;
        if inner.contains("\\begin") || inner.contains("\\&") || self.depth >= DEEPEST {
            return None;
        }
        self.rest = rest;
        let mut rows = Vec::new();
        for row in inner.split("\\\\").filter(|it| !it.trim().is_empty()) {
            // Room between rows, or a cell: who knows.
            if row.trim_start().starts_with('[') && !rows.is_empty() {
                return None;
            }
            let mut cells = Vec::new();
            for cell in row.split('&') {
                let mut parser = Parser {
                    rest: cell,
                    depth: self.depth,
                };
                cells.push(joined(&parser.list(End::Text)?, true));
            }
            let apart = if cells.iter().any(|it| it.contains(' ')) {
                ", "
            } else {
                " "
            };
            rows.push(cells.join(apart));
        }
        Some(Atom::ordinary(format!("{open}{}{close}", rows.join("; "))))
    }

    fn delimiter(&mut self, class: Class) -> Option<Vec<Atom>> {
        self.spaces();
        let text = match self.next()? {
            '.' => return Some(Vec::new()),
            '\\' => sign(self.name()?)
                .filter(|(_, class)| matches!(class, Class::Open | Class::Close | Class::Ordinary))?
                .0
                .to_owned(),
            '<' => "⟨".to_owned(),
            '>' => "⟩".to_owned(),
            c @ ('(' | ')' | '[' | ']' | '|' | '/') => c.to_string(),
            _ => return None,
        };
        Some(vec![Atom::new(text, class)])
    }

    fn root(&mut self) -> Option<Atom> {
        self.spaces();
        let mut degree = String::new();
        if let Some(rest) = self.rest.strip_prefix('[') {
            self.rest = rest;
            degree = joined(&self.list(End::Bracket)?, false);
        }
        let of = self.argument()?;
        let sign = match degree.as_str() {
            "" | "2" => "√".to_owned(),
            "3" => "∛".to_owned(),
            "4" => "∜".to_owned(),
            degree => format!("{}√", script(degree, true)?),
        };
        let text = joined(&of, true);
        let simple = of.len() == 1 && !of[0].fraction && !text.contains(' ');
        Some(Atom {
            root: true,
            ..Atom::ordinary(match (text.is_empty(), simple) {
                (true, _) => return None,
                (_, true) => format!("{sign}{text}"),
                _ => return Some(Atom::ordinary(format!("{sign}({text})"))),
            })
        })
    }

    /// `atom` with the scripts that follow it.
    fn scripts(&mut self, atom: Atom) -> Option<Atom> {
        let (mut below, mut above) = (None::<Vec<Atom>>, None::<Vec<Atom>>);
        let mut primes = String::new();
        loop {
            self.spaces();
            match self.peek() {
                Some('\'') => {
                    primes.push('′');
                    self.next();
                }
                Some('^') if above.is_none() => {
                    self.next();
                    above = Some(self.argument()?);
                }
                Some('_') if below.is_none() => {
                    self.next();
                    below = Some(self.argument()?);
                }
                // TeX allows no second one.
                Some('^' | '_') => return None,
                _ if self.rest.starts_with("\\limits") || self.rest.starts_with("\\nolimits") => {
                    self.next();
                    self.name();
                }
                _ => break,
            }
        }
        scripted(atom, &primes, below.as_deref(), above.as_deref())
    }
}

/// `atom` with primes, what stands below and what stands above.
fn scripted(
    atom: Atom,
    primes: &str,
    below: Option<&[Atom]>,
    above: Option<&[Atom]>,
) -> Option<Atom> {
    if below.is_none() && above.is_none() && primes.is_empty() {
        return Some(atom);
    }
    let mut text = match atom.fraction || atom.root {
        true => format!("({})", atom.text),
        false => atom.text,
    };
    let below = below.map(|it| joined(it, false));
    let above = above.map(|it| joined(it, false));
    if [&below, &above].into_iter().flatten().any(String::is_empty) {
        return None;
    }
    text.push_str(primes);
    if let (Some(from), Some(to)) = (&below, &above)
        && is_large(&atom.class, &text)
        && script(to, true).is_none()
    {
        text.push_str(&format!("({from}…{to})"));
        return Some(Atom::new(text, atom.class));
    }
    let mut plain = false;
    if let Some(below) = below {
        match script(&below, false) {
            Some(small) => text.push_str(&small),
            None => {
                plain = true;
                text.push('_');
                text.push_str(&bracketed(&below));
            }
        }
    }
    if let Some(above) = above {
        match script(&above, true) {
            // After a plain one below, a small one would seem to be its own.
            Some(small) if !plain => text.push_str(&small),
            _ => {
                text.push('^');
                text.push_str(&bracketed(&above));
            }
        }
    }
    Some(Atom::new(text, atom.class))
}

/// A fraction in a line: one sign, or its parts with a slash between them.
fn fraction(above: &[Atom], below: &[Atom]) -> Option<Atom> {
    let (over, under) = (joined(above, true), joined(below, true));
    if over.is_empty() || under.is_empty() {
        return None;
    }
    if let Some(one) = vulgar(&over, &under) {
        return Some(Atom::ordinary(one));
    }
    // What brackets of its own hold together needs no others.
    let mut depth = 0_usize;
    let is_sum = above.iter().any(|it| {
        match it.class {
            Class::Open => depth += 1,
            Class::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let parts = matches!(it.class, Class::Binary | Class::Relation | Class::Space);
        let divides = it.fraction || parts || it.class == Class::Operator;
        depth == 0 && (divides || it.class == Class::Punctuation || it.text.contains(' '))
    });
    // What is derived by stands without brackets: dy/dx.
    let is_derivative = below.len() == 2 && matches!(below[0].text.as_str(), "d" | "∂");
    // A root at its end would seem to be one of all of the fraction.
    let ends_in_root = above.last().is_some_and(|it| it.root);
    let over = match is_sum || ends_in_root {
        true => format!("({over})"),
        false => over,
    };
    let under = if below.len() > 1 && !is_derivative || below[0].fraction || under.contains(' ') {
        format!("({under})")
    } else {
        under
    };
    Some(Atom {
        fraction: true,
        ..Atom::ordinary(format!("{over}/{under}"))
    })
}

/// Whether it is the sign of a sum, an integral or the like, which goes from one thing to another.
fn is_large(class: &Class, text: &str) -> bool {
    let mut signs = text.chars();
    let sign = signs.next().filter(|_| signs.next().is_none());
    *class == Class::Operator && sign.is_some_and(|c| !c.is_alphanumeric())
}

/// A script that has no small signs, held together where it has several.
fn bracketed(script: &str) -> String {
    let mut signs = script.chars();
    match (signs.next(), signs.next()) {
        (Some(_), None) => script.to_owned(),
        _ => format!("({script})"),
    }
}

#[cfg(test)]
mod tests;
