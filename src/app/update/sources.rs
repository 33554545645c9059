//! Choosing sources, and going on to unread stories through one after the other.

use super::super::{
    geometry::Column,
    list::List,
    message::Effect,
    model::{Hunt, Model},
};
use crate::story::{Anchor, Listing, Source, SourceRow, StoryId};

impl Model {
    /// Chooses a source: the list shows its stories.
    pub(super) fn choose_source(&mut self, index: usize, effects: &mut Vec<Effect>) {
        let index = index.min(self.sources.rows.len().saturating_sub(1));
        let Some(row) = self.sources.rows.get(index) else {
            return;
        };
        let source = row.source.clone();
        if source != self.list.listing.source || !self.list.listing.search.is_empty() {
            self.list_source(index, Anchor::Start, effects);
        } else {
            self.sources.cursor = index;
        }
    }

    /// A feed lies in another folder: where one that it lay in is listed, that one goes along, if it is no more; where
    /// it goes nowhere, it is left.
    pub(super) fn refiled(&mut self, from: &str, to: &str) {
        let Source::Folder(listed) = &self.list.listing.source else {
            return;
        };
        // The rest of the way to the feed is the same in both.
        let rest = from.strip_prefix(&**listed);
        let rest = rest.filter(|it| it.is_empty() || it.starts_with('/'));
        if let Some(rest) = rest {
            let to = to.strip_suffix(rest).unwrap_or_default();
            self.sources.refiled = Some((listed.to_string(), to.to_owned()));
        }
    }

    /// Where the feeds of the folder that is listed lie elsewhere in new rows, another program had them go there: it is
    /// followed, or left if they are nowhere together.
    pub(super) fn see_refiled(&mut self, rows: &[SourceRow]) {
        let Source::Folder(listed) = &self.list.listing.source else {
            return;
        };
        // The rest of the way to a feed, where that lies in the folder.
        let rest = |row: &SourceRow| {
            let folder = row.folder.as_deref().unwrap_or_default();
            let rest = folder.strip_prefix(&**listed)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
        };
        let id = |row: &SourceRow| match &row.source {
            Source::Feed(feed) => Some(feed.id),
            _ => None,
        };
        let mut feeds = rows.iter().filter(|row| id(row).is_some());
        if feeds.any(|row| rest(row).is_some()) {
            return;
        }
        let lay_here = self.sources.rows.iter().filter(|row| id(row).is_some());
        let mut went: Vec<String> = lay_here
            .filter_map(|row| Some((id(row), rest(row)?)))
            .map(|(feed, rest)| {
                let now = rows.iter().find(|row| id(row) == feed);
                let now = now
                    .and_then(|row| row.folder.as_deref())
                    .unwrap_or_default();
                now.strip_suffix(&*rest).unwrap_or_default().to_owned()
            })
            .collect();
        went.dedup();
        let to = match &mut went[..] {
            [] => return,
            [to] => std::mem::take(to),
            _ => String::new(),
        };
        self.sources.refiled = Some((listed.to_string(), to));
    }

    /// Follows a folder that is listed where its feeds went.
    pub(super) fn follow_folder(&mut self, rows: &[SourceRow], effects: &mut Vec<Effect>) {
        let Some((from, to)) = &self.sources.refiled else {
            return;
        };
        let there = |folder: &str| {
            let is = |row: &SourceRow| matches!(&row.source, Source::Folder(it) if **it == *folder);
            rows.iter().any(is)
        };
        let is_listed = matches!(&self.list.listing.source, Source::Folder(it) if **it == **from);
        if is_listed && there(to) && !there(from) {
            self.list.listing.source = Source::Folder(to.as_str().into());
            self.sources.refiled = None;
            self.load_again(effects);
        }
    }

    /// Where the search that is listed was forgotten, by another program, or the feed is no longer subscribed
    /// to, goes on with all stories.
    pub(super) fn leave_forgotten(&mut self, rows: &[SourceRow], effects: &mut Vec<Effect>) {
        let gone = |listing: &Listing| {
            let left = self
                .sources
                .refiled
                .as_ref()
                .filter(|(_, to)| to.is_empty());
            let ends = match &listing.source {
                Source::Saved(_) | Source::Feed(_) => true,
                Source::Folder(folder) => left.is_some_and(|(from, _)| **from == **folder),
                _ => false,
            };
            ends && !rows.is_empty() && rows.iter().all(|row| row.source != listing.source)
        };
        if !gone(&self.list.listing) {
            return;
        }
        let gone = self.list.listing.source.clone();
        if let Some(before) = &mut self.list.before_search {
            before.listing.source = Source::All;
        }
        let source = match &gone {
            // Who stands among the feeds stays there: the next one has its place.
            Source::Feed(_) | Source::Folder(_) if self.focus == Column::Sources => {
                self.sources.beside(&gone, rows).unwrap_or(Source::All)
            }
            _ => Source::All,
        };
        let listing = Listing {
            source,
            ..self.list.listing.clone()
        };
        let here = self.list.current().filter(|_| !self.list.stale);
        let anchor = match here {
            Some(row) if listing.source == Source::All => Anchor::Story(row.id),
            _ => Anchor::Start,
        };
        let list = List {
            listing,
            moved: self.list.moved,
            before_search: self.list.before_search.take(),
            ..List::default()
        };
        self.list_anew(list, anchor, effects);
        self.hunt = None;
        // Who ended a subscription knows.
        if let Source::Saved(name) = gone {
            self.notice(format!(
                "The search “{name}” was forgotten; all stories are listed."
            ));
        }
    }

