//! Lists of feeds and newsboat's files, taken in and given out again.

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
    fs,
    sync::{Arc, atomic::AtomicBool},
};

use assert_cmd::assert::Assert;
use command::{run, said};
use folder::Folder;
use publisher::Publisher;
use recto::{
    ingest::{
        opml::{self, Opml},
        subscription::Followed,
    },
    library::{Input, Library},
};
use rusqlite::Connection;
use serde_json::Value;

fn recto(folder: &Folder, arguments: &[&str]) -> Assert {
    command::recto(folder, arguments).assert()
}

/// The titles of what a query finds, by their letters.
fn titles(folder: &Folder, query: &str) -> Vec<String> {
    let mut titles = command::titles(folder, query);
    titles.sort();
    titles
}

/// Imports a file of the folder, all of it.
fn import(folder: &Folder, name: &str) -> String {
    run(folder, &["import", folder.path(name).to_str().unwrap()])
}

fn feeds(folder: &Folder) -> Vec<(String, String, String)> {
    let told = run(folder, &["feeds", "--json"]);
    let objects = told.lines().map(|it| serde_json::from_str(it).unwrap());
    objects
        .map(|it: Value| {
            let of = |name: &str| it[name].as_str().unwrap().to_owned();
            (of("folder"), of("name"), of("url"))
        })
        .collect()
}

/// The feeds of a document in an order of their own.
fn sorted(opml: &Opml) -> Vec<Followed> {
    let mut feeds = opml.subscriptions().feeds;
    feeds.sort_by(|one, other| one.url.cmp(&other.url));
    feeds
}

const OPML: &str = r#"<?xml version="1.0"?>
<opml version="2.0" xmlns:fz="urn:forumzilla:"><head><title>Mine</title></head><body>
  <outline text="News"><outline text="AC/DC">
    <outline type="rss" text="Sea &amp; Land" xmlUrl="https://example.org/sea" htmlUrl="https://example.org/" fz:quickMode="true" note="a&#10;b"/>
  </outline><outline type="atom" text="Harbour" title="Harbour" xmlUrl="https://example.org/harbour"/></outline>
  <outline text="https://example.org/bare" xmlUrl="https://example.org/bare"/>
  <outline type="rss" text="Evil" xmlUrl="exec:rm -rf /"/>
</body></opml>"#;

#[test]
fn a_list_that_ends_in_the_middle_says_so() {
    let cut = &OPML[..OPML.find("<outline text=\"https").unwrap()];
    let folder = Folder::new().with("mine.opml", cut);
    let file = folder.path("mine.opml");
    let assert = recto(&folder, &["import", file.to_str().unwrap()]);
    let (out, told) = said(&assert.failure().code(1));
    assert!(out.contains("2 new feeds"), "{out}");
    let whole = "mine.opml, line 5: the file ends in the middle of the list";
    assert!(told.contains(whole), "{told}");
}

#[test]
fn feeds_in_their_folders_come_in_and_go_out_as_they_were() {
    let folder = Folder::new().with("mine.opml", OPML);
    let assert = recto(
        &folder,
        &["import", folder.path("mine.opml").to_str().unwrap()],
    );
    let (out, told) = said(&assert.success());
    assert!(
        out.contains("3 new feeds, 0 known, 1 not taken; recto refresh"),
        "{out}"
    );
    assert!(told.contains("Evil: it is a command"), "{told}");
    assert_eq!(feeds(&folder)[2].0, "News/AC\u{2215}DC");
    let written = run(&folder, &["export", "opml"]);
    let back = opml::read(written.as_bytes()).unwrap();
    assert_eq!(sorted(&back), sorted(&opml::read(OPML.as_bytes()).unwrap()));
    assert!(
        written.contains("<opml version=\"2.0\" xmlns:fz=\"urn:forumzilla:\">"),
        "{written}"
    );
    assert!(written.contains("<dateCreated>") && written.contains("<title>Mine</title>"));
    // Twice changes nothing, and what the reader made of a feed stays.
    fs::write(folder.path("again.opml"), &written).unwrap();
    assert!(import(&folder, "again.opml").contains("0 new feeds, 3 known\n"));
    let other = Folder::new().with("again.opml", &written);
    import(&other, "again.opml");
    assert_eq!(feeds(&other), feeds(&folder));
}

