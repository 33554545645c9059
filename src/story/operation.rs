//! What a reader does with stories: the changes of state that are kept, undone and carried elsewhere.

use super::{Listing, Note, StoryId};

/// What is done with some stories in one go, and can be undone in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// With which stories.
    pub target: Target,
    /// What, one after the other.
    pub changes: Vec<Change>,
}

impl Operation {
    /// One thing done with some stories.
    pub fn new(target: Target, change: Change) -> Self {
        Operation {
            target,
            changes: vec![change],
        }
    }

    /// What was done, in words: "starred and tagged sea, rope".
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut last: Option<&Change> = None;
        for change in &self.changes {
            match (change, last) {
                (_, None) => words.push_str(&change.words()),
                (Change::Tagged(name, on), Some(Change::Tagged(_, before))) if on == before => {
                    words.push_str(", ");
                    words.push_str(name);
                }
                _ => {
                    words.push_str(" and ");
                    words.push_str(&change.words());
                }
            }
            last = Some(change);
        }
        words
    }

    /// Whether it takes stories out of the lists, or brings them back.
    pub fn removes(&self) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| matches!(change, Change::Removed(_)))
    }
}

/// Stories that something is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// These.
    Stories(Vec<StoryId>),
    /// All of a list.
    Listed(Listing),
    /// Those of a list above this one.
    Above(Listing, StoryId),
    /// Those of a list below this one.
    Below(Listing, StoryId),
}

/// A change of a story's state.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change {
    /// Read, or unread.
    Read(bool),
    /// With a star, or without.
    Starred(bool),
    /// Kept for later, or not.
    Later(bool),
    /// Out of all lists, or back in them. What was removed does not come back by itself.
    Removed(bool),
    /// With a tag of this name, or without.
    Tagged(String, bool),
    /// With this highlight or note, in the place of the one with its id. One without an id is new.
    Noted(Box<Note>),
    /// Without this highlight or note.
    Unnoted(Box<Note>),
}

impl Change {
    /// What was done, in words: "marked read".
    pub fn words(&self) -> String {
        let words = match self {
            Change::Read(true) => "marked read",
            Change::Read(false) => "marked unread",
            Change::Starred(true) => "starred",
            Change::Starred(false) => "unstarred",
            Change::Later(true) => "kept for later",
            Change::Later(false) => "no longer for later",
            Change::Removed(true) => "removed",
            Change::Removed(false) => "brought back",
            Change::Noted(note) => match (note.id.is_empty(), note.text.is_empty()) {
                (true, true) => "highlighted a passage in",
                (true, false) => "wrote a note in",
                (false, _) => "changed a note in",
            },
            Change::Unnoted(note) if note.text.is_empty() => "removed a highlight from",
            Change::Unnoted(_) => "removed a note from",
            Change::Tagged(name, true) => return format!("tagged {name}"),
            Change::Tagged(name, false) => return format!("no longer tagged {name}"),
        };
        words.to_owned()
    }
}

/// What the reader did with one story, as far as it shows beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// Whether it was read.
    pub read: bool,
    /// Whether it has a star.
    pub starred: bool,
    /// Whether it is kept for later.
    pub later: bool,
    /// Whether there are highlights or notes in it.
    pub noted: bool,
}

impl State {
    /// Makes a change.
    pub fn set(&mut self, change: &Change) {
        match change {
            Change::Read(on) => self.read = *on,
            Change::Starred(on) => self.starred = *on,
            Change::Later(on) => self.later = *on,
            Change::Noted(_) => self.noted = true,
            // There may be others.
            Change::Unnoted(_) | Change::Removed(_) | Change::Tagged(..) => {}
        }
    }
}

/// A place in a story that the reader gave a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The letter.
    pub letter: char,
    /// The story.
    pub id: StoryId,
    /// Its title.
    pub title: String,
    /// The block.
    pub block: usize,
    /// The byte of its text.
    pub offset: usize,
}

/// A place in a story: where it was left.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Position {
    /// The block at the top of the page.
    pub block: usize,
    /// The byte of its text that the page begins with.
    pub offset: usize,
    /// How much of the text was seen, from 0 to 1.
    pub seen: f64,
    /// By what the block is known again in a text that was edited; 0 where nobody knows.
    pub print: i64,
}
