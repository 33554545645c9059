//! Every line of every story fits the measure, whatever the measure is.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

use std::{fs, num::NonZero, path::PathBuf, sync::Arc};

use jiff::tz::TimeZone;
use proptest::prelude::*;
use recto::{
    document::{Body, Document, Layout, Line, Rtl, Setting},
    ingest,
    story::{Kind, Story},
};

/// The stories of a folder, and of those in it.
fn stories(folder: PathBuf, found: &mut Vec<(String, Arc<Document>)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            stories(path, found);
        } else if ingest::is_story_name(&name)
            && let Ok(story) = ingest::read(fs::read(&path).unwrap(), &name)
        {
            let document = Document::new(story, &TimeZone::UTC);
            found.push((name, Arc::new(document)));
        }
    }
}

/// Cells that a terminal moves its cursor by.
fn cells(text: &str) -> usize {
    let (rows, columns) = (NonZero::new(1).unwrap(), NonZero::new(2000).unwrap());
    let mut terminal = vt100::Parser::new(rows, columns, 0);
    terminal.process(text.as_bytes());
    usize::from(terminal.screen().cursor_position().1)
}

/// All lines of a document at a measure.
fn set(document: &Arc<Document>, measure: u16, justify: bool) -> Vec<Line> {
    let setting = Setting {
        measure,
        free: 0,
        hyphenate: true,
        justify,
        rtl: Rtl::InOrder,
    };
    let mut layout = Layout::new(Arc::clone(document), setting);
    let mut lines = Vec::new();
    document.each_block(|block, _| lines.extend_from_slice(&layout.lines(block)));
    lines
}

