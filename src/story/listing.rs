//! What a list shows of the library, and how it is asked for.

use std::sync::Arc;

use super::{FeedName, Published, State, Trouble, query::Sort};

/// A story of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryId(pub u32);

impl StoryId {
    /// The number of the first page that is looked at and not kept: no story of a database comes near it.
    pub const PASSING: u32 = 0xFFFF_0000;

    /// Whether this is a page that is looked at and not kept.
    pub fn is_passing(self) -> bool {
        self.0 >= Self::PASSING
    }
}

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
    /// Whether it has a star.
    pub starred: bool,
    /// Whether it is kept for later.
    pub later: bool,
    /// Whether there are highlights or notes in it.
    pub noted: bool,
    /// How much of it was seen, from 0 to 1.
    pub seen: f64,
    /// Why it cannot be read, in words.
    pub trouble: Option<Arc<str>>,
    /// The address of its page.
    pub url: Option<Arc<str>>,
    /// Whether it was taken out of the lists.
    pub removed: bool,
    /// Whether its publisher changed it since it was opened.
    pub updated: bool,
    /// Bytes of the title where a letter matches the search, in order.
    pub matched: Vec<usize>,
    /// Where a full-text search found it.
    pub passage: Option<Passage>,
}

impl Row {
    /// What the reader did with it.
    pub fn state(&self) -> State {
        State {
            read: self.read,
            starred: self.starred,
            later: self.later,
            noted: self.noted,
        }
    }

    /// Shows another state.
    pub fn set_state(&mut self, state: State) {
        (self.read, self.starred) = (state.read, state.starred);
        (self.later, self.noted) = (state.later, state.noted);
    }
}

/// A piece of a text around what a search found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// One line of text.
    pub text: Arc<str>,
    /// The bytes of it that were searched for.
    pub marks: Vec<std::ops::Range<usize>>,
}

/// A part of the library.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Source {
    /// Every story.
    #[default]
    All,
    /// What was not read yet.
    Unread,
    /// What is kept for later.
    Later,
    /// What has a star.
    Starred,
    /// What is of this week.
    ThisWeek,
    /// What has highlights or notes in it.
    Noted,
    /// Books.
    Books,
    /// What was removed and can be brought back.
    Removed,
    /// What a query finds that was kept under this name.
    Saved(Arc<str>),
    /// What one feed announced.
    Feed(FeedName),
    /// The stories of one folder, and of the folders in it.
    Folder(Arc<str>),
    /// What was filed under one category.
    Category(Arc<str>),
    /// What one author wrote.
    Author(Arc<str>),
    /// What has one tag.
    Tag(Arc<str>),
}

impl Source {
    /// Its name, as the sources column shows it.
    pub fn name(&self) -> &str {
        match self {
            Source::All => "All stories",
            Source::Unread => "Unread",
            Source::Later => "Later",
            Source::Starred => "Starred",
            Source::ThisWeek => "This week",
            Source::Noted => "Notes",
            Source::Books => "Books",
            Source::Removed => "Removed",
            Source::Feed(feed) => &feed.name,
            Source::Saved(name)
            | Source::Folder(name)
            | Source::Category(name)
            | Source::Author(name)
            | Source::Tag(name) => name,
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
    /// Why nothing new comes from it.
    pub trouble: Option<Trouble>,
    /// The folder that it is shown in: that of a feed.
    pub folder: Option<Arc<str>>,
}

impl SourceRow {
    /// A source of which nothing but its counts is to be said.
    pub fn new(source: Source, total: usize, unread: usize) -> Self {
        SourceRow {
            source,
            total,
            unread,
            trouble: None,
            folder: None,
        }
    }
}

/// The orders that a list may have, with the words for them.
pub const SORTS: [(Sort, &str); 8] = [
    (Sort::Newest, "newest"),
    (Sort::Oldest, "oldest"),
    (Sort::Title, "title"),
    (Sort::Author, "author"),
    (Sort::Source, "source"),
    (Sort::Shortest, "shortest"),
    (Sort::Longest, "longest"),
    (Sort::Recent, "recent"),
];

/// A list: a part of the library, or what a search finds in it, newest or best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The part.
    pub source: Source,
    /// The query that is searched for; empty when nothing is searched.
    pub search: String,
    /// Whether the words of the query are looked for in whole texts, not in titles.
    pub everywhere: bool,
    /// Whether only what is unread is listed.
    pub unread: bool,
    /// The order; a search has its best first where this is the default.
    pub sort: Sort,
    /// Stories that are listed though they no longer belong to the part: those that were read while
    /// the unread ones are listed.
    pub keep: Vec<StoryId>,
}

/// Where a list was left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Left {
    /// What was listed.
    pub source: Source,
    /// Whether only what is unread was.
    pub unread: bool,
    /// In which order.
    pub sort: Sort,
    /// The story under the cursor; none where the cursor was never moved from the first one.
    pub story: Option<StoryId>,
    /// About at which place of the list it stood.
    pub near: usize,
}

/// How pages are set, as the reader chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The measure in cells.
    pub measure: u16,
    /// Whether the lines of running text end at one edge.
    pub justify: bool,
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
    /// Around its first unread story.
    FirstUnread,
}

/// The rows of a list around an [`Anchor`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Window {
    /// Index in the list of the first row here. Exact where the list begins or ends in the window,
    /// near enough elsewhere: counting what lies above would take as long as the list.
    pub first: usize,
    /// Stories in the whole list.
    pub total: usize,
    /// The rows.
    pub rows: Vec<Row>,
    /// Index in the list of the story that was asked for, if there is such a one.
    pub at: Option<usize>,
    /// What the reader should know of the list: what is wrong with the query, or that not all of
    /// what it finds was looked at.
    pub remark: Option<String>,
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
