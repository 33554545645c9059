//! A query's text cut into tokens. Nothing is an error here: what is not closed is marked so.

use std::ops::Range;

use super::fields::{Named, TextField};

/// A piece of a query's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `-` right before something.
    Minus,
    /// `or` or `OR`
    Or(&'static str),
    /// `AND`
    And,
    /// `NOT`
    Not,
    /// A word.
    Word(&'a str),
    /// `"…"`
    Phrase(Quoted),
    /// `/…/`, with what follows the closing slash without a space.
    Regex { text: Quoted, close_behind: bool },
    /// `@name`
    Saved(Quoted),
    /// `name:value`
    Field { name: &'a str, value: Value },
}

/// A text between two signs, or without signs where they may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    /// What it says.
    pub text: String,
    /// Whether the second sign is there.
    pub closed: bool,
}

/// What stands behind a field's colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// Whether it begins with `=`, which is no part of `text`.
    pub whole: bool,
    /// Its text, without quotation marks.
    pub text: Quoted,
    /// Whether quotation marks stand around it.
    pub quoted: bool,
    /// Whether slashes stand around it that make a regular expression of it.
    pub regex: bool,
}

/// Control characters part words as spaces do, so that no token holds one.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The tokens of `text`, in order. Where the text is `growing` at its end, a parenthesis that the last
/// word opens is taken for its own: it may close next.
pub(super) fn tokens(text: &str, growing: bool) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        growing,
    };
    let mut tokens = Vec::new();
    loop {
        lexer.take_while(is_space);
        let start = lexer.at;
        let Some(kind) = lexer.kind() else {
            return tokens;
        };
        let span = start..lexer.at;
        tokens.push(Token { span, kind });
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    growing: bool,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !is(c)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    fn take(&mut self, sign: char) -> bool {
        let there = self.rest().starts_with(sign);
        if there {
            self.at += sign.len_utf8();
        }
        there
    }

    /// Whether a word that ends here ends: before a space, a closing parenthesis, or nothing.
    fn at_border(&self) -> bool {
        let next = self.rest().chars().next();
        next.is_none_or(|c| is_space(c) || c == ')')
    }

    fn kind(&mut self) -> Option<Kind<'a>> {
        Some(match self.rest().chars().next()? {
            '(' => {
                self.at += 1;
                Kind::Open
            }
            ')' => {
                self.at += 1;
                Kind::Close
            }
            '"' => Kind::Phrase(self.quoted()),
            '/' => {
                let text = self.regex();
                let close_behind = text.closed && !self.at_border();
                Kind::Regex { text, close_behind }
            }
            '@' => {
                self.at += 1;
                Kind::Saved(self.quoted_or_bare())
            }
            '-' => self.dashes(),
            _ => self.word(),
        })
    }

    /// `-` negates what stands right behind it. Dashes alone are a word, as in "one - two".
    fn dashes(&mut self) -> Kind<'a> {
        let start = self.at;
        let dashes = self.take_while(|c| c == '-');
        if self.at_border() {
            return Kind::Word(dashes);
        }
        self.at = start + 1;
        Kind::Minus
    }

    fn word(&mut self) -> Kind<'a> {
        let start = self.at;
        let name = self.take_while(|c| c.is_ascii_alphabetic());
        if !name.is_empty() && self.take(':') {
            if let Some(text) = self.regex_of(name) {
                let value = Value {
                    whole: false,
                    text,
                    quoted: false,
                    regex: true,
                };
                return Kind::Field { name, value };
            }
            let whole = self.take('=');
            let quoted = self.rest().starts_with('"');
            let text = self.quoted_or_bare();
            let value = Value {
                whole,
                text,
                quoted,
                regex: false,
            };
            return Kind::Field { name, value };
        }
        self.at = start;
        match self.bare() {
            "or" => Kind::Or("or"),
            "OR" => Kind::Or("OR"),
            "AND" => Kind::And,
            "NOT" => Kind::Not,
            word => Kind::Word(word),
        }
    }

    fn quoted_or_bare(&mut self) -> Quoted {
        if self.rest().starts_with('"') {
            return self.quoted();
        }
        // A parenthesis here looks like one of the query, closed or not.
        let bare = if self.rest().starts_with('(') {
            ""
        } else {
            self.bare()
        };
        Quoted {
            text: bare.to_owned(),
            closed: true,
        }
    }

    /// A regular expression as the value of a field, if a whole one stands here. Slashes in addresses and
    /// folders are their own.
    fn regex_of(&mut self, name: &str) -> Option<Quoted> {
        let has_slashes = |field| matches!(field, TextField::Url | TextField::Folder);
        if !self.rest().starts_with('/') || TextField::find(name).is_none_or(has_slashes) {
            return None;
        }
        let start = self.at;
        let text = self.regex();
        // What is being typed may be closed next.
        let whole = match text.closed {
            true => self.at_border(),
            false => self.growing,
        };
        if whole && !text.text.is_empty() {
            return Some(text);
        }
        self.at = start;
        None
    }

    /// A text that goes as far as a space or a parenthesis of the query. Parentheses that open and
    /// close within it are its own, as in an address.
    fn bare(&mut self) -> &'a str {
        let rest = self.rest();
        let chunk = rest.find(is_space).and_then(|end| rest.get(..end));
        let chunk = chunk.unwrap_or(rest);
        // The first parenthesis that is still open, for each depth.
        let mut open = Vec::new();
        let mut end = chunk.len();
        for (at, sign) in chunk.match_indices(['(', ')']) {
            if sign == "(" {
                open.push(at);
            } else if open.pop().is_none() {
                end = at;
                break;
            }
        }
        if !self.growing || chunk.len() < rest.len() {
            end = open.first().copied().unwrap_or(end);
        }
        self.at += end;
        chunk.get(..end).unwrap_or_default()
    }

    /// From a quotation mark to the next, or to the end. `\"` and `\\` stand for `"` and `\`.
    fn quoted(&mut self) -> Quoted {
        let rest = self.rest();
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Quoted { text, closed: true };
                }
                '\\' => match chars.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', as_space(other)]),
                    None => {}
                },
                c => text.push(as_space(c)),
            }
        }
        self.at = self.text.len();
        Quoted {
            text,
            closed: false,
        }
    }

    /// From a slash to the next that has no backslash before it, or to the end.
    fn regex(&mut self) -> Quoted {
        let rest = self.rest();
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '/' => {
                    self.at += at + 1;
                    return Quoted { text, closed: true };
                }
                '\\' => {
                    text.push('\\');
                    text.extend(chars.next().map(|(_, escaped)| as_space(escaped)));
                }
                c => text.push(as_space(c)),
            }
        }
        self.at = self.text.len();
        Quoted {
            text,
            closed: false,
        }
    }
}

