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
