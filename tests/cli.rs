//! The command line: the real binary, a folder for each test, what it prints and how it exits.

// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/folder.rs"]
mod folder;

use std::{collections::BTreeSet, fs};

use assert_cmd::Command;
use folder::Folder;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_recto");

/// What each object of `inspect --json` has.
const KEYS: [&str; 17] = [
    "authors",
    "categories",
    "comments_count",
    "comments_url",
    "id",
    "kind",
    "language",
    "lead_image",
    "markdown",
    "published",
    "related",
    "summary",
    "tags",
    "title",
    "updated",
    "url",
    "words",
];

const YAML: &str = r#"---
title: "Knots: a manual"
authors: [Ann Lee, Bob Roe]
date: 2019-02-28
lastmod: 2019-03-01T10:00:00Z
categories: [Sea]
tags: [rope, hands]
url: https://example.org/knots
image: knot.png
summary: What a rope can do.
lang: en-GB
---

A **reef knot** is [not a bend](bend.md).
"#;

const TOML: &str = r#"+++
title = "Knots: a manual"
authors = ["Ann Lee", "Bob Roe"]
date = 2019-02-28
updated = 2019-03-01T10:00:00Z
categories = ["Sea"]
tags = ["rope", "hands"]
canonical = "https://example.org/knots"
cover = "knot.png"
description = "What a rope can do."
lang = "en-GB"
+++

A **reef knot** is [not a bend](bend.md).
"#;

const JSON: &str = r#"{
  "title": "Knots: a manual",
  "author": ["Ann Lee", "Bob Roe"],
  "published": "2019-02-28",
  "modified": "2019-03-01T10:00:00Z",
  "category": "Sea",
  "tags": ["rope", "hands"],
  "link": "https://example.org/knots",
  "hero": "knot.png",
  "excerpt": "What a rope can do.",
  "lang": "en-GB"
}

A **reef knot** is [not a bend](bend.md).
"#;

/// How a run of the program went.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(command: &mut Command) -> Run {
        let output = command.output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What was printed by a run that went well and complained about nothing.
    fn printed(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        self.out
    }

    /// What was said by a run that failed and printed nothing.
    fn complaint(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (1, ""), "{self:?}");
        assert!(self.err.starts_with("recto: "), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        self.err
    }
}

/// The program, started in `folder`, with nothing of the tester's own surroundings.
fn recto(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_clear()
        .env("TZ", "UTC")
        .env("HOME", folder.root())
        .current_dir(folder.root())
        .args(arguments);
    command
}

fn run(folder: &Folder, arguments: &[&str]) -> Run {
    Run::of(&mut recto(folder, arguments))
}

