//! What the addresses at the end of a text browser's print say of the page: the buttons to share it hand
//! its title and its own address on to other sites.

use super::key;
use super::links;
use super::titles;
use crate::story::link;

/// The titles and addresses that a page hands on.
#[derive(Debug, Default)]
pub struct Shared {
    /// The titles, as keys, and how often each is handed on.
    titles: Vec<(String, usize)>,
    /// The addresses, each once.
    addresses: Vec<String>,
}

/// What the list of addresses below a print hands on; nothing where there is no such list.
pub fn shared(page: &str) -> Shared {
    /// No page has more buttons to share it, unless each of its links to other stories has some.
    const MOST: usize = 60;
    let mut shared = Shared::default();
    let Some(start) = links::references(page) else {
        return shared;
    };
    for line in page[start..].lines() {
        let Some((_, query)) = line.split_once('?') else {
            continue;
        };
        let query = query.replace("&amp;", "&");
        for (name, value) in query.split('&').filter_map(|it| it.split_once('=')) {
            let value = || link::decode_percent(&value.replace('+', " "));
            match name.trim_start_matches("amp;") {
                "title" | "text" | "subject" | "t" | "headline" => {
                    let value = value();
                    let told = value.split("http").next().unwrap_or_default();
                    let key =
                        key::of(told.trim_matches(|c: char| !c.is_alphanumeric() && c != '?'));
                    if let Some((_, times)) = shared.titles.iter_mut().find(|(it, _)| *it == key) {
                        *times += 1;
                    } else if key.split(' ').nth(2).is_some() {
                        shared.titles.push((key, 1));
                    }
                }
                "u" | "url" | "link" | "uri" => {
                    let value = value();
                    let address = value.split(['#', '?']).next().unwrap_or_default();
                    let known = shared.addresses.iter().any(|it| it == address);
                    if links::is_url(address) && !known {
                        shared.addresses.push(address.to_owned());
                    }
                }
                _ => {}
            }
        }
        if shared.titles.len() + shared.addresses.len() >= MOST {
            break;
        }
    }
    shared
}

impl Shared {
    /// Whether a title that is handed on has this line as a part of its own. Other stories that the page
    /// shows may have buttons, too, but fewer.
    pub fn names(&self, line: &str) -> bool {
        let bare = line.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?');
        let most = self
            .titles
            .iter()
            .map(|(_, times)| *times)
            .max()
            .unwrap_or(0);
        let own = self.titles.iter().filter(|(_, times)| times * 2 > most);
        own.map(|(title, _)| title.as_str())
            .any(|title| title == bare || titles::names_title(title, bare))
    }

    /// The page's own address, known by the words of its title: "/2021/the-last-bell-is-cast".
    pub fn address(&self, title: &str) -> Option<&str> {
        const TELLING: usize = 3;
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|c: char| !c.is_alphanumeric());
            let told = words.filter(|word| word.len() > 1 && word.is_ascii());
            told.map(str::to_lowercase).collect()
        };
        let title = words(title);
        let telling = |address: &&String| {
            let Some(slug) = address.split('/').skip(3).map(words).max_by_key(Vec::len) else {
                return false;
            };
            let common = title.iter().filter(|word| slug.contains(word)).count();
            common >= TELLING && common * 4 >= title.len() * 3 && common * 2 >= slug.len()
        };
        self.addresses.iter().find(telling).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_to_share_a_page_tell_its_title_and_its_address() {
        let page = "   [1]The last bell is cast\n\n   A text.\n\nReferences\n\n   \
                    1. https://net.example/share?url=https%3A%2F%2Fbells.example%2Fn%2Fthe-last-bell-is-cast-77%3Fa%3D1&amp;\
                    text=The%20last%20bell%20is%20cast%20%7C%20Bells%20https://bells.example\n   \
                    2. mailto:?subject=An+older+story&body=Read\n   3. https://bells.example/n/other?page=2\n";
        let shared = shared(page);
        assert!(shared.names("the last bell is cast"));
        assert!(shared.names("an older story"));
        assert!(!shared.names("the last"));
        assert_eq!(
            shared.address("the last bell is cast"),
            Some("https://bells.example/n/the-last-bell-is-cast-77")
        );
        assert_eq!(shared.address("a bell for the north"), None);
    }

    #[test]
    fn pages_without_a_list_of_addresses_hand_nothing_on() {
        let shared = shared("A text?title=of its own & more\n");
        assert!(shared.titles.is_empty() && shared.addresses.is_empty());
    }
}
