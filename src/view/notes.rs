//! Highlights and notes on the page, and the selection: marks in the text, signs in its left margin,
//! and what was written in the right one, where there is room.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Theme, put};
use crate::{
    app::{Open, Placed},
    document::{self, Line, Role, Segment, Span, Spot, width},
};

/// Cells between the text and what is written beside it.
const GAP: u16 = 3;

/// Cells of the margin that a note takes, at least and at most.
const CELLS: std::ops::RangeInclusive<u16> = 17..=36;

/// Lines of a note that show in the margin.
const LINES: usize = 6;

/// A highlight's sign, and a note's.
const SIGNS: [&str; 2] = ["▎", SIGN];

/// The sign of a note, also in lists.
pub(super) const SIGN: &str = "✎";

/// A stretch of a set line, which can be marked.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    /// In the order in which it is read.
    pub text: &'a str,
    pub rtl: bool,
    block: usize,
    /// The bytes of the block's text that it stands for.
    from: usize,
    to: usize,
}

impl<'a> Stretch<'a> {
    /// What is left of a segment of this line behind so many bytes; none for what the layout added.
    pub(super) fn of(
        line: &Line,
        segment: &'a Segment,
        block: usize,
        skipped: usize,
    ) -> Option<Self> {
        let offset = segment.offset?;
        // In what goes from right to left the letters are counted as they are read.
        let text = match segment.rtl {
            true => &segment.text,
            false => segment.text.get(skipped..)?,
        };
        let from = offset + skipped;
        let (from, to) = match line.stands_for_block {
            true => (0, usize::MAX),
            false => (from, from + text.len()),
        };
        Some(Stretch {
            text,
            rtl: segment.rtl,
            block,
            from,
            to,
        })
    }

    /// Where it begins and ends in the document.
    pub(super) fn span(self) -> Span {
        Span {
            start: (self.block, self.from),
            end: (self.block, self.to),
        }
    }

    /// The part of its text that a span marks.
    pub(super) fn part(self, span: Span) -> Option<(usize, usize)> {
        let part = within(span, self.block, self.from, self.to - self.from)?;
        match self.to {
            usize::MAX => Some((0, self.text.len())),
            _ => Some(part),
        }
    }
}

/// Marks what is highlighted or selected in a stretch that stands at a place of the screen.
pub(super) fn mark(
    open: &Open,
    role: Role,
    stretch: Stretch<'_>,
    (x, y, room): (u16, u16, u16),
    theme: &Theme,
    screen: &mut Buffer,
) {
    let Stretch { text, rtl, .. } = stretch;
    // What recto says of a story is nothing to be quoted.
    if matches!(role, Role::Byline | Role::Warning) {
        return;
    }
    for (span, style) in marked(open, theme) {
        let Some((start, end)) = stretch.part(span) else {
            continue;
        };
        // A divided cluster is marked whole.
        let (start, end) = (
            text.floor_char_boundary(start),
            text.ceil_char_boundary(end),
        );
        let cells = |text: &str| u16::try_from(width::width(text)).unwrap_or(u16::MAX);
        let before = if rtl { &text[end..] } else { &text[..start] };
        let skipped = cells(before).min(room);
        let place = Rect {
            x: x + skipped,
            y,
            width: cells(&text[start..end]).min(room - skipped),
            height: 1,
        };
        screen.set_style(place.intersection(screen.area), style);
    }
}

/// The byte of its block that follows on what the layout put at `index` into a line, if it stands
/// behind text: wider spaces, or a hyphen.
pub(super) fn gap(line: &Line, index: usize) -> Option<usize> {
    let before = line.segments.get(index.checked_sub(1)?)?;
    let end = before.offset? + before.text.len();
    let next = line.segments.get(index + 1);
    next.map_or(Some(end), |next| next.offset)
}

/// Marks what the layout put between two stretches of one line, wider spaces or a hyphen, if what is
/// marked goes on after it, at byte `next` of the block.
pub(super) fn mark_gap(
    open: &Open,
    block: usize,
    next: usize,
    (x, y, cells): (u16, u16, u16),
    theme: &Theme,
    screen: &mut Buffer,
) {
    let Some(before) = next.checked_sub(1) else {
        return;
    };
    for (span, style) in marked(open, theme) {
        if within(span, block, before, 2) == Some((0, 2)) {
            let place = Rect::new(x, y, cells, 1);
            screen.set_style(place.intersection(screen.area), style);
        }
    }
}

/// All that is marked in the text, and how.
fn marked(open: &Open, theme: &Theme) -> impl Iterator<Item = (Span, Style)> {
    let highlight = theme.highlight;
    let stands = open.notes.iter().filter_map(|it| it.stand);
    let highlights = stands.map(move |stand| (stand.span, highlight));
    let selection = open.selection.map(|it| (it.span(), theme.selected));
    highlights.chain(selection)
}

