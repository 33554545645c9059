//! What the lines around a headline say: authors, dates, categories, tags.

use super::labels;
use super::lines::Item;
use super::links::is_url;
use super::names;
use super::shape::{self, Shape};
use super::signs::count_in;
use super::split::split_list;
use super::words::{GENERAL, Label, UPDATE_WORDS};
use crate::ingest::dates;
use crate::story::Published;

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Meta {
    pub authors: Vec<String>,
    pub published: Option<Published>,
    pub updated: Option<Published>,
    pub categories: Vec<String>,
    /// "Filed under": categories or tags, depending on what else there is.
    pub filed: Vec<String>,
    /// These stood beside the date, not behind a label.
    pub filed_beside: bool,
    pub tags: Vec<String>,
    pub url: Option<String>,
    pub summary: Option<String>,
    pub title: Option<String>,
    pub comments: Option<u32>,
    /// The language dates are read in.
    pub language: String,
    /// A name before a date, which may be a place.
    pub maybe_author: Vec<String>,
    /// Below the text a word beside a date is no section.
    pub below: bool,
}

/// Stands for a date that was cut out of a line.
const DATE: char = '\u{1}';

impl Meta {
    /// Whether the line above was a label that waits for its value.
    pub fn take(&mut self, item: &Item, pending: Option<Label>) -> Option<Label> {
        if let Some(label) = pending {
            // Another label where a value was awaited: the first had none.
            if labels::label(&item.text).is_none_or(|(_, value)| value.is_empty() && item.words > 3)
                || matches!(label, Label::Title)
            {
                self.apply(label, &item.text);
                return None;
            }
        }
        self.line(&item.text, item.words)
    }

    /// Reads one line; gives back a label whose value must be on the next one.
    fn line(&mut self, text: &str, words: usize) -> Option<Label> {
        if is_url(text) {
            self.url.get_or_insert_with(|| text.to_owned());
            return None;
        }
        if self.comments.is_none() {
            self.comments = count_in(&super::key::of(text), words).filter(|_| words <= 14);
        }
        if let Some((filed, tags)) = filing(text) {
            extend(&mut self.filed, filed);
            extend(&mut self.tags, tags.unwrap_or_default());
            return None;
        }
        if words > 40 {
            return None;
        }
        if is_hashtags(text) {
            extend(&mut self.tags, &text.replace('#', ", "));
            return None;
        }
        if let Some((label, value)) = labels::label(text) {
            if value.is_empty() {
                return Some(label);
            }
            if label != Label::Action {
                let (value, more) = split_second_label(value);
                self.apply(label, value);
                return more.and_then(|more| self.line(more, words));
            }
        }
        if let Some((label, value)) = labels::open_label(text) {
            if labels::is_row_of_topics(text) {
                // "Kristi Noem South Dakota": which words belong together, only the page showed.
                let words: Vec<&str> = value.split(' ').collect();
                let begins = |word: &str| !word.starts_with(char::is_lowercase);
                if !words
                    .windows(2)
                    .any(|pair| begins(pair[0]) && begins(pair[1]))
                {
                    extend(&mut self.tags, &words.join(", "));
                }
            } else {
                self.apply(label, value);
            }
            return None;
        }
        let (rest, found) = self.cut_dates(text);
        let dated = !found.is_empty();
        for (before, published) in found {
            self.date(&before, published);
        }
        self.short_update(&rest);
        self.segments(&rest, dated);
        None
    }

    fn date(&mut self, before: &str, published: Published) {
        let before = before.to_lowercase();
        if UPDATE_WORDS.iter().any(|word| before.contains(word)) {
            self.updated.get_or_insert(published);
        } else {
            self.published.get_or_insert(published);
        }
    }

    /// "Last update: 17 August, 09:40": the year is that of the publication before it.
    fn short_update(&mut self, rest: &str) {
        let (None, Some(published)) = (self.updated, self.published) else {
            return;
        };
        let lower = shape::fold(rest);
        let said = UPDATE_WORDS
            .iter()
            .find_map(|word| lower.find(word).map(|at| at + word.len()));
        let Some(tail) = said.and_then(|at| lower.get(at..)) else {
            return;
        };
        let year = published.day(&jiff::tz::TimeZone::UTC).year();
        let words: Vec<&str> = tail
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // "3 May 2021, 08:12 | Updated 19:40": later on the day named beside it.
        let number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let clock = words.len() == 2 && words.iter().all(number) && tail.contains([':', '.', 'h']);
        let same_day = clock && rest.contains(DATE);
        self.updated = words
            .windows(2)
            .take(3)
            .find_map(|pair| {
                dates::parse_with(&format!("{} {} {year}", pair[0], pair[1]), &self.language)
            })
            .or_else(|| same_day.then_some(published));
    }

