//! Feeds by keyboard: subscribing, naming, moving, refreshing, and taking all of it back.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

mod common;
#[path = "support/server.rs"]
mod server;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use common::{Reading, story};
use recto::{
    library::{Input, Library},
    story::{Source, Subscription},
    view::{Background, Depth, Paper, Theme},
};
use server::{Server, page};
use tempfile::TempDir;

/// A server with one feed at `/feed`, whose items a test sets: titles, the newest first.
struct Publisher {
    server: Server,
    titles: Arc<Mutex<Vec<&'static str>>>,
    edit: Arc<Mutex<(&'static str, &'static str)>>,
}

impl Publisher {
    fn of(titles: &[&'static str]) -> Self {
        let titles = Arc::new(Mutex::new(titles.to_vec()));
        let edit = Arc::new(Mutex::new(("", "")));
        let (given, edited) = (Arc::clone(&titles), Arc::clone(&edit));
        let server = Server::new(move |path, _, stream| {
            let titles = given.lock().unwrap();
            let items: String = titles
                .iter()
                .rev()
                .enumerate()
                .map(|(number, title)| {
                    let day = number + 1;
                    format!(
                        "<item><guid isPermaLink='false'>{title}</guid><title>{title}</title><description>Words of \
                         {title}.</description><pubDate>{day:02} Nov 2026 08:00:00 GMT</pubDate></item>"
                    )
                })
                .collect();
            let (from, to) = *edited.lock().unwrap();
            let items = match from {
                "" => items,
                from => items.replace(from, to),
            };
            let answer = match path {
                "/feed" if titles.is_empty() => {
                    "HTTP/1.1 410 G\r\nContent-Length: 0\r\n\r\n".into()
                }
                "/feed" => {
                    let feed =
                        format!("<rss><channel><title>Harbour News</title>{items}</channel></rss>");
                    page("", &feed)
                }
                "/feed/comments" | "/feed/moved" => page(
                    "",
                    "<rss><channel><title>Comments</title><item><title>Aye</title></item></channel></rss>",
                ),
                "/site" => page(
                    "Content-Type: text/html\r\n",
                    "<!doctype html><link rel=alternate type=application/rss+xml href=/feed/comments>\
                     <link rel=alternate type=application/rss+xml href=/feed>",
                ),
                _ => page("Content-Type: text/html\r\n", "<!doctype html><p>Nothing."),
            };
            let _ = stream.write_all(answer.as_bytes());
        });
        Publisher {
            server,
            titles,
            edit,
        }
    }

    /// Says something else from now on where it said `from`.
    fn edits(&self, from: &'static str, to: &'static str) {
        *self.edit.lock().unwrap() = (from, to);
    }

    fn publishes(&self, titles: &[&'static str]) {
        *self.titles.lock().unwrap() = titles.to_vec();
    }

    fn address(&self, path: &str) -> String {
        self.server.url.join(path).unwrap().into()
    }
}

/// A reader with a shelf of one story, who lives in the library.
fn reader(size: (u16, u16)) -> Reading {
    let folder = TempDir::new().unwrap();
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    common::write(folder.path(), &[("tides.md", &*tides)]);
    let inputs = vec![Input::Path(folder.path().to_owned()), Input::Feeds];
    let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
    Reading::start(folder, inputs, size, theme)
}

/// Types an address into the prompt that `a` opens.
fn subscribe(reading: &mut Reading, address: &str) {
    reading.press("a").paste(address).press("<ret>");
}

#[test]
fn an_address_that_is_typed_becomes_a_source() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    reading.assert_shows("Subscribed to “Harbour News”. u undoes it.");
    assert_eq!(reading.titles(), ["Anchors", "Bells", "Tides"]);
    assert_eq!(reading.counts("Harbour News"), Some((2, 2)));
    reading.go_to_source("Harbour News");
    assert_eq!(reading.titles(), ["Anchors", "Bells"]);
    reading.assert_shows("Words of Anchors.");
    insta::assert_snapshot!(reading.screen());
    reading.go_to_source("All stories").press("u");
    reading.assert_shows("Undone: subscribed to “Harbour News”.");
    assert_eq!(reading.counts("Harbour News"), None);
    assert_eq!(reading.counts("All stories"), Some((1, 1)));
    reading.press("<ctrl-r>");
    assert_eq!(reading.counts("Harbour News"), Some((2, 2)));
}

#[test]
fn of_the_feeds_of_a_site_one_is_chosen() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((80, 20));
    subscribe(&mut reading, &publisher.address("site"));
    reading.assert_shows("which feed   1 Harbour News  /feed   2 Comments  /feed/comments");
    reading
        .press("<esc>")
        .assert_shows("Nothing was subscribed to.");
    subscribe(&mut reading, &publisher.address("site"));
    reading.assert_shows("type its number; enter takes 1, esc none");
    // What is no answer loses nothing, and moves nothing.
    for key in ["<down>", "x", "9", "<left>"] {
        reading
            .press(key)
            .assert_shows("which feed   1 Harbour News");
    }
    reading.press("<ret>");
    reading.assert_shows("Subscribed to “Harbour News”. u undoes it.");
    assert_eq!(reading.titles(), ["Anchors", "Bells", "Tides"]);
}

