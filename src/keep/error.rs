//! Why a story could not be kept, in words.

use std::{io, path::Path};

use crate::story::clean;

/// Why a story could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The system refused.
    #[error("{path} could not be written: {}", in_words(.cause))]
    Io {
        /// The file or the folder, as it is shown.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// A file of the reader's own has the same link.
    #[error("{0} has this story already; recto did not write that file and leaves it as it is")]
    NotOurs(String),
    /// It was edited since.
    #[error("{0} was edited since it was written, and stays")]
    Edited(String),
    /// There are too many of one name.
    #[error("{0}: the shelf has too many stories of this name and day")]
    TooMany(String),
}

impl ShelfError {
    /// Whether it may be done later, when somebody has seen to the disk.
    pub fn may_pass(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
        match self {
            ShelfError::Io { cause, .. } => {
                matches!(
                    cause.kind(),
                    PermissionDenied | ReadOnlyFilesystem | StorageFull
                )
            }
            _ => false,
        }
    }
}

/// What the system said, with what to do about it.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "you may not write there (see its permissions with ls -ld)".to_owned()
        }
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "this disk can only be read".to_owned(),
        io::ErrorKind::NotADirectory => "a file is in the way where a folder should be".to_owned(),
        _ => error.to_string(),
    }
}

pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> ShelfError {
    move |cause| ShelfError::Io {
        path: shown(path),
        cause,
    }
}

pub(super) fn shown(path: &Path) -> String {
    clean::line(&path.to_string_lossy())
}
