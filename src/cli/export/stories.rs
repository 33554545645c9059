//! `recto export stories`: the texts themselves, for editors, programs, browsers and e-readers.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::ValueEnum;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::Export;
use crate::{
    cli::{
        Exit, Home, Out, WrongUsage, check_finished, default_inputs, joined, json as object, load,
        nothing_left, output, query,
    },
    document::{resolve_addresses, scheme},
    export::{About, Book, Draft, Page},
    ingest::{self, ATTACHED},
    keep::{Folder, Gathered, Gotten, Local, ShelfError, gather_local, read_local},
    library::{BookPictures, Library, Place},
    story::{Anchor, Listing, Row, Story, clean, grouped, link, query::Flag},
};

/// How stories are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A folder of files: YAML front matter and Markdown, pictures beside them
    Markdown,
    /// A JSON object a line, as recto inspect --json prints it, with what you did with the story
    Jsonl,
    /// One HTML page with all of them, pictures included
    Html,
    /// A book for an e-reader, pictures included
    Epub,
}

impl Format {
    /// The one that the name of what is to be written tells.
    fn of(path: &Path) -> Option<Self> {
        let ending = path
            .extension()
            .map(|it| it.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            _ if path.is_dir() => Some(Format::Markdown),
            None => Some(Format::Markdown),
            Some("epub") => Some(Format::Epub),
            Some("html" | "htm" | "xhtml") => Some(Format::Html),
            Some("jsonl" | "ndjson" | "json") => Some(Format::Jsonl),
            Some(_) => None,
        }
    }
}

/// Where stories go.
enum Target {
    Out,
    Path(PathBuf),
}

pub(super) fn run(export: Export, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
    let (target, format) = wanted(&export, out)?;
    let inputs = default_inputs(home)?;
    let library = load(home.data.as_deref(), inputs.clone())?;
    let asked = query(&library, &export.query)?;
    check_finished(&asked, &export.query, "nothing is written")?;
    let is_of_removed = asked.mentions(Flag::Removed);
    let search = asked.as_written().to_string();
    if library.is_empty()? && !is_of_removed {
        return Ok(nothing_left(&library, &inputs));
    }
    let listing = Listing {
        search: search.clone(),
        ..Listing::default()
    };
    if library.found(&listing)?.is_empty() {
        output::complain("recto: no story matches; nothing is written");
        return Ok(Exit::Failed);
    }
    let mut writing = Writing {
        library: &library,
        zone: TimeZone::system(),
        listing,
        written: 0,
        title: None,
        exit: Exit::Done,
    };
    // The order of the stories says nothing of them.
    let words = joined(&export.query);
    let is_order = |it: &&str| it.starts_with("sort:") || it.starts_with("limit:");
    let words: Vec<&str> = words
        .split_whitespace()
        .filter(|it| !is_order(it))
        .collect();
    let words = words.join(" ");
    let called = |writing: &Writing<'_>| match (&export.title, &writing.title) {
        (Some(title), _) => title.clone(),
        (None, Some(title)) if writing.written == 1 => title.clone(),
        _ if words.is_empty() => "Stories".to_owned(),
        _ => format!("Stories: {words}"),
    };
    let mut remark = String::new();
    match (format, &target) {
        (Format::Markdown, Target::Path(path)) => remark = writing.folder(path)?,
        (Format::Jsonl, Target::Out) => writing.lines(out.raw())?,
        (Format::Jsonl, Target::Path(path)) => {
            let mut draft = draft(&target)?;
            writing.lines(&mut draft)?;
            writing.finish(draft, path, out)?;
        }
        (Format::Html, _) => {
            let mut page = Page::new()?;
            writing.each(|writing, row, place, story| {
                let pictures = writing.pictures(row, place);
                Ok(page.add(&story, &*pictures, &writing.zone)?)
            })?;
            if page.without() > 0 {
                output::complain(&format!(
                    "recto: {} had no room on the page and are links there",
                    counted(page.without(), "picture", "pictures")
                ));
            }
            if page.stories() > 0 {
                let called = called(&writing);
                let mut draft = draft(&target)?;
                page.finish(&called, &mut draft)?;
                writing.finish(draft, target.path(), out)?;
            }
        }
        (Format::Epub, _) => {
            let mut book = Book::new(draft(&target)?)?;
            writing.each(|writing, row, place, story| {
                let pictures = writing.pictures(row, place);
                Ok(book.add(&story, &*pictures, &writing.zone)?)
            })?;
            if book.stories() > 0 {
                let about = About {
                    title: called(&writing),
                    now: Timestamp::now(),
                };
                writing.finish(book.finish(&about)?, target.path(), out)?;
            }
        }
        // It was said what it wants.
        (Format::Markdown, Target::Out) => {}
    }
    if let Target::Path(path) = &target {
        let path = clean::line(&path.to_string_lossy());
        match writing.written {
            0 => output::complain("recto: nothing is written"),
            count => out.line(&format!(
                "{} in {path}{remark}",
                counted(count, "story", "stories")
            ))?,
        }
    }
    Ok(writing.exit)
}

