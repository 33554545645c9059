//! `recto subscribe`: to a feed, or to one of those that a site has.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    path::Path,
    slice,
    sync::atomic::AtomicBool,
    thread,
};

use anyhow::bail;
use clap::Args;

use super::{
    Exit, Home, Out, WrongUsage,
    feeds::{folder, named, opened, set_as, told, watched},
    output,
};
use crate::{
    library::{Library, fetched_from},
    net::{self, DiscoverError, Which},
    runtime::settings::Access,
    story::{Feed, FeedId, HIDDEN, Offer, Subscription, clean, link},
};

/// Addresses that are looked at together.
const TOGETHER: usize = 8;

#[derive(Debug, Args)]
#[command(override_usage = "recto subscribe [OPTIONS] <ADDRESS>...")]
pub(super) struct Subscribe {
    /// The address of a feed, or of a site that has one; of a feed in the settings its name or its
    /// command does, too
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<String>,

    /// The folder that it is to lie in, as News or News/Sea; '' for none
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,

    /// What it is to be called, instead of what it calls itself
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The feed that has moved there: it keeps its stories
    #[arg(long, value_name = "FEED", conflicts_with_all = ["folder", "name"])]
    moved: Option<String>,
}

impl Subscribe {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        if self.name.is_some() && self.addresses.len() > 1 {
            let told = "--name names one feed, and there are several addresses";
            return Err(WrongUsage(told.to_owned()).into());
        }
        let (library, access) = opened(home)?;
        let moved = match &self.moved {
            Some(_) if self.addresses.len() > 1 => {
                let told = "--moved names one feed, and there are several addresses";
                return Err(WrongUsage(told.to_owned()).into());
            }
            Some(moved) => named(&library, slice::from_ref(moved))?,
            None => Vec::new(),
        };
        let before = library.feeds()?;
        let set = access.subscriptions();
        let name = self.name.as_ref().map(|it| clean::line(it.trim()));
        let folder = self.folder.as_deref().map(folder);
        let (mut subscriptions, mut exit) = (Vec::new(), Exit::Done);
        // What is said anew of feeds that are subscribed to.
        let mut changes = Vec::new();
        // Which address led to which feed, where that is not what was typed.
        let mut led = Vec::new();
        // Those that come back to the folder in which they lay.
        let mut left = Vec::new();
        // A feed of the settings goes by its name: what a command prints has no address.
        let is_named = |it: &&String| set_as(&set, it).is_some();
        let (_, others): (Vec<&String>, Vec<&String>) = self.addresses.iter().partition(is_named);
        let mut looked = look(&library, &access, &others)?.into_iter();
        for address in &self.addresses {
            let named = set_as(&set, address);
            let found = match named {
                Some(it) => Some(Ok(Looked::Known(it.url.clone()))),
                None => looked.next(),
            };
            let Some(found) = found else {
                break;
            };
            let urls = match found {
                Ok(Looked::Known(url)) => vec![url],
                Ok(Looked::Found(offers)) => choose(address, offers)?,
                Err(error) => {
                    let why = match Path::new(address).is_file() {
                        true => "this is a file here: recto import FILE takes in a list of feeds, and recto FILE \
                                 shows a feed"
                            .to_owned(),
                        false => error.to_string(),
                    };
                    let address = shown(address);
                    output::complain(&match why.contains(&address) {
                        true => format!("recto: {why}"),
                        false => format!("recto: {address}: {why}"),
                    });
                    Vec::new()
                }
            };
            if urls.is_empty() {
                exit = Exit::Failed;
            }
            for url in urls {
                let known = before.iter().find(|it| it.subscription.url == url);
                let mut it = match known {
                    Some(known) => known.subscription.clone(),
                    None => library.subscription_to(&url)?,
                };
                it.attributes.retain(|(name, _)| name != HIDDEN);
                // Of what is subscribed to, what is not said stays as it is.
                for (field, said) in [(&mut it.name, &name), (&mut it.folder, &folder)] {
                    if let Some(said) = said {
                        field.clone_from(said);
                    }
                }
                if let Some(known) = known.filter(|_| moved.is_empty()) {
                    changes.push((known, it));
                    continue;
                }
                if folder.is_none() && !it.folder.is_empty() {
                    left.push(url.clone());
                }
                if named.is_none() && !address.contains(&url) {
                    led.push(url);
                }
                subscriptions.push(it);
            }
        }
        for (known, now) in changes {
            if let Some(why) = access.hold(&known.subscription, &now) {
                output::complain(&format!("recto: {}: nothing changed: {why}", known.name()));
                exit = Exit::Failed;
                continue;
            }
            changed(&library, known, now, out)?;
        }
        let Some(first) = subscriptions.first() else {
            return Ok(exit);
        };
        if !moved.is_empty() {
            if let Some(other) = fetched_from(&before, &first.url, &moved) {
                let name = link::shown(other.name());
                bail!("not readdressed: “{name}” is fetched from there");
            }
            for feed in &moved {
                library.change_feed(*feed, |it| it.url.clone_from(&first.url))?;
            }
            let refreshed = watched(&library, &access, &Which::These(moved), false)?;
            return told(&refreshed, false, out);
        }
        let known: Vec<FeedId> = before.iter().map(|it| it.id).collect();
        let done = library.subscribe(&subscriptions)?;
        let new = library.feeds()?.into_iter().map(|feed| feed.id);
        let new: Vec<FeedId> = new.filter(|id| !known.contains(id)).collect();
        let refreshed = watched(&library, &access, &Which::These(new.clone()), false)?;
        // By the names that they gave themselves, now that these are known.
        let mut feeds = library.feeds()?;
        feeds.retain(|feed| new.contains(&feed.id));
        if feeds.is_empty() {
            out.line(&done.what)?;
        }
        for feed in feeds {
            let url = &feed.subscription.url;
            let at = match led.contains(url) {
                true => format!(", {url}"),
                false => String::new(),
            };
            let folder = match &*feed.subscription.folder {
                folder if left.contains(url) && !folder.is_empty() => {
                    format!(", in {folder} as before")
                }
                _ => String::new(),
            };
            out.line(&format!("subscribed to “{}”{at}{folder}", feed.name()))?;
        }
        match told(&refreshed, false, out)? {
            Exit::Done => Ok(exit),
            failed => Ok(failed),
        }
    }
}

