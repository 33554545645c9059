//! A tree as a list of feeds, and back.

use std::collections::{HashMap, HashSet};

use super::{Opml, Outline, read::DEEPEST};
use crate::{
    ingest::{
        feed::text,
        newsboat::is_printed,
        subscription::{Followed, Refused, address, known_by, words},
    },
    story::clean,
};

/// What the names of attributes begin with that say what a prefix stands for.
const SPACE: &str = "xmlns:";

/// The feeds of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscriptions {
    /// Those that can be followed, each once.
    pub feeds: Vec<Followed>,
    /// Those that cannot.
    pub refused: Vec<Refused>,
    /// How many outlines name a feed again.
    pub repeated: usize,
}

impl Opml {
    /// The feeds in it, in order. A feed that is named several times lies where it is named first.
    pub fn subscriptions(&self) -> Subscriptions {
        let mut found = Subscriptions::default();
        let mut seen = HashSet::new();
        let mut folder = Vec::new();
        for outline in &self.outlines {
            gather(outline, &mut folder, &mut seen, &mut found);
        }
        for feed in &mut found.feeds {
            self.say_spaces(&mut feed.attributes);
        }
        found
    }

    /// Adds what the prefixes of attributes stand for, as the root says it: they leave the document.
    fn say_spaces(&self, attributes: &mut Vec<(String, String)>) {
        for (space, address) in &self.attributes {
            let Some(prefix) = space.strip_prefix(SPACE) else {
                continue;
            };
            let is_used = |(name, _): &(String, String)| {
                name.split_once(':').is_some_and(|(its, _)| its == prefix)
            };
            if attributes.iter().any(is_used) && attributes.iter().all(|(name, _)| name != space) {
                attributes.push((space.clone(), address.clone()));
            }
        }
    }

    /// A document of this title with these feeds in their folders.
    pub fn of<'a>(title: &str, feeds: impl IntoIterator<Item = &'a Followed>) -> Opml {
        let mut shelf = Shelf::default();
        let mut spaces: Vec<(String, String)> = Vec::new();
        for feed in feeds {
            let folder = shelf.folder(&feed.folder);
            let mut outline = outline_of(feed);
            // The root says what prefixes stand for; a feed does where that is something else.
            outline.attributes.retain(|(name, address)| {
                if !name.starts_with(SPACE) {
                    return true;
                }
                let known = spaces.iter().find(|(space, _)| space == name).cloned();
                let said = known.is_some_and(|(_, its)| its != *address);
                if !said && !spaces.iter().any(|(space, _)| space == name) {
                    spaces.push((name.clone(), address.clone()));
                }
                said
            });
            shelf.put(folder, outline);
        }
        Opml {
            attributes: spaces,
            head: vec![("title".to_owned(), title.to_owned())],
            outlines: shelf.outlines(),
            ..Opml::default()
        }
    }
}

fn gather(
    outline: &Outline,
    folder: &mut Vec<String>,
    seen: &mut HashSet<String>,
    found: &mut Subscriptions,
) {
    if let Some(written) = feed_address(outline) {
        match address(written) {
            Ok(url) if seen.insert(known_by(&url)) => {
                found.feeds.push(subscription(outline, url, folder));
            }
            Ok(_) => found.repeated += 1,
            Err(reason) => {
                let name = Some(name(outline)).filter(|it| !it.is_empty());
                found.refused.push(Refused {
                    name: name.unwrap_or_else(|| clean::line(written)),
                    reason,
                    line: None,
                    wrong: !is_printed(written),
                });
            }
        }
    }
    if outline.children.is_empty() {
        return;
    }
    let name = name(outline);
    let named = !name.is_empty();
    if named {
        folder.push(name);
    }
    for child in &outline.children {
        gather(child, folder, seen, found);
    }
    if named {
        folder.pop();
    }
}

/// The address of the feed that an outline is; some programs write it as that of any link.
pub(super) fn feed_address(outline: &Outline) -> Option<&str> {
    let is_feed = outline.kind.as_deref().is_some_and(|it| {
        ["rss", "atom", "feed"]
            .iter()
            .any(|kind| it.eq_ignore_ascii_case(kind))
    });
    let other = || is_feed.then(|| outline.attribute("url")).flatten();
    let named = outline.xml_url.as_deref().or_else(other);
    named.filter(|it| !it.trim().is_empty())
}

/// What an outline is called: words, whatever markup they came in.
pub(super) fn name(outline: &Outline) -> String {
    let title = outline.title.as_deref().map(words);
    let title = title.filter(|it| !it.is_empty());
    title.unwrap_or_else(|| words(&outline.text))
}