#[test]
fn a_name_that_is_the_feeds_own_follows_it() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    publisher.publishes("sea", "Sea", &[]);
    publisher.publishes("land", "Land", &[]);
    let outline = |name: &str, path: &str| {
        format!("<outline text='{name}' xmlUrl='{}'/>", publisher.at(path))
    };
    let body = outline("Sea", "sea") + &outline("My land", "land");
    let folder = folder.with("mine.opml", format!("<opml><body>{body}</body></opml>"));
    import(&folder, "mine.opml");
    run(&folder, &["refresh"]);
    publisher.publishes("sea", "Ocean", &[]);
    publisher.publishes("land", "Continent", &[]);
    run(&folder, &["refresh"]);
    let names: Vec<String> = feeds(&folder).into_iter().map(|it| it.1).collect();
    assert_eq!(names, ["My land", "Ocean"]);
}

#[test]
fn urls_of_newsboat_become_feeds_folders_and_queries() {
    let urls = "# mine\nhttps://example.org/sea water \"cool stuff\" \"~My sea\" !\n\
                \"query:Fresh:unread = \\\"yes\\\"\"\n\"query:Odd:content =~ \\\"x\\\" and xyz = 1\"\n\
                exec:~/bin/feed.sh\nhttps://example.org/sea more\n";
    let folder = Folder::new().with(".newsboat/urls", urls);
    let home = folder.path(".newsboat");
    let (out, told) = said(&recto(&folder, &["import", home.to_str().unwrap()]).success());
    assert!(
        out.contains("1 new feed, 1 known, 3 queries kept, 2 not taken"),
        "{out}"
    );
    assert!(told.contains("urls, line 4: Odd: "), "{told}");
    assert!(
        told.contains("urls, line 5: exec:~/bin/feed.sh: it is a command"),
        "{told}"
    );
    let feed = (
        "water".to_owned(),
        "My sea".to_owned(),
        "https://example.org/sea".to_owned(),
    );
    assert_eq!(feeds(&folder), [feed]);
    let written = run(&folder, &["export", "opml"]);
    assert!(
        written.contains("category=\"water,cool stuff,more\""),
        "{written}"
    );
    assert!(run(&folder, &["export", "state"]).contains("\"saved\":\"Fresh\""));
}

#[test]
fn a_query_of_newsboats_keeps_its_feeds_whatever_they_are_called() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let names = ["sea", "land", "air"];
    for name in names {
        let (id, title) = (format!("{name}-1"), format!("On {name}"));
        publisher.publishes(name, &name.to_uppercase(), &[(&id, "", &title, "a")]);
    }
    let [sea, land, air] = names.map(|name| publisher.at(name));
    let urls = format!(
        "{sea} water deep\n{land} earth deep\n{air} sky\n\"query:One:rssurl = \\\"{sea}\\\"\"\n"
    );
    let secret = format!("{urls}https://me:hunter2@example.org/feed x deep\n");
    fs::write(folder.path("urls"), &urls).unwrap();
    import(&folder, "urls");
    run(&folder, &["refresh"]);
    assert_eq!(titles(&folder, "@deep"), ["On land", "On sea"]);
    // Titles are known by now, and are no part of what the list says.
    assert!(import(&folder, "urls").contains("0 queries kept"));
    // One is renamed here, one by its publisher, and a third one takes that name.
    run(&folder, &["subscribe", &sea, "--name", "Mine"]);
    publisher.publishes("land", "AIRY", &[("land-1", "", "On land", "a")]);
    publisher.publishes("air", "LAND", &[("air-1", "", "On air", "a")]);
    run(&folder, &["refresh"]);
    assert_eq!(titles(&folder, "@deep"), ["On land", "On sea"]);
    assert_eq!(titles(&folder, "@One"), ["On sea"]);
    assert_eq!(titles(&folder, "source:=LAND"), ["On air"]);
    // By the reader's name and by its own, as in newsboat.
    assert_eq!(titles(&folder, "source:=Mine"), ["On sea"]);
    assert_eq!(titles(&folder, "source:=SEA"), ["On sea"]);
    // One moves, and is the same feed.
    publisher.says(
        "land",
        "HTTP/1.1 301 M\r\nLocation: /earth\r\nContent-Length: 0\r\n\r\n",
    );
    publisher.publishes("earth", "EARTH", &[("land-1", "", "On land", "a")]);
    run(&folder, &["refresh"]);
    assert!(run(&folder, &["feeds"]).contains("EARTH"));
    assert_eq!(titles(&folder, "@deep"), ["On land", "On sea"]);
    // A password is no part of it.
    fs::write(folder.path("urls"), secret).unwrap();
    assert!(import(&folder, "urls").contains("1 query kept"));
    let state = run(&folder, &["export", "state"]);
    let mut queries = state.lines().filter(|it| it.contains("\"saved\""));
    assert!(
        queries.any(|it| it.contains("me@example.org/feed")),
        "{state}"
    );
    assert!(!queries.any(|it| it.contains("hunter2")));
}

