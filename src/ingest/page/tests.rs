use super::*;

/// Sentences enough to be a story.
const TEXT: &str = "<p>The harbour was built in 1820, when the old one had filled with sand, and ships of every \
    size came to it, from the north, from the south, and from places that nobody had heard of before.</p>\
    <p>For a hundred years it was the largest of the coast, until the railway came, and with it the end of \
    the coasters, which lay idle along the quay, one behind the other, as long as anybody remembers.</p>\
    <p>Today the tide still fills it twice a day, and the few boats that are left float up, and sink again, \
    and on Sundays there are people who walk out along the mole to look at them, and to look at the sea.</p>";

fn page(head: &str, body: &str) -> Story {
    let source =
        format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>");
    read(source.as_bytes(), Origin::default(), "page.html")
}

/// A page that says that it is an article, with this around and in its text.
fn article(before: &str, between: &str, after: &str) -> Story {
    let head = "<title>The old harbour</title><meta property=og:type content=article>\
        <meta property=article:published_time content=2020-05-04T10:00:00Z><meta name=author content='Ann Lee'>";
    let (first, rest) = TEXT.split_at(TEXT.find("</p>").unwrap_or(0) + 4);
    page(
        head,
        &format!(
            "<nav><a href=/>Home</a></nav><article>{before}{first}{between}{rest}{after}</article>"
        ),
    )
}

#[test]
fn a_page_is_told_by_how_it_begins() {
    for (source, is) in [
        ("<!DOCTYPE html><p>x", true),
        ("\u{feff}\n<!-- saved from -->\n<html>", true),
        (
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>",
            true,
        ),
        ("<HEAD><TITLE>", true),
        ("<header>", false),
        ("# Markdown\n\n<html>", false),
        ("words", false),
        ("<!--", false),
        ("", false),
    ] {
        assert_eq!(is_page(source.as_bytes()), is, "{source}");
    }
    let wide: Vec<u8> = "<html><body>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(is_page(&wide));
}

#[test]
fn the_story_is_found_without_what_stands_around_it() {
    let body = format!(
        "<div class=menu><a href=/a>One</a> <a href=/b>Two</a></div><main><h1>The old harbour of our coast</h1>{TEXT}</main>\
         <div class=sidebar><a href=/c>Three</a></div><footer>Imprint</footer>"
    );
    let story = page("<title>The old harbour of our coast | Paper</title>", &body);
    assert_eq!(story.kind, Kind::Page);
    assert_eq!(story.title, "The old harbour of our coast");
    assert!(
        story.markdown.starts_with("The harbour was built"),
        "{}",
        story.markdown
    );
    assert!(
        story.markdown.ends_with("look at the sea."),
        "{}",
        story.markdown
    );
}

#[test]
fn what_is_told_of_the_story_is_known() {
    let head = r#"<meta property="og:title" content="The harbour &amp; the sea"><meta name="author" content="Ann Lee, Bo Chen">
        <meta property="og:image" content="/p.jpg"><meta property="og:image:alt" content="Boats">
        <meta property="article:published_time" content="2020-05-04T10:00:00Z">
        <meta property="article:modified_time" content="2020-05-05T10:00:00Z">
        <meta property="article:section" content="Coast"><meta property="article:tag" content="boats">
        <meta property="article:tag" content="tides"><meta name="description" content="What became of it.">
        <link rel="canonical" href="https://paper.example/harbour">"#;
    let source = format!("<html lang=en-GB>{head}<body>{TEXT}");
    let address = Url::parse("https://paper.example/x?from=feed").ok();
    let origin = Origin {
        address: address.as_ref(),
        charset: None,
    };
    let story = read(source.as_bytes(), origin, "x");
    assert_eq!(story.title, "The harbour & the sea");
    assert_eq!(story.authors, ["Ann Lee", "Bo Chen"]);
    assert_eq!(
        story.published.map(crate::story::iso).as_deref(),
        Some("2020-05-04T10:00:00Z")
    );
    assert_eq!(
        story.updated.map(crate::story::iso).as_deref(),
        Some("2020-05-05T10:00:00Z")
    );
    assert_eq!(story.url.as_deref(), Some("https://paper.example/harbour"));
    let picture = story.lead_image.map(|it| (it.src, it.alt));
    assert_eq!(
        picture,
        Some(("https://paper.example/p.jpg".to_owned(), "Boats".to_owned()))
    );
    assert_eq!(story.categories, ["Coast"]);
    assert_eq!(story.tags, ["boats", "tides"]);
    assert_eq!(story.summary.as_deref(), Some("What became of it."));
    assert_eq!(story.language.as_deref(), Some("en-GB"));
}

