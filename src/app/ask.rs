//! What waits for one key: a menu, or a question before much is done at once.

use crate::{
    document::width,
    story::{FeedId, Mark, Offer, Operation, SORTS, Sort, StoryId},
};

/// Cells of a title in the menu of marks.
const MARK_CELLS: usize = 32;

/// The same in the menu of feeds, and of the address after it.
const FEED_CELLS: (usize, usize) = (32, 36);

/// Something that the next key answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Which order.
    Sort,
    /// Which letter the place is to have.
    SetMark,
    /// To which mark.
    ToMark {
        /// Those that there are; none while they are on their way.
        marks: Option<Vec<Mark>>,
        /// What was typed before they came.
        typed: Option<char>,
    },
    /// Whether the page with the comments on a story, at this address, is to show in the browser.
    Browse(String),
    /// Which of the feeds of a site.
    Feeds {
        /// They.
        offers: Vec<Offer>,
        /// The folder that the one chosen is to lie in.
        folder: String,
    },
    /// Whether to unsubscribe from all feeds of a folder.
    Unsubscribe {
        /// The folder.
        folder: String,
        /// They.
        feeds: Vec<FeedId>,
    },
    /// Whether to do it.
    Confirm {
        /// What is asked.
        question: String,
        /// What is done if the answer is yes.
        operation: Operation,
    },
}

/// A line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The key.
    pub key: char,
    /// What it chooses.
    pub words: String,
    /// Whether that is so already.
    pub present: bool,
}

/// The key of an order.
pub fn sort_key(sort: Sort) -> char {
    match sort {
        Sort::Newest => 'n',
        Sort::Oldest => 'o',
        Sort::Title => 't',
        Sort::Author => 'a',
        Sort::Source => 's',
        Sort::Shortest => 'h',
        Sort::Longest => 'l',
        Sort::Recent => 'r',
        Sort::Best => 'b',
    }
}

/// What the header calls an order.
pub fn sort_words(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "newest first",
        Sort::Oldest => "oldest first",
        Sort::Title => "by title",
        Sort::Author => "by author",
        Sort::Source => "by source",
        Sort::Shortest => "shortest first",
        Sort::Longest => "longest first",
        Sort::Recent => "recently read",
        Sort::Best => "best first",
    }
}

impl Ask {
    /// What it offers as a menu: with the present order, and the story that is open.
    pub(super) fn choices(&self, order: Sort, open: Option<StoryId>) -> Vec<Choice> {
        match self {
            Ask::ToMark {
                marks: Some(marks), ..
            } => marks
                .iter()
                .map(|mark| Choice {
                    key: mark.letter,
                    words: width::fit(&mark.title, MARK_CELLS),
                    present: open == Some(mark.id),
                })
                .collect(),
            Ask::Feeds { offers, .. } => offers
                .iter()
                .zip('1'..='9')
                .map(|(offer, key)| Choice {
                    key,
                    words: offer_words(offer),
                    present: false,
                })
                .collect(),
            Ask::Sort => SORTS
                .iter()
                .map(|(sort, words)| Choice {
                    key: sort_key(*sort),
                    words: (*words).to_owned(),
                    present: *sort == order,
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// A feed in the menu: feeds of one site often have one title, so the end of the address tells them apart.
fn offer_words(offer: &Offer) -> String {
    let (title, address) = FEED_CELLS;
    let bare = offer
        .url
        .split_once("://")
        .map_or(&*offer.url, |(_, it)| it);
    let path = bare.find('/').and_then(|at| bare.get(at..));
    let path = path.filter(|it| it.len() > 1).unwrap_or(bare);
    let words = width::fit(offer.name(), title);
    format!("{words}  {}", width::fit(path, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_a_key_of_its_own() {
        let mut keys: Vec<char> = SORTS.iter().map(|(sort, _)| sort_key(*sort)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), SORTS.len());
    }
}
