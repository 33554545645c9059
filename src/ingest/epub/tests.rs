//! Books, built here: whole ones, broken ones and hostile ones.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

const CONTAINER: &str = r#"<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;

/// An archive of these files.
fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file(
        "mimetype",
        options.compression_method(CompressionMethod::Stored),
    )
    .unwrap();
    zip.write_all(b"application/epub+zip").unwrap();
    for (name, content) in files {
        zip.start_file(
            *name,
            options.compression_method(CompressionMethod::Deflated),
        )
        .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn page(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\"><head><title/></head><body>{body}</body></html>"
    )
}

/// A list of pages, read in the order given; `more` goes into what is said of the book, `items` into its
/// files.
fn list(pages: &[&str], more: &str, items: &str) -> String {
    let manifest: String = pages
        .iter()
        .map(|it| {
            format!("<item id=\"{it}\" href=\"{it}.xhtml\" media-type=\"application/xhtml+xml\"/>")
        })
        .collect();
    let spine: String = pages
        .iter()
        .map(|it| format!("<itemref idref=\"{it}\"/>"))
        .collect();
    format!(
        "<?xml version=\"1.0\"?><package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\">\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{more}</metadata>\
         <manifest>{manifest}{items}</manifest><spine toc=\"ncx\">{spine}</spine></package>"
    )
}

const SAID: &str = "<dc:title id=\"t\">The Sea at Night</dc:title><dc:creator id=\"c\">Jane Doe</dc:creator>\
    <dc:creator id=\"d\">Some Drawer</dc:creator><meta refines=\"#d\" property=\"role\">ill</meta>\
    <dc:language>en-GB</dc:language><dc:date>2019-02-28</dc:date><dc:identifier>urn:isbn:1</dc:identifier>\
    <dc:subject>Fiction</dc:subject><dc:description>&lt;p&gt;A &lt;b&gt;tale&lt;/b&gt;.&lt;/p&gt;</dc:description>";

/// A book of such pages, and other files.
fn book(pages: &[(&str, &str)], more: &[(&str, &[u8])], items: &str) -> Vec<u8> {
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    let list = list(&names, SAID, items);
    let pages: Vec<(String, String)> = pages
        .iter()
        .map(|(name, body)| (format!("OEBPS/{name}.xhtml"), page(body)))
        .collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", list.as_bytes()),
    ];
    // Last in the list, first in the archive: the order of the archive says nothing.
    files.extend(
        pages
            .iter()
            .rev()
            .map(|(name, body)| (name.as_str(), body.as_bytes())),
    );
    files.extend(more);
    pack(&files)
}

fn open(bytes: &[u8]) -> Book<Cursor<&[u8]>> {
    Book::open(Cursor::new(bytes), "a-book.epub").unwrap()
}

fn read(bytes: &[u8]) -> Story {
    open(bytes).story()
}

#[test]
fn a_book_is_one_story_in_the_order_of_its_list() {
    let bytes = book(
        &[
            ("two", "<h1>Two</h1><p>Second</p>"),
            ("one", "<h1>One</h1><p>First</p>"),
        ],
        &[],
        "",
    );
    assert!(is_book(&bytes, "-"));
    let story = read(&bytes);
    assert_eq!(story.kind, Kind::Book);
    assert_eq!(story.title, "The Sea at Night");
    assert_eq!(story.authors, ["Jane Doe"]);
    assert_eq!(story.language.as_deref(), Some("en-GB"));
    assert_eq!(
        story.published.map(crate::story::iso).as_deref(),
        Some("2019-02-28")
    );
    assert_eq!(story.categories, ["Fiction"]);
    assert_eq!(story.summary.as_deref(), Some("A tale."));
    assert_eq!(story.id.as_deref(), Some("urn:isbn:1"));
    assert_eq!(
        story.markdown,
        "# <a id=\"c1\"></a>Two\n\nSecond\n\n# <a id=\"c2\"></a>One\n\nFirst"
    );
    assert!(story.warnings.is_empty(), "{:?}", story.warnings);
    let head = open(&bytes).head();
    assert_eq!(head.story.title, story.title);
    assert!((2..20).contains(&head.words), "{}", head.words);
}

