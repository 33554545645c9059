//! What the page is filed under: the line above the headline, or its breadcrumb.

use super::View;
use super::headline::{is_site_name, names_title, overlap};
use super::lines::{Item, Marker, key};
use super::meta;
use super::shape::{self, Shape};
use super::words::{GENERAL, HOME, Sign};

/// The section named directly above the headline.
pub fn above(view: &View<'_>, headline: usize) -> Option<Vec<String>> {
    let mut at = headline;
    for _ in 0..4 {
        at = at.checked_sub(1)?;
        let item = &view.items[at];
        let passed = matches!(
            view.signs[at],
            Some(Sign::Genre | Sign::Player | Sign::Reading | Sign::Ad)
        ) || item.shape == Shape::Rule
            || (meta::is_date_line(item, view.language) && item.words <= 12);
        if passed {
            continue;
        }
        if !is_kicker(view, at, headline) {
            return None;
        }
        let parts: Vec<String> = item
            .text
            .split(['|', '>', '»', '›', '/', '·', '•'])
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty() && !GENERAL.contains(&key(part).as_str()))
            .collect();
        return (!parts.is_empty()).then_some(parts);
    }
    None
}

fn is_kicker(view: &View<'_>, at: usize, headline: usize) -> bool {
    let item = &view.items[at];
    // At the very top the site's name and a button or two may share its lines; in a menu it is
    // one link among others.
    let top = view.group(at).start == 0;
    let alone = view.group(at).filter(|&other| other != at).all(|other| {
        other == headline
            || view.anchors[other]
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

/// The last section of the breadcrumb near the headline.
pub fn of_breadcrumb(view: &View<'_>, headline: usize) -> Option<String> {
    let near = 0..view.items.len().min(headline + 6);
    if let Some(section) = near.clone().rev().find_map(|at| upright(view, at)) {
        return Some(section);
    }
    let links = near.rev().find_map(|at| breadcrumb(&view.items[at]))?;
    let title = &view.items[headline].key;
    let last = links.iter().rev().find(|link| {
        let key = key(link);
        let year = key.chars().all(|c| c.is_ascii_digit());
        let own = key == *title || title.starts_with(key.as_str()) || overlap(title, &key);
        !year && !own && shape::word_count(link) <= 6
    })?;
    (!GENERAL.contains(&key(last).as_str())).then(|| (*last).to_owned())
}

/// "Home > News > Europe"
pub fn is_breadcrumb(item: &Item) -> bool {
    breadcrumb(item).is_some()
}

/// The links of a breadcrumb, without the first.
fn breadcrumb(item: &Item) -> Option<Vec<&str>> {
    if item.words > 40 {
        return None;
    }
    let home = |text: &str| HOME.contains(&key(text).as_str());
    let text = item.text.as_str();
    let here = text.split_once(':').filter(|(first, _)| home(first));
    let text = here.map_or(text, |(_, rest)| rest.trim());
    for mark in [
        " > ", " » ", " / ", " › ", " → ", "»", "›", ">", " · ", " \\ ",
    ] {
        let mut parts = text
            .split(mark)
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let first = parts.next()?;
        let rest: Vec<&str> = parts.collect();
        if !rest.is_empty() && (home(first) || here.is_some()) {
            return Some(rest);
        }
    }
    // "You are here: Home News Coast"
    let (first, rest) = text.split_once(' ')?;
    (here.is_some() && home(first)).then(|| rest.split(' ').collect())
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
