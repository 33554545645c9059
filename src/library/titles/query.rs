//! What is searched, word by word.

use nucleo_matcher::{
    Utf32Str,
    pattern::{Atom, Pattern},
};

use super::{
    lanes::LONGEST_WORD,
    segment::bits::{self, THERE, WIDE},
};
use crate::library::matching;

/// One of the words, which a title must match each by itself.
#[derive(Debug)]
pub(super) struct Word {
    /// The word's letters, if it can be matched in lanes.
    pub letters: Option<Box<[u8]>>,
    /// Whether small letters match capitals, too.
    pub any_case: bool,
    pub atom: Atom,
}

impl Word {
    fn new(atom: Atom) -> Self {
        let letters = match atom.needle_text() {
            Utf32Str::Ascii(letters) => Some(letters),
            Utf32Str::Unicode(_) => None,
        };
        Word {
            letters: letters
                .filter(|it| it.len() <= LONGEST_WORD && !it.contains(&0))
                .map(Box::from),
            any_case: !letters.is_some_and(|it| it.iter().any(u8::is_ascii_uppercase)),
            atom,
        }
    }

    /// The bits that a title must have to match it.
    fn bits(&self) -> u64 {
        match self.atom.needle_text() {
            Utf32Str::Ascii(letters) => letters.iter().fold(THERE, |all, it| all | bits::of(*it)),
            Utf32Str::Unicode(letters) => {
                let ascii = letters.iter().filter_map(|c| u8::try_from(*c).ok());
                ascii.fold(THERE | WIDE, |all, it| all | bits::of(it))
            }
        }
    }

    /// The bit of titles in which a word begins with this one, if that is all there is to ask:
    /// no title can match a single letter better.
    pub(super) fn initial(&self) -> u64 {
        match self.letters.as_deref() {
            Some([letter]) if self.any_case => bits::initial(*letter),
            _ => 0,
        }
    }
}

/// All words of a search.
#[derive(Debug)]
pub(super) struct Query {
    text: String,
    words: Vec<Word>,
}

/// What of a query is left to be done on the titles that an earlier one found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing: they are the same words.
    Nothing,
    /// The last word became another; the scores of those before it hold.
    Last,
    /// One more word; the scores so far hold.
    More,
    /// Every word is to be matched again, but no other title can match.
    All,
}

impl Query {
    pub(super) fn new(text: &str) -> Self {
        let Pattern { atoms, .. } = matching::pattern(text);
        Query {
            text: text.to_owned(),
            words: atoms.into_iter().map(Word::new).collect(),
        }
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// What of this query is left to be done on what `last` found; none if it may find others.
    pub(super) fn after(&self, last: &Query) -> Option<Rest> {
        // A blank typed behind a backslash makes another word of the one before it.
        if !self.text.starts_with(&last.text) || last.text.contains('\\') {
            return None;
        }
        let same = |a: &[Word], b: &[Word]| {
            let atoms = |words| <[Word]>::iter(words).map(|it| &it.atom);
            atoms(a).eq(atoms(b))
        };
        let (new, old) = (&self.words[..], &last.words[..]);
        let earlier = |words: &'_ [Word]| words.len().saturating_sub(1);
        let (new_earlier, old_earlier) = (&new[..earlier(new)], &old[..earlier(old)]);
        Some(if same(new, old) {
            Rest::Nothing
        } else if same(new_earlier, old) {
            Rest::More
        } else if same(new_earlier, old_earlier) {
            Rest::Last
        } else {
            Rest::All
        })
    }
}

/// The bits that a title must have to match all of `words`.
pub(super) fn bits(words: &[Word]) -> u64 {
    words.iter().fold(THERE, |all, it| all | it.bits())
}
