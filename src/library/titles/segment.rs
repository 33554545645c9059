//! Titles in one piece of memory, and what is known of each beside its text.

use nucleo_matcher::chars;

use super::lanes::{LONGEST_TITLE, other};
use crate::story::StoryId;

/// Titles of one segment: an index in it takes so many bits of a [`Slot`].
pub(super) const BITS: u32 = 14;

/// The most titles that one segment holds.
pub(super) const CAPACITY: usize = 1 << BITS;

/// Ends the text of a title beyond ASCII; its letters, a byte each, follow. No UTF-8 holds it.
const END: u8 = 0xff;

/// A title in a list of segments: the segment's index, then the title's in [`BITS`] bits.
pub(super) type Slot = u32;

/// What a title holds, a bit each. A search that needs a bit which a title lacks cannot find it,
/// and to see that takes a nanosecond.
pub(super) mod bits {
    /// The letter `a`; those up to `z` follow, then the digits.
    const LETTER: u32 = 0;
    const DIGIT: u32 = LETTER + 26;
    /// A word that begins with `a`; those up to `z` follow. Not set where it is not known.
    const INITIAL: u32 = DIGIT + 10;
    /// The title is there: taken out, one keeps its place but loses all its bits.
    pub const THERE: u64 = 1 << 62;
    /// There is more than ASCII in it.
    pub const WIDE: u64 = 1 << 63;

    /// The bit of a letter or digit, large or small; none for another byte.
    pub fn of(byte: u8) -> u64 {
        match byte.to_ascii_lowercase() {
            letter @ b'a'..=b'z' => 1 << (LETTER + u32::from(letter - b'a')),
            digit @ b'0'..=b'9' => 1 << (DIGIT + u32::from(digit - b'0')),
            _ => 0,
        }
    }

    /// The bit of words that begin with a letter, large or small; none for another byte.
    pub fn initial(byte: u8) -> u64 {
        match byte.to_ascii_lowercase() {
            letter @ b'a'..=b'z' => 1 << (INITIAL + u32::from(letter - b'a')),
            _ => 0,
        }
    }
}

/// A title as it came or goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<T> {
    pub id: StoryId,
    /// Seconds from the story's date to 1970.
    pub age: i64,
    pub title: T,
}

impl<T> Entry<T> {
    /// What titles are ordered by: newest first, those of one moment by their ids.
    pub(super) fn rank(&self) -> (i64, StoryId) {
        (self.age, self.id)
    }

    pub(super) fn is(&self, other: &Entry<&str>) -> bool
    where
        T: AsRef<str>,
    {
        self.rank() == other.rank() && self.title.as_ref() == other.title
    }

    pub(super) fn map<U>(self, with: impl FnOnce(T) -> U) -> Entry<U> {
        let Entry { id, age, title } = self;
        Entry {
            id,
            age,
            title: with(title),
        }
    }
}

/// Up to [`CAPACITY`] titles, newest first.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The titles, one after another: the text, and for those beyond ASCII the letters.
    text: Vec<u8>,
    /// Where each title ends in `text`.
    ends: Vec<u32>,
    pub ids: Vec<StoryId>,
    ages: Vec<i64>,
    /// See [`bits`].
    pub bits: Vec<u64>,
}

impl Segment {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn push(&mut self, entry: &Entry<impl AsRef<str>>) {
        let title = entry.title.as_ref();
        self.text.extend_from_slice(title.as_bytes());
        let mut bits = bits::THERE;
        if title.is_ascii() {
            bits |= seen(title.as_bytes());
        } else {
            bits |= bits::WIDE | written(title);
            let letters = self.text.len() + 1;
            self.text.push(END);
            if fold(title, &mut self.text) {
                // The letters know where words begin, which the text does not tell so easily.
                bits |= seen(&self.text[letters..]);
            } else {
                self.text.truncate(letters);
            }
        }
        self.ends.push(self.text.len() as u32);
        self.ids.push(entry.id);
        self.ages.push(entry.age);
        self.bits.push(bits);
    }

    /// Gives back the memory that was kept for more titles.
    pub(super) fn close(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.ages.shrink_to_fit();
        self.bits.shrink_to_fit();
    }

    /// Whether a title was not taken out.
    pub(super) fn is_there(&self, index: usize) -> bool {
        self.bits[index] & bits::THERE != 0
    }

    /// Takes a title out: no search needs no bits.
    pub(super) fn remove(&mut self, index: usize) {
        self.bits[index] = 0;
    }

