//! Tables to lines: columns share the measure by their content, cells wrap.

use super::{
    Hyphenation,
    bidi::Rtl,
    block::{Align, Role, Span, Table, Text},
    lines::{Line, Segment},
    paragraph::{self, Division},
    width::width,
};
use std::cmp::Reverse;

/// Cells between two columns; and where words would else have to be divided.
const GAPS: [usize; 2] = [2, 1];

/// Longer words do not count as a whole: they may be divided where a column is too narrow for them.
const LONGEST_WORD: usize = 24;

/// What a column with a longer word (a hash, a key) is left at least: the word is divided anyhow.
const DIVIDED_WORD: usize = 20;

/// The same where the table would scroll sideways otherwise.
const SHORT_WORD: usize = 12;

/// Next to such words no column gets less than this while it has more to show: prose is hard to read
/// a word a line, and a divided hash is not.
const PROSE: usize = 12;

/// Columns of a table that scrolls sideways are at most so wide: as wide as the least and the most of
/// these where a third of the measure, with two gaps taken off, is not between them: so three of them show.
const SCROLLED: (usize, usize) = (12, 32);

/// A column that wraps is read with ease from so many cells on: a table with narrower ones takes free
/// room beside the measure.
const EASY: usize = 24;

/// How the columns of a table share their room.
struct Columns {
    widths: Vec<usize>,
    /// Cells between two of them.
    gap: usize,
    /// Whether they take more than there is, and are scrolled sideways.
    scroll: bool,
    /// Whether more room would make the table easier to read.
    crowded: bool,
}

/// Sets `table` to lines of `measure` cells; of up to `full` where it would be crowded in those, and to
/// wider ones if its columns cannot share even so many without dividing words.
pub(super) fn set(
    table: &Table,
    (measure, full): (usize, usize),
    division: Division,
    rtl: Rtl,
) -> Vec<Line> {
    let rows = || [&table.head].into_iter().chain(&table.rows);
    let count = rows().map(Vec::len).max().unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    let asked = asked(table, count);
    let mut columns = columns(&asked, measure);
    let all = table_width(&asked.natural, GAPS[0]);
    if full > measure && all > measure && (columns.crowded || all <= full) {
        columns = self::columns(&asked, full);
    }
    let Columns {
        widths,
        gap,
        scroll,
        ..
    } = columns;
    let wide = scroll || table_width(&widths, gap) > measure;
    // With the names of its rows out of sight nobody knows which is which.
    let held = match wide && count > 1 && 3 * widths[0] <= full.max(measure) {
        true => widths[0] + gap,
        false => 0,
    };

    let mut lines = Vec::new();
    let mut offset = 0;
    let mut spans = table.spans.iter().peekable();
    for (row, cells) in rows().enumerate() {
        let mut over = Vec::new();
        while let Some(span) = spans.next_if(|it| it.row <= row) {
            over.push(*span);
        }
        let is_head = row == 0;
        if is_head && cells.iter().all(|cell| cell.text.is_empty()) {
            continue;
        }
        let role = if is_head {
            Role::TableHead
        } else {
            Role::Plain
        };
        let fields = fields(&widths, gap, &over);
        let manner = (division, rtl);
        let from = lines.len();
        set_row(
            table,
            cells,
            role,
            (&fields, gap),
            manner,
            (row, offset),
            &mut lines,
        );
        // A cell that reaches over several columns is not cut into two.
        let reaches_over = fields.first().is_some_and(|it| it.1 > widths[0]);
        for line in lines.iter_mut().skip(from).filter(|_| !reaches_over) {
            line.held = held;
        }
        offset += cells.iter().map(|cell| cell.text.len()).sum::<usize>();
        if is_head {
            let rules: Vec<String> = widths.iter().map(|cells| "─".repeat(*cells)).collect();
            lines.push(Line {
                segments: vec![Segment::furniture(rules.join(&" ".repeat(gap)))],
                offset: lines.last().map_or(0, |line: &Line| line.offset),
                held,
                ..Line::default()
            });
        }
    }
    for line in &mut lines {
        line.wide = wide;
    }
    lines
}

/// Cells that columns take with the gaps between them.
fn table_width(widths: &[usize], gap: usize) -> usize {
    widths.iter().sum::<usize>() + gap * widths.len().saturating_sub(1)
}

