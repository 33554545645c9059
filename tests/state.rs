//! What was done with stories, from the command line: out, in, kept or not, and what the doctor says.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot be set up fails.

#[path = "support/command.rs"]
mod command;
#[path = "support/folder.rs"]
mod folder;

use std::{fs, path::Path};

use assert_cmd::{Command, assert::Assert};
use command::{out, said, titles_of};
use folder::Folder;
use serde_json::{Value, json};

fn shelf() -> Folder {
    Folder::new()
        .with_story("lib/a.md", "Anchors", "2026-01-03", "One.")
        .with_story("lib/b.md", "Bells", "2026-01-02", "Two.")
        .with(
            "lib/c.md",
            "---\ntitle: Currents\ndate: 2026-01-01\nurl: https://example.org/c\n---\n\nThree.\n",
        )
}

fn recto(folder: &Folder, data: &str, arguments: &[&str]) -> Command {
    let mut command = command::recto(folder, arguments);
    command
        .env("RECTO_LIBRARY", folder.path("lib"))
        .env("RECTO_DATA", folder.path(data))
        .env("TERM", "xterm-256color");
    command
}

fn err(assert: &Assert) -> String {
    said(assert).1
}

fn run(folder: &Folder, data: &str, arguments: &[&str]) -> String {
    out(&recto(folder, data, arguments).assert().success())
}

/// The titles of what a query finds.
fn titles(folder: &Folder, data: &str, query: &str) -> Vec<String> {
    titles_of(&out(
        &recto(folder, data, &["list", "--json", query]).assert()
    ))
}

fn used() -> Folder {
    let folder = shelf();
    run(
        &folder,
        "data",
        &["mark", "anchors", "--read", "--tag", "rope"],
    );
    run(&folder, "data", &["mark", "currents", "--star", "--later"]);
    run(&folder, "data", &["mark", "bells", "--remove"]);
    folder
}

