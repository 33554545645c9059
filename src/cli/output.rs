//! Writing to standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use crate::story::clean;

/// Standard output, written in large pieces.
pub(super) struct Out {
    out: BufWriter<Stdout>,
    terminal: bool,
    /// Whether anything was written.
    lines: bool,
}

impl Out {
    pub(super) fn new() -> Self {
        Out {
            terminal: io::stdout().is_terminal(),
            out: BufWriter::new(io::stdout()),
            lines: false,
        }
    }

    /// Whether a person looks at it, not a program.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether any line was written.
    pub(super) fn has_lines(&self) -> bool {
        self.lines
    }

    /// Writes a line.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        self.lines = true;
        writeln!(self.out, "{text}")
    }

    /// Writes bytes as they are.
    pub(super) fn raw(&mut self) -> &mut impl Write {
        self.lines = true;
        &mut self.out
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a line to standard error. It may hold names from outside, so it is cleaned; if it cannot
/// be written, there is nobody to tell.
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{}", clean::text(text));
}

/// Whether the reader of our output closed it.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
