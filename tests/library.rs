//! The library as its callers see it, on folders and databases of a test's own: which file is which
//! story, and what happens to the reader's state when files come, go, move and change.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // A test that cannot be set up fails.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use recto::{
    ingest::opml::Rest,
    library::{
        Input, Library, Place, Record, Scanned, WrittenFeed, WrittenOutline, examine, feed_key,
        knows,
    },
    story::{
        Anchor, Change, Left, Listing, Operation, Position, Row, Source, StoryId, Subscription,
        Target,
    },
};
use tempfile::TempDir;

const NOW: &str = "2026-11-20T10:00[UTC]";

/// A shelf and a database, with the library opened on them.
struct Shelf {
    folder: TempDir,
    data: TempDir,
    library: Library,
}

fn open(data: &Path, folder: &Path) -> Library {
    let input = Input::Path(folder.to_owned());
    let clock = Arc::new(|| NOW.parse().unwrap());
    Library::open(Some(data), vec![input], clock).unwrap()
}

fn rows(library: &Library, source: Source) -> Vec<Row> {
    let listing = Listing {
        source,
        ..Listing::default()
    };
    let window = library
        .window(&listing, Anchor::Start, 0, &|| false)
        .unwrap();
    window.rows
}

impl Shelf {
    fn of(files: &[(&str, &str)]) -> Self {
        let (folder, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let library = open(data.path(), folder.path());
        let shelf = Shelf {
            folder,
            data,
            library,
        };
        for (name, text) in files {
            shelf.write(name, text);
        }
        shelf.scan();
        shelf
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    fn scan(&self) -> Scanned {
        self.library.scan(&AtomicBool::new(false), &|_| ()).unwrap()
    }

    fn look_at(&self, names: &[&str]) -> Scanned {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        self.library
            .look_at(&paths, &AtomicBool::new(false))
            .unwrap()
    }

    /// The program is started anew.
    fn reopen(&mut self) {
        self.library = open(self.data.path(), self.folder.path());
    }

    fn rows_of(&self, source: Source) -> Vec<Row> {
        rows(&self.library, source)
    }

    fn rows(&self) -> Vec<Row> {
        self.rows_of(Source::All)
    }

    /// The titles, in alphabetical order.
    fn titles(&self) -> Vec<String> {
        let mut titles: Vec<_> = self
            .rows()
            .iter()
            .map(|row| row.title.to_string())
            .collect();
        titles.sort();
        titles
    }

    #[track_caller]
    fn row(&self, title: &str) -> Row {
        let rows = self.rows();
        let row = rows.iter().find(|row| &*row.title == title);
        row.unwrap_or_else(|| panic!("no {title} among {:?}", self.titles()))
            .clone()
    }

    fn mark(&self, id: StoryId, change: Change) {
        let target = Target::Stories(vec![id]);
        self.library.apply(&Operation::new(target, change)).unwrap();
    }

    /// Reads, stars and tags a story, and leaves it half way.
    fn use_story(&self, title: &str) -> StoryId {
        let id = self.row(title).id;
        self.mark(id, Change::Read(true));
        self.mark(id, Change::Starred(true));
        self.mark(id, Change::Tagged("mine".to_owned(), true));
        let place = Position {
            block: 3,
            offset: 14,
            seen: 0.5,
            print: 0,
        };
        self.library.keep_place(id, place).unwrap();
        id
    }

    #[track_caller]
    fn assert_used(&self, title: &str) {
        let row = self.row(title);
        assert!(row.read && row.starred, "{title}: {row:?}");
        assert_eq!(self.library.tags(row.id).unwrap(), ["mine"], "{title}");
        let place = self.library.kept_place(row.id).unwrap().unwrap();
        assert_eq!((place.block, place.offset), (3, 14), "{title}");
    }

    #[track_caller]
    fn assert_fresh(&self, title: &str) {
        let row = self.row(title);
        assert!(!row.read && !row.starred, "{title}: {row:?}");
        assert!(self.library.tags(row.id).unwrap().is_empty());
    }

    /// Every count of the sources column against the list itself.
    #[track_caller]
    fn assert_counts(&self) {
        for source in self.library.sources().unwrap() {
            let rows = self.rows_of(source.source.clone());
            let unread = rows.iter().filter(|row| !row.read).count();
            assert_eq!(
                (source.total, source.unread),
                (rows.len(), unread),
                "{:?}",
                source.source
            );
        }
    }

    /// Forgets everything that can be built anew from the files.
    fn lose_catalogue(&self) {
        let file = self.library.database().unwrap();
        let database = rusqlite::Connection::open(file).unwrap();
        database
            .execute_batch("DELETE FROM filed; DELETE FROM facet; DELETE FROM file; DELETE FROM story; DELETE FROM collection;")
            .unwrap();
    }
}

const A: &str = "# A\n\nThe first of the stories, and what it says.\n";
const B: &str = "# B\n\nAnother story, which says something else.\n";
const LINKED: &str = "---\ntitle: A\nurl: https://example.org/a?utm_source=x\n---\n\nWords.\n";

#[test]
fn a_renamed_file_keeps_state_and_number() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let id = shelf.use_story("A");
    shelf.rename("a.md", "deep/down/c.md");
    let scanned = shelf.scan();
    assert_eq!((scanned.put.len(), scanned.gone.len()), (1, 0));
    assert_eq!(shelf.row("A").id, id);
    shelf.assert_used("A");
    shelf.assert_fresh("B");
    shelf.assert_counts();
}

#[test]
fn a_renamed_folder_keeps_every_story() {
    let shelf = Shelf::of(&[("x/a.md", A), ("x/b.md", B), ("c.md", "# C\n\nc\n")]);
    let id = shelf.use_story("A");
    shelf.rename("x", "y");
    let scanned = shelf.look_at(&["x", "y"]);
    assert_eq!((scanned.put.len(), scanned.gone.len()), (2, 0));
    assert_eq!(shelf.row("A").id, id);
    shelf.assert_used("A");
    shelf.assert_counts();
}

#[test]
fn a_move_is_known_whichever_end_is_seen_first() {
    for order in [["new.md", "old.md"], ["old.md", "new.md"]] {
        let shelf = Shelf::of(&[("old.md", A), ("b.md", B)]);
        shelf.use_story("A");
        shelf.rename("old.md", "new.md");
        for name in order {
            shelf.look_at(&[name]);
        }
        assert_eq!(shelf.titles(), ["A", "B"]);
        shelf.assert_used("A");
        shelf.assert_counts();
    }
}

#[test]
fn a_copy_takes_over_when_the_first_file_goes() {
    let shelf = Shelf::of(&[("old.md", A), ("b.md", B)]);
    shelf.use_story("A");
    shelf.write("new.md", A);
    shelf.scan();
    assert_eq!(shelf.titles(), ["A", "A", "B"]);
    fs::remove_file(shelf.path("old.md")).unwrap();
    shelf.scan();
    assert_eq!(shelf.titles(), ["A", "B"]);
    shelf.assert_used("A");
    shelf.assert_counts();
}

#[test]
fn an_edited_file_is_the_same_story() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let id = shelf.use_story("A");
    shelf.write("a.md", "# A new title\n\nOther words altogether.\n");
    let scanned = shelf.scan();
    assert_eq!(scanned.put, [id]);
    shelf.assert_used("A new title");
    // Also when it moves after that.
    shelf.rename("a.md", "z.md");
    shelf.scan();
    assert_eq!(shelf.row("A new title").id, id);
    shelf.assert_used("A new title");
}

