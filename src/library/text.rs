//! The index of whole texts.

use rusqlite::Transaction;

/// Takes a story out of the index.
pub(super) fn forget(_transaction: &Transaction<'_>, _story: i64) -> rusqlite::Result<()> {
    Ok(())
}
