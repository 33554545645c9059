//! Highlights and notes with their places in a text.

use crate::{document::Stand, story::Note};

/// A highlight or a note with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// What it is.
    pub note: Note,
    /// Where it stands; none if its words are no longer in the text.
    pub stand: Option<Stand>,
}

impl Placed {
    /// In the order of the text; those that are no longer found, about where they stood.
    pub fn in_order(mut notes: Vec<Placed>) -> Vec<Placed> {
        notes.sort_by_key(|it| {
            let start = it.stand.map(|stand| stand.span.start);
            (
                start.unwrap_or(it.note.near),
                start.is_none(),
                it.note.created,
            )
        });
        notes
    }
}
