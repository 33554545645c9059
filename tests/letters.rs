//! Letters: in files, mailboxes and Maildirs.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/folder.rs"]
mod folder;

use std::{
    fs,
    sync::{Arc, atomic::AtomicBool},
};

use command::said;
use folder::Folder;
use recto::{
    library::{Input, Library},
    story::{Anchor, Change, Listing, Operation, Row, Source, StoryId, Target},
};

const ONE: &str = "\
Return-Path: <bounce@example.org>
From: =?UTF-8?Q?Ann_L=C3=A9e?= <ann@example.org>
Subject: The first harbour
Date: Thu, 28 Feb 2019 14:05:00 +0100
Message-ID: <one@example.org>
List-Id: The Sea Letter <sea.example.org>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<table width=\"600\"><tr><td><h1>Ropes</h1><p>A lighthouse keeper reads.</p></td></tr></table>
";

const TWO: &str = "\
From: bo@example.org
Subject: The second harbour
Date: Fri, 1 Mar 2019 09:00:00 +0000
Message-ID: <two@example.org>

Plain words about anchors.
";

/// These letters as a mailbox.
fn mailbox(letters: &[&str]) -> String {
    let each = letters.iter().map(|letter| {
        let letter = letter.replace("\nFrom ", "\n>From ");
        format!("From ann@example.org Thu Feb 28 14:05:00 2019\n{letter}\n")
    });
    each.collect()
}