#[test]
fn links_lead_to_places_in_the_one_text() {
    let bytes = book(
        &[
            (
                "one",
                "<h1>One</h1><p id=\"p\">See <a href=\"two.xhtml#n 1\">there</a>, <a href=\"two.xhtml\">two</a>, \
                 <a href=\"#p\">here</a>, <a href=\"../../../etc/passwd\">out</a>, \
                 <a href=\"https://e.org/\">web</a>, <a href=\"javascript:x\">none</a>.</p>",
            ),
            (
                "two",
                "<p>A<a id=\"n 1\"/>B</p><ul><li id=\"i\">C</li></ul><p id=\"kobo.1\">D</p><div id=\"end\"/>",
            ),
        ],
        &[],
        "",
    );
    let story = read(&bytes);
    assert_eq!(
        story.markdown,
        "# <a id=\"c1\"></a>One\n\n\
         <a id=\"c1-p\"></a>See [there](#c2-n-1), [two](#c2), [here](#c1-p), out, [web](https://e.org/), none.\n\n\
         ---\n\n\
         <a id=\"c2\"></a><a id=\"c2-n-1\"></a>AB\n\n\
         - <a id=\"c2-i\"></a>C\n\n\
         D\n\n\
         <a id=\"c2-end\"></a>"
    );
}

#[test]
fn notes_become_footnotes() {
    let bytes = book(
        &[(
            "one",
            "<h1>One</h1><p>Words<sup><a id=\"r1\" epub:type=\"noteref\" href=\"#n1\">1</a></sup> go on.</p>\
             <aside epub:type=\"footnote\" id=\"n1\"><p><a href=\"#r1\">1</a> A note.</p><p>More.</p></aside>\
             <p>After.</p><aside epub:type=\"footnote\" id=\"n2\"><p>Nobody refers here.</p></aside>",
        )],
        &[],
        "",
    );
    assert_eq!(
        read(&bytes).markdown,
        "# <a id=\"c1\"></a>One\n\nWords[^c1-n1] go on.\n\nAfter.\n\n\
         <a id=\"c1-n2\"></a>Nobody refers here.\n\n[^c1-n1]: A note.\n\n    More."
            .replace("Words[", "<a id=\"c1-r1\"></a>Words[")
    );
}

#[test]
fn notes_that_nothing_marks_become_footnotes_where_they_lead_back() {
    let bytes = book(
        &[(
            "one",
            "<h1>One</h1><p>Words<sup><a id=\"r1\" href=\"#n1\">1</a></sup> go on, and more<sup><a id=\"r2\" href=\"one.xhtml#n2\">2</a></sup>.</p>\
             <div><p id=\"n1\"><a href=\"#r1\">1</a>. A note.</p><p id=\"n2\"><a href=\"one.xhtml#r2\">[2]</a> Another.</p></div>",
        )],
        &[],
        "",
    );
    assert_eq!(
        read(&bytes).markdown,
        "# <a id=\"c1\"></a>One\n\n<a id=\"c1-r1\"></a><a id=\"c1-r2\"></a>Words[^c1-n1] go on, and more[^c1-n2].\n\n\
         [^c1-n1]: A note.\n\n[^c1-n2]: Another."
    );
}

