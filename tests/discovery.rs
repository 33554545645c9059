//! Sites on loopback and the feeds that are found on them.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/publisher.rs"]
mod publisher;
#[path = "support/server.rs"]
mod server;

use assert_cmd::assert::Assert;
use command::said;
use folder::Folder;
use publisher::Publisher;
use server::page;

const ONE: &[(&str, &str, &str, &str)] = &[("1", "https://example.org/a", "Anchors", "They hold.")];
const OTHER: &[(&str, &str, &str, &str)] = &[("2", "https://example.org/b", "Bells", "They ring.")];

fn recto(folder: &Folder, arguments: &[&str]) -> Assert {
    command::recto(folder, arguments).assert()
}

/// Has a page of the site declare feeds: type, address, title.
fn declares(site: &Publisher, path: &str, feeds: &[(&str, &str, &str)]) {
    let links: String = feeds
        .iter()
        .map(|(kind, href, title)| {
            format!(
                "<link rel=alternate type='application/{kind}+xml' href='{href}' title='{title}'>"
            )
        })
        .collect();
    let html = format!("<!doctype html><title>Site</title>{links}<p>Words.");
    site.says(path, page("Content-Type: text/html\r\n", &html));
}

#[test]
fn the_feed_that_a_page_declares_is_taken() {
    let (folder, site) = (Folder::new(), Publisher::new());
    declares(&site, "blog/", &[("rss", "../sea.xml", "The Sea")]);
    site.publishes("sea.xml", "Sea", ONE);
    let assert = recto(&folder, &["subscribe", &site.at("blog/")]).success();
    let feed = site.at("sea.xml");
    let (out, _) = said(&assert);
    assert_eq!(
        out,
        format!("subscribed to “Sea”, {feed}\n1 new story from 1 feed\n")
    );
    // The site once more is the same feed.
    let (out, _) = said(&recto(&folder, &["subscribe", &site.at("blog/")]).success());
    assert_eq!(
        out,
        "nothing changed: that is subscribed to already: “Sea”\n"
    );
}

#[test]
fn of_a_feed_and_its_comments_the_feed_is_meant() {
    let (folder, site) = (Folder::new(), Publisher::new());
    declares(
        &site,
        "",
        &[
            ("rss", "/comments/feed", "Comments"),
            ("rss", "/feed", "Stories"),
        ],
    );
    site.publishes("comments/feed", "Comments on Sea", OTHER);
    site.publishes("feed", "Sea", ONE);
    let assert = recto(&folder, &["subscribe", &site.at("")]).success();
    assert!(said(&assert).0.starts_with("subscribed to “Sea”, "));
}

#[test]
fn one_feed_in_two_formats_is_one() {
    let (folder, site) = (Folder::new(), Publisher::new());
    declares(
        &site,
        "",
        &[("rss", "/rss", "RSS"), ("atom", "/atom", "Atom")],
    );
    site.publishes("rss", "Sea", ONE);
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Sea</title><entry><id>x</id>\
                <title>Anchors</title><link href='https://example.org/a'/></entry></feed>";
    site.says("atom", page("", atom));
    let assert = recto(&folder, &["subscribe", &site.at("")]).success();
    assert!(said(&assert).0.contains(&site.at("rss")));
}

#[test]
fn of_several_feeds_none_is_taken_unasked() {
    let (folder, site) = (Folder::new(), Publisher::new());
    declares(
        &site,
        "",
        &[
            ("rss", "/sea", "Sea"),
            ("rss", "/land", "Land"),
            ("rss", "/gone", "Gone"),
        ],
    );
    site.publishes("sea", "Sea", ONE);
    site.publishes("land", "Land", OTHER);
    let assert = recto(&folder, &["subscribe", &site.at("")])
        .failure()
        .code(1);
    let (out, told) = said(&assert);
    assert_eq!(out, "");
    for path in ["sea", "land"] {
        let line = format!("recto subscribe {}", site.at(path));
        assert!(told.contains(&line), "{told}");
    }
    // What is offered was looked at.
    assert!(!told.contains("gone"), "{told}");
    recto(&folder, &["subscribe", &site.at("land")]).success();
}

