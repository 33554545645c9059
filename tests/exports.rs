//! Stories written out again by `recto export stories`: files, JSON, a page, a book. Each is read back by a
//! parser that forgives nothing.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use image::{DynamicImage, ImageFormat, RgbImage};
use quick_xml::{Reader, events::Event};
use serde_json::Value;
use tempfile::TempDir;
use zip::{CompressionMethod, ZipArchive};

/// A shelf, and a database.
struct Home {
    folder: TempDir,
}

impl Home {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let home = Home { folder };
        fs::create_dir(home.shelf()).unwrap();
        for (name, text) in files {
            let path = home.shelf().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        home
    }

    fn shelf(&self) -> PathBuf {
        self.folder.path().join("shelf")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_recto"))
            .args(words)
            .env("RECTO_DATA", self.path("data"))
            .env("RECTO_LIBRARY", self.shelf())
            .env("RECTO_CONFIG", "")
            .env("TZ", "UTC")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Exports with success; gives what it printed.
    fn export(&self, words: &[&str]) -> String {
        let words: Vec<&str> = ["export", "stories"].iter().chain(words).copied().collect();
        let output = self.run(&words);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert_eq!(complained, "", "{words:?}");
        assert!(output.status.success(), "{words:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The files below a folder by their paths, with what they hold.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_string_lossy();
            found.insert(name.into_owned(), fs::read(&path).unwrap());
        }
    }
    found
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let picture = DynamicImage::from(RgbImage::from_fn(40, 30, |x, y| {
        image::Rgb([x as u8 * 6, y as u8 * 8, 90])
    }));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A story with all that may go wrong in a page.
const HOSTILE: &str = "---
title: \"<script>alert(1)</script> & ]]> \\\"T\\\" \\u0007\"
authors: [\"A & <b>B</b>\"]
date: 2026-01-02
lang: de
url: \"javascript:alert(1)\"
summary: \"</p><script>x</script> ]]>\"
image: javascript:alert(1)
---

<script>alert(2)</script>

[go](javascript:alert(3)) [data](data:text/html,x) [file](file:///etc/passwd) [rel](other.md)
[ok](https://example.org/a?b=1&c=|2|) <b onclick=\"x()\">bold <i>open ]]> &#1; &#xFFFF; &amp;</b>

<img src=x onerror=alert(4)> ![p](javascript:x) ![elsewhere](https://example.org/p.png)

<table><tr><li>loose</table><details>no summary <ul><p>in a list</ul>

<iframe src=\"https://example.org\"></iframe> <svg onload=alert(5)><script>y</script></svg>

<a href=\" javascript:alert(6)\">c</a> <a href=\"vbscript:x\">d</a> <form action=x><input></form>
";

/// One with all that a page may have.
const RICH: &str = "---
title: Rope
authors: [Ada, Bo]
date: 2026-01-03
lang: en-GB
tags: [knots]
categories: [Sea]
url: https://example.org/rope
image: pictures/hero.webp
---

A word[^one] and ![a knot](pictures/knot.png), see [below](#the-end) and $x^2$.

- [x] done
- [ ] not done

| a | b |
|--:|---|
| 1 | 2 |

Term
: Meaning

```rust
let a = 1 < 2 && true;
```

> [!NOTE]
> Mind this.

# The end

![again](pictures/knot.png)

[^one]: The note.
";

fn both() -> Home {
    let home = Home::of(&[("hostile.md", HOSTILE), ("rich.md", RICH)]);
    fs::create_dir(home.shelf().join("pictures")).unwrap();
    for (name, format) in [
        ("hero.webp", ImageFormat::WebP),
        ("knot.png", ImageFormat::Png),
    ] {
        fs::write(home.shelf().join("pictures").join(name), picture(format)).unwrap();
    }
    home
}

/// What a page of XML comes to: its elements with their attributes, and its text.
struct Xml {
    elements: Vec<(String, BTreeMap<String, String>)>,
    text: String,
}

impl Xml {
    /// Reads it strictly: every element ends, every name is known, every character is one of XML's.
    fn of(source: &str, name: &str) -> Xml {
        let mut reader = Reader::from_str(source);
        reader.config_mut().enable_all_checks(true);
        reader.config_mut().check_end_names = true;
        let mut xml = Xml {
            elements: Vec::new(),
            text: String::new(),
        };
        let mut depth = 0;
        loop {
            let event = reader
                .read_event()
                .unwrap_or_else(|error| panic!("{name}: {error}\n{source}"));
            match event {
                Event::Start(ref tag) | Event::Empty(ref tag) => {
                    depth += i32::from(matches!(event, Event::Start(_)));
                    let attributes = tag.attributes().map(|it| {
                        let it = it.unwrap_or_else(|error| panic!("{name}: {error}\n{source}"));
                        let value = it.value.as_ref().to_owned();
                        let key = it.key.as_ref().to_owned();
                        (key, unescaped(&value, name))
                    });
                    let tag = tag.name().as_ref().to_owned();
                    xml.elements.push((tag, attributes.collect()));
                }
                Event::End(_) => depth -= 1,
                Event::Text(text) => xml.text.push_str(&text),
                Event::GeneralRef(entity) => {
                    let entity = entity.to_string();
                    xml.text.push_str(&unescaped(&format!("&{entity};"), name));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{name}");
        let allowed =
            |c: char| c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || "\t\n\r".contains(c);
        assert!(source.chars().all(allowed), "{name}");
        xml
    }

    fn all<'a>(&'a self, attribute: &'a str) -> impl Iterator<Item = &'a String> {
        self.elements
            .iter()
            .filter_map(move |(_, it)| it.get(attribute))
    }
}

fn unescaped(text: &str, name: &str) -> String {
    quick_xml::escape::unescape(text)
        .unwrap_or_else(|error| panic!("{name}: {error}: {text}"))
        .into_owned()
}

/// Nothing of a story runs, and nothing is fetched when it is opened.
fn assert_harmless(xml: &Xml) {
    for (name, attributes) in &xml.elements {
        assert!(
            !["script", "iframe", "svg", "form", "object"].contains(&name.as_str()),
            "{name}"
        );
        for (key, value) in attributes {
            assert!(!key.starts_with("on"), "{key} of {name}");
            let value = value.trim().to_ascii_lowercase();
            let bad = ["javascript:", "vbscript:", "file:"]
                .iter()
                .any(|it| value.starts_with(it));
            assert!(!bad, "{key} of {name}: {value}");
            if key == "href" && name == "a" {
                let good = ["http://", "https://", "mailto:", "#", "text/"];
                assert!(good.iter().any(|it| value.starts_with(it)), "{value}");
            }
            if key == "src" {
                assert!(!value.contains("://"), "{value}");
            }
        }
    }
}

#[test]
fn a_page_is_whole_runs_nothing_and_fetches_nothing() {
    let home = both();
    let page = home.export(&["--format", "html"]);
    let (head, body) = page.split_once("<body>").unwrap();
    assert!(head.starts_with("<!doctype html>\n<html lang="), "{head}");
    assert!(head.contains("default-src 'none'"), "{head}");
    let body = body.split_once("</body>").unwrap().0;
    let xml = Xml::of(&format!("<body>{body}</body>"), "page");
    assert_harmless(&xml);
    let ids: Vec<&String> = xml.all("id").collect();
    let names: BTreeSet<&String> = ids.iter().copied().collect();
    assert_eq!(ids.len(), names.len(), "names are given once");
    for link in xml.all("href").filter_map(|it| it.strip_prefix('#')) {
        assert!(names.contains(&link.to_owned()), "{link} leads nowhere");
    }
    let pictures: Vec<&String> = xml.all("src").collect();
    assert_eq!(pictures.len(), 3);
    assert!(
        pictures[0].starts_with("data:image/webp;base64,"),
        "{}",
        pictures[0]
    );
    for words in [
        "<script>alert(1)</script> & ]]> \"T\"",
        "bold open ]]>",
        "let a = 1 < 2 && true;",
        "in a list",
        "The note.",
        "x²",
    ] {
        assert!(xml.text.contains(words), "{words} in {}", xml.text);
    }
    assert!(!xml.text.contains("alert(2)"), "{}", xml.text);
    assert!(
        page.contains("https://example.org/a?b=1&amp;c=%7C2%7C"),
        "{page}"
    );
    // To a file it is the same.
    assert_eq!(home.export(&["-o", "all.html"]), "2 stories in all.html\n");
    assert_eq!(fs::read_to_string(home.path("all.html")).unwrap(), page);
}

/// The files of a book, in their order.
fn unzipped(path: &Path) -> Vec<(String, CompressionMethod, Vec<u8>)> {
    let mut archive = ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), file.compression(), bytes)
        })
        .collect()
}

/// The path of what an address in the file `from` names, without its place.
fn resolved(from: &str, address: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('#').next().unwrap().split('/') {
        match part {
            ".." => drop(parts.pop()),
            "" => return from.to_owned(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Checks a book as far as its own files tell, and by `RECTO_EPUBCHECK` where that names a command.
fn assert_is_book(path: &Path) -> BTreeMap<String, Xml> {
    let raw = fs::read(path).unwrap();
    assert_eq!(&raw[30..58], b"mimetypeapplication/epub+zip");
    let files = unzipped(path);
    assert_eq!(files[0].0, "mimetype");
    assert_eq!(files[0].1, CompressionMethod::Stored);
    let names: BTreeSet<&String> = files.iter().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), files.len(), "no name stands twice");
    let mut pages = BTreeMap::new();
    for (name, _, bytes) in &files {
        if ["xhtml", "opf", "ncx", "xml"]
            .iter()
            .any(|it| name.ends_with(&format!(".{it}")))
        {
            pages.insert(
                name.clone(),
                Xml::of(std::str::from_utf8(bytes).unwrap(), name),
            );
        }
    }
    for (name, xml) in &pages {
        if name.ends_with(".xhtml") {
            assert_harmless_book(xml);
        }
        let ids: BTreeSet<&String> = xml.all("id").collect();
        assert_eq!(
            ids.len(),
            xml.all("id").count(),
            "{name}: names are given once"
        );
        for address in xml.all("href").chain(xml.all("src")) {
            if address.contains("://") || address.starts_with("mailto:") {
                continue;
            }
            let there = resolved(name, address);
            assert!(names.contains(&there), "{name}: {address}");
            if let Some((_, place)) = address.split_once('#') {
                assert!(
                    pages[&there].all("id").any(|it| it == place),
                    "{name}: {address}"
                );
            }
        }
    }
    let package = &pages["EPUB/package.opf"];
    let listed: BTreeSet<String> = package.all("href").map(|it| format!("EPUB/{it}")).collect();
    let unlisted = |it: &&String| {
        !["mimetype", "META-INF/container.xml", "EPUB/package.opf"].contains(&it.as_str())
    };
    let there: BTreeSet<String> = names.iter().copied().filter(unlisted).cloned().collect();
    assert_eq!(listed, there, "the list has every file");
    let ids: BTreeSet<&String> = package.all("id").collect();
    for named in package.all("idref").chain(package.all("toc")) {
        assert!(ids.contains(named), "{named}");
    }
    if let Ok(command) = std::env::var("RECTO_EPUBCHECK") {
        let mut words = command.split_whitespace();
        let done = Command::new(words.next().unwrap())
            .args(words)
            .arg(path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{said}");
    }
    pages
}

fn assert_harmless_book(xml: &Xml) {
    let mut within = Xml {
        elements: xml.elements.clone(),
        text: String::new(),
    };
    within.elements.retain(|(name, it)| {
        name != "a" || it.get("href").is_none_or(|it| !it.ends_with(".xhtml"))
    });
    assert_harmless(&within);
}

#[test]
fn a_book_is_one_for_strict_readers() {
    let home = both();
    assert_eq!(
        home.export(&["sort:oldest", "-o", "two.epub", "--title", "Two & more"]),
        "2 stories in two.epub\n"
    );
    let pages = assert_is_book(&home.path("two.epub"));
    let package = &pages["EPUB/package.opf"];
    for words in [
        "Two & more",
        "Ada",
        "A & <b>B</b>",
        "de",
        "en-GB",
        "urn:uuid:",
    ] {
        assert!(package.text.contains(words), "{words} in {}", package.text);
    }
    let kinds: Vec<&String> = package
        .all("media-type")
        .filter(|it| it.starts_with("image/"))
        .collect();
    // WebP becomes what all readers draw, and one picture is one file.
    assert_eq!(kinds, ["image/jpeg", "image/png"]);
    assert!(package.all("properties").any(|it| it == "cover-image"));
    let rope = &pages["EPUB/text/2.xhtml"];
    for kind in ["noteref", "footnote"] {
        assert!(rope.all("epub:type").any(|it| it == kind), "{kind}");
    }
    assert!(rope.text.contains("☑ done"), "{}", rope.text);
    let contents = &pages["EPUB/nav.xhtml"].text;
    assert!(
        contents.contains("<script>alert(1)</script> & ]]>"),
        "{contents}"
    );
    // The same stories make the same book; what was there is replaced.
    let print = |it: &Xml| {
        it.text
            .split_whitespace()
            .find(|it| it.starts_with("urn:"))
            .map(str::to_owned)
    };
    home.export(&[
        "sort:oldest",
        "-o",
        "two.epub",
        "--force",
        "--title",
        "Two & more",
    ]);
    let again = assert_is_book(&home.path("two.epub"));
    assert_eq!(print(&again["EPUB/package.opf"]), print(package));
    // One story is a book of its own name.
    home.export(&["rope", "-o", "rope.epub"]);
    assert!(
        assert_is_book(&home.path("rope.epub"))["EPUB/toc.ncx"]
            .text
            .contains("Rope")
    );
}

#[test]
fn a_book_is_read_back_with_the_same_text() {
    let home = both();
    home.export(&["rope", "-o", "rope.epub", "--force"]);
    let shown = |path: &str| {
        let output = home.run(&["show", path, "--format", "text", "--width", "1000"]);
        assert!(output.status.success(), "{path}");
        String::from_utf8(output.stdout).unwrap()
    };
    let (before, after) = (shown("shelf/rich.md"), shown("rope.epub"));
    assert!(!after.contains("damaged"), "{after}");
    let plain = |line: &str| {
        // How deep a list or a quote lies is drawn before its words.
        let words = line.trim_start_matches([' ', '•', '│', '┃', '1', '.', '☑', '☐']);
        words.trim().to_owned()
    };
    let after: Vec<String> = after.lines().map(plain).collect();
    let about = ["min", "Sea", "Picture"];
    for line in before
        .lines()
        .filter(|it| !about.iter().any(|word| it.contains(word)))
    {
        let line = plain(line);
        assert!(after.contains(&line), "{line:?} in {after:#?}");
    }
}

#[test]
fn whatever_titles_hold_every_story_has_a_file_of_its_own() {
    let long = "x".repeat(5000);
    let wide = "ß".repeat(300);
    let titles = [
        "../../x",
        "/etc/x",
        "..",
        "a\\0b",
        "CON",
        "-rf",
        &long,
        &wide,
        "Same",
        "Same",
        "same",
        "Caf\\u00e9",
        "cafe\\u0301",
        "a\\nb",
        "`$(id)`; rm",
    ];
    let texts: Vec<(String, String)> = (0..)
        .zip(titles)
        .map(|(n, title)| {
            let text = format!("---\ntitle: \"{title}\"\ndate: 2026-01-02\n---\n\nText {n}.\n");
            (format!("{n:02}.md"), text)
        })
        .collect();
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let home = Home::of(&texts);
    let count = titles.len();
    assert_eq!(
        home.export(&["-o", "out"]),
        format!("{count} stories in out\n")
    );
    let written = files(&home.path("out"));
    assert_eq!(written.len(), count, "{:?}", written.keys());
    for (name, bytes) in &written {
        assert!(
            name.len() <= 255 && name.starts_with("2026-01-02-") && name.ends_with(".md"),
            "{name}"
        );
        assert!(
            !name.contains(['/', '\\', '\0', '\n', '`', '$', ' ']),
            "{name}"
        );
        assert!(bytes.starts_with(b"---\ntitle: \""), "{name}");
    }
    let folded: BTreeSet<String> = written.keys().map(|it| it.to_lowercase()).collect();
    assert_eq!(folded.len(), count);
    // Twice changes nothing, and nobody's file is written over.
    let told = home.export(&["-o", "out"]);
    assert_eq!(
        told,
        format!("{count} stories in out, all of them as they were\n")
    );
    assert_eq!(files(&home.path("out")), written);
    fs::write(home.path("out/2026-01-02-x.md"), "mine").unwrap();
    home.export(&["-o", "out"]);
    assert_eq!(fs::read(home.path("out/2026-01-02-x.md")).unwrap(), b"mine");
    assert_eq!(files(&home.path("out")).len(), count + 1);
    // They make a book and a page, too.
    home.export(&["-o", "odd.epub"]);
    assert_is_book(&home.path("odd.epub"));
}

#[test]
fn files_of_markdown_have_their_pictures_and_are_read_back() {
    let home = both();
    home.run(&["mark", "rope", "--tag", "mine"]);
    home.export(&["rope", "--format", "markdown", "--output", "out"]);
    let written = files(&home.path("out"));
    let names: Vec<&String> = written.keys().collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(
        names
            .iter()
            .any(|it| it.starts_with("2026-01-03-rope/knot-") && it.ends_with(".png")),
        "{names:?}"
    );
    let text = String::from_utf8(written["2026-01-03-rope.md"].clone()).unwrap();
    assert!(text.contains("tags: [\"knots\", \"mine\"]"), "{text}");
    assert!(text.contains("](2026-01-03-rope/knot-"), "{text}");
    let inspect = |path: &str| -> Value {
        let output = home.run(&["inspect", path, "--json"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (before, after) = (inspect("shelf/rich.md"), inspect("out/2026-01-03-rope.md"));
    for field in [
        "title",
        "authors",
        "published",
        "url",
        "categories",
        "language",
        "words",
    ] {
        assert_eq!(before[field], after[field], "{field}");
    }
}

#[test]
fn files_beside_a_story_come_along() {
    let home = Home::of(&[
        (
            "a.md",
            "# Plans\n\nSee [the plan](files/plan%20a.pdf#p2), [b](b.md), [none](no.pdf) and [out](../secret.pdf).\n",
        ),
        ("b.md", "# Other\n\nWords.\n"),
        ("files/plan a.pdf", "%PDF one"),
        (
            "saved/c.md",
            "---\ntitle: \"Letter\"\nsaved: 2026-01-02T03:04:05Z\nletter: true\nattachments: [{\"file\":\"c/sheet-beside-0badcafe.txt\",\"name\":\"sheet.txt\"}]\n---\n\nSee below.\n",
        ),
        ("saved/c/sheet-beside-0badcafe.txt", "A sheet."),
    ]);
    fs::write(home.path("secret.pdf"), "%PDF two").unwrap();
    home.export(&["--format", "markdown", "-o", "out"]);
    let out = files(&home.path("out"));
    let text = |title: &str| {
        let all = out.iter().filter(|(name, _)| name.ends_with(".md"));
        let mut all = all.map(|(_, it)| String::from_utf8(it.clone()).unwrap());
        all.find(|it| it.contains(title)).unwrap()
    };
    let pdf = out.iter().find(|(name, _)| name.ends_with(".pdf")).unwrap();
    assert_eq!(pdf.1, b"%PDF one");
    let plans = text("Plans");
    assert!(plans.contains(&format!("[the plan]({})", pdf.0)), "{plans}");
    assert!(plans.contains("secret.pdf)"), "{plans}");
    assert!(!out.values().any(|it| it == b"%PDF two"));
    let sheet = out.keys().find(|it| it.contains("sheet")).unwrap();
    assert_eq!(out[sheet], b"A sheet.");
    assert!(text("Letter").contains(sheet), "{}", text("Letter"));
}

#[test]
fn json_says_what_inspect_says_and_what_the_reader_did() {
    let home = both();
    home.run(&["mark", "rope", "--star", "--tag", "mine"]);
    let lines = home.export(&[]);
    let objects: Vec<Value> = lines
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(objects.len(), 2);
    let mut rope = objects[0].clone();
    assert_eq!(rope["state"]["starred"], true);
    assert_eq!(rope["state"]["read"], false);
    assert_eq!(rope["state"]["tags"], serde_json::json!(["mine"]));
    assert_eq!(rope["state"]["notes"], serde_json::json!([]));
    rope.as_object_mut().unwrap().remove("state");
    let output = home.run(&["inspect", "shelf/rich.md", "--json"]);
    assert_eq!(
        rope,
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    );
    assert_eq!(
        home.export(&["is:starred", "-o", "a.jsonl"]),
        "1 story in a.jsonl\n"
    );
    assert_eq!(
        fs::read_to_string(home.path("a.jsonl"))
            .unwrap()
            .lines()
            .count(),
        1
    );
}

#[test]
fn a_story_that_cannot_be_read_costs_itself_alone() {
    let home = both();
    let noise: Vec<u8> = (0..3000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    fs::write(home.shelf().join("bad.md"), noise).unwrap();
    let output = home.run(&["export", "stories", "-o", "out.epub"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("bad.md: "), "{told}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "2 stories in out.epub\n"
    );
    assert_is_book(&home.path("out.epub"));
}

#[test]
fn a_broken_book_is_unread_and_no_matter_of_others() {
    let home = both();
    let book = home.shelf().join("broken.epub");
    fs::write(&book, b"PK\x03\x04 and no more").unwrap();
    let file = fs::File::options().write(true).open(&book).unwrap();
    let day = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_551_359_100);
    file.set_modified(day).unwrap();
    drop(file);
    let said = |words: &[&str]| String::from_utf8(home.run(words).stdout).unwrap();
    let listed = said(&["list", "is:book is:unread is:unreadable"]);
    assert!(
        listed.contains("broken.epub") && listed.contains("2019"),
        "{listed}"
    );
    let of = |query: &str| {
        home.run(&[
            "export", "stories", query, "-o", "out", "--format", "markdown",
        ])
    };
    assert_eq!(of("-is:book").status.code(), Some(0));
    assert_eq!(of("").status.code(), Some(1));
}

#[test]
fn what_cannot_be_written_leaves_what_was_there() {
    let home = both();
    fs::write(home.path("there.epub"), "before").unwrap();
    let code = |words: &[&str]| {
        let words: Vec<&str> = ["export", "stories"].iter().chain(words).copied().collect();
        home.run(&words).status.code()
    };
    assert_eq!(code(&["nobody wrote this", "-o", "there.epub"]), Some(1));
    assert_eq!(fs::read(home.path("there.epub")).unwrap(), b"before");
    for wrong in [
        &["--format", "markdown"][..],
        &["-o", "a.txt"],
        &["tag:", "-o", "a.epub"],
        &["--format", "pdf"],
    ] {
        assert_eq!(code(wrong), Some(2), "{wrong:?}");
    }
    for wrong in [
        &["-o", "no/such/folder/a.epub"][..],
        &["--format", "epub", "-o", "shelf"],
        &["--format", "markdown", "-o", "there.epub"],
    ] {
        assert_eq!(code(wrong), Some(1), "{wrong:?}");
    }
    assert_eq!(
        home.run(&["export", "opml", "-o", "a"]).status.code(),
        Some(2)
    );
    // Nothing half written lies about.
    let left: Vec<String> = files(home.folder.path())
        .into_keys()
        .filter(|it| it.contains(".tmp"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    // Into a pipe a book goes, too.
    let piped = home.run(&["export", "stories", "--format", "epub", "-o", "-"]);
    assert!(piped.stdout.starts_with(b"PK\x03\x04"));
}

#[test]
fn a_file_that_is_there_is_written_over_only_if_that_is_asked_for() {
    let home = both();
    home.export(&["-o", "all.epub"]);
    let before = fs::read(home.path("all.epub")).unwrap();
    let output = home.run(&["export", "stories", "rope", "-o", "all.epub"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && told.contains("--force"),
        "{told}"
    );
    assert_eq!(fs::read(home.path("all.epub")).unwrap(), before);
    home.export(&["rope", "-o", "all.epub", "--force"]);
    assert_ne!(fs::read(home.path("all.epub")).unwrap(), before);
}

#[test]
fn no_date_is_made_up_and_links_lead_on() {
    let home = both();
    fs::create_dir_all(home.path("shelf/in")).unwrap();
    for (name, text) in [
        (
            "in/mast.md",
            "# Masts\n\nSee [sails](sails.md#cut), [ropes](../hemp%20a.md) and [none](none.md).\n",
        ),
        (
            "in/sails.md",
            "---\nurl: https://example.org/sails\n---\n# Sails\n\nOf cloth.\n",
        ),
        ("hemp a.md", "# Hemp\n\nIt grows.\n"),
    ] {
        fs::write(home.path("shelf").join(name), text).unwrap();
    }
    home.export(&["Masts", "-o", "out"]);
    let name = fs::read_dir(home.path("out"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&name).unwrap();
    assert!(!text.contains("published:"), "{text}");
    assert!(
        text.contains("[sails](https://example.org/sails)"),
        "{text}"
    );
    assert!(
        text.contains("[ropes](../shelf/in/../hemp%20a.md)"),
        "{text}"
    );
    assert!(text.contains("[none](none.md)"), "{text}");
    // Called after the day of its file, it is the same one each time.
    assert!(
        home.export(&["Masts", "-o", "out"])
            .contains("as they were")
    );
    let shown = home.run(&["show", "Masts", "--format", "json"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("\"published\":null"), "{shown}");
}
