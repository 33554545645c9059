//! The rules of the house, read from the files themselves: which module may use which, how long a
//! file grows, what the README says of the keys, whose licences come along, what the bundled
//! stories must have.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that cannot look fails.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, atomic::AtomicBool},
};

use recto::{
    app::action::{self, PLACES, Spec},
    document::Document,
    library::{Input, Library},
    story::{Anchor, Listing, Story, StoryId},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Which module may use which (`ARCHITECTURE.md`).
const ARROWS: &[(&str, &[&str])] = &[
    ("story", &[]),
    ("document", &["story"]),
    ("ingest", &["story"]),
    ("library", &["story", "ingest"]),
    ("net", &["story", "ingest", "library"]),
    ("keep", &["story", "document", "ingest", "library", "net"]),
    ("export", &["story", "document", "ingest", "keep"]),
    ("config", &["story"]),
    ("app", &["story", "document"]),
    ("view", &["app", "document", "story"]),
    (
        "runtime",
        &[
            "story", "document", "ingest", "library", "net", "keep", "config", "app", "view",
        ],
    ),
    (
        "cli",
        &[
            "story", "document", "ingest", "library", "net", "keep", "export", "config", "app",
            "runtime",
        ],
    ),
];

/// Lines of the longest file that one still reads.
const LONGEST: usize = 600;

/// Licences that recto's own allow to come along.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "CC0-1.0",
    "0BSD",
    "Unlicense",
    "BSL-1.0",
];

/// Every source file with its path below `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let src = Path::new(ROOT).join("src");
    let mut folders = vec![src.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&src).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

/// The names of the modules that stand on the path of a file: `app/list.rs` is `app`, `list`.
fn modules(file: &Path) -> Vec<String> {
    file.with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .filter(|name| name != "mod")
        .collect()
}

fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| match line.match_indices("//").next() {
            Some((at, _)) if !line[..at].ends_with(':') => &line[..at],
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The name that a path begins with, or the names in the braces that it begins with.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(list) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let (mut depth, mut names, mut part) = (0, Vec::new(), String::new());
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => names.push(name(&std::mem::take(&mut part))),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                part.push(c);
            }
        }
    }
    names.push(name(&part));
    names.retain(|name| !name.is_empty());
    names
}

/// The modules at the top that a file names: through `crate::`, or through enough of `super::`.
fn used(file: &Path, text: &str) -> BTreeSet<String> {
    let text = without_comments(text);
    let up = "super::".repeat(modules(file).len());
    ["crate::", &up]
        .into_iter()
        .flat_map(|path| text.match_indices(path).map(move |(at, _)| at + path.len()))
        .flat_map(|at| first_names(&text[at..]))
        .filter(|name| ARROWS.iter().any(|(module, _)| module == name))
        .collect()
}

#[test]
fn modules_use_only_what_the_table_of_arrows_allows() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let module = &modules(&file)[0];
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| name == module) else {
            assert!(
                module == "lib" || module == "main",
                "{module} is in no row of the table of arrows"
            );
            continue;
        };
        for name in used(&file, &text) {
            if name != *module && !allowed.contains(&name.as_str()) {
                wrong.push(format!(
                    "src/{}: {module} may not use {name}",
                    file.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_arrows_has_every_module_and_no_circle() {
    let lib = fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).unwrap();
    let declared: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .map(|name| name.trim_end_matches(';'))
        .collect();
    assert_eq!(declared, ARROWS.iter().map(|(module, _)| *module).collect());

    // Each uses only what stands above it, so that nothing leads back.
    for (place, (module, allowed)) in ARROWS.iter().enumerate() {
        let above = |name: &&str| ARROWS[..place].iter().any(|(it, _)| it == name);
        assert!(
            allowed.iter().all(above),
            "{module} uses what stands below it"
        );
    }
}

/// The one file that may ask for what the compiler cannot check.
const UNCHECKED: &str = "runtime/memory.rs";

#[test]
fn everything_but_one_call_is_checked_by_the_compiler() {
    for (file, text) in sources() {
        let text = without_comments(&text);
        let blocks = text.matches("unsafe {").count();
        let allowed = usize::from(file == Path::new(UNCHECKED));
        assert_eq!(blocks, allowed, "src/{}", file.display());
    }
}

#[test]
fn arrows_are_seen_however_they_are_written() {
    let file = Path::new("view/list.rs");
    let found = |text| used(file, text).into_iter().collect::<Vec<_>>();
    assert_eq!(found("use crate::story::Row;"), ["story"]);
    assert_eq!(
        found("use crate::{\n    app::{self, Model},\n    library,\n};"),
        ["app", "library"]
    );
    assert_eq!(
        found("let it = crate::ingest::read(&[], \"\");"),
        ["ingest"]
    );
    assert_eq!(found("use super::super::runtime::Session;"), ["runtime"]);
    assert!(found("/// See [`crate::cli`].\nuse super::put;").is_empty());
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("src/{}: {lines} lines", file.display()))
        .collect();
    assert!(
        long.is_empty(),
        "over {LONGEST} lines:\n{}",
        long.join("\n")
    );
}

/// The README's list of keys.
fn key_table() -> String {
    let row = |spec: &Spec| {
        let keys: Vec<String> = spec.keys.iter().map(|key| format!("`{key}`")).collect();
        format!("| {} | {} |", escaped(&keys.join(" ")), escaped(spec.help))
    };
    let mut lines = vec!["| Keys | What they do |".to_owned(), "| --- | --- |".into()];
    for place in PLACES {
        lines.push(format!("| **{}** | |", place.heading()));
        lines.extend(action::all().filter(|it| it.place == place).map(row));
    }
    lines.join("\n")
}

/// A cell of a Markdown table ends at a bar, even within code.
fn escaped(cell: &str) -> String {
    cell.replace('|', "\\|")
}

#[test]
fn the_readme_lists_the_keys_that_there_are() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap_or_default();
    let listed = readme
        .split_once("<!-- keys -->")
        .and_then(|(_, rest)| rest.split_once("<!-- /keys -->"))
        .map(|(table, _)| table.trim());
    let table = key_table();
    assert!(
        listed == Some(&table),
        "README.md is to say, between <!-- keys --> and <!-- /keys -->:\n\n{table}\n"
    );
}

/// Whether one may choose to be bound by nothing but [`LICENCES`].
fn allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (answer, rest) = any_of(&words);
    answer && rest.is_empty()
}

