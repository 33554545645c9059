//! What can be wrong with the database, in words that say what to do.

use std::io;

use rusqlite::{ErrorCode, ffi};

use super::damage;

/// What went wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its folder cannot be made or written to.
    #[error("{path}: {cause}; --data or RECTO_DATA names another folder")]
    Folder {
        /// The folder, as it is shown.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// One of its files cannot be written to, though its folder can.
    #[error(
        "{path} cannot be written to ({cause}); see its permissions with ls -l, or name another folder with \
         --data or RECTO_DATA"
    )]
    Sealed {
        /// The file, as it is shown.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// It was closed to writing while it was open.
    #[error(
        "the database cannot be written to; see its permissions with ls -l (recto doctor says where it lies)"
    )]
    ReadOnly(rusqlite::Error),
    /// It was written by a newer recto.
    #[error("{0} was written by a newer recto; use that one, or name another folder with --data")]
    Newer(String),
    /// What it holds cannot be what was written.
    #[error(
        "the database is damaged; start recto again: it keeps what you did and builds the rest anew"
    )]
    Damaged(rusqlite::Error),
    /// Its file is not the one any more that is open: what is written there is nowhere afterwards.
    #[error(
        "the database was removed or moved while recto ran: what you do is not kept; start recto again"
    )]
    Moved,
    /// There is no room left for what was to be written.
    #[error(
        "the disk with the database is full; make room and do it again (recto doctor says where it lies)"
    )]
    Full(rusqlite::Error),
    /// There is no room left for what is written when it is opened.
    #[error(
        "the disk with the database is full; make room, then start recto again (recto doctor says where it lies)"
    )]
    FullAtStart,
    /// There is too little room to begin a library.
    #[error(
        "the disk with the database is full, or nearly: a new library needs {} MB; make room, then start recto \
         again (recto doctor says where it lies), or name another folder with --data",
        super::file::ROOM / 1_000_000
    )]
    Cramped,
    /// SQLite failed. It says all in one sentence, and its causes say the same again.
    #[error("the database failed: {0}")]
    Database(rusqlite::Error),
    /// Its tables could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(rusqlite_migration::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if damage::is_damage(&error) {
            StoreError::Damaged(error)
        } else if is_full(&error) {
            StoreError::Full(error)
        } else if error.sqlite_error_code() == Some(ErrorCode::ReadOnly) {
            StoreError::ReadOnly(error)
        } else {
            StoreError::Database(error)
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        match error {
            rusqlite_migration::Error::RusqliteError { err, .. }
                if damage::is_damage(&err) || is_full(&err) =>
            {
                err.into()
            }
            error => StoreError::Migration(error),
        }
    }
}

/// Whether there is no room left on the disk. Where the log's index cannot grow, SQLite has another code for
/// it, and says "disk I/O error".
fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error
            .sqlite_error()
            .is_some_and(|it| it.extended_code == ffi::SQLITE_IOERR_SHMSIZE)
}

/// Whether the system, or SQLite, does not let the database be opened as it has to be.
pub(super) fn is_refusal(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::SystemIoFailure
        )
    )
}