    /// The dates of a line with the words before each, and the line without them.
    fn cut_dates(&self, text: &str) -> (String, Vec<(String, Published)>) {
        let mut rest = text;
        let mut out = String::new();
        let mut found = Vec::new();
        while let Some((range, published)) = dates::find_stated(rest, &self.language) {
            found.push((rest[..range.start].to_owned(), published));
            out.push_str(&rest[..range.start]);
            out.push(DATE);
            rest = &rest[range.end..];
            if found.len() >= 4 {
                break;
            }
        }
        out.push_str(rest);
        (out, found)
    }

    /// Bylines, categories and the like between the separators of a line.
    fn segments(&mut self, text: &str, dated: bool) {
        let mut seen_date = false;
        let mut seen_name = false;
        for segment in split_segments(text) {
            let segment = segment.trim();
            let has_date = segment.contains(DATE);
            if let Some(names) = find_byline(segment) {
                if self.authors.is_empty() {
                    self.authors = names;
                }
                seen_name = true;
                if let Some(at) = segment.rfind(" in ").filter(|_| has_date || dated)
                    && let value = segment[at + 4..].trim()
                    && !value.contains(DATE)
                    && shape::word_count(value) <= 8
                    && self.filed.is_empty()
                {
                    self.filed = split_list(value);
                    self.filed_beside = true;
                }
            } else if let Some((label, value)) =
                labels::label(segment).or_else(|| labels::open_label(segment))
            {
                if !value.is_empty() && !value.contains(DATE) {
                    self.apply(label, value);
                }
            } else if has_date {
                let bare = segment.replace(DATE, " ");
                let bare = bare
                    .trim()
                    .trim_matches([',', '-', '–', '—', '(', ')', '•'])
                    .trim();
                // "Agence Hexagone, publié le …"
                let bare = without_published(bare);
                if names::is_bare_name(bare) && self.maybe_author.is_empty() && !seen_name {
                    self.maybe_author = names::names(bare);
                } else if let Some(value) = bare
                    .strip_prefix("in ")
                    .or_else(|| bare.rsplit_once(" in ").map(|(_, v)| v))
                    && self.filed.is_empty()
                    && !value.is_empty()
                {
                    self.filed = split_list(value);
                    self.filed_beside = true;
                }
            } else if dated && !seen_name && !seen_date && names::is_bare_name(segment) {
                if self.authors.is_empty() {
                    self.authors = names::names(segment);
                }
                seen_name = true;
            } else if !self.below
                && (dated || seen_name)
                && (seen_date || seen_name)
                && self.filed.is_empty()
                && is_section(segment)
            {
                self.filed = split_list(segment);
                self.filed_beside = true;
            }
            seen_date |= has_date;
        }
    }

    /// Takes a labelled value.
    pub fn apply(&mut self, label: Label, value: &str) {
        let value = value.trim();
        match label {
            Label::Published | Label::Updated => {
                let (rest, found) = self.cut_dates(value);
                for (nth, (before, published)) in found.into_iter().enumerate() {
                    if nth == 0 && label == Label::Updated {
                        self.updated.get_or_insert(published);
                    } else {
                        self.date(&before, published);
                    }
                }
                if !rest.trim_matches([DATE, ' ']).is_empty() {
                    let below = std::mem::replace(&mut self.below, true);
                    self.segments(&rest, true);
                    self.below = below;
                }
            }
            Label::Author => {
                let (rest, found) = self.cut_dates(value);
                for (before, published) in found {
                    self.date(&before, published);
                }
                let first = split_segments(&rest).next().unwrap_or_default();
                if self.authors.is_empty() && shape::word_count(first) <= 14 {
                    self.authors = names::names(names::after_by(first).unwrap_or(first));
                }
                if rest.len() > first.len() {
                    self.segments(rest.get(first.len()..).unwrap_or_default(), true);
                }
            }
            Label::Category => extend(&mut self.categories, value),
            Label::Filed => extend(&mut self.filed, value),
            Label::Tags => extend(&mut self.tags, value),
            Label::Url => {
                let address = value.split_whitespace().find(|word| is_url(word));
                if let Some(address) = address {
                    self.url.get_or_insert_with(|| address.to_owned());
                }
            }
            Label::Summary => {
                if shape::word_count(value) >= 3 {
                    self.summary.get_or_insert_with(|| value.to_owned());
                }
            }
            Label::Title => {
                self.title.get_or_insert_with(|| value.to_owned());
            }
            Label::Reading | Label::Action | Label::Other => {}
        }
    }
}

