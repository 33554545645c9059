//! `recto unsubscribe`, `recto feeds` and `recto refresh`.

use std::{
    borrow::Cow,
    collections::HashMap,
    io::IsTerminal,
    slice,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anyhow::bail;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;

use super::{Exit, Home, Out, default_inputs, output};
use crate::{
    keep::{self, Ahead, FULL_TEXTS, Reaching, Shelf},
    library::Library,
    net::{self, Refreshed, Told, Which},
    runtime::settings::{self, Access},
    story::{
        self, Feed, FeedId, Published, Subscription, clean, command_of, fold::Folding, grouped,
        link::shown,
    },
};

#[derive(Debug, Args)]
#[command(override_usage = "recto unsubscribe <FEED>...")]
pub(super) struct Unsubscribe {
    /// The feed: its name, also with its folder (News/Sea), a part of it, or its address; recto feeds lists them
    #[arg(value_name = "FEED", required = true)]
    feeds: Vec<String>,
}

#[derive(Debug, Args)]
#[command(override_usage = "recto feeds [OPTIONS]")]
pub(super) struct Feeds {
    /// Print a JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(override_usage = "recto refresh [OPTIONS] [FEED]...")]
pub(super) struct Refresh {
    /// Which feeds: names, parts of them, addresses, or folders with all in them; all where none is named
    #[arg(value_name = "FEED")]
    feeds: Vec<String>,

    /// Say nothing unless something is wrong, for cron; feeds that cannot be had are not, recto feeds
    /// tells of them
    #[arg(long)]
    quiet: bool,

    /// Only feeds whose time has come: never asked yet, or last asked longer ago than their refresh in the
    /// settings says, 30 minutes where nothing is set
    #[arg(long, conflicts_with = "feeds")]
    due: bool,

    /// Then fetch what waits to be read, kept for later or unread: full texts and pictures
    #[arg(long)]
    ahead: bool,
}

impl Unsubscribe {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let (library, access) = opened(home)?;
        let feeds = named(&library, &self.feeds)?;
        let mut ended = library.feeds()?;
        ended.retain(|it| feeds.contains(&it.id));
        let done = library.unsubscribe(&feeds)?;
        library.settle_feeds(&AtomicBool::new(false))?;
        out.line(&done.what)?;
        for set in access.subscriptions() {
            let mut ended = ended.iter().map(|it| &it.subscription);
            let is_called = !set.name.is_empty() || command_of(&set.url).is_some();
            if is_called && ended.any(|it| it.url == set.url) {
                output::complain(&format!(
                    "recto: the settings still name “{}”; {} brings it back",
                    called(&set),
                    subscribing(&set)
                ));
            }
        }
        Ok(Exit::Done)
    }
}

impl Feeds {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let (library, access) = opened(home)?;
        // Another library may have taken in what is counted here.
        library.settle_feeds(&AtomicBool::new(false))?;
        let feeds = library.feeds()?;
        // As the settings have it now, which may be otherwise than when the feed was asked last.
        let calls = library.calls()?.into_iter();
        let due: HashMap<FeedId, i64> = calls
            .map(|call| (call.feed, access.pace().next_time(&access, &call)))
            .collect();
        if feeds.is_empty() {
            output::complain("recto: no feed is subscribed to; recto subscribe ADDRESS does that");
            return Ok(Exit::Done);
        }
        for feed in feeds {
            out.line(&match self.json {
                true => object(&feed, due.get(&feed.id).copied()).to_string(),
                false => line(&feed),
            })?;
        }
        Ok(Exit::Done)
    }
}

