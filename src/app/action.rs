//! The one table of actions: name, help, keys, where it applies, and when it does not.
//!
//! Key handling, the help screen and the README's key list all come from here. To add an action:
//! its row here, and its arm in `update`.

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
    Zen,
    Help,
    Redraw,
    Suspend,
    Leave,
    Back,
    Quit,
    Open,
    Browse,
    ToggleRead,
    NextStory,
    PreviousStory,
    FollowLink,
    GoBack,
    NextHeading,
    PreviousHeading,
    ScrollLeft,
    ScrollRight,
    Wider,
    Narrower,
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

/// Where an action's keys hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In every column.
    Everywhere,
    /// In the list of stories.
    List,
    /// In the reader.
    Reader,
    /// In the list and in the reader.
    Stories,
}

impl Place {
    /// The heading that the help shows over its actions.
    pub fn heading(self) -> &'static str {
        match self {
            Place::Everywhere => "Everywhere",
            Place::List => "In the list",
            Place::Reader => "In the reader",
            Place::Stories => "In the list and the reader",
        }
    }

    /// Where its actions work, within a sentence.
    pub fn phrase(self) -> &'static str {
        match self {
            Place::Everywhere => "everywhere",
            Place::List => "in the list",
            Place::Reader => "in the reader",
            Place::Stories => "in the list and the reader",
        }
    }

    fn holds_in(self, column: Column) -> bool {
        match self {
            Place::Everywhere => true,
            Place::List => column == Column::List,
            Place::Reader => column == Column::Reader,
            Place::Stories => column != Column::Sources,
        }
    }
}

/// The places in the order of the help.
pub const PLACES: [Place; 4] = [
    Place::Everywhere,
    Place::List,
    Place::Stories,
    Place::Reader,
];

