//! Pages by keyboard: keeping stories, reading full texts, reading here what a link leads to.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

mod common;
#[path = "support/server.rs"]
mod server;

use std::{
    fs,
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use common::{Reading, story};
use recto::{
    keep,
    library::Input,
    story::{Kind, Story},
    view::{Background, Depth, Paper, Theme},
};
use server::{Server, page};
use tempfile::TempDir;

/// A site with a feed of teasers, and the pages that they announce.
struct Site {
    server: Server,
    gone: Arc<AtomicBool>,
    slow: Arc<AtomicBool>,
    bells: Arc<Mutex<String>>,
}

impl Site {
    fn new() -> Self {
        let gone = Arc::<AtomicBool>::default();
        let is_gone = Arc::clone(&gone);
        let slow = Arc::<AtomicBool>::default();
        let is_slow = Arc::clone(&slow);
        let bells = Arc::new(Mutex::new("They ring.".to_owned()));
        let said = Arc::clone(&bells);
        let server = Server::new(move |path, asked, stream| {
            let host = asked
                .iter()
                .find_map(|it| it.strip_prefix("host: "))
                .unwrap_or_default();
            let words: String = (0..150).map(|it| format!("word{it} ")).collect();
            let html = |title: &str, body: &str| {
                let html = format!(
                    "<!doctype html><title>{title}</title><article><h1>{title}</h1><p>{body}</p></article>"
                );
                page("Content-Type: text/html\r\n", &html)
            };
            if is_slow.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_secs(3));
            }
            let answer = match path {
                _ if is_gone.load(Ordering::SeqCst) => {
                    "HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
                }
                "/harbour.xml" => page(
                    "",
                    &format!(
                        "<rss><channel><title>Harbour News</title><item><title>Anchors</title>\
                         <link>http://{host}/anchors</link><description>Only a teaser, and &lt;a \
                         href='http://{host}/bells'>bells&lt;/a> and &lt;a href='http://{host}/list'>more&lt;/a>.</description>\
                         <pubDate>01 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"
                    ),
                ),
                "/anchors" => html("Anchors, in full", &format!("The whole of it. {words}")),
                "/list" => page(
                    "Content-Type: text/html\r\n",
                    "<!doctype html><title>All of it</title><ul><li><a href='/a'>A</a><li><a href='/b'>B</a></ul>",
                ),
                "/bells" => html("Bells", &format!("{} {words}", said.lock().unwrap())),
                _ => "HTTP/1.1 404 N\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
            };
            let _ = stream.write_all(answer.as_bytes());
        });
        Site {
            server,
            gone,
            slow,
            bells,
        }
    }

    fn at(&self, path: &str) -> String {
        self.server.url.join(path).unwrap().into()
    }

    fn says(&self, text: &str) {
        text.clone_into(&mut self.bells.lock().unwrap());
    }

    fn is_gone(&self) {
        self.gone.store(true, Ordering::SeqCst);
    }
}

/// A reader with a shelf of one story, who has subscribed to the site's feed and reads its story.
fn reader(site: &Site) -> Reading {
    let folder = TempDir::new().unwrap();
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    common::write(folder.path(), &[("tides.md", &*tides)]);
    let inputs = vec![Input::Path(folder.path().to_owned()), Input::Feeds];
    let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
    let mut reading = Reading::start(folder, inputs, (120, 24), theme);
    reading
        .press("a")
        .paste(&site.at("harbour.xml"))
        .press("<ret>g");
    assert_eq!(reading.titles(), ["Anchors", "Tides"]);
    reading
}

/// The names of the files that were kept.
fn kept(reading: &Reading) -> Vec<String> {
    let Ok(entries) = fs::read_dir(reading.folder.path().join("saved")) else {
        return Vec::new();
    };
    let names = entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_feeds_story_is_kept_with_the_text_of_its_page_and_shows_once() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("s").press("S");
    reading.assert_shows("Saved (u undoes it): saved/2026-11-01-anchors.md.");
    assert_eq!(kept(&reading), ["2026-11-01-anchors.md"]);
    assert_eq!(reading.titles(), ["Anchors", "Tides"]);
    let path = reading.folder.path().join("saved/2026-11-01-anchors.md");
    let text = fs::read_to_string(path).unwrap();
    assert!(
        text.contains("title: \"Anchors\"") && text.contains("The whole of it."),
        "{text}"
    );
    assert!(reading.row().starred);
    reading.press("<ret>");
    reading.assert_shows("The whole of it.");
    reading.press("S");
    reading.assert_shows("Nothing has changed since it was saved: saved/2026-11-01-anchors.md.");
    // A story that lies there is its reader's own.
    reading.press("hjS");
    reading.assert_shows("It lies on your shelf already: tides.md.");
    assert_eq!(kept(&reading).len(), 1);
}

