//! The settings at work: the file read, what it says of feeds and servers carried out, secrets fetched from
//! where they are kept.

use std::{
    collections::HashMap,
    fs, io,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use super::notify::Notification;
use crate::{
    config::{
        self, FeedOrigin, FeedSettings, Interval, Loaded, Notify, Origin, Proxy, RuleAction,
        Secret, Settings,
    },
    keep::Ahead,
    library::{Keep, Library, LibraryError, Rule, SavedQuery, feed_key},
    net::{Client, Limits, Pace, Refreshed, Term, Terms, Through, Way, printed},
    story::{Change, Feed, FeedId, Subscription, clean, printed_by, query},
};

/// What a settings file says; none where there is no such file.
///
/// # Errors
/// Where it cannot be read.
pub fn load(file: &Path, saved: &dyn Fn(&str) -> Option<String>) -> io::Result<Option<Loaded>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(read(file, &bytes, saved))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read(file: &Path, bytes: &[u8], saved: &dyn Fn(&str) -> Option<String>) -> Loaded {
    let home = etcetera::home_dir().ok();
    let origin = Origin {
        file,
        home: home.as_deref(),
        saved,
    };
    config::read(bytes, &origin)
}

/// What a settings file says where queries of this library may be named in it, and what is wrong with it, in
/// words. `named` says that somebody named the file: then it has to be there.
pub fn of(library: &Library, file: Option<&Path>, named: bool) -> (Access, Vec<String>) {
    let Some(file) = file else {
        return (Access::default(), Vec::new());
    };
    let shown = || clean::line(&file.to_string_lossy());
    let wrong = match fs::read(file) {
        Ok(bytes) => return of_bytes(library, file, &bytes),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            vec![format!("{} could not be read: {error}", shown())]
        }
        Err(_) if named => vec![format!(
            "{}: there is no such file; --config or RECTO_CONFIG names it",
            shown()
        )],
        Err(_) => {
            let access = Access {
                whole: true,
                ..Access::default()
            };
            return (access, Vec::new());
        }
    };
    (Access::default(), wrong)
}

/// As [`of`], where the bytes of the file are read already.
pub fn of_bytes(library: &Library, file: &Path, bytes: &[u8]) -> (Access, Vec<String>) {
    let kept = library.saved_queries().unwrap_or_default();
    let saved = |name: &str| {
        let mut kept = kept.iter();
        kept.find(|it| it.saved == name).map(|it| it.query.clone())
    };
    let loaded = read(file, bytes, &saved);
    let errors = loaded.errors.iter().map(ToString::to_string).collect();
    let access = Access {
        file: clean::line(&file.to_string_lossy()),
        whole: loaded.errors.is_empty(),
        ..Access::new(loaded.settings)
    };
    (access, errors)
}

/// What the settings say, ready for use by many threads.
#[derive(Debug, Default)]
pub struct Access {
    settings: Settings,
    rules: Vec<Rule>,
    /// Made when it is needed first: whom to trust has to be read from the system.
    client: OnceLock<Result<Arc<Client>, String>>,
    /// Clients that go another way.
    others: Mutex<HashMap<Through, Result<Arc<Client>, String>>>,
    /// What holds for single feeds, by what they are known by.
    feeds: HashMap<String, usize>,
    /// The file that says so, as it is shown.
    file: String,
    /// Whether all that the file says was understood.
    whole: bool,
}