impl Refresh {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let (library, access) = opened(home)?;
        if !library.has_feeds()? && !self.ahead {
            if !self.quiet {
                output::complain(
                    "recto: no feed is subscribed to; recto subscribe ADDRESS does that",
                );
            }
            return Ok(Exit::Done);
        }
        let which = match (self.due, &self.feeds[..]) {
            (true, _) => Which::Due,
            (false, []) => Which::All,
            (false, names) => Which::These(named_or_filed(&library, names)?),
        };
        let refreshed = watched(&library, &access, &which, self.quiet)?;
        if let Some(notification) = access.notification(&refreshed)
            && let Err(why) = access.hand_over(&notification)
        {
            output::complain(&format!("recto: {why}"));
        }
        let exit = told(&refreshed, self.quiet, out)?;
        let ahead = self.read_ahead(&library, &access, home.shelf().ok().as_ref(), out)?;
        // What the settings have fetched besides is not what was asked for.
        Ok(if self.ahead && ahead == Exit::Failed {
            ahead
        } else {
            exit
        })
    }

    /// Fetches full texts of feeds of which the settings say so, and what is to be read ahead. It failed where
    /// nothing of all that could be had.
    fn read_ahead(
        &self,
        library: &Library,
        access: &Access,
        shelf: Option<&Shelf>,
        out: &mut Out,
    ) -> anyhow::Result<Exit> {
        let ahead = match self.ahead {
            true => Ahead {
                later: true,
                unread: true,
                told: true,
            },
            false => access.ahead(),
        };
        let feeds = access.with_full_texts(&library.feeds()?);
        if feeds.is_empty() && ahead == Ahead::default() {
            return Ok(Exit::Done);
        }
        let client = access.client().map_err(anyhow::Error::msg)?;
        let stop = AtomicBool::new(false);
        let reaching = Reaching {
            library,
            client: &client,
            terms: access,
            shelf,
            stop: &stop,
        };
        let lacking = library.lacking_full_text(&feeds, FULL_TEXTS, ahead.told)?;
        let (links, waits) = reaching.links(ahead)?;
        let waiting = keep::waiting(library, ahead)?;
        let bar = match self.quiet || !std::io::stderr().is_terminal() {
            true => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            false => ProgressBar::new((lacking.len() + links.len() + waiting.len()) as u64),
        };
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} stories read ahead");
        bar.set_style(style?.progress_chars("━━─"));
        let came = reaching.full_texts(&lacking, &|done| bar.set_position(done as u64));
        let mut before = lacking.len();
        let texts =
            reaching.texts_of_links(&links, &|done| bar.set_position((before + done) as u64));
        before += links.len();
        let mut done = reaching.ahead(&waiting, ahead.told, &|done| {
            bar.set_position((before + done) as u64)
        });
        done.waits.join(waits);
        bar.finish_and_clear();
        done.add(came);
        done.add(texts);
        let exit = match done.failed.is_empty() || done.texts.len() + done.pictures > 0 {
            true => Exit::Done,
            false => Exit::Failed,
        };
        if self.quiet {
            return Ok(exit);
        }
        for (address, why) in &done.failed {
            output::complain(&format!("recto: {address}: {why}"));
        }
        let words = done.words();
        let mut words = words.unwrap_or_else(|| "Nothing was to be read ahead".to_owned());
        if let Some(waits) = done.waits.words() {
            words.push_str(&format!("; {waits}"));
        }
        out.line(&words)?;
        Ok(exit)
    }
}

/// The library whose stories those of feeds are, and the settings; no folder is looked through.
pub(super) fn opened(home: &Home) -> anyhow::Result<(Library, Access)> {
    if home.data.is_none() {
        bail!("no home folder is known; name the folder of the database with --data");
    }
    let library = super::open(home.data.as_deref(), default_inputs(home)?)?;
    let (access, wrong) = settings::of(&library, home.config.as_deref(), home.config_named);
    for wrong in wrong {
        output::complain(&format!("recto: {wrong}"));
    }
    access.declare(&library)?;
    Ok((library, access))
}

/// Refreshes with a bar on standard error, if somebody sits there.
pub(super) fn watched(
    library: &Library,
    access: &Access,
    which: &Which,
    quiet: bool,
) -> anyhow::Result<Refreshed> {
    let bar = match quiet || !std::io::stderr().is_terminal() {
        true => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        false => ProgressBar::new(0).with_prefix("0"),
    };
    let style = ProgressStyle::with_template("{bar:20} {pos} of {len} feeds, {prefix} new{msg}");
    bar.set_style(style?.progress_chars("━━─"));
    let new = AtomicUsize::new(0);
    let tell = |told: Told| {
        bar.set_length(told.total as u64);
        bar.set_position(told.done as u64);
        if new.swap(told.new, Ordering::Relaxed) != told.new {
            bar.set_prefix(grouped(told.new));
        }
        bar.set_message(match &told.awaited[..] {
            [] => String::new(),
            [host] => format!(", waiting for {host}"),
            [host, others @ ..] => format!(", waiting for {host} and {} more", others.len()),
        });
    };
    let stop = AtomicBool::new(false);
    let client = access.client().map_err(anyhow::Error::msg)?;
    let refresh = net::Refresh {
        library,
        client: &client,
        terms: access,
        rules: access.rules(),
        pace: access.pace(),
        stop: &stop,
        ease: || {},
    };
    let refreshed = refresh.run(which, &tell);
    bar.finish_and_clear();
    Ok(refreshed?)
}