#[test]
fn urls_that_have_changed_change_what_they_brought_and_nothing_of_the_readers() {
    let urls = "https://example.org/sea water salt\nhttps://example.org/land earth\n\
                \"query:Tech:unread = \\\"yes\\\"\"\n\"query:Tech:unread = \\\"yes\\\"\"\n\
                \"query:Tech:unread = \\\"no\\\"\"\n";
    let folder = Folder::new().with("urls", urls);
    let imported = || {
        said(&recto(
            &folder,
            &["import", folder.path("urls").to_str().unwrap()],
        ))
    };
    let kept = || {
        let state = run(&folder, &["export", "state"]);
        let queries = state.lines().filter(|it| it.contains("\"saved\""));
        queries.map(str::to_owned).collect::<Vec<_>>()
    };
    let (out, told) = imported();
    assert!(
        out.contains("2 new feeds, 0 known, 2 queries kept, 1 not taken"),
        "{out}"
    );
    assert!(
        told.contains(
            "line 5: Tech: the query feed on line 3 has this name; give this one another"
        ),
        "{told}"
    );
    let first = kept();
    let (out, _) = imported();
    assert!(
        out.contains("0 new feeds, 2 known, 0 queries kept"),
        "{out}"
    );
    assert_eq!(kept(), first);
    // The tag has another feed by now; what it stands for here is the list's word.
    let more = format!("{urls}https://example.org/lake water salt\n");
    std::fs::write(folder.path("urls"), &more).unwrap();
    let (out, _) = imported();
    assert!(out.contains("1 new feed, 2 known, 1 query kept"), "{out}");
    assert!(kept().iter().any(|it| it.contains("example.org/lake")));
    let before = kept();
    let (out, _) = imported();
    assert!(
        out.contains("0 new feeds, 3 known, 0 queries kept"),
        "{out}"
    );
    assert_eq!(kept(), before);
    // What the reader has made of it stays.
    run(&folder, &["list", "is:starred", "--save", "salt"]);
    let more = format!("{more}https://example.org/pond water salt\n");
    std::fs::write(folder.path("urls"), more).unwrap();
    let (_, told) = imported();
    assert!(
        told.contains("salt: you keep another query under this name: is:starred"),
        "{told}"
    );
    assert!(kept().iter().any(|it| it.contains("is:starred")));
}

#[test]
fn a_story_without_a_date_keeps_the_day_on_which_newsboat_saw_it() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let sea = publisher.at("sea");
    let stories: Stories<'_> = &[(&sea, "1", "Anchors", "", "They hold.", false, "", false)];
    let folder = folder.with("urls", format!("{sea}\n"));
    drop(cache(&folder, "cache.db", &[(&sea, "Sea")], stories));
    let of = |text: &str| {
        let item = format!("<item><guid>1</guid><title>Anchors</title><description>{text}");
        server::page(
            "",
            &format!("<rss><channel><title>Sea</title>{item}</description></item></channel></rss>"),
        )
    };
    run(&folder, &["import", folder.root().to_str().unwrap()]);
    for text in ["They hold.", "They hold well."] {
        publisher.says("sea", of(text));
        run(&folder, &["refresh"]);
        let told = run(&folder, &["list", "--json"]);
        assert!(told.contains("\"published\":\"2026-09-21T"), "{told}");
        assert!(run(&folder, &["show", "Anchors"]).contains(text));
    }
}

