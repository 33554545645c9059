//! `recto doctor`: where everything lies, what state it is in, and what is wrong.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
};

use clap::Args;
use ratatui::crossterm::terminal;
use serde_json::{Value, json};

use super::{Exit, Home, Out};
use crate::{
    library::{self, Examined},
    runtime::{self, Abilities, settings},
    story::clean,
};

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Check every entry of every index too; takes longer
    #[arg(long)]
    full: bool,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What is said of the examples where they have not made room yet.
const EXAMPLES: &str = "the stories that come with recto, until you start it next";

/// What is told: a heading, with lines of name and value.
type Section = (&'static str, Vec<(&'static str, String)>);

/// What was found out.
#[derive(Default)]
struct Findings {
    sections: Vec<Section>,
    /// What is wrong, each with what to do about it.
    problems: Vec<String>,
    json: serde_json::Map<String, Value>,
}

impl Doctor {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let mut findings = Findings::default();
        let own = home.begun_library();
        let folder = home.library.as_deref().or(own.as_deref());
        findings.of_library(home, folder);
        findings.of_database(home, folder, self.full);
        findings.of_settings(home);
        findings.of_watching(folder);
        findings.of_terminal(out.is_terminal());
        if self.json {
            let mut object = findings.json;
            object.insert("problems".to_owned(), json!(findings.problems));
            out.line(&Value::Object(object).to_string())?;
        } else {
            for (heading, lines) in &findings.sections {
                out.line(heading)?;
                for (name, value) in lines {
                    out.line(&format!("  {name:<12} {value}"))?;
                }
            }
            match &findings.problems[..] {
                [] => out.line("Nothing is wrong.")?,
                problems => {
                    out.line("What is wrong")?;
                    for problem in problems {
                        out.line(&format!("  {problem}"))?;
                    }
                }
            }
        }
        Ok(if findings.problems.is_empty() {
            Exit::Done
        } else {
            Exit::Failed
        })
    }
}

impl Findings {
    fn of_library(&mut self, home: &Home, folder: Option<&Path>) {
        let data = home.data.as_deref();
        let besides = data.map(|it| library::besides(it, folder));
        let besides = besides.unwrap_or_default();
        let Some(folder) = folder else {
            let told = match besides.feeds {
                true => "none: what your feeds have is read",
                false => "none: the stories that come with recto are read",
            };
            let mut lines = vec![(
                "folder",
                format!("{told} (--library or RECTO_LIBRARY names one)"),
            )];
            let examples = besides.feeds && besides.examples;
            lines.extend(examples.then(|| ("besides", EXAMPLES.to_owned())));
            self.sections.push(("Library", lines));
            self.json.insert("library".to_owned(), Value::Null);
            return;
        };
        let shown = clean::line(&folder.to_string_lossy());
        let mut lines = vec![("folder", shown.clone())];
        if home.library.is_none() {
            lines.push((
                "made by",
                "recto (--library or RECTO_LIBRARY names another)".to_owned(),
            ));
        }
        let feeds = besides.feeds.then_some("your feeds");
        let besides: Vec<&str> = feeds
            .into_iter()
            .chain(besides.examples.then_some(EXAMPLES))
            .collect();
        if !besides.is_empty() {
            lines.push(("besides", besides.join("; ")));
        }
        match folder
            .read_dir()
            .map(|mut entries| entries.next().is_none())
        {
            Ok(true) => self.problems.push(format!(
                "{shown} is empty; if it lies on a drive, mount it, and its stories come back"
            )),
            Ok(false) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.problems.push(format!(
                "{shown} is not there; mount its drive, or name another folder with --library"
            )),
            Err(error) => self.problems.push(format!(
                "{shown} cannot be read ({error}); see its permissions with ls -ld"
            )),
        }
        let drive = library::network_drive(folder);
        if let Some(kind) = drive {
            lines.push(("drive", format!("{kind}, looked through from time to time")));
        }
        self.json.insert(
            "library".to_owned(),
            json!({ "folder": shown, "network_drive": drive }),
        );
        self.sections.push(("Library", lines));
    }