/// Cells that a cell takes where none of its lines is broken.
fn natural(cell: &str) -> usize {
    cell.split('\n').map(width).max().unwrap_or(0)
}

/// What columns ask for.
struct Asked {
    /// So that no line is broken.
    natural: Vec<usize>,
    /// So that no word is, but for those that are too long.
    least: Vec<usize>,
    /// The same where there is too little room even for that.
    narrowest: Vec<usize>,
    /// Whether there are such words.
    divided: bool,
}

fn asked(table: &Table, count: usize) -> Asked {
    let gap = GAPS[0];
    let words = |cell: &str| paragraph::longest_word(cell).min(LONGEST_WORD + 1);
    let mut natural = needs(table, (count, gap), self::natural);
    let mut least = needs(table, (count, gap), words);
    if !table.sample.is_empty() {
        // The same for all pieces of a table, but where one has a word that would not fit then.
        let mut sample = Table::default();
        sample.rows.clone_from(&table.sample);
        let own = least.iter().map(|it| it * usize::from(*it <= LONGEST_WORD));
        natural = needs(&sample, (count, gap), self::natural);
        let sampled = needs(&sample, (count, gap), words);
        least = own.zip(&sampled).map(|(own, it)| own.max(*it)).collect();
        for (natural, least) in natural.iter_mut().zip(&least) {
            *natural = (*natural).max(*least);
        }
    }
    let mut divided = false;
    let mut narrowest = least.clone();
    for (words, narrow) in least.iter_mut().zip(&mut narrowest) {
        if *words > LONGEST_WORD {
            (*words, *narrow) = (DIVIDED_WORD, SHORT_WORD);
            divided = true;
        }
    }
    Asked {
        natural,
        least,
        narrowest,
        divided,
    }
}

/// Has columns share `measure` cells.
fn columns(asked: &Asked, measure: usize) -> Columns {
    let Asked {
        natural,
        least,
        narrowest,
        divided,
    } = asked;
    let count = natural.len();
    let [mut gap, narrow] = GAPS;
    let mut room = measure.saturating_sub(gap * (count - 1));
    if natural.iter().sum::<usize>() <= room {
        return Columns {
            widths: natural.clone(),
            gap,
            scroll: false,
            crowded: false,
        };
    }
    let least = match table_width(least, narrow) > measure {
        true => narrowest,
        false => least,
    };
    let all = least.iter().sum::<usize>();
    let close = measure.saturating_sub(narrow * (count - 1));
    if all > room && all <= close {
        (gap, room) = (narrow, close);
    }
    let scroll = all > room;
    let most = (measure.saturating_sub(2 * gap) / 3).clamp(SCROLLED.0, SCROLLED.1);
    let widths = match scroll {
        true => natural
            .iter()
            .zip(least)
            .map(|(all, least)| (*all).min(most).max(*least))
            .collect(),
        false => share(natural, least, room, *divided),
    };
    let mut all = widths.iter().zip(natural);
    let narrow = all.any(|(cells, natural)| cells < natural && *cells < EASY);
    Columns {
        widths,
        gap,
        scroll,
        crowded: scroll || *divided || narrow,
    }
}

/// What each column needs, at least a cell, where `of` says what a text does. A cell that reaches over
/// several columns needs it of all of them together.
fn needs(table: &Table, (columns, gap): (usize, usize), of: impl Fn(&str) -> usize) -> Vec<usize> {
    let mut needs = vec![1; columns];
    let mut spans = table.spans.iter().peekable();
    let mut joint = Vec::new();
    for (row, cells) in [&table.head].into_iter().chain(&table.rows).enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let span = spans.next_if(|it| (it.row, it.column) <= (row, column));
            let need = of(&cell.text);
            match span {
                Some(span) => joint.push((*span, need)),
                None => needs[column] = need.max(needs[column]),
            }
        }
    }
    for (span, need) in joint {
        let end = (span.column + span.columns).min(columns);
        let over = needs.get_mut(span.column..end).unwrap_or_default();
        let has = over.iter().sum::<usize>() + gap * over.len().saturating_sub(1);
        let short = need.saturating_sub(has);
        let count = over.len().max(1);
        for (index, column) in over.iter_mut().enumerate() {
            *column += short / count + usize::from(index < short % count);
        }
    }
    needs
}

