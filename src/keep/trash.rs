//! What was taken back, or written over, lies in the shelf's hidden folder, and comes back from there.

use std::{
    collections::HashSet,
    fs, io,
    path::{Component, Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::text::is_untouched;
use super::unfinished::{clear_beside, unfinished};
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
    /// Where what is to go will lie, once that was chosen ([`Shelf::planned`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PathBuf>,
    /// Whether it was begun: whoever did it may have been ended before all had changed places.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun: bool,
}

impl Swap {
    /// What undoes that a file was written: `here` it lies, and what it took the place of is `away`.
    pub fn new(here: Option<PathBuf>, away: Option<(PathBuf, PathBuf)>) -> Self {
        Swap {
            here,
            away,
            to: None,
            begun: false,
        }
    }

    /// It as it is known from now on, while the files change places; and what does the opposite, however far it came.
    pub fn begin(&self) -> (Self, Self) {
        let home = |(_, home): &(PathBuf, PathBuf)| home.clone();
        let back = Swap {
            here: self.away.as_ref().map(home),
            away: self.to.clone().zip(self.here.clone()),
            to: self.away.as_ref().map(|(from, _)| from.clone()),
            begun: true,
        };
        let begun = Swap {
            begun: true,
            ..self.clone()
        };
        (begun, back)
    }

    /// Whether what is to go has gone, of what was begun: what lies here then is what came.
    fn has_gone(&self) -> bool {
        let has_come = |(from, _): &(PathBuf, PathBuf)| !from.exists();
        let is_there = self.to.as_ref().is_some_and(|it| it.exists());
        let lies_here = self.here.as_ref().is_some_and(|it| it.exists());
        is_there && (!lies_here || self.away.as_ref().is_some_and(has_come))
    }

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
    /// Steps with the names that their files will have in the hidden folder. Those of steps that were begun stay: some of
    /// the files have them already.
    pub fn planned(&self, steps: Vec<Swap>) -> Vec<Swap> {
        clear_beside(&self.folder().join(TRASH));
        let mut taken = HashSet::new();
        let plan = |mut step: Swap| {
            let is_there = step.to.as_ref().is_some_and(|it| it.exists());
            let is_kept = step.begun && (step.has_gone() || !is_there);
            if !is_kept || step.to.is_none() {
                step.to = step.here.as_deref().map(|it| self.room_for(it, &taken));
            }
            taken.extend(step.to.as_ref().map(|it| it.with_extension("")));
            step
        };
        steps.into_iter().map(plan).collect()
    }

    /// Undoes a step; gives the one that does it again. Of one that was begun, what has changed places stays there.
    ///
    /// # Errors
    /// If the system refuses, or the file was edited since: then all stays as it is.
    pub fn swap(&self, step: &Swap) -> Result<Swap, ShelfError> {
        let gone = match &step.here {
            Some(here) => {
                let to = step.to.clone();
                let to = to.unwrap_or_else(|| self.room_for(here, &HashSet::new()));
                if !(step.begun && step.has_gone()) {
                    take_back(here, &to)?;
                }
                self.list_anew(&to, Some(Timestamp::now()));
                Some((to, here.clone()))
            }
            None => None,
        };
        let here = match &step.away {
            Some((from, home)) => {
                if let Err(error) = bring_back(from, home, step.begun) {
                    // What was there comes first.
                    if let Some((gone, here)) = &gone
                        && bring_back(gone, here, false).is_ok()
                    {
                        self.list_anew(gone, None);
                    }
                    return Err(error);
                }
                self.list_anew(from, None);
                Some(home.clone())
            }
            None => None,
        };
        Ok(Swap::new(here, gone))
    }

    /// Removes for good what recto put into the hidden folder [`KEPT_DAYS`] ago or earlier, with its pictures; says how
    /// many files that were. What is not known to come from recto stays.
    pub fn empty_trash(&self, now: Timestamp) -> usize {
        let trash = self.folder().join(TRASH);
        clear_beside(&trash);
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

    /// Notes of a file in the hidden folder since when it lies there, or that it does no more. Without the note it stays
    /// for good.
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
        let to = self.room_for(path, &HashSet::new());
        let folder = to.parent().unwrap_or(&to);
        fs::create_dir_all(folder).map_err(failed(folder))?;
        double(path, &to)?;
        let pictures = path.with_extension("");
        if let Ok(entries) = fs::read_dir(&pictures) {
            let beside = to.with_extension("");
            fs::create_dir_all(&beside).map_err(failed(&beside))?;
            for picture in entries.flatten().filter(|it| it.path().is_file()) {
                double(&picture.path(), &beside.join(picture.file_name()))?;
            }
        }
        self.list_anew(&to, Some(Timestamp::now()));
        Ok(to)
    }

    /// A name in the hidden folder that neither a file nor the folder of its pictures has, nor is `taken`.
    fn room_for(&self, path: &Path, taken: &HashSet<PathBuf>) -> PathBuf {
        let name = path.file_name().unwrap_or_default();
        let stem = path.file_stem().unwrap_or_default();
        let trash = self.folder().join(TRASH);
        let mut folder = trash.clone();
        let mut number = 1;
        while !is_free(&folder.join(name)) || taken.contains(&folder.join(stem)) {
            number += 1;
            folder = trash.join(number.to_string());
        }
        folder.join(name)
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

/// Whether neither a file lies there nor the folder of its pictures.
fn is_free(path: &Path) -> bool {
    !path.exists() && !path.with_extension("").exists()
}

/// Moves a file into the hidden folder, with its pictures: these first, so that all is there once the file is.
fn take_back(path: &Path, to: &Path) -> Result<(), ShelfError> {
    // Nothing in a book says whether it was edited; it stays whole in the hidden folder.
    if !is_book(path) {
        let text = fs::read_to_string(path).map_err(failed(path))?;
        if !is_untouched(&text) {
            return Err(ShelfError::Edited(shown(path)));
        }
    }
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let (pictures, beside) = (path.with_extension(""), to.with_extension(""));
    let with_pictures = !is_book(path) && pictures.is_dir();
    if with_pictures {
        fs::rename(&pictures, &beside).map_err(failed(&pictures))?;
    }
    fs::rename(path, to).map_err(|error| {
        if with_pictures {
            let _ = fs::rename(&beside, &pictures);
        }
        failed(path)(error)
    })
}

/// Moves a file out of the hidden folder, and then its pictures. What was `begun` may have come as far as that.
fn bring_back(from: &Path, home: &Path, begun: bool) -> Result<(), ShelfError> {
    let has_come = begun && home.exists() && !from.exists();
    if home.exists() && !has_come {
        let cause = io::Error::new(io::ErrorKind::AlreadyExists, "another file lies there now");
        return Err(failed(home)(cause));
    }
    if !has_come {
        fs::rename(from, home).map_err(failed(from))?;
    }
    let (pictures, beside) = (from.with_extension(""), home.with_extension(""));
    if !is_book(from) && pictures.is_dir() && !beside.exists() {
        fs::rename(&pictures, &beside).map_err(failed(&pictures))?;
    }
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
        let take_back = |name: &str| {
            let step = Swap::new(Some(stories.join(name)), None);
            shelf.swap(&step).unwrap().away.unwrap().0
        };
        let (gone, _) = (take_back("a.md"), take_back("n.epub"));
        let back = take_back("back.epub");
        // What was brought back is none of recto's any more, whatever lies there by that name.
        let home = stories.join("back.epub");
        let step = Swap::new(None, Some((back.clone(), home)));
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

    #[test]
    fn a_step_that_was_cut_off_anywhere_is_ended_or_taken_back_whole() {
        let written = |words: &str| {
            let story = crate::story::Story::new(crate::story::Kind::Page, "A", words);
            super::super::written(&story, Some(Timestamp::now()))
        };
        let picture = |path: &Path| path.with_extension("").join("p.png");
        // With and without pictures, each of before and of now; how many of the moves were done.
        for (case, done) in (0..4).flat_map(|case| (0..=4).map(move |done| (case, done))) {
            for ends in [true, false] {
                let folder = tempfile::TempDir::new().unwrap();
                let shelf = Shelf::new(folder.path());
                let home = shelf.stories().join("a.md");
                let put = |path: &Path, words: &str, pictures: bool| {
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, written(words)).unwrap();
                    if pictures {
                        fs::create_dir_all(path.with_extension("")).unwrap();
                        fs::write(picture(path), words).unwrap();
                    }
                };
                let from = folder.path().join(TRASH).join("a.md");
                put(&home, "Of now.", case & 1 > 0);
                put(&from, "Of before.", case & 2 > 0);
                fs::write(folder.path().join(TRASH).join(".recto-x.tmp"), "").unwrap();
                let step = Swap::new(Some(home.clone()), Some((from.clone(), home.clone())));
                let planned = shelf.planned(vec![step]).remove(0);
                let to = planned.to.clone().unwrap();
                let (begun, back) = planned.begin();
                let moves = [
                    (home.with_extension(""), to.with_extension("")),
                    (home.clone(), to.clone()),
                    (from.clone(), home.clone()),
                    (from.with_extension(""), home.with_extension("")),
                ];
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                for (from, to) in &moves[..done] {
                    let _ = fs::rename(from, to);
                }
                let step = if ends { begun } else { back };
                let step = Swap::read(&step.written().unwrap()).unwrap();
                let step = shelf.planned(vec![step]).remove(0);
                let opposite = shelf.swap(&step).unwrap();
                let is = |words: &str, pictures: bool| {
                    let why = format!("case {case}, {done} moves, {ends}");
                    let text = fs::read_to_string(&home).unwrap();
                    assert!(text.contains(words), "{why}: {text}");
                    let beside = fs::read_to_string(picture(&home)).ok();
                    assert_eq!(beside.as_deref(), pictures.then_some(words), "{why}");
                };
                let (now, before) = (("Of now.", case & 1 > 0), ("Of before.", case & 2 > 0));
                let (first, second) = if ends { (before, now) } else { (now, before) };
                is(first.0, first.1);
                let opposite = shelf.planned(vec![opposite]).remove(0);
                shelf.swap(&opposite).unwrap();
                is(second.0, second.1);
                // One of both is in the hidden folder, and known to be.
                assert_eq!(listed(&folder.path().join(TRASH)).len(), 1);
                assert!(!folder.path().join(TRASH).join(".recto-x.tmp").exists());
            }
        }
    }
}
