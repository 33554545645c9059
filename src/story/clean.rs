//! Stand-in until the real one lands.
use std::borrow::Cow;

/// Multi-line text without control characters.
pub fn text(input: &str) -> Cow<'_, str> {
    if input.chars().any(|c| c.is_control() && c != '\n') {
        Cow::Owned(
            input
                .chars()
                .filter(|c| !c.is_control() || *c == '\n')
                .collect(),
        )
    } else {
        Cow::Borrowed(input)
    }
}

/// One line.
pub fn line(input: &str) -> String {
    text(input).split_whitespace().collect::<Vec<_>>().join(" ")
}
