//! Refreshing: asks the servers of feeds, many at once and never more than two of one host, and has what
//! they send taken in.
//!
//! Each answer is read on the thread that fetched it; one thread, the caller's, writes them to the library,
//! as many at once as have come. What did not change is neither read nor written.

mod command;
mod outage;
mod queue;
mod schedule;
mod terms;

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use jiff::Timestamp;
use url::{Position, Url};

use self::{
    outage::Outage,
    queue::{Manner, Queue, Turn},
};
use super::{Client, FetchError, Fetched, Request, Validators, client::bare};
use crate::{
    ingest::media_type,
    library::{Arrival, Call, Issue, Keep, Library, LibraryError, Outcome, Rule, Scanned},
    story::FeedId,
};

pub use command::printed;
pub use schedule::Pace;
pub use terms::{Term, Terms};

/// What is preferred of a feed's server.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
     application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5";

/// Threads that ask servers which answer swiftly. Those that wait for others do not count: as many take
/// their places.
const HANDS: usize = 8;

/// Threads that ask, at most.
const MOST_HANDS: usize = 256;

/// A server that has not answered after this time is not swift.
const SWIFT: Duration = Duration::from_millis(150);

/// Answers that wait to be written; beyond them servers are not asked any faster.
const WAITING: usize = 16;

/// Answers that one transaction takes in, at most.
const TOGETHER: usize = 24;

/// Which feeds are to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All, but those whose servers said when not to ask.
    All,
    /// Those whose time has come.
    Due,
    /// These, but those whose servers said when not to ask: it is told until when.
    These(Vec<FeedId>),
}

/// How far a refresh has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Feeds that were asked.
    pub done: usize,
    /// Feeds that are to be.
    pub total: usize,
    /// Stories that were not there before.
    pub new: usize,
    /// Hosts that have been waited for long.
    pub awaited: Vec<String>,
}

/// What a refresh came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refreshed {
    /// Feeds that were asked.
    pub asked: usize,
    /// Feeds that sent something that had to be read.
    pub read: usize,
    /// Stories that were not there before.
    pub new: usize,
    /// Feeds that could not be had: their names, and why.
    pub failed: Vec<(String, String)>,
    /// Feeds that were not asked since their servers do not want to be yet.
    pub resting: usize,
    /// Those among them that were asked for by name, and until when, as seconds since 1970.
    pub held: Vec<(String, i64)>,
    /// What it did with the lists.
    pub scanned: Scanned,
    /// Titles of new stories of which a rule says that they are to be told of.
    pub notable: Vec<String>,
    /// The names of the feeds that brought new stories.
    pub feeds: Vec<String>,
}

/// An answer on its way to the library.
struct Answer {
    arrival: Arrival,
    name: String,
    /// Whether nobody could be reached; nothing where no server was to be.
    unreached: Option<bool>,
    /// Whose server it is.
    host: String,
    /// When to ask again if it does not count against the feed that it could not be had.
    uncounted: i64,
}

/// Refreshing, with what it needs.
pub struct Refresh<'a> {
    /// Whose feeds are asked.
    pub library: &'a Library,
    /// What asks.
    pub client: &'a Client,
    /// What holds for single feeds.
    pub terms: &'a dyn Terms,
    /// What is done with new stories.
    pub rules: &'a [Rule],
    /// How often feeds are asked.
    pub pace: Pace,
    /// Ends it early; what came until then stays.
    pub stop: &'a AtomicBool,
    /// What each thread that asks does first: it may let others go before it.
    pub ease: fn(),
}