fn object(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

fn inspected(folder: &Folder, name: &str) -> Value {
    object(&run(folder, &["inspect", "--json", name]).printed())
}

/// The titles that `list` printed: what stands between the first two tabs.
fn titles(list: &str) -> Vec<&str> {
    list.lines()
        .map(|line| line.split('\t').nth(1).unwrap())
        .collect()
}

/// A shelf of three stories.
fn shelf() -> Folder {
    Folder::new()
        .with_story("b.md", "Slavonic letters", "2018-01-02", "Az, buky, vedi.")
        .with_story("a/a.md", "Solve a valley", "2020-05-06", "On maps.")
        .with_story("c.md", "Bread", "2019-03-04", "Flour and water.")
}

#[test]
fn list_prints_a_story_a_line_newest_first() {
    let list = run(&shelf(), &["list", "--library", "."]).printed();
    assert_eq!(
        titles(&list),
        ["Solve a valley", "Bread", "Slavonic letters"]
    );
    let days: Vec<_> = list.lines().map(|line| &line[..10]).collect();
    assert_eq!(days, ["2020-05-06", "2019-03-04", "2018-01-02"]);
}

#[test]
fn list_alone_has_the_bundled_stories() {
    let list = run(&Folder::new(), &["list"]).printed();
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/articles");
    let names = std::fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stories = names.filter(|name| !name.starts_with("pictures")).count();
    assert_eq!(list.lines().count(), stories);
    assert!(list.contains("Seven knots"));
}

#[test]
fn list_is_cut_to_a_limit() {
    for (limit, count) in [("0", 0), ("2", 2), ("99", 3)] {
        let list = run(&shelf(), &["list", "--library", ".", "--limit", limit]).printed();
        assert_eq!(list.lines().count(), count);
    }
}

#[test]
fn list_with_words_has_the_best_match_first() {
    let folder = shelf();
    let list = run(&folder, &["list", "slav", "--library", "."]).printed();
    assert_eq!(titles(&list)[0], "Slavonic letters");
    assert!(!titles(&list).contains(&"Bread"));
    let list = run(&folder, &["list", "--library", ".", "letters", "slav"]).printed();
    assert_eq!(titles(&list), ["Slavonic letters"]);
}

#[test]
fn list_without_a_match_fails_and_says_so() {
    let said = run(&shelf(), &["list", "zqxj", "--library", "."]).complaint();
    assert!(said.contains("no story matches"), "{said}");
    let none = Folder::new();
    let said = run(&none, &["list", "--library", "."]).complaint();
    assert!(said.contains("no story"), "{said}");
}

#[test]
fn list_of_an_address_has_the_story_of_that_page() {
    let folder =
        Folder::new()
            .with("a.md", YAML)
            .with_story("b.md", "Bread", "2018-01-01", "Flour.");
    let address = "https://example.org/knots";
    let list = run(&folder, &["list", address, "--library", "."]).printed();
    assert_eq!(titles(&list), ["Knots: a manual"]);
    let said = run(&folder, &["list", "https://example.org/", "--library", "."]).complaint();
    assert!(said.contains("recto URL reads a page"), "{said}");
    let said = run(&folder, &["list", "-", "--library", "."]).complaint();
    assert!(said.contains("list reads no standard input"), "{said}");
}

#[test]
fn list_takes_words_as_they_are_written_and_else_the_nearest() {
    let folder = shelf();
    let list = run(&folder, &["list", "slav", "--library", "."]).printed();
    assert_eq!(titles(&list), ["Slavonic letters"], "not Solve a valley");
    let near = run(&folder, &["list", "slvonic", "--library", "."]);
    assert_eq!(
        (near.code, titles(&near.out)),
        (1, vec!["Slavonic letters"])
    );
    assert!(near.err.contains("as they are written"), "{}", near.err);
    let count = run(&folder, &["list", "slvonic", "--library", ".", "--count"]).printed();
    assert_eq!(count, "0\n", "what is counted was not guessed");
    let list = run(&folder, &["list", "-bread", "--library", "."]).printed();
    assert_eq!(titles(&list), ["Solve a valley", "Slavonic letters"]);
}

#[test]
fn mark_does_what_list_shows_and_no_more() {
    let folder = shelf();
    let mark = |arguments: &[&str]| {
        let arguments = [&["mark", "--library", "."], arguments].concat();
        run(&folder, &arguments)
    };
    assert_eq!(
        mark(&["slav", "--star"]).printed(),
        "starred “Slavonic letters”\n"
    );
    // Nothing that says which stories is not every story.
    for nothing in [
        &["", "--read"][..],
        &[" ", "--remove"],
        &["sort:title", "--star"],
    ] {
        assert_eq!(mark(nothing).code, 2, "{nothing:?}");
    }
    let list = |query: &str| {
        let list = run(&folder, &["list", query, "--count", "--library", "."]);
        list.printed().trim().parse::<usize>().unwrap()
    };
    assert_eq!((list("is:read"), list("is:removed")), (0, 0));
    assert_eq!(mark(&["bread", "--tag", " "]).code, 2);
    let both = mark(&["-slavonic", "--read", "--tag", "rest"]).printed();
    assert_eq!(both, "marked read and tagged rest 2 stories\n");
    assert_eq!(
        mark(&["--all", "--read"]).printed(),
        "marked read “Slavonic letters”\n"
    );
    assert_eq!(list("is:read"), 3);
}

#[test]
fn what_cannot_be_kept_is_not_said_to_be_done() {
    let folder = shelf().with("file", "no folder");
    for what in [
        &["mark", "bread", "--star"][..],
        &["list", "bread", "--save", "b"],
    ] {
        let arguments = [what, &["--library", ".", "--data", "file"]].concat();
        let run = run(&folder, &arguments);
        assert_eq!((run.code, &*run.out), (1, ""), "{run:?}");
        assert!(run.err.contains("not kept"), "{run:?}");
    }
}

#[test]
fn mark_brings_back_what_was_removed_and_leaves_the_tags_of_files() {
    let folder = Folder::new().with("a.md", "---\ntitle: Bread\ntags: [yeast]\n---\nFlour.");
    let mark = |arguments: &[&str]| {
        run(&folder, &[&["mark", "--library", "."], arguments].concat()).printed()
    };
    assert_eq!(mark(&["bread", "--remove"]), "removed “Bread”\n");
    let told = run(&folder, &["list", "--library", "."]).complaint();
    assert!(told.contains("all that was here is removed"), "{told}");
    assert_eq!(mark(&["bread", "--restore"]), "brought back “Bread”\n");
    let untagged = mark(&["tag:yeast", "--untag", "yeast"]);
    assert!(untagged.contains("one in its file stays"), "{untagged}");
}

#[test]
fn a_query_is_kept_under_a_name_and_forgotten() {
    let folder = shelf();
    let list =
        |arguments: &[&str]| run(&folder, &[&["list", "--library", "."], arguments].concat());
    assert_eq!(
        list(&["bread", "--save", "two words"]).printed(),
        "kept as @\"two words\"\n"
    );
    assert_eq!(titles(&list(&["@\"two words\""]).printed()), ["Bread"]);
    assert_eq!(
        list(&["", "--save", "two words"]).printed(),
        "forgot @\"two words\"\n"
    );
    assert!(
        list(&["", "--save", "two words"])
            .complaint()
            .contains("no query")
    );
}

#[test]
fn who_forgets_a_query_that_another_asks_for_is_told() {
    let folder = shelf();
    let list =
        |arguments: &[&str]| run(&folder, &[&["list", "--library", "."], arguments].concat());
    list(&["bread", "--save", "b"]).printed();
    list(&["@b", "--save", "c"]).printed();
    let told = list(&["", "--save", "b"]);
    assert_eq!((told.code, told.out.as_str()), (0, "forgot @b\n"));
    assert!(
        told.err
            .contains("@c finds nothing now: no query is kept as @b"),
        "{told:?}"
    );
}

#[test]
fn a_query_is_not_kept_under_a_name_that_it_leads_to() {
    let folder = shelf();
    let list =
        |arguments: &[&str]| run(&folder, &[&["list", "--library", "."], arguments].concat());
    list(&["bread", "--save", "b"]).printed();
    list(&["@b", "--save", "c"]).printed();
    for query in ["@b", "@c", "@c is:unread"] {
        let refused = list(&[query, "--save", "b"]);
        assert_eq!((refused.code, &*refused.out), (2, ""), "{refused:?}");
        assert!(refused.err.contains("leads back to itself"), "{refused:?}");
        assert_eq!(titles(&list(&["@c"]).printed()), ["Bread"]);
    }
}

#[test]
fn what_is_wrong_with_a_query_is_shown_where_it_is() {
    let wrong = run(&shelf(), &["list", "bread", "colour:red", "--library", "."]);
    assert_eq!((wrong.code, &*wrong.out), (2, ""));
    assert!(
        wrong.err.starts_with("recto: no field is called colour;"),
        "{}",
        wrong.err
    );
    assert!(
        wrong
            .err
            .ends_with("  bread colour:red\n        ^^^^^^^^^^\n"),
        "{}",
        wrong.err
    );
}

#[test]
fn list_prints_json_lines() {
    let list = run(&shelf(), &["list", "--library", ".", "--json"]).printed();
    let stories: Vec<Value> = list.lines().map(object).collect();
    assert_eq!(stories.len(), 3);
    assert_eq!(stories[0]["title"], "Solve a valley");
    assert_eq!(stories[0]["published"], "2020-05-06");
    assert_eq!(stories[0]["read"], false);
    assert!(stories[0]["path"].as_str().unwrap().ends_with("a.md"));
}

/// A shelf with words in its texts, and its database beside it.
fn texts() -> Folder {
    Folder::new()
        .with_story(
            "shelf/knots.md",
            "Knots",
            "2019-02-28",
            "Above all, a *reef* knot is [not a bend](https://example.org/hidden). Über alles: 東京.",
        )
        .with_story("shelf/reef.md", "The reef", "2020-03-04", "Corals live there.")
}

fn search(folder: &Folder, arguments: &[&str]) -> Run {
    let arguments = [
        &["--library", "shelf", "--data", "data", "search"],
        arguments,
    ]
    .concat();
    run(folder, &arguments)
}

#[test]
fn search_prints_stories_with_their_passages_best_first() {
    let folder = texts();
    let found = search(&folder, &["reef"]).printed();
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(lines.len(), 3, "{found}");
    assert!(lines[0].starts_with("2020-03-04\tThe reef\t"), "{found}");
    assert!(lines[1].starts_with("2019-02-28\tKnots\t"), "{found}");
    assert_eq!(
        lines[2],
        "    Above all, a reef knot is not a bend. Über alles: 東京."
    );
    let found = search(&folder, &["reef", "--limit", "1"]).printed();
    assert_eq!(found.lines().count(), 1, "{found}");
}

#[test]
fn search_counts_what_it_finds() {
    let folder = texts();
    for (query, count) in [("reef", "2\n"), ("reef -knot", "1\n"), ("zqxj", "0\n")] {
        assert_eq!(search(&folder, &[query, "--count"]).printed(), count);
    }
}

#[test]
fn search_says_where_there_is_no_word_to_look_for() {
    let folder = texts();
    for query in [&["&"][..], &["&", "--count"], &["\"!?\""], &["--", "-&"]] {
        let run = search(&folder, query);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{query:?}: {run:?}");
        assert!(run.err.contains("there is no word in"), "{run:?}");
    }
    // With other conditions it is as if the sign were not there.
    let found = search(&folder, &["reef & knot", "--count"]).printed();
    assert_eq!(found, "1\n");
    assert_eq!(search(&folder, &["is:unread", "--count"]).printed(), "2\n");
}

#[test]
fn of_a_story_in_several_folders_the_file_in_the_one_that_was_asked_for_is_named() {
    let text = "---\ntitle: One\nurl: https://example.org/one\n---\n\nA word.\n";
    let folder = Folder::new()
        .with("shelf/a/one.md", text)
        .with("shelf/x/in/other.md", text);
    for (query, file) in [
        ("one", "a/one.md"),
        ("folder:x", "x/in/other.md"),
        ("folder:x/in", "x/in/other.md"),
        ("folder:=a", "a/one.md"),
    ] {
        for command in ["list", "search"] {
            let arguments = [
                "--library",
                "shelf",
                "--data",
                "data",
                command,
                query,
                "--json",
            ];
            let line = run(&folder, &arguments).printed();
            let path = object(&line)["path"].as_str().unwrap().to_owned();
            if (command, query) != ("search", "one") {
                assert!(path.ends_with(file), "{command} {query}: {path}");
            }
        }
    }
}

#[test]
fn a_query_with_half_a_field_is_not_kept() {
    let folder = texts();
    let arguments = |query| {
        [
            "--library",
            "shelf",
            "--data",
            "data",
            "list",
            query,
            "--save",
            "x",
        ]
    };
    for query in ["foo:", "reef foo:", "tag:", "before:soon", "-foo:"] {
        let run = run(&folder, &arguments(query));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{query}: {run:?}");
    }
    let kept = ["--library", "shelf", "--data", "data", "list", "@x"];
    assert_eq!(run(&folder, &kept).code, 2, "nothing was kept");
    assert_eq!(
        run(&folder, &arguments("\"Ahoy:\"")).printed(),
        "kept as @x\n"
    );
}

#[test]
fn search_takes_phrases_words_begun_and_words_that_must_not_be() {
    let folder = texts();
    for (query, count) in [
        (&["reef knot"][..], 1),
        (&["reef -knot"], 1),
        (&["reef", "--", "-knot"], 1),
        (&["\"reef knot\""], 1),
        (&["kno*"], 1),
        (&["uber"], 1),
        (&["東"], 1),
    ] {
        let found = search(&folder, query).printed();
        let titles = found.lines().filter(|line| !line.starts_with("    "));
        assert_eq!(titles.count(), count, "{query:?}: {found}");
    }
    for query in ["kno", "hidden", "zqxj", "\"knot reef\""] {
        let said = search(&folder, &[query]).complaint();
        assert!(said.contains("no story has that"), "{said}");
    }
}

#[test]
fn search_prints_json_lines() {
    let found = search(&texts(), &["knot", "--json"]).printed();
    let story = object(found.trim_end());
    assert_eq!(story["title"], "Knots");
    assert_eq!(story["published"], "2019-02-28");
    assert_eq!(story["marks"], json!([[18, 22]]));
    let passage = story["passage"].as_str().unwrap();
    assert_eq!(&passage[18..22], "knot");
    assert!(story["path"].as_str().unwrap().ends_with("knots.md"));
    assert_eq!(story["url"], Value::Null);
    assert!(story.as_object().unwrap().contains_key("from"));
}

#[test]
fn search_finds_what_was_changed_since() {
    let folder = texts();
    search(&folder, &["corals"]).printed();
    let folder = folder.with_story("shelf/reef.md", "The reef", "2020-03-04", "Sponges, too.");
    search(&folder, &["sponges"]).printed();
    search(&folder, &["corals"]).complaint();
}

#[test]
fn search_without_words_is_wrong_usage() {
    assert_eq!(search(&texts(), &[]).code, 2);
    assert_eq!(search(&texts(), &["minutes:knot"]).code, 2);
}

#[test]
fn the_library_is_named_by_an_option_or_else_by_the_surroundings() {
    let folder = Folder::new()
        .with_story("one/a.md", "In one", "2020-01-01", "One.")
        .with_story("two/a.md", "In two", "2020-01-01", "Two.");
    let mut command = recto(&folder, &["list"]);
    let list = Run::of(command.env("RECTO_LIBRARY", "one")).printed();
    assert_eq!(titles(&list), ["In one"]);
    let list = Run::of(command.args(["--library", "two"])).printed();
    assert_eq!(titles(&list), ["In two"]);
    let list = run(&folder, &["--library", "two", "list"]).printed();
    assert_eq!(titles(&list), ["In two"]);
    let list = run(&folder, &["--library", "two"]).printed();
    assert_eq!(titles(&list), ["In two"]);
}

#[test]
fn a_library_without_a_name_is_none() {
    let list = Run::of(recto(&Folder::new(), &["list"]).env("RECTO_LIBRARY", "")).printed();
    assert_eq!(list, run(&Folder::new(), &["list"]).printed());
}

#[test]
fn a_library_that_is_no_folder_is_named() {
    let folder = shelf();
    for name in ["no-such-folder", "b.md"] {
        let said = run(&folder, &["list", "--library", name]).complaint();
        assert!(
            said.contains(name) && said.contains("RECTO_LIBRARY"),
            "{said}"
        );
    }
}

#[test]
fn show_prints_the_text_of_a_story() {
    let folder = Folder::new().with("a.md", YAML);
    for arguments in [
        &["show", "a.md"][..],
        &["show", "a.md", "--format", "text"],
        &["a.md"],
    ] {
        let text = run(&folder, arguments).printed();
        for shown in [
            "Knots: a manual",
            "Ann Lee, Bob Roe",
            "28 February 2019",
            "What a rope can do.",
            "A reef knot is not a bend.",
        ] {
            assert!(text.contains(shown), "no “{shown}” in:\n{text}");
        }
        assert!(!text.contains('\x1b') && !text.contains("**"), "{text}");
        assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
    }
}

#[test]
fn show_prints_the_text_with_attributes() {
    let folder = Folder::new().with("a.md", YAML);
    let ansi = run(&folder, &["show", "a.md", "--format", "ansi"]).printed();
    assert!(ansi.contains("\x1b[1mreef knot\x1b[0m"), "{ansi:?}");
    let plain = run(&folder, &["show", "a.md"]).printed();
    let lines: Vec<_> = without_attributes(&ansi)
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    assert_eq!(lines, plain.lines().collect::<Vec<_>>());
}

/// `text` without `ESC [ … m`.
fn without_attributes(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let mut out = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (codes, rest) = piece.split_once('m').unwrap();
        assert!(
            codes.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{codes:?}"
        );
        out.push_str(rest);
    }
    out
}

