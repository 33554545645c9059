//! Finding words in a document's text.

use std::{
    collections::BTreeMap,
    num::NonZero,
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use icu_normalizer::{ComposingNormalizerBorrowed, properties::CanonicalCompositionBorrowed};

use super::{
    block::Block,
    parts::{Document, Kind, Part, number, split},
};
use crate::story::{as_typed, fold::Folding};

/// A match: its block, and the bytes of the block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number of the block.
    pub block: usize,
    /// Bytes of the block's text.
    pub range: Range<usize>,
    /// Where it ends, if that is in a later block: in a source each line is one.
    pub beyond: Option<(usize, usize)>,
}

impl Found {
    /// The block and the byte of its text that it ends at.
    pub fn end(&self) -> (usize, usize) {
        self.beyond.unwrap_or((self.block, self.range.end))
    }
}

/// What is looked for in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// These words as they were typed, one behind the other: small letters match capitals too,
    /// letters without accents match those with (smart case).
    Phrase(String),
    /// Words that begin with any of these, whatever their capitals and accents: where a search of
    /// whole texts found them.
    Words(Vec<String>),
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matches {
    /// In reading order, up to a limit.
    pub found: Vec<Found>,
    /// How many there are in all.
    pub total: usize,
}

/// Looks through all of `document` on all processors, from block and byte `from` on, round and round.
/// `first` is told the first match as soon as it is known. Of more than `limit` matches those stay
/// that come first. None if `stop` told it to end.
pub fn find(
    document: &Document,
    sought: &Sought,
    from: (usize, usize),
    limit: usize,
    first: &(dyn Fn(Found) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Matches> {
    let finder = Finder::new(sought);
    let parts = document.parts();
    let begin = split(from.0).0.min(parts.saturating_sub(1));
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let earliest = Mutex::<Earliest>::default();
    let work = |turns: usize| {
        let (mut all, mut kept, mut total) = (Vec::new(), 0, 0);
        loop {
            if all.len() >= turns {
                return (all, total);
            }
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= parts || stopped.load(Ordering::Relaxed) {
                return (all, total);
            }
            if stop() {
                stopped.store(true, Ordering::Relaxed);
            }
            let index = (begin + turn) % parts;
            let mut found = Vec::new();
            if document.may_hold(index, &finder.folded)
                && let Some(part) = document.part(index)
            {
                finder.part(&part, index, &mut |it| found.push(it));
                if document.kind == Kind::Source {
                    finder.over_lines(&part, index, &mut found);
                }
            }
            let behind = |it: &&Found| turn > 0 || (it.block, it.range.start) >= from;
            let hit = found.iter().find(behind).cloned();
            let known = lock(&earliest).take(turn, hit);
            if let Some(known) = known {
                first(known);
            }
            total += found.len();
            // Turns are taken in their order: what is beyond the limit here is farther away than as
            // many others.
            found.truncate(limit.saturating_sub(kept));
            // What was cut would be held for each part of a huge text.
            found.shrink_to_fit();
            kept += found.len();
            all.push((turn, found));
        }
    };
    let threads = match parts {
        0..=3 => 1,
        _ => thread::available_parallelism().map_or(1, NonZero::get),
    };
    // Most often the first match stands in the first part: nothing takes a processor from that one.
    let mut done = vec![work(1)];
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .filter_map(|_| {
                let builder = thread::Builder::new().name("find".into());
                builder.spawn_scoped(scope, || work(usize::MAX)).ok()
            })
            .collect();
        done.push(work(usize::MAX));
        done.extend(others.into_iter().filter_map(|it| it.join().ok()));
    });
    if stopped.into_inner() {
        return None;
    }
    let total = done.iter().map(|(_, total)| total).sum();
    let mut turns: Vec<_> = done.into_iter().flat_map(|(all, _)| all).collect();
    turns.sort_unstable_by_key(|(turn, _)| *turn);
    let mut found: Vec<Found> = turns.into_iter().flat_map(|(_, found)| found).collect();
    found.truncate(limit);
    found.sort_unstable_by_key(|it| (it.block, it.range.start));
    Some(Matches { found, total })
}

/// Finds out which match is the first, though parts are not done in their order.
#[derive(Default)]
struct Earliest {
    /// All turns before this one are done, and had none.
    next: usize,
    waiting: BTreeMap<usize, Option<Found>>,
    told: bool,
}

