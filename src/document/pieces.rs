//! Texts without end in pieces, so that what is set for one screen stays small.

use super::{
    block::{Block, Role, Table, Text},
    part::Part,
};
use crate::story::clean;

/// Longer lines of a source are divided into blocks, in bytes.
const MAX_LINE: usize = 8 * 1024;

/// Rows of the first piece of a table by which all of it is measured, about.
const SAMPLE: usize = 64;

/// About so many of a number of rows, spread over all of them.
pub(super) fn spread(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows).step_by(rows.div_ceil(SAMPLE).max(1))
}

impl Table {
    /// Has the columns be measured by some of its rows: it goes on in the next piece.
    pub(super) fn measure_by_sample(&mut self) {
        let rows = spread(self.rows.len()).filter_map(|at| self.rows.get(at));
        self.sample = [&self.head].into_iter().chain(rows).cloned().collect();
    }
}

impl Text {
    /// Without white space at its ends.
    pub(super) fn trimmed(self) -> Text {
        let start = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim_end().len();
        if start == 0 && end == self.text.len() {
            self
        } else {
            self.slice(start..end)
        }
    }

    /// In pieces of at most about `limit` bytes, divided at spaces where there are any.
    pub(super) fn parts(self, limit: usize) -> Vec<Text> {
        if self.text.len() <= limit + limit / 2 {
            return vec![self];
        }
        let mut parts = Vec::new();
        let mut from = 0;
        while self.text.len() - from > limit + limit / 2 {
            let most = self.text.floor_char_boundary(from + limit);
            let to = self.text[from..most]
                .rfind(' ')
                .map_or(most, |space| from + space + 1);
            parts.push(from..to);
            from = to;
        }
        parts.push(from..self.text.len());
        // One pass over runs and parts together: a run may be as long as the text.
        let mut out: Vec<Text> = Vec::with_capacity(parts.len());
        let mut runs = self.runs.iter().peekable();
        for part in parts {
            let mut text = Text::default();
            while let Some(run) = runs.peek() {
                let start = run.range.start.max(part.start);
                let end = run.range.end.min(part.end);
                if start < end {
                    text.push(&self.text[start..end], run.marks, run.link);
                }
                if run.range.end > part.end {
                    break;
                }
                runs.next();
            }
            out.push(text);
        }
        out
    }
}

/// `line` in pieces of at most `limit` bytes.
pub(super) fn chunks(line: &str, limit: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        if line.len() <= limit {
            return Some(line);
        }
        let (piece, left) = line.split_at(line.floor_char_boundary(limit));
        rest = Some(left);
        Some(piece)
    })
}

/// Lines as they stand, each a block.
pub(super) fn of_lines(source: &str) -> Part {
    let lines = source.strip_suffix('\n').unwrap_or(source).split('\n');
    let blocks = lines.flat_map(|line| chunks(line, MAX_LINE)).map(|line| {
        // Tabs stand for the cells up to their stops.
        let mut block = Block::text(Role::Code, Text::plain(clean::text(line)));
        block.gap = false;
        block
    });
    let mut part = Part::default();
    part.blocks.extend(blocks);
    part
}
