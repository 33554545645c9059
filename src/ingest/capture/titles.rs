//! The page's title and what it names: the headline, the site.

use super::View;
use super::lines::Item;
use super::names;

/// What stands between the parts of a page's title.
pub const TITLE_MARKS: [char; 12] = ['-', '|', '–', '—', '»', ':', '·', '•', '/', '<', '(', '›'];

/// Whether a page's title has the headline as one of its parts.
pub fn names_title(title: &str, headline: &str) -> bool {
    let Some(at) = title
        .find(headline)
        .filter(|_| headline.chars().count() >= 4)
    else {
        return false;
    };
    let before = title[..at].trim_end();
    let after = title[at + headline.len()..].trim_start();
    let first = before.is_empty() && (after.is_empty() || after.starts_with(TITLE_MARKS));
    // Behind the site's name it is the longer part.
    let last = after.is_empty() && before.ends_with(TITLE_MARKS) && headline.len() > before.len();
    first || last
}

/// Whether most words of a headline are in another title.
pub fn overlap(title: &str, headline: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
            .map(str::to_owned)
            .collect()
    };
    let (title, headline) = (words(title), words(headline));
    let common = headline.iter().filter(|word| title.contains(word)).count();
    headline.len() >= 3 && common * 10 >= headline.len() * 6 && common * 10 >= title.len() * 6
}

/// Whether an item is the name of the site: last in the page's title, or in the copyright line.
pub fn is_site_name(view: &View<'_>, at: usize) -> bool {
    let key = &view.items[at].key;
    if key.chars().count() < 3 {
        return false;
    }
    let last_in = |title: &Item| {
        [" | ", " - ", " – ", " — ", " » ", " · ", " : ", " :: "]
            .iter()
            .any(|mark| {
                title
                    .key
                    .rsplit_once(mark)
                    .is_some_and(|(_, site)| site.trim() == key)
            })
    };
    let first =
        (0..view.items.len().min(12)).any(|title| title != at && last_in(&view.items[title]));
    let copyright = || {
        view.items.iter().rev().take(40).any(|item| {
            (item.key.contains('©') || item.key.starts_with("copyright"))
                && item.key.contains(key.as_str())
                && item.words <= 30
        })
    };
    // "Jane Doe, The Alder Valley Gazette"
    let house = view.items.iter().take(60).any(|item| {
        names::is_name_and_house(&item.text)
            && item.key.ends_with(key.as_str())
            && item.key.len() > key.len()
    });
    house || first || (view.items[at].words <= 4 && copyright())
}
