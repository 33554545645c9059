//! What other programs do: with the library's files, and with the database.

use std::{path::PathBuf, sync::atomic::AtomicBool, thread, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::{Shared, feeds::Feeds, yield_to_the_loop};
use crate::{
    app::Message,
    keep::Shelf,
    library::{News, Scanned},
};

/// How often it is asked whether another program wrote to the database.
const OTHERS: Duration = Duration::from_millis(400);

/// Tells of what other programs change, until the loop has ended.
pub(super) fn watch_files(
    shared: &Shared,
    (counts, texts): (&Sender<()>, &Sender<()>),
    scanned: &Scanned,
    until: &Receiver<()>,
    stop: &AtomicBool,
) {
    shared.told(shared.library.tidy());
    let tell = |news| match news {
        News::Changed { put, gone } => {
            shared.say(Message::StoriesChanged { put, gone });
            shared.tell_growth(false, counts);
            shared.send(texts, ());
        }
        News::Remark(text) => shared.say(Message::Noticed(text)),
    };
    shared.told(shared.library.watch(scanned, until, stop, &tell));
}

/// Tells of what other programs do with the same database, such as a second recto, from a thread of
/// its own, until the loop has ended.
/// While only examples are read, also of a library that another recto began: in the folder `shelf`.
pub(super) fn watch_others(feeds: &Feeds, until: &Receiver<()>, shelf: Option<PathBuf>) {
    let shelf = shelf.filter(|_| feeds.shared.library.waits_for_folder());
    let (feeds, until) = (feeds.clone(), until.clone());
    let work = move || {
        yield_to_the_loop();
        let (shared, counts) = (&feeds.shared, &feeds.counts);
        let mut stale = false;
        while until.recv_timeout(OTHERS) == Err(RecvTimeoutError::Timeout) {
            let is_begun = || shelf.as_ref().is_some_and(|it| Shelf::new(it).is_begun());
            match feeds.saving.try_take(&feeds.stop) {
                // Whoever saves here says so when all of it is saved.
                None => {}
                Some(_turn) if is_begun() => return shared.say(Message::LibraryBegan(None)),
                Some(_) => {}
            }
            let Some(Some(others)) = shared.told(shared.library.look_at_others()) else {
                // Not while they are at it: a scan of theirs would have them read over and over.
                if std::mem::take(&mut stale) {
                    shared.told(shared.library.fill_titles());
                }
                continue;
            };
            stale |= others.stories;
            shared.say(Message::OthersWrote {
                stories: others.stories,
                state: others.state,
            });
            if others.feeds {
                feeds.settle();
            }
            shared.count_anew(counts);
        }
    };
    // Without it, what others do shows with the next change of one's own.
    let _ = thread::Builder::new().name("others".into()).spawn(work);
}