fn any_of<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    let (mut answer, mut rest) = all_of(words);
    while let ["OR", after @ ..] = rest {
        let (next, left) = all_of(after);
        (answer, rest) = (answer | next, left);
    }
    (answer, rest)
}

fn all_of<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    let (mut answer, mut rest) = one(words);
    while let ["AND", after @ ..] = rest {
        let (next, left) = one(after);
        (answer, rest) = (answer & next, left);
    }
    (answer, rest)
}

fn one<'a>(words: &'a [&'a str]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inside @ ..] => match any_of(inside) {
            (answer, [")", rest @ ..]) => (answer, rest),
            (_, rest) => (false, rest),
        },
        [licence, "WITH", exception, rest @ ..] => {
            let whole = format!("{licence} WITH {exception}");
            (LICENCES.contains(&whole.as_str()), rest)
        }
        [licence, rest @ ..] => (LICENCES.contains(licence), rest),
        [] => (false, &[]),
    }
}

#[test]
fn licence_expressions_are_understood() {
    for (expression, answer) in [
        ("MIT", true),
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only", false),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", true),
        ("MIT OR Apache-2.0 AND GPL-3.0-only", true),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
        ("GPL-2.0 WITH Classpath-exception-2.0", false),
        ("", false),
        ("(MIT", false),
    ] {
        assert_eq!(allowed(expression), answer, "{expression}");
    }
}

/// What cargo answers.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn everything_that_comes_along_may_come_along() {
    // What other systems alone need may not have been fetched: looked at is what is built here.
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let output = cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--offline",
        "--locked",
        "--filter-platform",
        host.unwrap(),
    ]);
    let metadata: serde_json::Value = serde_json::from_str(&output).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let wrong: Vec<String> = packages
        .iter()
        .filter(|it| !it["license"].as_str().is_some_and(allowed))
        .map(|it| format!("{} {}: {}", it["name"], it["version"], it["license"]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The bundled stories with their names in the list.
fn bundled() -> (Library, Vec<(StoryId, Story)>) {
    let clock = Arc::new(jiff::ZonedDateTime::now);
    let library = Library::open(None, vec![Input::Bundled], clock).unwrap();
    let scanned = library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    assert_eq!(scanned.warnings, [""; 0]);
    let rows = library
        .window(&Listing::default(), Anchor::Start, 0, &|| false)
        .unwrap()
        .rows;
    let stories = rows
        .iter()
        .map(|row| (row.id, library.read(row.id).unwrap()))
        .collect();
    (library, stories)
}

#[test]
fn every_bundled_story_is_complete() {
    let (library, stories) = bundled();
    assert!(stories.len() >= 16, "only {} stories", stories.len());
    assert_eq!(
        stories.len(),
        library.len().unwrap(),
        "the list shows all of them at once"
    );
    for (id, story) in stories {
        let name = library.place(id).unwrap().unwrap().name();
        assert_eq!(story.warnings, [""; 0], "{name}");
        assert!(
            story.title_given && !story.title.is_empty(),
            "{name}: title"
        );
        assert!(story.published.is_some(), "{name}: date");
        assert!(!story.authors.is_empty(), "{name}: author");
        assert!(!story.categories.is_empty(), "{name}: category");
        assert!(!story.markdown.trim().is_empty(), "{name}: text");
    }
}

#[test]
fn every_link_in_a_bundled_story_leads_somewhere() {
    let (library, stories) = bundled();
    let document = |story: &Story| Document::new(story.clone(), &jiff::tz::TimeZone::UTC);
    for (id, story) in &stories {
        let name = library.place(*id).unwrap().unwrap().name();
        let here = document(story);
        let outside = |link: &str| {
            ["http://", "https://", "mailto:"]
                .iter()
                .any(|it| link.starts_with(it))
        };
        for link in here
            .part(0)
            .unwrap()
            .links
            .iter()
            .filter(|link| !outside(link))
        {
            // Pictures stand beside the stories.
            if Path::new(ROOT).join("articles").join(link).is_file() && !link.ends_with(".md") {
                continue;
            }
            if let Some(anchor) = link.strip_prefix('#') {
                assert!(here.named(anchor).is_some(), "{name}: {link}");
                continue;
            }
            let (there, anchor) = library
                .resolve(*id, link)
                .unwrap()
                .unwrap_or_else(|| panic!("{name}: {link} leads to no story"));
            if let Some(anchor) = anchor {
                let there = document(&library.read(there).unwrap());
                assert!(there.named(&anchor).is_some(), "{name}: {link}");
            }
        }
    }
}

#[test]
fn every_picture_of_a_bundled_story_ships_with_it() {
    let (library, stories) = bundled();
    let mut shipped = 0;
    for (id, story) in stories {
        let document = Document::new(story, &jiff::tz::TimeZone::UTC);
        for picture in document.pictures {
            let bytes = library.shipped_picture(id, &picture.src);
            assert!(bytes.is_some_and(|it| !it.is_empty()), "{}", picture.src);
            shipped += 1;
        }
    }
    assert!(shipped >= 5, "only {shipped} pictures");
}
