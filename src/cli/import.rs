//! `recto import`: what recto itself, other readers and newsboat wrote, merged into what is known here. What
//! a file is, it says itself.

mod kept;
mod lists;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use etcetera::BaseStrategy;

use super::{Exit, Home, Out, feeds::opened, output, state_only};
use crate::{
    ingest::kept::Export,
    library::{Cache, Record, SavedQuery, WrittenFeed, WrittenOutline},
    story::clean,
};

/// Bytes of one line, at most.
const LINE: u64 = 64 * 1024 * 1024;

/// Bytes of a list of feeds or links, at most.
const LIST: u64 = 256 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(override_usage = "recto import [OPTIONS] <FILE>...")]
pub(super) struct Import {
    /// What recto export state wrote; OPML; newsboat's urls and cache.db; what Pocket, Instapaper, wallabag,
    /// Omnivore, Readeck (its list as JSON), Raindrop or a browser exported. Of a folder, newsboat's two files and all
    /// exports of links right in it are taken, of a ZIP archive all exports of links; - reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// What a file turns out to be.
enum Content {
    /// What recto export state wrote.
    State(Box<dyn BufRead>),
    /// newsboat's cache.
    Cache(Cache),
    /// Links that another program kept.
    Kept(Export),
    /// The same in an archive: its files, by their names.
    Archive(Vec<(String, Export)>),
    /// A list of feeds, whole.
    List(Vec<u8>),
}

impl Import {
    pub(super) fn run(self, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
        let mut files = Vec::new();
        for file in self.files {
            match file.is_dir() {
                true => files.extend(in_folder(&file)?),
                false => files.push(file),
            }
        }
        let (mut lists, mut caches, mut exports) = (Vec::new(), Vec::new(), Vec::new());
        let mut failed = false;
        for file in files {
            let shown = clean::line(&file.to_string_lossy());
            match content(&file, &shown)? {
                Content::State(input) => failed |= state(input, &shown, home, out)? == Exit::Failed,
                Content::Cache(cache) => caches.push((shown, cache)),
                Content::Kept(export) => exports.push((shown, export)),
                Content::Archive(found) => exports.extend(
                    found
                        .into_iter()
                        .map(|(name, export)| (format!("{shown}/{name}"), export)),
                ),
                Content::List(bytes) => lists.push((shown, bytes)),
            }
        }
        if !lists.is_empty() || !caches.is_empty() {
            let (library, access) = opened(home)?;
            let set = access.subscriptions();
            let titles = lists::titles(&caches)?;
            // Stories come to feeds that are there.
            for (shown, bytes) in lists {
                failed |=
                    lists::take(&library, &set, &shown, &bytes, &titles, out)? == Exit::Failed;
            }
            for (shown, cache) in caches {
                lists::take_cache(&library, &set, &shown, &cache, out)?;
            }
        }
        if !exports.is_empty() {
            failed |= kept::take(exports, home, out)? == Exit::Failed;
        }
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }
}

/// What of newsboat's lies in a folder. Where it keeps settings and data apart, either folder stands for
/// both.
fn in_folder(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    if let Ok(strategy) = etcetera::choose_base_strategy() {
        let both = [strategy.config_dir(), strategy.data_dir()].map(|it| it.join("newsboat"));
        let whole = |it: &Path| it.canonicalize().ok();
        if both
            .iter()
            .any(|it| whole(it).is_some() && whole(it) == whole(folder))
        {
            folders.extend(both);
        }
    }
    let found = ["urls", "cache.db"].iter().filter_map(|name| {
        let places = folders.iter().map(|it| it.join(name));
        places.into_iter().find(|it| it.is_file())
    });
    let mut found: Vec<PathBuf> = found.collect();
    found.extend(exported_in(folder));
    if found.is_empty() {
        bail!(
            "{}: neither newsboat's urls nor its cache.db lies in this folder, nor an export of links",
            clean::line(&folder.to_string_lossy())
        );
    }
    Ok(found)
}

/// The exports of links that lie in a folder, in the order of their names.
fn exported_in(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let is_export = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let size = path.metadata().ok().filter(|it| it.is_file());
        let fits = size.is_some_and(|it| it.len() <= LIST);
        // One by one: only what is an export is held, and not for long.
        fits && kept::may_be(&name)
            && std::fs::read(path).is_ok_and(|bytes| kept::read(&bytes, Some(folder)).is_some())
    };
    let mut all: Vec<PathBuf> = entries.map(|it| it.path()).filter(is_export).collect();
    all.sort();
    all
}