#[test]
fn what_was_kept_is_taken_back_unless_it_was_edited() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("S");
    reading.assert_shows("Saved (u undoes it): saved/2026-11-01-anchors.md");
    reading.press("u");
    reading.assert_shows("Taken back: saved/2026-11-01-anchors.md lies in .trash now");
    assert!(kept(&reading).is_empty());
    let trash = reading.folder.path().join(".trash/2026-11-01-anchors.md");
    assert!(trash.is_file());
    assert_eq!(reading.titles(), ["Anchors", "Tides"]);
    // Done again, it lies there as before.
    reading.press("<ctrl-r>");
    reading.assert_shows("Done again: saved/2026-11-01-anchors.md is as it was");
    assert_eq!(kept(&reading), ["2026-11-01-anchors.md"]);
    reading.press("u");
    assert!(kept(&reading).is_empty());
    // What was done since comes first.
    reading.press("S").press("s").press("u");
    assert_eq!(kept(&reading), ["2026-11-01-anchors.md"]);
    // Who keeps what was removed wants it back, and that is one step.
    reading.press("d");
    assert_eq!(reading.titles(), ["Tides"]);
    reading.press("/is:removed<ret>").press("S");
    reading.assert_shows("“Anchors”; Nothing has changed since it was saved");
    reading.press("<esc>").press("<esc>");
    assert_eq!(reading.titles(), ["Anchors", "Tides"]);
    reading.press("u");
    assert_eq!(reading.titles(), ["Tides"]);
    let mut other = self::reader(&site);
    other.press("S");
    let path = other.folder.path().join("saved/2026-11-01-anchors.md");
    let edited = fs::read_to_string(&path).unwrap() + "Mine.\n";
    fs::write(&path, edited).unwrap();
    other.press("u");
    other.assert_shows("was edited since it was written, and stays");
    assert_eq!(kept(&other).len(), 1);
}

#[test]
fn a_save_that_writes_nothing_leaves_the_one_before_to_be_undone() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("S");
    reading.assert_shows("Saved (u undoes it)");
    reading.press("S");
    reading.assert_shows("Nothing has changed since it was saved");
    reading.press("u");
    reading.assert_shows("Taken back: saved/2026-11-01-anchors.md lies in .trash now");
    assert!(kept(&reading).is_empty());
}

#[test]
fn what_a_page_said_before_comes_back() {
    let site = Site::new();
    let mut reading = reader(&site);
    let page = |reading: &mut Reading| {
        reading.press("<ret>").press("Fa");
        assert_eq!(reading.open_title(), "Bells");
        reading.press("S");
    };
    page(&mut reading);
    let path = reading.folder.path().join("saved").join(&kept(&reading)[0]);
    let before = fs::read_to_string(&path).unwrap();
    site.says("They do not ring any more.");
    reading.press("<ctrl-o>");
    page(&mut reading);
    reading.assert_shows("Updated (u undoes it): saved/");
    let now = fs::read_to_string(&path).unwrap();
    assert!(now.contains("not ring any more"), "{now}");
    reading.press("u");
    reading.assert_shows("is as it was");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    reading.assert_shows("They ring.");
    reading.press("<ctrl-r>");
    assert_eq!(fs::read_to_string(&path).unwrap(), now);
    reading.assert_shows("not ring any more");
    reading.press("u");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    assert_eq!(kept(&reading).len(), 1);
}

#[test]
fn a_link_to_a_story_that_is_here_is_read_here() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>").press("Fa").press("S");
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "Anchors");
    reading.press("fa");
    assert_eq!(reading.open_title(), "Bells");
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "Anchors");
}

#[test]
fn the_feeds_text_is_kept_where_its_page_is_gone() {
    let site = Site::new();
    let mut reading = reader(&site);
    site.is_gone();
    reading.press("S");
    reading.assert_shows("with the feed's own text");
    assert_eq!(kept(&reading), ["2026-11-01-anchors.md"]);
    reading.press("S");
    reading.assert_shows("It lies on your shelf already: saved/2026-11-01-anchors.md");
    reading.assert_shows("its page is not to be had now");
}

