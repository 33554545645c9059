//! Books on the shelf: the very file, for a text made of it would be without its cover, its pictures and its form.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    Kept,
    error::{ShelfError, failed},
    name::{folded, stem},
    shelf::{NUMBERS, Shelf, names_in, settle},
    unfinished::{clear_away, unfinished},
};
use crate::{
    ingest::epub::is_book_name,
    story::{Story, clean},
};

impl Shelf {
    /// Keeps a book as it is: these are the bytes of its file, and `story` is what it reads as. Where the same bytes
    /// lie among the kept stories already, or it comes from the shelf (`at`), nothing is written.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn keep_book(
        &self,
        story: Story,
        bytes: &[u8],
        at: Option<&Path>,
    ) -> Result<Kept, ShelfError> {
        let new_shelf = !self.folder().exists();
        let folder = self.stories();
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        clear_away(&folder);
        let kept = |path, unchanged| Kept {
            unchanged,
            new_shelf,
            ..Kept::lying(path, story.clone())
        };
        if let Some(there) = at.and_then(|it| self.within(it)) {
            return Ok(kept(there, true));
        }
        let taken = names_in(&folder).map_err(failed(&folder))?;
        // By all of them: the name of a book that tells no day has that of its keeping.
        let mut books = taken.values().filter(|it| is_book_name(it));
        if let Some(there) = books.find(|it| holds(&folder.join(it), bytes)) {
            return Ok(kept(folder.join(there), true));
        }
        let stem = stem(&story, None, Timestamp::now());
        let file = &mut Some(unfinished(&folder, bytes)?);
        for number in 1..=NUMBERS {
            let name = match number {
                1 => format!("{stem}.epub"),
                _ => format!("{stem}-{number}.epub"),
            };
            if taken.contains_key(&folded(&name)) {
                continue;
            }
            let path = folder.join(name);
            let Some(whole) = file.take() else { break };
            match whole.persist_noclobber(&path) {
                Ok(_) => {
                    settle(&folder);
                    return Ok(kept(path, false));
                }
                // Another program took the name in this moment.
                Err(it) if it.error.kind() == io::ErrorKind::AlreadyExists => *file = Some(it.file),
                Err(it) => return Err(failed(&path)(it.error)),
            }
        }
        Err(ShelfError::TooMany(clean::line(&story.title)))
    }

    /// A file of the shelf by whatever path leads to it.
    fn within(&self, path: &Path) -> Option<PathBuf> {
        let (folder, path) = (
            self.folder().canonicalize().ok()?,
            path.canonicalize().ok()?,
        );
        Some(self.folder().join(path.strip_prefix(folder).ok()?))
    }
}

/// Whether a file holds these bytes and no others.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let is_as_long = fs::metadata(path).is_ok_and(|it| it.len() == bytes.len() as u64);
    is_as_long && fs::read(path).is_ok_and(|it| it == bytes)
}
