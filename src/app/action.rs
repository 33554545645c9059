//! The one table of actions: name, help, keys, where it applies, and when it does not.
//!
//! Key handling, the help screen and the README's key list all come from here. To add an action:
//! its row in `action/table.rs`, and its arm in `update`.

mod reasons;
mod selecting;
mod table;

pub use table::ACTIONS;

use super::{
    key::Key,
    model::{Column, Model},
};

/// Everything that a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // Each is described in its row of the table.
pub enum Action {
    MoveDown,
    MoveUp,
    ColumnLeft,
    ColumnRight,
    NextColumn,
    PreviousColumn,
    ToStart,
    ToEnd,
    HalfPageDown,
    HalfPageUp,
    PageDown,
    PageUp,
    Search,
    NextMatch,
    PreviousMatch,
    NextUnread,
    PreviousUnread,
    Undo,
    Redo,
    Zen,
    Help,
    Messages,
    Redraw,
    Suspend,
    Leave,
    Back,
    Quit,
    Open,
    Browse,
    ToggleRead,
    ToggleStar,
    ToggleLater,
    EditTags,
    Remove,
    Save,
    Select,
    SelectTo,
    InvertSelection,
    MarkAllRead,
    MarkAboveRead,
    MarkBelowRead,
    UnreadOnly,
    Pictures,
    SortBy,
    NextStory,
    PreviousStory,
    FollowLink,
    ReadLink,
    Fold,
    Footnotes,
    Copy,
    SetMark,
    ToMark,
    GoBack,
    GoForward,
    Outline,
    NextHeading,
    PreviousHeading,
    ToPercent,
    ScrollLeft,
    ScrollRight,
    Wider,
    Narrower,
    Justify,
    Facing,
    Comments,
    FullText,
    Source,
    Pipe,
    RefreshAll,
    Refresh,
    AddFeed,
    NameFeed,
    MoveFeed,
    ReaddressFeed,
    Unsubscribe,
    BrowseFeed,
    SelectText,
    StoryNotes,
    NextUnit,
    PreviousUnit,
    ExtendForward,
    ExtendBackward,
    WordLeft,
    WordRight,
    ByWord,
    BySentence,
    ByParagraph,
    HoldEnd,
    SwapEnds,
    Highlight,
    WriteNote,
    RemoveNote,
    NextNote,
    PreviousNote,
    CopyQuotation,
    CopyBibtex,
    CopyWords,
    LeaveSelection,
}

/// A row of the table.
#[derive(Debug)]
pub struct Spec {
    /// What it does.
    pub action: Action,
    /// Its name, for settings and the palette.
    pub name: &'static str,
    /// What it does, in words.
    pub help: &'static str,
    /// The keys that do it unless the reader chose others.
    pub keys: &'static [&'static str],
    /// The columns in which the keys hold.
    pub place: Place,
    /// Why it cannot be done just now, if it cannot.
    pub disabled: fn(&Model) -> Option<&'static str>,
}

impl Spec {
    fn is_done_by(&self, key: Key) -> bool {
        self.keys.iter().any(|name| name.parse() == Ok(key))
    }
}

/// A row of the table, for what can always be done.
const fn spec(
    action: Action,
    name: &'static str,
    help: &'static str,
    keys: &'static [&'static str],
    place: Place,
) -> Spec {
    Spec {
        action,
        name,
        help,
        keys,
        place,
        disabled: reasons::always,
    }
}

impl Spec {
    /// Not while `reason` gives one.
    const fn unless(self, reason: fn(&Model) -> Option<&'static str>) -> Self {
        Spec {
            disabled: reason,
            ..self
        }
    }
}

/// Where an action's keys hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In every column.
    Everywhere,
    /// In the column of sources.
    Sources,
    /// In the list of stories and the sources.
    Lists,
    /// In the list of stories.
    List,
    /// In the reader.
    Reader,
    /// In the list and in the reader.
    Stories,
    /// In the reader, while text is selected; nothing else holds there then.
    Selection,
}

impl Place {
    /// The heading that the help shows over its actions.
    pub fn heading(self) -> &'static str {
        match self {
            Place::Everywhere => "Everywhere",
            Place::Sources => "In the sources",
            Place::Lists => "In the sources and the list",
            Place::List => "In the list",
            Place::Reader => "In the reader",
            Place::Stories => "In the list and the reader",
            Place::Selection => "While text is selected",
        }
    }

    /// Where its actions work, within a sentence.
    pub fn phrase(self) -> &'static str {
        match self {
            Place::Everywhere => "everywhere",
            Place::Sources => "on a feed in the sources (h)",
            Place::Lists => "in the sources and the list",
            Place::List => "in the list",
            Place::Reader => "in the reader",
            Place::Stories => "in the list and the reader",
            Place::Selection => "while text is selected: v in the reader selects",
        }
    }

    fn holds_in(self, column: Column) -> bool {
        match self {
            Place::Everywhere => true,
            Place::Sources => column == Column::Sources,
            Place::Lists => column != Column::Reader,
            Place::List => column == Column::List,
            Place::Reader => column == Column::Reader,
            Place::Stories => column != Column::Sources,
            Place::Selection => false,
        }
    }
}

/// The places in the order of the help.
pub const PLACES: [Place; 7] = [
    Place::Everywhere,
    Place::Lists,
    Place::Sources,
    Place::List,
    Place::Stories,
    Place::Reader,
    Place::Selection,
];

/// All rows, in the order of the help.
pub fn all() -> impl Iterator<Item = &'static Spec> {
    ACTIONS.iter().chain(selecting::SELECTING)
}

/// The row of the action that `key` does while text is selected.
pub fn lookup_selecting(key: Key) -> Option<&'static Spec> {
    let mut rows = selecting::SELECTING.iter();
    rows.find(|spec| spec.is_done_by(key))
}

/// The row of the action that `key` does in `column`.
pub fn lookup(key: Key, column: Column) -> Option<&'static Spec> {
    let mut rows = ACTIONS.iter();
    rows.find(|spec| spec.place.holds_in(column) && spec.is_done_by(key))
}

/// Where `key` does something, if not everywhere.
pub fn elsewhere(key: Key) -> Option<Place> {
    all()
        .find(|spec| spec.is_done_by(key))
        .map(|spec| spec.place)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read_and_does_one_thing_in_a_place() {
        for column in [Column::Sources, Column::List, Column::Reader] {
            let mut taken = HashSet::new();
            for spec in ACTIONS.iter().filter(|spec| spec.place.holds_in(column)) {
                for name in spec.keys {
                    let key: Key = name.parse().unwrap();
                    assert!(taken.insert(key), "{name} is bound twice in {column:?}");
                    assert_eq!(lookup(key, column).unwrap().action, spec.action);
                }
            }
        }
    }

    #[test]
    fn every_key_does_one_thing_while_text_is_selected() {
        let mut taken = HashSet::new();
        for spec in all().filter(|spec| spec.place == Place::Selection) {
            for name in spec.keys {
                let key: Key = name.parse().unwrap();
                assert!(taken.insert(key), "{name} is bound twice");
                assert_eq!(lookup_selecting(key).unwrap().action, spec.action);
            }
        }
    }

    #[test]
    fn names_are_verb_phrases_in_kebab_case_and_no_two_alike() {
        let mut seen = HashSet::new();
        for spec in all() {
            assert!(seen.insert(spec.name), "{} stands twice", spec.name);
            assert!(
                spec.name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-')
            );
            assert!(!spec.help.is_empty() && !spec.keys.is_empty());
        }
    }
}
