//! What a block of plain text is, told by how it looks.

use super::block::{Block, indent};

/// What becomes of a block.
#[derive(Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line of signs between sections.
    Break,
    /// A heading; the number of its lines that are text.
    Heading { lines: usize },
    /// A table, a drawing, code, a log: every space counts.
    Figure,
    /// A list.
    Items,
    /// Quoted, by indentation or `>`.
    Quote,
    /// A paragraph broken at a width.
    Wrapped,
    /// Verse, an address: lines that are meant.
    Lines,
}

/// Lines beyond which a block that is no paragraph is data.
const DATA: usize = 200;
/// The shortest width that prose is broken at, and the longest.
const WIDTHS: std::ops::RangeInclusive<usize> = 45..=132;
/// Widths at which most text is verse, and some is prose.
const NARROW: std::ops::RangeInclusive<usize> = 30..=48;

/// Tells the shape of a block in a text that is broken at `width`.
pub fn of(block: &Block<'_>, width: Option<usize>) -> Shape {
    let lines = &block.lines;
    let [first, rest @ ..] = lines.as_slice() else {
        return Shape::Break;
    };
    if rest.is_empty() && is_break(first) {
        return Shape::Break;
    }
    if rest.len() == 1 && is_underlined(lines) {
        return Shape::Heading { lines: 1 };
    }
    if is_chapter(first)
        && lines.len() <= 2
        && rest
            .iter()
            .all(|line| chars(line) < 60 && !line.ends_with(['.', '#']))
    {
        return Shape::Heading { lines: lines.len() };
    }
    if lines.iter().all(|line| line.trim_start().starts_with('>')) {
        return Shape::Quote;
    }
    if is_list(block) {
        return Shape::Items;
    }
    if is_figure(block) {
        return Shape::Figure;
    }
    let wrapped = is_wrapped(lines, width);
    if !wrapped && lines.len() > DATA {
        return Shape::Figure;
    }
    // A single line far in is centred, or the short beginning of a paragraph.
    let margin = block.indent();
    if margin >= 2 && !rest.is_empty() && lines.iter().all(|line| indent(line) == margin) {
        return Shape::Quote;
    }
    if wrapped {
        Shape::Wrapped
    } else {
        Shape::Lines
    }
}

/// Whether a block goes on with the figure before it: it is one, or a single row of a table.
pub fn continues_figure(block: &Block<'_>, width: Option<usize>) -> bool {
    match block.lines.as_slice() {
        [row] => row.trim_start().contains("   ") && !is_break(row),
        _ => of(block, width) == Shape::Figure,
    }
}

/// The width that the paragraphs of a text are broken at; none when they are not.
pub fn wrap_width(blocks: &[Block<'_>]) -> Option<usize> {
    let mut widths: Vec<usize> = blocks
        .iter()
        .filter(|block| block.lines.len() > 1)
        .flat_map(|block| block.lines.iter().take(block.lines.len() - 1))
        .filter(|line| indent(line) == 0)
        .map(|line| chars(line))
        .filter(|width| *width >= 40)
        .collect();
    // Not the longest: a line or two may stand out.
    let at = widths.len() * 9 / 10;
    let width = (at < widths.len()).then(|| *widths.select_nth_unstable(at).1);
    width
        .filter(|width| WIDTHS.contains(width))
        .or_else(|| blocks.iter().filter_map(narrow).max())
}

/// The width of a paragraph that is broken as short as verse is, if it is prose beyond doubt: its
/// lines are full, and most of them end and begin in the middle of a sentence.
fn narrow(block: &Block<'_>) -> Option<usize> {
    let lines = &block.lines;
    let width = lines.iter().map(|line| chars(line)).max()?;
    let joints = lines.len().saturating_sub(1);
    if joints < 3 || !NARROW.contains(&width) || lines.iter().any(|line| indent(line) > 0) {
        return None;
    }
    let runs_on = |line: &str, next: &str| {
        line.ends_with(char::is_alphanumeric) && next.starts_with(char::is_lowercase)
    };
    let running = lines
        .windows(2)
        .filter(|pair| matches!(pair, [line, next] if runs_on(line, next)))
        .count();
    (running * 10 >= joints * 6 && are_full(lines, Some(width), 8)).then_some(width)
}

/// Whether the lines are one paragraph broken at a width: most of them could not have taken the
/// next line's first word.
///
/// A longer paragraph may have a width of its own, if it keeps to it.
pub fn is_wrapped(lines: &[&str], width: Option<usize>) -> bool {
    let own = lines
        .iter()
        .map(|line| chars(line))
        .max()
        .filter(|own| WIDTHS.contains(own));
    are_full(lines, width, 7) || (lines.len() > 3 && are_full(lines, own, 9))
}

/// Whether so many tenths of the lines could not have taken the next line's first word.
fn are_full(lines: &[&str], width: Option<usize>, tenths: usize) -> bool {
    let joints = lines.len().saturating_sub(1);
    let Some(width) = width.filter(|_| joints > 0) else {
        return joints == 0;
    };
    if joints >= 3 && lines.iter().all(|line| starts_upper(line)) {
        return false;
    }
    let (mut counted, mut full) = (0, 0);
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        // Before an indented line a paragraph ends, wherever it ends.
        if indent(next) > indent(line) {
            continue;
        }
        let tight = next.trim_start().starts_with(is_ideographic);
        let word = next.split_whitespace().next().map_or(0, chars);
        let taken = chars(line) + if tight { 1 } else { 1 + word };
        counted += 1;
        full += usize::from(taken + 2 > width && chars(line) <= 2 * width);
    }
    counted > 0 && full * 10 >= counted * tenths
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Whether a verse would begin so.
fn starts_upper(line: &str) -> bool {
    line.chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(char::is_uppercase)
}

/// Characters of scripts that are written without spaces and may break anywhere.
pub fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

/// The share of letters in what is not space.
pub fn letters(line: &str) -> f64 {
    let (mut letters, mut all) = (0_u32, 0_u32);
    for c in line.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        letters += u32::from(c.is_alphabetic());
    }
    f64::from(letters) / f64::from(all.max(1))
}

