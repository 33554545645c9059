//! Opening stories, the beginning of long ones first, searching in what is open, and finding the
//! notes in it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender};
use jiff::tz::TimeZone;

use super::{
    LastOnly, Shared,
    finding::{Search, find_all},
    spawn, spawn_for_last, take, yield_to_the_loop,
};
use crate::{
    app::{Effect, Message, Opened, Outcome, Placed},
    document::{self, Document, Picture, scheme},
    library::{Beside, Place, ReadError},
    runtime::pictures,
    story::{Citation, Note, Story, StoryId, clean},
};

/// Parts of a long text whose pictures are looked for before its first page shows.
const FIRST_PARTS: usize = 2;

/// The same before the rest of a text takes its place behind its beginning: all parts of that.
const BEGUN_PARTS: usize = 24;

/// The workers that read stories.
pub(super) struct Stories {
    opening: Sender<Order>,
    finding: Sender<Search>,
    placing: Sender<Placing>,
    following: Sender<Follow>,
    /// The number of the last search: an earlier one is given up.
    latest: Arc<AtomicU64>,
}

/// Stories that are opened within this time of each other are walked through.
const WALKS: Duration = Duration::from_millis(400);

/// After this time without another one somebody rests at a story.
const RESTS: Duration = Duration::from_millis(120);

/// Bytes of a body that are looked at to find stories like it.
const GIST: usize = 48 * 1024;

enum Order {
    /// A story; whether it is to show as it stands in its file.
    Open(StoryId, bool),
    Resolve(StoryId, String),
}

/// A story whose notes are to be found: in the document that it has now, where it is another one.
struct Placing {
    id: StoryId,
    document: Option<Arc<Document>>,
}

/// Of what is to be found what stands after its end.
enum Follow {
    Opened(Box<Following>),
    /// The story that was opened last, once more, if it is this one.
    Again(StoryId),
}

/// A story that was opened, with the beginning of its text.
struct Following {
    id: StoryId,
    document: Arc<Document>,
    story: Story,
}

/// The story that was opened last, as far as it was read: the model holds its page and its source at
/// once, so each is held here by itself.
pub(super) type Last = Arc<Mutex<Option<(StoryId, Arc<Document>)>>>;

impl Stories {
    /// `discussed` is the page of comments that was made last.
    pub(super) fn new(shared: &Shared, zone: &TimeZone, discussed: &Last) -> Self {
        let (last, sourced) = (Last::default(), Last::default());
        let code = spawn_for_last("code", shared, read_code);
        let placing = spawn("notes", shared, place_all).0;
        let following = spawn("after", shared, find_what_follows).0;
        let aside = (&code, &placing, &following);
        let completing = {
            let opener = Opener::new(shared, zone, (&last, &sourced), aside);
            spawn("wholes", shared, move |_, orders| {
                opener.complete_all(orders)
            })
            .0
        };
        let opening = {
            let opener = Opener::new(shared, zone, (&last, &sourced), aside);
            let work = move |_: &Shared, orders: &Receiver<_>| opener.answer(orders, &completing);
            spawn("stories", shared, work).0
        };
        let latest = Arc::<AtomicU64>::default();
        let finding = {
            let latest = Arc::clone(&latest);
            let discussed = Arc::clone(discussed);
            let work = move |shared: &Shared, orders: &Receiver<_>| {
                find_all(shared, orders, [&last, &sourced, &discussed], &latest);
            };
            spawn("find", shared, work).0
        };
        Stories {
            opening,
            finding,
            placing,
            following,
            latest,
        }
    }

