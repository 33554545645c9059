//! `recto search`: words in whole texts, with the passages where they stand.

use std::{
    io::{self, IsTerminal, Write},
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::json;

use super::{Exit, Home, Out, WrongUsage, default_inputs, joined, list, load, output, query};
use crate::{
    library::{Indexing, Library, Place, seeks_nothing},
    story::{self, Anchor, Listing, Passage, Row, Sort},
};

/// How long indexing may take before it is said what takes so long.
const MOMENT: Duration = Duration::from_millis(500);

#[derive(Debug, Args)]
#[command(override_usage = "recto search [OPTIONS] <QUERY>...")]
pub(super) struct Search {
    /// Words of whole texts: 'reef knot', '"reef knot"', 'kno*', 'reef -tie'; and fields, as in list
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,

    /// Print at most so many stories
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Print how many stories there are, and nothing else
    #[arg(long, conflicts_with_all = ["json", "limit"])]
    count: bool,

    /// Print a JSON object a line; its marks are characters of the passage, from and to
    #[arg(long)]
    json: bool,
}

impl Search {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let library = load(home.data.as_deref(), default_inputs(home)?)?;
        let query = query(&library, &self.query)?;
        let words = joined(&self.query);
        if words.is_empty() {
            let told = "search wants words to look for, as in: recto search lighthouse keeper";
            return Err(WrongUsage(told.to_owned()).into());
        }
        if seeks_nothing(&query) {
            let told =
                format!("there is no word in “{words}”: search looks for letters and digits");
            return Err(WrongUsage(told).into());
        }
        index(&library)?;
        let listing = Listing {
            // Nobody is still typing: the last word is a whole one.
            search: words + " ",
            everywhere: true,
            ..Listing::default()
        };
        if self.count {
            let all = Listing {
                // Of those that are ranked, the list may be cut.
                sort: Sort::Oldest,
                ..listing
            };
            out.line(&library.found(&all)?.len().to_string())?;
            return Ok(Exit::Done);
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        let mut printed = 0;
        let mut anchor = Anchor::Start;
        while printed < limit {
            let mut window = library.window(&listing, anchor, printed, &|| false)?;
            if let (0, Some(remark)) = (printed, &window.remark) {
                output::complain(&format!("recto: {remark}"));
            }
            let known = printed - window.first.min(printed);
            window.rows.truncate(known.saturating_add(limit - printed));
            window.rows.drain(..known.min(window.rows.len()));
            let Some(last) = window.rows.last().map(|row| row.id) else {
                break;
            };
            library.add_passages(&listing, &mut window, &|| false)?;
            for row in &window.rows {
                if let Some(place) = library.place_for(row.id, &query)? {
                    self.print(row, &place, out)?;
                }
            }
            printed += window.rows.len();
            anchor = Anchor::Story(last);
        }
        if printed == 0 && limit > 0 {
            output::complain("recto: no story has that; fewer words find more");
            return Ok(Exit::Failed);
        }
        Ok(Exit::Done)
    }

    fn print(&self, row: &Row, place: &Place, out: &mut Out) -> io::Result<()> {
        if self.json {
            return out.line(&object(row, place).to_string());
        }
        out.line(&list::line(row))?;
        match &row.passage {
            Some(passage) => out.line(&format!("    {}", passage.text)),
            None => Ok(()),
        }
    }
}

fn object(row: &Row, place: &Place) -> serde_json::Value {
    let passage = row.passage.as_ref();
    json!({
        "title": row.title,
        "from": row.from,
        "published": story::iso(row.when),
        "url": row.url,
        "path": place.shown(),
        "passage": passage.map(|it| &it.text),
        "marks": passage.map_or_else(Vec::new, marks),
    })
}

/// The marks as characters: few languages count a text's bytes.
fn marks(passage: &Passage) -> Vec<[usize; 2]> {
    let count = |end| passage.text.get(..end).unwrap_or_default().chars().count();
    passage
        .marks
        .iter()
        .map(|mark| [count(mark.start), count(mark.end)])
        .collect()
}

/// Indexes what is not indexed yet. If that takes more than a moment, a person is told so.
fn index(library: &Library) -> anyhow::Result<()> {
    let begun = Instant::now();
    let watched = io::stderr().is_terminal();
    let told = |indexing: Indexing| {
        if watched && begun.elapsed() > MOMENT {
            let Indexing { done, total } = indexing;
            // If it cannot be written, there is nobody to tell.
            let _ = write!(io::stderr(), "\rIndexing: {done} of {total} stories");
        }
    };
    library.index_texts(&AtomicBool::new(false), &told)?;
    if watched && begun.elapsed() > MOMENT {
        // The line goes when it is no longer true.
        let _ = write!(io::stderr(), "\r\u{1b}[K");
    }
    Ok(())
}
