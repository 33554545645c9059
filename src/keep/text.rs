//! The one written form of a story: YAML front matter and Markdown, as recto reads it back.

use std::{fs, hash::Hasher, path::Path};

use jiff::Timestamp;
use siphasher::sip::SipHasher13;

use crate::{
    ingest::{self, ATTACHED},
    story::{self, Kind, Story},
};

/// The story as a file of the shelf; `saved` says when it was kept. Such a file says what it was when recto wrote
/// it, so that what its reader edits is not written over.
pub fn written(story: &Story, saved: Option<Timestamp>) -> String {
    let text = plainly_written(story, saved);
    let front = text.find("\n---\n").filter(|_| saved.is_some());
    match front {
        Some(end) => {
            let (front, rest) = text.split_at(end);
            format!("{front}\n{CHECKSUM}: \"{}\"{rest}", checksum(&text))
        }
        None => text,
    }
}

fn plainly_written(story: &Story, saved: Option<Timestamp>) -> String {
    let mut lines = vec!["---".to_owned()];
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|it| !it.is_empty()) {
            lines.push(format!("{name}: {value}"));
        }
    };
    let text = |value: &Option<String>| value.as_deref().map(quoted);
    let list = |values: &[String]| match values {
        [] => None,
        _ => {
            let values: Vec<String> = values.iter().map(|it| quoted(it)).collect();
            Some(format!("[{}]", values.join(", ")))
        }
    };
    let image = story.lead_image.as_ref();
    let image = image.filter(|it| !it.src.is_empty());
    say("title", Some(quoted(&story.title)));
    say("authors", list(&story.authors));
    say("published", story.published.map(story::iso));
    say("updated", story.updated.map(story::iso));
    say("url", text(&story.url));
    say("source", text(&story.source));
    say("id", text(&story.id));
    let yes = |it: bool| it.then(|| "true".to_owned());
    say("letter", yes(story.kind == Kind::Letter));
    say("apart", yes(story.apart));
    say("own_network", yes(story.own_network && saved.is_some()));
    say("yours", text(&story.yours));
    say("teaser_only", yes(story.teaser));
    say("attachments", attachments(story));
    say("categories", list(&story.categories));
    say("tags", list(&story.tags));
    say("image", image.map(|it| quoted(&it.src)));
    let alt = image.map(|it| &it.alt).filter(|it| !it.is_empty());
    say("image_alt", alt.map(|it| quoted(it)));
    say("summary", text(&story.summary));
    say("lang", text(&story.language));
    say(
        SAVED,
        saved.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
    );
    lines.push("---\n".to_owned());
    let mut out = lines.join("\n");
    out.push('\n');
    let (page, yours) = parted(story);
    out.push_str(page.trim_matches('\n'));
    if let Some(asked) = &story.call_to_action {
        // What captures say apart from their text.
        let words = story::escape::markdown(&asked.text);
        out.push_str(&match &asked.url {
            Some(url) => format!("\n\n[{words}](<{url}>)"),
            None => format!("\n\n{words}"),
        });
    }
    if !yours.is_empty() {
        out.push_str("\n\n");
        out.push_str(yours.trim_matches('\n'));
    }
    out.push('\n');
    out
}

/// The files of a letter that lie beside it: those that stay in its mailbox have numbers for paths.
fn attachments(story: &Story) -> Option<String> {
    let files = story.enclosures.iter().filter_map(|it| {
        let path = it.url.strip_prefix(ATTACHED)?;
        let mut file = serde_json::json!({ "file": path, "name": it.title });
        if let Some(kind) = &it.media_type {
            file["type"] = kind.as_str().into();
        }
        if let Some(bytes) = it.bytes {
            file["bytes"] = bytes.into();
        }
        path.contains('/').then(|| file.to_string())
    });
    let files: Vec<String> = files.collect();
    (!files.is_empty()).then(|| format!("[{}]", files.join(", ")))
}

/// What recto says in the front matter of files that it wrote.
pub(super) const SAVED: &str = "saved";

/// What recto says there of the file as it wrote it.
const CHECKSUM: &str = "checksum";

/// Whether a file of this text is as recto wrote it.
pub(super) fn is_untouched(text: &str) -> bool {
    let Some(front) = text.split("\n---\n").next() else {
        return false;
    };
    let line = front.rsplit('\n').next().unwrap_or_default();
    let told = line
        .strip_prefix(CHECKSUM)
        .and_then(|it| it.strip_prefix(": "));
    let without = || text.replacen(&format!("\n{line}"), "", 1);
    told.is_some_and(|it| it.trim_matches('"') == checksum(&without()))
}

/// Whether a file was as `text` when recto wrote it, whatever its reader made of it since.
pub(super) fn was_written(file: &str, text: &str) -> bool {
    let told = |text: &str| {
        let front = text.split("\n---\n").next()?;
        let mut lines = front.lines();
        lines.find_map(|it| {
            it.strip_prefix(CHECKSUM)?
                .strip_prefix(": ")
                .map(str::to_owned)
        })
    };
    told(file).is_some_and(|it| Some(it) == told(text))
}

fn checksum(text: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    format!("{:016x}", hasher.finish())
}

/// JSON strings are YAML strings (YAML 1.2, 1.3).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A story's file, as it lies there.
pub(super) struct KeptFile {
    /// What it says.
    pub story: Story,
    /// When it was kept; none where recto did not write it.
    pub saved: Option<Timestamp>,
    /// Whether it is as recto wrote it.
    pub untouched: bool,
}

