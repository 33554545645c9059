//! How words match titles: fuzzily, and which letters they match.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};
use unicode_segmentation::UnicodeSegmentation;

/// Nobody waits for the result any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the search was given up")]
pub struct Cancelled;

pub(super) fn pattern(words: &str) -> Pattern {
    // Several words are matched each by itself, in any order; a capital matches only itself.
    Pattern::new(
        words,
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
        let text = Utf32Str::new(title, &mut self.buffer);
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
    fn matched_letters_are_given_as_bytes_of_the_title() {
        assert_eq!(Marker::new("mer").mark("Été à la mer"), [12, 13, 14]);
        assert_eq!(Marker::new("sk").mark("Seven Knots"), [0, 6]);
        assert!(Marker::new("zz").mark("Seven Knots").is_empty());
    }
}
