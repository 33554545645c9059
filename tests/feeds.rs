//! Feeds from servers on loopback: what comes in, what it is known by, and what is kept of it.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/publisher.rs"]
mod publisher;
#[path = "support/server.rs"]
mod server;

use std::{
    process::{Command as Process, Stdio},
    time::{Duration, Instant},
};

use command::{out, recto, run, titles};
use folder::Folder;
use publisher::Publisher;
use serde_json::Value;
use server::page;

fn feeds(folder: &Folder) -> Vec<Value> {
    let told = run(folder, &["feeds", "--json"]);
    told.lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect()
}

const TWO: &[(&str, &str, &str, &str)] = &[
    ("1", "https://example.org/anchors", "Anchors", "They hold."),
    ("2", "https://example.org/bells", "Bells", "They ring."),
];

#[test]
fn what_a_feed_announces_is_read_and_searched() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea &amp; Land", TWO);
    let said = run(
        &folder,
        &[
            "subscribe",
            &publisher.at("sea"),
            "--folder",
            " News / Sea ",
        ],
    );
    assert_eq!(
        said,
        "subscribed to “Sea & Land”\n2 new stories from 1 feed\n"
    );
    assert_eq!(titles(&folder, ""), ["Anchors", "Bells"]);
    // By the feed's name, by its folder, by the folder that this one lies in.
    for query in ["source:\"sea & land\"", "folder:News", "folder:News/Sea"] {
        assert_eq!(titles(&folder, query).len(), 2, "{query}");
    }
    assert!(titles(&folder, "source:other").is_empty());
    assert!(run(&folder, &["show", "Anchors"]).contains("They hold."));
    assert!(run(&folder, &["search", "ring"]).contains("Bells"));
    let feed = &feeds(&folder)[0];
    assert_eq!(feed["name"], "Sea & Land");
    assert_eq!((&feed["total"], &feed["unread"]), (&2.into(), &2.into()));
}

#[test]
fn what_did_not_change_is_neither_sent_nor_read() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let feed = "<rss><channel><title>T</title><item><title>A</title></item></channel></rss>";
    publisher.says("tagged", page("ETag: \"One\"\r\n", feed));
    publisher.says("plain", page("", feed));
    run(
        &folder,
        &["subscribe", &publisher.at("tagged"), &publisher.at("plain")],
    );
    let before = feeds(&folder);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 2 feeds\n");
    let asked = publisher.server.asked();
    assert!(
        asked
            .iter()
            .flatten()
            .any(|it| it == "if-none-match: \"one\""),
        "{asked:?}"
    );
    let changed =
        |feeds: &[Value]| -> Vec<Value> { feeds.iter().map(|it| it["changed"].clone()).collect() };
    assert_eq!(changed(&before), changed(&feeds(&folder)));
}

#[test]
fn an_entry_that_was_edited_keeps_what_was_done_with_it() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    run(&folder, &["mark", "Anchors", "--read", "--tag", "iron"]);
    let edited = (
        "1",
        "https://example.org/anchors",
        "Anchors, mended",
        "They hold well.",
    );
    publisher.publishes("sea", "Sea", &[edited, TWO[1]]);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "is:read tag:iron"), ["Anchors, mended"]);
    assert!(run(&folder, &["show", "Anchors"]).contains("They hold well."));
    assert!(run(&folder, &["search", "well"]).contains("Anchors, mended"));
}

#[test]
fn entries_that_are_numbered_anew_do_not_become_unread() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    run(&folder, &["mark", "--all", "--read"]);
    let anew = [
        ("x1", TWO[0].1, TWO[0].2, TWO[0].3),
        ("x2", TWO[1].1, TWO[1].2, TWO[1].3),
    ];
    publisher.publishes("sea", "Sea", &anew);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "is:read"), ["Anchors", "Bells"]);
    // The same where they are edited at once.
    let edited = [
        ("y1", TWO[0].1, TWO[0].2, "They hold well."),
        ("y2", TWO[1].1, TWO[1].2, "They ring well."),
    ];
    publisher.publishes("sea", "Sea", &edited);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "is:read"), ["Anchors", "Bells"]);
    publisher.publishes("sea", "Sea", &anew);
    run(&folder, &["refresh"]);
    // And once more, as the old ones were, with other links: now the identifiers tell.
    let moved = [
        ("x1", "https://example.net/a", "Anchors", "."),
        ("x2", "https://example.net/b", "Bells", "."),
    ];
    publisher.publishes("sea", "Sea", &moved);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "is:read"), ["Anchors", "Bells"]);
}

