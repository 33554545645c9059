//! `recto subscribe`: to a feed, or to one of those that a site has.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    slice,
    sync::atomic::AtomicBool,
    thread,
};

use clap::Args;

use super::{
    Exit, Home, Out, WrongUsage,
    feeds::{folder, named, opened, told, watched},
    output,
};
use crate::{
    library::Library,
    net::{self, DiscoverError, Which},
    runtime::settings::Access,
    story::{FeedId, Offer, Subscription, clean},
};

/// Addresses that are looked at together.
const TOGETHER: usize = 8;

#[derive(Debug, Args)]
#[command(override_usage = "recto subscribe [OPTIONS] <ADDRESS>...")]
pub(super) struct Subscribe {
    /// The address of a feed, or of a site that has one
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<String>,

    /// The folder that it is to lie in, as News or News/Sea
    #[arg(long, value_name = "FOLDER", default_value = "")]
    folder: String,

    /// What it is to be called, instead of what it calls itself
    #[arg(long, value_name = "NAME", default_value = "")]
    name: String,

    /// The feed that has moved there: it keeps its stories
    #[arg(long, value_name = "FEED", conflicts_with_all = ["folder", "name"])]
    moved: Option<String>,
}

impl Subscribe {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        if !self.name.is_empty() && self.addresses.len() > 1 {
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
        let (name, folder) = (clean::line(self.name.trim()), folder(&self.folder));
        let (mut subscriptions, mut exit) = (Vec::new(), Exit::Done);
        // Which address led to which feed, where that is not what was typed.
        let mut led = Vec::new();
        let looked = look(&library, &access, &self.addresses)?;
        for (address, looked) in self.addresses.iter().zip(looked) {
            let urls = match looked {
                Ok(Looked::Known(url)) => vec![url],
                Ok(Looked::Found(offers)) => choose(address, offers)?,
                Err(error) => {
                    output::complain(&format!("recto: {error}"));
                    Vec::new()
                }
            };
            if urls.is_empty() {
                exit = Exit::Failed;
            }
            for url in urls {
                let known = before.iter().find(|it| it.subscription.url == url);
                let mut it = known.map_or_else(
                    || Subscription::new(url.clone()),
                    |known| known.subscription.clone(),
                );
                // Of what is subscribed to, what is not said stays as it is.
                for (field, said) in [(&mut it.name, &name), (&mut it.folder, &folder)] {
                    if !said.is_empty() {
                        field.clone_from(said);
                    }
                }
                if !address.contains(&url) {
                    led.push(url);
                }
                subscriptions.push(it);
            }
        }
        let Some(first) = subscriptions.first() else {
            return Ok(exit);
        };
        if !moved.is_empty() {
            for feed in &moved {
                library.change_feed(*feed, "readdressed", |it| it.url.clone_from(&first.url))?;
            }
            let refreshed = watched(&library, &access, &Which::These(moved), false)?;
            return told(&refreshed, false, out);
        }
        let known: Vec<FeedId> = before.iter().map(|it| it.id).collect();
        let done = library.subscribe(&subscriptions)?;
        if done.stories == 0 {
            out.line("nothing changed: that is subscribed to already")?;
            return Ok(exit);
        }
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
            out.line(&format!("subscribed to “{}”{at}", feed.name()))?;
        }
        match told(&refreshed, false, out)? {
            Exit::Done => Ok(exit),
            failed => Ok(failed),
        }
    }
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
    addresses: &[String],
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
                        None => net::discover(client, address, stop).map(Looked::Found),
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
    if let [offer] = &offers[..] {
        return Ok(vec![offer.url.clone()]);
    }
    let address = clean::line(address);
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        return asked(&address, &offers);
    }
    let mut main = offers.iter().filter(|it| !it.comments);
    if let (Some(one), None) = (main.next(), main.next()) {
        return Ok(vec![one.url.clone()]);
    }
    output::complain(&format!(
        "recto: {address}: several feeds are there; name the one that you mean:"
    ));
    for offer in &offers {
        output::complain(&format!("  recto subscribe {}  {}", offer.url, offer.title));
    }
    Ok(Vec::new())
}

/// Asks on the terminal which feeds are meant.
fn asked(address: &str, offers: &[Offer]) -> anyhow::Result<Vec<String>> {
    output::complain(&format!("{address} has {} feeds:", offers.len()));
    for (number, offer) in offers.iter().enumerate() {
        output::complain(&format!(
            "{:>3}  {}  {}",
            number + 1,
            offer.title,
            offer.url
        ));
    }
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
    let numbers = words
        .iter()
        .filter_map(|it| it.parse::<usize>().ok()?.checked_sub(1));
    let chosen: Vec<String> = numbers
        .filter_map(|it| Some(offers.get(it)?.url.clone()))
        .collect();
    if chosen.is_empty() {
        output::complain("recto: nothing was subscribed to");
    }
    Ok(chosen)
}
