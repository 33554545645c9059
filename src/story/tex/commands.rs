//! Commands that say how something looks, and those that set something over or under a sign.

use super::{Atom, End, HOLES, Parser, joined, signs, signs::Class};

impl<'a> Parser<'a> {
    /// What a command of those stands for, whose name was taken.
    pub(super) fn look(&mut self, name: &str) -> Option<Vec<Atom>> {
        let atom = match name {
            "displaystyle" | "textstyle" | "limits" | "nolimits" | "nonumber" | "notag" | "rm"
            | "bf" | "it" | "sf" | "tt" => return Some(Vec::new()),
            "color" | "label" => {
                self.words()?;
                return Some(Vec::new());
            }
            "textcolor" => {
                self.words()?;
                return self.argument();
            }
            "boxed" => Atom::ordinary(joined(&self.argument()?, true)),
            "phantom" | "hphantom" => {
                let cells = joined(&self.argument()?, true).chars().count();
                Atom::new(" ".repeat(cells), Class::Space)
            }
            "vphantom" => {
                self.argument()?;
                return Some(Vec::new());
            }
            "hspace" => {
                self.rest = self.rest.strip_prefix('*').unwrap_or(self.rest);
                let room = self.words()?;
                let space = if room.starts_with('-') { "" } else { " " };
                Atom::new(space, Class::Space)
            }
            "cancel" | "bcancel" | "xcancel" => {
                let text = joined(&self.argument()?, true);
                let struck = text.chars().flat_map(|c| match c {
                    ' ' => [Some(c), None],
                    c => [Some(c), Some('\u{338}')],
                });
                Atom::ordinary(struck.flatten().collect::<String>())
            }
            "mathclose" => Atom::new(joined(&self.argument()?, false), Class::Close),
            "mathop" => Atom::new(joined(&self.argument()?, false), Class::Operator),
            "overset" | "stackrel" => {
                let (above, of) = (self.argument()?, self.argument()?);
                super::scripted(one(of), "", None, Some(&above))?
            }
            "underset" => {
                let (below, of) = (self.argument()?, self.argument()?);
                super::scripted(one(of), "", Some(&below), None)?
            }
            "xrightarrow" | "xleftarrow" => {
                self.spaces();
                let below = match self.rest.strip_prefix('[') {
                    Some(rest) => {
                        self.rest = rest;
                        Some(self.list(End::Bracket)?)
                    }
                    None => None,
                };
                let above = Some(self.argument()?).filter(|it| !it.is_empty());
                let sign = if name == "xrightarrow" { "→" } else { "←" };
                let arrow = Atom::new(sign, Class::Relation);
                super::scripted(arrow, "", below.as_deref(), above.as_deref())?
            }
            "substack" => {
                let rows = self.group()?.split("\\\\");
                let rows = rows.map(|row| self.apart(row, false));
                Atom::ordinary(rows.collect::<Option<Vec<_>>>()?.join(", "))
            }
            "tag" => {
                let number = Atom::ordinary(format!("({})", self.words()?));
                return Some(vec![Atom::new("    ", Class::Space), number]);
            }
            accent => accented(accent, &joined(&self.argument()?, false))?,
        };
        Some(vec![atom])
    }

    /// A part of the formula that was taken out of it.
    fn apart(&self, tex: &str, spaced: bool) -> Option<String> {
        let mut parser = Parser {
            rest: tex,
            depth: self.depth,
        };
        Some(joined(&parser.list(End::Text)?, spaced))
    }

    /// The source of a group.
    fn group(&mut self) -> Option<&'a str> {
        self.spaces();
        let inner = self.rest.strip_prefix('{')?;
        let mut depth = 0_usize;
        let end = inner.find(|c| {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => return true,
                '}' => depth -= 1,
                _ => {}
            }
            false
        })?;
        self.rest = &inner[end + 1..];
        Some(&inner[..end])
    }

    /// The words of `\text{…}`, which keep their spaces; there may be formulas among them.
    pub(super) fn words(&mut self) -> Option<String> {
        self.spaces();
        let mut rest = self.rest.strip_prefix('{')?;
        let mut words = String::new();
        loop {
            let at = rest.find(['{', '}', '\\', '$'])?;
            words.push_str(&rest[..at]);
            let sign = &rest[at..];
            rest = &sign[1..];
            match sign.as_bytes().first()? {
                b'}' => break,
                b'$' => {
                    let (formula, behind) = rest.split_once('$')?;
                    words.push_str(&self.apart(formula, true)?);
                    rest = behind;
                }
                b'\\' => {
                    let escaped = rest.chars().next();
                    let escaped = escaped.filter(|it| " %$&#_{}".contains(*it))?;
                    words.push(escaped);
                    rest = &rest[1..];
                }
                _ => return None,
            }
        }
        self.rest = rest;
        Some(words)
    }
}

/// What stands in a group as one atom.
fn one(atoms: Vec<Atom>) -> Atom {
    match <[Atom; 1]>::try_from(atoms) {
        Ok([atom]) => atom,
        Err(atoms) => Atom::ordinary(joined(&atoms, true)),
    }
}

/// A mark on a text: on its letter, or behind brackets around it.
fn accented(name: &str, text: &str) -> Option<Atom> {
    let mark = signs::accent(name)?;
    let mut rest = text.chars();
    let first = rest.next()?;
    let is_one = text.chars().count() == 1;
    // Over several letters there is no sign of its own, but for a line; an arrow goes on from one to the next.
    let goes_on = matches!(
        name,
        "overline" | "bar" | "underline" | "overrightarrow" | "widehat" | "widetilde"
    );
    let is_script =
        |c: char| !c.is_ascii() && c.is_numeric() || ('\u{2090}'..'\u{209d}').contains(&c);
    let text = if is_one || goes_on && text.chars().all(char::is_alphanumeric) {
        text.chars().flat_map(|c| [c, mark]).collect()
    } else if text.contains(HOLES) {
        return None;
    } else if first.is_alphabetic() && rest.clone().all(is_script) {
        format!("{first}{mark}{}", rest.as_str())
    } else {
        format!("({text}){mark}")
    };
    Some(Atom::ordinary(text))
}
