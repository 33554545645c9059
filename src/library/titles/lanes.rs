//! Fuzzy scores of sixteen titles at once.
//!
//! The scores are nucleo's: its optimal alignment with a bonus for words' beginnings and for the
//! title's own, computed for sixteen titles side by side, a byte each, so that the compiler makes
//! one vector instruction of what would be sixteen steps with branches no processor can foretell.
//! `tests.rs` beside this file holds the two together.

/// Titles that are scored at once.
pub(super) const LANES: usize = 16;

/// The longest title that is scored here, in letters.
pub(super) const LONGEST_TITLE: usize = 255;

/// The longest word that is scored here, in letters: a longer one's score does not fit a byte.
pub(super) const LONGEST_WORD: usize = 9;

/// Bytes that stand for letters beyond ASCII which no ASCII letter finds, by their class.
pub(super) mod other {
    pub const LOWER: u8 = 0x80;
    pub const UPPER: u8 = 0x81;
    pub const LETTER: u8 = 0x82;
    pub const NUMBER: u8 = 0x83;
    pub const SPACE: u8 = 0x84;
    pub const SIGN: u8 = 0x85;
}

// The numbers of nucleo's score.rs.
const MATCH: u8 = 16;
const GAP_START: u8 = 3;
const GAP_EXTENSION: u8 = 1;
const AFTER_SPACE: u8 = 10;
const AFTER_DELIMITER: u8 = 9;
const AFTER_SIGN: u8 = 8;
const CAMEL: u8 = 5;
const CONSECUTIVE: u8 = 4;
const PREFIX: u8 = 8;

/// The best score of a word of one letter, which is what it has at the beginning of a word.
pub(super) const BEST_LETTER: u16 = MATCH as u16 + 2 * AFTER_SPACE as u16;

/// A value for each of the titles.
pub(super) type Lanes = [u8; LANES];

/// Nothing for any of them.
pub(super) const NONE: Lanes = [0; LANES];

/// Up to sixteen titles of nearly one length, a letter of each in every column: one title has one
/// lane.
#[derive(Debug, Clone)]
pub(super) struct Lot {
    letters: Vec<Lanes>,
    lengths: [u8; LANES],
    titles: usize,
}

impl Lot {
    /// A lot for titles of up to `width` letters.
    pub(super) fn new(width: usize) -> Self {
        Lot {
            letters: vec![NONE; width],
            lengths: NONE,
            titles: 0,
        }
    }

    /// Takes a title in, a letter a byte, cut to the width; gives its lane, none if all are taken.
    pub(super) fn push(&mut self, title: &[u8]) -> Option<usize> {
        let lane = self.titles;
        let length = self.lengths.get_mut(lane)?;
        *length = title.len().min(LONGEST_TITLE) as u8;
        let taken = title.len().min(self.letters.len());
        let (taken, rest) = self.letters.split_at_mut(taken);
        for (column, letter) in taken.iter_mut().zip(title) {
            column[lane] = *letter;
        }
        // Another title stood here before.
        for column in rest {
            column[lane] = 0;
        }
        self.titles += 1;
        Some(lane)
    }

    pub(super) fn len(&self) -> usize {
        self.titles
    }

    pub(super) fn is_full(&self) -> bool {
        self.titles == LANES
    }

    pub(super) fn clear(&mut self) {
        self.titles = 0;
    }
}

/// What is known of a letter of each title, and of what was matched up to it.
#[derive(Debug, Clone, Copy)]
struct Column {
    letter: Lanes,
    /// The letter, as a small one.
    small: Lanes,
    /// What a match is worth here beyond any match.
    bonus: Lanes,
    /// The score of what was matched of a word so far, if its last letter is this one; else 0.
    score: Lanes,
    /// The bonus that the run of matched letters through this one carries on.
    run: Lanes,
}

const BLANK: Column = Column {
    letter: NONE,
    small: NONE,
    bonus: NONE,
    score: NONE,
    run: NONE,
};