impl Refresh<'_> {
    /// Asks feeds, and takes in what they send. `tell` hears how far it has come.
    ///
    /// # Errors
    /// If the database cannot be read or written. Feeds that cannot be had are no error: they are told of in
    /// what it came to, and each says so where it is listed.
    pub fn run(&self, which: &Which, tell: &dyn Fn(Told)) -> Result<Refreshed, LibraryError> {
        let Refresh { library, stop, .. } = *self;
        // What other libraries took in is known here before anything is called new.
        let mut refreshed = Refreshed {
            scanned: library.settle_feeds(stop)?,
            ..Refreshed::default()
        };
        let now = Timestamp::now().as_second();
        let mut calls = library.calls()?;
        match which {
            Which::These(these) => calls.retain(|call| these.contains(&call.feed)),
            Which::Due => calls.retain(|call| self.pace.is_due(self.terms, call, now)),
            Which::All => {}
        }
        let is_resting = |call: &Call| call.resting > now;
        refreshed.resting = calls.iter().filter(|it| is_resting(it)).count();
        if matches!(which, Which::These(_)) {
            let resting = calls.iter().filter(|it| is_resting(it));
            refreshed.held = resting.map(|it| (it.name.clone(), it.resting)).collect();
        }
        calls.retain(|call| !is_resting(call));
        let total = calls.len();
        let fresh = calls.iter().filter(|call| call.print == 0).count();
        let keep = |call: &Call| Some((call.feed, self.terms.keep(&call.url)?));
        let kept: Vec<(FeedId, Keep)> = calls.iter().filter_map(keep).collect();
        let mut arrivals = library.arrivals(fresh, self.rules)?;
        let queue = Queue::new(calls);
        let (sender, answers) = bounded(WAITING);
        let written = thread::scope(|scope| {
            let (queue, sender) = (&queue, sender);
            let hands = |count: usize| -> io::Result<()> {
                for _ in 0..count {
                    let sender = sender.clone();
                    let work = move || {
                        (self.ease)();
                        self.work(queue, &sender);
                    };
                    thread::Builder::new()
                        .name("feeds".into())
                        .spawn_scoped(scope, work)?;
                }
                Ok(())
            };
            let mut working = HANDS.min(total);
            let begun = hands(working);
            // Where the system has no thread left, those that there are go on.
            if begun.is_err() && total > 0 && queue.is_untouched() {
                return Err(LibraryError::Threads);
            }
            let mut outage = Outage::default();
            let mut written = || {
                while refreshed.asked < total && !stop.load(Ordering::Relaxed) {
                    let more = queue.lacks(HANDS, working, SWIFT).min(MOST_HANDS - working);
                    if hands(more).is_ok() {
                        working += more;
                    }
                    let first: Answer = match answers.recv_timeout(SWIFT) {
                        Ok(first) => first,
                        Err(RecvTimeoutError::Timeout) => {
                            // Whoever was told of too many answers at once is told again.
                            tell(Told {
                                done: refreshed.asked,
                                total,
                                new: arrivals.new_stories(),
                                awaited: queue.awaited(),
                            });
                            continue;
                        }
                        Err(RecvTimeoutError::Disconnected) => break,
                    };
                    let answers =
                        std::iter::once(first).chain(answers.try_iter().take(TOGETHER - 1));
                    let mut taken = Vec::new();
                    for answer in answers {
                        refreshed.asked += 1;
                        match &answer.arrival.outcome {
                            Outcome::Came { .. } => refreshed.read += 1,
                            Outcome::Failed(why) => {
                                refreshed.failed.push((answer.name.clone(), why.clone()));
                            }
                            Outcome::Unchanged => {}
                        }
                        taken.extend(outage.sift(answer));
                    }
                    arrivals.take(taken)?;
                    tell(Told {
                        done: refreshed.asked,
                        total,
                        new: arrivals.new_stories(),
                        awaited: queue.awaited(),
                    });
                }
                arrivals.take(outage.end())
            };
            let written = written();
            queue.close();
            // Whoever waits for room in the channel is to see that nobody takes anything any more.
            drop(answers);
            written
        });
        if written.is_ok() {
            for (feed, keep) in kept {
                arrivals.retire(feed, keep, stop)?;
            }
        }
        let came = arrivals.finish()?;
        written?;
        refreshed.new = came.new;
        refreshed.scanned.add(came.scanned);
        refreshed.notable = came.notable;
        refreshed.feeds = came.feeds;
        // Names that feeds gave themselves may be other ones now.
        refreshed.scanned.add(library.settle_feeds(stop)?);
        Ok(refreshed)
    }
}