/// `RECTO_PAGES` names another folder to try, at every measure from 20 to 160.
#[test]
fn no_line_is_wider_than_the_measure() {
    let mut found = Vec::new();
    let (folder, measures) = match std::env::var_os("RECTO_PAGES") {
        Some(folder) => (folder.into(), (20..=160).collect()),
        None => {
            let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/articles"));
            (own, vec![4, 7, 16, 24, 33, 40, 59, 72, 100, 160])
        }
    };
    stories(folder, &mut found);
    assert!(found.len() >= 20);
    let mut faults = Vec::new();
    for (name, document) in &found {
        for measure in &measures {
            for line in set(document, *measure, measure % 2 == 0) {
                let text = line.plain();
                let most = usize::from(*measure);
                // What has as many bytes as cells at most needs no terminal to be measured.
                // Of pictures made of several, terminals hold different views (`runtime/steady.rs`).
                let joined = |c| matches!(c, '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}');
                let fits = text.contains(joined)
                    || line.wide
                    || text.len() <= most
                    || cells(&text) <= most;
                if !fits {
                    faults.push(format!(
                        "{name} at {measure}: {} cells: {text}",
                        cells(&text)
                    ));
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} lines:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// What stands in a text apart from white space, the hyphens that lines end with, and the dots in place of
/// which a line ends.
fn letters(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '·');
    text.chars().filter(kept).collect()
}

#[test]
fn every_word_stands_once_and_in_its_order_at_every_measure() {
    let mut found = Vec::new();
    stories(
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/articles")),
        &mut found,
    );
    for (name, document) in &found {
        for measure in [4, 11, 24, 40, 72, 160] {
            let setting = Setting {
                measure,
                free: 0,
                hyphenate: true,
                justify: measure % 3 == 0,
                rtl: Rtl::AsRead,
            };
            let mut layout = Layout::new(Arc::clone(document), setting);
            document.each_block(|number, block| {
                let Body::Text { text, .. } = &block.body else {
                    return;
                };
                let lines = layout.lines(number);
                let text_of = |line: &Line| {
                    let own = line.segments.iter().filter(|it| it.offset.is_some());
                    own.map(|it| it.text.as_str()).collect::<String>()
                };
                let shown: String = lines.iter().map(text_of).collect();
                assert_eq!(letters(&shown), letters(&text.text), "{name} at {measure}");
                // A place in the text is found in the line that it stands in, at every measure.
                for (at, line) in lines.iter().enumerate().skip(usize::from(block.gap)) {
                    if at > usize::from(block.gap) {
                        let spot = layout.spot(number, line.offset);
                        assert_eq!((spot.block, spot.line), (number, at), "{name} at {measure}");
                    }
                    assert!(text.text.is_char_boundary(line.offset));
                }
            });
        }
    }
}

/// What texts are made of that go wrong: all of Markdown's signs, HTML, wide and joined characters,
/// both directions, and nothing at all.
const PIECES: &str = r"(\PC{0,6}|[\n ]{1,3}|[*_`~\[\]()<>#|:!&$^\\-]{1,4}|\n\n|\n\n    |\n> |\n- |\n1\. |\n\|a\|b\|\n\|-\|-\|\n|\n```\n|\[\^a\]|\n\[\^a\]: |\[x\]: /y\n|<details>|</details>|<details open><summary>|</summary>|<blockquote>|</blockquote>|<li>|</ul>|<img src=a.png title=b>|!\[a\]\(a\.png 'b'\)|\n\n</details>\n\n|<td colspan=3>|<table><tr><td>|<table>\n\n    <tr>\n\n|</td>|</table>|\n\n</table>\n\n|\$\\frac\{a\}\{b\}\$|שלום|العربية|語|👩‍👩‍👧|e\u{301}|word ){0,40}";

proptest! {
    // `PROPTEST_CASES` tries more.
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(400)
    ))]

    #[test]
    fn whatever_is_folded_is_stepped_over_and_found(text in PIECES) {
        let document = Arc::new(Document::of_markdown(&text));
        let setting = Setting { measure: 40, free: 0, hyphenate: true, justify: false, rtl: Rtl::InOrder };
        let mut layout = Layout::live(Arc::clone(&document), setting);
        let mut at = layout.start().block;
        while let Some(next) = layout.next_block(at) {
            prop_assert!(next > at && !layout.is_hidden(next));
            prop_assert_eq!(layout.previous_block(next), Some(at));
            at = next;
        }
        prop_assert_eq!(layout.end().block, at);
        let mut blocks = Vec::new();
        document.each_block(|block, _| blocks.push(block));
        for block in blocks {
            let shown = layout.spot(block, 0).block;
            prop_assert_eq!(shown == block, !layout.is_hidden(block));
            layout.reveal(block);
            prop_assert_eq!(layout.spot(block, 0).block, block);
        }
    }

    #[test]
    fn whatever_is_written_is_set(text in PIECES, measure in 1u16..90, justify: bool) {
        let story = Story::new(Kind::Markdown, "Anything", text);
        let document = Arc::new(Document::new(story, &TimeZone::UTC));
        let setting = Setting { measure, free: 0, hyphenate: true, justify, rtl: Rtl::InOrder };
        let mut layout = Layout::new(Arc::clone(&document), setting);
        let end = layout.end();
        let top = layout.up(end, 30);
        prop_assert!(top <= end);
        layout.each_line(|line| {
            // One cluster alone may be wider than a very narrow column.
            let room = usize::from(measure).max(6);
            assert!(line.wide || line.width() <= room, "{line:?}");
            for segment in &line.segments {
                assert!(!segment.shown().contains(char::is_control), "{line:?}");
            }
            true
        });
    }
}

/// Every kind of block at four measures: what these pages look like was judged by eye.
#[test]
fn every_kind_of_block_is_set_as_it_ought_to_be() {
    let source = include_str!("pages/sampler.md");
    let document = Arc::new(Document::of_markdown(source));
    for measure in [24, 40, 72, 100] {
        let lines = set(&document, measure, false);
        let page: Vec<String> = lines
            .iter()
            .map(|line| line.plain().trim_end().to_owned())
            .collect();
        insta::assert_snapshot!(format!("sampler_{measure}"), page.join("\n"));
    }
}
