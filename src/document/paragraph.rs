//! Text to lines: broken where Unicode allows it (UAX #14), the breaks chosen over the whole
//! paragraph so that its lines are as even as can be (D. Knuth and M. Plass, "Breaking Paragraphs
//! into Lines", 1981, in textwrap's form).

use std::ops::Range;

use textwrap::{
    WordSeparator,
    core::Fragment,
    wrap_algorithms::{Penalties, wrap_first_fit, wrap_optimal_fit},
};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Hyphenation,
    block::{Marks, Role, Text},
    lines::{Line, Segment},
    width::{prefix, width},
};

/// What may be done to words at line ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Division {
    /// They stay whole; one that is wider than a line is cut without a sign.
    Never,
    /// Only those wider than a line are divided, wherever the line ends.
    Forced,
    /// They are divided where their language allows it.
    Patterns(Hyphenation),
}

/// An unbreakable piece: a word, or a part of one that ends where a hyphen may stand.
#[derive(Debug)]
struct Piece {
    range: Range<usize>,
    cells: f64,
    space: f64,
    hyphen: bool,
}

impl Fragment for Piece {
    fn width(&self) -> f64 {
        self.cells
    }

    fn whitespace_width(&self) -> f64 {
        self.space
    }

    fn penalty_width(&self) -> f64 {
        if self.hyphen { 1.0 } else { 0.0 }
    }
}

/// Narrower columns have no cell to spare for a hyphen.
const NARROWEST: usize = 6;

/// Sets `text` to lines of at most `measure` cells.
pub(super) fn set(text: &Text, role: Role, measure: usize, division: Division) -> Vec<Line> {
    lines(text, role, measure, division, |_| ())
}

/// Sets `text` to lines of `measure` cells, but for the last one before each hard break and for those
/// that would be too loose.
pub(super) fn justified(text: &Text, role: Role, measure: usize, division: Division) -> Vec<Line> {
    lines(text, role, measure, division, |line| spread(line, measure))
}

/// Sets `text`; `fill` is called with each line that another one of the same sentence follows.
fn lines(
    text: &Text,
    role: Role,
    measure: usize,
    division: Division,
    fill: impl Fn(&mut Line),
) -> Vec<Line> {
    let measure = measure.max(1);
    let mut lines = Vec::new();
    let mut start = 0;
    for hard in text.text.split('\n') {
        // What fits on one line needs no breaking: most titles, list items and cells do.
        if hard.len() <= measure && !hard.is_empty() && !hard.ends_with(' ') {
            lines.push(Line {
                segments: segments(text, role, start..start + hard.len()),
                offset: start,
                ..Line::default()
            });
            start += hard.len() + 1;
            continue;
        }
        let pieces = pieces(text, start..start + hard.len(), measure, division);
        let broken = wrap(&pieces, measure);
        for (index, line) in broken.iter().enumerate() {
            let mut line = line_of(text, role, line, start);
            if index + 1 < broken.len() {
                fill(&mut line);
            }
            lines.push(line);
        }
        start += hard.len() + 1;
    }
    lines
}

/// A title as a list shows it: at most `most` lines of at most `measure` cells, the last one with an
/// ellipsis where the title goes on.
pub fn title(text: &str, measure: usize, most: usize) -> Vec<Line> {
    let whole = Text::plain(text);
    let mut lines = set(&whole, Role::Plain, measure, Division::Forced);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            // The optimal fit may have left room that the rest can fill.
            let cut = super::width::fit(&text[last.offset..], measure);
            last.segments = vec![Segment {
                offset: Some(last.offset),
                text: cut,
                ..Segment::furniture("")
            }];
        }
    }
    lines
}

/// Lines as slices of pieces. The optimal fit gives up on numbers that it cannot add up; then the
/// lines are filled one by one.
fn wrap(pieces: &[Piece], measure: usize) -> Vec<&[Piece]> {
    let widths = [measure as f64];
    let mut penalties = Penalties::new();
    // A hyphen is worth it only where the line would else be visibly loose.
    penalties.hyphen_penalty = 120;
    wrap_optimal_fit(pieces, &widths, &penalties)
        .unwrap_or_else(|_| wrap_first_fit(pieces, &widths))
}

fn pieces(text: &Text, range: Range<usize>, measure: usize, division: Division) -> Vec<Piece> {
    let line = &text.text[range.clone()];
    let mut pieces = Vec::new();
    let mut at = range.start;
    let mut runs = text.runs.iter().peekable();
    for word in WordSeparator::UnicodeBreakProperties.find_words(line) {
        while runs.peek().is_some_and(|run| run.range.end <= at) {
            runs.next();
        }
        let literal = runs.peek().is_some_and(|run| {
            run.marks.has(Marks::CODE) || run.marks.has(Marks::MATH) || run.marks.has(Marks::NOTE)
        });
        let breaks = match division {
            Division::Patterns(patterns) if !literal => patterns.breaks(word.word),
            _ => Vec::new(),
        };
        let marked = !literal && !matches!(division, Division::Never) && is_plain(word.word);
        let mut from = 0;
        for to in breaks.into_iter().chain([word.word.len()]) {
            let last = to == word.word.len();
            let part = &word.word[from..to];
            push_fitting(&mut pieces, part, at + from, measure, (!last, marked));
            from = to;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.space = width(word.whitespace) as f64;
        }
        at += word.word.len() + word.whitespace.len();
    }
    pieces
}

