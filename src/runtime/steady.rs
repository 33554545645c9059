//! Rows that stay right where terminals disagree about widths.
//!
//! A terminal may give a cluster more or fewer cells than recto does: vowel signs of Devanagari,
//! joined emoji, flags. All that follows in the row is then off by some cells, and what is drawn
//! over it later leaves remains. So the cursor is placed anew after each such cluster, and a row
//! with one in it, or with one before, is wiped and drawn whole whenever anything in it changes.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    iter,
};

use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
    style::Modifier,
};

use crate::document::width::width;

/// A backend that keeps rows right on another one.
#[derive(Debug)]
pub(super) struct Steady<B> {
    inner: B,
    /// What was drawn, row by row.
    rows: Vec<Row>,
    /// Rows that were drawn whole since they were last asked for.
    wiped: Vec<u16>,
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<Cell>,
    /// Whether a cluster shows whose width is in doubt.
    doubtful: bool,
}

impl Row {
    fn set(&mut self, x: u16, cell: &Cell) {
        let from = usize::from(x);
        // A wide cluster covers the cells after its own.
        let end = from + width(cell.symbol()).max(1);
        if self.cells.len() < end {
            self.cells.resize(end, Cell::EMPTY);
        }
        self.cells[from..end].fill(Cell::EMPTY);
        self.cells[from] = cell.clone();
    }

    /// The cells that are not covered by another, with their columns.
    fn showing(&self) -> impl Iterator<Item = (u16, &Cell)> {
        let mut covered = 0;
        (0_u16..).zip(&self.cells).filter(move |(x, cell)| {
            let shows = *x >= covered;
            if shows {
                covered = x.saturating_add(width(cell.symbol()).max(1) as u16);
            }
            shows
        })
    }
}

/// Whether terminals count the cells of a cluster differently: where marks or joiners take part,
/// and in scripts that are made of them.
fn is_doubtful(symbol: &str) -> bool {
    let mut letters = symbol.chars();
    match (letters.next(), letters.next()) {
        // A cell of a picture, with its row and column as marks: not text at all.
        (Some('\u{10EEEE}'), _) => false,
        (_, Some(_)) => true,
        (Some(c), None) => matches!(
            u32::from(c),
            // Hebrew, Arabic, Syriac, Thaana, N'Ko, Mandaic
            0x0590..=0x08FF
            // The scripts of India, Thai, Lao, Tibetan, Burmese; conjoining jamo
            | 0x0900..=0x11FF
            // Philippine scripts, Khmer, Mongolian; Limbu to the Vedic extensions
            | 0x1700..=0x18AF | 0x1900..=0x1CFF
            | 0xA800..=0xA9FF | 0xAA00..=0xAAFF | 0xABC0..=0xABFF | 0xD7B0..=0xD7FF
            // Scripts beyond the first plane, and emoji
            | 0x1_0A00..=0x1_1FFF | 0x1_F000..=0x1_FAFF
        ),
        (None, None) => false,
    }
}

impl<B: Backend> Steady<B> {
    pub(super) fn new(inner: B) -> Self {
        Steady {
            inner,
            rows: Vec::new(),
            wiped: Vec::new(),
        }
    }

    /// The backend that it is on.
    pub(super) fn inner_mut(&mut self) -> &mut B {
        &mut self.inner
    }

    /// The rows that were drawn whole since this was last asked.
    pub(super) fn take_wiped(&mut self) -> Vec<u16> {
        std::mem::take(&mut self.wiped)
    }

    /// Wipes a row and draws all of it.
    fn draw_row(&mut self, y: u16, columns: u16) -> Result<(), B::Error> {
        let Some(row) = self.rows.get_mut(usize::from(y)) else {
            return Ok(());
        };
        self.wiped.push(y);
        // A cluster that the terminal gives fewer cells leaves holes, which have its background.
        let mut blanks = vec![Cell::EMPTY; columns.into()];
        for (x, cell) in row.showing() {
            let from = usize::from(x);
            let covered = blanks.iter_mut().skip(from);
            for blank in covered.take(width(cell.symbol()).max(1)) {
                (blank.fg, blank.bg) = (cell.fg, cell.bg);
                blank.modifier = cell.modifier & Modifier::REVERSED;
            }
        }
        let blanks = (0..).zip(&blanks).map(|(x, blank)| (x, y, blank));
        self.inner.draw(blanks)?;
        row.doubtful = false;
        let mut cells = row
            .showing()
            .filter(|(_, cell)| **cell != Cell::EMPTY)
            .peekable();
        let mut doubtful = false;
        // Each call begins by placing the cursor.
        while cells.peek().is_some() {
            let mut ended = false;
            let part = iter::from_fn(|| {
                let (x, cell) = cells.next_if(|_| !ended)?;
                ended = is_doubtful(cell.symbol());
                doubtful |= ended;
                Some((x, y, cell))
            });
            self.inner.draw(part)?;
        }
        drop(cells);
        row.doubtful = doubtful;
        Ok(())
    }
}