/// Says something else of a feed that is subscribed to, and tells of it.
fn changed(
    library: &Library,
    known: &Feed,
    now: Subscription,
    out: &mut Out,
) -> anyhow::Result<()> {
    let (before, name) = (&known.subscription, known.name());
    let called = match &*now.name {
        "" => &known.title,
        name => name,
    };
    // Its own name, said by the reader, is what it is called already.
    let renamed = before.name != now.name && name != called;
    let moved = before.folder != now.folder;
    let is_other = renamed || moved;
    if !is_other && (now.is_hidden() || !before.is_hidden()) {
        let at = match &*before.folder {
            "" => String::new(),
            folder => format!(", in {folder}"),
        };
        let told = format!("nothing changed: that is subscribed to already: “{name}”{at}");
        return Ok(out.line(&told)?);
    }
    let done = library.change_feed(known.id, |it| {
        // The rest may be what the settings say.
        if renamed {
            it.name = now.name;
        }
        if moved {
            it.folder = now.folder;
        }
        it.attributes = now.attributes;
    })?;
    library.settle_feeds(&AtomicBool::new(false))?;
    let told = match is_other {
        true => done.what,
        false => format!("“{name}” stands among the sources now"),
    };
    out.line(&told)?;
    Ok(())
}

/// An address that was typed, without a user and a password.
fn shown(address: &str) -> String {
    clean::line(&link::bare(address.trim()))
}

/// What is at an address.
enum Looked {
    /// A feed that is subscribed to already, at this address.
    Known(String),
    /// These feeds.
    Found(Vec<Offer>),
}

