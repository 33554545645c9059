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

/// What an ASCII character is to a word: 1 makes one, 2 ends it, 0 does neither.
const ASCII: [u8; 128] = {
    let mut kinds = [0; 128];
    let mut at = 0;
    while at < 128 {
        kinds[at] = match at as u8 {
            b' ' | b'\n' | b'\t' | b'\r' => 2,
            c if c.is_ascii_alphanumeric() => 1,
            _ => 0,
        };
        at += 1;
    }
    kinds
};

/// The number of words in a text: what stands between white space and holds a letter or a digit;
/// of scripts without spaces, as many words as take the same time to read.
pub fn words(text: &str) -> usize {
    let mut words = 0_u64;
    let mut parts = 0_u64;
    let mut inside = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let ascii = rest.bytes().position(|byte| !byte.is_ascii());
        let (run, others) = rest.split_at(ascii.unwrap_or(rest.len()));
        // Without branches: every story of a library passes here when it comes in.
        for byte in run.bytes() {
            let kind = ASCII[usize::from(byte & 0x7F)];
            let ends = kind >> 1;
            words += u64::from(inside & ends);
            inside = (inside | kind) & 1 & !ends;
        }
        let mut letters = others.chars();
        rest = others;
        while let Some(c) = letters.next().filter(|c| !c.is_ascii()) {
            rest = letters.as_str();
            let worth = sixths(c);
            if worth > 0 || c.is_whitespace() {
                parts += worth;
                words += u64::from(inside);
                inside = 0;
            } else {
                inside |= u8::from(c.is_alphanumeric());
            }
        }
    }
    let words = words + u64::from(inside) + parts.div_ceil(6);
    usize::try_from(words).unwrap_or(usize::MAX)
}

/// Minutes that so many words take, at least one.
pub fn minutes(words: usize) -> usize {
    words.div_ceil(WORDS_PER_MINUTE).max(1)
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

/// Words as a sentence: with a capital and a full stop.
pub fn sentence(words: &str) -> String {
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
        fn words_are_what_stands_between_spaces(text in "[a1é \u{a0}\n.—-]{0,40}") {
            let holds = |word: &&str| word.chars().any(char::is_alphanumeric);
            prop_assert_eq!(words(&text), text.split_whitespace().filter(holds).count());
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