#[test]
fn who_subscribes_among_the_sources_stands_at_the_new_feed() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((120, 20));
    reading.press("h");
    subscribe(&mut reading, &publisher.address("feed"));
    reading.assert_shows("Subscribed to “Harbour News”. u undoes it.");
    assert_eq!(reading.titles(), ["Anchors", "Bells"]);
    reading.press("e<ctrl-u>Port<ret>");
    assert_eq!(reading.counts("Port"), Some((2, 2)));
}

#[test]
fn an_address_without_a_scheme_is_tried_both_ways() {
    let publisher = Publisher::of(&["Anchors"]);
    let mut reading = reader((120, 20));
    let address = publisher.address("feed");
    subscribe(&mut reading, address.trim_start_matches("http://"));
    reading.assert_shows("Subscribed to “Harbour News”");
}

#[test]
fn what_is_no_feed_is_said_and_nothing_is_subscribed_to() {
    let publisher = Publisher::of(&[]);
    let mut reading = reader((120, 20));
    subscribe(&mut reading, &publisher.address("page"));
    reading.assert_shows("no feed was found there");
    // As it was typed, though it begins a sentence.
    subscribe(&mut reading, "not an address");
    reading.assert_shows("not an address: this is no address");
    assert_eq!(reading.counts("All stories"), Some((1, 1)));
    reading
        .press("R")
        .assert_shows("Nothing is subscribed to; a subscribes.");
}

#[test]
fn a_feed_is_named_and_moved_and_that_is_taken_back() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("e<ctrl-u>Port<ret>")
        .assert_shows("Renamed “Harbour News” to “Port”. u undoes it.");
    assert_eq!(reading.counts("Port"), Some((2, 2)));
    assert_eq!(&*reading.row().from, "Port");
    reading
        .go_to_source("Port")
        .press("M News / Sea <ret>")
        .assert_shows("Moved “Port” to News/Sea. u undoes it.");
    assert_eq!(reading.counts("News"), Some((2, 2)));
    assert_eq!(reading.counts("News/Sea"), Some((2, 2)));
    // It is not moved by being subscribed to once more, from wherever.
    let address = publisher.address("feed");
    reading.go_to_source("All stories");
    subscribe(&mut reading, &address);
    reading.assert_shows("That is subscribed to already: “Port”, in News/Sea.");
    assert_eq!(reading.counts("News/Sea"), Some((2, 2)));
    reading
        .press("u")
        .assert_shows("Undone: moved “Port” to News/Sea.");
    assert_eq!(reading.counts("News"), None);
    reading
        .press("u")
        .assert_shows("Undone: renamed “Harbour News” to “Port”.");
    assert_eq!(&*reading.row().from, "Harbour News");
    reading.go_to_source("Harbour News").press("d");
    reading.assert_shows("Unsubscribed from “Harbour News”. u undoes it.");
    assert_eq!(reading.counts("Harbour News"), None);
    reading.press("u");
    assert_eq!(reading.counts("Harbour News"), Some((2, 2)));
}

