//! A folder that many stories are written to, each a file as on the shelf.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    error::{ShelfError, failed},
    name::{folded, stem},
    pictures::Gotten,
    shelf::{names_in, settle, with_pictures, write_pictures},
    text::written,
    unfinished::{clear_away, unfinished},
};
use crate::story::{Published, Story};

/// A folder, and what it holds: that is looked up once, not for every story.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    now: Timestamp,
    /// The names that are taken, as file systems compare them; those that were there before as they are.
    taken: HashMap<String, Option<String>>,
    /// For names that several stories have: the number that comes next.
    next: HashMap<String, usize>,
}

/// What became of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Its file.
    pub path: PathBuf,
    /// Whether it was there before, with the same text.
    pub unchanged: bool,
}

impl Folder {
    /// Opens a folder, or makes it. Stories without a date are called after the day of `now`.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, ShelfError> {
        fs::create_dir_all(path).map_err(failed(path))?;
        clear_away(path);
        let names = names_in(path).map_err(failed(path))?;
        Ok(Folder {
            path: path.to_owned(),
            now,
            taken: names
                .into_iter()
                .map(|(key, name)| (key, Some(name)))
                .collect(),
            next: HashMap::new(),
        })
    }

    /// Writes a story with its pictures beside it, whole or not at all. A file that is there is never
    /// written over: one of another text has the story take a number behind its name. A story without a date is
    /// called after `day`, if that is known.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn add(
        &mut self,
        story: &Story,
        day: Option<Published>,
        pictures: &[Gotten],
    ) -> Result<Added, ShelfError> {
        let plain = stem(story, day, self.now);
        let mut number = self.next.get(&plain).copied().unwrap_or(1);
        loop {
            let stem = match number {
                1 => plain.clone(),
                _ => format!("{plain}-{number}"),
            };
            let key = folded(&format!("{stem}.md"));
            let path = self.path.join(format!("{stem}.md"));
            number += 1;
            match self.taken.get(&key) {
                Some(Some(there)) => {
                    let path = self.path.join(there);
                    let (as_there, _) = with_pictures(&stem, story.clone(), pictures);
                    let text = fs::read(&path).unwrap_or_default();
                    if text == written(&as_there, None).as_bytes() {
                        // Another one of this name is not the same story.
                        self.taken.insert(key, None);
                        self.next.insert(plain, number);
                        let unchanged = true;
                        return Ok(Added { path, unchanged });
                    }
                    continue;
                }
                Some(None) => continue,
                None => {}
            }
            let (story, _) = write_pictures(&self.path, &stem, story.clone(), pictures)?;
            let file = unfinished(&self.path, written(&story, None).as_bytes())?;
            self.taken.insert(key, None);
            match file.persist_noclobber(&path) {
                Ok(_) => {}
                // Another program took the name in this moment.
                Err(it) if it.error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(it) => return Err(failed(&path)(it.error)),
            }
            self.next.insert(plain, number);
            let unchanged = false;
            return Ok(Added { path, unchanged });
        }
    }

    /// Has what was written outlive a loss of power.
    pub fn settle(&self) {
        settle(&self.path);
    }
}