/// Numbered chapters without links, the second of them used.
fn chapters(link: bool) -> (Shelf, StoryId) {
    let text = |number: usize| {
        let link = match link {
            true => format!("url: https://example.org/{number}\n"),
            false => String::new(),
        };
        format!("---\ntitle: Chapter {number}\n{link}---\n\nWhat is told in {number}.\n")
    };
    let texts: Vec<(String, String)> = (1..=5)
        .map(|number| (format!("{number:02}.md"), text(number)))
        .collect();
    let files: Vec<_> = texts.iter().map(|(name, it)| (&**name, &**it)).collect();
    let shelf = Shelf::of(&files);
    let id = shelf.use_story("Chapter 2");
    (shelf, id)
}

#[test]
fn names_that_are_used_again_do_not_mix_up_stories() {
    for link in [false, true] {
        let (shelf, id) = chapters(link);
        for number in (2..=5).rev() {
            shelf.rename(&format!("{number:02}.md"), &format!("{:02}.md", number + 1));
        }
        shelf.write("02.md", "---\ntitle: A new one\n---\n\nPut between.\n");
        shelf.scan();
        assert_eq!(shelf.row("Chapter 2").id, id, "linked: {link}");
        shelf.assert_used("Chapter 2");
        for title in [
            "A new one",
            "Chapter 1",
            "Chapter 3",
            "Chapter 4",
            "Chapter 5",
        ] {
            shelf.assert_fresh(title);
        }
        assert_eq!(shelf.rows().len(), 6);
        shelf.assert_counts();
        assert!(!shelf.scan().changed());
    }
}

#[test]
fn files_that_change_places_take_their_state_along() {
    for link in [false, true] {
        let (shelf, id) = chapters(link);
        shelf.use_story("Chapter 3");
        let third = shelf.row("Chapter 3").id;
        shelf.mark(third, Change::Starred(false));
        shelf.rename("02.md", "x");
        shelf.rename("03.md", "02.md");
        shelf.rename("x", "03.md");
        shelf.scan();
        assert_eq!(
            (shelf.row("Chapter 2").id, shelf.row("Chapter 3").id),
            (id, third)
        );
        shelf.assert_used("Chapter 2");
        assert!(!shelf.row("Chapter 3").starred);
        assert!(shelf.row("Chapter 3").read);
        assert_eq!(shelf.rows().len(), 5);
        shelf.assert_counts();
    }
}

#[test]
fn a_file_that_is_moved_over_another_is_the_story_that_it_was() {
    let (shelf, id) = chapters(false);
    shelf.rename("02.md", "04.md");
    shelf.scan();
    assert_eq!(shelf.row("Chapter 2").id, id);
    shelf.assert_used("Chapter 2");
    assert_eq!(shelf.rows().len(), 4);
    shelf.assert_counts();
    // And what was there before has its own state again when it comes back.
    let (shelf, _) = chapters(false);
    let text = fs::read_to_string(shelf.path("02.md")).unwrap();
    shelf.rename("04.md", "02.md");
    shelf.scan();
    shelf.assert_fresh("Chapter 4");
    shelf.write("02 again.md", &text);
    shelf.scan();
    shelf.assert_used("Chapter 2");
    shelf.assert_counts();
}

#[test]
fn a_link_that_is_added_or_changed_takes_the_state_along() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let id = shelf.use_story("A");
    for text in [
        LINKED,
        "---\ntitle: A\nurl: https://example.org/moved\n---\n\nWords.\n",
        A,
    ] {
        shelf.write("a.md", text);
        shelf.scan();
        assert_eq!(shelf.row("A").id, id);
        shelf.assert_used("A");
    }
    shelf.assert_counts();
}

#[test]
fn two_files_with_one_link_show_once() {
    let shelf = Shelf::of(&[
        ("x/first.md", LINKED),
        (
            "y/second.md",
            &LINKED.replace("title: A", "title: The other"),
        ),
    ]);
    assert_eq!(shelf.titles(), ["A"], "the first by name speaks");
    let id = shelf.use_story("A");
    shelf.assert_counts();
    fs::remove_file(shelf.path("x/first.md")).unwrap();
    shelf.scan();
    assert_eq!(shelf.titles(), ["The other"]);
    assert_eq!(shelf.row("The other").id, id);
    shelf.assert_used("The other");
    assert!(shelf.library.read(id).is_ok());
    shelf.assert_counts();
    // And the other way round: the first comes back.
    shelf.write("x/first.md", LINKED);
    shelf.scan();
    assert_eq!(shelf.titles(), ["A"]);
    shelf.assert_used("A");
    shelf.assert_counts();
}

#[test]
fn what_is_done_with_a_story_whose_file_is_away_is_kept() {
    for text in [A, LINKED] {
        let shelf = Shelf::of(&[("a.md", text), ("b.md", B)]);
        let id = shelf.row("A").id;
        fs::remove_file(shelf.path("a.md")).unwrap();
        shelf.scan();
        assert_eq!(shelf.titles(), ["B"]);
        // Whoever has it open goes on reading.
        shelf.mark(id, Change::Starred(true));
        shelf.write("a.md", text);
        shelf.scan();
        let row = shelf.row("A");
        assert!(row.starred && row.id == id, "{row:?}");
        shelf.mark(id, Change::Later(true));
        assert!(shelf.row("A").later);
        shelf.library.undo().unwrap();
        shelf.library.undo().unwrap();
        assert!(!shelf.row("A").starred && !shelf.row("A").later);
        shelf.assert_counts();
    }
}

#[test]
fn what_cannot_be_read_of_a_damaged_database_comes_from_the_copy() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let copy = shelf.data.path().join("state.jsonl");
    shelf.library.write_keepsake().unwrap();
    assert!(!copy.exists(), "nothing was done yet");
    shelf.use_story("A");
    shelf.library.keep_query("long", "minutes:>9").unwrap();
    shelf.library.write_keepsake().unwrap();
    let database = shelf.library.database().unwrap().to_owned();
    drop(shelf.library);
    for garbage in [Some(&b""[..]), Some(&[7; 5000]), None] {
        match garbage {
            Some(garbage) => fs::write(&database, garbage).unwrap(),
            None => fs::remove_file(&database).unwrap(),
        }
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", database.display()));
        }
        let library = open(shelf.data.path(), shelf.folder.path());
        let told = library.remarks().join(" ");
        assert!(
            told.contains("what you did with 1 story was taken from the copy of "),
            "{told}"
        );
        library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
        assert_eq!(library.undo().unwrap(), None, "nobody did this");
        assert!(library.recovered().unwrap().is_some());
        assert_eq!(library.saved_queries().unwrap().len(), 1);
        // Nothing is lost of it by what follows.
        library.write_keepsake().unwrap();
        let records = library.records().unwrap();
        assert_eq!(
            (records[0].read, records[0].starred),
            (Some(true), Some(true))
        );
        assert_eq!(records[0].tags, ["mine"]);
        let place = records[0].position.unwrap();
        assert_eq!((place.block, place.offset), (3, 14));
    }
}

#[test]
fn the_copy_is_written_anew_when_anything_was_done_or_undone() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let copy = shelf.data.path().join("state.jsonl");
    let starred = || {
        shelf.library.write_keepsake().unwrap();
        let text = fs::read_to_string(&copy).unwrap();
        text.contains("\"starred\":true")
    };
    shelf.use_story("A");
    shelf.mark(shelf.row("A").id, Change::Starred(false));
    assert!(!starred());
    let before = copy.metadata().unwrap().modified().unwrap();
    assert!(!starred());
    let now = copy.metadata().unwrap().modified().unwrap();
    assert_eq!(before, now, "nothing was done in between");
    shelf.library.undo().unwrap();
    assert!(starred());
    shelf.library.redo().unwrap();
    assert!(!starred());
}

/// Damages tables of a database, and that of the facets; it was met at work.
#[track_caller]
fn damage(database: &Path, tables: &[&str]) {
    let connection = rusqlite::Connection::open(database).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let mut bytes = fs::read(database).unwrap();
    for table in tables.iter().chain(&["facet"]) {
        let schema = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        let page: usize = connection
            .query_row(schema, [table], |row| row.get(0))
            .unwrap();
        bytes[(page - 1) * 4096..page * 4096].fill(0xff);
    }
    drop(connection);
    fs::write(database, bytes).unwrap();
    fs::write(database.with_extension("db.damaged"), "met").unwrap();
}

