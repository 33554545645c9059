//! Conditions, joined by and, or, not.

use super::{
    dates::Dates,
    fields::{Flag, NumberField, Part, TextField},
    numbers::Numbers,
    pattern::Pattern,
};

/// What must hold of a story.
///
/// The parser gives a normal form, and [`Expr::and`], [`Expr::or`] and [`Expr::negated`] keep it: no
/// `And` stands directly in an `And` and no `Or` in an `Or`, both have two members or more, and
/// `All` stands only alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Expr {
    /// Nothing: every story is taken.
    #[default]
    All,
    /// Each of these.
    And(Vec<Expr>),
    /// One of these, or more.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// A word. Holds no space. Small letters match capitals too and letters without accents those
    /// with them; a capital or an accent matches only itself (smart case).
    Word(String),
    /// Words that stand together; case and accents as for a word.
    Phrase(String),
    /// A regular expression that matches in one of the field's texts.
    Regex(TextField, Pattern),
    /// A text field has this value. Neither case nor accents matter.
    Text {
        /// The field.
        field: TextField,
        /// What is in its text. Of a language: the tag, or its beginning up to a hyphen.
        value: String,
        /// Whether it is all of its text.
        whole: bool,
    },
    /// The reader did this with it.
    Is(Flag),
    /// There is such a part in it.
    Has(Part),
    /// Its date lies there.
    Date(Dates),
    /// Its number lies in the range.
    Number(NumberField, Numbers),
}

impl Expr {
    /// Each of `exprs`.
    pub fn and(exprs: impl IntoIterator<Item = Expr>) -> Expr {
        let mut all = Vec::new();
        for expr in exprs {
            match expr {
                Expr::All => {}
                Expr::And(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        match all.pop() {
            None => Expr::All,
            Some(only) if all.is_empty() => only,
            Some(last) => {
                all.push(last);
                Expr::And(all)
            }
        }
    }

    /// One of `exprs`, or more; all stories if one of them is all, or if there is none.
    pub fn or(exprs: impl IntoIterator<Item = Expr>) -> Expr {
        let mut any = Vec::new();
        for expr in exprs {
            match expr {
                Expr::All => return Expr::All,
                Expr::Or(inner) => any.extend(inner),
                other => any.push(other),
            }
        }
        match any.pop() {
            None => Expr::All,
            Some(only) if any.is_empty() => only,
            Some(last) => {
                any.push(last);
                Expr::Or(any)
            }
        }
    }

    /// The opposite. What holds for every story has none in the language.
    pub fn negated(self) -> Option<Expr> {
        (self != Expr::All).then(|| Expr::Not(Box::new(self)))
    }

    /// Whether the condition, or one that it is made of, is such a one.
    pub fn any(&self, is: &mut dyn FnMut(&Expr) -> bool) -> bool {
        is(self)
            || match self {
                Expr::And(exprs) | Expr::Or(exprs) => exprs.iter().any(|it| it.any(is)),
                Expr::Not(expr) => expr.any(is),
                _ => false,
            }
    }
}
