//! The command line: arguments in, an exit code out. A file a command.

mod config;
mod doctor;
mod export;
mod feeds;
mod fetch;
mod find;
mod import;
mod inspect;
mod json;
mod list;
mod mark;
mod output;
mod pipe;
mod read;
mod rules;
mod save;
mod search;
mod show;
mod subscribe;

use std::{
    ffi::OsString,
    ops::Range,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context, bail};
use clap::{
    CommandFactory, Parser, Subcommand,
    builder::{OsStringValueParser, TypedValueParser},
    error::ErrorKind,
};
use etcetera::BaseStrategy;
use jiff::ZonedDateTime;

use self::{
    find::{Meant, meant},
    output::Out,
    pipe::{piped, standard_input, unasked},
};
use crate::{
    document::width::width,
    ingest,
    keep::Shelf,
    library::{Input, Library, LibraryError, Place, StoreError, knows, remember_damage},
    runtime::memory,
    story::{
        Anchor, Listing, StoryId, clean,
        query::{Expr, Query, value_text},
    },
};

const EXAMPLES: &str = "\
Examples:
  recto                            the stories that come with recto, or your library
  recto tour                       the former, also when you have the latter
  recto ~/notes                    a folder of Markdown and text files
  recto story.md page.txt          some files
  curl -s URL | recto -            whatever comes through standard input
  recto list lighthouse            titles that match, one a line
  recto search 'reef knot -tie'    texts with these words, and the passages
  recto list is:unread --count     how many stories wait to be read
  recto mark before:2019 --read    mark all older stories read
  recto show story.md | less       a story as plain text
  recto save https://example.org/a a page, kept with its pictures
  recto subscribe example.org      the feed of a site, among your stories
  recto refresh --quiet            ask all feeds for what is new (for cron)
  recto import ~/.newsboat         newsboat's feeds and stories, with all read marks
  recto export opml > feeds.opml   your feeds, for other readers
  recto export notes > notes.md    your highlights and notes, as Markdown
  recto export stories is:later -o later.epub    a book of them for an e-reader
  recto inspect page.txt --json    what recto makes of a saved page
  recto inspect URL --json         what a feed's entries say
  recto config check               what is wrong with your settings

In the program, ? shows the keys.";

/// Read stories in your terminal.
#[derive(Debug, Parser)]
#[command(name = "recto", version, about, after_help = EXAMPLES)]
#[command(subcommand_precedence_over_arg = true)]
struct Arguments {
    /// Files or folders to read, or the address of a page; - reads standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The folder with your stories, read where no path is given
    #[arg(long, value_name = "DIR", env = "RECTO_LIBRARY", global = true, value_parser = OsStringValueParser::new().map(PathBuf::from))]
    library: Option<PathBuf>,

    /// The folder of the database, where recto keeps what you did
    #[arg(long, value_name = "DIR", env = "RECTO_DATA", global = true, value_parser = OsStringValueParser::new().map(PathBuf::from))]
    data: Option<PathBuf>,

    /// The settings file
    #[arg(long, value_name = "FILE", env = "RECTO_CONFIG", global = true, value_parser = OsStringValueParser::new().map(PathBuf::from))]
    config: Option<PathBuf>,

    /// The colours to read in on the screen: the terminal's own, or paper with contrast enough
    #[arg(long, value_name = "NAME", env = "RECTO_THEME", default_value = "auto")]
    theme: read::Theme,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the stories that come with recto, whatever your library is
    Tour,
    /// List stories, newest first: all, or those that a query finds
    List(list::List),
    /// Search whole texts, best match first, with the passages
    Search(search::Search),
    /// Print a story
    Show(show::Show),
    /// Mark stories: read, starred, for later, with a tag
    Mark(mark::Mark),
    /// Keep pages and files on your shelf, with their pictures
    Save(save::Save),
    /// Subscribe to feeds, or to those of a site
    Subscribe(subscribe::Subscribe),
    /// End subscriptions; stories with a star, a tag or notes stay
    Unsubscribe(feeds::Unsubscribe),
    /// List the feeds that are subscribed to, and how it stands with them
    Feeds(feeds::Feeds),
    /// Ask the feeds for what is new
    Refresh(feeds::Refresh),
    /// Try the rules for new stories
    Rules(rules::Rules),
    /// Print what recto makes of a file or folder, storing nothing
    Inspect(inspect::Inspect),
    /// Print what you did with stories, your notes as Markdown, your feeds as OPML; write stories as files,
    /// a page or a book
    Export(export::Export),
    /// Take in what recto export wrote, OPML, what newsboat keeps, and the links of Pocket, Instapaper, wallabag,
    /// Omnivore, Readeck, Raindrop and browsers
    Import(import::Import),
    /// Say where everything lies, in what state it is, and what is wrong
    Doctor(doctor::Doctor),
    /// Say where the settings lie and what is wrong with them, or print all that there are
    Config(config::Config),
}