#[test]
fn where_nothing_is_declared_common_places_are_looked_at_and_not_many() {
    let (folder, site) = (Folder::new(), Publisher::new());
    declares(&site, "", &[]);
    site.publishes("atom.xml", "Sea", ONE);
    let assert = recto(&folder, &["subscribe", &site.at("")]).success();
    assert!(said(&assert).0.contains("“Sea”"));
    let bare = Publisher::new();
    declares(&bare, "a/b", &[]);
    let (_, told) = said(
        &recto(&folder, &["subscribe", &bare.at("a/b")])
            .failure()
            .code(1),
    );
    assert!(told.contains("no feed was found there"), "{told}");
    assert!(bare.server.asked().len() <= 8, "{:?}", bare.server.asked());
}

#[test]
fn a_hidden_feed_that_is_subscribed_to_stands_among_the_sources() {
    let site = Publisher::new();
    site.publishes("sea", "Sea", ONE);
    let sea = site.at("sea");
    let folder = Folder::new().with("urls", format!("{sea} water \"~The sea\" \"!\"\n"));
    let urls = folder.path("urls");
    recto(&folder, &["import", urls.to_str().unwrap()]).success();
    let listed = || said(&recto(&folder, &["feeds"]).success()).0;
    assert!(listed().contains("recto subscribe and its address has it stand there"));
    let told = said(&recto(&folder, &["subscribe", &sea]).success()).0;
    assert_eq!(told, "“The sea” stands among the sources now\n");
    assert!(listed().starts_with("water/The sea\t") && !listed().contains("hidden"));
}

#[test]
fn an_address_is_taken_as_people_type_it() {
    let site = Publisher::new();
    site.publishes("sea", "Sea", ONE);
    let sea = site.at("sea");
    let bare = sea.strip_prefix("http://").unwrap();
    for typed in [
        format!("<{sea}>"),
        format!("{sea}."),
        format!("feed:{sea}"),
        format!("feed://{bare}"),
        format!("http:{bare}"),
        format!("http://{sea}"),
    ] {
        let folder = Folder::new();
        let told = said(&recto(&folder, &["subscribe", &typed]).success()).0;
        assert!(told.contains("subscribed to “Sea”"), "{typed}: {told}");
    }
}

#[test]
fn what_leads_to_no_feed_is_told_with_what_leads_there() {
    let site = Publisher::new();
    let list = format!(
        "<opml version='2.0'><body><outline xmlUrl='{}'/></body></opml>",
        site.at("sea")
    );
    site.says("list.opml", page("Content-Type: text/x-opml\r\n", &list));
    let folder = Folder::new().with("feeds.opml", list);
    let file = folder.path("feeds.opml");
    for (typed, wanted) in [
        (
            &*site.at("list.opml"),
            "this is a list of feeds (OPML): save it as a file, and recto import FILE",
        ),
        (
            file.to_str().unwrap(),
            "this is a file here: recto import FILE takes in a list of feeds",
        ),
        (
            "@jane",
            "its server belongs to it, as in @jane@example.social",
        ),
        ("ftp://example.org/feed", "ftp: is no scheme of the web"),
        (
            "my favourite site",
            "this is no address; one is written as example.org",
        ),
    ] {
        let told = said(&recto(&folder, &["subscribe", typed]).failure()).1;
        assert!(told.contains(wanted), "{typed}: {told}");
    }
}

#[test]
fn one_address_that_leads_nowhere_keeps_no_other_from_coming_in() {
    let (folder, site) = (Folder::new(), Publisher::new());
    site.publishes("sea", "Sea", ONE);
    let assert = recto(&folder, &["subscribe", &site.at("gone"), &site.at("sea")]);
    let (out, told) = said(&assert.failure().code(1));
    assert!(out.contains("“Sea”"), "{out}");
    assert!(told.contains("404"), "{told}");
}

