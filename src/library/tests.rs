//! The library as a whole: what is found is what a query means, what is undone is as it was, and
//! counts are what counting would find.

use std::{collections::BTreeSet, fs, sync::Arc, sync::atomic::AtomicBool};

use jiff::{ZonedDateTime, civil::Date};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::story::{
    Change, Operation, Published, SORTS, Sort, Source, Target,
    query::{Flag, NumberField, Query, Subject, TextField},
};

const NOW: &str = "2026-11-20T10:00[Europe/Vienna]";

/// A library over so many stories, with everything that differs between them.
fn shelf(count: usize) -> (TempDir, Library) {
    let folder = TempDir::new().unwrap();
    for index in 0..count {
        let path = folder.path().join(format!("{}/{}", index % 3, index % 2));
        fs::create_dir_all(&path).unwrap();
        let day = Date::constant(2026, 11, 20)
            .checked_sub(jiff::Span::new().days(i64::try_from(index * index).unwrap()))
            .unwrap();
        let date = if index % 4 == 0 {
            format!("{day}T23:30:00Z")
        } else {
            day.to_string()
        };
        let mut head = vec![
            format!(
                "title: \"{} Haven {index}\"",
                ["The Été", "A Straße", "Low"][index % 3]
            ),
            format!("date: {date}"),
        ];
        if index % 3 != 0 {
            head.push(format!("author: [\"{} Writer\"]", ["Ána", "Bo"][index % 2]));
        }
        if index % 5 == 0 {
            head.push("category: Sea and Land".to_owned());
        }
        if index % 4 == 1 {
            head.push(format!(
                "tags: [tide, t{index}]\nlang: de-AT\nurl: https://example.org/{index}"
            ));
        }
        let words = "word ".repeat(index * 60);
        let text = format!("---\n{}\n---\n\n{words}\n", head.join("\n"));
        fs::write(path.join(format!("{index:03}.md")), text).unwrap();
    }
    let inputs = vec![Input::Path(folder.path().to_owned())];
    let clock = Arc::new(|| NOW.parse::<ZonedDateTime>().unwrap());
    let library = Library::open(None, inputs, clock).unwrap();
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    (folder, library)
}

/// A story as the database has it, for the reference meaning of queries.
struct Stored {
    row: crate::story::Row,
    facets: Vec<(i64, String)>,
    language: Option<String>,
    words: u32,
    comments: u32,
    picture: bool,
    removed: bool,
}

impl Subject for Stored {
    fn any_text(&self, field: TextField, is: &mut dyn FnMut(&str) -> bool) -> bool {
        let kind = match field {
            TextField::Title => return is(&self.row.title),
            TextField::Language => return self.language.as_deref().is_some_and(is),
            TextField::Url => return self.row.url.as_deref().is_some_and(is),
            TextField::Folder | TextField::Source => 0,
            TextField::Category => 1,
            TextField::Author => 2,
            TextField::Tag => 3,
        };
        let names = self.facets.iter().filter(|(of, _)| *of == kind);
        names.map(|(_, name)| name).any(|name| is(name))
    }

    fn is(&self, flag: Flag) -> bool {
        match flag {
            Flag::Unread => !self.row.read,
            Flag::Read => self.row.read,
            Flag::Starred => self.row.starred,
            Flag::Later => self.row.later,
            Flag::Noted => self.row.noted,
            Flag::Removed => self.removed,
            Flag::Unreadable => self.row.trouble.is_some(),
            Flag::Updated => self.row.updated,
            Flag::Book => false,
        }
    }

    fn date(&self) -> Option<Published> {
        Some(self.row.when)
    }

    fn number(&self, field: NumberField) -> Option<u32> {
        Some(match field {
            NumberField::Minutes => u32::try_from(self.row.minutes).unwrap(),
            NumberField::Words => self.words,
            NumberField::Comments => self.comments,
        })
    }

    fn has_picture(&self) -> bool {
        self.picture
    }
}

