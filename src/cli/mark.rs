//! `recto mark`: what the keys do with stories, for scripts.

use clap::Args;

use super::{Exit, Home, Out, default_inputs, load, output, query};
use crate::story::{Change, Listing, Operation, Target};

#[derive(Debug, Args)]
pub(super) struct Mark {
    /// Which stories: words of titles, and fields as author:, tag:, is:unread, before:2019
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,

    #[command(flatten)]
    marks: Marks,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Marks {
    /// Mark them read
    #[arg(long, conflicts_with = "unread")]
    read: bool,
    /// Mark them unread
    #[arg(long)]
    unread: bool,
    /// Give them a star
    #[arg(long, conflicts_with = "unstar")]
    star: bool,
    /// Take their star away
    #[arg(long)]
    unstar: bool,
    /// Keep them for later
    #[arg(long, conflicts_with = "not_later")]
    later: bool,
    /// Keep them for later no longer
    #[arg(long)]
    not_later: bool,
    /// Give them a tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Take a tag away
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
    /// Take them out of all lists
    #[arg(long, conflicts_with = "restore")]
    remove: bool,
    /// Bring them back (with is:removed in the query)
    #[arg(long)]
    restore: bool,
}

impl Marks {
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (wanted, change) in [
            (self.read, Change::Read(true)),
            (self.unread, Change::Read(false)),
            (self.star, Change::Starred(true)),
            (self.unstar, Change::Starred(false)),
            (self.later, Change::Later(true)),
            (self.not_later, Change::Later(false)),
            (self.remove, Change::Removed(true)),
            (self.restore, Change::Removed(false)),
        ] {
            if wanted {
                changes.push(change);
            }
        }
        let clean = |tag: &String| crate::story::clean::line(tag.trim());
        let tags = |names: &[String], on| {
            let named = names.iter().map(clean).filter(|name| !name.is_empty());
            named
                .map(|name| Change::Tagged(name, on))
                .collect::<Vec<_>>()
        };
        changes.extend(tags(&self.tag, true));
        changes.extend(tags(&self.untag, false));
        changes
    }
}

impl Mark {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let library = load(home.data.as_deref(), default_inputs(home)?)?;
        let text = query(&library, &self.query)?;
        let listing = Listing {
            search: text,
            ..Listing::default()
        };
        // What is found is what is marked, also where the first mark takes it out of what is found.
        let stories = library.found(&listing)?;
        if stories.is_empty() {
            output::complain("recto: no story matches; recto list QUERY shows what does");
            return Ok(Exit::Failed);
        }
        for change in self.marks.changes() {
            let operation = Operation {
                target: Target::Stories(stories.clone()),
                change,
            };
            let done = library.apply(&operation)?;
            out.line(&done.what)?;
        }
        Ok(Exit::Done)
    }
}
