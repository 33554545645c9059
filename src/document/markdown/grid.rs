//! Tables of HTML: cells that reach over several columns and rows are brought into a grid.

use super::super::{
    block::{Align, Span, Spoken, Table, Text},
    html::Element,
};

/// The most columns a cell may be told to reach over.
const WIDEST_CELL: usize = 32;

/// The most rows, likewise.
const LONGEST_CELL: usize = 256;

/// Cells that begin further right reach over one column and one row: empty cells cost what full ones
/// do, and few words could ask for millions.
const SPANNED: usize = 24;

/// Tables that are not wider and longer than this have all their rows filled up with empty cells; the
/// rows of others end early.
const FILLED: usize = 1 << 16;

/// The cell under way.
#[derive(Default)]
pub(super) struct Cell {
    columns: usize,
    rows: usize,
    is_head: bool,
    align: Align,
    language: Option<Box<str>>,
}

impl Cell {
    pub(super) fn of(tag: &Element, language: Option<Box<str>>) -> Cell {
        let span = |name: &str, most: usize| {
            let said = tag.attribute(name).and_then(|it| it.trim().parse().ok());
            said.unwrap_or(1).clamp(1, most)
        };
        // None means: to the end of the section.
        let to_end = tag.attribute("rowspan").is_some_and(|it| it.trim() == "0");
        let style = tag.attribute("style").unwrap_or_default();
        let said = style
            .split(';')
            .filter_map(|it| it.split_once(':'))
            .find(|(name, _)| name.trim() == "text-align")
            .map(|(_, value)| value)
            .or(tag.attribute("align"));
        Cell {
            columns: span("colspan", WIDEST_CELL),
            rows: match to_end {
                true => LONGEST_CELL,
                false => span("rowspan", LONGEST_CELL),
            },
            is_head: tag.name == "th",
            language,
            align: match said.map(str::trim) {
                Some("right") => Align::Right,
                Some("center") => Align::Center,
                _ => Align::Left,
            },
        }
    }
}

/// A table under way.
#[derive(Default)]
pub(super) struct Grid {
    rows: Vec<Vec<Text>>,
    row: Vec<Text>,
    align: Vec<Align>,
    /// Whether the row under way has only cells of a head so far, and the first row had.
    all_head: Option<bool>,
    has_head: bool,
    /// In how many rows further down each column is taken by a cell from above.
    taken: Vec<usize>,
    spans: Vec<Span>,
    languages: Vec<Spoken>,
    pub(super) cell: Option<Cell>,
    /// Whether a row was begun.
    in_row: bool,
}

impl Grid {
    /// Whether a cell was begun.
    pub(super) fn is_begun(&self) -> bool {
        self.cell.is_some() || !self.row.is_empty() || !self.rows.is_empty()
    }

    pub(super) fn end_cell(&mut self, inline: &mut Text) {
        let Some(cell) = self.cell.take() else {
            return;
        };
        self.pass_taken();
        let column = self.row.len();
        let (columns, rows) = match column < SPANNED {
            true => (cell.columns, cell.rows),
            false => (1, 1),
        };
        if self.align.len() <= column {
            self.align.resize(column + 1, Align::Left);
        }
        if !cell.is_head || self.rows.is_empty() {
            self.align[column] = cell.align;
        }
        self.all_head = Some(cell.is_head && self.all_head.unwrap_or(true));
        self.row.push(std::mem::take(inline).trimmed());
        if let Some(tag) = cell.language {
            let row = self.rows.len();
            self.languages.push(Spoken { row, column, tag });
        }
        if columns > 1 {
            self.spans.push(Span {
                row: self.rows.len(),
                column,
                columns,
            });
        }
        // What it reaches over stays empty.
        self.row.resize_with(column + columns, Text::default);
        if self.taken.len() < self.row.len() {
            self.taken.resize(self.row.len(), 0);
        }
        let end = self.row.len();
        for taken in &mut self.taken[column..end] {
            *taken = rows;
        }
    }

    /// Leaves the columns empty that a cell from above reaches into.
    fn pass_taken(&mut self) {
        while self.taken.get(self.row.len()).is_some_and(|it| *it > 0) {
            self.row.push(Text::default());
        }
    }

    /// A section begins or ends: no cell reaches out of its own.
    pub(super) fn end_section(&mut self) {
        self.end_row();
        self.taken.fill(0);
    }

    /// A row begins.
    pub(super) fn begin_row(&mut self) {
        self.in_row = true;
    }

    /// The row under way ends, if there is one: it may be that nothing ends it but the next one.
    pub(super) fn end_row(&mut self) {
        let all_head = self.all_head.take();
        if std::mem::take(&mut self.in_row) || all_head.is_some() {
            for taken in &mut self.taken {
                *taken = taken.saturating_sub(1);
            }
        }
        if let Some(all_head) = all_head {
            self.has_head |= self.rows.is_empty() && all_head;
            self.rows.push(std::mem::take(&mut self.row));
        }
    }

    /// The table, if it says anything.
    pub(super) fn table(mut self) -> Option<Table> {
        let columns = self.rows.iter().map(Vec::len).max()?;
        if self.rows.iter().flatten().all(|it| it.text.is_empty()) {
            return None;
        }
        let filled = self.rows.len().saturating_mul(columns) <= FILLED;
        for row in self.rows.iter_mut().filter(|_| filled) {
            row.resize_with(columns, Text::default);
        }
        self.align.resize(columns, Align::Left);
        let head = match self.has_head {
            true => self.rows.remove(0),
            false => {
                for span in &mut self.spans {
                    span.row += 1;
                }
                for spoken in &mut self.languages {
                    spoken.row += 1;
                }
                vec![Text::default(); columns]
            }
        };
        Some(Table {
            align: self.align,
            head,
            rows: self.rows,
            spans: self.spans,
            languages: self.languages,
            sample: Vec::new(),
        })
    }
}
