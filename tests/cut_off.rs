//! The program is killed while it does one thing with many files: what it began can be ended, and taken back.

#![cfg(unix)]
// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::{fs, path::Path};

use support::{Folder, Recto, Screen};

/// Stories that are kept in one go.
const STORIES: usize = 200;

fn stories() -> Folder {
    let mut folder = Folder::new().with_story(
        "shelf/own.md",
        "Of the shelf",
        "2020-01-01",
        "A reader's own story.",
    );
    for number in 0..STORIES {
        folder = folder.with_story(
            &format!("mail/{number:03}.md"),
            &format!("Story {number:03}"),
            "2020-01-02",
            "A few words.",
        );
    }
    folder
}

/// The program over the stories, whose shelf is another folder.
fn open(folder: &Folder) -> Recto {
    let path = |name: &str| folder.path(name).to_string_lossy().into_owned();
    let recto = Recto::start(
        (100, 30),
        [
            "--data",
            &path("data"),
            "--library",
            &path("shelf"),
            &path("mail"),
        ],
    );
    recto.wait_for(&format!("of {STORIES}"));
    recto.wait_until("marks a story as chosen", |it| !it.chosen().is_empty());
    recto
}

fn save_all(recto: &mut Recto) {
    recto.press("*");
    recto.wait_for("200 selected");
    recto.press("S");
}

/// Kept stories that lie in a folder.
fn count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|it| it.path().extension().is_some_and(|it| it == "md"))
        .count()
}

fn kept(folder: &Folder) -> (usize, usize) {
    let all = |name| count(&folder.path(name));
    (all("shelf/saved"), all("shelf/.trash"))
}

/// Kills the program once it has come so far in what it is `doing`.
fn kill_in_the_middle(recto: Recto, doing: &str) {
    let is_there = |screen: &Screen| {
        let last = screen.rows.last().map_or("", |it| &**it);
        let after = last.split_once(doing).map_or("", |(_, it)| it);
        let words: Vec<&str> = after.split_whitespace().take(2).collect();
        matches!(words[..], [done, "of"] if done.parse().is_ok_and(|it: usize| it >= 20))
    };
    recto.wait_until(&format!("says “{doing} 20 of …”"), is_there);
    recto.signal("KILL");
    recto.wait_exit();
}

#[test]
fn what_was_begun_with_many_files_is_ended_after_a_restart() {
    let folder = stories();
    let mut recto = open(&folder);
    save_all(&mut recto);
    recto.wait_for("Saved 200 stories (u undoes it)");
    assert_eq!(kept(&folder), (STORIES, 0));
    recto.press("u");
    kill_in_the_middle(recto, "Taking back");
    let (here, away) = kept(&folder);
    assert!(here > 0 && away > 0, "{here} {away}");
    assert_eq!(here + away, STORIES);
    let left = folder.path("shelf/.trash/.recto-left.tmp");
    fs::write(&left, "half").unwrap();

    let mut recto = open(&folder);
    recto.press("u");
    recto.wait_for("Taken back: 200 files");
    assert_eq!(kept(&folder), (0, STORIES));
    assert!(!left.exists());
    recto.press("<ctrl-r>");
    kill_in_the_middle(recto, "Doing again");
    let (here, away) = kept(&folder);
    assert!(here > 0 && away > 0, "{here} {away}");

    let mut recto = open(&folder);
    recto.press("<ctrl-r>");
    recto.wait_for("Done again: 200 files");
    assert_eq!(kept(&folder), (STORIES, 0));
    recto.press("u");
    kill_in_the_middle(recto, "Taking back");

    // What was begun can be left off, too.
    let mut recto = open(&folder);
    recto.press("<ctrl-r>");
    recto.wait_for("Done again: 200 files");
    assert_eq!(kept(&folder), (STORIES, 0));
    recto.press("u");
    recto.wait_for("Taken back: 200 files");
    assert_eq!(kept(&folder), (0, STORIES));
    // How far it came is no message that anybody looks up.
    recto.press("!");
    let screen = recto.wait_for("Done again: 200 files");
    assert!(!screen.shows("Taking back"), "{screen}");
}

#[test]
fn what_was_kept_until_the_program_was_killed_is_one_step() {
    let folder = stories();
    let mut recto = open(&folder);
    recto.press("s");
    save_all(&mut recto);
    kill_in_the_middle(recto, "Saving");
    let (here, _) = kept(&folder);
    assert!((15..STORIES).contains(&here), "{here}");

    let mut recto = open(&folder);
    recto.press("u");
    recto.wait_for("Taken back: ");
    // The last one may have been written just when it was killed.
    let (here_now, away) = kept(&folder);
    assert!(
        here_now <= 1 && away == here - here_now,
        "{here_now} {away}"
    );
    recto.press("u");
    recto.wait_for("Undone: starred");
    recto.press("u");
    recto.wait_for("Nothing to undo");
    recto.press("<ctrl-r>");
    recto.wait_for("Done again: starred");
    recto.press("<ctrl-r>");
    recto.wait_for("Done again: ");
    recto.wait_until("has done it again", |_| kept(&folder) == (here, 0));
}