#[test]
fn dublin_core_microdata_and_lines_in_the_page_are_read_as_well() {
    let head = "<meta name='DC.title' content='Of harbours'><meta name='DC.creator' content='Lee, Ann'>\
        <meta name='DC.date.issued' content='2019-02-03'>";
    let story = page(head, TEXT);
    assert_eq!(
        (story.title.as_str(), &*story.authors),
        ("Of harbours", &["Lee, Ann".to_owned()][..])
    );
    assert!(story.published.is_some());

    let body = format!(
        "<article><p class=byline>By <b>Ann Lee</b> and Bo Chen</p>\
         <time itemprop=datePublished datetime=2018-01-02>Tuesday</time>{TEXT}</article>"
    );
    let story = page("<title>Harbours of the coast</title>", &body);
    assert_eq!(story.authors, ["Ann Lee", "Bo Chen"]);
    assert!(story.published.is_some());
    assert!(!story.markdown.contains("Ann Lee"), "{}", story.markdown);
}

#[test]
fn lines_before_the_text_that_tell_what_is_known_go() {
    let story = article(
        "<h1>The old harbour</h1><p>May 4, 2020</p><p>By Ann Lee</p><p>3 min read</p>",
        "",
        "",
    );
    assert!(
        story.markdown.starts_with("The harbour was built"),
        "{}",
        story.markdown
    );
    // A page that is no article, and does not tell when it was written, keeps its line.
    let story = page(
        "<title>T</title>",
        &format!("<div><p>May 4, 2020</p>{TEXT}</div>"),
    );
    assert!(
        story.markdown.starts_with("May 4, 2020"),
        "{}",
        story.markdown
    );
}

#[test]
fn captions_are_the_words_of_their_pictures() {
    let figure = "<figure><img src=https://a.example/p.jpg alt=x><figcaption>Boats at low tide</figcaption></figure>";
    let story = article("", figure, "");
    assert!(
        story
            .markdown
            .contains("![Boats at low tide](https://a.example/p.jpg)"),
        "{}",
        story.markdown
    );
    assert_eq!(story.markdown.matches("Boats at low tide").count(), 1);
}

#[test]
fn parts_that_are_called_what_they_are_go() {
    for part in [
        "<div class='article__newsletter-body'><p>Get our letter, every Monday.</p></div>",
        "<div class=relatedStories><p>The mole, and who built it.</p></div>",
        "<p>Photo by Jo Roe / Getty Images</p>",
        "<ul><li><a href=/a>Ten harbours that you should see</a></li><li><a href=/b>Why the tide comes twice</a></li></ul>",
        "<p><b><a href=/a>THE TEN LARGEST HARBOURS OF THE WORLD</a></b></p>",
    ] {
        let story = article("", part, "");
        let plain = article("", "", "");
        assert_eq!(story.markdown, plain.markdown, "{part}");
    }
    // A post of somebody else is a part of the story, whatever box it stands in.
    let post = "<div class=social-embed><blockquote><p>I have seen the boats, and they are still there, all of them.\
        </p></blockquote></div>";
    assert!(
        article("", post, "")
            .markdown
            .contains("> I have seen the boats")
    );
}

#[test]
fn lines_behind_the_text_that_are_none_of_it_go() {
    let after = "<p>Copyright 2020 The Paper. All rights reserved.</p><p>Follow us on Twitter @paper</p>\
        <h2>Related articles</h2><ul><li><a href=/a>One more</a></li></ul>";
    let story = article("", "", after);
    assert!(
        story.markdown.ends_with("look at the sea."),
        "{}",
        story.markdown
    );
    let sources = "<h2>Sources</h2><ul><li><a href='https://b.example/a'>The tables of the tides</a></li></ul>";
    assert!(
        article("", "", sources)
            .markdown
            .contains("The tables of the tides")
    );
}