impl Earliest {
    /// Takes the first match of a turn; gives the first of all when it is known by that.
    fn take(&mut self, turn: usize, hit: Option<Found>) -> Option<Found> {
        self.waiting.insert(turn, hit);
        while !self.told
            && let Some(hit) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            self.told = hit.is_some();
            if hit.is_some() {
                return hit;
            }
        }
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is looked for, ready to be compared.
struct Finder {
    folding: Folding,
    /// In the form that texts are brought to.
    wanted: Vec<String>,
    /// The same without case and accents.
    folded: Vec<String>,
    /// Whether each has to begin a word.
    words: bool,
}

impl Finder {
    fn new(sought: &Sought) -> Self {
        let (wanted, words) = match sought {
            Sought::Phrase(phrase) => (std::slice::from_ref(phrase), false),
            Sought::Words(words) => (&words[..], true),
        };
        let folding = match sought {
            Sought::Phrase(phrase) => Folding::as_typed(phrase),
            Sought::Words(_) => Folding::ALL,
        };
        let plain = |folding| {
            let texts = wanted.iter().map(|it| {
                let mut plain = Plain::default();
                plain.take(it, folding);
                plain.text
            });
            texts.filter(|it| !it.is_empty()).collect()
        };
        Finder {
            folding,
            wanted: plain(folding),
            folded: plain(Folding::ALL),
            words,
        }
    }

    fn part(&self, part: &Part, index: usize, tell: &mut dyn FnMut(Found)) {
        if self.wanted.is_empty() {
            return;
        }
        let mut plain = Plain::default();
        for (at, block) in part.blocks.iter().enumerate() {
            let text = block.as_text();
            plain.take(&text, self.folding);
            for range in self.places(&plain, &text) {
                let block = number(index, at);
                tell(Found {
                    block,
                    range,
                    beyond: None,
                });
            }
        }
    }

    /// Adds what begins in one line of a source and ends in a later one.
    fn over_lines(&self, part: &Part, index: usize, found: &mut Vec<Found>) {
        if !self.wanted.iter().any(|it| it.contains(' ')) {
            return;
        }
        let joined = Joined::of(part);
        let mut plain = Plain::default();
        plain.take(&joined.text, self.folding);
        for range in self.places(&plain, &joined.text) {
            let (first, start) = joined.place(range.start);
            let (last, end) = joined.place(range.end);
            let text = part
                .blocks
                .get(first)
                .map(Block::as_text)
                .unwrap_or_default();
            if last > first && start < text.len() && end > 0 {
                found.push(Found {
                    block: number(index, first),
                    range: start..text.len(),
                    beyond: Some((number(index, last), end)),
                });
            }
        }
        found.sort_unstable_by_key(|it| (it.block, it.range.start));
    }

    /// Bytes of a text, in order and without overlaps.
    fn places(&self, plain: &Plain, text: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<_> = self
            .wanted
            .iter()
            .flat_map(|wanted| plain.text.match_indices(wanted.as_str()))
            .filter_map(|(at, hit)| plain.range(at, at + hit.len()))
            .filter(|it| !self.words || begins_word(text, it.start))
            .collect();
        if self.wanted.len() > 1 {
            ranges.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
            let mut end = 0;
            ranges.retain(|range| {
                let free = range.start >= end;
                end = if free { range.end } else { end };
                free
            });
        }
        ranges
    }
}

const NORMALIZER: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();

const COMPOSITION: CanonicalCompositionBorrowed<'static> = CanonicalCompositionBorrowed::new();

/// Whether a letter is in that form already and adds nothing to the one before it: most are, and are
/// not looked up.
fn is_in_form(c: char) -> bool {
    matches!(c, '\0'..='\u{9F}' | 'À'..='ı' | 'Ѐ'..='҂' | 'Ҋ'..='Ԁ' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='\u{9FFF}')
}

/// A text in the form in which texts are compared: printed signs as they are typed, a line's end as a
/// space, without soft hyphens, letters in one form (UAX #15, NFKC), and folded.
#[derive(Default)]
struct Plain {
    text: String,
    /// For each byte of that: the byte that its character begins with in the text. Empty where they
    /// are the same.
    places: Vec<u32>,
    /// Bytes of the text.
    length: usize,
}

impl Plain {
    fn take(&mut self, text: &str, folding: Folding) {
        self.text.clear();
        self.places.clear();
        self.length = text.len();
        if text.is_ascii() {
            self.text.push_str(text);
            if folding.case {
                self.text.make_ascii_lowercase();
            }
            if text.contains('\n') {
                self.text = self.text.replace('\n', " ");
            }
            return;
        }
        // One with which marks behind it may still become another letter.
        let mut last: Option<(char, u32)> = None;
        for (at, c) in text.char_indices() {
            let c = match as_typed(c) {
                '\n' => ' ',
                // Invisible, and in the middle of a word (Unicode 16, 23.2).
                '\u{ad}' | '\u{200b}' | '\u{2060}' => continue,
                c => c,
            };
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            if is_in_form(c) {
                self.push(last.replace((c, place)), folding);
                continue;
            }
            for c in NORMALIZER.normalize_iter(std::iter::once(c)) {
                let whole =
                    last.and_then(|(before, place)| Some((COMPOSITION.compose(before, c)?, place)));
                match whole {
                    Some(whole) => last = Some(whole),
                    None => self.push(last.replace((c, place)), folding),
                }
            }
        }
        self.push(last, folding);
    }