#[test]
fn what_was_exported_is_imported_elsewhere_and_twice_changes_nothing() {
    let folder = used();
    let export = run(&folder, "data", &["export", "state"]);
    let lines: Vec<&str> = export.lines().collect();
    assert_eq!(lines[0], r#"{"format":"recto state","version":1}"#);
    assert_eq!(lines.len(), 4);
    let currents: Value = serde_json::from_str(
        lines
            .iter()
            .find(|line| line.contains("example.org/c"))
            .unwrap(),
    )
    .unwrap();
    assert_eq!(currents["title"], "Currents");
    assert_eq!(currents["starred"], true);
    let folder = folder.with("state.jsonl", &export);
    let file = folder.path("state.jsonl");
    let file = file.to_str().unwrap();
    assert_eq!(
        run(&folder, "other", &["import", file]),
        "3 new, 0 changed, 0 unchanged, 0 failed\n"
    );
    assert_eq!(
        run(&folder, "other", &["import", file]),
        "0 new, 0 changed, 3 unchanged, 0 failed\n"
    );
    assert_eq!(titles(&folder, "other", "is:read"), ["Anchors"]);
    assert_eq!(titles(&folder, "other", "tag:rope"), ["Anchors"]);
    assert_eq!(
        titles(&folder, "other", "is:starred is:later"),
        ["Currents"]
    );
    assert_eq!(titles(&folder, "other", ""), ["Anchors", "Currents"]);
    // What is imported into itself is known.
    assert_eq!(
        run(&folder, "data", &["import", file]),
        "0 new, 0 changed, 3 unchanged, 0 failed\n"
    );
}

#[test]
fn on_another_machine_stories_are_known_by_their_content() {
    // Neither story has a link; there they lie in another folder.
    let here = Folder::new()
        .with_story(
            "lib/a.md",
            "Anchors",
            "2020-01-01",
            "Iron and stock, ring and flukes.",
        )
        .with_story(
            "lib/b.md",
            "Bells",
            "2020-01-02",
            "Bronze, cast mouth upwards.",
        );
    run(
        &here,
        "data",
        &["mark", "anchors", "--star", "--tag", "rope"],
    );
    run(&here, "data", &["mark", "bells", "--tag", "tower"]);
    let export = run(&here, "data", &["export", "state"]);
    for (listed_before, both) in [(true, true), (false, true), (true, false), (false, false)] {
        let there = Folder::new()
            .with_story(
                "lib/x/one.md",
                "Anchors",
                "2020-01-01",
                "Iron and stock, ring and flukes.",
            )
            .with_story(
                "lib/x/two.md",
                "Bells",
                "2020-01-02",
                "Bronze, cast mouth upwards.",
            )
            .with("state.jsonl", &export);
        if listed_before {
            assert_eq!(titles(&there, "data", "").len(), 2);
        }
        let file = there.path("state.jsonl");
        if !both {
            std::fs::remove_dir_all(here.path("lib")).ok();
        }
        let imported = run(&there, "data", &["import", file.to_str().unwrap()]);
        assert_eq!(imported, "2 new, 0 changed, 0 unchanged, 0 failed\n");
        assert_eq!(titles(&there, "data", "is:starred tag:rope"), ["Anchors"]);
        assert_eq!(titles(&there, "data", "tag:tower"), ["Bells"]);
    }
}

#[test]
fn of_a_library_that_was_moved_what_was_done_last_is_imported_whatever_the_order() {
    let story = (
        "one.md",
        "Anchors",
        "2020-01-01",
        "Iron and stock, ring and flukes.",
    );
    let with = |folder: Folder, at: &str| {
        folder.with_story(&format!("{at}/{}", story.0), story.1, story.2, story.3)
    };
    let here = with(Folder::new(), "stories");
    let at = |library: &str, arguments: &[&str]| {
        let library = here.path(library);
        let arguments = [arguments, &["--library", library.to_str().unwrap()]].concat();
        run(&here, "data", &arguments)
    };
    at("stories", &["mark", "anchors", "--star"]);
    fs::rename(here.path("stories"), here.path("books")).unwrap();
    at("books", &["mark", "anchors", "--unstar", "--later"]);
    at("books", &["list", "minutes:<3", "--save", "short"]);
    let export = run(&here, "data", &["export", "state"]);
    let mut lines: Vec<&str> = export.lines().collect();
    assert_eq!(lines.len(), 4, "{export}");
    lines[1..].reverse();
    for text in [export.clone(), lines.join("\n")] {
        for listed_before in [false, true] {
            let there = with(Folder::new(), "lib").with("state.jsonl", &text);
            if listed_before {
                titles(&there, "data", "");
            }
            let file = there.path("state.jsonl");
            let import = || run(&there, "data", &["import", file.to_str().unwrap()]);
            assert_eq!(import(), "2 new, 0 changed, 1 unchanged, 0 failed\n");
            assert_eq!(import(), "0 new, 0 changed, 3 unchanged, 0 failed\n");
            assert_eq!(titles(&there, "data", "is:later"), ["Anchors"]);
            assert_eq!(titles(&there, "data", "is:starred"), [""; 0]);
            assert_eq!(titles(&there, "data", "@short"), ["Anchors"]);
            assert_eq!(import(), "0 new, 0 changed, 3 unchanged, 0 failed\n");
            assert_eq!(titles(&there, "data", "is:later"), ["Anchors"]);
        }
    }
}

#[test]
fn what_was_done_later_counts() {
    let folder = used();
    let export = run(&folder, "data", &["export", "state"]);
    let folder = folder.with("state.jsonl", &export);
    run(&folder, "data", &["mark", "anchors", "--unread"]);
    let file = folder.path("state.jsonl");
    run(&folder, "data", &["import", file.to_str().unwrap()]);
    assert_eq!(titles(&folder, "data", "is:read"), [""; 0]);
    // But a record of the future does.
    let newer = export.replace("\"changed\":", "\"changed\":9");
    let folder = folder.with("newer.jsonl", newer);
    let file = folder.path("newer.jsonl");
    assert_eq!(
        run(&folder, "data", &["import", file.to_str().unwrap()]),
        "0 new, 1 changed, 2 unchanged, 0 failed\n"
    );
    assert_eq!(titles(&folder, "data", "is:read"), ["Anchors"]);
}

#[test]
fn broken_lines_are_told_and_passed_over() {
    let folder = shelf();
    let text = "{\"format\":\"recto state\",\"version\":1}\n\
                {\"key\":\"https://example.org/c\",\"read\":true}\n\
                {\"key\":\n\
                \n\
                {\"read\":true}\n\
                {\"url\":\"http://example.org/x?utm_source=y\",\"tags\":[\" a\\u0007b \"]}\n\
                {\"key\":\"k\",\"read\":3}\n";
    let assert = recto(&folder, "data", &["import", "-"])
        .write_stdin(text)
        .assert()
        .code(1);
    assert_eq!(out(&assert), "2 new, 0 changed, 0 unchanged, 3 failed\n");
    let told = err(&assert);
    for number in [3, 5, 7] {
        assert!(told.contains(&format!("line {number}: ")), "{told}");
    }
    let export = run(&folder, "data", &["export", "state"]);
    assert!(export.contains("\"https://example.org/x\""), "{export}");
}

#[test]
fn what_is_no_export_is_refused() {
    let folder = shelf();
    for (text, word) in [
        ("", "nothing that recto takes in"),
        ("hello\n", "nothing that recto takes in"),
        (
            "{\"format\":\"recto state\",\"version\":99}\n",
            "newer recto",
        ),
    ] {
        let assert = recto(&folder, "data", &["import", "-"])
            .write_stdin(text)
            .assert()
            .code(1);
        assert!(err(&assert).contains(word), "{}", err(&assert));
    }
}

fn doctor(folder: &Folder, data: &str, code: i32) -> Value {
    let assert = recto(folder, data, &["doctor", "--json"])
        .assert()
        .code(code);
    serde_json::from_str(&out(&assert)).unwrap()
}

#[cfg(unix)]
#[test]
fn the_doctor_says_of_a_link_where_it_does_not_lead() {
    let folder = shelf();
    std::os::unix::fs::symlink("/no/such/story.md", folder.path("lib/dead.md")).unwrap();
    let found = doctor(&folder, "data", 1);
    let told = "dead.md: it is a link to /no/such/story.md, and that is not there";
    let problem = found["problems"][0].as_str().unwrap();
    assert!(
        problem.contains(told) && problem.contains("remove the link"),
        "{problem}"
    );
    assert_eq!(found["watching"]["closed"], serde_json::json!([]));
    let listed = recto(&folder, "data", &["list"]).assert().success();
    assert!(err(&listed).contains(told), "{}", err(&listed));
}

#[test]
fn the_doctor_tells_where_things_lie() {
    let folder = used();
    let found = doctor(&folder, "data", 0);
    assert_eq!(found["problems"], Value::Array(Vec::new()));
    let counts = &found["database"]["counts"];
    assert_eq!(
        (&counts["stories"], &counts["files"]),
        (&3.into(), &3.into())
    );
    assert_eq!(counts["state"], 3);
    let text = run(&folder, "data", &["doctor", "--full"]);
    assert!(text.contains("Nothing is wrong."), "{text}");
    assert!(text.contains("full check"), "{text}");
    // Nothing is made by looking.
    assert_eq!(
        doctor(&folder, "nowhere", 0)["database"]["bytes"],
        Value::Null
    );
    assert!(!folder.path("nowhere").exists());
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let folder = used().with(
        "bad/recto.db",
        "no database, but some text that is long enough",
    );
    let problem = |data: &str| {
        let found = doctor(&folder, data, 1);
        found["problems"][0].as_str().unwrap().to_owned()
    };
    assert!(
        problem("bad").contains("keeps it aside"),
        "{}",
        problem("bad")
    );
    let path = folder.path("data/recto.db");
    let database = rusqlite::Connection::open(path).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    assert!(problem("data").contains("newer recto"));
    // What it leaves for the next start, it says.
    let mark = folder.path("bad/recto.db.damaged");
    fs::remove_file(&mark).unwrap();
    assert!(problem("bad").contains(mark.to_str().unwrap()));
    assert!(mark.exists());
    assert!(!problem("bad").contains(mark.to_str().unwrap()));
    fs::remove_dir_all(folder.path("lib")).unwrap();
    assert!(problem("new").contains("mount its drive"));
}

#[test]
fn the_doctor_says_which_stories_cannot_be_read() {
    let folder = used().with_story("lib/deep/d.md", "Deep", "2026-01-04", "Four.");
    let folder = folder.with_story("lib/deep/e.md", "Eddies", "2026-01-05", "Five.");
    run(&folder, "data", &["list"]);
    assert_eq!(
        doctor(&folder, "data", 0)["problems"],
        Value::Array(Vec::new())
    );
    fs::remove_dir_all(folder.path("lib/deep")).unwrap();
    fs::create_dir(folder.path("lib/deep")).unwrap();
    run(&folder, "data", &["list"]);
    let found = doctor(&folder, "data", 1);
    let problem = found["problems"][0].as_str().unwrap();
    assert!(problem.contains("2 stories cannot be read"), "{problem}");
    assert!(problem.contains("is it mounted?"), "{problem}");
    let assert = recto(&folder, "data", &["doctor"]).assert().code(1);
    let text = out(&assert);
    assert!(text.contains("watched      2 folders"), "{text}");
    assert!(!text.contains("Nothing is wrong"), "{text}");
}

/// Overwrites some bytes in the middle of a database.
fn overwrite(path: &Path, from: u64, bytes: usize) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&vec![0xff; bytes]).unwrap();
}

