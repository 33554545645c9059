//! What recto remembers from one run to the next, however the first one ended: the real program in a
//! terminal of its own.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

mod support;

use std::ffi::OsStr;

use support::{Folder, Recto, Screen, Size};

const SIZES: [Size; 3] = [(160, 45), (100, 30), (40, 12)];

/// A long story of numbered words, and two short ones.
fn shelf() -> Folder {
    let words: Vec<_> = (1..=3000).map(|n| format!("word{n:04}")).collect();
    let paragraphs: Vec<_> = words.chunks(60).map(|words| words.join(" ")).collect();
    Folder::new()
        .with_story("a.md", "Long", "2020-02-02", &paragraphs.join("\n\n"))
        .with_story("b.md", "Short", "2020-01-01", "A short one.")
        .with_story("c.md", "Last", "2019-01-01", "The last one.")
}

/// Opens the folder, with what is remembered in `data`.
fn start(size: Size, folder: &Folder, data: &Folder, count: &str) -> Recto {
    let arguments = [
        OsStr::new("--data"),
        data.root().as_os_str(),
        folder.root().as_os_str(),
    ];
    let recto = Recto::start(size, arguments);
    recto.wait_for(count);
    recto
}

/// The first of the numbered words that shows.
fn first_number(screen: &Screen) -> Option<u32> {
    let text = screen.rows.join(" ");
    let (_, after) = text.split_once("word")?;
    after.get(..4)?.parse().ok()
}

#[test]
fn who_closes_the_terminal_goes_on_at_the_same_word() {
    for size in SIZES {
        let (folder, data) = (shelf(), Folder::new());
        let mut recto = start(size, &folder, &data, "3 unread of 3");
        recto.press("<enter>");
        recto.wait_for("word0001");
        let mut place = None;
        for _ in 0..3 {
            recto.press("<space>");
            let turned = recto.wait_until("has turned the page", |screen| {
                first_number(screen).is_some_and(|it| it > 1 && Some(it) != place)
            });
            place = first_number(&turned);
        }
        // What the terminal sends when its window is closed.
        recto.signal("HUP");
        recto.wait_exit();

        let mut recto = start(size, &folder, &data, "3 unread of 3");
        recto.wait_until("says that it is half read", |screen| {
            let mut rows = screen.rows.iter();
            rows.any(|row| row.contains(" · 2 Feb 2020 · ") && row.contains(" %"))
        });
        recto.press("<enter>");
        recto.wait_until("is at the same word", |screen| {
            first_number(screen) == place && screen.says("min left")
        });
        recto.signal("HUP");
        recto.wait_exit();
    }
}

#[test]
fn a_mark_that_shows_in_the_counts_is_kept_whatever_happens() {
    let (folder, data) = (shelf(), Folder::new());
    let size = SIZES[1];
    let recto = start(size, &folder, &data, "3 unread of 3");
    recto.signal("KILL");
    recto.wait_exit();
    let mut counts = "3 unread of 3";
    for (keys, after) in [
        ("gjm", "2 unread of 3"),
        ("gm", "1 unread of 3"),
        ("u", "2 unread of 3"),
        ("gjjd", "1 unread of 2"),
        ("u", "2 unread of 3"),
    ] {
        let mut recto = start(size, &folder, &data, counts);
        recto.press(keys);
        recto.wait_for(after);
        recto.signal("KILL");
        recto.wait_exit();
        counts = after;
    }
    let recto = start(size, &folder, &data, counts);
    recto.signal("TERM");
    recto.wait_exit();
}
