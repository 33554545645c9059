//! `recto inspect`: what recto makes of an input, storing nothing.

use std::path::PathBuf;

use clap::Args;
use url::Url;

use super::{Exit, Out, fetch, inputs, json, load, output};
use crate::{
    document,
    ingest::feed::Feed,
    library::{Input, Place, ReadError, is_mailbox},
    story::{self, Story},
};

#[derive(Debug, Args)]
#[command(override_usage = "recto inspect [OPTIONS] <PATH|URL>")]
pub(super) struct Inspect {
    /// A file, a folder, - for standard input, or the address of a feed or a text
    #[arg(value_name = "PATH")]
    path: PathBuf,

    #[command(flatten)]
    base: Base,

    /// Print a JSON object a line
    #[arg(long)]
    json: bool,
}

/// Where an input was published, for links in it that are relative.
#[derive(Debug, Args)]
pub(super) struct Base {
    /// The address that the input was published at: relative addresses in it are resolved against it
    #[arg(long, value_name = "URL", value_parser = whole_address)]
    base_url: Option<Url>,
}

impl Base {
    /// The same, or where it was fetched from if nothing else was said.
    pub(super) fn or(self, from: Option<&Url>) -> Self {
        Base {
            base_url: self.base_url.or_else(|| from.cloned()),
        }
    }

    /// The address.
    pub(super) fn address(&self) -> Option<&Url> {
        self.base_url.as_ref()
    }

    /// Resolves the addresses of a story. Those that are no relative addresses stay as they are.
    pub(super) fn resolve(&self, story: &mut Story) {
        let Some(base) = &self.base_url else {
            return;
        };
        let against = |address: &mut String| {
            if !address.is_empty()
                && let Ok(whole) = base.join(address)
            {
                *address = whole.into();
            }
        };
        story.markdown = document::resolve_addresses(&story.markdown, |address| {
            base.join(address).ok().map(String::from)
        });
        story.url.get_or_insert_with(|| base.to_string());
        story.url.iter_mut().for_each(against);
        story.comments_url.iter_mut().for_each(against);
        if let Some(image) = &mut story.lead_image {
            against(&mut image.src);
        }
        for related in &mut story.related {
            related.url.iter_mut().for_each(against);
        }
        if let Some(asked) = &mut story.call_to_action {
            asked.url.iter_mut().for_each(against);
        }
    }
}

fn whole_address(text: &str) -> Result<Url, String> {
    Url::parse(text).map_err(|_| "give a whole address, https://…".to_owned())
}

impl Inspect {
    pub(super) fn run(mut self, out: &mut Out) -> anyhow::Result<Exit> {
        let mut exit = Exit::Done;
        let places = match fetch::address(self.path.as_os_str())? {
            Some(address) => vec![fetch::fetch(address)?],
            None => {
                let inputs = inputs(vec![self.path.clone()])?;
                let places = places(&inputs)?;
                if places.is_empty() {
                    return Ok(super::nothing_in(&inputs));
                }
                places
            }
        };
        self.base = self.base.or(places.first().and_then(Place::address));
        for place in places {
            match place.feed(self.base.base_url.as_ref()) {
                Ok(Some(feed)) => {
                    self.entries(&feed, &place, out)?;
                    continue;
                }
                Err(error @ ReadError::Feed { .. }) => {
                    output::complain(&format!("recto: {error}"));
                    exit = Exit::Failed;
                    continue;
                }
                Ok(None) | Err(_) => {}
            }
            match place.read() {
                Ok(mut story) => {
                    self.base.resolve(&mut story);
                    for warning in &story.warnings {
                        output::complain(&format!("recto: {}: {warning}", place.shown()));
                    }
                    if self.json {
                        out.line(&json::object(&story).to_string())?;
                    } else {
                        print(&story, &attached(&story), out)?;
                    }
                }
                Err(error) => {
                    output::complain(&format!("recto: {error}"));
                    exit = Exit::Failed;
                }
            }
        }
        Ok(exit)
    }
}

