//! Every page in `tests/captures/` is read and compared with the expectation beside it.
//!
//! `NAME.txt` is a page saved as plain text, `NAME.toml` says what must come out; a key that is
//! not there must be empty in the story, except lists, `language` and `url`, which are then not looked
//! at. `RECTO_CAPTURES` names another folder to try, `RECTO_CAPTURE` one page of it,
//! whose text is then shown.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use recto::ingest::capture;
use recto::story::{Published, Story, iso};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    title: String,
    authors: Option<Vec<String>>,
    published: Option<String>,
    updated: Option<String>,
    categories: Option<Vec<String>>,
    tags: Option<Vec<String>>,
    url: Option<String>,
    summary: Option<String>,
    language: Option<String>,
    call_to_action: Option<String>,
    comments_count: Option<u32>,
    related: Option<Vec<Teaser>>,
    #[serde(default)]
    body_starts: String,
    #[serde(default)]
    body_ends: String,
    #[serde(default)]
    body_has: Vec<String>,
    #[serde(default)]
    body_lacks: Vec<String>,
    paragraphs: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Teaser {
    title: String,
    summary: Option<String>,
    published: Option<String>,
}

/// A Markdown text as a reader sees it, and how many paragraphs outside of lists it has.
fn plain(markdown: &str) -> (String, usize) {
    let (mut text, mut paragraphs, mut lists) = (String::new(), 0, 0);
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(Tag::List(_)) => lists += 1,
            Event::End(TagEnd::List(_)) => lists -= 1,
            Event::End(TagEnd::Paragraph) => {
                paragraphs += usize::from(lists == 0);
                text.push('\n');
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Item) => text.push('\n'),
            _ => {}
        }
    }
    (text.trim().to_owned(), paragraphs)
}

fn compare(story: &Story, expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |what: &str, found: String, wanted: String| {
        if found != wanted {
            wrong.push(format!("{what}: found {found}, wanted {wanted}"));
        }
    };
    let date = |date: Option<Published>| date.map(iso).unwrap_or_default();
    check("title", story.title.clone(), expected.title.clone());
    for (what, found, wanted) in [
        ("authors", &story.authors, &expected.authors),
        ("categories", &story.categories, &expected.categories),
        ("tags", &story.tags, &expected.tags),
    ] {
        if let Some(wanted) = wanted {
            check(what, format!("{found:?}"), format!("{wanted:?}"));
        }
    }
    check(
        "published",
        date(story.published),
        expected.published.clone().unwrap_or_default(),
    );
    check(
        "updated",
        date(story.updated),
        expected.updated.clone().unwrap_or_default(),
    );
    check(
        "summary",
        format!("{:?}", story.summary),
        format!("{:?}", expected.summary),
    );
    check(
        "call_to_action",
        format!("{:?}", story.call_to_action.as_ref().map(|link| &link.text)),
        format!("{:?}", expected.call_to_action.as_ref()),
    );
    check(
        "comments",
        format!("{:?}", story.comments_count),
        format!("{:?}", expected.comments_count),
    );
    if expected.url.is_some() {
        check(
            "url",
            format!("{:?}", story.url),
            format!("{:?}", expected.url),
        );
    }
    if expected.language.is_some() {
        check(
            "language",
            format!("{:?}", story.language),
            format!("{:?}", expected.language),
        );
    }
    if let Some(related) = &expected.related {
        let found: Vec<_> = story
            .related
            .iter()
            .map(|teaser| (teaser.title.as_str(), date(teaser.published)))
            .collect();
        let wanted: Vec<_> = related
            .iter()
            .map(|teaser| {
                (
                    teaser.title.as_str(),
                    teaser.published.clone().unwrap_or_default(),
                )
            })
            .collect();
        check("related", format!("{found:?}"), format!("{wanted:?}"));
        for (found, wanted) in story.related.iter().zip(related) {
            if wanted.summary.is_some() {
                check(
                    "teaser",
                    format!("{:?}", found.summary),
                    format!("{:?}", wanted.summary),
                );
            }
        }
    }
    let (body, paragraphs) = plain(&story.markdown);
    if !body.starts_with(&expected.body_starts) {
        let start: String = body.chars().take(120).collect();
        wrong.push(format!(
            "body starts: {start:?}, wanted {:?}",
            expected.body_starts
        ));
    }
    if !body.ends_with(&expected.body_ends) {
        let end: Vec<char> = body.chars().rev().take(160).collect();
        let end: String = end.into_iter().rev().collect();
        wrong.push(format!(
            "body ends: {end:?}, wanted {:?}",
            expected.body_ends
        ));
    }
    for part in expected
        .body_has
        .iter()
        .filter(|part| !body.contains(part.as_str()))
    {
        wrong.push(format!("body lacks {part:?}"));
    }
    for part in expected
        .body_lacks
        .iter()
        .filter(|part| body.contains(part.as_str()))
    {
        wrong.push(format!("body has {part:?}"));
    }
    if let Some(wanted) = expected.paragraphs
        && wanted != paragraphs
    {
        wrong.push(format!("{paragraphs} paragraphs, wanted {wanted}"));
    }
    wrong
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of captures is part of the project")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    pages.sort();
    pages
}

#[test]
fn captures_are_read_as_expected() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let folder = std::env::var_os("RECTO_CAPTURES").map_or(own, PathBuf::from);
    let only = std::env::var("RECTO_CAPTURE").ok();
    let (mut report, mut right, mut all) = (String::new(), 0, 0);
    for path in pages(&folder) {
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        if only
            .as_ref()
            .is_some_and(|only| !name.contains(only.as_str()))
        {
            continue;
        }
        all += 1;
        let text = std::fs::read_to_string(&path).expect("a capture is UTF-8");
        let expected = std::fs::read_to_string(path.with_extension("toml"))
            .expect("an expectation stands beside it");
        let expected: Expected =
            toml::from_str(&expected).unwrap_or_else(|error| panic!("{name}: {error}"));
        let wrong = match capture::read(&text, &name) {
            Some(story) => {
                if only.is_some() {
                    println!("{story:#?}\n{}", story.markdown);
                }
                compare(&story, &expected)
            }
            None => vec!["not taken for a page".to_owned()],
        };
        right += usize::from(wrong.is_empty());
        if !wrong.is_empty() {
            let _ = writeln!(report, "== {name}\n   {}", wrong.join("\n   "));
        }
    }
    assert!(report.is_empty(), "{right} of {all} right\n{report}");
}
