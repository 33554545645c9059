//! Links that other programs kept: they become files of the library, with their texts where these came along.

use std::{
    cell::RefCell,
    collections::HashMap,
    io::Cursor,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use jiff::Timestamp;
use url::Url;

use super::super::{Exit, Home, Out, default_inputs, load, output};
use super::lists::counted;
use crate::{
    ingest::{
        epub::archive::Archive,
        kept::{self, Export, Link},
    },
    keep::{Shelf, placed},
    library::{Input, Library, Record, WrittenNote},
    net,
    story::{Story, clean, grouped},
};

/// What the export that a file holds is; `beside` is the folder that it lies in.
pub(super) fn read(bytes: &[u8], beside: Option<&Path>) -> Option<Export> {
    let file = |name: &str| {
        let path = beside?.join(name);
        let meta = path.metadata().ok().filter(|it| it.is_file())?;
        (meta.len() <= super::LIST)
            .then(|| std::fs::read(path).ok())
            .flatten()
    };
    kept::read(bytes, &file)
}

/// Files of an archive that are looked at, at most.
const MOST_FILES: usize = 1000;

/// Whether a file may be an export of links by its name.
pub(super) fn may_be(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".json", ".html", ".htm"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// The exports in an archive, by the names of their files. Nothing of it is ever unpacked to a disk.
pub(super) fn in_archive(bytes: Vec<u8>) -> Vec<(String, Export)> {
    let Some(archive) = Archive::open(Cursor::new(bytes)) else {
        return Vec::new();
    };
    let all = archive.paths().into_iter().filter(|it| may_be(it));
    let mut wanted: Vec<String> = all.map(str::to_owned).collect();
    // The texts that lie in folders beside a list are no lists, and may be many.
    wanted.sort_by(|a, b| {
        let depth = |it: &str| it.matches('/').count();
        (depth(a), a).cmp(&(depth(b), b))
    });
    let archive = RefCell::new(archive);
    // What is cut short or damaged would come in as if it were all.
    let read = |path: &str| {
        let taken = archive.borrow_mut().read(path, super::LIST);
        taken.trouble.is_none().then_some(taken.bytes)
    };
    let export = |path: String| {
        let bytes = read(&path)?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = |name: &str| match folder {
            "" => read(name),
            folder => read(&format!("{folder}/{name}")),
        };
        Some((clean::line(&path), kept::read(&bytes, &beside)?))
    };
    wanted
        .into_iter()
        .take(MOST_FILES)
        .filter_map(export)
        .collect()
}

/// Takes exports in: links that are new become files, and of all of them it is kept what was done.
pub(super) fn take(
    exports: Vec<(String, Export)>,
    home: &Home,
    out: &mut Out,
) -> anyhow::Result<Exit> {
    if home.data.is_none() {
        anyhow::bail!("no home folder is known; name the folder of the database with --data");
    }
    let shelf = home.shelf()?;
    // Made before the library is opened, which is this folder.
    let folder = shelf.stories();
    std::fs::create_dir_all(&folder)
        .map_err(|error| anyhow::anyhow!("{}: {error}", clean::line(&folder.to_string_lossy())))?;
    let inputs = match &home.library {
        Some(_) => default_inputs(home)?,
        None => vec![Input::Path(shelf.folder().to_owned()), Input::Feeds],
    };
    let library = load(home.data.as_deref(), inputs)?;
    let mut failed = false;
    let mut told = Vec::new();
    let mut records: Vec<Record> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (shown, export) in exports {
        let taken = one(&library, &shelf, &shown, export)?;
        failed |= taken.failed;
        told.push((shown, taken.said, taken.hint));
        for record in taken.records {
            let at = *places.entry(record.key.clone()).or_insert(records.len());
            match records.get_mut(at) {
                Some(first) => join(first, record),
                None => records.push(record),
            }
        }
    }
    // Whoever takes an import back means all of it.
    let marks = library.import_undated(&records)?;
    let done = marks.new + marks.changed;
    let marks = (done > 0).then(|| format!("marks of {}", grouped(done)));
    let alone = told.len() == 1;
    for (shown, mut said, hint) in told {
        said.extend(marks.clone().filter(|_| alone));
        out.line(&format!("{shown}: {}{hint}", said.join(", ")))?;
    }
    if let Some(marks) = marks.filter(|_| !alone) {
        out.line(&format!("in all: {marks}"))?;
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// Adds what another export says of a link.
fn join(first: &mut Record, other: Record) {
    first.starred = first.starred.max(other.starred);
    for tag in other.tags {
        if !first.tags.contains(&tag) {
            first.tags.push(tag);
        }
    }
    for note in other.notes {
        if !first.notes.contains(&note) {
            first.notes.push(note);
        }
    }
}

/// What an export came to.
struct Taken {
    /// What is said of it.
    said: Vec<String>,
    /// What helps to go on.
    hint: &'static str,
    /// Whether something in it could not come in.
    failed: bool,
    /// What was done with its links.
    records: Vec<Record>,
}

fn one(library: &Library, shelf: &Shelf, shown: &str, export: Export) -> anyhow::Result<Taken> {
    let Export {
        by,
        links,
        refused,
        commands,
    } = export;
    let (mut new, mut texts, mut known, mut failed) = (0, 0, 0, refused.len());
    let mut waiting = 0;
    for it in &refused {
        let line = it
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        output::complain(&format!("recto: {shown}{line}: {}: {}", it.name, it.reason));
    }
    let mut met: HashMap<String, usize> = HashMap::new();
    let mut once: Vec<(Link, Option<String>)> = Vec::new();
    for mut link in links {
        // What is no page of its own, the front of a site, is known by its address as it stands.
        let key = link.key();
        let name = key.clone().unwrap_or_else(|| link.address.clone());
        let number = *met.entry(name).or_insert(once.len());
        match once.get_mut(number) {
            None => once.push((link, key)),
            Some((first, _)) => {
                known += 1;
                link.tags.retain(|it| !first.tags.contains(it));
                first.tags.append(&mut link.tags);
                first.starred |= link.starred;
            }
        }
    }
    let mut removed = 0;
    let mut records = Vec::new();
    let mut written: Vec<PathBuf> = Vec::new();
    let mut wanted = Vec::new();
    for (link, key) in &once {
        let Some(key) = key.clone() else {
            failed += 1;
            let told = "it is the front page of a site, and no story";
            output::complain(&format!("recto: {shown}: {}: {told}", link.address));
            continue;
        };
        match library.by_link(&key)? {
            Some(id) => {
                known += 1;
                // What was removed here stays so: another program's list does not know of it.
                removed += usize::from(library.is_removed(id)?);
                records.push(record(link, key));
            }
            None => wanted.push((link, key)),
        }
    }
    let now = Timestamp::now();
    let placed: Vec<(Story, Vec<WrittenNote>)> = wanted
        .iter()
        .map(|(link, _)| {
            let (mut story, notes) = with_notes(link, link.added.unwrap_or(now));
            // No feed led there: the reader kept it, and may have it fetched.
            story.own_network = Url::parse(&link.address).is_ok_and(|it| net::names_home(&it));
            (story, notes)
        })
        .collect();
    let mut highlights = (0, 0);
    let dates = wanted.iter().map(|(link, _)| link.added.unwrap_or(now));
    let stories = placed.iter().map(|(story, _)| story.clone()).zip(dates);
    let put = shelf.put_all(stories)?;
    for ((put, (link, key)), (_, notes)) in put.into_iter().zip(&wanted).zip(&placed) {
        match put {
            Ok(path) => {
                written.push(path);
                new += 1;
                texts += usize::from(link.has_text());
                waiting += usize::from(!link.has_text() && !link.read);
                highlights.0 += notes.len();
                highlights.1 += link.highlights.len() - notes.len();
                records.push(Record {
                    notes: notes.clone(),
                    ..record(link, key.clone())
                });
            }
            Err(error) => {
                failed += 1;
                output::complain(&format!("recto: {shown}: {}: {error}", link.address));
            }
        }
    }
    library.look_at(&written, &AtomicBool::new(false))?;
    let mut said = vec![
        format!("{} from {by}", counted(new, "new link")),
        match removed {
            0 => format!("{} known", grouped(known)),
            _ if removed == known => format!("{} known, removed here", grouped(known)),
            _ => format!(
                "{} known, {} of them removed here",
                grouped(known),
                grouped(removed)
            ),
        },
    ];
    if texts > 0 {
        said.insert(1, format!("{} with their texts", grouped(texts)));
    }
    if failed > 0 {
        said.push(format!("{} not taken", grouped(failed)));
    }
    if commands > 0 {
        let told = counted(commands, "bookmarklet");
        said.push(format!("{told} passed over"));
    }
    if highlights.0 > 0 {
        let told = counted(highlights.0, "highlight");
        said.push(format!("{told} in their texts"));
    }
    if highlights.1 > 0 {
        let told = counted(highlights.1, "marked passage");
        said.push(format!(
            "{told} below as quotations, for their words are in no text"
        ));
    }
    let hint = match new > texts {
        true if waiting > 0 => {
            "; recto refresh --ahead fetches the texts of those that are kept for later"
        }
        true => "; w fetches the text of one that is open",
        false => "",
    };
    Ok(Taken {
        said,
        hint,
        failed: failed > 0,
        records,
    })
}

/// A link as a story, and those of its marked passages whose words are in its text: they become highlights there.
fn with_notes(link: &Link, when: Timestamp) -> (Story, Vec<WrittenNote>) {
    let mut link = link.clone();
    if !link.has_text() || link.highlights.is_empty() {
        return (link.story(), Vec::new());
    }
    let passages = std::mem::take(&mut link.highlights);
    let found = placed(&link.story(), &passages, when);
    let mut notes = Vec::new();
    for (passage, note) in passages.into_iter().zip(found) {
        match note {
            Some(note) => notes.push(WrittenNote::from(note)),
            None => link.highlights.push(passage),
        }
    }
    (link.story(), notes)
}

/// What was done with a link. What was not archived is still to be read.
fn record(link: &Link, key: String) -> Record {
    let yes = |it: bool| it.then_some(true);
    Record {
        key,
        read: yes(link.read),
        starred: yes(link.starred),
        later: yes(!link.read),
        tags: link.all_tags(),
        ..Record::default()
    }
}
