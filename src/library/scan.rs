//! Looking for stories, in all folders or in some: what a walk finds new or changed is taken in, in
//! batches, and of what it did not find it is decided whether it is gone.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, bounded};

use super::{
    Library, LibraryError, bundled,
    facets::Facets,
    feeds, fingerprint,
    intake::{self, Found, Intake, Taken},
    known::Known,
    search,
    store::Lane,
    walk::{Only, Seen, Walk},
};
use crate::{
    ingest,
    story::{StoryId, clean},
};

/// Files that are forgotten at once, at most.
const BATCH: usize = 512;

/// Stories that one transaction takes in, the first of a scan and the later ones: pages of the
/// database that many stories change are written once for all of them.
const TOGETHER: (usize, usize) = (32, 16_384);

/// How long one transaction goes on, at most: other programs wait for it.
const SPAN: Duration = Duration::from_secs(2);

/// Files with another content than they had that wait until all were met, at most: whoever changes more
/// of them at once has not renamed them by hand.
const DOUBTFUL: usize = 65_536;

/// How long a transaction waits for more.
const PATIENCE: Duration = Duration::from_millis(10);

/// Files that wait to be taken in, at most: reading is faster than writing, and is to go on while a
/// transaction ends. The channel has its places from the beginning, so what they hold is boxed.
const WAITING: usize = 8192;

/// Where stories are to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file or a folder.
    Path(PathBuf),
    /// What came through standard input.
    Stdin(Arc<[u8]>),
    /// What ships with recto.
    Bundled,
    /// What was subscribed to.
    Feeds,
}

/// Why an input that was named cannot be one.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// There is nothing of this name.
    #[error("{0}: there is no such file or folder")]
    Missing(String),
    /// It is there, but the system does not let us see it.
    #[error("{path}: {cause}")]
    Io {
        /// The path, as it is shown.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// How far a scan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Stories have come in; more may follow.
    Grew,
    /// Every story that there is stands in the lists. After a first scan, indexes are still built
    /// that only make some lists faster.
    Complete,
}

/// What a scan came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Stories that came in, or came in anew.
    pub stories: usize,
    /// What could not be read, in words, each with its path.
    pub warnings: Vec<String>,
    /// Stories that are new or changed, or cannot be read any more.
    pub put: Vec<StoryId>,
    /// Stories that are gone.
    pub gone: Vec<StoryId>,
    /// Folders that were looked through.
    pub(super) folders: Vec<PathBuf>,
    /// Files that were not found but may come back.
    pub(super) missing: usize,
    /// Files that have to be looked at anew.
    again: Vec<Vec<u8>>,
}

impl Scanned {
    /// Counts in what another look came to.
    pub fn add(&mut self, other: Scanned) {
        self.stories += other.stories;
        self.put.extend(other.put);
        self.gone.extend(other.gone);
    }

    /// Whether lists show something else than before.
    pub fn changed(&self) -> bool {
        !self.put.is_empty() || !self.gone.is_empty()
    }
}

impl Input {
    /// Looks whether a path that was typed can be an input at all.
    ///
    /// # Errors
    /// Names the path, and what is wrong with it.
    pub fn path(path: PathBuf) -> Result<Self, InputError> {
        let shown = || clean::line(&path.to_string_lossy());
        match path.metadata() {
            Ok(_) => Ok(Input::Path(path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(InputError::Missing(shown()))
            }
            Err(cause) => Err(InputError::Io {
                path: shown(),
                cause,
            }),
        }
    }
}

impl Input {
    /// The same, named from the root of the file system.
    pub(super) fn absolute(self) -> Self {
        match self {
            Input::Path(path) => Input::Path(std::path::absolute(&path).unwrap_or(path)),
            other => other,
        }
    }
}

impl Library {
    /// The file that is named before other inputs: whoever begins with one means to read it.
    pub fn named_file(&self) -> Option<&Path> {
        match &self.inputs[..] {
            [Input::Path(path), _, ..] if path.is_file() => Some(path),
            _ => None,
        }
    }

