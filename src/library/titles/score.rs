//! Scores titles on one thread: most of them sixteen at a time, odd ones by nucleo.

use nucleo_matcher::{Matcher, Utf32Str};

use super::{
    lanes::{BEST_LETTER, Board, LANES, LONGEST_TITLE, Lot},
    query::Word,
    segment::{BITS, CAPACITY, Segment, Slot},
};
use crate::library::matching::{self, Cancelled};

/// Titles whose lengths differ by less share a lot, which is as wide as the longest may be.
const STEP: usize = 8;

/// Titles between two looks at whether the result is still wanted.
const STRIDE: usize = 1024;

/// A title that matches, or may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub slot: Slot,
    /// The score of all words but the last, which another last word need not find again.
    pub before: u16,
    /// The score of all words.
    pub score: u16,
}

/// The segment of a slot, and the title's index in it.
pub(super) fn at(segments: &[Segment], slot: Slot) -> (&Segment, usize) {
    (
        &segments[slot as usize >> BITS],
        slot as usize & (CAPACITY - 1),
    )
}

/// Titles that wait to be matched at once, and which of the hits they are.
struct Waiting {
    lot: Lot,
    hits: [u32; LANES],
}

/// Matches words to titles; it keeps its memory from one lot of titles to the next.
pub(super) struct Scorer<'a> {
    segments: &'a [Segment],
    words: &'a [Word],
    /// Bits of titles that no word can match better; 0 if there are none such.
    best: u64,
    /// By the lengths of titles, in steps.
    waiting: Vec<Waiting>,
    board: Board,
    /// Nucleo's memory is large, and mostly nobody needs it.
    matcher: Option<Matcher>,
    buffer: Vec<char>,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(segments: &'a [Segment], words: &'a [Word]) -> Self {
        let initials = || words.iter().map(Word::initial);
        let all = initials().all(|it| it != 0);
        let waiting = (0..=LONGEST_TITLE / STEP).map(|step| Waiting {
            lot: Lot::new((step + 1) * STEP - 1),
            hits: [0; LANES],
        });
        Scorer {
            segments,
            words,
            best: initials().fold(0, |all, it| all | it) * u64::from(all),
            waiting: waiting.collect(),
            board: Board::new(),
            matcher: None,
            buffer: Vec::new(),
        }
    }

    /// Matches the words to titles whose `before` holds the score of any words before these, and
    /// leaves those that match.
    pub(super) fn score(
        &mut self,
        hits: &mut Vec<Hit>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), Cancelled> {
        let most = BEST_LETTER.saturating_mul(self.words.len().try_into().unwrap_or(u16::MAX));
        let words = self.words.iter();
        let in_lanes = words.filter(|it| it.letters.is_some()).count() > 0;
        for index in 0..hits.len() {
            if index % STRIDE == 0 && cancelled() {
                return Err(Cancelled);
            }
            let hit = &mut hits[index];
            hit.score = 0;
            let (segment, title) = at(self.segments, hit.slot);
            if self.best != 0 && segment.bits[title] & self.best == self.best {
                hit.score = hit.before.saturating_add(most);
                hit.before = hit.score - BEST_LETTER;
                continue;
            }
            let Some(letters) = segment.letters(title).filter(|_| in_lanes) else {
                self.score_odd(hit);
                continue;
            };
            // Titles are set out in the order in which they lie in memory, which is what memory is
            // quick at.
            let step = letters.len() / STEP;
            let waiting = &mut self.waiting[step];
            if let Some(lane) = waiting.lot.push(letters) {
                waiting.hits[lane] = index as u32;
            }
            if waiting.lot.is_full() {
                self.score_lot(step, hits);
            }
        }
        for step in 0..self.waiting.len() {
            self.score_lot(step, hits);
        }
        hits.retain(|hit| hit.score != 0);
        Ok(())
    }

    /// Scores the hits that wait, up to sixteen at once.
    fn score_lot(&mut self, step: usize, hits: &mut [Hit]) {
        let Waiting { lot, hits: lanes } = &mut self.waiting[step];
        let titles = lot.len();
        if titles == 0 {
            return;
        }
        self.board.set(lot);
        lot.clear();
        let lanes = *lanes;
        let lanes = &lanes[..titles];
        let mut sums = [0_u16; LANES];
        for (sum, index) in sums.iter_mut().zip(lanes) {
            *sum = hits[*index as usize].before;
        }
        let mut before = sums;
        // Lanes that no title waits in have an old one.
        let mut matched = [0; LANES];
        matched[..titles].fill(u8::MAX);
        let mut left = false;
        for word in self.words {
            before = sums;
            let Some(letters) = &word.letters else {
                left = true;
                continue;
            };
            let scores = self.board.score(letters, word.any_case);
            for lane in 0..LANES {
                sums[lane] = sums[lane].saturating_add(scores[lane].into());
                matched[lane] = matched[lane].min(scores[lane]);
            }
            if matched == [0; LANES] {
                return;
            }
        }
        for (lane, index) in lanes.iter().enumerate().filter(|it| matched[it.0] != 0) {
            let hit = &mut hits[*index as usize];
            if left {
                self.score_odd(hit);
            } else {
                hit.before = before[lane];
                hit.score = sums[lane];
            }
        }
    }

    /// Scores a hit that does not fit in lanes, or a word of which does not.
    fn score_odd(&mut self, hit: &mut Hit) {
        let (segment, index) = at(self.segments, hit.slot);
        let matcher = self.matcher.get_or_insert_with(matching::matcher);
        let title = Utf32Str::new(segment.title(index), &mut self.buffer);
        let mut sum = hit.before;
        for word in self.words {
            hit.before = sum;
            match word.atom.score(title, matcher) {
                Some(score) => sum = sum.saturating_add(score),
                None => return,
            }
        }
        hit.score = sum;
    }
}