/// A feed of items with identifiers and titles, perhaps with dates, and no links.
fn bare(items: &[(&str, &str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, title, date)| {
            format!(
                "<item><guid isPermaLink='false'>{id}</guid><title>{title}</title>{date}\
                 <description>Words of {title}.</description></item>"
            )
        })
        .collect();
    let feed = format!("<rss version='2.0'><channel><title>Log</title>{items}</channel></rss>");
    page("Content-Type: application/rss+xml\r\n", &feed)
}

#[test]
fn entries_without_links_that_are_numbered_anew_are_known_by_what_they_say() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let says = |items: &[(&str, &str, &str)]| publisher.says("log", bare(items));
    says(&[("1", "Bells", ""), ("2", "Anchors", "")]);
    run(&folder, &["subscribe", &publisher.at("log")]);
    run(&folder, &["mark", "Anchors", "--read", "--star"]);
    says(&[("x", "Bells", ""), ("y", "Anchors", "")]);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    // Numbered by their places: what is new has the number of what was first before.
    for _ in 0..2 {
        says(&[
            ("x", "Currents", ""),
            ("y", "Bells", ""),
            ("z", "Anchors", ""),
        ]);
        run(&folder, &["refresh"]);
        assert_eq!(
            titles(&folder, "is:unread sort:title"),
            ["Bells", "Currents"]
        );
        assert_eq!(titles(&folder, "is:starred"), ["Anchors"]);
        assert_eq!(titles(&folder, "").len(), 3);
    }
    says(&[
        ("x", "Dunes", ""),
        ("y", "Currents", ""),
        ("z", "Bells", ""),
        ("1", "Anchors", ""),
    ]);
    assert_eq!(run(&folder, &["refresh"]), "1 new story from 1 feed\n");
    assert_eq!(titles(&folder, "is:unread").len(), 3);
    assert_eq!(titles(&folder, "is:starred"), ["Anchors"]);
}

#[test]
fn what_a_feed_says_more_than_once_are_several_stories() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let date = |day: &str| format!("<pubDate>{day} Oct 2026 10:00:00 GMT</pubDate>");
    let (one, two, three) = (date("01"), date("02"), date("03"));
    publisher.says(
        "log",
        bare(&[("1", "Nothing today", &one), ("a", "Aye", "")]),
    );
    run(&folder, &["subscribe", &publisher.at("log")]);
    run(&folder, &["mark", "--all", "--read"]);
    // Of another day, though the one before has left the feed.
    publisher.says(
        "log",
        bare(&[("2", "Nothing today", &two), ("a", "Aye", "")]),
    );
    assert_eq!(run(&folder, &["refresh"]), "1 new story from 1 feed\n");
    // Without a date, but beside the one before.
    let both = [
        ("3", "Nothing today", &*three),
        ("b", "Aye", ""),
        ("a", "Aye", ""),
    ];
    publisher.says("log", bare(&both));
    assert_eq!(run(&folder, &["refresh"]), "2 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "is:unread").len(), 3);
    // One that is edited is no other one.
    let edited = [
        ("3", "Nothing again", &*three),
        ("b", "Aye", ""),
        ("a", "Aye", ""),
    ];
    publisher.says("log", bare(&edited));
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "").len(), 5);
}

