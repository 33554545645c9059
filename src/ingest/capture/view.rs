//! A page with what is known about each of its items before its parts are found.

use std::collections::HashMap;
use std::ops::Range;

use super::addresses::Shared;
use super::lines::{Item, Marker, Page, Set};
use super::shape::{self, Shape};
use super::words::{Label, Sign};
use super::{labels, lexicon, meta};

/// A page with what is known about each of its items.
pub struct View<'a> {
    pub page: &'a Page,
    pub items: &'a [Item],
    pub signs: Vec<Option<Sign>>,
    /// The items that are about the story: bylines, dates, labels.
    pub anchors: Vec<bool>,
    /// The items whose words are those of buttons, and whose looks are those of the text.
    pub doubtful: Vec<bool>,
    /// The language dates are read in.
    pub language: &'a str,
    /// Where paragraphs begin, in columns.
    pub base_indent: usize,
    /// The title that the page's links tell, where it was printed with them.
    pub told: Option<String>,
    /// What its buttons to share it hand on, where it was printed with the addresses of its links.
    pub shared: Shared,
}

impl<'a> View<'a> {
    pub fn new(page: &'a Page, language: &'a str) -> Self {
        let items = page.items.as_slice();
        let lexicon = lexicon::Lexicon::new();
        let mut signs: Vec<Option<Sign>> = items.iter().map(|item| lexicon.sign(item)).collect();
        mark_contents(items, &mut signs);
        for (sign, item) in signs.iter_mut().zip(items) {
            if is_cloud(&item.text, item.words) {
                *sign = Some(Sign::Menu);
            }
        }
        let mut view = View {
            page,
            items,
            signs,
            doubtful: vec![false; items.len()],
            anchors: items
                .iter()
                .map(|item| meta::is_about(item, language))
                .collect(),
            language,
            base_indent: base_indent(items),
            told: None,
            shared: Shared::default(),
        };
        mark_tables(items, &mut view.anchors);
        // What a program says is nothing that the page says.
        for (at, item) in items.iter().enumerate().filter(|_| !page.markup) {
            if matches!(item.set, Set::Code | Set::Row) {
                view.signs[at] = None;
                view.anchors[at] = false;
            }
        }
        view
    }

    /// Whether an item may be of the text: nothing says otherwise.
    pub fn is_text(&self, at: usize) -> bool {
        let sign = self.doubtful[at] || self.signs[at].is_none_or(|sign| sign == Sign::Aside);
        sign && (!self.anchors[at] || self.items[at].shape == Shape::Prose)
    }

    /// Whether the page is a press release.
    pub fn is_release(&self) -> bool {
        let says = [
            "for immediate release",
            "press release",
            "news release",
            "media release",
            "pressemitteilung",
            "presseinformation",
            "medienmitteilung",
            "communiqué de presse",
            "nota de prensa",
            "comunicado de prensa",
            "comunicato stampa",
            "comunicado de imprensa",
            "persbericht",
        ];
        let top = self.items.iter().take(60);
        let ends = self
            .items
            .iter()
            .any(|item| item.key == "###" || item.text == "###");
        ends || top
            .filter(|item| item.words <= 14)
            .any(|item| says.iter().any(|word| item.key.contains(word)))
    }

    /// Whether two items exist and share a group.
    pub fn same_group(&self, at: usize, other: usize) -> bool {
        match (self.items.get(at), self.items.get(other)) {
            (Some(at), Some(other)) => at.group == other.group,
            _ => false,
        }
    }

    /// The items of the group that `at` is in; of a very long group, those near by.
    pub fn group(&self, at: usize) -> Range<usize> {
        const NEAR: usize = 100;
        let group = self.items[at].group;
        let own = |other: &usize| self.items[*other].group == group;
        let start = (0..at)
            .rev()
            .take(NEAR)
            .take_while(own)
            .last()
            .unwrap_or(at);
        let end = (at..self.items.len())
            .take(NEAR)
            .take_while(own)
            .last()
            .unwrap_or(at);
        start..end + 1
    }
}

