//! Which story is meant by words of its title.

use crate::story::{Row, StoryId, as_typed};

/// Titles that are named where none is meant for certain.
const NEAREST: usize = 3;

/// What words of a title come to.
#[derive(Debug, PartialEq)]
pub(super) enum Meant<'a> {
    /// This story and no other.
    Surely(StoryId),
    /// This one most likely: the reader should be told its title.
    Likely(StoryId, &'a str),
    /// None that could be told from the others; these come nearest.
    Nobody(Vec<&'a str>),
}

/// The story among `found` (best match first) that `words` mean. Titles that hold the words as they
/// are come first; one that only has their letters in order counts where it stands alone and close.
pub(super) fn meant<'a>(found: impl Iterator<Item = &'a Row> + Clone, words: &str) -> Meant<'a> {
    let words = plain(words);
    let sure = |row: &&Row| plain(&row.title) == words;
    if let Some(row) = found.clone().find(sure) {
        return Meant::Surely(row.id);
    }
    let begins = |row: &Row| plain(&row.title).starts_with(&words);
    let holds = |row: &Row| plain(&row.title).contains(&words);
    let holds_all = |row: &Row| {
        let title = plain(&row.title);
        words.split(' ').all(|word| title.contains(word))
    };
    let close = |row: &Row| is_close(row, &words);
    let tests: [&dyn Fn(&Row) -> bool; 3] = [&begins, &holds, &holds_all];
    for test in tests {
        let mut fitting = found.clone().filter(|row| test(row));
        match (fitting.next(), fitting.next()) {
            (Some(row), None) => return Meant::Surely(row.id),
            (Some(row), Some(_)) => return Meant::Likely(row.id, &row.title),
            (None, _) => {}
        }
    }
    let mut fitting = found.clone().filter(|row| close(row));
    match (fitting.next(), fitting.next()) {
        (Some(row), None) => Meant::Likely(row.id, &row.title),
        _ => Meant::Nobody(found.take(NEAREST).map(|row| &*row.title).collect()),
    }
}

/// In small letters, with the signs that keyboards have and single spaces.
fn plain(text: &str) -> String {
    let small: String = text
        .chars()
        .map(as_typed)
        .flat_map(char::to_lowercase)
        .collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the matched letters stand together in a few pieces: then some were left out in typing,
/// else they stand there by chance.
fn is_close(row: &Row, words: &str) -> bool {
    let gaps = row
        .matched
        .windows(2)
        .filter(|pair| matches!(pair, [one, next] if next - one > 4));
    let pieces = row
        .matched
        .windows(2)
        .filter(|pair| matches!(pair, [one, next] if next - one > 1));
    let count = words.split(' ').count();
    row.matched.len() >= 4 && pieces.count() < 2 * count && gaps.count() < count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Published;

    fn row(id: u32, title: &str, matched: &[usize]) -> Row {
        Row {
            id: StoryId(id),
            title: title.into(),
            from: "".into(),
            when: Published::Day("2020-01-01".parse().unwrap()),
            minutes: 1,
            read: false,
            starred: false,
            later: false,
            noted: false,
            seen: 0.0,
            trouble: None,
            url: None,
            removed: false,
            updated: false,
            matched: matched.to_vec(),
            passage: None,
        }
    }

    #[test]
    fn the_words_as_they_are_come_before_letters_in_order() {
        let rows = [
            row(0, "Solve a valley: on maps", &[]),
            row(1, "A slavonic primer", &[]),
            row(2, "Slavonic letters", &[]),
            row(3, "Russia’s case", &[]),
        ];
        for (words, want) in [
            ("slavonic letters", Meant::Surely(StoryId(2))),
            ("SLAVONIC", Meant::Surely(StoryId(2))),
            ("primer a", Meant::Surely(StoryId(1))),
            ("russia's", Meant::Surely(StoryId(3))),
            ("on", Meant::Likely(StoryId(0), "Solve a valley: on maps")),
        ] {
            assert_eq!(meant(rows.iter(), words), want, "{words}");
        }
    }

    #[test]
    fn letters_in_order_must_stand_close_and_alone() {
        let slavery = row(4, "High-profile slavery case", &[13, 14, 16, 17, 18, 19]);
        let chance = row(5, "Solve a valley: on maps", &[0, 2, 3, 11, 12, 13]);
        let both = [slavery.clone(), chance.clone()];
        assert_eq!(
            meant(both.iter(), "slvery"),
            Meant::Likely(StoryId(4), "High-profile slavery case")
        );
        let twins = [slavery.clone(), slavery];
        assert!(matches!(meant(twins.iter(), "slvery"), Meant::Nobody(near) if near.len() == 2));
        assert_eq!(
            meant([chance].iter(), "slvery"),
            Meant::Nobody(vec!["Solve a valley: on maps"])
        );
    }
}
