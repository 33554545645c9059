mod services;

use proptest::prelude::*;

use super::*;
use crate::story::{clean, iso};

fn of(source: &str) -> Feed {
    let address = Url::parse("https://ex.org/feeds/all.xml").expect("an address");
    let origin = Origin {
        address: Some(&address),
        charset: None,
    };
    read(source.as_bytes(), origin).expect("a feed")
}

fn one(source: &str) -> Entry {
    let mut entries = of(source).entries;
    assert_eq!(entries.len(), 1, "{source}");
    entries.remove(0)
}

/// The entry of an RSS feed with these elements in its item.
fn item(inner: &str) -> Entry {
    one(&format!(
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/' \
         xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:atom='http://www.w3.org/2005/Atom' \
         xmlns:slash='http://purl.org/rss/1.0/modules/slash/' xmlns:wfw='http://wellformedweb.org/CommentAPI/'>\
         <channel><title>C</title><link>https://ex.org/</link><item>{inner}</item></channel></rss>"
    ))
}

/// The entry of an Atom feed.
fn entry(inner: &str) -> Entry {
    one(&format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>\
         <title>F</title><author><name>Feed Author</name></author><entry>{inner}</entry></feed>"
    ))
}

fn text(content: &Option<Content>) -> (&str, bool) {
    content
        .as_ref()
        .map_or(("", false), |it| (&it.text, it.is_html))
}

#[test]
fn a_blog_in_rss() {
    let feed = of(
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' \
         xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>A &amp; B</title>\
         <atom:link href='https://ex.org/feed/' rel='self' type='application/rss+xml'/>\
         <atom:link rel='hub' href='https://hub.ex.org/'/><link>https://ex.org</link>\
         <description>About &lt;b&gt;it&lt;/b&gt;</description><lastBuildDate>Thu, 28 Feb 2019 14:05:00 +0000</lastBuildDate>\
         <language>en_GB</language><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>\
         <ttl>60</ttl><image><url>/icon.png</url><title>not it</title><link>https://not.it/</link></image>\
         <item><title>One</title></item><item><title>Two</title></item></channel></rss>",
    );
    assert_eq!(feed.title, "A & B");
    assert_eq!(feed.link.as_deref(), Some("https://ex.org"));
    assert_eq!(feed.own_address.as_deref(), Some("https://ex.org/feed/"));
    assert_eq!(feed.hub.as_deref(), Some("https://hub.ex.org/"));
    assert_eq!(feed.description.as_deref(), Some("About it"));
    assert_eq!(feed.icon.as_deref(), Some("https://ex.org/icon.png"));
    assert_eq!(feed.language.as_deref(), Some("en-GB"));
    assert_eq!((feed.ttl, feed.interval), (Some(60), Some(30)));
    assert_eq!(
        feed.updated.map(iso).as_deref(),
        Some("2019-02-28T14:05:00Z")
    );
    let titles: Vec<&str> = feed.entries.iter().map(|it| &*it.title).collect();
    assert_eq!(titles, ["One", "Two"]);
}

#[test]
fn an_item_of_rss() {
    let it = item(
        "<title>T &#8211; it</title><link>https://ex.org/1?a=1&amp;b=2</link><guid isPermaLink='false'>id-1</guid>\
         <pubDate>Thu, 28 Feb 2019 14:05:00 +0100</pubDate><dc:creator><![CDATA[Ann Lee]]></dc:creator>\
         <category>One</category><category><![CDATA[Two]]></category><category>One</category>\
         <description><![CDATA[Short <b>one</b>]]></description><content:encoded><![CDATA[<p>All</p>]]></content:encoded>\
         <comments>https://ex.org/1#comments</comments><wfw:commentRss>https://ex.org/1/feed/</wfw:commentRss>\
         <slash:comments>7</slash:comments><enclosure url='/a.mp3' length='12' type='audio/mpeg'/>\
         <itunes:duration>1:02:03</itunes:duration><media:thumbnail url='https://ex.org/t.jpg'/>",
    );
    assert_eq!(it.title, "T – it");
    assert_eq!(it.link.as_deref(), Some("https://ex.org/1?a=1&b=2"));
    assert_eq!(it.id.as_deref(), Some("id-1"));
    assert_eq!(
        it.published.map(iso).as_deref(),
        Some("2019-02-28T13:05:00Z")
    );
    assert_eq!(it.authors, ["Ann Lee"]);
    assert_eq!(it.categories, ["One", "Two"]);
    assert_eq!(text(&it.content), ("<p>All</p>", true));
    assert_eq!(text(&it.summary), ("Short <b>one</b>", true));
    assert_eq!(
        it.comments_url.as_deref(),
        Some("https://ex.org/1#comments")
    );
    assert_eq!(it.comments_feed.as_deref(), Some("https://ex.org/1/feed/"));
    assert_eq!(it.comments_count, Some(7));
    let file = &it.enclosures[0];
    assert_eq!(
        (&*file.url, file.bytes, file.seconds),
        ("https://ex.org/a.mp3", Some(12), Some(3723))
    );
    assert_eq!(
        it.lead_image.map(|it| it.src).as_deref(),
        Some("https://ex.org/t.jpg")
    );
}