/// Whether a word is made of letters, apart from what stands around it, in a script that has the
/// hyphen.
fn is_plain(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphabetic());
    let has_hyphens = |c: char| c < '\u{590}' || ('\u{1E00}'..'\u{2000}').contains(&c);
    !core.is_empty() && core.chars().all(|c| c.is_alphabetic() && has_hyphens(c))
}

/// Adds `part`; in several pieces where it is wider than a line. A hyphen may stand behind its end,
/// and behind the other pieces if they are to be marked.
fn push_fitting(
    pieces: &mut Vec<Piece>,
    part: &str,
    at: usize,
    measure: usize,
    (hyphen, marked): (bool, bool),
) {
    let (mut rest, mut at) = (part, at);
    let room = if hyphen { measure - 1 } else { measure };
    loop {
        let (mut piece, mut cells) = prefix(rest, room.max(1));
        if piece.is_empty() && !rest.is_empty() {
            // One cluster that is wider than the line: it stands alone and is clipped.
            piece = rest.graphemes(true).next().unwrap_or(rest);
            cells = width(piece);
        }
        let mut forced = false;
        if piece.len() < rest.len() && marked && room >= NARROWEST {
            let (start, short) = prefix(rest, measure - 1);
            let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            let after = rest[start.len()..].chars().next();
            forced = letter(start.chars().next_back()) && letter(after);
            if forced {
                (piece, cells) = (start, short);
            }
        }
        let whole = piece.len() == rest.len();
        pieces.push(Piece {
            range: at..at + piece.len(),
            cells: cells as f64,
            space: 0.0,
            hyphen: (hyphen && whole) || forced,
        });
        if whole {
            return;
        }
        at += piece.len();
        rest = &rest[piece.len()..];
    }
}

fn line_of(text: &Text, role: Role, pieces: &[Piece], start: usize) -> Line {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return Line {
            offset: start,
            ..Line::default()
        };
    };
    let range = first.range.start..last.range.end;
    let mut segments = segments(text, role, range.clone());
    if last.hyphen
        && let Some(end) = segments.last_mut()
    {
        end.text.push('-');
    }
    Line {
        segments,
        offset: range.start,
        ..Line::default()
    }
}

/// Spaces of a line may grow by so many cells each; where they would have to grow more, the line stays
/// as it is: a hole in the text is worse than a ragged edge.
const LOOSEST: usize = 2;

/// Makes a line `measure` cells wide: its spaces grow, the wider ones as far from each other as they
/// can be. Spaces in code and formulas are part of them.
fn spread(line: &mut Line, measure: usize) {
    let is_prose = |it: &Segment| !it.marks.has(Marks::CODE) && !it.marks.has(Marks::MATH);
    let lacking = measure.saturating_sub(line.width());
    let spaces: usize = line
        .segments
        .iter()
        .filter(|it| is_prose(it))
        .map(|it| it.text.matches(' ').count())
        .sum();
    if lacking == 0 || lacking > spaces * LOOSEST {
        return;
    }
    let grown = |spaces_before: usize| (spaces_before * lacking + spaces / 2) / spaces;
    let mut met = 0;
    let mut wider = Vec::with_capacity(line.segments.len() + 2 * spaces.min(lacking));
    for segment in line.segments.drain(..) {
        let piece = |text: &str, offset| Segment {
            text: text.to_owned(),
            offset,
            role: segment.role,
            marks: segment.marks,
            link: segment.link,
        };
        let prose = if is_prose(&segment) {
            segment.text.as_str()
        } else {
            ""
        };
        let mut from = 0;
        for (at, space) in prose.match_indices(' ') {
            let added = grown(met + 1) - grown(met);
            met += 1;
            if added > 0 {
                let end = at + space.len();
                let before = segment.offset.map(|offset| offset + from);
                wider.push(piece(&prose[from..end], before));
                wider.push(piece(&space.repeat(added), None));
                from = end;
            }
        }
        let rest = &segment.text[from..];
        if !rest.is_empty() {
            wider.push(piece(rest, segment.offset.map(|offset| offset + from)));
        }
    }
    line.segments = wider;
}

