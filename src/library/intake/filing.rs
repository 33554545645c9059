//! Under which facets a story is filed: a story that lies in several files is found in the folder of
//! each of them.

use std::path::Path;

use rusqlite::OptionalExtension;

use super::{Intake, path_of};
use crate::{
    library::{
        bundled,
        facets::{self, FacetKind, Filed},
        feeds,
    },
    story::clean,
};

impl Intake<'_> {
    /// Writes what is filed, in the order in which it lies there.
    pub(super) fn write_filed(&mut self) -> rusqlite::Result<()> {
        self.filed.sort_unstable();
        let mut statement = self.transaction.prepare_cached(
            "INSERT OR IGNORE INTO filed (facet, age, tie, story) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for filed in self.filed.drain(..) {
            statement.execute(filed)?;
        }
        Ok(())
    }

    /// Takes a story out of its facets and out of the counts.
    pub(super) fn unfile(&mut self, story: i64) -> rusqlite::Result<()> {
        let filed = self.filed(story)?;
        self.take_out(story, &filed)
    }

    fn take_out(&mut self, story: i64, filed: &Filed) -> rusqlite::Result<()> {
        self.write_filed()?;
        let mut statement = self.transaction.prepare_cached(
            "DELETE FROM filed WHERE facet = ?1 AND age = ?2 AND tie = ?3 AND story = ?4",
        )?;
        for facet in &filed.facets {
            statement.execute((facet, filed.age, filed.tie, story))?;
        }
        self.counts
            .changed(self.collection, &filed.facets, Some(filed.flags), None);
        Ok(())
    }

    /// Files a story under the folders and feeds of all its files, after one came or went that does not
    /// speak for it.
    pub(in crate::library) fn refile(&mut self, story: i64) -> rusqlite::Result<()> {
        // Where paths begin at no folder of their own, they do not say what a folder is called.
        let keeps_folders = self.root.as_os_str().is_empty()
            && self
                .transaction
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM file WHERE story = ?1 AND path < ?2)",
                )?
                .query_row((story, feeds::ENTRY), |row| row.get(0))?;
        let filed = self.filed(story)?;
        let places = self.places_of_all(story)?;
        let mut facets = self.numbers(places.iter().map(|(kind, name)| (*kind, name.as_str())))?;
        for facet in &filed.facets {
            let kind: i64 = self
                .transaction
                .prepare_cached("SELECT kind FROM facet WHERE id = ?1")?
                .query_row([facet], |row| row.get(0))?;
            let is_place = kind == FacetKind::Feed as i64
                || kind == FacetKind::Folder as i64 && !keeps_folders;
            if !is_place && !facets.contains(facet) {
                facets.push(*facet);
            }
        }
        let is_same = facets.len() == filed.facets.len()
            && facets.iter().all(|facet| filed.facets.contains(facet));
        if is_same {
            return Ok(());
        }
        self.take_out(story, &filed)?;
        self.transaction
            .prepare_cached("UPDATE story SET facets = ?2 WHERE id = ?1")?
            .execute((story, facets::written(&facets)))?;
        if !self.files_late {
            let rows = facets.iter().map(|it| (*it, filed.age, filed.tie, story));
            self.filed.extend(rows);
        }
        self.counts
            .changed(self.collection, &facets, None, Some(filed.flags));
        self.taken.refiled.extend(u32::try_from(story));
        Ok(())
    }

    /// The numbers of facets, each once.
    pub(super) fn numbers<'n>(
        &mut self,
        names: impl Iterator<Item = (FacetKind, &'n str)>,
    ) -> rusqlite::Result<Vec<i64>> {
        let mut numbers = Vec::new();
        for (kind, name) in names {
            let number = self
                .facets
                .number(self.transaction, self.collection, kind, name)?;
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }

    /// The folders that any file of a story lies in, and the feeds that announced it.
    pub(super) fn places_of_all(&self, story: i64) -> rusqlite::Result<Vec<(FacetKind, String)>> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT path FROM file WHERE story = ?1 ORDER BY path")?;
        let mut rows = statement.query([story])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let path = row.get_ref(0)?.as_blob()?;
            if let Some(entry) = feeds::entry_at(path) {
                let feed = self
                    .transaction
                    .prepare_cached(&format!(
                        "SELECT feed.id, {} FROM entry JOIN feed ON feed.id = feed \
                         WHERE entry.id = ?1 AND ended = 0",
                        feeds::FOLDER
                    ))?
                    .query_row([entry], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
                    .optional()?;
                if let Some((feed, folder)) = feed {
                    all.extend(places(&folder, Some(feed)));
                }
            // An example lies in no folder; what was kept of it does.
            } else if !self.root.as_os_str().is_empty() && !bundled::is_example(path) {
                all.extend(places(&folder_of(path_of(path)), None));
            }
        }
        Ok(all)
    }

    fn filed(&self, story: i64) -> rusqlite::Result<Filed> {
        let columns = Filed::COLUMNS;
        self.transaction
            .prepare_cached(&format!("SELECT {columns} FROM story WHERE id = ?1"))?
            .query_row([story], Filed::of)
    }
}

/// The folder that a file lies in, as it is shown; `path` begins at the root.
pub(in crate::library) fn folder_of(path: impl AsRef<Path>) -> String {
    let folder = path.as_ref().parent().unwrap_or(Path::new(""));
    clean::line(&folder.to_string_lossy())
}

/// A folder with those that it lies in, and a feed, as facets.
pub(super) fn places(folder: &str, feed: Option<i64>) -> Vec<(FacetKind, String)> {
    let folders = folders_of(folder).into_iter();
    let folders = folders.map(|folder| (FacetKind::Folder, folder));
    let feed = feed.map(|feed| (FacetKind::Feed, feed.to_string()));
    folders.chain(feed).collect()
}

/// The folders that a file lies in, as they are shown, the outermost first; `path` begins at the root.
pub(in crate::library) fn folders_above(path: impl AsRef<Path>) -> Vec<String> {
    folders_of(&folder_of(path))
}

/// A folder with those that it lies in, the outermost first; none for the root itself.
fn folders_of(folder: &str) -> Vec<String> {
    let ends = folder.match_indices('/').map(|(at, _)| at);
    ends.chain([folder.len()])
        .filter(|end| *end > 0)
        .map(|end| folder[..end].to_owned())
        .collect()
}
