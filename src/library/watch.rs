//! Watching the folders of the library: what another program changes shows soon after.
//!
//! The system tells of changes (inotify, FSEvents); they are gathered for a moment and looked at
//! together. Where it cannot tell (too many folders, network drives, a folder that is not there) the
//! library is looked through from time to time instead.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, never, select, unbounded};
use notify::{
    ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{AccessKind, AccessMode, MetadataKind, ModifyKind},
};

use super::{Input, Library, LibraryError, Scanned};
use crate::{
    ingest,
    story::{StoryId, clean},
};

/// How long changes are gathered before they are looked at: an editor makes several of one.
const GATHER: Duration = Duration::from_millis(120);

/// When nothing more comes for so long, they are looked at before that.
const QUIET: Duration = Duration::from_millis(40);

/// Between two looks through everything where changes are not told, at least and at most.
const POLL: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(30));

/// Looking takes at most one part in so many of the time.
const SHARE: u32 = 50;

/// More changed paths than this at once are a look through everything.
const MANY: usize = 2000;

/// Whether every folder is watched by itself. Other systems watch whole trees.
const BY_FOLDER: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// What watching has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Lists show something else now.
    Changed {
        /// Stories that are new or changed, or cannot be read any more.
        put: Vec<StoryId>,
        /// Stories that are gone.
        gone: Vec<StoryId>,
    },
    /// Something that the reader should know.
    Remark(String),
}

/// What the system told.
enum Told {
    /// Something changed here.
    Changed(PathBuf),
    /// It lost count.
    Lost,
    /// It can watch no more folders.
    Full,
    /// It failed.
    Failed(String),
}

impl Library {
    /// Watches all inputs until the other end of `until` is gone, and takes in what changes since
    /// `first`, the last scan. `tell` hears of it.
    ///
    /// # Errors
    /// If the database fails.
    pub fn watch(
        &self,
        first: &Scanned,
        until: &Receiver<()>,
        stop: &AtomicBool,
        tell: &dyn Fn(News),
    ) -> Result<(), LibraryError> {
        if !self.inputs.iter().any(|it| matches!(it, Input::Path(_))) {
            return Ok(());
        }
        let (sender, told) = unbounded();
        let mut watch = Watch {
            library: self,
            stop,
            tell,
            watcher: None,
            watched: BTreeSet::new(),
            next: None,
            blind: false,
        };
        watch.begin(sender);
        watch.watch_all(first);
        // What changed since the scan went by was told to nobody.
        watch.look_through()?;
        loop {
            let poll = watch.next.map_or_else(never, crossbeam_channel::at);
            select! {
                recv(until) -> _ => return Ok(()),
                recv(told) -> first => match first {
                    Ok(first) => watch.take(first, &told)?,
                    // The watcher is gone: looking from time to time is what is left.
                    Err(_) => return watch.look_now_and_then(until),
                },
                recv(poll) -> _ => watch.look_through()?,
            }
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
    }
}

/// Watching at work.
struct Watch<'a> {
    library: &'a Library,
    stop: &'a AtomicBool,
    tell: &'a dyn Fn(News),
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<PathBuf>,
    /// When to look through everything next, where that has to be done.
    next: Option<Instant>,
    /// Whether the system does not tell of all changes; it was said why.
    blind: bool,
}