/// Whether it is a list of tags: with how many stories each has, "Boats (15), Harbours (47), Knots (160)", or
/// one after the other, in capitals and without a sign between them.
fn is_cloud(text: &str, words: usize) -> bool {
    const MANY: usize = 5;
    const WORDS: usize = 5;
    if words < MANY * 2 {
        return false;
    }
    const BARE: usize = 30;
    if words >= BARE && !text.contains(['.', ',', ';', ':', '!', '?', '…']) {
        let capital = |it: &&str| it.starts_with(char::is_uppercase);
        return text.split(' ').filter(capital).count() * 3 >= words * 2;
    }
    let is_count = |it: &&str| {
        let inside = it.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        inside.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
    };
    let counts = text.split([' ', ',']).filter(is_count).count();
    counts >= MANY && counts * WORDS >= words
}

/// In a table of labels with their values, every line is about the story, also where the label is
/// one that no table of words knows.
fn mark_tables(items: &[Item], anchors: &mut [bool]) {
    let row = |item: &Item| {
        let value = item.text.split_once(": ").filter(|(label, value)| {
            shape::word_count(label) <= 3 && (1..=10).contains(&shape::word_count(value))
        });
        value.is_some() && !matches!(item.shape, Shape::Prose | Shape::Sentence)
    };
    let known = |item: &Item| {
        matches!(
            labels::label(&item.text),
            Some((
                Label::Published | Label::Updated | Label::Author | Label::Category | Label::Tags,
                value
            )) if !value.is_empty()
        )
    };
    let mut first = 0;
    for table in items.chunk_by(|a, b| a.group == b.group) {
        let end = first + table.len();
        if (2..=12).contains(&table.len()) && table.iter().all(row) && table.iter().any(known) {
            anchors[first..end].fill(true);
        }
        first = end;
    }
}

/// A list of contents names the headings further below: its entries are links.
fn mark_contents(items: &[Item], signs: &mut [Option<Sign>]) {
    let mut headings: HashMap<&str, usize> = HashMap::new();
    for (at, pair) in items.windows(2).enumerate() {
        let heading =
            pair[0].shape != Shape::Prose && pair[0].marker == Marker::None && pair[0].words >= 1;
        if heading
            && (pair[0].level > 0 || (pair[1].shape == Shape::Prose && pair[0].group_size == 1))
        {
            headings.insert(pair[0].key.as_str(), at);
        }
    }
    let entry = |at: usize| {
        let item = &items[at];
        (item.marker != Marker::None || item.group_size >= 3)
            && headings
                .get(item.key.as_str())
                .is_some_and(|&heading| heading > at)
    };
    for (at, sign) in signs.iter_mut().enumerate() {
        if entry(at) && (at > 0 && entry(at - 1) || at + 1 < items.len() && entry(at + 1)) {
            *sign = Some(Sign::Menu);
        }
    }
}

/// The indent that most long paragraphs have.
fn base_indent(items: &[Item]) -> usize {
    let mut counts = [0usize; 17];
    for item in items.iter().filter(|item| item.shape == Shape::Prose) {
        counts[item.indent.min(16)] += 1;
    }
    (0..counts.len())
        .rev()
        .max_by_key(|&indent| counts[indent])
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_numbers_are_a_cloud_and_steps_in_a_text_are_none() {
        let is_cloud = |text: &str| is_cloud(text, shape::word_count(text));
        assert!(is_cloud(
            "Boats (15), Harbours (47), Knots of all kinds (160), Ropes (5), Sails (68)"
        ));
        assert!(is_cloud(
            &"Boats Harbours Knots of Old Ropes Sails ".repeat(5)
        ));
        assert!(!is_cloud(
            &"Boats lie in all harbours of the sea ".repeat(5)
        ));
        assert!(!is_cloud(
            "First (1) take a rope of some length, then (2) lay its end over itself, (3) lead it around, \
             (4) bring it back through the eye that this has made, and (5) draw all of it tight."
        ));
    }
}
