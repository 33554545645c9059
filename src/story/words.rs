//! Words and the time they take to read.

/// Words a minute that a practised reader takes in: the mean for English non-fiction is 238
/// (M. Brysbaert, "How many words do we read per minute?", 2019), here rounded down.
const WORDS_PER_MINUTE: usize = 230;

/// The words of `text`, as reading time counts them: pieces between white space that hold a letter
/// or digit. Of scripts that are written without spaces two characters count as one word, which
/// comes to the 460 or so characters a minute that their readers take in.
pub fn words(text: &str) -> usize {
    let (mut words, mut ideographs, mut in_word) = (0, 0, false);
    for c in text.chars() {
        if is_ideograph(c) {
            ideographs += 1;
            in_word = false;
        } else if c.is_whitespace() {
            in_word = false;
        } else if !in_word && c.is_alphanumeric() {
            in_word = true;
            words += 1;
        }
    }
    words + ideographs / 2
}

/// Minutes that so many words take, at least one.
pub fn minutes(words: usize) -> usize {
    words.div_ceil(WORDS_PER_MINUTE).max(1)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '\u{0E00}'..='\u{0E7F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_a_person_would_count() {
        for (text, count) in [
            ("", 0),
            ("one — two, three!", 3),
            ("it's state-of-the-art", 2),
            ("第三章 縦書き", 3),
            ("* * *", 0),
        ] {
            assert_eq!(words(text), count, "{text:?}");
        }
        assert_eq!(minutes(0), 1);
        assert_eq!(minutes(231), 2);
    }
}
