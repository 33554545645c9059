//! Walking through folders on several threads: what is new or changed is read and handed in, what is
//! as it was is not opened.

use std::{
    collections::HashSet,
    fs::Metadata,
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use crossbeam_channel::Sender;
use ignore::{DirEntry, WalkBuilder, WalkState};
use jiff::Timestamp;

use super::{
    Input, Library, bundled, fingerprint,
    intake::{self, Entry, Found, Outside},
    known::Known,
    place::Place,
};
use crate::{ingest, story::clean};

/// Folders deeper than this are left alone: paths end somewhere, and so does patience.
const DEEPEST: usize = 64;

/// What a scan looks through, and what it knows beforehand.
pub(super) struct Walk<'a> {
    pub(super) library: &'a Library,
    pub(super) stop: &'a AtomicBool,
    pub(super) known: &'a Known,
    /// Where to look; everywhere if there is none.
    only: Option<&'a Only>,
    seen: Mutex<Seen>,
}

/// What a walk came by.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Numbers of the paths of files that were not known.
    new: HashSet<i64>,
    /// Folders that were looked through.
    pub folders: Vec<PathBuf>,
    /// Folders that could not be read.
    pub closed: Vec<PathBuf>,
    /// What could not be read, in words, each with its path.
    pub warnings: Vec<String>,
    /// Mailboxes that were looked through, with their stamps.
    pub mailboxes: Vec<(Vec<u8>, i64)>,
    /// Files by what the system knows them by: each is listed once.
    files: HashSet<i64>,
    /// Folders that are links to others.
    links: Vec<PathBuf>,
    /// Files that are not known yet and may be others by another name, with their roots.
    doubtful: Vec<(PathBuf, PathBuf)>,
}

/// The paths that a partial look is about.
#[derive(Debug)]
pub(super) struct Only {
    paths: Vec<PathBuf>,
    /// The folders above them.
    above: HashSet<PathBuf>,
}

impl Only {
    /// Paths within others of them add nothing.
    pub(super) fn of(paths: &[PathBuf]) -> Self {
        let mut paths = paths.to_vec();
        paths.sort();
        paths.dedup_by(|path, before| path.starts_with(&*before));
        let above = paths
            .iter()
            .flat_map(|path| path.ancestors().skip(1))
            .map(Path::to_owned)
            .collect();
        Only { paths, above }
    }

    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Whether a path is, or lies in, one of these.
    fn has(&self, path: &Path) -> bool {
        self.paths.iter().any(|it| path.starts_with(it))
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        library: &'a Library,
        stop: &'a AtomicBool,
        known: &'a Known,
        only: Option<&'a Only>,
    ) -> Self {
        Walk {
            library,
            stop,
            known,
            only,
            seen: Mutex::default(),
        }
    }

