use super::*;

fn written(html: &str) -> String {
    let mut picture = |src: &str| (src == "a.png").then(|| "images/1.png".to_owned());
    let around = Surroundings {
        prefix: "s1-",
        book: true,
        picture: &mut picture,
    };
    well_formed(html, around).trim().to_owned()
}

#[test]
fn what_may_not_stand_where_it_does_gives_its_words() {
    for (html, want) in [
        ("<p>a<b>b<p>c", "<p>a<b>b</b></p>\n<p><b>c</b></p>"),
        ("<em>a<ul><li>b</ul></em>", "<em>a<br/>b</em>"),
        ("<li>a</li>", "<div>a</div>"),
        ("<ul>a<li>b</ul>", "<ul><li>a</li>\n<li>b</li></ul>"),
        (
            "<dl><dd>a<dt>b</dl>",
            "<dl><dt></dt><dd>a</dd>\n<dt>b</dt>\n<dd></dd></dl>",
        ),
        ("<td>a", "a"),
        ("<table><tr></table>", ""),
        ("<h2><p>a</p><div>b</div></h2>", "<h2>a<br/>b</h2>"),
        ("<details>a</details>", "<div>a</div>"),
        ("<script>a</script><svg><a>b</a></svg>c", "c"),
        ("<ruby>a<rp>(<rt>b</ruby>", "<ruby>a<rt>b</rt></ruby>"),
        ("<ruby><rt>b</ruby>", "b"),
        (
            "<a href=\"javascript:x\">a</a> <a href=\"#none\">b</a>",
            "a b",
        ),
        (
            "<img src=a.png alt=\"&quot;<\">",
            "<img src=\"images/1.png\" alt=\"&quot;&lt;\"/>",
        ),
        (
            "<img src=\"https://e.org/b.png\">",
            "<a href=\"https://e.org/b.png\">Picture</a>",
        ),
        ("<pre>\n a\n  b\n</pre>", "<pre> a\n  b</pre>"),
        ("a\u{1}\u{ffff}]]&gt;", "a]]&gt;"),
    ] {
        assert_eq!(written(html), want, "{html}");
    }
}

#[test]
fn links_lead_to_places_of_the_text_itself() {
    let html =
        "<h2 id=\"a b\">A</h2><p><a href=\"#a%20b\">x</a> <a href=\"#c\">y</a> <a id=c></a>z</p>";
    assert_eq!(
        written(html),
        "<h2 id=\"s1-place-1\">A</h2>\n<p><a href=\"#s1-place-1\">x</a> <a href=\"#s1-place-2\">y</a> \
         <a id=\"s1-place-2\"></a>z</p>"
    );
}

#[test]
fn footnotes_stand_behind_the_text() {
    let html = "<p>a<sup class=\"footnote-reference\"><a href=\"#x y\">1</a></sup></p>\
        <div class=\"footnote-definition\" id=\"x y\"><sup class=\"footnote-definition-label\">1</sup>\
        <p>Note</p></div><p>b</p>";
    assert_eq!(
        written(html),
        "<p>a<sup><a id=\"s1-ref-1\" epub:type=\"noteref\" role=\"doc-noteref\" href=\"#s1-note-1\">1</a></sup></p>\n\
         <p>b</p>\n\n<hr/>\n<aside epub:type=\"footnote\" role=\"doc-footnote\" id=\"s1-note-1\">\
         <p><a role=\"doc-backlink\" href=\"#s1-ref-1\">1</a> Note</p></aside>"
    );
}