#[test]
fn who_subscribes_again_finds_the_feed_where_it_was() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    let sea = publisher.at("sea");
    let place = || {
        let feed = feeds(&folder).remove(0);
        [&feed["folder"], &feed["name"]].map(|it| it.as_str().unwrap().to_owned())
    };
    run(
        &folder,
        &[
            "subscribe",
            &sea,
            "--folder",
            "News/Salt",
            "--name",
            "Ocean",
        ],
    );
    run(&folder, &["unsubscribe", "Ocean"]);
    assert_eq!(
        run(&folder, &["subscribe", &sea]),
        "subscribed to “Ocean”, in News/Salt as before\n0 new stories from 1 feed\n"
    );
    assert_eq!(place(), ["News/Salt", "Ocean"]);
    assert_eq!(titles(&folder, "folder:News/Salt").len(), 2);
    run(&folder, &["unsubscribe", "Ocean"]);
    // What is said now counts.
    run(&folder, &["subscribe", &sea, "--folder", ""]);
    assert_eq!(place(), ["", "Ocean"]);
}

#[test]
fn entries_that_were_gone_and_are_back_are_what_they_were() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let many: Vec<[String; 3]> = (0..300)
        .map(|it| {
            [
                format!("{it}"),
                format!("https://example.org/{it}"),
                format!("Story {it}"),
            ]
        })
        .collect();
    let items: Vec<_> = many
        .iter()
        .map(|[id, link, title]| (&**id, &**link, &**title, "Words."))
        .collect();
    publisher.publishes("sea", "Sea", &items);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    run(&folder, &["mark", "--all", "--read"]);
    publisher.publishes("sea", "Sea", &items[..1]);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(
        titles(&folder, "is:read").len(),
        300,
        "what left its feed is kept"
    );
    publisher.publishes("sea", "Sea", &items);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(titles(&folder, "is:unread"), [""; 0]);
}

#[test]
fn a_story_that_several_feeds_carry_shows_once() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    let other = [(
        "z",
        "http://example.org/anchors/?utm_source=feed",
        "Anchors away",
        "They hold.",
    )];
    publisher.publishes("all", "All", &other);
    run(
        &folder,
        &["subscribe", &publisher.at("sea"), &publisher.at("all")],
    );
    assert_eq!(titles(&folder, "").len(), 2);
    run(&folder, &["mark", "source:All", "--read"]);
    assert_eq!(titles(&folder, "source:Sea is:unread"), ["Bells"]);
    // It goes with the last of them.
    run(&folder, &["unsubscribe", "Sea"]);
    assert_eq!(titles(&folder, "").len(), 1);
    assert_eq!(titles(&folder, "source:All").len(), 1);
    run(&folder, &["unsubscribe", "All"]);
    assert!(titles(&folder, "source:All").is_empty());
}

#[test]
fn a_page_that_several_entries_name_is_none_of_theirs() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let changes = "https://example.org/changes";
    publisher.publishes(
        "log",
        "Log",
        &[("1", changes, "One", "."), ("2", changes, "Two", ".")],
    );
    run(&folder, &["subscribe", &publisher.at("log")]);
    assert_eq!(titles(&folder, ""), ["One", "Two"]);
    // One at a time as well: a picture a day, always at the same address.
    for (id, title) in [("a", "Mon, 05 Oct 2026"), ("b", "Tue, 06 Oct 2026")] {
        let feed = format!(
            "<rss><channel><title>Daily</title><item><guid>{id}</guid><title>{title}</title>\
             <link>https://example.org/today</link><pubDate>{title} 10:00:00 GMT</pubDate>\
             </item></channel></rss>"
        );
        publisher.says("daily", page("", &feed));
        match id {
            "a" => run(&folder, &["subscribe", &publisher.at("daily")]),
            _ => run(&folder, &["refresh"]),
        };
    }
    assert_eq!(titles(&folder, "source:Daily").len(), 2);
}

#[test]
fn entries_without_identifiers_that_are_edited_stay_what_they_were() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    // A list of changes, whose entries are places in one page; and a feed that names no pages at all.
    let feed = |text: &str, link: &str| {
        let items: String = (0..3)
            .map(|it| {
                let link = link.replace("N", &it.to_string());
                format!(
                    "<item><title>Change {it}</title>{link}<description>{text}</description></item>"
                )
            })
            .collect();
        let feed = format!("<rss><channel><title>Log</title>{items}</channel></rss>");
        page("", &feed)
    };
    for (path, link) in [
        ("log", "<link>https://example.org/log#vN</link>"),
        ("bare", ""),
    ] {
        publisher.says(path, feed("Before.", link));
        run(&folder, &["subscribe", &publisher.at(path), "--name", path]);
        run(&folder, &["mark", &format!("source:={path}"), "--read"]);
        publisher.says(path, feed("After.", link));
        assert_eq!(
            run(&folder, &["refresh", path]),
            "0 new stories from 1 feed\n"
        );
        assert_eq!(
            titles(&folder, &format!("source:={path} is:read")).len(),
            3,
            "{path}"
        );
        assert!(
            run(&folder, &["show", "Change 1"]).contains("After."),
            "{path}"
        );
    }
}

