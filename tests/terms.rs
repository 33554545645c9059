//! What the settings say of feeds, carried out: who asks, how, what is done with what comes, what is kept.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/server.rs"]
mod server;

use std::{fs, io::Write};

use assert_cmd::Command;
use command::{out, said, titles_of};
use folder::Folder;
use serde_json::Value;
use server::{Server, page};

/// A server with one feed of these titles, the newest first, a day apart.
fn publisher(titles: &'static [&'static str]) -> Server {
    Server::new(move |_, _, stream| {
        let items: String = titles
            .iter()
            .enumerate()
            .map(|(number, title)| {
                let day = 20 - number;
                format!(
                    "<item><guid isPermaLink='false'>{title}</guid><title>{title}</title>\
                     <pubDate>{day} Nov 2026 08:00:00 GMT</pubDate></item>"
                )
            })
            .collect();
        let feed = format!("<rss><channel><title>Harbour</title>{items}</channel></rss>");
        let _ = stream.write_all(page("", &feed).as_bytes());
    })
}

fn recto(folder: &Folder, settings: &str, arguments: &[&str]) -> Command {
    fs::write(folder.path("config.toml"), settings).unwrap();
    let mut command = command::recto(folder, arguments);
    command.env("RECTO_CONFIG", folder.path("config.toml"));
    command
}

fn run(folder: &Folder, settings: &str, arguments: &[&str]) -> String {
    out(&recto(folder, settings, arguments).assert().success())
}

fn complaint(folder: &Folder, settings: &str, arguments: &[&str]) -> String {
    said(&recto(folder, settings, arguments).assert()).1
}

/// The titles of what a query finds.
fn titles(folder: &Folder, settings: &str, query: &str) -> Vec<String> {
    titles_of(&out(
        &recto(folder, settings, &["list", "--json", query]).assert()
    ))
}