#[test]
fn an_entry_of_atom() {
    let it = entry(
        "<id>tag:ex.org,2019:1</id><title type='html'>A &lt;i&gt;b&lt;/i&gt; &amp;amp; c</title>\
         <link rel='edit' href='/edit'/><link rel='alternate' type='text/html' href='/1'/>\
         <link rel='alternate' type='application/json' href='/1.json'/>\
         <link rel='enclosure' type='audio/ogg' href='/a.ogg' title='Talk'/>\
         <link rel='replies' type='application/atom+xml' href='/1/comments.xml' thr:count='3'/>\
         <published>2019-02-28T14:05:00Z</published><updated>2019-03-01T00:00:00.5+01:00</updated>\
         <author><name>Ann</name><email>a@ex.org</email></author><author><name>Bo</name></author>\
         <category term='t1' label='Tag one'/><summary>Short</summary>\
         <content type='xhtml' xml:base='https://base.org/x/'><div xmlns='http://www.w3.org/1999/xhtml'><p>Hi <title>no</title></p></div></content>",
    );
    assert_eq!(it.title, "A b & c");
    assert_eq!(it.link.as_deref(), Some("https://ex.org/1"));
    assert_eq!(
        it.published.map(iso).as_deref(),
        Some("2019-02-28T14:05:00Z")
    );
    assert_eq!(it.updated.map(iso).as_deref(), Some("2019-02-28T23:00:00Z"));
    assert_eq!(it.authors, ["Ann", "Bo"]);
    assert_eq!(it.categories, ["Tag one"]);
    let content = it.content.expect("content");
    assert!(
        content.is_html && content.text.contains("<p>Hi"),
        "{content:?}"
    );
    assert_eq!(content.base.as_deref(), Some("https://base.org/x/"));
    assert_eq!(text(&it.summary), ("Short", false));
    assert_eq!(
        it.comments_feed.as_deref(),
        Some("https://ex.org/1/comments.xml")
    );
    assert_eq!(it.comments_count, Some(3));
    assert_eq!(it.enclosures[0].title.as_deref(), Some("Talk"));
}

#[test]
fn a_comment_says_what_it_answers() {
    let it = entry("<title>Re</title><thr:in-reply-to ref='tag:ex.org,2019:1' href='/1'/>");
    assert_eq!(it.in_reply_to.as_deref(), Some("tag:ex.org,2019:1"));
    let it = entry("<title>Re</title><thr:in-reply-to href='https://ex.org/1'/>");
    assert_eq!(it.in_reply_to.as_deref(), Some("https://ex.org/1"));
}

#[test]
fn who_wrote_the_feed_wrote_its_entries() {
    assert_eq!(entry("<title>x</title>").authors, ["Feed Author"]);
    let it =
        entry("<title>x</title><source><title>S</title><author><name>No</name></author></source>");
    assert_eq!(
        (it.authors, &*it.title),
        (vec!["Feed Author".to_owned()], "x")
    );
}

#[test]
fn people_in_all_forms() {
    for (inner, authors, author) in [
        (
            "<author>a@ex.org (Ann Lee)</author>",
            "Ann Lee",
            "a@ex.org (Ann Lee)",
        ),
        (
            "<dc:creator>Ann &amp; Bo</dc:creator>",
            "Ann & Bo",
            "Ann & Bo",
        ),
        (
            "<author><name>Ann</name><email>a@ex.org</email></author>",
            "Ann",
            "Ann (a@ex.org)",
        ),
        ("<itunes:author>Show</itunes:author>", "Show", "Show"),
        (
            "<itunes:author>Show</itunes:author><author>Ann</author>",
            "Ann",
            "Ann",
        ),
    ] {
        let it = item(inner);
        assert_eq!(it.authors.join("|"), authors, "{inner}");
        assert_eq!(it.author.as_deref(), Some(author), "{inner}");
    }
}