/// Where words are matched to a lot.
#[derive(Debug)]
pub(super) struct Board {
    columns: Vec<Column>,
    width: usize,
    lengths: [u8; LANES],
}

impl Board {
    pub(super) fn new() -> Self {
        Board {
            columns: vec![BLANK; LONGEST_TITLE],
            width: 0,
            lengths: NONE,
        }
    }

    /// Sets a lot out, to match words to it.
    pub(super) fn set(&mut self, lot: &Lot) {
        self.width = lot.letters.len().min(self.columns.len());
        self.lengths = lot.lengths;
        for (column, letters) in self.columns.iter_mut().zip(&lot.letters) {
            column.letter = *letters;
        }
        self.weigh();
    }

    /// Finds what a match is worth at each letter.
    fn weigh(&mut self) {
        // A title begins as if a space stood before it.
        let mut after = [AFTER_SPACE; LANES];
        let mut after_lower = NONE;
        let mut after_number = NONE;
        for column in &mut self.columns[..self.width] {
            for lane in 0..LANES {
                let c = column.letter[lane];
                let capital = c.wrapping_sub(b'A') < 26;
                let lower = (c.wrapping_sub(b'a') < 26) | (c == other::LOWER);
                let upper = capital | (c == other::UPPER);
                let number = (c.wrapping_sub(b'0') < 10) | (c == other::NUMBER);
                let word = lower | upper | number | (c == other::LETTER);
                let space =
                    (c == b' ') | ((c.wrapping_sub(b'\t') < 5) & (c != 0x0b)) | (c == other::SPACE);
                let delimiter = (c == b'/') | (c == b',') | (c == b':') | (c == b';') | (c == b'|');
                let edge = if space { AFTER_SPACE } else { AFTER_SIGN };
                let edge = if word { 0 } else { edge };
                let camel =
                    (upper & (after_lower[lane] != 0)) | (number & (after_number[lane] == 0));
                let camel = if camel { CAMEL } else { 0 };
                let of_word = camel.max(after[lane]);
                let of_sign = if delimiter { 0 } else { edge };
                column.bonus[lane] = if word { of_word } else { of_sign };
                column.small[lane] = if capital { c | 0x20 } else { c };
                after[lane] = if delimiter { AFTER_DELIMITER } else { edge };
                after_lower[lane] = if lower { 0xff } else { 0 };
                after_number[lane] = if number { 0xff } else { 0 };
            }
        }
    }

    /// How well each title matches a word of one to [`LONGEST_WORD`] bytes, none of them zero;
    /// 0 where it does not. Capitals match small letters with `any_case`, where the word must be
    /// small itself.
    pub(super) fn score(&mut self, word: &[u8], any_case: bool) -> Lanes {
        if any_case {
            self.score_with(word, |column| &column.small)
        } else {
            self.score_with(word, |column| &column.letter)
        }
    }

    #[inline(always)]
    fn score_with(&mut self, word: &[u8], letters: impl Fn(&Column) -> &Lanes) -> Lanes {
        let Some((first, rest)) = word.split_first() else {
            return NONE;
        };
        let columns = &mut self.columns[..self.width];
        if rest.is_empty() {
            return single(columns, *first, &self.lengths, letters);
        }
        let begins = begin(columns, *first, &letters);
        let mut ends = NONE;
        let mut best = NONE;
        for letter in rest {
            (best, ends) = advance(columns, *letter, &letters);
            if best == NONE {
                return NONE;
            }
        }
        // Where a word fits in one place only, and without a gap, nucleo counts the way to it
        // otherwise.
        for lane in 0..LANES {
            let begin = begins[lane];
            if best[lane] != 0 && begin != 0 && usize::from(ends[lane] - begin) == rest.len() {
                let wanted = PREFIX.saturating_sub(begin.saturating_mul(GAP_START) / 2);
                best[lane] = best[lane] - prefix(begin.into(), false) + wanted;
            }
        }
        best
    }
}

