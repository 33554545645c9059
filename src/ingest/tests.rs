use super::*;
use crate::story::{Kind, iso};
use proptest::prelude::*;

#[test]
fn the_name_and_the_content_say_what_it_is() {
    for (name, text, kind, title) in [
        ("a-b.md", "Just text.", Kind::Markdown, "a b"),
        ("a.MARKDOWN", "# T\n\nx", Kind::Markdown, "T"),
        ("a.txt", "---\ntitle: T\n---\nx", Kind::Markdown, "T"),
        ("a.txt", "# Title\n\nText", Kind::Markdown, "Title"),
        ("-", "+++\ntitle = 'T'\n+++\nx", Kind::Markdown, "T"),
        ("-", "Some text.", Kind::Text, "Untitled"),
        ("a.txt", "The Title\n\nSome text.", Kind::Text, "The Title"),
        ("notes", "", Kind::Text, "notes"),
    ] {
        let story = read(text.as_bytes(), name).unwrap();
        assert_eq!(
            (story.kind, story.title.as_str()),
            (kind, title),
            "{name} {text:?}"
        );
    }
    for (name, want) in [
        ("a.md", true),
        ("a.Txt", true),
        ("a.mdx", true),
        ("a.html", true),
        ("a.css", false),
        ("md", false),
        (".md", false),
    ] {
        assert_eq!(is_story_name(name), want, "{name}");
    }
}

#[test]
fn a_name_gives_the_day_when_nothing_else_does() {
    let published = |text: &str| {
        read(text.as_bytes(), "2019-02-28-a-b.md")
            .unwrap()
            .published
            .map(iso)
    };
    assert_eq!(published("Text").as_deref(), Some("2019-02-28"));
    assert_eq!(
        published("---\ndate: 2020-01-01\n---\n").as_deref(),
        Some("2020-01-01")
    );
}

#[test]
fn binary_is_told_in_words() {
    for (bytes, part) in [
        (&b"%PDF-1.7 ..."[..], "PDF"),
        (b"\x89PNG\r\n\x1a\n\0", "PNG"),
        (b"ab\0\x01\x02", "binary"),
    ] {
        let error = read(bytes, "file").unwrap_err().to_string();
        assert!(
            error.contains(part) && error.contains("recto reads"),
            "{error}"
        );
        assert!(head(bytes, "-", 9).is_err());
        // A name is believed where little speaks against it.
        assert_eq!(read(bytes, "file.md").is_ok(), part != "PNG", "{part}");
    }
    let story = read(b"# T\0itle\n\nText\0", "a.md").unwrap();
    assert_eq!(
        (story.title.as_str(), story.markdown.as_str()),
        ("Title", "Text")
    );
    assert!(story.warnings[0].contains("NUL"), "{:?}", story.warnings);
    assert!(read(b"\xff\xfeh\0i\0", "-").is_ok());
}

#[test]
fn hostile_text_is_harmless_in_every_field() {
    let evil = "\\e]0;x\\a\\x9b2J\\u202e";
    let yaml = format!(
        "---\ntitle: \"T{evil}\"\nauthor: [\"A{evil}\"]\ntags: [\"t{evil}\"]\ncategory: \"c{evil}\"\nurl: \"https://x.org/{evil}\"\n\
         image: {{src: \"i{evil}\", alt: \"a{evil}\"}}\nid: \"{evil}\"\nsummary: \"s{evil}\"\ndate: \"{evil}\"\nlang: \"{evil}\"\n---\n\
         Body \u{1b}]52;c;eA==\u{7}\u{9b}2J\u{202e}"
    );
    let story = read(yaml.as_bytes(), "e\u{1b}.md").unwrap();
    assert_eq!(story.title, "T]0;x2J\u{fffd}");
    let all = format!("{story:?}");
    // Debug escapes what is not printable.
    for escape in ["\\u{1b}", "\\u{7}", "\\u{9b}", "\\u{202e}", "\\0"] {
        assert!(!all.contains(escape), "{escape} in {all}");
    }
    assert_eq!(story.warnings.len(), 2, "{:?}", story.warnings);
}

#[test]
fn line_ends_and_marks_do_not_hide_front_matter() {
    let text = "---\r\ntitle: T\r\n---\r\n\r\n# T\r\n\r\nBody\r\n";
    for text in [
        text.to_owned(),
        text.replace("\r\n", "\r"),
        format!("\u{feff}{text}"),
    ] {
        let story = read(text.as_bytes(), "a.md").unwrap();
        assert_eq!(
            (story.title.as_str(), story.markdown.as_str()),
            ("T", "Body\n"),
            "{text:?}"
        );
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf_16, "a.md").unwrap(), story);
    }
}

#[test]
fn the_head_of_a_part_estimates() {
    let text = format!(
        "---\ntitle: T\n---\n{}",
        "one two three four five\n".repeat(40_000)
    );
    let head = head(&text.as_bytes()[..200_000], "a.md", text.len() as u64).unwrap();
    assert_eq!(head.story.title, "T");
    assert!(head.words.abs_diff(200_000) < 1_000, "{}", head.words);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300), md: bool) {
        let name = if md { "a.md" } else { "a.txt" };
        let Ok(story) = read(&bytes, name) else {
            return Ok(());
        };
        prop_assert!(!story.title.is_empty());
        prop_assert!(story.markdown.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()));
        prop_assert!(clean::line(&story.title) == story.title);
    }

    #[test]
    fn head_and_read_agree(
        text in "(---\ntitle: [a-z]{1,3}\ndate: 2020-01-0[1-9]\n---\n)?((#|##|>|-|1\\.|  )? ?[a-c日é]{0,6} ?[a-c]{0,3}[.]?\n{1,2}){0,9}",
        name in "(a\\.md|a\\.txt|-)",
    ) {
        let story = read(text.as_bytes(), &name).unwrap();
        let Ok(head) = head(text.as_bytes(), &name, text.len() as u64) else {
            prop_assert!(text.trim().is_empty());
            return Ok(());
        };
        prop_assert_eq!(head.words, words(&story.markdown));
        prop_assert_eq!(head.story, Story { markdown: String::new(), ..story });
    }
}