#[test]
fn a_teaser_that_was_kept_is_completed_once_its_page_is_there() {
    let site = Site::new();
    for key in ["S", "w"] {
        let mut reading = reader(&site);
        site.gone.store(true, Ordering::SeqCst);
        reading.press("S");
        reading.assert_shows("with the feed's own text");
        site.gone.store(false, Ordering::SeqCst);
        let path = reading.folder.path().join("saved/2026-11-01-anchors.md");
        let teaser = fs::read_to_string(&path).unwrap();
        reading.press("<ret>").press(key);
        reading.assert_shows("u undoes it");
        reading.assert_shows("The whole of it.");
        let whole = fs::read_to_string(&path).unwrap();
        assert!(
            whole.contains("The whole of it.") && whole.contains("title: \"Anchors\""),
            "{whole}"
        );
        assert_eq!(kept(&reading).len(), 1);
        reading.press("S");
        reading.assert_shows("Nothing has changed since it was saved");
        reading.press("u");
        assert_eq!(fs::read_to_string(&path).unwrap(), teaser);
        reading.press("<ctrl-r>");
        assert_eq!(fs::read_to_string(&path).unwrap(), whole);
        reading.press("w");
        reading.assert_shows("This story is a file");
    }
}

#[test]
fn a_page_that_was_kept_is_asked_again_where_it_lies() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>").press("Fa").press("S");
    let name = kept(&reading).concat();
    let path = reading.folder.path().join("saved").join(&name);
    reading.press("S");
    reading.assert_shows("Nothing has changed since it was saved");
    site.says("They ring twice.");
    reading.press("S");
    reading.assert_shows(&format!("Updated (u undoes it): saved/{name}"));
    reading.assert_shows("They ring twice.");
    let edited = fs::read_to_string(&path).unwrap() + "Mine.\n";
    fs::write(&path, &edited).unwrap();
    // Nothing is new on the page: what is edited stays alone.
    reading.press("S");
    reading.assert_shows("Nothing has changed since it was saved");
    assert_eq!(kept(&reading).len(), 1);
    site.says("They ring no more.");
    reading.press("S");
    reading.assert_shows("you edited");
    assert_eq!(kept(&reading).len(), 2);
    assert_eq!(fs::read_to_string(&path).unwrap(), edited);
}

#[test]
fn the_full_text_takes_the_place_of_the_teaser_and_goes_again() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>");
    reading.assert_shows("Only a teaser");
    reading.press("w");
    reading.assert_shows("The whole of it.");
    reading.assert_hides("Only a teaser");
    assert_eq!(reading.open_title(), "Anchors");
    site.is_gone();
    reading.press("w");
    reading.assert_shows("Only a teaser");
    reading.press("w");
    reading.assert_shows("The whole of it.");
    // It is found by its words, too.
    reading.press("h/word149<tab>");
    assert_eq!(reading.titles(), ["Anchors"]);
    reading.press("<esc>jl");
    assert_eq!(reading.open_title(), "Tides");
    reading.press("w");
    reading.assert_shows("This story is a file");
}

#[test]
fn a_link_is_read_here_and_kept_only_if_wanted() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>").press("F");
    reading.assert_shows("to read its page here");
    reading.press("a");
    assert_eq!(reading.open_title(), "Bells");
    reading.assert_shows("They ring.");
    assert!(kept(&reading).is_empty());
    reading.press("s");
    reading.assert_shows("This page is only looked at; S keeps it first.");
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "Anchors");
    reading.press("Fa");
    assert_eq!(reading.open_title(), "Bells");
    reading.press("S");
    assert_eq!(kept(&reading).len(), 1);
    assert_eq!(reading.open_title(), "Bells");
    assert_eq!(reading.counts("All stories").map(|it| it.1), Some(3));
    reading.press("s");
    reading.assert_hides("only looked at");
    // The page goes; the copy stays.
    site.is_gone();
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "Anchors");
    reading.press("Fa");
    assert_eq!(reading.open_title(), "Bells");
    reading.assert_shows("this is the copy that you saved");
}

#[test]
fn a_page_without_a_story_is_kept_as_a_link_and_says_so() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>Fs");
    reading.assert_shows("There is no story on this page; o opens it in the browser");
    reading.assert_shows("S keeps it as a link");
    reading.press("S");
    reading
        .assert_shows("Saved as a link, for there is no story on this page (u undoes it): saved/");
    let [name] = &kept(&reading)[..] else {
        panic!("{:?}", kept(&reading));
    };
    let text = fs::read_to_string(reading.folder.path().join("saved").join(name)).unwrap();
    let link = format!("[All of it](<{}>)", site.at("list"));
    assert!(text.contains(&link), "{text}");
    reading.press("u");
    assert_eq!(kept(&reading), [""; 0]);
}