fn write(folder: &Folder, name: &str, text: &str) {
    let path = folder.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What a run said, on both streams.
fn recto(folder: &Folder, arguments: &[&str]) -> String {
    let (out, complained) = said(&command::recto(folder, arguments).assert());
    out + &complained
}

/// The library of what lies in `mail`, looked through.
fn library(folder: &Folder) -> Library {
    let input = Input::Path(folder.path("mail"));
    let clock = Arc::new(|| "2026-11-20T10:00[UTC]".parse().unwrap());
    let library = Library::open(Some(&folder.path("data")), vec![input], clock).unwrap();
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    library
}

fn star(library: &Library, story: StoryId) {
    let change = Change::Starred(true);
    let operation = Operation::new(Target::Stories(vec![story]), change);
    library.apply(&operation).unwrap();
}

fn rows(library: &Library) -> Vec<Row> {
    let window = library.window(&Listing::default(), Anchor::Start, 0, &|| false);
    window.unwrap().rows
}

fn titles(library: &Library) -> Vec<String> {
    rows(library)
        .iter()
        .map(|it| it.title.to_string())
        .collect()
}

#[test]
fn a_letter_is_shown_inspected_and_found() {
    let folder = Folder::new();
    write(&folder, "mail/one.eml", ONE);
    let path = folder.path("mail/one.eml");
    let path = path.to_str().unwrap();
    let shown = recto(&folder, &["show", path]);
    assert!(
        shown.contains("The first harbour") && shown.contains("Ann Lée"),
        "{shown}"
    );
    assert!(shown.contains("A lighthouse keeper reads."), "{shown}");
    let inspected = recto(&folder, &["inspect", path]);
    for line in [
        "kind        letter",
        "categories  The Sea Letter",
        "id          one@example.org",
    ] {
        assert!(inspected.contains(line), "{inspected}");
    }
    let mail = folder.path("mail");
    let mail = mail.to_str().unwrap();
    let listed = recto(&folder, &["--library", mail, "list", "category:sea"]);
    assert!(listed.contains("The first harbour"), "{listed}");
    let found = recto(&folder, &["--library", mail, "search", "lighthouse"]);
    assert!(found.contains("The first harbour"), "{found}");
}

#[test]
fn each_letter_of_a_mailbox_is_a_story() {
    let folder = Folder::new();
    write(&folder, "mail/old/archive.mbox", &mailbox(&[ONE, TWO]));
    let path = folder.path("mail/old/archive.mbox");
    let inspected = recto(&folder, &["inspect", path.to_str().unwrap(), "--json"]);
    assert_eq!(inspected.lines().count(), 2, "{inspected}");
    let library = library(&folder);
    assert_eq!(
        titles(&library),
        ["The second harbour", "The first harbour"]
    );
    let folders: Vec<String> = library
        .sources()
        .unwrap()
        .into_iter()
        .filter_map(|row| match row.source {
            Source::Folder(name) => Some(name.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(folders, ["old", "old/archive.mbox"]);
    let second = rows(&library)[0].id;
    let story = library.read(second).unwrap();
    assert_eq!(story.markdown, "Plain words about anchors.");
}

#[test]
fn what_was_done_with_letters_stays_while_their_mailbox_changes() {
    let folder = Folder::new();
    write(&folder, "mail/a.mbox", &mailbox(&[ONE, TWO]));
    let starred = |library: &Library| -> Vec<String> {
        let rows = rows(library).into_iter().filter(|it| it.starred);
        rows.map(|it| it.title.to_string()).collect()
    };
    {
        let library = library(&folder);
        let second = rows(&library)[0].id;
        star(&library, second);
    }
    // One more comes in.
    let three = TWO.replace("second", "third").replace("two@", "three@");
    write(&folder, "mail/a.mbox", &mailbox(&[ONE, TWO, &three]));
    {
        let library = library(&folder);
        assert_eq!(rows(&library).len(), 3);
        assert_eq!(starred(&library), ["The second harbour"]);
    }
    // The first is taken out: all others lie elsewhere.
    write(&folder, "mail/a.mbox", &mailbox(&[TWO, &three]));
    {
        let library = library(&folder);
        assert_eq!(rows(&library).len(), 2);
        assert_eq!(starred(&library), ["The second harbour"]);
        for row in rows(&library) {
            assert!(library.read(row.id).unwrap().markdown.contains("anchors"));
        }
        // Nothing was changed: nothing is read again.
        let scanned = library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
        assert_eq!((scanned.stories, scanned.changed()), (0, false));
    }
    fs::remove_file(folder.path("mail/a.mbox")).unwrap();
    write(&folder, "mail/other.md", "# Other\n\nwords\n");
    assert_eq!(titles(&library(&folder)), ["Other"]);
}

#[test]
fn a_maildir_is_read_and_left_as_it_is() {
    let folder = Folder::new();
    for name in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.path(&format!("mail/{name}"))).unwrap();
    }
    write(&folder, "mail/new/1551359100.M1P2.host", ONE);
    write(&folder, "mail/cur/1551430800.M3P4.host:2,S", TWO);
    write(
        &folder,
        "mail/tmp/1551430800.M5P6.host",
        "From: x\nSubject: not yet here\n",
    );
    {
        let library = library(&folder);
        assert_eq!(
            titles(&library),
            ["The second harbour", "The first harbour"]
        );
        let first = rows(&library)[1].id;
        star(&library, first);
    }
    // A mail program saw it.
    let (new, cur) = (
        "mail/new/1551359100.M1P2.host",
        "mail/cur/1551359100.M1P2.host:2,S",
    );
    fs::rename(folder.path(new), folder.path(cur)).unwrap();
    let library = library(&folder);
    assert_eq!(rows(&library).iter().filter(|it| it.starred).count(), 1);
    let names = |name: &str| fs::read_dir(folder.path(name)).unwrap().count();
    assert_eq!(
        (names("mail/cur"), names("mail/new"), names("mail/tmp")),
        (2, 0, 1)
    );
    assert_eq!(fs::read_to_string(folder.path(cur)).unwrap(), ONE);
}

/// A letter with the least that each has.
const BARE: &str = "From: Cy <cy@example.org>\nSubject: The third harbour\nDate: Sat, 2 Mar 2019 09:00:00 +0000\n\n\
    Words about tides.\n";

#[test]
fn all_files_of_a_maildir_are_letters_whatever_their_headers() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("mail/tmp")).unwrap();
    write(&folder, "mail/cur/1551517200.M7P8.host:2,", BARE);
    write(
        &folder,
        "mail/new/1551517200.M1P9.host",
        "From: dee@example.org\n\nNo more to say.\n",
    );
    let library = library(&folder);
    assert_eq!(titles(&library), ["No subject", "The third harbour"]);
    let bare = rows(&library)[1].id;
    let story = library.read(bare).unwrap();
    assert_eq!(story.markdown.trim(), "Words about tides.");
    assert_eq!(story.authors, ["Cy"]);
}