impl Inspect {
    /// The entries of a feed, each as a story of its own.
    fn entries(&self, feed: &Feed, place: &Place, out: &mut Out) -> anyhow::Result<()> {
        if feed.entries.is_empty() {
            output::complain(&format!(
                "recto: {}: this feed has no entries",
                place.shown()
            ));
        }
        for (n, (entry, story)) in feed.entries.iter().zip(feed.stories()).enumerate() {
            if self.json {
                out.line(&json::entry(&story, entry).to_string())?;
                continue;
            }
            if n > 0 {
                out.line("")?;
            }
            let comments = entry.comments_feed.iter().map(|it| ("replies", it.clone()));
            let files = entry.enclosures.iter().map(|file| {
                let kind = file.media_type.as_deref().unwrap_or_default();
                ("enclosure", format!("{} {kind}", file.url))
            });
            let more: Vec<_> = comments.chain(files).collect();
            print(&story, &more, out)?;
        }
        Ok(())
    }
}

/// The places of the stories that were named: one for a file, all that it holds for a folder.
fn places(inputs: &[Input]) -> anyhow::Result<Vec<Place>> {
    Ok(match inputs {
        [Input::Stdin(bytes)] => vec![Place::Stdin(bytes.clone())],
        [Input::Path(path)] if path.is_dir() || path.is_file() && is_mailbox(path) => {
            // Nothing is stored: this database goes with the program.
            let library = load(None, inputs.to_vec())?;
            let all = super::listed(&library, "", usize::MAX)?;
            all.into_iter().map(|(_, place)| place).collect()
        }
        [Input::Path(path)] => vec![Place::file(path.as_path())],
        _ => Vec::new(),
    })
}

/// The files that came with a letter.
fn attached(story: &Story) -> Vec<(&'static str, String)> {
    let files = story.enclosures.iter().map(|file| {
        let name = file.title.as_deref().unwrap_or_default();
        let kind = file.media_type.as_deref().unwrap_or_default();
        let bytes = file.bytes.unwrap_or(0);
        ("enclosure", format!("{name} {kind} {bytes} bytes"))
    });
    files.collect()
}

/// For people: a line for everything that is known, `more` of them than a story tells, then the body.
fn print(story: &Story, more: &[(&str, String)], out: &mut Out) -> anyhow::Result<()> {
    let line = |name: &str, value: &str| match value {
        "" => None,
        value => Some(format!("{name:<12}{value}")),
    };
    let or_empty = |value: &Option<String>| value.clone().unwrap_or_default();
    let image = story.lead_image.as_ref().map(|image| match &*image.src {
        "" => image.alt.clone(),
        src => src.to_owned(),
    });
    let count = story.comments_count.map(|count| count.to_string());
    let asked = story.call_to_action.as_ref().map(|link| link.text.clone());
    let words = story::words(&story.markdown).to_string();
    let lines = [
        line("kind", story.kind.as_str()),
        line("title", &story.title),
        line("authors", &story.authors.join(", ")),
        line(
            "published",
            &story.published.map(story::iso).unwrap_or_default(),
        ),
        line(
            "updated",
            &story.updated.map(story::iso).unwrap_or_default(),
        ),
        line("categories", &story.categories.join(", ")),
        line("tags", &story.tags.join(", ")),
        line("url", &or_empty(&story.url)),
        line("id", &or_empty(&story.id)),
        line("picture", &or_empty(&image)),
        line("summary", &or_empty(&story.summary)),
        line("language", &or_empty(&story.language)),
        line("words", &words),
        line("comments", &or_empty(&count)),
        line("asks", &or_empty(&asked)),
    ];
    for line in lines.into_iter().flatten() {
        out.line(&line)?;
    }
    for (name, value) in more {
        out.line(&format!("{name:<12}{}", value.trim_end()))?;
    }
    for related in &story.related {
        let date = related.published.map(story::iso).unwrap_or_default();
        out.line(&format!("{:<12}{} {date}", "related", related.title))?;
    }
    out.line("")?;
    out.line(story.markdown.trim_end())?;
    Ok(())
}