/// What a command comes to, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Done,
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
        }
    }
}

/// Runs the program with the arguments that the shell gave it. Exit codes: 0 done, 1 failed, 2 wrong
/// usage.
pub fn main() -> ExitCode {
    memory::spare();
    // Wrong usage is told, and ended with 2, by the parser itself.
    let typed: Vec<OsString> = without_dashes(std::env::args_os());
    let mut out = Out::new();
    let mut done = run(Arguments::parse_from(&typed), &mut out);
    if done.as_ref().is_err_and(is_damage) && may_run_again(&typed) && !out.has_lines() {
        // Opened once more, the database is mended or a new one, and it is said which.
        done = run(Arguments::parse_from(&typed), &mut out);
    }
    let done = done.and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match done {
        Ok(exit) => exit.into(),
        // Whoever reads our output may have had enough of it: that is no error.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("recto: {error:#}"));
            match error.downcast_ref::<WrongUsage>() {
                Some(_) => ExitCode::from(2),
                None => Exit::Failed.into(),
            }
        }
    }
}

/// Whether a command failed since the database is damaged; that is remembered by then.
fn is_damage(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<LibraryError>()
        .is_some_and(LibraryError::is_damage)
}

/// Whether a command that failed can be run from its beginning: not where somebody saw a screen of it,
/// or where standard input may have been read.
fn may_run_again(typed: &[OsString]) -> bool {
    use Command::{Export, Feeds, List, Mark, Search, Show, Unsubscribe};
    let command = Arguments::try_parse_from(typed)
        .ok()
        .and_then(|it| it.command);
    matches!(
        command,
        Some(List(_) | Search(_) | Show(_) | Mark(_) | Feeds(_) | Unsubscribe(_) | Export(_))
    )
}

/// The arguments, those of queries that begin with a dash told from options by a space: `-word` says
/// that a title has no such word. No option of these commands is a letter long but `-h`, `-V` and `-o`.
fn without_dashes(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut in_query = false;
    let told_apart = |argument: OsString| {
        let text = argument.to_string_lossy();
        in_query |= matches!(&*text, "list" | "search" | "mark" | "export");
        let excludes = text.starts_with('-') && !text.starts_with("--") && text.len() > 2;
        if in_query && excludes {
            return format!(" {text}").into();
        }
        argument
    };
    arguments.map(told_apart).collect()
}

fn run(arguments: Arguments, out: &mut Out) -> anyhow::Result<Exit> {
    let named = arguments.config.filter(|it| !it.as_os_str().is_empty());
    let home = Home {
        library: arguments.library.filter(|it| !it.as_os_str().is_empty()),
        data: arguments
            .data
            .filter(|it| !it.as_os_str().is_empty())
            .or_else(default_data),
        config_named: named.is_some(),
        config: named.or_else(config::default_file),
    };
    if let (Some(_), [first, ..]) = (&arguments.command, &arguments.paths[..]) {
        // The parser takes "recto a.md list" apart this way; what is meant, nobody can know.
        let told = format!("{} stands before a command", first.display());
        let usage = Arguments::command().error(ErrorKind::ArgumentConflict, told);
        usage.exit();
    }
    let reading = (arguments.paths, arguments.theme);
    let done = carry_out(arguments.command, reading, &home, out);
    if let (Err(error), Some(data)) = (&done, &home.data)
        && let Some(error) = error.downcast_ref::<LibraryError>()
    {
        remember_damage(data, error);
    }
    done
}