#[test]
fn what_was_unsubscribed_from_stays_so_when_a_list_is_imported_again() {
    let (sea, land) = ("https://example.org/sea", "https://example.org/land");
    let folder = Folder::new().with("urls", format!("{sea}\n{land}\nexec:cat x\n"));
    // A command that is not taken is no failure where the rest is.
    let import =
        || said(&recto(&folder, &["import", folder.path("urls").to_str().unwrap()]).success());
    assert!(import().0.contains("2 new feeds, 0 known, 1 not taken"));
    let mut undone = run(&folder, &["feeds"]);
    assert!(undone.contains(sea) && undone.contains(land), "{undone}");
    run(&folder, &["unsubscribe", sea]);
    let (out, told) = import();
    assert!(
        out.contains("0 new feeds, 1 known, 1 unsubscribed from here"),
        "{out}"
    );
    assert!(
        told.contains("recto subscribe https://example.org/sea brings it back"),
        "{told}"
    );
    undone = run(&folder, &["feeds"]);
    assert!(!undone.contains(sea) && undone.contains(land), "{undone}");
    // An address that is none is a failure all the same.
    let folder = folder.with("wrong", format!("{land}\nhttps://\n"));
    let wrong = folder.path("wrong");
    recto(&folder, &["import", wrong.to_str().unwrap()])
        .failure()
        .code(1);
}

#[test]
fn what_has_nothing_but_a_title_is_one_story_here_and_in_newsboat() {
    let publisher = Publisher::new();
    let sea = publisher.at("sea");
    let item = |title: &str, text: &str| {
        format!("<item><title>{title}</title><description>{text}</description></item>")
    };
    let items = [
        ("Anchors &amp;amp; co", "Hold."),
        ("Bells", "Ring."),
        ("Daily", "A."),
        ("Daily", "B."),
    ];
    let items: String = items
        .iter()
        .map(|(title, text)| item(title, text))
        .collect();
    let feed = format!("<rss><channel><title>Sea</title>{items}</channel></rss>");
    publisher.says("sea", server::page("", &feed));
    // newsboat takes the title for an identifier, dates them when it comes, and has one of each title.
    let stories: Stories<'_> = &[
        (
            &sea,
            "Anchors &amp; co",
            "Anchors &amp; co",
            "",
            "Hold.",
            false,
            "a",
            false,
        ),
        (&sea, "Bells", "Bells", "", "Rang.", false, "", false),
        (&sea, "Daily", "Daily", "", "B.", false, "", false),
    ];
    for imported_first in [true, false] {
        let folder = Folder::new().with("urls", format!("{sea}\n"));
        drop(cache(&folder, "cache.db", &[(&sea, "Sea")], stories));
        let import = || run(&folder, &["import", folder.root().to_str().unwrap()]);
        if imported_first {
            import();
        } else {
            run(&folder, &["subscribe", &sea]);
        }
        run(&folder, &["refresh"]);
        import();
        for _ in 0..2 {
            let mut all = titles(&folder, "");
            all.sort();
            assert_eq!(
                all,
                ["Anchors & co", "Bells", "Daily", "Daily"],
                "{imported_first}"
            );
            assert_eq!(titles(&folder, "is:unread").len(), 1, "{imported_first}");
            assert_eq!(titles(&folder, "tag:flag-a"), ["Anchors & co"]);
            publisher.says("sea", server::page("", &feed.replace("Hold.", "Held.")));
            run(&folder, &["refresh"]);
            import();
        }
        publisher.says("sea", server::page("", &feed));
    }
}

/// A cache as newsboat keeps it: rows of feed, guid, title, url, content, unread, flags, deleted.
type Stories<'a> = &'a [(
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    bool,
    &'a str,
    bool,
)];

fn cache(folder: &Folder, name: &str, feeds: &[(&str, &str)], stories: Stories<'_>) -> Connection {
    fs::create_dir_all(folder.path(name).parent().unwrap()).unwrap();
    let cache = Connection::open(folder.path(name)).unwrap();
    cache
        .execute_batch(
            "CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL, \
             title VARCHAR(1024) NOT NULL); \
             CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL, \
             title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL, \
             feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL, \
             unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), flags VARCHAR(52), \
             deleted INTEGER(1) NOT NULL DEFAULT 0);",
        )
        .unwrap();
    for (url, title) in feeds {
        let row = (url, "https://example.org/", title);
        cache
            .execute("INSERT INTO rss_feed VALUES (?1, ?2, ?3)", row)
            .unwrap();
    }
    for (number, (feed, guid, title, url, content, unread, flags, deleted)) in
        stories.iter().enumerate()
    {
        let row = (
            guid,
            title,
            url,
            feed,
            1_790_000_000 - number,
            content,
            unread,
            flags,
            deleted,
        );
        let insert = "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags, \
                      deleted) VALUES (?1, ?2, 'Ann', ?3, ?4, ?5, ?6, ?7, nullif(?8, ''), ?9)";
        cache.execute(insert, row).unwrap();
    }
    cache
}

