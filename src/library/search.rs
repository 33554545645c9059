//! Searching: the stories that a query finds, in their order.

use super::{Library, LibraryError, catalogue, matching, store::Lane};
use crate::story::{Anchor, Listing, Window};

impl Library {
    pub(super) fn search(
        &self,
        listing: &Listing,
        anchor: Anchor,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Window, LibraryError> {
        if listing.everywhere {
            return self.search_texts(listing, anchor, cancelled);
        }
        let connection = self.store.hold(Lane::Lists)?;
        let mut st = connection.prepare_cached(
            "SELECT id, title FROM story WHERE collection = ?1 AND removed = 0 ORDER BY age, tie",
        )?;
        let rows: Vec<(u32, String)> = st
            .query_map([self.collection], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let title = |i: u32| matching::Title {
            text: &rows[i as usize].1,
            letters: matching::letters(&rows[i as usize].1),
        };
        let found = matching::matches(&listing.search, &all, title, cancelled)?;
        let ids: Vec<u32> = matching::best_first(&found)
            .into_iter()
            .map(|i| rows[i as usize].0)
            .collect();
        let mut window = catalogue::window_of(&connection, &ids, anchor)?;
        let mut marker = matching::Marker::new(&listing.search);
        for row in &mut window.rows {
            row.matched = marker.mark(&row.title);
        }
        Ok(window)
    }
}
