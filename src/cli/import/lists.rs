//! Lists of feeds, and what newsboat kept of their stories.

use std::{collections::HashMap, sync::atomic::AtomicBool};

use anyhow::bail;

use super::super::{Exit, Out, feeds::subscribing, output};
use crate::{
    ingest::{
        newsboat,
        opml::{self, Opml, Rest},
        subscription::{Followed, Refused},
    },
    library::{Cache, Library, SavedQuery},
    story::{HIDDEN, Subscription, command_of, grouped, link},
};

/// Feeds that are named as not subscribed to, at most.
const NAMED: usize = 10;

/// What the feeds of caches call themselves, by their addresses.
pub(super) fn titles(caches: &[(String, Cache)]) -> anyhow::Result<HashMap<String, String>> {
    let mut titles = HashMap::new();
    for (shown, cache) in caches {
        let its = cache.titles();
        titles.extend(its.map_err(|error| anyhow::anyhow!("{shown}: {error}"))?);
    }
    Ok(titles)
}

/// A list of feeds, of whatever kind.
#[derive(Default)]
struct List {
    feeds: Vec<Followed>,
    searches: Vec<newsboat::Search>,
    refused: Vec<Refused>,
    repeated: usize,
    rest: Vec<Rest>,
    /// The line in which it ends where it should not.
    cut: Option<usize>,
}

impl List {
    /// OPML, or newsboat's `urls`.
    fn of(shown: &str, bytes: &[u8], titles: &HashMap<String, String>) -> anyhow::Result<Self> {
        // Markup in two bytes a letter begins with their order.
        let is_mark = |byte: &u8| b"\xEF\xBB\xBF".contains(byte) || byte.is_ascii_whitespace();
        let first = bytes.iter().find(|it| !is_mark(it));
        if matches!(first, Some(b'<' | 0xFE | 0xFF)) {
            let opml = opml::read(bytes).map_err(|error| anyhow::anyhow!("{shown}, {error}"))?;
            return Ok(List {
                cut: opml::ends_in(bytes),
                ..List::of_opml(&opml)
            });
        }
        let urls = newsboat::read(bytes, &|url| titles.get(url).cloned());
        let taken = urls.feeds.len() + urls.searches.len();
        // A few lines that cannot come in are told of; a text that has hardly any other is something else.
        let is_named = shown == "urls" || shown.ends_with("/urls");
        if !is_named && taken <= urls.refused.len() / 2 {
            bail!(
                "{shown}: this is nothing that recto takes in: OPML, newsboat's urls and cache.db, links of \
                 Pocket, Instapaper, wallabag, Omnivore, Readeck, Raindrop or a browser, recto's own state"
            );
        }
        let feeds = urls.feeds.into_iter().map(|feed| {
            let mut followed = feed.subscription;
            if feed.hidden {
                let hidden = (HIDDEN.to_owned(), "true".to_owned());
                followed.attributes.push(hidden);
            }
            followed
        });
        let mut searches = urls.searches;
        searches.extend(urls.tags);
        Ok(List {
            feeds: feeds.collect(),
            searches,
            refused: urls.refused,
            repeated: urls.repeated,
            rest: Vec::new(),
            cut: None,
        })
    }

    fn of_opml(opml: &Opml) -> Self {
        let found = opml.subscriptions();
        List {
            feeds: found.feeds,
            refused: found.refused,
            repeated: found.repeated,
            rest: opml.rest(),
            ..List::default()
        }
    }
}

/// Subscribes to the feeds of a list, and keeps its queries.
pub(super) fn take(
    library: &Library,
    set: &[Subscription],
    shown: &str,
    bytes: &[u8],
    titles: &HashMap<String, String>,
    out: &mut Out,
) -> anyhow::Result<Exit> {
    let mut list = List::of(shown, bytes, titles)?;
    let feeds = list.feeds.into_iter().map(|it| {
        let own = titles.get(&it.url).cloned();
        it.kept(own.as_deref())
    });
    let feeds: Vec<Subscription> = feeds.collect();
    let with_queries = !list.searches.is_empty();
    let queries = queries(library, list.searches, &mut list.refused)?;
    let (done, left) = library.import_subscriptions(&feeds, &queries, &list.rest)?;
    let new = done.stories;
    library.settle_feeds(&AtomicBool::new(false))?;
    let commands = commands(library)?;
    // What the settings have printed by now is followed as all others are.
    let refused = list.refused.len();
    let is_set = |name: &str| newsboat::printed_by(name, commands.iter().map(|it| &**it)).is_some();
    list.refused.retain(|it| !is_set(&it.name));
    let printed = refused - list.refused.len();
    let known = feeds.len() - new - left.len() + list.repeated + printed;
    // To ask for lines in the settings that stand there would lead nowhere.
    let ended = Ended::of(set, &commands);
    let back = list.refused.iter().filter_map(|it| {
        let set = ended.printing(&it.name)?;
        Some((it.name.clone(), subscribing(set)))
    });
    let back: Vec<(String, String)> = left
        .iter()
        .map(|url| link::shown(url).into_owned())
        .map(|url| (url.clone(), format!("recto subscribe {url}")))
        .chain(back)
        .collect();
    list.refused.retain(|it| ended.printing(&it.name).is_none());
    let mut said = vec![
        counted(new, "new feed"),
        format!("{} known", grouped(known)),
    ];
    if with_queries {
        said.push(format!("{} kept", counted(queries.len(), "query")));
    }
    list.refused.sort_by_key(|it| it.line);
    for Refused {
        name, reason, line, ..
    } in &list.refused
    {
        let line = line.map_or_else(String::new, |line| format!(", line {line}"));
        output::complain(&format!("recto: {shown}{line}: {name}: {reason}"));
    }
    if let Some(line) = list.cut {
        output::complain(&format!(
            "recto: {shown}, line {line}: the file ends in the middle of the list; the feeds before that are \
             taken in, others may be missing"
        ));
    }
    for (name, subscribing) in back.iter().take(NAMED) {
        output::complain(&format!(
            "recto: {shown}: {name} was unsubscribed from here, and stays so; {subscribing} brings it back"
        ));
    }
    if !back.is_empty() {
        said.push(format!("{} unsubscribed from here", grouped(back.len())));
    }
    if !list.refused.is_empty() {
        said.push(format!("{} not taken", grouped(list.refused.len())));
    }
    let hint = match new {
        0 => "",
        _ => "; recto refresh brings in what they have",
    };
    out.line(&format!("{shown}: {}{hint}", said.join(", ")))?;
    // What is never taken from a list is no failure where the rest of it is here.
    let is_wrong = list.cut.is_some() || list.refused.iter().any(|it| it.wrong);
    let is_nothing = new + known + queries.len() + back.len() == 0;
    Ok(match is_wrong || (is_nothing && !list.refused.is_empty()) {
        true => Exit::Failed,
        false => Exit::Done,
    })
}