#[test]
fn what_was_read_in_newsboat_is_read_here_before_and_after_a_refresh() {
    let publisher = Publisher::new();
    let sea = publisher.at("sea");
    let link = |name: &str| format!("https://example.org/{name}");
    let (a, b, old, same) = (
        link("a?utm_source=x"),
        link("b"),
        link("old"),
        link("changes"),
    );
    let stories: Stories<'_> = &[
        (
            &sea,
            "1",
            "Anchors &amp; co",
            &a,
            "<p>They hold.",
            false,
            "aB",
            false,
        ),
        (
            &sea,
            &format!("{b}Sat, 28 Feb 2026 10:00:00 +0000"),
            "Bells",
            &b,
            "They ring.",
            false,
            "",
            false,
        ),
        (&sea, "3", "Currents", "", "They run.", false, "", false),
        (&sea, "4", "Page one", &same, "One.", false, "", false),
        (&sea, "5", "Page two", &same, "Two.", true, "", false),
        (
            &sea,
            "6",
            "Old",
            &old,
            "No longer in its feed.",
            false,
            "",
            false,
        ),
        (
            &sea,
            "7",
            "Gone",
            &link("gone"),
            "Deleted.",
            false,
            "",
            true,
        ),
        (&sea, "8", "Waiting", &link("w"), "Unread.", true, "", false),
        (
            "https://example.org/other",
            "9",
            "Stranger",
            &link("s"),
            "Elsewhere.",
            false,
            "",
            false,
        ),
    ];
    let folder = Folder::new().with("urls", format!("{sea} water\n"));
    drop(cache(&folder, "cache.db", &[(&sea, "The Sea")], stories));
    let before = fs::read(folder.path("cache.db")).unwrap();
    let both = || {
        let files = ["cache.db", "urls"].map(|it| folder.path(it).to_str().unwrap().to_owned());
        said(&recto(&folder, &["import", &files[0], &files[1]]).success())
    };
    let (out, told) = both();
    assert!(
        out.contains("9 stories, 8 new; 7 read, 1 flagged: marks of 7 new"),
        "{out}"
    );
    assert!(
        told.contains("https://example.org/other is not subscribed to"),
        "{told}"
    );
    let check = || {
        let read = ["Anchors & co", "Bells", "Currents", "Old", "Page one"];
        assert_eq!(titles(&folder, "is:read"), read);
        assert_eq!(titles(&folder, "is:unread"), ["Page two", "Waiting"]);
        assert_eq!(
            titles(&folder, "tag:flag-a tag:flag-capital-b"),
            ["Anchors & co"]
        );
        assert_eq!(titles(&folder, "is:removed"), ["Gone"]);
        assert_eq!(
            feeds(&folder),
            [("water".to_owned(), "The Sea".to_owned(), sea.clone())]
        );
    };
    check();
    // All of it is readable without the net.
    assert!(run(&folder, &["show", "Old"]).contains("No longer in its feed."));
    assert!(run(&folder, &["search", "hold"]).contains("Anchors"));
    publisher.publishes(
        "sea",
        "The Sea",
        &[
            ("1", &a, "Anchors &amp;amp; co", "They hold."),
            ("", &b, "Bells", "They ring well."),
            ("3", "", "Currents", "They run."),
            ("4", &same, "Page one", "One."),
            ("5", &same, "Page two", "Two."),
            ("7", &link("gone"), "Gone", "Deleted."),
            ("8", &link("w"), "Waiting", "Unread."),
        ],
    );
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    check();
    assert!(run(&folder, &["show", "Bells"]).contains("They ring well."));
    // Twice changes nothing, nor does what was done here since.
    run(&folder, &["mark", "Currents", "--unread"]);
    assert!(
        both()
            .0
            .contains("9 stories, 0 new; 7 read, 1 flagged: marks of 0 new, 0 changed, 7 known")
    );
    assert!(titles(&folder, "is:unread").contains(&"Currents".to_owned()));
    assert!(run(&folder, &["show", "Bells"]).contains("They ring well."));
    assert_eq!(fs::read(folder.path("cache.db")).unwrap(), before);
    // Subscribed to later, the stranger's story is read.
    publisher.publishes("other", "Other", &[("9", &link("s"), "Stranger", ".")]);
    run(&folder, &["subscribe", &publisher.at("other")]);
    assert!(titles(&folder, "is:read").contains(&"Stranger".to_owned()));
}

