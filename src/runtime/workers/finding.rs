//! Searching in the text of what is open.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::Receiver;

use super::{
    Shared,
    stories::{Last, lock},
    take,
};
use crate::{
    app::{MATCHES, Message},
    document::{self, Document, Sought},
    story::StoryId,
};

/// What is looked for.
pub(super) struct Search {
    pub number: u64,
    pub id: StoryId,
    pub sought: Sought,
    pub from: (usize, usize),
    /// Whether in the comments, or in the source.
    pub comments: bool,
    pub source: bool,
}

/// Searches the text of the story that was opened last.
pub(super) fn find_all(
    shared: &Shared,
    orders: &Receiver<Search>,
    [last, sourced, discussed]: [&Last; 3],
    latest: &AtomicU64,
) {
    while let Some(mut taken) = take(orders) {
        let count = taken.len();
        if let Some(search) = taken.pop() {
            let of = match (search.comments, search.source) {
                (true, _) => discussed,
                (_, true) => sourced,
                _ => last,
            };
            let held = lock(of).clone();
            if let Some((_, document)) = held.filter(|(id, _)| *id == search.id) {
                find(shared, search, &document, latest);
            }
        }
        shared.done(count);
    }
}

fn find(shared: &Shared, search: Search, document: &Document, latest: &AtomicU64) {
    let Search {
        number,
        id,
        sought,
        from,
        ..
    } = search;
    let stop = || latest.load(Ordering::SeqCst) != number;
    let tell = |first| {
        // Of a short text all are found at once.
        if document.parts() > 1 {
            shared.say(Message::TextMet {
                id,
                sought: sought.clone(),
                first,
            });
        }
    };
    let found = document::find(document, &sought, from, MATCHES, &tell, &stop);
    if let Some(found) = found {
        shared.say(Message::TextFound { id, sought, found });
    }
}