#[test]
fn damage_in_the_middle_of_a_database_costs_nothing_of_what_was_done() {
    for (from, bytes) in [(4096, 4096), (8 * 4096, 60_000), (20 * 4096, 60_000)] {
        let folder = used();
        run(&folder, "data", &["search", "one"]);
        let path = folder.path("data/recto.db");
        let database = rusqlite::Connection::open(&path).unwrap();
        database
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        drop(database);
        overwrite(&path, from, bytes);
        // Whatever is met first: the same call mends it, and all is as it was, but for what could not
        // be read of the state's own pages.
        let assert = recto(&folder, "data", &["list"]).assert().success();
        let told = err(&assert);
        assert!(!told.contains("start recto again"), "{told}");
        // What nobody met, the doctor finds.
        let _ = recto(&folder, "data", &["doctor"]).assert();
        let assert = recto(&folder, "data", &["list"]).assert().success();
        assert!(!out(&assert).is_empty());
        doctor(&folder, "data", 0);
        run(&folder, "data", &["mark", "anchors", "--star"]);
        let export = run(&folder, "data", &["export", "state"]);
        assert!(export.lines().count() > 1, "{export}");
    }
}

#[test]
fn what_is_marked_first_of_all_is_in_the_copy_at_once() {
    let folder = shelf();
    run(&folder, "data", &["mark", "anchors", "--star"]);
    let copy = fs::read_to_string(folder.path("data/state.jsonl")).unwrap();
    assert!(copy.contains("\"starred\":true"), "{copy}");
}

