//! Whether a summary says what the story begins with anyway.

use super::{block::Body, markdown};

/// Bytes of a story that its beginning is looked for in, beside four times the summary's own: a picture
/// and its words may stand before.
const BEGINNING: usize = 4000;

/// Fewer letters say nothing of where they are from.
const LEAST: usize = 20;

/// Whether `summary` is the beginning of `source` once more, cut off or whole, as many sites describe
/// their pages: nobody reads that twice.
pub(super) fn is_repeated(summary: &str, source: &str) -> bool {
    let wanted = letters(summary);
    if wanted.chars().count() < LEAST {
        return false;
    }
    let end = source.floor_char_boundary(BEGINNING + 4 * summary.len());
    let beginning = markdown::parse(source.get(..end).unwrap_or(source));
    let texts = beginning
        .blocks
        .iter()
        .filter_map(|block| match &block.body {
            Body::Text { text, .. } => Some(letters(&text.text)),
            _ => None,
        });
    texts.collect::<String>().contains(&wanted)
}

/// The letters and digits of a text, small: what is left of it under every way of writing quotes, dashes
/// and the sign that it was cut.
fn letters(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_story_begins_with_is_a_repetition_and_nothing_else_is() {
        let source = "![A pier](pier.png)\n\nShe worked *ten hours* a day, and “slept” in the hall. \
                      Then the letter came.\n\nLater words of the story.";
        for summary in [
            "She worked ten hours a day, and \"slept\" in the hall…",
            "She worked ten hours a day, and “slept” in the hall. Then the let [...]",
        ] {
            assert!(is_repeated(summary, source), "{summary}");
        }
        for summary in [
            "How a letter changed the life of two sisters",
            "Later",
            "She worked ten hours, and nobody knew",
        ] {
            assert!(!is_repeated(summary, source), "{summary}");
        }
    }
}
