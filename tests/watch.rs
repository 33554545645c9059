//! What other programs do with files while recto runs.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use std::{fs, sync::atomic::AtomicBool};

use common::{Reading, numbered, story, write};
use recto::{
    app::{Message, Model},
    library::Library,
    story::{Change, Listing, Operation, Source, Target},
};

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

#[test]
fn the_cursor_comes_back_with_the_file_of_the_open_story() {
    for (keys, title) in [("", "Bells"), ("hjl", "Currents"), ("hkl", "Anchors")] {
        let mut reading = with_three();
        reading.press("jl");
        let path = reading.folder.path().join("x/b.md");
        let text = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
        // Whoever moves on meanwhile stays there.
        reading.press(keys);
        fs::write(&path, &text).unwrap();
        until(&mut reading, |it| {
            lists(it, &["Anchors", "Bells", "Currents"])
        });
        until(&mut reading, |it| {
            it.list.current().is_some_and(|row| &*row.title == title)
        });
    }
}

#[test]
fn the_cursor_of_the_list_comes_back_with_the_file_of_its_story() {
    for (keys, title) in [
        ("", "Bells"),
        ("?q", "Bells"),
        ("k", "Anchors"),
        // Whoever reads another one stays with it.
        ("l", "Currents"),
        ("lh", "Currents"),
    ] {
        let mut reading = with_three();
        reading.press("j");
        assert_eq!(reading.open_title(), "Bells");
        let path = reading.folder.path().join("x/b.md");
        let text = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
        assert_eq!(reading.notice(), "The file of “Bells” is gone.");
        assert_eq!(reading.open_title(), "Currents");
        reading.press(keys);
        fs::write(&path, &text).unwrap();
        until(&mut reading, |it| {
            lists(it, &["Anchors", "Bells", "Currents"])
        });
        assert_eq!(reading.title(), title, "after {keys:?}");
        if keys.is_empty() {
            assert_eq!(reading.notice(), "");
            assert_eq!(reading.open_title(), "Bells");
        }
    }
}

#[test]
fn nobody_is_told_any_more_that_a_story_is_gone_once_it_is_back() {
    let mut reading = with_three();
    reading.press("j");
    let path = reading.folder.path().join("x/b.md");
    let text = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
    reading.press("s");
    assert!(reading.notice().contains("“Bells” was here"));
    fs::write(&path, text).unwrap();
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Bells", "Currents"])
    });
    assert_eq!((reading.notice(), reading.title()), ("", "Bells"));
}

#[test]
fn a_key_that_meets_another_story_than_it_was_meant_for_does_nothing() {
    let mut reading = with_three();
    reading.press("j");
    fs::remove_file(reading.folder.path().join("x/b.md")).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
    for key in ["s", "d"] {
        reading.press(key);
        if key == "s" {
            assert!(reading.notice().contains("“Bells” was here"));
            assert!(!reading.row().starred);
            reading.press("s");
        }
    }
    // Who was told means the story that is there now.
    assert!(lists(reading.model(), &["Anchors"]), "{}", reading.screen());
    assert!(
        reading
            .library
            .undo()
            .unwrap()
            .unwrap()
            .what
            .contains("removed “Currents”")
    );
    assert!(
        reading
            .library
            .undo()
            .unwrap()
            .unwrap()
            .what
            .contains("starred “Currents”")
    );
    // Who moved knows where the cursor is.
    let mut reading = with_three();
    reading.press("j");
    fs::remove_file(reading.folder.path().join("x/b.md")).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
    reading.press("ks");
    assert!(reading.row().starred);
    // A selection is no matter of the cursor.
    let mut reading = with_three();
    reading.press("x");
    fs::remove_file(reading.folder.path().join("x/b.md")).unwrap();
    until(&mut reading, |it| lists(it, &["Anchors", "Currents"]));
    reading.press("s");
    assert!(reading.model().list.window.rows[0].starred);
}

fn change(library: &Library, title: &str, change: Change) {
    let listing = Listing {
        search: format!("\"{title}\""),
        ..Listing::default()
    };
    let stories = library.found(&listing).unwrap();
    assert_eq!(stories.len(), 1);
    let operation = Operation::new(Target::Stories(stories), change);
    library.apply(&operation).unwrap();
}

#[test]
fn what_another_program_does_with_stories_shows() {
    let mut reading = with_three();
    let other = reading.other();
    change(&other, "Bells", Change::Starred(true));
    until(&mut reading, |it| {
        it.list.window.rows.iter().any(|row| row.starred)
    });
    assert_eq!(reading.counts("Starred"), Some((1, 1)));
    // Of the open story, too.
    assert_eq!(reading.open_title(), "Anchors");
    change(&other, "Anchors", Change::Later(true));
    until(&mut reading, |it| {
        it.reader.open.as_ref().is_some_and(|open| open.state.later)
    });
    change(&other, "Currents", Change::Removed(true));
    until(&mut reading, |it| lists(it, &["Anchors", "Bells"]));
    reading.press("/cur");
    reading.assert_shows("0 found");
    reading.press("<esc>");
    other.undo().unwrap();
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Bells", "Currents"])
    });
    // A query that was kept stands among the sources, with what it finds.
    other.keep_query("starry", "is:starred").unwrap();
    until(&mut reading, |it| {
        let kept = it.sources.row(&Source::Saved("starry".into()));
        kept.is_some_and(|row| row.total == 1)
    });
    assert_eq!(reading.counts("starry"), Some((1, 1)));
}