/// Looks what is at addresses, several at once: one that does not answer holds up no other.
fn look(
    library: &Library,
    access: &Access,
    addresses: &[&String],
) -> anyhow::Result<Vec<Result<Looked, DiscoverError>>> {
    let client = access.client().map_err(anyhow::Error::msg)?;
    let stop = AtomicBool::new(false);
    let mut looked = Vec::new();
    for some in addresses.chunks(TOGETHER) {
        let known: Vec<Option<String>> = some
            .iter()
            .map(|address| match net::address(address) {
                Ok(url) => Ok(library.known_feed(url.as_str())?),
                Err(_) => Ok::<_, anyhow::Error>(None),
            })
            .collect::<Result<_, _>>()?;
        let found: Vec<_> = thread::scope(|scope| {
            let each = some.iter().zip(known);
            let hands: Vec<_> = each
                .map(|(address, known)| {
                    let (client, stop) = (&client, &stop);
                    scope.spawn(move || match known {
                        Some(url) => Ok(Looked::Known(url)),
                        None => net::find(library, client, address, stop).map(Looked::Found),
                    })
                })
                .collect();
            let ended = hands.into_iter().zip(some);
            ended
                .map(|(hand, address)| {
                    let upset = |_| Err(DiscoverError::Nothing(clean::line(address)));
                    hand.join().unwrap_or_else(upset)
                })
                .collect()
        });
        looked.extend(found);
    }
    Ok(looked)
}

/// The feeds that are meant of those at an address: the only one, else what somebody who sits there says,
/// else the only one that is not about comments. None, and that is told, where nobody can know.
fn choose(address: &str, offers: Vec<Offer>) -> anyhow::Result<Vec<String>> {
    let guessed = offers.iter().any(|it| it.guessed);
    if let [offer] = &offers[..]
        && !guessed
    {
        return Ok(vec![offer.url.clone()]);
    }
    let address = clean::line(address);
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return asked(&address, &offers);
    }
    let mut main = offers.iter().filter(|it| !it.comments);
    if let (Some(one), None) = (main.next(), main.next())
        && !guessed
    {
        return Ok(vec![one.url.clone()]);
    }
    output::complain(&match guessed {
        true => format!("recto: {address}: no feed is there; elsewhere the site has this:"),
        false => {
            format!("recto: {address}: several feeds are there; name the one that you mean:")
        }
    });
    for offer in &offers {
        output::complain(&format!("  recto subscribe {}  {}", offer.url, offer.title));
    }
    Ok(Vec::new())
}

/// Asks on the terminal which feeds are meant.
fn asked(address: &str, offers: &[Offer]) -> anyhow::Result<Vec<String>> {
    output::complain(&match offers.iter().any(|it| it.guessed) {
        true => format!("No feed is at {address}; elsewhere the site has this:"),
        false => format!("{address} has {} feeds:", offers.len()),
    });
    for (number, offer) in offers.iter().enumerate() {
        output::complain(&format!(
            "{:>3}  {}  {}",
            number + 1,
            offer.title,
            offer.url
        ));
    }
    loop {
        let mut stderr = io::stderr();
        write!(
            stderr,
            "Which? Numbers, or nothing for the first, or 0 for none: "
        )?;
        stderr.flush()?;
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            return Ok(Vec::new());
        }
        let words: Vec<&str> = answer
            .split([' ', ',', '\n', '\r'])
            .filter(|it| !it.is_empty())
            .collect();
        if words.is_empty() {
            return Ok(offers.iter().take(1).map(|it| it.url.clone()).collect());
        }
        if words == ["0"] {
            output::complain("recto: nothing was subscribed to");
            return Ok(Vec::new());
        }
        let chosen = words.iter().map(|it| {
            let number = it.parse::<usize>().ok()?.checked_sub(1)?;
            Some(offers.get(number)?.url.clone())
        });
        if let Some(chosen) = chosen.collect() {
            return Ok(chosen);
        }
        output::complain(&format!("The numbers are 1 to {}.", offers.len()));
    }
}
