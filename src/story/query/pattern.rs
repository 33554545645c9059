//! Regular expressions in queries.

use std::fmt;

use regex::{Regex, RegexBuilder};

use super::error::Problem;

/// Bytes that the program of one expression may take.
const LARGEST: usize = 1 << 20;

/// A regular expression for titles. Small letters in it match capitals too; one with a capital
/// matches only as it stands (smart case). Two are equal if their texts are.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

impl Pattern {
    /// The expression with this text, in the syntax of the crate `regex`.
    ///
    /// # Errors
    ///
    /// [`Problem::Pattern`] if the text is no expression, or one whose program is too large.
    pub fn new(text: &str) -> Result<Self, Problem> {
        let text = without_needless_escapes(text);
        let regex = RegexBuilder::new(&text)
            .case_insensitive(!has_capital(&text))
            .size_limit(LARGEST)
            .dfa_size_limit(LARGEST)
            .build()
            .map_err(|error| Problem::Pattern { why: why(&error) })?;
        Ok(Pattern { text, regex })
    }

    /// Its text, without the slashes around it; slashes within stand as they are.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The expression, ready for use.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({self})")
    }
}

impl fmt::Display for Pattern {
    /// As a query writes it: `/a\/b/`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.text.replace('/', "\\/"))
    }
}

/// The text with each `\/` as `/`: a slash needs its backslash in a query, not in an expression.
pub(super) fn without_needless_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('/') => plain.push('/'),
            Some(escaped) => plain.extend(['\\', escaped]),
            None => plain.push('\\'),
        }
    }
    plain
}

/// Whether a letter that is looked for is a capital; those of `\W` or `\p{Greek}` are not.
fn has_capital(text: &str) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            let class = rest.next();
            let braces = matches!(class, Some('p' | 'P' | 'x' | 'u' | 'U'))
                && rest.as_str().starts_with('{');
            if braces {
                rest.by_ref().find(|c| *c == '}');
            }
        } else if c.is_uppercase() {
            return true;
        }
    }
    false
}

/// What is wrong, on one line: the crate's own message draws the expression first.
fn why(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let said = error.to_string();
            let last = said.lines().next_back().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters_where_a_capital_is_looked_for() {
        for (pattern, title, found) in [
            ("slav(e|ery)", "Slavery", true),
            ("Slav", "slavery", false),
            ("Slav", "Slavery", true),
            (r"\Wslav", "on Slavery", true),
            (r"^été", "Été", true),
            (r"\x{41}b", "ab", true),
            ("a/b", "A/B", true),
            (r"a\/b", "a/b", true),
        ] {
            let regex = Pattern::new(pattern).unwrap();
            assert_eq!(regex.regex().is_match(title), found, "{pattern} {title}");
        }
    }

    #[test]
    fn it_is_printed_as_it_is_read() {
        for (text, printed) in [
            ("a/b", r"/a\/b/"),
            (r"a\/b", r"/a\/b/"),
            (r"\\", r"/\\/"),
            (r"\d+", r"/\d+/"),
        ] {
            assert_eq!(Pattern::new(text).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn what_is_wrong_is_said_on_one_line() {
        let said = |pattern: &str| Pattern::new(pattern).unwrap_err().to_string();
        let cannot = "the regular expression cannot be used";
        assert_eq!(said("(a"), format!("{cannot}: unclosed group"));
        assert_eq!(
            said("[[:word:]]{9999}"),
            format!("{cannot}: it is too large")
        );
        let deep = "(".repeat(5000) + &")".repeat(5000);
        assert!(!said(&deep).contains('\n'));
    }
}