    fn list_source(&mut self, index: usize, anchor: Anchor, effects: &mut Vec<Effect>) {
        let Some(row) = self.sources.rows.get(index) else {
            return;
        };
        self.sources.cursor = index;
        // What was chosen for the list holds in every source; what a search is sorted by does not.
        let plain = match &self.list.before_search {
            Some(before) => &before.listing,
            None => &self.list.listing,
        };
        let listing = Listing {
            source: row.source.clone(),
            unread: plain.unread,
            sort: plain.sort,
            ..Listing::default()
        };
        let list = List {
            listing,
            ..List::default()
        };
        self.list_anew(list, anchor, effects);
    }

    /// To the next unread story, or the one before.
    pub(super) fn seek_unread(&mut self, forward: bool, effects: &mut Vec<Effect>) {
        // Who holds the key down is on the way already.
        if self.hunt.is_some() {
            return;
        }
        match self.list.current().map(|row| row.id) {
            Some(here) => {
                self.list.moved = true;
                self.load(next(forward, here), effects);
            }
            None if !self.list.stale => self.hunt_on(forward, None, effects),
            None => {}
        }
    }

    /// Rows arrived that an unread story was looked for in; `before` had the cursor. Goes on where
    /// there is none.
    pub(super) fn take_unread(
        &mut self,
        forward: bool,
        before: Option<StoryId>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(row) = self.list.current() else {
            return self.hunt_on(forward, before, effects);
        };
        let (id, unread) = (row.id, !row.read);
        match &self.hunt {
            None if Some(id) == before => self.hunt_on(forward, before, effects),
            None => self.arrive(id, effects),
            // Of a source that was entered from below, the last story shows first.
            Some(hunt) if unread && id != hunt.from && Some(id) != before => {
                let from = hunt.origin.listing.source.name();
                let words = format!(
                    "On to “{}”: nothing more is unread {} in “{from}”.",
                    self.list.listing.source.name(),
                    if forward { "below" } else { "above" },
                );
                self.hunt = None;
                self.list.moved = true;
                self.notice(words);
                self.arrive(id, effects);
            }
            Some(_) if Some(id) == before => self.hunt_on(forward, before, effects),
            Some(_) => self.load(next(forward, id), effects),
        }
    }

    /// Reads the story that the cursor came to, for who reads.
    pub(super) fn arrive(&mut self, id: StoryId, effects: &mut Vec<Effect>) {
        if self.focus == Column::Reader {
            self.want(id, effects);
        }
    }

    /// Goes on to the next source with unread stories; after the last one, back to where one was.
    fn hunt_on(&mut self, forward: bool, from: Option<StoryId>, effects: &mut Vec<Effect>) {
        let here = self.sources.index_of(&self.list.listing.source);
        let worth = |index: &usize| {
            let row = self.sources.rows.get(*index);
            row.is_some_and(|row| row.unread > 0 && row.source != Source::Removed)
        };
        let next = match here {
            // A search is no source: it ends where it ends.
            _ if !self.list.listing.search.is_empty() => None,
            Some(here) if forward => (here + 1..self.sources.rows.len()).find(worth),
            Some(here) => (0..here).rev().find(worth),
            None => None,
        };
        let Some(next) = next else {
            if let Some(hunt) = self.hunt.take() {
                let request = self.list.request;
                self.list = List {
                    request,
                    ..*hunt.origin
                };
                let index = self.sources.index_of(&self.list.listing.source);
                self.sources.cursor = index.unwrap_or(self.sources.cursor);
                let anchor = self
                    .list
                    .current()
                    .map_or(Anchor::Start, |row| Anchor::Story(row.id));
                self.load(anchor, effects);
            }
            let place = match (forward, self.list.listing.search.is_empty()) {
                (_, false) => "in this list",
                (true, true) => "from here on",
                (false, true) => "before this one",
            };
            self.notice(format!("There is no further unread story {place}."));
            return;
        };
        let origin = match self.hunt.take() {
            Some(hunt) => hunt.origin,
            None => Box::new(self.list.clone()),
        };
        let from = origin.current().map(|row| row.id).or(from);
        self.hunt = Some(Hunt {
            forward,
            from: from.unwrap_or(StoryId(u32::MAX)),
            origin,
        });
        let anchor = if forward {
            Anchor::FirstUnread
        } else {
            Anchor::End
        };
        self.list_source(next, anchor, effects);
    }
}

fn next(forward: bool, here: StoryId) -> Anchor {
    if forward {
        Anchor::NextUnread(here)
    } else {
        Anchor::PreviousUnread(here)
    }
}
