//! Whether the database that is open is the one that the next start will find.
//!
//! A file that is taken away while it is open goes on being written to, and what stands in it is nowhere
//! once the program ends.

use std::{
    fs::{self, Metadata},
    io,
    path::Path,
};

use super::{FILE, Store, StoreError, damage::ended};
use crate::story::clean;

/// Bytes that the disk has free at least where a library is begun: with less its stories would not come in,
/// and there would be nothing to read.
pub(super) const ROOM: u64 = 4_000_000;

/// What a file is known by, whatever it is called.
pub(super) type FileId = (u64, u64);

pub(super) fn file_id(path: &Path) -> Option<FileId> {
    path.metadata().ok().and_then(|it| id_of(&it))
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // Elsewhere there is none.
fn id_of(file: &Metadata) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    Some((file.dev(), file.ino()))
}

/// Here a file that is open cannot be taken away.
#[cfg(not(unix))]
fn id_of(_: &Metadata) -> Option<FileId> {
    None
}

/// Whether an open file is the one that lies at the path, and no other took its place.
pub(in crate::library) fn lies_at(file: &fs::File, path: &Path) -> bool {
    let open = file.metadata().ok().and_then(|it| id_of(&it));
    open == file_id(path)
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

impl Store {
    /// What cannot be written to where SQLite could not begin: the file that the system names, else the folder.
    pub(super) fn refused(&self, error: &rusqlite::Error) -> StoreError {
        self.sealed().unwrap_or_else(|| {
            let folder = self.path.parent().unwrap_or(&self.path);
            StoreError::Folder {
                path: clean::line(&folder.to_string_lossy()),
                cause: io::Error::other(error.to_string()),
            }
        })
    }

    /// The file of the database that may only be read, and why; none where all can be written to.
    fn sealed(&self) -> Option<StoreError> {
        let files = ["", "-wal", "-shm"].map(|ending| ended(&self.path, ending));
        files.iter().find_map(|path| sealed(path))
    }

    /// The same of the database alone.
    pub(super) fn sealed_database(&self) -> Option<StoreError> {
        sealed(&self.path)
    }

    /// Lets the log and its index be written to where the database can be: SQLite makes them with the
    /// permissions that the database has at that moment, and they keep these. Says whether all can be then.
    pub(super) fn unseals(&self) -> bool {
        let Ok(of_database) = self.path.metadata().map(|it| it.permissions()) else {
            return false;
        };
        for ending in ["-wal", "-shm"] {
            let path = ended(&self.path, ending);
            if sealed(&path).is_some() {
                // Where it is somebody else's, it stays, and is named.
                let _ = fs::set_permissions(&path, of_database.clone());
            }
        }
        self.sealed().is_none()
    }

    /// Whether its disk has no room for what a library is when it is read first.
    pub(in crate::library) fn is_cramped(&self) -> bool {
        #[cfg(unix)]
        let room = self.path.parent().and_then(|folder| {
            let of = rustix::fs::statvfs(folder).ok()?;
            Some(of.f_bavail.saturating_mul(of.f_frsize))
        });
        #[cfg(not(unix))]
        let room: Option<u64> = None;
        room.is_some_and(|room| room < ROOM)
    }
}

/// What is to be told of a file that is there and cannot be written to.
fn sealed(path: &Path) -> Option<StoreError> {
    let cause = writable(path).err()?;
    (cause.kind() != io::ErrorKind::NotFound).then(|| StoreError::Sealed {
        path: clean::line(&path.to_string_lossy()),
        cause,
    })
}

/// Whether a file can be written to. It is asked, not opened: to close it again would let go of SQLite's locks.
#[cfg(unix)]
fn writable(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?)
}

#[cfg(not(unix))]
fn writable(path: &Path) -> io::Result<()> {
    match path.metadata()?.permissions().readonly() {
        true => Err(io::ErrorKind::PermissionDenied.into()),
        false => Ok(()),
    }
}

/// Copies a database with what is not yet merged into it.
pub(in crate::library) fn copy_database(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for name in [FILE.to_owned(), format!("{FILE}-wal")] {
        let source = match fs::File::open(from.join(&name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && name != FILE => continue,
            source => source?,
        };
        // Not with its permissions: the copy is there to be written to.
        io::copy(&mut &source, &mut fs::File::create(to.join(name))?)?;
    }
    Ok(())
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