/// What is known of a story whose file has this name.
#[track_caller]
fn record(library: &Library, name: &str) -> Record {
    let records = library.records().unwrap();
    let record = records.into_iter().find(|it| it.key.ends_with(name));
    record.expect("something is known of it")
}

#[test]
fn where_nothing_is_missing_the_copy_leaves_the_journal_alone() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    shelf.use_story("A");
    shelf.library.write_keepsake().unwrap();
    let database = shelf.library.database().unwrap().to_owned();
    drop(shelf.library);
    damage(&database, &[]);
    let library = open(shelf.data.path(), shelf.folder.path());
    let told = library.remarks().join(" ");
    assert!(
        told.contains("what you did with 1 story was taken over. It is kept as"),
        "{told}"
    );
    let undone = library.undo().unwrap().expect("what was done last");
    assert!(undone.what.contains('A'), "{undone:?}");
    assert_eq!(library.recovered().unwrap(), None);
}

/// Two stories, of one of which much is known to the copy and that was changed since; of the other
/// something was done only since.
fn changed_since_its_copy() -> Shelf {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    shelf.use_story("A");
    shelf.mark(shelf.row("A").id, Change::Tagged("old".into(), true));
    shelf.library.write_keepsake().unwrap();
    shelf.mark(shelf.row("B").id, Change::Later(true));
    shelf.mark(shelf.row("B").id, Change::Tagged("new".into(), true));
    let a = shelf.row("A").id;
    shelf.mark(a, Change::Starred(false));
    shelf.mark(a, Change::Tagged("old".into(), false));
    shelf.mark(a, Change::Tagged("fresh".into(), true));
    shelf.mark(a, Change::Removed(true));
    shelf
}

#[test]
fn whatever_table_is_lost_what_was_done_after_the_copy_counts() {
    for lost in [
        &["state"][..],
        &["state", "tag"],
        &["tag"],
        &["change"],
        &["step"],
        &["step", "change"],
    ] {
        let shelf = changed_since_its_copy();
        let database = shelf.library.database().unwrap().to_owned();
        drop(shelf.library);
        damage(&database, lost);
        let library = open(shelf.data.path(), shelf.folder.path());
        library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
        let remarks = library.remarks().join(" ");
        let told = format!("{lost:?}: {remarks}");
        assert!(remarks.contains("2 stories was taken over"), "{told}");
        let rows = rows(&library, Source::All);
        let titles: Vec<_> = rows.iter().map(|row| row.title.to_string()).collect();
        assert_eq!(titles, ["B"], "the removed one stays away: {told}");
        assert!(rows[0].later, "{told}");
        assert_eq!(record(&library, "b.md").tags, ["new"], "{told}");
        let a = record(&library, "a.md");
        assert_ne!(a.starred, Some(true), "{told}");
        assert_eq!(a.tags, ["fresh", "mine"], "{told}");
        // The place is in no journal: the copy has it.
        assert_eq!(a.position.map(|it| it.block), Some(3), "{told}");
        let undone = library.undo().unwrap().map(|it| it.what);
        if lost.contains(&"step") || lost.contains(&"change") {
            assert_eq!(undone, None, "{told}");
            assert!(library.recovered().unwrap().is_some(), "{told}");
        } else {
            assert_eq!(undone.as_deref(), Some("removed “A”"), "{told}");
            assert_eq!(library.recovered().unwrap(), None, "{told}");
        }
    }
}

#[test]
fn what_was_undone_before_state_was_lost_stays_undone() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    shelf.use_story("A");
    shelf.mark(shelf.row("B").id, Change::Starred(true));
    // Read on after that: to undo leaves no date.
    let (a, place) = (shelf.row("A").id, Position::default());
    shelf.library.keep_place(a, place).unwrap();
    shelf.library.write_keepsake().unwrap();
    shelf.library.undo().unwrap();
    let database = shelf.library.database().unwrap().to_owned();
    drop(shelf.library);
    damage(&database, &["state"]);
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(record(&library, "a.md").starred, Some(true));
    let of_b = library.records().unwrap();
    let of_b = of_b.iter().find(|it| it.key.ends_with("b.md"));
    assert_ne!(of_b.and_then(|it| it.starred), Some(true));
}

#[test]
fn what_the_copy_adds_is_told_apart_from_what_was_taken_over() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    shelf
        .library
        .keep_place(
            shelf.row("B").id,
            Position {
                block: 1,
                ..Position::default()
            },
        )
        .unwrap();
    shelf.use_story("A");
    shelf.library.write_keepsake().unwrap();
    let database = shelf.library.database().unwrap().to_owned();
    drop(shelf.library);
    damage(&database, &["state"]);
    let library = open(shelf.data.path(), shelf.folder.path());
    let told = library.remarks().join(" ");
    let expected = "what you did with 1 story was taken over, and with 1 more from the copy of ";
    assert!(told.contains(expected), "{told}");
    assert!(
        told.contains("(state.jsonl), which also added to what is known of 1 of the others."),
        "{told}"
    );
}

#[test]
fn a_copy_that_is_newer_than_what_reached_the_disk_counts() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let database = shelf.library.database().unwrap().to_owned();
    shelf.mark(shelf.row("A").id, Change::Later(true));
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(connection);
    let early = fs::read(&database).unwrap();
    shelf.use_story("A");
    shelf.mark(shelf.row("A").id, Change::Later(false));
    shelf.library.write_keepsake().unwrap();
    drop(shelf.library);
    fs::write(&database, early).unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", database.display()));
    }
    damage(&database, &[]);
    let library = open(shelf.data.path(), shelf.folder.path());
    let a = record(&library, "a.md");
    assert_eq!(
        (a.starred, a.later),
        (Some(true), Some(false)),
        "{:?}",
        library.remarks()
    );
}

#[test]
fn a_story_in_several_folders_is_found_in_each() {
    let other = LINKED.replace("title: A", "title: The other");
    let shelf = Shelf::of(&[("x/first.md", LINKED), ("y/in/second.md", &other)]);
    let found = || -> Vec<_> {
        shelf.assert_counts();
        ["x", "y", "y/in", "z"]
            .into_iter()
            .filter(|name| !shelf.rows_of(Source::Folder((*name).into())).is_empty())
            .collect()
    };
    assert_eq!(found(), ["x", "y", "y/in"]);
    shelf.use_story("A");
    shelf.rename("y/in/second.md", "z/second.md");
    assert!(shelf.scan().changed());
    assert_eq!(found(), ["x", "z"]);
    shelf.write("y/third.md", &other);
    shelf.scan();
    assert_eq!(found(), ["x", "y", "z"]);
    shelf.write("x/first.md", &LINKED.replace("Words", "Other words"));
    shelf.scan();
    assert_eq!(found(), ["x", "y", "z"]);
    fs::remove_file(shelf.path("x/first.md")).unwrap();
    shelf.scan();
    assert_eq!(found(), ["y", "z"]);
    fs::remove_file(shelf.path("z/second.md")).unwrap();
    shelf.scan();
    assert_eq!(found(), ["y"]);
    shelf.assert_used("The other");
}

#[test]
fn of_two_files_with_one_link_one_may_become_another_story() {
    let shelf = Shelf::of(&[
        ("first.md", LINKED),
        ("second.md", &LINKED.replace("title: A", "title: The other")),
    ]);
    shelf.use_story("A");
    shelf.write(
        "first.md",
        "---\ntitle: New\nurl: https://example.org/new\n---\n\nWords.\n",
    );
    shelf.scan();
    assert_eq!(shelf.titles(), ["New", "The other"]);
    shelf.assert_used("The other");
    shelf.assert_fresh("New");
    shelf.assert_counts();
}

