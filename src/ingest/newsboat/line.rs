//! A line cut into words, as newsboat does it.

/// The words of a line: white space parts them, quotes hold them together, a number sign where one would
/// begin makes the rest a comment.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            break;
        }
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_word(quoted),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                (word.to_owned(), after)
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// A word up to its closing quote, or to the end of the line where there is none.
fn quoted_word(text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => match chars.next() {
                Some('n' | 'r' | 't') => word.push(' '),
                Some(c) => word.push(c),
                None => break,
            },
            c => word.push(c),
        }
    }
    (word, chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_line_is_cut_where_newsboat_cuts_it() {
        for (line, cut) in [
            ("", &[][..]),
            ("  # only a comment", &[]),
            (
                "https://a.b/#x tag\tother",
                &["https://a.b/#x", "tag", "other"],
            ),
            (
                "https://a.b/ \"two words\" \"~A \\\"title\\\"\"",
                &["https://a.b/", "two words", "~A \"title\""],
            ),
            ("\"query:A:b = \\\"c\\\\d\\\"\"", &["query:A:b = \"c\\d\""]),
            ("a b # c \"d\"", &["a", "b"]),
            ("a \"#b\" \"c", &["a", "#b", "c"]),
            ("\"a\"b", &["a", "b"]),
            ("a\"b c\"", &["a\"b", "c\""]),
            ("\"a\\", &["a"]),
        ] {
            assert_eq!(words(line), cut, "{line}");
        }
    }
}
