//! Feeds: refreshing them, and what the reader does with them.

use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, select};

use super::{
    Access, Shared, browse,
    comments::Discussing,
    settings::Held,
    steps::{Steps, Turns},
    yield_to_the_loop,
};
use crate::{
    app::{
        Message,
        feeds::{FeedOrder, Refreshing},
    },
    config::Opener,
    keep::Shelf,
    library::{Done, LibraryError, PrivateFolder, fetched_from},
    net::{Client, DiscoverError, Pace, Refresh, Refreshed, Told, Which, discover, find},
    story::{self, Feed, FeedId, HIDDEN, Offer, StoryId, Subscription, grouped},
};

/// How often at most it is told how far a refresh has come.
const PROGRESS: Duration = Duration::from_millis(250);

/// How often at most lists are told that stories have come in: all that shows of them is read and counted anew.
const GROWTH: Duration = Duration::from_millis(500);

/// How often it is seen whether the time of any feed has come.
const LOOK: Duration = Duration::from_secs(20);

/// The same for the first time: what is to be seen at once comes first.
const SOON: Duration = Duration::from_secs(1);

/// What has to do with feeds. Every order is carried out on a thread of its own: a server that does not
/// answer holds up nothing else.
#[derive(Clone)]
pub(super) struct Feeds {
    pub(super) shared: Shared,
    pub(super) counts: Sender<()>,
    pub(super) texts: Sender<()>,
    pub(super) stop: Arc<AtomicBool>,
    /// The settings that hold.
    pub(super) held: Held,
    /// Those that held when the order was given that this is for.
    pub(super) access: Arc<Access>,
    /// Where pages are kept, if not in the library that is read.
    pub(super) shelf: Option<Shelf>,
    /// Whoever keeps stories has this.
    pub(super) saving: Arc<Turns>,
    /// What is being done that can be taken back.
    pub(super) steps: Arc<Steps>,
    /// Where files lie that were taken out of letters, until the program ends.
    pub(super) unpacked: Arc<Mutex<Option<PrivateFolder>>>,
    /// Whoever reads ahead has this.
    pub(super) reading_ahead: Arc<Mutex<()>>,
    /// Whether all feeds are being asked.
    running: Arc<AtomicBool>,
    pub(super) discussing: Discussing,
}

impl Feeds {
    pub(super) fn new(
        shared: &Shared,
        counts: &Sender<()>,
        texts: &Sender<()>,
        stop: &Arc<AtomicBool>,
        discussing: Discussing,
    ) -> Self {
        Feeds {
            shared: shared.clone(),
            counts: counts.clone(),
            texts: texts.clone(),
            stop: Arc::clone(stop),
            held: Held::default(),
            access: Arc::default(),
            shelf: None,
            saving: Arc::default(),
            steps: Arc::default(),
            unpacked: Arc::default(),
            reading_ahead: Arc::default(),
            running: Arc::default(),
            discussing,
        }
    }

    /// The same, with the settings that hold now.
    pub(super) fn up_to_date(&self) -> Self {
        Feeds {
            access: self.held.now(),
            ..self.clone()
        }
    }

    /// The same, until this ends what it does.
    pub(super) fn until(&self, stop: Arc<AtomicBool>) -> Self {
        Feeds {
            stop,
            ..self.clone()
        }
    }

    /// What opens files that come with stories.
    pub(super) fn openers(&self) -> &[Opener] {
        &self.access.settings().openers
    }

    /// Has the library know the feeds and the queries that the settings name.
    pub(super) fn declare(&self) {
        self.shared.told(self.access.declare(&self.shared.library));
    }

    pub(super) fn carry_out(&self, order: FeedOrder) {
        self.aside(move |feeds| feeds.work(order));
    }

    /// Brings the stories of feeds in line with what was done with the feeds; nobody waits for it.
    pub(super) fn follow(&self) {
        self.aside(|feeds| {
            feeds.settle();
            feeds.ask_again();
        });
    }

    pub(super) fn aside(&self, work: impl FnOnce(&Feeds) + Send + 'static) {
        let feeds = self.up_to_date();
        self.shared.begin();
        let work = move || {
            yield_to_the_loop();
            work(&feeds);
            feeds.shared.done(1);
        };
        let begun = thread::Builder::new().name("feeds".into()).spawn(work);
        if begun.is_err() {
            self.shared.done(1);
        }
    }