#[test]
fn whoever_goes_on_is_not_taken_to_a_page_that_comes_late() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>").press_at_once("Fah");
    assert_eq!(reading.open_title(), "Anchors");
    reading.assert_shows("was fetched; you had left by then");
}

#[test]
fn what_is_on_its_way_is_given_up_and_holds_up_no_other_step() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("s");
    assert!(reading.row().starred);
    site.slow.store(true, Ordering::SeqCst);
    reading.press_at_once("Su");
    reading.assert_shows("Saving was given up");
    assert!(kept(&reading).is_empty() && reading.row().starred);
    // What was done since comes first.
    reading.press_at_once("Smu");
    assert_eq!(kept(&reading), ["2026-11-01-anchors.md"]);
    assert!(!reading.row().read && reading.row().starred);
    // Nobody waits for a text either.
    reading.press("u").press("<ret>").press_at_once("wu");
    reading.assert_shows("Asking for the full text was given up");
    reading.assert_shows("Only a teaser");
}

#[test]
fn a_link_says_by_what_its_text_is_fetched() {
    let of = |text: &str| format!("---\ntitle: Knots\nurl: https://e.org/knots\n---\n\n{text}\n");
    for (text, is_link) in [
        ("[Knots](<https://e.org/knots>)", true),
        ("[Knots](<https://e.org/knots>)\n\n## Note\n\nYes.", true),
        ("[Knots](<https://e.org/knots>)\n\nAll of it.", false),
        ("[Ropes](<https://e.org/ropes>)", false),
    ] {
        let mut reading = Reading::of(&[("knots.md", &*of(text))], (120, 24));
        reading.press("<ret>");
        match is_link {
            true => reading.assert_shows("w full text"),
            false => reading.assert_hides("w full text"),
        }
    }
}

#[test]
fn an_address_without_a_feed_is_read_as_a_page() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("a").paste(&site.at("bells")).press("<ret>");
    assert_eq!(reading.open_title(), "Bells");
    reading.assert_shows("No feed was found there; this is the page, and S keeps it.");
}

const LETTER: &str = "\
From: ann@example.org
Subject: Ropes
Date: Thu, 28 Feb 2019 14:05:00 +0100
Message-ID: <one@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Of hemp.
--b
Content-Type: application/x-plan; name=\"../../plan.txt\"
Content-Disposition: attachment; filename=\"../../plan.txt\"
Content-Transfer-Encoding: base64

QSBwbGFuLg==
--b--
";

#[test]
fn a_letter_of_a_mailbox_is_kept_and_shows_once() {
    let mailbox = format!("From ann@example.org Thu Feb 28 14:05:00 2019\n{LETTER}\n");
    for (name, text) in [
        ("mail/a.mbox", &*mailbox),
        ("mail/cur/1551359100.M1P2.host:2,S", LETTER),
    ] {
        let mut reading = Reading::remembering(&[(name, text), ("mail/tmp/x", "")], (120, 24));
        assert_eq!(reading.titles(), ["Ropes"]);
        reading.press("m");
        assert!(reading.row().read);
        reading.press("S");
        reading.assert_shows("Saved (u undoes it): saved/2019-02-28-ropes.md");
        // The folder has the file that came with it.
        assert_eq!(kept(&reading), ["2019-02-28-ropes", "2019-02-28-ropes.md"]);
        assert_eq!(reading.titles(), ["Ropes"], "{name}");
        assert!(reading.row().read);
        reading.press("S");
        reading.assert_shows("Nothing has changed since it was saved: saved/2019-02-28-ropes.md");
        assert_eq!(kept(&reading).len(), 2);
        // The copy stays when the mail program is done with the letter.
        fs::remove_file(reading.folder.path().join(name)).unwrap();
        let reading = reading.again();
        assert_eq!(reading.titles(), ["Ropes"], "{name}");
        assert!(reading.row().read);
    }
}

#[test]
fn what_helps_shows_on_the_smallest_screen() {
    let mailbox = format!("From ann@example.org Thu Feb 28 14:05:00 2019\n{LETTER}\n");
    let mut reading = Reading::remembering(&[("mail/a.mbox", &*mailbox)], (40, 12));
    reading.press("S");
    reading.assert_shows("Saved (u undoes it)");
    reading.press("u");
    reading.assert_shows("Taken back: saved/");
}

