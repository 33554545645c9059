//! Links that the terminal itself can follow: OSC 8, as terminals agreed on it
//! (<https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>). One that does not know it
//! passes over it.

use std::{
    env,
    io::{self, Write},
};

use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};
use url::Url;

use crate::view::Hyperlink;

/// Longer addresses are left alone, in bytes: some terminals go no further.
const LONGEST: usize = 2083;

/// A backend that says of cells where they lead.
#[derive(Debug)]
pub(super) struct Linked<B> {
    inner: B,
    /// What leads anywhere in the frame to be drawn, by rows and columns.
    links: Vec<Hyperlink>,
    /// Whether the terminal may be told.
    told: bool,
}

/// Whether the terminal may be told of links: the console of Linux writes what it does not know.
fn are_known() -> bool {
    env::var("TERM").is_ok_and(|term| term != "linux")
}

impl<B: Backend<Error = io::Error> + Write> Linked<B> {
    pub(super) fn new(inner: B) -> Self {
        Linked {
            inner,
            links: Vec::new(),
            told: are_known(),
        }
    }

    /// Takes what leads anywhere in the next frame. Only addresses that are safe to open are told, as
    /// printable ASCII.
    pub(super) fn lead(&mut self, links: Vec<Hyperlink>) {
        let links = links.into_iter().filter(|_| self.told);
        self.links = links.filter_map(safe).collect();
        self.links.sort_unstable_by_key(|link| (link.y, link.x));
    }

    /// The address that the cell at `x`, `y` leads to.
    fn at(&self, x: u16, y: u16) -> Option<&str> {
        let after = self.links.partition_point(|it| (it.y, it.x) <= (y, x));
        let link = self.links.get(after.checked_sub(1)?)?;
        (link.y == y && x < link.x + link.cells).then_some(&*link.address)
    }
}

/// A link with its address as it may be told; none if it may not.
fn safe(link: Hyperlink) -> Option<Hyperlink> {
    let url = Url::parse(&link.address).ok()?;
    let is_safe = matches!(url.scheme(), "http" | "https" | "mailto");
    let address = String::from(url);
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    (is_safe && plain && address.len() <= LONGEST).then_some(Hyperlink { address, ..link })
}

impl<B: Backend<Error = io::Error> + Write> Backend for Linked<B> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        if self.links.is_empty() {
            return self.inner.draw(content);
        }
        let mut cells = content.peekable();
        while let Some((x, y, _)) = cells.peek() {
            let address = self.at(*x, *y).map(str::to_owned);
            let here = |cell: &(u16, u16, &Cell)| self.at(cell.0, cell.1) == address.as_deref();
            let run: Vec<_> = std::iter::from_fn(|| cells.next_if(here)).collect();
            if let Some(address) = &address {
                write!(self.inner, "\u{1b}]8;;{address}\u{1b}\\")?;
            }
            self.inner.draw(run.into_iter())?;
            if address.is_some() {
                write!(self.inner, "\u{1b}]8;;\u{1b}\\")?;
            }
        }
        Ok(())
    }

    fn append_lines(&mut self, n: u16) -> io::Result<()> {
        self.inner.append_lines(n)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        // A terminal that is gone is noticed by everything else that is written. Of this the library
        // tells on standard error when it is dropped, and panics where that is gone, too.
        let _ = self.inner.show_cursor();
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

impl<B: Write> Write for Linked<B> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::backend::CrosstermBackend;

    use super::*;

    /// A terminal that is gone.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::Error::other("gone"))
        }
    }

    #[test]
    fn a_terminal_that_is_gone_is_no_trouble_when_the_cursor_is_to_show_again() {
        let mut backend = Linked::new(CrosstermBackend::new(Gone));
        assert!(backend.hide_cursor().is_err());
        assert!(backend.show_cursor().is_ok());
    }

    fn link(x: u16, y: u16, cells: u16, address: &str) -> Hyperlink {
        Hyperlink {
            x,
            y,
            cells,
            address: address.to_owned(),
        }
    }

    #[test]
    fn cells_of_a_link_are_told_with_its_address_and_no_others() {
        let mut written = Vec::new();
        let mut backend = Linked::new(CrosstermBackend::new(&mut written));
        backend.told = true;
        backend.lead(vec![
            link(3, 0, 2, "https://example.org/ä b"),
            link(2, 0, 1, "javascript:alert(1)"),
            link(0, 1, 9, "https://e.org/\u{1b}]0;x\u{7}"),
        ]);
        let cells: Vec<Cell> = "abcdefg".chars().map(Cell::from).collect();
        let row = cells
            .iter()
            .enumerate()
            .map(|(x, cell)| (x as u16, 0, cell));
        backend.draw(row).unwrap();
        drop(backend);
        let written = String::from_utf8(written).unwrap();
        let open = "\u{1b}]8;;https://example.org/%C3%A4%20b\u{1b}\\";
        let (before, after) = written.split_once(open).unwrap();
        assert!(
            before.contains("abc") && !before.contains("]8;"),
            "{before:?}"
        );
        let (inside, after) = after.split_once("\u{1b}]8;;\u{1b}\\").unwrap();
        assert!(inside.contains("de") && !inside.contains('f'), "{inside:?}");
        assert!(after.contains("fg") && !after.contains("]8;"), "{after:?}");
        let told = safe(link(0, 0, 1, "https://e.org/\u{1b}]0;x\u{7}")).unwrap();
        assert!(told.address.bytes().all(|it| it.is_ascii_graphic()));
    }
}