/// The commands of the feeds that are subscribed to.
fn commands(library: &Library) -> anyhow::Result<Vec<Vec<String>>> {
    let feeds = library.feeds()?.into_iter();
    Ok(feeds
        .filter_map(|it| command_of(&it.subscription.url))
        .collect())
}

/// The feeds of the settings that commands print and that were unsubscribed from, with their commands.
struct Ended<'a>(Vec<(Vec<String>, &'a Subscription)>);

impl<'a> Ended<'a> {
    /// `followed` are the commands of the feeds that are subscribed to.
    fn of(set: &'a [Subscription], followed: &[Vec<String>]) -> Self {
        let commands = set.iter().filter_map(|it| Some((command_of(&it.url)?, it)));
        Ended(
            commands
                .filter(|(command, _)| !followed.contains(command))
                .collect(),
        )
    }

    /// The one that a line of newsboat's `urls` means.
    fn printing(&self, line: &str) -> Option<&'a Subscription> {
        let number = newsboat::printed_by(line, self.0.iter().map(|it| &*it.0))?;
        self.0.get(number).map(|it| it.1)
    }
}

/// The queries that are to be kept: those whose names stand for no other one here that the reader has made.
fn queries(
    library: &Library,
    searches: Vec<newsboat::Search>,
    refused: &mut Vec<Refused>,
) -> anyhow::Result<Vec<SavedQuery>> {
    let kept = library.saved_queries()?.into_iter();
    let known: HashMap<String, String> = kept.map(|it| (it.saved, it.query)).collect();
    let mut new = Vec::new();
    for newsboat::Search { name, query, line } in searches {
        match known.get(&name) {
            None => new.push(SavedQuery { saved: name, query }),
            Some(kept) if *kept == query => {}
            // The list has other feeds by now, or knows their titles.
            Some(_) if library.is_imported_query(&name)? => {
                new.push(SavedQuery { saved: name, query });
            }
            Some(kept) => refused.push(Refused {
                reason: format!(
                    "you keep another query under this name: {kept}; this one would be {query}"
                ),
                name,
                line: Some(line),
                wrong: false,
            }),
        }
    }
    Ok(new)
}

/// Takes in the stories that newsboat kept, and what was done with them.
pub(super) fn take_cache(
    library: &Library,
    set: &[Subscription],
    shown: &str,
    cache: &Cache,
    out: &mut Out,
) -> anyhow::Result<()> {
    let from = library
        .import_cache(cache)
        .map_err(|error| anyhow::anyhow!("{shown}: {error}"))?;
    let followed = commands(library)?;
    let ended = Ended::of(set, &followed);
    for (url, stories) in from.strangers.iter().take(NAMED) {
        let what = match (ended.printing(url), newsboat::is_printed(url)) {
            (Some(set), _) => subscribing(set),
            (None, true) => "set it in the settings, as the import of urls says".to_owned(),
            (None, false) => "recto subscribe it".to_owned(),
        };
        output::complain(&format!(
            "recto: {shown}: {} is not subscribed to: what was done with its {} is kept; {what}, and import \
             this again to have them",
            link::shown(url),
            counted(*stories, "story")
        ));
    }
    let more = from.strangers.len().saturating_sub(NAMED);
    if more > 0 {
        output::complain(&format!(
            "recto: {shown}: nor {} more; newsboat's urls, imported too, has them",
            if more == 1 {
                "is 1".to_owned()
            } else {
                format!("are {}", grouped(more))
            }
        ));
    }
    let marks = from.marks;
    out.line(&format!(
        "{shown}: {}, {} new; {} read, {} flagged: marks of {} new, {} changed, {} known",
        counted(from.stories, "story"),
        grouped(from.new),
        grouped(from.read),
        grouped(from.flagged),
        grouped(marks.new),
        grouped(marks.changed),
        grouped(marks.unchanged),
    ))?;
    Ok(())
}

/// A number of things.
pub(super) fn counted(count: usize, thing: &str) -> String {
    match (count, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some(stem)) => format!("{} {stem}ies", grouped(count)),
        (_, None) => format!("{} {thing}s", grouped(count)),
    }
}
