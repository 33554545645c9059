//! Boxes of characters: put beside each other, under each other, and into brackets.

use super::super::{block::Align, width::width};

/// A larger box is shown as its source, in cells.
const LARGEST: usize = 32 * 1024;

/// Rows of characters, each as wide as the box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub rows: Vec<String>,
    /// In cells.
    pub width: usize,
    /// The row that stands in the line with what is beside the box.
    pub base: usize,
}

/// A row of a grid.
pub(super) enum Row {
    Cells(Vec<Drawn>),
    /// A line through all columns.
    Rule,
}

impl Drawn {
    pub(super) fn line(text: &str) -> Drawn {
        Drawn {
            width: width(text),
            rows: vec![text.to_owned()],
            base: 0,
        }
    }

    /// The same in each of some rows.
    pub(super) fn column(text: &str, height: usize, base: usize) -> Drawn {
        Drawn {
            width: width(text),
            rows: vec![text.to_owned(); height],
            base,
        }
    }

    /// Small signs behind this box: raised ones in its first row, the others in its last.
    pub(super) fn cornered(&self, signs: &str, is_raised: impl Fn(char) -> bool) -> Drawn {
        let (above, below): (String, String) = signs.chars().partition(|it| is_raised(*it));
        let mut drawn = Drawn {
            width: width(&above).max(width(&below)),
            rows: vec![String::new(); self.rows.len()],
            base: self.base,
        };
        if let Some(row) = drawn.rows.first_mut() {
            row.push_str(&above);
        }
        if let Some(row) = drawn.rows.last_mut() {
            row.push_str(&below);
        }
        for row in &mut drawn.rows {
            pad(row, drawn.width);
        }
        if self.rows.len() == 1 {
            // One row has one corner.
            drawn.width = width(&drawn.rows[0]);
        }
        drawn
    }

    /// Boxes from left to right, in one line. None if that is too large.
    pub(super) fn beside(parts: Vec<Drawn>) -> Option<Drawn> {
        let above = parts.iter().map(|it| it.base).max().unwrap_or(0);
        let below = parts.iter().map(|it| it.rows.len() - it.base).max();
        let height = above + below.unwrap_or(1);
        let width = parts.iter().map(|it| it.width).sum();
        if height * width > LARGEST {
            return None;
        }
        let mut rows = vec![String::new(); height];
        for part in parts {
            for (index, row) in rows.iter_mut().enumerate() {
                let at = (index + part.base).checked_sub(above);
                let text = at.and_then(|at| part.rows.get(at));
                match text {
                    Some(text) => row.push_str(text),
                    None => row.extend(std::iter::repeat_n(' ', part.width)),
                }
            }
        }
        Some(Drawn {
            rows,
            width,
            base: above,
        })
    }

    /// This box in a wider one.
    fn widened(mut self, width: usize, align: Align) -> Drawn {
        let room = width.saturating_sub(self.width);
        let left = match align {
            Align::Left => 0,
            Align::Center => room / 2,
            Align::Right => room,
        };
        for row in &mut self.rows {
            *row = format!("{}{row}{}", " ".repeat(left), " ".repeat(room - left));
        }
        self.width += room;
        self
    }

    /// Rows under each other, their cells in columns with a gap before each. None if that is too large.
    pub(super) fn grid(
        rows: Vec<Row>,
        align: &dyn Fn(usize) -> Align,
        gaps: &[String],
    ) -> Option<Drawn> {
        let mut widths = vec![0; gaps.len()];
        for row in &rows {
            if let Row::Cells(cells) = row {
                for (column, cell) in cells.iter().enumerate() {
                    let widest = widths.get_mut(column)?;
                    *widest = cell.width.max(*widest);
                }
            }
        }
        let total = widths.iter().sum::<usize>() + gaps.iter().map(|it| width(it)).sum::<usize>();
        if rows.len() * total > LARGEST {
            return None;
        }
        let is_tall = |row: &Row| match row {
            Row::Cells(cells) => cells.iter().any(|it| it.rows.len() > 1),
            Row::Rule => false,
        };
        let spaced = rows.iter().any(is_tall);
        let mut lines: Vec<String> = Vec::new();
        let mut begun = false;
        for row in rows {
            let cells = match row {
                Row::Cells(cells) => cells,
                Row::Rule => {
                    lines.push("─".repeat(total));
                    begun = false;
                    continue;
                }
            };
            if spaced && begun {
                // What is tall is told from what stands under it.
                lines.push(" ".repeat(total));
            }
            begun = true;
            let above = cells.iter().map(|it| it.base).max().unwrap_or(0);
            let below = cells.iter().map(|it| it.rows.len() - it.base).max();
            let height = above + below.unwrap_or(1);
            let mut cells = cells.into_iter();
            let mut parts = Vec::new();
            for (column, gap) in gaps.iter().enumerate() {
                let cell = cells.next().unwrap_or_else(|| Drawn::line(""));
                parts.push(Drawn::column(gap, height, above));
                parts.push(cell.widened(widths[column], align(column)));
            }
            lines.extend(Drawn::beside(parts)?.rows);
        }
        if lines.len() * total > LARGEST {
            return None;
        }
        Some(Drawn {
            base: lines.len().saturating_sub(1) / 2,
            rows: lines,
            width: total,
        })
    }

    /// Boxes under each other, aligned to the widest. `base` is that of the one with this number.
    pub(super) fn stacked(boxes: Vec<Drawn>, of: usize, align: Align) -> Option<Drawn> {
        let width = boxes.iter().map(|it| it.width).max()?;
        let above: usize = boxes.iter().take(of).map(|it| it.rows.len()).sum();
        let base = above + boxes.get(of)?.base;
        let boxes = boxes.into_iter();
        let rows: Vec<String> = boxes.flat_map(|it| it.widened(width, align).rows).collect();
        (rows.len() * width <= LARGEST).then_some(Drawn { rows, width, base })
    }