#[test]
fn two_feeds_that_become_one_stay_two() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("one", "Sea", TWO);
    publisher.publishes("two", "Sea", &[("x", TWO[0].1, TWO[0].2, "Elsewhere.")]);
    run(
        &folder,
        &["subscribe", &publisher.at("one"), &publisher.at("two")],
    );
    publisher.says(
        "two",
        "HTTP/1.1 301 M\r\nLocation: /one\r\nContent-Length: 0\r\n\r\n",
    );
    // What another feed has is nothing new.
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 2 feeds\n");
    assert_eq!(titles(&folder, "").len(), 2);
    run(&folder, &["unsubscribe", &publisher.at("two")]);
    assert_eq!(feeds(&folder)[0]["url"], publisher.at("one").as_str());
}

#[test]
fn an_identifier_that_all_entries_share_tells_nothing() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes(
        "sea",
        "Sea",
        &[
            ("0", TWO[0].1, "Anchors", "."),
            ("0", TWO[1].1, "Bells", "."),
        ],
    );
    run(&folder, &["subscribe", &publisher.at("sea")]);
    assert_eq!(titles(&folder, ""), ["Anchors", "Bells"]);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
}

#[test]
fn a_feed_that_moved_keeps_its_stories() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("old", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("old")]);
    run(&folder, &["mark", "--all", "--read"]);
    publisher.says(
        "old",
        "HTTP/1.1 301 M\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n",
    );
    publisher.publishes("new", "Sea", TWO);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    assert_eq!(feeds(&folder)[0]["url"], publisher.at("new").as_str());
    assert_eq!(titles(&folder, "is:read").len(), 2);
    // Whoever subscribes to the old address again means the same feed.
    let said = run(&folder, &["subscribe", &publisher.at("old")]);
    assert_eq!(feeds(&folder).len(), 1, "{said}");
}

#[test]
fn a_feed_whose_move_only_people_know_of_keeps_its_stories() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("old", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("old")]);
    run(&folder, &["mark", "Anchors", "--read"]);
    publisher.publishes("new", "Sea", TWO);
    let said = run(
        &folder,
        &["subscribe", &publisher.at("new"), "--moved", "Sea"],
    );
    assert_eq!(said, "0 new stories from 1 feed\n");
    assert_eq!(feeds(&folder)[0]["url"], publisher.at("new").as_str());
    assert_eq!(titles(&folder, "is:read"), ["Anchors"]);
}

#[test]
fn what_is_wrong_with_a_feed_stands_at_the_feed_until_it_is_well_again() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    for (answer, why) in [
        (
            "HTTP/1.1 410 G\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "gone for good",
        ),
        (
            page(
                "Content-Type: text/html\r\n",
                "<!doctype html><title>Moved</title>",
            ),
            "this is a web page",
        ),
        (page("", ""), "this is no feed"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss>".to_owned(),
            "before everything had come",
        ),
    ] {
        publisher.says("sea", answer);
        let refused = recto(&folder, &["refresh"]).assert().failure().code(1);
        let said = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
        assert!(
            said.starts_with("recto: Sea: ") && said.contains(why),
            "{said}"
        );
        let feed = &feeds(&folder)[0];
        assert!(feed["trouble"].as_str().unwrap().contains(why), "{feed}");
        assert!(feed["since"].is_string(), "{feed}");
        assert_eq!(titles(&folder, "").len(), 2);
        recto(&folder, &["refresh", "--quiet"])
            .assert()
            .code(1)
            .stdout("")
            .stderr("");
    }
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["refresh"]);
    assert_eq!(feeds(&folder)[0]["trouble"], Value::Null);
}