    /// Carries out what is about the text of stories.
    pub(super) fn carry_out(&self, shared: &Shared, effect: Effect) {
        let order = match effect {
            Effect::OpenStory(id) => Order::Open(id, false),
            Effect::OpenSource(id) => Order::Open(id, true),
            Effect::ResolveLink { from, target } => Order::Resolve(from, target),
            Effect::FindAfter(id) => return shared.send(&self.following, Follow::Again(id)),
            Effect::LoadNotes(id) => {
                let document = None;
                return shared.send(&self.placing, Placing { id, document });
            }
            Effect::FindText {
                id,
                sought,
                from,
                comments,
                source,
            } => {
                let number = self.latest.fetch_add(1, Ordering::SeqCst) + 1;
                let search = Search {
                    number,
                    id,
                    sought,
                    from,
                    comments,
                    source,
                };
                return shared.send(&self.finding, search);
            }
            _ => return,
        };
        shared.send(&self.opening, order);
    }
}

struct Opener {
    shared: Shared,
    zone: TimeZone,
    /// The page of the story that was opened last, and its source.
    last: Last,
    sourced: Last,
    /// Who colours code.
    code: LastOnly<(StoryId, Arc<Document>)>,
    /// Who finds notes.
    placing: Sender<Placing>,
    /// Who finds what stands after the end.
    following: Sender<Follow>,
}

/// Who does something with a story once it shows.
type Aside<'a> = (
    &'a LastOnly<(StoryId, Arc<Document>)>,
    &'a Sender<Placing>,
    &'a Sender<Follow>,
);

impl Opener {
    fn new(
        shared: &Shared,
        zone: &TimeZone,
        (last, sourced): (&Last, &Last),
        (code, placing, following): Aside<'_>,
    ) -> Self {
        Opener {
            shared: shared.clone(),
            zone: zone.clone(),
            last: Arc::clone(last),
            sourced: Arc::clone(sourced),
            code: code.clone(),
            placing: placing.clone(),
            following: following.clone(),
        }
    }

    fn answer(&self, orders: &Receiver<Order>, completing: &Sender<StoryId>) {
        while let Some(taken) = take(orders) {
            let count = taken.len();
            let mut open = None;
            for order in taken {
                match order {
                    Order::Open(id, source) => open = Some((id, source)),
                    Order::Resolve(from, target) => self.resolve(from, &target),
                }
            }
            if let Some((id, source)) = open {
                self.open(id, source, completing);
            }
            self.shared.done(count);
        }
    }

    fn resolve(&self, from: StoryId, target: &str) {
        match self.shared.told(self.shared.library.resolve(from, target)) {
            // The page of a story is no other story than that.
            Some(Some((id, anchor))) if id != from || scheme(target).is_none() => {
                self.shared.say(Message::LinkResolved { id, anchor });
            }
            Some(_) if scheme(target).is_some() => {
                self.shared.say(Message::LinkLeadsOut(target.to_owned()));
            }
            Some(_) => self.shared.say(match pictures::media_type(target) {
                None => self.beside(from, target),
                Some(media_type) => {
                    let path = self.shared.library.picture(from, target);
                    match path.as_deref().and_then(Path::to_str) {
                        Some(path) => Message::LinkLeadsToFile {
                            path: path.to_owned(),
                            media_type,
                        },
                        None => Message::Noticed(format!(
                            "No picture lies at “{target}” in this library."
                        )),
                    }
                }
            }),
            None => {}
        }
    }

    /// What comes of a link to no story of the library: where the story is a file that was named, what
    /// lies beside it is read.
    fn beside(&self, from: StoryId, target: &str) -> Message {
        let shown = clean::line(target);
        Message::Noticed(match self.shared.library.beside(from, target) {
            Some(Beside::Story(id, anchor)) => return Message::LinkResolved { id, anchor },
            Some(Beside::Folder) => {
                format!("“{shown}” is a folder: recto with its name reads what lies in it.")
            }
            Some(Beside::NoStory) => format!(
                "“{shown}” is no story: recto reads Markdown, text, web pages, books and letters."
            ),
            Some(Beside::Unreadable(why)) => format!("{why}."),
            Some(Beside::Nothing) => format!("No story lies at “{shown}” beside this one."),
            None => format!("No story here lies at “{shown}”."),
        })
    }

