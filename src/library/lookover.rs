//! A look at every page of the database, now and then. Work meets only the damage that lies where it goes,
//! and what lies elsewhere is best found while the copy beside it is still of the same days.

use std::{
    fs::{self, File},
    path::Path,
    time::Duration,
};

use super::{Library, LibraryError, examine, store};

/// How long a look is good for.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes of a database that is looked over. To read a larger one takes so long that keys would wait for it:
/// `recto doctor` does so where it is wanted.
const LARGEST: u64 = 512 << 20;

impl Library {
    /// Looks the whole database over, if nobody did for a day, or if whoever had it open last was ended
    /// before it could close it. Takes about as long as to read it; nobody waits for it. Says whether it did.
    ///
    /// # Errors
    /// If it is damaged: it is mended, or kept aside, by the next start.
    pub fn look_over(&self) -> Result<bool, LibraryError> {
        let Some(database) = self.database() else {
            return Ok(false);
        };
        if database.metadata().is_ok_and(|it| it.len() > LARGEST) {
            return Ok(false);
        }
        let looked = database.with_extension("db.checked");
        let is_old = || age(&looked).is_none_or(|it| it > DAY);
        if !is_old() && !self.store.was_left_open() {
            return Ok(false);
        }
        // Before: what takes long is not begun once more by whoever starts meanwhile. Where it cannot be
        // written, the next start looks as well.
        let _ = File::create(&looked);
        if examine::has_damage(database)? {
            let _ = fs::remove_file(looked);
            return Err(store::damage::damaged().into());
        }
        Ok(true)
    }
}

/// How long ago a file was written; none where nobody knows, or in the future.
fn age(path: &Path) -> Option<Duration> {
    path.metadata().ok()?.modified().ok()?.elapsed().ok()
}
