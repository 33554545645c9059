//! The threads that carry out effects. Each takes orders from a channel, passes over those that a
//! later one has made pointless, and answers with a message.

mod comments;
mod feeds;
mod files;
mod finding;
mod pages;
mod pipe;
mod saving;
mod settings;
mod state;
mod steps;
mod stories;
mod watch;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Event, Notification, browser,
    pictures::{self, Key},
    settings::Access,
};
use crate::{
    app::{Effect, Message, WindowRequest},
    keep::Shelf,
    library::{Indexing, Library, LibraryError, Progress, Scanned},
    story,
};
use comments::Discussing;
use feeds::Feeds;
use state::{StateOrder, keep_state};
use stories::{Last, Stories};
use watch::{watch_files, watch_others};

/// How often at most the list is told that stories have come in.
const GROWTH: Duration = Duration::from_millis(60);

/// How often at most it is told how many stories are indexed.
const INDEXED: Duration = Duration::from_millis(500);

/// How far threads step back that do what nobody waits for, as nice(1) counts.
#[cfg(target_os = "linux")]
const BACKGROUND: i32 = 10;

/// The workers' side that the loop has.
pub(super) struct Workers {
    lists: Sender<WindowRequest>,
    counts: Sender<()>,
    stories: Stories,
    texts: Sender<()>,
    pictures: Sender<Vec<Key>>,
    feeds: Feeds,
    state: Option<Sender<StateOrder>>,
    keeper: Option<thread::JoinHandle<()>>,
    /// The number of the last request for rows: an earlier one may be given up.
    latest: Arc<AtomicU64>,
    shared: Shared,
    stop: Arc<AtomicBool>,
    zone: TimeZone,
    /// Whoever watches the library's files does so while this is there.
    watching: (Sender<()>, Receiver<()>),
}

/// What all workers have.
#[derive(Clone)]
struct Shared {
    library: Arc<Library>,
    events: Sender<Event>,
    /// Orders that are not answered yet.
    open: Arc<AtomicUsize>,
    /// Programs that stories were handed to.
    piped: Arc<pipe::Running>,
}

impl Workers {
    pub(super) fn new(library: Arc<Library>, zone: &TimeZone, events: Sender<Event>) -> Self {
        let shared = Shared {
            library,
            events,
            open: Arc::default(),
            piped: Arc::default(),
        };
        let latest = Arc::new(AtomicU64::new(0));
        let stop = Arc::<AtomicBool>::default();
        let counts = spawn("counts", &shared, answer_counts).0;
        let lists = {
            let latest = Arc::clone(&latest);
            let work = move |shared: &Shared, orders: &Receiver<_>| {
                answer_lists(shared, orders, &latest);
            };
            spawn("lists", &shared, work).0
        };
        let discussed = Last::default();
        let stories = Stories::new(&shared, zone, &discussed);
        let texts = {
            let stop = Arc::clone(&stop);
            let work = move |shared: &Shared, orders: &Receiver<_>| {
                index_texts(shared, orders, &stop);
            };
            spawn("texts", &shared, work).0
        };
        let pictures = spawn("pictures", &shared, make_pictures).0;
        let discussing = Discussing {
            last: discussed,
            zone: zone.clone(),
        };
        let feeds = Feeds::new(&shared, &counts, &texts, &stop, discussing);
        let keeping = {
            let (counts, feeds) = (counts.clone(), feeds.clone());
            spawn("state", &shared, move |shared, orders| {
                keep_state(shared, orders, &counts, &feeds);
            })
        };
        Workers {
            lists,
            counts,
            stories,
            texts,
            pictures,
            feeds,
            state: Some(keeping.0),
            keeper: keeping.1,
            latest,
            shared,
            stop,
            zone: zone.clone(),
            watching: unbounded(),
        }
    }

    /// Holds to these settings from now on.
    pub(super) fn set(&mut self, access: Access) {
        self.feeds.held.set(Arc::new(access));
    }

    /// Takes the settings anew when this file changes from now on, which is theirs.
    pub(super) fn set_from(&mut self, file: PathBuf, wrong: bool) {
        self.feeds.held.come_from(file, wrong);
    }

    /// Keeps pages there from now on.
    pub(super) fn set_shelf(&mut self, shelf: Shelf) {
        self.feeds.shelf = Some(shelf);
    }

    /// Goes on with what other workers were told, and with what they did last.
    pub(super) fn take_over(&mut self, other: &Workers) {
        self.feeds.held.take_over(&other.feeds.held);
        self.feeds.shelf.clone_from(&other.feeds.shelf);
        self.feeds.saving = Arc::clone(&other.feeds.saving);
        self.feeds.steps = Arc::clone(&other.feeds.steps);
        self.feeds.unpacked = Arc::clone(&other.feeds.unpacked);
    }

