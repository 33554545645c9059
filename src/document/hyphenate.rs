//! Where words may be divided, by language.

use hypher::Lang;

/// Shorter words are not worth a hyphen, in letters.
const SHORTEST: usize = 6;

/// The division patterns of one language (F. M. Liang, "Word Hy-phen-a-tion by Com-put-er", 1983).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hyphenation(Lang);

impl Hyphenation {
    /// The patterns for a BCP 47 language tag; none for a language that recto has no patterns of, or
    /// that does not divide words with a hyphen.
    pub fn of_language(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        let code = match language.as_str() {
            // The patterns of Bokmål serve for both, as does one code.
            "nb" | "nn" => "no",
            // In Latin letters Bosnian divides as Croatian does.
            "bs" => "hr",
            code => code,
        };
        let code = <[u8; 2]>::try_from(code.as_bytes()).ok()?;
        Lang::from_iso(code).map(Hyphenation)
    }

    /// Byte offsets at which `word` may be divided. Punctuation around the word is allowed, and
    /// apostrophes in it (*l’imprimerie*, *printer’s*); what is no plain word (names with capitals
    /// inside, numbers, addresses) is left whole.
    pub(super) fn breaks(self, word: &str) -> Vec<usize> {
        let start = word.len() - word.trim_start_matches(|c: char| !c.is_alphabetic()).len();
        let core = word[start..].trim_end_matches(|c: char| !c.is_alphabetic());
        let mut breaks = Vec::new();
        let mut at = start;
        for part in core.split_inclusive(APOSTROPHES) {
            let letters = part.trim_end_matches(APOSTROPHES);
            if !is_plain(letters) {
                return Vec::new();
            }
            // Nothing is divided off with an apostrophe in it: the bounds are those of each part.
            if letters.chars().count() >= SHORTEST {
                let mut end = at;
                for syllable in hypher::hyphenate(letters, self.0) {
                    end += syllable.len();
                    breaks.push(end);
                }
                breaks.pop();
            }
            at += part.len();
        }
        breaks
    }
}

const APOSTROPHES: [char; 2] = ['\'', '’'];

/// Whether these are letters alone, and no capitals but perhaps the first.
fn is_plain(letters: &str) -> bool {
    letters.chars().all(char::is_alphabetic) && letters.chars().skip(1).all(|c| !c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word with its divisions shown.
    fn divided(tag: &str, word: &str) -> String {
        let breaks = Hyphenation::of_language(tag).unwrap().breaks(word);
        let mut from = 0;
        let mut parts = Vec::new();
        for at in breaks.into_iter().chain([word.len()]) {
            parts.push(&word[from..at]);
            from = at;
        }
        parts.join("-")
    }

    #[test]
    fn words_divide_where_readers_of_their_language_expect_it() {
        for (tag, word, want) in [
            ("en-GB", "hyphenation", "hy-phen-ation"),
            ("en", "“hyphenation,”", "“hy-phen-ation,”"),
            ("en", "printer’s", "printer’s"),
            ("de", "Silbentrennung", "Sil-ben-tren-nung"),
            ("de-CH", "Buchdrucker", "Buch-dru-cker"),
            ("de", "Straßenbahn", "Stra-ßen-bahn"),
            ("fr", "imprimerie", "im-pri-me-rie"),
            ("fr", "l’imprimerie", "l’im-pri-me-rie"),
            ("es", "imprenta", "im-pren-ta"),
            ("it", "tipografia", "ti-po-gra-fia"),
            ("pt-BR", "tipografia", "ti-po-gra-fia"),
            ("nl", "boekdrukkunst", "boek-druk-kunst"),
            ("sv", "berättelse", "be-rät-tel-se"),
            ("da", "bogtrykker", "bog-tryk-ker"),
            ("nb", "boktrykker", "bok-tryk-ker"),
            ("pl", "drukarnia", "dru-kar-nia"),
            ("cs", "nakladatel", "na-kla-da-tel"),
            ("ru", "типография", "ти-по-гра-фия"),
            ("uk", "друкарня", "дру-кар-ня"),
            ("fi", "kirjapaino", "kir-ja-pai-no"),
            ("hu", "könyvnyomda", "könyv-nyom-da"),
            ("tr", "matbaacılık", "mat-ba-acı-lık"),
            ("el", "τυπογραφία", "τυ-πο-γρα-φί-α"),
        ] {
            assert_eq!(divided(tag, word), want, "{tag}");
        }
    }

    #[test]
    fn what_is_no_plain_word_stays_whole() {
        for whole in [
            "short",
            "McMillanTown",
            "a1b2c3d4",
            "https://example.org/reading",
            "isn’t",
        ] {
            assert_eq!(divided("en", whole), whole);
        }
    }

    #[test]
    fn a_language_without_hyphens_is_not_divided() {
        for tag in ["ja", "zh-Hans", "hi", "ar", "tlh", "x", ""] {
            assert_eq!(Hyphenation::of_language(tag), None, "{tag}");
        }
    }
}
