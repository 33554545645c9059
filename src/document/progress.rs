//! How far a place stands in a text: by the cells that its letters take, for bytes would have texts in
//! some scripts weigh two or three times what others do.

use super::{
    block::Block,
    parts::{Document, Held, Part, number, split},
};

/// The cells that a text takes, about: told by the first byte of each letter, as it has to be cheap for
/// a hundred megabytes. What is wider than one cell begins with these (UTF-8, Unicode 16).
fn cells(text: &str) -> u64 {
    text.bytes().map(|byte| u64::from(cells_of(byte))).sum()
}

fn cells_of(byte: u8) -> u8 {
    match byte {
        // What follows the first.
        0x80..=0xBF => 0,
        // Kana, Han and Hangul, full-width forms, emoji.
        0xE3..=0xED | 0xEF..=0xFF => 2,
        _ => 1,
    }
}

/// The byte of a text before which so many cells stand.
fn byte_at(text: &str, cells: u64) -> usize {
    let mut passed = 0;
    let mut bytes = text.bytes().enumerate();
    let at = bytes.find(|(_, byte)| {
        passed += u64::from(cells_of(*byte));
        passed > cells
    });
    at.map_or(text.len(), |(at, _)| at)
}

impl Block {
    /// Cells of text that it holds, about: what progress is counted in.
    pub(super) fn weight(&self) -> u64 {
        cells(&self.as_text())
    }
}

impl Document {
    /// Counts what stands before each of the parts that are read when they are needed.
    pub(super) fn counted(mut self) -> Self {
        let mut sum = 0;
        let pieces = self.parts.iter().map(|it| match it {
            Held::Piece(piece) => self.source.get(piece.range.clone()).map_or(0, cells),
            Held::Read(part) => part.weight(),
        });
        let passed = pieces.map(|weight| {
            sum += weight;
            sum
        });
        self.passed = std::iter::once(0).chain(passed).collect();
        self
    }

    /// Cells of text before a part, and in it.
    fn weight(&self, index: usize) -> (u64, u64) {
        match self.parts.get(index) {
            Some(Held::Read(part)) => (0, part.weight()),
            Some(Held::Piece(_)) => {
                let passed = |at: usize| self.passed.get(at).copied().unwrap_or(0);
                (
                    passed(index),
                    passed(index + 1).saturating_sub(passed(index)),
                )
            }
            None => (self.total(), 0),
        }
    }

    fn total(&self) -> u64 {
        match self.parts.last() {
            Some(Held::Read(part)) => part.weight(),
            Some(Held::Piece(piece)) => {
                // What is still on its way goes on as it begins.
                let known = self.passed.last().copied().unwrap_or(0);
                let bytes = piece.range.end.max(1) as u128;
                let missing = u128::from(self.missing) * u128::from(known) / bytes;
                known + u64::try_from(missing).unwrap_or(u64::MAX)
            }
            None => 0,
        }
    }

    /// How much of the text stands before byte `offset` of block `block`: 0 at the start, 1 at the
    /// end. `part` is what the block is in.
    pub(super) fn fraction(&self, part: Option<&Part>, block: usize, offset: usize) -> f64 {
        let total = self.total();
        if total == 0 {
            return 1.0;
        }
        let (index, at) = split(block);
        let (before, weight) = self.weight(index);
        let within = part.map_or(0.0, |part| {
            let all = part.weight().max(1);
            let passed = part.weights.get(at).copied().unwrap_or(all);
            let text = part.blocks.get(at).map(Block::as_text).unwrap_or_default();
            let read = text.get(..text.floor_char_boundary(offset));
            let passed = passed + read.map_or(0, cells);
            passed.min(all) as f64 / all as f64
        });
        (before as f64 + within * weight as f64) / total as f64
    }

    /// The block in which so much of the text is passed, from 0 to 1.
    pub fn at_fraction(&self, fraction: f64) -> usize {
        self.place_at(fraction).0
    }

    /// The same with about the byte of its text.
    pub fn place_at(&self, fraction: f64) -> (usize, usize) {
        let wanted = fraction * self.total() as f64;
        let after = |index: usize| {
            let (before, weight) = self.weight(index);
            (before + weight) as f64
        };
        let index = (0..self.parts.len())
            .find(|index| after(*index) > wanted)
            .unwrap_or(self.parts.len().saturating_sub(1));
        let (before, weight) = self.weight(index);
        let Some(part) = self.part(index) else {
            return (0, 0);
        };
        let within = (wanted - before as f64) / weight.max(1) as f64 * part.weight() as f64;
        let passed = |before: &u64| *before as f64 <= within;
        let at = part.weights.partition_point(passed).saturating_sub(1);
        let at = at.min(part.blocks.len().saturating_sub(1));
        let before = part.weights.get(at).copied().unwrap_or(0);
        let text = part.blocks.get(at).map(Block::as_text).unwrap_or_default();
        let left = (within as u64).saturating_sub(before);
        (number(index, at), byte_at(&text, left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_text_is_half_of_its_cells_whatever_its_script() {
        let latin = "Some words that are read.\n\n".repeat(50);
        for (other, most) in [
            ("בראשית ברא אלהים את השמים\n\n", 50),
            ("ภาษาไทยอ่านง่ายมากทีเดียว\n\n", 50),
            ("日本語の文章は長い。あ\n\n", 50),
        ] {
            for times in [1, 200] {
                let latin = latin.repeat(times);
                let text = format!("{latin}{}", other.repeat(most * times));
                let document = Document::of_beginning(
                    crate::story::Story::new(crate::story::Kind::Markdown, "", text),
                    &jiff::tz::TimeZone::UTC,
                    0,
                );
                assert_eq!(document.parts() > 1, times > 1);
                let first = (0..document.parts()).find_map(|index| {
                    let part = document.part(index)?;
                    let here = part
                        .blocks
                        .iter()
                        .position(|it| it.as_text().chars().next() == other.chars().next());
                    here.map(|at| (part, number(index, at)))
                });
                let (part, block) = first.unwrap();
                let passed = document.fraction(Some(&part), block, 0);
                assert!((passed - 0.5).abs() < 0.06, "{passed} before {other}");
                let (there, offset) = document.place_at(passed);
                assert!(
                    block.abs_diff(there) <= 1 && offset < 40,
                    "{there} {offset}"
                );
            }
        }
    }

    #[test]
    fn a_place_within_a_block_is_found_by_its_cells() {
        assert_eq!(
            (byte_at("abc", 0), byte_at("abc", 2), byte_at("abc", 9)),
            (0, 2, 3)
        );
        assert_eq!((byte_at("日本語", 2), byte_at("日本語", 3)), (3, 3));
        assert_eq!(byte_at("éé", 1), 2);
    }
}
