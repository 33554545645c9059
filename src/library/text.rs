//! The index of whole texts: filling it, searching it, and the passages that a search found.
//!
//! It lies in the database as an FTS5 table without content (sqlite.org/fts5.html): where words
//! stand, not the texts themselves, which are in their files. `terms` says what counts as a word.

mod alike;
mod find;
mod index;
mod passage;
mod query;
mod terms;
mod visible;

use rusqlite::Transaction;

pub(super) use alike::{Shared, alike};
pub(super) use find::{Cut, Part, Sought, find};
pub use index::Indexing;
pub(super) use query::Wording;
pub use query::seeks_nothing;

/// Takes a story out of the index.
pub(super) fn forget(transaction: &Transaction<'_>, story: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("DELETE FROM story_text WHERE rowid = ?1")?
        .execute([story])?;
    Ok(())
}

#[cfg(test)]
mod tests;