#[test]
fn a_file_whose_name_says_nothing_is_a_letter_by_its_first_headers() {
    let folder = Folder::new();
    let envelope = format!("From cy@example.org Sat Mar  2 09:00:00 2019\n{BARE}");
    for (name, text, title) in [
        ("inbox", BARE, "The third harbour"),
        ("crlf", &BARE.replace('\n', "\r\n"), "The third harbour"),
        ("box", &envelope, "The third harbour"),
        // A text that speaks of mail is none.
        ("memo", "From: Cy\nwords\nDate: Monday\n\nMore.", "memo"),
        ("list", "Subject: knots\nSize: small\n\nMore.", "list"),
    ] {
        write(&folder, name, text);
        let told = recto(
            &folder,
            &["inspect", folder.path(name).to_str().unwrap(), "--json"],
        );
        let told: serde_json::Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
        assert_eq!(told["title"], title, "{name}");
        assert_eq!(
            told["markdown"].as_str().unwrap().contains("Subject: "),
            name == "list",
            "{name}"
        );
    }
}

#[test]
fn files_that_came_with_a_letter_are_told() {
    let folder = Folder::new();
    let letter = "From: a@b.c\nSubject: Plans\nDate: Thu, 28 Feb 2019 14:05:00 +0100\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\n\
        Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"plan.pdf\"\n\
        Content-Transfer-Encoding: base64\n\nQSBwbGFuLg==\n--b--\n";
    write(&folder, "a.eml", letter);
    let shown = recto(&folder, &["show", folder.path("a.eml").to_str().unwrap()]);
    assert!(
        shown.contains("File: plan.pdf (application/pdf, "),
        "{shown}"
    );
    let (name, bytes) = recto::ingest::attachment(letter.as_bytes(), "attachment:0").unwrap();
    assert_eq!((&*name, &*bytes), ("plan.pdf", &b"A plan."[..]));
    assert_eq!(
        recto::ingest::attachment(letter.as_bytes(), "attachment:1"),
        None
    );
}

#[test]
fn a_letter_in_several_places_is_one_story() {
    let folder = Folder::new();
    write(&folder, "mail/a.mbox", &mailbox(&[ONE, TWO]));
    write(&folder, "mail/one.eml", ONE);
    let library = library(&folder);
    assert_eq!(rows(&library).len(), 2);
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    assert_eq!(rows(&library).len(), 2);
}

#[test]
fn what_is_no_letter_is_told_in_words() {
    let folder = Folder::new();
    write(&folder, "mail/none.eml", "Just words, no headers.\n");
    write(&folder, "mail/none.mbox", "Just words, no letters.\n");
    let shown = recto(
        &folder,
        &["show", folder.path("mail/none.eml").to_str().unwrap()],
    );
    assert!(shown.contains("Just words"), "{shown}");
    let listed = recto(
        &folder,
        &[
            "--library",
            folder.path("mail").to_str().unwrap(),
            "list",
            "",
        ],
    );
    assert!(
        listed.contains("there are no letters in this mailbox"),
        "{listed}"
    );
}

#[test]
fn a_maildir_that_is_emptied_leaves_no_ghosts() {
    let folder = Folder::new();
    for name in ["mail/tmp", "mail/new", "mail/cur", "mail/.Archive/cur"] {
        fs::create_dir_all(folder.path(name)).unwrap();
    }
    let (first, second) = ("mail/cur/1.M1P2.host:2,S", "mail/cur/2.M1P2.host:2,S");
    write(&folder, first, ONE);
    write(&folder, second, TWO);
    let stop = AtomicBool::new(false);
    let library = library(&folder);
    library.scan(&stop, &|_| ()).unwrap();
    assert_eq!(titles(&library).len(), 2);
    star(&library, rows(&library)[0].id);
    for name in [first, second] {
        fs::remove_file(folder.path(name)).unwrap();
    }
    library.scan(&stop, &|_| ()).unwrap();
    assert!(titles(&library).is_empty(), "{:?}", titles(&library));
    // What was done with one waits until it is back.
    write(&folder, first, ONE);
    write(&folder, second, TWO);
    library.scan(&stop, &|_| ()).unwrap();
    assert_eq!(rows(&library).iter().filter(|it| it.starred).count(), 1);
    // A Maildir that is not there at all has them all the same: its drive may not be mounted.
    fs::rename(folder.path("mail"), folder.path("away")).unwrap();
    fs::create_dir(folder.path("mail")).unwrap();
    library.scan(&stop, &|_| ()).unwrap();
    assert_eq!(titles(&library).len(), 2);
}
