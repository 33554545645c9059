//! Coming back: to the list as it was left, to the place that a search took one from, to what was said.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

mod common;

use std::{fs, sync::Arc};

use common::{NOW, Reading, days, numbered, story};
use recto::{
    app::{Column, Message},
    library::{Input, Library},
    story::{Change, Listing, Operation, Sort, Source, Target},
};

const WIDE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (40, 12);

/// Forty stories, the last ten of them in a folder, remembered.
fn forty(size: (u16, u16)) -> Reading {
    let files: Vec<(String, String)> = days(1, 40)
        .into_iter()
        .enumerate()
        .map(|(at, (name, text))| match at {
            0..30 => (name, text),
            _ => (format!("old/{name}"), text),
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    Reading::remembering(&files, size)
}

#[test]
fn the_list_comes_back_to_its_source_and_story() {
    for size in [WIDE, USUAL, SMALL] {
        let mut reading = forty(size);
        reading.go_to_source("old").press("ljjj");
        assert_eq!(reading.title(), "Story 34");
        let mut reading = reading.again();
        assert_eq!(
            reading.model().list.listing.source,
            Source::Folder("old".into())
        );
        assert_eq!(reading.title(), "Story 34");
        reading.assert_shows("Story 34");
        reading.assert_shows("· old");
        let sources = &reading.model().sources;
        assert_eq!(sources.rows[sources.cursor].source.name(), "old");
        // Keys go on from there.
        assert_eq!(reading.press("j").title(), "Story 35");
        let reading = reading.again();
        assert_eq!(reading.title(), "Story 35");
    }
}

#[test]
fn order_and_what_is_listed_come_back_and_a_search_does_not() {
    let mut reading = forty(USUAL);
    reading.press(",tU").press("jjj");
    let title = reading.title().to_owned();
    reading.press("/story 2<ret>jj");
    let reading = reading.again();
    let listing = &reading.model().list.listing;
    assert_eq!((listing.sort, listing.unread), (Sort::Title, true));
    assert!(listing.search.is_empty());
    assert_eq!(reading.title(), title);
}

#[test]
fn a_story_that_a_search_led_to_and_that_is_read_is_come_back_to() {
    for (size, end) in [(WIDE, ""), (USUAL, ""), (SMALL, ""), (WIDE, "q")] {
        let files = days(1, 40).into_iter().map(|(name, _)| name).enumerate();
        let files: Vec<(String, String)> = files
            .map(|(at, name)| {
                let title = format!("Story {}", at + 1);
                (name, story(&title, "2026-11-20", &numbered(3000)))
            })
            .collect();
        let files: Vec<_> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let mut reading = Reading::remembering(&files, size);
        reading.press("jj/story 2<ret>jl");
        let title = reading.open_title().to_owned();
        reading.press("<space><space>");
        let first = |page: Vec<String>| page.into_iter().find(|line| !line.is_empty());
        let top = first(reading.page()).unwrap();
        reading.press(end);
        let mut reading = reading.again();
        if end.is_empty() {
            assert_eq!(reading.title(), title, "{size:?}");
            reading.press("l");
            let page = reading.page();
            let first = page.iter().find(|line| !line.is_empty());
            assert_eq!(first, Some(&top), "{size:?}: at the same word: {page:?}");
        } else {
            // Who went back to the list that was searched is there.
            assert_ne!(reading.title(), title);
        }
        assert!(reading.model().list.listing.search.is_empty());
    }
}

#[test]
fn undo_goes_to_the_story_that_came_back_or_stays_where_one_is() {
    for keys in ["", "l"] {
        // In a list that is longer than what is at hand of it.
        let files: Vec<(String, String)> = days(1, 1500)
            .into_iter()
            .enumerate()
            .map(|(at, (name, text))| match at {
                0..3 => (format!("some/{name}"), text),
                _ => (name, text),
            })
            .collect();
        let files: Vec<_> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
        let mut reading = Reading::remembering(&files, WIDE);
        reading.press("jdGkk").press(keys).press("u");
        assert_eq!(reading.title(), "Story 2");
        assert_eq!(reading.open_title(), "Story 2");
        // Into a list that does not have it.
        reading.press("<esc>ggjd");
        reading.press("/-folder:some<ret>G").press(keys);
        let title = reading.title().to_owned();
        reading.press("u");
        assert!(
            reading.notice().starts_with("Undone"),
            "{}",
            reading.notice()
        );
        assert_eq!(reading.title(), title, "{keys:?}");
        assert_eq!(reading.open_title(), title, "{keys:?}");
        reading
            .press("<esc>")
            .press(if keys.is_empty() { "" } else { "<esc>" });
        reading.go_to_source("some").press("l");
        assert_eq!(reading.titles().len(), 3);
    }
}

#[test]
fn beside_an_empty_list_nothing_is_read() {
    let mut reading = forty(WIDE);
    assert!(reading.model().reader.open.is_some());
    reading.press("/zzzz");
    assert!(
        reading.model().reader.open.is_none(),
        "{}",
        reading.screen()
    );
    reading.press("<backspace><backspace><backspace><backspace>");
    assert_eq!(reading.open_title(), "Story 1");
    reading.press("<esc>");
    assert_eq!(reading.open_title(), "Story 1");
    // What somebody has opened stays until it is left.
    reading.press("/title:\"Story 33\" is:unread<ret>l");
    let title = reading.open_title().to_owned();
    let id = reading.model().reader.wanted.unwrap();
    let operation = Operation::new(Target::Stories(vec![id]), Change::Read(true));
    reading.library.apply(&operation).unwrap();
    reading.send(Message::OthersWrote {
        stories: true,
        state: true,
    });
    assert!(reading.titles().is_empty(), "{}", reading.screen());
    assert_eq!(reading.open_title(), title);
    reading.press("<esc>");
    assert!(
        reading.model().reader.open.is_none(),
        "{}",
        reading.screen()
    );
}

#[test]
fn what_is_said_over_and_over_stands_once_in_the_log() {
    let mut reading = forty(WIDE);
    for text in [
        "The database is damaged.",
        "Other words.",
        "The database is damaged.",
    ] {
        reading.send(Message::Noticed(text.to_owned()));
    }
    reading.press("!");
    let screen = reading.screen();
    assert_eq!(
        screen.matches("The database is damaged.").count(),
        1,
        "{screen}"
    );
    let at = |text: &str| screen.find(text).unwrap();
    assert!(
        at("The database") < at("Other words"),
        "the last one first: {screen}"
    );
}

#[test]
fn a_list_that_was_not_moved_in_begins_with_the_newest() {
    let mut reading = forty(USUAL);
    reading.add(&[("new.md", &story("Newer", "2026-11-20T09:00:00Z", "Words."))]);
    let first = reading.title().to_owned();
    let reading = reading.again();
    assert_eq!(reading.model().list.cursor, 0);
    assert_eq!(reading.title(), first);
}

#[test]
fn stories_that_came_meanwhile_leave_the_cursor_on_its_story() {
    let mut reading = forty(USUAL);
    reading.press("jjjj");
    assert_eq!(reading.title(), "Story 5");
    for number in 0..5 {
        let text = story(&format!("Newer {number}"), "2026-11-20T09:00:00Z", "Words.");
        fs::write(reading.folder.path().join(format!("n{number}.md")), text).unwrap();
    }
    let reading = reading.again();
    assert_eq!(reading.title(), "Story 5");
    assert_eq!(reading.model().list.cursor, 9);
}

#[test]
fn what_is_gone_is_not_come_back_to() {
    // The story: the cursor stands about where it was.
    let mut reading = forty(USUAL);
    reading.press("jjjj");
    fs::remove_file(reading.folder.path().join("0005.md")).unwrap();
    let reading = reading.again();
    assert!(
        ["Story 4", "Story 6"].contains(&reading.title()),
        "{}",
        reading.title()
    );
    // The source: all stories are listed.
    let mut reading = forty(USUAL);
    reading.library.keep_query("fourth", "title:4").unwrap();
    reading.add(&[]).go_to_source("fourth").press("l");
    reading.library.keep_query("fourth", "").unwrap();
    let reading = reading.again();
    assert_eq!(reading.model().list.listing.source, Source::All);
    assert_eq!(reading.titles().len(), 40);
}

#[test]
fn each_library_has_a_place_of_its_own() {
    let mut reading = forty(USUAL);
    reading.press("jjj");
    let data = tempfile::tempdir().unwrap();
    let clock = || Arc::new(|| NOW.parse().unwrap());
    let open = |name: &str| {
        let input = Input::Path(reading.folder.path().join(name));
        Library::open(Some(data.path()), vec![input], clock()).unwrap()
    };
    let left = recto::story::Left {
        source: Source::Starred,
        near: 3,
        ..Default::default()
    };
    open("old").keep_left(&left).unwrap();
    assert_eq!(open("old").left().unwrap(), Some(left));
    assert_eq!(open("").left().unwrap(), None);
}

#[test]
fn undo_takes_back_what_was_done_in_the_library_that_is_open() {
    let mut reading = forty(WIDE);
    reading.press("jsu").press("<ctrl-r>");
    assert!(reading.row().starred);
    // The same story, and others, in a library of the folder within.
    let folder = reading.other_at("old");
    let all = folder.found(&Listing::default()).unwrap();
    assert_eq!(all, [], "nothing was scanned there yet");
    folder.scan(&Default::default(), &|_| ()).unwrap();
    let all = folder.found(&Listing::default()).unwrap();
    assert_eq!(all.len(), 10);
    let operation = Operation::new(Target::Stories(all), Change::Later(true));
    folder.apply(&operation).unwrap();
    // What was done last of all was done elsewhere.
    reading.press("u");
    assert!(!reading.row().starred, "{}", reading.notice());
    assert!(
        reading.notice().starts_with("Undone: starred"),
        "{}",
        reading.notice()
    );
    reading.press("u");
    assert_eq!(reading.notice(), "Nothing to undo.");
    let undone = folder.undo().unwrap().unwrap();
    assert_eq!(undone.stories, 10);
    assert!(folder.undo().unwrap().is_none());
    // Something new there does not take the way forward here.
    let all = folder.found(&Listing::default()).unwrap();
    let operation = Operation::new(Target::Stories(all), Change::Later(true));
    folder.apply(&operation).unwrap();
    reading.press("<ctrl-r>");
    assert!(reading.row().starred, "{}", reading.notice());
}

#[test]
fn a_search_that_was_forgotten_is_no_longer_listed() {
    for keys in ["ljj", "/story<ret>"] {
        let mut reading = forty(WIDE);
        reading.library.keep_query("threes", "title:3").unwrap();
        reading.add(&[]).go_to_source("threes").press(keys);
        let title = reading.title().to_owned();
        reading.assert_shows("· threes");
        reading.library.keep_query("threes", "").unwrap();
        reading.add(&[]);
        assert_eq!(reading.model().list.listing.source, Source::All);
        assert!(
            reading
                .model()
                .sources
                .rows
                .iter()
                .all(|row| row.source.name() != "threes")
        );
        assert_eq!(
            reading.notice(),
            "The search “threes” was forgotten; all stories are listed."
        );
        assert_eq!(reading.title(), title, "the cursor stays on its story");
        reading.press("<esc>");
        reading.assert_hides("threes");
        assert_eq!(reading.model().list.listing.source, Source::All);
        assert_eq!(reading.titles().len(), 40);
    }
}

#[test]
fn a_kept_search_that_asks_for_one_that_was_forgotten_says_so() {
    let mut reading = forty(WIDE);
    reading.library.keep_query("threes", "title:3").unwrap();
    reading.library.keep_query("of those", "@threes").unwrap();
    reading.library.keep_query("threes", "").unwrap();
    reading.add(&[]).go_to_source("of those").press("l");
    reading.assert_shows("no query is kept as @threes");
}

/// A long story with a rare word far down, half read, and others; the list of what a search of whole
/// texts finds, in which it stands.
fn half_read(size: (u16, u16)) -> (Reading, usize) {
    let long = story(
        "Long",
        "2026-11-20",
        &numbered(4000).replace("w3010 ", "tamarind "),
    );
    let short = story("Short", "2026-11-19", "No such tree.");
    let mut reading = Reading::remembering(&[("a.md", &long), ("b.md", &short)], size);
    reading.press("<ret>      ");
    let kept = kept(&reading);
    assert!(kept > 0);
    reading.press("q/tamarind<tab><ret>");
    assert_eq!(reading.title(), "Long");
    (reading, kept)
}

/// The block at which the long story would open.
fn kept(reading: &Reading) -> usize {
    let id = reading.model().reader.open.as_ref().unwrap().id;
    reading.model().reader.progress[&id].block
}

#[test]
fn a_hit_in_a_story_that_is_half_read_is_a_jump() {
    for size in [WIDE, USUAL, SMALL] {
        let (mut reading, place) = half_read(size);
        let shown = |reading: &Reading| reading.page().join("\n");
        reading.press("<ret>");
        assert!(shown(&reading).contains("tamarind"));
        let (focus, seen) = (reading.model().focus, kept(&reading));
        assert_eq!(
            (focus, seen),
            (Column::Reader, place),
            "to be led there is not to read"
        );
        // Back to where one was, and forward to the hit.
        reading.press("<ctrl-o>");
        assert!(!shown(&reading).contains("tamarind"));
        assert_eq!(kept(&reading), place);
        reading.press("<alt-right>");
        assert!(shown(&reading).contains("tamarind"));
        // What is on the disk says so, too.
        let mut reading = reading.again();
        reading.press("<ret>");
        assert_eq!(kept(&reading), place);
        assert!(!shown(&reading).contains("tamarind"));
    }
}

#[test]
fn who_reads_on_from_a_hit_reads_there_and_finds_back() {
    let (mut reading, place) = half_read(USUAL);
    reading.press("<ret>jjj");
    assert!(kept(&reading) > place, "read on from the hit");
    reading.press("<ctrl-o>");
    assert!(!reading.page().join("\n").contains("tamarind"));
    let open = reading.model().reader.open.as_ref().unwrap();
    assert_eq!(open.place().0, place);
}

#[test]
fn the_end_of_a_story_that_a_link_led_to_is_not_read_there() {
    for size in [WIDE, USUAL, SMALL] {
        let words = numbered(900);
        let from = story("From", "2026-11-20", "[There](there.md#the-end)");
        let there = story(
            "There",
            "2026-11-19",
            &format!("{words}\n\n## The end\n\nLast."),
        );
        let mut reading = Reading::remembering(&[("from.md", &from), ("there.md", &there)], size);
        reading.press("<ret>fa").assert_shows("Last.");
        assert_eq!(reading.open_title(), "There");
        let is_read = |reading: &Reading| reading.model().reader.open.as_ref().unwrap().state.read;
        assert!(!is_read(&reading), "{size:?}");
        reading.press("q");
        assert!(!is_read(&reading), "{size:?}");
        // It was not read, so it begins at its beginning; who reads on there has read it.
        let mut reading = reading.again();
        reading.press("gj<ret>").assert_shows("w1 ");
        reading.press("G");
        assert!(is_read(&reading), "{size:?}");
        // Read to its end, it begins again.
        reading.press("q");
        let mut reading = reading.again();
        reading.press("gj<ret>").assert_shows("w1 ");
    }
}

#[test]
fn a_search_within_a_story_is_a_jump_too() {
    let (mut reading, place) = half_read(USUAL);
    reading.press("<esc><ret>");
    assert_eq!(kept(&reading), place);
    reading.press("/w3500<ret>");
    assert!(reading.page().join("\n").contains("w3500"));
    assert_eq!(kept(&reading), place);
    reading.press("<ctrl-o>");
    assert_eq!(
        reading.model().reader.open.as_ref().unwrap().place().0,
        place
    );
    // Nothing is left to go back to.
    reading.press("<ctrl-o>");
    assert!(
        reading.notice().starts_with("Not now"),
        "{}",
        reading.notice()
    );
}

const LONG: &str = "Not read: /stories/a-folder-with-a-long-name/and-another/one-more.md, for nobody \
    may read it but its owner.";

#[test]
fn a_message_that_is_cut_is_shown_whole_by_a_key() {
    let mut reading = forty(SMALL);
    reading.send(Message::Noticed(LONG.to_owned()));
    let line = reading.last_line();
    assert!(
        line.contains('…') && line.ends_with("! all of it"),
        "{line}"
    );
    reading.press("!");
    let screen: Vec<String> = reading
        .screen()
        .lines()
        .map(|it| it.trim().to_owned())
        .collect();
    let whole: String = screen
        .iter()
        .skip(1)
        .take_while(|it| !it.is_empty())
        .cloned()
        .collect();
    let whole = whole.replace(' ', "");
    assert!(whole.contains(&LONG.replace(' ', "")), "{screen:?}");
    assert!(whole.starts_with("10:00"), "{whole}");
    reading.press("!");
    reading.assert_hides("Messages");
    // One that fits needs no key.
    reading.send(Message::Noticed("Short.".to_owned()));
    assert_eq!(reading.last_line().trim(), "Short.");
}

#[test]
fn the_log_has_the_last_messages_first_and_scrolls() {
    let mut reading = forty(SMALL);
    reading.press("!");
    reading.assert_shows("nothing was said yet");
    reading.press("<esc>");
    for number in 0..300 {
        reading.send(Message::Noticed(format!("Message {number}.")));
    }
    reading.press("!");
    reading.assert_shows("Message 299.");
    reading.assert_shows("! leave");
    reading.press("G");
    // Two hundred are kept.
    reading.assert_shows("Message 100.");
    reading.assert_hides("Message 99.");
    // To the keys, and back, and out.
    reading.press("?");
    reading.assert_shows("Everywhere");
    reading.press("!");
    reading.assert_shows("Message 299.");
    reading.press("q");
    assert!(reading.model().help.is_none());
}

#[test]
fn where_the_database_is_damaged_the_list_says_so() {
    for size in [WIDE, USUAL, SMALL] {
        let reading = forty(size);
        let path = reading.library.database().unwrap().to_owned();
        let database = rusqlite::Connection::open(&path).unwrap();
        let merge = "PRAGMA wal_checkpoint(TRUNCATE)";
        database.execute_batch(merge).unwrap();
        let roots = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'story'";
        let pages: Vec<usize> = {
            let mut roots = database.prepare(roots).unwrap();
            let rows = roots.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let mut bytes = fs::read(&path).unwrap();
        for page in pages.into_iter().filter(|it| *it > 0) {
            bytes[(page - 1) * 4096..page * 4096].fill(0xff);
        }
        drop(database);
        fs::write(&path, bytes).unwrap();
        let reading = reading.again();
        reading.assert_shows("The next start");
        reading.assert_hides("reading …");
        // The next start keeps its word.
        let mut reading = reading.again();
        reading.assert_hides("damaged.");
        reading.add(&[]);
        assert_eq!(reading.titles().len(), 40);
    }
}

#[test]
fn measure_and_even_edges_are_as_they_were_left() {
    let mut reading = forty(WIDE);
    assert_eq!(
        (reading.model().measure, reading.model().justify),
        (72, false)
    );
    // Beside the list there is less room: what shows is made narrower.
    reading.press("l---=");
    let chosen = reading.model().measure;
    assert!(chosen < 68, "{chosen}");
    let mut reading = reading.again();
    assert_eq!(
        (reading.model().measure, reading.model().justify),
        (chosen, true)
    );
    reading.press("l=+");
    let mut reading = reading.again();
    assert_eq!(
        (reading.model().measure, reading.model().justify),
        (chosen + 4, false)
    );
    reading.press("q");
}

#[test]
fn a_file_that_is_named_is_read_though_it_is_removed() {
    for size in [WIDE, USUAL, SMALL] {
        let file = story("The Sea", "2026-11-19", "It is wide.");
        let mut reading = Reading::remembering(&[("sea.md", &file)], size);
        reading.press("d");
        // Who has just removed it sees it go.
        assert_eq!(reading.model().list.listing.source, Source::All);
        let mut reading = reading.again();
        let grown = || Message::LibraryGrew {
            stories: 1,
            reading: false,
        };
        if reading.model().geometry().list.is_some() {
            reading.assert_shows("All that was here is removed.");
        }
        reading.session.model.alone = true;
        reading.session.model.focus = Column::Reader;
        reading.send(grown());
        assert_eq!(reading.notice(), "This story is removed; d brings it back.");
        reading.assert_shows("It is wide.");
        reading.press("d");
        assert_eq!(reading.model().list.listing.source, Source::All);
        assert_eq!(reading.notice(), "Brought back “The Sea”.");
        assert_eq!(reading.titles(), ["The Sea"]);
        // Removed once more, it goes again.
        reading.press("d").send(grown());
        assert_eq!(reading.model().list.listing.source, Source::All);
    }
}
