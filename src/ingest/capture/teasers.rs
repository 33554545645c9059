//! Teasers of other stories, made of the lines of the list that they stand in: headline, summary,
//! date.

use super::View;
use super::lines::Marker;
use super::shape::{self, Shape};
use crate::ingest::dates;
use crate::story::{Published, Related};

/// One line of a list of teasers.
pub enum Line {
    Text(usize),
    /// A date, "Read more", a reading time: what ends a teaser.
    Mark(Option<Published>),
}

/// Cuts the lines of a section into teasers.
pub fn of(view: &View<'_>, lines: &[Line]) -> Vec<Related> {
    let texts: Vec<usize> = lines
        .iter()
        .filter_map(|line| {
            if let Line::Text(at) = line {
                Some(*at)
            } else {
                None
            }
        })
        .collect();
    let marked = lines.iter().any(|line| matches!(line, Line::Mark(_)));
    let paired = are_pairs(view, &texts);
    let sectioned = are_sectioned(view, lines);
    let mut found: Vec<Related> = Vec::new();
    let mut open = false;
    for line in lines {
        match line {
            Line::Mark(published) => {
                if let Some(last) = found.last_mut() {
                    last.published = last.published.or(*published);
                }
                open = false;
            }
            Line::Text(at) => {
                let item = &view.items[*at];
                // Two words beside a longer line are its section or its kind.
                let tiny = item.words <= 2
                    && item.marker == Marker::None
                    && view.page.spaced
                    && view.group(*at).any(|other| {
                        other != *at && texts.contains(&other) && view.items[other].words >= 4
                    });
                if tiny || sectioned && item.words <= 2 {
                    continue;
                }
                let summary = if marked && lines_are_records(lines) {
                    open
                } else {
                    open && (item.shape == Shape::Prose
                        || paired && item.shape == Shape::Sentence
                        || (item.shape == Shape::Sentence
                            && item.words >= 8
                            && !item.text.ends_with('?')))
                };
                let headline = headline_of(view, *at);
                match found.last_mut() {
                    Some(last) if summary => match &mut last.summary {
                        Some(text) => {
                            text.push(' ');
                            text.push_str(&item.text);
                        }
                        empty => *empty = Some(summary_of(view, *at)),
                    },
                    _ => {
                        if item.shape == Shape::Prose && item.words > 40 {
                            continue;
                        }
                        found.push(Related {
                            title: without_time(&headline).to_owned(),
                            summary: None,
                            published: None,
                            url: None,
                        });
                    }
                }
                open = true;
            }
        }
    }
    // What comes undated behind dated teasers is of the page's foot.
    let dated = found
        .iter()
        .take_while(|teaser| teaser.published.is_some())
        .count();
    if dated >= 2
        && found[dated..]
            .iter()
            .all(|teaser| teaser.published.is_none())
    {
        found.truncate(dated);
    }
    found
}

/// "Energy / Wind farm wins approval / 3 May 2021": whether each dated teaser has its section above
/// its headline, twice at least.
fn are_sectioned(view: &View<'_>, lines: &[Line]) -> bool {
    let records: Vec<&[Line]> = lines
        .split(|line| matches!(line, Line::Mark(Some(_))))
        .filter(|record| !record.is_empty())
        .collect();
    let words = |line: &Line| match line {
        Line::Text(at) => view.items[*at].words,
        Line::Mark(_) => 0,
    };
    records.len() >= 2
        && records.iter().all(|record| {
            record.len() == 2 && (1..=2).contains(&words(&record[0])) && words(&record[1]) >= 4
        })
}

/// Whether a headline and a sentence take turns throughout, twice at least: then a question among
/// the sentences is a summary, too.
fn are_pairs(view: &View<'_>, texts: &[usize]) -> bool {
    let said = |at: usize| matches!(view.items[at].shape, Shape::Sentence | Shape::Prose);
    let plain = |at: usize| view.items[at].marker == Marker::None;
    texts.len() >= 4
        && texts.len().is_multiple_of(2)
        && texts
            .chunks(2)
            .all(|pair| !said(pair[0]) && said(pair[1]) && plain(pair[0]) && plain(pair[1]))
}