#[test]
fn a_page_that_is_no_news_keeps_its_lines_and_captions() {
    let body = format!(
        "<article>{TEXT}<figure><img src=/p.jpg><figcaption>Boats at low tide</figcaption></figure>\
         <p>Copyright 2020 The Paper. All rights reserved.</p></article>"
    );
    let encyclopaedia =
        r#"<script type="application/ld+json">{"@type": "Article", "name": "Harbour"}</script>"#;
    let blog = r#"<script type="application/ld+json">{"@type": "BlogPosting", "name": "Harbour"}</script>"#;
    let article = "<meta property=og:type content=article>";
    let dated =
        format!("{article}<meta property=article:published_time content=2020-05-04T10:00:00Z>");
    for (head, keeps) in [
        (encyclopaedia, true),
        (article, true),
        (&*format!("{encyclopaedia}{article}"), false),
        (&*dated, false),
        (blog, false),
    ] {
        let story = page(head, &body);
        assert_eq!(story.markdown.contains("Copyright"), keeps, "{head}");
        assert_eq!(
            story.markdown.contains("![Boats at low tide]"),
            !keeps,
            "{head}\n{}",
            story.markdown
        );
    }
}

#[test]
fn what_news_says_twice_goes() {
    let head = r#"<meta name=description content="The railway came, and the boats lay idle along the quay.">
        <script type="application/ld+json">{"@type": "NewsArticle", "headline": "The old harbour"}</script>"#;
    let standfirst = "<div class=article-standfirst><p>The railway came, and the boats lay idle along the quay.</p></div>";
    let (first, rest) = TEXT.split_at(TEXT.find("</p>").unwrap_or(0) + 4);
    let under = "<div><img src=https://a.example/p.jpg><p>Boats at low tide</p></div>";
    let of = |before: &str, between: &str| {
        let body = format!("<article>{before}{first}{between}{rest}</article>");
        page(head, &body).markdown
    };
    assert_eq!(of(standfirst, ""), of("", ""));
    let captioned = of("", under);
    assert!(
        captioned.contains("![Boats at low tide](https://a.example/p.jpg)"),
        "{captioned}"
    );
    assert_eq!(captioned.matches("Boats at low tide").count(), 1);
}

#[test]
fn the_text_told_beside_a_page_stands_for_what_is_not_in_it() {
    let text = "Word after word. ".repeat(60);
    let head = format!(
        r#"<title>A shell</title><script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Told",
        "articleBody": "{text}\\nAnd *more*."}}</script>"#
    );
    let story = page(&head, "<div id=app>Loading…</div>");
    assert_eq!((story.kind, story.title.as_str()), (Kind::Page, "Told"));
    assert!(
        story.markdown.contains("And \\*more\\*."),
        "{}",
        story.markdown
    );
}

#[test]
fn a_page_without_a_story_says_so() {
    let links: String = (0..40)
        .map(|n| format!("<li><a href=/{n}>Story number {n} of the day</a></li>"))
        .collect();
    for body in [
        format!("<ul>{links}</ul>"),
        "<form><p>Sign in to read on.</p><input name=u><input type=password></form>".to_owned(),
        "<div id=app></div>".to_owned(),
        String::new(),
    ] {
        let story = page(
            "<title>The Paper</title><link rel=canonical href=https://paper.example/>",
            &body,
        );
        assert_eq!(
            (story.kind, story.title.as_str()),
            (Kind::Link, "The Paper"),
            "{body}"
        );
        assert_eq!(story.url.as_deref(), Some("https://paper.example/"));
        let asks = body.contains("password");
        let why = if asks { SIGN_IN } else { NO_STORY };
        assert_eq!(story.warnings, [why]);
    }
}

#[test]
fn any_charset_is_read() {
    let text = TEXT.replace("harbour", "Häfen");
    let of =
        |charset: &str| format!("<html><meta charset={charset}><title>Häfen</title><body>{text}");
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let bytes = [
        b"<html><meta charset=iso-8859-1><title>x</title><body>".as_slice(),
        &latin,
    ]
    .concat();
    assert!(
        read(&bytes, Origin::default(), "x")
            .markdown
            .contains("Häfen")
    );
    // Said by the server alone.
    let bytes = [b"<html><title>x</title><body>".as_slice(), &latin].concat();
    assert!(told(&bytes, "text/html; charset=\"ISO-8859-1\"").contains("Häfen"));
    let wide: Vec<u8> = of("utf-16")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(read(&wide, Origin::default(), "x").title, "Häfen");
    assert_eq!(
        read(of("utf-16").as_bytes(), Origin::default(), "x").title,
        "Häfen"
    );
}