/// Tells what a refresh came to. It failed where none of the feeds that were asked could be had.
pub(super) fn told(refreshed: &Refreshed, quiet: bool, out: &mut Out) -> anyhow::Result<Exit> {
    let all_failed = refreshed.asked > 0 && refreshed.failed.len() == refreshed.asked;
    let exit = if all_failed { Exit::Failed } else { Exit::Done };
    if quiet {
        return Ok(exit);
    }
    for (name, until) in &refreshed.held {
        output::complain(&format!(
            "recto: {name}: not asked: its server asked to be left alone until {}",
            moment(*until)
        ));
    }
    for (name, why) in &refreshed.failed {
        output::complain(&format!("recto: {name}: {why}"));
    }
    let feeds = if refreshed.asked == 1 {
        "feed"
    } else {
        "feeds"
    };
    let stories = if refreshed.new == 1 {
        "story"
    } else {
        "stories"
    };
    let mut said = format!(
        "{} new {stories} from {} {feeds}",
        grouped(refreshed.new),
        grouped(refreshed.asked)
    );
    if !refreshed.failed.is_empty() {
        said.push_str(&format!(", {} failed", grouped(refreshed.failed.len())));
    }
    if refreshed.resting > 0 {
        said.push_str(&format!(
            ", {} not asked: their servers said to wait",
            grouped(refreshed.resting)
        ));
    }
    out.line(&said)?;
    Ok(exit)
}

/// The feeds that are meant as [`named`] has it, or all of a folder with those below it.
fn named_or_filed(library: &Library, names: &[String]) -> anyhow::Result<Vec<FeedId>> {
    let feeds = library.feeds()?;
    let mut meant = Vec::new();
    for name in names {
        let wanted = Folding::ALL.apply(&folder(name));
        let is_feed = |feed: &Feed| Folding::ALL.apply(&shown(feed.name())) == wanted;
        let lies_in = |feed: &&Feed| {
            let its = Folding::ALL.apply(&feed.subscription.folder);
            its == wanted
                || its
                    .strip_prefix(&*wanted)
                    .is_some_and(|it| it.starts_with('/'))
        };
        let filed: Vec<FeedId> = match &*wanted {
            "" => Vec::new(),
            // A feed that is called as its folder is meant alone, as ever.
            _ if feeds.iter().any(is_feed) => Vec::new(),
            _ => feeds.iter().filter(lies_in).map(|it| it.id).collect(),
        };
        match filed.is_empty() {
            true => meant.extend(named(library, slice::from_ref(name))?),
            false => meant.extend(filed),
        }
    }
    Ok(meant)
}

/// The feeds that are meant by these names, parts of names or addresses.
pub(super) fn named(library: &Library, names: &[String]) -> anyhow::Result<Vec<FeedId>> {
    let feeds = library.feeds()?;
    let mut meant = Vec::new();
    for name in names {
        let folded = Folding::ALL.apply(name.trim());
        let is = |feed: &&Feed| {
            let url = &feed.subscription.url;
            url == name
                || shown(url) == **name
                || Folding::ALL.apply(&shown(feed.name())) == folded
                || Folding::ALL.apply(&filed(feed)) == folded
        };
        let has = |feed: &&Feed| Folding::ALL.apply(&shown(feed.name())).contains(&folded);
        let mut found: Vec<&Feed> = feeds.iter().filter(is).collect();
        if found.is_empty() {
            found = feeds.iter().filter(has).collect();
        }
        match &found[..] {
            [one] => meant.push(one.id),
            [] => bail!(
                "{}: no feed is called so; recto feeds lists them",
                clean::line(name)
            ),
            [one, other, ..] => bail!(
                "{}: several feeds are called so, as “{}” and “{}”; name one whole, or its address",
                clean::line(name),
                filed(one),
                filed(other)
            ),
        }
    }
    Ok(meant)
}