#[test]
fn odd_dates_and_many_entries_do_no_harm() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let item = |title: &str, date: &str| {
        format!("<item><guid>{title}</guid><title>{title}</title><pubDate>{date}</pubDate></item>")
    };
    let items: String = [
        ("Old", "Mon, 01 Jan 0001 00:00:00 GMT"),
        ("Before", "Wed, 05 Mar 1969 10:00:00 GMT"),
        ("Ahead", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("Never", "the day after tomorrow"),
        ("None", ""),
        ("Now", "Fri, 20 Nov 2026 10:00:00 +0100"),
    ]
    .map(|(title, date)| item(title, date))
    .concat();
    let feed = format!("<rss><channel><title>Dates</title>{items}</channel></rss>");
    publisher.says("dates", page("", &feed));
    run(&folder, &["subscribe", &publisher.at("dates")]);
    let listed = titles(&folder, "");
    assert_eq!(listed.len(), 6);
    // What is dated ahead, or not at all, came today; the oldest stand last.
    assert_eq!(listed[4..], ["Before", "Old"]);
    let many: String = (0..10_000)
        .map(|it| item(&format!("Story {it}"), ""))
        .collect();
    let feed = format!("<rss><channel><title>Many</title>{many}</channel></rss>");
    publisher.says("many", page("", &feed));
    run(&folder, &["subscribe", &publisher.at("many")]);
    run(&folder, &["mark", "source:Many", "--read"]);
    publisher.says(
        "many",
        page("", "<rss><channel><title>Many</title></channel></rss>"),
    );
    run(&folder, &["refresh"]);
    publisher.says("many", page("", &feed));
    assert_eq!(
        run(&folder, &["refresh", "Many"]),
        "0 new stories from 1 feed\n"
    );
    assert_eq!(
        run(&folder, &["list", "source:Many is:read", "--count"]).trim(),
        "10000"
    );
}

#[test]
fn who_subscribes_asks_the_server_once() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    let said = run(&folder, &["subscribe", &publisher.at("sea")]);
    assert!(said.contains("2 new stories from 1 feed"), "{said}");
    assert_eq!(publisher.server.asked().len(), 1);
}

#[test]
fn a_server_that_says_to_wait_is_left_alone() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    publisher.says(
        "sea",
        "HTTP/1.1 429 T\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n",
    );
    recto(&folder, &["refresh"]).assert().failure();
    let asked = publisher.server.asked().len();
    let said = run(&folder, &["refresh"]);
    assert!(
        said.contains("1 not asked: their servers said to wait"),
        "{said}"
    );
    assert_eq!(publisher.server.asked().len(), asked);
    // Who names it is told until when.
    let assert = recto(&folder, &["refresh", "Sea"]).assert().success();
    let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(said.contains("Sea: not asked: its server asked"), "{said}");
    assert_eq!(publisher.server.asked().len(), asked);
    // So is who subscribes again.
    run(&folder, &["unsubscribe", "Sea"]);
    let assert = recto(&folder, &["subscribe", &publisher.at("sea")])
        .assert()
        .success();
    let output = assert.get_output();
    let said = String::from_utf8([&*output.stdout, &*output.stderr].concat()).unwrap();
    assert!(said.contains("subscribed to “Sea”"), "{said}");
    assert!(said.contains("Sea: not asked: its server asked"), "{said}");
    assert_eq!(publisher.server.asked().len(), asked);
}

#[test]
fn only_feeds_whose_time_has_come_are_asked_where_that_is_wanted() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    assert_eq!(
        run(&folder, &["refresh", "--due"]),
        "0 new stories from 0 feeds\n"
    );
    // One that was never asked is due at once, though no interval is set.
    let list = format!(
        "<opml><body><outline xmlUrl='{}'/></body></opml>",
        publisher.at("quay")
    );
    publisher.publishes("quay", "Quay", TWO);
    let other = Folder::new().with("list.opml", list);
    run(
        &other,
        &["import", other.path("list.opml").to_str().unwrap()],
    );
    assert_eq!(
        run(&other, &["refresh", "--due"]),
        "2 new stories from 1 feed\n"
    );
}

