//! The stories that come with recto: they make room for the reader's own, and are not lost.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/server.rs"]
mod server;
#[path = "support/mod.rs"]
mod support;

use std::io::Write;

use command::{recto, run, said, titles};
use server::{Server, page};
use support::{
    Recto,
    folder::{self, Folder},
};

const ROOM: &str = "The examples made room: recto tour shows them";

/// The program on a screen, with the database of `folder`.
fn screen(folder: &Folder, words: &[&str]) -> Recto {
    let data = folder.path("data");
    let words = ["--data", data.to_str().unwrap()]
        .into_iter()
        .chain(words.iter().copied());
    Recto::start((140, 30), words)
}

/// The names of the files that were kept, the newest first.
fn kept(folder: &Folder) -> Vec<String> {
    let files = std::fs::read_dir(folder.path("data/library/saved")).unwrap();
    let names = files.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|it| it.ends_with(".md")).collect();
    names.sort();
    names.reverse();
    names
}

/// Ends it as a reader does.
fn quit(mut recto: Recto) {
    recto.press("<ctrl-c>");
    recto.wait_clean_exit();
}

#[test]
fn what_is_kept_first_stands_beside_the_examples_until_the_end() {
    let folder = Folder::new();
    let mut first = screen(&folder, &[]);
    first.wait_for("27 unread of 27");
    first.press("s");
    first.wait_for("Starred");
    first.press("S");
    first.wait_for("your library begins");
    // It has a folder.
    first.wait_for(" saved  ");
    first.wait_for("27 unread of 27");
    // The example and what was kept of it are one story. Both ways to ask say the same, and asking takes nothing away.
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "27");
    assert_eq!(titles(&folder, "is:starred").len(), 1);
    assert!(kept(&folder).len() == 1);
    first.press("u");
    // The list may tell sooner than it is said, and only what was said can be done again.
    first.wait_for("lies in .trash now");
    assert!(kept(&folder).is_empty());
    first.wait_for("27 unread of 27");
    first.press("<ctrl-r>");
    first.wait_for("is as it was");
    // Another recto that looks through the folder does not take a copy of an example for the example, moved.
    let knots = "2025-08-30-seven-knots.md";
    let text = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("articles")
        .join(knots);
    std::fs::copy(text, folder.path("data/library/knots.md")).unwrap();
    first.wait_for("28 unread of 28");
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "28");
    std::fs::remove_file(folder.path("data/library/knots.md")).unwrap();
    first.wait_for("27 unread of 27");
    // They make room at the end, which says so: what lists the library next does not find them.
    first.press("<ctrl-c>");
    first.wait_clean_exit();
    first.wait_for_bytes(ROOM);
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "1");
    assert_eq!(titles(&folder, "is:starred").len(), 1);
    // It is said once.
    let third = screen(&folder, &[]);
    third.wait_for("1 unread of 1");
    third.wait_for("/ search titles");
    let rows = third.screen().rows;
    assert!(!rows.iter().any(|row| row.contains(ROOM)), "{rows:?}");
    quit(third);
    let mut tour = screen(&folder, &["tour"]);
    tour.wait_for("27 unread of 27");
    tour.press("/is:starred<enter>");
    tour.wait_for("★");
    tour.wait_for("Welcome to recto");
    tour.press("S");
    tour.wait_for("It lies on your shelf already");
    quit(tour);
    // What was done before there was a library is taken back in it, one step after the other.
    let mut last = screen(&folder, &[]);
    last.press("u");
    last.wait_for("lies in .trash now");
    last.press("u");
    last.wait_for("Undone: starred “Welcome to recto");
    quit(last);
}

#[test]
fn what_is_kept_from_the_tour_has_the_marks_made_there() {
    let folder = Folder::new().with_story("own.md", "My own", "2026-01-02", "Words.");
    run(&folder, &["save", folder.path("own.md").to_str().unwrap()]);
    let mut tour = screen(&folder, &["tour"]);
    tour.wait_for("27 unread of 27");
    tour.press("s");
    tour.wait_for("Starred");
    tour.press("S");
    tour.wait_for("Saved (u undoes it)");
    quit(tour);
    assert_eq!(titles(&folder, "is:starred").len(), 1);
    let file = &kept(&folder)[0];
    let text = std::fs::read_to_string(folder.path("data/library/saved").join(file)).unwrap();
    assert!(text.contains("\nid: \"bundled:"), "{text}");
}

#[test]
fn whoever_keeps_several_examples_stays_where_they_are() {
    let folder = Folder::new();
    let mut recto = screen(&folder, &[]);
    recto.wait_for("27 unread of 27");
    recto.press("xxx");
    recto.wait_for("▌● Bringing your own stories");
    recto.press("S");
    recto.wait_for("Saved 3 stories (u undoes it)");
    assert_eq!(kept(&folder).len(), 3);
    // A library has folders.
    recto.wait_for(" saved  ");
    recto.wait_for("▌● Bringing your own stories");
    quit(recto);
}

#[test]
fn what_is_typed_while_a_library_begins_elsewhere_goes_on() {
    let folder = Folder::new().with_story("own.md", "My own", "2026-01-02", "Words.");
    let mut recto = screen(&folder, &[]);
    recto.wait_for("27 unread of 27");
    recto.press("<enter>");
    recto.wait_for("v select");
    recto.wait_for("Part one. What is on the screen");
    recto.press("v");
    recto.wait_for("enter highlight");
    recto.press("n");
    recto.wait_for("enter keeps it");
    recto.press("a precious ");
    recto.wait_for("a precious");
    run(&folder, &["save", folder.path("own.md").to_str().unwrap()]);
    // Longer than it takes to see that there is a library now: it could be read.
    let other = screen(&folder, &[]);
    other.wait_for("1 unread of 1");
    recto.press("note");
    recto.wait_for("a precious note");
    recto.press("<enter>");
    recto.wait_for("28 unread of 28");
    assert!(run(&folder, &["export", "notes"]).contains("a precious note"));
    quit(recto);
    quit(other);
}

