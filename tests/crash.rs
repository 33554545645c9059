//! The program is killed at any moment, and several run at once: the database stays whole, and what
//! was acknowledged is kept. `RECTO_CRASH_ROUNDS=200 cargo test --test crash` does it more often.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/folder.rs"]
mod folder;

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use folder::Folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_recto");

/// Stories of the library.
const STORIES: usize = 300;

fn library() -> Folder {
    let mut folder = Folder::new();
    for number in 0..STORIES {
        folder = folder.with_story(
            &format!("lib/{}/{number:03}.md", number % 7),
            &format!("Story {number:03}"),
            "2020-01-01",
            &"Some words and more of them. ".repeat(20),
        );
    }
    folder
}

fn recto(folder: &Folder, arguments: &[&str]) -> Child {
    Command::new(PROGRAM)
        .args(arguments)
        .arg("--library")
        .arg(folder.path("lib"))
        .env("RECTO_DATA", folder.path("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a program that has ended, however that was, had printed.
fn printed(mut child: Child) -> (bool, String, String) {
    let (mut out, mut err) = (String::new(), String::new());
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    (child.wait().unwrap().success(), out, err)
}

/// The database, after whoever was killed over it.
#[track_caller]
fn assert_whole(folder: &Folder, tags: &[String]) {
    let path = folder.path("data/recto.db");
    if !path.exists() {
        assert!(tags.is_empty());
        return;
    }
    let database = rusqlite::Connection::open(path).unwrap();
    let check: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    for tag in tags {
        let marked: usize = database
            .query_row("SELECT count(*) FROM tag WHERE name = ?1", [tag], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(marked, 1, "{tag} was acknowledged");
    }
}

/// Numbers that look like chance; the same ones every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit.max(1)
    }
}

fn touch(folder: &Folder, round: usize) {
    for number in (round..STORIES).step_by(11) {
        let path = folder.path(&format!("lib/{}/{number:03}.md", number % 7));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{text}\n\nRound {round}.\n")).unwrap();
    }
}

fn rounds() -> usize {
    let wanted = std::env::var("RECTO_CRASH_ROUNDS").ok();
    wanted.and_then(|it| it.parse().ok()).unwrap_or(20)
}

#[test]
fn killed_at_any_moment_the_database_stays_whole_and_keeps_what_was_acknowledged() {
    let mut folder = library();
    let begun = Instant::now();
    printed(recto(&folder, &["mark", "000", "--tag", "first"]));
    let whole = u64::try_from(begun.elapsed().as_micros()).unwrap();
    let mut tags = vec!["first".to_owned()];
    let mut chance = Chance(42);
    for round in 0..rounds() {
        if round % 5 == 4 {
            // From the beginning: the first scan is to be hit too.
            folder = library();
            tags.clear();
        }
        touch(&folder, round);
        let tag = format!("round-{round}");
        let story = format!("{:03}", round % STORIES);
        let mut children = vec![recto(&folder, &["mark", &story, "--tag", &tag])];
        if round % 2 == 0 {
            children.push(recto(&folder, &["list", "--limit", "1"]));
        }
        // The one place where time has to pass: any moment is meant.
        std::thread::sleep(Duration::from_micros(chance.below(whole * 6 / 5)));
        for child in &mut children {
            let _ = child.kill();
        }
        let ends: Vec<_> = children.into_iter().map(printed).collect();
        if ends[0].1.contains("tagged") {
            tags.push(tag);
        }
        assert_whole(&folder, &tags);
    }
    // And it goes on.
    let (done, _, err) = printed(recto(&folder, &["mark", "123", "--tag", "last"]));
    assert!(done, "{err}");
    tags.push("last".to_owned());
    assert_whole(&folder, &tags);
}

/// The names of all indexes.
fn indexes(folder: &Folder) -> Vec<String> {
    let database = rusqlite::Connection::open(folder.path("data/recto.db")).unwrap();
    let mut statement = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name")
        .unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

#[test]
fn a_first_scan_that_is_killed_leaves_no_index_out() {
    let list = ["list", "--limit", "1"];
    let folder = library();
    let begun = Instant::now();
    printed(recto(&folder, &list));
    let whole = begun.elapsed();
    let all = indexes(&folder);
    for part in 1..8 {
        let folder = library();
        let mut killed = recto(&folder, &list);
        // Any moment is meant here, too.
        std::thread::sleep(whole * part / 8);
        let _ = killed.kill();
        printed(killed);
        assert_whole(&folder, &[]);
        let (done, out, err) = printed(recto(&folder, &list));
        assert!(done && out.contains("Story"), "{out}{err}");
        assert_whole(&folder, &[]);
        assert_eq!(indexes(&folder), all, "killed after {part} parts of 8");
    }
}

#[test]
fn of_several_that_mark_at_once_none_fails_and_none_is_lost() {
    for count in [2, 8] {
        let folder = library();
        let marks: Vec<_> = (0..count)
            .map(|number| {
                let (story, tag) = (format!("{number:03}"), format!("by-{number}"));
                (recto(&folder, &["mark", &story, "--tag", &tag]), tag)
            })
            .collect();
        let mut tags = Vec::new();
        for (child, tag) in marks {
            let (done, _, err) = printed(child);
            assert!(done && err.is_empty(), "{tag}: {err}");
            tags.push(tag);
        }
        assert_whole(&folder, &tags);
    }
}

/// The shell runs recto where no file may grow beyond so many blocks of 512 bytes.
#[cfg(unix)]
fn with_little_room(folder: &Folder, blocks: usize, arguments: &str) -> (bool, String, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {arguments}");
    let child = Command::new("/bin/sh")
        .args(["-c", &script, PROGRAM])
        .env("RECTO_LIBRARY", folder.path("lib"))
        .env("RECTO_DATA", folder.path("data"))
        .env("TMPDIR", folder.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    printed(child)
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_in_words_and_loses_nothing() {
    let folder = library();
    let (done, _, err) = printed(recto(&folder, &["mark", "005", "--tag", "kept"]));
    assert!(done, "{err}");
    let full = |path: &Path| path.metadata().map_or(0, |it| it.len()) / 512;
    let size = usize::try_from(full(&folder.path("data/recto.db"))).unwrap();
    for blocks in [1, 20, size / 2, size + 10] {
        touch(&folder, blocks % 11);
        let (done, _, err) = with_little_room(&folder, blocks, "mark 006 --tag lost");
        let said = err.contains("recto: ") && !err.contains("panicked");
        assert!(done || said, "at {blocks} blocks: {err}");
        assert_whole(&folder, &["kept".to_owned()]);
    }
    let (done, _, err) = printed(recto(&folder, &["mark", "007", "--tag", "again"]));
    assert!(done && err.is_empty(), "{err}");
    assert_whole(&folder, &["kept".to_owned(), "again".to_owned()]);
}
