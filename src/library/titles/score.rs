//! Scores titles on one thread: most of them sixteen at a time, odd ones by nucleo.

use std::iter;

use nucleo_matcher::{Matcher, Utf32Str};

use super::{
    lanes::{BEST_LETTER, Board, LANES, LONGEST_TITLE, Lanes, Lot, NONE},
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
    /// Of each word, for the titles on the board; none for words that nucleo must score.
    scores: Vec<Option<Lanes>>,
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
            scores: Vec::new(),
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
        if self.words.is_empty() {
            hits.iter_mut().for_each(|hit| hit.score = 1);
            return Ok(());
        }
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
                self.add_up(hit, iter::empty());
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
        // Lanes that no title waits in have an old one.
        let mut matched = NONE;
        matched[..titles].fill(u8::MAX);
        let mut scores = std::mem::take(&mut self.scores);
        scores.clear();
        for word in self.words {
            let letters = word.letters.as_ref();
            let of_word = letters.map(|it| self.board.score(it, word.any_case));
            for lane in 0..LANES {
                matched[lane] = matched[lane].min(of_word.map_or(u8::MAX, |it| it[lane]));
            }
            scores.push(of_word);
            if matched == NONE {
                break;
            }
        }
        for (lane, index) in lanes.iter().enumerate().filter(|it| matched[it.0] != 0) {
            let known = scores.iter().map(|it| it.map(|it| it[lane]));
            self.add_up(&mut hits[*index as usize], known);
        }
        self.scores = scores;
    }

    /// Adds up the scores of a hit's words. What lanes did not give comes from nucleo.
    fn add_up(&mut self, hit: &mut Hit, known: impl Iterator<Item = Option<u8>>) {
        let mut sum = hit.before;
        let words = self.words;
        for (word, known) in words.iter().zip(known.chain(iter::repeat(None))) {
            hit.before = sum;
            let score = known.map(u16::from);
            let Some(score) = score.or_else(|| self.score_alone(hit.slot, word)) else {
                return;
            };
            sum = sum.saturating_add(score);
        }
        hit.score = sum;
    }

    fn score_alone(&mut self, slot: Slot, word: &Word) -> Option<u16> {
        let (segment, index) = at(self.segments, slot);
        let matcher = self.matcher.get_or_insert_with(matching::matcher);
        let title = Utf32Str::new(segment.title(index), &mut self.buffer);
        word.atom.score(title, matcher)
    }
}
