//! Letters on the links of the page: typing a label follows its link, or copies where it leads; then
//! there are some on pieces of code as well.

use std::collections::HashSet;

use super::reader::Open;
use crate::document::{Body, Spot};

/// The letters that labels are made of: the ones under the fingers first.
const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnm";

/// The labels that show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labels {
    /// One for every link of the page.
    pub all: Vec<Label>,
    /// What was typed so far.
    pub typed: String,
    /// Whether they are there to copy, not to follow.
    pub copying: bool,
}

/// A label on a link, or on a piece of code.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// What to type.
    pub keys: String,
    /// The line with its first piece.
    pub spot: Spot,
    /// Index of that piece among the line's segments.
    pub segment: usize,
    /// Where the link leads; the code.
    pub target: String,
}

impl Labels {
    /// Labels for the links that show in `open`, in reading order; for those who are `copying`, for
    /// code as well.
    pub fn of(open: &Open, copying: bool) -> Labels {
        let mut seen = HashSet::new();
        let mut labelled = None;
        let mut places = Vec::new();
        for spot in &open.page {
            let Some(line) = open.layout.line(*spot) else {
                continue;
            };
            // Not the empty line before it.
            let has_text = line.segments.len() > line.margin;
            if copying
                && has_text
                && labelled.replace(spot.block) != Some(spot.block)
                && let Some(Body::Code(code)) = open.layout.block(spot.block).map(|it| &it.body)
            {
                places.push((*spot, line.margin, code.text.clone()));
            }
            for (index, segment) in line.segments.iter().enumerate() {
                if let Some(link) = segment.link
                    && seen.insert(link)
                    && let Some(target) = open.layout.link(link)
                {
                    places.push((*spot, index, target.to_owned()));
                }
            }
        }
        let keys = keys(places.len());
        let all = places
            .into_iter()
            .zip(keys)
            .map(|((spot, segment, target), keys)| Label {
                keys,
                spot,
                segment,
                target,
            })
            .collect();
        Labels {
            all,
            typed: String::new(),
            copying,
        }
    }

    /// Takes a letter. A whole label gives what it stands for; a letter that begins none is refused.
    pub fn push(&mut self, letter: char) -> Typed {
        self.typed.push(letter.to_ascii_lowercase());
        if let Some(label) = self.all.iter().find(|label| label.keys == self.typed) {
            return Typed::Whole(label.target.clone());
        }
        if self.all.iter().any(|l| l.keys.starts_with(&self.typed)) {
            Typed::Part
        } else {
            Typed::Nothing
        }
    }
}

/// What the letters typed so far are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A label; its link leads there.
    Whole(String),
    /// The beginning of one.
    Part,
    /// No label begins so.
    Nothing,
}

/// `count` labels, all of one length, so that none is the beginning of another.
fn keys(count: usize) -> Vec<String> {
    let letters: Vec<char> = LETTERS.chars().collect();
    let mut keys = vec![String::new()];
    while keys.len() < count.max(1) || keys[0].is_empty() {
        keys = keys
            .iter()
            .flat_map(|start| letters.iter().map(move |letter| format!("{start}{letter}")))
            .collect();
    }
    keys.truncate(count);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_begins_another() {
        for count in [0, 1, 26, 27, 700] {
            let keys = keys(count);
            assert_eq!(keys.iter().collect::<HashSet<_>>().len(), count);
            let lengths: HashSet<_> = keys.iter().map(String::len).collect();
            assert!(lengths.len() <= 1);
        }
    }
}
