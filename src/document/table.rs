//! Tables to lines: columns share the measure by their content, cells wrap.

use super::{
    bidi::Rtl,
    block::{Align, Role, Table, Text},
    lines::{Line, Segment},
    paragraph::{self, Division},
    width::width,
};

/// Cells between two columns.
const GAP: usize = 2;

/// A column is not squeezed below this where its content is wider; rather the table scrolls.
const NARROWEST: usize = 5;

/// Columns of a table that scrolls sideways are at most this wide.
const WIDEST_SCROLLED: usize = 32;

/// Sets `table` to lines of `measure` cells, or wider ones if its columns cannot share so few.
pub(super) fn set(table: &Table, measure: usize, division: Division, rtl: Rtl) -> Vec<Line> {
    let columns = table
        .rows
        .iter()
        .map(Vec::len)
        .chain([table.head.len()])
        .max()
        .unwrap_or(0);
    if columns == 0 {
        return Vec::new();
    }
    let natural: Vec<usize> = (0..columns)
        .map(|column| {
            table
                .rows
                .iter()
                .chain([&table.head])
                .filter_map(|row| row.get(column))
                .flat_map(|cell| cell.text.split('\n'))
                .map(width)
                .max()
                .unwrap_or(0)
                .max(1)
        })
        .collect();
    let room = measure.saturating_sub(GAP * (columns - 1));
    let least: usize = natural.iter().map(|cells| (*cells).min(NARROWEST)).sum();
    let wide = least > room;
    let widths = if wide {
        natural.iter().map(|c| (*c).min(WIDEST_SCROLLED)).collect()
    } else {
        share(&natural, room)
    };

    let mut lines = Vec::new();
    let mut offset = 0;
    let mut row = |cells: &[Text], role: Role, lines: &mut Vec<Line>| {
        set_row(table, cells, role, &widths, (division, rtl), offset, lines);
        offset += cells.iter().map(|cell| cell.text.len()).sum::<usize>();
    };
    if table.head.iter().any(|cell| !cell.text.is_empty()) {
        row(&table.head, Role::TableHead, &mut lines);
        let rules: Vec<String> = widths.iter().map(|cells| "─".repeat(*cells)).collect();
        lines.push(Line {
            segments: vec![Segment::furniture(rules.join(&" ".repeat(GAP)))],
            offset: lines.last().map_or(0, |line: &Line| line.offset),
            ..Line::default()
        });
    }
    for cells in &table.rows {
        row(cells, Role::Plain, &mut lines);
    }
    for line in &mut lines {
        line.wide = wide;
    }
    lines
}

/// Widths that add up to at most `room`: columns that ask for less than an equal share get what
/// they ask for, the others divide what is left by how much they hold.
fn share(natural: &[usize], room: usize) -> Vec<usize> {
    let mut widths = natural.to_vec();
    let mut open: Vec<usize> = (0..natural.len()).collect();
    let mut left = room;
    if natural.iter().sum::<usize>() <= room {
        return widths;
    }
    loop {
        let fair = left / open.len().max(1);
        let (content, greedy): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|column| natural[**column] <= fair);
        if content.is_empty() || greedy.is_empty() {
            break;
        }
        left -= content.iter().map(|column| natural[*column]).sum::<usize>();
        open = greedy;
    }
    // Every open column has its fair minimum; what remains goes by the square root of the content,
    // so that one long cell does not starve the rest.
    let weight = |column: usize| (natural[column] as f64).sqrt();
    let total: f64 = open.iter().map(|column| weight(*column)).sum();
    let least = NARROWEST.min(left / open.len().max(1));
    let spare = left.saturating_sub(least * open.len()) as f64;
    for column in open {
        widths[column] = least + (spare * weight(column) / total) as usize;
    }
    widths
}

fn set_row(
    table: &Table,
    row: &[Text],
    role: Role,
    widths: &[usize],
    (division, rtl): (Division, Rtl),
    offset: usize,
    lines: &mut Vec<Line>,
) {
    let set: Vec<Vec<Line>> = row
        .iter()
        .zip(widths)
        .map(|(cell, cells)| paragraph::set(cell, role, *cells, division, rtl))
        .collect();
    let height = set.iter().map(Vec::len).max().unwrap_or(0).max(1);
    for index in 0..height {
        let mut line = Line {
            offset,
            ..Line::default()
        };
        // Offsets count through the cells of the table, in reading order.
        let mut before = offset;
        let mut pad = 0;
        for (column, cells) in widths.iter().enumerate() {
            let segments = set
                .get(column)
                .and_then(|cell| cell.get(index))
                .map_or(&[][..], |line| &line.segments);
            let used: usize = segments.iter().map(|s| width(&s.text)).sum();
            let spare = cells.saturating_sub(used);
            let left = match table.align.get(column).copied().unwrap_or_default() {
                Align::Left => 0,
                Align::Center => spare / 2,
                Align::Right => spare,
            };
            pad += left;
            if used > 0 {
                if pad > 0 {
                    line.segments.push(Segment::furniture(" ".repeat(pad)));
                }
                line.segments.extend(segments.iter().map(|segment| Segment {
                    offset: segment.offset.map(|at| before + at),
                    ..segment.clone()
                }));
                pad = 0;
            }
            pad += spare - left + GAP;
            before += row.get(column).map_or(0, |cell| cell.text.len());
        }
        lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(align: &[Align], rows: &[&[&str]]) -> Table {
        let cells = |row: &&[&str]| row.iter().map(|cell| Text::plain(*cell)).collect();
        Table {
            align: align.to_vec(),
            head: cells(&rows[0]),
            rows: rows[1..].iter().map(cells).collect(),
        }
    }

    fn plain(table: &Table, measure: usize) -> Vec<String> {
        set(table, measure, Division::Never, Rtl::AsRead)
            .iter()
            .map(|line| line.plain().trim_end().to_owned())
            .collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_content_and_aligned() {
        let table = table(
            &[Align::Left, Align::Right, Align::Center],
            &[&["City", "Opened", "Line"], &["London", "1863", "A"]],
        );
        assert_eq!(
            plain(&table, 40),
            [
                "City    Opened  Line",
                "──────  ──────  ────",
                "London    1863   A"
            ]
        );
    }

    #[test]
    fn cells_wrap_where_the_measure_is_short() {
        let table = table(
            &[Align::Left, Align::Left],
            &[
                &["Word", "Meaning"],
                &["recto", "the right-hand page of an open book"],
            ],
        );
        let lines = plain(&table, 24);
        assert!(lines.iter().all(|line| width(line) <= 24), "{lines:#?}");
        assert!(lines.len() > 3);
    }

    #[test]
    fn a_table_that_cannot_fit_scrolls_instead() {
        let row: Vec<&str> = vec!["seven letters"; 30];
        let table = table(&[Align::Left; 30], &[&row, &row]);
        assert!(
            set(&table, 60, Division::Never, Rtl::AsRead)
                .iter()
                .all(|line| line.wide)
        );
    }

    #[test]
    fn offsets_grow_in_reading_order() {
        let table = table(&[Align::Left; 2], &[&["ab", "cd"], &["ef", "gh"]]);
        let offsets: Vec<usize> = set(&table, 20, Division::Never, Rtl::AsRead)
            .iter()
            .flat_map(|line| line.segments.iter().filter_map(|s| s.offset))
            .collect();
        assert_eq!(offsets, [0, 2, 4, 6]);
    }
}