/// Where stories go, and how they are written.
fn wanted(export: &Export, out: &Out) -> anyhow::Result<(Target, Format)> {
    let named = export.output.as_deref();
    let target = match named.filter(|it| !it.as_os_str().is_empty()) {
        Some(path) if path.as_os_str() != "-" => Target::Path(path.to_owned()),
        _ => Target::Out,
    };
    let format = match (export.format, &target) {
        (Some(format), _) => format,
        (None, Target::Out) => Format::Jsonl,
        (None, Target::Path(path)) => Format::of(path).ok_or_else(|| {
            let shown = clean::line(&path.to_string_lossy());
            WrongUsage(format!(
                "{shown}: what this is to be, --format says: markdown, jsonl, html or epub"
            ))
        })?,
    };
    match (format, &target) {
        (Format::Markdown, Target::Out) => {
            let told =
                "Markdown files want a folder: recto export stories --format markdown -o FOLDER";
            return Err(WrongUsage(told.to_owned()).into());
        }
        (Format::Epub, Target::Out) if out.is_terminal() => {
            let told = "a book wants a file: recto export stories -o stories.epub";
            return Err(WrongUsage(told.to_owned()).into());
        }
        (format, Target::Path(path))
            if format != Format::Markdown && path.is_file() && !export.force =>
        {
            bail!(
                "{}: there is such a file already; --force writes over it",
                clean::line(&path.to_string_lossy())
            );
        }
        _ => {}
    }
    Ok((target, format))
}

impl Target {
    fn path(&self) -> &Path {
        match self {
            Target::Out => Path::new("standard output"),
            Target::Path(path) => path,
        }
    }
}

fn draft(target: &Target) -> anyhow::Result<Draft> {
    match target {
        Target::Out => Ok(Draft::passing()?),
        Target::Path(path) => Draft::of(path).map_err(|error| {
            let shown = clean::line(&path.to_string_lossy());
            // The system's words name the unfinished file, which is no business of the reader's.
            match error.kind() {
                io::ErrorKind::NotFound => {
                    anyhow::anyhow!("{shown} cannot be written: there is no such folder")
                }
                kind => anyhow::anyhow!("{shown} cannot be written: {kind}"),
            }
        }),
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { more })
}

/// Stories on their way.
struct Writing<'a> {
    library: &'a Library,
    zone: TimeZone,
    listing: Listing,
    written: usize,
    /// The title of the last one.
    title: Option<String>,
    exit: Exit,
}