    fn stored(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |it| self.ends[it] as usize);
        &self.text[start..self.ends[index] as usize]
    }

    /// The bytes of a title's text, which are UTF-8.
    fn text(&self, index: usize) -> &[u8] {
        let stored = self.stored(index);
        if self.bits[index] & bits::WIDE == 0 {
            return stored;
        }
        let end = stored.iter().position(|byte| *byte == END);
        &stored[..end.unwrap_or(stored.len())]
    }

    pub(super) fn title(&self, index: usize) -> &str {
        std::str::from_utf8(self.text(index)).unwrap_or_default()
    }

    /// The letters of a title, a byte each as [`super::lanes`] takes them; none if it is too long
    /// or its letters are too odd for that.
    pub(super) fn letters(&self, index: usize) -> Option<&[u8]> {
        let mut letters = self.stored(index);
        if self.bits[index] & bits::WIDE != 0 {
            let end = letters.iter().rposition(|byte| *byte == END)?;
            letters = &letters[end + 1..];
            if letters.is_empty() {
                return None;
            }
        }
        (letters.len() <= LONGEST_TITLE).then_some(letters)
    }

    pub(super) fn entry(&self, index: usize) -> Entry<&str> {
        Entry {
            id: self.ids[index],
            age: self.ages[index],
            title: self.title(index),
        }
    }

    /// See [`Entry::rank`].
    pub(super) fn rank(&self, index: usize) -> (i64, StoryId) {
        (self.ages[index], self.ids[index])
    }

    /// The titles that were not taken out.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<&str>> {
        (0..self.len())
            .filter(|it| self.is_there(*it))
            .map(|it| self.entry(it))
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.capacity()
            + self.ends.capacity() * size_of::<u32>()
            + self.ids.capacity() * size_of::<StoryId>()
            + self.ages.capacity() * size_of::<i64>()
            + self.bits.capacity() * size_of::<u64>()
    }
}

/// Fills segments, one after another.
#[derive(Debug, Default)]
pub(super) struct Filling {
    full: Vec<Segment>,
    last: Segment,
}

impl Filling {
    pub(super) fn push(&mut self, entry: &Entry<impl AsRef<str>>) {
        if self.last.len() == CAPACITY {
            self.last.close();
            self.full.push(std::mem::take(&mut self.last));
        }
        self.last.push(entry);
    }

    pub(super) fn finish(mut self) -> Vec<Segment> {
        if self.last.len() > 0 {
            self.last.close();
            self.full.push(self.last);
        }
        self.full
    }
}

/// The bits of letters, a byte each.
fn seen(letters: &[u8]) -> u64 {
    let mut before = b' ';
    let mut all = 0;
    // A title of one letter is not only begun by it.
    let initials = letters.len() > 1;
    for letter in letters {
        all |= bits::of(*letter);
        if !initials {
            continue;
        }
        if before.is_ascii_whitespace() || before == other::SPACE {
            all |= bits::initial(*letter);
        }
        before = *letter;
    }
    all
}

/// The bits of all that ASCII letters may find in a title beyond ASCII: accents may be left out.
fn written(title: &str) -> u64 {
    let bit = |c: char| u8::try_from(c).map_or(0, bits::of);
    let each = |c: char| {
        let plain = chars::normalize(c);
        let small = chars::to_lower_case;
        bit(c) | bit(plain) | bit(small(c)) | bit(small(plain))
    };
    title.chars().fold(0, |all, c| all | each(c))
}

/// Appends the letters of a title beyond ASCII, a byte each; false if they cannot be given so.
fn fold(title: &str, letters: &mut Vec<u8>) -> bool {
    let mut wide = false;
    for c in chars::graphemes(title) {
        wide |= !c.is_ascii();
        match letter(c) {
            Some(letter) => letters.push(letter),
            None => return false,
        }
    }
    // With accents beside the letters only, nucleo looks at bytes, not at letters.
    wide
}

/// What stands for a letter: what is left of it without accents, if that is ASCII, else its class.
fn letter(c: char) -> Option<u8> {
    if c.is_ascii() {
        return Some(c as u8);
    }
    let class = if c.is_lowercase() {
        other::LOWER
    } else if chars::is_upper_case(c) {
        other::UPPER
    } else if c.is_numeric() {
        other::NUMBER
    } else if c.is_alphabetic() {
        other::LETTER
    } else if c.is_whitespace() {
        other::SPACE
    } else {
        other::SIGN
    };
    let plain = chars::normalize(c);
    if !plain.is_ascii() {
        let small = chars::to_lower_case(plain);
        return (!small.is_ascii()).then_some(class);
    }
    let plain = plain as u8;
    let class_of_plain = match plain {
        b'a'..=b'z' => other::LOWER,
        b'A'..=b'Z' => other::UPPER,
        b'0'..=b'9' => other::NUMBER,
        b'/' | b',' | b':' | b';' | b'|' => return None,
        _ if plain.is_ascii_whitespace() => other::SPACE,
        _ => other::SIGN,
    };
    (class == class_of_plain).then_some(plain)
}
