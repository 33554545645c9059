//! A set of stories.

use crate::story::StoryId;

/// Which stories are in a part of the library: one bit for each number up to the largest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdSet {
    words: Vec<u64>,
}

impl IdSet {
    /// A set of none.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a story in.
    pub fn insert(&mut self, id: StoryId) {
        let (word, bit) = place(id);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bit;
    }

    /// Takes a story out.
    pub fn remove(&mut self, id: StoryId) {
        let (word, bit) = place(id);
        if let Some(word) = self.words.get_mut(word) {
            *word &= !bit;
        }
    }

    /// Whether a story is in it.
    pub fn contains(&self, id: StoryId) -> bool {
        let (word, bit) = place(id);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// How many there are; they are counted anew.
    pub fn len(&self) -> usize {
        self.words.iter().map(|it| it.count_ones() as usize).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|it| *it == 0)
    }
}

impl Extend<StoryId> for IdSet {
    fn extend<T: IntoIterator<Item = StoryId>>(&mut self, ids: T) {
        for id in ids {
            self.insert(id);
        }
    }
}

impl FromIterator<StoryId> for IdSet {
    fn from_iter<T: IntoIterator<Item = StoryId>>(ids: T) -> Self {
        let mut set = Self::new();
        set.extend(ids);
        set
    }
}

fn place(id: StoryId) -> (usize, u64) {
    (id.0 as usize / 64, 1 << (id.0 % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_in_and_not_out_is_in_it() {
        let mut set: IdSet = [0, 63, 64, 1000].map(StoryId).into_iter().collect();
        set.remove(StoryId(63));
        set.remove(StoryId(1_000_000));
        let found: Vec<u32> = (0..2000).filter(|it| set.contains(StoryId(*it))).collect();
        assert_eq!(found, [0, 64, 1000]);
        assert_eq!(set.len(), 3);
        assert!(!set.is_empty());
        assert!(!set.contains(StoryId(u32::MAX)));
        assert!(IdSet::new().is_empty());
    }
}