#[test]
fn identifiers_and_links_stand_in_for_each_other() {
    for (inner, id, link) in [
        (
            "<guid>https://ex.org/1</guid>",
            "https://ex.org/1",
            "https://ex.org/1",
        ),
        (
            "<guid isPermaLink='false'>https://ex.org/1</guid>",
            "https://ex.org/1",
            "",
        ),
        (
            "<guid>https://ex.org/1</guid><link>/2</link>",
            "https://ex.org/1",
            "https://ex.org/2",
        ),
        (
            "<link>\n https://ex.org/\n  long\n</link>",
            "",
            "https://ex.org/long",
        ),
        ("<atom:link href='/a'/>", "", "https://ex.org/a"),
        (
            "<atom:link rel='self' href='/a'/><link>/b</link>",
            "",
            "https://ex.org/b",
        ),
        ("<guid>tag:x,2019:1</guid>", "tag:x,2019:1", ""),
    ] {
        let it = item(inner);
        assert_eq!(it.id.as_deref().unwrap_or_default(), id, "{inner}");
        assert_eq!(it.link.as_deref().unwrap_or_default(), link, "{inner}");
    }
}

#[test]
fn which_text_is_the_content() {
    for (inner, content, summary) in [
        ("<description>a &amp;amp; b</description>", "a & b", ""),
        (
            "<description>short</description><content:encoded>long one</content:encoded>",
            "long one",
            "short",
        ),
        (
            "<itunes:summary>all of it</itunes:summary><description>part</description>",
            "all of it",
            "part",
        ),
        (
            "<media:group><media:description>of the film</media:description></media:group>",
            "of the film",
            "",
        ),
        (
            "<description>Some <b>real</b> tags &amp; &lt;i&gt;</description>",
            "Some <b>real</b> tags &amp; &lt;i&gt;",
            "",
        ),
        ("<description/><content:encoded/>", "", ""),
        (
            "<body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body>",
            "<p>x</p>",
            "",
        ),
    ] {
        let it = item(inner);
        assert_eq!(text(&it.content).0, content, "{inner}");
        assert_eq!(text(&it.summary).0, summary, "{inner}");
    }
}

#[test]
fn pictures_of_entries() {
    for (inner, src) in [
        (
            "<enclosure url='/p.jpg' type='image/jpeg'/>",
            "https://ex.org/p.jpg",
        ),
        ("<itunes:image href='/p.jpg'/>", "https://ex.org/p.jpg"),
        (
            "<media:content url='/s.jpg' medium='image' width='100'/><media:content url='/l.jpg' medium='image' width='900'/>",
            "https://ex.org/l.jpg",
        ),
        (
            "<media:content url='https://0.gravatar.com/avatar/1' medium='image'><media:title>ann</media:title></media:content>",
            "",
        ),
        ("<image><url>/p.jpg</url></image>", "https://ex.org/p.jpg"),
        (
            "<media:content url='/v.mp4' type='video/mp4'><media:thumbnail url='/t.jpg'/></media:content>",
            "https://ex.org/t.jpg",
        ),
    ] {
        let it = item(inner);
        assert_eq!(
            it.lead_image.map(|it| it.src).unwrap_or_default(),
            src,
            "{inner}"
        );
        assert_eq!(it.title, "", "{inner}");
    }
}

#[test]
fn rdf_cdf_and_old_atom() {
    let it = one(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
         xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://ex.org/'><title>R</title>\
         <items><rdf:Seq><rdf:li rdf:resource='https://ex.org/1'/></rdf:Seq></items></channel>\
         <item rdf:about='https://ex.org/1'><title>One</title><link>https://ex.org/1</link><dc:date>2019-02-28</dc:date>\
         <dc:subject>S</dc:subject></item></rdf:RDF>",
    );
    assert_eq!(
        (it.id.as_deref(), &*it.title),
        (Some("https://ex.org/1"), "One")
    );
    assert_eq!(it.published.map(iso).as_deref(), Some("2019-02-28"));
    let it = one(
        "<CHANNEL HREF='https://ex.org/'><TITLE>C</TITLE><ITEM HREF='/1' LASTMOD='2019-02-28T14:05:00Z'>\
         <TITLE>One</TITLE><ABSTRACT>About</ABSTRACT></ITEM></CHANNEL>",
    );
    assert_eq!(it.link.as_deref(), Some("https://ex.org/1"));
    assert_eq!((&*it.title, text(&it.content).0), ("One", "About"));
    let it = one(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title mode='escaped'>One</title>\
         <issued>2019-02-28T14:05:00Z</issued><content type='text/html' mode='base64'>PGI+eDwvYj4=</content></entry></feed>",
    );
    assert_eq!(text(&it.content), ("<b>x</b>", true));
    assert!(it.published.is_some());
}

