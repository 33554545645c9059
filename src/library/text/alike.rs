//! Stories with the same rare words, from the index.
//!
//! A word that stands in many stories says little and costs much: how many hold it is counted only up to a
//! bound, and beyond that the word is passed over. So the time has a bound too, however large the library.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{
    terms::{indexed, is_unspaced, terms},
    visible,
};
use crate::story::Story;

/// Words of which it is asked how rare they are.
const ASKED: usize = 32;

/// Words that are then looked for.
const RAREST: usize = 10;

/// Stories that a word may stand in: of more, it is common.
const COMMON: usize = 1500;

/// A word of a story stands in one part in so many of a library at most.
const SHARE: usize = 8;

/// Letters that a word has at least: shorter ones are hardly ever what a story is about.
const SHORTEST: usize = 4;

/// Stories that are ranked.
const RANKED: usize = 120;

/// What a story has in common with another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::library) struct Shared {
    /// How many rare words.
    pub words: usize,
    /// How much that is (BM25), more being more.
    pub rank: f64,
}

/// The stories that share rare words with this one, of all that are indexed; `of` is how many the library
/// has. The story itself may be among them.
pub(in crate::library) fn alike(
    connection: &Connection,
    story: &Story,
    of: usize,
    cancelled: &dyn Fn() -> bool,
) -> rusqlite::Result<HashMap<u32, Shared>> {
    let most = (of / SHARE).clamp(2, COMMON);
    let mut holders: Vec<(String, Vec<u32>)> = Vec::new();
    let mut statement = connection
        .prepare_cached("SELECT rowid FROM story_text WHERE story_text MATCH ?1 LIMIT ?2")?;
    for phrase in telling(story) {
        if cancelled() {
            return Ok(HashMap::new());
        }
        let phrase = format!("\"{phrase}\"");
        // One more, so that what is common shows itself.
        let found = statement.query_map((&phrase, most as i64 + 1), |row| row.get(0))?;
        let found: Vec<u32> = found.collect::<rusqlite::Result<_>>()?;
        if (2..=most).contains(&found.len()) {
            holders.push((phrase, found));
        }
    }
    holders.sort_by_key(|(_, found)| found.len());
    holders.truncate(RAREST);
    let mut shared: HashMap<u32, Shared> = HashMap::new();
    for (_, found) in &holders {
        let rarity = (of.max(found.len()) as f64 / found.len() as f64).ln() + 0.1;
        for id in found {
            let so_far = shared.entry(*id).or_insert(Shared {
                words: 0,
                rank: 0.0,
            });
            so_far.words += 1;
            so_far.rank += rarity;
        }
    }
    let mut first: Vec<(u32, f64)> = shared.iter().map(|(id, it)| (*id, it.rank)).collect();
    first.sort_by(|(one, a), (other, b)| b.total_cmp(a).then(other.cmp(one)));
    first.truncate(RANKED);
    if first.is_empty() || cancelled() {
        return Ok(HashMap::new());
    }
    let ids: Vec<u32> = first.into_iter().map(|(id, _)| id).collect();
    let phrases: Vec<_> = holders.iter().map(|(phrase, _)| phrase.as_str()).collect();
    // The plus keeps the stories from being looked up one by one.
    let mut ranks = connection.prepare_cached(
        "SELECT rowid, rank FROM story_text WHERE story_text MATCH ?1 \
         AND +rowid IN (SELECT value FROM json_each(?2))",
    )?;
    let list = serde_json::to_string(&ids).unwrap_or_default();
    let mut rows = ranks.query((phrases.join(" OR "), list))?;
    let mut ranked = HashMap::new();
    while let Some(row) = rows.next()? {
        let (id, rank): (u32, f64) = (row.get(0)?, row.get(1)?);
        let words = shared.get(&id).map_or(0, |it| it.words);
        ranked.insert(id, Shared { words, rank: -rank });
    }
    Ok(ranked)
}

/// The words that are likely to say what a story is about: those of its title, then those that it says
/// often and long ones. Of scripts without spaces, pairs of characters.
fn telling(story: &Story) -> Vec<String> {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    let mut order = 0;
    let mut count = |text: &str, weight: usize| {
        each_word(text, |word| {
            order += 1;
            let (count, _) = counts.entry(word).or_insert((0, order));
            *count += weight;
        });
    };
    count(&story.title, 8);
    count(&visible::visible(&story.markdown), 1);
    let mut words: Vec<(String, (usize, usize))> = counts.into_iter().collect();
    let weight = |word: &str, count: usize| count.min(8) * word.chars().count().min(12);
    words.sort_by(|(one, (a, first)), (other, (b, second))| {
        let order = weight(other, *b).cmp(&weight(one, *a));
        order.then(first.cmp(second))
    });
    words.truncate(ASKED);
    words.into_iter().map(|(word, _)| word).collect()
}

fn each_word(text: &str, mut of: impl FnMut(String)) {
    let spaced = indexed(text);
    let mut before: Option<(usize, &str)> = None;
    for term in terms(&spaced) {
        let word = if term.text.starts_with(is_unspaced) {
            let last = before.replace((term.end(), term.text));
            let beside = |end: usize| spaced.get(end..term.start).is_some_and(|it| it.len() <= 2);
            match last {
                Some((end, last)) if beside(end) => format!("{last} {}", term.text),
                _ => continue,
            }
        } else {
            before = None;
            let is_number = term.text.chars().all(char::is_numeric);
            if is_number || term.text.chars().count() < SHORTEST {
                continue;
            }
            term.text.to_ascii_lowercase()
        };
        of(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Kind;

    #[test]
    fn what_a_title_says_comes_first_and_what_is_said_often() {
        let body = "The harbour and the harbour; a lighthouse, once. In 2019 it was so.";
        let story = Story::new(Kind::Markdown, "Salt Cathedral", body);
        let words = telling(&story);
        assert_eq!(words[..4], ["cathedral", "salt", "harbour", "lighthouse"]);
        assert!(!words.contains(&"the".to_owned()) && !words.contains(&"2019".to_owned()));
        let story = Story::new(Kind::Markdown, "東京湾", "");
        assert_eq!(telling(&story), ["東 京", "京 湾"]);
    }
}
