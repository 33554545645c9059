//! Lines of a print whose breaks and columns are meant: programs and tables of figures. They are short, as
//! menus are, and say nothing of where a text ends.

use std::ops::Range;

use super::lines::{Marker, Set};
use crate::ingest::dates;

/// A line as it was printed: its text, and how far it stands to the right.
pub type Printed<'a> = (&'a str, usize);

/// How lines that no empty line parts are set, if not as text.
pub fn of(lines: &[Printed<'_>], marker: impl Fn(&str) -> Marker) -> Option<Set> {
    if lines.iter().any(|(text, _)| marker(text) != Marker::None) {
        return None;
    }
    let aligned = is_code(lines) || is_table(lines);
    aligned.then_some(Set::Code)
}

/// What stands between the cells of a table that was printed with its frame.
pub const FRAME: char = '│';

/// Which of the lines are a table with a frame, and its rows, their cells with `FRAME` between them. None where
/// the frame stands around text.
pub fn framed(lines: &[Printed<'_>]) -> Option<(Range<usize>, Vec<String>)> {
    const LONGEST: usize = 30;
    let start = lines.iter().position(|(text, _)| text.starts_with('┌'))?;
    let height = lines[start..]
        .iter()
        .position(|(text, _)| text.starts_with('└'))?;
    let mut rows: Vec<String> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    for (text, _) in &lines[start + 1..=start + height] {
        if text.starts_with(['├', '└']) {
            rows.extend((!row.is_empty()).then(|| row.join(" │ ")));
            row.clear();
            continue;
        }
        let cells: Vec<&str> = text
            .strip_prefix(FRAME)?
            .strip_suffix(FRAME)?
            .split(FRAME)
            .collect();
        if row.is_empty() {
            row.resize(cells.len(), String::new());
        }
        // A cell that was broken goes on below.
        for (whole, cell) in row.iter_mut().zip(cells) {
            if !whole.is_empty() && !cell.trim().is_empty() {
                whole.push(' ');
            }
            whole.push_str(cell.trim());
            if whole.split(' ').count() > LONGEST || whole.contains(['┌', '└']) {
                return None;
            }
        }
    }
    let wide = rows.iter().any(|row| row.contains(FRAME));
    (wide && rows.len() >= 2).then(|| (start..start + height + 1, rows))
}

/// Whether most of the lines are written as programs are.
fn is_code(lines: &[Printed<'_>]) -> bool {
    let code = lines.iter().filter(|(text, _)| is_statement(text)).count();
    code * 2 > lines.len() && !lines.iter().any(|(text, _)| is_sentence(text))
}

fn is_sentence(text: &str) -> bool {
    const LONG: usize = 8;
    text.ends_with(['.', '!', '?', '”']) && text.split_whitespace().count() >= LONG
}

/// `let x = 1;`, `def lamp(on):`, `}`, `return 1`
fn is_statement(text: &str) -> bool {
    const ENDS: [&str; 8] = ["{", "}", "};", "});", "):", ");", "();", "->"];
    const BEGINS: [&str; 9] = [
        "return ",
        "#include",
        "def ",
        "fn ",
        "let ",
        "const ",
        "elif ",
        "} else",
        "public static ",
    ];
    const HOLDS: [&str; 6] = [" = ", " == ", " := ", " => ", "();", "::"];
    let assigns = || text.ends_with(';') && text.contains(['=', '(']);
    let begins = BEGINS.iter().any(|it| text.starts_with(it)) && !text.ends_with(['.', ',']);
    ENDS.iter().any(|it| text.ends_with(it))
        || begins
        || assigns()
        || HOLDS.iter().any(|it| text.contains(it))
}

/// Whether the lines are rows of figures: cells begin in the same column, and every other row has a number.
fn is_table(lines: &[Printed<'_>]) -> bool {
    const ROWS: usize = 2;
    let cells: Vec<Vec<usize>> = lines.iter().map(columns).collect();
    let parted = cells.iter().filter(|it| !it.is_empty()).count();
    if parted < ROWS || parted * 2 < lines.len() {
        return false;
    }
    // Other stories are listed by their days.
    let is_dated = |(text, _): &Printed<'_>| {
        dates::find(text).is_some_and(|(range, _)| range.start == 0 || range.end == text.len())
    };
    if lines.iter().filter(|it| is_dated(it)).count() * 2 >= lines.len() {
        return false;
    }
    let numbers = lines
        .iter()
        .filter(|(text, _)| text.contains(|c: char| c.is_ascii_digit()))
        .count();
    let common = cells.iter().flatten().any(|column| {
        let same = cells.iter().filter(|it| it.contains(column)).count();
        same >= ROWS && same * 2 >= parted
    });
    let figures = common && numbers * 2 >= lines.len();
    (figures || is_ruled(lines, &cells)) && !lines.iter().any(|(text, _)| is_sentence(text))
}

/// Whether the cells of three rows or more stand below each other in three columns, those of all rows but a
/// heading's. Rows of a menu have cells as long as their words.
fn is_ruled(lines: &[Printed<'_>], cells: &[Vec<usize>]) -> bool {
    const ROWS: usize = 3;
    const COLUMNS: usize = 2;
    let below = lines.get(1..).unwrap_or_default();
    let begins = |(text, indent): &Printed<'_>, column: usize| {
        let before = column.checked_sub(indent + 1);
        let mut around = before.into_iter().flat_map(|at| text.chars().skip(at));
        around.next() == Some(' ') && around.next().is_some_and(|c| c != ' ')
    };
    let mut columns: Vec<usize> = cells.iter().flatten().copied().collect();
    columns.sort_unstable();
    columns.dedup();
    let shared = columns.into_iter().filter(|&column| {
        let wide = cells.iter().filter(|it| it.contains(&column)).count();
        wide >= 2 && below.iter().all(|line| begins(line, column))
    });
    below.len() >= ROWS && shared.take(COLUMNS).count() == COLUMNS
}

/// The columns at which the cells of a row begin, but for the first: behind two spaces or more that do not
/// follow a sentence.
fn columns((text, indent): &Printed<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut spaces, mut last) = (0, ' ');
    for (at, c) in text.chars().enumerate() {
        if c == ' ' {
            spaces += 1;
            continue;
        }
        if spaces >= 2 && !matches!(last, '.' | '!' | '?' | ':') {
            found.push(indent + at);
        }
        (spaces, last) = (0, c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_set(lines: &[&str]) -> bool {
        let lines: Vec<Printed<'_>> = lines.iter().map(|it| (*it, 0)).collect();
        of(&lines, |_| Marker::None).is_some()
    }

    #[test]
    fn a_table_with_a_frame_has_rows_and_one_around_text_has_none() {
        let rows = |lines: &[&str]| {
            let lines: Vec<Printed<'_>> = lines.iter().map(|it| (*it, 0)).collect();
            framed(&lines)
        };
        let table = [
            "Table 1",
            "┌──────┬───────┐",
            "│Day   │Bicy-  │",
            "│      │cles   │",
            "├──────┼───────┤",
            "│Monday│40     │",
            "└──────┴───────┘",
        ];
        let expected = vec!["Day │ Bicy- cles".to_owned(), "Monday │ 40".to_owned()];
        assert_eq!(rows(&table), Some((1..7, expected)));
        let long = format!("│{}│b│", "word ".repeat(40));
        assert_eq!(rows(&["┌──┬─┐", &long, "├──┼─┤", &long, "└──┴─┘"]), None);
    }

    #[test]
    fn programs_and_tables_are_told_from_text_and_menus() {
        for lines in [
            &["def lamp(on):", "return 1"][..],
            &["let x = 1;", "print(x);"],
            &["Day Wind  Ships", "Mon NW 4  12", "Tue S | 2 7"],
            &[
                "   Name      Town            Trade",
                "Ada Holm   Alder    Keeps the lamp",
                "Homer Tace Osterby  Rows the boat",
                "Lenore Vos Tideline Casts bells",
                "Ann        Alder    None",
            ],
        ] {
            assert!(is_set(lines), "{lines:?}");
        }
        for lines in [
            &["Home  News  Sport", "About  Help  Terms"][..],
            &["The lamp is lit.", "return to sender."],
            &["Ann Lee", "3 May 2026"],
            &[
                "03/07/2011  Homer Tace, keeper",
                "03/02/2011  Lenore Voss, who ran",
            ],
            &[
                "The first week.  The second 2.",
                "The third week.  It was 4.",
            ],
        ] {
            assert!(!is_set(lines), "{lines:?}");
        }
    }
}
