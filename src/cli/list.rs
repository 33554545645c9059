//! `recto list`: one story a line.

use std::path::Path;

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{
    Exit, Home, Out, WrongUsage, check_finished, default_inputs, joined, listed, load,
    nothing_left, output, query,
};
use crate::{
    library::{Library, Place},
    story::{
        self, Listing, Row, clean,
        query::{Flag, value_text},
    },
};

/// Titles that are shown where none has the words as they are written, at most.
const NEAREST: usize = 5;

#[derive(Debug, Args)]
#[command(override_usage = "recto list [OPTIONS] [QUERY]...")]
pub(super) struct List {
    /// Words of titles, and fields: author:, category:, tag:, folder:, is:unread,
    /// is:starred, before:2019, minutes:<20, lang:de, /regex/, -word, or, sort:oldest, @SAVED
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    /// Print at most so many stories
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Print how many stories there are, and nothing else
    #[arg(long, conflicts_with_all = ["json", "limit"])]
    count: bool,

    /// Keep the query under a name: it stands among the sources then, and is @NAME in queries; an
    /// empty query forgets the name
    #[arg(long, value_name = "NAME")]
    save: Option<String>,

    /// Print a JSON object a line
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let inputs = default_inputs(home)?;
        let library = load(home.data.as_deref(), inputs.clone())?;
        let query = query(&library, &self.query)?;
        let words = joined(&self.query);
        if let Some(name) = &self.save {
            let name = clean::line(name.trim());
            if name.is_empty() {
                let told = "--save wants a name, as in: recto list is:unread --save new";
                return Err(WrongUsage(told.to_owned()).into());
            }
            check_finished(&query, &self.query, "nothing is kept")?;
            return keep(&library, &name, &words, out);
        }
        let written = query.clone().as_written().to_string();
        if self.count {
            let listing = Listing {
                search: written,
                ..Listing::default()
            };
            out.line(&library.found(&listing)?.len().to_string())?;
            return Ok(Exit::Done);
        }
        if library.is_empty()? && !query.mentions(Flag::Removed) {
            return Ok(nothing_left(&library, &inputs));
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        if let Some(hint) = meant_as_path(&words).filter(|_| Path::new(&words).exists()) {
            output::complain(&format!("recto: {hint}"));
        }
        let rows = listed(&library, &written, limit)?;
        if rows.is_empty() && limit > 0 {
            check_finished(&query, &self.query, "no story matches")?;
            // As a prompt searches, for who left letters out.
            let near = listed(&library, &words, NEAREST)?;
            if !near.is_empty() && !self.json && words != "-" {
                output::complain("recto: no title has these words as they are written; nearest:");
                print(&near, false, out)?;
                return Ok(Exit::Failed);
            }
        }
        if rows.is_empty() && limit > 0 {
            match meant_as_path(&words) {
                None if query.title_words().is_empty() => {
                    output::complain("recto: no story matches");
                }
                None => output::complain("recto: no story matches; fewer letters find more"),
                // It was said before where there is such a path.
                Some(_) if Path::new(&words).exists() => {}
                Some(hint) => output::complain(&format!("recto: no story matches; {hint}")),
            }
            return Ok(Exit::Failed);
        }
        print(&rows, self.json, out)
    }
}

/// Keeps a query under a name, or forgets the name.
fn keep(library: &Library, name: &str, query: &str, out: &mut Out) -> anyhow::Result<Exit> {
    if library.database().is_none() {
        // It was said why.
        return Ok(Exit::Failed);
    }
    if let Err(error) = library.check_kept(name, query) {
        return Err(WrongUsage(format!("{error}; nothing is kept")).into());
    }
    let known = library.keep_query(name, query)?;
    // It is kept, whatever becomes of the copy.
    let _ = library.end_keepsake();
    if query.is_empty() && !known {
        output::complain(&format!("recto: no query is kept as @{name}"));
        return Ok(Exit::Failed);
    }
    let done = if query.is_empty() {
        "forgot"
    } else {
        "kept as"
    };
    out.line(&format!("{done} @{}", value_text(name)))?;
    if query.is_empty() {
        for other in library.saved_queries()? {
            if let Err(error) = library.query(&other.query) {
                let other = value_text(&other.saved);
                output::complain(&format!("recto: @{other} finds nothing now: {error}"));
            }
        }
    }
    Ok(Exit::Done)
}

/// What to do where a path, an address or standard input was given for words of a title.
fn meant_as_path(query: &str) -> Option<&'static str> {
    if query.starts_with("url:=") {
        return Some("recto URL reads a page, recto save URL keeps it");
    }
    if query == "-" {
        return Some("list reads no standard input; recto - does");
    }
    let is_path = matches!(query, "." | "..") || query.contains('/');
    (is_path || crate::ingest::is_story_name(query)).then_some(
        "list searches titles; recto PATH reads a file or a folder, --library DIR lists one",
    )
}

/// Prints stories.
pub(super) fn print(rows: &[(Row, Place)], json: bool, out: &mut Out) -> anyhow::Result<Exit> {
    for (row, place) in rows {
        if json {
            out.line(&object(row, place).to_string())?;
        } else {
            out.line(&line(row))?;
        }
    }
    Ok(Exit::Done)
}

/// Date, title, who it is from, minutes: apart by tabs, so that other programs can cut it.
pub(super) fn line(row: &Row) -> String {
    let date = row.when.day(&TimeZone::system());
    match &row.trouble {
        Some(why) => format!("{date}\t{}\t{why}", row.title),
        None => format!("{date}\t{}\t{}\t{} min", row.title, row.from, row.minutes),
    }
}

fn object(row: &Row, place: &Place) -> serde_json::Value {
    json!({
        "title": row.title,
        "from": row.from,
        "published": story::iso(row.when),
        "minutes": row.minutes,
        "read": row.read,
        "updated": row.updated,
        "url": row.url,
        "path": place.shown(),
        "error": row.trouble,
    })
}