    fn open(&self, id: StoryId, source: bool, completing: &Sender<StoryId>) {
        // A story that upsets a parser must not end the program.
        let mut gist = None;
        let outcome = catch_unwind(AssertUnwindSafe(|| self.read(id, source, &mut gist)))
            .unwrap_or_else(|_| Err("recto failed over this story; please report it".to_owned()));
        let document = outcome.as_ref().ok().map(|it| Arc::clone(&it.document));
        self.remember(id, source, document.clone());
        self.shared.say(Message::StoryOpened { id, outcome });
        let Some(document) = document else {
            return;
        };
        if !source {
            self.place_notes(id, &document);
        }
        if let Some(story) = gist.filter(|_| !document.is_partial()) {
            self.find_what_follows(id, &document, story);
        }
        if document.is_partial() {
            self.shared.send(completing, id);
        } else {
            // Not before: the page is read without colours meanwhile.
            self.code.send(&self.shared, (id, Arc::clone(&document)));
            document.survey();
            self.find_pictures(id, &document);
        }
    }

    /// Finds the pictures of a long text beyond those of its first page.
    fn find_pictures(&self, id: StoryId, document: &Arc<Document>) {
        if document.parts() > 1 {
            let pictures = pictures::find_all(document, id, &self.shared.library);
            let says = |it: &Picture| it.drawable.is_some() || it.absent.is_some();
            if pictures.iter().any(says) {
                self.shared.say(Message::PicturesMeasured {
                    id,
                    document: Arc::clone(document),
                    pictures: pictures.into(),
                });
            }
        }
    }

    fn place_notes(&self, id: StoryId, document: &Arc<Document>) {
        let document = Some(Arc::clone(document));
        self.shared.send(&self.placing, Placing { id, document });
    }

    fn hold<T>(&self, with: impl FnOnce(&mut Option<(StoryId, Arc<Document>)>) -> T) -> T {
        with(&mut lock(&self.last))
    }

    /// Keeps what was opened in reach of searches; nothing of another story.
    fn remember(&self, id: StoryId, source: bool, document: Option<Arc<Document>>) {
        let opened = document.map(|it| (id, it));
        let (held, other) = match source {
            true => (&self.sourced, &self.last),
            false => (&self.last, &self.sourced),
        };
        *lock(held) = opened;
        lock(other).take_if(|(other, _)| *other != id);
    }

    fn find_what_follows(&self, id: StoryId, document: &Arc<Document>, story: Story) {
        let document = Arc::clone(document);
        let following = Following {
            id,
            document,
            story,
        };
        self.shared
            .send(&self.following, Follow::Opened(Box::new(following)));
    }

    /// Reads a story, and leaves a `gist` of it, if it is to be a page.
    fn read(&self, id: StoryId, source: bool, gist: &mut Option<Story>) -> Outcome {
        let library = &self.shared.library;
        let told = |error: ReadError| error.to_string();
        let kept = library.kept_place(id).ok().flatten();
        let place = library.place(id).ok().flatten();
        let place = place.ok_or(ReadError::Gone).map_err(told)?;
        let (mut document, about) = if source {
            let about = Citation {
                url: library.url(id).ok().flatten(),
                ..Citation::default()
            };
            self.delay(id, &place);
            let source = match place.is_book() {
                true => library.read_at(&place).map(|it| it.markdown),
                false => place.source(),
            };
            (Document::of_source(source.map_err(told)?), about)
        } else {
            let beginning = library
                .beginning_at(&place)
                .map_err(told)?
                .map(|(story, missing)| {
                    let about = Citation::of(&story);
                    (Document::of_beginning(story, &self.zone, missing), about)
                });
            let reaches = |document: &Document| {
                kept.as_ref()
                    .is_none_or(|kept| document.reaches(kept.block))
            };
            match beginning.filter(|(document, _)| reaches(document)) {
                Some(beginning) => beginning,
                None => {
                    self.delay(id, &place);
                    let story = library.read_at(&place).map_err(told)?;
                    let about = Citation::of(&story);
                    *gist = Some(gist_of(&story));
                    let document = Document::new(story, &self.zone);
                    (document, about)
                }
            }
        };
        if !source {
            let near = kept.as_ref().map(|kept| kept.block);
            pictures::find(&mut document, (id, library), FIRST_PARTS, near);
        }
        // Of a short text they are there at once.
        let notes = match document.parts() {
            1 if !source => {
                let notes = library.notes(id).unwrap_or_default();
                stands(&document, notes)
            }
            _ => Vec::new(),
        };
        Ok(Opened {
            document: Arc::new(document),
            about,
            notes: Placed::in_order(notes),
            source,
            state: library.state(id).ok().flatten().unwrap_or_default(),
            place: kept,
        })
    }

