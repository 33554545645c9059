//! The words of the language: fields, and the values of those fields that have a closed set.
//!
//! Each is a table of what it means and the words for it. The first word is the one that recto
//! prints, offers and lists; the others are understood as well.

use super::error::Problem;
use crate::story::nearest;

/// Something of a closed set that has words.
pub(super) trait Named: Copy + PartialEq + Sized + 'static {
    /// Each with its words.
    const WORDS: &'static [(Self, &'static [&'static str])];

    /// What `word` means, in whatever case it is written.
    fn find(word: &str) -> Option<Self> {
        let mut rows = Self::WORDS.iter();
        let row = rows.find(|(_, words)| words.iter().any(|it| it.eq_ignore_ascii_case(word)));
        row.map(|(it, _)| *it)
    }

    /// The word for it.
    fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(it, _)| *it == self)
            .and_then(|(_, words)| words.first())
            .copied()
            .unwrap_or_default()
    }

    /// The words for all of them, as they are printed.
    fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS
            .iter()
            .filter_map(|(_, words)| words.first().copied())
    }

    /// What `value` means as the value of the field `name`, or the words it could have been.
    fn value(name: &'static str, value: &str) -> Result<Self, Problem> {
        Self::find(value).ok_or_else(|| Problem::UnknownValue {
            field: name,
            value: value.to_owned(),
            known: Self::words().collect::<Vec<_>>().join(", "),
        })
    }
}

/// A part of a story that is text, and that a query may ask for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// The title.
    Title,
    /// A name of the byline.
    Author,
    /// A category its publisher filed it under.
    Category,
    /// A keyword, its publisher's or its reader's.
    Tag,
    /// The name of a feed or another source that it came from.
    Source,
    /// The folder it lies in.
    Folder,
    /// The tag of its language (BCP 47).
    Language,
    /// The address of its page.
    Url,
}

impl Named for TextField {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Title, &["title"]),
        (Self::Author, &["author", "by", "authors"]),
        (Self::Category, &["category", "cat", "categories"]),
        (Self::Tag, &["tag", "tags", "label"]),
        (Self::Source, &["source", "in", "feed"]),
        (Self::Folder, &["folder", "dir"]),
        (Self::Language, &["lang", "language"]),
        (Self::Url, &["url", "site"]),
    ];
}

impl TextField {
    /// The field's name, as in `author:`.
    pub fn name(self) -> &'static str {
        self.word()
    }
}

/// A part of a story that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// Minutes it takes to read.
    Minutes,
    /// Words of its body.
    Words,
    /// Comments that its readers left.
    Comments,
}

impl Named for NumberField {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Minutes, &["minutes", "min", "minute"]),
        (Self::Words, &["words", "word"]),
        (Self::Comments, &["comments", "replies"]),
    ];
}

impl NumberField {
    /// The field's name, as in `minutes:`.
    pub fn name(self) -> &'static str {
        self.word()
    }
}

/// What its reader did with a story, or what happened to it: `is:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flag {
    /// It was not read yet.
    Unread,
    /// It was read.
    Read,
    /// It has a star.
    Starred,
    /// It was put aside for later.
    Later,
    /// It has highlights or notes in it.
    Noted,
    /// It was removed.
    Removed,
    /// It cannot be read: its file is damaged or gone.
    Unreadable,
    /// Its publisher changed it after the reader had seen it.
    Updated,
    /// It is a book.
    Book,
}

impl Named for Flag {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Unread, &["unread", "new"]),
        (Self::Read, &["read"]),
        (Self::Starred, &["starred", "star"]),
        (Self::Later, &["later"]),
        (Self::Noted, &["noted", "highlighted"]),
        (Self::Removed, &["removed", "hidden", "deleted"]),
        (Self::Unreadable, &["unreadable", "broken"]),
        (Self::Updated, &["updated", "edited"]),
        (Self::Book, &["book", "books", "epub"]),
    ];
}

impl Flag {
    /// The word for it, as in `is:unread`.
    pub fn name(self) -> &'static str {
        self.word()
    }
}

/// What a story may have or lack: `has:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// A byline.
    Author,
    /// A category.
    Category,
    /// A tag.
    Tags,
    /// A date.
    Date,
    /// The address of its page.
    Link,
    /// A lead picture.
    Picture,
    /// Comments of its readers.
    Comments,
}

impl Named for Part {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Author, &["author", "authors", "byline"]),
        (Self::Category, &["category", "categories"]),
        (Self::Tags, &["tags", "tag"]),
        (Self::Date, &["date"]),
        (Self::Link, &["url", "link", "page"]),
        (
            Self::Picture,
            &["picture", "pictures", "image", "images", "cover"],
        ),
        (Self::Comments, &["comments", "comment"]),
    ];
}

impl Part {
    /// The word for it, as in `has:url`.
    pub fn name(self) -> &'static str {
        self.word()
    }
}