/// The part of a span that lies in so many bytes of a block, counted from the first of them.
fn within(span: Span, block: usize, from: usize, len: usize) -> Option<(usize, usize)> {
    if block < span.start.0 || block > span.end.0 {
        return None;
    }
    let first = if block == span.start.0 {
        span.start.1
    } else {
        0
    };
    let last = if block == span.end.0 {
        span.end.1
    } else {
        usize::MAX
    };
    let (start, end) = (
        first.saturating_sub(from),
        last.saturating_sub(from).min(len),
    );
    (start < end).then_some((start, end))
}

/// Which of these lines a note begins on, or goes on from the page before.
fn line_of(open: &Open, lines: &[Spot], placed: &Placed) -> Option<u16> {
    let span = placed.stand?.span;
    let found = lines.iter().position(|spot| {
        let Some(line) = open.layout.line(*spot) else {
            return false;
        };
        line.segments.iter().any(|segment| {
            let stretch = Stretch::of(line, segment, spot.block, 0);
            stretch.is_some_and(|it| it.part(span).is_some())
        })
    });
    u16::try_from(found?).ok()
}

/// Signs and notes beside a page with these lines, which stands in `column`, alone or with one that
/// faces it.
pub(super) fn draw(
    open: &Open,
    lines: &[Spot],
    theme: &Theme,
    (column, page, alone): (Rect, Rect, bool),
    screen: &mut Buffer,
) {
    let left = [2, 1].into_iter().find(|by| page.x >= column.x + by);
    let x = page.right() + GAP;
    let cells = cells_beside(column, page, alone);
    let selected = open.selected_note().map(|it| &it.note.id);
    // In the order of the text: what stands lower begins below what stands higher.
    let mut free = page.y;
    for placed in &open.notes {
        let Some(y) = line_of(open, lines, placed).map(|line| page.y + line) else {
            continue;
        };
        let has_text = !placed.note.text.is_empty();
        if left == Some(1) && has_text && alone && page.right() < column.right() {
            // At the left it would touch the text.
            put(screen, page.right(), y, 1, SIGN, theme.marked);
        } else if let Some(by) = left {
            let sign = SIGNS[usize::from(has_text)];
            put(screen, page.x - by, y, 1, sign, theme.marked);
        }
        if !has_text || cells < *CELLS.start() {
            continue;
        }
        let style = match selected {
            Some(id) if *id == placed.note.id => theme.text,
            _ => theme.dim,
        };
        let text = placed.note.text.replace('\n', " ");
        for line in document::title(&text, usize::from(cells), LINES) {
            let y = y.max(free);
            if y >= page.bottom() {
                break;
            }
            put(screen, x, y, cells, &line.plain(), style);
            free = y + 1;
        }
        free += 1;
    }
}

/// The note that is selected, in full, over the end of the page that is farther from its words; nothing
/// where all of it stands in the margin.
pub(super) fn panel(
    open: &Open,
    theme: &Theme,
    (column, pages): (Rect, [Option<Rect>; 2]),
    screen: &mut Buffer,
) {
    let placed = open.selected_note();
    let placed = placed.filter(|it| !it.note.text.is_empty());
    let (Some(placed), Some(page)) = (placed, pages[0]) else {
        return;
    };
    let text = placed.note.text.replace('\n', " ");
    let beside = cells_beside(column, page, pages[1].is_none());
    if beside >= *CELLS.start()
        && document::title(&text, usize::from(beside), LINES + 1).len() <= LINES
    {
        return;
    }
    // Half of the page at most: its words are to be seen beside it.
    let most = usize::from(page.height / 2).saturating_sub(1).max(1);
    let text = format!("{SIGN} {text}");
    let lines = document::title(&text, usize::from(page.width), most);
    let height = (lines.len() as u16 + 1).min(column.height);
    let mut pages = open.pages().into_iter();
    let line = pages.find_map(|lines| line_of(open, lines, placed));
    let low = line.unwrap_or(0) >= page.height / 2;
    let (text_from, hairline) = match low {
        true => (column.y, column.y + height - 1),
        false => (column.bottom() - height + 1, column.bottom() - height),
    };
    let blank = " ".repeat(usize::from(column.width));
    let top = text_from.min(hairline);
    for y in top..(top + height).min(column.bottom()) {
        put(screen, column.x, y, column.width, &blank, theme.cleared());
    }
    let rule = "─".repeat(usize::from(page.width));
    put(screen, page.x, hairline, page.width, &rule, theme.hairline);
    for (line, y) in lines.iter().zip(text_from..) {
        put(screen, page.x, y, page.width, &line.plain(), theme.marked);
    }
}

/// Cells that a note may take at the right of a page, which is alone or faces another one.
fn cells_beside(column: Rect, page: Rect, alone: bool) -> u16 {
    if !alone {
        return 0;
    }
    let x = page.right() + GAP;
    column.right().saturating_sub(x + 1).min(*CELLS.end())
}
