//! What a query means: whether a story is one of those that it asks for.

use jiff::{civil::Date, tz::TimeZone};
use unicode_segmentation::UnicodeSegmentation;

use super::{Expr, Flag, NumberField, Part, Query, TextField};
use crate::story::{Published, fold::Folding, link};

/// A story as queries see it.
pub trait Subject {
    /// Whether `is` holds for one of the field's texts, of which there may be none.
    fn any_text(&self, field: TextField, is: &mut dyn FnMut(&str) -> bool) -> bool;
    /// Whether it has the flag.
    fn is(&self, flag: Flag) -> bool;
    /// Its date of publication; for a file that gives none, the file's own.
    fn date(&self) -> Option<Published>;
    /// The field's number, if it is known.
    fn number(&self, field: NumberField) -> Option<u32>;
    /// Whether it has a lead picture.
    fn has_picture(&self) -> bool;
}

impl Query {
    /// Whether `subject` is wanted, on the day `today` in the time zone `zone`: a moment falls on the
    /// day that its reader has.
    pub fn matches(&self, subject: &dyn Subject, today: Date, zone: &TimeZone) -> bool {
        self.expr.matches(subject, today, zone)
    }
}

impl Expr {
    /// Whether it holds for `subject`; as [`Query::matches`].
    pub fn matches(&self, subject: &dyn Subject, today: Date, zone: &TimeZone) -> bool {
        let holds = |expr: &Expr| expr.matches(subject, today, zone);
        match self {
            Expr::All => true,
            Expr::And(exprs) => exprs.iter().all(holds),
            Expr::Or(exprs) => exprs.iter().any(holds),
            Expr::Not(expr) => !holds(expr),
            Expr::Word(words) | Expr::Phrase(words) => {
                let folding = Folding::as_typed(words);
                let words = folding.apply(words);
                subject.any_text(TextField::Title, &mut |title| {
                    folding.apply(title).contains(&words)
                })
            }
            Expr::Regex(field, pattern) => {
                let regex = pattern.regex();
                subject.any_text(*field, &mut |text| regex.is_match(text))
            }
            Expr::Text { field, .. } => {
                subject.any_text(*field, &mut |text| self.holds_for_text(text))
            }
            Expr::Is(flag) => subject.is(*flag),
            Expr::Has(part) => has(subject, *part),
            Expr::Date(dates) => subject
                .date()
                .is_some_and(|date| dates.contains(date.day(zone), today)),
            Expr::Number(field, numbers) => subject
                .number(*field)
                .is_some_and(|number| numbers.contains(number)),
        }
    }
}

impl Expr {
    /// Whether it is about a text field, and holds for one of that field's texts.
    pub fn holds_for_text(&self, text: &str) -> bool {
        let Expr::Text {
            field,
            value,
            whole,
        } = self
        else {
            return false;
        };
        let text = Folding::ALL.apply(text);
        let forms = field.forms(value, *whole);
        let mut forms = forms.iter();
        forms.any(|value| field.has_value(&text, value, *whole))
    }
}

impl TextField {
    /// What is looked for where this value is asked of the field, folded. An address that a source is to have
    /// stands for the form that a feed is known by, too: that one stays where the feed moves.
    pub fn forms(self, value: &str, whole: bool) -> Vec<String> {
        let address = match self {
            TextField::Source if whole => link::canonical(value),
            _ => None,
        };
        let address = address.filter(|it| it != value);
        let forms = std::iter::once(value).chain(address.as_deref());
        forms.map(|it| Folding::ALL.apply(it)).collect()
    }

    /// Whether a text of the field has the value, or is it; both are folded.
    pub fn has_value(self, text: &str, value: &str, whole: bool) -> bool {
        match self {
            _ if whole => text == value,
            // "de" is not to find "nde", but "de-AT"; some write "de_AT".
            TextField::Language => {
                let (text, value) = (text.replace('_', "-"), value.replace('_', "-"));
                let rest = text.strip_prefix(&value);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            // A tag "search" is nothing of the "sea": here words are names, not a text to look through.
            TextField::Tag | TextField::Category => has_words(text, value),
            _ => text.contains(value),
        }
    }
}

/// Whether whole words stand in a text; of the last one the beginning is enough where a `*` ends them.
fn has_words(text: &str, words: &str) -> bool {
    let begun = words.strip_suffix('*').filter(|it| !it.is_empty());
    let words = begun.unwrap_or(words);
    text.match_indices(words).any(|(at, _)| {
        let end = at + words.len();
        is_between_words(text, at) && (begun.is_some() || is_between_words(text, end))
    })
}

/// Whether no word goes on over this place: also in scripts that part words without a sign.
fn is_between_words(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let goes_on = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !(goes_on(before.chars().next_back()) && goes_on(after.chars().next()))
        || text
            .split_word_bound_indices()
            .any(|(bound, _)| bound == at)
}

fn has(subject: &dyn Subject, part: Part) -> bool {
    let any = |field| subject.any_text(field, &mut |text| !text.is_empty());
    match part {
        Part::Author => any(TextField::Author),
        Part::Category => any(TextField::Category),
        Part::Tags => any(TextField::Tag),
        Part::Link => any(TextField::Url),
        Part::Date => subject.date().is_some(),
        Part::Picture => subject.has_picture(),
        Part::Comments => subject.number(NumberField::Comments).unwrap_or(0) > 0,
    }
}
