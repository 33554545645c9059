//! A query as text again.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{
    Expr, Query, TextField,
    fields::Named,
    lexer::{self, Kind},
    parser,
};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut space = "";
        if self.expr != Expr::All {
            self.expr.fmt(f)?;
            space = " ";
        }
        if let Some(sort) = self.sort {
            write!(f, "{space}sort:{}", sort.word())?;
            space = " ";
        }
        if let Some(limit) = self.limit {
            write!(f, "{space}limit:{limit}")?;
        }
        Ok(())
    }
}

impl Display for Expr {
    /// The condition as a query writes it. A word that cannot stand without quotation marks (only
    /// other code than the parser makes such) is written as a phrase.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::All => Ok(()),
            Expr::And(exprs) => list(f, exprs, " ", |it| matches!(it, Expr::Or(_) | Expr::And(_))),
            Expr::Or(exprs) => list(f, exprs, " or ", |it| matches!(it, Expr::Or(_))),
            Expr::Not(expr) => {
                f.write_char('-')?;
                // Dashes behind a dash would be a word of dashes.
                let dashes = matches!(&**expr, Expr::Word(word) if word.starts_with('-'));
                let several = matches!(**expr, Expr::And(_) | Expr::Or(_));
                within(f, expr, dashes || several)
            }
            Expr::Word(word) if is_plain(word) => f.write_str(word),
            Expr::Word(text) | Expr::Phrase(text) => quoted(f, text),
            Expr::Regex(TextField::Title, pattern) => pattern.fmt(f),
            Expr::Regex(field, pattern) => write!(f, "{}:{pattern}", field.word()),
            Expr::Text {
                field,
                value,
                whole,
            } => {
                write!(f, "{}:", field.word())?;
                if *whole {
                    f.write_char('=')?;
                }
                value_of(f, value)
            }
            Expr::Is(flag) => write!(f, "is:{}", flag.word()),
            Expr::Has(part) => write!(f, "has:{}", part.word()),
            Expr::Date(dates) => dates.fmt(f),
            Expr::Number(field, numbers) => write!(f, "{}:{numbers}", field.word()),
        }
    }
}

fn list(
    f: &mut Formatter<'_>,
    exprs: &[Expr],
    between: &str,
    grouped: impl Fn(&Expr) -> bool,
) -> fmt::Result {
    for (index, expr) in exprs.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        within(f, expr, grouped(expr))?;
    }
    Ok(())
}

fn within(f: &mut Formatter<'_>, expr: &Expr, parentheses: bool) -> fmt::Result {
    if parentheses {
        write!(f, "({expr})")
    } else {
        expr.fmt(f)
    }
}

/// Whether `word` is read as this word.
fn is_plain(word: &str) -> bool {
    match lexer::tokens(word, false).as_slice() {
        [only] => parser::word(word, only) == Some(word),
        _ => false,
    }
}

/// Whether `value` behind a colon is read as this value. With a slash before it, it may become an expression.
fn is_plain_value(value: &str) -> bool {
    if value.starts_with('/') {
        return false;
    }
    let text = format!("x:{value}");
    let tokens = lexer::tokens(&text, false);
    let [only] = tokens.as_slice() else {
        return false;
    };
    let Kind::Field { value: it, .. } = &only.kind else {
        return false;
    };
    !it.whole && !it.quoted && !value.is_empty() && it.text.text == value
}

/// A field's value, or the name of a kept query, in quotation marks where it needs them.
pub fn value_text(value: &str) -> String {
    struct Value<'a>(&'a str);
    impl Display for Value<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            value_of(f, self.0)
        }
    }
    Value(value).to_string()
}

fn value_of(f: &mut Formatter<'_>, value: &str) -> fmt::Result {
    if is_plain_value(value) {
        f.write_str(value)
    } else {
        quoted(f, value)
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
