//! `recto show`: a story, printed.

use std::{ffi::OsString, path::Path, sync::Arc};

use anyhow::bail;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::{
    Exit, Home, Out, WrongUsage, default_inputs, fetch, find, inputs, inspect::Base, json, load,
    output,
};
use crate::{
    document::{
        self, Document, Layout, Line, Marks, Role, Rtl, Segment, Setting, Token, highlight,
    },
    keep::PageError,
    library::{Input, Place},
    story::{self, Story, clean, grouped},
};

/// The measure of what is printed, where the reader does not say.
const MEASURE: u16 = 72;

#[derive(Debug, Args)]
#[command(override_usage = "recto show [OPTIONS] <STORY>...")]
pub(super) struct Show {
    /// A file, - for standard input, the address of a feed or a text, or words of a title in the
    /// library
    #[arg(value_name = "STORY", required = true)]
    story: Vec<OsString>,

    /// Set the text to so many cells
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    width: Option<u16>,

    /// How to print it [default: ansi on a terminal, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    base: Base,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Words alone
    Text,
    /// Words with bold, italics and the like
    Ansi,
    /// YAML front matter and Markdown
    Markdown,
    /// An HTML page
    Html,
    /// A JSON object, as `recto inspect --json` prints it
    Json,
}

impl Show {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let place = place(&self.story, home)?;
        let plain = !out.is_terminal() || std::env::var_os("NO_COLOR").is_some();
        let format = self
            .format
            .unwrap_or(if plain { Format::Text } else { Format::Ansi });
        let mut story = match format {
            Format::Text | Format::Ansi => place.read()?,
            // Whoever reads this takes the date for that of the story.
            Format::Markdown | Format::Html | Format::Json => place.told()?,
        };
        self.base.or(place.address()).resolve(&mut story);
        for warning in &story.warnings {
            output::complain(&format!("recto: {warning}"));
        }
        let measure = self.width.unwrap_or(MEASURE);
        match format {
            Format::Text | Format::Ansi => {
                let form = match format {
                    Format::Ansi => Form::Styled,
                    _ => Form::Plain,
                };
                let beside = beside(&story, &place);
                let printed = print(story, measure, form, out)?;
                for line in beside {
                    out.line(&line)?;
                }
                Ok(printed)
            }
            Format::Markdown => {
                out.line(&front_matter(&story))?;
                out.line(story.markdown.trim_end())?;
                Ok(Exit::Done)
            }
            Format::Html => {
                out.line(&document::html_page(&story))?;
                Ok(Exit::Done)
            }
            Format::Json => {
                let object = match &place {
                    // What only feeds say: the files that come with it, the feed of its comments.
                    Place::Entry(stored) => json::entry(&story, &stored.entry),
                    _ => json::object(&story),
                };
                out.line(&object.to_string())?;
                Ok(Exit::Done)
            }
        }
    }
}

