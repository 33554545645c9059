//! Words, sentences and paragraphs of a document: what a selection is made of.
//!
//! Boundaries are those of Unicode (UAX #29), but no sentence ends after "Dr." or an initial.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::{
    block::{Block, Body, Role},
    parts::Document,
};

/// A place in a text: a block, and a byte of the block's text.
pub type Point = (usize, usize);

/// A stretch of a text: where it begins, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: Point,
    /// The byte after the last one.
    pub end: Point,
}

/// What is selected at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names say all there is to say.
pub enum Unit {
    Word,
    Sentence,
    Paragraph,
}

/// What stands before a name or a number, its full stop no sentence's end.
const ABBREVIATIONS: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Rev", "Gen", "Col", "Capt", "Lt", "Sgt", "Gov", "Sen",
    "Rep", "Hon", "Mt", "No", "Nos", "Nr", "Vol", "Fig", "pp", "vs", "cf", "ca", "Hr", "Fr", "bzw",
    "Abs", "Art", "z.B", "d.h", "u.a", "e.g", "i.e",
];

/// The texts of a block that stand by themselves, each with the byte that it begins with: the cells
/// of a table, else all of it. What recto itself says of a story is no text of it.
pub(super) fn pieces(block: &Block) -> Vec<(usize, &str)> {
    match &block.body {
        Body::Text {
            role: Role::Byline | Role::Warning,
            ..
        } => Vec::new(),
        Body::Text { text, .. } => vec![(0, text.text.as_str())],
        Body::Code(code) => vec![(0, code.text.as_str())],
        Body::Table(table) => {
            let mut at = 0;
            let cells = [&table.head].into_iter().chain(&table.rows).flatten();
            let piece = cells.map(|cell| {
                let from = at;
                at += cell.text.len();
                (from, cell.text.as_str())
            });
            piece.collect()
        }
        Body::Rule => Vec::new(),
    }
}

/// The units of a block, as bytes of its text.
fn units(block: &Block, unit: Unit) -> Vec<Range<usize>> {
    let pieces = pieces(block);
    let mut found = Vec::new();
    match (unit, &block.body) {
        // The rows of a formula say nothing by themselves.
        (_, Body::Code(code)) if code.formula.is_some() => {
            found.extend(trimmed(&code.text, 0..code.text.len()));
        }
        (Unit::Word, _) => {
            for (from, text) in pieces {
                let words = text.unicode_word_indices();
                found.extend(words.map(|(at, word)| from + at..from + at + word.len()));
            }
        }
        (Unit::Sentence, Body::Text { .. }) => {
            for (from, text) in pieces {
                found.extend(
                    sentences(text)
                        .into_iter()
                        .map(|it| from + it.start..from + it.end),
                );
            }
        }
        // Code has lines, a table has cells.
        (Unit::Sentence, _) => {
            for (from, text) in pieces {
                let mut at = from;
                for line in text.split('\n') {
                    found.extend(trimmed(line, at..at + line.len()));
                    at += line.len() + 1;
                }
            }
        }
        (Unit::Paragraph, _) if pieces.is_empty() => {}
        (Unit::Paragraph, _) => {
            let text = block.as_text();
            found.extend(trimmed(&text, 0..text.len()));
        }
    }
    found
}

/// `range`, which has this text, without white space at its ends; none if nothing is left.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let start = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    (start < end).then_some(start..end)
}

/// The sentences of a text, without the spaces between them.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut goes_on, mut may_go_on) = (false, false);
    for (at, piece) in text.split_sentence_bound_indices() {
        let Some(range) = trimmed(piece, at..at + piece.len()) else {
            continue;
        };
        match found.last_mut() {
            // “Go!” she said.
            Some(last) if may_go_on && text[range.clone()].starts_with(char::is_lowercase) => {
                last.end = range.end;
            }
            Some(last) if goes_on => last.end = range.end,
            _ => found.push(range),
        }
        may_go_on = !piece.contains('\n');
        goes_on = may_go_on && is_abbreviated(piece.trim_end());
    }
    found
}

/// Whether what looks like a sentence's end is the full stop of an abbreviation, or of an initial.
fn is_abbreviated(sentence: &str) -> bool {
    let Some(rest) = sentence.strip_suffix('.') else {
        return false;
    };
    let word = rest
        .rsplit(|c: char| c.is_whitespace() || "([“„\"'‘".contains(c))
        .next();
    let word = word.unwrap_or(rest);
    let mut letters = word.chars();
    let initial = match (letters.next(), letters.next()) {
        // "I" alone is a word.
        (Some(letter), None) => letter.is_uppercase() && letter != 'I',
        _ => false,
    };
    initial || ABBREVIATIONS.contains(&word)
}