#[test]
fn the_last_step_is_taken_back_first_whatever_it_was() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("js").press("k<ret>").press("F");
    reading.assert_shows("to read its page here");
    reading.press("a");
    assert_eq!(reading.open_title(), "Bells");
    // That its end was seen before belongs to its being kept.
    reading.press("G").press("S");
    reading.assert_shows("Saved (u undoes it)");
    assert_eq!(reading.open_title(), "Bells");
    assert_eq!(kept(&reading).len(), 1);
    reading.press("s").press("u");
    reading.assert_shows("Undone: starred “Bells”");
    reading.press("u");
    reading.assert_shows("lies in .trash now");
    assert!(kept(&reading).is_empty());
    reading.press("u");
    reading.assert_shows("Undone: starred “Tides”");
    for done in [
        "Done again: starred “Tides”",
        "is as it was",
        "Done again: starred “Bells”",
    ] {
        reading.press("<ctrl-r>");
        reading.assert_shows(done);
    }
    assert_eq!(kept(&reading).len(), 1);
    let rows = &reading.model().list.window.rows;
    let bells = rows.iter().find(|it| &*it.title == "Bells");
    assert_eq!(bells.map(|it| (it.read, it.starred)), Some((true, true)));
}

#[test]
fn what_was_kept_is_taken_back_after_a_restart() {
    let site = Site::new();
    let tides = story("Tides", "2026-10-01", "Of the shelf.");
    let mut reading = Reading::remembering(&[("tides.md", &*tides)], (120, 24));
    reading.press("a").paste(&site.at("bells")).press("<ret>");
    assert_eq!(reading.open_title(), "Bells");
    reading.press("S").press("s");
    assert_eq!(kept(&reading).len(), 1);
    let mut reading = reading.again();
    reading.press("u");
    reading.assert_shows("Undone: starred “Bells”");
    reading.press("u");
    reading.assert_shows("lies in .trash now");
    assert!(kept(&reading).is_empty());
    let mut reading = reading.again();
    reading.press("<ctrl-r>");
    reading.assert_shows("is as it was");
    assert_eq!(kept(&reading).len(), 1);
    // What is gone by other means cannot be taken back, and is in nobody's way.
    fs::remove_dir_all(reading.folder.path().join("saved")).unwrap();
    reading.press("u");
    reading.assert_shows("Nothing taken back");
    reading.press("u");
    reading.assert_shows("Nothing to undo");
}

#[test]
fn a_full_text_is_a_step_of_its_own() {
    let site = Site::new();
    let mut reading = reader(&site);
    reading.press("<ret>").press("w");
    reading.assert_shows("The whole of it.");
    reading.press("u");
    reading.assert_shows("Undone: showed the full text of “Anchors”");
    reading.assert_shows("Only a teaser");
    reading.press("<ctrl-r>");
    reading.assert_shows("The whole of it.");
    reading.press("w");
    reading.assert_shows("Only a teaser");
    reading.press("u");
    reading.assert_shows("The whole of it.");
    reading.press("u").press("u");
    reading.assert_shows("Undone: subscribed to");
}

#[test]
fn highlights_that_came_with_a_text_go_and_come_with_it() {
    let site = Site::new();
    let address = site.at("bells");
    let markdown =
        format!("[Bells](<{address}>)\n\n## Highlights\n\n> word3 word4\n\nSo they do.\n");
    let mut link = Story::new(Kind::Markdown, "Bells", markdown);
    link.url = Some(address.clone());
    link.own_network = true;
    let link = keep::written(&link, Some("2026-11-01T08:00:00Z".parse().unwrap()));
    let file = [("saved/2026-11-01-bells.md", &*link)];
    let noted = |reading: &Reading| reading.row().noted;
    // By its key, and by its address.
    for keys in ["w", "S"] {
        let mut reading = Reading::remembering(&file, (120, 24));
        match keys {
            "w" => reading.press("<ret>").press("w"),
            _ => reading
                .press("a")
                .paste(&address)
                .press("<ret>")
                .press("S<esc>"),
        };
        assert!(noted(&reading), "{keys}");
        reading.press("<esc>u");
        reading.assert_shows("is as it was");
        assert!(!noted(&reading), "{keys}");
        reading.press("<ctrl-r>");
        reading.assert_shows("is as it was");
        assert!(noted(&reading), "{keys}");
        // What its reader says of one since is a step of its own.
        let mut reading = reading.again();
        assert!(noted(&reading), "{keys}");
        reading.press("u");
        assert!(!noted(&reading), "{keys}");
    }
}