#[test]
fn a_folder_is_named_and_moved_and_left_each_as_one_step() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 24));
    for (path, folder) in [("feed", "News"), ("feed/comments", "News/Sea")] {
        subscribe(&mut reading, &publisher.address(path));
        let name = if path == "feed" {
            "Harbour News"
        } else {
            "Comments"
        };
        reading
            .go_to_source(name)
            .press(&format!("M{folder}<ret>"))
            .go_to_source("All stories");
    }
    reading
        .go_to_source("News")
        .press("e<ctrl-u>Press<ret>")
        .assert_shows("Renamed the folder “News” to “Press”. u undoes it.");
    assert_eq!(reading.counts("News"), None);
    assert_eq!(reading.counts("Press"), Some((3, 3)));
    assert_eq!(reading.counts("Press/Sea"), Some((1, 1)));
    reading
        .go_to_source("Press/Sea")
        .press("M<ctrl-u>Water<ret>")
        .assert_shows("Moved the folder “Press/Sea” to “Water/Sea”. u undoes it.");
    assert_eq!(reading.counts("Water/Sea"), Some((1, 1)));
    assert_eq!(reading.counts("Press"), Some((2, 2)));
    reading.go_to_source("All stories").press("uu");
    assert_eq!(reading.counts("News/Sea"), Some((1, 1)));
    reading
        .go_to_source("News")
        .press("d")
        .assert_shows("Unsubscribe from all 2 feeds in News? y/n");
    reading
        .press("n")
        .assert_shows("Nothing was unsubscribed from.");
    reading.press("dy");
    reading.assert_shows("Unsubscribed from 2 feeds. u undoes it.");
    assert_eq!(reading.counts("News"), None);
    assert_eq!(reading.titles(), ["Tides"]);
    reading.press("u");
    assert_eq!(reading.counts("News"), Some((3, 3)));
}

#[test]
fn a_folder_that_comes_back_is_the_one_that_is_listed() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 24));
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("MNews/Sea<ret>")
        .go_to_source("News");
    let stands = |reading: &Reading, folder: &str| {
        let listed = &reading.model().list.listing.source;
        assert_eq!(*listed, Source::Folder(folder.into()));
        assert_eq!(reading.titles(), ["Anchors", "Bells"]);
        let sources = &reading.model().sources;
        assert_eq!(sources.rows[sources.cursor].source, *listed);
    };
    reading.press("e<ctrl-u>Press<ret>");
    stands(&reading, "Press");
    reading.press("u");
    stands(&reading, "News");
    reading.press("<ctrl-r>");
    stands(&reading, "Press");
    reading.press("M<ctrl-u>Water<ret>");
    stands(&reading, "Water/Press");
    reading.press("u");
    stands(&reading, "Press");
    // Where it goes with the move of its only feed, what stands beside it is listed.
    reading.press("u").press("u");
    reading.assert_shows("Undone: moved “Harbour News” to News/Sea.");
    let listed = &reading.model().list.listing.source;
    assert!(
        matches!(listed, Source::Feed(feed) if &*feed.name == "Harbour News"),
        "{listed:?}"
    );
    assert_eq!(reading.counts("News"), None);
}