    /// Asks feeds whose time has come, as long as nobody ends it.
    pub(super) fn keep_fresh(&self, until: Receiver<()>) {
        let feeds = self.clone();
        let work = move || {
            yield_to_the_loop();
            let mut wait = SOON;
            loop {
                select! {
                    recv(until) -> _ => return,
                    recv(feeds.held.changed()) -> _ => {}
                    default(wait) => {}
                }
                wait = LOOK;
                let feeds = feeds.up_to_date();
                if let Some(pace) = feeds.access.schedule()
                    && feeds.is_any_due(pace)
                {
                    feeds.refresh(&Which::Due, pace);
                }
            }
        };
        // Without this thread they are asked when the reader says so.
        let _ = thread::Builder::new().name("schedule".into()).spawn(work);
    }

    fn is_any_due(&self, pace: Pace) -> bool {
        let now = jiff::Timestamp::now().as_second();
        let calls = self.shared.library.calls().unwrap_or_default();
        calls
            .iter()
            .any(|call| pace.is_due(&*self.access, call, now))
    }

    fn work(&self, order: FeedOrder) {
        let library = &self.shared.library;
        match order {
            FeedOrder::Refresh(feeds) if feeds.is_empty() => {
                if let Some(false) = self.shared.told(library.has_feeds()) {
                    return self.notice("Nothing is subscribed to; a subscribes.".to_owned());
                }
                self.refresh(&Which::All, self.access.pace());
            }
            FeedOrder::Refresh(feeds) => {
                self.refresh(&Which::These(feeds), self.access.pace());
            }
            FeedOrder::RefreshOf(story) => self.refresh_of(story),
            FeedOrder::Subscribe { address, folder } => self.subscribe(&address, folder),
            FeedOrder::Take { offer, folder } => self.take(&offer, folder),
            FeedOrder::Name(feed, name) => {
                self.change(feed, "renamed", |it| it.name.clone_from(&name));
            }
            FeedOrder::Move(feed, folder) => {
                self.change(feed, "moved", |it| it.folder.clone_from(&folder));
            }
            FeedOrder::Readdress(feed, address) => self.readdress(feed, &address),
            FeedOrder::Refile { from, to, what } => self.refile(&from, &to, what),
            FeedOrder::Unsubscribe(feeds) => {
                self.did(library.unsubscribe(&feeds), || match feeds[..] {
                    [feed] => self.left_elsewhere(feed),
                    _ => "None of these is subscribed to any more.".to_owned(),
                });
            }
            FeedOrder::Discuss(id) => self.discuss(id),
            FeedOrder::Browse(feed) => {
                let page = self.feed(feed).and_then(|it| it.page);
                match page {
                    Some(page) => {
                        browse(story::link::bare(&page).into_owned(), self.shared.clone())
                    }
                    None => self.notice("This feed names no page.".to_owned()),
                }
            }
        }
    }

    /// Asks the feeds that announced a story.
    fn refresh_of(&self, story: StoryId) {
        let library = &self.shared.library;
        let announcers = self.shared.told(library.announcers(story));
        let announcers = announcers.unwrap_or_default();
        let mut feeds = self.shared.told(library.feeds()).unwrap_or_default();
        feeds.retain(|it| announcers.contains(&it.subscription.url));
        match feeds.is_empty() {
            true => {
                self.notice("This story came from no feed of yours; R asks all of them.".to_owned())
            }
            false => {
                let feeds = feeds.iter().map(|it| it.id).collect();
                self.refresh(&Which::These(feeds), self.access.pace());
            }
        }
    }

    pub(super) fn notice(&self, text: String) {
        self.shared.say(Message::Noticed(text));
    }

    fn feed(&self, id: FeedId) -> Option<Feed> {
        let feeds = self.shared.told(self.shared.library.feeds())?;
        feeds.into_iter().find(|feed| feed.id == id)
    }