fn is_break(line: &str) -> bool {
    let signs = line.chars().filter(|c| !c.is_whitespace());
    signs.clone().count() >= 3
        && signs
            .clone()
            .all(|c| matches!(c, '*' | '-' | '_' | '=' | '~' | '#' | '—'))
}

/// Whether `line` underlines `heading`.
pub fn is_underline(line: &str, heading: &str) -> bool {
    let line = line.trim();
    let Some(sign) = line
        .chars()
        .next()
        .filter(|c| matches!(c, '=' | '-' | '~' | '*' | '_'))
    else {
        return false;
    };
    let (under, over) = (chars(line), chars(heading.trim()));
    line.chars().all(|c| c == sign) && under >= 3 && under.abs_diff(over) <= 4 + over / 4
}

/// Whether lines begin with a heading and its underline.
fn is_underlined(lines: &[&str]) -> bool {
    match lines {
        [heading, line, ..] => {
            chars(heading) < 80
                && letters(heading) > 0.5
                && !heading.ends_with('#')
                && is_underline(line, heading)
        }
        _ => false,
    }
}

/// Whether a line says that a part of a book begins: "CHAPTER IV. The Pool", "Teil 2", "Prologue".
fn is_chapter(line: &str) -> bool {
    const PARTS: [&str; 18] = [
        "chapter",
        "part",
        "book",
        "act",
        "scene",
        "section",
        "canto",
        "letter",
        "kapitel",
        "teil",
        "buch",
        "akt",
        "chapitre",
        "partie",
        "livre",
        "acte",
        "capítulo",
        "capitolo",
    ];
    const ALONE: [&str; 10] = [
        "prologue",
        "epilogue",
        "preface",
        "foreword",
        "introduction",
        "afterword",
        "prolog",
        "epilog",
        "vorwort",
        "conclusion",
    ];
    if chars(line) > 70 || line.ends_with([',', ';', '#']) {
        return false;
    }
    let mut words = line.split_whitespace();
    let bare = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let first = words.next().map(bare).unwrap_or_default();
    let second = words.next().unwrap_or_default();
    if second.is_empty() {
        return ALONE.contains(&first.as_str()) && starts_upper(line);
    }
    let number = second.trim_end_matches(['.', ':', ',', '—', '-']);
    let counted = number.starts_with(|c: char| c.is_ascii_digit())
        || (!number.is_empty() && number.bytes().all(|b| b"IVXLC".contains(&b)))
        || [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "first",
            "second",
            "third",
            "the first",
            "eins",
            "zwei",
        ]
        .contains(&number.to_lowercase().as_str());
    // "Part of it" and "Act 2 was dull." are sentences.
    PARTS.contains(&first.as_str())
        && counted
        && starts_upper(line)
        && (!line.ends_with('.')
            || chars(line) <= 16
            || !line.contains(". ")
            || line.to_uppercase() == line)
}

