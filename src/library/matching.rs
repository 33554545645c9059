//! How words match titles: fuzzily, and which letters they match.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};
use unicode_segmentation::UnicodeSegmentation;

use crate::story::as_typed;

/// Nobody waits for the result any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the search was given up")]
pub struct Cancelled;

pub(super) fn pattern(words: &str) -> Pattern {
    let words: String = words.chars().map(as_typed).collect();
    // Several words are matched each by itself, in any order; a capital matches only itself.
    Pattern::new(
        &words,
        CaseMatching::Smart,
        Normalization::Smart,
        AtomKind::Fuzzy,
    )
}

pub(super) fn matcher() -> Matcher {
    let mut config = Config::DEFAULT;
    // Who types "the" mostly wants the titles that begin with it.
    config.prefer_prefix = true;
    Matcher::new(config)
}

/// A title as the matcher takes it: by the first character of each cluster, with the signs that
/// people type.
fn haystack<'a>(title: &'a str, buffer: &'a mut Vec<char>) -> Utf32Str<'a> {
    if title.is_ascii() {
        return Utf32Str::Ascii(title.as_bytes());
    }
    buffer.clear();
    let first = title.graphemes(true).filter_map(|it| it.chars().next());
    buffer.extend(first.map(as_typed));
    Utf32Str::Unicode(buffer)
}

/// Finds the letters of titles that a search matched. Making one is dear, using it is not.
#[derive(Debug)]
pub struct Marker {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Marker {
    /// Finds what `words` match.
    pub fn new(words: &str) -> Self {
        Marker {
            pattern: pattern(words),
            matcher: matcher(),
            buffer: Vec::new(),
        }
    }

    /// The bytes of `title` that match, in order.
    pub fn mark(&mut self, title: &str) -> Vec<usize> {
        let mut indices = Vec::new();
        let text = haystack(title, &mut self.buffer);
        let found = self.pattern.indices(text, &mut self.matcher, &mut indices);
        if found.is_none() {
            return Vec::new();
        }
        indices.sort_unstable();
        indices.dedup();
        if title.is_ascii() {
            return indices.into_iter().map(|index| index as usize).collect();
        }
        // The matcher counts grapheme clusters; the screen wants bytes.
        let starts: Vec<usize> = title.grapheme_indices(true).map(|(at, _)| at).collect();
        indices
            .into_iter()
            .filter_map(|index| starts.get(index as usize).copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_they_are_typed_find_those_that_are_printed() {
        let title = "The Survivors of Russia’s Most High-Profile Slavery Case";
        for words in ["russia's", "russia’s most high-pr"] {
            assert!(!Marker::new(words).mark(title).is_empty(), "{words}");
        }
        // The printed apostrophe has three bytes.
        assert_eq!(Marker::new("a's").mark(title), [22, 23, 26]);
    }

    #[test]
    fn matched_letters_are_given_as_bytes_of_the_title() {
        assert_eq!(Marker::new("mer").mark("Été à la mer"), [12, 13, 14]);
        assert_eq!(Marker::new("sk").mark("Seven Knots"), [0, 6]);
        assert!(Marker::new("zz").mark("Seven Knots").is_empty());
    }
}