/// Whether every teaser is closed by a date or the like, so that a second line is a summary.
fn lines_are_records(lines: &[Line]) -> bool {
    let mut texts = 0;
    for line in lines {
        match line {
            Line::Text(_) => texts += 1,
            Line::Mark(_) => texts = 0,
        }
        if texts > 3 {
            return false;
        }
    }
    texts <= 1
}

/// The headline of a teaser, without a date on the same line and numbers of a ranking.
pub fn headline_of(view: &View<'_>, at: usize) -> String {
    let text = view.items[at].text.as_str();
    let Some((range, _)) = dates::find_with(text, view.language) else {
        return text.to_owned();
    };
    let trim = |part: &str| -> String {
        part.trim()
            .trim_matches(['|', '·', '•', '–', '—', '-', ',', '(', ')', ':'])
            .trim()
            .to_owned()
    };
    let (before, after) = (trim(&text[..range.start]), trim(&text[range.end..]));
    let (long, short) = if shape::word_count(&after) > shape::word_count(&before) {
        (after, before)
    } else {
        (before, after)
    };
    // A date in the midst of a headline is part of it.
    if shape::word_count(&short) > 1 || shape::word_count(&long) < 3 {
        text.to_owned()
    } else {
        long
    }
}

/// The summary of a teaser, without date and link at its end.
fn summary_of(view: &View<'_>, at: usize) -> String {
    let mut text = view.items[at].text.as_str();
    for more in [
        " mehr",
        " more",
        " Read more",
        " read more",
        " Mehr",
        " More",
        " weiterlesen",
        " Weiterlesen",
        " Lire la suite",
        " Leer más",
        " [...]",
        " […]",
        " […",
    ] {
        text = text.strip_suffix(more).unwrap_or(text);
    }
    match dates::find_with(text, view.language) {
        Some((range, _)) if shape::word_count(&text[range.end..]) == 0 => text[..range.start]
            .trim_end_matches([' ', '|', '·', '-', '–', '('])
            .to_owned(),
        Some((range, _)) if shape::word_count(&text[..range.start]) == 0 => text[range.end..]
            .trim_start_matches([' ', '|', '·', '-', '–', '—', ':', ')'])
            .to_owned(),
        _ => text.to_owned(),
    }
}

/// "22:30 A storm": without the time of day, and without marks before the first word.
fn without_time(text: &str) -> &str {
    let text =
        text.trim_start_matches(['+', '|', '>', '»', '›', '→', '-', '–', '—', '·', '•', ' ']);
    let time = text.split(' ').next().unwrap_or_default();
    let digits = time.chars().filter(char::is_ascii_digit).count();
    let clock =
        (3..=4).contains(&digits) && time.len() <= digits + 2 && time.contains([':', 'h', '.']);
    if clock {
        text[time.len()..].trim_start()
    } else {
        text
    }
}

/// "2 hours ago", "vor 3 Stunden"
pub fn is_ago(key: &str) -> bool {
    shape::word_count(key) <= 5
        && key.chars().any(|c| c.is_ascii_digit())
        && (key.ends_with(" ago")
            || key.starts_with("vor ")
            || key.starts_with("il y a ")
            || key.starts_with("hace ")
            || key.ends_with(" fa")
            || key.ends_with(" geleden")
            || key.starts_with("há "))
}

/// A day without its year: "18 Sep", "May 3".
pub fn is_short_date(key: &str) -> bool {
    shape::word_count(key) <= 4
        && key.chars().any(|c| c.is_ascii_digit())
        && dates::parse(&format!("{} 2020", key.trim_matches(['|', ',', '·', ' ']))).is_some()
}