/// Control characters within quotation marks are spaces too.
fn as_space(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens as text, one sign for each kind.
    fn cut(text: &str) -> Vec<String> {
        let open = |it: &Quoted| if it.closed { "" } else { "…" };
        tokens(text, false)
            .iter()
            .map(|token| match &token.kind {
                Kind::Open => "(".to_owned(),
                Kind::Close => ")".to_owned(),
                Kind::Minus => "-".to_owned(),
                Kind::Or(_) => "|".to_owned(),
                Kind::And => "&".to_owned(),
                Kind::Not => "!".to_owned(),
                Kind::Word(word) => format!("w {word}"),
                Kind::Phrase(it) => format!("p {}{}", it.text, open(it)),
                Kind::Regex { text, .. } => format!("r {}{}", text.text, open(text)),
                Kind::Saved(it) => format!("@ {}{}", it.text, open(it)),
                Kind::Field { name, value } => {
                    let whole = if value.whole { "=" } else { "" };
                    let text = &value.text;
                    format!("{name} {whole}{}{}", text.text, open(text))
                }
            })
            .collect()
    }

    #[test]
    fn tokens_of_all_kinds() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("two  words\t", &["w two", "w words"]),
            ("a or b OR Or", &["w a", "|", "w b", "|", "w Or"]),
            ("a AND NOT b", &["w a", "&", "!", "w b"]),
            ("\"two words\" x", &["p two words", "w x"]),
            (r#""a \"b\" \\ \n""#, &[r#"p a "b" \ \n"#]),
            ("\"not closed", &["p not closed…"]),
            ("\"ends in \\", &["p ends in …"]),
            ("5\" disc", &["w 5\"", "w disc"]),
            (
                "-a --b - -- x-y",
                &["-", "w a", "-", "-", "w b", "w -", "w --", "w x-y"],
            ),
            ("-(a -)", &["-", "(", "w a", "w -", ")"]),
            ("(a (b))c", &["(", "w a", "(", "w b", ")", ")", "w c"]),
            ("f(x) f(x y)", &["w f(x)", "w f", "(", "w x", "w y", ")"]),
            ("(f(x))", &["(", "w f(x)", ")"]),
            (r"/a\/b c/ d", &[r"r a\/b c", "w d"]),
            (r"/a\", &[r"r a\…"]),
            ("@x @\"y z\" @", &["@ x", "@ y z", "@ "]),
            ("author:liang by:\"j l\"", &["author liang", "by j l"]),
            (
                "author:=x tag:=\"y z\" tag:",
                &["author =x", "tag =y z", "tag "],
            ),
            (
                "minutes:<=5 12:30 a1:b",
                &["minutes <=5", "w 12:30", "w a1:b"],
            ),
            ("url:http://x/(a)b)", &["url http://x/(a)b", ")"]),
            ("by:(a)", &["by ", "(", "w a", ")"]),
            ("a\u{0}b \"a\u{1b}b\"", &["w a", "w b", "p a b"]),
        ];
        for (text, want) in cases {
            assert_eq!(cut(text), *want, "{text}");
        }
    }
}
