//! The page's title and what it names: the headline, the site.

use super::View;
use super::key;
use super::lines::Item;
use super::names;

/// What stands between the parts of a page's title.
pub const TITLE_MARKS: [char; 12] = ['-', '|', '–', '—', '»', ':', '·', '•', '/', '<', '(', '›'];

/// The title in what lynx prints of a page's links first of all: "#[1]Site » Feed [2]Site » Comments [3]Site »
/// Title Comments". What the feed of comments is called in the page's language stands there twice.
pub fn told_by_feeds(page: &str) -> Option<String> {
    const PART: &str = " » ";
    const MOST: usize = 12;
    let links = page.trim_start().strip_prefix('#')?;
    let lines = links.lines().take(MOST).map(str::trim);
    let lines: Vec<&str> = lines.take_while(|it| !it.is_empty()).collect();
    let mut links = String::new();
    for (nth, link) in lines.join(" ").split('[').enumerate() {
        let numbered = link.split_once(']');
        let numbered = numbered.filter(|(it, _)| it.bytes().all(|it| it.is_ascii_digit()));
        match numbered {
            Some((_, words)) => links.push_str(words),
            None if nth == 0 => links.push_str(link),
            None => links.extend(["[", link]),
        }
    }
    let (site, _) = links.split_once(PART)?;
    let site = format!("{site}{PART}");
    let mut parts = links.split(&*site).skip(2);
    let comments = parts.next()?.trim();
    let (title, _) = parts.next()?.split_once(comments)?;
    let title = title.trim();
    (!comments.is_empty() && names_something(title)).then(|| title.to_owned())
}

/// Whether a title has words enough to be known again by them.
fn names_something(title: &str) -> bool {
    title.split_whitespace().nth(1).is_some()
}

/// The line that the links of the page name as its title.
pub fn named_by_feeds(view: &View<'_>) -> Option<usize> {
    let key = key::of(view.told.as_deref()?);
    view.items.iter().position(|it| it.key == key)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_feeds_tell_the_title() {
        let text = "   #[1]The Sea » Feed [2]The Sea » Umpan\n   Komentar [3]The Sea » A ferry\n   \
                    again Umpan Komentar [4]An older one\n\n   A ferry";
        assert_eq!(told_by_feeds(text).as_deref(), Some("A ferry again"));
        assert_eq!(
            told_by_feeds("#The Sea » Feed The Sea » Comments Feed alternate"),
            None
        );
        assert_eq!(told_by_feeds("#alternate alternate"), None);
        assert_eq!(told_by_feeds("The Sea » A ferry again"), None);
    }
}
