//! Bringing stories in: folders are walked on several threads, files named one by one are taken as
//! they are.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use ignore::{DirEntry, WalkBuilder, WalkState};
use jiff::Timestamp;

use super::{Library, bundled, catalogue::Entry, place::Place};
use crate::{ingest, story::clean};

/// Stories that a thread collects before it hands them in. The first ones are handed in one by one,
/// so that there is something to see at once.
const BATCH: usize = 256;

/// How often a thread hands in at least.
const PATIENCE: Duration = Duration::from_millis(30);

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

impl Library {
    /// Brings in all `inputs`. `grew` is called, from any thread, when stories have come in;
    /// `stop` ends the scan early.
    pub fn scan(&self, inputs: &[Input], stop: &AtomicBool, grew: &(dyn Fn() + Sync)) -> Scanned {
        let before = self.len();
        let warnings = Mutex::new(Vec::new());
        for input in inputs {
            match input {
                Input::Bundled => {
                    let entries = bundled::stories()
                        .map(|(name, _)| entry(Place::Bundled(name), "".into(), None));
                    self.write().add(entries.collect());
                }
                Input::Stdin(bytes) => {
                    let place = Place::Stdin(Arc::clone(bytes));
                    self.write().add(vec![entry(place, "".into(), None)]);
                }
                Input::Path(path) if path.is_dir() => self.walk(path, stop, grew, &warnings),
                Input::Path(path) => {
                    let modified = path.metadata().ok().and_then(|it| it.modified().ok());
                    let entry = entry(Place::file(path.as_path()), "".into(), modified);
                    self.write().add(vec![entry]);
                }
            }
            grew();
        }
        Scanned {
            stories: self.len() - before,
            warnings: warnings
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
        }
    }

    fn walk(
        &self,
        root: &Path,
        stop: &AtomicBool,
        grew: &(dyn Fn() + Sync),
        warnings: &Mutex<Vec<String>>,
    ) {
        let seen = Mutex::new(HashSet::new());
        let warn = |text: String| lock(warnings).push(clean::line(&text));
        let walker = WalkBuilder::new(root)
            .follow_links(true)
            .require_git(false)
            // Deeper folders are left alone: paths end somewhere, and so does patience.
            .max_depth(Some(64))
            .build_parallel();
        walker.run(|| {
            let mut batch = Batch::new(self, grew);
            let (seen, warn) = (&seen, &warn);
            Box::new(move |found| {
                if stop.load(Ordering::Relaxed) {
                    return WalkState::Quit;
                }
                match found {
                    Ok(found) => {
                        if let Some(entry) = story_at(root, &found, seen) {
                            batch.push(entry);
                        }
                    }
                    // A link to a folder above leads to what is read already.
                    Err(error) if is_loop(&error) => {}
                    Err(error) => warn(error.to_string()),
                }
                WalkState::Continue
            })
        });
    }
}

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => is_loop(err),
        _ => false,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The entry of what the walk found, if that is a story's file that was not met before.
fn story_at(root: &Path, found: &DirEntry, seen: &Mutex<HashSet<FileId>>) -> Option<Entry> {
    let path = found.path();
    if !ingest::is_story_name(&path.file_name()?.to_string_lossy()) {
        return None;
    }
    // Asked of the file itself, behind any link: pipes, devices and folders are no stories.
    let meta = path.metadata().ok().filter(|meta| meta.is_file())?;
    if !lock(seen).insert(file_id(path, &meta)) {
        return None;
    }
    let folder = path.parent()?.strip_prefix(root).unwrap_or(Path::new(""));
    let folder = clean::line(&folder.to_string_lossy());
    Some(entry(
        Place::file(path),
        folder.into(),
        meta.modified().ok(),
    ))
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

fn entry(place: Place, folder: Arc<str>, modified: Option<SystemTime>) -> Entry {
    let modified = modified
        .and_then(|at| Timestamp::try_from(at).ok())
        .unwrap_or_else(Timestamp::now);
    match place.head() {
        Ok(head) => Entry::new(place, folder, modified, head.story, head.words),
        Err(error) => Entry::troubled(place, folder, modified, &error.reason()),
    }
}

/// What one thread has found and not handed in yet.
struct Batch<'a> {
    library: &'a Library,
    grew: &'a (dyn Fn() + Sync),
    entries: Vec<Entry>,
    handed_in: Instant,
}

impl<'a> Batch<'a> {
    fn new(library: &'a Library, grew: &'a (dyn Fn() + Sync)) -> Self {
        Batch {
            library,
            grew,
            entries: Vec::new(),
            handed_in: Instant::now(),
        }
    }

    fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        if self.entries.len() >= BATCH || self.handed_in.elapsed() >= PATIENCE {
            self.hand_in();
        }
    }

    fn hand_in(&mut self) {
        self.library.write().add(std::mem::take(&mut self.entries));
        self.handed_in = Instant::now();
        (self.grew)();
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            self.hand_in();
        }
    }
}