    /// Says something else of a feed, unless the settings say that.
    fn change(&self, feed: FeedId, what: &str, change: impl Fn(&mut Subscription)) {
        let Some(known) = self.feed(feed) else {
            return self.notice(self.left_elsewhere(feed));
        };
        let mut now = known.subscription.clone();
        change(&mut now);
        match self.access.hold(&known.subscription, &now) {
            Some(why) => self.notice(format!("“{}” is not {what}: {why}.", known.name())),
            None => {
                let done = self.shared.library.change_feed(feed, change);
                self.did(done, so_already);
            }
        }
    }

    /// That a feed which an order names was unsubscribed from meanwhile, by another program.
    fn left_elsewhere(&self, feed: FeedId) -> String {
        let name = self.shared.told(self.shared.library.name_of_feed(feed));
        let name = name.flatten().unwrap_or_default();
        format!("“{name}” was unsubscribed from meanwhile: nothing was done.")
    }

    /// Has the feeds of a folder lie in another one, unless the settings say of any where it lies.
    fn refile(&self, from: &str, to: &str, what: &str) {
        let library = &self.shared.library;
        let mut feeds = self.shared.told(library.feeds()).unwrap_or_default();
        feeds.retain(|it| story::moved_along(&it.subscription.folder, from, to).is_some());
        let held = feeds.iter().find_map(|feed| {
            let mut now = feed.subscription.clone();
            now.folder = story::moved_along(&now.folder, from, to)?;
            let why = self.access.hold(&feed.subscription, &now)?;
            Some(format!("{from} is not {what}: of “{}” {why}.", feed.name()))
        });
        let named = || {
            let why = self.access.hold_folder(from, to)?;
            Some(format!("{from} is not {what}: {why}."))
        };
        match held.or_else(named) {
            Some(why) => self.notice(why),
            None => self.did(library.refile(from, to, what), || match feeds[..] {
                [] => format!("No feed lies in “{from}”: it is not {what}."),
                _ => so_already(),
            }),
        }
    }

    /// Something was done with feeds: their stories follow, and it is said; also why `nothing` was done.
    fn did(&self, done: Result<Done, LibraryError>, nothing: impl FnOnce() -> String) {
        let Some(done) = self.shared.told(done) else {
            return;
        };
        self.settle();
        // Last: what it did with the lists is not what is to be said.
        self.notice(match done.stories {
            0 => nothing(),
            _ => format!("{} u undoes it.", story::sentence(&done.what)),
        });
    }

    /// Asks feeds that are fetched from where they were before: what came from elsewhere is gone.
    fn ask_again(&self) {
        let calls = self.shared.library.calls().unwrap_or_default();
        let moved = calls.iter().filter(|call| call.was_elsewhere());
        let moved: Vec<FeedId> = moved.map(|call| call.feed).collect();
        if !moved.is_empty() {
            // What was undone is what is to be said.
            self.ask(&Which::These(moved), self.access.pace(), false);
        }
    }

    /// Brings the stories of feeds in line with what was done with the feeds, and tells of it.
    pub(super) fn settle(&self) {
        let library = &self.shared.library;
        if let Some(scanned) = self.shared.told(library.settle_feeds(&self.stop)) {
            let (put, gone) = (scanned.put, scanned.gone);
            if !put.is_empty() || !gone.is_empty() {
                self.shared.say(Message::StoriesFollowed { put, gone });
            }
        }
        self.shared.tell_growth(false, &self.counts);
        self.shared.send(&self.texts, ());
    }

    /// Fetches a feed from another address, if there is a feed.
    fn readdress(&self, feed: FeedId, address: &str) {
        if self.feed(feed).is_none() {
            return self.notice(self.left_elsewhere(feed));
        }
        let client = match self.access.client() {
            Ok(client) => client,
            Err(why) => return self.notice(story::sentence(&why)),
        };
        match discover(&client, address, &self.stop) {
            Err(error) => self.notice(error.sentence()),
            Ok(offers) => {
                let Some(offer) = offers.into_iter().find(|it| !it.guessed) else {
                    let nothing = DiscoverError::Nothing(story::clean::line(address));
                    return self.notice(nothing.to_string());
                };
                let library = &self.shared.library;
                let feeds = self.shared.told(library.feeds()).unwrap_or_default();
                if let Some(other) = fetched_from(&feeds, &offer.url, &[feed]) {
                    let name = story::link::shown(other.name());
                    return self
                        .notice(format!("Not readdressed: “{name}” is fetched from there."));
                }
                let done = library.change_feed(feed, |it| it.url = offer.url);
                self.did(done, so_already);
                // That it was done is what is to be said, and how it is taken back.
                self.ask(&Which::These(vec![feed]), self.access.pace(), false);
            }
        }
    }

