//! `recto mark`: what the keys do with stories, for scripts.

use clap::Args;

use super::{Exit, Home, Out, WrongUsage, check_finished, default_inputs, load, output, query};
use crate::story::{
    Change, Listing, Operation, Target, clean,
    query::{Expr, Flag, Query},
};

#[derive(Debug, Args)]
#[command(override_usage = "recto mark <QUERY>... <--read|--unread|--star|--tag TAG|…>")]
pub(super) struct Mark {
    /// Which stories: words of titles as they are written, and fields as author:, tag:, is:unread,
    /// before:2019; recto list QUERY shows which these are
    #[arg(value_name = "QUERY", required_unless_present = "all")]
    query: Vec<String>,

    /// Every story there is
    #[arg(long, conflicts_with = "query")]
    all: bool,

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
    /// Bring back those that were removed
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
        let tags = |names: &[String], on| -> Vec<Change> {
            let names = names.iter();
            names
                .map(|name| Change::Tagged(clean::line(name.trim()), on))
                .collect()
        };
        changes.extend(tags(&self.tag, true));
        changes.extend(tags(&self.untag, false));
        changes
    }
}

impl Mark {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let mut tags = self.marks.tag.iter().chain(&self.marks.untag);
        if tags.any(|tag| clean::line(tag).trim().is_empty()) {
            let told = "a tag wants a name, as in: recto mark tag:sea --tag harbours";
            return Err(WrongUsage(told.to_owned()).into());
        }
        let library = load(home.data.as_deref(), default_inputs(home)?)?;
        if library.database().is_none() {
            // It was said why.
            return Ok(Exit::Failed);
        }
        let query = query(&library, &self.query)?;
        if !self.all && query.expr == Expr::All && query.limit.is_none() {
            let told = "this query says nothing of which stories; --all marks every one";
            return Err(WrongUsage(told.to_owned()).into());
        }
        let written = query.clone();
        let listing = Listing {
            // What only has the letters of a word is seen in a list; nobody sees what is marked.
            search: self.wanted(query).to_string(),
            ..Listing::default()
        };
        let stories = library.found(&listing)?;
        if stories.is_empty() {
            check_finished(&written, &self.query, "nothing is marked")?;
            output::complain(if self.marks.restore {
                "recto: no story that was removed matches; recto list is:removed shows them"
            } else {
                "recto: no story matches; recto list QUERY shows what does"
            });
            return Ok(Exit::Failed);
        }
        let done = library.apply(&Operation {
            target: Target::Stories(stories),
            changes: self.marks.changes(),
        })?;
        if done.stories > 0 {
            out.line(&done.what)?;
            // What was done is kept, whatever becomes of its copy.
            let _ = library.end_keepsake();
        } else if self.marks.untag.is_empty() {
            out.line("nothing changed: that was so already")?;
        } else {
            out.line("nothing changed: no story has that tag from you; one in its file stays")?;
        }
        Ok(Exit::Done)
    }

    /// The stories that are meant: only what was removed can be brought back.
    fn wanted(&self, query: Query) -> Query {
        let mut query = query.as_written();
        if self.marks.restore && !query.mentions(Flag::Removed) {
            query.expr = Expr::and([query.expr, Expr::Is(Flag::Removed)]);
        }
        query
    }
}
