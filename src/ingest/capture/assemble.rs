//! The text's items as Markdown.

use super::View;
use super::aligned::FRAME;
use super::head;
use super::lines::{Item, Marker, Set};
use super::references::Cursor;
use super::shape::Shape;
use crate::story::escape;

/// What an item is in the Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Paragraph,
    Heading,
    Bullet,
    Number(u32),
    Quote,
    Code,
    /// A line of a paragraph whose breaks are kept.
    Line,
    Row,
    Rule,
}

/// Writes the kept items as Markdown.
pub fn markdown(view: &View<'_>, kept: &[usize]) -> String {
    let parts: Vec<Part> = (0..kept.len()).map(|nth| part(view, kept, nth)).collect();
    let mut out = String::new();
    let mut cursor = Cursor::default();
    for (nth, (&at, &part)) in kept.iter().zip(&parts).enumerate() {
        let item = &view.items[at];
        let last = nth
            .checked_sub(1)
            .and_then(|before| parts.get(before))
            .copied();
        if nth > 0 {
            let same_group = view.items[kept[nth - 1]].group == item.group;
            let tight = match (last, part) {
                (Some(Part::Code), Part::Code)
                | (Some(Part::Row), Part::Row)
                | (Some(Part::Bullet), Part::Bullet)
                | (Some(Part::Number(_)), Part::Number(_)) => true,
                (Some(Part::Line), Part::Line) => same_group,
                _ => false,
            };
            if nth == 1 && head::is_dateline(&view.items[kept[0]]) && part == Part::Paragraph {
                out.push(' ');
                out.push_str(&linked(view, item, &mut cursor));
                continue;
            }
            out.push_str(match (tight, part) {
                (true, Part::Line) => "\\\n",
                (true, _) => "\n",
                (false, _) => "\n\n",
            });
        }
        let text = if view.page.markup || matches!(item.set, Set::Code | Set::Row) {
            item.text.clone()
        } else if part == Part::Heading {
            escape::markdown(&item.text)
        } else {
            linked(view, item, &mut cursor)
        };
        match part {
            Part::Paragraph | Part::Line => out.push_str(&text),
            Part::Heading => {
                out.push_str("## ");
                out.push_str(&text);
            }
            Part::Bullet => {
                out.push_str("- ");
                out.push_str(&text);
            }
            Part::Number(number) => {
                out.push_str(&format!("{number}. {text}"));
            }
            Part::Quote => {
                out.push_str("> ");
                out.push_str(&text);
            }
            Part::Code => {
                out.push_str("    ");
                out.push_str(&text);
            }
            Part::Row => {
                let cells: Vec<String> = item.text.split(FRAME).map(escape::markdown).collect();
                out.push_str(&format!("| {} |", cells.join(" | ")));
                if last != Some(Part::Row) {
                    out.push_str("\n|");
                    out.push_str(&" --- |".repeat(cells.len()));
                }
            }
            Part::Rule => out.push_str("---"),
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// An item's text, escaped, with its links.
fn linked(view: &View<'_>, item: &Item, cursor: &mut Cursor) -> String {
    let links = view.page.references.links(&item.text, cursor);
    let Some((first, _)) = links.first() else {
        return escape::markdown(&item.text);
    };
    let mut out = String::with_capacity(item.text.len() * 2);
    let mut from = first.start;
    let before = escape::opening(&item.text[..from], &mut out);
    escape::inline(before, &mut out);
    for (at, address) in links {
        escape::inline(&item.text[from..at.start], &mut out);
        out.push('[');
        escape::inline(&item.text[at.clone()], &mut out);
        out.push_str("](");
        out.push_str(address);
        out.push(')');
        from = at.end;
    }
    escape::inline(&item.text[from..], &mut out);
    out
}

fn part(view: &View<'_>, kept: &[usize], nth: usize) -> Part {
    let item = &view.items[kept[nth]];
    let before = nth.checked_sub(1).map(|nth| &view.items[kept[nth]]);
    let next = kept.get(nth + 1).map(|&at| &view.items[at]);
    match item.set {
        Set::Plain => {}
        Set::Quote => return Part::Quote,
        Set::Code => return Part::Code,
        Set::Row => return Part::Row,
    }
    match item.marker {
        Marker::Bullet => return Part::Bullet,
        Marker::Number(number) => return Part::Number(number),
        Marker::None => {}
    }
    if item.shape == Shape::Rule {
        return Part::Rule;
    }
    let in_group = |nth: usize| {
        kept.get(nth)
            .is_some_and(|&at| view.items[at].group == item.group)
    };
    let grouped = view.page.spaced && (in_group(nth + 1) || nth > 0 && in_group(nth - 1));
    if grouped && !is_heading(view, kept, nth) {
        let group: Vec<usize> = (nth.saturating_sub(60)..kept.len().min(nth + 60))
            .filter(|&other| in_group(other))
            .collect();
        return in_lines(view, kept, nth, &group);
    }
    // A list without empty lines around it, in a page without any: short lines behind a colon.
    if !view.page.spaced
        && item.shape == Shape::Phrase
        && (before.is_some_and(|before| before.text.ends_with(':'))
            || nth > 0 && matches!(part_before(view, kept, nth), Some(true)))
    {
        return Part::Bullet;
    }
    if is_heading(view, kept, nth) {
        return Part::Heading;
    }
    let quote = view.page.wrapped
        && item.indent >= view.base_indent + 2
        && next.or(before).is_some()
        && matches!(item.shape, Shape::Prose | Shape::Sentence);
    if quote { Part::Quote } else { Part::Paragraph }
}

/// What a line is that shares its group with others: an entry of a list that has lost its marks,
/// a paragraph of its own, or a line of verse.
fn in_lines(view: &View<'_>, kept: &[usize], nth: usize, group: &[usize]) -> Part {
    let item = &view.items[kept[nth]];
    let items = || group.iter().map(|&other| &view.items[kept[other]]);
    let first = group.first().copied().unwrap_or(nth);
    // A line that leads to a list, marked or not.
    if item.text.ends_with(':')
        || items().any(|item| item.marker != Marker::None || item.words > 40)
    {
        return Part::Paragraph;
    }
    let led = view.items[kept[first]].text.ends_with(':');
    let above = first.checked_sub(1).map(|above| &view.items[kept[above]]);
    let introduced = led
        || above
            .is_some_and(|above| above.text.ends_with(':') || is_heading(view, kept, first - 1));
    let indented = item.indent >= view.base_indent + 2;
    let long = items().filter(|item| item.shape == Shape::Prose).count() * 2 > group.len();
    match (introduced || indented, long) {
        (true, false) => Part::Bullet,
        (false, false) => Part::Line,
        _ => Part::Paragraph,
    }
}

/// In a page without empty lines: whether the phrases above this one began behind a colon.
fn part_before(view: &View<'_>, kept: &[usize], nth: usize) -> Option<bool> {
    let run = (0..nth)
        .rev()
        .take(30)
        .find(|&before| view.items[kept[before]].shape != Shape::Phrase)?;
    Some(view.items[kept[run]].text.ends_with(':') && nth - run > 1)
}

/// Whether an item is a heading inside the text.
pub fn is_heading(view: &View<'_>, kept: &[usize], nth: usize) -> bool {
    let item = &view.items[kept[nth]];
    let Some(&next) = kept.get(nth + 1) else {
        return false;
    };
    let next_item = &view.items[next];
    if head::is_dateline(item)
        || item.marker != Marker::None
        || item.words > 14
        || item.words == 0
        || item.text.ends_with([',', ';', ':'])
    {
        return false;
    }
    if item.underlined || item.level > 0 {
        return true;
    }
    if view.page.markup {
        return false;
    }
    // A heading stands alone, or first in its group over something longer.
    let alone = !view.page.spaced
        || item.group_size == 1
        || (nth == 0 || view.items[kept[nth - 1]].group != item.group)
            && item.group == next_item.group
            && next_item.shape == Shape::Prose;
    if !alone {
        return false;
    }
    let opens = item
        .text
        .starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "¿¡«“„\"'‘(".contains(c))
        || view.language == "ja"
        || view.language == "zh";
    match item.shape {
        Shape::Phrase => opens && next_item.shape != Shape::Rule,
        // Questions may be headings, or the voice of the text.
        Shape::Sentence => {
            let question = item.text.ends_with('?')
                && item.words <= 9
                && !item.text.starts_with(['“', '„', '«', '"', '‘']);
            question
                && (next_item.shape == Shape::Prose || answers(next_item))
                && !(view.page.wrapped && item.indent == view.base_indent && view.base_indent > 0)
                && (!starts_with_and(&item.key) || questions(view, kept) >= 3)
                && has_headings(view, kept)
        }
        _ => false,
    }
}

/// A sentence that says what a question above it asks, in the text's own voice.
fn answers(item: &super::lines::Item) -> bool {
    item.shape == Shape::Sentence
        && item.words >= 6
        && !item.text.ends_with('?')
        && !item.text.starts_with(['“', '„', '«', '"', '‘', '—', '–'])
}

fn starts_with_and(key: &str) -> bool {
    [
        "and", "but", "so", "und", "aber", "et", "mais", "y", "pero", "e", "ma", "en", "maar", "or",
    ]
    .contains(&key.split([' ', ',']).next().unwrap_or_default())
}

/// Whether a text has headings at all: phrases alone, or more than one short question over prose.
fn has_headings(view: &View<'_>, kept: &[usize]) -> bool {
    let heading = |&(item, next): &(&Item, &Item)| {
        item.shape == Shape::Phrase
            && item.text.starts_with(char::is_uppercase)
            && next.shape == Shape::Prose
    };
    short_lines(view, kept).any(|pair| heading(&pair)) || questions(view, kept) >= 2
}

/// How many short questions stand over prose.
fn questions(view: &View<'_>, kept: &[usize]) -> usize {
    short_lines(view, kept)
        .filter(|(item, next)| {
            item.shape == Shape::Sentence && item.text.ends_with('?') && next.shape == Shape::Prose
        })
        .count()
}

/// The short lines of a text that stand alone, each with the item below it.
fn short_lines<'v>(
    view: &'v View<'_>,
    kept: &'v [usize],
) -> impl Iterator<Item = (&'v Item, &'v Item)> {
    kept.windows(2)
        .map(|pair| (&view.items[pair[0]], &view.items[pair[1]]))
        .filter(|(item, _)| {
            item.marker == Marker::None
                && !(item.group_size > 1 && view.page.spaced)
                && item.words <= 12
        })
}
