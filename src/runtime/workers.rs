//! The threads that carry out effects. Each takes orders from a channel, passes over those that a
//! later one has made pointless, and answers with a message.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, unbounded};
use jiff::tz::TimeZone;

use super::Event;
use crate::{
    app::{Effect, MATCHES, Message, Opened, Outcome, WindowRequest},
    document::{self, Document, Hyphenation},
    library::{Input, Library},
    story::StoryId,
};

/// Stories larger than this say that they are being opened.
const LARGE: u64 = 1024 * 1024;

/// How often at most the list is told that stories have come in.
const GROWTH: Duration = Duration::from_millis(60);

/// The workers' side that the loop has.
pub(super) struct Workers {
    lists: Sender<ListOrder>,
    counts: Sender<()>,
    stories: Sender<StoryOrder>,
    /// The number of the last request for rows: an earlier one may be given up.
    latest: Arc<AtomicU64>,
    shared: Shared,
    stop: Arc<AtomicBool>,
}

/// What all workers have.
#[derive(Clone)]
struct Shared {
    library: Arc<Library>,
    events: Sender<Event>,
    /// Orders that are not answered yet.
    open: Arc<AtomicUsize>,
}

enum ListOrder {
    Rows(WindowRequest),
    SetRead(StoryId, bool),
}

enum StoryOrder {
    Open(StoryId),
    Resolve(StoryId, String),
    Find(StoryId, String),
}

impl Workers {
    pub(super) fn new(library: Arc<Library>, zone: TimeZone, events: Sender<Event>) -> Self {
        let shared = Shared {
            library,
            events,
            open: Arc::default(),
        };
        let latest = Arc::new(AtomicU64::new(0));
        let (counts, count_orders) = unbounded();
        let lists = {
            let (latest, counts) = (Arc::clone(&latest), counts.clone());
            spawn("lists", &shared, move |shared, orders| {
                answer_lists(shared, orders, &latest, &counts);
            })
        };
        let stories = spawn("stories", &shared, move |shared, orders| {
            answer_stories(shared, orders, &zone);
        });
        let counting = shared.clone();
        let _ = thread::Builder::new()
            .name("counts".into())
            .spawn(move || answer_counts(&counting, &count_orders));
        Workers {
            lists,
            counts,
            stories,
            latest,
            shared,
            stop: Arc::default(),
        }
    }

    /// Whether every order was answered.
    pub(super) fn idle(&self) -> bool {
        self.shared.open.load(Ordering::SeqCst) == 0
    }

    pub(super) fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::LoadRows(request) => {
                self.latest.store(request.request, Ordering::SeqCst);
                self.order(&self.lists, ListOrder::Rows(request));
            }
            Effect::SetRead { id, read } => self.order(&self.lists, ListOrder::SetRead(id, read)),
            Effect::OpenStory(id) => self.order(&self.stories, StoryOrder::Open(id)),
            Effect::ResolveLink { from, target } => {
                self.order(&self.stories, StoryOrder::Resolve(from, target));
            }
            Effect::FindText { id, words } => {
                self.order(&self.stories, StoryOrder::Find(id, words))
            }
            Effect::Browse(url) => browse(url, self.shared.clone()),
            // These need the terminal, which the loop has.
            Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    fn order<T>(&self, worker: &Sender<T>, order: T) {
        self.shared.begin();
        if worker.send(order).is_err() {
            self.shared.done(1);
        }
    }

    /// Brings stories in, on threads of the library's own.
    pub(super) fn scan(&self, inputs: Vec<Input>) {
        let (shared, stop) = (self.shared.clone(), Arc::clone(&self.stop));
        let counts = self.counts.clone();
        self.shared.begin();
        let work = move || {
            let last = Mutex::new(None::<Instant>);
            let grew = || {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.is_none_or(|at| at.elapsed() >= GROWTH) {
                    *last = Some(Instant::now());
                    shared.tell_growth(true, &counts);
                }
            };
            let scanned = shared.library.scan(&inputs, &stop, &grew);
            shared.tell_growth(false, &counts);
            match &scanned.warnings[..] {
                [] => {}
                [one] => shared.say(Message::Noticed(format!("Not read: {one}"))),
                [first, rest @ ..] => shared.say(Message::Noticed(format!(
                    "Not read: {first}, and {} more",
                    rest.len()
                ))),
            }
            shared.done(1);
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

    fn tell_growth(&self, reading: bool, counts: &Sender<()>) {
        self.say(Message::LibraryGrew {
            stories: self.library.len(),
            reading,
        });
        self.begin();
        if counts.send(()).is_err() {
            self.done(1);
        }
    }
}

fn spawn<T: Send + 'static>(
    name: &str,
    shared: &Shared,
    work: impl FnOnce(&Shared, &Receiver<T>) + Send + 'static,
) -> Sender<T> {
    let (sender, orders) = unbounded();
    let shared = shared.clone();
    // If a thread cannot be had, its channel closes and orders are passed over.
    let _ = thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || work(&shared, &orders));
    sender
}