#[test]
fn when_a_feed_is_due_is_told_by_what_the_settings_say_now() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    let minutes = |settings: &str| {
        std::fs::create_dir_all(folder.path(".config/recto")).unwrap();
        std::fs::write(folder.path(".config/recto/config.toml"), settings).unwrap();
        let feed = &feeds(&folder)[0];
        let at = |name: &str| Some(feed[name].as_str()?.parse::<jiff::Timestamp>().unwrap());
        Some((at("due")?.as_second() - at("checked")?.as_second()) / 60)
    };
    assert_eq!(minutes(""), Some(30));
    assert_eq!(minutes("refresh = \"5m\""), Some(5));
    // Nobody asks for it by itself any more, so there is no such time.
    let url = publisher.at("sea");
    let never = format!("[[feed]]\nurl = \"{url}\"\nrefresh = \"never\"\n");
    assert_eq!(minutes(&never), None);
    assert!(feeds(&folder)[0]["due"].is_null());
}

#[test]
fn who_asks_by_hand_has_no_feed_left_alone_for_longer() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    let due = feeds(&folder)[0]["due"].clone();
    publisher.says(
        "sea",
        "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n".to_owned(),
    );
    for _ in 0..8 {
        recto(&folder, &["refresh"]).assert().code(1);
        let feed = &feeds(&folder)[0];
        assert_eq!(feed["due"], due);
        assert!(feed["trouble"].as_str().unwrap().contains("500"));
    }
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["refresh"]);
    assert!(feeds(&folder)[0]["trouble"].is_null());
}

#[test]
fn what_was_kept_stays_when_a_subscription_ends() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let items: Vec<_> = ["Anchors", "Bells", "Currents", "Dykes"]
        .iter()
        .map(|title| (*title, "", *title, "Words."))
        .collect();
    publisher.publishes("sea", "Sea", &items);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    run(&folder, &["mark", "Anchors", "--star"]);
    run(&folder, &["mark", "Bells", "--later"]);
    run(&folder, &["mark", "Currents", "--tag", "water"]);
    let said = run(&folder, &["unsubscribe", "sea"]);
    assert_eq!(said, "unsubscribed from “Sea”\n");
    assert_eq!(
        titles(&folder, "is:starred or is:later or tag:water").len(),
        3
    );
    assert!(titles(&folder, "Dykes").is_empty());
    assert!(run(&folder, &["show", "Anchors"]).contains("Words."));
    assert_eq!(run(&folder, &["feeds"]), "");
    // Subscribed to again, all is as it was.
    run(&folder, &["subscribe", &publisher.at("sea")]);
    assert_eq!(titles(&folder, "source:Sea").len(), 4);
    assert_eq!(titles(&folder, "is:starred"), ["Anchors"]);
}

#[test]
fn nothing_of_a_feed_reaches_the_terminal_raw() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let evil = "a&#27;[31mred\u{202e}&#x9b;31m";
    publisher.publishes("sea", evil, &[("1", "https://example.org/1", evil, evil)]);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    for arguments in [
        &["list"][..],
        &["feeds"],
        &["show", "red"],
        &["list", "--json"],
    ] {
        let out = run(&folder, arguments);
        let raw = |c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{202e}';
        assert!(!out.contains(raw), "{arguments:?}: {out:?}");
    }
}