    /// Looks through all inputs and takes in what is new, changed or gone. `tell` hears how far it has
    /// come; `stop` ends it early.
    ///
    /// # Errors
    /// If the database fails. What cannot be read is no error: it is among the warnings.
    pub fn scan(
        &self,
        stop: &AtomicBool,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<Scanned, LibraryError> {
        self.look(None, stop, tell)
    }

    /// Looks at these files and folders only, as [`Library::scan`] does at all.
    ///
    /// # Errors
    /// As [`Library::scan`].
    pub fn look_at(&self, paths: &[PathBuf], stop: &AtomicBool) -> Result<Scanned, LibraryError> {
        self.look(Some(Only::of(paths)), stop, &|_| ())
    }

    /// The stories that lie in these files.
    pub(super) fn stories_at(&self, paths: &[PathBuf]) -> Result<Vec<StoryId>, LibraryError> {
        let connection = self.store.hold(Lane::Intake)?;
        let mut statement = connection
            .prepare_cached("SELECT story FROM file WHERE collection = ?1 AND path = ?2")?;
        let mut stories = Vec::new();
        for path in paths {
            let relative = path.strip_prefix(&self.root).unwrap_or(path);
            let rows = statement
                .query_map((self.collection, intake::bytes_of(relative)), |row| {
                    row.get(0)
                })?;
            for story in rows {
                stories.push(StoryId(story?));
            }
        }
        Ok(stories)
    }

    fn look(
        &self,
        only: Option<Only>,
        stop: &AtomicBool,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<Scanned, LibraryError> {
        let whole = only.is_none();
        let mut known = Vec::new();
        self.each_file(only.as_ref(), |path, stamp| {
            known.push((fingerprint::of(path), stamp));
        })?;
        let known = Known::new(known);
        // In an empty library nothing can have moved, and nothing is missing.
        let first = known.is_empty() && whole;
        let walk = Walk::new(self, stop, &known, only.as_ref());
        let (sender, receiver) = bounded(WAITING);
        let mut scanned = Scanned::default();
        if first {
            self.store.expect(Lane::Intake, true)?;
            self.store.put_off_indexes(0)?;
            // Whoever asks for words meanwhile is told why there are none.
            self.search.wait_for_texts(search::NOT_COUNTED);
        } else {
            self.store.build_indexes()?;
        }
        thread::scope(|scope| {
            let walk = &walk;
            let look = move || walk.all(&sender);
            if thread::Builder::new()
                .name("walk".into())
                .spawn_scoped(scope, look)
                .is_err()
            {
                return Err(LibraryError::Threads);
            }
            // Given away: where it ends early, the walk sees that nobody listens.
            self.take_in(receiver, !first, &mut scanned, tell)
        })?;
        let seen = walk.into_seen();
        self.note_mailboxes(&seen.mailboxes)?;
        if !stop.load(Ordering::Relaxed) {
            if known.lacks_any() {
                let mut missing = Vec::new();
                self.each_file(only.as_ref(), |path, _| {
                    if known.is_missing(fingerprint::of(path)) {
                        missing.push(path.to_vec());
                    }
                })?;
                self.miss(&missing, &seen, &mut scanned)?;
            }
            self.look_again(stop, &mut scanned)?;
            if whole && !first {
                self.reunite(&mut scanned)?;
            }
            if whole {
                scanned.add(self.settle_feeds(stop)?);
            }
        }
        if whole {
            tell(Progress::Complete);
        }
        if first {
            // Who ends the scan early waits for nothing.
            if !stop.load(Ordering::Relaxed) {
                self.store.build_indexes()?;
            }
            self.store.expect(Lane::Intake, false)?;
        } else if whole {
            // What was read once is not read again for a while.
            let connection = self.store.hold(Lane::Intake)?;
            connection.execute_batch("PRAGMA shrink_memory")?;
        }
        scanned.warnings = seen.warnings;
        scanned.folders = seen.folders;
        Ok(scanned)
    }

    /// Calls `of` with the path and the stamp of each known file, or of each that a partial look is
    /// about; of some twice. They are not gathered: there may be a million.
    fn each_file(
        &self,
        only: Option<&Only>,
        mut of: impl FnMut(&[u8], i64),
    ) -> Result<(), LibraryError> {
        let connection = self.store.hold(Lane::Intake)?;
        // Examples that made no room yet may show in a recto that runs: nobody else takes them away.
        let with_examples = only.is_none() && self.has_examples();
        let mut each = |mut rows: rusqlite::Rows<'_>| {
            while let Some(row) = rows.next()? {
                let path = row.get_ref(0)?.as_blob()?;
                if with_examples || !bundled::is_example(path) {
                    of(path, row.get(1)?);
                }
            }
            Ok::<(), rusqlite::Error>(())
        };
        let Some(only) = only else {
            let mut statement =
                connection.prepare_cached(
                    // Entries of feeds are no files that could be gone.
                    "SELECT path, stamp FROM file WHERE collection = ?1 AND NOT (path >= ?2 AND path < ?3)",
                )?;
            each(statement.query((self.collection, feeds::ENTRY, feeds::AFTER_ENTRIES))?)?;
            return Ok(());
        };
        for path in only.paths() {
            let relative = path.strip_prefix(&self.root).unwrap_or(path);
            let path = intake::bytes_of(relative);
            // Between the path with a slash and with what comes after a slash lies what is in it.
            let (mut from, mut to) = (path.clone(), path.clone());
            from.push(b'/');
            to.push(b'/' + 1);
            if path.is_empty() {
                (from, to) = (Vec::new(), vec![u8::MAX]);
            }
            let mut statement = connection.prepare_cached(
                "SELECT path, stamp FROM file WHERE collection = ?1 AND path = ?2 UNION ALL \
                 SELECT path, stamp FROM file WHERE collection = ?1 AND path >= ?3 AND path < ?4",
            )?;
            each(statement.query((self.collection, path, from, to))?)?;
        }
        Ok(())
    }

    /// Takes in what comes through the channel.
    fn take_in(
        &self,
        found: Receiver<Box<Found>>,
        moves: bool,
        scanned: &mut Scanned,
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), LibraryError> {
        let mut facets = Facets::default();
        let mut waiting = Vec::new();
        // So that there is something to see at once.
        let mut most = TOGETHER.0;
        while let Ok(first) = found.recv() {
            let taken = self.store.write(Lane::Intake, |transaction| {
                let begun = Instant::now();
                let mut intake =
                    Intake::new(transaction, self.collection, &self.root, &mut facets, moves)?;
                let mut next = Some(first);
                let mut count = 0;
                while let Some(it) = next {
                    if waiting.len() < DOUBTFUL && intake.waits(&it)? {
                        waiting.push(*it);
                    } else {
                        intake.take(*it)?;
                    }
                    count += 1;
                    let ends = count >= most || begun.elapsed() > SPAN || self.store.is_pressed();
                    next = (!ends).then(|| found.recv_timeout(PATIENCE).ok()).flatten();
                }
                Ok(self.ended(intake)?)
            })?;
            most = (most * 8).min(TOGETHER.1);
            let changed = !taken.is_nothing();
            self.note(taken, scanned);
            if changed {
                tell(Progress::Grew);
            }
        }
        if !waiting.is_empty() {
            let taken = self.store.write(Lane::Intake, |transaction| {
                let mut intake =
                    Intake::new(transaction, self.collection, &self.root, &mut facets, moves)?;
                intake.settle(waiting)?;
                Ok(self.ended(intake)?)
            })?;
            self.note(taken, scanned);
        }
        Ok(())
    }

    /// Ends taking in, within the transaction that it is done in.
    pub(super) fn ended(&self, intake: Intake<'_>) -> rusqlite::Result<Taken> {
        let taken = intake.finish()?;
        if !taken.is_nothing() {
            self.count_own_stories();
        }
        Ok(taken)
    }

    pub(super) fn note(&self, mut taken: Taken, scanned: &mut Scanned) {
        scanned.stories += taken.put.len();
        scanned.again.append(&mut taken.again);
        let put = taken.put.iter().map(|(id, ..)| *id);
        scanned.put.extend(
            put.chain(taken.lost.iter().copied())
                .chain(taken.refiled.iter().copied())
                .map(StoryId),
        );
        scanned.gone.extend(taken.gone.iter().copied().map(StoryId));
        if !taken.is_nothing() {
            self.took(taken);
        }
    }

    /// Looks at the known files that were not met: those that are gone are forgotten; of those that
    /// may come back it is said why they cannot be read.
    fn miss(
        &self,
        missing: &[Vec<u8>],
        seen: &Seen,
        scanned: &mut Scanned,
    ) -> Result<(), LibraryError> {
        for part in missing.chunks(BATCH) {
            let fates: Vec<_> = part
                .iter()
                .map(|path| (path, self.fate(path, &seen.closed, missing.len())))
                .collect();
            let taken = self.store.write(Lane::Intake, |transaction| {
                let mut facets = Facets::default();
                let mut intake =
                    Intake::new(transaction, self.collection, &self.root, &mut facets, true)?;
                for (path, why) in &fates {
                    match why {
                        Some(why) => intake.lose(path, why, intake::LOST)?,
                        None => intake.forget(path)?,
                    }
                }
                Ok(self.ended(intake)?)
            })?;
            scanned.missing += fates.iter().filter(|(_, why)| why.is_some()).count();
            self.note(taken, scanned);
        }
        Ok(())
    }

    /// Looks at files that speak for their stories since others do not any more.
    fn look_again(&self, stop: &AtomicBool, scanned: &mut Scanned) -> Result<(), LibraryError> {
        // Each look may name further ones: of as many files as a story lies in. What is left is for
        // the next scan.
        for _ in 0..8 {
            let again = std::mem::take(&mut scanned.again);
            if again.is_empty() {
                break;
            }
            let files: Vec<_> = again
                .iter()
                .filter(|path| feeds::entry_at(path).is_none())
                .collect();
            if files.len() < again.len() {
                scanned.add(self.settle_feeds(stop)?);
            }
            let paths: Vec<PathBuf> = files
                .into_iter()
                .map(|path| self.root.join(intake::path_of(path)))
                .collect();
            if !paths.is_empty() {
                scanned.add(self.look(Some(Only::of(&paths)), stop, &|_| ())?);
            }
        }
        Ok(())
    }

    /// Why a file that was not met may come back; none if it is gone for good. A folder that is
    /// empty or closed was perhaps never mounted: nothing is forgotten because of it.
    fn fate(&self, path: &[u8], closed: &[PathBuf], missing: usize) -> Option<String> {
        let path = self.root.join(intake::path_of(path));
        if let Some(folder) = closed.iter().find(|folder| path.starts_with(folder)) {
            return Some(format!("{} cannot be read", shown(folder)));
        }
        match path.symlink_metadata() {
            Err(error) if !intake::is_no_such(&error) => {
                return Some(format!("it cannot be read: {error}"));
            }
            _ => {}
        }
        let mut named = self.inputs.iter().filter_map(|input| match input {
            Input::Path(it) => Some(it.as_path()),
            _ => None,
        });
        let root = named.find(|root| path.starts_with(root))?;
        if root == path {
            let gone = "there is no such file (was it moved or removed?)";
            return path.symlink_metadata().is_err().then(|| gone.to_owned());
        }
        // Where the rest of a Maildir is, its letters were moved or removed by a mail program, also the last of them.
        if ingest::is_in_maildir(&path) {
            return None;
        }
        if root.symlink_metadata().is_err() {
            return Some(format!("{} is not there (is it mounted?)", shown(root)));
        }
        if is_empty(root) {
            return Some(format!("{} is empty (is it mounted?)", shown(root)));
        }
        // The nearest folder that is left: what was in a folder that went with its own is gone, what
        // was in one that is empty may come back.
        let folder = path.ancestors().skip(1).find(|folder| folder.is_dir())?;
        (missing > 1 && is_empty(folder))
            .then(|| format!("{} is empty (is it mounted?)", shown(folder)))
    }
}

fn shown(path: &Path) -> String {
    clean::line(&path.to_string_lossy())
}

fn is_empty(folder: &Path) -> bool {
    folder
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_none())
}