#[test]
fn what_was_done_elsewhere_since_is_not_taken_back() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 24));
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("e<ctrl-u>Port<ret>")
        .assert_shows("Renamed");
    let other = reading.other_at("old");
    let said = || {
        let all = reading_feeds(&other);
        all.into_iter().next()
    };
    let feed = other.feeds().unwrap()[0].id;
    // Another folder was given to it: its name alone goes back.
    other
        .change_feed(feed, |it| it.folder = "Water".to_owned())
        .unwrap();
    reading.press("u").assert_shows("Undone: renamed");
    assert_eq!(said(), Some((String::new(), "Water".to_owned())));
    reading
        .press("<ctrl-r>")
        .assert_shows("Done again: renamed");
    assert_eq!(said(), Some(("Port".to_owned(), "Water".to_owned())));
    // Another name: that stays.
    other
        .change_feed(feed, |it| it.name = "Quay".to_owned())
        .unwrap();
    reading
        .press("u")
        .assert_shows("“Quay” was changed since, and stays so.");
    assert_eq!(
        reading.notice(),
        "Not undone: renamed “Harbour News” to “Port”; “Quay” was changed since, and stays so. \
         u goes on with: subscribed to “Quay”."
    );
    assert_eq!(said(), Some(("Quay".to_owned(), "Water".to_owned())));
    // What was not taken back is not done again, whatever it is called by now.
    other.change_feed(feed, |it| it.name.clear()).unwrap();
    reading
        .press("<ctrl-r>")
        .assert_shows("Nothing to do again.");
    assert_eq!(said(), Some((String::new(), "Water".to_owned())));
    // Nor is it subscribed to again for a name.
    reading.press("e<ctrl-u>Dock<ret>").assert_shows("Renamed");
    other.unsubscribe(&[feed]).unwrap();
    reading
        .press("u")
        .assert_shows("“Dock” was unsubscribed from since. u goes on with: subscribed");
    assert_eq!(said(), None);
    // There it can be taken back, and is the last word.
    other.undo().unwrap();
    assert_eq!(said(), Some(("Dock".to_owned(), "Water".to_owned())));
}

#[test]
fn what_was_taken_back_in_part_is_done_again_in_part() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 24));
    reading.press("s");
    for (path, name) in [("feed", "Harbour News"), ("feed/comments", "Comments")] {
        subscribe(&mut reading, &publisher.address(path));
        reading
            .go_to_source(name)
            .press("MNews<ret>")
            .go_to_source("All stories");
    }
    reading
        .go_to_source("News")
        .press("e<ctrl-u>Press<ret>")
        .assert_shows("Renamed the folder");
    let other = reading.other_at("old");
    let feed = |name: &str| {
        let mut all = other.feeds().unwrap().into_iter();
        all.find(|it| it.name() == name).unwrap()
    };
    let moved = |name: &str, folder: &str| {
        let done = other.change_feed(feed(name).id, |it| folder.clone_into(&mut it.folder));
        done.unwrap();
    };
    let folders = || ["Harbour News", "Comments"].map(|it| feed(it).subscription.folder);
    moved("Harbour News", "Water");
    reading
        .press("u")
        .assert_shows("Undone: renamed the folder “News” to “Press”; “Harbour News” was changed");
    assert_eq!(folders(), ["Water", "News"]);
    // It lies where it lay before all that, and nobody has it go anywhere.
    moved("Harbour News", "News");
    reading.press("<ctrl-r>").assert_shows("Done again: ");
    assert_eq!(folders(), ["News", "Press"]);
    // One step after the other is refused, and what comes before them is taken back.
    moved("Harbour News", "Water");
    moved("Comments", "Land");
    reading
        .press("u")
        .assert_shows("Not undone: renamed the folder");
    assert!(
        reading
            .notice()
            .ends_with("u goes on with: moved “Comments” to News.")
    );
    for next in ["subscribed to “Comments”", "moved “Harbour News” to News"] {
        reading.press("u");
        let said = reading.notice();
        assert!(said.starts_with("Not undone: "), "{said}");
        assert!(
            said.ends_with(&format!("u goes on with: {next}.")),
            "{said}"
        );
    }
    assert_eq!(folders(), ["Water", "Land"]);
}

#[test]
fn who_is_asked_of_a_feed_that_was_left_elsewhere_is_told() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 24));
    subscribe(&mut reading, &publisher.address("feed"));
    let other = reading.other_at("old");
    let feed = other.feeds().unwrap()[0].id;
    let gone = "“Harbour News” was unsubscribed from meanwhile: nothing was done.";
    for (opens, typed) in [("e", "<ctrl-u>Port"), ("M", "News"), ("E", "example.org")] {
        reading.go_to_source("Harbour News").press(opens);
        other.unsubscribe(&[feed]).unwrap();
        reading.press(&format!("{typed}<ret>")).assert_shows(gone);
        assert_eq!(reading_feeds(&other), []);
        other.undo().unwrap();
        reading.recount();
    }
    // The same of a folder.
    other
        .change_feed(feed, |it| "News".clone_into(&mut it.folder))
        .unwrap();
    reading.recount();
    for (opens, said) in [("e", "renamed"), ("M", "moved")] {
        reading.go_to_source("News").press(opens);
        other.unsubscribe(&[feed]).unwrap();
        reading
            .press("<ctrl-u>Sea<ret>")
            .assert_shows(&format!("No feed lies in “News”: it is not {said}."));
        other.undo().unwrap();
        reading.recount();
    }
    reading.go_to_source("News").press("d");
    other.unsubscribe(&[feed]).unwrap();
    reading
        .press("y")
        .assert_shows("“Harbour News” was unsubscribed from meanwhile: nothing was done.");
}