#[test]
fn what_is_only_guessed_is_offered_where_a_page_was_named() {
    let (folder, site) = (Folder::new(), Publisher::new());
    site.publishes("feed", "Sea", ONE);
    let login = "<!doctype html><form><input type=password></form>";
    for (path, body) in [
        ("login.html", login),
        ("notes.txt", "Words."),
        ("empty.xml", ""),
    ] {
        site.says(path, page("Content-Type: text/html\r\n", body));
        let refused = recto(&folder, &["subscribe", &site.at(path)]);
        let (_, told) = said(&refused.failure().code(1));
        let line = format!("  recto subscribe {}  Sea", site.at("feed"));
        assert!(
            told.contains("no feed is there; elsewhere the site has this:"),
            "{told}"
        );
        assert!(told.contains(&line), "{told}");
    }
    let none = said(&recto(&folder, &["feeds"])).1;
    assert!(none.contains("no feed is subscribed to"), "{none}");
    // What lies below what was typed is meant.
    site.says(
        "blog/",
        page("Content-Type: text/html\r\n", "<!doctype html>"),
    );
    site.publishes("blog/feed", "Blog", OTHER);
    recto(&folder, &["subscribe", &site.at("blog/")]).success();
}

#[test]
fn of_a_feed_that_is_known_it_is_said_what_became_of_it() {
    let (folder, site) = (Folder::new(), Publisher::new());
    site.publishes("sea", "Sea", ONE);
    let sea = site.at("sea");
    recto(&folder, &["subscribe", &sea, "--folder", "News"]).success();
    for (arguments, wanted) in [
        (
            &[][..],
            "nothing changed: that is subscribed to already: “Sea”, in News\n",
        ),
        (&["--folder", "Water/Salt"], "moved “Sea” to Water/Salt\n"),
        // Only what is other than it was.
        (
            &["--name", "Sea", "--folder", "Water"],
            "moved “Sea” to Water\n",
        ),
        (
            &["--name", "Sea", "--folder", "Water/Salt"],
            "moved “Sea” to Water/Salt\n",
        ),
        (&["--name", "Ocean"], "renamed “Sea” to “Ocean”\n"),
        (&["--folder", ""], "moved “Ocean” out of Water/Salt\n"),
        (&["--name", ""], "renamed “Ocean” to “Sea”\n"),
    ] {
        let words = [&["subscribe", &*sea][..], arguments].concat();
        assert_eq!(said(&recto(&folder, &words).success()).0, wanted);
    }
}

#[test]
fn a_server_that_answers_says_more_than_one_that_does_not() {
    let (folder, site) = (Folder::new(), Publisher::new());
    let address = site.at("none/");
    let bare = address.trim_start_matches("http://");
    let (_, told) = said(&recto(&folder, &["subscribe", bare]).failure().code(1));
    assert!(told.contains("127.0.0.1 answered 404"), "{told}");
}

#[test]
fn of_two_schemes_both_are_told_and_what_tells_more_comes_first() {
    let folder = Folder::new();
    // It speaks no TLS, and no HTTP that anybody would understand.
    let server = server::Server::saying("HTTP/9 ?\r\n\r\n");
    let address = format!("127.0.0.1:{}/slow", server.url.port().unwrap());
    let (_, told) = said(&recto(&folder, &["subscribe", &address]).failure().code(1));
    let [http, https] = ["(http://)", "(https://)"].map(|it| told.find(it));
    assert!(http.is_some() && http < https, "{told}");
}