/// All actions.
pub const ACTIONS: &[Spec] = &[
    spec(
        Action::MoveDown,
        "move-down",
        "next story, or a line down",
        &["j", "down"],
        Place::Everywhere,
    ),
    spec(
        Action::MoveUp,
        "move-up",
        "previous story, or a line up",
        &["k", "up"],
        Place::Everywhere,
    ),
    spec(
        Action::ColumnLeft,
        "column-left",
        "to the column on the left",
        &["h", "left"],
        Place::Everywhere,
    ),
    spec(
        Action::ColumnRight,
        "column-right",
        "to the column on the right",
        &["l", "right"],
        Place::Everywhere,
    ),
    spec(
        Action::NextColumn,
        "next-column",
        "to the next column, round and round",
        &["tab"],
        Place::Everywhere,
    ),
    spec(
        Action::ToStart,
        "to-start",
        "to the first story, or the first line",
        &["g", "home"],
        Place::Everywhere,
    ),
    spec(
        Action::ToEnd,
        "to-end",
        "to the last story, or the last line",
        &["G", "end"],
        Place::Everywhere,
    ),
    spec(
        Action::HalfPageDown,
        "half-page-down",
        "half a page down; ends the list of one file",
        &["ctrl-d"],
        Place::Everywhere,
    ),
    spec(
        Action::HalfPageUp,
        "half-page-up",
        "half a page up",
        &["ctrl-u"],
        Place::Everywhere,
    ),
    spec(
        Action::PageDown,
        "page-down",
        "a page down",
        &["space", "pgdn"],
        Place::Everywhere,
    ),
    spec(
        Action::PageUp,
        "page-up",
        "a page up",
        &["b", "pgup"],
        Place::Everywhere,
    ),
    spec(
        Action::Search,
        "search",
        "search titles as you type; in the reader, its text",
        &["/"],
        Place::Everywhere,
    ),
    Spec {
        disabled: no_text_search,
        ..spec(
            Action::NextMatch,
            "next-match",
            "to the next match in the text",
            &["n"],
            Place::Stories,
        )
    },
    Spec {
        disabled: no_text_search,
        ..spec(
            Action::PreviousMatch,
            "previous-match",
            "to the match before",
            &["N"],
            Place::Stories,
        )
    },
    spec(
        Action::NextUnread,
        "next-unread",
        "to the next unread story",
        &["J"],
        Place::Everywhere,
    ),
    spec(
        Action::PreviousUnread,
        "previous-unread",
        "to the unread story before",
        &["K"],
        Place::Everywhere,
    ),
    Spec {
        disabled: no_story,
        ..spec(
            Action::Zen,
            "zen",
            "the reader alone, the text centred; again for the columns",
            &["z"],
            Place::Everywhere,
        )
    },
    spec(
        Action::Help,
        "help",
        "show the keys; again to hide them",
        &["?"],
        Place::Everywhere,
    ),
    spec(
        Action::Redraw,
        "redraw",
        "draw the screen anew",
        &["ctrl-l"],
        Place::Everywhere,
    ),
    spec(
        Action::Suspend,
        "suspend",
        "back to the shell; fg returns",
        &["ctrl-z"],
        Place::Everywhere,
    ),
    spec(
        Action::Leave,
        "leave",
        "leave what is open: prompt, help, search, reader",
        &["esc"],
        Place::Everywhere,
    ),
    spec(
        Action::Back,
        "back",
        "back to the list; there, quit",
        &["q"],
        Place::Everywhere,
    ),
    spec(Action::Quit, "quit", "quit", &["ctrl-c"], Place::Everywhere),
    Spec {
        disabled: no_story,
        ..spec(
            Action::Open,
            "open",
            "read the story",
            &["enter"],
            Place::List,
        )
    },
    Spec {
        disabled: no_story,
        ..spec(
            Action::Browse,
            "open-in-browser",
            "open the story's page in the browser",
            &["o"],
            Place::Stories,
        )
    },
    Spec {
        disabled: no_story,
        ..spec(
            Action::ToggleRead,
            "toggle-read",
            "mark as read, or as unread",
            &["m"],
            Place::Stories,
        )
    },
    spec(
        Action::NextStory,
        "next-story",
        "read the next story",
        &["]"],
        Place::Reader,
    ),
    spec(
        Action::PreviousStory,
        "previous-story",
        "read the story before",
        &["["],
        Place::Reader,
    ),
    Spec {
        disabled: no_page,
        ..spec(
            Action::FollowLink,
            "follow-link",
            "label the links on the page; type a label to follow it",
            &["f"],
            Place::Reader,
        )
    },
    Spec {
        disabled: no_history,
        ..spec(
            Action::GoBack,
            "go-back",
            "back to where a link was followed",
            &["ctrl-o"],
            Place::Reader,
        )
    },
    Spec {
        disabled: no_page,
        ..spec(
            Action::NextHeading,
            "next-heading",
            "to the next heading",
            &["}"],
            Place::Reader,
        )
    },
    Spec {
        disabled: no_page,
        ..spec(
            Action::PreviousHeading,
            "previous-heading",
            "to the heading before",
            &["{"],
            Place::Reader,
        )
    },
    Spec {
        disabled: nothing_wide,
        ..spec(
            Action::ScrollRight,
            "scroll-right",
            "see more of wide code and tables",
            &[">"],
            Place::Reader,
        )
    },
    Spec {
        disabled: nothing_wide,
        ..spec(
            Action::ScrollLeft,
            "scroll-left",
            "back to the left of wide code and tables",
            &["<"],
            Place::Reader,
        )
    },
    spec(
        Action::Wider,
        "wider",
        "set the text wider",
        &["+"],
        Place::Reader,
    ),
    spec(
        Action::Narrower,
        "narrower",
        "set the text narrower",
        &["-"],
        Place::Reader,
    ),
];

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
        disabled: always,
    }
}

fn always(_: &Model) -> Option<&'static str> {
    None
}

fn no_story(model: &Model) -> Option<&'static str> {
    model
        .list
        .current()
        .is_none()
        .then_some("no story is chosen")
}

fn no_page(model: &Model) -> Option<&'static str> {
    model.reader.open.is_none().then_some("no story is open")
}

fn no_text_search(model: &Model) -> Option<&'static str> {
    let open = model.reader.open.as_ref();
    open.is_none_or(|open| open.search.is_none())
        .then_some("/ in the reader searches its text first")
}

fn no_history(model: &Model) -> Option<&'static str> {
    model.back.is_empty().then_some("no link was followed yet")
}

fn nothing_wide(model: &Model) -> Option<&'static str> {
    let open = model.reader.open.as_ref();
    open.is_none_or(|open| open.widest == 0)
        .then_some("nothing here is wider than the page")
}

/// The row of the action that `key` does in `column`.
pub fn lookup(key: Key, column: Column) -> Option<&'static Spec> {
    ACTIONS.iter().find(|spec| {
        spec.place.holds_in(column) && spec.keys.iter().any(|name| name.parse() == Ok(key))
    })
}

/// Where `key` does something, if not everywhere.
pub fn elsewhere(key: Key) -> Option<Place> {
    let bound = |spec: &&Spec| spec.keys.iter().any(|name| name.parse() == Ok(key));
    ACTIONS.iter().find(bound).map(|spec| spec.place)
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
    fn names_are_verb_phrases_in_kebab_case_and_no_two_alike() {
        let mut seen = HashSet::new();
        for spec in ACTIONS {
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