#[test]
fn an_import_is_taken_back_and_can_be_done_again() {
    let sea = "https://example.org/sea";
    let stories: Stories<'_> = &[
        (
            sea,
            "1",
            "Anchors",
            "https://example.org/a",
            "They hold.",
            false,
            "",
            false,
        ),
        (
            sea,
            "2",
            "Bells",
            "https://example.org/b",
            "They ring.",
            true,
            "",
            false,
        ),
    ];
    let list = format!("{sea} water salt\n\"query:Waves:title =~ \\\"wave\\\"\"\n");
    let folder = Folder::new().with("urls", list);
    drop(cache(&folder, "cache.db", &[(sea, "Sea")], stories));
    let import = || run(&folder, &["import", folder.root().to_str().unwrap()]);
    import();
    let undo = |what: &str| {
        let inputs = vec![Input::Bundled, Input::Feeds];
        let clock = Arc::new(jiff::ZonedDateTime::now);
        let library = Library::open(Some(&folder.path("data")), inputs, clock).unwrap();
        assert_eq!(library.undo().unwrap().unwrap().what, what);
        library.settle_feeds(&AtomicBool::new(false)).unwrap();
    };
    undo("imported what was done with 1 story");
    assert_eq!(
        titles(&folder, "is:unread source:Sea"),
        ["Anchors", "Bells"]
    );
    assert_eq!(titles(&folder, "@salt").len(), 2);
    undo("imported “Sea” and 2 queries");
    assert_eq!(run(&folder, &["feeds"]), "");
    recto(&folder, &["list", "@salt"]).failure();
    recto(&folder, &["list", "@Waves"]).failure();
    assert_eq!(titles(&folder, "source:Sea"), [""; 0]);
    let out = import();
    assert!(
        out.contains("1 new feed") && out.contains("2 stories, 0 new; 1 read"),
        "{out}"
    );
    assert_eq!(titles(&folder, "is:unread source:Sea"), ["Bells"]);
    assert_eq!(titles(&folder, "is:read source:Sea"), ["Anchors"]);
}

