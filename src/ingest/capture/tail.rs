//! What follows the text: tags, the number of comments, teasers of other stories.

use std::ops::Range;

use super::View;
use super::lines::{Item, Marker};
use super::meta::{self, Meta};
use super::names;
use super::shape::{self, Shape};
use super::signs;
use super::split::split_list;
use super::words::{Label, Sign};
use super::{boxes, ending};
use crate::ingest::dates;
use crate::story::Related;

/// More teasers than this are an archive, not an announcement.
const MOST: usize = 60;

/// Reads the metadata that stands behind the text.
pub fn read_meta(view: &View<'_>, from: usize, meta: &mut Meta) {
    meta.below = true;
    let mut at = from;
    let mut teasers = false;
    while at < view.items.len() && at < from + 400 {
        let item = &view.items[at];
        match view.signs[at] {
            Some(Sign::List | Sign::Sponsored) => teasers = true,
            Some(Sign::Comments) => {
                if meta.comments.is_none() {
                    meta.comments = signs::comments_count(item);
                }
                // Behind their heading, what looks like a byline is a reader's.
                if item.words <= 12 {
                    teasers = true;
                }
            }
            _ => {}
        }
        let found = signs::label(&item.text).or_else(|| signs::open_label(&item.text));
        if let Some((label @ (Label::Tags | Label::Filed | Label::Category), value)) = found {
            if value.is_empty() {
                let (values, next) = list_below(view, at);
                for value in &values {
                    meta.apply(label, value);
                }
                at = next;
                continue;
            }
            if item.words <= 60 {
                meta.take(item, None);
            }
        } else if matches!(found, Some((Label::Url, value)) if value.contains("://")) {
            meta.take(item, None);
        } else if !teasers
            && view.anchors[at]
            && item.words <= 30
            && let Some(label) = meta.take(item, None)
            && let Some(next) = view.items.get(at + 1)
        {
            meta.take(next, Some(label));
            at += 1;
        }
        at += 1;
    }
}

/// The values on the lines below a label, and where they end.
fn list_below(view: &View<'_>, at: usize) -> (Vec<String>, usize) {
    let mut values = Vec::new();
    let mut next = at + 1;
    let below = |next: usize| {
        view.items.get(next).filter(|item| {
            item.words <= 8
                && matches!(item.shape, Shape::Phrase)
                && !matches!(
                    view.signs[next],
                    Some(
                        Sign::Comments
                            | Sign::List
                            | Sign::Footer
                            | Sign::Author
                            | Sign::Share
                            | Sign::Inline
                    )
                )
                && signs::label(&item.text).is_none()
        })
    };
    // Directly below, or else as the next group or as a row of short groups.
    let own = view.same_group(at, next);
    let group = view.items.get(next).map(|item| item.group);
    while let Some(item) = below(next) {
        let inside = if own {
            view.same_group(at, next)
        } else {
            Some(item.group) == group || (item.group_size == 1 && item.words <= 4)
        };
        if !inside {
            break;
        }
        values.push(item.text.clone());
        next += 1;
    }
    if let [only] = values.as_slice() {
        values = split_list(only);
    }
    (values, next)
}

/// One line of a list of teasers.
enum Line {
    Text(usize),
    /// A date, "Read more", a reading time: what ends a teaser.
    Mark(Option<crate::story::Published>),
}

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
            signs::label(&view.items[at].text),
            Some((Label::Tags | Label::Filed, ""))
        );
        if !heading || tags || view.items[at].shape == Shape::Prose {
            at += 1;
            continue;
        }
        let (teasers, next) = section(view, at, authors);
        for teaser in teasers {
            let known = found.iter().any(|other| other.title == teaser.title);
            if !known && super::lines::key(&teaser.title) != super::lines::key(title) {
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
        let key = super::lines::key(&teaser.title);
        if key == super::lines::key(title) {
            continue;
        }
        match found
            .iter_mut()
            .find(|other| super::lines::key(&other.title) == key)
        {
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
        .map(|at| teaser(&headline_of(view, at)))
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
        if item.shape == Shape::Rule || is_ago(&item.key) {
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
                && signs::label(rest).is_none()
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
            || is_short_date(&item.key)
            || leads_to_all(item)
            || view.anchors[at]
            || (names::is_bare_name(&item.text) && item.words <= 3 && authors.contains(&item.text))
            || signs::label(&item.text)
                .is_some_and(|(label, value)| value.is_empty() && label != Label::Action)
            || names::byline(&item.text).is_some_and(|names| {
                item.words <= 8 && names.iter().all(|name| names::is_name(name))
            });
        if is_short_date(&item.key) {
            lines.push(Line::Mark(None));
        } else if !skipped {
            lines.push(Line::Text(at));
        }
        at += 1;
    }
    (teasers(view, &lines), at)
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

/// Cuts the lines of a section into teasers.
fn teasers(view: &View<'_>, lines: &[Line]) -> Vec<Related> {
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
                if tiny {
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
fn headline_of(view: &View<'_>, at: usize) -> String {
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

/// "2 hours ago", "vor 3 Stunden"
fn is_ago(key: &str) -> bool {
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
