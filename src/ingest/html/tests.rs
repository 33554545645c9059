use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::*;

fn markdown(html: &str) -> String {
    to_markdown(html, Url::parse("https://ex.org/blog/post").ok().as_ref())
}

fn check(cases: &[(&str, &str)]) {
    for (html, want) in cases {
        assert_eq!(markdown(html), *want, "{html}");
    }
}

#[test]
fn paragraphs_and_breaks() {
    check(&[
        ("<p>one\n two</p><p>three</p>", "one two\n\nthree"),
        ("one<br>two<br><br>three", "one\\\ntwo\n\nthree"),
        ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
        ("a<p>&nbsp;</p>b", "a\n\nb"),
        ("a<hr>b", "a\n\n---\n\nb"),
        (
            "<h1>A <b>b</b></h1><h3>C #</h3><h2></h2>",
            "# A **b**\n\n### C \\#",
        ),
        ("<h2>two<br>lines</h2>", "## two lines"),
        ("plain &amp; simple", "plain & simple"),
        ("", ""),
    ]);
}

#[test]
fn emphasis() {
    check(&[
        (
            "<b>b</b> <i>i</i> <s>s</s> <code>c</code>",
            "**b** *i* ~~s~~ `c`",
        ),
        ("<b>b </b>x<i> i</i>", "**b** x *i*"),
        ("<b><strong>b</strong></b><b>c</b>", "**bc**"),
        ("<em>a <b>b</b> c</em>", "*a **b** c*"),
        // No sign closes before a letter, behind a mark.
        ("<b>so:</b>then", "<b>so:</b>then"),
        ("<b>so:</b> then", "**so:** then"),
        ("<b> </b>x<i></i>", "x"),
        (
            "<b style='font-weight:normal'>a <span style='font-weight: 700;color:red'>b</span></b>",
            "a **b**",
        ),
        (
            "<em>a <span style='Font-Style: NORMAL'>b</span></em> <span style='font-style:italic'>c</span>",
            "*a* b *c*",
        ),
        ("<b>two<p>paragraphs</p></b>", "**two**\n\n**paragraphs**"),
        ("<code>a`b</code> <code>`</code>", "``a`b`` `` ` ``"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<q>so</q>", "“so”"),
        ("<ruby>字<rp>(</rp><rt>zi</rt><rp>)</rp></ruby>", "字(zi)"),
    ]);
}

#[test]
fn lists_that_count_as_no_markdown_does_stay_html() {
    check(&[
        (
            "<ol type=i start=3><li>a <b>b</b></li><li>c</li></ol>d",
            "<ol type=\"i\" start=\"3\">\n<li>\n\na **b**\n\n</li>\n<li>\n\nc\n\n</li>\n</ol>\n\nd",
        ),
        (
            "<ol reversed><li value=7>a</li></ol>",
            "<ol reversed>\n<li value=\"7\">\n\na\n\n</li>\n</ol>",
        ),
        ("<ol type=1><li>a</li></ol>", "1. a"),
        ("<ul type=i><li>a</li></ul>", "- a"),
        (
            "<ul><li>a<ol type=A><li>b</ol></ul>",
            "- a\n\n  <ol type=\"A\">\n  <li>\n\n  b\n\n  </li>\n  </ol>",
        ),
    ]);
}

#[test]
fn blocks_keep_the_language_that_they_say() {
    check(&[
        (
            "<html lang=en><p>one</p><p lang=fr>deux <i>mots</i></p><p lang=en-GB>two</p>",
            "one\n\n<span lang=\"fr\">deux *mots*</span>\n\ntwo",
        ),
        (
            "so<blockquote lang=de><p>eins</p><p lang=en>two</p></blockquote>four",
            "so\n\n> <span lang=\"de\">eins</span>\n>\n> <span lang=\"en\">two</span>\n\nfour",
        ),
        ("<p lang='\"><b>'>x</p>", "x"),
        ("a <span lang=fr>b</span> c", "a b c"),
    ]);
}

#[test]
fn links_and_pictures() {
    check(&[
        ("<a href='/x'>x</a>", "[x](https://ex.org/x)"),
        (
            "<a href='y z(1'>x</a>",
            "[x](https://ex.org/blog/y%20z%281)",
        ),
        (
            "<a href='https://w.org/A_(b)'>x</a>",
            "[x](https://w.org/A_(b))",
        ),
        (
            "<a href='https://w.org/'>https://w.org/</a>",
            "<https://w.org/>",
        ),
        ("<a href='javascript:x()'>x</a> <a name=n>y</a>", "x y"),
        (
            "so!<a href='/x'>[x]</a>",
            "so\\![&#91;x&#93;](https://ex.org/x)",
        ),
        (
            "<a href='/x'><h2>Head</h2><p>text</p></a>",
            "## [Head](https://ex.org/x)\n\n[text](https://ex.org/x)",
        ),
        ("<a href='/x'><b>b</b></a>", "[**b**](https://ex.org/x)"),
        ("<a href='/x'> </a>y", "y"),
        (
            "<img src=a.png alt='an [a]'>",
            "![an \\[a\\]](https://ex.org/blog/a.png)",
        ),
        (
            "<img src='/a.png' title='Said \"so\"'>",
            "![](https://ex.org/a.png \"Said \\\"so\\\"\")",
        ),
        (
            "<img src='data:image/gif;base64,R0' data-src='/b.jpg'>",
            "![](https://ex.org/b.jpg)",
        ),
        (
            "<img srcset='/s.jpg 300w, /l.jpg 900w'>",
            "![](https://ex.org/l.jpg)",
        ),
        ("<img src='/p.gif' width=1 height='1'>", ""),
        (
            "<img class=emoji alt='🙂' src='https://s.w.org/1.png'>",
            "🙂",
        ),
        (
            "<img src='data:x' data-src='/b.jpg'><noscript><img src='/b.jpg'></noscript>",
            "![](https://ex.org/b.jpg)",
        ),
        (
            "<a href='/full.jpg'><img src='/s.jpg'></a>",
            "![](https://ex.org/s.jpg)",
        ),
        (
            "<a href='/page'><img src='/s.jpg'></a>",
            "[![](https://ex.org/s.jpg)](https://ex.org/page)",
        ),
        (
            "<figure><img src='/s.jpg'><figcaption>A <i>fine</i> one</figcaption></figure>",
            "![](https://ex.org/s.jpg)\n\n*A fine one*",
        ),
        // What is said twice, and what only begins alike.
        (
            "<div><img src='/s.jpg' alt='A new bill would have them store “da…'></div>\
             <p>A new bill  would have <i>them</i> store “data” for years.</p>",
            "![](https://ex.org/s.jpg)\n\nA new bill would have *them* store “data” for years.",
        ),
        (
            "<figure><figcaption>A knot, tied</figcaption><img src='/s.jpg' alt='A knot'></figure>",
            "*A knot, tied*\n\n![](https://ex.org/s.jpg)",
        ),
        (
            "<figure><img src='/s.jpg' alt='A knot, tied by Ann'><figcaption>A knot</figcaption></figure>",
            "![A knot, tied by Ann](https://ex.org/s.jpg)",
        ),
        (
            "<figure><img src='/s.jpg' alt='A knot by Ann'><figcaption><a href=/a>A knot</a></figcaption></figure>",
            "![A knot by Ann](https://ex.org/s.jpg)\n\n[*A knot*](https://ex.org/a)",
        ),
        (
            "<p><img src='/s.jpg' alt='A knot'></p><p>A knot is tied.</p>",
            "![A knot](https://ex.org/s.jpg)\n\nA knot is tied.",
        ),
        (
            "<figure><img src='/s.jpg' alt='A bend'><img src='/t.jpg' alt='A knot, tied'>\
             <figcaption>A knot</figcaption></figure>",
            "![A bend](https://ex.org/s.jpg)![A knot, tied](https://ex.org/t.jpg)\n\n*A knot*",
        ),
    ]);
    assert_eq!(to_markdown("<a href='x'>y</a>", None), "[y](x)");
}

#[test]
fn a_table_that_becomes_text_keeps_what_it_is_called() {
    check(&[(
        "<table><caption>Tides <b>today</b></caption><tr><td>High<td>noon</table>",
        "*Tides **today***\n\nHigh\n\nnoon",
    )]);
}

#[test]
fn lists_and_quotes() {
    check(&[
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol start=9><li>a</li><li>b</li></ol>", "9. a\n10. b"),
        (
            "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>",
            "- a\n  1. b\n- c",
        ),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n- b"),
        (
            "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>",
            "- a\n\n  b\n\n- c",
        ),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ul><li></li><li>b</li></ul>", "-\n- b"),
        (
            "<ul><li><input type=checkbox checked> done</li></ul>",
            "- [x] done",
        ),
        (
            "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>c",
            "> a\n>\n> - b\n\nc",
        ),
        ("<dl><dt>T</dt><dd>D</dd><dd>E</dd></dl>", "T\n: D\n: E"),
        (
            "<details><summary>A &lt; b</summary><p>t</p></details>",
            "<details>\n<summary>A &lt; b</summary>\n\nt\n\n</details>",
        ),
    ]);
}

#[test]
fn code_and_tables() {
    check(&[
        (
            "<pre><code class='language-rust'>a\n  b\n</code></pre>",
            "```rust\na\n  b\n```",
        ),
        (
            "<div class='highlight-source-sh'><pre>ls</pre></div>",
            "```sh\nls\n```",
        ),
        ("<pre class='python'>a</pre>", "```python\na\n```"),
        (
            "<div class=python><pre class=wide>a</pre></div>",
            "```\na\n```",
        ),
        ("<pre>```\nx</pre>", "````\n```\nx\n````"),
        (
            "<pre>a<br>b<span class=lineno>7</span></pre>",
            "```\na\nb\n```",
        ),
        (
            "<table><thead><tr><th>A<th align=right>B</thead><tr><td>1|2<td>x<br>y</table>",
            "| A | B |\n| --- | --: |\n| 1\\|2 | x<br>y |",
        ),
        (
            "<table><tr><td>a<td>b<tr><td colspan=2>c</table>",
            "|  |  |\n| --- | --- |\n| a | b |\n| c |  |",
        ),
        (
            "<table><tr><th>a<th>b<tr><td rowspan=2>c<td>d<tr><td>e</table>",
            "| a | b |\n| --- | --- |\n| c | d |\n|  | e |",
        ),
        (
            "<table><tr><th>a<th>b<tr><td>1<td><ul><li>x<li>y<ul><li>z</ul></ul>w<tr><td>2<td><ol start=3>\n<li>x\n<li>y</ol></table>",
            "| a | b |\n| --- | --- |\n| 1 | • x<br>• y<br>◦ z<br>w |\n| 2 | 3. x<br>4. y |",
        ),
        (
            "<table><tr><th>a<th>b<tr><td><dl><dt>t<dd>d<dt>u<dd>v</dl><td>x<blockquote>q</blockquote>y</table>",
            "| a | b |\n| --- | --- |\n| t<br>d<br>u<br>v | x<br>q<br>y |",
        ),
        (
            "<table><tr><th>a<th>b<tr><td>1<td>2<caption>A <b>c</b></caption></table>",
            "*A **c***\n\n| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        (
            "<table><thead><tr><th rowspan=2>a<th colspan=2>b<tr><th>c<th>d</thead><tr><td>1<td>2<td>3</table>",
            "| a | b |  |\n| --- | --- | --- |\n|  | **c** | **d** |\n| 1 | 2 | 3 |",
        ),
        (
            "<table><caption>A</caption><tr><td>a<td><ul><li>b</ul></table>",
            "*A*\n\na\n\n- b",
        ),
        // Tables that only put things beside each other.
        ("<table><tr><td><p>a</p><td><p>b</p></table>", "a\n\nb"),
        ("<table><tr><td>a<tr><td><ul><li>b</ul></table>", "a\n\n- b"),
    ]);
    let story = "words ".repeat(500);
    let page = format!("<table><tr><th>menu<td>{story}<ul><li>a</ul><tr><td>b<td>c</table>");
    check(&[(&page, &format!("menu\n\n{}\n\n- a\n\nb\n\nc", story.trim()))]);
}

#[test]
fn players_and_what_goes() {
    check(&[
        (
            "<iframe src='https://www.youtube.com/embed/a1?x=2'></iframe>",
            "[Video (youtube.com)](https://www.youtube.com/watch?v=a1)",
        ),
        (
            "<iframe src='//w.org/x' title='A map'></iframe>",
            "[A map](https://w.org/x)",
        ),
        (
            "<audio><source src='/a.mp3'></audio>",
            "[Audio (ex.org)](https://ex.org/a.mp3)",
        ),
        ("a<script>b</script><style>c</style><!-- d -->e", "ae"),
        ("<form><input><button>Go</button>Subscribe</form>x", "x"),
        (
            "<p style='color:red; display: none'>a</p><p hidden>b</p>c",
            "c",
        ),
        (
            "<math alttext='x^2'><mi>x</mi></math> <math><annotation encoding='application/x-tex'>y</annotation></math>",
            "$x^2$ $y$",
        ),
        (
            "<html><head><title>t</title></head><body>b</body></html>",
            "b",
        ),
    ]);
}

#[test]
fn nothing_that_harms_comes_through() {
    let html = "a&#27;[31mb&#x202e;c\u{9b}d<img alt='&#27;]8;;x' src='https://x.org/&#27;y'>";
    let text = markdown(html);
    assert!(
        !text.chars().any(|c| c.is_control() || c == '\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn hostile_markup_ends_soon_and_stays_small() {
    for html in [
        "<div>".repeat(50_000),
        "<ul><li>".repeat(30_000),
        "<blockquote>x".repeat(20_000),
        "<b>x<i>y".repeat(20_000),
        "<table><tr><td>".repeat(20_000),
        "<a href=x>".repeat(30_000),
        format!(
            "<table>{}</table>",
            "<tr><td rowspan=9999 colspan=9999>x<td>y".repeat(3_000)
        ),
        format!(
            "<p {}>x</p>",
            (0..40_000).map(|n| format!("a{n}=1 ")).collect::<String>()
        ),
        "&#".repeat(50_000),
        "<".repeat(100_000),
        "`".repeat(50_000),
        format!("<code>{}</code>", "`".repeat(50_000)),
        "<br>".repeat(50_000),
    ] {
        let length = html.len();
        let out = markdown(&html);
        assert!(
            out.len() < 64 * length + 1000,
            "{length} became {}",
            out.len()
        );
    }
}

/// The words that Markdown shows, white space made one.
fn shown(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(markdown, crate::story::markdown::extensions()) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => out.push(' '),
            Event::End(TagEnd::TableCell | TagEnd::CodeBlock) => out.push(' '),
            Event::Start(Tag::List(_)) => out.push(' '),
            Event::InlineHtml(tag) if tag.starts_with("<br") => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

proptest! {
    #[test]
    fn any_text_reads_the_same(
        text in "([-#>+*_`~$|<>&;:=!.)(\\[\\]{}^\\\\ab1 \n]{1,2}|[a-c19.) ]{1,5}){0,12}",
        within in prop::sample::select(vec!["p", "li", "blockquote", "h2", "b", "em", "a href='/x'"]),
    ) {
        let name = within.split(' ').next().unwrap_or_default();
        let html = format!("<{within}>{}</{name}> end", escaped(&text));
        let markdown = markdown(&html);
        let want = format!("{text} end").split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(shown(&markdown), want, "{} as {}", html, markdown);
    }

    #[test]
    fn any_markup_ends(html in "(<[/]?(p|b|i|a href=x|ul|li|table|tr|td|pre|code|br|img src=y|h1|dl|dd|details)>|[a-c &\"'<>]|\n){0,60}") {
        let _ = markdown(&html);
    }

    #[test]
    fn styles_in_any_order_lose_no_words(
        parts in prop::collection::vec(
            (prop::sample::select(vec!["b", "i", "s", "code", "a href='/x'", "span"]), "[a-c]{1,3}[ .:!]{0,1}"),
            1..8,
        )
    ) {
        let mut html = String::new();
        let mut want = String::new();
        for (tag, text) in &parts {
            let name = tag.split(' ').next().unwrap_or_default();
            html.push_str(&format!("<{tag}>{text}</{name}>"));
            want.push_str(text);
        }
        let got = shown(&markdown(&html));
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(plain(&got), plain(&want), "{}", markdown(&html));
    }
}

/// Footnotes as several programs write them, with the same to read.
#[test]
fn notes_of_pages_become_footnotes() {
    let pandoc = "<p>Bells ring<a href=\"#fn1\" class=\"footnote-ref\" id=\"fnref1\" role=\"doc-noteref\"><sup>1</sup></a> at six.</p>\
        <section id=\"footnotes\" class=\"footnotes footnotes-end-of-document\" role=\"doc-endnotes\"><hr>\
        <ol><li id=\"fn1\"><p>Not on Sundays.<a href=\"#fnref1\" class=\"footnote-back\" role=\"doc-backlink\">↩︎</a></p></li></ol></section>";
    let github = "<p>Bells ring<sup><a href=\"#user-content-fn-a\" id=\"user-content-fnref-a\" data-footnote-ref>1</a></sup> at six.</p>\
        <section data-footnotes class=\"footnotes\"><h2 class=\"sr-only\">Footnotes</h2><ol>\
        <li id=\"user-content-fn-a\"><p>Not on Sundays. <a href=\"#user-content-fnref-a\" data-footnote-backref>↩</a></p></li></ol></section>";
    let wikipedia = "<p>Bells ring<sup id=\"cite_ref-1\" class=\"reference\"><a href=\"#cite_note-1\"><span>[</span>1<span>]</span></a></sup> at six.</p>\
        <div class=\"reflist\"><ol class=\"references\"><li id=\"cite_note-1\"><span class=\"mw-cite-backlink\"><b><a href=\"#cite_ref-1\">^</a></b></span> \
        <span class=\"reference-text\">Not on Sundays.</span></li></ol></div>";
    let plain = "<p>Bells ring<sup><a href=\"#fn1\" name=\"ref1\">1</a></sup> at six.</p><hr class=\"x\">\
        <p><a name=\"fn1\" href=\"#ref1\">1</a>. Not on Sundays.</p>";
    let several = "<p>Bells ring<sup><a id=\"r1\" href=\"#n1\">*</a></sup> at six.</p><div class=\"footnotes\"><p id=\"n1\">[<a href=\"#r1\">*</a>] Not on Sundays.</p></div>";
    for (source, rule) in [
        (pandoc, ""),
        (github, ""),
        (wikipedia, ""),
        (plain, "---\n\n"),
        (several, ""),
    ] {
        assert_eq!(
            to_markdown(source, None).trim_end(),
            format!("Bells ring[^1] at six.\n\n{rule}[^1]: Not on Sundays."),
            "{source}"
        );
    }
}

#[test]
fn notes_are_numbered_as_they_are_referred_to_and_keep_their_blocks() {
    let source = "<p>One<sup><a id=\"a\" href=\"#x\">7</a></sup>, two<sup><a id=\"b\" href=\"#y\">8</a>, <a id=\"c\" href=\"#x\">7</a></sup>.</p>\
        <ol><li id=\"y\">Second. <a href=\"#b\">↑</a></li><li id=\"x\"><p>First <em>of all</em>.</p><p>And more. <sup><a href=\"#a\">a</a> <a href=\"#c\">b</a></sup></p></li></ol>";
    assert_eq!(
        to_markdown(source, None).trim_end(),
        "One[^1], two[^2][^1].\n\n[^1]: First *of all*.\n\n    And more.\n\n[^2]: Second."
    );
}

#[test]
fn a_bare_number_is_a_note_where_both_links_agree() {
    for back in [
        "<a id=\"n\" href=\"#r\">1</a> At six.",
        "<span id=\"n\">At six.</span> <a href=\"#r\">↩</a>",
    ] {
        let source = format!("<p>Bells ring<a id=\"r\" href=\"#n\">1</a> daily.</p><p>{back}</p>");
        let text = to_markdown(&source, None);
        assert_eq!(text.trim_end(), "Bells ring[^1] daily.\n\n[^1]: At six.");
    }
}

#[test]
fn what_only_looks_like_a_note_stays() {
    for source in [
        // Powers, contents, and a sign that leads to a part of the text.
        "<p>10<sup><a href=\"#p\">2</a></sup> is a hundred.</p><p id=\"p\">On powers.</p>",
        "<p>[<a href=\"#s1\">1</a>] Beginnings</p><h2 id=\"s1\">Beginnings</h2><p>Text.</p>",
        // A bare number, where nothing leads back, or something else does; and one of a list of contents.
        "<p>Bells ring<a id=\"r\" href=\"#n\">1</a>.</p><p id=\"n\">1. At six.</p>",
        "<p>Bells ring, part <a id=\"r\" href=\"#n\">1</a>.</p><p id=\"n\">At six. <a href=\"#r\">Contents</a></p>",
        "<ul><li><a id=\"r\" href=\"#n\">1</a></li></ul><p id=\"n\"><a href=\"#r\">1</a> At six.</p>",
        "<p>See <a href=\"#n\">the table</a>.</p><p id=\"n\">A table. <a href=\"#t\">Top</a></p>",
    ] {
        let text = to_markdown(source, None);
        assert!(!text.contains("[^"), "{text}");
    }
    // A note that nothing refers to is a paragraph.
    let text = to_markdown(
        "<p>A.</p><p id=\"n1\" role=\"doc-footnote\">Alone.</p>",
        None,
    );
    assert_eq!(text.trim_end(), "A.\n\nAlone.");
}

#[test]
fn formulas_are_tex_of_their_parts() {
    for (source, tex) in [
        (
            "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>",
            "\\frac{a}{b + 1}",
        ),
        (
            "<msqrt><mi>x</mi><mo>+</mo><mi>y</mi></msqrt>",
            "\\sqrt{x + y}",
        ),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "\\sqrt[3]{x}"),
        (
            "<msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><msub><mi>a</mi><mi>ij</mi></msub>",
            "x^{2} = a_{\\mathrm{ij}}",
        ),
        (
            "<msup><mrow><mo>(</mo><mi>a</mi><mo>−</mo><mi>b</mi><mo>)</mo></mrow><mi>n</mi></msup>",
            "{(a − b)}^{n}",
        ),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
            "∑_{i = 1}^{n}x_{i}^{2}",
        ),
        (
            "<mover><mi>v</mi><mo>→</mo></mover><mi>sin</mi><mo>\u{2061}</mo><mi>α</mi>",
            "\\vec{v}\\sin α",
        ),
        (
            "<mfenced open=\"[\" close=\"]\"><mi>a</mi><mi>b</mi></mfenced>",
            "[a, b]",
        ),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable>",
            "\\begin{matrix} 1 & 0 \\\\ 0 & 1 \\end{matrix}",
        ),
        (
            "<semantics><mi>x</mi><annotation encoding=\"application/x-tex\">\\xi_1</annotation></semantics>",
            "\\xi_1",
        ),
        (
            "<mmultiscripts><mi>C</mi><mn>6</mn><none></none><mprescripts></mprescripts><none></none><mn>14</mn></mmultiscripts>",
            "{}^{14}C_{6}",
        ),
        ("<mtext>where 5%</mtext>", "\\text{where 5\\%}"),
    ] {
        let html = format!("<p>So <math>{source}</math>.</p>");
        assert_eq!(
            to_markdown(&html, None).trim_end(),
            format!("So ${tex}$."),
            "{source}"
        );
    }
    let alone = "<p><math display=\"block\"><mi>x</mi></math></p>";
    assert_eq!(to_markdown(alone, None).trim_end(), "$$x$$");
    let deep = format!("<math>{}<mi>x</mi>", "<mrow>".repeat(5000));
    assert!(to_markdown(&deep, None).contains('x'));
}

#[test]
fn formulas_between_signs_stay_formulas_and_prices_stay_prices() {
    for (source, text) in [
        (
            "<p>Then $$E = mc^2$$ holds.</p>",
            "Then $$E = mc^2$$ holds.",
        ),
        ("<p>If \\(a_1 < b\\), stop.</p>", "If $a_1 < b$, stop."),
        ("<p>\\[\\int_0^1 x\\,dx\\]</p>", "$$\\int_0^1 x\\,dx$$"),
        (
            "<p>It costs $$ in town and $$$ by the sea.</p>",
            "It costs \\$\\$ in town and \\$\\$\\$ by the sea.",
        ),
        (
            "<p>A pattern \\(word\\) and $5 or $6.</p>",
            "A pattern \\\\(word\\\\) and \\$5 or \\$6.",
        ),
        ("<p><code>$$x^2$$</code></p>", "`$$x^2$$`"),
    ] {
        assert_eq!(to_markdown(source, None).trim_end(), text, "{source}");
    }
}