#[test]
fn what_the_settings_say_of_a_feed_is_changed_there() {
    let (folder, site) = (Folder::new(), Publisher::new());
    site.publishes("sea", "Sea", ONE);
    let sea = site.at("sea");
    let settings = format!("refresh = \"30m\"\n[[feed]]\nurl = \"{sea}\"\nname = \"Ocean\"\n");
    let folder = folder.with(".config/recto/config.toml", settings);
    recto(&folder, &["refresh"]).success();
    let (_, told) = said(
        &recto(&folder, &["subscribe", &sea, "--name", "Lake"])
            .failure()
            .code(1),
    );
    assert!(
        told.contains("Ocean: nothing changed: the settings say its name, from line 2 of ")
            && told.contains("config.toml on; change it there"),
        "{told}"
    );
    // Of its folder they say nothing: that is the reader's. By that it is asked for.
    let words = ["subscribe", &sea, "--folder", "News/Salt"];
    assert_eq!(
        said(&recto(&folder, &words).success()).0,
        "moved “Ocean” to News/Salt\n"
    );
    let asked = said(&recto(&folder, &["refresh", "news"]).success()).0;
    assert_eq!(asked, "0 new stories from 1 feed\n");
    assert!(
        said(&recto(&folder, &["refresh", "new/s"]).failure())
            .1
            .contains("no feed is called so")
    );
}

#[test]
fn who_was_asked_to_wait_by_a_server_that_is_no_feeds_yet_does_not_ask_it_before() {
    let (folder, site) = (Folder::new(), Publisher::new());
    site.says(
        "sea",
        "HTTP/1.1 429 T\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n".to_owned(),
    );
    let sea = site.at("sea");
    let (_, told) = said(&recto(&folder, &["subscribe", &sea]).failure().code(1));
    let until = "and wants to be asked again from ";
    assert!(
        told.contains("answered 429") && told.contains(until),
        "{told}"
    );
    let asked = site.server.asked().len();
    let (_, again) = said(&recto(&folder, &["subscribe", &sea]).failure().code(1));
    assert!(
        again.contains("asked to be left alone") && again.contains(until),
        "{again}"
    );
    assert_eq!(site.server.asked().len(), asked);
    // Another address is another matter.
    site.publishes("land", "Land", OTHER);
    recto(&folder, &["subscribe", &site.at("land")]).success();
}

#[test]
fn no_feed_moves_to_where_another_one_is() {
    let (folder, site) = (Folder::new(), Publisher::new());
    site.publishes("sea", "Sea", ONE);
    site.publishes("land", "Land", OTHER);
    recto(&folder, &["subscribe", &site.at("sea"), &site.at("land")]).success();
    let (_, told) = said(
        &recto(&folder, &["subscribe", &site.at("sea"), "--moved", "Land"])
            .failure()
            .code(1),
    );
    assert!(
        told.contains("not readdressed: “Sea” is fetched from there"),
        "{told}"
    );
    let feeds = said(&recto(&folder, &["feeds"]).success()).0;
    assert!(feeds.contains(&site.at("land")), "{feeds}");
}

#[test]
fn what_the_reader_called_a_feed_is_there_again_where_the_settings_say_nothing() {
    let (mut folder, site) = (Folder::new(), Publisher::new());
    site.publishes("sea", "Sea", ONE);
    let sea = site.at("sea");
    let words = ["subscribe", &sea, "--folder", "News", "--name", "My stars"];
    recto(&folder, &words).success();
    let set = format!("[[feed]]\nurl = \"{sea}\"\nname = \"Set\"\nfolder = \"Elsewhere\"\n");
    let feeds = |folder: &Folder| said(&recto(folder, &["feeds"]).success()).0;
    let count = |folder: &Folder, query: &str| said(&recto(folder, &["list", query, "--count"])).0;
    folder = folder.with(".config/recto/config.toml", &set);
    assert!(feeds(&folder).starts_with("Elsewhere/Set"));
    assert_eq!(count(&folder, "folder:=Elsewhere source:=Set"), "1\n");
    folder = folder.with(".config/recto/config.toml", "");
    assert!(
        feeds(&folder).starts_with("News/My stars"),
        "{}",
        feeds(&folder)
    );
    assert_eq!(count(&folder, "folder:=News source:=\"My stars\""), "1\n");
    assert_eq!(count(&folder, "folder:=Elsewhere"), "0\n");
    // It is left while they call it so, and comes back when they do no more.
    folder = folder.with(".config/recto/config.toml", &set);
    recto(&folder, &["unsubscribe", "Set"]).success();
    folder = folder.with(".config/recto/config.toml", "");
    recto(&folder, &["subscribe", &sea]).success();
    assert!(
        feeds(&folder).starts_with("News/My stars"),
        "{}",
        feeds(&folder)
    );
    // What is wrong with them costs no name.
    folder = folder.with(".config/recto/config.toml", &set);
    assert!(feeds(&folder).starts_with("Elsewhere/Set"));
    folder = folder.with(".config/recto/config.toml", "refresh = \"often\"\n");
    assert!(feeds(&folder).starts_with("Elsewhere/Set"));
}