/// "This entry was posted in X and tagged a, b.": what blogs write below their posts. The
/// categories and the tags in it.
fn filing(text: &str) -> Option<(&str, Option<&str>)> {
    const OPENINGS: [&str; 15] = [
        "this entry was posted",
        "this entry was filed",
        "this post was posted",
        "this entry was published",
        "esta entrada fue publicada",
        "esta entrada se publicó",
        "dieser beitrag wurde",
        "dieser eintrag wurde",
        "ce contenu a été publié",
        "cette entrée a été publiée",
        "cet article a été publié dans",
        "questa voce è stata pubblicata",
        "questo articolo è stato pubblicato",
        "esta entrada foi publicada",
        "dit bericht werd geplaatst",
    ];
    const IN: [&str; 6] = [" in ", " en ", " unter ", " dans ", " em ", " under "];
    const TAGGED: [&str; 15] = [
        " tagged with ",
        " tagged ",
        " etiquetada con ",
        " etiquetada ",
        " etiquetado ",
        " und mit ",
        "mot-clé ",
        "mots-clés ",
        "mot(s)-clé(s) ",
        " contrassegnata con ",
        " contrassegnata ",
        " getagd met ",
        " getagd ",
        " marcada com ",
        " e marcada ",
    ];
    const STOPS: [&str; 16] = [
        " and tagged",
        " y etiquetad",
        " veröffentlicht",
        " und mit",
        ", avec comme",
        " e contrassegnata",
        " e marcada",
        " en getagd",
        " by ",
        " von ",
        " por ",
        " par ",
        " door ",
        " on ",
        " verschlagwortet",
        ". ",
    ];
    let lower = shape::fold(text);
    if !OPENINGS.iter().any(|opening| lower.starts_with(opening)) {
        return None;
    }
    let after = |words: &[&str]| {
        words
            .iter()
            .find_map(|word| lower.find(word).map(|at| at + word.len()))
    };
    let until_stop = |from: usize| {
        let end = STOPS
            .iter()
            .filter_map(|stop| lower[from..].find(stop))
            .min();
        text[from..end.map_or(text.len(), |end| from + end)]
            .trim()
            .trim_end_matches('.')
    };
    Some((until_stop(after(&IN)?), after(&TAGGED).map(until_stop)))
}

/// Whether a sentence says where a blog filed the post above it.
pub fn is_filing(text: &str) -> bool {
    filing(text).is_some()
}

/// "#backups #lessons"
fn is_hashtags(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some()
        && words.all(|word| {
            word.strip_prefix('#')
                .is_some_and(|tag| tag.chars().any(char::is_alphabetic))
        })
}

fn extend(list: &mut Vec<String>, value: &str) {
    for entry in split_list(value) {
        let entry = entry.trim();
        if shape::word_count(entry) <= 8
            && !list.iter().any(|known| known == entry)
            && !entry.is_empty()
        {
            list.push(entry.to_owned());
        }
    }
}

/// "Cakes, Fall Tagged With: plums": the value, and the second label with its own.
fn split_second_label(value: &str) -> (&str, Option<&str>) {
    let mut from = 0;
    while let Some(at) = value[from..].find(':').map(|at| at + from) {
        let before = &value[..at];
        // The label is the last one, two or three words before the colon.
        let starts: Vec<usize> = before
            .rmatch_indices([' ', '|'])
            .take(3)
            .map(|(at, _)| at + 1)
            .collect();
        for start in starts.into_iter().rev() {
            if labels::label(&value[start..])
                .is_some_and(|(label, rest)| !rest.is_empty() && label != Label::Other)
            {
                let head = value[..start]
                    .trim()
                    .trim_end_matches(['|', '·', '•', ','])
                    .trim();
                if !head.is_empty() {
                    return (head, Some(&value[start..]));
                }
            }
        }
        from = at + 1;
    }
    if let Some((head, tail)) = value.split_once(" | ")
        && (labels::open_label(tail.trim()).is_some()
            || count_in(&super::key::of(tail), 3).is_some())
    {
        return (head, Some(tail));
    }
    (value, None)
}

/// Cuts a line at the marks that stand between its parts.
fn split_segments(text: &str) -> impl Iterator<Item = &str> {
    text.split(['|', '·', '•', '●', '⋅', '∙', '\t'])
        .flat_map(|part| part.split(" / "))
        .flat_map(|part| part.split(" — "))
        .flat_map(|part| part.split(" – "))
        .flat_map(|part| part.split(" - "))
        .filter(|part| !part.trim().is_empty())
}

/// A byline at the start of a part of a line, or behind a date ("\1 by Jane Doe 3 Comments").
fn find_byline(segment: &str) -> Option<Vec<String>> {
    let start = segment.trim_start_matches([DATE, ' ', ',', ':']);
    if let Some(names) = names::byline(start) {
        return Some(names);
    }
    let lower = shape::fold(segment);
    [" by ", " von ", " par ", " por ", " door ", " di "]
        .iter()
        .find_map(|by| {
            let at = lower.find(by)?;
            // Only where a date or words about publishing stand before it.
            let before = &lower[..at];
            let about = before.contains(DATE) || shape::word_count(before) <= 4;
            about
                .then(|| names::byline(&segment[at + 1..]))
                .flatten()
                .filter(|names| names::is_name(&names[0]) || before.contains(DATE))
        })
}