#[test]
fn searches_follow_the_folders_that_they_name() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 30));
    let other = reading.other_at("old");
    let kept = |name: &str| {
        let all = other.saved_queries().unwrap();
        all.into_iter().find(|it| it.saved == name).unwrap().query
    };
    other
        .keep_query("new", "folder:=\"Old News\" is:unread")
        .unwrap();
    other.keep_query("loose", "folder:News").unwrap();
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("MOld News<ret>")
        .go_to_source("Old News")
        .press("e<ctrl-u>Press<ret>")
        .assert_shows(
            "Renamed the folder “Old News” to “Press”, also in the search “new”. u undoes it.",
        );
    assert_eq!(kept("new"), "folder:=Press is:unread");
    assert_eq!(kept("loose"), "folder:News");
    assert_eq!(reading.counts("new"), Some((2, 2)));
    reading
        .go_to_source("Press")
        .press("MAll<ret>")
        .assert_shows("also in the search “new”");
    assert_eq!(kept("new"), "folder:=All/Press is:unread");
    assert_eq!(reading.counts("new"), Some((2, 2)));
    reading.press("uu");
    assert_eq!(kept("new"), "folder:=\"Old News\" is:unread");
    assert_eq!(reading.counts("new"), Some((2, 2)));
    // What was made of the search since stays.
    reading.press("<ctrl-r>");
    other.keep_query("new", "folder:=Press is:starred").unwrap();
    reading
        .press("u")
        .assert_shows("; “new” was changed since, and stays so.");
    assert_eq!(reading.counts("Old News"), Some((2, 2)));
}

#[test]
fn what_is_taken_back_while_the_settings_say_otherwise_is_told() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 30));
    let address = publisher.address("feed");
    subscribe(&mut reading, &address);
    reading
        .go_to_source("Harbour News")
        .press("e<ctrl-u>Ocean<ret>")
        .press("MNews<ret>");
    let set = Subscription {
        name: "Set".to_owned(),
        ..Subscription::new(address)
    };
    let other = reading.other_at("old");
    other
        .declare_feeds(std::slice::from_ref(&set), true)
        .unwrap();
    reading.recount();
    assert!(reading.counts("Set").is_some());
    // Of its folder they say nothing.
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: moved “Ocean” to News.");
    reading.press("u");
    assert_eq!(
        reading.notice(),
        "Undone: renamed “Harbour News” to “Ocean”; of “Set” the settings say the name, and it stays so."
    );
    reading.press("<ctrl-r>");
    assert!(reading.notice().ends_with("and it stays so."));
    other.declare_feeds(&[], true).unwrap();
    reading.recount();
    assert!(reading.counts("Ocean").is_some());
    reading
        .press("u")
        .assert_shows("Undone: renamed “Harbour News” to “Ocean”.");
    assert!(reading.counts("Harbour News").is_some());
    // One that is left while they call it so comes back as the reader had it.
    other.declare_feeds(&[set], true).unwrap();
    reading.recount().go_to_source("Set").press("d");
    other.declare_feeds(&[], true).unwrap();
    reading.press("u");
    assert!(reading.counts("Harbour News").is_some());
}

