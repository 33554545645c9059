//! What newsboat keeps of its feeds: the file `urls`, read, and the stories of its `cache.db`.
//!
//! ```text
//! https://example.org/feed.xml news "cool stuff" "~The title" !
//! "query:Unread:unread = \"yes\" and age < 7"
//! exec:~/bin/feed.sh
//! ```
//!
//! A feed's first tag becomes its folder, its others become queries for what their feeds have. Query feeds become queries of recto's own where each of their
//! conditions has one that means the same; what has none is refused with the reason, for half a query
//! finds other stories than were meant. `exec:` and `filter:` are refused and never run.

mod command;
mod filter;
mod item;
mod line;
mod meaning;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

pub(in crate::ingest) use command::Printed;
pub use command::{is_printed, printed_by};
pub use item::Item;

use super::{
    decode,
    subscription::{Followed, Refused, address, known_by},
};
use crate::story::clean;

/// Bytes of the longest file.
const LARGEST: usize = 16 * 1024 * 1024;

/// What a `urls` file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Urls {
    /// The feeds, each once.
    pub feeds: Vec<Feed>,
    /// The query feeds.
    pub searches: Vec<Search>,
    /// The tags that are no folders, as queries for what their feeds have.
    pub tags: Vec<Search>,
    /// The lines that cannot come in.
    pub refused: Vec<Refused>,
    /// How many lines name a feed again. Their tags count with those of the first.
    pub repeated: usize,
}

/// A feed of a `urls` file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// It, with its first tag as its folder and all tags as its `category`.
    pub subscription: Followed,
    /// All its tags, in order.
    pub tags: Vec<String>,
    /// Whether it is not listed, and its stories are found by queries alone.
    pub hidden: bool,
    /// The line on which it stands.
    pub line: usize,
}

/// A query feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Its name.
    pub name: String,
    /// What it finds, in recto's language of queries.
    pub query: String,
    /// The line on which it stands.
    pub line: usize,
}

/// The tag that stands for a flag. Tags know no capitals, flags do.
pub fn flag_tag(flag: char) -> Option<String> {
    match flag {
        'a'..='z' => Some(format!("flag-{flag}")),
        'A'..='Z' => Some(format!("flag-capital-{}", flag.to_ascii_lowercase())),
        _ => None,
    }
}

/// Reads a `urls` file. `title` gives the title of the feed at an address, where it is known
/// (`cache.db` has them): queries that speak of feeds by their addresses or tags need it.
pub fn read(bytes: &[u8], title: &dyn Fn(&str) -> Option<String>) -> Urls {
    let mut urls = Urls::default();
    if bytes.len() > LARGEST {
        urls.refuse(1, "urls", "the file is too large: 16 MB are the most");
        return urls;
    }
    let text = decode::text(bytes, true);
    let mut seen = HashMap::new();
    let mut queries = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let words = line::words(line);
        let Some((first, tags)) = words.split_first() else {
            continue;
        };
        match first.strip_prefix("query:") {
            Some(query) => queries.push((number, query.to_owned())),
            None => urls.feed(number, first, tags, &mut seen),
        }
    }
    for feed in &mut urls.feeds {
        let it = &mut feed.subscription;
        if it.title.is_empty() {
            it.title = title(&it.url)
                .map(|it| clean::line(&it))
                .unwrap_or_default();
        }
    }
    // A query may speak of feeds below it.
    let mut names = HashSet::new();
    for (number, query) in queries {
        urls.query(number, &query, &mut names);
    }
    urls.refused.sort_by_key(|it| it.line);
    urls.tags = tag_queries(&urls.feeds, &names);
    urls
}