fn carry_out(
    command: Option<Command>,
    (paths, theme): (Vec<PathBuf>, read::Theme),
    home: &Home,
    out: &mut Out,
) -> anyhow::Result<Exit> {
    match command {
        None => read::run(paths, home, theme, out),
        Some(Command::Tour) => read::tour(home, theme, out),
        Some(Command::List(list)) => list.run(home, out),
        Some(Command::Search(search)) => search.run(home, out),
        Some(Command::Show(show)) => show.run(home, out),
        Some(Command::Mark(mark)) => mark.run(home, out),
        Some(Command::Save(save)) => save.run(home, out),
        Some(Command::Subscribe(subscribe)) => subscribe.run(home, out),
        Some(Command::Unsubscribe(unsubscribe)) => unsubscribe.run(home, out),
        Some(Command::Feeds(feeds)) => feeds.run(home, out),
        Some(Command::Refresh(refresh)) => refresh.run(home, out),
        Some(Command::Rules(rules)) => rules.run(home, out),
        Some(Command::Inspect(inspect)) => inspect.run(out),
        Some(Command::Export(export)) => export.run(home, out),
        Some(Command::Import(import)) => import.run(home, out),
        Some(Command::Doctor(doctor)) => doctor.run(home, out),
        Some(Command::Config(config)) => config.run(home, out),
    }
}

/// The inputs that paths on the command line name.
fn inputs(paths: Vec<PathBuf>) -> anyhow::Result<Vec<Input>> {
    paths
        .into_iter()
        .map(|path| {
            if path.as_os_str() == "-" {
                return Ok(Input::Stdin(standard_input()?));
            }
            refuse_address(&path.to_string_lossy())?;
            if let Some(bytes) = piped(&path)? {
                return Ok(Input::Stdin(bytes));
            }
            let advice = "name a file, a folder, or - for standard input";
            Input::path(path).context(advice).map_err(reversed)
        })
        .collect()
}

/// The advice stands after what is wrong, not before it.
fn reversed(error: anyhow::Error) -> anyhow::Error {
    anyhow::anyhow!("{}; {error}", error.root_cause())
}

/// Addresses look like paths that do not exist; the reader should be told what is meant.
fn refuse_address(name: &str) -> anyhow::Result<()> {
    if name.starts_with("http://") || name.starts_with("https://") {
        bail!(
            "{}: a page is read alone (recto URL), and kept by recto save",
            crate::story::clean::line(name)
        );
    }
    Ok(())
}

/// The folders that the arguments, the environment or custom name.
#[derive(Debug)]
struct Home {
    /// The shelf.
    library: Option<PathBuf>,
    /// Where the database lies; none where no home folder is known.
    data: Option<PathBuf>,
    /// The settings file; none where no home folder is known.
    config: Option<PathBuf>,
    /// Whether somebody named it.
    config_named: bool,
}

impl Home {
    /// Where pages are kept: the library that was named, else one beside the database, which is made when
    /// the first is. In a Maildir nothing is written.
    fn shelf(&self) -> anyhow::Result<Shelf> {
        Ok(Shelf::new(self.shelf_folder()?))
    }

    /// The folder that stories are written into.
    fn shelf_folder(&self) -> anyhow::Result<PathBuf> {
        let named = self.library.as_ref();
        let named = named.filter(|it| !ingest::is_maildir(it));
        let folder = match (named, self.default_library()) {
            (Some(folder), _) => folder.clone(),
            (None, Some(folder)) => folder,
            (None, None) => bail!("no home folder is known; name your library with --library"),
        };
        Ok(std::path::absolute(&folder).unwrap_or(folder))
    }

    /// The library that recto began since nobody named one.
    fn begun_library(&self) -> Option<PathBuf> {
        let folder = self.default_library();
        folder.filter(|it| Shelf::new(it).is_begun())
    }

    /// The library where nobody names one.
    fn default_library(&self) -> Option<PathBuf> {
        Some(Library::own_folder(self.data.as_ref()?))
    }
}

/// The folder of the database where nobody says otherwise (XDG Base Directory Specification).
fn default_data() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.data_dir().join("recto"))
}