#[test]
fn nothing_goes_from_one_screen_when_another_ends() {
    let folder = Folder::new();
    let first = screen(&folder, &[]);
    first.wait_for("27 unread of 27");
    let mut second = screen(&folder, &[]);
    second.wait_for("27 unread of 27");
    second.press("S");
    second.wait_for("your library begins");
    // Both have it.
    for it in [&first, &second] {
        it.wait_for(" saved  ");
    }
    quit(second);
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "27");
    first.wait_for("27 unread of 27");
    quit(first);
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "1");
}

#[test]
fn the_doctor_names_what_is_read() {
    let server = Server::new(|_, _, stream| {
        let answer = page("", "<rss><channel><title>Sea</title></channel></rss>");
        stream.write_all(answer.as_bytes()).unwrap_or_default();
    });
    let folder = Folder::new().with_story("own.md", "My own", "2026-01-02", "Words.");
    let told = || {
        let doctor = said(&recto(&folder, &["doctor"]).assert()).0;
        let (_, told) = doctor.split_once("Library\n").unwrap();
        told.split_once("Database").unwrap().0.to_owned()
    };
    assert!(told().contains("the stories that come with recto are read"));
    run(&folder, &["list", "--count"]);
    run(
        &folder,
        &["subscribe", server.url.join("feed").unwrap().as_str()],
    );
    let feeds = told();
    assert!(feeds.contains("what your feeds have is read"), "{feeds}");
    assert!(feeds.contains("until you start it next"), "{feeds}");
    run(&folder, &["save", folder.path("own.md").to_str().unwrap()]);
    let library = folder.path("data/library");
    let own = told();
    assert!(own.contains(library.to_str().unwrap()), "{own}");
    assert!(
        own.contains("made by") && own.contains("your feeds"),
        "{own}"
    );
    assert!(!own.contains("come with recto"), "{own}");
}

#[test]
fn what_is_subscribed_to_or_saved_elsewhere_makes_room_at_the_next_start() {
    let server = Server::new(|_, _, stream| {
        let items = "<item><title>Tides</title><description>They turn.</description></item>";
        let feed = format!("<rss><channel><title>Sea</title>{items}</channel></rss>");
        let answer = page("Content-Type: application/rss+xml\r\n", &feed);
        stream.write_all(answer.as_bytes()).unwrap_or_default();
    });
    let feed = server.url.join("feed").unwrap().to_string();
    let folder = Folder::new().with_story("own.md", "My own", "2026-01-02", "Words.");
    let first = screen(&folder, &[]);
    first.wait_for("27 unread of 27");
    run(&folder, &["mark", "title:welcome", "--star"]);
    run(&folder, &["subscribe", &feed]);
    first.wait_for("28 unread of 28");
    // What another recto lists takes nothing from this one.
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "28");
    run(&folder, &["refresh"]);
    first.wait_for("28 unread of 28");
    // Whoever is killed says nothing of it: the next start does.
    first.signal("KILL");
    first.wait_exit();
    let next = screen(&folder, &[]);
    next.wait_for(ROOM);
    next.wait_for("1 unread of 1");
    quit(next);
    assert_eq!(titles(&folder, ""), ["Tides"]);
    // The tour is where it was, with its star, whatever the library is, and is not the file of this name.
    let library = folder.path("other");
    std::fs::create_dir(&library).unwrap();
    std::fs::write(library.join("tour"), "# A file\n\nOf this name.").unwrap();
    let tour = |words: &[&str]| {
        let mut command = recto(&folder, words);
        command.env("RECTO_LIBRARY", &library).current_dir(&library);
        said(&command.assert().success()).0
    };
    assert_eq!(tour(&["tour"]).lines().count(), 27);
    assert!(tour(&["./tour"]).contains("Of this name."));
    let on_screen = screen(&folder, &["tour"]);
    on_screen.wait_for("27 unread of 27");
    on_screen.wait_for("★");
    quit(on_screen);
    // A page that is kept from a shell, between two starts.
    let folder = Folder::new().with_story("own.md", "My own", "2026-01-02", "Words.");
    let first = screen(&folder, &[]);
    first.wait_for("27 unread of 27");
    quit(first);
    run(&folder, &["save", folder.path("own.md").to_str().unwrap()]);
    let next = screen(&folder, &[]);
    next.wait_for(ROOM);
    next.wait_for("1 unread of 1");
    quit(next);
}

#[test]
fn the_pictures_of_an_example_are_kept_with_it() {
    let folder = Folder::new();
    let mut recto = screen(&folder, &[]);
    recto.wait_for("27 unread of 27");
    recto.press("/");
    recto.send(b"harbour knows");
    recto.wait_for("1 found");
    recto.press("<enter>");
    recto.press("S");
    recto.wait_for("your library begins");
    let saved = folder.path("data/library/saved");
    let mut inside = std::fs::read_dir(saved)
        .unwrap()
        .map(|it| it.unwrap().path());
    let pictures = inside.find(|it| it.is_dir()).unwrap();
    assert_eq!(std::fs::read_dir(pictures).unwrap().count(), 1);
    quit(recto);
}