#[test]
fn notes_in_a_chapter_of_their_own_become_footnotes_as_well() {
    let one = "<h1>One</h1><p>Marked<a id=\"r1\" epub:type=\"noteref\" href=\"notes.xhtml#n1\">1</a>, plain<sup>\
        <a id=\"r2\" href=\"notes.xhtml#n2\">2</a></sup>, and <a href=\"notes.xhtml#n3\">a link</a>. Power<sup>\
        <a href=\"notes.xhtml#n3\">3</a></sup>.</p>";
    let two = "<h1>Two</h1><p>Again<sup><a id=\"s1\" href=\"notes.xhtml#n4\">[1]</a></sup>.</p>";
    let notes = "<h1>Notes</h1><p id=\"n1\">A <i>first</i> note, see <a href=\"two.xhtml\">there</a>.</p>\
        <p><a id=\"n2\" href=\"one.xhtml#r2\">2</a>. A second.</p><p id=\"n3\">No note: it leads nowhere.</p>\
        <ol><li id=\"n4\"><p>Fourth. <a href=\"two.xhtml#s1\">Back</a></p><p>More.</p></li></ol>";
    let bytes = book(&[("one", one), ("two", two), ("notes", notes)], &[], "");
    let text = read(&bytes).markdown;
    let (first, rest) = text.split_once("# <a id=\"c2\"></a>Two").unwrap();
    let (second, last) = rest.split_once("# <a id=\"c3\"></a>Notes").unwrap();
    assert_eq!(
        first.trim_end(),
        "# <a id=\"c1\"></a>One\n\n<a id=\"c1-r1\"></a><a id=\"c1-r2\"></a>Marked[^c1-c3-n1], plain[^c1-c3-n2], and \
         [a link](#c3-n3). Power<sup>[3](#c3-n3)</sup>.\n\n\
         [^c1-c3-n1]: A *first* note, see [there](#c2).\n\n[^c1-c3-n2]: A second."
    );
    assert!(second.contains("Again[^c2-c3-n4]."), "{second}");
    assert!(
        second.contains("[^c2-c3-n4]: Fourth.\n\n    More."),
        "{second}"
    );
    // The chapter stays as the book has it, and so does the way back.
    assert!(
        last.contains("[2](#c1-r2)") && last.contains("[Back](#c2-s1)"),
        "{last}"
    );
    // The beginning is the same whatever follows.
    let mut opened = Book::open(Cursor::new(&bytes), "a.epub").unwrap();
    let beginning = opened.beginning(1).0.markdown;
    assert_eq!(beginning.trim_end(), first.trim_end());
}

const NAV: &str = "<nav epub:type=\"toc\"><ol><li><a href=\"one.xhtml\">Part <b>One</b></a><ol>\
    <li><a href=\"two.xhtml\">The first</a></li><li><a href=\"two.xhtml#s\">The second</a></li></ol></li></ol></nav>";

const NCX: &str = "<?xml version=\"1.0\"?><!DOCTYPE ncx PUBLIC \"-//NISO//DTD ncx 2005-1//EN\" \"x\"><ncx><navMap>\
    <navPoint id=\"a\"><navLabel><text>Part One</text></navLabel><content src=\"one.xhtml\"/>\
    <navPoint id=\"b\"><navLabel><text>The first</text></navLabel><content src=\"two.xhtml\"/></navPoint>\
    <navPoint id=\"c\"><navLabel><text>The second</text></navLabel><content src=\"two.xhtml#s\"/></navPoint>\
    </navPoint></navMap></ncx>";

#[test]
fn contents_make_headings_where_pages_have_none() {
    let pages = [
        ("one", "<h3>Part the First</h3><p>Words.</p><h4>Deeper</h4>"),
        (
            "two",
            "<p class=\"title\">I</p><p>More words.</p><p id=\"s\">And these.</p>",
        ),
    ];
    let nav = page(NAV);
    let want = "# <a id=\"c1\"></a>Part the First\n\nWords.\n\n## Deeper\n\n\
        ## <a id=\"c2\"></a>The first\n\nI\n\nMore words.\n\n\
        ## <a id=\"c2-s\"></a>The second\n\nAnd these.";
    for (name, file, item) in [
        (
            "OEBPS/nav.xhtml",
            nav.as_str(),
            "<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\" media-type=\"application/xhtml+xml\"/>",
        ),
        (
            "OEBPS/toc.ncx",
            NCX,
            "<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>",
        ),
    ] {
        let bytes = book(&pages, &[(name, file.as_bytes())], item);
        assert_eq!(read(&bytes).markdown, want, "{name}");
    }
}

