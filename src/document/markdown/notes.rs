//! Footnotes.

use std::collections::HashMap;

use super::{Block, Body, Builder, Nest, lists::item};
use crate::document::part::Footnote;

/// Footnotes: numbered as they are referred to, set after the text.
#[derive(Default)]
pub(super) struct Notes {
    pub numbers: HashMap<String, usize>,
    /// Blocks of each definition under its number.
    pub defined: Vec<(usize, Vec<Block>)>,
    /// Where the definition under way began, with its number.
    pub open: Option<(usize, usize)>,
}

impl Notes {
    pub fn number(&mut self, label: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(label.to_owned()).or_insert(next)
    }

    /// How the definition of a note begins: with its number. What is defined again under the same name goes
    /// on in that note, for two of one number could not be told apart and none is to be lost.
    pub fn item(&self, number: usize) -> Nest {
        let is_again = self.defined.iter().any(|(it, _)| *it == number);
        match item(format!("{number}.")) {
            Nest::Item { indent, .. } if is_again => Nest::Item {
                marker: None,
                indent,
            },
            item => item,
        }
    }
}

impl Builder {
    /// Sets the footnotes that were read after the text, in the order of their numbers.
    pub(super) fn append_notes(&mut self) {
        let mut notes = std::mem::take(&mut self.notes.defined);
        notes.sort_by_key(|(number, _)| *number);
        if !notes.is_empty() {
            self.nest.clear();
            self.hidden.clear();
            self.joined = 0;
            self.lists.clear();
            // Many authors set their notes apart themselves.
            if !matches!(self.out.blocks.last().map(|it| &it.body), Some(Body::Rule)) {
                self.emit(Body::Rule);
            }
        }
        for (number, blocks) in notes {
            let first = self.out.blocks.len();
            if let Some(last) = self.out.footnotes.last_mut()
                && last.number == number
                && last.blocks.end == first
            {
                self.out.blocks.extend(blocks);
                last.blocks.end = self.out.blocks.len();
                continue;
            }
            self.out.anchors.insert(format!("fn-{number}"), first);
            self.out.blocks.extend(blocks);
            let back = self.link(&format!("#fnref-{number}"));
            self.out.footnotes.push(Footnote {
                number,
                blocks: first..self.out.blocks.len(),
                back,
            });
        }
    }
}

/// A number as a reference to a note shows it.
pub(super) fn superscript(number: usize) -> String {
    number
        .to_string()
        .chars()
        .map(|digit| match digit {
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            other => char::from_u32(u32::from(other) - u32::from('0') + 0x2070).unwrap_or(other),
        })
        .collect()
}
