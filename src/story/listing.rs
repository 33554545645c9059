//! What a list shows of the library, and how it is asked for.

use std::sync::Arc;

use super::Published;

/// A story of the library, as long as the library is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryId(pub u32);

/// What a list shows of one story.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Which story.
    pub id: StoryId,
    /// Its title.
    pub title: Arc<str>,
    /// Who or where it is from: its first author, else its folder.
    pub from: Arc<str>,
    /// Its date; for a file that gives none, the file's own.
    pub when: Published,
    /// Minutes it takes to read.
    pub minutes: usize,
    /// Whether it was read.
    pub read: bool,
    /// Why it cannot be read, in words.
    pub trouble: Option<Arc<str>>,
    /// The address of its page.
    pub url: Option<Arc<str>>,
    /// Bytes of the title where a letter matches the search, in order.
    pub matched: Vec<usize>,
}

/// A part of the library.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Source {
    /// Every story.
    #[default]
    All,
    /// What was not read yet.
    Unread,
    /// The stories of one folder, and of the folders in it.
    Folder(Arc<str>),
    /// What was filed under one category.
    Category(Arc<str>),
    /// What one author wrote.
    Author(Arc<str>),
}

impl Source {
    /// Its name, as the sources column shows it.
    pub fn name(&self) -> &str {
        match self {
            Source::All => "All stories",
            Source::Unread => "Unread",
            Source::Folder(name) | Source::Category(name) | Source::Author(name) => name,
        }
    }
}

/// A source with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Which part of the library.
    pub source: Source,
    /// Stories in it.
    pub total: usize,
    /// Unread ones among them.
    pub unread: usize,
}

/// A list: a part of the library, or what a search finds in it, newest or best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The part.
    pub source: Source,
    /// Words that titles are searched for; empty when nothing is searched.
    pub search: String,
    /// Stories that are listed though they no longer belong to the part: those that were read while
    /// the unread ones are listed.
    pub keep: Vec<StoryId>,
}

/// Where in a list a window is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its first story.
    Start,
    /// Its last.
    End,
    /// Around this story.
    Story(StoryId),
    /// Around the first unread story below this one.
    NextUnread(StoryId),
    /// Around the first unread story above this one.
    PreviousUnread(StoryId),
}

/// The rows of a list around an [`Anchor`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// Index in the list of the first row here.
    pub first: usize,
    /// Stories in the whole list.
    pub total: usize,
    /// The rows.
    pub rows: Vec<Row>,
    /// Index in the list of the story that was asked for, if there is such a one.
    pub at: Option<usize>,
}

impl Window {
    /// The row at `index` of the list, if it is in the window.
    pub fn row(&self, index: usize) -> Option<&Row> {
        self.rows.get(index.checked_sub(self.first)?)
    }

    /// The index in the list of the story `id`, if it is in the window.
    pub fn index_of(&self, id: StoryId) -> Option<usize> {
        let place = self.rows.iter().position(|row| row.id == id)?;
        Some(self.first + place)
    }
}
