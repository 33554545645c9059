//! What is known of every story, and the lists made from it.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    matching::{self, Cancelled, Marker, Title},
    place::Place,
};
use crate::story::{
    self, Anchor, Listing, Published, Row, Source, SourceRow, Story, StoryId, Window,
};

/// Rows that a window holds on either side of its anchor.
const REACH: usize = 150;

/// What the catalogue keeps of one story.
#[derive(Debug)]
pub(super) struct Entry {
    pub place: Place,
    pub title: Arc<str>,
    pub authors: Vec<Arc<str>>,
    pub categories: Vec<Arc<str>>,
    /// The folder it lies in, relative to the one that was named; empty for that one itself.
    pub folder: Arc<str>,
    pub when: Published,
    pub words: usize,
    pub url: Option<Arc<str>>,
    pub trouble: Option<Arc<str>>,
    pub read: bool,
}

impl Entry {
    /// An entry for what the head of a story says.
    pub(super) fn new(
        place: Place,
        folder: Arc<str>,
        modified: Timestamp,
        head: Story,
        words: usize,
    ) -> Self {
        Entry {
            place,
            folder,
            title: head.title.into(),
            authors: head.authors.into_iter().map(Arc::from).collect(),
            categories: head.categories.into_iter().map(Arc::from).collect(),
            when: head.published.unwrap_or(Published::At(modified)),
            words,
            url: head.url.map(Arc::from),
            trouble: None,
            read: false,
        }
    }

    /// An entry for a file that cannot be read: it is listed by its name, with the reason.
    pub(super) fn troubled(place: Place, folder: Arc<str>, modified: Timestamp, why: &str) -> Self {
        let title = place.name();
        let mut entry = Entry::new(
            place,
            folder,
            modified,
            Story::new(story::Kind::Text, title, ""),
            0,
        );
        entry.trouble = Some(why.into());
        // Nobody will ever come to its end.
        entry.read = true;
        entry
    }

    fn is_in(&self, source: &Source) -> bool {
        match source {
            Source::All => true,
            Source::Unread => !self.read,
            Source::Folder(folder) => {
                let rest = self.folder.strip_prefix(&**folder);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Source::Category(name) => self.categories.contains(name),
            Source::Author(name) => self.authors.contains(name),
        }
    }
}

/// What the last search found, newest first. Who types on narrows it: only these are looked at again.
#[derive(Debug)]
pub(super) struct Narrowing {
    listing: Listing,
    stories: usize,
    found: Vec<u32>,
}

impl Narrowing {
    /// Whether all that `listing` finds is among what was found.
    fn narrows_to(&self, listing: &Listing, stories: usize) -> bool {
        // What counts as unread may have changed since.
        self.listing.source == listing.source
            && listing.source != Source::Unread
            && self.stories == stories
            && listing.search.starts_with(&self.listing.search)
    }
}

#[derive(Debug, Default)]
pub(super) struct Catalogue {
    entries: Vec<Entry>,
    /// Of each entry's title, as [`matching::letters`] gives them.
    letters: Vec<u64>,
    /// Entries, newest first.
    by_date: Vec<u32>,
    sorted: bool,
}

impl Catalogue {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn add(&mut self, entries: Vec<Entry>) {
        let first = self.entries.len() as u32;
        self.by_date.extend(first..first + entries.len() as u32);
        let letters = entries.iter().map(|it| matching::letters(&it.title));
        self.letters.extend(letters);
        self.entries.extend(entries);
        self.sorted = false;
    }

    pub(super) fn is_sorted(&self) -> bool {
        self.sorted
    }

    /// Brings the order up to date after stories came in.
    pub(super) fn sort(&mut self) {
        if !self.sorted {
            let entries = &self.entries;
            // Stories of one moment stand in the order of their titles, whichever came in first.
            let key = |i: &u32| std::cmp::Reverse(entries[*i as usize].when.seconds());
            self.by_date.sort_by(|a, b| {
                let by_title = || entries[*a as usize].title.cmp(&entries[*b as usize].title);
                key(a).cmp(&key(b)).then_with(by_title)
            });
            self.sorted = true;
        }
    }

