//! Plain text in blocks: lines between blank lines.

/// Lines that stand together, without the indentation of the whole text and spaces at their ends.
#[derive(Debug, Clone)]
pub struct Block<'a> {
    pub lines: Vec<&'a str>,
    /// How many blank lines stand before it.
    pub blank_before: usize,
}

impl<'a> Block<'a> {
    /// The least indentation of its lines.
    pub fn indent(&self) -> usize {
        self.lines
            .iter()
            .map(|line| indent(line))
            .min()
            .unwrap_or_default()
    }

    /// The block in pieces, each beginning with a line for which `starts` holds.
    pub fn cut(self, starts: impl Fn(&[&str], usize) -> bool) -> Vec<Block<'a>> {
        let mut pieces = vec![Block {
            lines: Vec::new(),
            blank_before: self.blank_before,
        }];
        for (n, line) in self.lines.iter().enumerate() {
            if n > 0 && starts(&self.lines, n) {
                pieces.push(Block {
                    lines: Vec::new(),
                    blank_before: 1,
                });
            }
            if let Some(piece) = pieces.last_mut() {
                piece.lines.push(line);
            }
        }
        pieces
    }
}

/// The columns before a line's text (tabs are gone from clean text).
pub fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The indentation that all lines of a text have in common.
pub fn margin(text: &str) -> usize {
    let filled = text.lines().filter(|line| is_filled(line));
    filled.map(indent).min().unwrap_or_default()
}

fn is_filled(line: &str) -> bool {
    !line.trim().is_empty()
}

/// Cuts a text into blocks, without the `margin` of its lines.
pub fn blocks(text: &str, margin: usize) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    let mut blank = 0;
    let mut blank_before = 0;
    for line in text.lines() {
        if is_filled(line) {
            if lines.is_empty() {
                blank_before = std::mem::take(&mut blank);
            }
            lines.push(line.get(margin..).unwrap_or(line).trim_end());
            continue;
        }
        blank += 1;
        if !lines.is_empty() {
            blocks.push(Block {
                lines: std::mem::take(&mut lines),
                blank_before,
            });
        }
    }
    if !lines.is_empty() {
        blocks.push(Block {
            lines,
            blank_before,
        });
    }
    blocks
}