#[test]
fn a_cache_that_is_written_to_is_read_from_a_copy_and_left_alone() {
    let sea = "https://example.org/sea";
    let stories: Stories<'_> = &[(
        sea,
        "1",
        "Anchors",
        "https://example.org/a",
        "They hold.",
        false,
        "",
        false,
    )];
    let folder = Folder::new()
        .with(".config/newsboat/urls", format!("{sea}\n"))
        .with(".local/share/newsboat/keep", "");
    let open = cache(
        &folder,
        ".local/share/newsboat/cache.db",
        &[(sea, "Sea")],
        &[],
    );
    drop(open);
    let open = Connection::open(folder.path(".local/share/newsboat/cache.db")).unwrap();
    open.pragma_update(None, "journal_mode", "wal").unwrap();
    let (feed, guid, title, url, content, ..) = stories[0];
    let insert = "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread) \
                  VALUES (?1, ?2, '', ?3, ?4, 5, ?5, 0)";
    open.execute(insert, (guid, title, url, feed, content))
        .unwrap();
    let files = || {
        let files = fs::read_dir(folder.path(".local/share/newsboat")).unwrap();
        let mut files: Vec<_> = files
            .map(|it| it.unwrap().path())
            .filter(|it| !it.to_string_lossy().ends_with("-shm"))
            .map(|it| (it.clone(), fs::read(it).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files();
    // The folder of the settings stands for that of the data, too.
    let out = import(&folder, ".config/newsboat");
    assert!(
        out.contains("1 new feed") && out.contains("1 story, 1 new; 1 read"),
        "{out}"
    );
    assert_eq!(titles(&folder, "is:read"), ["Anchors"]);
    assert_eq!(files(), before);
}

#[test]
fn what_is_nothing_of_all_that_is_said_and_nothing_is_taken_in() {
    let folder = Folder::new()
        .with(
            "notes.txt",
            "We went to the harbour.\nIt was closed.\nSo we left.\n",
        )
        .with("feed.xml", "<rss><channel><title>T</title></channel></rss>")
        .with("page.html", "<!doctype html><html><title>T</title>")
        .with("empty/x", "");
    Connection::open(folder.path("other.db"))
        .unwrap()
        .execute_batch("CREATE TABLE a (b)")
        .unwrap();
    fs::write(
        folder.path("broken.db"),
        b"SQLite format 3\0and then nothing of it",
    )
    .unwrap();
    for (name, words) in [
        ("notes.txt", "this is nothing that recto takes in: OPML"),
        ("feed.xml", "this is a feed, not a list of feeds"),
        ("page.html", "this is a web page"),
        ("other.db", "this database is not newsboat's"),
        ("broken.db", "it cannot be read"),
        ("empty", "neither newsboat's urls nor its cache.db"),
        ("missing", "there is no such file"),
    ] {
        let path = folder.path(name);
        let (_, told) = said(
            &recto(&folder, &["import", path.to_str().unwrap()])
                .failure()
                .code(1),
        );
        assert!(
            told.contains(words) && told.contains(name),
            "{name}: {told}"
        );
    }
    assert_eq!(run(&folder, &["feeds"]), "");
}

#[test]
fn a_feed_that_a_command_prints_goes_on_as_it_was_in_newsboat() {
    let item = |id: &str, link: &str, title: &str| {
        format!(
            "<item><guid isPermaLink='false'>{id}</guid><link>{link}</link><title>{title}</title></item>"
        )
    };
    let feed = format!(
        "<rss><channel><title>Printed</title>{}{}{}</channel></rss>",
        item("1", "https://example.org/a", "Anchors"),
        item("2", "", "Bells"),
        item("3", "https://example.org/c", "Currents"),
    );
    let folder = Folder::new().with("feed.xml", &feed);
    let line = format!("exec:cat {}", folder.path("feed.xml").display());
    let stories: Stories<'_> = &[
        (
            &line,
            "1",
            "Anchors",
            "https://example.org/a",
            "They hold.",
            false,
            "",
            false,
        ),
        (&line, "2", "Bells", "", "They ring.", false, "a", false),
        (
            &line,
            "3",
            "Currents",
            "https://example.org/c",
            "They run.",
            true,
            "",
            false,
        ),
    ];
    let folder = folder.with("urls", format!("\"{line}\" Iron \"~My own\"\n"));
    drop(cache(&folder, "cache.db", &[(&line, "Printed")], stories));
    let root = folder.root().to_str().unwrap().to_owned();
    let (_, told) = said(&recto(&folder, &["import", &root]).failure().code(1));
    assert!(told.contains("urls, line 1: exec:cat"), "{told}");
    assert!(told.contains("set it in the settings"), "{told}");
    // What is said can be copied into the settings.
    let lines = told.lines().filter_map(|it| it.strip_prefix("    "));
    let settings: String = lines.map(|it| format!("{it}\n")).collect();
    assert!(
        settings.starts_with("[[feed]]\ncommand = [\"sh\", \"-c\", \"cat "),
        "{settings}"
    );
    let folder = folder.with(".config/recto/config.toml", &settings);
    let check = |folder: &Folder| {
        assert_eq!(
            titles(folder, "is:read source:\"My own\""),
            ["Anchors", "Bells"]
        );
        assert_eq!(titles(folder, "is:unread source:\"My own\""), ["Currents"]);
        assert_eq!(titles(folder, "tag:flag-a"), ["Bells"]);
        assert_eq!(feeds(folder)[0].0, "Iron");
    };
    let (out, told) = said(&recto(&folder, &["import", &root]).success());
    assert!(out.contains("0 new feeds, 1 known\n"), "{out}");
    assert!(out.contains("3 stories, 3 new; 2 read, 1 flagged"), "{out}");
    assert_eq!(told, "");
    check(&folder);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    check(&folder);
    assert!(run(&folder, &["import", &root]).contains("3 stories, 0 new"));
    check(&folder);
    // Whoever unsubscribed from it is not asked for lines that stand in the settings.
    run(&folder, &["unsubscribe", "Iron/My own"]);
    let (out, told) = said(&recto(&folder, &["import", &root]).success());
    assert!(out.contains("1 unsubscribed from here"), "{out}");
    let way = "was unsubscribed from here, and stays so; recto subscribe 'My own' brings it back";
    assert!(told.contains(way), "{told}");
    assert!(
        told.contains("recto subscribe 'My own', and import this again"),
        "{told}"
    );
    assert!(!told.contains("settings"), "{told}");
    run(&folder, &["subscribe", "My own"]);
    check(&folder);
    // The same in the other order.
    let other = Folder::new().with(".config/recto/config.toml", &settings);
    assert_eq!(run(&other, &["refresh"]), "3 new stories from 1 feed\n");
    assert!(run(&other, &["import", &root]).contains("3 stories, 0 new; 2 read"));
    check(&other);
    run(&other, &["refresh"]);
    check(&other);
}

#[test]
fn entries_that_share_a_page_and_are_numbered_in_part_come_in_once() {
    let (folder, publisher) = (Folder::new(), Publisher::new());
    let sea = publisher.at("sea/feed");
    let same = publisher.at("changes");
    let own = publisher.at("c");
    // As newsboat keeps it: identifiers as they are written, links whole.
    let stories: Stories<'_> = &[
        (&sea, "1", "One", &same, "One.", false, "", false),
        (&sea, "/changes/2", "Two", &same, "Two.", false, "a", false),
        (&sea, "?p=3", "Three", &same, "Three.", true, "", false),
        (&sea, "c", "Own", &own, "Own.", false, "", false),
    ];
    let items = [("1", "One"), ("/changes/2", "Two"), ("?p=3", "Three")];
    let items: String = items
        .iter()
        .map(|(id, title)| {
            format!("<item><guid>{id}</guid><link>/changes</link><title>{title}</title><description>{title}.</description></item>")
        })
        .collect();
    let own = "<item><guid>c</guid><link>/c</link><title>Own</title></item>";
    let feed = format!("<rss><channel><title>Sea</title>{items}{own}</channel></rss>");
    publisher.says("sea/feed", server::page("", &feed));
    let folder = folder.with("urls", format!("{sea}\n"));
    drop(cache(&folder, "cache.db", &[(&sea, "Sea")], stories));
    let root = folder.root().to_str().unwrap().to_owned();
    let check = |folder: &Folder| {
        assert_eq!(titles(folder, "is:read"), ["One", "Own", "Two"]);
        assert_eq!(titles(folder, "is:unread source:Sea"), ["Three"]);
        assert_eq!(titles(folder, "tag:flag-a"), ["Two"]);
    };
    run(&folder, &["import", &root]);
    check(&folder);
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    check(&folder);
    // Edited, and sent again.
    publisher.says(
        "sea/feed",
        server::page("", &feed.replace("One.", "One more.")),
    );
    assert_eq!(run(&folder, &["refresh"]), "0 new stories from 1 feed\n");
    check(&folder);
    assert!(run(&folder, &["show", "One"]).contains("One more."));
    run(&folder, &["import", &root]);
    check(&folder);
    // The same where the feed was here first.
    let other = Folder::new();
    run(&other, &["subscribe", &sea]);
    assert!(run(&other, &["import", &root]).contains("4 stories, 0 new; 3 read"));
    check(&other);
    assert_eq!(run(&other, &["refresh"]), "0 new stories from 1 feed\n");
    check(&other);
}