#[test]
fn hostile_pages_neither_hang_nor_harm() {
    let deep = |tag: &str| format!("<html><body>{}words", format!("<{tag}>").repeat(100_000));
    let json = format!("<script type=application/ld+json>{}", "[".repeat(100_000));
    for source in [
        deep("div"),
        deep("blockquote"),
        deep("table><tr><td"),
        deep("a"),
        format!(
            "<html><body>{}",
            "<ul><li>one, two, three and four</li>".repeat(5000)
        ),
        format!("<html><body>{}", "<p>a\0b</p>".repeat(1000)),
        deep("b><p"),
        deep("span"),
        deep("sup><a href=#x id=x"),
        deep("math><mrow"),
        format!("<html><head>{json}</script><body>{TEXT}"),
        format!("<html><body>{}", "<br>".repeat(100_000)),
        format!(
            "<html><body>{}",
            "<p>x\0\u{1b}[2J&#27;]0;t&#7;</p>".repeat(2000)
        ),
        format!(
            "<html><title>{}</title><body>{TEXT}",
            "x\u{202e}".repeat(100_000)
        ),
        "<html><meta charset=".to_owned(),
        "<html><base href='http://['><link rel=canonical href='javascript:x'><body>x".to_owned(),
    ] {
        let story = read(source.as_bytes(), Origin::default(), "page.html");
        assert!(!story.title.is_empty());
        for text in [&story.title, &story.markdown] {
            assert!(
                text.chars()
                    .all(|c| matches!(c, '\n' | '\t') || !c.is_control()),
                "{text:.200}"
            );
        }
        assert!(story.url.is_none_or(|it| it.starts_with("http")));
    }
}

#[test]
fn notes_of_a_page_are_kept_though_their_part_is_called_as_furniture_is() {
    let paragraph = "<p>The ferry at Alder Point carries bicycles again, after eleven years in which they took the long way, and riders had asked for the change since the bridge was closed.</p>";
    let page = format!(
        "<!doctype html><title>The ferry</title><article><h1>The ferry</h1>{paragraph}<p>It costs what it did before<sup id=\"r1\"><a href=\"#n1\">1</a></sup>, said the harbour master, who came back dry, and so did we.</p>{paragraph}</article>\
         <div class=\"footnotes\"><ul><li id=\"n1\">Two crowns. <a href=\"#r1\">↩</a></li></ul></div>"
    );
    let story = read(page.as_bytes(), Origin::default(), "page");
    assert!(
        story.markdown.contains("before[^1], said"),
        "{}",
        story.markdown
    );
    assert!(
        story.markdown.ends_with("[^1]: Two crowns."),
        "{}",
        story.markdown
    );
}

/// Teasers of a site's own stories are no story, nor is a front page; what is told of others' is one.
#[test]
fn lists_of_stories_are_kept_as_links() {
    let teasers = |host: &str| -> String {
        (0..8)
            .map(|n| {
                format!(
                    "<div><h2><a href=\"{host}/story-{n}\">The harbour opened again on day {n}</a></h2><p>Boats came in from all over the bay, said the harbour master, and {n} of them stayed for the night, as they had done in better years.</p></div>"
                )
            })
            .collect()
    };
    let kind = |head: &str, body: &str, address: &str| {
        let page =
            format!("<!doctype html><title>The Paper of Alder</title>{head}<main>{body}</main>");
        let address = Url::parse(address).expect("an address");
        let origin = Origin {
            address: Some(&address),
            ..Origin::default()
        };
        read(page.as_bytes(), origin, "page").kind
    };
    let own = teasers("https://paper.example");
    let news = "https://paper.example/news";
    assert_eq!(kind("", &own, news), Kind::Link);
    assert_eq!(kind("", &own, "https://paper.example/"), Kind::Link);
    assert_eq!(
        kind("", &teasers("https://other.example"), news),
        Kind::Page
    );
    assert_eq!(
        kind("<meta property=og:type content=article>", &own, news),
        Kind::Page
    );
    // A story may have headings that lead elsewhere, and stand at the front of its site.
    let text: String = (0..8)
        .map(|n| {
            format!(
                "<h2>Part {n}</h2><p>{}</p>",
                "Boats came in from all over the bay, said the harbour master. ".repeat(8)
            )
        })
        .collect();
    assert_eq!(kind("", &text, "https://paper.example/"), Kind::Page);
}

