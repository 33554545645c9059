//! Whole texts: filling the index, searching it, the window with its passages.
//!
//! `cargo bench --bench text`. Read the medians, on a quiet machine.

#![allow(clippy::unwrap_used)] // A measurement that cannot be set up fails.

use std::{
    fmt::Write as _,
    fs,
    sync::{Arc, LazyLock, atomic::AtomicBool},
};

use divan::{Bencher, black_box};
use recto::{
    library::{Input, Library},
    story::{Anchor, Listing},
};
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Words of a language that nobody speaks: a word's rank says how often it stands, as in prose.
fn word(rank: usize, text: &mut String) {
    const PARTS: [&str; 12] = [
        "ra", "lo", "mi", "te", "ku", "sa", "ven", "dor", "pi", "nal", "fe", "bu",
    ];
    let mut rest = rank + 1;
    while rest > 0 {
        text.push_str(PARTS[rest % PARTS.len()]);
        rest /= PARTS.len();
    }
}

/// So many stories of 500 words, and the folder that they and their database lie in.
fn folder(stories: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("stories")).unwrap();
    let mut seed = 1_u64;
    for number in 0..stories {
        let mut text = format!("# Story {number}\n\n");
        for at in 0..500 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let share = (seed >> 40) as f64 / f64::from(1 << 24);
            word((20_000_f64.powf(share)) as usize - 1, &mut text);
            text.push_str(if at % 80 == 79 { ".\n\n" } else { " " });
        }
        write!(text, "[link](https://example.org/{number})").unwrap();
        let path = folder.path().join("stories").join(format!("{number}.md"));
        fs::write(path, text).unwrap();
    }
    folder
}

fn library(folder: &TempDir, data: &str) -> Library {
    let input = Input::Path(folder.path().join("stories"));
    let clock = Arc::new(jiff::ZonedDateTime::now);
    let data = folder.path().join(data);
    let library = Library::open(Some(&data), vec![input], clock).unwrap();
    library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
    library
}

static STORIES: LazyLock<(TempDir, Library)> = LazyLock::new(|| {
    let folder = folder(20_000);
    let library = library(&folder, "data");
    library
        .index_texts(&AtomicBool::new(false), &|_| ())
        .unwrap();
    (folder, library)
});

/// Two thousand stories of 500 words, from their files into the index.
#[divan::bench(sample_count = 5)]
fn index_2_000(bencher: Bencher) {
    let folder = folder(2_000);
    let mut run = 0;
    bencher
        .with_inputs(|| {
            run += 1;
            library(&folder, &format!("data{run}"))
        })
        .bench_local_values(|library| {
            library
                .index_texts(&AtomicBool::new(false), &|_| ())
                .unwrap()
        });
}

/// The first window of what a word finds among twenty thousand stories: one that stands nearly
/// everywhere, one in some of them, two, a phrase, one begun. Another sort of space keeps the last
/// result from being taken again.
#[divan::bench(args = ["lo ", "kumi ", "lo kumi ", "\"lo mi\"", "kum"], sample_count = 40)]
fn search_20_000(bencher: Bencher, words: &str) {
    LazyLock::force(&STORIES);
    let mut spaces = 0;
    bencher
        .with_inputs(|| {
            spaces = (spaces + 1) % 50;
            Listing {
                search: " ".repeat(spaces) + words,
                everywhere: true,
                ..Listing::default()
            }
        })
        .bench_local_values(|listing| {
            let window = STORIES
                .1
                .window(black_box(&listing), Anchor::Start, 0, &|| false);
            window.unwrap().rows.len()
        });
}