impl<'a> Writing<'a> {
    /// Reads one story after another and has it written. What cannot be read is told, and costs itself alone.
    fn each(
        &mut self,
        mut write: impl FnMut(&mut Self, &Row, &Place, Story) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let query = self.library.query(&self.listing.search).unwrap_or_default();
        let (mut anchor, mut seen) = (Anchor::Start, 0);
        loop {
            let window = self
                .library
                .window(&self.listing, anchor, seen, &|| false)?;
            // The window begins above the story that it is around.
            let known = match anchor {
                Anchor::Story(last) => window.rows.iter().position(|row| row.id == last),
                _ => None,
            };
            let before = seen;
            for row in window.rows.into_iter().skip(known.map_or(0, |at| at + 1)) {
                seen += 1;
                anchor = Anchor::Story(row.id);
                let place = match self.library.place_for(row.id, &query)? {
                    Some(place) => place,
                    None => {
                        self.failed(&format!("“{}” is no longer there", row.title));
                        continue;
                    }
                };
                match place.told() {
                    Ok(story) => {
                        self.title = Some(story.title.clone());
                        self.written += 1;
                        write(self, &row, &place, story)?;
                    }
                    Err(error) => self.failed(&error.to_string()),
                }
            }
            if seen == before {
                return Ok(());
            }
        }
    }

