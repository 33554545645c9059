//! Formulas that take several lines: fractions, sums with their limits, matrices, cases, equations that
//! stand under each other.
//!
//! What stands in a line is set by [`tex`]; here its parts are put beside and under each other. As there,
//! it is all or nothing: a formula of which one part is not understood is not set at all.

mod drawn;
mod tall;
mod tokens;

use std::ops::Range;

use self::{
    drawn::{Drawn, Row},
    tokens::{Token, Tokens, split},
};
use super::block::Align;
use crate::story::tex::{self, FRACTION_HOLE, HOLE, HOLES};

/// Longer formulas are shown as they are, in bytes.
const LONGEST: usize = 8 * 1024;

/// So are those whose parts nest deeper.
const DEEPEST: usize = 8;

/// And those whose groups do.
const DEEPEST_GROUP: isize = 24;

/// Cells between the columns of a matrix, and before the condition of a case.
const GAP: usize = 2;

/// Cells between equations in a row.
const APART: usize = 4;

/// Whether a formula has rows of its own, and so cannot be set in a line.
pub(super) fn has_rows(tex: &str) -> bool {
    tex.contains("\\\\") || tex.contains("\\begin")
}

/// The lines of a formula, if it says that it has several and all of it is understood. It may be one
/// line after all.
pub(super) fn set(tex: &str) -> Option<String> {
    if tex.len() > LONGEST || tex.contains(HOLES) || tokens::depth(tex) > DEEPEST_GROUP {
        return None;
    }
    let is_tall = tall::is_in(tex, false);
    if !is_tall && !has_rows(tex) {
        return None;
    }
    let mut tex = without_labels(&tex::uncommented(tex));
    if !is_tall {
        // Fractions that are signs of their own stay so where all of them are.
        tex = tex.replace("\\frac", "\\tfrac");
    }
    let drawn = equations(&tex, &|_| Align::Left, DEEPEST)?;
    let lines: Vec<&str> = drawn.rows.iter().map(|it| it.trim_end()).collect();
    (drawn.width > 0).then(|| lines.join("\n"))
}

/// The formula without what names its lines; a number that it gives a line itself stands behind that.
fn without_labels(tex: &str) -> String {
    let mut out = tex.replace("\\nonumber", "").replace("\\notag", "");
    while let Some((at, end)) = named(&out, "\\label{") {
        out.replace_range(at..end, "");
    }
    while let Some((at, end)) = named(&out, "\\tag{") {
        let number = format!("\\qquad\\text{{({})}}", &out[at + "\\tag{".len()..end - 1]);
        out.replace_range(at..end, &number);
    }
    out
}

fn named(tex: &str, command: &str) -> Option<(usize, usize)> {
    let at = tex.find(command)?;
    let end = tex[at..].find('}')?;
    Some((at, at + end + 1))
}

/// Rows that stand under each other, at their signs of alignment where they have any.
fn equations(tex: &str, bare: &dyn Fn(usize) -> Align, depth: usize) -> Option<Drawn> {
    let rows = rows_of(tex)?;
    if let [(false, cells)] = &rows[..]
        && let [cell] = &cells[..]
    {
        return expression(cell, depth);
    }
    let columns = rows.iter().map(|(_, cells)| cells.len()).max()?;
    let mut apart = vec![0; columns];
    let mut drawn = Vec::new();
    for (ruled, cells) in rows {
        if ruled {
            return None;
        }
        let mut row = Vec::new();
        for (column, cell) in cells.into_iter().enumerate() {
            // As in TeX an empty atom stands behind the sign: a sign of plus has two sides.
            let cell = match column % 2 {
                1 => expression(&format!("{{}}{cell}"), depth)?,
                _ => expression(cell, depth)?,
            };
            // What belongs together keeps the space of its relation.
            let sign = |c: char| !c.is_alphanumeric() && !"([{⟨⌊⌈|‖√∛∜,.;:!)]}".contains(c);
            let text = cell.rows.get(cell.base).map_or("", |it| it.trim());
            let ends = row.last().and_then(|it: &Drawn| it.rows.get(it.base));
            let touch = text.starts_with(sign) || ends.is_some_and(|it| it.trim().ends_with(sign));
            apart[column] = match column % 2 {
                1 => apart[column].max(usize::from(touch)),
                _ if column > 0 => APART,
                _ => 0,
            };
            row.push(cell);
        }
        drawn.push(Row::Cells(row));
    }
    let align = |column: usize| match column % 2 {
        _ if columns == 1 => bare(column),
        0 => Align::Right,
        _ => Align::Left,
    };
    let gaps: Vec<String> = apart.into_iter().map(|it| " ".repeat(it)).collect();
    Drawn::grid(drawn, &align, &gaps)
}