/// The cells of a row that has these among it: their columns and widths.
fn fields(widths: &[usize], gap: usize, spans: &[Span]) -> Vec<(usize, usize)> {
    let mut fields = Vec::with_capacity(widths.len());
    let mut column = 0;
    while column < widths.len() {
        let span = spans.iter().find(|it| it.column == column);
        let end = span.map_or(column + 1, |it| column + it.columns.max(1));
        let over = &widths[column..end.min(widths.len())];
        let cells = over.iter().sum::<usize>() + gap * (over.len() - 1);
        fields.push((column, cells));
        column = end;
    }
    fields
}

/// Widths that add up to at most `room`, each at least what its column needs to keep words whole:
/// columns that ask for less than an equal share get what they ask for, the others divide what is left
/// by how much they hold; next to words that are `divided`, so that the table gets as low as it can.
fn share(natural: &[usize], least: &[usize], room: usize, divided: bool) -> Vec<usize> {
    let mut widths = natural.to_vec();
    let mut open: Vec<usize> = (0..natural.len()).collect();
    let mut left = room;
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
    let needed = |open: &[usize]| open.iter().map(|it| least[*it]).sum::<usize>();
    if needed(&open) > left {
        // A long word: the others have to give something up for it.
        open = (0..natural.len()).collect();
        left = room;
    }
    let mut spare = left.saturating_sub(needed(&open));
    for column in &open {
        widths[*column] = least[*column].min(natural[*column]);
    }
    while divided && spare > 0 {
        // To the narrowest until all can be read, then to the one that takes the most lines.
        let open = open.iter().filter(|it| widths[**it] < natural[**it]);
        let need = |it: usize| {
            (
                Reverse(widths[it].min(PROSE)),
                natural[it] * 100 / widths[it],
            )
        };
        let Some(column) = open.max_by_key(|it| need(**it)) else {
            break;
        };
        widths[*column] += 1;
        spare -= 1;
    }
    // By the square root of the content, so that one long cell does not starve the rest.
    let weight = |column: usize| (natural[column] as f64).sqrt();
    while spare > 0 {
        open.retain(|column| widths[*column] < natural[*column]);
        let total: f64 = open.iter().map(|column| weight(*column)).sum();
        if open.is_empty() {
            break;
        }
        let all = spare;
        for column in &open {
            let part = (all as f64 * weight(*column) / total) as usize;
            let part = part
                .max(1)
                .min(spare)
                .min(natural[*column] - widths[*column]);
            widths[*column] += part;
            spare -= part;
        }
    }
    widths
}

fn set_row(
    table: &Table,
    row: &[Text],
    role: Role,
    (fields, gap): (&[(usize, usize)], usize),
    (division, rtl): (Division, Rtl),
    (number, offset): (usize, usize),
    lines: &mut Vec<Line>,
) {
    let spoken = table.languages.partition_point(|it| it.row < number);
    let spoken = &table.languages[spoken..];
    // Words of one language are not divided by the rules of another.
    let division_of = |column: usize| {
        let mut here = spoken.iter().take_while(|it| it.row == number);
        match (here.find(|it| it.column == column), division) {
            (None, division) => division,
            (_, Division::Never) => Division::Never,
            (Some(it), _) => {
                Hyphenation::of_language(&it.tag).map_or(Division::Never, Division::Patterns)
            }
        }
    };
    let set: Vec<Vec<Line>> = fields
        .iter()
        .map_while(|(column, cells)| Some((*column, row.get(*column)?, *cells)))
        .map(|(column, cell, cells)| paragraph::set(cell, role, cells, division_of(column), rtl))
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
        for (field, (column, cells)) in fields.iter().enumerate() {
            let segments = set
                .get(field)
                .and_then(|cell| cell.get(index))
                .map_or(&[][..], |line| &line.segments);
            let used: usize = segments.iter().map(|s| width(&s.text)).sum();
            let spare = cells.saturating_sub(used);
            let left = match table.align.get(*column).copied().unwrap_or_default() {
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
            pad += spare - left + gap;
            before += row.get(*column).map_or(0, |cell| cell.text.len());
        }
        lines.push(line);
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