    /// Says that a long story is on its way.
    fn delay(&self, id: StoryId, place: &Place) {
        if place.is_long() {
            self.shared.say(Message::StoryDelayed(id));
        }
    }

    /// Reads the rest of long stories of which the beginning shows.
    fn complete_all(&self, orders: &Receiver<StoryId>) {
        while let Some(mut taken) = take(orders) {
            let count = taken.len();
            if let Some(id) = taken.pop() {
                let read = || self.shared.library.read(id);
                match catch_unwind(AssertUnwindSafe(read)) {
                    Ok(Ok(story)) => {
                        let gist = gist_of(&story);
                        let mut document = Document::new(story, &self.zone);
                        // Whoever reads the beginning already sees those that stand there.
                        let library = &self.shared.library;
                        pictures::find(&mut document, (id, library), BEGUN_PARTS, None);
                        self.complete(id, Arc::new(document), gist);
                    }
                    Ok(Err(error)) => self.shared.say(Message::Noticed(format!(
                        "Only the beginning of this story is here: {error}."
                    ))),
                    Err(_) => self.shared.say(Message::Noticed(
                        "Only the beginning of this story is here: recto failed over the rest."
                            .to_owned(),
                    )),
                }
            }
            self.shared.done(count);
        }
    }

    fn complete(&self, id: StoryId, document: Arc<Document>, gist: Story) {
        let is_open = self.hold(|last| match last {
            Some((open, held)) if *open == id && held.is_partial() => {
                *held = Arc::clone(&document);
                true
            }
            _ => false,
        });
        if is_open {
            self.shared.say(Message::StoryCompleted {
                id,
                document: Arc::clone(&document),
            });
            self.place_notes(id, &document);
            self.find_what_follows(id, &document, gist);
            self.code.send(&self.shared, (id, Arc::clone(&document)));
            let _ = catch_unwind(AssertUnwindSafe(|| document.survey()));
            self.find_pictures(id, &document);
        }
    }
}

pub(super) fn lock(last: &Last) -> MutexGuard<'_, Option<(StoryId, Arc<Document>)>> {
    last.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A story with the beginning of its body: enough to find others that are like it.
fn gist_of(story: &Story) -> Story {
    let end = story.markdown.floor_char_boundary(GIST);
    let body = story.markdown.get(..end).unwrap_or_default();
    Story {
        url: story.url.clone(),
        call_to_action: story.call_to_action.clone(),
        comments_count: story.comments_count,
        comments_url: story.comments_url.clone(),
        enclosures: story.enclosures.clone(),
        related: story.related.iter().take(1).cloned().collect(),
        ..Story::new(story.kind, story.title.clone(), body)
    }
}