#[test]
fn wrong_addresses_and_unknown_feeds_are_said_in_words() {
    let folder = Folder::new();
    for (arguments, words) in [
        (&["subscribe", "a feed"][..], "a feed: this is no address"),
        (&["unsubscribe", "Sea"], "Sea: no feed is called so"),
        (&["refresh", "Sea"], ""),
    ] {
        let assert = recto(&folder, arguments).assert();
        let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn stories_of_feeds_go_with_the_library_to_another_folder() {
    let folder = Folder::new()
        .with_story("one/a.md", "Dykes", "2026-01-03", "One.")
        .with_story("two/b.md", "Eddies", "2026-01-02", "Two.");
    let publisher = Publisher::new();
    publisher.publishes("sea", "Sea", TWO);
    run(&folder, &["subscribe", &publisher.at("sea")]);
    run(&folder, &["mark", "Anchors", "--star"]);
    for (library, own) in [("one", "Dykes"), ("two", "Eddies"), ("one", "Dykes")] {
        let list = |query: &str| {
            let library = folder.path(library);
            let assert = recto(&folder, &["list", query])
                .env("RECTO_LIBRARY", library)
                .assert();
            out(&assert)
        };
        assert_eq!(list("").lines().count(), 3, "{}", list(""));
        assert!(list("").contains(own));
        assert!(list("is:starred").contains("Anchors"));
        assert_eq!(list("source:Sea").lines().count(), 2);
    }
}

#[test]
fn subscriptions_are_among_the_state_that_goes_to_another_machine() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    run(
        &folder,
        &[
            "subscribe",
            &publisher.at("sea"),
            "--name",
            "Water",
            "--folder",
            "News",
        ],
    );
    run(&folder, &["mark", "Anchors", "--read"]);
    let state = run(&folder, &["export", "state"]);
    let other = Folder::new().with("state.jsonl", state);
    let file = other.path("state.jsonl");
    run(&other, &["import", file.to_str().unwrap()]);
    let feed = &feeds(&other)[0];
    assert_eq!(
        (&feed["name"], &feed["folder"]),
        (&"Water".into(), &"News".into())
    );
    run(&other, &["refresh"]);
    assert_eq!(titles(&other, "is:unread"), ["Bells"]);
    // Twice changes nothing.
    run(&other, &["import", file.to_str().unwrap()]);
    assert_eq!(feeds(&other).len(), 1);
}

#[test]
fn whoever_is_killed_while_feeds_come_in_goes_on_with_the_next_refresh() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let many: Vec<[String; 3]> = (0..400)
        .map(|it| {
            [
                format!("{it}"),
                format!("https://example.org/{it}"),
                format!("Story {it}"),
            ]
        })
        .collect();
    let addresses: Vec<String> = (0..6)
        .map(|feed| publisher.at(&format!("feed{feed}")))
        .collect();
    for feed in 0..6 {
        let part = many.iter().skip(feed * 60).take(100);
        let items: Vec<_> = part
            .map(|[id, link, title]| (&**id, &**link, &**title, "Words."))
            .collect();
        publisher.publishes(&format!("feed{feed}"), &format!("Feed {feed}"), &items);
    }
    for round in 0..6 {
        let mut child = Process::new(env!("CARGO_BIN_EXE_recto"))
            .arg("subscribe")
            .args(&addresses)
            .env("RECTO_DATA", folder.path("data"))
            .env("HOME", folder.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At another moment each time.
        let until = Instant::now() + Duration::from_millis(15 * (round + 1));
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let more: Vec<&str> = std::iter::once("subscribe")
        .chain(addresses.iter().map(|it| &**it))
        .collect();
    recto(&folder, &more).assert().success();
    recto(&folder, &["refresh"]).assert().success();
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "400");
    let doctor = out(&recto(&folder, &["doctor"]).assert());
    assert!(doctor.contains("sound"), "{doctor}");
}

#[test]
fn two_refreshes_at_once_bring_each_story_in_once() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let many: Vec<[String; 3]> = (0..200)
        .map(|it| {
            [
                format!("{it}"),
                format!("https://example.org/{it}"),
                format!("Story {it}"),
            ]
        })
        .collect();
    let addresses: Vec<String> = (0..4)
        .map(|feed| publisher.at(&format!("feed{feed}")))
        .collect();
    for feed in 0..4 {
        publisher.publishes(&format!("feed{feed}"), &format!("Feed {feed}"), &[]);
    }
    let all: Vec<&str> = std::iter::once("subscribe")
        .chain(addresses.iter().map(|it| &**it))
        .collect();
    run(&folder, &all);
    for feed in 0..4 {
        let part = many.iter().skip(feed * 50).take(50);
        let items: Vec<_> = part
            .map(|[id, link, title]| (&**id, &**link, &**title, "Words."))
            .collect();
        publisher.publishes(&format!("feed{feed}"), &format!("Feed {feed}"), &items);
    }
    let children: Vec<_> = (0..3)
        .map(|_| {
            Process::new(env!("CARGO_BIN_EXE_recto"))
                .arg("refresh")
                .env("RECTO_DATA", folder.path("data"))
                .env("HOME", folder.root())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.is_empty(), "{said}");
    }
    assert_eq!(run(&folder, &["list", "--count"]).trim(), "200");
    let of_feeds: u64 = feeds(&folder)
        .iter()
        .map(|it| it["total"].as_u64().unwrap())
        .sum();
    assert_eq!(of_feeds, 200);
}