#[test]
fn a_file_that_gets_the_link_of_another_joins_it() {
    let shelf = Shelf::of(&[("b.md", LINKED), ("c.md", B)]);
    shelf.use_story("B");
    shelf.write("c.md", &LINKED.replace("title: A", "title: C"));
    shelf.scan();
    assert_eq!(shelf.titles(), ["A"]);
    shelf.assert_used("A");
    shelf.assert_counts();
}

#[test]
fn a_rebuilt_catalogue_loses_no_state() {
    let mut shelf = Shelf::of(&[
        ("a.md", A),
        ("b.md", B),
        ("l.md", &LINKED.replace("title: A", "title: L")),
    ]);
    for title in ["A", "L"] {
        shelf.use_story(title);
    }
    let removed = shelf.row("B").id;
    shelf.mark(removed, Change::Removed(true));
    shelf.lose_catalogue();
    // A file may have moved meanwhile.
    shelf.rename("a.md", "moved/c.md");
    shelf.reopen();
    shelf.scan();
    assert_eq!(shelf.titles(), ["A", "L"], "what was removed stays so");
    for title in ["A", "L"] {
        shelf.assert_used(title);
    }
    shelf.assert_counts();
}

#[test]
fn a_single_deleted_file_goes() {
    let shelf = Shelf::of(&[("a.md", A), ("x/b.md", B)]);
    let id = shelf.row("B").id;
    fs::remove_file(shelf.path("x/b.md")).unwrap();
    let scanned = shelf.scan();
    assert_eq!(scanned.gone, [id]);
    assert_eq!(shelf.titles(), ["A"]);
    shelf.assert_counts();
    assert!(shelf.library.read(id).is_err());
    // Its number is never another story's.
    shelf.write("c.md", "# C\n\nc\n");
    shelf.scan();
    assert_ne!(shelf.row("C").id, id);
}

#[test]
fn what_was_done_while_a_library_lay_elsewhere_comes_back_with_it() {
    let shelf = Shelf::of(&[("a/one.md", A), ("a/two.md", B)]);
    let open_at = |name: &str| {
        let library = open(shelf.data.path(), &shelf.path(name));
        library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
        library
    };
    let starred = |library: &Library| -> Vec<String> {
        let listing = Listing {
            source: Source::Starred,
            ..Listing::default()
        };
        let window = library
            .window(&listing, Anchor::Start, 0, &|| false)
            .unwrap();
        window
            .rows
            .iter()
            .map(|row| row.title.to_string())
            .collect()
    };
    let star = |library: &Library, title: &str, on| {
        let listing = Listing::default();
        let window = library
            .window(&listing, Anchor::Start, 0, &|| false)
            .unwrap();
        let row = window.rows.iter().find(|row| &*row.title == title).unwrap();
        let target = Target::Stories(vec![row.id]);
        library
            .apply(&Operation::new(target, Change::Starred(on)))
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    star(&open_at("a"), "B", true);
    shelf.rename("a", "b");
    let there = open_at("b");
    assert_eq!(starred(&there), ["B"]);
    star(&there, "A", true);
    star(&there, "B", false);
    drop(there);
    shelf.rename("b", "a");
    let here = open_at("a");
    assert_eq!(starred(&here), ["A"]);
    let again = here.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    assert!(!again.changed(), "once is enough");
    // What is done here after that counts.
    star(&here, "A", false);
    drop(here);
    assert!(starred(&open_at("a")).is_empty());
}

#[test]
fn a_deleted_folder_goes() {
    let shelf = Shelf::of(&[("a.md", A), ("x/y/b.md", B), ("x/y/c.md", "# C\n\nc\n")]);
    fs::remove_dir_all(shelf.path("x")).unwrap();
    shelf.look_at(&["x"]);
    assert_eq!(shelf.titles(), ["A"]);
    shelf.assert_counts();
}

/// Takes all of a folder away and brings it back, as a drive does.
fn comes_back(shelf: &Shelf, folder: &str, stays: bool) {
    let before = shelf.rows();
    let away = TempDir::new().unwrap();
    let aside = away.path().join("aside");
    fs::rename(shelf.path(folder), &aside).unwrap();
    if stays {
        fs::create_dir(shelf.path(folder)).unwrap();
    }
    for _ in 0..2 {
        shelf.scan();
        assert_eq!(shelf.rows().len(), before.len());
        for row in shelf.rows() {
            let why = row.trouble.expect("it says why");
            assert!(why.contains("is it mounted?"), "{why}");
        }
        shelf.assert_used("A");
    }
    assert!(!shelf.scan().changed(), "it is said once");
    if stays {
        fs::remove_dir(shelf.path(folder)).unwrap();
    }
    fs::rename(&aside, shelf.path(folder)).unwrap();
    shelf.scan();
    assert_eq!(shelf.rows(), before);
    shelf.assert_used("A");
    shelf.assert_counts();
}

#[test]
fn stories_of_an_empty_folder_stay_with_the_reason() {
    let shelf = Shelf::of(&[("x/a.md", A), ("x/deep/b.md", B)]);
    shelf.use_story("A");
    comes_back(&shelf, "x", true);
}

#[test]
fn stories_of_an_empty_library_stay_with_the_reason() {
    let shelf = Shelf::of(&[("x/a.md", A), ("x/b.md", B)]);
    shelf.use_story("A");
    comes_back(&shelf, "x", false);
}

#[test]
fn stories_of_a_library_that_is_not_there_stay_with_the_reason() {
    let mut shelf = Shelf::of(&[("lib/a.md", A), ("lib/b.md", B)]);
    shelf.library = open(shelf.data.path(), &shelf.path("lib"));
    shelf.scan();
    shelf.use_story("A");
    comes_back(&shelf, "lib", false);
}

#[cfg(unix)]
mod permissions {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn permit(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Nothing is closed to root.
    fn closes(path: &Path) -> bool {
        let closed = if path.is_dir() {
            path.read_dir().is_err()
        } else {
            fs::read(path).is_err()
        };
        if !closed {
            eprintln!("skipped: this user may read everything");
        }
        closed
    }

    #[test]
    fn stories_of_a_closed_folder_stay_with_the_reason() {
        let shelf = Shelf::of(&[("x/a.md", A), ("b.md", B)]);
        shelf.use_story("A");
        permit(&shelf.path("x"), 0);
        if closes(&shelf.path("x")) {
            shelf.scan();
            let why = shelf.row("A").trouble.unwrap();
            assert!(why.contains("cannot be read"), "{why}");
        }
        permit(&shelf.path("x"), 0o755);
        shelf.scan();
        assert_eq!(shelf.row("A").trouble, None);
        shelf.assert_used("A");
        shelf.assert_counts();
    }

    #[test]
    fn a_closed_file_stays_what_it_was_and_opens_again() {
        let shelf = Shelf::of(&[("a.md", LINKED), ("b.md", B)]);
        let id = shelf.use_story("A");
        permit(&shelf.path("a.md"), 0);
        if closes(&shelf.path("a.md")) {
            shelf.scan();
            let why = shelf.row("A").trouble.expect("it says why");
            assert!(why.contains("may not read"), "{why}");
        }
        assert!(!shelf.scan().changed() || !closes(&shelf.path("a.md")));
        permit(&shelf.path("a.md"), 0o644);
        shelf.scan();
        assert_eq!(shelf.row("A").id, id);
        assert_eq!(shelf.row("A").trouble, None);
        shelf.assert_used("A");
    }
}

#[cfg(unix)]
#[test]
fn of_several_names_of_one_file_the_same_stays_listed() {
    let shelf = Shelf::of(&[("b.md", A)]);
    fs::hard_link(shelf.path("b.md"), shelf.path("a.md")).unwrap();
    std::os::unix::fs::symlink(shelf.path("b.md"), shelf.path("c.md")).unwrap();
    shelf.use_story("A");
    for _ in 0..3 {
        assert!(!shelf.scan().changed());
        assert_eq!(shelf.titles(), ["A"]);
        shelf.assert_used("A");
    }
}

#[test]
fn what_becomes_ignored_or_hidden_goes() {
    let shelf = Shelf::of(&[
        ("a.md", A),
        ("drafts/b.md", B),
        (".hidden/c.md", "# C\n\nc\n"),
    ]);
    assert_eq!(shelf.titles(), ["A", "B"]);
    shelf.write(".gitignore", "drafts/\n");
    shelf.look_at(&["drafts/b.md"]);
    assert_eq!(shelf.titles(), ["A"], "as the whole scan would say");
    shelf.write(".gitignore", "");
    shelf.look_at(&["."]);
    shelf.scan();
    assert_eq!(shelf.titles(), ["A", "B"]);
    shelf.look_at(&[".hidden/c.md", ".hidden"]);
    assert_eq!(shelf.titles(), ["A", "B"]);
}

#[test]
fn a_look_is_about_its_paths_only() {
    let shelf = Shelf::of(&[("a.md", A), ("x/b.md", B)]);
    shelf.write("x/b.md", "# Changed\n\nb\n");
    shelf.write("c.md", "# C\n\nc\n");
    fs::remove_file(shelf.path("a.md")).unwrap();
    shelf.look_at(&["x"]);
    assert_eq!(shelf.titles(), ["A", "Changed"]);
    shelf.look_at(&["a.md", "c.md"]);
    assert_eq!(shelf.titles(), ["C", "Changed"]);
    shelf.assert_counts();
}

#[test]
fn what_did_not_change_is_not_taken_in_again() {
    let shelf = Shelf::of(&[("a.md", A), ("x/b.md", B), ("bad.md", "\0\0\0\u{1}binary")]);
    let scanned = shelf.scan();
    assert_eq!((scanned.stories, scanned.changed()), (0, false));
}

#[test]
fn an_empty_file_is_no_copy_of_another() {
    let shelf = Shelf::of(&[("a.md", ""), ("b.md", B)]);
    let id = shelf
        .rows()
        .iter()
        .find(|row| &*row.title != "B")
        .unwrap()
        .id;
    shelf.mark(id, Change::Starred(true));
    fs::remove_file(shelf.path("a.md")).unwrap();
    shelf.write("c.md", "");
    shelf.scan();
    assert!(shelf.rows().iter().all(|row| !row.starred));
}

#[test]
fn folders_nobody_opens_are_forgotten_but_not_what_was_done_with_them() {
    let mut shelf = Shelf::of(&[("a.md", A), ("x/b.md", B)]);
    shelf.use_story("A");
    let file = shelf.library.database().unwrap().to_owned();
    // The same folder once more, as another collection, long ago.
    let other = open(shelf.data.path(), &shelf.path("x"));
    other.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    drop(other);
    let stream = Input::Stdin(Arc::from(&b"# Stream\n\nwords\n"[..]));
    let clock = Arc::new(|| NOW.parse().unwrap());
    let stream = Library::open(Some(shelf.data.path()), vec![stream], clock).unwrap();
    stream.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    drop(stream);
    let database = rusqlite::Connection::open(file).unwrap();
    let count = |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    shelf.library.tidy().unwrap();
    assert_eq!(count("SELECT count(*) FROM collection"), 3);
    database
        .execute("UPDATE collection SET opened = opened - 2 * 86400", [])
        .unwrap();
    shelf.library.tidy().unwrap();
    assert_eq!(count("SELECT count(*) FROM collection"), 2);
    database
        .execute("UPDATE collection SET opened = opened - 90 * 86400", [])
        .unwrap();
    shelf.library.tidy().unwrap();
    assert_eq!(count("SELECT count(*) FROM collection"), 1);
    assert_eq!(count("SELECT count(*) FROM story"), 2);
    assert_eq!(
        count("SELECT count(*) FROM filed WHERE story NOT IN (SELECT id FROM story)"),
        0
    );
    shelf.reopen();
    shelf.scan();
    shelf.assert_used("A");
    shelf.assert_counts();
}

/// Puts the database back to what it was when `early` was read, without what was not yet merged.
fn put_back(database: &Path, early: &[u8]) {
    fs::write(database, early).unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", database.display()));
    }
}

/// The database as one file.
fn merged(database: &Path) -> Vec<u8> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let merge = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.execute_batch(merge).unwrap();
    drop(connection);
    fs::read(database).unwrap()
}