    fn subscribe(&self, address: &str, folder: String) {
        let client = match self.access.client() {
            Ok(client) => client,
            Err(why) => return self.notice(story::sentence(&why)),
        };
        let offers = match find(&self.shared.library, &client, address, &self.stop) {
            Ok(offers) => offers,
            // An address without a feed may be that of a story.
            Err(DiscoverError::Nothing(at)) if self.shows_page(&client, &at, address) => return,
            Err(error) => return self.notice(error.sentence()),
        };
        match &offers[..] {
            [offer] if !offer.guessed => self.take(offer, folder),
            _ => self.shared.say(Message::FeedsOffered { offers, folder }),
        }
    }

    /// Subscribes to a feed that was found.
    fn take(&self, offer: &Offer, folder: String) {
        let library = &self.shared.library;
        if let Some(Some(known)) = self.shared.told(library.known_feed(&offer.url)) {
            let mut feeds = self.shared.told(library.feeds()).unwrap_or_default();
            feeds.retain(|it| it.subscription.url == known);
            return match &feeds[..] {
                [feed, ..] if feed.subscription.is_hidden() => self.show(feed),
                [feed, ..] => self.notice(already(feed)),
                [] => self.notice("That is subscribed to already.".to_owned()),
            };
        }
        let Some(mut subscription) = self.shared.told(library.subscription_to(&offer.url)) else {
            return;
        };
        // Where it lay before is where it is looked for; the cursor may stand anywhere by now.
        let before = match &*subscription.folder {
            "" => None,
            folder => Some(folder.to_owned()),
        };
        if before.is_none() {
            subscription.folder = folder;
        }
        if self
            .shared
            .told(library.subscribe(&[subscription]))
            .is_none()
        {
            return;
        }
        let feeds = self.shared.told(library.feeds()).unwrap_or_default();
        let new = feeds
            .into_iter()
            .find(|it| it.subscription.url == offer.url);
        if let Some(feed) = new {
            self.refresh(&Which::These(vec![feed.id]), self.access.pace());
            let asked = self.feed(feed.id).unwrap_or(feed);
            let name = story::link::shown(asked.name());
            self.shared.say(Message::Subscribed(asked.id));
            let at = before.map_or_else(String::new, |folder| format!(", in {folder} as before"));
            let waits = match asked.resting {
                until if until > jiff::Timestamp::now().as_second() => {
                    format!("; its server says to wait until {}", moment(until))
                }
                _ => String::new(),
            };
            self.notice(format!("Subscribed to “{name}”{at}{waits}. u undoes it."));
        }
    }

    /// Has a feed stand among the sources that stood nowhere.
    fn show(&self, feed: &Feed) {
        let shown = self.shared.library.change_feed(feed.id, |it| {
            it.attributes.retain(|(name, _)| name != HIDDEN);
        });
        self.did(shown, || already(feed));
        self.shared.say(Message::Subscribed(feed.id));
    }

    fn refresh(&self, which: &Which, pace: Pace) {
        self.ask(which, pace, *which != Which::Due);
    }

