//! Tables (GFM 4.10), and what only looks like one.

use super::{blocks::Writer, inline::Form, tree::Id};

/// More columns are no table that a page has room for.
const WIDEST: usize = 64;

/// The most rows a cell reaches over.
const LONGEST_SPAN: usize = 256;

/// Cells that a table may have, those counted that nothing stands in.
const MOST_CELLS: usize = 200_000;

/// A cell with lists and with more text, in bytes, is a part of a page.
const LONGEST_CELL: usize = 2000;

struct Cell {
    id: Id,
    columns: usize,
    /// No more than there are in its section.
    rows: usize,
}

impl Writer<'_> {
    pub(super) fn table(&mut self, id: Id) {
        let rows = self.rows(id);
        let columns = rows
            .iter()
            .map(|row| row.iter().map(|it| it.columns).sum::<usize>())
            .max();
        let columns = columns.unwrap_or(0);
        let in_line = self.line.is_some();
        if in_line || self.is_layout(id, &rows, columns) {
            return self.flattened(id, &rows);
        }
        self.flush();
        let tree = self.tree;
        self.captions(id);
        let is_head = |row: &[Cell]| row.iter().all(|it| tree.name(it.id) == "th");
        let in_head = |row: &[Cell]| {
            let group = row.first().and_then(|it| tree.parent(tree.parent(it.id)?));
            group.is_some_and(|it| tree.name(it) == "thead")
        };
        let has_head = rows.first().is_some_and(|row| is_head(row) || in_head(row));
        let align: Vec<&str> = (0..columns).map(|at| self.alignment(&rows, at)).collect();
        let mut lines = Vec::new();
        let delimiter = format!("| {} |", align.join(" | "));
        if !has_head {
            lines.push(format!("|{}", "  |".repeat(columns)));
            lines.push(delimiter.clone());
        }
        // In how many rows further down each column is taken by a cell from above.
        let mut taken = vec![0_usize; columns];
        for row in &rows {
            // Markdown has one row of heads: what stands below it in the head shows that it belongs there.
            let below = !lines.is_empty() && in_head(row);
            let mut cells: Vec<String> = Vec::with_capacity(columns);
            let mut row = row.iter();
            while cells.len() < columns {
                let at = cells.len();
                if taken[at] > 0 {
                    taken[at] -= 1;
                    cells.push(String::new());
                    continue;
                }
                let Some(cell) = row.next() else {
                    break;
                };
                let before = self.style;
                self.style.strong |= below;
                cells.push(self.line_of(cell.id, Form::Cell));
                self.style = before;
                for n in 0..cell.columns {
                    if let Some(taken) = taken.get_mut(at + n) {
                        *taken = cell.rows - 1;
                    }
                    if n > 0 && cells.len() < columns {
                        cells.push(String::new());
                    }
                }
            }
            for taken in taken.iter_mut().skip(cells.len()) {
                *taken = taken.saturating_sub(1);
            }
            let missing = columns - cells.len();
            lines.push(format!(
                "| {} |{}",
                cells.join(" | "),
                "  |".repeat(missing)
            ));
            if lines.len() == 1 {
                lines.push(delimiter.clone());
            }
        }
        self.block(&lines.join("\n"));
    }

    /// What a table is called, before it: browsers show that there, wherever in the table it stands.
    fn captions(&mut self, id: Id) {
        let tree = self.tree;
        for caption in tree.children(id).filter(|it| tree.name(*it) == "caption") {
            let before = self.style;
            self.style.emphasis = true;
            let text = self.line_of(caption, Form::Heading);
            self.style = before;
            if !text.is_empty() {
                self.block(&text);
            }
        }
    }

    /// The rows of a table, without those of tables in it.
    fn rows(&self, id: Id) -> Vec<Vec<Cell>> {
        let tree = self.tree;
        let span = |id: Id, name: &str| {
            let said = tree.attribute(id, name);
            said.and_then(|it| it.trim().parse().ok()).unwrap_or(1)
        };
        // Rows outside of sections are one of their own.
        let mut sections: Vec<Vec<Id>> = vec![Vec::new()];
        for child in tree.children(id) {
            match (tree.name(child), sections.last_mut()) {
                ("tbody" | "thead" | "tfoot", _) => {
                    let rows = tree.children(child).filter(|it| tree.name(*it) == "tr");
                    sections.extend([rows.collect(), Vec::new()]);
                }
                ("tr", Some(section)) => section.push(child),
                _ => {}
            }
        }
        let rows_of = |section: Vec<Id>| {
            let all = section.len();
            section.into_iter().enumerate().map(move |(at, row)| {
                let cells = tree.children(row);
                let cells = cells.filter(|it| matches!(tree.name(*it), "td" | "th"));
                cells
                    .map(|id| Cell {
                        id,
                        columns: span(id, "colspan").clamp(1, WIDEST),
                        // None means all that are left.
                        rows: match span(id, "rowspan") {
                            0 => all - at,
                            rows => rows.min(all - at).min(LONGEST_SPAN),
                        },
                    })
                    .collect::<Vec<_>>()
            })
        };
        let rows = sections.into_iter().flat_map(rows_of);
        rows.filter(|row| !row.is_empty()).collect()
    }

    /// Whether a table only puts blocks beside each other.
    fn is_layout(&self, id: Id, rows: &[Vec<Cell>], columns: usize) -> bool {
        let tree = self.tree;
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        let is_head = |it: &Cell| tree.name(it.id) == "th";
        let alone = rows.len() < 2 && !rows.iter().flatten().any(is_head);
        if alone || widest < 2 || columns > WIDEST || columns * rows.len() > MOST_CELLS {
            return true;
        }
        let role = tree.attribute(id, "role").unwrap_or_default();
        // What no line of a cell can show; lists and the like only in what its heads and its short cells say is a table.
        let is_block =
            |it: Id| matches!(tree.name(it), "table" | "pre" | "h1" | "h2" | "h3" | "h4");
        let is_list = |it: Id| {
            matches!(
                tree.name(it),
                "ul" | "ol" | "dl" | "blockquote" | "figure" | "hr"
            )
        };
        let is_long = |it: &Cell| tree.text(it.id).len() > LONGEST_CELL;
        role == "presentation"
            || self.of_mail && self.is_frame(id, rows)
            || tree.within(id).any(is_block)
            || tree.within(id).any(is_list)
                && (!rows.iter().flatten().any(is_head) || rows.iter().flatten().any(is_long))
    }

    /// Whether a letter's table is the frame that it is set in: nothing heads its columns, no lines are
    /// drawn, and its sizes are those of a page.
    fn is_frame(&self, id: Id, rows: &[Vec<Cell>]) -> bool {
        let tree = self.tree;
        let said = |name: &str| tree.attribute(id, name).map(str::trim);
        let has_head = rows.iter().flatten().any(|it| tree.name(it.id) == "th");
        let has_lines = said("border").is_some_and(|it| !matches!(it, "" | "0"));
        let styled = said("style").is_some_and(|it| it.contains("width"));
        let sized = ["cellpadding", "cellspacing", "width", "align", "border"];
        !has_head && !has_lines && (styled || sized.iter().any(|it| said(it).is_some()))
    }

    /// What stands in the cells, one after the other.
    fn flattened(&mut self, id: Id, rows: &[Vec<Cell>]) {
        // Code with its lines numbered stands in a table of two columns.
        let tree = self.tree;
        let class = tree.attribute(id, "class").unwrap_or_default();
        let numbered = ["highlighttable", "lntable", "rouge-table", "highlight"];
        let is_code = class.split_whitespace().any(|it| numbered.contains(&it));
        self.flush();
        if is_code && let Some(cell) = rows.first().and_then(|it| it.last()) {
            self.children(cell.id);
            return self.flush();
        }
        if self.line.is_none() {
            self.captions(id);
        }
        for cell in rows.iter().flatten() {
            self.flush();
            self.children(cell.id);
        }
        self.flush();
    }

    /// How the text of a column is aligned: as most of its cells say.
    fn alignment(&self, rows: &[Vec<Cell>], at: usize) -> &'static str {
        let mut said = rows.iter().take(2).filter_map(|row| {
            let cell = row.get(at)?;
            let style = self.tree.attribute(cell.id, "style").unwrap_or_default();
            let styled = style.split(';').filter_map(|it| it.split_once(':'));
            let styled = styled
                .filter(|(name, _)| name.trim() == "text-align")
                .map(|(_, it)| it.trim())
                .next();
            styled.or(self.tree.attribute(cell.id, "align"))
        });
        match said.next() {
            Some("right") => "--:",
            Some("center") => ":-:",
            _ => "---",
        }
    }
}