#[test]
fn what_a_database_lost_that_went_back_in_time_comes_from_the_copy() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let database = shelf.library.database().unwrap().to_owned();
    let copy = database.with_file_name("state.jsonl");
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    for tag in ["mine", "old"] {
        shelf.mark(shelf.row("A").id, Change::Tagged(tag.to_owned(), true));
    }
    let early = merged(&database);
    shelf.mark(shelf.row("A").id, Change::Starred(false));
    shelf.mark(shelf.row("A").id, Change::Tagged("old".to_owned(), false));
    shelf.mark(shelf.row("B").id, Change::Later(true));
    shelf.library.write_keepsake().unwrap();
    let text = fs::read_to_string(&copy).unwrap();
    drop(shelf.library);
    put_back(&database, &early);
    let told = examine(shelf.data.path(), None, false);
    assert!(told.behind && told.complaints.is_empty(), "{told:?}");
    let library = open(shelf.data.path(), shelf.folder.path());
    let told = library.remarks().join(" ");
    assert!(told.contains("has lost its newest changes"), "{told}");
    assert!(told.contains("what you did with 2 stories"), "{told}");
    assert_eq!(record(&library, "b.md").later, Some(true));
    assert_ne!(record(&library, "a.md").starred, Some(true));
    assert_eq!(record(&library, "a.md").tags, ["mine"]);
    let kept = fs::read_dir(shelf.data.path()).unwrap();
    let mut kept = kept.filter_map(|it| fs::read_to_string(it.unwrap().path()).ok());
    assert!(kept.any(|it| it == text), "the copy is kept under its date");
    // It is said once, also where nobody came to writing the copy anew.
    drop(library);
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(library.remarks(), [""; 0]);
    library.write_keepsake().unwrap();
    assert!(!examine(shelf.data.path(), None, false).behind);
    // What two programs write in turns is no going back.
    let other = open(shelf.data.path(), shelf.folder.path());
    for library in [&library, &other, &library] {
        library.keep_query("q", "is:unread").unwrap();
        library.write_keepsake().unwrap();
        let third = open(shelf.data.path(), shelf.folder.path());
        assert_eq!(third.remarks(), [""; 0]);
    }
}

/// A library whose log is lost or garbled, as it is opened anew; the last of its changes are in no copy.
#[track_caller]
fn without_its_log(garbage: Option<&[u8]>) -> ((TempDir, TempDir), Library) {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let database = shelf.library.database().unwrap().to_owned();
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    shelf.library.write_keepsake().unwrap();
    let early = merged(&database);
    let (a, b) = (shelf.row("A").id, shelf.row("B").id);
    shelf.library.undo().unwrap();
    shelf.mark(b, Change::Later(true));
    shelf.mark(b, Change::Tagged("new".to_owned(), true));
    shelf.library.undo().unwrap();
    shelf.mark(b, Change::Removed(true));
    shelf.library.keep_mark('x', a, (2, 7)).unwrap();
    shelf.library.keep_query("long", "minutes:>9").unwrap();
    let place = Position {
        block: 3,
        offset: 14,
        seen: 0.5,
        print: 9,
    };
    shelf.library.keep_place(a, place).unwrap();
    // As if it had been killed: nothing is merged, nothing is copied.
    drop(shelf.library);
    put_back(&database, &early);
    if let Some(garbage) = garbage {
        fs::write(format!("{}-wal", database.display()), garbage).unwrap();
    }
    let library = open(shelf.data.path(), shelf.folder.path());
    ((shelf.data, shelf.folder), library)
}

