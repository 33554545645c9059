//! The entries of one feed on their way in: which are known, and what each is known by.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, ZonedDateTime};
use rusqlite::{OptionalExtension, Transaction};
use url::Url;

use super::{
    super::{
        Library, StoreError, catalogue,
        facets::Facets,
        intake::{Found, Intake, Taken},
        state::Writer,
    },
    FOLDER, GOES_BY,
    issue::{self, Incoming},
    nameless::Nameless,
    path_of_entry,
    renumbered::Renumbered,
    rules::{self, Announced, Rule},
    settle,
};
use crate::{
    ingest::feed,
    story::{Change, Published, fold::Folding, link},
};

/// The print of an entry that another reader kept: whatever its feed sends is another one.
const BROUGHT: i64 = 1;

/// A feed as its entries are taken in.
struct Home {
    id: i64,
    name: String,
    title: String,
    folder: String,
    url: String,
    key: String,
    page: Option<String>,
    /// How often its entries have changed.
    turn: i64,
}

/// What is known of an entry.
#[derive(Clone, Copy)]
struct Known {
    id: i64,
    link: i64,
    print: i64,
    comments: u32,
    /// Seconds since 1970 when it came.
    came: i64,
    /// Whether it is not to be kept any more ([`super::retention`]).
    retired: bool,
}

/// How entries come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Their feed sent them.
    Sent,
    /// Another reader kept them.
    Brought,
}

/// What came of one feed.
pub(super) struct Arrived {
    /// The name of the feed.
    pub feed: String,
    pub taken: Taken,
    /// The entries whose stories are new.
    pub new: Vec<i64>,
    pub notable: Vec<String>,
    /// Of each that was brought its place, and what its story is known by.
    pub keys: Vec<(usize, String)>,
}

/// Takes in entries of a feed: its number, and when they came.
pub(super) fn come_in(
    library: &Library,
    transaction: &Transaction<'_>,
    (facets, rules): (&mut Facets, &[Rule]),
    (feed, at): (i64, i64),
    entries: Vec<Incoming>,
    manner: Manner,
) -> Result<Arrived, StoreError> {
    let home = transaction
        .prepare_cached(&format!(
            "SELECT {GOES_BY}, {FOLDER}, url, page, turn, key, title FROM feed WHERE id = ?1"
        ))?
        .query_row([feed], |row| {
            Ok(Home {
                id: feed,
                name: link::shown(&row.get::<_, String>(0)?).into_owned(),
                folder: row.get(1)?,
                url: row.get(2)?,
                page: row.get(3)?,
                turn: row.get(4)?,
                key: row.get(5)?,
                title: row.get(6)?,
            })
        })?;
    let known = known(transaction, feed)?;
    if known.is_empty() {
        // There is nothing to bring in line: its stories come in as they should be.
        let wanted = (&*settle::wanted(&home.name, &home.folder), home.turn);
        settle::is_settled(transaction, library.collection, feed, wanted)?;
    }
    let is_first = known.is_empty();
    let mut intake = Intake::new(
        transaction,
        library.collection,
        &library.root,
        facets,
        !is_first,
    )?;
    let mut links: HashMap<i64, Vec<i64>> = HashMap::new();
    for (ident, known) in known.iter().filter(|(_, known)| known.link != 0) {
        links.entry(known.link).or_default().push(*ident);
    }
    let bare = known.iter().filter(|(_, it)| it.link == 0);
    let bare = bare.filter(|(_, it)| it.print != BROUGHT);
    let renumbered = Renumbered::of(&entries, bare.map(|(ident, it)| (*ident, it.print)));
    let mut coming = Coming {
        transaction,
        collection: library.collection,
        home,
        at,
        known,
        links,
        idents: HashSet::new(),
        renumbered,
        nameless: None,
        rules,
        now: (library.clock)(),
        came: 0,
        new: Vec::new(),
        edited: 0,
        written: false,
        ruled: Vec::new(),
        notable: Vec::new(),
    };
    coming.idents = entries.iter().map(|it| it.ident).collect();
    let mut keys = Vec::new();
    // The last one first: of entries of one moment the first in the feed has the higher number.
    for incoming in entries.into_iter().rev() {
        match manner {
            Manner::Sent => coming.take(&mut intake, incoming, false)?,
            Manner::Brought => {
                let key = coming.bring(&mut intake, incoming)?;
                keys.push(key);
            }
        }
    }
    if manner == Manner::Sent && coming.came + coming.edited > 0 {
        transaction
            .prepare_cached("UPDATE feed SET changed = ?2 WHERE id = ?1")?
            .execute((feed, at))?;
    }
    if coming.written {
        settle::count_up(transaction, library.collection, feed)?;
    }
    let taken = library.ended(intake)?;
    let Coming {
        new,
        ruled,
        notable,
        home,
        ..
    } = coming;
    if !ruled.is_empty() {
        let mut writer = Writer::new(transaction);
        for (key, changes) in ruled {
            writer.rule(&key, &changes)?;
        }
        writer.finish()?;
    }
    Ok(Arrived {
        feed: home.name,
        taken,
        new,
        notable,
        keys,
    })
}

