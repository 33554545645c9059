//! A story's source in place of its page: how the place in one is found in the other.

use super::{Open, search::BeforeSearch};

impl Open {
    /// The place in this form of the story of the words that the other one begins with.
    fn place_in(&self, other: &Open) -> (usize, usize) {
        let (block, offset) = other.place();
        let passed = other.layout.fraction(block, offset);
        let document = self.layout.document();
        document.place_of(other.layout.document(), (block, offset), passed)
    }

    /// Opens a source at the words that the page began with.
    pub fn open_as_source_of(&mut self, page: &Open) {
        let (block, offset) = self.place_in(page);
        self.to(block, offset);
        self.landed = Some(self.anchor);
    }

    /// Opens the page at the words that its source begins with, if one moved there. Like a link this
    /// leads on, but to come to the end by it is not to read it.
    pub fn return_from_source(&mut self, source: &Open) {
        if source.landed == Some(source.anchor) {
            return;
        }
        let (block, offset) = self.place_in(source);
        let place = self.place_before_search().unwrap_or(self.anchor);
        let seen = self.progress().seen;
        self.before_search = Some(BeforeSearch::led(seen, Some(place)));
        self.to(block, offset);
    }
}