impl Watch<'_> {
    fn begin(&mut self, sender: Sender<Told>) {
        let database = self.library.store.path().to_string_lossy().into_owned();
        let handle = move |event: notify::Result<Event>| {
            for told in told(event) {
                // What recto writes itself is no change.
                let own = matches!(&told, Told::Changed(path)
                    if path.to_string_lossy().starts_with(&database));
                if !own {
                    // Nobody listens any more: the program ends.
                    let _ = sender.send(told);
                }
            }
        };
        match notify::recommended_watcher(handle) {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => self.fall_back(&reason(&error)),
        }
    }

    /// Takes what was told, and what is told in the next moment.
    fn take(&mut self, first: Told, told: &Receiver<Told>) -> Result<(), LibraryError> {
        let begun = Instant::now();
        let mut paths = BTreeSet::new();
        let mut everything = false;
        let mut patience = GATHER;
        let mut next = Some(first);
        while let Some(it) = next {
            match it {
                Told::Changed(path) => self.add(path, &mut paths),
                Told::Lost => everything = true,
                Told::Full => self.fall_back(&full()),
                Told::Failed(why) => {
                    self.fall_back(&why);
                    everything = true;
                }
            }
            // Who writes without end is not waited for; what is told meanwhile is for the next look.
            if begun.elapsed() > 3 * GATHER {
                break;
            }
            let left = patience.saturating_sub(begun.elapsed());
            next = told.recv_timeout(left.min(QUIET)).ok();
            if next.is_none() && patience == GATHER && paths.iter().any(|it| is_on_its_way(it)) {
                patience *= 2;
                next = told.recv_timeout(GATHER).ok();
            }
        }
        if everything || paths.len() > MANY {
            // What waits was told before this look.
            while told.try_recv().is_ok() {}
            return self.look_through();
        }
        if paths.is_empty() {
            return Ok(());
        }
        // Of the root itself something was told: perhaps it is gone.
        let roots = self.roots();
        let above = |path: &PathBuf| {
            let mut roots = roots.iter();
            roots.any(|root| root.starts_with(path) && !root.is_file())
        };
        if paths.iter().any(above) {
            return self.look_through();
        }
        self.look_at(paths.into_iter().collect())
    }

    /// Adds what has to be looked at when something changed at `path`.
    fn add(&self, path: PathBuf, paths: &mut BTreeSet<PathBuf>) {
        let path = self.as_named(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if matches!(&*name, ".gitignore" | ".ignore") {
            paths.extend(path.parent().map(Path::to_owned));
        } else if ingest::is_story_path(&path)
            || self.watched.contains(&path)
            || path.is_dir()
            || (!BY_FOLDER && !path.exists())
        {
            paths.insert(path);
        }
    }

    /// A path as the inputs begin; FSEvents tells where a link to them leads.
    fn as_named(&self, path: PathBuf) -> PathBuf {
        if BY_FOLDER {
            return path;
        }
        let within = |root: PathBuf| {
            let real = root.canonicalize().ok()?;
            Some(root.join(path.strip_prefix(real).ok()?))
        };
        let named = self.roots().into_iter().find_map(within);
        named.unwrap_or(path)
    }

    fn look_at(&mut self, mut paths: Vec<PathBuf>) -> Result<(), LibraryError> {
        let mut put = Vec::new();
        let mut gone = Vec::new();
        let told = paths.clone();
        // A new folder may be filled before it is watched: it is looked at again then.
        for _ in 0..16 {
            let scanned = self.library.look_at(&paths, self.stop)?;
            put.extend_from_slice(&scanned.put);
            gone.extend_from_slice(&scanned.gone);
            if scanned.missing > 0 {
                // What may come back may do so without a word.
                self.next.get_or_insert_with(|| Instant::now() + POLL.0);
            }
            let fresh = self.watch_within(&paths, &scanned);
            if fresh.is_empty() {
                break;
            }
            paths = fresh;
        }
        // Another recto may have taken in first what is new of them.
        put.extend(self.library.stories_at(&told)?);
        self.say(put, gone);
        Ok(())
    }

    fn look_through(&mut self) -> Result<(), LibraryError> {
        let begun = Instant::now();
        let scanned = self.library.scan(self.stop, &|_| ())?;
        let took = begun.elapsed();
        self.say(scanned.put.clone(), scanned.gone.clone());
        let fresh = self.watch_all(&scanned);
        if !fresh.is_empty() {
            // They may have been filled since they were looked through.
            self.look_at(fresh)?;
        }
        let roots = self.roots();
        if let Some(kind) = roots.iter().find_map(|root| network_drive(root)) {
            self.fall_back(&format!(
                "a drive of the kind {kind} does not tell of changes"
            ));
        }
        // What is not there now may come back without a word.
        let waiting = scanned.missing > 0 || roots.iter().any(|root| !root.exists());
        let pause = (took * SHARE).clamp(POLL.0, POLL.1);
        self.next = (self.blind || waiting).then(|| Instant::now() + pause);
        Ok(())
    }

    fn look_now_and_then(&mut self, until: &Receiver<()>) -> Result<(), LibraryError> {
        loop {
            let next = self.next.unwrap_or_else(|| Instant::now() + POLL.1);
            if until.recv_deadline(next) != Err(RecvTimeoutError::Timeout) {
                return Ok(());
            }
            self.look_through()?;
        }
    }

    fn say(&self, put: Vec<StoryId>, gone: Vec<StoryId>) {
        if !put.is_empty() || !gone.is_empty() {
            (self.tell)(News::Changed { put, gone });
        }
    }

    /// From now on everything is looked through from time to time; it is said once.
    fn fall_back(&mut self, why: &str) {
        if !self.blind {
            self.blind = true;
            let (least, most) = (POLL.0.as_secs(), POLL.1.as_secs());
            (self.tell)(News::Remark(format!(
                "Changes by other programs show after {least} to {most} seconds: {why}."
            )));
        }
        self.next.get_or_insert_with(|| Instant::now() + POLL.0);
    }

    fn roots(&self) -> Vec<PathBuf> {
        let inputs = self.library.inputs.iter();
        inputs
            .filter_map(|input| match input {
                Input::Path(path) => Some(path.clone()),
                _ => None,
            })
            .collect()
    }

    /// What the system has to watch, whatever lies in it.
    fn named(&self) -> BTreeSet<PathBuf> {
        self.roots()
            .into_iter()
            .filter_map(|root| match root.is_dir() {
                true => Some(root),
                // Editors put a new file in the place of the old one: only its folder sees that.
                false => root.parent().map(Path::to_owned),
            })
            .collect()
    }

    /// Watches what a look through everything found, and no more. Gives what was not watched before.
    fn watch_all(&mut self, scanned: &Scanned) -> Vec<PathBuf> {
        let mut wanted = self.named();
        if BY_FOLDER {
            wanted.extend(scanned.folders.iter().cloned());
        }
        let old: Vec<_> = self.watched.difference(&wanted).cloned().collect();
        for folder in old {
            self.unwatch(&folder);
        }
        let mut fresh = Vec::new();
        for folder in wanted {
            if self.watch(folder.clone()) {
                fresh.push(folder);
            }
        }
        fresh
    }

    /// Watches the folders that a look within `paths` found, and no others there. Gives those that
    /// were not watched before.
    fn watch_within(&mut self, paths: &[PathBuf], scanned: &Scanned) -> Vec<PathBuf> {
        if !BY_FOLDER {
            return Vec::new();
        }
        let found: BTreeSet<&PathBuf> = scanned.folders.iter().collect();
        let named = self.named();
        let stale: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|it| paths.iter().any(|path| it.starts_with(path)))
            .filter(|it| !found.contains(it) && !named.contains(*it))
            .cloned()
            .collect();
        for folder in stale {
            self.unwatch(&folder);
        }
        let mut fresh = Vec::new();
        for folder in &scanned.folders {
            let within = paths.iter().any(|path| folder.starts_with(path));
            if within && self.watch(folder.clone()) {
                fresh.push(folder.clone());
            }
        }
        fresh
    }

    /// Has the system watch a folder. True if it was not watched before.
    fn watch(&mut self, folder: PathBuf) -> bool {
        let own = self.library.store.path().parent() == Some(&folder);
        let own = own && !self.roots().contains(&folder);
        let Some(watcher) = &mut self.watcher else {
            return false;
        };
        if own || self.watched.contains(&folder) {
            return false;
        }
        let mode = if BY_FOLDER {
            RecursiveMode::NonRecursive
        } else {
            RecursiveMode::Recursive
        };
        match watcher.watch(&folder, mode) {
            Ok(()) => self.watched.insert(folder),
            Err(error) => {
                // A folder that went in this moment is no longer there to be watched.
                if folder.is_dir() {
                    self.fall_back(&reason(&error));
                }
                false
            }
        }
    }

    fn unwatch(&mut self, folder: &Path) {
        self.watched.remove(folder);
        if let Some(watcher) = &mut self.watcher {
            // Of a folder that is gone the system knows already.
            let _ = watcher.unwatch(folder);
        }
    }
}