/// The name of a feed behind its folder, as `recto feeds` prints it.
fn filed(feed: &Feed) -> String {
    in_folder(&feed.subscription.folder, &shown(feed.name()))
}

fn in_folder(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// What a feed of the settings is called there: by its name, or else by its address or command.
fn called(set: &Subscription) -> String {
    match &*set.name {
        "" => shown(&set.url).into_owned(),
        name => clean::line(name),
    }
}

/// What to type to have a feed of the settings again that was unsubscribed from.
pub(super) fn subscribing(set: &Subscription) -> String {
    let name = called(set);
    let quoted = shlex::try_quote(&name).unwrap_or(Cow::Borrowed(&name));
    format!("recto subscribe {quoted}")
}

/// The feed of the settings that is meant by its name, also behind its folder, or by its command. What has an
/// address goes by that, too, but as all addresses do.
pub(super) fn set_as<'a>(set: &'a [Subscription], typed: &str) -> Option<&'a Subscription> {
    let typed = typed.trim();
    let folded = Folding::ALL.apply(typed);
    let is_command = |it: &Subscription| command_of(&it.url).is_some() && shown(&it.url) == typed;
    let mut exact = set.iter();
    exact
        .find(|it| (!it.name.is_empty() && it.name == typed) || is_command(it))
        .or_else(|| {
            set.iter().find(|it| {
                let names = [called(it), in_folder(&it.folder, &called(it))];
                let is_called = !it.name.is_empty() || command_of(&it.url).is_some();
                is_called && names.iter().any(|it| Folding::ALL.apply(it) == folded)
            })
        })
}

/// A folder as it is kept: its parts between slashes.
pub(super) fn folder(typed: &str) -> String {
    let parts = typed.split('/').map(|it| clean::line(it.trim()));
    let parts: Vec<String> = parts.filter(|it| !it.is_empty()).collect();
    parts.join("/")
}

fn line(feed: &Feed) -> String {
    let mut line = format!(
        "{}\t{}/{}\t{}",
        filed(feed),
        feed.unread,
        feed.total,
        shown(&feed.subscription.url)
    );
    if feed.subscription.is_hidden() {
        line.push_str("\thidden: it does not stand among the sources; recto subscribe and its address has it stand there");
    }
    if feed.resting > Timestamp::now().as_second() {
        line.push_str(&format!(
            "\tnot asked before {}, as its server said",
            moment(feed.resting)
        ));
    }
    if let Some(trouble) = &feed.trouble {
        line.push_str(&format!("\t{trouble}, since {}", moment(feed.since)));
    }
    line
}

/// A feed as JSON; `due` is from when on it is to be asked.
fn object(feed: &Feed, due: Option<i64>) -> serde_json::Value {
    let at = |seconds: i64| {
        let at = Timestamp::from_second(seconds).ok().map(Published::At);
        at.filter(|_| seconds > 0).map(story::iso)
    };
    // Who was never asked is to be at once.
    let due = due.map(|due| match due {
        0 => Timestamp::now().as_second(),
        due => due,
    });
    json!({
        "name": shown(feed.name()),
        "title": feed.title,
        "folder": feed.subscription.folder,
        "hidden": feed.subscription.is_hidden(),
        "url": shown(&feed.subscription.url),
        "page": feed.page,
        "total": feed.total,
        "unread": feed.unread,
        "checked": at(feed.checked),
        "changed": at(feed.changed),
        "newest": at(feed.newest),
        "due": due.and_then(at),
        "resting": at(feed.resting),
        "trouble": feed.trouble,
        "since": at(feed.since),
    })
}

/// A moment, given as seconds since 1970: of today the time alone.
fn moment(seconds: i64) -> String {
    let at = Timestamp::from_second(seconds).unwrap_or_default();
    story::moment(at, &jiff::ZonedDateTime::now())
}