    /// Asks feeds for what is new, and says what came of it where that is `said`.
    fn ask(&self, which: &Which, pace: Pace, said: bool) {
        let whole = !matches!(which, Which::These(_));
        if whole && self.running.swap(true, Ordering::SeqCst) {
            return self.notice("Feeds are being asked already.".to_owned());
        }
        let told = RefCell::new(None::<(Instant, Refreshing)>);
        let grown = RefCell::new((Instant::now(), (0, 0)));
        let tell = |now: Told| {
            let mut told = told.borrow_mut();
            if told.as_ref().is_some_and(|(at, _)| at.elapsed() < PROGRESS) {
                return;
            }
            let Told {
                done,
                total,
                new,
                awaited,
            } = now;
            let now = Refreshing {
                done,
                total,
                new,
                awaited,
            };
            // While slow servers are waited for there is nothing to say.
            if told.as_ref().is_none_or(|(_, before)| *before != now) {
                self.shared.say(Message::FeedsAsked(Some(now.clone())));
                *told = Some((Instant::now(), now));
            }
            let mut grown = grown.borrow_mut();
            if grown.1 != (done, new) && grown.0.elapsed() >= GROWTH {
                *grown = (Instant::now(), (done, new));
                self.shared.tell_growth(false, &self.counts);
            }
        };
        let refresh = |client: &Client| {
            let refresh = Refresh {
                library: &self.shared.library,
                client,
                terms: &*self.access,
                rules: self.access.rules(),
                pace,
                stop: &self.stop,
                // They are many, and hold nothing that anybody waits for; whoever writes does.
                ease: yield_to_the_loop,
            };
            refresh.run(which, &tell)
        };
        let refreshed = match self.access.client() {
            Ok(client) => self.shared.told(refresh(&client)),
            Err(why) => {
                self.notice(story::sentence(&why));
                None
            }
        };
        if whole {
            self.running.store(false, Ordering::SeqCst);
        }
        self.shared.say(Message::FeedsAsked(None));
        if let Some(refreshed) = refreshed {
            self.tell_of(which, &refreshed);
            if said {
                self.notice(summary(&refreshed));
            }
            let (put, gone) = (refreshed.scanned.put, refreshed.scanned.gone);
            self.shared.say(Message::StoriesChanged { put, gone });
        }
        self.shared.tell_growth(false, &self.counts);
        self.shared.send(&self.texts, ());
        self.read_ahead(*which != Which::Due);
    }
}

impl Feeds {
    /// Tells of new stories outside of the screen: of all of them if nobody asked for them just now.
    fn tell_of(&self, which: &Which, refreshed: &Refreshed) {
        let Some(notification) = self.access.notification(refreshed) else {
            return;
        };
        if *which != Which::Due && refreshed.notable.is_empty() {
            return;
        }
        match self.access.hand_over(&notification) {
            Ok(true) => {}
            Ok(false) => self.shared.tell(notification),
            Err(why) => self.notice(story::sentence(&why)),
        }
    }
}

/// That nothing was to be done.
pub(super) fn so_already() -> String {
    "That was so already: nothing changed.".to_owned()
}

/// That a feed is subscribed to, and where it stands.
fn already(feed: &Feed) -> String {
    let name = story::link::shown(feed.name());
    match &*feed.subscription.folder {
        "" => format!("That is subscribed to already: “{name}”."),
        folder => format!("That is subscribed to already: “{name}”, in {folder}."),
    }
}

/// A moment, given as seconds since 1970.
fn moment(at: i64) -> String {
    let at = jiff::Timestamp::from_second(at).unwrap_or_default();
    story::moment(at, &jiff::ZonedDateTime::now())
}

/// What a refresh came to, in words.
fn summary(refreshed: &Refreshed) -> String {
    // Short enough for a narrow screen.
    let stories = match refreshed.new {
        0 => "nothing new".to_owned(),
        new => format!("{} new", grouped(new)),
    };
    let feeds = match refreshed.asked {
        1 => "1 feed".to_owned(),
        asked => format!("{} feeds", grouped(asked)),
    };
    let mut said = format!("{feeds}: {stories}");
    match &refreshed.failed[..] {
        [] => {}
        [(name, why)] => said.push_str(&format!("; “{name}” failed: {why}")),
        [(name, why), rest @ ..] => said.push_str(&format!(
            "; {} failed, as “{name}”: {why}",
            grouped(rest.len() + 1)
        )),
    }
    if let [(name, until)] = &refreshed.held[..] {
        let wait = format!(
            "“{name}”: its server asked not to be asked before {}",
            moment(*until)
        );
        match refreshed.asked {
            0 => said = wait,
            _ => said.push_str(&format!("; {wait}")),
        }
    } else if refreshed.resting > 0 {
        let servers = grouped(refreshed.resting);
        said.push_str(&format!("; {servers} wait, as their servers asked"));
    }
    format!("{said}.")
}
