//! Words that are read by machines, too: addresses, paths, options, names of code, hashes.

use std::ops::Range;

/// Longer words of Latin letters without vowels in their measure are hashes and keys.
const LONGEST: usize = 30;

/// Where such words stand in a line.
pub(super) fn stretches(line: &str) -> Vec<Range<usize>> {
    let begin = line.as_ptr() as usize;
    let words = line.split_whitespace().filter(|word| is_technical(word));
    words
        .map(|word| {
            let start = word.as_ptr() as usize - begin;
            start..start + word.len()
        })
        .collect()
}

/// Whether a hyphen that is not in it would make another word of this one.
pub(super) fn is_technical(word: &str) -> bool {
    // Most words have letters alone.
    let word = word.trim_matches(|c: char| "()[]{}<>\"'“”‘’„«».,;:!?…*".contains(c));
    if word.bytes().all(|it| it.is_ascii_lowercase()) {
        return word.len() > LONGEST && !has_vowels(word);
    }
    // Scripts without spaces have whole sentences in one.
    let latin = word.chars().all(|c| c < '\u{250}' || "‐–—’".contains(c));
    if !latin {
        return word.contains("://");
    }
    let is_option = word.starts_with('-') && word.len() > 1;
    if is_option || word.contains(['/', '_', '\\', '@', '=', '&', '#', '~', '$']) {
        return true;
    }
    let mut before = ' ';
    for c in word.chars() {
        let digit = |c: char| c.is_ascii_digit();
        let mixed = digit(before) && c.is_alphabetic() || before.is_alphabetic() && digit(c);
        let camel = before.is_lowercase() && c.is_uppercase();
        // A name with its ending, a site.
        let dotted = matches!(before, '.' | ':') && c.is_alphanumeric();
        if mixed || camel || dotted {
            return true;
        }
        before = c;
    }
    word.len() > LONGEST && !has_vowels(word)
}

/// Whether there are about as many vowels as words have.
fn has_vowels(word: &str) -> bool {
    let vowels = word
        .chars()
        .filter(|c| !c.is_ascii() || "aeiouyAEIOUY".contains(*c));
    vowels.count() * 5 >= word.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_machines_read_is_known() {
        for word in [
            "https://example.org/reading",
            "(/usr/share/dictionary)",
            "--no-default-features",
            "-v",
            "snake_case_name",
            "camelCaseName",
            "a1b2c3d4e5",
            "configuration.toml",
            "somebody@example",
            "qwrtzpsdfghjklcvbnmqwrtzpsdfghjkl",
        ] {
            assert!(is_technical(word), "{word}");
        }
        for word in [
            "typography,",
            "„Kapitänspatent“",
            "self-contradictory",
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "end.",
            "word—another",
            "1863",
            "の終わり。",
        ] {
            assert!(!is_technical(word), "{word}");
        }
        assert_eq!(stretches("see src/lib.rs: or -v"), [4..15, 19..21]);
    }
}