/// What the way from the title's beginning to a word's first letter leaves of the bonus, where
/// the title begins with that letter and where it does not.
fn prefix(column: usize, begins_title: bool) -> u8 {
    let whole = if begins_title {
        2 * PREFIX
    } else {
        2 * PREFIX - 2
    };
    whole.saturating_sub(column.min(255) as u8) / 2
}

#[inline(always)]
fn single(
    columns: &[Column],
    letter: u8,
    lengths: &Lanes,
    letters: impl Fn(&Column) -> &Lanes,
) -> Lanes {
    let mut best = NONE;
    for column in columns {
        let here = letters(column);
        for lane in 0..LANES {
            let score = MATCH + 2 * column.bonus[lane];
            let score = if here[lane] == letter { score } else { 0 };
            best[lane] = best[lane].max(score);
        }
    }
    for lane in 0..LANES {
        // A title of this one letter counts as the whole of it.
        if lengths[lane] == 1 && best[lane] != 0 {
            best[lane] += PREFIX;
        }
    }
    best
}

/// Scores a word's first letter wherever it stands, and gives the first column it stands in.
#[inline(always)]
fn begin(columns: &mut [Column], letter: u8, letters: &impl Fn(&Column) -> &Lanes) -> Lanes {
    let mut first = [u8::MAX; LANES];
    let mut begins_title = NONE;
    for (index, column) in columns.iter_mut().enumerate() {
        let at = index as u8;
        let near = prefix(index, true);
        let far = prefix(index, false);
        let here = *letters(column);
        for lane in 0..LANES {
            let is = here[lane] == letter;
            let at = if is { at } else { u8::MAX };
            first[lane] = first[lane].min(at);
            begins_title[lane] = if first[lane] == 0 { 0xff } else { 0 };
            let prefix = if begins_title[lane] != 0 { near } else { far };
            let score = MATCH + 2 * column.bonus[lane] + prefix;
            column.score[lane] = if is { score } else { 0 };
            column.run[lane] = column.bonus[lane];
        }
    }
    first
}

/// Scores a word's next letter wherever it stands behind those before it; gives the best score of
/// each title, and the last column that has one.
#[inline(always)]
fn advance(
    columns: &mut [Column],
    letter: u8,
    letters: &impl Fn(&Column) -> &Lanes,
) -> (Lanes, Lanes) {
    let mut best = NONE;
    let mut last = NONE;
    // Of the letter before: its score and run in the column before, the best score of the columns
    // before that less the gap since, and whether it was matched at all.
    let mut before = NONE;
    let mut run = NONE;
    let mut gap = NONE;
    let mut seen = NONE;
    for (index, column) in columns.iter_mut().enumerate() {
        let at = index as u8;
        let here = *letters(column);
        for lane in 0..LANES {
            let bonus = column.bonus[lane];
            let edge = if bonus >= AFTER_SIGN { bonus } else { 0 };
            let carried = run[lane].max(CONSECUTIVE).max(edge);
            let joined = before[lane].wrapping_add(carried.max(bonus));
            let joined = if before[lane] == 0 { 0 } else { joined };
            let apart = gap[lane].wrapping_add(bonus);
            let is = (here[lane] == letter) & (seen[lane] != 0);
            let score = joined.max(apart).wrapping_add(MATCH);
            let score = if is { score } else { 0 };
            let carried = if joined > apart { carried } else { bonus };
            gap[lane] = gap[lane]
                .saturating_sub(GAP_EXTENSION)
                .max(before[lane].saturating_sub(GAP_START));
            before[lane] = column.score[lane];
            run[lane] = column.run[lane];
            seen[lane] |= before[lane];
            column.score[lane] = score;
            column.run[lane] = carried;
            best[lane] = best[lane].max(score);
            last[lane] = if is { at } else { last[lane] };
        }
    }
    (best, last)
}
