//! `recto rules test`: what rules would do with what is in the library.

use anyhow::bail;
use clap::{Args, Subcommand};

use super::{Exit, Home, Out, default_inputs, listed, load, output, query};
use crate::{
    library::{Library, LibraryError},
    runtime::settings,
    story::{
        Listing, StoryId, grouped,
        query::{Expr, Flag, Query},
    },
};

/// Titles that are named of what a rule is for.
const NAMED: usize = 10;

#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say what stories of the library the rules of the settings, or a query, are for
    Test {
        /// A query that is to become a rule; the rules of the settings where none is given
        #[arg(value_name = "QUERY")]
        query: Vec<String>,
    },
}

impl Rules {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let What::Test { query: words } = self.what;
        let library = load(home.data.as_deref(), default_inputs(home)?)?;
        if !words.is_empty() {
            let query = query(&library, &words)?;
            let hidden = hidden(&library, &query)?.len();
            let rows = listed(&library, &query.as_written().to_string(), usize::MAX)?;
            let and = match hidden {
                0 => String::new(),
                hidden => format!(", and {} that are removed already", grouped(hidden)),
            };
            out.line(&format!("{}{and}", counted(rows.len())))?;
            for (row, _) in rows.iter().take(NAMED) {
                out.line(&format!("  {}", row.title))?;
            }
            return Ok(Exit::Done);
        }
        let (access, wrong) = settings::of(&library, home.config.as_deref(), home.config_named);
        for wrong in &wrong {
            output::complain(&format!("recto: {wrong}"));
        }
        let rules = &access.settings().rules;
        if rules.is_empty() {
            bail!(
                "there is no rule among the settings; recto rules test QUERY tries one, recto config default \
                 shows how it is written"
            );
        }
        let today = jiff::ZonedDateTime::now().date();
        for rule in rules {
            let ended = match rule.until {
                Some(last) if !rule.holds_on(today) => format!(", which ended on {last}"),
                _ => String::new(),
            };
            let listing = Listing {
                search: rule.when.clone().as_written().to_string(),
                ..Listing::default()
            };
            let found = library.found(&listing)?.len();
            let hidden = hidden(&library, &rule.when)?;
            let and = match hidden.len() {
                0 => String::new(),
                hidden => format!(", and {} removed", grouped(hidden)),
            };
            out.line(&format!(
                "line {}: {}{ended}: {}{and}",
                rule.line,
                rule.text,
                counted(found)
            ))?;
        }
        Ok(if wrong.is_empty() {
            Exit::Done
        } else {
            Exit::Failed
        })
    }
}

/// What a query finds among what was removed, by hand or by a rule.
fn hidden(library: &Library, query: &Query) -> Result<Vec<StoryId>, LibraryError> {
    let mut query = query.clone().as_written();
    query.expr = Expr::and([query.expr, Expr::Is(Flag::Removed)]);
    let listing = Listing {
        search: query.to_string(),
        ..Listing::default()
    };
    library.found(&listing)
}

fn counted(stories: usize) -> String {
    match stories {
        1 => "1 story".to_owned(),
        stories => format!("{} stories", grouped(stories)),
    }
}
