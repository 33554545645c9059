//! What a change of state changes, and to what, as the journal keeps it.

use super::super::WrittenNote;
use crate::story::{Change, Note, Subscription};

/// How the journal names [`Field::Files`].
pub(in crate::library) const FILES: &str = "files";

/// How it names [`Field::Folder`].
pub(in crate::library) const FOLDER: &str = "folder";

/// A field of the state, as the journal names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::library) enum Field {
    Flag(&'static str),
    Tag(String),
    /// The note with this id.
    Note(String),
    /// What is said of a feed.
    Feed,
    /// The query that is kept under a name, or a part of a list of feeds that is no feed.
    Query,
    /// Whether the full text of a story is read in the place of what its feed has.
    Full,
    /// Files that change places with others. What these are is for whoever keeps files; the database cannot move them.
    Files,
    /// What a folder of feeds is called. Each of its feeds has a change of its own; this is for what names it.
    Folder,
}

/// What a field is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::library) enum Value {
    On(bool),
    /// A note, or none.
    Note(Option<Box<Note>>),
    /// A subscription, or none.
    Feed(Option<Box<Subscription>>),
    /// A query or such a part, or none.
    Query(Option<String>),
    /// What is to change places.
    Files(String),
    /// A folder.
    Folder(String),
}

impl Value {
    /// It as the journal keeps it.
    pub(in crate::library) fn written(&self) -> String {
        match self {
            Value::On(on) => u8::from(*on).to_string(),
            Value::Note(note) => note
                .as_ref()
                .map_or_else(String::new, |note| WrittenNote::journalled(note)),
            Value::Feed(subscription) => subscription
                .as_ref()
                .and_then(|it| serde_json::to_string(it).ok())
                .unwrap_or_default(),
            Value::Query(query) => query.clone().unwrap_or_default(),
            Value::Files(it) | Value::Folder(it) => it.clone(),
        }
    }
}

impl Field {
    pub(super) fn of(change: &Change) -> (Self, Value) {
        let flag = |name, on: &bool| (Field::Flag(name), Value::On(*on));
        match change {
            Change::Read(on) => flag("read", on),
            Change::Starred(on) => flag("starred", on),
            Change::Later(on) => flag("later", on),
            Change::Removed(on) => flag("removed", on),
            Change::Tagged(name, on) => (Field::Tag(name.clone()), Value::On(*on)),
            Change::Noted(note) => {
                let value = Value::Note(Some(note.clone()));
                (Field::Note(note.id.clone()), value)
            }
            Change::Unnoted(note) => (Field::Note(note.id.clone()), Value::Note(None)),
        }
    }

    pub(in crate::library) fn name(&self) -> String {
        match self {
            Field::Flag(name) => (*name).to_owned(),
            Field::Tag(name) => format!("tag:{name}"),
            Field::Note(id) => format!("note:{id}"),
            Field::Feed => "feed".to_owned(),
            Field::Query => "query".to_owned(),
            Field::Full => "full".to_owned(),
            Field::Files => FILES.to_owned(),
            Field::Folder => FOLDER.to_owned(),
        }
    }

    pub(in crate::library) fn named(name: &str) -> Option<Self> {
        match name {
            "read" => Some(Field::Flag("read")),
            "starred" => Some(Field::Flag("starred")),
            "later" => Some(Field::Flag("later")),
            "removed" => Some(Field::Flag("removed")),
            "feed" => Some(Field::Feed),
            "query" => Some(Field::Query),
            "full" => Some(Field::Full),
            FILES => Some(Field::Files),
            FOLDER => Some(Field::Folder),
            _ => {
                let note = || name.strip_prefix("note:").map(str::to_owned);
                let tag = name.strip_prefix("tag:").map(str::to_owned);
                tag.map(Field::Tag).or_else(|| note().map(Field::Note))
            }
        }
    }

    /// What the journal kept as `written`.
    pub(in crate::library) fn value(&self, written: &str) -> Value {
        match self {
            Field::Flag(_) | Field::Tag(_) | Field::Full => Value::On(written == "1"),
            Field::Files => Value::Files(written.to_owned()),
            Field::Folder => Value::Folder(written.to_owned()),
            Field::Note(_) => Value::Note(WrittenNote::of_journal(written).map(Box::new)),
            Field::Feed => Value::Feed(serde_json::from_str(written).ok()),
            Field::Query => Value::Query(Some(written.to_owned()).filter(|it| !it.is_empty())),
        }
    }
}
