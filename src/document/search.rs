//! Finding words in a document's text.

use super::block::{Block, Body, Document};
use crate::story::as_typed;

/// A match: its block, and the bytes of the block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Index of the block.
    pub block: usize,
    /// Bytes of the block's text.
    pub range: std::ops::Range<usize>,
}

/// Every place where `words` stands, in reading order, at most `limit`. Small letters match
/// capitals too; a capital in `words` matches only itself (smart case).
pub fn find(document: &Document, words: &str, limit: usize) -> Vec<Found> {
    if words.is_empty() {
        return Vec::new();
    }
    let exact = words.chars().any(char::is_uppercase);
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let text = text_of(block);
        for range in places(&text, words, exact) {
            found.push(Found {
                block: index,
                range,
            });
            if found.len() == limit {
                return found;
            }
        }
    }
    found
}

/// Every place where a word begins with one of `words`, in reading order, at most `limit`, whatever
/// their capitals: where a search of whole texts found them.
pub fn find_each(document: &Document, words: &[String], limit: usize) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let text = text_of(block);
        let mut ranges: Vec<_> = words
            .iter()
            .filter(|word| !word.is_empty())
            .flat_map(|word| places(&text, word, false))
            .filter(|range| begins_word(&text, range.start))
            .collect();
        ranges.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        for range in ranges {
            if range.start < end {
                continue;
            }
            end = range.end;
            found.push(Found {
                block: index,
                range,
            });
            if found.len() == limit {
                return found;
            }
        }
    }
    found
}

/// Whether a word begins at byte `at`. Scripts without spaces have words everywhere.
fn begins_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
    let before = text[..at].chars().next_back().is_some_and(spaced);
    !(before && text[at..].starts_with(spaced))
}

/// The text of a block as its offsets count it.
pub(super) fn text_of(block: &Block) -> std::borrow::Cow<'_, str> {
    match &block.body {
        Body::Text { text, .. } => text.text.as_str().into(),
        Body::Code(code) => code.text.as_str().into(),
        Body::Table(table) => [&table.head]
            .into_iter()
            .chain(&table.rows)
            .flatten()
            .map(|cell| cell.text.as_str())
            .collect::<String>()
            .into(),
        Body::Rule => "".into(),
    }
}

fn places(text: &str, words: &str, exact: bool) -> Vec<std::ops::Range<usize>> {
    // Signs that are typed otherwise than they are printed need a look at each character.
    if exact && !words.contains(['\'', '"', '-']) {
        return text
            .match_indices(words)
            .map(|(at, hit)| at..at + hit.len())
            .collect();
    }
    if exact {
        return exactly(text, words);
    }
    // Lower-casing may change a text's length, so matches are found a character at a time.
    let wanted: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in text.char_indices() {
        if at < from {
            continue;
        }
        if let Some(len) = matches_at(&text[at..], &wanted) {
            out.push(at..at + len);
            from = at + len;
        }
    }
    out
}

/// Where `words` stand in capitals and small letters as they were typed.
fn exactly(text: &str, words: &str) -> Vec<std::ops::Range<usize>> {
    let matches = |rest: &str| {
        let mut got = rest.chars();
        let whole = words
            .chars()
            .all(|want| got.next().is_some_and(|got| same(want, got)));
        whole.then(|| rest.len() - got.as_str().len())
    };
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in text.char_indices() {
        let free = out.last().is_none_or(|last| last.end <= at);
        if free && let Some(len) = matches(&text[at..]) {
            out.push(at..at + len);
        }
    }
    out
}

/// The bytes of `text` that `wanted` (in small letters) matches at its beginning.
fn matches_at(text: &str, wanted: &[char]) -> Option<usize> {
    let mut wanted = wanted.iter();
    for (at, c) in text.char_indices() {
        let mut lower = c.to_lowercase().peekable();
        while let Some(small) = lower.next() {
            match wanted.next() {
                None => return Some(at),
                Some(want) if same(*want, small) => {}
                Some(_) => return None,
            }
            if wanted.as_slice().is_empty() && lower.peek().is_none() {
                return Some(at + c.len_utf8());
            }
        }
    }
    None
}

/// A line's end in the text is as good as a space in what was typed; so are printed signs.
fn same(want: char, got: char) -> bool {
    want == got || (want == ' ' && got == '\n') || want == as_typed(got)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(text: &str, words: &str) -> Vec<(usize, usize)> {
        let exact = words.chars().any(char::is_uppercase);
        places(text, words, exact)
            .into_iter()
            .map(|r| (r.start, r.end))
            .collect()
    }

    #[test]
    fn several_words_are_found_where_words_begin() {
        let text = "The sea. Overseas, a Sea\n\nSeason, season 海の本";
        let story = crate::story::Story::new(crate::story::Kind::Text, "T", text);
        let document = Document::new(&story, &jiff::tz::TimeZone::UTC);
        let words = ["sea", "season", "本"].map(str::to_owned);
        let found = find_each(&document, &words, 10);
        let hits: Vec<String> = found
            .iter()
            .map(|it| text_of(&document.blocks[it.block])[it.range.clone()].to_owned())
            .collect();
        assert_eq!(hits, ["sea", "Sea", "Season", "season", "本"]);
        assert_eq!(find_each(&document, &words, 2).len(), 2);
    }

    #[test]
    fn small_letters_match_both_capitals_only_themselves() {
        assert_eq!(spots("Recto and recto", "recto"), [(0, 5), (10, 15)]);
        assert_eq!(spots("Recto and recto", "Recto"), [(0, 5)]);
        assert_eq!(spots("ÉTÉ été", "été"), [(0, 5), (6, 11)]);
        assert_eq!(spots("two\nwords", "two words"), [(0, 9)]);
        assert_eq!(spots("aaa", "aa"), [(0, 2)]);
        assert!(spots("", "a").is_empty());
    }

    #[test]
    fn signs_as_they_are_typed_find_those_that_are_printed() {
        assert_eq!(spots("it’s – it’s", "it's"), [(0, 6), (11, 17)]);
        assert_eq!(spots("Don’t don’t", "Don't"), [(0, 7)]);
        assert_eq!(spots("It's", "It’s"), []);
    }
}