    /// What reads the pictures of a story: from its book, else from files.
    fn pictures(&self, row: &Row, place: &Place) -> Box<Local<'a>> {
        let (library, id) = (self.library, row.id);
        let book = match place {
            Place::File(path) if place.is_book() => BookPictures::of_file(path),
            _ => None,
        };
        let book = book.map(RefCell::new);
        Box::new(move |src, most| match &book {
            Some(book) => book.borrow_mut().read(src, most).map(Ok),
            None => match library.shipped_picture(id, src) {
                Some(bytes) => Some(Ok(bytes.to_vec())),
                None => Some(read_local(&library.picture(id, src)?, most)),
            },
        })
    }

    /// A text whose relative links lead from the folder `out` to what they led to from its file: to the page of that
    /// story, where it has one, else to its file. Pictures that come along are no concern of this.
    fn led(&self, text: &str, row: &Row, file: &Path, (out, along): (&Path, &[Gotten])) -> String {
        let folder = file.parent().unwrap_or(file);
        let way = way(out, folder);
        resolve_addresses(text, |address| {
            let path = address.split(['?', '#']).next().unwrap_or_default();
            let is_relative = !path.is_empty() && !path.starts_with('/') && scheme(path).is_none();
            if !is_relative || along.iter().any(|it| it.src == address) {
                return None;
            }
            let there = folder.join(link::decode_percent(path));
            if !there.exists() {
                return None;
            }
            let story = self.library.resolve(row.id, address).ok().flatten();
            let page = story.and_then(|(id, _)| self.library.url(id).ok().flatten());
            let page = page.filter(|it| matches!(scheme(it).as_deref(), Some("http" | "https")));
            page.or_else(|| Some(format!("{}/{address}", way.as_ref()?)))
        })
    }

    fn failed(&mut self, why: &str) {
        output::complain(&format!("recto: {why}"));
        self.exit = Exit::Failed;
    }

    /// Gives a file its name, where anything was written.
    fn finish(&self, draft: Draft, path: &Path, out: &mut Out) -> anyhow::Result<()> {
        if self.written == 0 {
            return Ok(());
        }
        let shown = || format!("{} could not be written", path.display());
        draft.finish(out.raw()).with_context(shown)
    }

    /// Writes a JSON object a line.
    fn lines(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.each(|writing, row, place, story| {
            let mut object = match place {
                Place::Entry(stored) => object::entry(&story, &stored.entry),
                _ => object::object(&story),
            };
            object["state"] = writing.state(row)?;
            Ok(writeln!(out, "{object}")?)
        })
    }

    /// What the reader did with a story.
    fn state(&self, row: &Row) -> anyhow::Result<Value> {
        let notes = self.library.notes(row.id)?;
        let notes: Vec<Value> = notes
            .into_iter()
            .map(|note| {
                let created = Timestamp::from_millisecond(note.created).ok();
                json!({
                    "quote": note.quote.exact,
                    "text": note.text,
                    "created": created.map(|it| it.to_string()),
                })
            })
            .collect();
        Ok(json!({
            "read": row.read,
            "starred": row.starred,
            "later": row.later,
            "seen": row.seen,
            "tags": self.library.tags(row.id)?,
            "notes": notes,
        }))
    }

    /// Adds the files that lie beside a story, as far as it names them and they are no stories themselves: what came
    /// with a letter, and what links lead to within the library.
    fn gather_files(&self, story: &Story, place: &Place, gathered: &mut Gathered) {
        for file in &story.enclosures {
            if file.url.starts_with(ATTACHED) {
                gathered.add_file(&file.url, |_| {
                    place
                        .attachment(&file.url)
                        .map_err(|error| error.to_string())
                });
            }
        }
        let (Place::File(file), Some(root)) = (place, self.library.folder()) else {
            return;
        };
        let (Some(folder), Ok(root)) = (file.parent(), root.canonicalize()) else {
            return;
        };
        let linked: RefCell<Vec<(String, PathBuf)>> = RefCell::default();
        resolve_addresses(&story.markdown, |address| {
            let path = address.split(['?', '#']).next().unwrap_or_default();
            if !path.is_empty() && scheme(path).is_none() {
                let path = folder.join(link::decode_percent(path)).canonicalize();
                let path = path.ok().filter(|it| it.starts_with(&root) && it.is_file());
                let path = path.filter(|it| !ingest::is_story_path(it));
                linked
                    .borrow_mut()
                    .extend(path.map(|path| (address.to_owned(), path)));
            }
            None
        });
        for (address, path) in linked.take() {
            let read = |most: u64| {
                let mut bytes = Vec::new();
                let file = File::open(&path).map_err(|error| error.to_string())?;
                let read = file.take(most + 1).read_to_end(&mut bytes);
                read.map_err(|error| error.to_string())?;
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                Ok(Some((clean::line(&name), bytes)))
            };
            gathered.add_file(&address, read);
        }
    }

    /// Writes files of Markdown; says what else there is to say of them.
    fn folder(&mut self, path: &Path) -> anyhow::Result<String> {
        let mut folder = Folder::open(path, Timestamp::now())?;
        let mut unchanged = 0;
        self.each(|writing, row, place, mut story| {
            for tag in writing.library.tags(row.id)? {
                if !story.tags.contains(&tag) {
                    story.tags.push(tag);
                }
            }
            let mut gathered = gather_local(&story, &*writing.pictures(row, place));
            writing.gather_files(&story, place, &mut gathered);
            for (src, why) in &gathered.failed {
                writing.failed(&format!("“{}”: without {src}: {why}", story.title));
            }
            if let Place::File(file) = place {
                story.markdown =
                    writing.led(&story.markdown, row, file, (path, &gathered.pictures));
            }
            match folder.add(&story, Some(row.when), &gathered.pictures) {
                Ok(added) => unchanged += usize::from(added.unchanged),
                Err(error) if is_hopeless(&error) => return Err(error.into()),
                Err(error) => {
                    writing.written -= 1;
                    writing.failed(&format!("“{}”: {error}", story.title));
                }
            }
            Ok(())
        })?;
        folder.settle();
        Ok(match unchanged {
            0 => String::new(),
            all if all == self.written => ", all of them as they were".to_owned(),
            some => format!(", {} of them as they were", grouped(some)),
        })
    }
}

/// The way from a folder to another one, as links have it.
fn way(from: &Path, to: &Path) -> Option<String> {
    let (from, to) = (from.canonicalize().ok()?, to.canonicalize().ok()?);
    let (mut here, mut there) = (from.components().peekable(), to.components().peekable());
    while here.peek().is_some() && here.peek() == there.peek() {
        here.next();
        there.next();
    }
    let up = here.map(|_| "..".to_owned());
    let down = there.map(|it| {
        let name = it.as_os_str().to_string_lossy().into_owned();
        name.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    out.push(char::from(byte));
                }
                _ => out.push_str(&format!("%{byte:02X}")),
            }
            out
        })
    });
    let parts: Vec<String> = up.chain(down).collect();
    Some(if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    })
}

/// Whether the next story would fail as this one did.
fn is_hopeless(error: &ShelfError) -> bool {
    let kinds = [
        io::ErrorKind::StorageFull,
        io::ErrorKind::ReadOnlyFilesystem,
        io::ErrorKind::QuotaExceeded,
    ];
    matches!(error, ShelfError::Io { cause, .. } if kinds.contains(&cause.kind()))
}