#[test]
fn a_library_whose_drive_is_away_is_listed_and_says_so() {
    let folder = used();
    fs::rename(folder.path("lib"), folder.path("away")).unwrap();
    let listed = run(&folder, "data", &["list"]);
    assert_eq!(listed.matches("is it mounted?").count(), 2, "{listed}");
    fs::rename(folder.path("away"), folder.path("lib")).unwrap();
    assert!(!run(&folder, "data", &["list"]).contains("mounted"));
    assert_eq!(titles(&folder, "data", "is:read"), ["Anchors"]);
    // One that nobody ever opened is a mistake.
    fs::remove_dir_all(folder.path("lib")).unwrap();
    recto(&folder, "other", &["list"]).assert().code(1);
}

#[test]
fn where_nothing_can_be_kept_it_is_said_once_and_stories_are_read() {
    let folder = used().with("file", "");
    let assert = recto(&folder, "file/data", &["list"]).assert().success();
    assert_eq!(err(&assert).matches("What you do is not kept").count(), 1);
    assert_eq!(out(&assert).lines().count(), 3);
}

#[cfg(unix)]
#[test]
fn a_database_that_may_only_be_read_still_says_what_was_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = used();
    let permit = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    permit(&folder.path("data/recto.db"), 0o444);
    permit(&folder.path("data"), 0o555);
    if fs::File::create(folder.path("data/probe")).is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    let assert = recto(&folder, "data", &["list", "is:read"])
        .assert()
        .success();
    assert_eq!(err(&assert).matches("What you do is not kept").count(), 1);
    assert!(out(&assert).contains("Anchors"));
    // It is not damaged, and nothing was written beside it.
    let found = doctor(&folder, "data", 1);
    assert_eq!(found["database"]["complaints"], serde_json::json!([]));
    assert_eq!(found["database"]["counts"]["state"], 3);
    let problem = found["problems"][0].as_str().unwrap();
    assert!(problem.contains("cannot be written to"), "{problem}");
    permit(&folder.path("data"), 0o755);
}