/// What there is to read where no path was given: the reader's library, else the bundled stories.
fn default_inputs(home: &Home) -> anyhow::Result<Vec<Input>> {
    match &home.library {
        Some(folder) => {
            let shown = crate::story::clean::line(&folder.to_string_lossy());
            // Its drive may not be mounted: its stories are listed all the same, and say so.
            if !folder.exists() && home.data.as_deref().is_some_and(|it| knows(it, folder)) {
                return Ok(vec![Input::Path(folder.clone()), Input::Feeds]);
            }
            let input = Input::path(folder.clone())
                .map_err(|error| anyhow::anyhow!("{error}; --library or RECTO_LIBRARY names it"))?;
            if !matches!(&input, Input::Path(path) if path.is_dir()) {
                bail!("{shown} is not a folder; --library or RECTO_LIBRARY names one with stories");
            }
            Ok(vec![input, Input::Feeds])
        }
        None => match home.begun_library() {
            Some(folder) => Ok(vec![Input::Path(folder), Input::Feeds]),
            None => Ok(vec![Input::Bundled, Input::Feeds]),
        },
    }
}

/// The library as far as what was done with stories is concerned: no folder is looked through.
fn state_only(home: &Home) -> anyhow::Result<Library> {
    let Some(data) = &home.data else {
        bail!("no home folder is known; name the folder of the database with --data");
    };
    open(Some(data), vec![Input::Bundled, Input::Feeds])
}

/// The library of these inputs as it was left; no folder is looked through.
fn open(data: Option<&Path>, inputs: Vec<Input>) -> anyhow::Result<Library> {
    let library = Library::open(data, inputs, Arc::new(ZonedDateTime::now))?;
    for remark in library.remarks() {
        output::complain(&format!("recto: {remark}"));
    }
    Ok(library)
}

/// A library with all of `inputs` in it. What could not be read is complained about.
fn load(data: Option<&Path>, inputs: Vec<Input>) -> anyhow::Result<Library> {
    let opened = || {
        let library = Library::open_anyway(data, inputs.clone(), Arc::new(ZonedDateTime::now))?;
        for remark in library.remarks() {
            output::complain(&format!("recto: {remark}"));
        }
        let scanned = library.scan(&AtomicBool::new(false), &|_| ());
        let scanned = scanned.inspect_err(|error| library.remember(error))?;
        Ok((library, scanned))
    };
    let (library, scanned) = match opened() {
        // Opened once more, the database is mended or a new one.
        Err(LibraryError::Store(StoreError::Damaged(_))) => opened()?,
        opened => opened?,
    };
    // Should somebody have been killed before it was: nothing depends on it now.
    let _ = library.end_keepsake();
    for warning in scanned.warnings {
        output::complain(&format!("recto: not read: {warning}"));
    }
    Ok(library)
}

/// What was wrong with how recto was called: told in words, and ended with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUsage(String);

/// The query that the arguments' words are.
///
/// # Errors
/// [`WrongUsage`] shows what is wrong with it, and where.
fn query(library: &Library, words: &[String]) -> anyhow::Result<Query> {
    let text = joined(words);
    let parsed = library.query(&text);
    if parsed.is_err() {
        // That no query is kept under a name is not so where the kept ones cannot be read.
        library.saved_queries()?;
    }
    parsed.map_err(|error| {
        WrongUsage(format!("{error}{}", pointed(&text, error.span.clone()))).into()
    })
}

/// A query, below what is wrong with it, with a line that points there.
fn pointed(text: &str, wrong: Range<usize>) -> String {
    let before = text.get(..wrong.start).unwrap_or_default();
    let wrong = text.get(wrong).unwrap_or_default();
    format!(
        "\n\n  {}\n  {}{}",
        clean::line(text),
        " ".repeat(width(&clean::line(before)) + usize::from(before.ends_with(' '))),
        "^".repeat(width(&clean::line(wrong)).max(1)),
    )
}