#[test]
fn a_feed_that_was_renamed_before_it_came_is_told_by_both_names() {
    let shelf = Shelf::of(&[]);
    let subscription = Subscription {
        url: "https://example.org/feed".to_owned(),
        ..Subscription::default()
    };
    shelf.library.subscribe(&[subscription]).unwrap();
    let feed = shelf.library.feeds().unwrap()[0].id;
    let rename = |it: &mut Subscription| it.name = "Port".to_owned();
    shelf.library.change_feed(feed, rename).unwrap();
    let words = "renamed “https://example.org/feed” to “Port”";
    assert_eq!(shelf.library.undo().unwrap().unwrap().what, words);
    assert_eq!(shelf.library.redo().unwrap().unwrap().what, words);
}

#[test]
fn files_that_were_written_are_in_the_second_journal_too() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    let files = |library: &Library, undo| library.walk(undo, None).unwrap().unwrap().files;
    let (here, trash) = (["here".to_owned()], ["in the trash".to_owned()]);
    shelf
        .library
        .files_written(None, "saved “B”", &here, &[], None)
        .unwrap();
    shelf.library.write_keepsake().unwrap();
    let early = merged(&database);
    let (step, _) = files(&shelf.library, true).unwrap();
    shelf.library.files_moved(step, &trash, true).unwrap();
    drop(shelf.library);
    put_back(&database, &early);
    // Where the files lie since is known, though the database has lost it.
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(library.undo().unwrap(), None);
    assert_eq!(files(&library, false), Some((step, trash.to_vec())));
}

#[test]
fn a_step_of_files_grows_and_is_the_last_one() {
    let what = |library: &Library| {
        let done = library.walk(true, None).unwrap().unwrap();
        (done.what, done.files.map(|(_, files)| files))
    };
    let files = || ["one", "two"].map(|it| [it.to_owned()]);
    let [one, two] = files();
    let both = Some(files().concat());
    let shelf = Shelf::of(&[("a.md", A)]);
    let library = &shelf.library;
    let step = library.files_written(None, "saved “A”", &one, &[], None);
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    let grown = library.files_written(step.ok(), "saved 2 stories", &two, &[], None);
    library.all_written(grown.unwrap()).unwrap();
    assert_eq!(what(library), ("saved 2 stories".to_owned(), both.clone()));
    let (step, _) = library.walk(true, None).unwrap().unwrap().files.unwrap();
    library.files_moved(step, &one, true).unwrap();
    assert_eq!(what(library).0, "starred “A”");
    // What was taken back meanwhile does not grow.
    let next = library.files_written(Some(step), "saved “B”", &two, &[], None);
    assert!(next.is_ok_and(|it| it != step));

    // The second journal has all of it, too.
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    shelf.library.write_keepsake().unwrap();
    let early = merged(&database);
    let library = &shelf.library;
    let step = library.files_written(None, "saved “A”", &one, &[], None);
    let step = library.files_written(step.ok(), "saved 2 stories", &two, &[], None);
    library.all_written(step.unwrap()).unwrap();
    drop(shelf.library);
    put_back(&database, &early);
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(what(&library), ("saved 2 stories".to_owned(), both));
}

#[test]
fn files_that_were_cut_off_as_they_moved_go_either_way() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let library = &shelf.library;
    let plain = ["plain".to_owned()];
    library
        .files_written(None, "saved “A”", &plain, &[], None)
        .unwrap();
    let files = |undo| library.walk(undo, None).unwrap().and_then(|it| it.files);
    let (step, _) = files(true).unwrap();
    assert_eq!(files(false), None);
    for undone in [false, true] {
        if undone {
            library.files_moved(step, &plain, true).unwrap();
        }
        let begun = [("back".to_owned(), "again".to_owned())];
        library.files_begun(step, &begun).unwrap();
        assert_eq!(files(true), Some((step, vec!["back".to_owned()])));
        assert_eq!(files(false), Some((step, vec!["again".to_owned()])));
    }
    library.files_moved(step, &plain, false).unwrap();
    assert_eq!(files(false), None);
    // What was done since comes first, and is no reason to forget it.
    let begun = [("back".to_owned(), "again".to_owned())];
    library.files_begun(step, &begun).unwrap();
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    assert_eq!(library.walk(false, None).unwrap(), None);
    assert_eq!(library.undo().unwrap().unwrap().what, "starred “A”");
    assert_eq!(files(true), Some((step, vec!["back".to_owned()])));
}

#[test]
fn what_was_acknowledged_is_there_although_the_log_of_the_database_is_lost() {
    for garbage in [None, Some(&[7; 5000][..])] {
        let ((data, folder), library) = without_its_log(garbage);
        let told = library.remarks().join(" ");
        assert!(told.contains("has lost its newest changes"), "{told}");
        let taken = "what you did with 2 stories was taken from there";
        assert!(
            told.contains(taken) && told.contains("state.log.jsonl"),
            "{told}"
        );
        let (a, b) = (record(&library, "a.md"), record(&library, "b.md"));
        assert_ne!(a.starred, Some(true));
        assert_eq!(a.position.map(|it| (it.block, it.offset)), Some((3, 14)));
        assert_eq!(a.marks.get(&'x'), Some(&(2, 7)));
        assert_eq!((b.later, b.removed), (Some(true), Some(true)));
        assert_eq!(b.tags, [""; 0]);
        assert_eq!(library.saved_queries().unwrap().len(), 1);
        // The journal is whole as well.
        let undone = [library.undo().unwrap(), library.undo().unwrap()];
        let undone = undone.map(|it| it.map(|it| it.what));
        assert_eq!(undone[0].as_deref(), Some("removed “B”"));
        assert!(undone[1].as_deref().is_some_and(|it| it.contains("later")));
        assert_eq!(
            library.undo().unwrap(),
            None,
            "the star was taken back before"
        );
        // It is told once, and the copy makes the file short again.
        drop(library);
        let library = open(data.path(), folder.path());
        assert_eq!(library.remarks(), [""; 0]);
        library.write_keepsake().unwrap();
        let log = data.path().join("state.log.jsonl");
        assert_eq!(log.metadata().unwrap().len(), 0);
    }
}

/// A subscription, as the settings or a list of feeds say it.
fn subscription(url: &str, name: &str) -> Subscription {
    Subscription {
        url: url.to_owned(),
        name: name.to_owned(),
        ..Subscription::default()
    }
}

/// What a list of feeds says of itself.
fn title_of_a_list(title: &str) -> Rest {
    Rest::Head(vec![("title".to_owned(), title.to_owned())])
}

fn written(rest: &[Rest]) -> Vec<WrittenOutline> {
    let written = |it: &Rest| WrittenOutline {
        outline: it.clone(),
    };
    rest.iter().map(written).collect()
}

#[test]
fn what_is_said_of_feeds_outside_of_any_step_is_there_although_the_log_is_lost() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    // As another machine said it, at this time.
    let said = |url: &str, name: &str, changed| WrittenFeed {
        feed: feed_key(url),
        subscription: Some(subscription(url, name)),
        changed,
    };
    let (feed, other) = ("https://example.org/feed", "https://example.org/other");
    let later = jiff::Timestamp::now().as_millisecond() + 60_000;
    shelf
        .library
        .import_feeds(&[said(feed, "First", 5_000)], &[])
        .unwrap();
    let early = merged(&database);
    let said = [said(feed, "Renamed", later), said(other, "Other", later)];
    shelf.library.import_feeds(&said, &[]).unwrap();
    let rest = [title_of_a_list("Mine")];
    shelf.library.import_feeds(&[], &written(&rest)).unwrap();
    let opened = Record {
        opened: 5_000_000,
        key: format!("file:{}", shelf.path("a.md").display()),
        ..Record::default()
    };
    shelf.library.import(&[opened]).unwrap();
    drop(shelf.library);
    put_back(&database, &early);
    let library = open(shelf.data.path(), shelf.folder.path());
    let told = library.remarks().join(" ");
    assert!(told.contains("has lost its newest changes"), "{told}");
    let feeds = library.feeds().unwrap();
    let names: Vec<&str> = feeds.iter().map(|it| it.name()).collect();
    assert_eq!(names, ["Other", "Renamed"]);
    assert_eq!(library.outlines().unwrap(), rest);
    assert_eq!(record(&library, "a.md").opened, 5_000_000);
}

