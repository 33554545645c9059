//! Keeping what the reader does: the thread that does it, and what is said of it.

use std::{collections::HashMap, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::{Shared, feeds::Feeds};
use crate::{
    app::Message,
    library::{Done, Library, LibraryError},
    story::{self, Change, Left, Listing, Operation, Position, StoryId, Target, View},
};

/// How long a place waits to be kept: who scrolls on makes it old.
const PLACE_RESTS: Duration = Duration::from_millis(300);

/// Something to be done with the reader's state, or asked about it.
pub(super) enum StateOrder {
    Apply(Operation),
    Undo,
    Redo,
    KeepPlace(StoryId, Position),
    KeepLeft(Left),
    KeepView(View),
    State(StoryId),
    Tags(Vec<StoryId>),
    KeepMark(char, StoryId, (usize, usize)),
    Marks,
    List(Listing, Option<(StoryId, StoryId)>),
}

/// Keeps what the reader does, in the order in which it is done. Places wait until the reader rests.
pub(super) fn keep_state(
    shared: &Shared,
    orders: &Receiver<StateOrder>,
    counts: &Sender<()>,
    feeds: &Feeds,
) {
    let mut places: HashMap<StoryId, Position> = HashMap::new();
    let mut left: Option<Left> = None;
    let mut view: Option<View> = None;
    let forgets = shared.library.forgets();
    loop {
        let order = if places.is_empty() && left.is_none() && view.is_none() {
            orders.recv().map_err(RecvTimeoutError::from)
        } else {
            orders.recv_timeout(PLACE_RESTS)
        };
        let ended = matches!(order, Err(RecvTimeoutError::Disconnected));
        if let Ok(StateOrder::KeepPlace(id, place)) = order {
            places.insert(id, place);
            shared.done(1);
            continue;
        }
        if let Ok(StateOrder::KeepLeft(now)) = order {
            left = Some(now);
            shared.done(1);
            continue;
        }
        if let Ok(StateOrder::KeepView(now)) = order {
            view = Some(now);
            shared.done(1);
            continue;
        }
        for (id, place) in places.drain() {
            shared.told(shared.library.keep_place(id, place));
        }
        if let Some(left) = left.take() {
            // Where it cannot be kept, nothing that the reader did is lost.
            let _ = shared.library.keep_left(&left);
        }
        if let Some(view) = view.take() {
            let _ = shared.library.keep_view(view);
        }
        if ended {
            shared.told(shared.library.end_keepsake());
            return;
        }
        let Ok(order) = order else { continue };
        // What shows already is taken back where it could not be kept: all of it is loaded again.
        let done = match order {
            StateOrder::Apply(operation) => {
                let done = shared.told(shared.library.apply(&operation));
                let said = |done| match said(&operation, &done) {
                    Some(told) if forgets => Some(format!("{told} It is not kept.")),
                    None if forgets && done.stories > 0 => {
                        let told = story::sentence(&done.what);
                        Some(format!("{told} It is not kept."))
                    }
                    told => told,
                };
                Some(done.map_or((None, None), |done| (said(done), None)))
            }
            StateOrder::Undo => {
                let recovered = || shared.library.recovered().ok().flatten();
                let nothing = || match recovered() {
                    None => "Nothing to undo.".to_owned(),
                    Some(at) => format!(
                        "Nothing to undo since the library was recovered on {at}: what was done before \
                         cannot be undone."
                    ),
                };
                walked(shared, feeds, shared.library.undo(), "Undone: ", nothing)
            }
            StateOrder::Redo => {
                walked(shared, feeds, shared.library.redo(), "Done again: ", || {
                    "Nothing to do again.".to_owned()
                })
            }
            StateOrder::KeepPlace(..) | StateOrder::KeepLeft(_) | StateOrder::KeepView(_) => None,
            StateOrder::State(id) => {
                if let Some(Some(state)) = shared.told(shared.library.state(id)) {
                    shared.say(Message::StateLoaded { id, state });
                }
                None
            }
            StateOrder::Tags(stories) => {
                let tags = shared.told(common_tags(&shared.library, &stories));
                let tags = tags.unwrap_or_default();
                shared.say(Message::TagsLoaded { stories, tags });
                None
            }
            StateOrder::KeepMark(letter, id, place) => {
                shared.told(shared.library.keep_mark(letter, id, place));
                None
            }
            StateOrder::Marks => {
                let marks = shared.told(shared.library.marks()).unwrap_or_default();
                shared.say(Message::MarksLoaded(marks));
                None
            }
            StateOrder::List(listing, between) => {
                if let Some(stories) = shared.told(shared.library.listed(&listing, between)) {
                    shared.say(Message::StoriesListed {
                        listing,
                        between,
                        stories,
                    });
                }
                None
            }
        };
        if let Some((said, back)) = done {
            shared.say(Message::StateChanged { said, back });
            shared.count_anew(counts);
        }
        shared.done(1);
    }
}

fn walked(
    shared: &Shared,
    feeds: &Feeds,
    done: Result<Option<Done>, LibraryError>,
    words: &str,
    nothing: impl Fn() -> String,
) -> Option<(Option<String>, Option<StoryId>)> {
    let done = shared.told(done)?;
    if done.as_ref().is_some_and(|done| done.feeds) {
        feeds.follow();
    }
    // Who stands among the sources stands at the feed that came back.
    if let Some(feed) = done.as_ref().and_then(|done| done.feed) {
        shared.say(Message::Subscribed(feed));
    }
    Some(match done {
        Some(done) => (Some(format!("{words}{}.", done.what)), done.back),
        None => (Some(nothing()), None),
    })
}

/// What the reader should know of what was done. One story's mark shows in its row; of several it
/// should be said how many.
fn said(operation: &Operation, done: &Done) -> Option<String> {
    let alone = matches!(&operation.target, Target::Stories(stories) if stories.len() == 1);
    let sentence = story::sentence(&done.what);
    let undoable = |gone: &Change| matches!(gone, Change::Removed(true) | Change::Unnoted(_));
    // What is noted shows in the text, all else that is not said in the row.
    let in_row = |change: &Change| !matches!(change, Change::Removed(_) | Change::Tagged(..));
    match &operation.changes[..] {
        _ if done.stories == 0 && !alone => {
            Some("That was so already: nothing changed.".to_owned())
        }
        _ if done.stories == 0 => None,
        changes if changes.iter().any(undoable) => {
            let them = if done.stories == 1 { "it" } else { "them" };
            Some(story::with_undo(&sentence, them))
        }
        changes if alone && changes.iter().all(in_row) => None,
        _ => Some(sentence),
    }
}

/// The tags that all of these stories have.
fn common_tags(library: &Library, stories: &[StoryId]) -> Result<Vec<String>, LibraryError> {
    let Some((first, others)) = stories.split_first() else {
        return Ok(Vec::new());
    };
    let mut common = library.tags(*first)?;
    for id in others {
        if common.is_empty() {
            break;
        }
        let tags = library.tags(*id)?;
        common.retain(|tag| tags.contains(tag));
    }
    Ok(common)
}