impl Access {
    /// What these settings say.
    pub fn new(settings: Settings) -> Self {
        let feeds = settings.feeds.iter().enumerate();
        let feeds = feeds.map(|(index, feed)| (feed_key(&address_of(feed)), index));
        Access {
            rules: settings.rules.iter().map(rule).collect(),
            feeds: feeds.collect(),
            settings,
            ..Access::default()
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether nothing is set.
    pub fn says_nothing(&self) -> bool {
        let nothing = Settings {
            proxy: self.settings.proxy.clone(),
            ..Settings::default()
        };
        let no_proxy = matches!(self.settings.proxy, Proxy::Inherited | Proxy::Unknown);
        no_proxy && self.settings == nothing
    }

    /// What is done with new stories.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// How often feeds are asked while recto runs; not at all by itself where nothing is set.
    pub fn schedule(&self) -> Option<Pace> {
        match self.settings.refresh {
            Interval::Every(time) => Some(Pace {
                interval: seconds(time),
            }),
            // Single ones may have a time of their own.
            Interval::Never => {
                let own = |feed: &FeedSettings| matches!(feed.refresh, Some(Interval::Every(_)));
                let any = self.settings.feeds.iter().any(own);
                any.then_some(Pace { interval: i64::MAX })
            }
        }
    }

    /// How often feeds are asked, for what is asked by hand.
    pub fn pace(&self) -> Pace {
        match self.settings.refresh {
            Interval::Every(time) => Pace {
                interval: seconds(time),
            },
            Interval::Never => Pace::default(),
        }
    }

    /// What fetches.
    ///
    /// # Errors
    /// What is wrong with the way that is set, in words.
    pub fn client(&self) -> Result<Arc<Client>, String> {
        let made = self.client.get_or_init(|| {
            let way = Way {
                through: through(&self.settings.proxy)?,
                certificates: self.certificates()?,
            };
            Client::by(Limits::default(), &way).map(Arc::new)
        });
        made.clone()
    }

    /// A client for a feed that goes another way.
    fn other(&self, proxy: &Proxy) -> Result<Option<Arc<Client>>, String> {
        if *proxy == Proxy::Inherited {
            return Ok(None);
        }
        let through = through(proxy)?;
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let made = others.entry(through.clone()).or_insert_with(|| {
            let way = Way {
                through,
                certificates: self.certificates()?,
            };
            Client::by(Limits::default(), &way).map(Arc::new)
        });
        made.clone().map(Some)
    }

    fn certificates(&self) -> Result<Option<Vec<u8>>, String> {
        let Some(file) = &self.settings.ca_file else {
            return Ok(None);
        };
        let shown = clean::line(&file.to_string_lossy());
        fs::read(file)
            .map(Some)
            .map_err(|error| format!("the file of certificates {shown}: {error}"))
    }

    fn feed(&self, url: &str) -> Option<&FeedSettings> {
        let index = self.feeds.get(&feed_key(url))?;
        self.settings.feeds.get(*index)
    }

    /// The feeds whose full texts are fetched from their pages.
    pub fn with_full_texts(&self, feeds: &[Feed]) -> Vec<FeedId> {
        let wanted = |it: &&Feed| {
            self.feed(&it.subscription.url)
                .is_some_and(|it| it.full_text)
        };
        feeds.iter().filter(wanted).map(|it| it.id).collect()
    }

    /// What is fetched ahead.
    pub fn ahead(&self) -> Ahead {
        let ahead = self.settings.ahead;
        Ahead {
            later: matches!(ahead, config::Ahead::Later | config::Ahead::Both),
            unread: matches!(ahead, config::Ahead::Unread | config::Ahead::Both),
            told: false,
        }
    }

    /// The feeds that the settings name, as they are subscribed to.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        self.settings.feeds.iter().map(subscription).collect()
    }

    /// What the settings hold of a subscription that is to change, and where, in words; none where they leave it
    /// to the reader. The next one to read them would have it as they say.
    pub fn hold(&self, before: &Subscription, now: &Subscription) -> Option<String> {
        let feed = self.feed(&before.url)?;
        let name = before.name != now.name && feed.name.is_some();
        let folder = before.folder != now.folder && !feed.folder.is_empty();
        let what = match (name, folder) {
            (false, false) => return None,
            (true, false) => "its name",
            (false, true) => "its folder",
            (true, true) => "its name and its folder",
        };
        let (file, line) = (&self.file, feed.line);
        Some(format!(
            "the settings say {what}, from line {line} of {file} on; change it there"
        ))
    }

    /// What of the settings finds stories by a folder that is to be called otherwise, in words: it would find none.
    pub fn hold_folder(&self, from: &str, to: &str) -> Option<String> {
        let searches = self.settings.searches.iter();
        let searches = searches.map(|it| (format!("the search “{}”", it.name), &it.text, it.line));
        let rules = self.settings.rules.iter();
        let rules = rules.map(|it| ("a rule".to_owned(), &it.text, it.line));
        let is = |text: &str| query::refiled(text, from, to).is_some();
        let (what, _, line) = searches.chain(rules).find(|(_, text, _)| is(text))?;
        let file = &self.file;
        Some(format!(
            "{what} names it, from line {line} of {file} on; change it there first"
        ))
    }

    /// Has the library know the feeds and the queries that the settings name.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn declare(&self, library: &Library) -> Result<(), LibraryError> {
        library.declare_feeds(&self.subscriptions(), self.whole)?;
        let searches = self.settings.searches.iter();
        let searches = searches.map(|it| SavedQuery {
            saved: it.name.clone(),
            query: it.text.clone(),
        });
        library.declare_queries(&searches.collect::<Vec<_>>(), self.whole)
    }
}

