//! Links from story to story: relative paths and wikilinks.

use std::path::{Component, Path, PathBuf};

use rusqlite::OptionalExtension;

use super::{
    Library, LibraryError, catalogue,
    intake::{self, sort_key},
    store::Lane,
};
use crate::story::{StoryId, fold::Folding, link};

impl Library {
    /// The story that the link `target` in the story `from` leads to, with the name of a place in
    /// it: a path relative to that story's own, the name of a file or a title as wikilinks give them,
    /// or the address of a story that is here.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn resolve(
        &self,
        from: StoryId,
        target: &str,
    ) -> Result<Option<(StoryId, Option<String>)>, LibraryError> {
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (target, None),
        };
        let found = match link::canonical(target) {
            Some(link) => self.by_key(&link)?,
            None => {
                let path = path.split('?').next().unwrap_or(path);
                let found = self.by_path(from, &link::decode_percent(path))?;
                match found {
                    None => self.by_title(target)?,
                    found => found,
                }
            }
        };
        Ok(found.map(|id| (id, anchor)))
    }

    /// The story of this collection that is known by the same key as one of another collection.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn same_story(&self, other: StoryId) -> Result<Option<StoryId>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let same = connection
            .prepare_cached(
                "SELECT id FROM story WHERE key = (SELECT key FROM story WHERE id = ?1) AND collection = ?2",
            )?
            .query_row((other.0, self.collection), |row| row.get(0).map(StoryId));
        Ok(same.optional()?)
    }

    pub(super) fn by_key(&self, key: &str) -> Result<Option<StoryId>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(catalogue::numbered(&connection, self.collection, key)?)
    }

    fn by_path(&self, from: StoryId, path: &str) -> Result<Option<StoryId>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let here: Option<Vec<u8>> = match self.passing.file(from) {
            Some(file) => Some(intake::bytes_of(&file)),
            None => connection
                .prepare_cached(
                    "SELECT path FROM file WHERE story = ?1 ORDER BY stamp = 0, path LIMIT 1",
                )?
                .query_row([from.0], |row| row.get(0))
                .optional()?,
        };
        let folder = match &here {
            Some(here) => {
                let here = Path::new(intake::path_of(here));
                here.parent().unwrap_or(Path::new("")).to_path_buf()
            }
            None => PathBuf::new(),
        };
        let mut by_path = connection
            .prepare_cached("SELECT story FROM file WHERE collection = ?1 AND path = ?2")?;
        for wanted in candidates(&folder, path) {
            let found = by_path
                .query_row((self.collection, intake::bytes_of(&wanted)), |row| {
                    row.get(0).map(StoryId)
                })
                .optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        // A wikilink names a file wherever it lies, or a story by its title.
        let Some(stem) = Path::new(path).file_name() else {
            return Ok(None);
        };
        let stem = stem.to_string_lossy().to_lowercase();
        let mut all = connection
            .prepare_cached("SELECT path, story FROM file WHERE collection = ?1 AND path < ?2")?;
        let mut rows = all.query((self.collection, super::feeds::ENTRY))?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            let name = bytes.rsplit(|byte| *byte == b'/').next().unwrap_or(bytes);
            let name = String::from_utf8_lossy(name).to_lowercase();
            let start = name.rsplit_once('.').map(|(start, _)| start);
            if name == stem || start == Some(&stem) {
                return Ok(Some(StoryId(row.get(1)?)));
            }
        }
        Ok(None)
    }

    /// The newest story of a title, written in whatever case and with whatever accents: `target` as it
    /// is, or what stands before the name of a place.
    fn by_title(&self, target: &str) -> Result<Option<StoryId>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        // Keys to sort by are shortened: they only find who may be meant.
        let mut alike = connection.prepare_cached(
            "SELECT id, title FROM story WHERE collection = ?1 AND title_key = ?2 AND removed = 0 \
             ORDER BY age",
        )?;
        let target = link::decode_percent(target);
        let before = target.split_once('#').map(|(title, _)| title);
        for title in [Some(target.as_str()), before].into_iter().flatten() {
            let wanted = Folding::ALL.apply(title.trim());
            if wanted.is_empty() {
                continue;
            }
            let mut rows = alike.query((self.collection, sort_key(title.trim())))?;
            while let Some(row) = rows.next()? {
                let found: String = row.get(1)?;
                if Folding::ALL.apply(&found) == wanted {
                    return Ok(Some(StoryId(row.get(0)?)));
                }
            }
        }
        Ok(None)
    }
}

/// The files that a relative link may mean: as it stands, or with the ending left out.
pub(super) fn candidates(folder: &Path, link: &str) -> Vec<PathBuf> {
    let mut path = folder.to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    let mut with_ending = path.clone().into_os_string();
    with_ending.push(".md");
    vec![path, with_ending.into()]
}
