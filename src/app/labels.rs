//! Letters on the links of the page: typing a label follows its link, or copies where it leads; then
//! there are some on pieces of code as well.

use std::collections::HashSet;

use super::reader::Open;
use crate::document::{Body, Inner, Spot};

/// The letters that labels are made of: the ones under the fingers first.
const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnm";

/// The labels that show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labels {
    /// One for every link of the page.
    pub all: Vec<Label>,
    /// How often those were asked for that there was no room to tell of.
    pub leaf: usize,
    /// What was typed so far.
    pub typed: String,
    /// What they are there for.
    pub purpose: Purpose,
}

/// What is done with what has a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Links are followed, details opened and folded.
    #[default]
    Follow,
    /// Addresses and code are copied.
    Copy,
    /// Details are opened and folded.
    Fold,
    /// Pages that links lead to are read here.
    Read,
}

/// What a label stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Where a link leads.
    Link(String),
    /// Code.
    Code(String),
    /// The block that is the summary of details.
    Details(usize),
    /// Where a link leads that recto made.
    Inner(Inner),
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
    /// What it stands for.
    pub goal: Goal,
}

impl Labels {
    /// Labels for what shows in `open`, in reading order.
    pub fn of(open: &Open, purpose: Purpose) -> Labels {
        let mut seen = HashSet::new();
        let mut labelled = None;
        let mut places = Vec::new();
        let mut last = None;
        for spot in open.page.iter().chain(&open.foot) {
            let Some(line) = open.layout.line(*spot) else {
                continue;
            };
            // Not the empty line before it.
            let has_text = line.segments.len() > line.margin;
            if !matches!(purpose, Purpose::Copy | Purpose::Read)
                && has_text
                && last.replace(spot.block) != Some(spot.block)
                && open.layout.is_open(spot.block).is_some()
            {
                let sign = line.margin.saturating_sub(1);
                places.push((*spot, sign, Goal::Details(spot.block)));
            }
            if purpose == Purpose::Copy
                && has_text
                && labelled.replace(spot.block) != Some(spot.block)
                && let Some(Body::Code(code)) = open.layout.block(spot.block).map(|it| &it.body)
            {
                places.push((*spot, line.margin, Goal::Code(code.copied().to_owned())));
            }
            for (index, segment) in line.segments.iter().enumerate() {
                if purpose != Purpose::Fold
                    && let Some(link) = segment.link
                    && seen.insert(link)
                    && let Some(target) = open.layout.link(link)
                {
                    let goal = match open.layout.inner(link) {
                        // Nobody but recto could do anything with its address.
                        Some(_) if matches!(purpose, Purpose::Copy | Purpose::Read) => continue,
                        Some(inner) => Goal::Inner(inner),
                        None => Goal::Link(target.to_owned()),
                    };
                    places.push((*spot, index, goal));
                }
            }
        }
        let keys = keys(places.len());
        let all = places
            .into_iter()
            .zip(keys)
            .map(|((spot, segment, goal), keys)| Label {
                keys,
                spot,
                segment,
                goal,
            })
            .collect();
        Labels {
            all,
            leaf: 0,
            typed: String::new(),
            purpose,
        }
    }

    /// Takes a letter. A whole label gives what it stands for; a letter that begins none is refused.
    pub fn push(&mut self, letter: char) -> Typed {
        self.typed.push(letter.to_ascii_lowercase());
        if let Some(label) = self.all.iter().find(|label| label.keys == self.typed) {
            return Typed::Whole(label.goal.clone());
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
    /// A label; it stands for that.
    Whole(Goal),
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