    /// The box in a frame.
    pub(super) fn framed(self) -> Option<Drawn> {
        let rule = "─".repeat(self.width + 2);
        let (height, base) = (self.rows.len(), self.base);
        let side = |sign| Drawn::column(sign, height, base);
        let within = Drawn::beside(vec![side("│ "), self, side(" │")])?;
        let (top, foot) = (format!("┌{rule}┐"), format!("└{rule}┘"));
        let rows = vec![Drawn::line(&top), within, Drawn::line(&foot)];
        Drawn::stacked(rows, 1, Align::Left)
    }

    /// One over the other, with a rule between them.
    pub(super) fn fraction(over: Drawn, under: Drawn) -> Option<Drawn> {
        // The rule of a fraction in a fraction is the shorter one.
        let more = if over.rows.len().max(under.rows.len()) > 1 {
            2
        } else {
            0
        };
        let rule = Drawn::line(&"─".repeat(over.width.max(under.width) + more));
        Drawn::stacked(vec![over, rule, under], 1, Align::Center)
    }

    /// The box with a brace under it or, `over` it, above, and what that says.
    pub(super) fn braced(self, label: Option<Drawn>, over: bool) -> Option<Drawn> {
        // The point takes a cell between the ends.
        let width = self.width.max(3);
        let point = |sign| if label.is_some() { sign } else { '─' };
        let [first, point, last] = match over {
            true => ['╭', point('┴'), '╮'],
            false => ['╰', point('┬'), '╯'],
        };
        let left = "─".repeat((width - 3) / 2);
        let right = "─".repeat((width - 2) / 2);
        let brace = Drawn::line(&format!("{first}{left}{point}{right}{last}"));
        let mut boxes: Vec<Drawn> = [self, brace].into_iter().chain(label).collect();
        if over {
            boxes.reverse();
        }
        let of = if over { boxes.len() - 1 } else { 0 };
        Drawn::stacked(boxes, of, Align::Center)
    }

    /// The box, which has several rows, under the sign of a root of this degree.
    pub(super) fn rooted(self, degree: &str) -> Option<Drawn> {
        let height = self.rows.len();
        let line = Drawn::line(&"_".repeat(self.width));
        let base = self.base + 1;
        let under = Drawn {
            base,
            ..Drawn::stacked(vec![line, self], 1, Align::Center)?
        };
        // It rises to the line from the lowest row, a cell a row.
        let mut rows = vec![" ".repeat(height + 1)];
        rows.extend((0..height).rev().map(|row| match row {
            0 => format!("╲╱{}", " ".repeat(height - 1)),
            row => format!("{}╱{}", " ".repeat(row + 1), " ".repeat(height - 1 - row)),
        }));
        // The degree stands over the low end of the sign.
        let more = width(degree).saturating_sub(1);
        for row in &mut rows {
            row.insert_str(0, &" ".repeat(more));
        }
        if let Some(row) = rows.iter_mut().rev().nth(1) {
            row.replace_range(..width(degree), degree);
        }
        let sign = Drawn {
            rows,
            width: more + height + 1,
            base,
        };
        Drawn::beside(vec![sign, under])
    }

    /// The box in brackets as tall as it is; none if there are no such ones.
    pub(super) fn enclosed(mut self, open: Option<char>, close: Option<char>) -> Option<Drawn> {
        if self.rows.len() == 2 && (open == Some('{') || close == Some('}')) {
            // The point of a brace takes a row.
            self.rows.insert(1, " ".repeat(self.width));
            self.base = 1;
        }
        let (height, base) = (self.rows.len(), self.base);
        let side = |bracket: Option<char>| {
            let Some(bracket) = bracket else {
                return Some(Drawn::column("", height, base));
            };
            let rows: Option<Vec<String>> = (0..height)
                .map(|row| bracket_at(bracket, row, height))
                .collect();
            Some(Drawn {
                rows: rows?,
                width: 1,
                base,
            })
        };
        let (left, right) = (side(open)?, side(close)?);
        Drawn::beside(vec![left, self, right])
    }
}

/// The piece of a tall bracket in one of its rows.
fn bracket_at(bracket: char, row: usize, height: usize) -> Option<String> {
    if height == 1 {
        return Some(bracket.to_string());
    }
    // Top, between, bottom, and the point of a brace.
    let [top, between, bottom, point] = match bracket {
        '(' => ['⎛', '⎜', '⎝', '⎜'],
        ')' => ['⎞', '⎟', '⎠', '⎟'],
        '[' => ['⎡', '⎢', '⎣', '⎢'],
        ']' => ['⎤', '⎥', '⎦', '⎥'],
        '{' => ['⎧', '⎪', '⎩', '⎨'],
        '}' => ['⎫', '⎪', '⎭', '⎬'],
        '⌊' => ['⎢', '⎢', '⎣', '⎢'],
        '⌋' => ['⎥', '⎥', '⎦', '⎥'],
        '⌈' => ['⎡', '⎢', '⎢', '⎢'],
        '⌉' => ['⎤', '⎥', '⎥', '⎥'],
        '|' => ['│'; 4],
        '‖' => ['‖'; 4],
        _ => return None,
    };
    let piece = match row {
        0 => top,
        row if row + 1 == height => bottom,
        row if row == (height - 1) / 2 => point,
        _ => between,
    };
    Some(piece.to_string())
}

fn pad(row: &mut String, to: usize) {
    let room = to.saturating_sub(width(row));
    row.extend(std::iter::repeat_n(' ', room));
}
