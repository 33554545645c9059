//! `recto export`: what recto knows, for other programs and other machines.

mod stories;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use jiff::{ZonedDateTime, fmt::rfc2822, tz::TimeZone};

use super::{
    Exit, Home, Out, WrongUsage, default_inputs, feeds::opened, listed, load, nothing_left, output,
    query, state_only,
};
use crate::{
    document::Document,
    ingest::{
        opml::{self, Opml},
        subscription::Followed,
    },
    library::{Library, NotedElsewhere, Place, remember_damage},
    story::{
        Citation, Feed, Note, Row,
        fold::fold,
        query::{Expr, Flag},
        quoted,
    },
};

#[derive(Debug, Args)]
#[command(
    override_usage = "recto export state\n       recto export opml\n       recto export notes [QUERY]...\n       recto export stories [OPTIONS] [QUERY]..."
)]
pub(super) struct Export {
    /// What to print: state is what you did with stories, a JSON object a line; opml the feeds that you
    /// subscribed to, for other readers; notes are your highlights and notes, as Markdown; stories are
    /// their texts, in one of the formats
    #[arg(value_name = "WHAT", value_enum)]
    what: What,

    /// Which stories, or of which to print the notes, as recto list takes it; all where nothing is said
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    /// How to write stories [default: as the name of the output ends, else jsonl]
    #[arg(long, value_enum)]
    format: Option<stories::Format>,

    /// Where to write stories: a folder for Markdown, else a file; - is standard output
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Write over a file of that name
    #[arg(long)]
    force: bool,

    /// What the page or the book of stories is called
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    State,
    Opml,
    Notes,
    Stories,
}

impl Export {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let of_stories = [
            ("--format", self.format.is_some()),
            ("--output", self.output.is_some()),
            ("--title", self.title.is_some()),
            ("--force", self.force),
        ];
        if let What::State | What::Opml | What::Notes = self.what
            && let Some((name, _)) = of_stories.iter().find(|(_, given)| *given)
        {
            let told =
                format!("{name} is for recto export stories; the others print what there is");
            return Err(WrongUsage(told).into());
        }
        match self.what {
            What::Stories => stories::run(self, home, out),
            What::State | What::Opml if !self.query.is_empty() => {
                let name = match self.what {
                    What::Opml => "opml",
                    _ => "state",
                };
                let told = format!("export {name} takes no query: it prints all there is");
                Err(WrongUsage(told).into())
            }
            What::Opml => feeds(home, out),
            What::State => {
                let all = || -> anyhow::Result<_> { Ok(state_only(home)?.export()?) };
                let lines = match (all(), &home.data) {
                    // Opened once more, the database is mended or a new one.
                    (Err(error), Some(data))
                        if error
                            .downcast_ref()
                            .is_some_and(|it| remember_damage(data, it)) =>
                    {
                        all()?
                    }
                    (all, _) => all?,
                };
                for line in lines {
                    out.line(&line)?;
                }
                Ok(Exit::Done)
            }
            What::Notes => notes(&self.query, home, out),
        }
    }
}

/// Prints the feeds that are subscribed to, as OPML.
fn feeds(home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
    let (library, _) = opened(home)?;
    let feeds = library.feeds()?;
    if feeds.is_empty() {
        output::complain("recto: no feed is subscribed to; recto subscribe ADDRESS does that");
        return Ok(Exit::Failed);
    }
    // Commands stay in the settings, with what stands in their arguments.
    let of_web = |feed: &&Feed| feed.subscription.url.starts_with("http");
    let followed: Vec<Followed> = feeds.iter().filter(of_web).map(Followed::of).collect();
    let mut document = Opml::of("Feeds in recto", &followed).with(library.outlines()?);
    let now = rfc2822::to_string(&ZonedDateTime::now())?;
    document.head.push(("dateCreated".to_owned(), now));
    out.line(opml::write(&document).trim_end())?;
    Ok(Exit::Done)
}

/// Files that are named where notes lie elsewhere, at most.
const NAMED: usize = 5;

/// A story whose notes are printed.
struct Noted {
    about: Citation,
    place: Option<Place>,
    notes: Vec<Note>,
}

impl Noted {
    /// A story of the library.
    fn listed(library: &Library, (row, place): (Row, Place)) -> anyhow::Result<Self> {
        Ok(Noted {
            notes: library.notes(row.id)?,
            about: Citation {
                title: row.title.to_string(),
                published: Some(row.when),
                url: row.url.as_deref().map(str::to_owned),
                ..Citation::default()
            },
            place: Some(place),
        })
    }

    /// What its notes are known by, as they are now.
    fn marks(&self) -> impl Iterator<Item = (&str, i64)> {
        self.notes.iter().map(|it| (&*it.id, it.changed))
    }

    /// Whether it is the file that is called so, wherever one stands.
    fn is_file(&self, name: &str) -> bool {
        let here = |path: &Path| path.canonicalize().ok();
        match &self.place {
            Some(Place::File(path)) => {
                here(Path::new(name)).is_some_and(|it| Some(it) == here(path))
            }
            _ => false,
        }
    }