/// The entries of a feed, by their idents.
fn known(transaction: &Transaction<'_>, feed: i64) -> rusqlite::Result<HashMap<i64, Known>> {
    let mut statement = transaction.prepare_cached(
        "SELECT ident, id, link, print, comments, content = '', came FROM entry WHERE feed = ?1",
    )?;
    let known = statement.query_map([feed], |row| {
        let known = Known {
            id: row.get(1)?,
            link: row.get(2)?,
            print: row.get(3)?,
            comments: row.get(4)?,
            retired: row.get(5)?,
            came: row.get(6)?,
        };
        Ok((row.get(0)?, known))
    })?;
    known.collect()
}

/// The entries of one feed on their way in.
struct Coming<'a> {
    transaction: &'a Transaction<'a>,
    collection: i64,
    home: Home,
    at: i64,
    known: HashMap<i64, Known>,
    /// The idents of those that have a link.
    links: HashMap<i64, Vec<i64>>,
    /// The idents of all that come.
    idents: HashSet<i64>,
    /// Those that have an identifier and no page.
    renumbered: Renumbered,
    /// Those that have neither identifier nor page, once they are needed.
    nameless: Option<Nameless>,
    rules: &'a [Rule],
    now: ZonedDateTime,
    /// Entries that were not there.
    came: usize,
    /// Those among them whose stories nothing else has brought, and that are to be read.
    new: Vec<i64>,
    edited: usize,
    /// Whether any entry came or changed.
    written: bool,
    /// What rules do with new stories, by their keys.
    ruled: Vec<(String, Vec<Change>)>,
    notable: Vec<String>,
}