/// All orders that wait, the first of them waited for; none when the loop has ended.
fn take<T>(orders: &Receiver<T>) -> Option<Vec<T>> {
    let first = orders.recv().ok()?;
    Some(std::iter::once(first).chain(orders.try_iter()).collect())
}

fn answer_lists(
    shared: &Shared,
    orders: &Receiver<ListOrder>,
    latest: &AtomicU64,
    counts: &Sender<()>,
) {
    while let Some(taken) = take(orders) {
        let count = taken.len();
        let mut last = None;
        for order in taken {
            match order {
                ListOrder::Rows(request) => last = Some(request),
                ListOrder::SetRead(id, read) => {
                    shared.library.set_read(id, read);
                    shared.begin();
                    if counts.send(()).is_err() {
                        shared.done(1);
                    }
                }
            }
        }
        if let Some(wanted) = last {
            let cancelled = || latest.load(Ordering::SeqCst) != wanted.request;
            let found = shared
                .library
                .window(&wanted.listing, wanted.anchor, &cancelled);
            if let Ok(window) = found {
                shared.say(Message::RowsLoaded {
                    request: wanted.request,
                    window,
                });
            }
        }
        shared.done(count);
    }
}

fn answer_counts(shared: &Shared, orders: &Receiver<()>) {
    while let Some(taken) = take(orders) {
        shared.say(Message::SourcesCounted(shared.library.sources()));
        shared.done(taken.len());
    }
}

fn answer_stories(shared: &Shared, orders: &Receiver<StoryOrder>, zone: &TimeZone) {
    let mut opener = Opener {
        shared,
        zone,
        patterns: HashMap::new(),
        last: None,
    };
    while let Some(taken) = take(orders) {
        let count = taken.len();
        let mut open = None;
        let mut find = None;
        for order in taken {
            match order {
                StoryOrder::Open(id) => open = Some(id),
                StoryOrder::Find(id, words) => find = Some((id, words)),
                StoryOrder::Resolve(from, target) => {
                    shared.say(match shared.library.resolve(from, &target) {
                        Some((id, anchor)) => Message::LinkResolved { id, anchor },
                        None => Message::Noticed(format!("No story here lies at “{target}”.")),
                    });
                }
            }
        }
        if let Some(id) = open {
            opener.open(id);
        }
        if let Some((id, words)) = find {
            opener.find(id, words);
        }
        shared.done(count);
    }
}

struct Opener<'a> {
    shared: &'a Shared,
    zone: &'a TimeZone,
    /// Division patterns by language, as far as they were needed.
    patterns: HashMap<String, Option<Hyphenation>>,
    /// The story that was opened last, for searching in it.
    last: Option<(StoryId, Arc<Document>)>,
}

impl Opener<'_> {
    fn open(&mut self, id: StoryId) {
        let place = self.shared.library.place(id);
        let size = place.as_ref().and_then(crate::library::Place::size);
        if size.is_some_and(|bytes| bytes > LARGE) {
            self.shared.say(Message::StoryDelayed(id));
        }
        // A story that upsets a parser must not end the program.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.read(id)))
            .unwrap_or_else(|_| Err("recto failed over this story; please report it".to_owned()));
        self.last = outcome
            .as_ref()
            .ok()
            .map(|opened| (id, Arc::clone(&opened.document)));
        self.shared.say(Message::StoryOpened { id, outcome });
    }

    fn read(&mut self, id: StoryId) -> Outcome {
        let story = self.shared.library.open(id).map_err(|e| e.to_string())?;
        let declared = story.language.as_deref();
        let language = declared.or_else(|| Hyphenation::language_of(&story.markdown));
        let hyphenation = language.and_then(|tag| {
            self.patterns
                .entry(tag.to_owned())
                .or_insert_with(|| Hyphenation::of_language(tag))
                .clone()
        });
        Ok(Opened {
            document: Arc::new(Document::new(&story, self.zone, hyphenation)),
            url: story.url,
            read: self.shared.library.is_read(id),
        })
    }

    fn find(&self, id: StoryId, words: String) {
        if let Some((last, document)) = &self.last
            && *last == id
        {
            // One more than is kept says that there are more.
            let found = document::find(document, &words, MATCHES + 1);
            self.shared.say(Message::TextFound { id, words, found });
        }
    }
}

fn browse(url: String, shared: Shared) {
    let work = move || {
        // The address is an argument of the program that opens it; no shell ever sees it.
        if open::that_detached(&url).is_err() {
            shared.say(Message::Noticed(format!(
                "No browser could be started; the address is {url}"
            )));
        }
    };
    let _ = thread::Builder::new().name("browser".into()).spawn(work);
}