#[test]
fn show_sets_the_text_to_a_width() {
    let body = "Short words for a long line of text. ".repeat(40);
    let folder = Folder::new().with_story("a.md", "Lines", "2020-01-01", &body);
    let widest = |width: &str| {
        let text = run(&folder, &["show", "a.md", "--width", width]).printed();
        text.lines().map(|line| line.chars().count()).max().unwrap()
    };
    for (width, cells) in [("20", 20), ("72", 72), ("200", 200)] {
        let widest = widest(width);
        assert!(
            widest <= cells && widest > cells * 3 / 4,
            "{widest} of {cells}"
        );
    }
    for wrong in ["0", "-3", "wide", "99999"] {
        assert_eq!(run(&folder, &["show", "a.md", "--width", wrong]).code, 2);
    }
}

#[test]
fn show_reads_standard_input() {
    let folder = Folder::new();
    for arguments in [&["show", "-"][..], &["-"]] {
        let text = Run::of(recto(&folder, arguments).write_stdin(YAML)).printed();
        assert!(text.contains("A reef knot is not a bend."), "{text}");
    }
}

#[test]
fn show_finds_a_story_by_words_of_its_title() {
    let text = run(&shelf(), &["show", "--library", ".", "slavonic", "letters"]).printed();
    assert!(text.contains("Az, buky, vedi."), "{text}");
    let text = run(&Folder::new(), &["show", "seven", "knots"]).printed();
    assert!(text.contains("Seven knots"), "{text}");
}