#[test]
fn what_a_list_says_besides_of_feeds_goes_with_the_state() {
    let list = OPML
        .replace("<body>", "<body><outline text=\"Empty\"/>")
        .replace("text=\"AC/DC\"", "text=\"AC/DC\" fz:open=\"yes\"");
    let folder = Folder::new().with("mine.opml", list);
    recto(
        &folder,
        &["import", folder.path("mine.opml").to_str().unwrap()],
    );
    let before = run(&folder, &["export", "opml"]);
    assert!(
        before.contains("fz:open=\"yes\"") && before.contains("text=\"Empty\""),
        "{before}"
    );
    let without_date = |opml: &str| {
        let lines = opml.lines().filter(|it| !it.contains("<dateCreated>"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let state = run(&folder, &["export", "state"]);
    let other = Folder::new().with("state.jsonl", &state);
    let out = import(&other, "state.jsonl");
    assert!(out.ends_with(" 0 failed\n"), "{out}");
    assert_eq!(
        without_date(&run(&other, &["export", "opml"])),
        without_date(&before)
    );
    assert!(import(&other, "state.jsonl").starts_with("0 new, 0 changed"));
    // Names that no list could have, and signs that no terminal should, stay out.
    let heading = state.lines().next().unwrap();
    let evil = r#"{"outline":{"root":[["x:a","b\u001b[31m"],["y><z","c"]]}}"#;
    let third = Folder::new().with("state.jsonl", format!("{heading}\n{evil}\n"));
    assert!(import(&third, "state.jsonl").starts_with("1 new"));
    let state = run(&third, &["export", "state"]);
    assert!(
        state.contains("x:a") && !state.contains("y><z") && !state.contains("u001b"),
        "{state}"
    );
    // It is in the copy beside the database as well.
    let kept = fs::read_to_string(folder.path("data/state.jsonl"));
    if let Ok(kept) = kept {
        assert!(kept.contains("fz:open"), "{kept}");
    }
}
