//! Feeds in a real terminal: the menus, messages and signs of what asks the net.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/publisher.rs"]
mod publisher;
#[path = "support/server.rs"]
mod server;
mod support;

use std::{
    io::Write,
    process::Command,
    sync::{Arc, Condvar, Mutex},
};

use publisher::Publisher;
use server::{Server, page};
use support::{Folder, Recto, Size};

const WIDE: Size = (120, 40);
const USUAL: Size = (80, 24);
const NARROW: Size = (40, 12);

/// The program in front of its own stories, with a feed where `address` is one.
fn reading(size: Size, address: &str) -> Recto {
    let line = "test -z \"$1\" || \"$RECTO\" subscribe \"$1\" >/dev/null; exec \"$RECTO\"";
    Recto::shell(size, line, address)
}

fn html(body: &str) -> String {
    page(
        "Content-Type: text/html\r\n",
        &format!("<!doctype html>{body}"),
    )
}

const ONE: &[(&str, &str, &str, &str)] = &[("1", "https://example.org/a", "Anchors", "They hold.")];
const OTHER: &[(&str, &str, &str, &str)] = &[("2", "https://example.org/b", "Bells", "They ring.")];

/// Types an address where one subscribes.
fn subscribe(recto: &mut Recto, address: &str) {
    recto.press("a");
    recto.wait_for("subscribe to");
    recto.paste(address);
    recto.press("<enter>");
}

#[test]
fn of_the_feeds_that_a_site_declares_one_is_chosen() {
    for size in [WIDE, USUAL, NARROW] {
        let site = Publisher::new();
        let link =
            |path: &str| format!("<link rel=alternate type=application/rss+xml href=/{path}>");
        let links: String = ["sea", "land", "gone"].map(link).concat();
        site.says("site", html(&links));
        site.publishes("sea", "The Sea", ONE);
        site.publishes("land", "The Land", OTHER);
        let mut recto = reading(size, "");
        recto.wait_for("unread of");
        subscribe(&mut recto, &site.at("site"));
        let screen = recto.wait_for("which feed");
        assert!(
            screen.shows("1 The Sea") && screen.shows("2 The Land"),
            "{screen}"
        );
        assert!(!screen.shows("gone"), "{screen}");
        recto.press("<esc>");
        recto.wait_for("Nothing was subscribed to.");
        subscribe(&mut recto, &site.at("site"));
        recto.wait_for("which feed");
        recto.press("2");
        recto.wait_for("Subscribed to “The Land”");
        recto.wait_for("28 unread of 28");
        recto.press("q");
        recto.wait_clean_exit();
    }
}

#[test]
fn who_subscribes_again_is_told_until_when_the_server_wants_to_be_left_alone() {
    let publisher = Publisher::new();
    publisher.publishes("sea", "The Sea", ONE);
    let mut recto = reading(WIDE, &publisher.at("sea"));
    recto.wait_for("Anchors");
    let wait = |seconds: u32| {
        format!("HTTP/1.1 503 W\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n")
    };
    publisher.says("sea", wait(7200));
    recto.press("R");
    recto.wait_for("failed");
    let asked = publisher.server.asked().len();
    recto.press("hG");
    recto.wait_until("the feed is chosen", |it| it.chosen().contains("The Sea"));
    recto.press("d");
    recto.wait_for("Unsubscribed from “The Sea”");
    subscribe(&mut recto, &publisher.at("sea"));
    recto.wait_for("Subscribed to “The Sea”; its server says to wait until");
    assert_eq!(publisher.server.asked().len(), asked);
    recto.press("qq");
    recto.wait_clean_exit();
}