#[test]
fn show_prints_markdown_that_says_the_same_when_it_is_read_again() {
    let folder = Folder::new().with("a.md", YAML);
    let markdown = run(&folder, &["show", "a.md", "--format", "markdown"]).printed();
    assert!(
        markdown.starts_with("---\n") && markdown.contains("**reef knot**"),
        "{markdown}"
    );
    let folder = folder.with("again.md", &markdown);
    let (once, again) = (inspected(&folder, "a.md"), inspected(&folder, "again.md"));
    for key in ["title", "authors", "published", "url", "markdown"] {
        assert_eq!(once[key], again[key], "{key}");
    }
}

#[test]
fn tabs_of_code_stay_in_markdown_and_are_spaces_on_the_page() {
    let text =
        "---\ntitle:\tTools\n---\n\n```make\nall:\n\techo\thi\n\t日本\tb\n```\n\n<pre>a\tb</pre>\n";
    let folder = Folder::new().with("a.md", text);
    let show = |format: &str| run(&folder, &["show", "a.md", "--format", format]).printed();
    for format in ["markdown", "html"] {
        let shown = show(format);
        assert!(shown.contains("\n\techo\thi\n"), "{format}: {shown}");
        assert!(shown.contains("a\tb"), "{format}: {shown}");
    }
    let json = inspected(&folder, "a.md");
    assert_eq!(json["title"], "Tools");
    assert!(json["markdown"].as_str().unwrap().contains("\techo\thi"));
    let text = show("text");
    assert!(text.contains("\n      echo    hi\n"), "{text}");
    assert!(text.contains("\n      日本    b\n"), "{text}");
    assert!(text.contains("a   b") && !text.contains('\t'), "{text}");
    // So does that of pages.
    let words = "<p>Words of it, and many more of them, so that it is a story.</p>".repeat(30);
    let page = format!(
        "<html><body><article><h1>T</h1>{words}<pre>x\ty</pre>{words}</article></body></html>"
    );
    let folder = folder.with("b.html", &page);
    let shown = run(&folder, &["show", "b.html", "--format", "markdown"]).printed();
    assert!(shown.contains("x\ty"), "{shown}");
}

#[test]
fn show_prints_a_page_in_which_titles_are_no_tags() {
    let folder = Folder::new().with_story(
        "a.md",
        "\"Salt & <pepper>\"",
        "2020-01-01",
        "Some *stress*.\n",
    );
    let page = run(&folder, &["show", "a.md", "--format", "html"]).printed();
    assert!(page.to_lowercase().starts_with("<!doctype html>"), "{page}");
    assert!(
        page.contains("<title>Salt &amp; &lt;pepper&gt;</title>"),
        "{page}"
    );
    assert!(page.contains("<em>stress</em>"), "{page}");
}

#[test]
fn show_prints_the_json_that_inspect_prints() {
    let folder = Folder::new().with("a.md", YAML);
    let shown = run(&folder, &["show", "a.md", "--format", "json"]).printed();
    assert_eq!(object(&shown), inspected(&folder, "a.md"));
}

#[test]
fn what_is_not_there_is_named() {
    let folder = shelf();
    for arguments in [
        &["show", "nowhere.md"][..],
        &["inspect", "nowhere.md"],
        &["nowhere.md"],
        &["b.md", "nowhere.md"],
    ] {
        let said = run(&folder, arguments).complaint();
        assert!(said.contains("nowhere.md"), "{said}");
    }
}

#[test]
fn show_says_that_a_folder_is_no_story() {
    let said = run(&shelf(), &["show", "a"]).complaint();
    assert!(said.contains("a is a folder"), "{said}");
}

#[test]
fn an_address_is_told_from_a_path() {
    let folder = Folder::new();
    for address in ["https://example.org/a", "http://example.org/a"] {
        let said = run(&folder, &[address, "other.md"]).complaint();
        assert!(
            said.contains(address) && said.contains("recto save"),
            "{said}"
        );
    }
}

#[test]
fn what_is_no_text_fails_with_one_reason() {
    let folder = Folder::new().with("p.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    for arguments in [
        &["inspect", "p.png"][..],
        &["inspect", "--json", "p.png"],
        &["show", "p.png"],
        &["p.png"],
    ] {
        let said = run(&folder, arguments).complaint();
        assert_eq!(said.matches("p.png").count(), 1, "{said}");
        assert_eq!(said.matches("PNG picture").count(), 1, "{said}");
    }
}