impl Terms for Access {
    fn of(&self, url: &str) -> Result<Term, String> {
        let Some(feed) = self.feed(url) else {
            // Nothing may be fetched where the way to everything is not known.
            self.client()?;
            return Ok(Term::default());
        };
        let mut headers = Vec::new();
        for (name, value) in &feed.headers {
            headers.push((name.clone(), secret(value)?));
        }
        if let Some(cookies) = &feed.cookies {
            headers.push(("Cookie".to_owned(), secret(cookies)?));
        }
        let user = match (&feed.user, &feed.password) {
            (None, None) => None,
            (user, password) => Some((
                user.clone().unwrap_or_default(),
                password.as_ref().map_or(Ok(String::new()), secret)?,
            )),
        };
        Ok(Term {
            interval: self.interval(url),
            client: self.other(&feed.proxy)?,
            headers,
            user,
            command: match &feed.origin {
                FeedOrigin::Command(command) => Some(command.clone()),
                FeedOrigin::Address(_) => None,
            },
        })
    }

    fn keep(&self, url: &str) -> Option<Keep> {
        let feed = self.feed(url)?;
        let keep = Keep {
            days: feed.keep_days,
            items: feed.keep_items,
        };
        (keep != Keep::default()).then_some(keep)
    }

    fn interval(&self, url: &str) -> Option<i64> {
        match self.feed(url)?.refresh.as_ref()? {
            Interval::Every(time) => Some(seconds(*time)),
            Interval::Never => Some(i64::MAX),
        }
    }
}

impl Access {
    /// How new stories are told of, where they are: all of them, and those that rules name.
    pub fn notification(&self, refreshed: &Refreshed) -> Option<Notification> {
        let all = self.settings.notify != Notify::Off && refreshed.new > 0;
        let count = match all {
            true => refreshed.new,
            false => refreshed.notable.len(),
        };
        let text = match &refreshed.notable[..] {
            [] => refreshed.feeds.join(", "),
            titles => titles.join(" · "),
        };
        (count > 0).then(|| Notification::of(count, &text))
    }

    /// Hands a notification to the program that is set for it. Says whether there is one.
    pub fn hand_over(&self, notification: &Notification) -> Result<bool, String> {
        let Notify::Command(command) = &self.settings.notify else {
            return Ok(false);
        };
        let program = command.first().cloned().unwrap_or_default();
        notification
            .hand_to(command)
            .map(|()| true)
            .map_err(|error| {
                format!("{program}, which the settings name for notifications: {error}")
            })
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

fn through(proxy: &Proxy) -> Result<Through, String> {
    match proxy {
        Proxy::Inherited => Ok(Through::Environment),
        Proxy::Direct => Ok(Through::Nobody),
        Proxy::Through(url) => Ok(Through::Proxy(url.clone())),
        Proxy::Unknown => Err(
            "the proxy that is set cannot be made out, so nothing is fetched; recto config check tells more"
                .to_owned(),
        ),
    }
}

/// The address of a feed; of one that a command prints, the command.
fn address_of(feed: &FeedSettings) -> String {
    match &feed.origin {
        FeedOrigin::Address(url) => url.to_string(),
        FeedOrigin::Command(command) => printed_by(command),
    }
}

fn subscription(feed: &FeedSettings) -> Subscription {
    Subscription {
        name: feed.name.clone().unwrap_or_default(),
        folder: feed.folder.join("/"),
        ..Subscription::new(address_of(feed))
    }
}

fn rule(rule: &config::Rule) -> Rule {
    let change = |action: &RuleAction| match action {
        RuleAction::Read => Some(Change::Read(true)),
        RuleAction::Star => Some(Change::Starred(true)),
        RuleAction::Later => Some(Change::Later(true)),
        RuleAction::Tag(name) => Some(Change::Tagged(name.clone(), true)),
        RuleAction::Hide => Some(Change::Removed(true)),
        RuleAction::Notify => None,
    };
    Rule {
        when: rule.when.clone(),
        changes: rule.actions.iter().filter_map(change).collect(),
        notify: rule.actions.contains(&RuleAction::Notify),
        until: rule.until,
    }
}

/// What a secret is.
fn secret(secret: &Secret) -> Result<String, String> {
    match secret {
        Secret::Plain(text) => Ok(text.clone()),
        Secret::Environment(name) => std::env::var(name)
            .map_err(|_| format!("{name} is not set in the environment; the settings name it")),
        Secret::Command(command) => {
            let printed = printed(command, &AtomicBool::new(false))?;
            let text = String::from_utf8_lossy(&printed);
            Ok(text
                .lines()
                .next()
                .unwrap_or_default()
                .trim_end()
                .to_owned())
        }
    }
}
