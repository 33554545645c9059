//! The other stories that a page announces: in boxes within its text, in lists behind it. Each list
//! is followed line by line to its end.

use std::ops::Range;

use super::View;
use super::key;
use super::labels;
use super::lines::{Item, Marker};
use super::meta;
use super::names;
use super::shape::{self, Shape};
use super::teasers::{self, Line};
use super::words::{Label, Sign};
use super::{boxes, ending};
use crate::ingest::dates;
use crate::story::Related;

/// More teasers than this are an archive, not an announcement.
const MOST: usize = 60;

/// The stories that the page announces behind its text.
fn related(view: &View<'_>, from: usize, title: &str, authors: &[String]) -> Vec<Related> {
    let mut found: Vec<Related> = Vec::new();
    let mut at = from;
    let mut comments = false;
    while at < view.items.len().min(from + 1500) && found.len() < MOST {
        let heading = match view.signs[at] {
            Some(Sign::List) => true,
            // What would be one link in the midst of a text is a list below it.
            Some(Sign::Inline) => view.items[at].words <= 6 && !view.items[at].key.contains(':'),
            None => !comments && heads_teasers(view, at),
            _ => false,
        };
        comments |= view.signs[at] == Some(Sign::Comments);
        let tags = matches!(
            labels::label(&view.items[at].text),
            Some((Label::Tags | Label::Filed, ""))
        );
        if !heading || tags || view.items[at].shape == Shape::Prose {
            at += 1;
            continue;
        }
        let (teasers, next) = section(view, at, authors);
        for teaser in teasers {
            let known = found.iter().any(|other| other.title == teaser.title);
            if !known && key::of(&teaser.title) != key::of(title) {
                found.push(teaser);
            }
        }
        at = next.max(at + 1);
    }
    found.truncate(MOST);
    strip_ranks(&mut found);
    found
}

/// The stories that the page announces in the midst of its text, in the boxes that were left out
/// of it, and behind it.
pub fn all_related(
    view: &View<'_>,
    boxes: &[Range<usize>],
    from: usize,
    title: &str,
    authors: &[String],
) -> Vec<Related> {
    let mut found: Vec<Related> = Vec::new();
    let inside = boxes
        .iter()
        .filter(|range| range.start < from)
        .flat_map(|range| announced(view, range.clone()));
    for teaser in inside.chain(related(view, from, title, authors)) {
        let key = key::of(&teaser.title);
        if key == key::of(title) {
            continue;
        }
        match found.iter_mut().find(|other| key::of(&other.title) == key) {
            // What is announced twice says more the second time.
            Some(known) => {
                known.summary = known.summary.take().or(teaser.summary);
                known.published = known.published.or(teaser.published);
            }
            None => found.push(teaser),
        }
    }
    for teaser in &mut found {
        let title = without_kind(&teaser.title).to_owned();
        teaser.title = title;
    }
    found.truncate(MOST);
    found
}

/// "Plane passengers quarantined [NEWS]": without the kind of story behind it.
fn without_kind(title: &str) -> &str {
    match title.rsplit_once(" [") {
        Some((before, kind))
            if kind.ends_with(']')
                && shape::is_upper(kind)
                && shape::word_count(kind) <= 2
                && shape::word_count(before) >= 3 =>
        {
            before.trim()
        }
        _ => title,
    }
}

/// "Read more: The frozen seeds", or the links below "Related".
fn announced(view: &View<'_>, range: Range<usize>) -> Vec<Related> {
    let teaser = |title: &str| Related {
        title: title.to_owned(),
        summary: None,
        published: None,
        url: None,
    };
    let heading = &view.items[range.start];
    if let Some((label, value)) = heading.text.split_once(':')
        && shape::word_count(value) >= 2
    {
        let value = value.trim().trim_end_matches(['→', '»', '›', ' ']);
        let short = shape::word_count(label) <= 6 && shape::word_count(value) <= 30;
        return if short && boxes::leads_elsewhere(&heading.key) {
            vec![teaser(value)]
        } else {
            Vec::new()
        };
    }
    let leads = view.signs[range.start] == Some(Sign::List)
        || boxes::leads_elsewhere(&heading.key)
        || boxes::heads_links(&heading.key);
    if !leads {
        return Vec::new();
    }
    (range.start + 1..range.end)
        .filter(|&at| {
            let item = &view.items[at];
            view.signs[at].is_none()
                && !view.anchors[at]
                && item.words >= 3
                && item.shape != Shape::Prose
                && !leads_to_all(item)
        })
        .map(|at| teaser(&teasers::headline_of(view, at)))
        .collect()
}