/// Finds what stands after the end of the story that was opened last.
fn find_what_follows(shared: &Shared, orders: &Receiver<Follow>) {
    yield_to_the_loop();
    let mut last: Option<Box<Following>> = None;
    let mut before: Option<Instant> = None;
    while let Ok(first) = orders.recv() {
        // Who walks through a list looks at no story's end: what follows there waits until they rest. Of
        // all that they pass only the last is kept.
        let walks = before.is_some_and(|at| at.elapsed() < WALKS);
        let (mut count, mut wanted) = (0, None);
        let mut next = Some(first);
        while let Some(order) = next {
            count += 1;
            match order {
                Follow::Again(id) => wanted = Some(id),
                Follow::Opened(following) => {
                    wanted = Some(following.id);
                    last = Some(following);
                }
            }
            next = match walks {
                true => orders.recv_timeout(RESTS).ok(),
                false => orders.try_recv().ok(),
            };
        }
        before = Some(Instant::now());
        let superseded = || !orders.is_empty();
        if let Some(following) = last.as_ref().filter(|it| Some(it.id) == wanted) {
            let Following {
                id,
                document,
                story,
            } = &**following;
            let find = || shared.library.after(*id, story, &superseded);
            // A story without it is read all the same.
            if let Ok(found) = catch_unwind(AssertUnwindSafe(find))
                && let Some(after) = shared.told(found)
            {
                shared.say(Message::AfterFound {
                    id: *id,
                    document: Arc::clone(document),
                    after: Arc::new(after),
                    follows: document::is_followed(story),
                });
            }
        }
        shared.done(count);
    }
}

/// Finds the highlights and notes in the text of the story that was opened last as a page.
fn place_all(shared: &Shared, orders: &Receiver<Placing>) {
    let mut page: Option<(StoryId, Arc<Document>)> = None;
    let mut placed: Vec<Placed> = Vec::new();
    while let Some(taken) = take(orders) {
        let count = taken.len();
        let mut wanted = None;
        for order in taken {
            wanted = Some(order.id);
            if let Some(document) = order.document {
                page = Some((order.id, document));
                placed.clear();
            }
        }
        let page = page.as_ref().filter(|(id, _)| Some(*id) == wanted);
        if let Some((id, document)) = page
            && let Some(notes) = shared.told(shared.library.notes(*id))
        {
            // Most were looked for before; one whose words are gone takes a look through all of it.
            let known = |note: &Note| placed.iter().find(|it| it.note == *note).cloned();
            let (known, new): (Vec<_>, Vec<_>) = notes
                .into_iter()
                .map(|note| (known(&note), note))
                .partition(|(it, _)| it.is_some());
            let new = new.into_iter().map(|(_, note)| note).collect();
            let all = known.into_iter().filter_map(|(it, _)| it);
            placed = Placed::in_order(all.chain(stands(document, new)).collect());
            shared.say(Message::NotesPlaced {
                id: *id,
                document: Arc::clone(document),
                notes: placed.clone(),
            });
        }
        shared.done(count);
    }
}

/// Notes with their places. What fails over them is as if none of them were found: the story is read
/// all the same.
fn stands(document: &Document, notes: Vec<Note>) -> Vec<Placed> {
    let found = catch_unwind(AssertUnwindSafe(|| document.stand_of(&notes)));
    let found = found.unwrap_or_else(|_| vec![None; notes.len()]);
    let all = notes.into_iter().zip(found);
    all.map(|(note, stand)| Placed { note, stand }).collect()
}

/// Finds out what stands in the code of the story that was opened last.
fn read_code(shared: &Shared, orders: &Receiver<(StoryId, Arc<Document>)>) {
    yield_to_the_loop();
    while let Some(mut taken) = take(orders) {
        let count = taken.len();
        if let Some((id, document)) = taken.pop() {
            // A grammar that fails over a text must not end the program.
            let read = || document::highlight(&document, &|| orders.is_empty());
            let read = catch_unwind(AssertUnwindSafe(read));
            let tokens = read.unwrap_or_default();
            if !tokens.is_empty() {
                shared.say(Message::CodeRead {
                    id,
                    document,
                    tokens,
                });
            }
        }
        shared.done(count);
    }
}