/// What comes with a story: files, and where its comments are.
fn beside(story: &Story, place: &Place) -> Vec<String> {
    let entry = match place {
        Place::Entry(stored) => Some(&stored.entry),
        _ => None,
    };
    let mut lines = Vec::new();
    let files = entry.map_or(&story.enclosures, |it| &it.enclosures);
    for file in files {
        let mut facts: Vec<String> = file.media_type.iter().cloned().collect();
        facts.extend(file.bytes.filter(|it| *it > 0).map(document::size));
        facts.extend(file.seconds.map(|it| format!("{} min", it.div_ceil(60))));
        let facts = match &facts[..] {
            [] => String::new(),
            facts => format!(" ({})", facts.join(", ")),
        };
        // What came with a letter has no address, but a name.
        let name = match file.url.starts_with("attachment:") {
            true => file.title.as_deref().unwrap_or_default(),
            false => &file.url,
        };
        lines.push(format!("File: {name}{facts}"));
    }
    let page = story.comments_url.as_deref();
    let feed = entry.and_then(|it| it.comments_feed.as_deref());
    let count = story.comments_count.filter(|it| *it > 0);
    match (page.or(feed), count) {
        (Some(at), Some(count)) => {
            lines.push(format!("Comments: {}, {at}", grouped(count as usize)))
        }
        (Some(at), None) => lines.push(format!("Comments: {at}")),
        (None, Some(count)) => lines.push(format!("Comments: {}", grouped(count as usize))),
        (None, None) => {}
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

/// Where the story lies that the arguments name: an address, a file, standard input, or the best match of
/// a title.
fn place(words: &[OsString], home: &Home) -> anyhow::Result<Place> {
    if let [one] = words
        && let Some(address) = fetch::address(one)?
    {
        return fetch::fetch(address.clone())
            .map_err(|error| fetch::or_own_copy(home, &address, &PageError::Fetch(error)));
    }
    let shown = |word: &OsString| clean::line(&word.to_string_lossy());
    let place = match words {
        [one] if one == "-" || Path::new(one).exists() => match inputs(vec![one.into()])?.pop() {
            Some(Input::Stdin(bytes)) => Place::Stdin(bytes),
            Some(Input::Path(path)) if path.is_dir() => {
                let one = shown(one);
                bail!("{one} is a folder; recto {one} reads it, recto show prints one story")
            }
            _ => Place::file(one),
        },
        [first, _, ..] if words.iter().all(|word| Path::new(word).exists()) => {
            let (count, first) = (words.len(), shown(first));
            let told = format!("show prints one story and {count} files are named, {first} first");
            return Err(WrongUsage(told).into());
        }
        words => {
            let words: Vec<String> = words.iter().map(shown).collect();
            let words = words.join(" ");
            let library = load(home.data.as_deref(), default_inputs(home)?)?;
            match library.place(find(&library, &words)?)? {
                Some(place) => place,
                None => bail!("{words}: this story is no longer there"),
            }
        }
    };
    Ok(place)
}

/// How lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Their characters.
    Plain,
    /// With attributes.
    Styled,
}

/// Prints a story as plain words.
pub(super) fn print_text(story: Story, out: &mut Out) -> anyhow::Result<Exit> {
    print(story, MEASURE, Form::Plain, out)
}

fn print(story: Story, measure: u16, form: Form, out: &mut Out) -> anyhow::Result<Exit> {
    let document = Arc::new(Document::new(story, &TimeZone::system()));
    // Printed words are searched and cut by other programs: none is divided.
    let setting = Setting {
        measure,
        free: 0,
        hyphenate: false,
        justify: false,
        rtl: Rtl::AsRead,
    };
    let tokens = match form {
        Form::Plain => Vec::new(),
        Form::Styled => highlight(&document, &|| true),
    };
    let mut layout = Layout::new(document, setting);
    layout.colour(tokens);
    let mut printed = Ok(());
    layout.each_line(|line| {
        let line = match form {
            Form::Plain => line.plain(),
            Form::Styled => ansi(line),
        };
        printed = out.line(line.trim_end());
        printed.is_ok()
    });
    printed?;
    Ok(Exit::Done)
}

/// A line with the attributes that any terminal has (ECMA-48, 8.3.117 SGR): no colours, which
/// `recto show` cannot know to be legible.
fn ansi(line: &Line) -> String {
    line.segments.iter().map(styled).collect()
}

fn styled(segment: &Segment) -> String {
    let mut codes = Vec::new();
    match segment.role {
        Role::Title | Role::Heading(_) | Role::Term | Role::TableHead | Role::Alert(_) => {
            codes.push("1");
        }
        Role::Byline | Role::Furniture => codes.push("2"),
        Role::Summary | Role::Figure | Role::Math => codes.push("3"),
        Role::Token(Token::Keyword) => codes.push("1"),
        Role::Token(Token::Comment) => codes.push("2"),
        Role::Plain | Role::Code | Role::Token(_) | Role::Warning => {}
    }
    for (mark, code) in [
        (Marks::STRONG, "1"),
        (Marks::EMPHASIS, "3"),
        (Marks::CODE, "1"),
        (Marks::STRUCK, "9"),
    ] {
        if segment.marks.has(mark) {
            codes.push(code);
        }
    }
    if segment.link.is_some() {
        codes.push("4");
    }
    if codes.is_empty() {
        return segment.text.clone();
    }
    format!("\u{1b}[{}m{}\u{1b}[0m", codes.join(";"), segment.text)
}

/// YAML front matter with what recto reads back. JSON strings are YAML strings (YAML 1.2, 1.3).
fn front_matter(story: &Story) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = vec!["---".to_owned(), format!("title: {}", quoted(&story.title))];
    if !story.authors.is_empty() {
        let authors: Vec<_> = story.authors.iter().map(|name| quoted(name)).collect();
        lines.push(format!("authors: [{}]", authors.join(", ")));
    }
    if let Some(at) = story.published {
        lines.push(format!("published: {}", story::iso(at)));
    }
    if let Some(url) = &story.url {
        lines.push(format!("url: {}", quoted(url)));
    }
    lines.push("---\n".to_owned());
    lines.join("\n")
}