/// The styled stretches of `text` within `range`.
pub(super) fn segments(text: &Text, role: Role, range: Range<usize>) -> Vec<Segment> {
    let first = text
        .runs
        .partition_point(|run| run.range.end <= range.start);
    text.runs[first..]
        .iter()
        .take_while(|run| run.range.start < range.end)
        .map(|run| {
            let start = run.range.start.max(range.start);
            let end = run.range.end.min(range.end);
            Segment {
                text: text.text[start..end].to_owned(),
                role,
                marks: run.marks,
                link: run.link,
                offset: Some(start),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str, measure: usize) -> Vec<String> {
        set(&Text::plain(text), Role::Plain, measure, Division::Never)
            .iter()
            .map(Line::plain)
            .collect()
    }

    #[test]
    fn lines_are_even_over_the_whole_paragraph() {
        // Filled line by line the same words leave "the" alone on a line.
        assert_eq!(
            plain("To be, or not to be: that is the question", 10),
            ["To be,", "or not to", "be: that", "is the", "question"]
        );
    }

    #[test]
    fn hard_breaks_and_empty_lines_stay() {
        assert_eq!(plain("roses\n\nviolets", 20), ["roses", "", "violets"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_between_clusters() {
        assert_eq!(plain("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(plain("日本語", 3), ["日", "本", "語"]);
        assert_eq!(plain("日本", 1), ["日", "本"]);
    }

    #[test]
    fn a_hyphen_marks_a_word_that_had_to_be_divided() {
        let forced = |text: &str| -> Vec<String> {
            let lines = set(&Text::plain(text), Role::Plain, 8, Division::Forced);
            lines.iter().map(Line::plain).collect()
        };
        assert_eq!(forced("„Kapitänspatent“"), ["„Kapitä-", "nspaten-", "t“"]);
        // What is no plain word could be taken for another with a hyphen in it.
        assert_eq!(forced("example.org/abc"), ["example.", "org/abc"]);
        assert_eq!(forced("1234567890"), ["12345678", "90"]);
        assert_eq!(forced("日本語日本語"), ["日本語日", "本語"]);
    }

    #[test]
    fn closing_marks_of_cjk_do_not_begin_a_line() {
        for line in plain("これは縦書きの話です。次の文。", 8) {
            assert!(!line.starts_with('。'), "{line}");
        }
    }

    #[test]
    fn justified_lines_end_at_the_measure_but_for_the_last() {
        let text = "It was a bright cold day in April, and the clocks were striking thirteen.";
        let lines = justified(&Text::plain(text), Role::Plain, 26, Division::Never);
        assert_eq!(
            lines.iter().map(Line::plain).collect::<Vec<_>>(),
            [
                "It was  a bright  cold day",
                "in  April, and  the clocks",
                "were striking thirteen."
            ]
        );
        // What was added is no part of the text, and what follows it is where it was.
        let (mut at, line) = (lines[1].offset, &lines[1]);
        for segment in &line.segments {
            if let Some(offset) = segment.offset {
                assert_eq!(offset, at);
                assert!(text[at..].starts_with(&segment.text));
                at += segment.text.len();
            }
        }
    }

    #[test]
    fn a_line_that_would_be_full_of_holes_stays_ragged() {
        let text = Text::plain("an incomprehensibility of counterrevolutionaries");
        for line in justified(&text, Role::Plain, 24, Division::Never) {
            assert!(!line.plain().contains("    "), "{}", line.plain());
        }
    }

    #[test]
    fn styles_and_links_run_through_a_break() {
        let mut text = Text::plain("see ");
        text.push("the long page", Marks::STRONG, Some(3));
        let lines = set(&text, Role::Plain, 8, Division::Never);
        assert_eq!(
            lines.iter().map(Line::plain).collect::<Vec<_>>(),
            ["see the", "long", "page"]
        );
        for line in &lines {
            let end = line.segments.last().unwrap();
            assert_eq!((end.marks, end.link), (Marks::STRONG, Some(3)));
        }
        assert_eq!(lines[1].offset, 8);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_too_wide(
            text in "[a-zé日本👩 \n-]{0,200}", measure in 2usize..40
        ) {
            let english = Hyphenation::of_language("en").unwrap();
            let division = Division::Patterns(english);
            let lines = set(&Text::plain(&text), Role::Plain, measure, division);
            let letters = |s: &str| -> String {
                s.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
            };
            let set: String = lines.iter().map(Line::plain).collect();
            prop_assert_eq!(letters(&set), letters(&text));
            for line in &lines {
                prop_assert!(line.width() <= measure, "{:?}", line.plain());
            }
            let even = justified(&Text::plain(&text), Role::Plain, measure, division);
            for (line, even) in lines.iter().zip(&even) {
                let words = |it: &Line| it.plain().split(' ').filter(|w| !w.is_empty())
                    .map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(words(line), words(even));
                prop_assert!([line.width(), measure].contains(&even.width()));
            }
            prop_assert_eq!(lines.len(), even.len());
        }
    }
}
