//! What the reader set: `config.toml`, read.
//!
//! [`read`] takes the text of a settings file and gives all that could be made out of it, with what is
//! wrong in words: one wrong entry costs that entry and no other. Nothing here opens a file, runs a
//! command or asks the clock; commands are lists of arguments and no shell ever sees them.

mod entries;
mod mend;
mod table;
#[cfg(test)]
mod tests;
mod values;

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::civil::Date;
use url::Url;

use crate::story::{clean, query::Query};

/// A settings file to begin with: all that can be set, commented out, with what holds otherwise.
pub const DEFAULT: &str = include_str!("config/default.toml");

/// The settings. What is not set has its default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How often the feeds are refreshed while recto runs. Nothing is asked for that was not wanted, so
    /// never where nothing is said.
    pub refresh: Interval,
    /// What is fetched ahead.
    pub ahead: Ahead,
    /// How new stories are told of.
    pub notify: Notify,
    /// The way to servers.
    pub proxy: Proxy,
    /// Who else vouches for servers: a file of certificates (PEM).
    pub ca_file: Option<PathBuf>,
    /// What holds for single feeds, and feeds that are commands.
    pub feeds: Vec<FeedSettings>,
    /// Queries that are kept under a name.
    pub searches: Vec<Search>,
    /// What is done with stories when they arrive.
    pub rules: Vec<Rule>,
    /// What opens enclosures, in the order in which they are asked.
    pub openers: Vec<Opener>,
}

/// How often something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interval {
    /// Only when it is asked for.
    #[default]
    Never,
    /// Whenever this time has passed.
    Every(Duration),
}

/// What is fetched before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ahead {
    /// Nothing.
    #[default]
    Nothing,
    /// What is kept for later.
    Later,
    /// What was not read yet.
    Unread,
    /// Both.
    Both,
}

/// How new stories are told of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Notify {
    /// They are not, but for those of which a rule says so.
    #[default]
    Off,
    /// By the terminal (OSC 9, 777 or 99).
    Terminal,
    /// By a command. What is said comes as two more arguments: a title and a text.
    Command(Vec<String>),
}

/// The way to servers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// As the environment says it (`HTTPS_PROXY`, `NO_PROXY` …); of a feed: as for all others.
    #[default]
    Inherited,
    /// None, whatever the environment says.
    Direct,
    /// Through this one.
    Through(Url),
    /// Through one that could not be made out. Nothing is to be fetched: who wants a proxy must not be
    /// seen without it on account of a slip.
    Unknown,
}

/// What holds for a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// Where it comes from; by this it is known.
    pub origin: FeedOrigin,
    /// What it is called, instead of its own title.
    pub name: Option<String>,
    /// The folder it lies in, from the outermost inwards.
    pub folder: Vec<String>,
    /// How often it is refreshed, if not as all others.
    pub refresh: Option<Interval>,
    /// Who asks for it (RFC 7617).
    pub user: Option<String>,
    /// Their password.
    pub password: Option<Secret>,
    /// Headers that are sent along, in the order given.
    pub headers: Vec<(String, Secret)>,
    /// What the header `Cookie` says.
    pub cookies: Option<Secret>,
    /// The way to its server.
    pub proxy: Proxy,
    /// For how many days its stories are kept; for ever where nothing is said.
    pub keep_days: Option<u32>,
    /// How many of its stories are kept; all where nothing is said.
    pub keep_items: Option<u32>,
    /// Whether the full texts of its stories are fetched from their pages.
    pub full_text: bool,
    /// The line on which it begins.
    pub line: usize,
}

/// Where a feed comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FeedOrigin {
    /// An address.
    Address(Url),
    /// What a command prints.
    Command(Vec<String>),
}

/// Something that is not shown to anybody.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// As it stands in the settings.
    Plain(String),
    /// The first line that a command prints.
    Command(Vec<String>),
    /// The value of a variable of the environment.
    Environment(String),
}

impl fmt::Debug for Secret {
    /// Tells where it comes from, never what it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Plain(_) => f.write_str("Plain(…)"),
            Secret::Command(command) => f.debug_tuple("Command").field(command).finish(),
            Secret::Environment(name) => f.debug_tuple("Environment").field(name).finish(),
        }
    }
}

/// A query that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The name, as in `@name`.
    pub name: String,
    /// What it finds, as it was written.
    pub text: String,
    /// The same, read. Other queries stand in it written out.
    pub query: Query,
    /// The line on which it begins.
    pub line: usize,
}

/// What is done with stories when they arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// With which ones, as it was written.
    pub text: String,
    /// The same, read.
    pub when: Query,
    /// What is done, in this order.
    pub actions: Vec<RuleAction>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// The line on which it begins.
    pub line: usize,
}

impl Rule {
    /// Whether it still holds on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|last| day <= last)
    }
}

/// What a rule does with a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleAction {
    /// It is read.
    Read,
    /// It gets a star.
    Star,
    /// It is put aside for later.
    Later,
    /// It gets this tag.
    Tag(String),
    /// It is not shown.
    Hide,
    /// It is told of.
    Notify,
}

/// What opens files of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opener {
    /// The media type in small letters, `*` for any part of it: `audio/*`.
    pub media_type: String,
    /// What opens them.
    pub command: Vec<String>,
}

impl Opener {
    /// Whether it opens files of this type, parameters left aside (`audio/ogg; codecs=opus`).
    pub fn opens(&self, media_type: &str) -> bool {
        let bare = media_type.split(';').next().unwrap_or_default().trim();
        let bare = bare.to_ascii_lowercase();
        let fits = |(wanted, has): (&str, &str)| wanted == "*" || wanted == has;
        match (self.media_type.split_once('/'), bare.split_once('/')) {
            (Some(wanted), Some(has)) => fits((wanted.0, has.0)) && fits((wanted.1, has.1)),
            (Some(wanted), None) => wanted == ("*", "*"),
            (None, _) => false,
        }
    }

    /// The arguments that open a file: its address where `{}` stands, else behind all others.
    pub fn arguments(&self, address: &str) -> Vec<String> {
        let mut arguments = self.command.clone();
        let mut placed = false;
        // Never the program itself: an address from a feed must not choose what is run.
        for argument in arguments.iter_mut().skip(1) {
            if argument.contains("{}") {
                *argument = argument.replace("{}", address);
                placed = true;
            }
        }
        if !placed {
            arguments.push(address.to_owned());
        }
        arguments
    }
}

/// What is wrong in a settings file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}:{column}: {problem}", clean::line(&file.to_string_lossy()))]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What it is and what to do, in words.
    pub problem: String,
}

/// Where a settings file lies, and what its text may refer to.
pub struct Origin<'a> {
    /// The file: for messages, and for paths that are relative to its folder.
    pub file: &'a Path,
    /// What `~/` stands for.
    pub home: Option<&'a Path>,
    /// The texts of queries that are kept elsewhere under a name.
    pub saved: &'a dyn Fn(&str) -> Option<String>,
}

/// What could be made out of a settings file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The settings, without what is wrong.
    pub settings: Settings,
    /// What is wrong, in the order in which it stands there.
    pub errors: Vec<ConfigError>,
}

/// Reads the bytes of a settings file.
pub fn read(bytes: &[u8], origin: &Origin<'_>) -> Loaded {
    entries::read(bytes, origin)
}
