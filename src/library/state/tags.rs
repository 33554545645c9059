//! The tags of a story: those that the reader gave it, and those that it came with.

use super::super::{Library, LibraryError, facets::FacetKind, store::Lane};
use crate::story::StoryId;

impl Library {
    /// The tags that the reader gave a story, in alphabetical order.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn tags(&self, id: StoryId) -> Result<Vec<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let tags = connection
            .prepare_cached(
                "SELECT name FROM story JOIN tag USING (key) WHERE story.id = ?1 ORDER BY name",
            )?
            .query_map([id.0], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(tags)
    }

    /// The tags that a story came with, beside those that the reader gave it, in alphabetical order.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn declared_tags(&self, id: StoryId) -> Result<Vec<String>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let tags = connection
            .prepare_cached(
                "SELECT facet.name FROM story, json_each(story.facets) JOIN facet ON facet.id = value \
                 WHERE story.id = ?1 AND facet.kind = ?2 AND NOT EXISTS \
                 (SELECT 1 FROM tag WHERE tag.key = story.key AND tag.name = facet.name) ORDER BY facet.name",
            )?
            .query_map((id.0, FacetKind::Tag as i64), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(tags)
    }
}
