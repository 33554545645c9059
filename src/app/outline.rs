//! The outline: the headings of the open story, to go to one of them; or the notes in it.

use super::placed::Placed;
use crate::{
    document::Document,
    story::{clean, fold::Folding},
};

/// A heading of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its block; of a note, its number among the story's notes.
    pub block: usize,
    /// How deep it stands: 0 for those that none is above.
    pub depth: usize,
    /// What it says.
    pub text: String,
}

/// The headings, while one is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    all: Vec<Heading>,
    /// Those that have what is typed, as indexes into all.
    shown: Vec<usize>,
    /// Which of those shown is chosen.
    pub cursor: usize,
    /// Whether these are notes.
    pub notes: bool,
    /// The first that is on the screen.
    pub top: usize,
    /// The last heading above the page that was left, if there is one.
    here: Option<usize>,
}

impl Outline {
    /// The outline of `document` for who reads at `block`; none if it has no headings, or they are
    /// not gathered yet.
    pub fn of(document: &Document, block: usize) -> Option<Self> {
        let levels: Vec<(usize, u8, &str)> = document
            .headings()?
            .iter()
            .filter(|it| it.level > 0)
            .map(|it| (it.block, it.level, it.text.as_str()))
            .collect();
        let highest = levels.iter().map(|(_, level, _)| *level).min()?;
        let all: Vec<Heading> = levels
            .into_iter()
            .map(|(block, level, text)| Heading {
                block,
                depth: usize::from(level - highest),
                text: text.replace('\n', " "),
            })
            .collect();
        let here = all.iter().rposition(|heading| heading.block <= block);
        Some(Outline {
            shown: (0..all.len()).collect(),
            cursor: here.unwrap_or(0),
            notes: false,
            top: 0,
            here,
            all,
        })
    }

    /// The notes in a story for who reads at `block`; none if there are none.
    pub fn of_notes(notes: &[Placed], block: usize) -> Option<Self> {
        let all: Vec<Heading> = notes
            .iter()
            .enumerate()
            .map(|(number, it)| Heading {
                block: number,
                depth: 0,
                text: note_line(it),
            })
            .collect();
        let above = |it: &Placed| it.stand.is_some_and(|stand| stand.span.start.0 <= block);
        let here = notes.iter().rposition(above);
        (!all.is_empty()).then(|| Outline {
            shown: (0..all.len()).collect(),
            cursor: here.unwrap_or(0),
            notes: true,
            top: 0,
            here: None,
            all,
        })
    }

    /// Shows only the headings that have every word of `typed` in them.
    pub fn filter(&mut self, typed: &str) {
        let folding = Folding::as_typed(typed);
        let typed = folding.apply(typed);
        let words: Vec<&str> = typed.split_whitespace().collect();
        let has_all = |heading: &Heading| {
            let text = folding.apply(&heading.text);
            words.iter().all(|word| text.contains(word))
        };
        self.shown = (0..self.all.len())
            .filter(|at| has_all(&self.all[*at]))
            .collect();
        self.top = 0;
        self.cursor = match self.here {
            Some(here) if words.is_empty() => here,
            _ => 0,
        };
    }

    /// Moves the choice by so many headings.
    pub fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// The headings that show, from the first on, each with whether one reads under it.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&Heading, bool)> {
        let shown = self.shown.iter();
        shown.map(|at| (&self.all[*at], self.here == Some(*at)))
    }

    /// The heading that is chosen.
    pub fn chosen(&self) -> Option<&Heading> {
        self.all.get(*self.shown.get(self.cursor)?)
    }

    /// Scrolls so that the choice is on a screen of so many lines.
    pub fn keep_in_sight(&mut self, height: usize) {
        let lowest = (self.cursor + 1).saturating_sub(height.max(1));
        self.top = self.top.clamp(lowest, self.cursor.max(lowest));
    }
}

/// What a list of notes says of one: what was written, and the words that it is about.
fn note_line(placed: &Placed) -> String {
    let quote = format!("“{}”", clean::line(&placed.note.quote.exact));
    let lost = match placed.stand {
        None => "no longer in the text: ",
        Some(stand) if stand.edited => "edited since: ",
        Some(_) => "",
    };
    match clean::line(&placed.note.text) {
        text if text.is_empty() => format!("{lost}{quote}"),
        text => format!("✎ {text} — {lost}{quote}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{Kind, Story};
    use jiff::tz::TimeZone;

    fn outline(body: &str) -> Option<Outline> {
        let story = Story::new(Kind::Markdown, "A title".to_owned(), body);
        Outline::of(&Document::new(story, &TimeZone::UTC), usize::MAX)
    }

    #[test]
    fn headings_stand_as_deep_as_they_are_below_the_highest() {
        let outline = outline("## One\n\n#### Two\n\n## Three").unwrap();
        let rows: Vec<_> = outline
            .rows()
            .map(|(it, _)| (it.depth, &*it.text))
            .collect();
        assert_eq!(rows, [(0, "One"), (2, "Two"), (0, "Three")]);
        assert_eq!(outline.chosen().unwrap().text, "Three", "where one is");
    }

    #[test]
    fn a_note_whose_words_are_gone_says_so_about_where_it_stood() {
        use crate::{
            document::{Span, Stand},
            story::{Note, Quote},
        };
        let placed = |exact: &str, text: &str, block, there: bool| Placed {
            note: Note {
                id: exact.to_owned(),
                quote: Quote {
                    exact: exact.to_owned(),
                    ..Quote::default()
                },
                text: text.to_owned(),
                near: (block, 0),
                created: 0,
                changed: 0,
            },
            stand: there.then_some(Stand {
                span: Span {
                    start: (block, 0),
                    end: (block, 9),
                },
                edited: false,
            }),
        };
        let mut edited = placed("other words", "", 7, true);
        edited.stand.as_mut().unwrap().edited = true;
        let notes = Placed::in_order(vec![
            edited,
            placed("last", "", 9, true),
            placed("gone", "why", 5, false),
            placed("lost", "", 3, false),
            placed("first", "", 1, true),
        ]);
        let outline = Outline::of_notes(&notes, 0).unwrap();
        let rows: Vec<&str> = outline.rows().map(|(it, _)| &*it.text).collect();
        let want = [
            "“first”",
            "no longer in the text: “lost”",
            "✎ why — no longer in the text: “gone”",
            "edited since: “other words”",
            "“last”",
        ];
        assert_eq!(rows, want);
    }

    #[test]
    fn a_story_without_headings_has_no_outline() {
        assert_eq!(outline("Only words."), None);
    }

    #[test]
    fn what_is_typed_leaves_the_headings_that_have_it() {
        let mut outline = outline("## Café at noon\n\n## Noon\n\n## Night").unwrap();
        outline.filter("noon cafe");
        assert_eq!(outline.rows().len(), 1);
        assert_eq!(outline.chosen().unwrap().text, "Café at noon");
        outline.filter("Noon");
        assert_eq!(
            outline.chosen().unwrap().text,
            "Noon",
            "a capital means itself"
        );
        outline.filter("x");
        assert_eq!(outline.chosen(), None);
        outline.filter("");
        outline.step(-9);
        assert_eq!(outline.cursor, 0);
    }
}