/// A query for each tag that is not the folder of all its feeds, but where a query feed has its name: with the
/// tag chosen newsboat lists its feeds.
fn tag_queries(feeds: &[Feed], names: &HashSet<String>) -> Vec<Search> {
    let mut queries: Vec<Search> = Vec::new();
    for feed in feeds {
        for tag in feed.tags.iter().skip(1) {
            // Two rows whose names differ in a capital are one too many.
            let is_tag = |name: &&String| name.to_lowercase() == tag.to_lowercase();
            if names.iter().any(|name| is_tag(&name)) || queries.iter().any(|it| it.name == *tag) {
                continue;
            }
            let with_it = feeds.iter().filter(|it| it.tags.contains(tag)).collect();
            queries.push(Search {
                name: tag.clone(),
                query: meaning::of_these(with_it),
                line: feed.line,
            });
        }
    }
    queries
}

impl Urls {
    fn refuse(&mut self, line: usize, name: &str, reason: &str) {
        self.refused.push(Refused {
            name: clean::line(name),
            reason: reason.to_owned(),
            line: Some(line),
            wrong: false,
        });
    }

    fn feed(
        &mut self,
        line: usize,
        first: &str,
        tags: &[String],
        seen: &mut HashMap<String, usize>,
    ) {
        let url = match address(first) {
            Ok(url) => url,
            Err(reason) => {
                // Its title and its folder go along into the settings.
                let mut feed = Feed::default();
                feed.tagged(tags);
                let of = &feed.subscription;
                let folder = of.folder.first().map_or("", |it| it);
                let told = command::refusal(first, &of.title, folder);
                let wrong = told.is_none();
                self.refuse(line, first, &told.unwrap_or(reason));
                if let Some(refused) = self.refused.last_mut() {
                    refused.wrong = wrong;
                }
                return;
            }
        };
        let number = *seen.entry(known_by(&url)).or_insert(self.feeds.len());
        if number == self.feeds.len() {
            self.feeds.push(Feed {
                subscription: Followed {
                    url,
                    ..Followed::default()
                },
                line,
                ..Feed::default()
            });
        } else {
            self.repeated += 1;
        }
        if let Some(feed) = self.feeds.get_mut(number) {
            feed.tagged(tags);
        }
    }

    fn query(&mut self, line: usize, text: &str, names: &mut HashSet<String>) {
        let Some((name, filter)) = text.split_once(':') else {
            return self.refuse(
                line,
                text,
                "a query feed is written query:NAME:FILTER; this one has no filter",
            );
        };
        let name = clean::line(name);
        if name.is_empty() {
            return self.refuse(line, filter, "this query feed has no name");
        }
        names.insert(name.clone());
        let read = filter::parse(filter).and_then(|it| meaning::query(&it, &self.feeds));
        let namesake = self.searches.iter().find(|it| it.name == name);
        match (read, namesake) {
            (Ok(query), None) => self.searches.push(Search { name, query, line }),
            // The same twice is one.
            (Ok(query), Some(it)) if it.query == query => {}
            (Ok(_), Some(it)) => {
                let reason = format!(
                    "the query feed on line {} has this name; give this one another name there, and import again",
                    it.line
                );
                self.refuse(line, &name, &reason);
            }
            (Err(reason), _) => self.refuse(line, &name, &reason),
        }
    }
}

impl Feed {
    fn tagged(&mut self, tags: &[String]) {
        for tag in tags {
            if let Some(title) = tag.strip_prefix('~') {
                let title = clean::line(title);
                if self.subscription.title.is_empty() {
                    self.subscription.title = title;
                }
            } else if tag.starts_with('!') {
                self.hidden = true;
            } else {
                let tag = clean::line(tag);
                if !tag.is_empty() && !self.tags.contains(&tag) {
                    self.tags.push(tag);
                }
            }
        }
        let it = &mut self.subscription;
        it.folder = self.tags.first().cloned().into_iter().collect();
        // As OPML has it, tags stand between commas, and a slash before one makes a folder of it.
        let category: Vec<String> = self
            .tags
            .iter()
            .map(|it| it.replace(',', " ").trim_start_matches('/').to_owned())
            .collect();
        it.attributes = match category.is_empty() {
            true => Vec::new(),
            false => vec![("category".to_owned(), category.join(","))],
        };
    }
}