    /// Whether its title or its file's name has all of these words.
    fn is_called(&self, words: &[String]) -> bool {
        let title = fold(&self.about.title);
        let place = fold(&self.place.as_ref().map(Place::shown).unwrap_or_default());
        let mut words = words.iter().map(|word| fold(word.trim()));
        words.all(|word| title.contains(&word) || place.contains(&word))
    }

    /// Where it lies, for whoever looks for it.
    fn told(&self) -> String {
        let place = self.place.as_ref().map(Place::shown);
        place.unwrap_or_else(|| self.about.title.clone())
    }
}

impl From<NotedElsewhere> for Noted {
    fn from(story: NotedElsewhere) -> Self {
        Noted {
            about: Citation {
                title: story.title,
                url: story.url,
                ..Citation::default()
            },
            place: story.place,
            notes: story.notes,
        }
    }
}

/// Prints the notes of the stories that a query finds, or of the file that it names. Where no library is
/// named, all stories with notes count, in whatever folder they lie.
fn notes(words: &[String], home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
    let inputs = default_inputs(home)?;
    let library = load(home.data.as_deref(), inputs.clone())?;
    let asked = query(&library, words)?.as_written();
    let noted = |expr: Expr| -> anyhow::Result<Vec<Noted>> {
        let mut query = asked.clone();
        query.expr = Expr::and([expr, Expr::Is(Flag::Noted)]);
        let rows = listed(&library, &query.to_string(), usize::MAX)?;
        let all = rows.into_iter().map(|it| Noted::listed(&library, it));
        all.collect()
    };
    let elsewhere: Vec<Noted> = library
        .noted_elsewhere()?
        .into_iter()
        .map(Noted::from)
        .collect();
    if library.is_empty()? && elsewhere.is_empty() {
        return Ok(nothing_left(&library, &inputs));
    }
    let is_file = |story: &Noted| words.len() == 1 && story.is_file(words[0].trim());
    // Of stories outside the library no more is known than what they are called.
    let plain = !asked
        .expr
        .any(&mut |expr| !matches!(expr, Expr::All | Expr::Phrase(_) | Expr::And(_)));
    let (others, left): (Vec<Noted>, Vec<Noted>) = elsewhere.into_iter().partition(|story| {
        let counts = home.library.is_none() && plain;
        words.is_empty() && home.library.is_none()
            || is_file(story)
            || counts && story.is_called(words)
    });
    let mut stories = noted(asked.expr.clone())?;
    if stories.is_empty() && !words.is_empty() {
        stories = noted(Expr::and([]))?;
        stories.retain(is_file);
    }
    // What was kept of a file has its notes too; whoever names the file wants those.
    let told: HashSet<_> = stories.iter().flat_map(Noted::marks).collect();
    let is_told = |it: &Noted| !is_file(it) && it.marks().all(|mark| told.contains(&mark));
    let (_, others): (Vec<Noted>, Vec<Noted>) = others.into_iter().partition(is_told);
    stories.extend(others);
    if stories.is_empty() {
        let mut told = match words {
            [] => "recto: nothing is highlighted or noted in these stories yet".to_owned(),
            _ => "recto: in no story that matches anything is highlighted or noted".to_owned(),
        };
        if !left.is_empty() {
            told.push_str("; elsewhere it is:");
        }
        for story in left.iter().take(NAMED) {
            told.push_str(&format!("\n  {}", story.told()));
        }
        if let Some(more) = left.len().checked_sub(NAMED).filter(|more| *more > 0) {
            told.push_str(&format!("\n  and in {more} more"));
        }
        output::complain(&told);
        return Ok(Exit::Failed);
    }
    for (number, story) in stories.into_iter().enumerate() {
        if number > 0 {
            out.line("")?;
        }
        print(story, out)?;
    }
    Ok(Exit::Done)
}

/// Prints the notes of one story, in the order of its text.
fn print(story: Noted, out: &mut Out) -> anyhow::Result<()> {
    let zone = TimeZone::system();
    let Noted {
        about,
        place,
        notes,
    } = story;
    let (about, notes): (Citation, Vec<(Note, Option<&str>)>) = match place.map(|it| it.read()) {
        Some(Ok(story)) => {
            let about = Citation::of(&story);
            let stands = Document::new(story, &zone).stand_of(&notes);
            let mut placed: Vec<_> = notes.into_iter().zip(stands).collect();
            placed.sort_by_key(|(note, stand)| {
                let start = stand.map(|stand| stand.span.start);
                (start.unwrap_or(note.near), start.is_none())
            });
            let placed = placed.into_iter().map(|(note, stand)| {
                let became = match stand {
                    None => Some("no longer in the text"),
                    Some(stand) if stand.edited => Some("edited since"),
                    Some(_) => None,
                };
                (note, became)
            });
            (about, placed.collect())
        }
        unread => {
            if let Some(Err(error)) = unread {
                output::complain(&format!("recto: {error}"));
            }
            (about, notes.into_iter().map(|note| (note, None)).collect())
        }
    };
    out.line(&about.heading(&zone))?;
    for (note, became) in notes {
        out.line("")?;
        out.line(&quoted(&note.quote.exact))?;
        if let Some(became) = became {
            out.line(&format!("\n*({became})*"))?;
        }
        if !note.text.is_empty() {
            out.line(&format!("\n{}", note.text))?;
        }
    }
    Ok(())
}
