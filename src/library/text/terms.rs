//! Words as the index knows them: folded, and apart from each other.
//!
//! FTS5's tokenizer `unicode61` takes what stands between spaces and marks for a word. Chinese and
//! Japanese, and in part Korean and Thai, set no spaces between words; of such scripts every
//! character is made a word of its own before the text is indexed, and what is searched for becomes
//! a phrase of characters. So any part of such a text is found, without a dictionary. (The
//! tokenizer `trigram` finds nothing shorter than three characters, and three times the size.)
//!
//! Case and accents are folded as everywhere in recto, so that a word stands in a passage where the
//! index says so.

use std::borrow::Cow;

use crate::story::fold::Folding;

/// Whether the character is of a script that sets no spaces between words, or hangs endings on them.
pub(super) fn is_unspaced(c: char) -> bool {
    c >= '\u{E01}'
        && matches!(c,
            '\u{E01}'..='\u{EFF}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{30FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF66}'..='\u{FF9D}'
            | '\u{20000}'..='\u{3FFFF}')
}

/// Whether folding and spacing leave the text as it is, but for ASCII capitals, which the tokenizer
/// folds by itself.
fn is_plain(text: &str) -> bool {
    text.is_ascii()
        || text
            .chars()
            .all(|c| c.is_ascii() || matches!(c, '\u{2000}'..='\u{206F}'))
}

/// The text as it is put into the index or asked of it.
pub(super) fn indexed(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len() * 2);
    for c in fold(text).chars() {
        if is_unspaced(c) {
            spaced.extend([' ', c, ' ']);
        } else {
            // The tokenizer's tables are older than many signs, and take them for letters.
            spaced.push(if is_letter(c) { c } else { ' ' });
        }
    }
    Cow::Owned(spaced)
}

/// A word as it stands in the index: without case, accents, and the vowel points of Hebrew and
/// Arabic, which hardly anybody types.
pub(super) fn fold(text: &str) -> String {
    let mut folded = Folding::ALL.apply(text);
    if folded.contains(is_point) {
        folded.retain(|c| !is_point(c));
    }
    folded
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term<'a> {
    /// Its first byte.
    pub start: usize,
    /// As it stands there.
    pub text: &'a str,
}

impl Term<'_> {
    /// The byte after it.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text, in order.
pub(super) fn terms(text: &str) -> impl Iterator<Item = Term<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let skipped = rest.find(is_letter)?;
        let start = at + skipped;
        let word = &text[start..];
        let mut letters = word.char_indices();
        let first = letters.next().map_or(' ', |(_, c)| c);
        let end = if is_unspaced(first) {
            first.len_utf8()
        } else {
            letters
                .find(|(_, c)| !(is_letter(*c) || is_mark(*c)) || is_unspaced(*c))
                .map_or(word.len(), |(end, _)| end)
        };
        at = start + end;
        Some(Term {
            start,
            text: &word[..end],
        })
    })
}

fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        // The signs that join letters in the scripts of India are no letters by themselves.
        c.is_alphanumeric() || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{DFF}')
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}') || is_point(c)
}

fn is_point(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5BD}' | '\u{5BF}'..='\u{5C7}' | '\u{64B}'..='\u{65F}' | '\u{670}')
}

/// Whether the text holds any word at all.
pub(super) fn has_term(text: &str) -> bool {
    text.contains(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_spaces_become_characters() {
        for (text, want) in [
            ("Plain “text” – Here", "Plain “text” – Here"),
            ("Café", "cafe"),
            ("🡠A-é", " a e"),
            ("كِتَاب", "كتاب"),
            ("東京tower", " 東  京 tower"),
            ("한국어", " 한  국  어 "),
        ] {
            assert_eq!(indexed(text), want);
        }
    }

    #[test]
    fn words_are_told_apart_as_the_index_does() {
        let words = |text| terms(text).map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(words("Isn't it 3.5?"), ["Isn", "t", "it", "3", "5"]);
        assert_eq!(
            words("ete\u{301} 東京tower東"),
            ["ete\u{301}", "東", "京", "tower", "東"]
        );
        assert!(words(" – ! ").is_empty());
        let term = terms(" – one").next().unwrap();
        assert_eq!((term.start, term.end()), (5, 8));
    }
}