#[test]
fn a_feed_of_the_settings_is_asked_as_they_say() {
    let (folder, server) = (Folder::new(), publisher(&["Anchors"]));
    let settings = format!(
        "[[feed]]\nurl = \"{}feed\"\nname = \"Port\"\nfolder = \"News\"\nuser = \"jo\"\n\
         password_command = [\"printf\", \"%s\\\\nnot this\", \"secret\"]\n\
         headers = {{ X-Key = {{ env = \"PORT_KEY\" }} }}\ncookies = {{ session = \"1\" }}\n",
        server.url
    );
    let assert = recto(&folder, &settings, &["refresh"])
        .env("PORT_KEY", "k")
        .assert();
    assert.success();
    let asked = &server.asked()[0];
    // jo:secret, as RFC 7617 has it, in small letters as all that was heard.
    for header in [
        "authorization: basic am86c2vjcmv0",
        "x-key: k",
        "cookie: session=1",
    ] {
        assert!(asked.iter().any(|it| it == header), "{header}: {asked:?}");
    }
    assert_eq!(
        titles(&folder, &settings, "source:=Port folder:=News"),
        ["Anchors"]
    );
    let feeds = run(&folder, &settings, &["feeds", "--json"]);
    assert!(!feeds.contains("secret"), "{feeds}");
    // What the settings name is not there: the feed is not asked, and says why.
    let said = complaint(&folder, &settings, &["refresh"]);
    assert!(said.contains("PORT_KEY is not set"), "{said}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_a_feed_links_to_carries_no_password() {
    let feed = "<rss><channel><title>Harbour</title><link>/</link><item><guid>a</guid><title>Anchors</title>\
                <link>anchors.html</link><enclosure url='talk.mp3' type='audio/mpeg'/>\
                <description>&lt;a href='more.html'>More&lt;/a></description></item></channel></rss>";
    let server = Server::saying(page("", feed));
    let (folder, url) = (Folder::new(), &server.url);
    let settings = format!(
        "[[feed]]\nurl = \"{url}feed\"\nuser = \"jane\"\npassword_command = [\"echo\", \"geheim\"]\n"
    );
    run(&folder, &settings, &["refresh"]);
    let listed = run(&folder, &settings, &["list", "--json"]);
    assert!(listed.contains(&format!("{url}anchors.html")), "{listed}");
    let shown = run(&folder, &settings, &["show", "Anchors"]);
    for told in [listed, shown] {
        assert!(!told.contains("geheim") && !told.contains("jane"), "{told}");
    }
}

#[test]
fn who_wants_a_proxy_is_never_seen_without_it() {
    let (folder, server) = (Folder::new(), publisher(&["Anchors"]));
    let proxy = Server::saying("HTTP/1.1 403 F\r\nContent-Length: 0\r\n\r\n");
    let feed = format!("{}feed", server.url);
    let through = format!("proxy = \"{}\"\n", proxy.url);
    let said = complaint(&folder, &through, &["subscribe", &feed]);
    assert!(said.contains("proxy"), "{said}");
    let host = format!("connect 127.0.0.1:{} http/1.1", server.url.port().unwrap());
    assert_eq!(proxy.asked()[0][0], host);
    assert!(server.asked().is_empty());
    for wrong in ["proxy = \"gopher://127.0.0.1\"\n", "proxy = 7\n"] {
        let said = complaint(&folder, wrong, &["refresh"]);
        assert!(said.contains("proxy"), "{said}");
    }
    assert!(server.asked().is_empty());
    assert_eq!(proxy.asked().len(), 1);
    // A single feed may go another way.
    let direct = format!("{through}[[feed]]\nurl = \"{feed}\"\nproxy = \"none\"\n");
    run(&folder, &direct, &["refresh"]);
    assert_eq!((server.asked().len(), proxy.asked().len()), (1, 1));
}

#[test]
fn a_command_of_the_settings_is_a_feed() {
    let feed =
        "<rss><channel><title>Council</title><item><title>Minutes</title></item></channel></rss>";
    let folder = Folder::new().with("feed.xml", feed);
    let path = folder.path("feed.xml");
    let command = format!("[\"cat\", \"{}\"]", path.display());
    let settings = format!("[[feed]]\ncommand = {command}\n");
    run(&folder, &settings, &["refresh"]);
    assert_eq!(titles(&folder, &settings, "source:=Council"), ["Minutes"]);
    assert_eq!(
        run(&folder, &settings, &["refresh"]),
        "0 new stories from 1 feed\n"
    );
    // What is no longer set is no longer run; and what another machine says is never run.
    let said = complaint(&folder, "", &["refresh"]);
    assert!(said.contains("no longer among the settings"), "{said}");
    let state = run(&folder, "", &["export", "state"]);
    let other = Folder::new().with("state.jsonl", state);
    let file = other.path("state.jsonl");
    let words = complaint(&other, "", &["import", file.to_str().unwrap()]);
    assert!(
        words.contains("comes from the settings alone; write it there"),
        "{words}"
    );
    run(&other, "", &["import", file.to_str().unwrap()]);
    assert!(!run(&other, "", &["feeds"]).contains("cat"));
    // Who ended it has it back by its name.
    let settings = format!("{settings}name = \"Printed\"\n");
    let words = complaint(&folder, &settings, &["unsubscribe", "Printed"]);
    assert!(
        words.contains("recto subscribe Printed brings it back"),
        "{words}"
    );
    assert!(!run(&folder, &settings, &["feeds"]).contains("Printed"));
    run(&folder, &settings, &["subscribe", "Printed"]);
    assert!(run(&folder, &settings, &["feeds"]).contains("Printed"));
    // By its folder and name as well, and by its command where that is all that it goes by.
    let filed = format!("{settings}folder = \"Town/Hall\"\n");
    run(&folder, &filed, &["unsubscribe", "Town/Hall/Printed"]);
    assert!(!run(&folder, &filed, &["feeds"]).contains("Printed"));
    run(&folder, &filed, &["subscribe", "town/hall/printed"]);
    assert!(run(&folder, &filed, &["feeds"]).starts_with("Town/Hall/Printed\t"));
    run(&folder, &filed, &["refresh", "Town/Hall/Printed"]);
    let nameless = format!("[[feed]]\ncommand = {command}\n");
    let cat = format!("cat {}", path.display());
    let words = complaint(&folder, &nameless, &["unsubscribe", "Printed"]);
    let way = format!("recto subscribe '{cat}' brings it back");
    assert!(words.contains(&way), "{words}");
    assert!(!run(&folder, &nameless, &["feeds"]).contains(&cat));
    run(&folder, &nameless, &["subscribe", &cat]);
    assert!(run(&folder, &nameless, &["feeds"]).contains(&cat));
    // One that fails says so.
    let failing = "[[feed]]\ncommand = [\"false\"]\nname = \"Nothing\"\n";
    let said = complaint(&Folder::new(), failing, &["refresh"]);
    assert!(said.contains("Nothing: false failed"), "{said}");
}

#[test]
fn rules_are_followed_when_stories_arrive_and_never_after() {
    let (folder, server) = (
        Folder::new(),
        publisher(&["Sponsored post", "Anchors", "Quiz", "Bells"]),
    );
    let feed = format!("{}feed", server.url);
    let settings = "[[rule]]\nwhen = \"title:sponsored\"\ndo = [\"hide\"]\n\
         [[rule]]\nwhen = \"source:harbour title:quiz\"\ndo = [\"read\", \"tag:games\"]\n\
         [[rule]]\nwhen = \"title:anchors\"\ndo = [\"star\", \"later\"]\n\
         [[rule]]\nwhen = \"title:bells\"\ndo = [\"read\"]\nuntil = 2020-01-01\n\
         [[rule]]\nwhen = \"tag:games is:read\"\ndo = [\"tag:idle\"]\n";
    // Its own title holds for rules whatever it is called here.
    run(&folder, settings, &["subscribe", &feed, "--name", "Mine"]);
    assert_eq!(titles(&folder, settings, ""), ["Anchors", "Quiz", "Bells"]);
    assert_eq!(titles(&folder, settings, "is:removed"), ["Sponsored post"]);
    // A rule sees what those before it did.
    assert_eq!(
        titles(&folder, settings, "is:read tag:games tag:idle"),
        ["Quiz"]
    );
    assert_eq!(
        titles(&folder, settings, "is:starred is:later"),
        ["Anchors"]
    );
    assert_eq!(titles(&folder, settings, "is:unread"), ["Anchors", "Bells"]);
    let feeds = run(&folder, settings, &["feeds", "--json"]);
    let feeds: Value = serde_json::from_str(feeds.lines().next().unwrap()).unwrap();
    assert_eq!((&feeds["total"], &feeds["unread"]), (&3.into(), &2.into()));
    // What the reader does then stands.
    run(&folder, settings, &["mark", "Quiz", "--unread"]);
    run(&folder, settings, &["refresh"]);
    assert_eq!(titles(&folder, settings, "is:read"), [""; 0]);
    let tried = run(&folder, settings, &["rules", "test"]);
    assert!(
        tried.contains("line 4: source:harbour title:quiz: 1 story"),
        "{tried}"
    );
    assert!(tried.contains("which ended on 2020-01-01"), "{tried}");
    let tried = run(&folder, settings, &["rules", "test", "title:an"]);
    assert_eq!(tried, "1 story\n  Anchors\n");
}

#[test]
fn what_a_feed_keeps_is_limited_and_what_the_reader_kept_is_not() {
    let (folder, server) = (
        Folder::new(),
        publisher(&["Anchors", "Bells", "Currents", "Dykes", "Eddies", "Floods"]),
    );
    let feed = format!("{}feed", server.url);
    run(&folder, "", &["subscribe", &feed]);
    run(&folder, "", &["mark", "Floods", "--star"]);
    let settings = format!("[[feed]]\nurl = \"{feed}\"\nkeep_items = 2\n");
    for _ in 0..2 {
        run(&folder, &settings, &["refresh"]);
        assert_eq!(
            titles(&folder, &settings, ""),
            ["Anchors", "Bells", "Floods"]
        );
    }
    let days = format!("[[feed]]\nurl = \"{feed}\"\nkeep_days = 1\n");
    run(&folder, &days, &["refresh"]);
    assert_eq!(titles(&folder, &days, ""), ["Floods"]);
}

#[test]
fn new_stories_are_told_of_by_the_command_that_is_set() {
    let (folder, server) = (Folder::new(), publisher(&["Anchors", "Bells"]));
    let feed = format!("{}feed", server.url);
    let told = folder.path("told");
    let settings = format!(
        "notify = [\"sh\", \"-c\", \"echo \\\"$1|$2\\\" >> {}\", \"sh\"]\n\
         [[rule]]\nwhen = \"title:bells\"\ndo = [\"notify\"]\n",
        told.display()
    );
    // Whoever subscribes looks at it.
    run(&folder, &settings, &["subscribe", &feed]);
    assert!(!told.exists());
    let settings = format!("{settings}[[feed]]\nurl = \"{feed}?again\"\nname = \"Port\"\n");
    run(&folder, &settings, &["refresh", "--quiet"]);
    assert_eq!(fs::read_to_string(&told).unwrap(), "2 new stories|Bells\n");
    // Where no rule names any, it is told whose they are.
    let (all, _) = settings.split_once("[[rule]]").unwrap();
    let more = format!("{all}[[feed]]\nurl = \"{feed}?third\"\nname = \"Quay\"\n");
    run(&folder, &more, &["refresh"]);
    let said = fs::read_to_string(&told).unwrap();
    assert!(said.ends_with("2 new stories|Quay\n"), "{said}");
}

#[test]
fn what_is_wrong_with_the_settings_is_said_and_the_rest_holds() {
    let (folder, server) = (Folder::new(), publisher(&["Anchors"]));
    let feed = format!("{}feed", server.url);
    let settings = format!("refersh = \"30m\"\n[[feed]]\nurl = \"{feed}\"\nname = \"Port\"\n");
    let said = complaint(&folder, &settings, &["refresh"]);
    assert!(
        said.contains("config.toml:1:1") && said.contains("refresh"),
        "{said}"
    );
    assert_eq!(titles(&folder, &settings, "source:=Port"), ["Anchors"]);
}

#[test]
fn an_interval_that_is_set_to_less_holds_at_once() {
    let (folder, server) = (Folder::new(), publisher(&["Anchors"]));
    let address = format!("{}feed", server.url);
    run(&folder, "", &["subscribe", &address]);
    let due = |settings: &str| run(&folder, settings, &["refresh", "--due"]);
    let none = "0 new stories from 0 feeds\n";
    assert_eq!(due(""), none);
    // Two minutes later.
    let database = rusqlite::Connection::open(folder.path("data/recto.db")).unwrap();
    let later = "UPDATE feed SET checked = checked - 120, due = due - 120";
    database.execute(later, []).unwrap();
    drop(database);
    assert_eq!(due(""), none);
    assert_eq!(due("refresh = \"5m\"\n"), none);
    assert_eq!(due("refresh = \"1m\"\n"), "0 new stories from 1 feed\n");
    let own = format!("refresh = \"never\"\n[[feed]]\nurl = \"{address}\"\nrefresh = \"1m\"\n");
    assert_eq!(due(&own), none);
    assert_eq!(server.asked().len(), 2);
}
