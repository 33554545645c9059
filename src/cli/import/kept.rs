//! Links that other programs kept: they become files of the library, with their texts where these came along.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use jiff::Timestamp;

use super::super::{Exit, Home, Out, default_inputs, load, output};
use super::lists::counted;
use crate::{
    ingest::kept::{self, Export, Link},
    library::{Library, Record, write_story},
    story::grouped,
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

/// Takes exports in: links that are new become files, and of all of them it is kept what was done.
pub(super) fn take(
    exports: Vec<(String, Export)>,
    home: &Home,
    out: &mut Out,
) -> anyhow::Result<Exit> {
    if home.data.is_none() {
        anyhow::bail!("no home folder is known; name the folder of the database with --data");
    }
    let shelf = home.shelf_folder()?;
    std::fs::create_dir_all(&shelf)
        .map_err(|error| anyhow::anyhow!("{}: {error}", shelf.display()))?;
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
    shelf: &Path,
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
    for link in &links {
        // What is no page of its own, the front of a site, is known by its address as it stands.
        let key = link.key();
        let name = key.clone().unwrap_or_else(|| link.address.clone());
        if !met.insert(name) {
            known += 1;
            continue;
        }
        let is_here = match &key {
            Some(key) => library.has_link(key)?,
            None => false,
        };
        if is_here {
            known += 1;
        } else if key.is_none() {
            failed += 1;
            let told = "it is the front page of a site, and no story";
            output::complain(&format!("recto: {shown}: {}: {told}", link.address));
            continue;
        } else {
            match write_story(
                shelf,
                &link.story(),
                link.added.unwrap_or_else(Timestamp::now),
            ) {
                Ok(path) => {
                    written.push(path);
                    new += 1;
                    texts += usize::from(link.has_text());
                }
                Err(error) => {
                    failed += 1;
                    output::complain(&format!("recto: {shown}: {}: {error}", link.address));
                    continue;
                }
            }
        }
        records.extend(key.map(|key| record(link, key)));
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
