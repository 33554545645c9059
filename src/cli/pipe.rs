//! What comes through standard input and named pipes: it can be read once only.

use std::{
    io::{self, IsTerminal, Read},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, bail};

use crate::library::MAX_BYTES;

/// What comes through standard input, which somebody asked for.
///
/// # Errors
/// If it is the terminal, cannot be read, or nothing comes.
pub(super) fn standard_input() -> anyhow::Result<Arc<[u8]>> {
    let input = io::stdin();
    if input.is_terminal() {
        bail!("standard input is the terminal; pipe something into recto, or name a file");
    }
    let bytes = all_of(input.lock()).context("standard input could not be read")?;
    if bytes.is_empty() {
        bail!("{NOTHING_CAME}");
    }
    Ok(bytes)
}

/// What comes through standard input though nobody asked for it; none where nothing does.
///
/// # Errors
/// If a pipe leads there and nothing comes through it though somebody sits there `watching`:
/// something was to be read.
pub(super) fn unasked(watching: bool) -> anyhow::Result<Option<Arc<[u8]>>> {
    let input = io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    // That it cannot be read is no error: it was not asked for.
    let bytes = all_of(input.lock()).ok().filter(|bytes| !bytes.is_empty());
    if bytes.is_none() && watching && is_pipe(Path::new("/dev/stdin")) {
        bail!("{NOTHING_CAME}");
    }
    Ok(bytes)
}

/// What is said where nothing came through standard input.
const NOTHING_CAME: &str =
    "standard input is empty; whatever should have written to it wrote nothing";

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|it| it.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

fn all_of(input: impl Read) -> io::Result<Arc<[u8]>> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// What comes out of a pipe that was named, as shells do for `<(command)`. It can be read once only,
/// so it is read at once.
pub(super) fn piped(path: &Path) -> anyhow::Result<Option<Arc<[u8]>>> {
    if !is_pipe(path) {
        return Ok(None);
    }
    let shown = crate::story::clean::line(&path.to_string_lossy());
    let bytes = std::fs::File::open(path)
        .and_then(all_of)
        .with_context(|| format!("{shown} could not be read"))?;
    if bytes.is_empty() {
        bail!("{shown} is empty; whatever should have written to it wrote nothing");
    }
    Ok(Some(bytes))
}
