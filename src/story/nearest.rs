//! The word that was meant where another was written.

/// The one of `known` words that `word` is a slip of, if there is one: at most two letters differ.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    // Of a short name two other letters leave nothing.
    let bearable = if word.len() < 4 { 1 } else { 2 };
    known
        .into_iter()
        .map(|name| (distance(&word, name), name))
        .filter(|(distance, _)| *distance <= bearable)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Letters to put in, leave out or change, to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (b, cell) in other.bytes().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(a != b))
                .min(left + 1)
                .min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_differ_are_counted() {
        assert_eq!(distance("kitten", "sittin"), 2);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(nearest("refersh", ["proxy", "refresh"]), Some("refresh"));
        assert_eq!(nearest("Proxy", ["proxy", "refresh"]), Some("proxy"));
        assert_eq!(nearest("colour", ["proxy", "refresh"]), None);
    }
}