/// The cells of the rows, and whether a line stands over each row.
fn rows_of(tex: &str) -> Option<Vec<(bool, Vec<&str>)>> {
    let mut rows = Vec::new();
    let pieces = split(tex, Token::Break)?;
    let last = pieces.len() - 1;
    for (index, mut row) in pieces.into_iter().enumerate() {
        if index > 0 {
            row = row.strip_prefix('*').unwrap_or(row);
            // Room that is asked for between two rows.
            if let Some(rest) = row.strip_prefix('[') {
                row = rest.split_once(']')?.1;
            }
        }
        row = row.trim();
        let mut ruled = false;
        while let Some(rest) = row.strip_prefix("\\hline") {
            (row, ruled) = (rest.trim_start(), true);
        }
        if index < last || !row.is_empty() || ruled || index == 0 {
            rows.push((ruled, split(row, Token::Tab)?));
        }
    }
    Some(rows)
}

/// One cell, or all of a formula in one row.
fn expression(tex: &str, depth: usize) -> Option<Drawn> {
    let depth = depth.checked_sub(1)?;
    if let Some(drawn) = tall::divided(tex, depth)? {
        return Some(drawn);
    }
    let mut in_line = String::new();
    let mut boxes = Vec::new();
    let mut copied = 0;
    let mut tokens = Tokens::new(tex);
    while let Some((place, token)) = tokens.next() {
        let (drawn, hole, end) = match token {
            Token::Begin(name) => {
                let inner = tokens.closing(|it| it == Token::End(name))?;
                let drawn = environment(name, &tex[inner.clone()], depth)?;
                (drawn, HOLE, tokens.at())
            }
            Token::Left => {
                let inner = tokens.closing(|it| it == Token::Right)?;
                let stretched = stretched(&tex[inner], &tex[tokens.at()..], depth)?;
                match stretched {
                    Some((drawn, delimiter)) => (drawn, HOLE, tokens.at() + delimiter),
                    // What is in one line needs no tall brackets.
                    None => continue,
                }
            }
            Token::Command(name) => match tall::of(name, tex, &mut tokens, depth)? {
                Some((drawn, hole)) => (drawn, hole, tokens.at()),
                None => continue,
            },
            Token::Script => {
                let from = tokens.at();
                tokens.argument()?;
                while tex[tokens.at()..].starts_with('{') {
                    tokens.argument()?;
                }
                // There are no small boxes.
                if tex[from..tokens.at()].contains("\\begin") {
                    return None;
                }
                continue;
            }
            Token::Open => match tall::group(tex, &mut tokens, depth)? {
                Some(drawn) => (drawn, FRACTION_HOLE, tokens.at()),
                None => continue,
            },
            Token::End(_) | Token::Right | Token::Break | Token::Tab => return None,
            Token::Close | Token::Other => continue,
        };
        in_line.push_str(&tex[copied..place.start]);
        in_line.push(hole);
        boxes.push(drawn);
        copied = end;
        tokens.go_on_at(end);
    }
    in_line.push_str(&tex[copied..]);
    let blank = in_line.replace("{}", "");
    let text = match blank.trim() {
        "" => String::new(),
        _ => tex::unicode(&in_line)?,
    };
    beside(&text, boxes)
}

/// A text in a line with boxes in its holes.
fn beside(text: &str, boxes: Vec<Drawn>) -> Option<Drawn> {
    let pieces: Vec<&str> = text.split(HOLES).collect();
    if pieces.len() != boxes.len() + 1 {
        return None;
    }
    let mut boxes = boxes.into_iter();
    let mut parts: Vec<Drawn> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let mut rest = *piece;
        if index > 0 {
            let marked = |c| matches!(c, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}');
            if rest.starts_with(marked) {
                return None;
            }
            // Scripts of something tall stand at its corners.
            let scripts = rest.find(|c| !is_raised(c) && !is_lowered(c));
            let (scripts, behind) = rest.split_at(scripts.unwrap_or(rest.len()));
            if let Some(tall) = parts.last().filter(|_| !scripts.is_empty()) {
                parts.push(tall.cornered(scripts, is_raised));
                rest = behind;
            }
        }
        parts.push(Drawn::line(rest));
        parts.extend(boxes.next());
    }
    Drawn::beside(parts)
}

fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '′' | '\u{2070}'..='\u{207f}' | '\u{2b0}'..='\u{2ff}'
        | '\u{1d2c}'..='\u{1d61}' | '\u{1d78}' | '\u{1d9b}'..='\u{1dbf}' | '\u{2c7d}' | '\u{a7f8}'..='\u{a7f9}')
}

fn is_lowered(c: char) -> bool {
    matches!(c, '\u{2080}'..='\u{209c}' | '\u{1d62}'..='\u{1d6a}' | '\u{2c7c}')
}

/// What stands between `\left` and `\right`, in brackets as tall as it, if it takes several rows;
/// with the bytes of the delimiter that `behind` begins with.
#[allow(clippy::option_option)] // Not understood, or nothing for here.
fn stretched(inner: &str, behind: &str, depth: usize) -> Option<Option<(Drawn, usize)>> {
    if !inner.contains("\\begin") && !tall::is_in(inner, true) {
        return Some(None);
    }
    let (open, opened) = delimiter(inner)?;
    let (close, closed) = delimiter(behind)?;
    let drawn = expression(&inner[opened..], depth)?;
    if drawn.rows.len() == 1 {
        return Some(None);
    }
    Some(Some((drawn.enclosed(open, close)?, closed)))
}

