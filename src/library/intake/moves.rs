//! Files that changed places while nobody watched: a name that is used again does not say which story
//! it holds, what stands in it does.
//!
//! In which order a walk meets them is chance. So files whose content is another one than it was wait
//! until all were met; only then can it be said of a content that it is nowhere else.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use super::{BY_PATH, Found, Intake};

impl Intake<'_> {
    /// Whether all files have to be met before it can be said which story this one holds.
    pub(in crate::library) fn waits(&self, found: &Found) -> rusqlite::Result<bool> {
        if !self.moves || found.hash == 0 || found.entry.trouble.is_some() {
            return Ok(false);
        }
        match self.known_hash(&found.path)? {
            Some(hash) => Ok(hash != 0 && hash != found.hash),
            None => Ok(!self.others_with(found.hash, &found.path)?.is_empty()),
        }
    }

    /// Takes in what waited: a content that was known by another name, where it is no longer, is the
    /// story from there.
    pub(in crate::library) fn settle(&mut self, mut waiting: Vec<Found>) -> rusqlite::Result<()> {
        // The same stories find the same names, whoever was met first.
        waiting.sort_by(|a, b| a.path.cmp(&b.path));
        let now: HashMap<Vec<u8>, i64> = waiting
            .iter()
            .map(|found| (found.path.clone(), found.hash))
            .collect();
        // By the place that a content left, the place where it is now.
        let mut left: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
        for found in &waiting {
            let mut others = self.others_with(found.hash, &found.path)?.into_iter();
            let came_from = others.find(|path| {
                let is_left = match now.get(path) {
                    Some(hash) => *hash != found.hash,
                    None => self.is_gone(path),
                };
                is_left && !left.contains_key(path)
            });
            if let Some(path) = came_from {
                left.insert(path, found.path.clone());
            }
        }
        let mut came: HashMap<Vec<u8>, i64> = HashMap::new();
        let mut replaced = Vec::new();
        for (from, to) in &left {
            if let Some(story) = self.vacate(from)? {
                came.insert(to.clone(), story);
            }
            if !left.contains_key(to) {
                replaced.extend(self.vacate(to)?);
            }
        }
        for found in waiting {
            let story = came.remove(&found.path);
            self.take_as(found, story)?;
        }
        for story in replaced {
            self.drop_if_alone(story)?;
        }
        Ok(())
    }

    /// Takes a file's story away from its path, with what was done with it; gives the story.
    fn vacate(&self, path: &[u8]) -> rusqlite::Result<Option<i64>> {
        let (Some(story), Some(hash)) = (self.file(path)?, self.known_hash(path)?) else {
            return Ok(None);
        };
        self.transaction
            .prepare_cached("DELETE FROM file WHERE collection = ?1 AND path = ?2")?
            .execute((self.collection, path))?;
        if self.is_held(story, path)? {
            return Ok(Some(story));
        }
        let Some(key) = self.key_of(story)?.filter(|key| key.starts_with(BY_PATH)) else {
            return Ok(Some(story));
        };
        // A name that no file has: by its content it is found again, now or when it comes back.
        let aside = format!("{key}#{hash:x}");
        self.transaction
            .prepare_cached("UPDATE OR IGNORE story SET key = ?2 WHERE id = ?1")?
            .execute((story, &aside))?;
        // In another collection the move may have been seen before: then it is another story's.
        let of: Option<i64> = self
            .transaction
            .prepare_cached("SELECT hash FROM state WHERE key = ?1")?
            .query_row([&key], |row| row.get(0))
            .optional()?
            .flatten();
        if of.is_none_or(|of| of == hash) {
            self.rename_state(&key, &aside)?;
        }
        Ok(Some(story))
    }

    fn known_hash(&self, path: &[u8]) -> rusqlite::Result<Option<i64>> {
        self.transaction
            .prepare_cached("SELECT hash FROM file WHERE collection = ?1 AND path = ?2")?
            .query_row((self.collection, path), |row| row.get(0))
            .optional()
    }

    /// Other files that had this content when they were looked at last.
    fn others_with(&self, hash: i64, but: &[u8]) -> rusqlite::Result<Vec<Vec<u8>>> {
        self.transaction
            .prepare_cached(
                "SELECT path FROM file WHERE collection = ?1 AND hash = ?2 AND path <> ?3 \
                 ORDER BY path",
            )?
            .query_map((self.collection, hash, but), |row| row.get(0))?
            .collect()
    }
}