/// What a server sends for an address that is none any more is no story, however long; a story of such pages is one.
#[test]
fn a_page_that_says_that_nothing_is_there_is_kept_as_a_link() {
    let of = |head: &str, body: &str| {
        let page = format!("<!doctype html><html lang=en>{head}<body>{body}{TEXT}");
        let address = Url::parse("https://paper.example/news/harbour").expect("an address");
        let origin = Origin {
            address: Some(&address),
            ..Origin::default()
        };
        read(page.as_bytes(), origin, "page")
    };
    let lost = "<title>Page not found – The Paper</title>";
    for (head, body) in [
        ("<meta name=robots content='noindex, follow'>", ""),
        ("<link rel=canonical href=/>", ""),
        (
            "<meta property=og:url content='https://paper.example/404'>",
            "",
        ),
        (
            "",
            "<section class='error-404 not-found'><h1>Oops!</h1></section>",
        ),
        (
            "",
            "<p>Sorry, the page you’re looking for doesn’t exist.</p>",
        ),
    ] {
        let story = of(&format!("{lost}{head}"), body);
        assert_eq!(story.kind, Kind::Link, "{head}{body}");
        assert_eq!(story.warnings, [GONE]);
    }
    // A template gives an author and a date to whatever it holds.
    let templated = format!(
        "{lost}<meta name=author content='Jane Keeper'>\
         <meta property=article:published_time content=2020-05-04T10:00:00Z>"
    );
    let sorry = "<p>We are sorry, the page you were looking for could not be found.</p>";
    assert_eq!(of(&templated, sorry).kind, Kind::Link);
    assert_eq!(of(&templated, "").kind, Kind::Page);
    let below = "<h1>The Paper</h1><div id=notfound><h2>Page not found</h2></div>";
    assert_eq!(of("<title>The Paper</title>", below).kind, Kind::Link);
    let heading = "<h1>Seite nicht gefunden</h1><p>Die gesuchte Seite existiert nicht.</p>";
    assert_eq!(of("<title>The Paper</title>", heading).kind, Kind::Link);
    let told = "<meta property=og:type content=article>\
        <meta property=article:published_time content=2020-05-04T10:00:00Z>";
    for (head, body) in [
        (lost.to_owned(), ""),
        ("<title>404</title>".to_owned(), "<h1>404</h1>"),
        (
            format!("{lost}{told}"),
            "<h1>Page not found</h1><p>“The page you requested does not exist”: who wrote that?</p>",
        ),
        (
            "<title>The harbour</title><meta name=robots content=noindex>".to_owned(),
            "<p>The page you requested does not exist.</p>",
        ),
    ] {
        assert_eq!(of(&head, body).kind, Kind::Page, "{head}{body}");
    }
}

#[test]
fn a_list_of_tags_is_none_of_them() {
    let head = "<title>The old harbour of Alder</title>\
        <meta property=article:tag content='@river,@top stories,Dear Abby'>\
        <meta property=article:tag content='Alder, Ohio'>\
        <script type=application/ld+json>{\"@context\": \"https://schema.org\", \"@type\": \"NewsArticle\", \
        \"headline\": \"The old harbour of Alder\", \"keywords\": [\"@river\", \"@top stories\", \"Dear Abby\"]}</script>";
    let story = page(head, &format!("<article>{TEXT}</article>"));
    assert_eq!(
        story.tags,
        ["Alder, Ohio", "@river", "@top stories", "Dear Abby"]
    );
}

/// What programs write where nothing is to be told, and what is told beside it anyhow, is left out.
#[test]
fn words_that_tell_nothing_are_left_out() {
    let head = "<title>The old harbour of Alder</title><link rel=canonical href=https://www.paper.example/harbour>\
        <meta property=og:site_name content='The Paper'><meta name=author content=undefined>\
        <meta property=article:section content=nil><meta property=article:tag content='The Paper'>\
        <meta property=article:tag content=paper.example><meta property=article:tag content=Ships>";
    let body = format!(
        "<article><p><img src=/a.jpg alt='The old harbour of Alder'></p>{TEXT}<p><img src=/b.jpg alt='Boats'></p>\
         <p><img src=/c.jpg alt='The old harbour of Alder'></p></article>"
    );
    let story = page(head, &body);
    assert_eq!(story.authors, [""; 0]);
    assert_eq!(story.categories, [""; 0]);
    assert_eq!(story.tags, ["Ships"]);
    for (alt, name) in [("The old harbour of Alder", "a"), ("Boats", "b"), ("", "c")] {
        let picture = format!("![{alt}](/{name}.jpg)");
        assert!(
            story.markdown.contains(&picture),
            "{name}: {}",
            story.markdown
        );
    }
}
