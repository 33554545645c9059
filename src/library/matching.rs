//! Fuzzy search over titles, on all cores, given up as soon as nobody waits for it.

use std::{num::NonZero, thread};

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};
use unicode_segmentation::UnicodeSegmentation;

use crate::story::as_typed;

/// Titles that are matched between two looks at whether the result is still wanted.
const STRIDE: usize = 1024;

/// Nobody waits for the result any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the search was given up")]
pub struct Cancelled;

fn pattern(words: &str) -> Pattern {
    let words: String = words.chars().map(as_typed).collect();
    // Several words are matched each by itself, in any order; a capital matches only itself.
    Pattern::new(
        &words,
        CaseMatching::Smart,
        Normalization::Smart,
        AtomKind::Fuzzy,
    )
}

fn matcher() -> Matcher {
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

/// Which of the letters a–z and digits a text holds, a bit each: what a title lacks, no search can
/// find in it, and to see that takes a nanosecond. Titles with letters beyond ASCII have all bits,
/// since accents may be left out when they are searched.
pub(super) fn letters(text: &str) -> u64 {
    if text.is_ascii() {
        bits(text)
    } else {
        u64::MAX
    }
}

/// The bits of what must be in a title that `words` match.
fn needed(words: &str) -> u64 {
    bits(words)
}

fn bits(text: &str) -> u64 {
    text.bytes().fold(0, |bits, byte| match byte {
        b'a'..=b'z' => bits | 1 << (byte - b'a'),
        b'A'..=b'Z' => bits | 1 << (byte - b'A'),
        b'0'..=b'9' => bits | 1 << (26 + byte - b'0'),
        _ => bits,
    })
}

/// A title as a search needs it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Title<'a> {
    pub text: &'a str,
    /// As [`letters`] gives them.
    pub letters: u64,
}

/// The entries among `candidates` whose titles match `words`, with their scores, in the order of
/// `candidates`.
pub(super) fn matches<'a>(
    words: &str,
    candidates: &[u32],
    title: impl Fn(u32) -> Title<'a> + Sync,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Match>, Cancelled> {
    let pattern = pattern(words);
    let needed = needed(words);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = candidates.len().div_ceil(cores).max(4 * STRIDE);
    let scored = |part| scores(&pattern, needed, part, &title, cancelled);
    let mut parts = candidates.chunks(share);
    let Some(first) = parts.next() else {
        return Ok(Vec::new());
    };
    // The first part is done on this thread: a short list needs no other.
    thread::scope(|scope| {
        let others: Vec<_> = parts
            .map(|part| scope.spawn(move || scored(part)))
            .collect();
        let mut all = scored(first)?;
        for other in others {
            all.extend(other.join().unwrap_or(Err(Cancelled))?);
        }
        Ok(all)
    })
}

/// A title that matches: how well, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    score: u32,
    pub entry: u32,
}

/// Entries, best first; equals stay in their order, which is newest first.
pub(super) fn best_first(matches: &[Match]) -> Vec<u32> {
    // Scores are small numbers, so that counting them sorts faster than comparing.
    let most = matches.iter().map(|it| it.score).max().unwrap_or(0) as usize;
    let mut starts = vec![0_usize; most + 2];
    let rank = |it: &Match| most - it.score as usize;
    for it in matches {
        starts[rank(it) + 1] += 1;
    }
    for rank in 1..starts.len() {
        starts[rank] += starts[rank - 1];
    }
    let mut sorted = vec![0; matches.len()];
    for it in matches {
        let start = &mut starts[rank(it)];
        sorted[*start] = it.entry;
        *start += 1;
    }
    sorted
}

fn scores<'a>(
    pattern: &Pattern,
    needed: u64,
    part: &[u32],
    title: &(impl Fn(u32) -> Title<'a> + Sync),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Match>, Cancelled> {
    let mut matcher = matcher();
    let mut buffer = Vec::new();
    let mut scored = Vec::new();
    for stride in part.chunks(STRIDE) {
        if cancelled() {
            return Err(Cancelled);
        }
        for entry in stride {
            let title = title(*entry);
            if title.letters & needed != needed {
                continue;
            }
            let text = haystack(title.text, &mut buffer);
            if let Some(score) = pattern.score(text, &mut matcher) {
                scored.push(Match {
                    score,
                    entry: *entry,
                });
            }
        }
    }
    Ok(scored)
}

/// Finds the letters of titles that a search matched. Making one is dear, using it is not.
pub(super) struct Marker {
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Marker {
    pub(super) fn new(words: &str) -> Self {
        Marker {
            pattern: pattern(words),
            matcher: matcher(),
            buffer: Vec::new(),
        }
    }

    /// The bytes of `title` that match, in order.
    pub(super) fn mark(&mut self, title: &str) -> Vec<usize> {
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

    const TITLES: [&str; 5] = [
        "Seven Knots",
        "The Survivors of Russia’s Most High-Profile Slavery Case",
        "Solve a valley: on maps",
        "Été à la mer",
        "slavonic letters",
    ];

    fn title(entry: u32) -> Title<'static> {
        let text = TITLES[entry as usize];
        Title {
            text,
            letters: letters(text),
        }
    }

    fn find(words: &str) -> Vec<&'static str> {
        let found = matches(words, &[0, 1, 2, 3, 4], title, &|| false).unwrap();
        best_first(&found)
            .into_iter()
            .map(|i| TITLES[i as usize])
            .collect()
    }

    #[test]
    fn letters_in_order_are_enough_and_the_closest_title_is_first() {
        // What begins with it comes first, then what begins a word with it.
        assert_eq!(find("slav"), [TITLES[4], TITLES[1], TITLES[2]]);
        assert_eq!(find("slavo")[0], TITLES[4]);
        assert_eq!(find("svn kn"), ["Seven Knots"]);
        assert_eq!(find("case surv"), [TITLES[1]]);
        assert!(find("zzz").is_empty());
    }

    #[test]
    fn small_letters_match_capitals_and_accents_but_not_the_other_way() {
        assert_eq!(find("ete")[0], "Été à la mer");
        assert_eq!(find("Slav")[0], TITLES[1]);
        assert!(!find("Slav").contains(&TITLES[4]));
    }

    #[test]
    fn signs_as_they_are_typed_find_those_that_are_printed() {
        for words in ["russia's", "russia’s most high-pr"] {
            assert_eq!(find(words), [TITLES[1]], "{words}");
        }
        // The printed apostrophe has three bytes.
        assert_eq!(Marker::new("a's").mark(TITLES[1]), [22, 23, 26]);
    }

    #[test]
    fn matched_letters_are_given_as_bytes_of_the_title() {
        assert_eq!(Marker::new("mer").mark(TITLES[3]), [12, 13, 14]);
        assert_eq!(Marker::new("sk").mark(TITLES[0]), [0, 6]);
    }

    #[test]
    fn a_search_that_nobody_waits_for_is_given_up() {
        assert_eq!(matches("a", &[0], title, &|| true), Err(Cancelled));
    }
}
