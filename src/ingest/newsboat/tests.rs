use url::Url;

use super::*;

const URLS: &str = r#"# Feeds of mine
https://a.example/feed news "cool stuff" "~The \"A\" feed"
http://b.example/rss news !
https://c.example/atom.xml "!hidden" tech
   https://d.example/   # no tags here
https://a.example/feed second "~Another title"

"query:Unread:unread = \"yes\""
"query:News:tags # \"news\" and unread = \"yes\"" folder
exec:~/bin/feed.sh
"filter:~/bin/x -a:https://e.example/" news
file:///home/jane/feed.xml
nonsense
query:nothing
"query:Unread:age < 7"
"query:Odd:content =~ \"rope\""
"#;

fn untitled(_: &str) -> Option<String> {
    None
}

fn of(text: &str) -> Urls {
    read(text.as_bytes(), &untitled)
}

/// The query of a filter, in a file with some feeds.
fn query(filter: &str) -> Result<String, String> {
    let escaped = filter.replace('\\', "\\\\").replace('"', "\\\"");
    let urls = of(&format!(
        "https://a.example/feed news \"~Alpha\"\nhttps://b.example/ news tech \"~Beta\"\n\
         https://c.example/ tech\nhttps://d.example/\n\"query:Q:{escaped}\""
    ));
    match (&urls.searches[..], &urls.refused[..]) {
        ([search], []) => Ok(search.query.clone()),
        ([], [refused]) => Err(refused.reason.clone()),
        _ => unreachable!("{urls:?}"),
    }
}

#[test]
fn feeds_come_in_with_their_tags_and_titles() {
    let urls = of(URLS);
    let shown: Vec<_> = urls
        .feeds
        .iter()
        .map(|it| {
            let subscription = &it.subscription;
            let (url, title) = (subscription.url.as_str(), subscription.title.as_str());
            (it.line, url, title, it.tags.join("|"), it.hidden)
        })
        .collect();
    assert_eq!(
        shown,
        [
            (
                2,
                "https://a.example/feed",
                "The \"A\" feed",
                "news|cool stuff|second".to_owned(),
                false
            ),
            (3, "http://b.example/rss", "", "news".to_owned(), true),
            (4, "https://c.example/atom.xml", "", "tech".to_owned(), true),
            (5, "https://d.example/", "", String::new(), false),
        ]
    );
    assert_eq!(urls.repeated, 1);
    let first = &urls.feeds[0].subscription;
    assert_eq!(first.folder, ["news"]);
    let category = ("category".to_owned(), "news,cool stuff,second".to_owned());
    assert_eq!(first.attributes, [category]);
    assert_eq!(urls.feeds[3].subscription.folder, [""; 0]);
}