#[test]
fn what_lists_of_feeds_said_is_in_the_copy_as_well() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    let rest = [title_of_a_list("Mine")];
    shelf.library.import_feeds(&[], &written(&rest)).unwrap();
    shelf.library.write_keepsake().unwrap();
    drop(shelf.library);
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", database.display()));
    }
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(library.outlines().unwrap(), rest);
    // What comes from another machine is as harmless as any text from outside.
    let line = WrittenOutline {
        outline: title_of_a_list("a\u{1b}[31mb"),
    };
    let read = WrittenOutline::of_line(&line.line()).unwrap();
    let Rest::Head(head) = read.outline else {
        panic!("it was a head");
    };
    assert!(!head[0].1.contains('\u{1b}'), "{head:?}");
}

#[test]
fn of_a_database_that_is_gone_what_was_done_since_the_copy_is_taken_too() {
    for copied in [true, false] {
        let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
        let database = shelf.library.database().unwrap().to_owned();
        if copied {
            shelf.mark(shelf.row("A").id, Change::Later(true));
            shelf.library.write_keepsake().unwrap();
        }
        shelf.mark(shelf.row("B").id, Change::Starred(true));
        shelf.mark(shelf.row("A").id, Change::Later(true));
        shelf.mark(shelf.row("A").id, Change::Later(false));
        drop(shelf.library);
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", database.display()));
        }
        // Whoever was killed while writing leaves half a line.
        let log = database.with_file_name("state.log.jsonl");
        let whole = fs::read_to_string(&log).unwrap();
        fs::write(&log, whole + "{\"step\":{\"id\":9").unwrap();
        let library = open(shelf.data.path(), shelf.folder.path());
        let told = library.remarks().join(" ");
        assert!(told.starts_with("The database is gone; "), "{told}");
        assert!(told.contains("was taken from state.log.jsonl"), "{told}");
        let known = library.records().unwrap();
        let later = |it: &Record| it.later == Some(true);
        assert!(!known.iter().any(later), "{told}: {known:?}");
        assert_eq!(record(&library, "b.md").starred, Some(true), "{told}");
    }
}

#[test]
fn what_was_done_before_a_step_was_merged_into_the_copy_is_done_once() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let log = shelf.data.path().join("state.log.jsonl");
    let lines = || fs::read_to_string(&log).unwrap().lines().count();
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    // To set what is set is no step.
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    assert_eq!(lines(), 1);
    shelf.library.undo().unwrap();
    assert_eq!(lines(), 2);
    shelf.library.write_keepsake().unwrap();
    assert_eq!(lines(), 0);
}

#[test]
fn a_copy_that_cannot_be_read_is_told_of_and_kept() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    drop(shelf.library);
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", database.display()));
    }
    let copy = database.with_file_name("state.jsonl");
    fs::write(&copy, [0xff; 300]).unwrap();
    let library = open(shelf.data.path(), shelf.folder.path());
    let told = library.remarks().join(" ");
    assert!(
        told.contains("state.jsonl beside it, cannot be read: nothing"),
        "{told}"
    );
    let kept = told.rsplit_once("It is kept as ").unwrap().1;
    assert_eq!(fs::read(kept.trim_end_matches('.')).unwrap(), [0xff; 300]);
}

#[test]
fn a_folder_in_place_of_the_database_is_left_alone() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    shelf.library.write_keepsake().unwrap();
    shelf.mark(shelf.row("A").id, Change::Later(true));
    drop(shelf.library);
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", database.display()));
    }
    fs::create_dir(&database).unwrap();
    for _ in 0..2 {
        let inputs = vec![Input::Path(shelf.folder.path().to_owned())];
        let clock = Arc::new(|| NOW.parse().unwrap());
        let library = Library::open_anyway(Some(shelf.data.path()), inputs, clock).unwrap();
        let told = library.remarks().join(" ");
        assert!(told.contains("a folder stands where"), "{told}");
        // Nothing else is told: the database that goes with the program was never another one.
        assert_eq!(library.remarks().len(), 1, "{told}");
        let record = record(&library, "a.md");
        assert_eq!((record.starred, record.later), (Some(true), Some(true)));
        assert!(database.is_dir());
        let beside = fs::read_dir(shelf.data.path()).unwrap();
        let bad = |it: &fs::DirEntry| it.file_name().to_string_lossy().contains("bad");
        assert_eq!(beside.flatten().filter(bad).count(), 0);
    }
}

#[test]
fn halves_of_copies_are_removed_when_nobody_writes_them_any_more() {
    let shelf = Shelf::of(&[("a.md", A)]);
    let half = |name: &str, old: u64| {
        let path = shelf.data.path().join(name);
        let file = fs::File::create(&path).unwrap();
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(old);
        file.set_modified(then).unwrap();
        path
    };
    let old = [
        half("state.jsonl.4711", 100),
        half("state.log.jsonl.4711", 100),
    ];
    let others = [half("state.jsonl.4712", 1), half("state.jsonl.mine", 100)];
    shelf.library.write_keepsake().unwrap();
    assert!(!old.iter().any(|it| it.exists()) && others.iter().all(|it| it.exists()));
}

#[test]
fn halves_of_copies_are_removed_also_where_the_copy_is_too_long_to_be_written_at_the_end() {
    let shelf = Shelf::of(&[("a.md", A)]);
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    shelf.library.write_keepsake().unwrap();
    let database = rusqlite::Connection::open(shelf.library.database().unwrap()).unwrap();
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) \
                INSERT INTO state (key) SELECT 'https://example.org/' || i FROM n";
    database.execute(many, []).unwrap();
    let half = shelf.data.path().join("state.jsonl.4711");
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(100);
    fs::File::create(&half).unwrap().set_modified(then).unwrap();
    shelf.library.end_keepsake().unwrap();
    assert!(!half.exists());
}

#[test]
fn an_import_of_state_is_undone_in_whichever_library_is_open() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let (a, b) = (shelf.row("A").id, shelf.row("B").id);
    shelf.mark(a, Change::Starred(true));
    shelf.mark(b, Change::Later(true));
    shelf.library.undo().unwrap();
    let mut imported = record(&shelf.library, "a.md");
    imported.read = Some(true);
    imported.changed += 1000;
    // As the command does: it opens no folder.
    let clock = Arc::new(|| NOW.parse().unwrap());
    let elsewhere = Library::open(Some(shelf.data.path()), vec![Input::Bundled], clock).unwrap();
    assert_eq!(elsewhere.import(&[imported]).unwrap().changed, 1);
    assert_eq!(record(&shelf.library, "a.md").read, Some(true));
    // What was taken back before is not done again on top of it.
    assert!(shelf.library.redo().unwrap().is_none());
    let done = shelf.library.undo().unwrap().unwrap();
    assert_eq!(done.what, "imported what was done with 1 story");
    let now = record(&shelf.library, "a.md");
    assert_eq!((now.read, now.starred), (Some(false), Some(true)));
    assert!(shelf.library.redo().unwrap().is_some());
    assert_eq!(record(&shelf.library, "a.md").read, Some(true));
}