    fn push(&mut self, c: Option<(char, u32)>, folding: Folding) {
        if let Some((c, place)) = c {
            folding.fold_char(c, |folded| {
                self.text.push(folded);
                self.places
                    .extend(std::iter::repeat_n(place, folded.len_utf8()));
            });
        }
    }

    /// The bytes of the text that stand for some of the plain ones; none if a match begins or ends in
    /// the middle of what one character is written out as.
    fn range(&self, start: usize, end: usize) -> Option<Range<usize>> {
        if self.places.is_empty() {
            return Some(start..end);
        }
        let at = |byte: usize| self.places.get(byte).map_or(self.length, |at| *at as usize);
        let inside = |byte: usize| byte > 0 && at(byte - 1) == at(byte);
        (!inside(start) && !inside(end)).then(|| at(start)..at(end))
    }
}

/// The lines of a source as one text: their ends are spaces, as they are on the page, and so are
/// the indents behind those.
struct Joined {
    text: String,
    /// For each line: the byte that it begins with there, and how many of its own were left out.
    lines: Vec<(usize, usize)>,
}

impl Joined {
    fn of(part: &Part) -> Self {
        let (mut text, mut lines) = (String::new(), Vec::with_capacity(part.blocks.len()));
        for block in &part.blocks {
            let line = block.as_text();
            let begun = line.trim_start();
            lines.push((text.len(), line.len() - begun.len()));
            text.push_str(begun.trim_end());
            text.push('\n');
        }
        Joined { text, lines }
    }

    /// The line, and its byte, of a byte here.
    fn place(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|(start, _)| *start <= byte);
        let line = line.saturating_sub(1);
        let (start, left) = self.lines.get(line).copied().unwrap_or_default();
        (line, byte - start + left)
    }
}

/// Which three bytes stand one behind the other in a part of a text, without case and accents: where
/// those of a word do not, the word does not. A few that do not may seem to.
#[derive(Debug)]
pub(super) struct Grams(Box<[u64; GRAMS / 64]>);

/// As many as a part of usual length has, five times.
const GRAMS: usize = 1 << 15;

impl Grams {
    pub(super) fn of(part: &Part, kind: Kind) -> Self {
        let mut grams = Grams(Box::new([0; GRAMS / 64]));
        let mut plain = Plain::default();
        let mut add = |text: &str| {
            plain.take(text, Folding::ALL);
            for at in places_of(&plain.text) {
                grams.0[at / 64] |= 1 << (at % 64);
            }
        };
        for block in &part.blocks {
            add(&block.as_text());
        }
        if kind == Kind::Source {
            add(&Joined::of(part).text);
        }
        grams
    }

    /// Whether one of these folded texts may stand there.
    pub(super) fn may_hold(&self, any: &[String]) -> bool {
        let has = |at: usize| self.0[at / 64] & (1 << (at % 64)) != 0;
        any.iter().any(|text| places_of(text).all(has))
    }
}

/// The places of a text's threes among [`GRAMS`].
fn places_of(text: &str) -> impl Iterator<Item = usize> {
    text.as_bytes().windows(3).map(|three| {
        let number = three
            .iter()
            .fold(0, |all: u32, byte| all << 8 | u32::from(*byte));
        // Multiplied by an odd number, the highest bits depend on all (Knuth, TAOCP 3, 6.4).
        (number.wrapping_mul(0x9E37_79B1) >> (32 - GRAMS.ilog2())) as usize
    })
}

/// Whether a word begins at byte `at`. Scripts without spaces have words everywhere.
fn begins_word(text: &str, at: usize) -> bool {
    let spaced = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
    let before = text[..at].chars().next_back().is_some_and(spaced);
    !(before && text[at..].starts_with(spaced))
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