#[test]
fn what_cannot_come_in_is_told_with_its_line() {
    let urls = of(URLS);
    let shown: Vec<_> = urls
        .refused
        .iter()
        .map(|it| {
            (
                it.line.unwrap(),
                it.name.as_str(),
                it.reason.split([',', ':', ';']).next().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            (10, "exec:~/bin/feed.sh", "it is a command"),
            (
                11,
                "filter:~/bin/x -a:https://e.example/",
                "it is a command"
            ),
            (12, "file:///home/jane/feed.xml", "it is a file"),
            (13, "nonsense", "its address is none"),
            (14, "nothing", "a query feed is written query"),
            (15, "Unread", "the query feed on line 8 has this name"),
            (16, "Odd", "content is asked for"),
        ]
    );
}

#[test]
fn query_feeds_become_queries() {
    let urls = of(URLS);
    let shown: Vec<_> = urls
        .searches
        .iter()
        .map(|it| (it.line, it.name.as_str(), it.query.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            (8, "Unread", "is:unread"),
            (9, "News", "folder:=news is:unread")
        ]
    );
}

#[test]
fn titles_of_feeds_may_come_from_elsewhere() {
    let feeds = "https://a.example/\nhttps://b.example/\n";
    for filter in [r#"rssurl =~ \"a\\.example\""#, r#"feedtitle =~ \"^al\""#] {
        let text = format!("{feeds}\"query:A:{filter}\"");
        let urls = read(text.as_bytes(), &|url| {
            let title = match url.contains("a.ex") {
                true => "Al\u{1b}pha",
                false => "Beta",
            };
            Some(title.to_owned())
        });
        assert_eq!(urls.feeds[0].subscription.title, "Alpha");
        assert_eq!(urls.searches[0].query, "source:=https://a.example/");
        // Without a title it is found all the same, unless titles are asked for.
        let urls = of(&text);
        match urls.refused.first() {
            Some(refused) => assert!(
                refused
                    .reason
                    .contains("the feed on line 1, whose title is not known"),
                "{refused:?}"
            ),
            None => assert_eq!(urls.searches[0].query, "source:=https://a.example/"),
        }
    }
}

#[test]
fn filters_mean_the_same_as_queries() {
    for (filter, wanted) in [
        ("unread = \"yes\"", "is:unread"),
        ("unread == \"no\"", "is:read"),
        ("unread!=\"yes\"", "is:read"),
        ("unread =~ \"y\"", "is:unread"),
        ("unread =~ \".\"", "is:unread or is:read"),
        ("age < 7", "after:6d"),
        ("age <= 7", "after:7d"),
        ("age < 1", "after:today"),
        ("age > 30", "before:30d"),
        ("age >= 30", "before:29d"),
        ("age >= 1", "before:today"),
        ("age = 0", "after:today"),
        ("age = 3", "before:2d after:3d"),
        ("age between 0:7", "after:7d"),
        ("age between 10:3", "before:2d after:10d"),
        ("age < \"2\"", "after:1d"),
        ("title =~ \"rope\"", "title:rope"),
        ("title =~ \"Reef Knot\"", "title:\"Reef Knot\""),
        ("title !~ \"rope\"", "-title:rope"),
        ("title =~ \"^rope\"", "/^rope/"),
        ("title =~ \"Rope|knot\"", "/(?i)Rope|knot/"),
        ("title =~ \"a/b.c\"", "/a\\/b.c/"),
        ("title =~ \"^a\\.b$\"", "title:=a.b"),
        ("title = \"Knots\"", "title:=Knots"),
        ("title # \"c++\"", "/(^| )c\\+\\+( |$)/"),
        ("title !# \"rope\"", "-/(^| )rope( |$)/"),
        (
            "author =~ \"frank|Jane Doe\"",
            "author:frank or author:\"Jane Doe\"",
        ),
        ("author =~ \"(frank|jane)\"", "author:frank or author:jane"),
        ("author =~ \".*frank.*\"", "author:frank"),
        ("author != \"Frank\"", "-author:=Frank"),
        ("link =~ \"example\\.org\"", "url:example.org"),
        ("feedtitle =~ \"alpha\"", "source:alpha"),
        ("feedtitle = \"Alpha\"", "source:=Alpha"),
        (
            "rssurl =~ \"a\\.example\"",
            "source:=https://a.example/feed",
        ),
        (
            "rssurl = \"https://b.example/\"",
            "source:=https://b.example/",
        ),
        ("tags # \"news\"", "folder:=news"),
        ("tags =~ \"NEWS\"", "folder:=news"),
        ("rssurl =~ \"example\"", "is:unread or is:read"),
        ("flags # \"a\"", "tag:=flag-a"),
        ("flags =~ \"a\"", "tag:=flag-a or tag:=flag-capital-a"),
        ("flags = \"aB\"", "tag:=flag-a tag:=flag-capital-b"),
        ("flags != \"\"", "tag:flag-"),
        ("flags !~ \".\"", "-tag:flag-"),
        ("unread = \"yes\" and age < 2", "is:unread after:1d"),
        ("unread = \"yes\" or age < 2", "is:unread or after:1d"),
        (
            "unread=\"yes\"and(age<2 or title=~\"a\")",
            "is:unread (after:1d or title:a)",
        ),
        ("( ( unread = \"yes\" ) )", "is:unread"),
        (
            "unread = \"yes\" and age < 2 or title =~ \"a\"",
            "is:unread (after:1d or title:a)",
        ),
        (
            "unread = \"yes\" or age < 2 and title =~ \"a\"",
            "is:unread or after:1d title:a",
        ),
        (
            "unread = \"yes\" and rssurl =~ \"nowhere\" or age < 2",
            "is:unread after:1d",
        ),
    ] {
        assert_eq!(query(filter).as_deref(), Ok(wanted), "{filter}");
    }
}

#[test]
fn what_has_no_counterpart_is_told() {
    for (filter, reason) in [
        (
            "content =~ \"a\"",
            "content is asked for: recto search finds words in texts",
        ),
        (
            "enclosure_url =~ \"a\"",
            "enclosure_url is asked for, which recto does not know",
        ),
        ("unread_count > 3", "unread_count is asked for"),
        (
            "author =~ \"^F\"",
            "author is matched with a regular expression (“^F”)",
        ),
        ("author # \"a\"", "author # asks for a word between spaces"),
        ("author > 3", "author is no number"),
        ("author = \"\"", "author is compared with nothing"),
        ("title =~ \"(\"", "“(” is no regular expression"),
        ("title between 1:2", "title is no number"),
        ("rssurl =~ \"[\"", "“[” is no regular expression"),
        ("rssurl =~ \"nowhere\"", "no story can ever be in it"),
        ("age < 0", "no story can ever be in it"),
        ("age =~ \"1\"", "age is a number of days"),
        ("age < \"new\"", "no number"),
        (
            "flags =~ \"a1\"",
            "flags are compared with “a1”; letters alone can be",
        ),
        (
            "unread",
            "its filter ends where a comparison, as in = or =~ is wanted",
        ),
        (
            "unread = yes",
            "in its filter, a value in quotes or a number is wanted at “yes”",
        ),
        (
            "unread = \"yes\" age < 2",
            "“and” or “or” is wanted at “age < 2”",
        ),
        (
            "(unread = \"yes\"",
            "its filter ends where a closing parenthesis is wanted",
        ),
        ("unread = \"yes", "a quotation mark in it is not closed"),
        ("", "its filter ends where an attribute"),
        ("and", "a comparison"),
    ] {
        let told = query(filter);
        let told = told
            .as_ref()
            .err()
            .unwrap_or_else(|| unreachable!("{filter}: {told:?}"));
        assert!(told.contains(reason), "{filter}: {told}");
    }
}

#[test]
fn whatever_a_filter_is_it_is_read_to_its_end() {
    let deep = format!("{}unread=\"yes\"{}", "(".repeat(5000), ")".repeat(5000));
    assert!(query(&deep).unwrap_err().contains("too deep"));
    let long = vec!["unread=\"yes\""; 5000].join(" or ");
    assert!(query(&long).unwrap_err().contains("too long"));
    let wide = vec!["title=~\"a.c\""; 100].join(" or ");
    assert!(query(&wide).unwrap_err().contains("cannot be kept"));
    for filter in [
        "age < 99999999999999999999",
        "age > -5",
        "age between -9223372036854775808:9223372036854775807",
        "age < 999999",
        "= ) (",
        "é =~ \"é\"",
    ] {
        let _ = query(filter);
    }
}

#[test]
fn encodings_and_line_ends_do_not_matter() {
    let urls = of("\u{feff}https://a.example/ \"~Caf\u{e9}\"\r\n\r\nhttps://b.example/ x\r\n");
    assert_eq!(urls.feeds.len(), 2);
    assert_eq!(urls.feeds[0].subscription.title, "Café");
    assert_eq!(urls.feeds[1].tags, ["x"]);
    let urls = read(b"https://a.example/ \"~Caf\xe9\"\n", &untitled);
    assert_eq!(urls.feeds[0].subscription.title, "Café");
}

#[test]
fn flags_are_tags() {
    let item = Item {
        flags: "aB?".to_owned(),
        ..Item::default()
    };
    assert_eq!(item.tags(), ["flag-a", "flag-capital-b"]);
}

#[test]
fn a_row_is_the_entry_that_its_feed_had() {
    let item = Item {
        id: "urn:1".to_owned(),
        link: "https://example.org/a".to_owned(),
        title: "Tea &amp; <b>salt</b>\u{7}".to_owned(),
        author: "ann@example.org (Ann Lee)".to_owned(),
        published: 1_500_000_000,
        content: "<p>Words.".to_owned(),
        enclosure: (
            "https://example.org/a.mp3".to_owned(),
            "audio/mpeg".to_owned(),
        ),
        ..Item::default()
    };
    let entry = item.entry(None);
    assert_eq!(entry.id.as_deref(), Some("urn:1"));
    assert_eq!(entry.title, "Tea & salt");
    assert_eq!(entry.authors, ["Ann Lee"]);
    assert!(entry.content.unwrap().is_html);
    assert_eq!(entry.enclosures[0].url, "https://example.org/a.mp3");
}

#[test]
fn identifiers_that_newsboat_made_are_none() {
    let id = |id: &str, link: &str, title: &str| {
        let item = Item {
            id: id.to_owned(),
            link: link.to_owned(),
            title: title.to_owned(),
            ..Item::default()
        };
        item.entry(None).id
    };
    let link = "https://example.org/a";
    assert_eq!(
        id(&format!("{link}Sat, 28 Feb 2026 10:00:00 +0000"), link, ""),
        None
    );
    assert_eq!(id("A title", "", "A title"), None);
    assert_eq!(id(link, link, "").as_deref(), Some(link));
    assert!(id(&format!("{link}/2"), link, "").is_some());
    // Its feed wrote the link without a host, and newsboat numbers by what the feed wrote.
    let date = "Sat, 28 Feb 2026 10:00:00 +0000";
    assert_eq!(id(&format!("/a{date}"), link, ""), None);
    assert!(id(&format!("/b{date}"), link, "").is_some());
    let item = Item {
        link: "/a".to_owned(),
        ..Item::default()
    };
    let page = Url::parse("https://example.org/feed").unwrap();
    assert_eq!(item.entry(Some(&page)).link.as_deref(), Some(link));
}

#[test]
fn tags_that_are_no_folders_become_queries() {
    let urls = of(
        "https://a.example/ news sea \"~A\"\nhttps://b.example/ sea\nhttps://c.example/ x late\n\
         \"query:late:unread = \\\"yes\\\"\"\n",
    );
    let tags: Vec<_> = urls
        .tags
        .iter()
        .map(|it| (it.name.as_str(), it.query.as_str()))
        .collect();
    assert_eq!(
        tags,
        [(
            "sea",
            "source:=https://a.example/ or source:=https://b.example/"
        )]
    );
}
