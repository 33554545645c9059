//! Links that other programs kept, taken in.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
mod support;

use std::fs;

use command::said;
use support::folder::{self, Folder};

const POCKET: &str = "\
title,url,time_added,tags,status
Knots and ropes,https://example.org/knots?utm_source=pocket,1551359100,sea|ropes,unread
Old harbours,https://example.org/harbours,1551359200,,archive
bad,javascript:alert(1),1551359200,,unread
";

const WALLABAG: &str = r#"[{"is_archived":0,"is_starred":1,"tags":["sea"],"id":7,"title":"Anchors",
"url":"https://example.org/anchors","content":"<p>Words about anchors.</p>",
"created_at":"2019-02-28T14:05:00+0000","published_by":["Ann"],"annotations":[]}]"#;

/// Runs recto; gives what it said, and whether it was content.
fn recto(folder: &Folder, arguments: &[&str]) -> (String, bool) {
    let assert = command::recto(folder, arguments).assert();
    let (out, complained) = said(&assert);
    (out + &complained, assert.get_output().status.success())
}

fn import(folder: &Folder, name: &str) -> (String, bool) {
    recto(folder, &["import", folder.path(name).to_str().unwrap()])
}

fn files(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path("data/library/saved")).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn what_pocket_kept_is_kept_here_once() {
    let folder = Folder::new().with("pocket/part_000000.csv", POCKET);
    let (said, done) = import(&folder, "pocket");
    assert!(
        said.contains("2 new links from Pocket, 0 known, 1 bookmarklet passed over"),
        "{said}"
    );
    assert!(said.contains("recto refresh --ahead") && done, "{said}");
    let names = [
        "2019-02-28-knots-and-ropes.md",
        "2019-02-28-old-harbours.md",
    ];
    assert_eq!(files(&folder), names);
    for (query, want) in [
        ("is:later", "Knots and ropes"),
        ("tag:ropes", "Knots and ropes"),
        ("is:read", "Old harbours"),
    ] {
        let (listed, _) = recto(&folder, &["list", query]);
        assert!(
            listed.contains(want) && listed.lines().count() == 1,
            "{query}: {listed}"
        );
    }
    // Once more: nothing is new, and nothing changes.
    let (said, _) = import(&folder, "pocket/part_000000.csv");
    assert!(
        said.contains("0 new links from Pocket, 2 known, 1 bookmarklet passed over"),
        "{said}"
    );
    assert!(!said.contains("marks of"), "{said}");
    assert_eq!(files(&folder), names);
}

#[test]
fn texts_come_along_where_the_export_has_them() {
    let folder = Folder::new().with("wallabag.json", WALLABAG);
    let (said, done) = import(&folder, "wallabag.json");
    assert!(
        done && said.contains("1 new link from wallabag, 1 with their texts, 0 known"),
        "{said}"
    );
    let (found, _) = recto(&folder, &["search", "anchors"]);
    assert!(found.contains("Anchors"), "{found}");
    let (starred, _) = recto(&folder, &["list", "is:starred author:ann"]);
    assert!(starred.contains("Anchors"), "{starred}");
}

#[test]
fn an_archive_is_read_as_it_is() {
    let folder = Folder::new().with("none.zip", b"PK\x03\x04rest");
    let (said, done) = import(&folder, "none.zip");
    assert!(!done && said.contains("no export of links"), "{said}");
    let pocket = zipped(&[("pocket/part_000000.csv", POCKET), ("pocket/read.me", "a")]);
    let metadata = r#"[{"id":"1","slug":"anchors-1","title":"Anchors","url":"https://example.org/anchors",
        "state":"Active","savedAt":"2019-02-28T14:05:00Z","labels":["sea"]}]"#;
    let omnivore = zipped(&[
        ("metadata_0_to_20.json", metadata),
        ("content/anchors-1.html", "<p>Words about anchors.</p>"),
    ]);
    let folder = folder.with("pocket.zip", &pocket).with("o.zip", &omnivore);
    let (said, _) = import(&folder, "pocket.zip");
    assert!(said.contains("2 new links from Pocket"), "{said}");
    let (said, done) = import(&folder, "o.zip");
    assert!(
        done && said.contains("1 new link from Omnivore, 1 with their texts"),
        "{said}"
    );
}