#[test]
fn a_cover_stands_over_the_text_and_not_in_it() {
    let items = "<item id=\"cov\" href=\"img/c d.png\" properties=\"cover-image\" media-type=\"image/png\"/>\
                 <item id=\"pic\" href=\"img/p.jpg\" media-type=\"image/jpeg\"/>";
    let bytes = book(
        &[
            (
                "cover",
                "<svg viewBox=\"0 0 9 9\"><image xlink:href=\"img/c%20d.png\"/></svg>",
            ),
            (
                "one",
                "<h1>One</h1><p><img src=\"img/p.jpg\" alt=\"A sea\"/></p><p><img src=\"../../x.png\"/></p>",
            ),
        ],
        &[("OEBPS/img/c d.png", b"png"), ("OEBPS/img/p.jpg", b"jpg")],
        items,
    );
    let story = read(&bytes);
    let cover = story.lead_image.unwrap();
    assert_eq!(cover.src, "OEBPS/img/c%20d.png");
    assert_eq!(
        story.markdown,
        "# <a id=\"c2\"></a>One\n\n![A sea](OEBPS/img/p.jpg)"
    );
    let mut pictures = Pictures::open(Cursor::new(bytes)).unwrap();
    assert_eq!(pictures.read(&cover.src, 100).as_deref(), Some(&b"png"[..]));
    assert_eq!(pictures.read("../../../etc/passwd", 100), None);
}

#[test]
fn what_is_missing_is_said_and_the_rest_is_read() {
    let names = ["one", "gone", "two"];
    let list = list(&names, SAID, "");
    let one = page("<h1>One</h1>");
    let files: [(&str, &[u8]); 3] = [
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", list.as_bytes()),
        ("OEBPS/one.xhtml", one.as_bytes()),
    ];
    let story = read(&pack(&files));
    assert!(story.markdown.contains("One"));
    assert_eq!(
        story.warnings,
        ["2 pages of this book are missing in its file: gone.xhtml, two.xhtml."]
    );
    // Without any list the pages follow each other by their names.
    let (nine, ten) = (page("<p>Nine</p>"), page("<p>Ten</p>"));
    let story = read(&pack(&[
        ("c10.html", ten.as_bytes()),
        ("c9.html", nine.as_bytes()),
    ]));
    assert_eq!(story.title, "a book");
    assert!(story.markdown.find("Nine") < story.markdown.find("Ten"));
    assert_eq!(story.warnings.len(), 1);
}

#[test]
fn a_broken_archive_is_read_as_far_as_it_goes() {
    let chapter = format!(
        "<h1>Chapter</h1>{}",
        "<p>Some words, again and again.</p>".repeat(50)
    );
    let pages: Vec<(String, String)> = (0..9).map(|n| (format!("p{n}"), chapter.clone())).collect();
    let pages: Vec<(&str, &str)> = pages
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let bytes = book(&pages, &[], "");
    for cut in [bytes.len() - 30, bytes.len() * 2 / 3] {
        let story = read(&bytes[..cut]);
        assert!(story.markdown.contains("Some words"), "{cut}");
        assert!(
            story.warnings[0].contains("damaged"),
            "{:?}",
            story.warnings
        );
        assert_eq!(story.title, "The Sea at Night");
    }
    for bytes in [&b""[..], b"PK\x03\x04", b"no book at all", &bytes[..40]] {
        let error = Book::open(Cursor::new(bytes), "a.epub").err().unwrap();
        assert!(error.to_string().contains("EPUB"), "{error}");
    }
    // Bytes within an entry that were changed.
    let mut damaged = bytes.clone();
    let at = damaged
        .windows(14)
        .position(|it| it == b"OEBPS/p4.xhtml")
        .unwrap();
    damaged[at + 100..at + 140].fill(0xFF);
    let story = read(&damaged);
    assert!(
        story.markdown.contains("p4.xhtml is damaged"),
        "{}",
        &story.markdown[..2000]
    );
}

