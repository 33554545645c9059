//! What other programs do with files while recto runs.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use std::fs;

use common::{Reading, numbered, story, write};
use recto::app::Model;

const WIDE: (u16, u16) = (160, 45);

/// The program on these files, following what happens to them.
fn watching(files: &[(&str, &str)]) -> Reading {
    let mut reading = Reading::remembering(files, WIDE);
    reading.session.start_watching();
    reading
}

/// Lets the program run until its model is as wanted.
#[track_caller]
fn until(reading: &mut Reading, wanted: impl Fn(&Model) -> bool) {
    let came = reading.session.wait_until(wanted);
    assert!(came, "it never came:\n{}", reading.screen());
    reading.session.settle();
}

fn lists(model: &Model, titles: &[&str]) -> bool {
    let rows = &model.list.window.rows;
    rows.iter()
        .map(|row| &*row.title)
        .eq(titles.iter().copied())
}

fn three() -> [(&'static str, String); 3] {
    [
        ("a.md", story("Anchors", "2026-11-20", "First.")),
        ("x/b.md", story("Bells", "2026-11-19", "Second.")),
        ("x/c.md", story("Currents", "2026-11-18", "Third.")),
    ]
}

fn with_three() -> Reading {
    let files = three();
    let files: Vec<_> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
    watching(&files)
}

#[test]
fn files_that_come_change_and_go_show() {
    let mut reading = with_three();
    let folder = reading.folder.path().to_owned();
    write(&folder, &[("new/d.md", &story("Dunes", "2026-11-17", "d"))]);
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Bells", "Currents", "Dunes"])
    });
    // In a folder that is new itself.
    write(
        &folder,
        &[("new/e.md", &story("Eddies", "2026-11-16", "e"))],
    );
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Bells", "Currents", "Dunes", "Eddies"])
    });
    write(&folder, &[("x/b.md", &story("Boats", "2026-11-19", "b"))]);
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Boats", "Currents", "Dunes", "Eddies"])
    });
    fs::remove_file(folder.join("x/c.md")).unwrap();
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Boats", "Dunes", "Eddies"])
    });
    fs::remove_dir_all(folder.join("new")).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Boats"]));
    write(&folder, &[(".gitignore", "x/\n")]);
    until(&mut reading, |it| lists(it, &["Anchors"]));
}

#[test]
fn a_renamed_folder_and_file_keep_their_stories() {
    let mut reading = with_three();
    let folder = reading.folder.path().to_owned();
    let id = reading.model().list.window.rows[1].id;
    reading.mark_read(id, true);
    fs::rename(folder.join("x"), folder.join("y")).unwrap();
    let library = std::sync::Arc::clone(&reading.library);
    let lies = |name: &'static str| {
        let library = std::sync::Arc::clone(&library);
        move |it: &Model| {
            let mut rows = it.list.window.rows.iter();
            let row = rows.find(|row| &*row.title == "Bells" && row.read);
            let place = row.and_then(|row| library.place(row.id).unwrap());
            place.is_some_and(|place| place.shown().ends_with(name))
        }
    };
    until(&mut reading, lies("y/b.md"));
    fs::rename(folder.join("y/b.md"), folder.join("z.md")).unwrap();
    until(&mut reading, lies("z.md"));
    // The folder is still watched under its new name.
    fs::remove_file(folder.join("y/c.md")).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Bells"]));
    assert!(reading.model().list.window.rows[1].read);
}

#[test]
fn an_editor_that_saves_by_renaming_changes_one_story() {
    let mut reading = with_three();
    let folder = reading.folder.path().to_owned();
    let id = reading.model().list.window.rows[0].id;
    // As vim does with a backup, and as most do with a temporary file.
    fs::rename(folder.join("a.md"), folder.join("a.md~")).unwrap();
    write(&folder, &[("a.md", &story("Anvils", "2026-11-20", "New."))]);
    fs::remove_file(folder.join("a.md~")).unwrap();
    until(&mut reading, |it| {
        lists(it, &["Anvils", "Bells", "Currents"])
    });
    write(
        &folder,
        &[(".a.tmp", &story("Arches", "2026-11-20", "Newer."))],
    );
    fs::rename(folder.join(".a.tmp"), folder.join("a.md")).unwrap();
    until(&mut reading, |it| {
        lists(it, &["Arches", "Bells", "Currents"])
    });
    assert_eq!(reading.model().list.window.rows[0].id, id);
    assert!(
        reading.model().messages.is_empty(),
        "{:?}",
        reading.model().messages
    );
}

#[test]
fn the_open_story_is_read_anew_at_its_place() {
    let body = numbered(3000);
    let mut reading = watching(&[("a.md", &story("Anchors", "2026-11-20", &body))]);
    reading.press("l<space><space><space>");
    let top = reading.top_line();
    let body = format!("A paragraph above.\n\nAnother.\n\n{body}");
    let text = story("Anchors", "2026-11-20", &body);
    write(reading.folder.path(), &[("a.md", &text)]);
    until(&mut reading, |it| {
        let open = it.reader.open.as_ref();
        open.is_some_and(|open| open.layout.document().words > 3003)
    });
    assert_eq!(reading.top_line(), top);
}

#[test]
fn the_open_story_stays_when_its_file_goes() {
    let mut reading = with_three();
    reading.press("jl");
    assert_eq!(reading.open_title(), "Bells");
    fs::remove_file(reading.folder.path().join("x/b.md")).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
    assert_eq!(reading.open_title(), "Bells");
    assert!(reading.notice().contains("gone"), "{}", reading.notice());
    reading.press("h");
    assert_eq!(reading.title(), "Currents", "the cursor is on the next");
}
