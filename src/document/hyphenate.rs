//! Where words may be divided, by language.

use std::{fmt, sync::Arc};

use hyphenation::{Hyphenator, Language, Load, Standard};

/// Shorter words are not worth a hyphen.
const SHORTEST: usize = 6;

/// The division patterns of one language (F. M. Liang, "Word Hy-phen-a-tion by Com-put-er", 1983).
#[derive(Clone)]
pub struct Hyphenation(Arc<Standard>);

impl Hyphenation {
    /// The patterns for a BCP 47 language tag; none for a language that recto has no patterns of.
    /// Takes some milliseconds: load it on a worker and keep it.
    pub fn of_language(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or(tag);
        if !language.eq_ignore_ascii_case("en") {
            return None;
        }
        Standard::from_embedded(Language::EnglishUS)
            .ok()
            .map(|patterns| Hyphenation(Arc::new(patterns)))
    }

    /// Byte offsets at which `word` may be divided. Punctuation around the word is allowed; words
    /// that are no plain words (names with capitals inside, numbers, addresses) are left whole.
    pub(super) fn breaks(&self, word: &str) -> Vec<usize> {
        let start = word.len() - word.trim_start_matches(|c: char| !c.is_alphabetic()).len();
        let core = word[start..].trim_end_matches(|c: char| !c.is_alphabetic());
        let plain = core.chars().all(char::is_alphabetic)
            && core.chars().skip(1).all(|c| !c.is_uppercase());
        if !plain || core.chars().count() < SHORTEST {
            return Vec::new();
        }
        let divided = self.0.hyphenate(core);
        divided.breaks.iter().map(|at| start + at).collect()
    }
}

impl fmt::Debug for Hyphenation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hyphenation")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_divide_where_english_readers_expect_it() {
        let english = Hyphenation::of_language("en-GB").unwrap();
        assert_eq!(english.breaks("hyphenation"), [2, 6, 7]);
        assert_eq!(english.breaks("“hyphenation,”"), [5, 9, 10]);
        for whole in [
            "short",
            "McMillanTown",
            "a1b2c3d4",
            "https://example.org/reading",
        ] {
            assert!(english.breaks(whole).is_empty(), "{whole}");
        }
    }

    #[test]
    fn a_language_without_patterns_is_not_divided() {
        assert!(Hyphenation::of_language("de").is_none());
    }
}