#[test]
fn json() {
    let feed = of(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://ex.org/","language":"de",
        "authors":[{"name":"All"}],"hubs":[{"type":"WebSub","url":"https://hub.org/"}],
        "items":[{"id":7,"url":"/1","title":"One","content_html":"<p>x\u001b[2J</p>","summary":"s","date_published":"2019-02-28T14:05:00+01:00",
        "tags":["a","b"],"image":"/p.jpg","attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","duration_in_seconds":9.5}]},
        {"id":"2","content_text":"a < b","authors":[{"name":"Ann"}]}, "no item"]}"#,
    );
    assert_eq!(
        (&*feed.title, feed.hub.as_deref()),
        ("J", Some("https://hub.org/"))
    );
    let [first, second] = &feed.entries[..] else {
        panic!("two entries");
    };
    assert_eq!(
        (first.id.as_deref(), first.link.as_deref()),
        (Some("7"), Some("https://ex.org/1"))
    );
    assert_eq!(
        (first.authors.join(""), second.authors.join("")),
        ("All".into(), "Ann".into())
    );
    assert_eq!(text(&first.content), ("<p>x[2J</p>", true));
    assert_eq!(first.enclosures[0].seconds, Some(9));
    assert_eq!(text(&second.content), ("a < b", false));
    for broken in [
        "{",
        "[]",
        "{}",
        "{\"items\":3}",
        &"[".repeat(100_000),
        &"{\"a\":".repeat(100_000),
    ] {
        assert!(read(broken.as_bytes(), Origin::default()).is_err());
    }
}

#[test]
fn broken_markup_shows_what_it_can() {
    let titles = |source: &str| -> Vec<String> {
        of(source).entries.into_iter().map(|it| it.title).collect()
    };
    for source in [
        // Cut off.
        "<rss><channel><item><title>A</title></item><item><title>B</title><link>https://ex",
        // Ends are missing, or too many.
        "<rss><channel><item><title>A<link>x</link><item><title>B</rss>",
        "<rss><channel><item><title>A</title></b></i></item></channel><item><title>B</title></item>",
        // Bare signs.
        "<rss><channel><item><title>A</title><description>1 < 2 & 3</description></item><item><title>B</title></item></channel></rss>",
        "<rss><channel><item><title>A</title><description a=>x</description></item><item a='1' a='2' b><title>B</title></item></channel></rss>",
        // A section, a comment that never ends.
        "<rss><channel><item><title>A</title></item><!-- <item><title>B</title></item></channel></rss>",
        "<rss><channel><item><title>A</title></item><item><title>B</title><description><![CDATA[ x </description></item></channel></rss>",
        // Prefixes that nobody declared, names in capitals.
        "<RSS><CHANNEL><ITEM><TITLE>A</TITLE></ITEM><ITEM><dc:title>B</dc:title></ITEM></CHANNEL></RSS>",
        "junk before <rss><channel><item><title>A</title></item><item><title>B</title></item>",
        // A description that was not ended.
        "<rss><channel><item><title>A</title><description>x</item><item><title>B</title></item></channel></rss>",
    ] {
        assert_eq!(titles(source), ["A", "B"], "{source}");
    }
}