#[test]
fn an_entry_without_a_date_that_is_edited_stays_where_it_stood() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let feed = |text: &str, date: &str| {
        page(
            "",
            &format!(
                "<rss><channel><title>Sea</title><item><guid>1</guid><title>Anchors</title>\
                 <description>{text}</description>{date}</item></channel></rss>"
            ),
        )
    };
    publisher.says("sea", feed("They hold.", ""));
    run(&folder, &["subscribe", &publisher.at("sea")]);
    let dated = || -> Value {
        let told = run(&folder, &["list", "--json", "Anchors"]);
        serde_json::from_str::<Value>(told.lines().next().unwrap()).unwrap()["published"].clone()
    };
    // It came some time ago.
    let database = rusqlite::Connection::open(folder.path("data/recto.db")).unwrap();
    database
        .execute("UPDATE entry SET came = 1700000000", [])
        .unwrap();
    drop(database);
    let ahead = "<pubDate>Mon, 16 Nov 2099 08:00:00 GMT</pubDate>";
    for (text, date) in [("They hold well.", ""), ("They hold fast.", ahead)] {
        publisher.says("sea", feed(text, date));
        assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
        assert!(run(&folder, &["show", "Anchors"]).contains(text));
        let first = dated();
        assert!(
            first.as_str().unwrap().starts_with("2023-11-14T"),
            "{first}"
        );
    }
    let database = rusqlite::Connection::open(folder.path("data/recto.db")).unwrap();
    let sql = "SELECT edited > 0 FROM story WHERE title = 'Anchors'";
    assert!(
        database
            .query_row(sql, [], |row| row.get::<_, bool>(0))
            .unwrap()
    );
}

#[test]
fn a_password_in_an_address_shows_nowhere() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", TWO);
    let with = |user: &str, path: &str| publisher.at(path).replace("://", &format!("://{user}@"));
    let sea = with("ann:geheim", "sea");
    run(&folder, &["subscribe", &sea]);
    let shown = with("ann", "sea");
    let told = run(&folder, &["feeds"]);
    assert!(told.contains(&shown) && !told.contains("geheim"), "{told}");
    let told = run(&folder, &["feeds", "--json"]);
    assert!(told.contains(&shown) && !told.contains("geheim"), "{told}");
    // One that was never had goes by its address.
    let gone = with("ben:geheim", "gone");
    let folder = folder.with(
        "gone.opml",
        format!("<opml><body><outline xmlUrl='{gone}'/></body></opml>"),
    );
    run(
        &folder,
        &["import", folder.path("gone.opml").to_str().unwrap()],
    );
    let output = recto(&folder, &["refresh"]).output().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        told.contains(&with("ben", "gone")) && !told.contains("geheim"),
        "{told}"
    );
    assert!(!run(&folder, &["feeds"]).contains("geheim"));
    // Nor does it stand where stories of a feed without a title say where they are from.
    let alone = ("9", "https://example.org/dykes", "Dykes", "They lie.");
    publisher.publishes("mute", "", &[alone]);
    run(&folder, &["subscribe", &with("eva:geheim", "mute")]);
    for arguments in [
        &["list", "--json"][..],
        &["show", "--format", "json", "Dykes"],
    ] {
        let output = recto(&folder, arguments).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(!told.contains("geheim"), "{told}");
    }
    // As it shows it can be named.
    assert_eq!(
        run(&folder, &["refresh", &shown]),
        "0 new stories from 1 feed\n"
    );
}