#[test]
fn a_folder_with_exports_of_several_services_is_taken_whole() {
    let instapaper = "URL,Title,Selection,Folder,Timestamp,Tags\n\
        https://example.org/e,Eels,,Fish,1551359100,\"[\"\"sea\"\"]\"\n";
    let raindrop = "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n\
        1,Gulls,,,https://example.org/g,Birds,sea,2024-01-02T03:04:05.000Z,,,false\n";
    let bookmarks = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n\
        <DT><A HREF=\"https://example.org/h\">Herons</A>\n<DT><A HREF=\"JavaScript:alert(1)\">Mark</A>\n</DL>\n";
    let pocket =
        "title,url,time_added,tags,status\nKnots,https://example.org/k,1551359100,,unread\n";
    let all: [(&str, &str); 6] = [
        ("part_000000.csv", pocket),
        ("instapaper-export.csv", instapaper),
        ("raindrop.csv", raindrop),
        ("bookmarks.html", bookmarks),
        ("expenses.csv", "a,b\n1,2\n"),
        ("notes.html", "<p>x"),
    ];
    let zip = zipped(&all);
    let mut folder = Folder::new().with("all.zip", &zip);
    for (name, text) in all {
        folder = folder.with(&format!("all/{name}"), text);
    }
    for source in ["all", "all.zip"] {
        let (said, done) = import(&folder, source);
        assert!(done, "{said}");
        for by in ["Pocket", "Instapaper", "Raindrop", "bookmarks"] {
            assert!(said.contains(&format!("from {by},")), "{by}: {said}");
        }
        assert!(said.contains("1 bookmarklet passed over"), "{said}");
    }
    assert_eq!(files(&folder).len(), 4);
    for (query, title) in [("tag:Fish", "Eels"), ("tag:Birds", "Gulls")] {
        let (listed, _) = recto(&folder, &["list", query]);
        assert!(listed.contains(title), "{query}: {listed}");
    }
}

#[test]
fn an_import_of_several_exports_is_one_step() {
    let pocket =
        "title,url,time_added,tags,status\nKnots,https://example.org/k,1551359100,rope,unread\n";
    let raindrop = "id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite\n\
        1,Knots,,,https://example.org/k,Birds,sea,2024-01-02T03:04:05.000Z,,,true\n\
        2,Gulls,,,https://example.org/g,Birds,sea,2024-01-02T03:04:05.000Z,,,false\n";
    let folder = Folder::new()
        .with("all/part_000000.csv", pocket)
        .with("all/raindrop.csv", raindrop);
    let (said, done) = import(&folder, "all");
    assert!(done && said.contains("in all: marks of 2"), "{said}");
    let listed = |query| recto(&folder, &["list", query]).0;
    assert!(listed("tag:rope tag:sea is:starred").contains("Knots"));
    let data = folder.path("data");
    let mut screen = support::Recto::start((100, 30), ["--data", data.to_str().unwrap()]);
    screen.wait_for("Gulls");
    screen.press("u");
    screen.wait_for("Undone");
    screen.press("<ctrl-c>");
    screen.wait_clean_exit();
    for query in ["tag:sea", "tag:rope", "is:later", "is:starred"] {
        let listed = listed(query);
        assert!(
            !listed.contains("Gulls") && !listed.contains("Knots"),
            "{query}: {listed}"
        );
    }
}

#[test]
fn marked_passages_become_highlights_in_their_texts() {
    let wallabag = r#"[{"is_archived":0,"is_starred":0,"tags":[],"title":"Anchors","url":"https://example.org/anchors",
        "content":"<p>An anchor <b>holds a ship</b> in its place.</p><p>It is heavy.</p>",
        "created_at":"2019-02-28T14:05:00+0000","annotations":[
        {"quote":"anchor holds a ship","text":"So it does"},{"quote":"Nowhere to be found","text":"mine"}]}]"#;
    let folder = Folder::new().with("wallabag.json", wallabag);
    let (said, done) = import(&folder, "wallabag.json");
    assert!(
        done && said.contains("1 highlight in their texts"),
        "{said}"
    );
    assert!(
        said.contains("1 marked passage below as quotations"),
        "{said}"
    );
    let (notes, _) = recto(&folder, &["export", "notes"]);
    assert!(
        notes.contains("> anchor holds a ship\n\nSo it does"),
        "{notes}"
    );
    assert!(!notes.contains("no longer in the text"), "{notes}");
    let (shown, _) = recto(&folder, &["show", "Anchors", "--format", "markdown"]);
    assert!(
        shown.contains("> Nowhere to be found") && !shown.contains("> anchor"),
        "{shown}"
    );
    // Once more changes nothing.
    let (said, _) = import(&folder, "wallabag.json");
    assert!(
        said.contains("1 known") && !said.contains("marks of"),
        "{said}"
    );
}

#[test]
fn a_book_of_readecks_is_told_from_a_list() {
    let book = zipped(&[
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", "<container/>"),
    ]);
    let folder = Folder::new().with("readeck.epub", &book);
    let (said, done) = import(&folder, "readeck.epub");
    assert!(
        !done && said.contains("this is a book") && said.contains("Readeck"),
        "{said}"
    );
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
