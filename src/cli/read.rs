//! `recto [PATH…|-]`: reading on the screen; plain text where there is none.

use std::{path::PathBuf, sync::atomic::AtomicBool};

use anyhow::bail;
use clap::ValueEnum;
use url::Url;

use super::{
    Exit, Home, Out, default_inputs, fetch, inputs, list, listed, load, nothing_left, output, show,
    unasked,
};
use crate::{
    keep::{self, Asking, PageError},
    library::{Input, Place},
    runtime::{self, Ending, Paper, settings},
    story::clean,
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
    let page = match &paths[..] {
        [one] => fetch::address(one.as_os_str())?,
        _ => None,
    };
    let paths = if page.is_some() { Vec::new() } else { paths };
    if let Some(page) = page.as_ref().filter(|_| !out.is_terminal()) {
        return print_page(page, home, out);
    }
    // Whoever pipes something into recto wants to read that.
    let piped = match paths.is_empty() && page.is_none() {
        true => unasked(out.is_terminal())?,
        false => None,
    };
    let inputs = match piped {
        Some(bytes) => vec![Input::Stdin(bytes)],
        None if paths.is_empty() => default_inputs(home)?,
        None => inputs(paths)?,
    };
    read(inputs, page.as_ref(), home, theme, out)
}

/// The stories that come with recto, with what was done with them.
pub(super) fn tour(home: &Home, theme: Theme, out: &mut Out) -> anyhow::Result<Exit> {
    read(vec![Input::Bundled], None, home, theme, out)
}

fn read(
    inputs: Vec<Input>,
    page: Option<&Url>,
    home: &Home,
    theme: Theme,
    out: &mut Out,
) -> anyhow::Result<Exit> {
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
    let keeping = (home.shelf().ok(), home.library.is_none(), page);
    let (ending, said) = runtime::run(home.data.as_deref(), inputs, theme.into(), config, keeping)?;
    if let Some(said) = said {
        output::complain(said);
    }
    match ending {
        Ending::Quit => Ok(Exit::Done),
        Ending::Signal(_) => Ok(Exit::Failed),
        Ending::TerminalLost => bail!("the terminal is gone"),
    }
}

/// A page as plain words.
fn print_page(page: &Url, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
    let library = super::open(None, vec![Input::Bundled])?;
    let (access, _) = settings::of(&library, home.config.as_deref(), home.config_named);
    let client = access.client().map_err(anyhow::Error::msg)?;
    let asking = Asking {
        client: &client,
        url: page.clone(),
        typed: true,
        headers: Vec::new(),
        stop: &AtomicBool::new(false),
    };
    match keep::fetch(asking) {
        Ok(page) => {
            if !page.is_story {
                let what = keep::without_story(page.asks);
                output::complain(&format!(
                    "recto: {}: {what}",
                    clean::line(page.address.as_str())
                ));
            }
            show::print_text(page.story, out)
        }
        Err(PageError::Feed(_)) => show::print_text(fetch::fetch(page.clone())?.read()?, out),
        Err(error) => Err(fetch::or_own_copy(home, page, &error)),
    }
}

fn list_or_complain(home: &Home, inputs: Vec<Input>, out: &mut Out) -> anyhow::Result<Exit> {
    let library = load(home.data.as_deref(), inputs.clone())?;
    if library.is_empty()? {
        return Ok(nothing_left(&library, &inputs));
    }
    list::print(&listed(&library, "", usize::MAX)?, false, out)
}