impl Refresh<'_> {
    /// Asks one feed after the other until there is none left.
    fn work(&self, queue: &Queue, answers: &Sender<Answer>) {
        while let Some((call, turn)) = queue.next() {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let begun = Instant::now();
            let now = Timestamp::now();
            let (outcome, said) = self.ask(&call, &turn, now);
            let took = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
            let pace = self.pace.of(self.terms, &call.url);
            let now = now.as_second();
            let (due, resting) = pace.next(&call, &outcome, &said, now);
            let arrival = Arrival {
                feed: call.feed,
                at: now,
                counts: said.gone || pace.counts(&call, now),
                took,
                due,
                resting,
                every: pace.interval,
                outcome,
            };
            let url = Url::parse(&call.url).ok();
            let asked = url.filter(|url| matches!(url.scheme(), "http" | "https"));
            let answer = Answer {
                arrival,
                unreached: asked.as_ref().map(|_| said.unreached),
                host: asked.map_or_else(String::new, |it| it[..Position::BeforePath].to_owned()),
                uncounted: pace.next_uncounted(&call, now),
                name: call.name,
            };
            if answers.send(answer).is_err() {
                return;
            }
        }
    }

    fn ask(&self, call: &Call, turn: &Turn<'_>, now: Timestamp) -> (Outcome, Said) {
        let failed = |why| (Outcome::Failed(why), Said::default());
        let term = match self.terms.of(&call.url) {
            Ok(term) => term,
            Err(why) => return failed(why),
        };
        let mut url = match Url::parse(&call.url) {
            Ok(url) => url,
            Err(error) => return failed(format!("its address is none: {error}")),
        };
        if let Some(command) = &term.command {
            let printed = printed(command, self.stop);
            let read = printed.and_then(|body| match Issue::print_of(&body) == call.print {
                true => Ok(Outcome::Unchanged),
                false => Issue::read(call, &body, &url, None, now)
                    .map(came)
                    .map_err(|error| error.to_string()),
            });
            return (read.unwrap_or_else(Outcome::Failed), Said::default());
        }
        if !matches!(url.scheme(), "http" | "https") {
            return failed("the command that prints it is no longer among the settings".to_owned());
        }
        if let Manner::NotAtAll(others) = turn.manner {
            let host = host_of(&url);
            let why = format!(
                "{host} did not answer in time for {others} other feeds, so it was not asked for this one"
            );
            let said = Said {
                unreached: true,
                ..Said::default()
            };
            return (Outcome::Failed(why), said);
        }
        term.sign(&mut url);
        let request = Request {
            accept: ACCEPT,
            validators: Validators {
                etag: call.etag.clone(),
                modified: call.modified.clone(),
            },
            headers: term.headers,
            hurried: turn.manner == Manner::Hurried,
            ..Request::typed(url)
        };
        let client = term.client.as_deref().unwrap_or(self.client);
        // Whoever found it just now has it: its server is not asked twice.
        let found = match request.headers.is_empty() && term.user.is_none() && call.print == 0 {
            true => client.found(&request.url),
            false => None,
        };
        let fetched = found.map_or_else(|| client.fetch(&request, self.stop), Ok);
        turn.answered(!fetched.as_ref().is_err_and(FetchError::is_late));
        match fetched {
            Ok(fetched) => {
                let said = Said {
                    fresh: fetched.fresh,
                    ..Said::default()
                };
                (read(call, fetched, now), said)
            }
            Err(error) => {
                let (wait, gone) = match &error {
                    FetchError::Status { status, wait, .. } => (*wait, *status == 410),
                    _ => (None, false),
                };
                let said = Said {
                    wait,
                    gone,
                    fresh: None,
                    unreached: error.reached_nobody(),
                };
                let mut why = error.to_string();
                if request.hurried && error.is_late() {
                    why.push_str(" (little was waited for: nor did it for other feeds)");
                }
                (Outcome::Failed(why), said)
            }
        }
    }
}

/// A feed that came without anything being said of it.
fn came(issue: Issue) -> Outcome {
    Outcome::Came {
        issue: Box::new(issue),
        etag: None,
        modified: None,
        moved: None,
    }
}

/// What a server said of when to come back.
#[derive(Debug, Default)]
struct Said {
    /// How long there will be nothing new.
    fresh: Option<Duration>,
    /// How long not to ask.
    wait: Option<Duration>,
    /// There is nothing there, and will be nothing.
    gone: bool,
    /// Nobody said anything: no server could be reached.
    unreached: bool,
}

fn read(call: &Call, fetched: Fetched, now: Timestamp) -> Outcome {
    let Some(body) = fetched.body else {
        return Outcome::Unchanged;
    };
    // Who asks stays in the settings, and is sent from there.
    let moved = fetched.moved.map(|url| bare(url).to_string());
    if moved.is_none() && Issue::print_of(&body) == call.print {
        return Outcome::Unchanged;
    }
    let charset = fetched
        .content_type
        .as_deref()
        .and_then(media_type::charset);
    match Issue::read(call, &body, &fetched.url, charset, now) {
        Ok(issue) => Outcome::Came {
            issue: Box::new(issue),
            etag: fetched.validators.etag,
            modified: fetched.validators.modified,
            moved,
        },
        Err(error) => Outcome::Failed(format!("{}: {error}", host_of(&fetched.url))),
    }
}

fn host_of(url: &Url) -> String {
    crate::story::clean::line(url.host_str().unwrap_or_default())
}
