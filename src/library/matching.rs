//! Fuzzy search over titles, on all cores, given up as soon as nobody waits for it.

use std::{num::NonZero, thread};

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

/// Titles that are matched between two looks at whether the result is still wanted.
const STRIDE: usize = 1024;

/// Nobody waits for the result any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the search was given up")]
pub struct Cancelled;

fn pattern(words: &str) -> Pattern {
    // Several words are matched each by itself, in any order; a capital matches only itself.
    Pattern::new(
        words,
        CaseMatching::Smart,
        Normalization::Smart,
        AtomKind::Fuzzy,
    )
}

/// The entries among `candidates` whose titles match `words`, best first; equals stay in the order
/// of `candidates`.
pub(super) fn best<'a>(
    words: &str,
    candidates: &[u32],
    title: impl Fn(u32) -> &'a str + Sync,
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<u32>, Cancelled> {
    let pattern = pattern(words);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = candidates.len().div_ceil(cores).max(STRIDE);
    let parts: Vec<Result<Vec<(u32, u32)>, Cancelled>> = thread::scope(|scope| {
        let workers: Vec<_> = candidates
            .chunks(share)
            .map(|part| scope.spawn(|| scores(&pattern, part, &title, cancelled)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or(Err(Cancelled)))
            .collect()
    });
    let mut scored = Vec::new();
    for part in parts {
        scored.extend(part?);
    }
    // Stable: equals keep the order that they came in, which is newest first.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    Ok(scored.into_iter().map(|(_, entry)| entry).collect())
}

fn scores<'a>(
    pattern: &Pattern,
    part: &[u32],
    title: &(impl Fn(u32) -> &'a str + Sync),
    cancelled: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<(u32, u32)>, Cancelled> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut scored = Vec::new();
    for stride in part.chunks(STRIDE) {
        if cancelled() {
            return Err(Cancelled);
        }
        for entry in stride {
            let text = Utf32Str::new(title(*entry), &mut buffer);
            if let Some(score) = pattern.score(text, &mut matcher) {
                scored.push((score, *entry));
            }
        }
    }
    Ok(scored)
}

/// The bytes of `title` that `words` match, in order.
pub(super) fn matched(words: &str, title: &str) -> Vec<usize> {
    let mut buffer = Vec::new();
    let mut indices = Vec::new();
    let text = Utf32Str::new(title, &mut buffer);
    let found = pattern(words).indices(text, &mut Matcher::new(Config::DEFAULT), &mut indices);
    if found.is_none() {
        return Vec::new();
    }
    indices.sort_unstable();
    indices.dedup();
    // The matcher counts grapheme clusters' first characters; the screen wants bytes.
    let starts: Vec<usize> = if title.is_ascii() {
        (0..title.len()).collect()
    } else {
        use unicode_segmentation::UnicodeSegmentation;
        title.grapheme_indices(true).map(|(at, _)| at).collect()
    };
    indices
        .into_iter()
        .filter_map(|index| starts.get(index as usize).copied())
        .collect()
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

    fn find(words: &str) -> Vec<&'static str> {
        best(words, &[0, 1, 2, 3, 4], |i| TITLES[i as usize], &|| false)
            .unwrap()
            .into_iter()
            .map(|i| TITLES[i as usize])
            .collect()
    }

    #[test]
    fn letters_in_order_are_enough_and_the_closest_title_is_first() {
        assert_eq!(find("slav")[0], "slavonic letters");
        assert!(find("slav").contains(&TITLES[1]));
        assert_eq!(find("svn kn"), ["Seven Knots"]);
        assert_eq!(find("case surv"), [TITLES[1]]);
        assert!(find("zzz").is_empty());
    }

    #[test]
    fn small_letters_match_capitals_and_accents_but_not_the_other_way() {
        assert_eq!(find("ete"), ["Été à la mer"]);
        assert_eq!(find("Slav"), [TITLES[1]]);
    }

    #[test]
    fn matched_letters_are_given_as_bytes_of_the_title() {
        assert_eq!(matched("mer", TITLES[3]), [11, 12, 13]);
        assert_eq!(matched("sk", "Seven Knots"), [0, 6]);
    }

    #[test]
    fn a_search_that_nobody_waits_for_is_given_up() {
        assert_eq!(best("a", &[0], |_| "a", &|| true), Err(Cancelled));
    }
}