#[test]
fn no_entity_grows() {
    let mut bomb = String::from("<!DOCTYPE html [<!ENTITY a0 \"lol\">");
    for n in 1..30 {
        bomb.push_str(&format!("<!ENTITY a{n} \"&a{};&a{};\">", n - 1, n - 1));
    }
    let chapter = format!("{bomb}]><html><body><h1>One</h1><p>Here &a29; it is.</p></body></html>");
    let said = format!(
        "{bomb}]><package><metadata><title>A &a29; title</title></metadata><manifest>\
        <item id=\"a\" href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/></manifest>\
        <spine><itemref idref=\"a\"/></spine></package>"
    );
    let story = read(&pack(&[
        ("b.opf", said.as_bytes()),
        ("a.xhtml", chapter.as_bytes()),
    ]));
    assert!(story.markdown.len() < 200, "{}", story.markdown.len());
    assert!(story.markdown.contains("it is."));
    assert!(story.title.len() < 40, "{}", story.title);
}

#[test]
fn a_bomb_stays_within_bounds() {
    let many = vec![b' '; 18 * 1024 * 1024];
    let mut bomb = b"<html><body><p>Begin</p>".to_vec();
    bomb.extend(&many);
    let names = ["a", "b", "c"];
    let list = list(&names, SAID, "");
    let paths: Vec<String> = names.iter().map(|it| format!("OEBPS/{it}.xhtml")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", list.as_bytes()),
    ];
    files.extend(paths.iter().map(|it| (it.as_str(), bomb.as_slice())));
    let bytes = pack(&files);
    assert!(bytes.len() < 1024 * 1024);
    let mut book = open(&bytes);
    book.most = 20_000_000;
    let story = book.story();
    assert!(story.markdown.len() < 4096, "{}", story.markdown.len());
    assert!(
        story
            .markdown
            .contains("The rest of OEBPS/a.xhtml is larger than recto reads")
    );
    assert!(
        story.markdown.contains("larger than 20 MB"),
        "{}",
        story.markdown
    );
}

#[test]
fn a_lock_is_told_in_words() {
    let encryption = "<encryption><EncryptedData><EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>\
        <CipherData><CipherReference URI=\"OEBPS/one.xhtml\"/></CipherData></EncryptedData></encryption>";
    let bytes = book(
        &[("one", "<p>\u{1}\u{2}</p>")],
        &[
            ("META-INF/encryption.xml", encryption.as_bytes()),
            ("META-INF/rights.xml", b"<rights/>"),
        ],
        "",
    );
    let story = read(&bytes);
    assert_eq!(story.title, "The Sea at Night");
    assert_eq!(story.markdown, "");
    assert!(
        story.warnings[0].starts_with("This book is locked (DRM of Adobe)")
            && story.summary.as_deref() == Some(LOCKED),
        "{:?}",
        story.warnings
    );
    // Fonts that are only made useless elsewhere lock nothing.
    let fonts = encryption.replace(
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
        "http://www.idpf.org/2008/embedding",
    );
    let bytes = book(
        &[("one", "<p>Words</p>")],
        &[("META-INF/encryption.xml", fonts.as_bytes())],
        "",
    );
    assert!(read(&bytes).warnings.is_empty());
}

#[test]
fn the_beginning_is_the_same_whatever_follows() {
    let chapter = format!(
        "<h1>Chapter</h1>{}",
        "<p id=\"x\">Some words, again and again.</p>".repeat(400)
    );
    let pages: Vec<(String, String)> = (0..30)
        .map(|n| (format!("p{n}"), chapter.clone()))
        .collect();
    let pages: Vec<(&str, &str)> = pages
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let bytes = book(&pages, &[], "");
    let mut book = open(&bytes);
    let (beginning, missing) = book.beginning(40_000);
    let whole = book.story();
    assert!(whole.markdown.starts_with(&beginning.markdown));
    let rest = (whole.markdown.len() - beginning.markdown.len()) as u64;
    assert!(
        missing > rest * 9 / 10 && missing < rest * 11 / 10,
        "{missing} of {rest}"
    );
    assert_eq!(beginning.warnings, whole.warnings);
    assert_eq!(open(&bytes).beginning(usize::MAX).1, 0);
}