/// Whether a story is not there, perhaps only until an editor has put its new text in its place.
fn is_on_its_way(path: &Path) -> bool {
    ingest::is_story_path(path) && !path.exists()
}

/// What an event says; nothing, where it is about reading.
fn told(event: notify::Result<Event>) -> Vec<Told> {
    let event = match event {
        Ok(event) => event,
        Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => return vec![Told::Full],
        Err(error) => return vec![Told::Failed(reason(&error))],
    };
    if event.need_rescan() {
        return vec![Told::Lost];
    }
    let matters = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        EventKind::Modify(ModifyKind::Metadata(kind)) => kind != MetadataKind::AccessTime,
        _ => true,
    };
    if !matters {
        return Vec::new();
    }
    event.paths.into_iter().map(Told::Changed).collect()
}

fn reason(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => full(),
        ErrorKind::Io(cause) => format!("the system does not tell of changes ({cause})"),
        _ => format!(
            "the system does not tell of changes ({})",
            clean::line(&error.to_string())
        ),
    }
}

/// Why no more folders can be watched.
fn full() -> String {
    let limit = watch_limit().map_or_else(String::new, |limit| format!(", {limit},"));
    format!(
        "there are more folders than the system watches for one user; its setting \
         fs.inotify.max_user_watches{limit} can be raised"
    )
}