/// The marker of a list item and its text.
pub fn item(line: &str) -> Option<(&str, &str)> {
    let end = line.find(' ')?;
    let (marker, rest) = (line.get(..end)?, line.get(end..)?.trim_start());
    let digits = marker.strip_suffix(['.', ')']);
    let good = matches!(marker, "-" | "*" | "+" | "•" | "◦" | "▪" | "‣")
        || digits
            .is_some_and(|d| (1..=3).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
    (good && !rest.is_empty()).then_some((marker, rest))
}

/// Whether a line begins with a sign that makes it an item of a list.
pub fn has_bullet(line: &str) -> bool {
    item(line.trim_start()).is_some()
}

/// Whether a block is a list that Markdown would show the same: one kind of sign, numbers in their
/// order, and further lines of an item indented.
fn is_list(block: &Block<'_>) -> bool {
    let margin = block.indent();
    let mut before: Option<&str> = None;
    let mut count = 0;
    for line in &block.lines {
        let found = item(line.trim_start()).filter(|_| indent(line) == margin);
        match (found, before) {
            (None, Some(_)) if indent(line) > margin => continue,
            (None, _) => return false,
            (Some((marker, _)), Some(before)) if !follows(before, marker) => return false,
            (Some((marker, _)), _) => before = Some(marker),
        }
        count += 1;
    }
    count > 1 || before.is_some_and(|marker| marker.parse::<char>().is_ok())
}

fn follows(before: &str, marker: &str) -> bool {
    let number = |m: &str| m.trim_end_matches(['.', ')']).parse::<u32>().ok();
    match (number(before), number(marker)) {
        (Some(before_number), Some(number)) => {
            number == before_number + 1 && before.ends_with('.') == marker.ends_with('.')
        }
        (None, None) => before == marker,
        _ => false,
    }
}

/// Whether every space counts: columns, frames, few letters; or code set off by indentation.
fn is_figure(block: &Block<'_>) -> bool {
    let lines = &block.lines;
    let share = lines.iter().map(|line| letters(line)).sum::<f64>() / lines.len().max(1) as f64;
    // Further in than code ever is, a line is centred.
    if (4..16).contains(&block.indent()) && share < 0.85 {
        return true;
    }
    if lines.len() < 2 {
        return false;
    }
    let most = |n: usize| n >= 2 && 2 * n >= lines.len();
    let columns = lines
        .iter()
        .filter(|line| line.trim_start().contains("   "))
        .count();
    let framed = lines
        .iter()
        .filter(|line| line.matches('|').count() >= 2 || line.contains(is_frame))
        .count();
    most(columns) || most(framed) || share < if lines.len() < 4 { 0.6 } else { 0.7 }
}

fn is_frame(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{259F}' | '\u{2800}'..='\u{28FF}')
}

/// Parts what is not parted by blank lines: headings with an underline, and paragraphs that only
/// their indented first lines tell.
pub fn split<'a>(blocks: Vec<Block<'a>>, width: Option<usize>) -> Vec<Block<'a>> {
    let heading = |lines: &[&str], n: usize| lines.get(n..).is_some_and(is_underlined);
    let start = |lines: &[&str], n: usize| lines.get(n).is_some_and(|line| indent(line) > 0);
    // "are met:" and below it "1. …".
    let list = |lines: &[&str], n: usize| match lines.get(n - 1..=n) {
        Some([before, line]) => before.ends_with(':') && has_bullet(line),
        _ => false,
    };
    let mut pieces = Vec::with_capacity(blocks.len());
    for block in blocks {
        for block in block
            .cut(|lines, n| heading(lines, n) || list(lines, n) || (n > 1 && heading(lines, n - 2)))
        {
            if is_paragraphs(&block.lines) && is_wrapped(&block.lines, width) && !is_list(&block) {
                pieces.extend(block.cut(start));
            } else {
                pieces.push(block);
            }
        }
    }
    pieces
}

/// Whether some lines are indented as the first ones of paragraphs are: few of them, not by much.
fn is_paragraphs(lines: &[&str]) -> bool {
    let starts = lines
        .iter()
        .filter(|line| (2..=8).contains(&indent(line)))
        .count();
    let plain = lines.iter().filter(|line| indent(line) == 0).count();
    starts > 0 && starts + plain == lines.len() && starts * 5 <= lines.len() * 2
}