/// "1 Woman finds twin", "2 Roundabout wins": the numbers of a ranking are not of the titles.
fn strip_ranks(found: &mut [Related]) {
    let rank = |title: &str, nth: usize| -> Option<String> {
        let rest = title
            .strip_prefix(&nth.to_string())?
            .trim_start_matches(['.', ')', ':']);
        (rest.starts_with(' ') && shape::word_count(rest) >= 2).then(|| rest.trim().to_owned())
    };
    for at in 0..found.len() {
        let run = (at..found.len())
            .take_while(|&next| rank(&found[next].title, next - at + 1).is_some())
            .count();
        if run >= 2 {
            for (nth, teaser) in found[at..at + run].iter_mut().enumerate() {
                if let Some(title) = rank(&teaser.title, nth + 1) {
                    teaser.title = title;
                }
            }
        }
    }
}

/// Whether a line no table knows stands over teasers: two or more with their dates follow.
fn heads_teasers(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    let plain = item.shape == Shape::Phrase
        && (2..=7).contains(&item.words)
        && item.marker == Marker::None
        && !view.anchors[at];
    if !plain || item.text.chars().any(|c| c.is_ascii_digit() || c == '@') {
        return false;
    }
    let dated = |next: usize| {
        view.items.get(next).is_some_and(|item| {
            item.words <= 40 && dates::find_with(&item.text, view.language).is_some()
        })
    };
    // The first teaser is two or three lines long at most.
    let first = (at + 1..at + 4).any(dated);
    let titles = (at + 1..at + 8)
        .filter(|&next| {
            view.items.get(next).is_some_and(|item| item.words >= 4) && view.signs[next].is_none()
        })
        .count();
    first && titles >= 2 && (at + 1..at + 8).filter(|&next| dated(next)).count() >= 2
}

fn section(view: &View<'_>, heading: usize, authors: &[String]) -> (Vec<Related>, usize) {
    let mut lines = Vec::new();
    let mut at = heading + 1;
    while at < view.items.len() {
        let item = &view.items[at];
        // Between entries of lists a line without a mark is the next list's heading; a group of single
        // words is a row of tabs.
        let marked = |other: usize| {
            view.items
                .get(other)
                .is_some_and(|item| item.marker != Marker::None)
        };
        let heading_between = item.shape != Shape::Rule
            && item.marker == Marker::None
            && view.signs[at].is_none()
            && item.words <= 4
            && at > heading + 1
            && marked(at - 1)
            && marked(at + 1);
        let tabs = view.page.spaced
            && item.words <= 2
            && view.group(at).all(|other| view.items[other].words <= 2)
            && view
                .group(at)
                .any(|other| view.signs[other] == Some(Sign::List));
        if heading_between || tabs && item.marker == Marker::None {
            at += 1;
            continue;
        }
        match view.signs[at] {
            Some(Sign::List) if item.words <= 6 => break,
            // "Company" over the headline of a dated teaser is its section.
            Some(Sign::Footer) if item.words <= 2 && dated_group(view, at) => {
                at += 1;
                continue;
            }
            Some(Sign::Inline) if item.words <= 4 => {
                lines.push(Line::Mark(None));
                at += 1;
                continue;
            }
            Some(
                Sign::Footer
                | Sign::Comments
                | Sign::Sponsored
                | Sign::Author
                | Sign::End
                | Sign::Signup
                | Sign::Cookies,
            ) if !is_headline(view, at) => {
                if matches!(view.signs[at], Some(Sign::Signup | Sign::Cookies)) {
                    drop_box(view, &mut lines, at);
                }
                break;
            }
            Some(Sign::Reading) => {
                lines.push(Line::Mark(None));
                at += 1;
                continue;
            }
            Some(sign)
                if item.words <= 3
                    || matches!(
                        sign,
                        Sign::Share | Sign::Ad | Sign::Credit | Sign::Aside | Sign::Signup
                    ) =>
            {
                at += 1;
                continue;
            }
            _ => {}
        }
        // The author and the place of a teaser: "Jane Doe / in / The Long Desk".
        let around_in = |next: usize| {
            view.items.get(next).is_some_and(|item| {
                matches!(item.key.as_str(), "in" | "by" | "von" | "par" | "por")
            })
        };
        if around_in(at) || around_in(at + 1) || (at > heading + 1 && around_in(at - 1)) {
            at += 1;
            continue;
        }
        // "In “The House”": where the other story stands.
        if item.words <= 5
            && item
                .text
                .get(..3)
                .is_some_and(|start| matches!(start, "In " | "in "))
            && item.text.contains(['"', '“', '«'])
        {
            at += 1;
            continue;
        }
        if !view.same_group(heading, at) && ends_section(view, at) {
            break;
        }
        // The page's foot behind a row of dashes.
        let foot = |next: usize| {
            matches!(
                view.signs.get(next),
                Some(Some(Sign::Footer | Sign::Menu | Sign::Cookies))
            )
        };
        if item.shape == Shape::Rule && (at + 1..at + 4).any(foot)
            || ending::speaks_of_house(&item.key)
                && matches!(item.shape, Shape::Prose | Shape::Sentence)
        {
            break;
        }
        if item.shape == Shape::Rule || teasers::is_ago(&item.key) {
            at += 1;
            continue;
        }
        if let Some((range, published)) = dates::find_stated(&item.text, view.language)
            && item.words <= 30
        {
            let before = item.text[..range.start]
                .trim()
                .trim_matches(['|', '·', '•', '-', '–', '—', ',', '('])
                .trim();
            let after = item.text[range.end..]
                .trim()
                .trim_matches(['|', '·', '•', '-', '–', '—', ',', ':', ')'])
                .trim();
            let rest = if shape::word_count(after) > shape::word_count(before) {
                after
            } else {
                before
            };
            let least = if item.marker != Marker::None || range.start == 0 {
                2
            } else {
                4
            };
            if shape::word_count(rest) >= least
                && !(names::is_bare_name(rest) && item.text.contains(['|', '·', '•']))
                && labels::label(rest).is_none()
                && names::byline(rest).is_none()
            {
                // Date and headline on one line.
                lines.push(Line::Text(at));
                lines.push(Line::Mark(Some(published)));
                at += 1;
                continue;
            }
            if meta::is_date_line(item, view.language) {
                lines.push(Line::Mark(Some(published)));
                at += 1;
                continue;
            }
        }
        let skipped = item.shape == Shape::Bare
            || teasers::is_short_date(&item.key)
            || leads_to_all(item)
            || view.anchors[at]
            || (names::is_bare_name(&item.text) && item.words <= 3 && authors.contains(&item.text))
            || labels::label(&item.text)
                .is_some_and(|(label, value)| value.is_empty() && label != Label::Action)
            || names::byline(&item.text).is_some_and(|names| {
                item.words <= 8 && names.iter().all(|name| names::is_name(name))
            });
        if teasers::is_short_date(&item.key) {
            lines.push(Line::Mark(None));
        } else if !skipped {
            lines.push(Line::Text(at));
        }
        at += 1;
    }
    (teasers::of(view, &lines), at)
}