/// How many folders the system watches for one user, where it says so.
pub fn watch_limit() -> Option<usize> {
    let text = fs::read_to_string("/proc/sys/fs/inotify/max_user_watches").ok()?;
    text.trim().parse().ok()
}

/// Kinds of drives whose changes by other machines the system does not tell of.
const NETWORK: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ncpfs",
    "davfs",
    "ceph",
    "glusterfs",
    "lustre",
    "vboxsf",
    "virtiofs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.vmhgfs-fuse",
    "drvfs",
];

/// The kind of the drive that a path lies on, if changes by other machines are not told there.
pub fn network_drive(path: &Path) -> Option<&'static str> {
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    network_drive_among(&mounts, path)
}

fn network_drive_among(mounts: &str, path: &Path) -> Option<&'static str> {
    let drives = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?, words.next()?);
        // Spaces stand there as \040 (proc(5)).
        let point = point.replace("\\040", " ");
        path.starts_with(&point).then_some((point.len(), kind))
    });
    // The last of equals lies on top of the others.
    let (_, kind) = drives.max_by_key(|(length, _)| *length)?;
    NETWORK.iter().copied().find(|it| *it == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_drives_are_known_by_the_nearest_mount() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\nhost:/x /net/my\\040books nfs4 rw 0 0\n\
                      tmpfs /net/my\\040books/tmp tmpfs rw 0 0\n";
        let kind = |path| network_drive_among(mounts, Path::new(path));
        assert_eq!(kind("/home/me"), None);
        assert_eq!(kind("/net/my books/a.md"), Some("nfs4"));
        assert_eq!(kind("/net/my books/tmp"), None);
    }

    #[test]
    fn reading_is_no_change() {
        let open = Event::new(EventKind::Access(AccessKind::Open(AccessMode::Any)));
        assert!(told(Ok(open.add_path("/a".into()))).is_empty());
        let close = Event::new(EventKind::Access(AccessKind::Close(AccessMode::Write)));
        assert_eq!(told(Ok(close.add_path("/a".into()))).len(), 1);
    }
}