impl Coming<'_> {
    /// Takes in an entry that another reader kept, unless it is known here. Gives its place, and what its
    /// story is known by.
    fn bring(
        &mut self,
        intake: &mut Intake<'_>,
        incoming: Incoming,
    ) -> rusqlite::Result<(usize, String)> {
        let mut incoming = incoming;
        self.recognise(&mut incoming)?;
        let known = match self.known.get(&incoming.ident) {
            Some(known) => Some(*known),
            None => self.same(&incoming)?,
        };
        let place = incoming.place;
        let key = self.key_of(&incoming).to_owned();
        let Some(known) = known else {
            self.take(intake, incoming, true)?;
            return Ok((place, key));
        };
        let listed = self
            .transaction
            .prepare_cached(
                "SELECT story.key FROM file JOIN story ON story.id = file.story \
                 WHERE file.collection = ?1 AND path = ?2",
            )?
            .query_row((self.collection, path_of_entry(known.id)), |row| row.get(0))
            .optional()?;
        Ok((place, listed.unwrap_or(key)))
    }

    /// What the story of an entry is known by: its link, unless another entry has that one, too.
    fn key_of<'b>(&self, incoming: &'b Incoming) -> &'b str {
        let linked = self.links.get(&incoming.link).map_or(&[][..], |it| it);
        match linked.iter().any(|ident| *ident != incoming.ident) {
            true => &incoming.own_key,
            false => &incoming.entry.key,
        }
    }

    /// Takes in an entry. What was `brought` is replaced by what the feed itself says, and that is no edit.
    fn take(
        &mut self,
        intake: &mut Intake<'_>,
        mut incoming: Incoming,
        brought: bool,
    ) -> rusqlite::Result<()> {
        self.recognise(&mut incoming)?;
        let known = match self.known.get(&incoming.ident) {
            None => self.renumbered(&incoming)?,
            Some(known) => Some(*known),
        };
        if known.is_some_and(|known| known.retired) {
            return Ok(());
        }
        if let Some(known) = known
            && known.print == incoming.print
        {
            if known.comments != incoming.comments {
                return self.count_comments(known.id, incoming.comments);
            }
            return Ok(());
        }
        let mut says_else = false;
        if let Some(known) = known {
            self.keep_date(known, &mut incoming)?;
            says_else = self.says_else(known.id, &incoming)?;
        }
        let print = if brought { BROUGHT } else { incoming.print };
        // What another reader kept is replaced by what the feed itself says: nobody edited it.
        let edited = match known {
            Some(known) if known.print != BROUGHT && says_else => self.at,
            _ => 0,
        };
        let id = match known {
            Some(known) => {
                self.transaction
                    .prepare_cached(
                        "UPDATE entry SET link = ?2, print = ?3, edited = max(edited, ?4), comments = ?5, \
                         content = ?6 WHERE id = ?1",
                    )?
                    .execute((
                        known.id,
                        incoming.link,
                        print,
                        edited,
                        incoming.comments,
                        &incoming.content,
                    ))?;
                self.edited += usize::from(says_else);
                known.id
            }
            None => {
                self.transaction
                    .prepare_cached(
                        "INSERT INTO entry (feed, ident, link, print, came, comments, content) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    )?
                    .execute((
                        self.home.id,
                        incoming.ident,
                        incoming.link,
                        print,
                        self.at,
                        incoming.comments,
                        &incoming.content,
                    ))?;
                self.came += 1;
                self.transaction.last_insert_rowid()
            }
        };
        self.written = true;
        let is_new = known.is_none();
        incoming.entry.key = self.key_of(&incoming).to_owned();
        if is_new {
            // What another feed has, or a file, is nothing new; nor is what a rule takes away.
            let key = &incoming.entry.key;
            let is_there = catalogue::numbered(self.transaction, self.collection, key)?.is_some();
            let shows = self.rules.is_empty() || self.follow_rules(&incoming);
            if shows && !is_there {
                self.new.push(id);
            }
        }
        let home = &self.home;
        incoming.entry.is_of_feed(home.id, &home.name, &home.folder);
        let path = path_of_entry(id);
        intake.take(Found {
            path: path.clone(),
            stamp: print,
            hash: 0,
            entry: incoming.entry,
        })?;
        if edited > 0 && intake.speaks(&path)? {
            self.transaction
                .prepare_cached(
                    "UPDATE story SET edited = ?3 WHERE id = \
                     (SELECT story FROM file WHERE collection = ?1 AND path = ?2)",
                )?
                .execute((self.collection, path, self.at))?;
        }
        Ok(())
    }

    /// Finds out what rules do with a new story. Says whether it stays one that is to be read.
    fn follow_rules(&mut self, incoming: &Incoming) -> bool {
        let announced = Announced {
            incoming,
            feed: [
                &self.home.name,
                &self.home.title,
                &self.home.url,
                &self.home.key,
            ],
            folder: &self.home.folder,
            changes: Vec::new(),
        };
        let (changes, notify) = rules::outcome(self.rules, announced, &self.now);
        if notify {
            self.notable.push(incoming.entry.title.clone());
        }
        let gone = |it: &Change| matches!(it, Change::Read(true) | Change::Removed(true));
        let shows = !changes.iter().any(gone);
        if !changes.is_empty() {
            self.ruled.push((incoming.entry.key.clone(), changes));
        }
        shows
    }

    /// Gives an entry whose feed says no date that can be true the one that it had: the one that another reader
    /// had seen it on, else the day on which it came. It is no newer for being edited, or for being sent again.
    fn keep_date(&self, known: Known, incoming: &mut Incoming) -> rusqlite::Result<()> {
        let read = |content: &str| serde_json::from_str::<feed::Entry>(content).ok();
        let Some(mut new) = read(&incoming.content) else {
            return Ok(());
        };
        if new.published == Some(incoming.entry.when) {
            return Ok(());
        }
        let came = Timestamp::from_second(known.came).unwrap_or_default();
        let old = read(&self.content(known.id)?).and_then(|old| old.published);
        let old = old.filter(|it| !issue::is_ahead(*it, came));
        if let (None, Some(_)) = (new.published, old) {
            new.published = old;
            incoming.content = serde_json::to_string(&new).unwrap_or_default();
        }
        let date = old.unwrap_or(Published::At(came));
        incoming.entry.story.published = Some(date);
        incoming.entry.when = date;
        Ok(())
    }

    /// Whether an entry says something else to its reader than before: another date is no news.
    fn says_else(&self, id: i64, incoming: &Incoming) -> rusqlite::Result<bool> {
        let read = |content: &str| serde_json::from_str::<feed::Entry>(content).ok();
        let said = |it: feed::Entry| (it.title, it.content, it.summary);
        Ok(read(&self.content(id)?).map(said) != read(&incoming.content).map(said))
    }

    /// What an entry is, as it is kept.
    fn content(&self, id: i64) -> rusqlite::Result<String> {
        self.transaction
            .prepare_cached("SELECT content FROM entry WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
    }

    /// Finds an entry that is known by its identifier in another form: an address in part, as newsboat keeps
    /// what a feed writes, or whole, as it is read here. Its story goes on by the form that was first.
    /// One without anything of the kind is known by its title and text.
    fn recognise(&mut self, incoming: &mut Incoming) -> rusqlite::Result<()> {
        let own = self.known.get(&incoming.ident).map(|it| it.print);
        if let Some(ident) = self.renumbered.take(incoming, own) {
            incoming.is_known_by(ident);
            return Ok(());
        }
        if self.known.is_empty() || own.is_some() {
            return Ok(());
        }
        let Some(id) = incoming.id.as_deref() else {
            if incoming.link == 0
                && let Some(ident) = self.nameless()?.take(incoming)
            {
                incoming.is_known_by(ident);
            }
            return Ok(());
        };
        let known = |id: &str| {
            let ident = issue::ident_of(id);
            self.known.contains_key(&ident).then_some(ident)
        };
        let in_part = |at: usize| [at, at + 1].into_iter().find_map(|at| known(id.get(at..)?));
        let whole = |base: &str| known(Url::parse(base).ok()?.join(id).ok()?.as_str());
        let found = match Url::parse(id) {
            Ok(url) if url.has_host() => {
                let path = id.find(url.path()).unwrap_or(id.len());
                let parts = id.match_indices(['/', '?', '#']).map(|(at, _)| at);
                parts.filter(|at| *at >= path).find_map(in_part)
            }
            Ok(_) => None,
            Err(_) => whole(&self.home.url).or_else(|| whole(self.home.page.as_deref()?)),
        };
        if let Some(ident) = found {
            incoming.is_known_by(ident);
        }
        Ok(())
    }

    fn nameless(&mut self) -> rusqlite::Result<&mut Nameless> {
        let nameless = match self.nameless.take() {
            Some(nameless) => nameless,
            None => Nameless::of(self.transaction, self.home.id, &self.idents)?,
        };
        Ok(self.nameless.insert(nameless))
    }

    /// The entry that this one is under another identifier, which it has from now on.
    fn renumbered(&mut self, incoming: &Incoming) -> rusqlite::Result<Option<Known>> {
        let Some(known) = self.same(incoming)? else {
            return Ok(None);
        };
        self.transaction
            .prepare_cached("UPDATE entry SET ident = ?2 WHERE id = ?1")?
            .execute((known.id, incoming.ident))?;
        // Else its link would be one that another entry has.
        self.links.insert(incoming.link, vec![incoming.ident]);
        self.known.insert(incoming.ident, known);
        Ok(Some(known))
    }

    /// The entry that this one is under another identifier: a feed that changed how it numbers its entries
    /// announces none of them anew. One that always names the same page does, so more than the link has to
    /// be the same.
    fn same(&self, incoming: &Incoming) -> rusqlite::Result<Option<Known>> {
        let Some([ident]) = self.links.get(&incoming.link).map(|it| &**it) else {
            return Ok(None);
        };
        let Some(known) = self.known.get(ident).copied() else {
            return Ok(None);
        };
        let content = self.content(known.id)?;
        let read = |content: &str| serde_json::from_str::<feed::Entry>(content).ok();
        let (Some(old), Some(new)) = (read(&content), read(&incoming.content)) else {
            return Ok(None);
        };
        let title = |entry: &feed::Entry| Folding::ALL.apply(entry.title.trim());
        // newsboat numbers and names by its own rules what its feed neither numbers nor names.
        let is_one = known.print == BROUGHT
            || title(&old) == title(&new)
            || (old.published.is_some() && old.published == new.published)
            || !self.is_listed(known.id)?;
        Ok(is_one.then_some(known))
    }

    /// Whether the story of an entry is in a list: after its feed was left it is in none, and comes back as
    /// the one that it was.
    fn is_listed(&self, entry: i64) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM file WHERE collection = ?1 AND path = ?2)",
            )?
            .query_row((self.collection, path_of_entry(entry)), |row| row.get(0))
    }

    fn count_comments(&self, entry: i64, comments: u32) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached("UPDATE entry SET comments = ?2 WHERE id = ?1")?
            .execute((entry, comments))?;
        self.transaction
            .prepare_cached(&format!(
                "UPDATE story SET comments = ?2 WHERE id IN ({})",
                settle::STORIES_OF_ENTRY
            ))?
            .execute((path_of_entry(entry), comments))?;
        Ok(())
    }
}