#[test]
fn searches_that_were_kept_since_follow_what_is_taken_back() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 30));
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("MDay<ret>")
        .go_to_source("Day")
        .press("e<ctrl-u>Night<ret>");
    let other = reading.other_at("old");
    other.keep_query("nn", "folder:=Night").unwrap();
    reading.press("u");
    assert_eq!(
        reading.notice(),
        "Undone: renamed the folder “Day” to “Night”; the search “nn” follows."
    );
    assert_eq!(reading.counts("nn"), Some((2, 2)));
    reading.press("<ctrl-r>");
    assert_eq!(reading.counts("nn"), Some((2, 2)));
    // Where a feed stays in the folder, it is what the search is for.
    subscribe(&mut reading, &publisher.address("feed/comments"));
    let feeds = other.feeds().unwrap().into_iter();
    let new = feeds.last().unwrap();
    other
        .change_feed(new.id, |it| "Night".clone_into(&mut it.folder))
        .unwrap();
    reading.press("u");
    assert!(reading.counts("Day").is_none());
    let kept = other.saved_queries().unwrap();
    assert_eq!(kept[0].query, "folder:=Night");
}

#[test]
fn a_folder_that_another_program_calls_otherwise_stays_the_one_that_is_listed() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::following(&[("tides.md", &*tides)], (160, 30));
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("MDay/Sea<ret>")
        .go_to_source("Day");
    let other = reading.other_at("old");
    let stands = |reading: &mut Reading, source: &str| {
        // What of it this program sees first is where the feed lies.
        reading.recount();
        let stop = std::sync::atomic::AtomicBool::new(false);
        reading.library.settle_feeds(&stop).unwrap();
        reading.recount();
        let sources = &reading.model().sources;
        let row = &sources.rows[sources.cursor];
        assert_eq!(row.source.name(), source);
        assert_eq!((row.total, row.unread), (2, 2));
        assert_eq!(reading.model().list.listing.source, row.source);
        assert_eq!(reading.titles(), ["Anchors", "Bells"]);
    };
    other.refile("Day", "Night", "renamed").unwrap();
    stands(&mut reading, "Night");
    other.refile("Night", "All/Night", "moved").unwrap();
    stands(&mut reading, "All/Night");
    // Where it is no more, one stands at what is next.
    other.refile("All/Night/Sea", "Land", "moved").unwrap();
    stands(&mut reading, "Land");
}

#[test]
fn no_folder_is_moved_into_itself() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 24));
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("MSea<ret>")
        .go_to_source("Sea");
    for into in ["Sea", "Sea/Y"] {
        reading
            .press(&format!("M<ctrl-u>{into}<ret>"))
            .assert_shows("“Sea” is not moved: no folder lies in itself.");
        assert_eq!(reading.counts("Sea"), Some((2, 2)));
    }
    reading
        .press("M<ctrl-u>Seaside<ret>")
        .assert_shows("Moved the folder “Sea” to “Seaside/Sea”.");
}

#[test]
fn where_the_last_feed_was_left_the_list_says_what_brings_one() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
    let inputs = vec![Input::Feeds];
    let mut reading = Reading::start(TempDir::new().unwrap(), inputs, (160, 20), theme);
    subscribe(&mut reading, &publisher.address("feed"));
    reading
        .go_to_source("Harbour News")
        .press("d")
        .assert_shows("Nothing is subscribed to any more.");
    reading.assert_shows("u takes back what was done last; a");
    reading.press("u");
    assert_eq!(reading.counts("Harbour News"), Some((2, 2)));
}

#[test]
fn a_feed_is_not_readdressed_to_where_another_one_is() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 24));
    for path in ["feed", "feed/comments"] {
        subscribe(&mut reading, &publisher.address(path));
        reading.go_to_source("All stories");
    }
    let there = publisher.address("feed");
    reading
        .go_to_source("Comments")
        .press("E")
        .paste(&there)
        .press("<ret>")
        .assert_shows("Not readdressed: “Harbour News” is fetched from there.");
    assert_eq!(reading.counts("Comments"), Some((1, 1)));
    let elsewhere = publisher.address("feed/moved");
    reading.press("E").paste(&elsewhere).press("<ret>");
    assert_eq!(reading.notice(), "Readdressed “Comments”. u undoes it.");
    // To where it is already is no other feed.
    let here = publisher.address("feed/comments");
    reading.press("E").paste(&here).press("<ret>");
    assert!(!reading.screen().contains("Not readdressed"));
}