/// A text without the words that lead to the date behind it.
fn without_published(text: &str) -> &str {
    let Some((before, last)) = text.rsplit_once([',', '|', '·']) else {
        return text;
    };
    match labels::label(last.trim()) {
        Some((Label::Published | Label::Updated, "")) => before.trim(),
        _ => text,
    }
}

/// Whether what is left of a line of metadata can be the name of a section.
fn is_section(text: &str) -> bool {
    let words = shape::word_count(text);
    let key = super::key::of(text);
    let ago = [
        "ago", "vor ", "il y a", "hace ", "read", "min", "share", "comment", "edition", "photo",
        "foto",
    ];
    (1..=4).contains(&words)
        && text.starts_with(char::is_uppercase)
        && !text.chars().any(|c| c.is_ascii_digit() || c == DATE)
        && !ago
            .iter()
            .any(|word| key.split(' ').any(|part| part.starts_with(word.trim())))
        && !GENERAL.contains(&key.as_str())
}

/// Whether a line is about the story: who wrote it, when, where it is filed.
pub fn is_about(item: &Item, language: &str) -> bool {
    let text = item.text.as_str();
    if filing(text).is_some() || is_hashtags(text) {
        return true;
    }
    if item.shape == Shape::Rule || item.words > 45 {
        return false;
    }
    if let Some((label, value)) = labels::label(text) {
        let about = match label {
            Label::Published | Label::Updated => {
                value.is_empty()
                    || dates::find_with(value, language).is_some()
                    || shape::word_count(value) <= 4
            }
            Label::Author => {
                value.is_empty()
                    || (shape::word_count(value) <= 14
                        && value.starts_with(char::is_uppercase)
                        && !shape::ends_sentence(value))
                    || names::byline(text).is_some()
            }
            Label::Category | Label::Filed | Label::Tags => {
                value.is_empty()
                    || (shape::word_count(value) <= 20
                        && !shape::ends_sentence(value)
                        && !heads_column(value))
            }
            Label::Url => lines_url(value),
            Label::Reading => true,
            Label::Summary | Label::Title => !value.is_empty(),
            Label::Action | Label::Other => false,
        };
        if about {
            return true;
        }
    }
    if is_url(text) || labels::open_label(text).is_some() {
        return true;
    }
    if item.words <= 24
        && !text.trim_end().ends_with(['?', '!', ':'])
        && names::byline(text).is_some()
        && (!shape::ends_sentence(text)
            || item.words <= 5
            || item.key.split(' ').nth(1) == Some("by")
            || dates::find_with(text, language).is_some())
    {
        return true;
    }
    is_date_line(item, language)
}

/// "Column: A merger of papers bodes ill for the towns they are printed in": whether what stands behind
/// the name of a kind of text is a headline rather than what it is filed under.
fn heads_column(value: &str) -> bool {
    const WORDS: usize = 7;
    shape::word_count(value) >= WORDS && !value.contains([',', '|', ';', '·', '•', '#', '>'])
}

fn lines_url(value: &str) -> bool {
    value.split_whitespace().any(is_url)
}

/// Whether a line is a date with little else: a place, a name, "Published".
pub fn is_date_line(item: &Item, language: &str) -> bool {
    if item.words > 28 || !item.text.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let Some((first, _)) = dates::find_with(&item.text, language) else {
        return false;
    };
    let before = shape::word_count(&item.text[..first.start]);
    let mut rest = &item.text[first.end..];
    let mut after = 0;
    while let Some((next, _)) = dates::find_with(rest, language) {
        after += shape::word_count(&rest[..next.start]);
        rest = &rest[next.end..];
    }
    after += shape::word_count(rest);
    let ended = shape::ends_sentence(rest);
    let lower = item.key.as_str();
    let said = UPDATE_WORDS.iter().any(|word| lower.starts_with(word)) || signs_published(lower);
    let parted = rest.contains(['|', '·', '•']) || rest.contains(" / ");
    if said {
        return before <= 8 && after <= 14;
    }
    if item.text.contains(" | ") || item.text.contains(" · ") {
        return before <= 10 && after <= 16;
    }
    !ended && before <= 6 && after <= if parted { 16 } else { 8 }
}

fn signs_published(key: &str) -> bool {
    [
        "published",
        "posted",
        "veröffentlicht",
        "publié",
        "publicado",
        "pubblicato",
        "gepubliceerd",
        "erschienen",
        "first published",
        "date",
        "stand",
    ]
    .iter()
    .any(|word| key.starts_with(word))
}