#[test]
fn inspect_tells_all_that_front_matter_says() {
    let folder = Folder::new()
        .with("y.md", YAML)
        .with("t.md", TOML)
        .with("j.md", JSON);
    for name in ["y.md", "t.md", "j.md"] {
        let mut story = inspected(&folder, name);
        let markdown = story["markdown"].take();
        assert_eq!(
            markdown.as_str().unwrap().trim(),
            "A **reef knot** is [not a bend](bend.md).",
            "{name}"
        );
        let expected = json!({
            "kind": "markdown",
            "title": "Knots: a manual",
            "authors": ["Ann Lee", "Bob Roe"],
            "published": "2019-02-28",
            "updated": "2019-03-01T10:00:00Z",
            "categories": ["Sea"],
            "tags": ["rope", "hands"],
            "url": "https://example.org/knots",
            "id": null,
            "lead_image": "knot.png",
            "summary": "What a rope can do.",
            "language": "en-GB",
            "words": 7,
            "comments_url": null,
            "comments_count": null,
            "related": [],
            "markdown": null,
        });
        // The name of a file that only recto knows may serve as an identifier.
        story["id"].take();
        assert_eq!(story, expected, "{name}");
    }
}

#[test]
fn inspect_prints_the_keys_that_were_agreed_on() {
    let folder = Folder::new()
        .with("a.md", YAML)
        .with("b.md", "Nothing but words.\n")
        .with("c.txt", "A title\n\nAnd a paragraph of plain text.\n");
    for name in ["a.md", "b.md", "c.txt"] {
        let story = inspected(&folder, name);
        let keys: BTreeSet<_> = story.as_object().unwrap().keys().cloned().collect();
        let keys: Vec<_> = keys
            .iter()
            .filter(|key| *key != "call_to_action")
            .map(String::as_str)
            .collect();
        assert_eq!(keys, KEYS, "{name}");
    }
}

#[test]
fn inspect_reads_what_has_no_front_matter() {
    let folder = Folder::new()
        .with("a.md", "# The heading\n\nA body of five words.\n")
        .with("plain-words.txt", "one two three\n");
    let story = inspected(&folder, "a.md");
    assert_eq!(story["title"], "The heading");
    assert_eq!(
        story["markdown"].as_str().unwrap().trim(),
        "A body of five words."
    );
    assert_eq!(story["words"], 5);
    let story = inspected(&folder, "plain-words.txt");
    assert_eq!(story["kind"], "text");
    assert!(!story["title"].as_str().unwrap().is_empty());
    let of_stdin = Run::of(
        recto(&folder, &["inspect", "-", "--json"]).write_stdin("# The heading\n\nA body.\n"),
    );
    assert_eq!(object(&of_stdin.printed())["title"], "The heading");
}

const FEED: &str = "\
<?xml version='1.0'?>
<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'
  xmlns:wfw='http://wellformedweb.org/CommentAPI/' xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>
<channel><title>The Coast Post</title><link>https://coast.example/</link>
<item><title>A Boat &amp;amp; a Wall</title><link>/boat</link><guid isPermaLink='false'>boat-1</guid>
<author>ann@coast.example (Ann Lee)</author><pubDate>Wed, 03 Mar 2021 10:15:00 GMT</pubDate>
<content:encoded><![CDATA[<p>It is <b>lost</b>. <a href='more'>More</a></p>]]></content:encoded>
<comments>/boat#comments</comments><wfw:commentRss>/boat/feed</wfw:commentRss><slash:comments>2</slash:comments>
<enclosure url='/boat.mp3' type='audio/mpeg' length='9'/></item>
<item><description>Nothing but words.</description></item>
</channel></rss>
";

