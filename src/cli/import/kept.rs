//! Links that other programs kept: they become files of the library, with their texts where these came along.

use std::{
    cell::RefCell,
    collections::HashSet,
    io::Cursor,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use jiff::Timestamp;

use super::super::{Exit, Home, Out, default_inputs, load, output};
use super::lists::counted;
use crate::{
    ingest::{
        epub::archive::Archive,
        kept::{self, Export, Link},
    },
    keep::Shelf,
    library::{Library, Record},
    story::{clean, grouped},
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

/// Whether a file is a part of an export by its name: Pocket's `part_000000.csv`, Omnivore's
/// `metadata_0_to_20.json`.
pub(super) fn is_part(name: &str) -> bool {
    let named = |begin: &str, end: &str| name.starts_with(begin) && name.ends_with(end);
    named("part_", ".csv") || named("metadata_", ".json")
}

/// The exports in an archive, by the names of their files. Nothing of it is ever unpacked to a disk.
pub(super) fn in_archive(bytes: Vec<u8>) -> Vec<(String, Export)> {
    let Some(archive) = Archive::open(Cursor::new(bytes)) else {
        return Vec::new();
    };
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let all: Vec<String> = archive.paths().into_iter().map(str::to_owned).collect();
    let mut wanted: Vec<String> = all
        .iter()
        .filter(|it| is_part(&last(it)))
        .cloned()
        .collect();
    if wanted.is_empty() {
        let ends = [".csv", ".json", ".html"];
        let may_be = |it: &&String| {
            ends.iter()
                .any(|end| it.to_ascii_lowercase().ends_with(end))
        };
        wanted = all.iter().filter(may_be).cloned().collect();
    }
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
    let library = load(home.data.as_deref(), default_inputs(home)?)?;
    let mut exit = Exit::Done;
    for (shown, export) in exports {
        if one(&library, &shelf, &shown, export, out)? == Exit::Failed {
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}

fn one(
    library: &Library,
    shelf: &Shelf,
    shown: &str,
    export: Export,
    out: &mut Out,
) -> anyhow::Result<Exit> {
    let Export { by, links, refused } = export;
    let (mut new, mut texts, mut known, mut failed) = (0, 0, 0, refused.len());
    for it in &refused {
        let line = it
            .line
            .map_or_else(String::new, |line| format!(", line {line}"));
        output::complain(&format!("recto: {shown}{line}: {}: {}", it.name, it.reason));
    }
    let mut met: HashSet<String> = HashSet::new();
    let mut records = Vec::new();
    let mut written: Vec<PathBuf> = Vec::new();
    let mut wanted = Vec::new();
    for link in &links {
        // What is no page of its own, the front of a site, is known by its address as it stands.
        let key = link.key();
        let name = key.clone().unwrap_or_else(|| link.address.clone());
        if !met.insert(name) {
            known += 1;
            continue;
        }
        let Some(key) = key else {
            failed += 1;
            let told = "it is the front page of a site, and no story";
            output::complain(&format!("recto: {shown}: {}: {told}", link.address));
            continue;
        };
        match library.by_link(&key)? {
            Some(_) => {
                known += 1;
                records.push(record(link, key));
            }
            None => wanted.push((link, key)),
        }
    }
    let stories = wanted
        .iter()
        .map(|(link, _)| (link.story(), link.added.unwrap_or_else(Timestamp::now)));
    for (put, (link, key)) in shelf.put_all(stories)?.into_iter().zip(&wanted) {
        match put {
            Ok(path) => {
                written.push(path);
                new += 1;
                texts += usize::from(link.has_text());
                records.push(record(link, key.clone()));
            }
            Err(error) => {
                failed += 1;
                output::complain(&format!("recto: {shown}: {}: {error}", link.address));
            }
        }
    }
    library.look_at(&written, &AtomicBool::new(false))?;
    let marks = library.import_undated(&records)?;
    let mut said = vec![
        format!("{} from {by}", counted(new, "new link")),
        format!("{} known", grouped(known)),
    ];
    if texts > 0 {
        said.insert(1, format!("{} with their texts", grouped(texts)));
    }
    if failed > 0 {
        said.push(format!("{} not taken", grouped(failed)));
    }
    let done = marks.new + marks.changed;
    if done > 0 {
        said.push(format!("marks of {}", grouped(done)));
    }
    let hint = match new > texts {
        true => "; recto refresh --ahead fetches the texts of those that are kept for later",
        false => "",
    };
    out.line(&format!("{shown}: {}{hint}", said.join(", ")))?;
    Ok(if failed == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// What was done with a link. What was not archived is still to be read.
fn record(link: &Link, key: String) -> Record {
    let yes = |it: bool| it.then_some(true);
    Record {
        key,
        read: yes(link.read),
        starred: yes(link.starred),
        later: yes(!link.read),
        tags: link.tags.clone(),
        ..Record::default()
    }
}
