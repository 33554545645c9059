//! Texts in the form in which searches compare them, and what is known of a part without reading it again.

use std::ops::Range;

use icu_normalizer::{ComposingNormalizerBorrowed, properties::CanonicalCompositionBorrowed};

use super::part::{Kind, Part};
use crate::story::{as_typed, fold::Folding};

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
pub(super) struct Plain {
    pub text: String,
    /// For each byte of that: the byte that its character begins with in the text. Empty where they
    /// are the same.
    places: Vec<u32>,
    /// Bytes of the text.
    length: usize,
}

impl Plain {
    pub fn take(&mut self, text: &str, folding: Folding) {
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
    pub fn range(&self, start: usize, end: usize) -> Option<Range<usize>> {
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
pub(super) struct Joined {
    pub text: String,
    /// For each line: the byte that it begins with there, and how many of its own were left out.
    lines: Vec<(usize, usize)>,
}

impl Joined {
    pub fn of(part: &Part) -> Self {
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
    pub fn place(&self, byte: usize) -> (usize, usize) {
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
    pub fn of(part: &Part, kind: Kind) -> Self {
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
    pub fn may_hold(&self, any: &[String]) -> bool {
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