impl Document {
    /// The first unit from `block` on that is wanted.
    fn find_unit(&self, block: usize, unit: Unit, wanted: impl Fn(&Span) -> bool) -> Option<Span> {
        let mut found = None;
        self.each_from(block, |number, it| {
            found = spans(number, units(it, unit)).find(|span| wanted(span));
            found.is_none()
        });
        found
    }

    /// The last unit up to the end of `block` that is wanted.
    fn find_unit_back(
        &self,
        block: usize,
        unit: Unit,
        wanted: impl Fn(&Span) -> bool,
    ) -> Option<Span> {
        let mut found = None;
        self.each_back(block, |number, it| {
            found = spans(number, units(it, unit))
                .filter(|it| wanted(it))
                .last();
            found.is_none()
        });
        found
    }

    /// The unit in which `point` stands, else the next one.
    pub fn unit_at(&self, point: Point, unit: Unit) -> Option<Span> {
        self.find_unit(point.0, unit, |it| it.end > point)
    }

    /// The first unit that begins at `point` or after it.
    pub fn unit_after(&self, point: Point, unit: Unit) -> Option<Span> {
        self.find_unit(point.0, unit, |it| it.start >= point)
    }

    /// The last unit that ends at `point` or before it.
    pub fn unit_before(&self, point: Point, unit: Unit) -> Option<Span> {
        self.find_unit_back(point.0, unit, |it| it.end <= point)
    }

    /// The nearest end of a unit after `point`, or before it.
    pub fn unit_end(&self, point: Point, unit: Unit, after: bool) -> Option<Point> {
        let found = match after {
            true => self.find_unit(point.0, unit, |it| it.end > point),
            false => self.find_unit_back(point.0, unit, |it| it.end < point),
        };
        found.map(|it| it.end)
    }

    /// The nearest beginning of a unit after `point`, or before it.
    pub fn unit_start(&self, point: Point, unit: Unit, after: bool) -> Option<Point> {
        let found = match after {
            true => self.find_unit(point.0, unit, |it| it.start > point),
            false => self.find_unit_back(point.0, unit, |it| it.start < point),
        };
        found.map(|it| it.start)
    }
}

fn spans(block: usize, ranges: Vec<Range<usize>>) -> impl Iterator<Item = Span> {
    ranges.into_iter().map(move |range| Span {
        start: (block, range.start),
        end: (block, range.end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|it| &text[it]).collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for (text, expected) in [
            ("One. Two! Three?", &["One.", "Two!", "Three?"][..]),
            (
                "Mr. Smith met Dr. Ana Liu. They left.",
                &["Mr. Smith met Dr. Ana Liu.", "They left."],
            ),
            (
                "J. R. R. Tolkien wrote. It sold.",
                &["J. R. R. Tolkien wrote.", "It sold."],
            ),
            ("You and I. Then rain.", &["You and I.", "Then rain."]),
            ("“Go!” she said. He went.", &["“Go!” she said.", "He went."]),
            (
                "It cost 3.50 dollars. Fine.",
                &["It cost 3.50 dollars.", "Fine."],
            ),
            ("A verse\nof two lines", &["A verse", "of two lines"]),
            ("彼は来た。私は行った。", &["彼は来た。", "私は行った。"]),
            ("  ", &[]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn units_are_found_before_and_after_any_place_over_blocks() {
        let document = Document::of_markdown(
            "One two. Three.\n\n---\n\n| a b | c |\n| --- | --- |\n| d | e |\n\nEnd.",
        );
        let say = |span: Option<Span>| {
            span.map(|it| {
                let text = document.part(0).unwrap().blocks[it.start.0]
                    .as_text()
                    .into_owned();
                text[it.start.1..it.end.1].to_owned()
            })
        };
        assert_eq!(
            say(document.unit_at((0, 0), Unit::Word)).as_deref(),
            Some("One")
        );
        assert_eq!(
            say(document.unit_at((0, 3), Unit::Word)).as_deref(),
            Some("two")
        );
        assert_eq!(
            say(document.unit_after((0, 1), Unit::Sentence)).as_deref(),
            Some("Three.")
        );
        assert_eq!(
            say(document.unit_after((0, 15), Unit::Sentence)).as_deref(),
            Some("a b")
        );
        assert_eq!(
            say(document.unit_after((2, 3), Unit::Sentence)).as_deref(),
            Some("c")
        );
        assert_eq!(
            say(document.unit_before((3, 0), Unit::Sentence)).as_deref(),
            Some("e")
        );
        assert_eq!(
            say(document.unit_before((2, 0), Unit::Paragraph)).as_deref(),
            Some("One two. Three.")
        );
        assert_eq!(say(document.unit_before((0, 0), Unit::Word)), None);
        assert_eq!(document.unit_end((0, 8), Unit::Word, true), Some((0, 14)));
        assert_eq!(document.unit_end((0, 8), Unit::Word, false), Some((0, 7)));
        assert_eq!(document.unit_start((3, 0), Unit::Word, false), Some((2, 5)));
    }
}