/// Reads a file; none where it is no text that can be read.
pub(super) fn read_kept(path: &Path) -> Option<KeptFile> {
    let text = fs::read_to_string(path).ok()?;
    let saved = saved_at(&text);
    let untouched = saved.is_some() && is_untouched(&text);
    let story = ingest::read_words(text.into_bytes(), "kept.md").ok()?;
    Some(KeptFile {
        story,
        saved,
        untouched,
    })
}

/// When a file of this text was kept, as it says itself; none where recto did not write it.
pub(super) fn saved_at(text: &str) -> Option<Timestamp> {
    let front = text.strip_prefix("---\n")?;
    let lines = front.lines().take_while(|it| *it != "---");
    let mut values = lines.filter_map(|it| it.strip_prefix(SAVED)?.strip_prefix(':'));
    values.next()?.trim().parse().ok()
}

/// The text of a story, and what its reader has below it: that begins with the last heading which the story names.
pub(super) fn parted(story: &Story) -> (&str, &str) {
    let whole = &*story.markdown;
    let heading = story.yours.as_ref().map(|it| format!("## {it}"));
    let lines = whole.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some((*end - line.len(), line.trim_end()))
    });
    let found = heading.and_then(|heading| lines.filter(|(_, it)| *it == heading).last());
    whole.split_at(found.map_or(whole.len(), |(at, _)| at))
}

/// What follows the link, if a story is nothing but a link to its own page: notes and what was marked there.
pub(super) fn beyond_link(story: &Story) -> Option<&str> {
    // Of a text that begins so, the rest would be no note.
    after_link(story).filter(|rest| rest.is_empty() || rest.starts_with("## "))
}

/// What follows a link to its own page, if a story begins with one.
pub(super) fn after_link(story: &Story) -> Option<&str> {
    let url = story.url.as_deref()?.replace(['<', '>'], "");
    let text = story.markdown.trim_start();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_link = first.starts_with('[') && first.trim_end().ends_with(&format!("](<{url}>)"));
    is_link.then_some(rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::{Enclosure, Link, Picture, Published};

    #[test]
    fn what_is_written_is_read_back() {
        let mut story = Story::new(Kind::Markdown, "A: \"b\" # c", "One *two*.\n\n- three");
        story.authors = vec!["Ada, L.".to_owned(), "O'Brien".to_owned()];
        story.published = Some(Published::Day("2026-11-20".parse().unwrap()));
        story.url = Some("https://e.org/a?b=1&c".to_owned());
        story.categories = vec!["Sea: life".to_owned()];
        story.tags = vec!["rope".to_owned()];
        story.own_network = true;
        story.teaser = true;
        story.enclosures = vec![Enclosure {
            url: "attachment:a/plan-0badcafe.pdf".to_owned(),
            media_type: Some("application/pdf".to_owned()),
            bytes: Some(7),
            seconds: None,
            title: Some("Plan: \"all\", für März.pdf".to_owned()),
        }];
        story.summary = Some("Yes\u{2028}no".to_owned());
        story.language = Some("de".to_owned());
        story.lead_image = Some(Picture {
            src: "a/b.png".to_owned(),
            alt: "A knot".to_owned(),
        });
        let now: Timestamp = "2026-11-26T04:05:06Z".parse().unwrap();
        let text = written(&story, Some(now));
        assert_eq!(saved_at(&text), Some(now));
        assert!(is_untouched(&text));
        assert!(!is_untouched(&text.replace("three", "four")));
        assert!(!is_untouched(&text.replace("rope", "cord")));
        let read = ingest::read(text.as_bytes(), "2026-11-20-a.md").unwrap();
        assert_eq!(read.warnings, Vec::<String>::new());
        story.summary = read.summary.clone();
        assert_eq!(read.markdown.trim_end(), story.markdown);
        assert_eq!(
            Story {
                markdown: story.markdown.clone(),
                ..read
            },
            story
        );
        assert_eq!(
            saved_at("---\ntitle: a\n---\nsaved: 2026-11-26T04:05:06Z"),
            None
        );
    }

    #[test]
    fn what_a_reader_has_below_a_text_is_told_from_it() {
        let text = "Words.\n\n## Note\n\nThe page's.";
        let mut story = Story::new(Kind::Capture, "A", format!("{text}\n\n## Note\n\nMine.\n"));
        assert_eq!(parted(&story), (&*story.markdown, ""));
        story.yours = Some("Note".to_owned());
        story.call_to_action = Some(Link {
            text: "Subscribe.".to_owned(),
            url: None,
        });
        let read = ingest::read(written(&story, None).as_bytes(), "a.md").unwrap();
        let (page, yours) = parted(&read);
        assert_eq!(page, format!("{text}\n\nSubscribe.\n\n"));
        assert_eq!(yours, "## Note\n\nMine.\n");
        story.yours = Some("Not".to_owned());
        assert_eq!(parted(&story).1, "");
    }

    #[test]
    fn a_link_is_told_from_a_text_that_begins_with_one() {
        let of = |markdown: &str| {
            let mut story = Story::new(Kind::Markdown, "A", markdown);
            story.url = Some("https://e.org/a".to_owned());
            beyond_link(&story).map(str::to_owned)
        };
        assert_eq!(of("[A](<https://e.org/a>)\n").as_deref(), Some(""));
        let noted = of("[A](<https://e.org/a>)\n\n## Note\n\nYes.\n");
        assert_eq!(noted.as_deref(), Some("## Note\n\nYes."));
        assert_eq!(of("[A](<https://e.org/a>)\n\nIt begins so."), None);
        assert_eq!(of("[A](<https://e.org/b>)"), None);
    }
}
