//! What only looks like markup is text, and what markup means is shown.

use super::{
    parse,
    tests::{drawn, drawn_at},
};
use crate::document::{
    Layout, Rtl, Setting,
    block::{Body, Nest},
};
use std::sync::Arc;

#[test]
fn what_is_no_tag_is_text_and_what_tags_mean_is_shown() {
    for (html, want) in [
        (
            "A Vec<String>, x<y>z, <b>a</b>",
            vec!["A Vec<String>, x<y>z, a"],
        ),
        ("<Your-Name>\n\na", vec!["<Your-Name>", "", "a"]),
        ("<textarea>some\ntext</textarea>", vec!["some text"]),
        (
            "<iframe src=\"https://a.example/b\"></iframe>",
            vec!["https://a.example/b"],
        ),
        (
            "a <iframe src=\"//a.example/b\" title=\"A film\"></iframe> b",
            vec!["a A film b"],
        ),
        ("He said <q>yes</q>.", vec!["He said “yes”."]),
        ("<ruby>漢<rt>kan</ruby>", vec!["漢 (kan)"]),
        (
            "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> a",
            vec!["漢 (kan) a"],
        ),
        ("<math><mi>x</mi></math> here", vec!["x here"]),
        (
            "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> a</p>",
            vec!["漢 (kan) a"],
        ),
        (
            "<ol start=\"5\"><li>a<li value=\"9\">b<li>c</ol>",
            vec![" 5. a", " 9. b", "10. c"],
        ),
        (
            "<table><tr><td><pre>\na\n  b</pre></td><td>c d</td></tr></table>",
            vec!["a    c d", "  b"],
        ),
        (
            "<table><tr><td rowspan=\"2\">A</td><td>1</td></tr><tr><td>2</td></tr></table>",
            vec!["A  1", "   2"],
        ),
        (
            "<table><tbody><tr><td rowspan=\"0\">A</td><td>1</td></tr><tr><td>2</td></tr></tbody>\
             <tbody><tr><td>B</td><td>3</td></tr></tbody></table>",
            vec!["A  1", "   2", "B  3"],
        ),
        ("[[Page|]] and [[Page|words]]", vec!["Page and words"]),
        ("[[x] y [[2, 3]] z", vec!["[[x] y [[2, 3]] z"]),
        (
            "From $30 to US$5, `$a$`, $x$",
            vec!["From $30 to US$5, $a$, x"],
        ),
        ("Hello\n:smile: hi", vec!["Hello :smile: hi"]),
        ("a <script>b()</script>c <style>d</style>e", vec!["a c e"]),
        ("<strong> <title> <style> <em>a", vec!["<title> <style> a"]),
        ("a <style> b\n\nc", vec!["a <style> b", "", "c"]),
        ("<p hidden>a</p>\n<p>b</p>", vec!["b"]),
        ("if [[ -f $x ]]; then", vec!["if [[ -f $x ]]; then"]),
    ] {
        assert_eq!(drawn(html), want, "{html}");
    }
}

#[test]
fn code_keeps_its_tabs_for_who_copies_it() {
    let part = parse("```make\nall:\n\techo a\tb\n```\n\n    no tabs");
    let codes = part.blocks.iter().map(|it| match &it.body {
        Body::Code(code) => (code.text.as_str(), code.as_typed()),
        _ => panic!("{it:?}"),
    });
    assert_eq!(
        codes.collect::<Vec<_>>(),
        [
            ("all:\n    echo a  b", "all:\n\techo a\tb"),
            ("no tabs", "no tabs")
        ]
    );
}

#[test]
fn addresses_lead_where_they_say() {
    let source = "See https://example.org/a_b_c, `www.a.example` *www.b.example*\n\n\
                  | www.c.example |\n|---|\n| foo@bar.org |\n\n\
                  <table><tr><td>www.d.example</td></tr></table>\n\n[www.e.example](e.md)";
    let part = parse(source);
    assert_eq!(
        part.links,
        [
            "https://example.org/a_b_c",
            "http://www.b.example",
            "http://www.c.example",
            "mailto:foo@bar.org",
            "http://www.d.example",
            "e.md"
        ]
    );
    let Body::Text { text, .. } = &part.blocks[0].body else {
        panic!()
    };
    let linked = text.runs.iter().filter(|it| it.link.is_some());
    let linked: Vec<&str> = linked.map(|it| &text.text[it.range.clone()]).collect();
    assert_eq!(linked, ["https://example.org/a_b_c", "www.b.example"]);
}

