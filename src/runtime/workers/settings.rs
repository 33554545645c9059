//! The settings while the program runs: they hold from the moment on that their file is written.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::{feeds::Feeds, yield_to_the_loop};
use crate::runtime::settings::{self, Access};

/// How often it is looked whether the file has changed. The system could tell of it, but not where it is a link, or
/// lies on a network drive or in a folder that is still to be made.
const LOOK: Duration = Duration::from_millis(500);

/// The settings that hold now, for all who work.
#[derive(Clone)]
pub(super) struct Held {
    access: Arc<Mutex<Arc<Access>>>,
    /// The file that they come from, and when they were read.
    file: Arc<Mutex<Option<(PathBuf, Stamp)>>>,
    /// Whether something was wrong with them when they were read last.
    was_wrong: Arc<AtomicBool>,
    /// Whoever goes by the clock hears that other ones hold.
    changed: (Sender<()>, Receiver<()>),
}

impl Default for Held {
    fn default() -> Self {
        Held {
            access: Arc::default(),
            file: Arc::default(),
            was_wrong: Arc::default(),
            changed: bounded(1),
        }
    }
}

impl Held {
    /// What holds now.
    pub(super) fn now(&self) -> Arc<Access> {
        Arc::clone(&self.access.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// These hold from now on.
    pub(super) fn set(&self, access: Arc<Access>) {
        *self.access.lock().unwrap_or_else(PoisonError::into_inner) = access;
    }

    /// Hears when other settings hold.
    pub(super) fn changed(&self) -> &Receiver<()> {
        &self.changed.1
    }

    /// They come from this file, and were read just now; `wrong` says whether anything is wrong with them.
    pub(super) fn come_from(&self, file: PathBuf, wrong: bool) {
        self.was_wrong.store(wrong, Ordering::Relaxed);
        let stamp = stamp(&file);
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = Some((file, stamp));
    }

    fn file(&self) -> Option<(PathBuf, Stamp)> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.clone()
    }

    /// The same are held here as there.
    pub(super) fn take_over(&self, other: &Held) {
        self.set(other.now());
        let theirs = other.file.lock().unwrap_or_else(PoisonError::into_inner);
        theirs.clone_into(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// By what it is seen that a file was written; none where there is none.
type Stamp = Option<(Option<SystemTime>, u64)>;

fn stamp(file: &Path) -> Stamp {
    let known = fs::metadata(file).ok()?;
    Some((known.modified().ok(), known.len()))
}

impl Feeds {
    /// Takes the settings anew whenever their file was written, as long as nobody ends it.
    pub(super) fn follow_settings(&self, until: Receiver<()>) {
        let Some((file, mut read)) = self.held.file() else {
            return;
        };
        let feeds = self.clone();
        let work = move || {
            yield_to_the_loop();
            let mut before = read;
            while let Err(RecvTimeoutError::Timeout) = until.recv_timeout(LOOK) {
                let now = stamp(&file);
                // Who writes may not be done yet, or has put the old file away and not the new one there.
                if now != read && now == before {
                    read = now;
                    feeds.take_settings(&file);
                }
                before = now;
            }
        };
        // Without this thread they hold from the next start on.
        let _ = thread::Builder::new().name("settings".into()).spawn(work);
    }

    fn take_settings(&self, file: &Path) {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            // Who has set a proxy must not be seen without it since a file is moved about.
            Err(error) => {
                let why = match error.kind() {
                    io::ErrorKind::NotFound => "is gone".to_owned(),
                    _ => format!("could not be read ({error})"),
                };
                self.held.was_wrong.store(true, Ordering::Relaxed);
                return self.notice(format!(
                    "The settings file {why}: what it said holds until recto ends."
                ));
            }
        };
        let (access, wrong) = settings::of_bytes(&self.shared.library, file, &bytes);
        let was_wrong = self
            .held
            .was_wrong
            .swap(!wrong.is_empty(), Ordering::Relaxed);
        if wrong.is_empty() && access.settings() == self.held.now().settings() {
            if was_wrong {
                self.notice("Nothing is wrong with the settings any more.".to_owned());
            }
            return;
        }
        let access = Arc::new(access);
        self.held.set(Arc::clone(&access));
        let declared = self.shared.told(access.declare(&self.shared.library));
        if declared.is_some() {
            self.settle();
        }
        // Who has not heard of the change before will see this one, too.
        let _ = self.held.changed.0.try_send(());
        self.notice(match &wrong[..] {
            [] if was_wrong => {
                "The settings were written, and hold now; nothing is wrong with them any more."
                    .to_owned()
            }
            [] => "The settings were written, and hold now.".to_owned(),
            [one, ..] if access.says_nothing() => {
                format!("Nothing that the settings file says holds now: {one}")
            }
            [one] => format!("The settings hold now, but for this: {one}"),
            [one, rest @ ..] => format!(
                "The settings hold now, but for {} entries that are wrong (recto config check): {one}",
                rest.len() + 1
            ),
        });
    }
}