#[test]
fn what_is_only_guessed_is_offered_and_nothing_is_subscribed_to_unasked() {
    for size in [WIDE, NARROW] {
        let site = Publisher::new();
        // A page somewhere in the site, and a feed at its top.
        site.says("about/us", html("<p>Words."));
        site.publishes("feed", "The Sea", ONE);
        let mut recto = reading(size, "");
        recto.wait_for("unread of");
        subscribe(&mut recto, &site.at("about/us"));
        let screen = recto.wait_for("no feed there; elsewhere");
        assert!(screen.shows("1 The Sea"), "{screen}");
        assert!(!screen.shows("28 unread"), "{screen}");
        recto.press("1");
        recto.wait_for("Subscribed to “The Sea”");
        recto.wait_for("28 unread of 28");
    }
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let site = Publisher::new();
    site.says(
        "login",
        html("<title>Members</title><form>Sign in<input type=password></form>"),
    );
    site.says("empty", html("<title>Links</title>"));
    let bare = |path: &str| site.at(path).trim_start_matches("http://").to_owned();
    let mut recto = reading(USUAL, "");
    recto.wait_for("unread of");
    for (address, said) in [
        (site.at("gone"), "127.0.0.1 answered 404"),
        ("not an address".to_owned(), "this is no address"),
        (bare("empty"), "no feed was found there"),
        // Without its scheme it is looked at as it was found.
        (
            bare("login"),
            "No feed was found there; the page asks to sign in.",
        ),
    ] {
        subscribe(&mut recto, &address);
        recto.wait_for(said);
    }
}

#[test]
fn a_page_that_asks_to_sign_in_says_so_where_it_is_read() {
    let site = Publisher::new();
    site.says(
        "login",
        html("<title>Members</title><form>Sign in<input type=password></form>"),
    );
    let recto = Recto::start(USUAL, [site.at("login")]);
    recto.wait_for("This page asks to sign in and shows no story; o opens it");
    recto.wait_for("Members");
}

#[test]
fn one_goes_from_new_comment_to_new_comment() {
    let said = Arc::new(Mutex::new(8));
    let count = Arc::clone(&said);
    let server = Server::new(move |path, asked, stream| {
        let host = asked.iter().find_map(|it| it.strip_prefix("host: "));
        let host = host.unwrap_or_default();
        let body = match path {
            "/feed" => format!(
                "<rss xmlns:wfw='http://wellformedweb.org/CommentAPI/'><channel><title>Sea</title><item>\
                 <title>Anchors</title><link>http://{host}/a</link><description>They hold.</description>\
                 <pubDate>Thu, 19 Nov 2099 08:00:00 GMT</pubDate>\
                 <wfw:commentRss>http://{host}/comments</wfw:commentRss></item></channel></rss>"
            ),
            _ => {
                let comments = (0..*count.lock().unwrap()).map(|it| {
                    let words = "They hold well. ".repeat(20);
                    format!(
                        "<item><guid isPermaLink='false'>{it}</guid><dc:creator>Reader {it}</dc:creator>\
                         <pubDate>{:02} Nov 2026 08:00:00 GMT</pubDate><description>{words}</description></item>",
                        it + 1
                    )
                });
                let all: String = comments.collect();
                format!("<rss><channel><title>C</title>{all}</channel></rss>")
            }
        };
        let _ = stream.write_all(page("", &body).as_bytes());
    });
    for size in [USUAL, NARROW] {
        *said.lock().unwrap() = 8;
        let mut recto = reading(size, server.url.join("feed").unwrap().as_str());
        recto.wait_for("unread of");
        recto.press("g<enter>");
        recto.wait_for("They hold.");
        recto.press("c");
        recto.wait_for("8 comments");
        recto.press("c");
        recto.wait_gone("8 comments");
        *said.lock().unwrap() = 16;
        recto.press("c");
        let screen = recto.wait_for("16 comments, 8 new");
        assert!(!screen.shows("● Reader 8"), "{screen}");
        recto.press("}");
        let screen = recto.wait_for("● Reader 8");
        assert!(
            !screen.shows("Reader 7"),
            "the new one stands at the top: {screen}"
        );
        recto.press("}");
        recto.wait_gone("● Reader 8");
        recto.wait_for("● Reader 9");
        recto.press("{");
        recto.wait_for("● Reader 8");
        recto.press("g");
        recto.wait_for("16 comments, 8 new");
    }
}