    /// Where the loop hears of what is done.
    pub(super) fn events(&self) -> Sender<Event> {
        self.shared.events.clone()
    }

    /// Removes what was taken out of letters: nobody reads on.
    pub(super) fn forget_unpacked(&self) {
        let unpacked = &self.feeds.unpacked;
        drop(
            unpacked
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }

    /// Whether every order was answered.
    pub(super) fn idle(&self) -> bool {
        self.shared.open.load(Ordering::SeqCst) == 0
    }

    pub(super) fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::LoadRows(request) => {
                self.latest.store(request.request, Ordering::SeqCst);
                self.order(&self.lists, request);
            }
            Effect::Apply(operation) => self.keep(StateOrder::Apply(operation)),
            Effect::Undo => self.walk(true),
            Effect::Redo => self.walk(false),
            Effect::KeepPlace { id, place } => self.keep(StateOrder::KeepPlace(id, place.into())),
            Effect::KeepLeft(left) => self.keep(StateOrder::KeepLeft(left)),
            Effect::KeepView(view) => self.keep(StateOrder::KeepView(view)),
            Effect::LoadState(id) => self.keep(StateOrder::State(id)),
            Effect::LoadTags(stories) => self.keep(StateOrder::Tags(stories)),
            Effect::KeepMark { letter, id, place } => {
                self.keep(StateOrder::KeepMark(letter, id, place));
            }
            Effect::LoadMarks => self.keep(StateOrder::Marks),
            Effect::ListStories { listing, between } => {
                self.keep(StateOrder::List(listing, between));
            }
            Effect::Feeds(order) => self.feeds.carry_out(order),
            Effect::Pages(order) => {
                let step = self.feeds.steps.begin(&order);
                let open = step.as_ref().map(|it| it.open());
                self.keep(StateOrder::Begun(open, self.feeds.shelf()));
                self.feeds.aside(move |feeds| match step {
                    Some(step) => feeds.until(step.stop()).work_on_page(order),
                    None => feeds.work_on_page(order),
                });
            }
            Effect::Browse(url) => browse(url, self.shared.clone()),
            Effect::OpenFile { url, media_type } => {
                let feeds = self.feeds.up_to_date();
                let openers = feeds.openers();
                files::open(&self.shared, openers, url, media_type.as_deref());
            }
            Effect::OpenAttachment {
                of,
                url,
                media_type,
            } => {
                let open = move |feeds: &Feeds| files::open_attachment(feeds, of, &url, media_type);
                self.feeds.aside(open);
            }
            Effect::OpenStory(_)
            | Effect::OpenSource(_)
            | Effect::ResolveLink { .. }
            | Effect::FindAfter(_)
            | Effect::FindText { .. }
            | Effect::LoadNotes(_) => self.stories.carry_out(&self.shared, effect),
            Effect::Pipe { id, source, words } => {
                pipe::pipe(&self.shared, &self.zone, (id, source), words);
            }
            Effect::EndPiped => self.shared.piped.end(),
            // These need the terminal, which the loop has.
            Effect::Copy(_)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::BeginLibrary(_)
            | Effect::EndLibrary
            | Effect::Quit => {}
        }
    }

    /// Has pictures made ready; those ordered before are not waited for any more.
    pub(super) fn make_pictures(&self, keys: Vec<Key>) {
        self.order(&self.pictures, keys);
    }

    fn order<T>(&self, worker: &Sender<T>, order: T) {
        self.shared.send(worker, order);
    }

    fn keep(&self, order: StateOrder) {
        if let Some(state) = &self.state {
            self.order(state, order);
        }
    }

    /// Takes back the last step, or does it again.
    fn walk(&self, undo: bool) {
        let (shelf, steps) = (self.feeds.shelf(), Arc::clone(&self.feeds.steps));
        self.keep(StateOrder::Walk { undo, shelf, steps });
    }

    /// Has the titles ready for the first search. Nobody waits for it.
    pub(super) fn fill_titles(&self) {
        let shared = self.shared.clone();
        let work = move || {
            yield_to_the_loop();
            shared.told(shared.library.fill_titles());
        };
        // Without this thread the first search does it.
        let _ = thread::Builder::new().name("titles".into()).spawn(work);
    }

    /// Brings stories in, on threads of the library's own; where it is to `watch`, goes on taking in
    /// what other programs change.
    pub(super) fn scan(&self, watch: bool) {
        let (shared, stop) = (self.shared.clone(), Arc::clone(&self.stop));
        let (counts, texts) = (self.counts.clone(), self.texts.clone());
        let feeds = self.feeds.up_to_date();
        let until = watch.then(|| self.watching.1.clone());
        if let Some(until) = &until {
            feeds.follow_settings(until.clone());
        }
        let shelf = self.feeds.shelf.as_ref().map(|it| it.stories());
        let trash = self.feeds.shelf().filter(|_| watch);
        self.shared.begin();
        let work = move || {
            yield_to_the_loop();
            feeds.declare();
            let last = Mutex::new(None::<Instant>);
            let tell = |progress| {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let reading = progress == Progress::Grew;
                if !reading || last.is_none_or(|at| at.elapsed() >= GROWTH) {
                    *last = Some(Instant::now());
                    shared.tell_growth(reading, &counts);
                }
            };
            let scanned = shared.library.scan(&stop, &tell);
            if scanned.is_err() {
                shared.tell_growth(false, &counts);
            }
            // Not before: what is to be seen comes first.
            shared.send(&texts, ());
            let scanned = scanned.unwrap_or_else(|error| {
                shared.told::<()>(Err(error));
                Scanned::default()
            });
            match &scanned.warnings[..] {
                [] => {}
                [one] => shared.say(Message::Noticed(format!("Not read: {one}"))),
                [first, rest @ ..] => shared.say(Message::Noticed(format!(
                    "Not read: {first}, and {} more",
                    rest.len()
                ))),
            }
            shared.done(1);
            if let Some(shelf) = trash {
                shelf.empty_trash(Timestamp::now());
            }
            if let Some(until) = until {
                feeds.keep_fresh(until.clone());
                watch_others(&feeds, &until, shelf);
                watch_files(&shared, (&counts, &texts), &scanned, &until, &stop);
            }
        };
        if thread::Builder::new()
            .name("scan".into())
            .spawn(work)
            .is_err()
        {
            self.shared.done(1);
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.feeds.steps.end();
        // What the reader did is kept before the program ends.
        self.state = None;
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
        self.shared.piped.end_all();
    }
}