/// Names and folders of the feeds that are subscribed to.
fn reading_feeds(library: &Library) -> Vec<(String, String)> {
    let feeds = library.feeds().unwrap().into_iter();
    let said = feeds.map(|it| it.subscription);
    said.map(|it| (it.name, it.folder)).collect()
}

#[test]
fn a_feed_that_comes_back_is_where_one_stands_and_no_file_was_gone() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    reading.go_to_source("Harbour News");
    reading.assert_shows("Words of Anchors.");
    reading.press("d");
    assert_eq!(reading.counts("Harbour News"), None);
    assert_eq!(reading.titles(), ["Tides"]);
    reading.press("u");
    // It is the one that keys are for again.
    assert_eq!(reading.titles(), ["Anchors", "Bells"]);
    reading.press("e<ctrl-u>Port<ret>");
    assert_eq!(reading.counts("Port"), Some((2, 2)));
    reading.press("!").assert_shows("Unsubscribed from");
    assert!(
        !reading.screen().contains("is gone"),
        "{}",
        reading.screen()
    );
}

#[test]
fn a_feed_that_is_subscribed_to_again_is_where_it_was_and_that_is_taken_back() {
    let publisher = Publisher::of(&["Bells"]);
    let mut reading = reader((160, 20));
    let address = publisher.address("feed");
    subscribe(&mut reading, &address);
    reading
        .go_to_source("Harbour News")
        .press("e<ctrl-u>Port<ret>")
        .press("MNews/Sea<ret>")
        .go_to_source("Port")
        .press("d");
    assert_eq!(reading.counts("News"), None);
    for _ in 0..2 {
        subscribe(&mut reading, &address);
        reading.assert_shows("Subscribed to “Port”, in News/Sea as before. u undoes it.");
        assert_eq!(reading.counts("News/Sea"), Some((1, 1)));
        reading
            .press("u")
            .assert_shows("Undone: subscribed to “Port”.");
        assert_eq!(reading.counts("News"), None);
    }
    // And what was done before is taken back as it would have been.
    reading.press("u");
    assert_eq!(reading.counts("News/Sea"), Some((1, 1)));
}