#[test]
fn what_was_undone_after_what_a_database_went_back_to_stays_undone() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let database = shelf.library.database().unwrap().to_owned();
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    let early = merged(&database);
    // That has no date of its own.
    shelf.library.undo().unwrap();
    shelf.library.write_keepsake().unwrap();
    drop(shelf.library);
    put_back(&database, &early);
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_ne!(record(&library, "a.md").starred, Some(true));
}

#[test]
fn a_newer_copy_is_never_written_over() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let copy = shelf.data.path().join("state.jsonl");
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    shelf.library.write_keepsake().unwrap();
    let text = fs::read_to_string(&copy).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let turn = first.rsplit(':').next().unwrap();
    let later = first.replace(turn, "99}");
    fs::write(&copy, format!("{later}\n{rest}")).unwrap();
    shelf.mark(shelf.row("B").id, Change::Starred(true));
    shelf.library.write_keepsake().unwrap();
    let left = fs::read_to_string(&copy).unwrap();
    assert!(left.starts_with(&later), "{left}");
}

#[test]
fn the_doctor_leaves_the_log_of_a_lost_database_where_it_is() {
    for content in [None, Some(&b""[..]), Some(&[7; 8192])] {
        let shelf = Shelf::of(&[("a.md", A)]);
        let database = shelf.library.database().unwrap().to_owned();
        shelf.mark(shelf.row("A").id, Change::Starred(true));
        let log = PathBuf::from(format!("{}-wal", database.display()));
        let bytes = fs::read(&log).unwrap();
        // As whoever was killed leaves it.
        drop(shelf.library);
        fs::write(&log, &bytes).unwrap();
        match content {
            Some(content) => fs::write(&database, content).unwrap(),
            None => fs::remove_file(&database).unwrap(),
        }
        assert!(!knows(shelf.data.path(), shelf.folder.path()));
        let told = examine(shelf.data.path(), None, false);
        let is_told = match content {
            Some([7, ..]) => !told.complaints.is_empty(),
            _ => told.left.as_ref() == Some(&log),
        };
        assert!(is_told, "{content:?}: {told:?}");
        assert_eq!(fs::read(&log).unwrap(), bytes, "{content:?}");
        assert_eq!(fs::read(&database).ok().as_deref(), content);
    }
    // Of one that is sound it is as it was, too.
    let shelf = Shelf::of(&[("a.md", A)]);
    let database = shelf.library.database().unwrap().to_owned();
    let (copy, log) = (
        TempDir::new().unwrap(),
        format!("{}-wal", database.display()),
    );
    fs::copy(&database, copy.path().join("recto.db")).unwrap();
    let copied = copy.path().join("recto.db-wal");
    fs::copy(&log, &copied).unwrap();
    let bytes = fs::read(&copied).unwrap();
    let told = examine(copy.path(), None, false);
    assert!(
        told.complaints.is_empty() && told.left.is_none(),
        "{told:?}"
    );
    assert_eq!(fs::read(&copied).unwrap(), bytes);
}

#[test]
fn damage_that_no_work_meets_is_found_once_a_day_and_mended_by_the_next_start() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let database = shelf.library.database().unwrap().to_owned();
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    assert!(shelf.library.look_over().unwrap());
    assert!(!shelf.library.look_over().unwrap(), "it was done today");
    drop(shelf.library);
    damage(&database, &["discussion"]);
    // Nobody met it.
    fs::remove_file(database.with_extension("db.damaged")).unwrap();
    let library = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(library.remarks(), [""; 0]);
    assert!(!library.look_over().unwrap());
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(25 * 3600);
    let checked = database.with_extension("db.checked");
    let checked = fs::File::options().write(true).open(checked).unwrap();
    checked.set_modified(yesterday).unwrap();
    let error = library.look_over().unwrap_err();
    assert!(error.is_damage());
    assert!(error.to_string().contains("start recto again"), "{error}");
    library.remember(&error);
    drop(library);
    let library = open(shelf.data.path(), shelf.folder.path());
    let told = library.remarks().join(" ");
    assert!(
        told.contains("what you did with 1 story was taken over"),
        "{told}"
    );
    assert_eq!(record(&library, "a.md").starred, Some(true));
    assert!(
        library.look_over().unwrap(),
        "the new one was never looked over"
    );
}

#[test]
fn a_database_that_nobody_closed_is_looked_over_at_the_next_start() {
    let shelf = Shelf::of(&[("a.md", A)]);
    assert!(shelf.library.look_over().unwrap());
    shelf.mark(shelf.row("A").id, Change::Starred(true));
    // It is open still, as if whoever had it was killed.
    let library = open(shelf.data.path(), shelf.folder.path());
    assert!(library.look_over().unwrap());
}

#[test]
fn a_copy_of_what_was_removed_does_not_come_back() {
    let shelf = Shelf::of(&[("a.md", A)]);
    shelf.mark(shelf.row("A").id, Change::Removed(true));
    fs::create_dir_all(shelf.path("sub")).unwrap();
    shelf.write("sub/again.md", A);
    shelf.scan();
    assert_eq!(rows(&shelf.library, Source::All).len(), 0);
    shelf.assert_counts();
    // Nor where the first one is gone, or all is read anew.
    fs::remove_file(shelf.path("a.md")).unwrap();
    shelf.scan();
    assert_eq!(rows(&shelf.library, Source::All).len(), 0);
    shelf.lose_catalogue();
    let library = open(shelf.data.path(), shelf.folder.path());
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    assert_eq!(rows(&library, Source::All).len(), 0);
}

#[test]
fn who_removes_one_of_two_copies_keeps_the_other() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", A)]);
    let both = rows(&shelf.library, Source::All);
    assert_eq!(both.len(), 2);
    shelf.mark(both[0].id, Change::Removed(true));
    shelf.scan();
    assert_eq!(rows(&shelf.library, Source::All).len(), 1);
    shelf.lose_catalogue();
    let library = open(shelf.data.path(), shelf.folder.path());
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    assert_eq!(rows(&library, Source::All).len(), 1);
}

#[test]
fn of_two_copies_only_the_removed_one_stays_away_whichever_is_read_first() {
    for name in ["a.md", "b.md"] {
        let shelf = Shelf::of(&[("a.md", A), ("b.md", A)]);
        let both = rows(&shelf.library, Source::All);
        let removed = Place::file(shelf.path(name));
        let it = both
            .iter()
            .find(|row| shelf.library.place(row.id).unwrap() == Some(removed.clone()));
        shelf.mark(it.unwrap().id, Change::Removed(true));
        shelf.lose_catalogue();
        let library = open(shelf.data.path(), shelf.folder.path());
        library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
        assert_eq!(rows(&library, Source::All).len(), 1, "{name}");
    }
}

#[test]
fn where_the_list_was_left_is_found_again_though_its_story_was_moved() {
    let shelf = Shelf::of(&[("a.md", A), ("b.md", B)]);
    let left = Left {
        story: Some(shelf.row("B").id),
        ..Left::default()
    };
    shelf.library.keep_left(&left).unwrap();
    fs::create_dir_all(shelf.path("sub")).unwrap();
    fs::rename(shelf.path("b.md"), shelf.path("sub/c.md")).unwrap();
    shelf.scan();
    let again = open(shelf.data.path(), shelf.folder.path());
    assert_eq!(
        again.left().unwrap().unwrap().story,
        Some(shelf.row("B").id)
    );
}

#[test]
fn what_only_begins_as_what_was_removed_is_a_story_of_its_own() {
    let begins = format!("# Long\n\n{}", "The same words. ".repeat(20_000));
    let shelf = Shelf::of(&[("a.md", &format!("{begins}one"))]);
    shelf.mark(shelf.row("Long").id, Change::Removed(true));
    shelf.write("b.md", &format!("{begins}two"));
    shelf.scan();
    assert_eq!(rows(&shelf.library, Source::All).len(), 1);
}
