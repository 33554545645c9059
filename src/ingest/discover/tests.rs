use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn on(html: &str) -> Vec<Offer> {
    offered(
        html.as_bytes(),
        None,
        &url("https://example.org/blog/post?a=1"),
    )
}

fn addresses(html: &str) -> Vec<String> {
    on(html).into_iter().map(|it| it.url.into()).collect()
}

#[test]
fn what_a_page_declares_is_offered() {
    let offers = on("<!doctype html><html><head><title>x</title>
        <link rel=alternate type=application/rss+xml title='Comments on Post' href='/blog/post/feed/'>
        <link rel='stylesheet' href=a.css>
        <LINK REL='Alternate Home' TYPE='Application/Atom+XML; charset=utf-8' TITLE=' All &amp; everything ' HREF='../atom.xml#top'>
        <link rel=alternate type=application/feed+json href='//example.org/feed.json'>
        </head><body><a href=/other.rss>RSS</a>");
    let shown: Vec<_> = offers
        .iter()
        .map(|it| (it.url.as_str(), it.title.as_str(), it.comments, it.declared))
        .collect();
    assert_eq!(
        shown,
        [
            (
                "https://example.org/atom.xml",
                "All & everything",
                false,
                true
            ),
            ("https://example.org/feed.json", "", false, true),
            (
                "https://example.org/blog/post/feed/",
                "Comments on Post",
                true,
                true
            ),
        ]
    );
    assert_eq!(
        offers[0].media_type.as_deref(),
        Some("application/atom+xml")
    );
}

#[test]
fn addresses_are_resolved_against_the_base() {
    let link = "<link rel=alternate type=application/rss+xml href=feed.xml>";
    for (base, address) in [
        ("", "https://example.org/blog/feed.xml"),
        ("<base href=/news/>", "https://example.org/news/feed.xml"),
        (
            "<base target=_blank><base href='https://cdn.example/x/y'>",
            "https://cdn.example/x/feed.xml",
        ),
        ("<base href='::'>", "https://example.org/blog/feed.xml"),
    ] {
        assert_eq!(addresses(&format!("{base}{link}")), [address], "{base}");
    }
}

#[test]
fn what_only_looks_like_a_declaration_is_not_offered() {
    for html in [
        "<link rel=alternate hreflang=de href=/de/>",
        "<link rel=alternate type=application/json href='/wp-json/wp/v2/pages/12'>",
        "<link rel=alternate type=application/json+oembed href='/oembed?x'>",
        "<link rel=alternate type=text/html href=/feed>",
        "<link rel='alternate stylesheet' type=text/xml href=/a.xml>",
        "<link rel=alternate type=application/rss+xml href='javascript:x()'>",
        "<link rel=alternate type=application/rss+xml>",
        "<link type=application/rss+xml href=/feed>",
    ] {
        assert_eq!(addresses(html), [""; 0], "{html}");
    }
    for html in [
        "<link rel=feed href=/news>",
        "<link rel=alternate href=/news.rss>",
        "<link rel=alternate type=text/xml href=/news>",
        "<link rel='alternate' type=application/json href=/news>",
        "<p>in the body<link rel='alternate' type=application/atom+xml href=/news></p>",
        "<link rel=alternate type=application/rss+xml href='feed:https://example.org/news'>",
        "<link rel=alternate type=application/rss+xml href='feed://example.org/news'>",
    ] {
        assert_eq!(addresses(html).len(), 1, "{html}");
    }
}

#[test]
fn a_feed_is_offered_once() {
    let html = "<link rel=alternate type=application/rss+xml href=/feed title=A>
        <link rel=alternate type=application/rss+xml href='http://example.org/feed' title=B>";
    assert_eq!(addresses(html), ["https://example.org/feed"]);
}

#[test]
fn links_that_look_like_feeds_stand_in_where_nothing_is_declared() {
    let html =
        "<a href='https://feedly.com/i/subscription/feed/https://example.org/feed.xml'>Feedly</a>
        <a href='https://other.example/rss'>Another site</a>
        <a href='/about'>RSS</a> <a href='/comments/feed'>Comments</a>
        <a href='feed.xml'>Sub<b>scribe</b></a> <a href='/?feed=rss2' title='All'>x</a>
        <a href='/rss/'>RSS</a> <a href='feed.xml'>again</a>";
    let shown: Vec<_> = on(html)
        .into_iter()
        .map(|it| (it.url.to_string(), it.title, it.declared))
        .collect();
    let of = |url: &str, title: &str| (url.to_owned(), title.to_owned(), false);
    assert_eq!(
        shown,
        [
            of("https://example.org/blog/feed.xml", "Subscribe"),
            of("https://example.org/?feed=rss2", "All"),
            of("https://example.org/rss/", "RSS"),
            of("https://other.example/rss", "Another site"),
            of("https://example.org/comments/feed", "Comments"),
        ]
    );
    let comments =
        "<link rel=alternate type=application/rss+xml href=/comments/feed><a href=/rss>x</a>";
    assert_eq!(
        addresses(comments),
        [
            "https://example.org/rss",
            "https://example.org/comments/feed"
        ]
    );
}

#[test]
fn whatever_a_page_holds_is_looked_at_within_bounds() {
    let many: String = (0..5000)
        .map(|n| {
            format!("<link rel=alternate type=application/rss+xml title='&#27;[31m' href=/{n}.rss>")
        })
        .collect();
    let offers = on(&many);
    assert_eq!(offers.len(), MOST);
    assert_eq!(offers[0].title, "[31m");
    assert_eq!(on(""), []);
    assert_eq!(on(&"<a href=/feed>".repeat(10_000)).len(), 1);
    let latin =
        b"<title>\xe9</title><link rel=alternate type=application/rss+xml href=/f title='Caf\xe9'>";
    let offers = offered(latin, Some("iso-8859-1"), &url("https://example.org/"));
    assert_eq!(offers[0].title, "Café");
}

/// Every rule: an address, and its first feed, or all of them.
#[test]
fn feeds_of_well_known_sites() {
    for (address, feeds) in [
        (
            "https://www.youtube.com/channel/UCabc_-1/videos",
            &["https://www.youtube.com/feeds/videos.xml?channel_id=UCabc_-1"][..],
        ),
        (
            "https://youtube.com/user/name",
            &["https://www.youtube.com/feeds/videos.xml?user=name"],
        ),
        (
            "https://m.youtube.com/playlist?list=PL1",
            &["https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"],
        ),
        (
            "https://www.youtube.com/watch?v=x&list=PL1",
            &["https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"],
        ),
        ("https://www.youtube.com/watch?v=x&list=RDx", &[]),
        ("https://www.youtube.com/@handle", &[]),
        ("https://github.com/jane", &["https://github.com/jane.atom"]),
        (
            "https://github.com/jane/rope",
            &[
                "https://github.com/jane/rope/releases.atom",
                "https://github.com/jane/rope/tags.atom",
                "https://github.com/jane/rope/commits.atom",
            ],
        ),
        (
            "https://github.com/jane/rope.git",
            &[
                "https://github.com/jane/rope/releases.atom",
                "https://github.com/jane/rope/tags.atom",
                "https://github.com/jane/rope/commits.atom",
            ],
        ),
        (
            "https://github.com/jane/rope/tags",
            &[
                "https://github.com/jane/rope/tags.atom",
                "https://github.com/jane/rope/releases.atom",
                "https://github.com/jane/rope/commits.atom",
            ],
        ),
        (
            "https://github.com/jane/rope/commits/a/b",
            &[
                "https://github.com/jane/rope/commits/a/b.atom",
                "https://github.com/jane/rope/releases.atom",
                "https://github.com/jane/rope/tags.atom",
            ],
        ),
        ("https://github.com/topics/rust", &[]),
        ("https://github.com/", &[]),
        ("https://gitlab.com/jane", &["https://gitlab.com/jane.atom"]),
        (
            "https://gitlab.gnome.org/a/b/c/-/commits/dev",
            &[
                "https://gitlab.gnome.org/a/b/c/-/commits/dev?format=atom",
                "https://gitlab.gnome.org/a/b/c/-/tags?format=atom",
                "https://gitlab.gnome.org/a/b/c/-/releases.atom",
                "https://gitlab.gnome.org/a/b/c.atom",
            ],
        ),
        (
            "https://codeberg.org/jane/rope",
            &[
                "https://codeberg.org/jane/rope/releases.rss",
                "https://codeberg.org/jane/rope/tags.rss",
                "https://codeberg.org/jane/rope.rss",
            ],
        ),
        (
            "https://www.reddit.com/r/rust/",
            &["https://www.reddit.com/r/rust/.rss"],
        ),
        (
            "https://old.reddit.com/r/rust/top/?t=week",
            &["https://www.reddit.com/r/rust/top/.rss"],
        ),
        (
            "https://reddit.com/r/rust/comments/1ab/title/",
            &["https://www.reddit.com/r/rust/comments/1ab/.rss"],
        ),
        (
            "https://reddit.com/u/jane",
            &["https://www.reddit.com/user/jane/.rss"],
        ),
        (
            "https://reddit.com/user/jane/m/several",
            &["https://www.reddit.com/user/jane/m/several/.rss"],
        ),
        (
            "https://news.ycombinator.com/news",
            &["https://news.ycombinator.com/rss"],
        ),
        ("https://lobste.rs", &["https://lobste.rs/rss"]),
        (
            "https://lobste.rs/t/rust,c",
            &["https://lobste.rs/t/rust,c.rss"],
        ),
        (
            "https://stackoverflow.com/questions/tagged/rust",
            &["https://stackoverflow.com/feeds/tag/rust"],
        ),
        (
            "https://tex.stackexchange.com/questions/12/title",
            &["https://tex.stackexchange.com/feeds/question/12"],
        ),
        (
            "https://superuser.com/users/7/jane",
            &["https://superuser.com/feeds/user/7"],
        ),
        (
            "https://medium.com/@jane/story-1a2b",
            &["https://medium.com/feed/@jane"],
        ),
        (
            "https://medium.com/magazine/tagged/rope",
            &["https://medium.com/feed/magazine/tagged/rope"],
        ),
        (
            "https://medium.com/tag/rope",
            &["https://medium.com/feed/tag/rope"],
        ),
        (
            "https://jane.medium.com/story",
            &["https://jane.medium.com/feed"],
        ),
        (
            "https://medium.com/feed/@jane",
            &["https://medium.com/feed/@jane"],
        ),
        (
            "https://jane.substack.com/p/story",
            &["https://jane.substack.com/feed"],
        ),
        (
            "https://open.substack.com/pub/jane/p/story",
            &["https://jane.substack.com/feed"],
        ),
        (
            "https://substack.com/@jane",
            &["https://jane.substack.com/feed"],
        ),
        (
            "https://jane.tumblr.com/tagged/rope",
            &["https://jane.tumblr.com/tagged/rope/rss"],
        ),
        (
            "https://www.tumblr.com/jane/123/story",
            &["https://jane.tumblr.com/rss"],
        ),
        (
            "https://jane.blogspot.co.uk/2019/02/story.html",
            &["https://jane.blogspot.co.uk/feeds/posts/default"],
        ),
        (
            "https://jane.blogspot.com/search/label/rope",
            &["https://jane.blogspot.com/feeds/posts/default/-/rope"],
        ),
        (
            "https://jane.wordpress.com/2019/02/28/story/",
            &["https://jane.wordpress.com/feed/"],
        ),
        (
            "https://jane.wordpress.com/category/rope/",
            &["https://jane.wordpress.com/category/rope/feed/"],
        ),
        (
            "https://bsky.app/profile/jane.example.org",
            &["https://bsky.app/profile/jane.example.org/rss"],
        ),
        (
            "https://vimeo.com/jane",
            &["https://vimeo.com/jane/videos/rss"],
        ),
        (
            "https://vimeo.com/channels/rope",
            &["https://vimeo.com/channels/rope/videos/rss"],
        ),
        ("https://vimeo.com/12345", &[]),
        ("https://dev.to/jane/story", &["https://dev.to/feed/jane"]),
        (
            "https://arxiv.org/list/cs.CL/recent",
            &["https://rss.arxiv.org/rss/cs.CL"],
        ),
        (
            "https://pypi.org/project/rope/",
            &["https://pypi.org/rss/project/rope/releases.xml"],
        ),
        (
            "https://crates.io/crates/rope",
            &["https://static.crates.io/rss/crates/rope.xml"],
        ),
        (
            "https://lemmy.ml/c/rust",
            &["https://lemmy.ml/feeds/c/rust.xml"],
        ),
        (
            "https://mastodon.example/@jane",
            &["https://mastodon.example/@jane.rss"],
        ),
        (
            "https://social.example/users/jane",
            &["https://social.example/@jane.rss"],
        ),
        (
            "https://mastodon.example/@jane@other.example",
            &["https://other.example/@jane.rss"],
        ),
        ("https://www.tiktok.com/@jane", &[]),
        ("https://example.org/blog", &[]),
        ("https://notgithub.com/jane", &[]),
        ("https://evilreddit.com/r/rust", &[]),
        ("https://127.0.0.1/@jane", &[]),
        ("file:///@jane", &[]),
    ] {
        let found: Vec<String> = well_known(&url(address))
            .into_iter()
            .map(String::from)
            .collect();
        assert_eq!(found, feeds, "{address}");
    }
}

#[test]
fn feeds_commonly_lie_beside_a_page_or_at_the_top() {
    let paths = |address: &str| -> Vec<String> {
        let paths = common_paths(&url(address)).into_iter();
        paths.map(String::from).collect()
    };
    let top = paths("https://example.org/?a=1#b");
    assert_eq!(
        top[..2],
        ["https://example.org/feed", "https://example.org/rss.xml"]
    );
    assert_eq!(top.len(), 11);
    let blog = paths("https://example.org:8080/blog/story.html");
    assert_eq!(blog[0], "https://example.org:8080/blog/feed");
    assert!(blog.contains(&"https://example.org:8080/atom.xml".to_owned()));
    assert_eq!(blog.len(), 21, "{blog:?}");
    assert_eq!(
        paths("https://example.org/~jane")[0],
        "https://example.org/~jane/feed"
    );
    assert_eq!(paths("mailto:a@b.c"), [""; 0]);
}
