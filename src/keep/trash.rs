//! What was taken back, or written over, lies in the shelf's hidden folder, and comes back from there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::shelf::{Shelf, ShelfError, failed, settle, shown};
use super::text::is_untouched;
use crate::ingest::epub::is_book_name;

/// The folder of the shelf that holds what was taken back. Hidden: nothing lists it.
const TRASH: &str = ".trash";

/// A step on the shelf that can be undone, and done again: either way files change places with what lies in the
/// hidden folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// The file that lies on the shelf and is to go.
    pub here: Option<PathBuf>,
    /// What is to come: where it lies, and where it lay.
    pub away: Option<(PathBuf, PathBuf)>,
}

impl Swap {
    /// The files whose stories are others afterwards.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let away = self.away.iter().map(|(_, home)| home.as_path());
        self.here.as_deref().into_iter().chain(away)
    }
}

impl Shelf {
    /// Undoes a step; gives the one that does it again.
    ///
    /// # Errors
    /// If the system refuses, or the file was edited since: then all stays as it is.
    pub fn swap(&self, step: &Swap) -> Result<Swap, ShelfError> {
        let gone = match &step.here {
            Some(here) => Some((self.take_back(here)?, here.clone())),
            None => None,
        };
        let here = match &step.away {
            Some((from, home)) => {
                if let Err(error) = bring_back(from, home) {
                    // What was there comes first.
                    if let Some((gone, here)) = &gone {
                        let _ = bring_back(gone, here);
                    }
                    return Err(error);
                }
                Some(home.clone())
            }
            None => None,
        };
        Ok(Swap { here, away: gone })
    }

    /// Takes back what was written: moves the file and its pictures into the shelf's hidden folder `.trash`, and
    /// says where the file lies there.
    ///
    /// # Errors
    /// If the system refuses, or the file was edited since.
    pub fn take_back(&self, path: &Path) -> Result<PathBuf, ShelfError> {
        // Nothing in a book says whether it was edited; it stays whole in the hidden folder.
        if !is_book(path) {
            let text = fs::read_to_string(path).map_err(failed(path))?;
            if !is_untouched(&text) {
                return Err(ShelfError::Edited(shown(path)));
            }
        }
        let to = self.room_for(path)?;
        fs::rename(path, &to).map_err(failed(path))?;
        let pictures = path.with_extension("");
        if !is_book(path) && pictures.is_dir() {
            fs::rename(&pictures, to.with_extension("")).map_err(failed(&pictures))?;
        }
        Ok(to)
    }

    /// Has what lies in a file, and its pictures, lie in the hidden folder, too, and says where: the file is about
    /// to be written over, and there is no moment in which it is nowhere.
    pub(super) fn set_aside(&self, path: &Path) -> Result<PathBuf, ShelfError> {
        let to = self.room_for(path)?;
        double(path, &to)?;
        let pictures = path.with_extension("");
        if let Ok(entries) = fs::read_dir(&pictures) {
            let beside = to.with_extension("");
            fs::create_dir_all(&beside).map_err(failed(&beside))?;
            for picture in entries.flatten().filter(|it| it.path().is_file()) {
                double(&picture.path(), &beside.join(picture.file_name()))?;
            }
        }
        Ok(to)
    }

    /// A name in the hidden folder that neither a file nor the folder of its pictures has.
    fn room_for(&self, path: &Path) -> Result<PathBuf, ShelfError> {
        let name = path.file_name().unwrap_or_default();
        let stem = path.file_stem().unwrap_or_default();
        let trash = self.folder().join(TRASH);
        let mut folder = trash.clone();
        let mut number = 1;
        while folder.join(name).exists() || folder.join(stem).exists() {
            number += 1;
            folder = trash.join(number.to_string());
        }
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        Ok(folder.join(name))
    }
}

/// Whether a book lies in a file: what lies beside it belongs to a story of the same name.
fn is_book(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|it| is_book_name(&it.to_string_lossy()))
}

/// A file under a second name; where the file system gives none, a copy.
fn double(from: &Path, to: &Path) -> Result<(), ShelfError> {
    fs::hard_link(from, to)
        .or_else(|_| fs::copy(from, to).map(|_| ()))
        .map_err(failed(from))
}

fn bring_back(from: &Path, home: &Path) -> Result<(), ShelfError> {
    if home.exists() {
        let cause = io::Error::new(io::ErrorKind::AlreadyExists, "another file lies there now");
        return Err(failed(home)(cause));
    }
    let (pictures, beside) = (from.with_extension(""), home.with_extension(""));
    if !is_book(from) && pictures.is_dir() && !beside.exists() {
        fs::rename(&pictures, &beside).map_err(failed(&pictures))?;
    }
    fs::rename(from, home).map_err(failed(from))?;
    // Only an empty folder goes.
    if let Some(folder) = from.parent() {
        let _ = fs::remove_dir(folder);
    }
    settle(home.parent().unwrap_or(home));
    Ok(())
}
