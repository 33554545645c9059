//! What was taken back, or written over, lies in the shelf's hidden folder, and comes back from there.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::is_untouched;
use super::unfinished::unfinished;
use super::{
    error::{ShelfError, failed, shown},
    shelf::{Shelf, settle},
};
use crate::ingest::epub::is_book_name;

/// The folder of the shelf that holds what was taken back. Hidden: nothing lists it.
const TRASH: &str = ".trash";

/// What recto put there, and when: a line each, the seconds since 1970 and the path. Other programs have folders of
/// this name, too; nothing but what stands here is ever removed from it.
const LIST: &str = ".recto";

/// Days after which what was put there goes.
pub const KEPT_DAYS: u32 = 30;

/// A step on the shelf that can be undone, and done again: either way files change places with what lies in the
/// hidden folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// The file that lies on the shelf and is to go.
    pub here: Option<PathBuf>,
    /// What is to come: where it lies, and where it lay.
    pub away: Option<(PathBuf, PathBuf)>,
}

impl Swap {
    /// It in one line, as it is kept; none where a path has no letters that can be written.
    pub fn written(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// What was written so.
    pub fn read(written: &str) -> Option<Self> {
        serde_json::from_str(written).ok()
    }

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
                if let Err(error) = self.bring_back(from, home) {
                    // What was there comes first.
                    if let Some((gone, here)) = &gone {
                        let _ = self.bring_back(gone, here);
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
        self.note_put(&to, Timestamp::now());
        Ok(to)
    }

    /// Removes for good what recto put into the hidden folder [`KEPT_DAYS`] ago or earlier, with its pictures; says how
    /// many files that were. What is not known to come from recto stays.
    pub fn empty_trash(&self, now: Timestamp) -> usize {
        let trash = self.folder().join(TRASH);
        let listed = listed(&trash);
        let oldest = now.as_second() - i64::from(KEPT_DAYS) * 24 * 60 * 60;
        let (old, rest): (Vec<_>, Vec<_>) = listed.into_iter().partition(|(_, at)| *at <= oldest);
        if old.is_empty() {
            return 0;
        }
        let mut gone = 0;
        for (name, _) in old {
            let path = trash.join(&name);
            let is_file = path.symlink_metadata().is_ok_and(|it| it.is_file());
            if !is_file || fs::remove_file(&path).is_err() {
                continue;
            }
            gone += 1;
            if !is_book(&path) {
                forget_beside(&path.with_extension(""));
            }
            if let Some(folder) = path.parent().filter(|it| *it != trash) {
                // Only an empty folder goes.
                let _ = fs::remove_dir(folder);
            }
        }
        write_list(&trash, rest);
        gone
    }

    /// Notes that recto put a file there; without the note it stays for good.
    fn note_put(&self, path: &Path, at: Timestamp) {
        self.list_anew(path, Some(at));
    }

    /// Notes of a file in the hidden folder since when it lies there, or that it does no more.
    fn list_anew(&self, path: &Path, at: Option<Timestamp>) {
        let trash = self.folder().join(TRASH);
        let Some(name) = path.strip_prefix(&trash).ok().and_then(Path::to_str) else {
            return;
        };
        let mut all = listed(&trash);
        all.retain(|(it, _)| it != name);
        all.extend(at.map(|at| (name.to_owned(), at.as_second())));
        write_list(&trash, all);
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
        self.note_put(&to, Timestamp::now());
        Ok(to)
    }

    fn bring_back(&self, from: &Path, home: &Path) -> Result<(), ShelfError> {
        bring_back(from, home)?;
        self.list_anew(from, None);
        Ok(())
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

/// What stands in the list of a hidden folder. Lines that lead out of it count for nothing.
fn listed(trash: &Path) -> Vec<(String, i64)> {
    let text = fs::read_to_string(trash.join(LIST)).unwrap_or_default();
    let line = |line: &str| {
        let (at, name) = line.split_once('\t')?;
        let inside = Path::new(name)
            .components()
            .all(|it| matches!(it, Component::Normal(_)));
        (inside && !name.is_empty()).then(|| Some((name.to_owned(), at.parse().ok()?)))?
    };
    text.lines().filter_map(line).collect()
}

/// Writes the list of a hidden folder. Where that fails, less is removed.
fn write_list(trash: &Path, all: Vec<(String, i64)>) {
    let path = trash.join(LIST);
    if all.is_empty() {
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir(trash);
        return;
    }
    let text: String = all
        .into_iter()
        .filter(|(name, _)| !name.contains(['\n', '\t']))
        .map(|(name, at)| format!("{at}\t{name}\n"))
        .collect();
    if let Ok(file) = unfinished(trash, text.as_bytes()) {
        let _ = file.persist(&path);
    }
}

/// Removes the files beside a story that is gone, and their folder: what else lies in it stays.
fn forget_beside(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|it| it.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_recto_put_there_goes_after_some_weeks_and_nothing_else() {
        let folder = tempfile::TempDir::new().unwrap();
        let shelf = Shelf::new(folder.path());
        let (stories, trash) = (shelf.stories(), folder.path().join(TRASH));
        fs::create_dir_all(stories.join("a")).unwrap();
        fs::create_dir_all(&trash).unwrap();
        fs::write(trash.join("own.md"), "another program's").unwrap();
        for name in ["a/p.png", "n.epub", "back.epub"] {
            fs::write(stories.join(name), "x").unwrap();
        }
        let text = super::super::written(
            &crate::story::Story::new(crate::story::Kind::Page, "A", "Words."),
            Some(Timestamp::now()),
        );
        fs::write(stories.join("a.md"), text).unwrap();
        let gone = shelf.take_back(&stories.join("a.md")).unwrap();
        shelf.take_back(&stories.join("n.epub")).unwrap();
        let back = shelf.take_back(&stories.join("back.epub")).unwrap();
        // What was brought back is none of recto's any more, whatever lies there by that name.
        let home = stories.join("back.epub");
        let step = Swap {
            here: None,
            away: Some((back.clone(), home)),
        };
        shelf.swap(&step).unwrap();
        fs::write(&back, "another program's").unwrap();
        // Nor is what a list leads out to.
        let outside = folder.path().join("outside.md");
        fs::write(&outside, "x").unwrap();
        let mut list = fs::read_to_string(trash.join(LIST)).unwrap();
        list.push_str("1\t../outside.md\nnonsense\n");
        fs::write(trash.join(LIST), list).unwrap();
        let after = |days: i64| {
            let seconds = Timestamp::now().as_second() + days * 24 * 60 * 60;
            Timestamp::from_second(seconds).unwrap()
        };
        assert_eq!(shelf.empty_trash(after(i64::from(KEPT_DAYS) - 1)), 0);
        assert!(gone.exists() && gone.with_extension("").join("p.png").exists());
        assert_eq!(shelf.empty_trash(after(i64::from(KEPT_DAYS) + 1)), 2);
        assert!(!gone.exists() && !gone.with_extension("").exists());
        assert!(trash.join("own.md").exists() && back.exists() && outside.exists());
        assert_eq!(shelf.empty_trash(after(1000)), 0);
    }
}
