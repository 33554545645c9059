//! `recto [PATH…|-]`: reading on the screen; plain text where there is none.

use std::path::PathBuf;

use anyhow::bail;
use clap::ValueEnum;

use super::{
    Exit, Home, Out, default_inputs, inputs, list, listed, load, nothing_in, show, unasked,
};
use crate::{
    library::{Input, Place},
    runtime::{self, Ending, Paper},
};

/// The colours that a reader may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Theme {
    /// The terminal's own colours, with accents that suit them
    #[value(alias = "terminal")]
    Auto,
    /// Dark text on white
    Light,
    /// Light text on dark
    Dark,
    /// Brown text on the paper of old books
    Sepia,
    /// White on black, with the most contrast
    Contrast,
}

impl From<Theme> for Paper {
    fn from(theme: Theme) -> Paper {
        match theme {
            Theme::Auto => Paper::Terminal,
            Theme::Light => Paper::Light,
            Theme::Dark => Paper::Dark,
            Theme::Sepia => Paper::Sepia,
            Theme::Contrast => Paper::Contrast,
        }
    }
}

pub(super) fn run(
    paths: Vec<PathBuf>,
    home: &Home,
    theme: Theme,
    out: &mut Out,
) -> anyhow::Result<Exit> {
    // Whoever pipes something into recto wants to read that.
    let piped = match paths.is_empty() {
        true => unasked(out.is_terminal())?,
        false => None,
    };
    let inputs = match piped {
        Some(bytes) => vec![Input::Stdin(bytes)],
        None if paths.is_empty() => default_inputs(home)?,
        None => inputs(paths)?,
    };
    let alone = match &inputs[..] {
        [Input::Stdin(bytes)] => Some(Place::Stdin(bytes.clone())),
        // A library that is not there has stories all the same.
        [Input::Path(path)] if path.exists() && !path.is_dir() => Some(Place::file(path.as_path())),
        _ => None,
    };
    if !out.is_terminal() {
        return match alone {
            Some(place) => show::print_text(place.read()?, out),
            None => list_or_complain(home, inputs, out),
        };
    }
    // A single file that cannot be read is said at the prompt: there would be nothing else to see.
    if let Some(place @ Place::File(_)) = &alone {
        place.check()?;
    }
    let config = (home.config.as_deref(), home.config_named);
    match runtime::run(home.data.as_deref(), inputs, theme.into(), config)? {
        Ending::Quit => Ok(Exit::Done),
        Ending::Signal(_) => Ok(Exit::Failed),
        Ending::TerminalLost => bail!("the terminal is gone"),
    }
}

fn list_or_complain(home: &Home, inputs: Vec<Input>, out: &mut Out) -> anyhow::Result<Exit> {
    let library = load(home.data.as_deref(), inputs.clone())?;
    if library.is_empty()? {
        return Ok(nothing_in(&inputs));
    }
    list::print(&listed(&library, "", usize::MAX)?, false, out)
}