#[test]
fn what_is_no_feed() {
    let page = "<!DOCTYPE html><html><head><title>x</title></head><body>404</body></html>";
    assert_eq!(
        read(page.as_bytes(), Origin::default()),
        Err(FeedError::Page)
    );
    for other in ["", "Hello", "<a>b</a>", "# Title", "\0\0\0", "{\"a\":1}"] {
        assert!(
            read(other.as_bytes(), Origin::default()).is_err(),
            "{other}"
        );
        assert!(!is_feed(other.as_bytes()), "{other}");
    }
    for feed in [
        "<?xml version='1.0'?>\n<!-- c --><rss></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "{\"version\": \"https://jsonfeed.org/version/1\"}",
        "\u{feff}<rss>",
    ] {
        assert!(is_feed(feed.as_bytes()), "{feed}");
    }
    assert!(!is_feed(page.as_bytes()));
}

#[test]
fn nothing_that_harms_comes_through() {
    let it = item(
        "<title>a&#27;[31m&#x202e;b</title><link>https://ex.org/&#27;x</link><guid>&#7;g</guid>\
         <author>&#155;c</author><category>&#27;]0;x</category><description>&#27;[2J</description>",
    );
    let all = format!("{it:?}");
    assert!(
        !all.contains("\\u{1b}") && !all.contains("\\u{7}") && !all.contains("\\u{202e}"),
        "{all}"
    );
}

#[test]
fn nothing_outside_is_read_and_nothing_grows() {
    let mut bomb = String::from("<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\">");
    for (name, before) in ('b'..='j').zip('a'..='i') {
        bomb.push_str(&format!(
            "<!ENTITY {name} \"{}\">",
            format!("&{before};").repeat(10)
        ));
    }
    bomb.push_str("<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&j;&x;</title></item></channel></rss>");
    let title = &one(&bomb).title;
    assert!(title.len() < 200 && title.contains("&x;"), "{title}");
}

#[test]
fn hostile_feeds_end_soon() {
    for inner in [
        "<a>".repeat(50_000),
        "<!--".repeat(50_000),
        "<![CDATA[".repeat(50_000),
        "< ".repeat(100_000),
        "<x \"".repeat(50_000),
        "<author>".repeat(50_000),
        "&amp".repeat(50_000),
        "<title>".repeat(50_000),
        format!(
            "<x {}/>",
            (0..50_000)
                .map(|n| format!("a{n}='1' "))
                .collect::<String>()
        ),
        format!("{}{}", "<a>".repeat(30_000), "</b>".repeat(30_000)),
        "<item>".repeat(50_000),
    ] {
        let source = format!("<rss><channel><item><title>t</title>{inner}");
        let feed = of(&source);
        assert!(!feed.entries.is_empty());
    }
}

#[test]
fn stories_of_entries() {
    let feed = of(
        "<rss><channel><title>C</title><link>https://ex.org/</link><item><link>https://ex.org/1</link>\
         <description>&lt;p&gt;See &lt;a href='pic'&gt;this&lt;/a&gt; and that and so on, one two three four five six seven&lt;/p&gt;</description></item>\
         <item><title>*Two*</title><description>one\ntwo &amp;lt;3\n\n- three</description></item></channel></rss>",
    );
    let stories: Vec<crate::story::Story> = feed.stories().collect();
    assert_eq!(
        stories[0].title,
        "See this and that and so on, one two three four five…"
    );
    assert!(!stories[0].title_given);
    assert!(stories[0].markdown.contains("[this](https://ex.org/pic)"));
    assert_eq!(stories[1].markdown, "one\\\ntwo <3\n\n\\- three");
    let whole = feed.as_story("file");
    assert_eq!(whole.title, "C");
    assert!(
        whole.markdown.contains("# \\*Two\\*\n"),
        "{}",
        whole.markdown
    );
}

#[test]
fn encodings_of_feeds() {
    let source = "<?xml version='1.0' encoding='windows-1251'?><rss><channel><item><title>Привет</title></item></channel></rss>";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(source);
    let feed = read(&bytes, Origin::default()).expect("a feed");
    assert_eq!(feed.entries[0].title, "Привет");
    let undeclared = source.replace(" encoding='windows-1251'", "");
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&undeclared);
    let origin = Origin {
        charset: Some("windows-1251"),
        address: None,
    };
    let feed = read(&bytes, origin).expect("a feed");
    assert_eq!(feed.entries[0].title, "Привет");
}

const SMALL: &str = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY e 'x'>]><rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'>\
    <channel><title>T</title><item><title>A &amp; &e;</title><link>https://ex.org/1</link><author>a@b.c (N)</author>\
    <pubDate>Thu, 28 Feb 2019 14:05:00 GMT</pubDate><c:encoded><![CDATA[<p>é<b>x</b></p>]]></c:encoded></item>\
    <entry xml:base='/b/'><id>1</id><content type='xhtml'><div><p>y</p></div></content><link href='x'/></entry></channel></rss>";

proptest! {
    #[test]
    fn damage_never_panics(
        edits in prop::collection::vec((0..SMALL.len(), prop::option::of(any::<u8>()), 0..40_usize), 1..8)
    ) {
        let mut bytes = SMALL.as_bytes().to_vec();
        for (at, byte, length) in edits {
            let at = at.min(bytes.len());
            match byte {
                Some(byte) => bytes.insert(at, byte),
                None => {
                    let end = (at + length).min(bytes.len());
                    let cut: Vec<u8> = bytes.drain(at..end).collect();
                    if length % 2 == 0 {
                        bytes.extend(cut);
                    }
                }
            }
        }
        if let Ok(feed) = read(&bytes, Origin::default()) {
            for story in feed.stories() {
                prop_assert_eq!(clean::line(&story.title), story.title.clone());
                let markdown = clean::text(&story.markdown).into_owned();
                prop_assert_eq!(markdown, story.markdown);
            }
        }
        let _ = is_feed(&bytes);
    }
}