/// Looks what a file is.
fn content(file: &Path, shown: &str) -> anyhow::Result<Content> {
    let is_stdin = file.as_os_str() == "-";
    let input: Box<dyn Read> = if is_stdin {
        Box::new(io::stdin())
    } else {
        let file = File::open(file);
        Box::new(file.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                anyhow::anyhow!("{shown}: there is no such file; recto export state writes one")
            }
            _ => anyhow::anyhow!("{shown}: {error}"),
        })?)
    };
    let mut input = BufReader::new(input);
    let opening = input.fill_buf().with_context(|| shown.to_owned())?;
    if Cache::is_one(opening) {
        if is_stdin {
            bail!("a database cannot be read from standard input; name the file");
        }
        let cache = Cache::open(file).map_err(|error| anyhow::anyhow!("{shown}: {error}"))?;
        return Ok(Content::Cache(cache));
    }
    if opening.starts_with(b"PK\x03\x04") {
        let mut bytes = Vec::new();
        input
            .take(LIST)
            .read_to_end(&mut bytes)
            .with_context(|| shown.to_owned())?;
        let is_book = crate::ingest::epub::is_book(&bytes, shown);
        let found = kept::in_archive(bytes);
        if found.is_empty() && is_book {
            bail!(
                "{shown}: this is a book, and recto reads it as it is: put it into your library. Of what Readeck \
                 exports as EPUB, each story is a chapter; to have them one by one, import its list of bookmarks \
                 (the JSON of its API, /api/bookmarks)"
            );
        }
        if found.is_empty() {
            bail!("{shown}: there is no export of links in this archive that recto can read");
        }
        return Ok(Content::Archive(found));
    }
    let first = opening.iter().find(|it| !it.is_ascii_whitespace());
    if first == Some(&b'{') {
        return Ok(Content::State(Box::new(input)));
    }
    let mut bytes = Vec::new();
    input
        .take(LIST)
        .read_to_end(&mut bytes)
        .with_context(|| shown.to_owned())?;
    let beside = file.parent().filter(|_| !is_stdin);
    Ok(match kept::read(&bytes, beside) {
        Some(export) => Content::Kept(export),
        None => Content::List(bytes),
    })
}

/// Takes in what recto export state wrote.
fn state(input: Box<dyn BufRead>, shown: &str, home: &Home, out: &mut Out) -> anyhow::Result<Exit> {
    let mut lines = Lines(input);
    let heading = lines.next_line().with_context(|| shown.to_owned())?;
    if let Err(why) = Record::check_heading(heading.as_deref().unwrap_or_default()) {
        bail!("{shown}: {why}");
    }
    let (mut records, mut queries) = (Vec::new(), Vec::new());
    let (mut feeds, mut outlines) = (Vec::new(), Vec::new());
    let (mut failed, mut number) = (0, 1);
    while let Some(line) = lines.next_line().with_context(|| shown.to_owned())? {
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        if let Some(kept) = SavedQuery::of_line(&line) {
            queries.push(kept);
            continue;
        }
        if let Some(feed) = WrittenFeed::of_line(&line) {
            feeds.push(feed);
            continue;
        }
        if let Some(name) = WrittenFeed::printed(&line) {
            output::complain(&format!(
                "recto: {shown}, line {number}: {name}: a feed that a command prints comes from the settings \
                 alone; write it there"
            ));
            continue;
        }
        if let Some(outline) = WrittenOutline::of_line(&line) {
            outlines.push(outline);
            continue;
        }
        match Record::of_line(&line) {
            Ok(record) => records.push(record),
            Err(why) => {
                failed += 1;
                output::complain(&format!("recto: {shown}, line {number}: {why}"));
            }
        }
    }
    let library = state_only(home)?;
    let mut imported = library.import(&records)?;
    let kept = library.import_queries(&queries)?;
    imported.new += kept;
    imported.unchanged += queries.len() - kept;
    let subscribed = library.import_feeds(&feeds, &outlines)?;
    imported.new += subscribed;
    imported.unchanged += feeds.len() + outlines.len() - subscribed;
    out.line(&format!(
        "{} new, {} changed, {} unchanged, {failed} failed",
        imported.new, imported.changed, imported.unchanged
    ))?;
    Ok(if failed == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// Lines of bounded length: what is longer is cut, and then is no record.
struct Lines<R>(R);

impl<R: BufRead> Lines<R> {
    fn next_line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let read = (&mut self.0).take(LINE).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') && read as u64 == LINE {
            // The rest of the line is passed over.
            let mut rest = Vec::new();
            while (&mut self.0).take(LINE).read_until(b'\n', &mut rest)? > 0 {
                if rest.last() == Some(&b'\n') {
                    break;
                }
                rest.clear();
            }
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}