impl Shared {
    fn begin(&self) {
        self.open.fetch_add(1, Ordering::SeqCst);
    }

    fn done(&self, orders: usize) {
        self.open.fetch_sub(orders, Ordering::SeqCst);
    }

    fn say(&self, message: Message) {
        // If the loop has ended, nobody wants to know.
        let _ = self.events.send(Event::Message(message));
    }

    /// Has the terminal tell of something.
    fn tell(&self, notification: Notification) {
        let _ = self.events.send(Event::Notify(notification));
    }

    /// Tells what went wrong; gives what did not.
    fn told<T>(&self, outcome: Result<T, LibraryError>) -> Option<T> {
        match outcome {
            Ok(it) => Some(it),
            Err(LibraryError::Cancelled) => None,
            Err(error) => {
                self.library.remember(&error);
                if error.is_damage() {
                    self.say(Message::DamageMet);
                }
                self.say(Message::Noticed(story::sentence(&error.to_string())));
                None
            }
        }
    }

    fn tell_growth(&self, reading: bool, counts: &Sender<()>) {
        let stories = match self.library.len() {
            // Nothing more comes in, whatever is wrong.
            Err(_) if !reading => 0,
            stories => match self.told(stories) {
                Some(stories) => stories,
                None => return,
            },
        };
        self.say(Message::LibraryGrew { stories, reading });
        self.count_anew(counts);
    }

    fn count_anew(&self, counts: &Sender<()>) {
        self.send(counts, ());
    }

    fn send<T>(&self, worker: &Sender<T>, order: T) {
        self.begin();
        if worker.send(order).is_err() {
            self.done(1);
        }
    }
}

fn spawn<T: Send + 'static>(
    name: &str,
    shared: &Shared,
    work: impl FnOnce(&Shared, &Receiver<T>) + Send + 'static,
) -> (Sender<T>, Option<thread::JoinHandle<()>>) {
    let (sender, orders) = unbounded();
    let shared = shared.clone();
    // If a thread cannot be had, its channel closes and orders are passed over.
    let thread = thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || work(&shared, &orders));
    (sender, thread.ok())
}

/// The way to a worker that has only the last order carried out.
struct LastOnly<T> {
    sender: Sender<T>,
    waiting: Receiver<T>,
    /// Whether there is a thread for it: else orders are passed over.
    works: bool,
}

impl<T> Clone for LastOnly<T> {
    fn clone(&self) -> Self {
        LastOnly {
            sender: self.sender.clone(),
            waiting: self.waiting.clone(),
            works: self.works,
        }
    }
}

impl<T> LastOnly<T> {
    /// Takes the place of an order that waits: such a worker steps back, and who walks through a list
    /// would leave it a heap of stories.
    fn send(&self, shared: &Shared, order: T) {
        shared.done(self.waiting.try_iter().count());
        if self.works {
            shared.send(&self.sender, order);
        }
    }
}