#[test]
fn a_json_feed_that_breaks_off_is_refused_in_words() {
    let broken = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[[[";
    let folder = Folder::new().with("broken.json", broken);
    let assert = recto(&folder, &["inspect", "broken.json"]).assert().code(1);
    let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(
        said.contains("broken.json: this JSON Feed cannot be read"),
        "{said}"
    );
}

#[test]
fn inspect_prints_an_object_for_each_entry_of_a_feed() {
    let folder = Folder::new().with("feed.xml", FEED);
    let base = ["--base-url", "https://coast.example/feeds/all.xml"];
    let arguments = [&["inspect", "feed.xml", "--json"], &base[..]].concat();
    let printed = run(&folder, &arguments).printed();
    let entries: Vec<Value> = printed.lines().map(object).collect();
    let [boat, words] = &entries[..] else {
        panic!("{printed}");
    };
    for (key, value) in [
        ("kind", json!("feed")),
        ("title", json!("A Boat & a Wall")),
        ("url", json!("https://coast.example/boat")),
        ("id", json!("boat-1")),
        ("authors", json!(["Ann Lee"])),
        ("author", json!("ann@coast.example (Ann Lee)")),
        ("published", json!("2021-03-03T10:15:00Z")),
        ("comments_url", json!("https://coast.example/boat#comments")),
        ("comments_feed", json!("https://coast.example/boat/feed")),
        ("comments_count", json!(2)),
        (
            "markdown",
            json!("It is **lost**. [More](https://coast.example/more)"),
        ),
    ] {
        assert_eq!(boat[key], value, "{key}");
    }
    assert_eq!(
        boat["enclosures"][0]["url"],
        "https://coast.example/boat.mp3"
    );
    assert_eq!(boat["enclosures"][0]["type"], "audio/mpeg");
    assert_eq!(
        (&words["title"], &words["url"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(words["markdown"], "Nothing but words.");
    for key in KEYS {
        assert!(boat.get(key).is_some(), "{key}");
    }
    let readable = run(&folder, &["inspect", "feed.xml"]).printed();
    assert!(
        readable.contains("\nenclosure   https://coast.example/boat.mp3 audio/mpeg\n"),
        "{readable}"
    );
    assert!(
        readable.contains("title       Nothing but words."),
        "{readable}"
    );
}

#[test]
fn a_feed_that_is_opened_as_a_file_shows_its_entries_in_a_row() {
    let folder = Folder::new()
        .with("feed.xml", FEED)
        .with("a.md", "# A\n\nb\n");
    let shown = run(&folder, &["show", "feed.xml"]).printed();
    let at = |words: &str| {
        shown
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {shown}"))
    };
    assert!(at("The Coast Post") < at("A Boat & a Wall"));
    assert!(at("It is lost. More") < at("Nothing but words."));
    let piped = Run::of(recto(&folder, &["-"]).write_stdin(FEED)).printed();
    assert!(piped.contains("A Boat & a Wall"), "{piped}");
    // In a folder of stories it is none of them.
    let list = run(&folder, &["list", "--library", "."]).printed();
    assert_eq!(titles(&list), ["A"]);
    let page = Folder::new().with("feed.xml", "<!doctype html><html><body>404</body></html>");
    let failed = run(&page, &["inspect", "feed.xml", "--json"]);
    assert!(!failed.out.contains("\"kind\":\"feed\""), "{failed:?}");
}

#[test]
fn inspect_reads_a_page_that_was_saved_as_text() {
    let page = "\
Harbour Walls Give Way - The Coast Post

Harbour Walls Give Way
\u{2022} Published on
March 3, 2021
\u{2022} Written by:
Ann Lee
\u{2022} Category:
Sea, Weather
Hero Banner
Take Action: Ask the council to rebuild the wall.

The wall of the old harbour gave way on Tuesday night, after three days of wind from the north.

Nobody was hurt, says the harbour master, who had closed the quay in the afternoon.

\u{201c}We knew that it would come,\u{201d} she says. \u{201c}We did not know which night.\u{201d}

We are glad to hear from you. Comments that insult others are removed.
Inline Feedbacks
View all comments
This week
A Boat Comes Home
Forty years after it was lost, a boat lies at its old place.
| Friday March 5, 2021
Read more
";
    let story = inspected(&Folder::new().with("page.txt", page), "page.txt");
    assert_eq!(story["kind"], "capture");
    assert_eq!(story["title"], "Harbour Walls Give Way");
    assert_eq!(story["published"], "2021-03-03");
    assert_eq!(story["authors"], json!(["Ann Lee"]));
    assert_eq!(story["categories"], json!(["Sea", "Weather"]));
    assert!(
        story["call_to_action"]["text"]
            .as_str()
            .unwrap()
            .contains("Ask the council")
    );
    assert_eq!(story["related"][0]["title"], "A Boat Comes Home");
    assert_eq!(story["related"][0]["published"], "2021-03-05");
    let body = story["markdown"].as_str().unwrap();
    assert!(body.starts_with("The wall of the old harbour"), "{body}");
    assert!(body.trim_end().ends_with("which night.\u{201d}"), "{body}");
}

#[test]
fn inspect_prints_a_line_for_each_story_of_a_folder() {
    let lines = run(&shelf(), &["inspect", ".", "--json"]).printed();
    let mut titles: Vec<_> = lines
        .lines()
        .map(|line| object(line)["title"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    assert_eq!(titles, ["Bread", "Slavonic letters", "Solve a valley"]);
}

#[test]
fn inspect_is_legible_too() {
    let folder = Folder::new().with("a.md", YAML);
    let text = run(&folder, &["inspect", "a.md"]).printed();
    for shown in ["Knots: a manual", "Ann Lee, Bob Roe", "2019-02-28", "Sea"] {
        assert!(text.contains(shown), "no “{shown}” in:\n{text}");
    }
}

#[test]
fn wrong_front_matter_is_warned_of_and_the_body_is_read() {
    for (name, front, line) in [
        (
            "y.md",
            "---\ntitle: Fine\ndate: [2020\n---\n",
            &["line 3", "line 4"][..],
        ),
        (
            "t.md",
            "+++\ntitle = \"Fine\"\ndate = = 2\n+++\n",
            &["line 3"],
        ),
        (
            "j.md",
            "{\n  \"title\": \"Fine\",\n  \"date\" 2\n}\n",
            &["line 3"],
        ),
        (
            "d.md",
            "---\ntitle: Fine\ndate: the day before\n---\n",
            &["line 3"],
        ),
    ] {
        let folder = Folder::new().with(name, format!("{front}\nThe body is here.\n"));
        for arguments in [&["inspect", "--json", name][..], &["show", name]] {
            let run = run(&folder, arguments);
            assert_eq!(run.code, 0, "{run:?}");
            assert!(
                line.iter().any(|line| run.err.contains(line)),
                "{name}: {run:?}"
            );
            assert!(run.out.contains("The body is here."), "{name}: {run:?}");
        }
        let run = run(&folder, &["inspect", "--json", name]);
        assert!(run.err.contains(name), "{run:?}");
        assert_eq!(
            object(&run.out)["markdown"].as_str().unwrap().trim(),
            "The body is here."
        );
    }
}

#[test]
fn addresses_are_resolved_against_the_base() {
    let folder = Folder::new()
        .with("a.md", "---\nurl: ../b\n---\n\nWords.\n")
        .with("b.md", "---\nimage: c.png\n---\n\nWords.\n");
    let base = ["--json", "--base-url", "https://example.org/d/e.html"];
    let story = |name| {
        let arguments = [&["inspect", name][..], &base].concat();
        object(&run(&folder, &arguments).printed())
    };
    assert_eq!(story("b.md")["lead_image"], "https://example.org/d/c.png");
    assert_eq!(story("b.md")["url"], "https://example.org/d/e.html");
    assert_eq!(story("a.md")["url"], "https://example.org/b");
}

#[test]
fn addresses_in_the_body_are_resolved_against_the_base() {
    let body = "A [link](b.html), a ![picture](p.png), [here](#here), [there][t].\n\n[t]: ../c\n";
    let folder = Folder::new().with_story("a.md", "A", "2020-01-01", body);
    let base = ["--base-url", "https://example.org/d/e.html"];
    let arguments = [&["show", "a.md", "--format", "html"][..], &base].concat();
    let page = run(&folder, &arguments).printed();
    for address in [
        "href=\"https://example.org/d/b.html\"",
        "src=\"https://example.org/d/p.png\"",
        "href=\"https://example.org/c\"",
    ] {
        assert!(page.contains(address), "no {address} in:\n{page}");
    }
}

#[test]
fn a_page_has_nothing_empty_in_it() {
    let folder = Folder::new().with("a.md", "# A title\n\nA body.\n");
    let page = run(&folder, &["show", "a.md", "--format", "html"]).printed();
    assert!(page.contains("<h1>A title</h1>"), "{page}");
    for empty in ["lang=\"\"", "<p></p>"] {
        assert!(!page.contains(empty), "{empty} in:\n{page}");
    }
}

#[test]
fn the_byline_of_each_bundled_story_is_kept_whole() {
    let list = run(&Folder::new(), &["list", "knots", "--json"]).printed();
    let seven = object(list.lines().next().unwrap());
    assert_eq!(seven["from"], "Margin & Co.");
}

#[test]
fn wrong_usage_exits_with_two() {
    let folder = shelf();
    for arguments in [
        &["--no-such-flag"][..],
        &["list", "--no-such-flag"],
        &["list", "--limit", "many"],
        &["show", "b.md", "--format", "pdf"],
        &["inspect"],
        &["show"],
        &["inspect", "b.md", "--base-url", "d/e"],
    ] {
        let run = run(&folder, arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains("--help"), "{run:?}");
    }
}

#[test]
fn help_shows_examples() {
    let folder = Folder::new();
    let help = run(&folder, &["--help"]).printed();
    for shown in ["Usage: recto", "Examples:", "recto list", "| recto -"] {
        assert!(help.contains(shown), "no “{shown}” in:\n{help}");
    }
    for command in ["list", "show", "inspect"] {
        assert!(help.contains(command));
        let help = run(&folder, &[command, "--help"]).printed();
        assert!(help.contains(&format!("Usage: recto {command}")), "{help}");
    }
}

#[test]
fn the_version_is_told() {
    let version = run(&Folder::new(), &["--version"]).printed();
    assert_eq!(version, concat!("recto ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn without_a_terminal_a_folder_is_a_list() {
    let list = run(&shelf(), &["."]).printed();
    assert_eq!(
        titles(&list),
        ["Solve a valley", "Bread", "Slavonic letters"]
    );
    let list = run(&shelf(), &["a", "c.md"]).printed();
    assert_eq!(titles(&list), ["Solve a valley", "Bread"]);
    let alone = run(&Folder::new(), &[]).printed();
    assert_eq!(alone, run(&Folder::new(), &["list"]).printed());
}

#[test]
fn a_folder_without_stories_says_what_is_missing() {
    let folder = Folder::new().with("a/picture.png", [0; 8]);
    let said = run(&folder, &["a"]).complaint();
    assert!(
        said.contains("a: no story") && said.contains(".md"),
        "{said}"
    );
}

/// Text that a terminal would obey, in every way that a story can hold it.
const CONTROLS: &str =
    "\x1b]0;pwned\x07\x1b[7;7H\u{9b}7;7H\x7f\x08&#27;[7;7H&#x9b;7;7H&#7;\u{202e}";

#[test]
fn control_characters_never_reach_the_output() {
    let yaml = r#""T \e]0;pwned\a\e[7;7H\u009b7;7H \u202e end""#;
    let body = format!(
        "B {CONTROLS}\n\n## H {CONTROLS}\n\n`c {CONTROLS}` [l {CONTROLS}](n{CONTROLS}.md)\n\n\
         ```\nblock {CONTROLS}\n```\n\n| t {CONTROLS} |\n|---|\n| c |\n\n![p {CONTROLS}](p.png)\n\n\
         <p>html {CONTROLS}</p>\n"
    );
    let json = r#"{"title": "J \u001b]0;pwned\u0007\u009b7;7H", "author": "A \u001b[7;7H",
 "summary": "S \u001b[7;7H", "tags": ["t\u001b[7m"], "date": "\u001b[7mnever"}"#;
    let folder = Folder::new()
        .with_story("1.md", yaml, "2020-02-02", &body)
        .with("2.md", format!("---\ntitle: R {CONTROLS}\n---\n{body}"))
        .with("3.txt", format!("P {CONTROLS}\n\n{body}"))
        .with("4.md", format!("{json}\n\n{body}"))
        .with("5.md", format!("---\ntitle: [{CONTROLS}\n---\n{body}"));
    let mut runs = vec![
        run(&folder, &["list", "--library", "."]),
        run(&folder, &["list", "--library", ".", "--json"]),
        run(&folder, &["inspect", "."]),
        run(&folder, &["inspect", ".", "--json"]),
        run(&folder, &["show", "no\x1b[7;7H\u{9b}such"]),
        run(&folder, &["no\x1b[7;7H\u{9b}such.md"]),
    ];
    for name in ["1.md", "2.md", "3.txt", "4.md", "5.md"] {
        runs.push(run(&folder, &[name]));
        for format in ["text", "markdown", "html", "json", "ansi"] {
            let mut run = run(&folder, &["show", name, "--format", format]);
            if format == "ansi" {
                run.out = without_attributes(&run.out);
            }
            runs.push(run);
        }
    }
    for run in runs {
        for text in [&run.out, &run.err] {
            let found = text
                .chars()
                .find(|c| (c.is_control() && !"\n\t".contains(*c)) || *c == '\u{202e}');
            assert_eq!(found, None, "{text:?}");
        }
        for line in run.out.lines().filter(|line| line.starts_with('{')) {
            if let Ok(value) = serde_json::from_str::<Value>(line) {
                assert_clean(&value);
            }
        }
    }
}

/// No text in `value` holds a control character but the end of a line.
fn assert_clean(value: &Value) {
    match value {
        Value::String(text) => {
            assert!(
                !text.chars().any(|c| c.is_control() && c != '\n'),
                "{text:?}"
            );
        }
        Value::Array(items) => items.iter().for_each(assert_clean),
        Value::Object(items) => items.values().for_each(assert_clean),
        _ => {}
    }
}

#[cfg(unix)]
#[test]
fn whoever_has_read_enough_may_close_the_pipe() {
    let text = "A paragraph that is long enough to fill a pipe.\n\n".repeat(20_000);
    let folder = Folder::new().with_story("a.md", "Long", "2020-01-01", &text);
    for command in ["show a.md", "inspect a.md", "inspect a.md --json", "a.md"] {
        let line = format!(r#"{{ "$0" {command}; echo "exit $?" >&2; }} | head -1"#);
        let mut shell = Command::new("/bin/sh");
        shell
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir(folder.root())
            .args(["-c", &line, PROGRAM]);
        let run = Run::of(&mut shell);
        assert_eq!(run.err, "exit 0\n", "{command}");
        assert_eq!(run.out.lines().count(), 1, "{command}");
    }
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_no_stories() {
    let folder = Folder::new().with("a.md", "Words.\n");
    let pipe = folder.path("pipe.md");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let list = run(&folder, &["."]).printed();
    assert_eq!(list.lines().count(), 1, "{list}");
    let said = run(&folder, &["show", "/dev/zero"]).complaint();
    assert!(
        said.contains("/dev/zero") && said.contains("not a regular file"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_that_is_named_is_read() {
    let folder = Folder::new();
    let pipe = folder.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for (arguments, text, shown) in [
        (&["show", "pipe"][..], YAML, "A reef knot is not a bend."),
        (&["inspect", "pipe"], YAML, "Knots: a manual"),
        (&["pipe"], YAML, "A reef knot is not a bend."),
        (&["show", "pipe"], "", "pipe is empty"),
    ] {
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, text).unwrap()
        });
        let run = run(&folder, arguments);
        writer.join().unwrap();
        assert!(
            run.out.contains(shown) || run.err.contains(shown),
            "{run:?}"
        );
        assert_eq!(run.code, i32::from(text.is_empty()), "{run:?}");
    }
}

#[test]
fn an_empty_standard_input_is_an_error_where_it_was_asked_for() {
    let folder = Folder::new();
    for arguments in [&["-"][..], &["show", "-"], &["inspect", "-"]] {
        let said = Run::of(recto(&folder, arguments).write_stdin("")).complaint();
        assert!(said.contains("standard input is empty"), "{said}");
    }
}

#[test]
fn what_is_piped_into_recto_is_read_without_being_asked_for() {
    let folder = shelf();
    let text = Run::of(recto(&folder, &[]).write_stdin(YAML)).printed();
    assert!(text.contains("A reef knot is not a bend."), "{text}");
    // Nothing comes through: then there is the library.
    let list = Run::of(recto(&folder, &["--library", "."]).write_stdin("")).printed();
    assert_eq!(list.lines().count(), 3);
    let list = Run::of(recto(&folder, &["list", "--library", "."]).write_stdin(YAML)).printed();
    assert_eq!(list.lines().count(), 3);
}

#[test]
fn a_file_without_a_date_has_its_own() {
    let folder = Folder::new().with("a.md", "# Undated\n\nWords.\n");
    let file = std::fs::File::open(folder.path("a.md")).unwrap();
    let at = std::time::UNIX_EPOCH + std::time::Duration::new(1_551_312_000, 5);
    file.set_modified(at).unwrap();
    assert_eq!(
        inspected(&folder, "a.md")["published"],
        "2019-02-28T00:00:00Z"
    );
    let text = run(&folder, &["show", "a.md"]).printed();
    assert!(text.contains("28 February 2019"), "{text}");
    let of_stdin = Run::of(recto(&folder, &["inspect", "-", "--json"]).write_stdin("Words.\n"));
    assert_eq!(object(&of_stdin.printed())["published"], Value::Null);
}

#[test]
fn binary_data_is_refused_whatever_its_name_says() {
    let folder = Folder::new()
        .with("p.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01")
        .with("n.txt", [0; 4000])
        .with(
            "t.txt",
            "A text with a NUL\0 in it, and bad bytes: \u{fffd}.\n",
        );
    for (name, why) in [("p.md", "PNG picture"), ("n.txt", "binary data")] {
        for arguments in [&["show", name][..], &["inspect", name], &[name]] {
            let said = run(&folder, arguments).complaint();
            assert!(said.contains(name) && said.contains(why), "{said}");
        }
    }
    let list = run(&folder, &["list", "--library", "."]).printed();
    assert!(list.contains("p.md\tthis is a PNG picture"), "{list}");
    let run = run(&folder, &["show", "t.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("A text with a NUL in it"), "{run:?}");
}

#[test]
fn an_empty_file_says_that_it_is() {
    let folder = shelf().with("empty.md", " \n\n");
    let list = run(&folder, &["list", "--library", "."]).printed();
    assert!(list.contains("\tempty.md\tThis file is empty.\n"), "{list}");
    let shown = run(&folder, &["show", "empty.md"]);
    assert_eq!(
        (shown.code, shown.out.contains("This file is empty.")),
        (0, true)
    );
}

#[test]
fn the_language_is_told_by_the_words() {
    let german = "Die Brücke war alt, und niemand wusste mehr, wer sie gebaut hatte. Im Winter lag \
        Eis auf ihren Steinen, im Sommer saßen die Kinder auf der Mauer und sahen den Booten zu, \
        die langsam unter ihr hindurch zum Meer fuhren.\n";
    let folder = Folder::new()
        .with("a.md", german)
        .with("b.txt", german)
        .with("c.md", format!("---\nlang: nds\n---\n{german}"));
    for (name, tag) in [("a.md", "de"), ("b.txt", "de"), ("c.md", "nds")] {
        assert_eq!(inspected(&folder, name)["language"], tag, "{name}");
    }
}

#[test]
fn words_of_a_title_mean_one_story_or_none() {
    let folder = shelf()
        .with_story("d.md", "Bread and butter", "2017-01-01", "Both.")
        .with_story("e.md", "Bread for all", "2016-01-01", "More.");
    let shown = run(&folder, &["show", "--library", ".", "bread"]).printed();
    assert!(shown.contains("Flour and water."), "{shown}");
    let likely = run(&folder, &["show", "--library", ".", "slavnic"]);
    assert_eq!(likely.err, "recto: showing “Slavonic letters”\n");
    assert!(likely.out.contains("Az, buky, vedi."), "{likely:?}");
    let said = run(&folder, &["show", "--library", ".", "brd"]).complaint();
    assert!(
        said.contains("no title that matches; nearest: “Bread"),
        "{said}"
    );
}

#[test]
fn a_path_for_list_is_told_from_words_of_titles() {
    for query in [".", "a/", "b.md", "no/such"] {
        let run = run(&shelf(), &["list", "--library", ".", query]);
        assert!(run.err.contains("recto PATH"), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_above_is_passed_over_in_silence() {
    let folder = shelf();
    std::os::unix::fs::symlink(folder.root(), folder.path("a/up")).unwrap();
    let list = run(&folder, &["list", "--library", "."]).printed();
    assert_eq!(list.lines().count(), 3, "{list}");
}

#[test]
fn inspect_says_that_a_folder_holds_no_story() {
    let folder = Folder::new().with("a/picture.png", [0; 8]);
    for arguments in [&["inspect", "a"][..], &["list", "--library", "a"]] {
        let said = run(&folder, arguments).complaint();
        assert!(
            said.contains("a: no story") && said.contains(".md"),
            "{said}"
        );
    }
}

#[test]
fn where_nothing_matches_half_a_field_is_told() {
    let folder = texts();
    let at = |arguments: &[&str]| {
        let library = ["--library", "shelf", "--data", "data"];
        run(&folder, &[&library, arguments].concat())
    };
    for query in ["foo:", "reef foo:", "tag:", "-x is:read foo:"] {
        for arguments in [&["list", query][..], &["mark", query, "--star"]] {
            let run = at(arguments);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
            let told = if query == "tag:" {
                "tag: wants a value"
            } else {
                "a field wants a name"
            };
            assert!(run.err.contains(told), "{run:?}");
            // Below the query, with a line that points at the word.
            let wrong = query.split(' ').find(|word| word.ends_with(':')).unwrap();
            let at = " ".repeat(query.find(wrong).unwrap());
            let pointed = format!("  {query}\n  {at}{}\n", "^".repeat(wrong.len()));
            assert!(run.err.ends_with(&pointed), "{run:?}");
        }
    }
}

#[test]
fn kept_queries_that_cannot_be_read_come_from_the_copy() {
    let folder = texts();
    let at = |arguments: &[&str]| {
        let library = ["--library", "shelf", "--data", "data"];
        run(&folder, &[&library, arguments].concat())
    };
    at(&["list", "minutes:<3", "--save", "short"]).printed();
    let path = folder.path("data/recto.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'saved'";
    let page: usize = database.query_row(root, [], |row| row.get(0)).unwrap();
    drop(database);
    let mut bytes = fs::read(&path).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let told = at(&["list", "@short"]);
    assert!(told.err.contains("The database was damaged"), "{told:?}");
    assert!(told.out.contains("The reef"), "{told:?}");
}