impl<B: Backend> Backend for Steady<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let updates: Vec<_> = content.collect();
        let mut anew = BTreeSet::new();
        for (x, y, cell) in &updates {
            let row = usize::from(*y);
            if self.rows.len() <= row {
                self.rows.resize_with(row + 1, Row::default);
            }
            if self.rows[row].doubtful || is_doubtful(cell.symbol()) {
                anew.insert(*y);
            }
            self.rows[row].set(*x, cell);
        }
        if anew.is_empty() {
            return self.inner.draw(updates.into_iter());
        }
        let others = updates.iter().filter(|(_, y, _)| !anew.contains(y));
        self.inner.draw(others.copied())?;
        let columns = self.inner.size()?.width;
        anew.iter().try_for_each(|y| self.draw_row(*y, columns))
    }

    fn append_lines(&mut self, n: u16) -> Result<(), B::Error> {
        self.rows.clear();
        self.inner.append_lines(n)
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.rows.clear();
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), B::Error> {
        // The screen is only ever cleared as a whole.
        self.rows.clear();
        self.inner.clear_region(region)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        Backend::flush(&mut self.inner)
    }
}

impl<B: Write> Write for Steady<B> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use ratatui::{
        Terminal,
        layout::Rect,
        style::{Color, Style},
    };

    use super::*;

    const SIZE: Size = Size {
        width: 16,
        height: 3,
    };

    /// A terminal that gives every code point of Devanagari a cell of its own, and joined emoji
    /// too few; like others it moves its cursor only where it is told to.
    struct Odd {
        cells: Vec<Vec<String>>,
        /// What lies under them.
        grounds: Vec<Vec<Color>>,
        /// Cells that were written since they were last counted.
        written: usize,
    }

    impl Odd {
        fn new() -> Self {
            let row = vec![" ".to_owned(); usize::from(SIZE.width)];
            let ground = vec![Color::Reset; usize::from(SIZE.width)];
            Odd {
                cells: vec![row; usize::from(SIZE.height)],
                grounds: vec![ground; usize::from(SIZE.height)],
                written: 0,
            }
        }

        fn cells_of(symbol: &str) -> usize {
            if symbol.chars().any(|c| ('\u{900}'..='\u{97F}').contains(&c)) {
                symbol.chars().count()
            } else if symbol.contains('\u{200D}') {
                1
            } else {
                width(symbol)
            }
        }
    }

    impl Backend for Odd {
        type Error = Infallible;

        fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
        where
            I: Iterator<Item = (u16, u16, &'a Cell)>,
        {
            let mut last = None;
            let mut at = 0;
            for (x, y, cell) in content {
                if last != Some((x, y)) {
                    at = usize::from(x);
                }
                last = Some((x + 1, y));
                let end = at + Self::cells_of(cell.symbol());
                for (number, place) in (at..end).enumerate() {
                    let shown = if number == 0 { cell.symbol() } else { "" };
                    if let Some(old) = self.cells[usize::from(y)].get_mut(place) {
                        shown.clone_into(old);
                        self.grounds[usize::from(y)][place] = cell.bg;
                    }
                }
                at = end;
                self.written += 1;
            }
            Ok(())
        }

        fn hide_cursor(&mut self) -> Result<(), Infallible> {
            Ok(())
        }

        fn show_cursor(&mut self) -> Result<(), Infallible> {
            Ok(())
        }

        fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
            Ok(Position::ORIGIN)
        }

        fn set_cursor_position<P: Into<Position>>(&mut self, _: P) -> Result<(), Infallible> {
            Ok(())
        }

        fn clear(&mut self) -> Result<(), Infallible> {
            *self = Odd::new();
            Ok(())
        }

        fn clear_region(&mut self, _: ClearType) -> Result<(), Infallible> {
            self.clear()
        }

        fn size(&self) -> Result<Size, Infallible> {
            Ok(SIZE)
        }

        fn window_size(&mut self) -> Result<WindowSize, Infallible> {
            Ok(WindowSize {
                columns_rows: SIZE,
                pixels: SIZE,
            })
        }

        fn flush(&mut self) -> Result<(), Infallible> {
            Ok(())
        }
    }

    fn draw<B: Backend>(terminal: &mut Terminal<B>, rows: [&str; 3]) {
        let drawn = terminal.draw(|frame| {
            for (row, y) in rows.iter().zip(0..) {
                frame.buffer_mut().set_string(0, y, row, Style::new());
            }
            assert_eq!(frame.area(), Rect::from((Position::ORIGIN, SIZE)));
        });
        assert!(drawn.is_ok());
    }

    /// What shows after these frames.
    fn shown<B: Backend>(backend: B, frames: &[[&str; 3]]) -> Terminal<B> {
        let mut terminal = Terminal::new(backend).unwrap_or_else(|_| unreachable!());
        for frame in frames {
            draw(&mut terminal, *frame);
        }
        terminal
    }

    const FRAMES: [[&str; 3]; 5] = [
        ["plain words", "यह हिन्दी है।", "the last row"],
        ["plain words", "half a row", "the last row"],
        [
            "👨\u{200d}👩\u{200d}👧 family of three",
            "other",
            "देवनागरी लिपि",
        ],
        ["यह हिन्दी है।", "a", "👨\u{200d}👩\u{200d}👧 of 3"],
        ["", "b c", "the end"],
    ];

    #[test]
    fn nothing_is_left_behind_by_what_was_drawn_before() {
        for last in 1..FRAMES.len() {
            let frames = &FRAMES[..=last];
            let walked = shown(Steady::new(Odd::new()), frames);
            let fresh = shown(Steady::new(Odd::new()), &frames[last..]);
            assert_eq!(
                walked.backend().inner.cells,
                fresh.backend().inner.cells,
                "frame {last}"
            );
        }
        // The terminal is odd enough: without help it keeps remains.
        let bare = shown(Odd::new(), &FRAMES);
        let fresh = shown(Odd::new(), &FRAMES[4..]);
        assert_ne!(bare.backend().cells, fresh.backend().cells);
    }

    #[test]
    fn what_follows_a_doubtful_cluster_stands_in_its_column() {
        let terminal = shown(
            Steady::new(Odd::new()),
            &[["हि| बीच", "", "👨\u{200d}👩|x"]],
        );
        let cells = &terminal.backend().inner.cells;
        assert_eq!(cells[0][width("हि")], "|");
        assert_eq!(cells[2][2..4], ["|", "x"]);
    }

    #[test]
    fn a_cluster_that_gets_too_few_cells_leaves_no_hole_in_a_painted_page() {
        let mut terminal =
            Terminal::new(Steady::new(Odd::new())).unwrap_or_else(|_| unreachable!());
        let drawn = terminal.draw(|frame| {
            let page = Style::new().bg(Color::Blue);
            let screen = frame.buffer_mut();
            screen.set_style(screen.area, page);
            screen.set_string(0, 0, "a👨\u{200d}👩|x", page);
        });
        assert!(drawn.is_ok());
        let odd = &terminal.backend().inner;
        assert_eq!(odd.cells[0][1..4], ["👨\u{200d}👩", " ", "|"]);
        assert!(odd.grounds.concat().iter().all(|it| *it == Color::Blue));
    }

    #[test]
    fn rows_of_plain_letters_are_not_drawn_whole() {
        let mut terminal = shown(
            Steady::new(Odd::new()),
            &[["naïve – “words”", "日本語", "यह है।"]],
        );
        terminal.backend_mut().inner.written = 0;
        draw(&mut terminal, ["naïve – “wordy”", "日本語", "यह है।"]);
        assert_eq!(terminal.backend().inner.written, 1);
    }

    #[test]
    fn widths_in_doubt() {
        for symbol in ["e\u{301}", "हि", "ก", "🇩🇪", "❤\u{fe0f}", "🫨", "ا"] {
            assert!(is_doubtful(symbol), "{symbol}");
        }
        for symbol in ["a", "é", "日", "“", "─", "●", " ", ""] {
            assert!(!is_doubtful(symbol), "{symbol}");
        }
    }
}
