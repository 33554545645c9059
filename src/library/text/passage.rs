//! Passages: the piece of a text that a search found.

use std::ops::Range;

use super::{
    query::Phrase,
    terms::{self, Term},
};
use crate::story::{Passage, clean};

/// Cells of a passage, about.
const CELLS: usize = 160;

/// Cells of it before the first word that was searched for, about.
const BEFORE: usize = 48;

/// Matches that are looked at: in a text that holds the words without end, the first will do.
const MATCHES: usize = 2000;

/// A phrase found in a text.
struct Match {
    range: Range<usize>,
    /// Which phrase.
    phrase: usize,
}

/// The piece of `text` where most of the phrases stand together, the first such; none where none of
/// them stands in it.
pub(super) fn passage(text: &str, phrases: &[&Phrase]) -> Option<Passage> {
    // What stands behind Markdown's entities was not cleaned yet.
    let text = &clean::text(text);
    let matches = matches(text, phrases);
    let cluster = cluster(&matches)?;
    let (first, last) = (&matches[cluster.start], &matches[cluster.end - 1]);
    let shown = extent(text, first.range.start, last.range.end);
    let marks = matches
        .iter()
        .map(|found| found.range.clone())
        .filter(|range| shown.start <= range.start && range.end <= shown.end);
    Some(line(text, &shown, marks))
}

/// The bytes of `title` where letters of the phrases stand.
pub(super) fn letters(title: &str, phrases: &[&Phrase]) -> Vec<usize> {
    let mut letters: Vec<usize> = matches(title, phrases)
        .into_iter()
        .flat_map(|found| {
            let word = title.get(found.range.clone()).unwrap_or_default();
            let start = found.range.start;
            word.char_indices().map(move |(at, _)| start + at)
        })
        .collect();
    letters.sort_unstable();
    letters.dedup();
    letters
}

/// Where the phrases stand, in order.
fn matches(text: &str, phrases: &[&Phrase]) -> Vec<Match> {
    let longest = phrases.iter().map(|it| it.words.len()).max().unwrap_or(0);
    let mut matches = Vec::new();
    // The last words that were met: those that a phrase may end with.
    let mut met: Vec<Term<'_>> = Vec::with_capacity(longest + 1);
    for term in terms::terms(text) {
        if met.len() == longest && longest > 0 {
            met.remove(0);
        }
        met.push(term);
        for (phrase, wanted) in phrases.iter().enumerate() {
            let count = wanted.words.len();
            let Some(start) = met.len().checked_sub(count) else {
                continue;
            };
            let last = count - 1;
            let stands = met[start..]
                .iter()
                .zip(&wanted.words)
                .enumerate()
                .all(|(at, (term, word))| is_word(term.text, word, wanted.begun && at == last));
            if let (true, Some(first), Some(end)) = (stands, met.get(start), met.last()) {
                matches.push(Match {
                    range: first.start..end.end(),
                    phrase,
                });
            }
        }
        if matches.len() >= MATCHES {
            break;
        }
    }
    matches.sort_by_key(|found| found.range.start);
    matches
}

/// Whether `term` is the folded `word`, or begins with it.
fn is_word(term: &str, word: &str, begun: bool) -> bool {
    if term.is_ascii() {
        let (term, word) = (term.as_bytes(), word.as_bytes());
        return match term.get(..word.len()) {
            Some(start) if begun || term.len() == word.len() => start.eq_ignore_ascii_case(word),
            _ => false,
        };
    }
    let folded = terms::fold(term);
    folded == word || begun && folded.starts_with(word)
}

/// The matches that show in one passage, with the most different phrases among them.
fn cluster(matches: &[Match]) -> Option<Range<usize>> {
    let mut best: Option<(usize, Range<usize>)> = None;
    for start in 0..matches.len() {
        let reach = matches[start].range.start + CELLS - BEFORE;
        let mut seen: Vec<usize> = Vec::new();
        let mut end = start;
        while let Some(found) = matches.get(end) {
            if end > start && found.range.end > reach {
                break;
            }
            if !seen.contains(&found.phrase) {
                seen.push(found.phrase);
            }
            end += 1;
        }
        if best.as_ref().is_none_or(|(most, _)| seen.len() > *most) {
            best = Some((seen.len(), start..end));
        }
    }
    best.map(|(_, cluster)| cluster)
}

