//! What a reader waits for: opening a story, laying it out, searching, scanning, a frame.
//!
//! `cargo bench` runs all, `cargo bench -- titles` some. Read the medians, on a quiet machine.

#![allow(clippy::unwrap_used)] // A measurement that cannot be set up fails.

use std::{
    fs,
    sync::{Arc, LazyLock, atomic::AtomicBool},
};

use crossbeam_channel::unbounded;
use divan::{Bencher, black_box};
use jiff::tz::TimeZone;
use ratatui::{Terminal, backend::TestBackend};
use recto::{
    app::{Message, Model},
    document::{Document, Layout, Setting, Spot},
    library::{Input, Library},
    runtime::{Event, Session},
    story::{Anchor, Kind, Listing, Source, Story},
    view::{Background, Depth, Paper, Theme},
};
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Words that look like prose to the breaker: of several lengths, with stops and commas.
fn prose(words: usize) -> String {
    const WORDS: [&str; 16] = [
        "harbour",
        "the",
        "of",
        "remarkable",
        "lantern",
        "and",
        "a",
        "printer",
        "whoever",
        "in",
        "unhurriedly",
        "reads",
        "by",
        "candlelight",
        "is",
        "considered",
    ];
    let mut text = String::new();
    for index in 0..words {
        // Steps that share no factor with the number of words mix them without any chance.
        text.push_str(WORDS[(index * 7 + index / 13) % WORDS.len()]);
        text.push_str(match index % 120 {
            119 => ".\n\n",
            n if n % 17 == 16 => ". ",
            n if n % 9 == 8 => ", ",
            _ => " ",
        });
    }
    text
}

fn story(words: usize) -> Story {
    Story::new(Kind::Markdown, "A story to be measured", prose(words))
}

fn setting() -> Setting {
    Setting {
        measure: 72,
        free: 0,
        hyphenate: true,
        justify: false,
        rtl: recto::document::Rtl::AsRead,
    }
}

/// Parse a story of a thousand words, and set its first page.
#[divan::bench]
fn open_1_000_words(bencher: Bencher) {
    let story = story(1_000);
    bencher.bench(|| {
        let document = Arc::new(Document::new(story.clone(), &TimeZone::UTC));
        let mut layout = Layout::new(document, setting());
        layout.page(Spot::default(), 45)
    });
}

/// Set the last page of a hundred thousand words, from nothing.
#[divan::bench]
fn last_page_of_100_000_words(bencher: Bencher) {
    let document = Arc::new(Document::new(story(100_000), &TimeZone::UTC));
    bencher.bench(|| {
        let mut layout = Layout::new(Arc::clone(&document), setting());
        let end = layout.end();
        let top = layout.up(end, 44);
        layout.page(top, 45)
    });
}

/// Parse a hundred thousand words.
#[divan::bench(sample_count = 20)]
fn parse_100_000_words(bencher: Bencher) {
    let story = story(100_000);
    bencher.bench(|| Document::new(story.clone(), &TimeZone::UTC));
}

/// A folder of so many stories.
fn folder(stories: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let titles = prose(stories * 8);
    let words: Vec<&str> = titles.split_whitespace().collect();
    for (index, title) in words.chunks(8).take(stories).enumerate() {
        let day = jiff::civil::Date::new(2000 + (index % 26) as i16, 1 + (index % 12) as i8, 1);
        let text = format!(
            "---\ntitle: \"{} {index}\"\ndate: {}\nauthor: Author {}\n---\n\n{}\n",
            title.join(" "),
            day.unwrap(),
            index % 40,
            prose(200)
        );
        fs::write(folder.path().join(format!("{index}.md")), text).unwrap();
    }
    folder
}

fn scan(folder: &TempDir) -> Library {
    let library = library(vec![Input::Path(folder.path().to_owned())]);
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    library
}

/// A library that goes with the program.
fn library(inputs: Vec<Input>) -> Library {
    Library::open(None, inputs, Arc::new(jiff::ZonedDateTime::now)).unwrap()
}

/// Bring in a folder of a thousand files.
#[divan::bench(sample_count = 20)]
fn scan_1_000_files(bencher: Bencher) {
    let folder = folder(1_000);
    bencher.bench(|| scan(&folder));
}

/// A hundred thousand stories. Made once, for all that is measured on it.
static LARGE: LazyLock<Library> = LazyLock::new(|| scan(&folder(100_000)));

fn window(search: &str, source: Source, anchor: Anchor) -> usize {
    let listing = Listing {
        source,
        search: search.to_owned(),
        ..Listing::default()
    };
    let window = LARGE.window(black_box(&listing), anchor, 0, &|| false);
    window.unwrap().rows.len()
}

/// The rows at the start and at the end of a hundred thousand.
#[divan::bench]
fn window_of_100_000_titles(bencher: Bencher) {
    LazyLock::force(&LARGE);
    bencher.bench(|| window("", Source::All, Anchor::Start) + window("", Source::All, Anchor::End));
}

/// The unread ones of a hundred thousand.
#[divan::bench]
fn window_of_100_000_unread(bencher: Bencher) {
    LazyLock::force(&LARGE);
    bencher.bench(|| window("", Source::Unread, Anchor::Start));
}

/// What is typed into the prompt, over a hundred thousand titles.
#[divan::bench(args = ["h", "harb", "lantern candle", "zzz"], sample_count = 50)]
fn search_100_000_titles(bencher: Bencher, words: &str) {
    LazyLock::force(&LARGE);
    bencher.bench(|| window(words, Source::All, Anchor::Start));
}

/// The sources of a hundred thousand stories, counted.
#[divan::bench(sample_count = 50)]
fn count_sources_of_100_000(bencher: Bencher) {
    LazyLock::force(&LARGE);
    bencher.bench(|| LARGE.sources());
}

/// A session over two hundred stories, with these keys pressed.
fn session(keys: &[&str]) -> Session {
    let folder = folder(200);
    let library = Arc::new(library(vec![Input::Path(folder.path().to_owned())]));
    let (sender, events) = unbounded();
    let now = "2026-11-20T10:00[UTC]".parse().unwrap();
    let model = Model::new(160, 45, now);
    let theme = Theme::new(Depth::Many, Background::Dark, Paper::Terminal);
    let mut session = Session::new(model, theme, library, sender, events);
    session.start();
    session.settle();
    for key in keys {
        let key = key.parse().unwrap();
        session.step(Event::Message(Message::KeyPressed(key)));
        session.settle();
    }
    session
}

/// Draw a whole frame, as the terminal's backend is given it.
#[divan::bench(args = [&[] as &[&str], &["enter"], &["/", "h", "a"], &["?"]])]
fn frame_of_160_by_45(bencher: Bencher, keys: &[&str]) {
    let session = session(keys);
    let mut terminal = Terminal::new(TestBackend::new(160, 45)).unwrap();
    bencher.bench_local(|| session.draw(&mut terminal).unwrap());
}

/// One key in the list, and what the model makes of it.
#[divan::bench]
fn key_in_the_list(bencher: Bencher) {
    let mut session = session(&[]);
    let keys: Vec<_> = ["j", "k"].iter().map(|key| key.parse().unwrap()).collect();
    let mut at = 0;
    bencher.bench_local(|| {
        at += 1;
        session.model.update(Message::KeyPressed(keys[at % 2]))
    });
}