/// A worker for which only the last order counts. It ends with the program.
fn spawn_for_last<T: Send + 'static>(
    name: &str,
    shared: &Shared,
    work: impl FnOnce(&Shared, &Receiver<T>) + Send + 'static,
) -> LastOnly<T> {
    let (passed, waiting) = unbounded();
    let orders = waiting.clone();
    let (_, thread) = spawn(name, shared, move |shared, _: &Receiver<()>| {
        work(shared, &orders);
    });
    LastOnly {
        sender: passed,
        waiting,
        works: thread.is_some(),
    }
}

/// Lets whatever the reader waits for go before this thread, and before those that it starts: a
/// scan or an index takes all the processors for a while.
fn yield_to_the_loop() {
    // Elsewhere the whole program would step back (POSIX, nice()).
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(BACKGROUND);
}

/// All orders that wait, the first of them waited for; none when the loop has ended.
fn take<T>(orders: &Receiver<T>) -> Option<Vec<T>> {
    let first = orders.recv().ok()?;
    Some(std::iter::once(first).chain(orders.try_iter()).collect())
}

fn answer_lists(shared: &Shared, orders: &Receiver<WindowRequest>, latest: &AtomicU64) {
    while let Some(mut taken) = take(orders) {
        let count = taken.len();
        if let Some(wanted) = taken.pop() {
            let cancelled = || latest.load(Ordering::SeqCst) != wanted.request;
            let found =
                shared
                    .library
                    .window(&wanted.listing, wanted.anchor, wanted.near, &cancelled);
            if let Some(mut window) = shared.told(found) {
                let request = wanted.request;
                let answer = |window| shared.say(Message::RowsLoaded { request, window });
                answer(window.clone());
                // The rows on the screen have their passages; those below it get them now.
                let library = &shared.library;
                let added = library.add_passages(&wanted.listing, &mut window, &cancelled);
                if shared.told(added) == Some(true) {
                    answer(window);
                }
            }
        }
        shared.done(count);
    }
}

/// Indexes whole texts, so that they can be searched.
fn index_texts(shared: &Shared, orders: &Receiver<()>, stop: &AtomicBool) {
    yield_to_the_loop();
    let mut looks = true;
    while let Some(taken) = take(orders) {
        // At once, where that is soon done: indexing may take long.
        shared.told(shared.library.end_keepsake());
        let last = Mutex::new(Instant::now());
        let tell = |Indexing { done, total }| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= INDEXED {
                *last = Instant::now();
                let left = total.saturating_sub(done);
                shared.say(Message::Indexed { left });
            }
        };
        let indexed = shared.library.index_texts(stop, &tell);
        shared.say(Message::Indexed { left: 0 });
        if shared.told(indexed).is_some_and(|stories| stories > 0) {
            shared.say(Message::TextsIndexed);
        }
        if !stop.load(Ordering::Relaxed) {
            shared.told(shared.library.write_keepsake());
        }
        if std::mem::take(&mut looks) {
            shared.told(shared.library.look_over());
        }
        shared.done(taken.len());
    }
}

fn answer_counts(shared: &Shared, orders: &Receiver<()>) {
    let mut hidden = 0;
    while let Some(taken) = take(orders) {
        if let Some(now) = shared.told(shared.library.hidden_feeds())
            && std::mem::replace(&mut hidden, now) != now
        {
            shared.say(Message::FeedsHidden(now));
        }
        let count = || {
            if let Some(sources) = shared.told(shared.library.sources()) {
                shared.say(Message::SourcesCounted(sources));
            }
        };
        count();
        // These have to be searched for: all others need not wait for them.
        if shared.told(shared.library.count_saved()) == Some(true) {
            count();
        }
        shared.done(taken.len());
    }
}

/// Makes pictures ready to be drawn.
fn make_pictures(shared: &Shared, orders: &Receiver<Vec<Key>>) {
    yield_to_the_loop();
    while let Some(mut taken) = take(orders) {
        let count = taken.len();
        for key in taken.pop().unwrap_or_default() {
            if !orders.is_empty() {
                break;
            }
            let ready = Box::new(pictures::make(key));
            // If the loop has ended, nobody wants to know.
            let _ = shared.events.send(Event::PictureReady(ready));
        }
        shared.done(count);
    }
}

fn browse(url: String, shared: Shared) {
    let work = move || {
        if browser::open(&url).is_err() {
            shared.say(Message::Noticed(format!(
                "No browser could be started; the address is {url}"
            )));
        }
    };
    let _ = thread::Builder::new().name("browser".into()).spawn(work);
}