#[cfg(unix)]
#[test]
fn a_library_that_may_only_be_read_is_one_like_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = shelf();
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(folder.path("lib"), mode(0o555)).unwrap();
    run(&folder, "data", &["mark", "anchors", "--read"]);
    assert_eq!(titles(&folder, "data", "is:read"), ["Anchors"]);
    fs::set_permissions(folder.path("lib"), mode(0o755)).unwrap();
}

/// Stories in which passages are highlighted, as an export of state says it.
fn noted() -> Folder {
    let note = |id: &str, exact: &str, prefix: &str, suffix: &str, text: &str, changed: u64| {
        serde_json::json!({
            "id": id, "exact": exact, "prefix": prefix, "suffix": suffix, "text": text,
            "block": 9, "offset": 0, "created": 5, "changed": changed,
        })
    };
    let record = |key: &str, notes: Vec<Value>| {
        serde_json::json!({ "key": key, "notes": notes }).to_string()
    };
    let of_tides = vec![
        note(
            "n2",
            "He had a *rope* in his hand.",
            "stood a man. ",
            "",
            "A knot,\nwhich?",
            7,
        ),
        note("n1", "The tide came in.", "Tides ", " Nobody", "", 6),
        note(
            "n3",
            "A sentence that was cut since.",
            "never ",
            " ever",
            "Pity.",
            8,
        ),
    ];
    let lines = [
        r#"{"format":"recto state","version":1}"#.to_owned(),
        record("https://example.org/tides", of_tides),
        record(
            "https://example.org/elsewhere",
            vec![note("n4", "x", "", "", "y", 1)],
        ),
    ];
    let folder = shelf()
        .with(
            "lib/tides.md",
            "---\ntitle: Tides\ndate: 2026-01-04\nauthor: Ines Calder\n\
             url: https://example.org/tides\n---\n\nThe tide came in. Nobody saw it.\n\n\
             On the quay stood a man. He had a \\*rope\\* in his hand.\n",
        )
        .with("notes.jsonl", lines.join("\n"));
    let file = folder.path("notes.jsonl");
    let told = run(&folder, "data", &["import", file.to_str().unwrap()]);
    assert_eq!(told, "2 new, 0 changed, 0 unchanged, 0 failed\n");
    folder
}

