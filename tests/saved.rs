//! Web pages that were saved, read by the program itself.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

#[path = "support/folder.rs"]
mod folder;

use assert_cmd::Command;
use folder::Folder;

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Lamps of the coast - The Paper</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Lamps of the coast", "author": [{"@type": "Person", "name": "Ann Lee"}],
"datePublished": "2021-03-04T05:06:07Z", "url": "https://paper.example/lamps"}</script></head>
<body><nav><a href="/">Home</a> <a href="/sea">Sea</a></nav>
<article><h1>Lamps of the coast</h1>
<p>Along the coast stand nine lamps, and for as long as anybody remembers they were lit by hand, every evening,
by men who climbed up with oil, with matches, and with a <a href="/book">book</a> to read until the morning came.</p>
<figure><img src="/lamp.jpg" alt=""><figcaption>The third lamp</figcaption></figure>
<p>Today nobody climbs up any more, except for the painters, who come every second year, and for the children,
who have found out, as children do, that the door of the seventh one, the smallest, has never had a lock.</p>
<pre><code class="language-rust">fn lit() -> bool { true }</code></pre>
<p>What they see from up there, they do not say. It may be the sea, as far as it goes, or the other eight lamps,
or, on clear days, the tower of the town that nobody else here has ever seen, and of which they tell stories.</p>
</article><footer>Imprint</footer></body></html>"#;

fn shown(folder: &Folder, arguments: &[&str], input: &[u8]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recto"));
    let output = command
        .env("RECTO_DATA", folder.path("data"))
        .args(arguments)
        .write_stdin(input)
        .assert()
        .success();
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_saved_page_is_shown_as_a_story() {
    let folder = Folder::new().with("page.html", PAGE);
    let path = folder.path("page.html");
    let path = path.to_str().unwrap();
    let markdown = [
        "--format",
        "markdown",
        "--base-url",
        "https://paper.example/x",
    ];
    let of_file = shown(&folder, &[&["show", path], &markdown[..]].concat(), b"");
    assert!(
        of_file.starts_with(
            "---\ntitle: \"Lamps of the coast\"\nauthors: [\"Ann Lee\"]\npublished: 2021-03-04T05:06:07Z\n\
             url: \"https://paper.example/lamps\"\n---\n\nAlong the coast"
        ),
        "{of_file}"
    );
    for words in [
        "[book](https://paper.example/book)",
        "![The third lamp](https://paper.example/lamp.jpg)",
        "```rust\nfn lit()",
    ] {
        assert!(of_file.contains(words), "{words}: {of_file}");
    }
    assert!(!of_file.contains("Imprint") && !of_file.contains("Home"));
    let of_input = shown(
        &folder,
        &[&["show", "-"], &markdown[..]].concat(),
        PAGE.as_bytes(),
    );
    assert_eq!(of_input, of_file);

    let json = shown(&folder, &["inspect", path, "--json"], b"");
    let story: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(story["kind"], "page");
    assert_eq!(story["language"], "en");
}

#[test]
fn a_page_without_a_story_is_a_link() {
    let shell = "<html><head><title>An app</title></head><body><div id=root></div></body></html>";
    let folder = Folder::new().with("app.html", shell);
    let path = folder.path("app.html");
    let json = shown(&folder, &["inspect", path.to_str().unwrap(), "--json"], b"");
    let story: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(story["kind"], "link");
    assert_eq!(story["title"], "An app");
}