#[test]
fn searches_of_the_settings_go_with_their_lines() {
    let mut folder = Folder::new();
    let kept = |folder: &Folder, name: &str| {
        let found = recto(folder, &["list", &format!("@{name}"), "--count"]);
        found.get_output().status.success()
    };
    let of = |searches: &[(&str, &str)]| -> String {
        let lines = searches.iter();
        lines
            .map(|(name, query)| format!("[[search]]\nname = \"{name}\"\nquery = \"{query}\"\n"))
            .collect()
    };
    recto(&folder, &["list", "title:own", "--save", "own"]).success();
    folder = folder.with(
        ".config/recto/config.toml",
        of(&[
            ("one", "title:a"),
            ("two", "title:b"),
            ("three", "title:c"),
            ("own", "title:set"),
        ]),
    );
    recto(&folder, &["feeds"]).success();
    assert!(kept(&folder, "one") && kept(&folder, "two") && kept(&folder, "own"));
    // Said by the reader, too.
    recto(&folder, &["list", "title:c", "--save", "three"]).success();
    folder = folder.with(".config/recto/config.toml", of(&[("eins", "title:a")]));
    recto(&folder, &["feeds"]).success();
    assert!(kept(&folder, "eins") && kept(&folder, "three"));
    assert!(!kept(&folder, "one"), "renamed");
    assert!(!kept(&folder, "two"), "taken out");
    let state = said(&recto(&folder, &["export", "state"]).success()).0;
    assert!(
        state.contains("{\"saved\":\"own\",\"query\":\"title:own\"}"),
        "{state}"
    );
    folder = folder.with(".config/recto/config.toml", "");
    recto(&folder, &["feeds"]).success();
    assert!(!kept(&folder, "eins"));
}

#[test]
fn a_story_of_two_feeds_stays_where_the_other_one_has_it() {
    let (folder, site) = (Folder::new(), Publisher::new());
    for path in ["sea", "land"] {
        site.publishes(path, path, ONE);
        let address = site.at(path);
        recto(
            &folder,
            &["subscribe", &address, "--folder", &format!("of-{path}")],
        )
        .success();
    }
    let count = |query: &str| said(&recto(&folder, &["list", query, "--count"])).0;
    for path in ["sea", "land"] {
        let (gone, left) = match path {
            "sea" => ("sea", "land"),
            _ => ("land", "sea"),
        };
        recto(&folder, &["unsubscribe", &site.at(gone)]).success();
        assert_eq!(count(&format!("folder:of-{gone}")), "0\n", "{gone}");
        assert_eq!(count(&format!("source:={gone}")), "0\n", "{gone}");
        assert_eq!(
            count(&format!("folder:of-{left} source:={left}")),
            "1\n",
            "{gone}"
        );
        recto(
            &folder,
            &[
                "subscribe",
                &site.at(gone),
                "--folder",
                &format!("of-{gone}"),
            ],
        )
        .success();
    }
}
