//! The files that are known before folders are looked through, and which of them were met: some
//! bytes a file, for there may be a million.

use std::sync::atomic::{AtomicBool, Ordering};

/// Known files by the numbers of their paths.
#[derive(Debug)]
pub(super) struct Known {
    /// Numbers and stamps, in ascending order.
    files: Vec<(i64, i64)>,
    /// Whether each was met.
    met: Vec<AtomicBool>,
}

impl Known {
    /// Files that nobody met yet, in any order.
    pub(super) fn new(mut files: Vec<(i64, i64)>) -> Self {
        files.sort_unstable();
        files.dedup_by_key(|(number, _)| *number);
        files.shrink_to_fit();
        let met = files.iter().map(|_| AtomicBool::new(false)).collect();
        Known { files, met }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn index(&self, number: i64) -> Option<usize> {
        self.files.binary_search_by_key(&number, |(it, _)| *it).ok()
    }

    /// The stamp that a file had.
    pub(super) fn stamp(&self, number: i64) -> Option<i64> {
        self.index(number).map(|index| self.files[index].1)
    }

    /// Notes that a file was met; says whether for the first time, and nothing of one that is not
    /// known.
    pub(super) fn meet(&self, number: i64) -> Option<bool> {
        self.index(number)
            .map(|index| !self.met[index].swap(true, Ordering::Relaxed))
    }

    /// Whether a file is known and was not met.
    pub(super) fn is_missing(&self, number: i64) -> bool {
        self.index(number)
            .is_some_and(|index| !self.met[index].load(Ordering::Relaxed))
    }

    /// Whether any is missing.
    pub(super) fn lacks_any(&self) -> bool {
        self.met.iter().any(|met| !met.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_met_is_missing() {
        let known = Known::new(vec![(7, 70), (-2, 20), (5, 50), (7, 70)]);
        assert_eq!(
            [7, -2, 5, 6].map(|it| known.stamp(it)),
            [Some(70), Some(20), Some(50), None]
        );
        assert_eq!(
            [7, 7, -2, 6].map(|it| known.meet(it)),
            [Some(true), Some(false), Some(true), None]
        );
        assert_eq!(
            [7, -2, 5, 6].map(|it| known.is_missing(it)),
            [false, false, true, false]
        );
        assert!(known.lacks_any());
        known.meet(5);
        assert!(!known.lacks_any());
    }
}