#[test]
fn notes_are_exported_as_markdown_in_the_order_of_the_text() {
    let folder = noted();
    assert_eq!(
        run(&folder, "data", &["export", "notes"]),
        "# Tides\n\nInes Calder · 4 January 2026\n\n<https://example.org/tides>\n\n\
         > The tide came in.\n\n\
         > He had a \\*rope\\* in his hand.\n\nA knot,\nwhich?\n\n\
         > A sentence that was cut since.\n\n*(no longer in the text)*\n\nPity.\n"
    );
    assert_eq!(titles(&folder, "data", "is:noted"), ["Tides"]);
    let some = run(&folder, "data", &["export", "notes", "tides", "-anchors"]);
    assert!(some.starts_with("# Tides"));
    let none = recto(&folder, "data", &["export", "notes", "anchors"]).assert();
    let none = none.code(1);
    assert_eq!(
        (out(&none), err(&none)),
        (
            String::new(),
            "recto: in no story that matches anything is highlighted or noted; elsewhere it is:\n  \
             https://example.org/elsewhere\n"
                .to_owned(),
        )
    );
    let none = recto(&folder, "empty", &["export", "notes"])
        .assert()
        .code(1);
    assert_eq!(
        err(&none),
        "recto: nothing is highlighted or noted in these stories yet\n"
    );
    let wrong = recto(&folder, "data", &["export", "state", "tides"])
        .assert()
        .code(2);
    assert_eq!(
        err(&wrong),
        "recto: export state takes no query: it prints all there is\n"
    );
}

#[test]
fn notes_of_files_opened_by_name_are_exported_where_no_library_is_named() {
    let folder = shelf().with(
        "loose.md",
        "---\ntitle: Loose\ndate: 2026-01-04\n---\n\nThe tide came in.\n",
    );
    let loose = folder.path("loose.md").canonicalize().unwrap();
    let lines = [
        r#"{"format":"recto state","version":1}"#.to_owned(),
        json!({
            "key": format!("file:{}", loose.to_str().unwrap()),
            "notes": [{"id": "n1", "exact": "The tide", "text": "When?", "created": 1}],
        })
        .to_string(),
    ];
    let folder = folder.with("notes.jsonl", lines.join("\n"));
    let file = folder.path("notes.jsonl");
    run(&folder, "data", &["import", file.to_str().unwrap()]);
    let export = |words: &[&str]| {
        let arguments = [&["export", "notes"], words].concat();
        let mut command = recto(&folder, "data", &arguments);
        command
            .env_remove("RECTO_LIBRARY")
            .current_dir(folder.path("."));
        command
    };
    let printed = "# Loose\n\n4 January 2026\n\n> The tide\n\nWhen?\n";
    for words in [&[][..], &["loose.md"], &["./loose.md"], &["loose"]] {
        let all = export(words).assert().success();
        assert_eq!(out(&all), printed, "{words:?}");
    }
    export(&["other.md"]).assert().code(1);
    // A library that is named has its own notes; where there are others is said.
    let none = recto(&folder, "data", &["export", "notes"])
        .assert()
        .code(1);
    assert_eq!(
        err(&none),
        format!(
            "recto: nothing is highlighted or noted in these stories yet; elsewhere it is:\n  {}\n",
            loose.display()
        )
    );
}