fn subscription(outline: &Outline, url: String, folder: &[String]) -> Followed {
    let folder = match folder {
        [] => outline.attribute("category").and_then(category),
        folder => Some(folder.to_vec()),
    };
    let kind = outline.kind.iter();
    let kind = kind
        .filter(|it| *it != "rss")
        .map(|it| ("type".to_owned(), it.clone()));
    // A feed without a title is called by its address, here as elsewhere.
    let title = Some(name(outline)).filter(|it| *it != url);
    Followed {
        title: title.unwrap_or_default(),
        url,
        page: outline.html_url.clone().filter(|it| !it.is_empty()),
        folder: folder.unwrap_or_default(),
        attributes: kind.chain(outline.attributes.iter().cloned()).collect(),
    }
}

/// The folder that a category names (OPML 2.0): the first that is a path. Words without a slash before
/// them are tags.
fn category(categories: &str) -> Option<Vec<String>> {
    let mut paths = categories.split(',');
    let path = paths.find_map(|it| it.trim().strip_prefix('/'))?;
    let names = path.split('/').map(clean::line);
    let names: Vec<String> = names.filter(|it| !it.is_empty()).take(DEEPEST).collect();
    (!names.is_empty()).then_some(names)
}

fn outline_of(feed: &Followed) -> Outline {
    let is_kind = |name: &str| name == "type";
    let kind = feed.attributes.iter().find(|(name, _)| is_kind(name));
    let title = match feed.title.as_str() {
        "" => feed.url.clone(),
        title => as_words(title),
    };
    Outline {
        text: title.clone(),
        title: Some(title),
        kind: Some(kind.map_or_else(|| "rss".to_owned(), |(_, kind)| kind.clone())),
        xml_url: Some(feed.url.clone()),
        html_url: feed.page.clone(),
        attributes: feed
            .attributes
            .iter()
            .filter(|(name, _)| !is_kind(name))
            .cloned()
            .collect(),
        children: Vec::new(),
    }
}

/// A folder of this name with nothing in it.
pub(super) fn folder(name: &str) -> Outline {
    let words = as_words(name);
    Outline {
        text: words.clone(),
        title: Some(words),
        ..Outline::default()
    }
}

/// A name as the words that [`name`] finds again, whatever they look like.
fn as_words(name: &str) -> String {
    if text::visible(name) == name {
        return name.to_owned();
    }
    let mut markup = String::new();
    text::escape(name, &mut markup);
    markup
}

/// Folders while they are filled: a folder and a name lead to the folder in it.
#[derive(Default)]
struct Shelf {
    folders: Vec<Outline>,
    /// What lies in each, and in none, in order.
    contents: HashMap<Option<usize>, Vec<Item>>,
    known: HashMap<(Option<usize>, String), usize>,
}

enum Item {
    Folder(usize),
    Feed(Outline),
}

impl Shelf {
    /// The folder of this path.
    fn folder(&mut self, path: &[String]) -> Option<usize> {
        let mut at = None;
        for name in path.iter().take(DEEPEST - 1) {
            let key = (at, name.clone());
            at = Some(match self.known.get(&key) {
                Some(known) => *known,
                None => {
                    let number = self.folders.len();
                    self.folders.push(folder(name));
                    self.contents
                        .entry(at)
                        .or_default()
                        .push(Item::Folder(number));
                    self.known.insert(key, number);
                    number
                }
            });
        }
        at
    }

    fn put(&mut self, folder: Option<usize>, feed: Outline) {
        self.contents
            .entry(folder)
            .or_default()
            .push(Item::Feed(feed));
    }

    fn outlines(mut self) -> Vec<Outline> {
        // A folder was made before those in it: from the last on, all that lies in one is ready.
        let mut ready: HashMap<usize, Outline> = HashMap::new();
        while let Some(mut folder) = self.folders.pop() {
            let number = self.folders.len();
            folder.children = taken(self.contents.remove(&Some(number)), &mut ready);
            ready.insert(number, folder);
        }
        taken(self.contents.remove(&None), &mut ready)
    }
}

fn taken(items: Option<Vec<Item>>, ready: &mut HashMap<usize, Outline>) -> Vec<Outline> {
    let outlines = items.into_iter().flatten().filter_map(|it| match it {
        Item::Folder(number) => ready.remove(&number),
        Item::Feed(feed) => Some(feed),
    });
    outlines.collect()
}