#[test]
fn that_feeds_are_asked_shows_however_narrow_the_screen_is() {
    let open = Arc::new((Mutex::new(true), Condvar::new()));
    let gate = Arc::clone(&open);
    let server = Server::new(move |_, _, stream| {
        let (open, changed) = &*gate;
        drop(
            changed
                .wait_while(open.lock().unwrap(), |open| !*open)
                .unwrap(),
        );
        let feed = "<rss><channel><title>Sea</title><item><title>Anchors</title></item>\
                    <item><title>Bells</title></item></channel></rss>";
        let _ = stream.write_all(page("", feed).as_bytes());
    });
    let set = |is_open| {
        *open.0.lock().unwrap() = is_open;
        open.1.notify_all();
    };
    for (size, shown) in [
        (WIDE, "waiting for 127.0.0.1 · feeds 0 of 1 · 0 new · "),
        (USUAL, "waiting for 127.0.0.1 · feeds 0/1"),
        (NARROW, "feeds 0/1"),
    ] {
        let mut recto = reading(size, server.url.join("feed").unwrap().as_str());
        recto.wait_for("unread of");
        set(false);
        recto.press("R");
        recto.wait_for(shown);
        // One reads on meanwhile.
        recto.press("G");
        recto.wait_until("shows the last story", |it| {
            !it.chosen().contains("Anchors")
        });
        set(true);
        recto.wait_for("1 feed: nothing new.");
        recto.wait_gone("feeds 0");
        recto.wait_for("unread of");
    }
}

/// What a command prints that runs beside the program, with the same database and maybe another library.
fn beside(folder: &Folder, library: Option<&str>, arguments: &[&str]) -> String {
    let mut command = Command::new(support::PROGRAM);
    command
        .args(arguments)
        .env_clear()
        .env("HOME", folder.root())
        .env("TZ", "UTC")
        .env("RECTO_DATA", folder.path("data"));
    if let Some(library) = library {
        command.env("RECTO_LIBRARY", folder.path(library));
    }
    let said = command.output().unwrap();
    assert!(said.status.success(), "{arguments:?}: {said:?}");
    String::from_utf8(said.stdout).unwrap()
}

#[test]
fn no_command_with_another_library_takes_stories_of_feeds_out_of_the_lists() {
    let folder = Folder::new()
        .with_story("one/a.md", "Dykes", "2026-01-03", "One.")
        .with_story("two/b.md", "Eddies", "2026-01-02", "Two.");
    let site = Publisher::new();
    site.publishes("sea", "The Sea", ONE);
    beside(&folder, Some("one"), &["subscribe", &site.at("sea")]);
    let line =
        "RECTO_DATA=\"$1/data\" RECTO_LIBRARY=\"$1/one\" exec \"$RECTO\" --library \"$1/one\"";
    let mut recto = Recto::shell(WIDE, line, folder.root());
    recto.wait_for("2 unread of 2");
    site.publishes("sea", "The Sea", &[OTHER[0], ONE[0]]);
    // As cron runs it. What it brings shows in the program that runs.
    let quiet = beside(&folder, None, &["refresh", "--quiet"]);
    assert_eq!(quiet, "");
    recto.wait_for("3 unread of 3");
    for library in [None, Some("two")] {
        let listed = beside(&folder, library, &["list"]);
        assert!(
            listed.contains("Anchors") && listed.contains("Bells"),
            "{listed}"
        );
        // Of libraries that were read after it, too, without a list of their own before.
        for library in [Some("one"), None, Some("two")] {
            let feeds = beside(&folder, library, &["feeds"]);
            assert!(feeds.starts_with("The Sea\t2/2\t"), "{feeds}");
        }
    }
    // What was done in one library shows in the others; and the program has had all of that before it.
    beside(&folder, Some("two"), &["mark", "Bells", "--read"]);
    let screen = recto.wait_for("2 unread of 3");
    assert!(
        screen.shows("Anchors") && screen.shows("The Sea"),
        "{screen}"
    );
    // So does what was done with feeds.
    beside(&folder, Some("two"), &["unsubscribe", "The Sea"]);
    recto.wait_for("1 unread of 1");
    recto.press("q");
    recto.wait_clean_exit();
}
