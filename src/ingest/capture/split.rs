//! Cutting lists of names and words into their entries.

use super::shape;
use super::words::AND;

/// Splits a list of names or words at commas and the words for "and".
pub fn split_list(text: &str) -> Vec<String> {
    let by = |text: &str, marks: &[char]| -> Vec<String> {
        text.split(marks)
            .map(|part| {
                part.trim()
                    .trim_matches(['#', '.', ',', '|', '·', '•', '"', '★', '☆', ' '])
                    .trim()
                    .to_owned()
            })
            .filter(|part| !part.is_empty())
            .collect()
    };
    if text.contains([',', ';', '|', '·', '•', '，', '、']) {
        by(text, &[',', ';', '|', '·', '•', '，', '、'])
    } else if text.contains(" — ") {
        text.split(" — ")
            .map(|part| part.trim().to_owned())
            .collect()
    } else if text.contains(" / ") {
        text.split(" / ")
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    } else if text.matches('#').count() > 1 {
        by(text, &['#'])
    } else if text.contains(" > ") {
        text.split(" > ")
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    } else {
        by(text, &[])
    }
}

/// Cuts a text at the words for "and", in any language.
pub fn split_and(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for and in AND {
        parts = parts
            .into_iter()
            .flat_map(|part| split_ignoring_case(part, and))
            .collect();
    }
    parts
}

fn split_ignoring_case<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let lower = shape::fold(text);
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(at) = lower[from..].find(word) {
        parts.push(&text[from..from + at]);
        from += at + word.len();
    }
    parts.push(&text[from..]);
    parts
}