#[test]
fn however_deep_an_item_keeps_its_bullet_and_a_quote_tells_how_deep_it_is() {
    let list: String = (0..40)
        .map(|depth| format!("{}- x {depth}\n", "  ".repeat(depth)))
        .collect();
    for measure in [24, 40, 72] {
        for (depth, line) in drawn_at(&list, measure).iter().enumerate() {
            let item = format!("{} x {depth}", ["•", "◦", "▪"][depth % 3]);
            assert!(line.ends_with(&item), "{line}");
        }
    }
    let back = format!("{list}\n    more of 1\n\n- last");
    let lines = drawn(&back);
    assert!(lines.contains(&"    more of 1".to_owned()), "{lines:?}");
    assert_eq!(lines.last().map(String::as_str), Some("• last"));
    let quote = drawn(&format!(
        "{} deep and so long that it needs another line",
        ">".repeat(30)
    ));
    assert!(quote[0].ends_with("30│ deep and so long"), "{quote:?}");
    assert!(
        quote[1].ends_with("   │ that it needs") || quote[1].contains("  │ "),
        "{quote:?}"
    );
    assert_eq!(drawn("> > x"), ["│ │ x"]);
}

#[test]
fn callouts_are_alerts_with_their_titles() {
    for (markdown, want) in [
        (
            "> [!note]- A *title*\n> Words.",
            vec!["┃ A title", "┃ Words."],
        ),
        (
            "> [!NOTE] Title\n>\n> Words.\n>\n> More.",
            vec!["┃ Title", "┃ Words.", "┃", "┃ More."],
        ),
        ("> [!bug]\n> Words.", vec!["┃ Bug", "┃ Words."]),
        ("> [!tip]+ Only a title", vec!["┃ Only a title"]),
        ("> [!", vec!["│ [!"]),
        (
            "> Words.\n> [!tip] in them",
            vec!["│ Words. [!tip] in them"],
        ),
        ("[!tip] no quote", vec!["[!tip] no quote"]),
    ] {
        assert_eq!(drawn(markdown), want, "{markdown}");
    }
}

#[test]
fn items_are_counted_by_letters_where_html_says_so() {
    let part = parse("<ol type=a start=26><li>x</li><li>y</li></ol>");
    let markers = part.blocks.iter().filter_map(|it| match it.nest.last() {
        Some(Nest::Item { marker, .. }) => marker.as_deref().map(str::trim),
        _ => None,
    });
    assert_eq!(markers.collect::<Vec<_>>(), ["z.", "aa."]);
}

/// The markers of the items of some HTML.
fn markers(html: &str) -> Vec<String> {
    let blocks = parse(html).blocks.into_iter();
    let markers = blocks.filter_map(|mut it| match it.nest.pop() {
        Some(Nest::Item { marker, .. }) => marker.map(|it| it.trim().to_owned()),
        _ => None,
    });
    markers.collect()
}

#[test]
fn items_are_counted_as_the_page_says() {
    for (list, items, want) in [
        ("<ol type=i start=8>", 3, vec!["viii.", "ix.", "x."]),
        ("<ol type=I start=1994>", 2, vec!["MCMXCIV.", "MCMXCV."]),
        ("<ol type=i start=0>", 2, vec!["0.", "i."]),
        ("<ol type=I start=3999>", 2, vec!["MMMCMXCIX.", "4000."]),
        ("<ol type=A>", 2, vec!["A.", "B."]),
        ("<ol type=1 start=' 7 '>", 2, vec!["7.", "8."]),
        ("<ol reversed>", 3, vec!["3.", "2.", "1."]),
        ("<ol reversed type=a>", 3, vec!["c.", "b.", "a."]),
        ("<ol reversed start=10>", 2, vec!["10.", "9."]),
        ("<ol type=x>", 1, vec!["1."]),
    ] {
        let html = format!("{list}{}</ol>", "<li>x</li>".repeat(items));
        assert_eq!(markers(&html), want, "{list}");
        let html = format!("{list}\n{}</ol>", "<li>\n\nx\n\n</li>\n".repeat(items));
        assert_eq!(markers(&html), want, "{list} with Markdown in it");
    }
    let nested = "<ol reversed><li>a<ol type=i><li>b<li>c</ol></li><li>d</li></ol>";
    assert_eq!(markers(nested), ["2.", "i.", "ii.", "1."]);
}

