//! Words and the time they take to read.

/// Words a minute that a practised reader takes in: the mean for English non-fiction is 238
/// (M. Brysbaert, "How many words do we read per minute?", 2019), here rounded down.
pub const WORDS_PER_MINUTE: usize = 230;

/// Sixths of a word that a character of a script written without spaces is worth.
///
/// People read about 500 Chinese or Japanese characters in the time of 230 English words, so two
/// are one word; a word of Thai, Lao, Khmer or Burmese has about six characters.
fn sixths(c: char) -> u64 {
    match c {
        '\u{3041}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}'
        | '\u{20000}'..='\u{3FFFF}' => 3,
        '\u{E01}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => 1,
        _ => 0,
    }
}

/// Words as they are counted.
#[derive(Default)]
struct Count {
    words: u64,
    /// Sixths of words.
    parts: u64,
    /// Whether a word has begun and not ended.
    inside: bool,
}

impl Count {
    fn character(&mut self, c: char) {
        let worth = sixths(c);
        if worth > 0 || c.is_whitespace() {
            self.parts += worth;
            self.words += u64::from(self.inside);
            self.inside = false;
        } else {
            self.inside |= c.is_alphanumeric();
        }
    }

    /// Counts eight ASCII characters, one in each byte, at once: every story of a library passes
    /// here when it comes in.
    fn eight(&mut self, text: u64) {
        const ONES: u64 = u64::MAX / 0xFF;
        // The highest bit of each byte that is at least so much. In ASCII that bit is free.
        let from = |text: u64, low: u8| text + ONES * u64::from(0x80 - low);
        let within = |text, low, high| from(text, low) & !from(text, high + 1) & (ONES << 7);
        let spaces = within(text, b'\t', b'\r') | within(text, b' ', b' ');
        let letters = within(text | ONES << 5, b'a', b'z') | within(text, b'0', b'9');
        let spaces = spaces >> 7;
        // All bits of what stands between spaces. A letter added there, or a word that has begun,
        // carries into the space behind, or out of the eight.
        let between = !(spaces * 0xFF);
        let (sum, ends) = between.overflowing_add(letters);
        let (sum, ended) = sum.overflowing_add(u64::from(self.inside));
        self.inside = ends | ended;
        self.words += u64::from((sum & spaces).count_ones());
    }
}

/// The number of words in a text: what stands between white space and holds a letter or a digit;
/// of scripts without spaces, as many words as take the same time to read.
pub fn words(text: &str) -> usize {
    let mut count = Count::default();
    let mut rest = text;
    loop {
        let (eights, _) = rest.as_bytes().as_chunks();
        let eights = eights.iter().map(|eight| u64::from_le_bytes(*eight));
        let mut ascii = 0;
        for eight in eights.take_while(|eight| eight & 0x8080_8080_8080_8080 == 0) {
            count.eight(eight);
            ascii += 8;
        }
        // What is left of the eight that has others, or of all.
        let mut characters = rest.get(ascii..).unwrap_or_default().chars();
        for c in characters.by_ref().take(8) {
            count.character(c);
        }
        rest = characters.as_str();
        if rest.is_empty() {
            break;
        }
    }
    let words = count.words + u64::from(count.inside) + count.parts.div_ceil(6);
    usize::try_from(words).unwrap_or(usize::MAX)
}

/// Minutes that so many words take, at least one.
pub fn minutes(words: usize) -> usize {
    words.div_ceil(WORDS_PER_MINUTE).max(1)
}

/// How long that is, in words: of a book nobody wants to know the minutes.
pub fn duration(minutes: usize) -> String {
    match minutes {
        ..120 => format!("{minutes} min"),
        _ => format!("{} h", (minutes + 30) / 60),
    }
}

/// `1204` as `1,204`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A sentence on what was taken away, with how it comes back.
pub fn with_undo(sentence: &str, them: &str) -> String {
    format!("{}{UNDO}{them} back.", sentence.trim_end_matches('.'))
}

/// Whether what was said tells how what was done last is taken back.
pub fn offers_undo(said: &str) -> bool {
    said.contains(UNDO)
}

const UNDO: &str = "; u brings ";

/// Words as a sentence: with a capital and a full stop.
pub fn sentence(words: &str) -> String {
    // An address stays as it is.
    let first = words.split(' ').next().unwrap_or_default();
    if first.trim_end_matches(':').contains(['.', ':']) {
        return format!("{words}.");
    }
    let mut letters = words.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_does_not_begin_with_a_capital() {
        for (words, wanted) in [
            ("imported 3 feeds", "Imported 3 feeds."),
            ("http://h.org/a: no feed", "http://h.org/a: no feed."),
            ("example.org answered 404", "example.org answered 404."),
            ("no feed is there: a.b", "No feed is there: a.b."),
        ] {
            assert_eq!(sentence(words), wanted);
        }
    }

    #[test]
    fn long_durations_are_told_in_hours() {
        for (minutes, want) in [(1, "1 min"), (119, "119 min"), (120, "2 h"), (1702, "28 h")] {
            assert_eq!(duration(minutes), want);
        }
    }

    #[test]
    fn counts() {
        for (text, want) in [
            ("", 0),
            ("one", 1),
            ("  two\nwords ", 2),
            ("well-known — isn't it? 3.5 %", 4),
            ("## * * * ---", 0),
            ("naïve\u{a0}café", 2),
            ("中文字符", 2),
            ("中文 and 日本 both", 4),
            ("한국어 문장", 2),
            ("ประเทศไทย", 2),
        ] {
            assert_eq!(words(text), want, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_what_stands_between_spaces(text in "[a1Zé \u{a0}\n\t.—@\\[`{-]{0,40}") {
            let holds = |word: &&str| word.chars().any(char::is_alphanumeric);
            prop_assert_eq!(words(&text), text.split_whitespace().filter(holds).count());
        }

        #[test]
        fn eight_at_once_are_counted_as_each_by_itself(text in "[\\x00-\\x7f]{0,60}|\\PC{0,40}") {
            let mut count = Count::default();
            text.chars().for_each(|c| count.character(c));
            let want = count.words + u64::from(count.inside) + count.parts.div_ceil(6);
            prop_assert_eq!(words(&text) as u64, want);
        }
    }

    #[test]
    fn every_story_takes_a_minute_at_least() {
        assert_eq!(minutes(0), 1);
        assert_eq!(minutes(230), 1);
        assert_eq!(minutes(231), 2);
    }

    #[test]
    fn large_numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1204, "1,204"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
