//! Looking for stories: folders are walked on several threads, and what is new or changed is read
//! and taken in, in batches. What is as it was is not opened.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

use crossbeam_channel::{Receiver, Sender, bounded};
use ignore::{DirEntry, WalkBuilder, WalkState};
use jiff::Timestamp;

use super::{
    Library, LibraryError, bundled,
    facets::Facets,
    intake::{self, Found, Intake},
    place::Place,
    store::Lane,
};
use crate::{ingest, story::clean};

/// Files that are taken in at once, at most.
const BATCH: usize = 512;

/// How long a batch waits for more: the first is to be seen at once.
const PATIENCE: Duration = Duration::from_millis(30);

/// Files that wait to be taken in, at most: reading is faster than writing.
const WAITING: usize = 2048;

/// Where stories are to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file or a folder.
    Path(PathBuf),
    /// What came through standard input.
    Stdin(Arc<[u8]>),
    /// What ships with recto.
    Bundled,
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

/// What a scan came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Stories that came in.
    pub stories: usize,
    /// What could not be read, in words, each with its path.
    pub warnings: Vec<String>,
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

/// What a scan looks through, and what it knows beforehand.
struct Search<'a> {
    library: &'a Library,
    stop: &'a AtomicBool,
    /// The stamps of known files by a number of their paths.
    known: HashMap<i64, i64>,
    /// Numbers of the paths that were met.
    met: Mutex<HashSet<i64>>,
    /// Files by what the system knows them by: each is listed once.
    files: Mutex<HashSet<FileId>>,
    /// Folders that could not be read, from the root.
    closed: Mutex<Vec<PathBuf>>,
    warnings: Mutex<Vec<String>>,
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
    /// Looks through all inputs and takes in what is new, changed or gone. `grew` is called when
    /// stories have come in; `stop` ends the scan early.
    ///
    /// # Errors
    /// If the database fails. What cannot be read is no error: it is among the warnings.
    pub fn scan(
        &self,
        stop: &AtomicBool,
        grew: &(dyn Fn() + Sync),
    ) -> Result<Scanned, LibraryError> {
        let search = Search {
            library: self,
            stop,
            known: self.known_files()?,
            met: Mutex::default(),
            files: Mutex::default(),
            closed: Mutex::default(),
            warnings: Mutex::default(),
        };
        let first = search.known.is_empty();
        let (sender, receiver) = bounded(WAITING);
        let taken = thread::scope(|scope| {
            let search = &search;
            let walk = move || search.all(&sender);
            if thread::Builder::new()
                .name("walk".into())
                .spawn_scoped(scope, walk)
                .is_err()
            {
                return Err(LibraryError::Threads);
            }
            self.take_in(&receiver, !first, grew)
        })?;
        let mut stories = taken;
        if !stop.load(Ordering::Relaxed) && !first {
            stories += self.miss(&search)?;
        }
        grew();
        Ok(Scanned {
            stories,
            warnings: search
                .warnings
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
        })
    }

    fn known_files(&self) -> Result<HashMap<i64, i64>, LibraryError> {
        let connection = self.store.hold(Lane::Intake)?;
        let mut statement =
            connection.prepare_cached("SELECT path, stamp FROM file WHERE collection = ?1")?;
        let mut rows = statement.query([self.collection])?;
        let mut known = HashMap::new();
        while let Some(row) = rows.next()? {
            let path = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            known.insert(intake::hash(path), row.get(1)?);
        }
        Ok(known)
    }

    /// Takes in what comes through the channel; says how many stories are new or changed.
    fn take_in(
        &self,
        found: &Receiver<Found>,
        moves: bool,
        grew: &(dyn Fn() + Sync),
    ) -> Result<usize, LibraryError> {
        let mut facets = Facets::default();
        let mut count = 0;
        // So that there is something to see at once.
        let mut most = 32;
        while let Ok(first) = found.recv() {
            let begun = Instant::now();
            let mut batch = vec![first];
            while batch.len() < most {
                let left = PATIENCE.saturating_sub(begun.elapsed());
                match found.recv_timeout(left) {
                    Ok(next) => batch.push(next),
                    Err(_) => break,
                }
            }
            most = BATCH;
            count += batch.len();
            let taken = self.store.write(Lane::Intake, |transaction| {
                let mut intake =
                    Intake::new(transaction, self.collection, &self.root, &mut facets, moves);
                for found in batch {
                    intake.take(found)?;
                }
                Ok(intake.finish()?)
            })?;
            self.took(taken);
            grew();
        }
        Ok(count)
    }

    /// Looks at the known files that were not met: those that are gone are forgotten; of those that
    /// may come back it is said why they cannot be read.
    fn miss(&self, search: &Search<'_>) -> Result<usize, LibraryError> {
        let met = lock(&search.met);
        let missing: Vec<Vec<u8>> = {
            let connection = self.store.hold(Lane::Intake)?;
            let mut statement =
                connection.prepare_cached("SELECT path FROM file WHERE collection = ?1")?;
            let paths = statement.query_map([self.collection], |row| row.get::<_, Vec<u8>>(0))?;
            let mut missing = Vec::new();
            for path in paths {
                let path = path?;
                if !met.contains(&intake::hash(&path)) {
                    missing.push(path);
                }
            }
            missing
        };
        drop(met);
        let closed = lock(&search.closed).clone();
        for part in missing.chunks(BATCH) {
            let fates: Vec<(&Vec<u8>, Option<String>)> = part
                .iter()
                .map(|path| (path, self.fate(path, &closed, missing.len())))
                .collect();
            let taken = self.store.write(Lane::Intake, |transaction| {
                let mut facets = Facets::default();
                let mut intake =
                    Intake::new(transaction, self.collection, &self.root, &mut facets, true);
                for (path, why) in fates {
                    match why {
                        Some(why) => intake.lose(path, &why)?,
                        None => intake.forget(path)?,
                    }
                }
                Ok(intake.finish()?)
            })?;
            self.took(taken);
        }
        Ok(missing.len())
    }

    /// Why a file that was not met may come back; none if it is gone for good. A folder that is
    /// empty or closed was perhaps never mounted: nothing is forgotten because of it.
    fn fate(&self, path: &[u8], closed: &[PathBuf], missing: usize) -> Option<String> {
        let path = self.root.join(intake::path_of(path));
        if let Some(folder) = closed.iter().find(|folder| path.starts_with(folder)) {
            return Some(format!("{} cannot be read", shown(folder)));
        }
        let alone = !self
            .inputs
            .iter()
            .any(|input| matches!(input, Input::Path(it) if it.is_dir()));
        if alone && path.symlink_metadata().is_err() {
            return Some("there is no such file (was it moved or removed?)".to_owned());
        }
        let named = self.inputs.iter().filter_map(|input| match input {
            Input::Path(it) => Some(it.as_path()),
            _ => None,
        });
        for root in named.filter(|root| path.starts_with(root)) {
            if root.symlink_metadata().is_err() {
                return Some(format!("{} is not there (is it mounted?)", shown(root)));
            }
            if is_empty(root) {
                return Some(format!("{} is empty (is it mounted?)", shown(root)));
            }
        }
        let folder = path.parent()?;
        (missing > 1 && folder.is_dir() && is_empty(folder))
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

impl Search<'_> {
    /// Looks through all inputs.
    fn all(&self, found: &Sender<Found>) {
        for input in &self.library.inputs {
            match input {
                Input::Bundled => {
                    for (name, bytes) in bundled::stories() {
                        let stamp = intake::hash(bytes);
                        self.offer(
                            found,
                            Place::Bundled(name),
                            name.into(),
                            "".into(),
                            stamp,
                            None,
                        );
                    }
                }
                Input::Stdin(bytes) => {
                    let place = Place::Stdin(Arc::clone(bytes));
                    self.offer(
                        found,
                        place,
                        b"-".to_vec(),
                        "".into(),
                        intake::hash(bytes),
                        None,
                    );
                }
                Input::Path(path) if path.is_dir() => self.walk(path, found),
                Input::Path(path) => self.file(path, "".into(), found),
            }
        }
    }

    fn walk(&self, root: &Path, found: &Sender<Found>) {
        let walker = WalkBuilder::new(root)
            .follow_links(true)
            .require_git(false)
            // Deeper folders are left alone: paths end somewhere, and so does patience.
            .max_depth(Some(64))
            .build_parallel();
        walker.run(|| {
            Box::new(move |entry| {
                if self.stop.load(Ordering::Relaxed) {
                    return WalkState::Quit;
                }
                match entry {
                    Ok(entry) => self.entry(root, &entry, found),
                    Err(error) => self.warn(&error),
                }
                WalkState::Continue
            })
        });
    }

    fn warn(&self, error: &ignore::Error) {
        if let Some(path) = path_in(error) {
            lock(&self.closed).push(path.to_owned());
        }
        lock(&self.warnings).push(clean::line(&error.to_string()));
    }

    fn entry(&self, root: &Path, entry: &DirEntry, found: &Sender<Found>) {
        let path = entry.path();
        let named = |name: &std::ffi::OsStr| ingest::is_story_name(&name.to_string_lossy());
        if !path.file_name().is_some_and(named) {
            return;
        }
        let folder = path
            .parent()
            .and_then(|it| it.strip_prefix(root).ok())
            .unwrap_or(Path::new(""));
        // Asked of the file itself, behind any link: pipes, devices and folders are no stories.
        if path.metadata().is_ok_and(|meta| meta.is_file()) {
            self.file(path, shown(folder).into(), found);
        }
    }

    fn file(&self, path: &Path, folder: Arc<str>, found: &Sender<Found>) {
        let meta = path.metadata().ok();
        if let Some(meta) = &meta
            && !lock(&self.files).insert(file_id(path, meta))
        {
            return;
        }
        let stamp = meta.as_ref().map_or(0, stamp);
        let modified = meta.and_then(|it| it.modified().ok());
        let relative = path.strip_prefix(&self.library.root).unwrap_or(path);
        self.offer(
            found,
            Place::file(path),
            intake::bytes_of(relative),
            folder,
            stamp,
            modified,
        );
    }

    /// Reads the beginning of what is new or changed, and hands it in.
    fn offer(
        &self,
        found: &Sender<Found>,
        place: Place,
        path: Vec<u8>,
        folder: Arc<str>,
        stamp: i64,
        modified: Option<SystemTime>,
    ) {
        let number = intake::hash(&path);
        lock(&self.met).insert(number);
        if self
            .known
            .get(&number)
            .is_some_and(|known| *known == stamp && stamp != 0)
        {
            return;
        }
        let (head, hash) = place.head();
        let key = match &place {
            Place::File(path) => format!("{}{}", intake::BY_PATH, path.to_string_lossy()),
            Place::Bundled(name) => format!("bundled:{name}"),
            Place::Stdin(_) => format!("text:{hash:x}"),
        };
        // The other end hangs up when the database fails; it says so itself.
        let _ = found.send(Found {
            path,
            key,
            name: place.name(),
            folder,
            stamp,
            hash,
            modified: modified
                .and_then(|at| Timestamp::try_from(at).ok())
                .unwrap_or_else(Timestamp::now),
            head,
        });
    }
}

/// The path that an error of the walk is about.
fn path_in(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_in(err)
        }
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Size, time of change and number of a file as one number.
fn stamp(meta: &std::fs::Metadata) -> i64 {
    let mut bytes = meta.len().to_le_bytes().to_vec();
    let since = meta
        .modified()
        .ok()
        .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    bytes.extend(since.unwrap_or_default().as_nanos().to_le_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        bytes.extend(meta.ino().to_le_bytes());
    }
    intake::hash(&bytes)
}

/// What tells whether two paths lead to one file.
#[cfg(unix)]
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(_: &Path, meta: &std::fs::Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    (meta.dev(), meta.ino())
}

#[cfg(not(unix))]
type FileId = PathBuf;

#[cfg(not(unix))]
fn file_id(path: &Path, _: &std::fs::Metadata) -> FileId {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}