#[test]
fn what_another_program_takes_out_of_a_list_is_not_left_selected() {
    let mut reading = with_three();
    reading.press("/is:unread<ret>xx");
    reading.assert_shows("2 selected");
    let other = reading.other();
    change(&other, "Anchors", Change::Read(true));
    until(&mut reading, |it| lists(it, &["Bells", "Currents"]));
    reading.assert_hides("selected");
}

#[test]
fn what_lies_over_a_page_stays_when_its_file_changes() {
    let body = |more: &str| format!("## One\n\n[here](a.md)\n\n## Two\n\n{more}\n");
    let mut reading = watching(&[
        ("a.md", &story("Anchors", "2026-11-20", &body("First."))),
        ("b.md", &story("Bells", "2026-11-19", "Bronze.")),
    ]);
    let folder = reading.folder.path().to_owned();
    for (keys, shows) in [("<ret>Ttwo", "▌ Two"), ("<esc>f", "type a label")] {
        reading.press(keys);
        reading.assert_shows(shows);
        let document = |it: &Model| {
            let open = it.reader.open.as_ref().unwrap();
            std::sync::Arc::as_ptr(open.layout.document())
        };
        let before = document(reading.model());
        let changed = body(&format!("Another text for {shows}."));
        write(
            &folder,
            &[("a.md", &story("Anchors", "2026-11-20", &changed))],
        );
        until(&mut reading, |it| document(it) != before);
        reading.assert_shows(shows);
    }
    // The page comes back from behind its source, also when the file is gone.
    reading.press("<esc>\\");
    reading.assert_shows("## One");
    fs::remove_file(folder.join("a.md")).unwrap();
    until(&mut reading, |it| it.list.window.total == 1);
    reading.press("\\");
    reading.assert_hides("## One");
    reading.assert_shows("Another text");
}

#[test]
fn a_mark_goes_with_a_file_that_is_renamed() {
    let mut reading = with_three();
    let folder = reading.folder.path().to_owned();
    reading.press("<ret>Maq");
    fs::rename(folder.join("a.md"), folder.join("z.md")).unwrap();
    until(&mut reading, |it| {
        let mut rows = it.list.window.rows.iter();
        rows.any(|row| row.from.contains("z.md"))
    });
    reading.press("j'");
    reading.assert_shows("a Anchors");
    reading.press("a");
    assert_eq!(reading.open_title(), "Anchors");
}

#[test]
fn what_another_program_took_in_shows() {
    let mut reading = with_three();
    let folder = reading.folder.path().to_owned();
    let other = reading.other();
    // Whichever of the two is faster.
    fs::remove_file(folder.join("x/b.md")).unwrap();
    write(&folder, &[("d.md", &story("Dunes", "2026-11-17", "d"))]);
    other.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    until(&mut reading, |it| {
        lists(it, &["Anchors", "Currents", "Dunes"])
    });
    assert_eq!(reading.counts("All stories"), Some((3, 3)));
}

#[test]
fn a_story_that_was_moved_while_the_program_was_off_is_read_where_it_lies_now() {
    let mut reading =
        Reading::remembering(&[("a.md", &story("Anchors", "2026-11-20", "First."))], WIDE);
    reading.press("ll").press("hh");
    let folder = reading.folder.path().to_owned();
    fs::rename(folder.join("a.md"), folder.join("b.md")).unwrap();
    // As at a start: the reader asks for the story before the library was looked through.
    let id = reading.row().id;
    reading.session.model.reader.open = None;
    reading.session.model.reader.failure = Some("there is no such file".to_owned());
    assert!(reading.library.read(id).is_err());
    reading.add(&[]);
    assert_eq!(reading.open_title(), "Anchors");
    reading.assert_hides("no such file");
}

#[test]
fn that_a_file_could_not_be_read_is_not_said_any_more_once_it_can_be() {
    let text = story("Anchors", "2026-11-20", "First.");
    let mut reading = Reading::remembering(&[("a.md", &text)], WIDE);
    let path = reading.folder.path().join("a.md");
    let look = |reading: &mut Reading| {
        let never = AtomicBool::new(false);
        let scanned = reading.library.scan(&never, &|_| ()).unwrap();
        let (put, gone) = (scanned.put, scanned.gone);
        reading.send(Message::StoriesChanged { put, gone });
    };
    // As when a drive is taken off: nothing is left in its folder.
    fs::remove_file(&path).unwrap();
    look(&mut reading);
    let notice = reading.notice();
    assert!(notice.contains("there is no such file"), "{notice}");
    fs::write(&path, text).unwrap();
    look(&mut reading);
    assert_eq!(reading.notice(), "");
}

#[test]
fn a_star_that_cannot_be_kept_does_not_stay_on_the_screen() {
    let mut reading = with_three();
    reading.press("s");
    assert!(reading.row().starred && reading.notice().is_empty());
    let database = reading.library.database().unwrap().to_owned();
    fs::remove_file(database).unwrap();
    reading.press("js");
    assert!(!reading.row().starred, "{}", reading.screen());
    let notice = reading.notice();
    assert!(
        notice.contains("removed or moved while recto ran"),
        "{notice}"
    );
    let open = reading.model().reader.open.as_ref().unwrap();
    assert!(!open.state.starred);
}
