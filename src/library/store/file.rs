//! Whether the database that is open is the one that the next start will find.
//!
//! A file that is taken away while it is open goes on being written to, and what stands in it is nowhere
//! once the program ends.

use std::path::Path;

use super::{Store, StoreError};

/// What a file is known by, whatever it is called.
pub(super) type FileId = (u64, u64);

#[cfg(unix)]
pub(super) fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|it| (it.dev(), it.ino()))
}

/// Here a file that is open cannot be taken away.
#[cfg(not(unix))]
pub(super) fn file_id(_: &Path) -> Option<FileId> {
    None
}

impl Store {
    /// Looks whether the file at the path is still the one that is open.
    pub(super) fn check_file(&self) -> Result<(), StoreError> {
        match self.file {
            Some(_) if !self.passing && file_id(&self.path) != self.file => Err(StoreError::Moved),
            _ => Ok(()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::{
        super::{Lane, tests::count},
        *,
    };

    #[test]
    fn what_would_be_written_to_a_database_that_is_gone_is_refused() {
        for gone in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(folder.path()).unwrap();
            let tag = || {
                store.change(|transaction| {
                    transaction.execute("INSERT OR REPLACE INTO tag VALUES ('a', 'mine')", [])?;
                    Ok(())
                })
            };
            tag().unwrap();
            fs::rename(store.path(), folder.path().join("elsewhere.db")).unwrap();
            if !gone {
                fs::write(store.path(), "another").unwrap();
            }
            assert!(matches!(tag(), Err(StoreError::Moved)));
            assert_eq!(count(&store, "tag"), 1);
            // Nor is another one made in its place.
            assert!(matches!(store.hold(Lane::Text), Err(StoreError::Moved)));
            assert_eq!(store.path().exists(), !gone);
            fs::rename(folder.path().join("elsewhere.db"), store.path()).unwrap();
            store
                .change(|transaction| {
                    transaction.execute("DELETE FROM tag", [])?;
                    Ok(())
                })
                .unwrap();
        }
    }
}