#[test]
fn notes_of_a_story_whose_file_cannot_be_read_are_exported_all_the_same() {
    let folder = noted();
    run(&folder, "data", &["list"]);
    fs::write(
        folder.path("lib/tides.md"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    )
    .unwrap();
    let assert = recto(&folder, "data", &["export", "notes"])
        .assert()
        .success();
    assert!(
        out(&assert).starts_with("# Tides\n\n4 January 2026\n\n<https"),
        "{}",
        out(&assert)
    );
    assert!(out(&assert).contains("> The tide came in."));
    assert!(err(&assert).contains("tides.md"), "{}", err(&assert));
}

#[test]
fn notes_are_carried_to_another_machine_where_the_newer_one_counts() {
    let folder = noted();
    let export = run(&folder, "data", &["export", "state"]);
    let folder = folder.with("all.jsonl", &export);
    let import = |data: &str, name: &str| {
        let file = folder.path(name);
        run(&folder, data, &["import", file.to_str().unwrap()])
    };
    assert_eq!(
        import("other", "all.jsonl"),
        "2 new, 0 changed, 0 unchanged, 0 failed\n"
    );
    assert_eq!(
        import("other", "all.jsonl"),
        "0 new, 0 changed, 2 unchanged, 0 failed\n"
    );
    let notes_in = |export: &str| -> Vec<Value> {
        let lines = export.lines().skip(1);
        let records = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        records.map(|record| record["notes"].clone()).collect()
    };
    let there = run(&folder, "other", &["export", "state"]);
    assert_eq!(
        notes_in(&there),
        notes_in(&export),
        "nothing is lost on the way"
    );
    // A note says nothing of whether its story was read.
    assert!(!there.contains("false"), "{there}");
    assert_eq!(
        run(&folder, "other", &["export", "notes"]),
        run(&folder, "data", &["export", "notes"])
    );
    // Of two forms of one note the newer one stays, whichever came last.
    let changed = |text: &str, at: u64| {
        let line = serde_json::json!({ "key": "https://example.org/tides", "notes": [{
            "id": "n3", "exact": "A sentence that was cut since.", "text": text, "changed": at,
        }] });
        format!("{{\"format\":\"recto state\",\"version\":1}}\n{line}\n")
    };
    let path = folder.path("one.jsonl");
    for (text, at, counts) in [
        ("Older", 7, "0 new, 0 changed, 1 unchanged"),
        ("Newer", 9, "0 new, 1 changed, 0 unchanged"),
    ] {
        fs::write(&path, changed(text, at)).unwrap();
        assert_eq!(
            import("other", "one.jsonl"),
            format!("{counts}, 0 failed\n")
        );
    }
    let notes = run(&folder, "other", &["export", "notes"]);
    assert!(notes.contains("Newer") && !notes.contains("Pity") && !notes.contains("Older"));
}

#[test]
fn a_note_that_can_be_none_is_refused_and_one_from_outside_is_cleaned() {
    let folder = shelf();
    let line = |note: Value| {
        let line = serde_json::json!({ "key": "https://example.org/c", "notes": [note] });
        format!("{{\"format\":\"recto state\",\"version\":1}}\n{line}\n")
    };
    let path = folder.path("one.jsonl");
    for (note, why) in [
        (serde_json::json!({ "exact": "Three." }), "no id"),
        (
            serde_json::json!({ "id": "a", "exact": " " }),
            "about no words",
        ),
        (
            serde_json::json!({ "id": "a", "exact": "x".repeat(20_000) }),
            "more than",
        ),
    ] {
        fs::write(&path, line(note)).unwrap();
        let assert = recto(&folder, "data", &["import", path.to_str().unwrap()]).assert();
        assert!(err(&assert.code(1)).contains(why), "{why}");
    }
    let note = serde_json::json!({ "id": "a", "exact": "Three.", "text": "A \u{1b}[31mnote\u{7}" });
    fs::write(&path, line(note)).unwrap();
    run(&folder, "data", &["import", path.to_str().unwrap()]);
    let notes = run(&folder, "data", &["export", "notes"]);
    assert!(
        notes.contains("> Three.") && notes.contains("note"),
        "{notes}"
    );
    assert!(
        !notes.contains('\u{1b}') && !notes.contains('\u{7}'),
        "{notes:?}"
    );
}

/// Somebody whom permissions bind.
#[cfg(unix)]
const NOBODY: u32 = 65_534;

/// Runs recto as somebody whom permissions bind; none where that cannot be.
#[cfg(unix)]
fn as_nobody(folder: &Folder, arguments: &[&str]) -> Option<std::process::Output> {
    use std::os::unix::process::CommandExt;
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_recto"));
    command
        .args(arguments)
        .env("RECTO_LIBRARY", folder.path("lib"))
        .env("RECTO_DATA", folder.path("data"))
        .env("HOME", folder.path("data"));
    if std::os::unix::fs::chown(folder.path("lib"), Some(NOBODY), None).is_ok() {
        command.uid(NOBODY);
    }
    command.output().ok()
}

/// A library whose database has a log, with or without anything in it, as whoever was killed leaves it; all of
/// it is of somebody whom permissions bind.
#[cfg(unix)]
fn killed_over(more: i64) -> Folder {
    use std::os::unix::fs::chown;
    let folder = used();
    permit(folder.root(), 0o755);
    let (data, aside) = (folder.path("data"), folder.path("aside"));
    let database = rusqlite::Connection::open(data.join("recto.db")).unwrap();
    database
        .execute("UPDATE turn SET number = number + ?1", [more])
        .unwrap();
    fs::create_dir(&aside).unwrap();
    let _ = chown(&aside, Some(NOBODY), None);
    for it in fs::read_dir(&data).unwrap().flatten() {
        let copy = aside.join(it.file_name());
        fs::copy(it.path(), &copy).unwrap();
        // Only root can, and only root has to.
        let _ = chown(copy, Some(NOBODY), None);
    }
    drop(database);
    fs::remove_dir_all(&data).unwrap();
    fs::rename(&aside, data).unwrap();
    folder
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_database_that_may_only_be_read_is_named_and_nothing_is_said_to_be_kept() {
    for more in [0, 1] {
        let folder = killed_over(more);
        let database = folder.path("data/recto.db");
        permit(&database, 0o444);
        let before = fs::read(&database).unwrap();
        let Some(listed) = as_nobody(&folder, &["list", "is:starred"]) else {
            return;
        };
        let told = String::from_utf8_lossy(&listed.stderr).into_owned();
        assert!(listed.status.success(), "{told}");
        let found = String::from_utf8_lossy(&listed.stdout).into_owned();
        assert!(found.contains("Currents"), "{told}");
        let named = "data/recto.db cannot be written to (Permission denied";
        assert!(
            told.contains("What you do is not kept: ") && told.contains(named),
            "{told}"
        );
        let marked = as_nobody(&folder, &["mark", "Anchors", "--star"]).unwrap();
        assert!(
            !marked.status.success() && marked.stdout.is_empty(),
            "{marked:?}"
        );
        let told = as_nobody(&folder, &["doctor"]).unwrap().stdout;
        let told = String::from_utf8_lossy(&told).into_owned();
        assert!(told.contains("recto.db cannot be written to"), "{told}");
        assert_eq!(fs::read(&database).unwrap(), before);
        permit(&database, 0o644);
        let after = as_nobody(&folder, &["list", "is:starred"]).unwrap();
        assert!(
            after.stderr.is_empty() && after.stdout == listed.stdout,
            "{after:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_log_that_was_sealed_with_its_database_is_opened_with_it() {
    for sealed in ["recto.db-wal", "recto.db-shm"] {
        let folder = killed_over(1);
        permit(&folder.path(&format!("data/{sealed}")), 0o444);
        let Some(marked) = as_nobody(&folder, &["mark", "Anchors", "--star"]) else {
            return;
        };
        assert!(
            marked.status.success() && marked.stderr.is_empty(),
            "{sealed}: {marked:?}"
        );
        let starred = as_nobody(&folder, &["list", "is:starred"]).unwrap().stdout;
        let starred = String::from_utf8_lossy(&starred).into_owned();
        assert!(
            starred.contains("Anchors") && starred.contains("Currents"),
            "{starred}"
        );
    }
}