#[test]
fn a_feed_is_marked_read_from_where_it_stands_among_the_sources() {
    let publisher = Publisher::of(&["Anchors", "Bells"]);
    let mut reading = reader((160, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    reading.go_to_source("Harbour News").press("A");
    assert_eq!(reading.counts("Harbour News"), Some((0, 2)));
    reading.assert_shows("Marked read 2 stories.");
    reading.press("u");
    assert_eq!(reading.counts("Harbour News"), Some((2, 2)));
}

#[test]
fn who_reads_asks_the_feed_of_the_story() {
    let publisher = Publisher::of(&["Bells"]);
    let mut reading = reader((120, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    reading.press("g<ret>");
    assert_eq!(reading.open_title(), "Bells");
    publisher.publishes(&["Anchors", "Bells"]);
    reading.press("r").assert_shows("1 feed: 1 new.");
    assert_eq!(reading.open_title(), "Bells");
    reading.press("qG<ret>");
    assert_eq!(reading.open_title(), "Tides");
    reading
        .press("r")
        .assert_shows("This story came from no feed of yours; R asks all of them.");
}

#[test]
fn who_finds_no_feed_for_all_are_hidden_is_told_how_to_have_them_there() {
    let publisher = Publisher::of(&["Bells"]);
    let mut reading = reader((160, 20));
    let address = publisher.address("feed");
    let hidden = Subscription {
        attributes: vec![("hidden".to_owned(), "true".to_owned())],
        ..Subscription::new(address.clone())
    };
    reading.library.subscribe(&[hidden]).unwrap();
    reading.press("R").assert_shows("1 feed: 1 new.");
    reading.assert_shows("Feeds: all are hidden");
    reading
        .press("h")
        .assert_shows("Feeds are hidden: a and the address of one shows it here");
    reading
        .press("e")
        .assert_shows("Not now: all feeds are hidden; a and the address of one shows it.");
    subscribe(&mut reading, &address);
    reading.assert_shows("Put among the sources: “Harbour News”. u undoes it.");
    assert_eq!(reading.counts("Harbour News"), Some((1, 1)));
    reading.assert_hides("all are hidden");
    reading.press("u");
    assert_eq!(reading.counts("Harbour News"), None);
    reading.assert_shows("Feeds: all are hidden");
}

#[test]
fn stories_come_in_without_moving_the_cursor() {
    let publisher = Publisher::of(&["Bells", "Currents"]);
    let mut reading = reader((120, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    // Where one was, though no key was pressed.
    assert_eq!(reading.title(), "Tides");
    reading.press("k");
    assert_eq!(reading.title(), "Currents");
    publisher.publishes(&["Anchors", "Bells", "Currents"]);
    reading.press("R").assert_shows("1 feed: 1 new.");
    assert_eq!(reading.titles(), ["Anchors", "Bells", "Currents", "Tides"]);
    assert_eq!(reading.title(), "Currents");
    // While one reads, too.
    reading.press("<ret>");
    publisher.publishes(&["Winds", "Anchors", "Bells", "Currents"]);
    reading.press("R");
    assert_eq!(reading.open_title(), "Currents");
}

#[test]
fn what_stands_on_the_page_stays_there_though_no_key_was_pressed() {
    let publisher = Publisher::of(&["Bells"]);
    // Where no page shows, the newest one is on top.
    for (size, title) in [((160, 20), "Bells"), ((80, 20), "Anchors")] {
        publisher.publishes(&["Bells"]);
        let mut reading = reader(size);
        subscribe(&mut reading, &publisher.address("feed"));
        reading.go_to_source("Harbour News");
        publisher.publishes(&["Anchors", "Bells"]);
        reading.press("R");
        assert_eq!(reading.titles(), ["Anchors", "Bells"]);
        assert_eq!(&*reading.row().title, title);
        if title == "Bells" {
            reading.assert_shows("Words of Bells.");
        }
    }
}

#[test]
fn feeds_that_stand_nowhere_are_asked_too() {
    let publisher = Publisher::of(&["Bells"]);
    let mut reading = reader((120, 20));
    let hidden = Subscription {
        attributes: vec![("hidden".to_owned(), "true".to_owned())],
        ..Subscription::new(publisher.address("feed"))
    };
    reading.library.subscribe(&[hidden]).unwrap();
    reading.press("R").assert_shows("1 feed: 1 new.");
}

#[test]
fn a_story_that_was_changed_since_it_was_read_says_so() {
    let publisher = Publisher::of(&["Bells", "Currents"]);
    let mut reading = reader((120, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    reading.press("gg<ret>q");
    assert!(reading.row().read);
    publisher.edits("Words of Bells.", "Other words.");
    reading.press("R").assert_shows("· updated");
    assert!(reading.row().read);
    reading.press("<ret>").assert_shows("Other words.");
    reading.press("q").assert_hides("· updated");
    // Whoever marks it read has taken notice, too; another date alone is no news.
    publisher.edits("Words of Bells.", "Third words.");
    reading.press("R").assert_shows("· updated");
    reading.press("m").assert_hides("· updated");
    assert!(reading.row().read);
    publisher.edits("08:00:00", "09:00:00");
    reading.press("R").assert_shows("· updated");
    reading.press("A").assert_hides("· updated");
    publisher.edits("08:00:00", "10:00:00");
    reading.press("R").assert_hides("· updated");
}

#[test]
fn what_is_wrong_with_a_feed_shows_where_it_stands() {
    let publisher = Publisher::of(&["Anchors"]);
    let mut reading = reader((160, 20));
    subscribe(&mut reading, &publisher.address("feed"));
    publisher.publishes(&[]);
    reading
        .press("r")
        .assert_shows("“Harbour News” failed: 127.0.0.1 answered 410");
    reading.go_to_source("Harbour News").press("k").press("j");
    reading.assert_shows("Harbour News        ! 1/1");
    reading.assert_shows("this is gone for good), since");
}