    fn entry(&self, id: StoryId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    pub(super) fn place(&self, id: StoryId) -> Option<Place> {
        self.entry(id).map(|entry| entry.place.clone())
    }

    pub(super) fn is_read(&self, id: StoryId) -> bool {
        self.entry(id).is_some_and(|entry| entry.read)
    }

    pub(super) fn set_read(&mut self, id: StoryId, read: bool) {
        if let Some(entry) = self.entries.get_mut(id.0 as usize) {
            entry.read = read;
        }
    }

    /// The stories of a listing, in its order.
    fn listed(
        &self,
        listing: &Listing,
        last: &mut Option<Narrowing>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<u32>, Cancelled> {
        if listing.search.trim().is_empty() {
            return Ok(self.part(listing));
        }
        let part = last
            .take_if(|last| last.narrows_to(listing, self.len()))
            .map_or_else(|| self.part(listing), |last| last.found);
        let title = |i: u32| Title {
            text: &self.entries[i as usize].title,
            letters: self.letters[i as usize],
        };
        let found = matching::matches(&listing.search, &part, title, cancelled)?;
        *last = Some(Narrowing {
            listing: listing.clone(),
            stories: self.len(),
            found: found.iter().map(|it| it.entry).collect(),
        });
        Ok(matching::best_first(&found))
    }

    /// The stories of a source, newest first.
    fn part(&self, listing: &Listing) -> Vec<u32> {
        let listed = |i: &u32| {
            self.entries[*i as usize].is_in(&listing.source) || listing.keep.contains(&StoryId(*i))
        };
        match listing.source {
            Source::All => self.by_date.clone(),
            _ => self.by_date.iter().copied().filter(listed).collect(),
        }
    }

    pub(super) fn window(
        &self,
        listing: &Listing,
        anchor: Anchor,
        last: &mut Option<Narrowing>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Window, Cancelled> {
        let listed = self.listed(listing, last, cancelled)?;
        let index_of = |id: StoryId| listed.iter().position(|i| *i == id.0);
        let unread = |i: &u32| !self.entries[*i as usize].read;
        let (around, at) = match anchor {
            Anchor::Start => (0, None),
            Anchor::End => (listed.len().saturating_sub(1), None),
            Anchor::Story(id) => (index_of(id).unwrap_or(0), index_of(id)),
            Anchor::NextUnread(id) => {
                let here = index_of(id).unwrap_or(0);
                let below = listed.iter().skip(here + 1).position(unread);
                let at = below.map(|n| here + 1 + n);
                (at.unwrap_or(here), at.or(Some(here)))
            }
            Anchor::PreviousUnread(id) => {
                let here = index_of(id).unwrap_or(0);
                let at = listed[..here.min(listed.len())].iter().rposition(unread);
                (at.unwrap_or(here), at.or(Some(here)))
            }
        };
        let searched = !listing.search.trim().is_empty();
        let mut marker = searched.then(|| Marker::new(&listing.search));
        let first = around.saturating_sub(REACH);
        let end = (around + REACH).min(listed.len());
        let rows = listed[first..end]
            .iter()
            .map(|i| self.row(*i, marker.as_mut()))
            .collect();
        Ok(Window {
            first,
            total: listed.len(),
            rows,
            at,
        })
    }

    fn row(&self, index: u32, marker: Option<&mut Marker>) -> Row {
        let entry = &self.entries[index as usize];
        let from = match (entry.authors.first(), &entry.place) {
            (Some(author), _) => Arc::clone(author),
            (None, Place::Stdin(_)) => "standard input".into(),
            (None, _) if entry.folder.is_empty() => entry.place.name().into(),
            (None, _) => Arc::clone(&entry.folder),
        };
        Row {
            id: StoryId(index),
            title: Arc::clone(&entry.title),
            from,
            when: entry.when,
            minutes: story::minutes(entry.words),
            read: entry.read,
            trouble: entry.trouble.clone(),
            url: entry.url.clone(),
            matched: marker.map_or_else(Vec::new, |marker| marker.mark(&entry.title)),
        }
    }

    pub(super) fn sources(&self) -> Vec<SourceRow> {
        #[derive(Default)]
        struct Count(usize, usize);
        impl Count {
            fn add(&mut self, read: bool) {
                self.0 += 1;
                self.1 += usize::from(!read);
            }
        }
        let mut all = Count::default();
        let mut folders: BTreeMap<&str, Count> = BTreeMap::new();
        let mut categories: BTreeMap<&Arc<str>, Count> = BTreeMap::new();
        let mut authors: BTreeMap<&Arc<str>, Count> = BTreeMap::new();
        for entry in &self.entries {
            all.add(entry.read);
            // A folder counts what lies in the folders within it, too.
            let ends = entry.folder.match_indices('/').map(|(at, _)| at);
            for end in ends.chain([entry.folder.len()]).filter(|end| *end > 0) {
                folders
                    .entry(&entry.folder[..end])
                    .or_default()
                    .add(entry.read);
            }
            for name in &entry.categories {
                categories.entry(name).or_default().add(entry.read);
            }
            for name in &entry.authors {
                authors.entry(name).or_default().add(entry.read);
            }
        }
        let row = |source, Count(total, unread): &Count| SourceRow {
            source,
            total: *total,
            unread: *unread,
        };
        let unread = Count(all.1, all.1);
        let mut rows = vec![row(Source::All, &all), row(Source::Unread, &unread)];
        rows.extend(
            folders
                .iter()
                .map(|(n, c)| row(Source::Folder((*n).into()), c)),
        );
        rows.extend(
            categories
                .iter()
                .map(|(n, c)| row(Source::Category(Arc::clone(n)), c)),
        );
        rows.extend(
            authors
                .iter()
                .map(|(n, c)| row(Source::Author(Arc::clone(n)), c)),
        );
        rows
    }

    pub(super) fn resolve(&self, from: StoryId, target: &str) -> Option<(StoryId, Option<String>)> {
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (target, None),
        };
        let path = decode_percent(path.split('?').next().unwrap_or(path));
        let here = &self.entry(from)?.place;
        let wanted: Vec<PathBuf> = match here {
            Place::File(file) => {
                let folder = file.parent().unwrap_or(Path::new(""));
                candidates(folder, &path)
            }
            _ => candidates(Path::new(""), &path),
        };
        let lies_there = |entry: &Entry| match (&entry.place, here) {
            (Place::File(file), Place::File(_)) => wanted.iter().any(|it| **it == **file),
            (Place::Bundled(name), Place::Bundled(_)) => {
                wanted.iter().any(|it| it == Path::new(name))
            }
            _ => false,
        };
        // A wikilink names a file wherever it lies.
        let stem = Path::new(&path)
            .file_name()?
            .to_string_lossy()
            .to_lowercase();
        let is_named = |entry: &Entry| {
            let name = entry.place.name().to_lowercase();
            name == stem
                || name
                    .rsplit_once('.')
                    .is_some_and(|(start, _)| start == stem)
        };
        let found = self
            .entries
            .iter()
            .position(lies_there)
            .or_else(|| self.entries.iter().position(is_named))?;
        Some((StoryId(found as u32), anchor))
    }
}

/// The files that a relative link may mean: as it stands, or with the ending left out.
fn candidates(folder: &Path, link: &str) -> Vec<PathBuf> {
    let mut path = folder.to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    let mut with_ending = path.clone().into_os_string();
    with_ending.push(".md");
    vec![path, with_ending.into()]
}

/// `%20` and the like as the bytes they stand for (RFC 3986, 2.1).
fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let pair = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = pair.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