fn stored(library: &Library) -> Vec<Stored> {
    let connection = library.store.hold(Lane::Stories).unwrap();
    let mut statement = connection
        .prepare("SELECT id, language, words, comments, picture, removed FROM story")
        .unwrap();
    let rows = statement.query_map([], |row| {
        let id: u32 = row.get(0)?;
        let facets = connection
            .prepare(
                "SELECT kind, name FROM facet WHERE id IN \
                 (SELECT value FROM json_each((SELECT facets FROM story WHERE id = ?1)))",
            )?
            .query_map([id], |it| Ok((it.get(0)?, it.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Stored {
            row: catalogue::row(&connection, StoryId(id))?.unwrap(),
            facets,
            language: row.get(1)?,
            words: row.get(2)?,
            comments: row.get(3)?,
            picture: row.get(4)?,
            removed: row.get(5)?,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn apply(library: &Library, stories: Vec<StoryId>, change: Change) {
    let target = Target::Stories(stories);
    library.apply(&Operation::new(target, change)).unwrap();
}

#[test]
fn what_is_not_indexed_yet_counts_down_while_a_search_shows() {
    let (_folder, library) = shelf(5);
    let listing = Listing {
        search: "haven".to_owned(),
        everywhere: true,
        ..Listing::default()
    };
    let look = || {
        let window = library.window(&listing, Anchor::Start, 0, &|| false);
        let window = window.unwrap();
        (window.total, window.remark)
    };
    for (left, said) in [
        (search::NOT_COUNTED, "Whole texts are not indexed yet."),
        (1200, "1,200 stories are not indexed yet."),
        (1, "One story is not indexed yet."),
    ] {
        library.search.wait_for_texts(left);
        assert_eq!(look(), (0, Some(said.to_owned())));
    }
    library
        .index_texts(&AtomicBool::new(false), &|_| ())
        .unwrap();
    assert_eq!(look(), (5, None));
}

#[test]
fn the_database_finds_what_a_query_means() {
    let (_folder, library) = shelf(40);
    let all = library.found(&Listing::default()).unwrap();
    apply(&library, all[..7].to_vec(), Change::Read(true));
    apply(&library, all[5..9].to_vec(), Change::Starred(true));
    apply(&library, all[8..12].to_vec(), Change::Later(true));
    apply(
        &library,
        all[3..6].to_vec(),
        Change::Tagged("own".into(), true),
    );
    apply(&library, all[20..22].to_vec(), Change::Removed(true));
    let stories = stored(&library);
    assert_eq!(stories.len(), 40);
    let now: ZonedDateTime = NOW.parse().unwrap();
    for text in [
        "\"Haven 1\"",
        "\"haven 2\" or \"Low\"",
        "-\"Low\"",
        "/haven 1\\d$/",
        "/^The/ -\"9\"",
        "\"ete haven\"",
        "\"Été haven\"",
        "\"strasse\"",
        "author:ana",
        "by:writer",
        "author:=\"Bo Writer\"",
        "-author:writer",
        "category:sea",
        "category:\"and land\" -category:lan",
        "tag:tide",
        "tag:own",
        "tag:=own",
        "folder:1/0",
        "source:2",
        "lang:de",
        "lang:d",
        "url:example.org/1",
        "is:unread",
        "is:read",
        "is:starred is:later",
        "is:later or is:starred",
        "is:removed",
        "is:unreadable",
        "-is:book",
        "has:author",
        "has:category",
        "has:tags",
        "-has:date",
        "-is:read or -has:date",
        "has:link",
        "has:picture",
        "has:comments",
        "-has:date",
        "before:2026",
        "after:2026-10",
        "date:2026-11",
        "on:2026-11-20",
        "until:2026-11-16",
        "after:7d",
        "date:week",
        "date:yesterday",
        "date:2024..2025",
        "minutes:1",
        "minutes:<3",
        "minutes:>2",
        "minutes:2..4",
        "words:>=1200",
        "words:0",
        "comments:0",
        "comments:>0",
        "(is:read or tag:tide) -folder:0 minutes:>1",
        "-(is:read or is:starred)",
        "-(author:ana -is:read)",
    ] {
        let query = Query::parse(text, &|_| None).unwrap();
        let removed = query.mentions(Flag::Removed);
        let wanted: BTreeSet<u32> = stories
            .iter()
            .filter(|it| removed || !it.removed)
            .filter(|it| query.matches(*it, now.date(), now.time_zone()))
            .map(|it| it.row.id.0)
            .collect();
        let listing = Listing {
            search: text.to_owned(),
            ..Listing::default()
        };
        let found: BTreeSet<u32> = library
            .found(&listing)
            .unwrap()
            .iter()
            .map(|id| id.0)
            .collect();
        assert_eq!(found, wanted, "{text}");
    }
}

/// What windows of all sources in all orders, and a search, hold.
fn all_lists(library: &Library) -> Vec<Vec<StoryId>> {
    let mut lists = Vec::new();
    for (sort, _) in SORTS {
        for row in library.sources().unwrap() {
            for (unread, search) in [
                (false, ""),
                (true, ""),
                (true, "words:>0"),
                (false, "author:a or folder:a"),
            ] {
                let listing = Listing {
                    source: row.source.clone(),
                    search: search.to_owned(),
                    sort,
                    unread,
                    ..Listing::default()
                };
                let window = library.window(&listing, Anchor::Start, 0, &|| false);
                let rows: Vec<StoryId> = window.unwrap().rows.iter().map(|row| row.id).collect();
                assert_eq!(library.found(&listing).unwrap(), rows);
                lists.push(rows);
            }
        }
    }
    lists
}

#[test]
fn lists_are_the_same_while_indexes_are_missing_and_the_next_scan_builds_them() {
    let (_folder, library) = shelf(40);
    let is_there = || {
        let connection = library.store.hold(Lane::Lists).unwrap();
        store::late::LATE.map(|name| store::late::is_there(&connection, name).unwrap())
    };
    let before = all_lists(&library);
    assert!(before.iter().any(|list| list.len() == 40));
    assert_eq!(is_there(), [true; 8], "the first scan built them");
    for name in store::late::LATE {
        let connection = library.store.hold(Lane::Intake).unwrap();
        let dropped = connection.execute_batch(&format!("DROP INDEX {name}"));
        assert_eq!(dropped, Ok(()));
        assert_eq!(connection.execute_batch("DELETE FROM filed"), Ok(()));
    }
    assert_eq!(is_there(), [false; 8]);
    assert!(all_lists(&library) == before);
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    assert_eq!(is_there(), [true; 8]);
    assert!(all_lists(&library) == before);
}

#[test]
fn every_order_is_one_and_windows_are_pieces_of_it() {
    let (_folder, library) = shelf(40);
    let sources = library.sources().unwrap();
    for (sort, name) in SORTS {
        for row in &sources {
            let listing = Listing {
                source: row.source.clone(),
                sort,
                ..Listing::default()
            };
            let all = library.found(&listing).unwrap();
            assert_eq!(all.len(), row.total, "{name} {:?}", row.source);
            for (index, id) in all.iter().enumerate() {
                let window = library
                    .window(&listing, Anchor::Story(*id), index, &|| false)
                    .unwrap();
                assert_eq!(window.at, Some(index), "{name}");
                let rows: Vec<StoryId> = window.rows.iter().map(|row| row.id).collect();
                assert_eq!(rows, all, "{name} {:?}", row.source);
            }
        }
    }
    let titles = |sort| {
        let listing = Listing {
            sort,
            ..Listing::default()
        };
        let window = library
            .window(&listing, Anchor::Start, 0, &|| false)
            .unwrap();
        window
            .rows
            .iter()
            .map(|row| row.title.to_string())
            .collect::<Vec<_>>()
    };
    let mut backwards = titles(Sort::Newest);
    backwards.reverse();
    assert_eq!(titles(Sort::Oldest), backwards);
    assert_eq!(titles(Sort::Title)[0], "A Straße Haven 1");
    assert_eq!(titles(Sort::Longest)[0], "The Été Haven 39");
}

/// Counts as counting finds them, beside those that are kept.
fn assert_counts(library: &Library) {
    for row in library.sources().unwrap() {
        let listing = |unread| Listing {
            source: row.source.clone(),
            unread,
            ..Listing::default()
        };
        let count = |unread| library.found(&listing(unread)).unwrap().len();
        let counted = (count(false), count(true));
        assert_eq!((row.total, row.unread), counted, "{:?}", row.source);
    }
}

/// A note of one moment.
fn note(id: &str, text: &str) -> Box<crate::story::Note> {
    let mut note = Box::<crate::story::Note>::default();
    (note.id, note.text) = (id.to_owned(), text.to_owned());
    note.quote.exact = "word".to_owned();
    (note.created, note.changed) = (1, 1);
    note
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<bool>().prop_map(Change::Read),
        any::<bool>().prop_map(Change::Starred),
        any::<bool>().prop_map(Change::Later),
        any::<bool>().prop_map(Change::Removed),
        ("[ab]|tide", any::<bool>()).prop_map(|(name, on)| Change::Tagged(name, on)),
        ("[ab]", "[xy]?").prop_map(|(id, text)| Change::Noted(note(&id, &text))),
        "[ab]".prop_map(|id| Change::Unnoted(note(&id, ""))),
    ]
}

/// All that the reader can have changed, as text.
fn state(library: &Library) -> Vec<String> {
    let connection = library.store.hold(Lane::Stories).unwrap();
    let text = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let mut all = text(
        "SELECT key || read || starred || later || removed FROM state \
         WHERE read + starred + later + removed > 0 ORDER BY key",
    );
    all.extend(text("SELECT key || name FROM tag ORDER BY key, name"));
    all.extend(text("SELECT key || id || text FROM note ORDER BY key, id"));
    all.extend(text(
        "SELECT id || ' ' || read || starred || later || removed || noted || ' ' || \
         (SELECT count(*) FROM json_each(facets)) FROM story ORDER BY id",
    ));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_undone_is_as_it_was(
        steps in prop::collection::vec((changes(), prop::collection::vec(0_usize..12, 1..6)), 1..8)
    ) {
        let (_folder, library) = shelf(12);
        let all = library.found(&Listing::default()).unwrap();
        let mut before = vec![state(&library)];
        for (change, stories) in steps {
            let stories = stories.iter().map(|index| all[*index]).collect();
            let done = library
                .apply(&Operation::new(Target::Stories(stories), change))
                .unwrap();
            if done.stories > 0 {
                before.push(state(&library));
            }
            assert_counts(&library);
        }
        let mut after = vec![before.pop().unwrap()];
        while let Some(wanted) = before.pop() {
            prop_assert!(library.undo().unwrap().is_some());
            prop_assert_eq!(state(&library), wanted.clone());
            assert_counts(&library);
            after.push(wanted);
        }
        prop_assert!(library.undo().unwrap().is_none());
        after.pop();
        while let Some(wanted) = after.pop() {
            prop_assert!(library.redo().unwrap().is_some());
            prop_assert_eq!(state(&library), wanted);
        }
        prop_assert!(library.redo().unwrap().is_none());
    }
}

#[test]
fn a_tag_that_stands_in_the_file_is_neither_given_nor_taken() {
    let (_folder, library) = shelf(12);
    let tagged = |name: &str| Listing {
        source: Source::Tag(name.into()),
        ..Listing::default()
    };
    let in_files = library.found(&tagged("tide")).unwrap();
    assert!(!in_files.is_empty());
    for on in [true, false] {
        let change = Change::Tagged("tide".into(), on);
        let operation = Operation::new(Target::Stories(in_files.clone()), change);
        assert_eq!(library.apply(&operation).unwrap().stories, 0);
        assert_eq!(library.found(&tagged("tide")).unwrap(), in_files);
        assert!(library.undo().unwrap().is_none(), "nothing was done");
    }
}

#[test]
fn a_saved_query_is_a_source_and_a_word_of_other_queries() {
    let (_folder, library) = shelf(12);
    library.keep_query("short", "minutes:<3").unwrap();
    let count = |search: &str, source| {
        let listing = Listing {
            source,
            search: search.to_owned(),
            ..Listing::default()
        };
        library.found(&listing).unwrap().len()
    };
    let short = count("minutes:<3", Source::All);
    assert!(short > 0 && short < 12);
    assert_eq!(count("@short", Source::All), short);
    assert_eq!(count("", Source::Saved("short".into())), short);
    let both = count("minutes:<3 is:unread folder:1", Source::All);
    assert_eq!(count("folder:1", Source::Saved("short".into())), both);
    assert!(library.query("@long").is_err());
}

#[test]
fn where_a_full_disk_kept_the_database_from_being_opened_recto_is_to_be_started_again() {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    let full = || StoreError::from(rusqlite::Error::SqliteFailure(code, None));
    let told = |error: LibraryError| error.to_string();
    assert!(told(full().into()).contains("make room and do it again"));
    let at_start = told(LibraryError::from(full()).at_start());
    assert!(
        at_start.contains("make room, then start recto again"),
        "{at_start}"
    );
}

/// Checks that a statement finds files by what the index of contents names, and goes through none: with
/// a hundred thousand of them it would be asked for each of many.
pub(super) fn goes_through_no_files(sql: &str) {
    let (_folder, library) = shelf(1);
    let connection = library.store.hold(Lane::Stories).unwrap();
    let mut plan = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let mut steps = plan.raw_query();
    let mut told = Vec::new();
    while let Some(step) = steps.next().unwrap() {
        told.push(step.get::<_, String>(3).unwrap());
    }
    let by_content = |step: &String| step.contains("file_by_hash (collection=? AND hash=?)");
    assert!(told.iter().any(by_content), "{told:#?}");
    for step in told.iter().filter(|step| step.contains(" file ")) {
        let one = step.contains("(collection=? AND path=?)") || by_content(step);
        assert!(one, "{told:#?}");
    }
}