#[test]
fn a_cell_has_the_language_that_it_says() {
    let cells = |text: &str| -> Vec<String> {
        let blocks = parse(text).blocks.into_iter();
        let tables = blocks.filter_map(|it| match it.body {
            Body::Table(table) => Some(table.languages),
            _ => None,
        });
        let cells = tables.flatten();
        cells
            .map(|it| format!("{} {} {}", it.row, it.column, it.tag))
            .collect()
    };
    for (text, want) in [
        (
            "<table><tr><th>a</th><th lang=fr>b</th></tr><tr lang=de><td>c</td><td lang=it>d</td></tr>\
             <tr><td>e</table>",
            vec!["0 1 fr", "1 0 de", "1 1 it"],
        ),
        (
            "<table><tr><td lang=fr>\n\nun\n\ndeux\n\n</td><td>two</td></tr></table>",
            vec!["1 0 fr"],
        ),
        (
            "<table lang=fr><tr><td lang=fr>un</td></tr></table>",
            vec![],
        ),
        (
            "<div lang=fr><table><tr><td>un</td><td lang=en>two</td></tr></table></div>",
            vec!["1 1 en"],
        ),
    ] {
        assert_eq!(cells(text), want, "{text}");
    }
}

#[test]
fn a_block_has_the_language_that_it_says() {
    let languages = |text: &str| -> Vec<String> {
        let blocks = parse(text).blocks.into_iter();
        let tags = blocks.map(|it| it.language.unwrap_or_default().into_string());
        tags.collect()
    };
    for (text, want) in [
        ("<p lang=fr>un</p>\n\ntwo", vec!["fr", ""]),
        ("<p lang=fr>un\n<p>two</p>", vec!["fr", ""]),
        ("<p lang=fr>un\n\ntwo", vec!["fr", ""]),
        (
            "<blockquote lang=de>\n\neins\n\nzwei\n\n</blockquote>\n\nthree",
            vec!["de", "de", ""],
        ),
        (
            "<div lang=de>\n\neins\n\n<div>zwei</div>\n\ndrei\n\n</div>\n\nfour",
            vec!["de", "de", "de", ""],
        ),
        ("<div lang=de>\n\neins, and never ended", vec![""]),
        (
            "<aside lang=de>\n\neins\n\nzwei\n\n</aside>\n\nthree",
            vec!["de", "de", ""],
        ),
        (
            "<table lang=de><tr><td>eins</td></tr></table>\n\ntwo",
            vec!["de", ""],
        ),
        (
            "<table><tr><td lang=de>eins<td>two</table>\n\ntwo",
            vec!["", ""],
        ),
        (
            "<div lang=de>eins<p lang=en>two</p>drei</div>four",
            vec!["de", "en", "de", ""],
        ),
        (
            "<span lang=\"fr\">un *deux* trois</span>\n\ntwo",
            vec!["fr", ""],
        ),
        ("<a id=\"x\"></a><span lang=\"fr\">un</span>", vec!["fr"]),
        ("<span lang=\"fr\">un</span> and more", vec![""]),
        ("so, <span lang=\"fr\">un</span>", vec![""]),
        ("- <span lang=\"fr\">un</span>\n- two", vec!["fr", ""]),
        (
            "- <div lang=de>\n\n  eins\n- two\n\n</div>\n\nthree",
            vec!["de", "", ""],
        ),
    ] {
        assert_eq!(languages(text), want, "{text}");
    }
}

#[test]
fn a_block_is_divided_as_its_own_language_divides() {
    let set = |text: &str, language: Option<&str>| {
        let mut story = crate::story::Story::new(crate::story::Kind::Markdown, "T", text);
        story.language = language.map(str::to_owned);
        let document = crate::document::Document::new(story, &jiff::tz::TimeZone::UTC);
        let setting = Setting {
            measure: 24,
            free: 0,
            hyphenate: true,
            justify: false,
            rtl: Rtl::AsRead,
        };
        let mut layout = Layout::new(Arc::new(document), setting);
        let end = layout.end();
        let lines = layout.lines(end.block);
        lines
            .iter()
            .map(|it| it.plain())
            .collect::<Vec<_>>()
            .join("|")
    };
    let words = "Silbentrennung ".repeat(6);
    let words = words.trim();
    let german = format!("<p lang=\"de\">{words}</p>");
    assert!(set(&german, None).contains("-|"));
    assert!(!set(words, None).contains("-|"));
    // One that recto cannot divide stays whole in a story that it can.
    let other = format!("<p lang=\"vi\">{words}</p>");
    assert!(!set(&other, Some("de")).contains("-|"));
    assert!(set(words, Some("de")).contains("-|"));
}

#[test]
fn headings_with_the_same_words_are_told_apart_by_numbers() {
    let text = "One\n\n## Alpha\n\n## Alpha\n\n## Alpha-1\n\n## Alpha\n\n## Beta";
    let document = crate::document::Document::of_markdown(text);
    for (name, block) in [
        ("alpha", Some(1)),
        ("alpha-1", Some(3)),
        ("alpha-2", Some(2)),
        ("alpha-3", Some(4)),
        ("beta-1", None),
        ("top", Some(0)),
        ("", Some(0)),
    ] {
        assert_eq!(document.named(name), block, "{name}");
    }
}
