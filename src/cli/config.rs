//! `recto config`: where the settings lie, what is wrong with them, and all that there are.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};
use etcetera::BaseStrategy;

use super::{Exit, Home, Out, output, state_only};
use crate::{
    config::{self, Settings},
    library,
    runtime::settings,
    story::clean,
};

#[derive(Debug, Args)]
#[command(override_usage = "recto config <path|check|default>")]
pub(super) struct Config {
    /// path tells where the settings lie; check says what is wrong with them; default prints a file
    /// with all of them to begin with
    #[arg(value_name = "WHAT", value_enum)]
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Path,
    Check,
    Default,
}

/// The settings file where nobody says otherwise (XDG Base Directory Specification).
pub(super) fn default_file() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("recto").join("config.toml"))
}

impl Config {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        if let What::Default = self.what {
            out.line(config::DEFAULT.trim_end())?;
            return Ok(Exit::Done);
        }
        let Some(file) = &home.config else {
            bail!("no home folder is known; name the settings file with --config");
        };
        let shown = clean::line(&file.to_string_lossy());
        if let What::Path = self.what {
            out.line(&shown)?;
            return Ok(Exit::Done);
        }
        let kept = kept(home);
        let saved = |name: &str| {
            let mut kept = kept.iter();
            kept.find(|(it, _)| it == name)
                .map(|(_, text)| text.clone())
        };
        let loaded = match settings::load(file, &saved) {
            Ok(Some(loaded)) => loaded,
            Ok(None) if home.config_named => {
                bail!("{shown}: there is no such file; --config or RECTO_CONFIG names it");
            }
            Ok(None) => {
                out.line(&format!(
                    "{shown}: there is no such file, so nothing is set; recto config default prints one to begin with"
                ))?;
                return Ok(Exit::Done);
            }
            Err(error) => bail!("{shown} could not be read: {error}"),
        };
        for error in &loaded.errors {
            output::complain(&format!("recto: {error}"));
        }
        if loaded.errors.is_empty() {
            out.line(&format!(
                "{shown}: nothing is wrong; {}",
                told(&loaded.settings)
            ))?;
            return Ok(Exit::Done);
        }
        Ok(Exit::Failed)
    }
}

/// What was read, in numbers.
fn told(settings: &Settings) -> String {
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let lists: Vec<String> = [
        counted(settings.feeds.len(), "feed", "feeds"),
        counted(settings.searches.len(), "search", "searches"),
        counted(settings.rules.len(), "rule", "rules"),
        counted(
            settings.openers.len(),
            "program to open files",
            "programs to open files",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    match &lists[..] {
        [] => "no lists are set".to_owned(),
        lists => lists.join(", "),
    }
}

/// The queries that are kept in the database, where there is one: settings may name them.
fn kept(home: &Home) -> Vec<(String, String)> {
    let exists = home.data.as_deref().is_some_and(library::has_database);
    let queries = exists
        .then(|| state_only(home).ok()?.saved_queries().ok())
        .flatten();
    let queries = queries.unwrap_or_default();
    queries.into_iter().map(|it| (it.saved, it.query)).collect()
}