/// The delimiter that a text begins with, none where it is only a point, and its bytes.
fn delimiter(tex: &str) -> Option<(Option<char>, usize)> {
    let text = tex.trim_start();
    let blank = tex.len() - text.len();
    let first = text.chars().next()?;
    if first != '\\' {
        let sign = match first {
            '.' => None,
            '(' | ')' | '[' | ']' | '|' => Some(first),
            _ => return None,
        };
        return Some((sign, blank + first.len_utf8()));
    }
    let letters = text[1..].find(|c: char| !c.is_ascii_alphabetic());
    let name = match letters.unwrap_or(text.len() - 1) {
        0 => text.get(1..2)?,
        end => &text[1..=end],
    };
    let sign = match name {
        "{" | "lbrace" => '{',
        "}" | "rbrace" => '}',
        "|" | "Vert" | "lVert" | "rVert" => '‖',
        "vert" | "lvert" | "rvert" => '|',
        "lbrack" => '[',
        "rbrack" => ']',
        "lfloor" => '⌊',
        "rfloor" => '⌋',
        "lceil" => '⌈',
        "rceil" => '⌉',
        _ => return None,
    };
    Some((Some(sign), blank + 1 + name.len()))
}

fn environment(name: &str, body: &str, depth: usize) -> Option<Drawn> {
    let brackets = |open, close| (Some(open), Some(close));
    let (open, close) = match name.trim_end_matches('*') {
        "aligned" | "align" | "split" | "eqnarray" | "equation" | "displaymath" | "flalign" => {
            return equations(without_option(body), &|_| Align::Left, depth);
        }
        "alignat" | "alignedat" => {
            let (_, body) = body.trim_start().strip_prefix('{')?.split_once('}')?;
            return equations(body, &|_| Align::Left, depth);
        }
        "gather" | "gathered" | "multline" => {
            return equations(without_option(body), &|_| Align::Center, depth);
        }
        "array" => return array(without_option(body), depth),
        "cases" | "dcases" => (Some('{'), None),
        "rcases" | "drcases" => (None, Some('}')),
        "matrix" | "smallmatrix" => (None, None),
        "pmatrix" | "psmallmatrix" => brackets('(', ')'),
        "bmatrix" | "bsmallmatrix" => brackets('[', ']'),
        "Bmatrix" => brackets('{', '}'),
        "vmatrix" | "vsmallmatrix" => brackets('|', '|'),
        "Vmatrix" => brackets('‖', '‖'),
        _ => return None,
    };
    let align = match name {
        "cases" | "dcases" | "rcases" | "drcases" => Align::Left,
        _ => Align::Center,
    };
    table(body, &|_| align, &[], depth)?.enclosed(open, close)
}

/// Where a group of rows stands beside what is around it.
fn without_option(body: &str) -> &str {
    let option = body.strip_prefix('[').and_then(|it| it.split_once(']'));
    match option {
        Some(("t" | "b" | "c", rest)) => rest,
        _ => body,
    }
}

/// A table whose columns say how they are set.
fn array(body: &str, depth: usize) -> Option<Drawn> {
    let (columns, body) = body.trim_start().strip_prefix('{')?.split_once('}')?;
    let mut aligns = Vec::new();
    let mut lines = vec![false];
    for c in columns.chars().filter(|it| !it.is_whitespace()) {
        match c {
            '|' => *lines.last_mut()? = true,
            'l' | 'c' | 'r' => {
                aligns.push(match c {
                    'l' => Align::Left,
                    'c' => Align::Center,
                    _ => Align::Right,
                });
                lines.push(false);
            }
            _ => return None,
        }
    }
    let align = |column: usize| aligns.get(column).copied().unwrap_or_default();
    table(body, &align, &lines, depth)
}

/// Rows and columns, with lines before the columns for which that is said.
fn table(
    body: &str,
    align: &dyn Fn(usize) -> Align,
    lines: &[bool],
    depth: usize,
) -> Option<Drawn> {
    let mut rows = Vec::new();
    let mut columns = 0;
    for (ruled, cells) in rows_of(body)? {
        if ruled {
            rows.push(Row::Rule);
        }
        if cells.len() == 1 && cells[0].is_empty() && ruled {
            continue;
        }
        columns = columns.max(cells.len());
        let cells = cells.into_iter().map(|it| expression(it, depth));
        rows.push(Row::Cells(cells.collect::<Option<_>>()?));
    }
    let gaps: Vec<String> = (0..columns)
        .map(|column| match (column, lines.get(column)) {
            (0, Some(true)) => "│ ".to_owned(),
            (0, _) => String::new(),
            (_, Some(true)) => " │ ".to_owned(),
            _ => " ".repeat(GAP),
        })
        .collect();
    let drawn = Drawn::grid(rows, align, &gaps)?;
    match lines.get(columns) {
        Some(true) => {
            let line = Drawn::column(" │", drawn.rows.len(), drawn.base);
            Drawn::beside(vec![drawn, line])
        }
        _ => Some(drawn),
    }
}

/// A stretch of a formula, in bytes.
type Place = Range<usize>;

#[cfg(test)]
mod tests;