    /// What it came by.
    pub(super) fn into_seen(self) -> Seen {
        self.seen
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks through all inputs.
    pub(super) fn all(&self, found: &Sender<Box<Found>>) {
        for input in &self.library.inputs {
            match input {
                Input::Bundled if self.only.is_none() => {
                    // By their names, which begin with their dates, the newest first: what is at
                    // the top of the list is there from the beginning.
                    let mut stories: Vec<_> = bundled::stories().collect();
                    stories.sort_unstable_by(|(a, _), (b, _)| b.cmp(a));
                    for (name, bytes) in stories {
                        let stamp = fingerprint::of(bytes);
                        self.given(found, Place::Bundled(name), bundled::path_of(name), stamp);
                    }
                }
                Input::Stdin(bytes) if self.only.is_none() => {
                    let place = Place::Stdin(Arc::clone(bytes));
                    let stamp = fingerprint::of(bytes);
                    self.given(found, place, b"-".to_vec(), stamp);
                }
                // What feeds announced comes in by a door of its own.
                Input::Bundled | Input::Stdin(_) | Input::Feeds => {}
                Input::Path(path) if path.is_dir() => self.walk(path, found),
                // A folder that is not there is no file that cannot be read.
                Input::Path(path) if *path == self.library.root => {}
                Input::Path(path) => {
                    if self.only.is_none_or(|only| only.has(path)) {
                        self.file(path, path.parent().unwrap_or(path), Met::Named, found);
                    }
                }
            }
        }
        // Of several names of one file the first in the alphabet counts, whichever was met first.
        let mut doubtful = std::mem::take(&mut self.seen().doubtful);
        doubtful.sort();
        for (path, root) in doubtful {
            self.file(&path, &root, Met::Last, found);
        }
    }

    fn walk(&self, root: &Path, found: &Sender<Box<Found>>) {
        let mut builder = WalkBuilder::new(root);
        builder
            .follow_links(true)
            .require_git(false)
            .max_depth(Some(DEEPEST));
        if let Some(only) = self.only {
            // From the root all the same: what is hidden or ignored there is so here.
            let (paths, above) = (only.paths.clone(), only.above.clone());
            builder.filter_entry(move |entry| {
                let path = entry.path();
                above.contains(path) || paths.iter().any(|it| path.starts_with(it))
            });
        }
        builder.build_parallel().run(|| {
            Box::new(move |entry| {
                if self.stop.load(Ordering::Relaxed) {
                    return WalkState::Quit;
                }
                match entry {
                    Ok(entry) => self.entry(root, &entry, found),
                    // A link to a folder above leads to what is read already.
                    Err(error) if is_loop(&error) => {}
                    Err(error) => self.warn(&error),
                }
                WalkState::Continue
            })
        });
    }

    fn warn(&self, error: &ignore::Error) {
        let mut seen = self.seen();
        if let Some(path) = path_in(error) {
            seen.closed.push(path.to_owned());
        }
        let told = dead_link(error).unwrap_or_else(|| error.to_string());
        seen.warnings.push(clean::line(&told));
    }

    fn entry(&self, root: &Path, entry: &DirEntry, found: &Sender<Box<Found>>) {
        let path = entry.path();
        if entry.file_type().is_some_and(|it| it.is_dir()) {
            let mut seen = self.seen();
            if entry.path_is_symlink() {
                seen.links.push(path.to_owned());
            }
            seen.folders.push(path.to_owned());
            return;
        }
        if !ingest::is_story_path(path) {
            return;
        }
        if self.only.is_some_and(|only| !only.has(path)) {
            return;
        }
        let met = if entry.path_is_symlink() {
            Met::Link
        } else {
            Met::Walked
        };
        self.file(path, root, met, found);
    }

    /// Looks at a file below `root`.
    fn file(&self, path: &Path, root: &Path, met: Met, found: &Sender<Box<Found>>) {
        // Asked of the file itself, behind any link: pipes, devices and folders are no stories.
        let meta = path.metadata().ok();
        if met != Met::Named && !meta.as_ref().is_some_and(Metadata::is_file) {
            return;
        }
        let relative = path.strip_prefix(&self.library.root).unwrap_or(path);
        let bytes = intake::bytes_of(relative);
        let number = fingerprint::of(&bytes);
        let stamp = meta.as_ref().map_or(0, stamp);
        let known = self.known.stamp(number);
        let mut seen = self.seen();
        if let Some(meta) = &meta {
            // What is listed already stays so.
            let doubtful = known.is_none()
                && match met {
                    Met::Named | Met::Last => false,
                    Met::Link => true,
                    Met::Walked => {
                        has_names(meta) || seen.links.iter().any(|it| path.starts_with(it))
                    }
                };
            if doubtful {
                seen.doubtful.push((path.to_owned(), root.to_owned()));
                return;
            }
            if !seen.files.insert(file_id(path, meta)) && known.is_none() {
                return;
            }
        }
        let is_new = self
            .known
            .meet(number)
            .unwrap_or_else(|| seen.new.insert(number));
        drop(seen);
        let named = |name: &std::ffi::OsStr| ingest::is_mailbox_name(&name.to_string_lossy());
        let is_regular = meta.as_ref().is_some_and(Metadata::is_file);
        let holds_many = match met {
            Met::Named => is_regular && is_mailbox(path),
            _ => path.file_name().is_some_and(named),
        };
        if is_new && holds_many {
            return self.mailbox(path, root, meta.as_ref(), stamp, found);
        }
        if !is_new || known.is_some_and(|known| known == stamp && stamp != 0) {
            return;
        }
        let folder = intake::folder_of(path.strip_prefix(root).unwrap_or(Path::new(""))).into();
        self.offer(found, Place::file(path), bytes, folder, stamp, meta);
    }

    /// Looks at a story that lies in no folder.
    fn given(&self, found: &Sender<Box<Found>>, place: Place, path: Vec<u8>, stamp: i64) {
        let number = fingerprint::of(&path);
        self.known.meet(number);
        if self.known.stamp(number) != Some(stamp) {
            self.offer(found, place, path, "".into(), stamp, None);
        }
    }

    /// Notes that all of a mailbox was looked through.
    pub(super) fn looked_through(&self, mailbox: Vec<u8>, stamp: i64) {
        self.seen().mailboxes.push((mailbox, stamp));
    }

    /// Notes that what lies in a folder, or a mailbox, could not be looked at.
    pub(super) fn closed(&self, path: &Path) {
        self.seen().closed.push(path.to_owned());
    }

    pub(super) fn warning(&self, told: String) {
        self.seen().warnings.push(told);
    }

    /// Reads the beginning of what is new or changed, and hands it in.
    pub(super) fn offer(
        &self,
        found: &Sender<Box<Found>>,
        place: Place,
        path: Vec<u8>,
        folder: Arc<str>,
        stamp: i64,
        meta: Option<Metadata>,
    ) {
        let modified = meta.as_ref().and_then(|it| it.modified().ok());
        let (head, hash) = place.head(meta);
        let key = match &place {
            Place::File(path) => intake::by_path(path),
            Place::Bundled(name) => bundled::key_of(name),
            Place::Stdin(_) => format!("text:{hash:x}"),
            // Copies of one letter are one story, wherever they lie.
            Place::Letter(_) => format!("letter:{hash:x}"),
            Place::Fetched(..) | Place::Entry(_) => place.shown(),
        };
        // A letter is no file that could be moved.
        let hash = if matches!(place, Place::Letter(_)) {
            0
        } else {
            hash
        };
        let outside = Outside {
            key,
            name: place.name(),
            folder,
            modified: modified
                .and_then(|at| Timestamp::try_from(at).ok())
                .unwrap_or_else(Timestamp::now),
        };
        // The other end hangs up when the database fails; it says so itself.
        let _ = found.send(Box::new(Found {
            path,
            stamp,
            hash,
            entry: Entry::new(outside, head),
        }));
    }
}

/// What is found of folders by looking through one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedOver {
    /// How many folders there are that are looked through, itself among them.
    pub folders: usize,
    /// Those among them that cannot be, and files, with the reason.
    pub closed: Vec<String>,
    /// Links that lead nowhere, in words.
    pub dead: Vec<String>,
}

