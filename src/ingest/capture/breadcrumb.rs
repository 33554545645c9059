//! Trails of links from the site's front page to the story.

use super::key;
use super::lines::Item;
use super::words::HOME;

/// "Home > News > Europe"
pub fn is_breadcrumb(item: &Item) -> bool {
    links(item).is_some()
}

/// The links of a breadcrumb, without the first.
pub fn links(item: &Item) -> Option<Vec<&str>> {
    if item.words > 40 {
        return None;
    }
    let home = |text: &str| HOME.contains(&key::of(text).as_str());
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
