//! Keeping what the reader does: the thread that does it, and what is said of it.

use std::{collections::HashMap, sync::Arc, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::{
    Shared,
    feeds::{Feeds, so_already},
    steps::{Open, Steps},
};
use crate::{
    app::Message,
    keep::Shelf,
    library::{Done, Library, LibraryError},
    story::{self, Change, Left, Listing, Operation, Position, StoryId, Target, View},
};

/// How long a place waits to be kept: who scrolls on makes it old.
const PLACE_RESTS: Duration = Duration::from_millis(300);

/// Something to be done with the reader's state, or asked about it.
pub(super) enum StateOrder {
    Apply(Operation),
    /// Takes back the last step, or does one again; files lie on this shelf. Those of `steps` come before it.
    Walk {
        undo: bool,
        shelf: Option<Shelf>,
        steps: Arc<Steps>,
    },
    /// This is being done from now on, if it is a step; files lie on this shelf.
    Begun(Option<Arc<Open>>, Option<Shelf>),
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
        if let Some((said, back)) = carry_out(shared, feeds, order) {
            shared.say(Message::StateChanged { said, back });
            shared.count_anew(counts);
        }
        shared.done(1);
    }
}

/// Carries out one order. Where marks changed by it: what is to be said, and a story that is back.
fn carry_out(
    shared: &Shared,
    feeds: &Feeds,
    order: StateOrder,
) -> Option<(Option<String>, Option<StoryId>)> {
    match order {
        StateOrder::Apply(operation) => {
            let forgets = shared.library.forgets();
            // What shows already is taken back where it could not be kept: all of it is loaded again.
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
        StateOrder::Walk { undo, shelf, steps } => {
            let is_open = !steps.rest();
            // What is not done yet cannot be taken back, and nothing else is instead.
            if undo && is_open {
                let last = shared.library.last_step(shelf.as_ref().map(Shelf::folder));
                if let Some(given_up) = steps.give_up(shared.told(last).flatten()) {
                    return Some((Some(given_up.to_owned()), None));
                }
            }
            walked(shared, feeds, undo, shelf.as_ref())
        }
        StateOrder::Begun(open, shelf) => {
            let open = open?;
            let last = shared.library.last_step(shelf.as_ref().map(Shelf::folder));
            open.comes_after(shared.told(last).flatten());
            None
        }
        StateOrder::KeepPlace(..) | StateOrder::KeepLeft(_) | StateOrder::KeepView(_) => None,
        StateOrder::State(id) => {
            if let Some(Some(state)) = shared.told(shared.library.state(id)) {
                shared.say(Message::StateLoaded { id, state });
            }
            None
        }
        StateOrder::Tags(stories) => {
            let common = |tags: fn(&Library, StoryId) -> Result<Vec<String>, LibraryError>| {
                let all = common_tags(&stories, |id| tags(&shared.library, id));
                shared.told(all).unwrap_or_default()
            };
            let (tags, own) = (common(Library::tags), common(Library::declared_tags));
            shared.say(Message::TagsLoaded { stories, tags, own });
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
    }
}

/// Takes back the last step, whatever it was, or does one again; gives what is to be said, and a story that is back.
fn walked(
    shared: &Shared,
    feeds: &Feeds,
    undo: bool,
    shelf: Option<&Shelf>,
) -> Option<(Option<String>, Option<StoryId>)> {
    let begins = shelf.map(Shelf::folder);
    if let Some(refiled) = shared.told(shared.library.walks_folder(undo, begins))?
        && let Some(why) = feeds.held.now().hold_folder(&refiled.from, &refiled.to)
    {
        let words = if undo { "Not undone" } else { "Not done again" };
        return Some((Some(format!("{words}: {}: {why}.", refiled.what)), None));
    }
    let done = shared.told(shared.library.walk(undo, begins))?;
    let Some(done) = done else {
        return Some((Some(nothing(&shared.library, undo)), None));
    };
    let said = said_of_walk(undo, &done);
    if let Some((from, to)) = done.refiled {
        shared.say(Message::Refiled { from, to });
    }
    if done.feeds {
        feeds.follow();
    }
    // Who stands among the sources stands at the feed that came back.
    if let Some(feed) = done.feed {
        shared.say(Message::Subscribed(feed));
    }
    if let Some((step, files)) = done.files {
        feeds.swap(shelf, undo, (step, &files));
        return Some((None, None));
    }
    if !done.texts.is_empty() {
        feeds.read_anew(done.texts);
    }
    Some((Some(said), done.back))
}

/// What is to be said of a step that was taken back, or done again, or was not: then also what the key does next.
fn said_of_walk(undo: bool, done: &Done) -> String {
    let refused = done.left.as_ref().is_some_and(|left| left.all);
    let words = match (undo, refused) {
        (true, true) => "Not undone: ",
        (false, true) => "Not done again: ",
        (true, false) => "Undone: ",
        (false, false) => "Done again: ",
    };
    let mut said = format!("{words}{}", done.what);
    for besides in &done.besides {
        said.push_str(&format!("; {besides}"));
    }
    let Some(left) = &done.left else {
        return format!("{said}.");
    };
    said.push_str(&format!("; {}.", left.what));
    if let Some(next) = &left.next {
        let key = if undo { "u" } else { "ctrl-r" };
        said.push_str(&format!(" {key} goes on with: {next}."));
    }
    said
}

fn nothing(library: &Library, undo: bool) -> String {
    if !undo {
        return "Nothing to do again.".to_owned();
    }
    match library.recovered().ok().flatten() {
        None => "Nothing to undo.".to_owned(),
        Some(at) => format!(
            "Nothing to undo since the library was recovered on {at}: what was done before cannot be undone."
        ),
    }
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
        _ if done.stories == 0 && !alone => Some(so_already()),
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
fn common_tags(
    stories: &[StoryId],
    tags_of: impl Fn(StoryId) -> Result<Vec<String>, LibraryError>,
) -> Result<Vec<String>, LibraryError> {
    let Some((first, others)) = stories.split_first() else {
        return Ok(Vec::new());
    };
    let mut common = tags_of(*first)?;
    for id in others {
        if common.is_empty() {
            break;
        }
        let tags = tags_of(*id)?;
        common.retain(|tag| tags.contains(tag));
    }
    Ok(common)
}