    fn of_database(&mut self, home: &Home, library: Option<&Path>, full: bool) {
        let Some(folder) = home.data.as_deref() else {
            self.problems
                .push("no home folder is known; name one for the database with --data".to_owned());
            return;
        };
        let examined = library::examine(folder, library, full);
        let shown = clean::line(&examined.path.to_string_lossy());
        let mut lines = vec![("file", shown.clone())];
        self.judge(&examined, &shown, full);
        match examined.size {
            None => lines.push(("size", "not there yet".to_owned())),
            Some(bytes) => lines.push(("size", size(bytes))),
        }
        if let Some(version) = examined.version {
            let newest = examined.newest;
            lines.push(("version", format!("{version} (this recto writes {newest})")));
            let check = if full { "full check" } else { "quick check" };
            let is_sound = examined.complaints.is_empty() && !examined.met_damage;
            let state = match &examined.closed {
                Some(_) => "not known",
                None if is_sound => "sound",
                None => "damaged",
            };
            lines.push(("state", format!("{state}, by a {check}")));
        }
        for (name, count) in &examined.counts {
            lines.push((name, count.to_string()));
        }
        for (why, stories, passes) in &examined.unreadable {
            let told = format!("{} {}: {why}", stories, plural(*stories));
            if *passes {
                let told = format!("{told} (when the library was looked through last)");
                self.problems.push(told);
            }
            lines.push(("unreadable", told));
        }
        for (name, why) in &examined.failing {
            lines.push(("feed fails", format!("{name}: {why}")));
        }
        for (path, bytes) in &examined.beside {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            lines.push((
                "beside it",
                format!("{} ({})", clean::line(&name), size(*bytes)),
            ));
        }
        if let Err(error) = can_write(folder) {
            let folder = clean::line(&folder.to_string_lossy());
            self.problems.push(match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!(
                    "the disk with {folder} is full ({error}): what you do is not kept; make room, or name \
                     another folder with --data"
                ),
                _ => format!(
                    "{folder} cannot be written to ({error}): what you do is not kept; see its permissions \
                     with ls -ld, or name another folder with --data"
                ),
            });
        } else if let Some(why) = &examined.unwritable {
            self.problems.push(format!(
                "{shown} cannot be written to ({why}): what you do is not kept; see its permissions with \
                 ls -l, or name another folder with --data"
            ));
        }
        let counts: serde_json::Map<String, Value> = examined
            .counts
            .iter()
            .map(|(name, count)| ((*name).to_owned(), json!(count)))
            .collect();
        let beside = examined.beside.iter();
        self.json.insert(
            "database".to_owned(),
            json!({
                "file": shown,
                "bytes": examined.size,
                "version": examined.version,
                "newest_version": examined.newest,
                "complaints": examined.complaints,
                "closed": examined.closed,
                "unwritable": examined.unwritable,
                "unreadable": examined.unreadable.iter()
                    .map(|(why, stories, _)| json!({ "why": why, "stories": stories }))
                    .collect::<Vec<_>>(),
                "failing_feeds": examined.failing.iter()
                    .map(|(name, why)| json!({ "name": name, "why": why }))
                    .collect::<Vec<_>>(),
                "counts": counts,
                "beside": beside
                    .map(|(path, bytes)| json!({
                        "file": clean::line(&path.to_string_lossy()),
                        "bytes": bytes,
                    }))
                    .collect::<Vec<_>>(),
            }),
        );
        self.sections.push(("Database", lines));
    }

    fn of_settings(&mut self, home: &Home) {
        let Some(file) = home.config.as_deref() else {
            return;
        };
        let shown = clean::line(&file.to_string_lossy());
        let state = match settings::load(file, &|_| None) {
            Ok(None) => "not there: nothing is set".to_owned(),
            Ok(Some(loaded)) => {
                let mut errors = loaded.errors.iter().map(ToString::to_string);
                match errors.next() {
                    None => "read".to_owned(),
                    Some(first) => {
                        self.problems.push(format!(
                            "{first} (recto config check tells all that is wrong)"
                        ));
                        "read but for what is wrong in them".to_owned()
                    }
                }
            }
            Err(error) => {
                self.problems.push(format!(
                    "{shown} cannot be read ({error}); see its permissions with ls -l"
                ));
                "cannot be read".to_owned()
            }
        };
        self.json.insert(
            "settings".to_owned(),
            json!({ "file": shown, "state": state }),
        );
        self.sections
            .push(("Settings", vec![("file", shown), ("state", state)]));
    }

    fn judge(&mut self, examined: &Examined, shown: &str, full: bool) {
        if examined
            .version
            .is_some_and(|version| version > examined.newest)
        {
            self.problems.push(format!(
                "{shown} was written by a newer recto; use that one, or name another folder with --data"
            ));
        }
        if let Some(left) = &examined.left {
            let is = match examined.size {
                None => "is gone",
                Some(_) => "is empty, without a byte",
            };
            self.problems.push(format!(
                "{shown} {is}, but {} is there; the next start takes over from it what you did",
                clean::line(&left.to_string_lossy())
            ));
        }
        if examined.behind {
            self.problems.push(format!(
                "{shown} has lost its newest changes: what is kept beside it as text is newer; the next start \
                 takes from there what is missing"
            ));
        }
        if let Some(why) = &examined.closed {
            self.problems.push(format!(
                "{shown} cannot be looked into ({why}), which says nothing of what it holds"
            ));
        }
        let Some(first) = examined.complaints.first() else {
            if examined.met_damage {
                self.problems.push(format!(
                    "{shown} was found damaged at work; the next start looks it over, mends it or \
                     keeps it aside, and takes over what you did"
                ));
            }
            return;
        };
        let more = if full { "" } else { "; --full tells more" };
        let then = match examined.marked && !examined.met_damage {
            false => {
                "the next start keeps it aside and takes over what can be read of it".to_owned()
            }
            true => format!(
                "{} was written beside it: by that the next start knows, keeps it aside and takes over \
                 what can be read of it",
                clean::line(&examined.mark.to_string_lossy())
            ),
        };
        self.problems
            .push(format!("{shown} is damaged ({first}){more}; {then}"));
    }

    fn of_watching(&mut self, folder: Option<&Path>) {
        let limit = library::watch_limit();
        let looked = folder.map(library::look_over);
        let folders = looked.as_ref().map(|it| it.folders);
        let (closed, dead) = looked.map(|it| (it.closed, it.dead)).unwrap_or_default();
        let mut lines = Vec::new();
        if let (Some(folders), Some(folder)) = (folders, folder) {
            lines.push(("folders", folders.to_string()));
            let drive = library::network_drive(folder);
            let why = match (drive, limit) {
                (Some(kind), _) => Some(format!("it lies on a network drive ({kind})")),
                (None, Some(limit)) if folders > limit => {
                    Some("there are more folders than the system watches".to_owned())
                }
                (None, _) if !folder.exists() => Some("it is not there".to_owned()),
                _ => None,
            };
            match why {
                Some(why) => lines.push(("polled", format!("all of it: {why}"))),
                None => {
                    let watched = folders.saturating_sub(closed.len());
                    lines.push(("watched", format!("{watched} folders")));
                }
            }
        }
        if let Some(first) = closed.first().filter(|_| folder.is_some_and(Path::is_dir)) {
            let told = and_more(first, closed.len());
            lines.push(("polled", format!("what cannot be read: {told}")));
            self.problems.push(format!(
                "{told}: stories there cannot be read; see the permissions with ls -ld"
            ));
        }
        if let Some(first) = dead.first().filter(|_| folder.is_some_and(Path::is_dir)) {
            let told = and_more(first, dead.len());
            lines.push(("dead links", told.clone()));
            self.problems.push(format!(
                "{told}: remove the link, or mount the drive that it leads to"
            ));
        }
        if let Some(limit) = limit {
            lines.push((
                "limit",
                format!("{limit} folders (fs.inotify.max_user_watches)"),
            ));
        }
        if let (Some(folders), Some(limit)) = (folders, limit)
            && folders > limit
        {
            self.problems.push(format!(
                "there are {folders} folders, and the system watches {limit}: changes by other \
                 programs show after a while; raise fs.inotify.max_user_watches with sysctl"
            ));
        }
        self.json.insert(
            "watching".to_owned(),
            json!({ "folders": folders, "limit": limit, "closed": closed, "dead_links": dead }),
        );
        if !lines.is_empty() {
            self.sections.push(("Watching", lines));
        }
    }

    fn of_terminal(&mut self, is_terminal: bool) {
        let value = |name: &str| env::var(name).ok().map(|it| clean::line(&it));
        let (term, color) = (value("TERM"), value("COLORTERM"));
        let plain = value("NO_COLOR").filter(|it| !it.is_empty());
        let dimensions = terminal::size().ok().filter(|_| is_terminal);
        let known = |it: &Option<String>| it.clone().unwrap_or_else(|| "not set".to_owned());
        let mut lines = vec![("TERM", known(&term)), ("COLORTERM", known(&color))];
        lines.push(("NO_COLOR", known(&plain)));
        lines.push(match dimensions {
            Some((columns, rows)) => ("size", format!("{columns} × {rows} cells")),
            None => ("size", "output is no terminal".to_owned()),
        });
        if is_terminal && matches!(term.as_deref(), None | Some("" | "dumb")) {
            self.problems.push(
                "TERM says that this terminal cannot be drawn on; set it to what it is, as \
                 xterm-256color"
                    .to_owned(),
            );
        }
        let able = is_terminal.then(runtime::abilities);
        if let Some(able) = &able {
            if let Some(name) = &able.name {
                lines.push(("name", name.clone()));
            }
            lines.push(("colours", able.colours.to_owned()));
            lines.push(("pictures", able.pictures.to_owned()));
            let kind = able.dark.map(|dark| if dark { "dark" } else { "light" });
            lines.push((
                "background",
                match (page(able), kind) {
                    (Some(page), Some(kind)) => format!("{page}, {kind}"),
                    (_, Some(kind)) => format!("{kind}, as COLORFGBG says"),
                    _ if able.answers => "the terminal does not say".to_owned(),
                    _ => "the terminal answers nothing".to_owned(),
                },
            ));
        }
        self.json.insert(
            "terminal".to_owned(),
            json!({
                "name": able.as_ref().and_then(|it| it.name.clone()),
                "colours": able.as_ref().map(|it| it.colours),
                "pictures": able.as_ref().map(|it| it.pictures),
                "background": able.as_ref().and_then(page),
                "dark": able.as_ref().and_then(|it| it.dark),
                "term": term,
                "colorterm": color,
                "no_color": plain.is_some(),
                "columns": dimensions.map(|it| it.0),
                "rows": dimensions.map(|it| it.1),
            }),
        );
        self.sections.push(("Terminal", lines));
    }
}

/// The first of several, and how many others there are.
fn and_more(first: &str, all: usize) -> String {
    match all {
        0 | 1 => first.to_owned(),
        several => format!("{first}, and {} more", several - 1),
    }
}

/// The colour of its page, as style sheets write it.
fn page(able: &Abilities) -> Option<String> {
    able.page.map(|[r, g, b]| format!("#{r:02x}{g:02x}{b:02x}"))
}

/// Whether a file can be made in a folder; of one that is not there, in the nearest that is.
fn can_write(folder: &Path) -> io::Result<()> {
    let Some(there) = folder.ancestors().find(|it| it.exists()) else {
        return Ok(());
    };
    let probe = there.join(format!(".recto-probe-{}", std::process::id()));
    // A name costs no room, so something is written.
    let mut file = fs::File::create(&probe)?;
    let written = file.write_all(&[0; 65_536]).and_then(|()| file.sync_all());
    fs::remove_file(probe)?;
    written
}

fn plural(stories: u64) -> &'static str {
    if stories == 1 {
        "story cannot be read"
    } else {
        "stories cannot be read"
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