/// What is wrong with a query that ends where a value should stand, as far as can be told: a word may end
/// in a colon, too.
///
/// # Errors
/// [`WrongUsage`], with `then`: what came of it.
fn check_finished(query: &Query, words: &[String], then: &str) -> Result<(), WrongUsage> {
    let half = |expr: &Expr| matches!(expr, Expr::Word(word) if word.ends_with(':'));
    if query.expr.any(&mut |expr| half(expr)) {
        let text = joined(words);
        let ends = text.split_inclusive(' ').scan(0, |end, word| {
            let start = *end;
            *end += word.len();
            Some((start, word.trim_end()))
        });
        let mut half = ends.filter(|(_, word)| word.ends_with(':'));
        // It may stand in a query that is kept, and not here.
        let shown = half.next().map(|(at, word)| {
            let bare = word.trim_start_matches(['-', '(']);
            let end = at + word.len();
            pointed(&text, end - bare.len()..end)
        });
        return Err(WrongUsage(format!(
            "a field wants a name that is known, and a value, as in tag:sea; a word that ends in a \
             colon stands in quotes, as in '\"Ahoy:\"'; {then}{}",
            shown.unwrap_or_default()
        )));
    }
    Ok(())
}

/// The words of a query as one text. An address alone asks for the story of that page: no title has it.
fn joined(words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.trim()).collect();
    match words[..] {
        [address] if is_address(address) => format!("url:={}", value_text(address)),
        _ => words.join(" "),
    }
}

fn is_address(word: &str) -> bool {
    let rest = ["https://", "http://"];
    let mut rest = rest.iter().filter_map(|it| word.strip_prefix(it));
    rest.any(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// Says that there is nothing to read in a library of these inputs, and what to do.
fn nothing_left(library: &Library, inputs: &[Input]) -> Exit {
    let removed = listed(library, "is:removed", 1);
    if removed.is_ok_and(|it| !it.is_empty()) {
        output::complain(
            "recto: all that was here is removed; recto list is:removed shows it, and recto mark --restore brings it back",
        );
        return Exit::Failed;
    }
    nothing_in(inputs)
}

/// Says that there is no story in what was named, and what to do.
fn nothing_in(inputs: &[Input]) -> Exit {
    for input in inputs {
        if let Input::Path(path) = input {
            output::complain(&format!(
                "recto: {}: no story in this folder; recto lists Markdown (.md), text (.txt), web pages (.html), books (.epub) and letters (.eml)",
                crate::story::clean::line(&path.to_string_lossy())
            ));
        }
    }
    Exit::Failed
}

/// The stories of a listing, with where they lie, at most `limit`.
fn listed(
    library: &Library,
    search: &str,
    limit: usize,
) -> anyhow::Result<Vec<(crate::story::Row, Place)>> {
    let listing = Listing {
        search: search.to_owned(),
        ..Listing::default()
    };
    let query = library.query(search).unwrap_or_default();
    let mut rows: Vec<(crate::story::Row, Place)> = Vec::new();
    let mut anchor = Anchor::Start;
    while rows.len() < limit {
        let window = library.window(&listing, anchor, rows.len(), &|| false)?;
        // The window begins above the story that it is around.
        let known = rows
            .last()
            .and_then(|(last, _)| window.rows.iter().position(|row| row.id == last.id));
        let fresh = window.rows.into_iter().skip(known.map_or(0, |at| at + 1));
        let before = rows.len();
        for row in fresh {
            if let Some(place) = library.place_for(row.id, &query)? {
                rows.push((row, place));
            }
        }
        match rows.last() {
            Some((last, _)) if rows.len() > before => anchor = Anchor::Story(last.id),
            _ => break,
        }
    }
    rows.truncate(limit);
    Ok(rows)
}

/// The story that a reader means by `name`, words of its title.
fn find(library: &Library, name: &str) -> anyhow::Result<StoryId> {
    let found = listed(library, name, 200)?;
    match meant(found.iter().map(|(row, _)| row), name) {
        Meant::Surely(id) => Ok(id),
        Meant::Likely(id, title) => {
            output::complain(&format!("recto: showing “{title}”"));
            Ok(id)
        }
        Meant::Nobody(nearest) => {
            let none = format!("{name}: there is no such file, and no title that matches");
            match &nearest[..] {
                [] => bail!("{none}; recto list shows all titles"),
                nearest => bail!("{none}; nearest: “{}”", nearest.join("”, “")),
            }
        }
    }
}