/// The bytes that show: from a little before `first` to where the passage is full, in whole words.
fn extent(text: &str, first: usize, last: usize) -> Range<usize> {
    let mut start = first;
    let mut cells = 0;
    for (at, c) in text[..first].char_indices().rev() {
        cells += cells_of(c);
        if cells > BEFORE {
            break;
        }
        start = at;
        // A block begins here, or a sentence not far ahead.
        if c == '\n' || (matches!(c, '.' | '!' | '?') && cells > BEFORE / 3) {
            start = at + c.len_utf8();
            break;
        }
    }
    // Not in the midst of a word, where words have an end.
    if text[..start].ends_with(char::is_alphanumeric)
        && let Some(space) = text[start..first].find(char::is_whitespace)
    {
        start += space;
    }
    let used: usize = text[start..last].chars().map(cells_of).sum();
    let mut room = CELLS.saturating_sub(used);
    let mut end = last;
    let mut word = last;
    for (at, c) in text[last..].char_indices() {
        if c.is_whitespace() || terms::is_unspaced(c) {
            word = last + at;
        }
        match room.checked_sub(cells_of(c)) {
            Some(left) => room = left,
            None => return start..word.max(last),
        }
        end = last + at + c.len_utf8();
    }
    start..end
}

fn cells_of(c: char) -> usize {
    1 + usize::from(terms::is_unspaced(c))
}

/// A piece of the text as one line, with signs where more of it follows.
fn line(text: &str, shown: &Range<usize>, marks: impl Iterator<Item = Range<usize>>) -> Passage {
    let mut out = String::with_capacity(shown.len() + 8);
    if !text[..shown.start]
        .trim_end()
        .ends_with(['.', '!', '?', '\n'])
        && !text[..shown.start].trim().is_empty()
    {
        out.push_str("… ");
    }
    let mut placed: Vec<Range<usize>> = Vec::new();
    let mut marks = marks.peekable();
    let mut open: Option<Range<usize>> = None;
    let mut opened_at = 0;
    let mut space = false;
    for (at, c) in text[shown.clone()].char_indices() {
        let at = shown.start + at;
        if let Some(mark) = &open
            && at >= mark.end
        {
            placed.push(opened_at..out.len());
            open = None;
        }
        if c.is_whitespace() {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        while open.is_none()
            && let Some(mark) = marks.next_if(|mark| mark.start <= at)
        {
            if mark.end > at {
                opened_at = out.len();
                open = Some(mark);
            }
        }
        out.push(c);
    }
    if open.is_some() {
        placed.push(opened_at..out.len());
    }
    if !text[shown.end..].trim().is_empty() {
        out.push_str(" …");
    }
    Passage {
        text: out.into(),
        marks: placed,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::query::Wording, *};
    use crate::story::query::Query;
    use proptest::prelude::*;

    fn found(text: &str, typed: &str) -> Option<Passage> {
        let query = Query::parse_typed(typed, &|_| None).ok()?.query;
        let (wording, _) = Wording::of(&query.expr, typed);
        passage(text, &wording.phrases())
    }

    fn shown(text: &str, typed: &str) -> Option<String> {
        let passage = found(text, typed)?;
        let mut shown = String::new();
        let mut at = 0;
        for mark in &passage.marks {
            shown += &passage.text[at..mark.start];
            shown += &format!("[{}]", &passage.text[mark.clone()]);
            at = mark.end;
        }
        Some(shown + &passage.text[at..])
    }

    #[test]
    fn words_are_marked_as_the_index_finds_them() {
        for (text, typed, want) in [
            (
                "The sea,\nthe Sea; seaside.",
                "sea ",
                "The [sea], the [Sea]; seaside.",
            ),
            ("The sea, the seaside.", "sea", "The [sea], the [seaside]."),
            ("Un été à Łódź", "lodz ete ", "Un [été] à [Łódź]"),
            ("In der Straße", "strasse", "In der [Straße]"),
            (
                "a reef knot and a knot",
                "\"reef knot\"",
                "a [reef knot] and a knot",
            ),
            ("私は東京に住む", "東京", "私は[東京]に住む"),
        ] {
            assert_eq!(shown(text, typed).as_deref(), Some(want));
        }
        assert_eq!(shown("nothing of it", "sea"), None);
    }

    #[test]
    fn the_place_with_most_of_the_words_is_shown() {
        let filler = "Plain words stand here and go on for a while. ".repeat(8);
        let text = format!("One knot.\n{filler}Then a reef, and a knot with it.\n{filler}");
        let shown = shown(&text, "knot reef ").unwrap();
        assert!(shown.contains("[reef], and a [knot]"), "{shown}");
        assert!(shown.chars().count() < CELLS + 12, "{shown}");
        assert!(shown.ends_with(" …"), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn marks_lie_in_the_passage(text in "([a-cé東京.,\u{301} \n]|\\PC){0,200}", typed in "[a-cé東 \"]{1,6}") {
            if let Some(passage) = found(&text, &typed) {
                prop_assert!(!passage.marks.is_empty());
                let mut end = 0;
                for mark in &passage.marks {
                    prop_assert!(mark.start >= end && mark.end > mark.start);
                    prop_assert!(passage.text.get(mark.clone()).is_some());
                    end = mark.end;
                }
                prop_assert!(!passage.text.contains('\n'));
            }
        }
    }
}