/// Looks through the folders in `root`.
pub fn look_over(root: &Path) -> LookedOver {
    let walk = WalkBuilder::new(root)
        .follow_links(true)
        .require_git(false)
        .max_depth(Some(DEEPEST))
        .build();
    let mut looked = LookedOver::default();
    for entry in walk {
        match entry {
            Ok(entry) => {
                looked.folders += usize::from(entry.file_type().is_some_and(|it| it.is_dir()));
            }
            Err(error) if is_loop(&error) => {}
            Err(error) => {
                if let Some(told) = dead_link(&error) {
                    looked.dead.push(clean::line(&told));
                    continue;
                }
                let told = match (path_in(&error), error.io_error()) {
                    (Some(path), Some(cause)) => format!("{}: {}", path.display(), cause.kind()),
                    _ => error.to_string(),
                };
                looked.closed.push(clean::line(&told));
            }
        }
    }
    looked
}

/// Says of an error of the walk that it is about a link to what is not there.
fn dead_link(error: &ignore::Error) -> Option<String> {
    let path = path_in(error)?;
    let target = path.read_link().ok()?;
    let nowhere = error.io_error().is_some_and(intake::is_no_such);
    nowhere.then(|| {
        let (path, target) = (path.display(), target.display());
        format!("{path}: it is a link to {target}, and that is not there")
    })
}

/// How a file was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// It was named itself.
    Named,
    /// In its folder.
    Walked,
    /// In its folder, as a link.
    Link,
    /// Once all others were met.
    Last,
}

/// Whether a file that was named holds many letters: by its name, or by how it begins.
pub fn is_mailbox(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if ingest::is_story_path(path) {
        return ingest::is_mailbox_name(&name);
    }
    let mut opening = [0; 4096];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut opening));
    read.is_ok_and(|read| ingest::mailbox::is_mailbox(&opening[..read]))
}

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => is_loop(err),
        _ => false,
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

/// Size, time of change and number of a file as one number.
pub(super) fn stamp(meta: &Metadata) -> i64 {
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
        // Whether it may be read is no part of any of these. Only where its owner may not: the stamps
        // of all others are what they were.
        if meta.mode() & 0o400 == 0 {
            bytes.push(0);
        }
    }
    fingerprint::of(&bytes)
}

/// What tells whether two paths lead to one file.
#[cfg(unix)]
fn file_id(_: &Path, meta: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    let (device, number) = (meta.dev().to_le_bytes(), meta.ino().to_le_bytes());
    fingerprint::of(&[device, number].concat())
}

/// Whether a file has other names as well.
#[cfg(unix)]
fn has_names(meta: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    meta.nlink() > 1
}

#[cfg(not(unix))]
fn file_id(path: &Path, _: &Metadata) -> i64 {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    fingerprint::of(&intake::bytes_of(&path))
}

#[cfg(not(unix))]
fn has_names(_: &Metadata) -> bool {
    false
}