/// "All press releases", "Alle Meldungen anzeigen": the link to the rest of a list.
fn leads_to_all(item: &Item) -> bool {
    let key = item.key.as_str();
    let verb = [
        "view all",
        "see all",
        "show all",
        "browse all",
        "read all",
        "voir tou",
        "ver tod",
        "vedi tutt",
        "bekijk alle",
    ];
    let all = [
        "all ",
        "alle ",
        "toutes les ",
        "tous les ",
        "todas las ",
        "todos los ",
        "tutte le ",
        "tutti i ",
        "todas as ",
        "todos os ",
    ];
    let show = [
        "anzeigen",
        "ansehen",
        "zeigen",
        "lesen",
        "im überblick",
        "bekijken",
        "tonen",
        "→",
        "»",
        "›",
    ];
    item.words <= 7
        && item.shape == Shape::Phrase
        && (verb.iter().any(|verb| key.starts_with(verb))
            || all.iter().any(|all| key.starts_with(all))
                && (item.words <= 3
                    || show.iter().any(|show| item.text.trim_end().ends_with(show))))
}

/// Takes back the lines of a newsletter's box whose button, or whose sentence, stands at `at`.
fn drop_box(view: &View<'_>, lines: &mut Vec<Line>, at: usize) {
    let last = |lines: &[Line], at: usize| match lines.last() {
        Some(Line::Text(last)) if last + 1 == at => Some(*last),
        _ => None,
    };
    let mut top = at;
    if view.items[at].shape == Shape::Phrase {
        const ASKS: [&str; 9] = [
            "subscri",
            "sign up",
            "newsletter",
            "abonn",
            "inscri",
            "suscr",
            "iscri",
            "assin",
            "anmeld",
        ];
        let sentence = last(lines, at).filter(|&last| {
            let item = &view.items[last];
            item.shape != Shape::Phrase && ASKS.iter().any(|ask| item.key.contains(ask))
        });
        let Some(sentence) = sentence else {
            return;
        };
        lines.pop();
        top = sentence;
    }
    let heading = last(lines, top).filter(|&heading| {
        let item = &view.items[heading];
        item.shape == Shape::Phrase && item.marker == Marker::None
    });
    if heading.is_some() {
        lines.pop();
    }
}

/// Whether a line shares its small group with a headline and a date.
fn dated_group(view: &View<'_>, at: usize) -> bool {
    let mut group = view.group(at);
    view.page.spaced
        && group.len() <= 5
        && group.clone().any(|other| view.items[other].words >= 4)
        && group.any(|other| meta::is_date_line(&view.items[other], view.language))
}

/// A group of short lines among which is furniture: the page's foot.
fn ends_section(view: &View<'_>, at: usize) -> bool {
    let foot = |other: usize| {
        matches!(
            view.signs[other],
            Some(Sign::Footer | Sign::Menu | Sign::Cookies | Sign::Signup)
        )
    };
    view.page.spaced
        && view.items[at].words <= 16
        && view.items[at].marker == Marker::None
        && !dated_group(view, at)
        && view.group(at).any(foot)
}

fn is_headline(view: &View<'_>, at: usize) -> bool {
    view.items[at].words >= 6
        && view.items[at].marker != Marker::None
        && view.signs[at] != Some(Sign::Footer)
}
