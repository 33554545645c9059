//! What the page is filed under: the line above the headline, or its breadcrumb.

use super::View;
use super::breadcrumb::{self, is_breadcrumb};
use super::head::Head;
use super::key;
use super::lines::Marker;
use super::meta;
use super::shape::{self, Shape};
use super::titles::{is_site_name, names_title, overlap};
use super::words::{GENERAL, HOME, Sign};

/// The section named directly above the headline.
pub fn above(view: &View<'_>, headline: usize) -> Option<Vec<String>> {
    // "Library of Things", in the title "Library of Things: A town lends itself", and the section
    // above it.
    let mut own: Option<usize> = None;
    for at in (headline.saturating_sub(4)..headline).rev() {
        let item = &view.items[at];
        let passed = matches!(
            view.signs[at],
            Some(Sign::Genre | Sign::Player | Sign::Reading | Sign::Ad)
        ) || item.shape == Shape::Rule
            || (meta::is_date_line(item, view.language) && item.words <= 12);
        if passed {
            continue;
        }
        let kicker = is_kicker(view, at, headline);
        if own.is_none() && is_kicker_of_title(view, at, headline) {
            own = kicker.then_some(at);
            continue;
        }
        if !kicker {
            break;
        }
        return parts(&item.text);
    }
    own.and_then(|at| parts(&view.items[at].text))
}

/// The line directly above the headline, where a tag below the text names it again: a menu without
/// empty lines around it may have hidden that it is the section.
pub fn tagged(view: &View<'_>, head: &Head, tags: &[String]) -> Option<String> {
    let at = head.headline?.checked_sub(1)?;
    let item = &view.items[at];
    let plain = view.signs[at].is_none() && !view.anchors[at] && item.marker == Marker::None;
    let named = tags.iter().any(|tag| key::of(tag) == item.key);
    (plain && named && item.words <= 4).then(|| item.text.clone())
}

/// The sections that a line names; none where they are too general.
fn parts(text: &str) -> Option<Vec<String>> {
    let parts = text
        .split(['|', '>', '»', '›', '/', '·', '•'])
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty());
    // "News › Coast" leads from the general to the section, "News · Health" names two.
    let trail = text.contains(['>', '»', '›', '/']);
    let parts: Vec<String> = parts.collect();
    let general = |part: &String| GENERAL.contains(&key::of(part).as_str());
    let drop = trail || parts.iter().all(general);
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|part| !drop || !general(part))
        .collect();
    (!parts.is_empty()).then_some(parts)
}

fn is_kicker(view: &View<'_>, at: usize, headline: usize) -> bool {
    let item = &view.items[at];
    // At the very top the site's name and a button or two may share its lines; in a menu it is
    // one link among others.
    let top = view.group(at).start == 0;
    let alone = view.group(at).filter(|&other| other != at).all(|other| {
        other == headline
            || view.anchors[other]
            || is_kicker_of_title(view, other, headline)
            || view.signs[other] == Some(Sign::Genre)
            || (top && (other == 0 || view.signs[other].is_some()))
    });
    alone
        && at > 0
        && view.signs[at].is_none()
        && item.shape == Shape::Phrase
        && item.words <= 5
        && item.text.chars().count() <= 40
        && item.marker == Marker::None
        && !item.text.ends_with([',', ':'])
        && !item.text.contains(": ")
        && !item.text.chars().any(|c| c.is_ascii_digit())
        && !item.text.starts_with(['[', '('])
        && !is_breadcrumb(item)
        && !names_title(&item.key, &view.items[headline].key)
        && !is_site_name(view, at)
        && !GENERAL.contains(&item.key.as_str())
}

/// The section in the page's title, "Headline | Culture | The Daily", if it stands above the
/// headline, too.
pub fn of_title(view: &View<'_>, headline: usize) -> Option<String> {
    let title = view.items.first().filter(|_| headline > 0)?;
    let parts: Vec<&str> = [" | ", " - ", " – "]
        .iter()
        .map(|mark| title.text.split(mark).collect::<Vec<&str>>())
        .find(|parts| parts.len() >= 3)?;
    let inner = parts.get(1..parts.len() - 1)?;
    let above = headline.saturating_sub(4).max(1)..headline;
    above
        .filter(|&at| view.items[at].words <= 4 && view.items[at].marker == Marker::None)
        .filter(|&at| view.signs[at].is_none())
        .find(|&at| {
            let named = inner.iter().any(|part| key::of(part) == view.items[at].key);
            named && !GENERAL.contains(&view.items[at].key.as_str())
        })
        .map(|at| view.items[at].text.clone())
}

/// Whether the page's title has this line and a colon before its headline.
fn is_kicker_of_title(view: &View<'_>, at: usize, headline: usize) -> bool {
    let title = &view.items[0].key;
    at > 0
        && at < headline
        && title
            .strip_prefix(view.items[at].key.as_str())
            .and_then(|rest| rest.strip_prefix(": "))
            .is_some_and(|rest| rest.starts_with(view.items[headline].key.as_str()))
}

/// The last section of the breadcrumb near the headline.
pub fn of_breadcrumb(view: &View<'_>, headline: usize) -> Option<String> {
    let near = 0..view.items.len().min(headline + 6);
    if let Some(section) = near.clone().rev().find_map(|at| upright(view, at)) {
        return Some(section);
    }
    let links = near
        .rev()
        .find_map(|at| breadcrumb::links(&view.items[at]))?;
    let title = &view.items[headline].key;
    let last = links.iter().rev().find(|link| {
        let key = key::of(link);
        let year = key.chars().all(|c| c.is_ascii_digit());
        let own = key == *title || title.starts_with(key.as_str()) || overlap(title, &key);
        !year && !own && shape::word_count(link) <= 6
    })?;
    (!GENERAL.contains(&key::of(last).as_str())).then(|| (*last).to_owned())
}

/// "Home / > / Society", each on its own line: the last link, where its line is `at`.
fn upright(view: &View<'_>, at: usize) -> Option<String> {
    let text = |at: usize| view.items[at].text.as_str();
    let parted = |at: usize| matches!(text(at), ">" | "/" | "›" | "»" | "→");
    if at < 2 || !parted(at - 1) || parted(at) || view.items[at].words > 4 {
        return None;
    }
    let first = (1..at)
        .rev()
        .step_by(2)
        .take_while(|&mark| parted(mark))
        .last()?
        - 1;
    let home = HOME.contains(&view.items[first].key.as_str());
    (home && !GENERAL.contains(&view.items[at].key.as_str())).then(|| text(at).to_owned())
}