/// The order in which what is found is listed: `sort:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// By date, the newest first.
    #[default]
    Newest,
    /// By date, the oldest first.
    Oldest,
    /// By title, from A to Z.
    Title,
    /// By the first author's name.
    Author,
    /// By the source's name.
    Source,
    /// By the time it takes to read, the shortest first.
    Shortest,
    /// By the time it takes to read, the longest first.
    Longest,
    /// By when it was last read, the latest first.
    Recent,
    /// By how well it matches, the best first.
    Best,
}

impl Named for Sort {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Newest, &["newest", "new", "date"]),
        (Self::Oldest, &["oldest", "old"]),
        (Self::Title, &["title"]),
        (Self::Author, &["author"]),
        (Self::Source, &["source"]),
        (Self::Shortest, &["shortest", "short"]),
        (Self::Longest, &["longest", "long"]),
        (Self::Recent, &["recent", "recently"]),
        (Self::Best, &["best", "relevance", "rank"]),
    ];
}

impl Sort {
    /// The word for it, as in `sort:newest`.
    pub fn name(self) -> &'static str {
        self.word()
    }
}

/// How a date field's value bounds the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateField {
    Before,
    After,
    Until,
    On,
}

/// All that may stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Text(TextField),
    Number(NumberField),
    Date(DateField),
    Is,
    Has,
    Sort,
    Limit,
}

impl Named for DateField {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Before, &["before", "older"]),
        (Self::After, &["after", "since", "newer"]),
        (Self::Until, &["until"]),
        (Self::On, &["date", "on"]),
    ];
}

/// The fields that are alone of their kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Single {
    Is,
    Has,
    Sort,
    Limit,
}

impl Named for Single {
    const WORDS: &'static [(Self, &'static [&'static str])] = &[
        (Self::Is, &["is"]),
        (Self::Has, &["has"]),
        (Self::Sort, &["sort", "order"]),
        (Self::Limit, &["limit"]),
    ];
}

impl Field {
    /// The field of this name.
    pub(super) fn find(name: &str) -> Option<Field> {
        let text = || TextField::find(name).map(Field::Text);
        let number = || NumberField::find(name).map(Field::Number);
        let date = || DateField::find(name).map(Field::Date);
        let single = || {
            Single::find(name).map(|it| match it {
                Single::Is => Field::Is,
                Single::Has => Field::Has,
                Single::Sort => Field::Sort,
                Single::Limit => Field::Limit,
            })
        };
        text().or_else(number).or_else(date).or_else(single)
    }

    /// Its name, and a value that shows what it takes.
    pub(super) fn example(self) -> &'static str {
        match self {
            Field::Text(TextField::Title) => "title:slavery",
            Field::Text(TextField::Author) => "author:liang",
            Field::Text(TextField::Category) => "category:\"survivor stories\"",
            Field::Text(TextField::Tag) => "tag:russia",
            Field::Text(TextField::Source) => "source:guardian",
            Field::Text(TextField::Folder) => "folder:news",
            Field::Text(TextField::Language) => "lang:de",
            Field::Text(TextField::Url) => "url:example.org",
            Field::Number(NumberField::Minutes) => "minutes:<20",
            Field::Number(NumberField::Words) => "words:>3000",
            Field::Number(NumberField::Comments) => "comments:>10",
            Field::Date(DateField::Before) => "before:2019",
            Field::Date(DateField::After) => "after:2018-06",
            Field::Date(DateField::Until) => "until:2019-02-28",
            Field::Date(DateField::On) => "date:2019-02",
            Field::Is => "is:unread",
            Field::Has => "has:picture",
            Field::Sort => "sort:newest",
            Field::Limit => "limit:20",
        }
    }

    /// The names of all fields, those that are printed before those that are only understood.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Field::printed().chain(Field::rows().flat_map(|words| words.iter().skip(1).copied()))
    }

    /// The names of all fields as they are printed.
    pub(super) fn printed() -> impl Iterator<Item = &'static str> {
        Field::rows().filter_map(|words| words.first().copied())
    }

    /// The names of each field.
    fn rows() -> impl Iterator<Item = &'static [&'static str]> {
        fn of<T: Named>() -> impl Iterator<Item = &'static [&'static str]> {
            T::WORDS.iter().map(|(_, words)| *words)
        }
        of::<TextField>()
            .chain(of::<Single>())
            .chain(of::<DateField>())
            .chain(of::<NumberField>())
    }
}

/// The name of a field that `word` is a slip of, if there is one.
pub(super) fn near(word: &str) -> Option<&'static str> {
    nearest(word, Field::names())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_word_names_two_fields() {
        let names: Vec<_> = Field::names().collect();
        let different: BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), different.len());
        for name in names {
            assert!(Field::find(name).is_some(), "{name}");
            assert!(Field::find(&name.to_uppercase()).is_some(), "{name}");
        }
    }

    #[test]
    fn slips_are_near_the_name_that_was_meant() {
        for (slip, name) in [
            ("auther", Some("author")),
            ("atuhor", Some("author")),
            ("minuts", Some("minutes")),
            ("langauge", Some("language")),
            ("iz", Some("is")),
            ("opinion", None),
            ("https", None),
            ("re", None),
        ] {
            assert_eq!(near(slip), name, "{slip}");
        }
    }
}
