//! The library at a thousand, a hundred thousand and a million stories.
//!
//! `cargo bench --bench library` runs all; filling the largest takes a minute or two. With
//! `RECTO_BENCH_DATA=DIR` the libraries are filled below this folder and stay there, for
//! `recto --data DIR/1000000` to be looked at and timed in a terminal; they are filled once.
//! Read the medians, on a quiet machine.

#![allow(clippy::unwrap_used)] // A measurement that cannot be set up fails.

use std::{
    env,
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, OnceLock, atomic::AtomicBool},
};

use divan::Bencher;
use jiff::{Timestamp, tz::TimeZone};
use recto::{
    library::{Arrival, Input, Issue, Library, Outcome},
    story::{
        Anchor, Change, Listing, Operation, SORTS, Sort, Source, StoryId, Subscription, Target,
    },
};
use tempfile::TempDir;

fn main() {
    divan::main();
}

const COUNTS: [usize; 3] = [1_000, 100_000, 1_000_000];

/// When the stories of the largest library begin, as seconds since 1970; one comes each minute.
const BEGIN: i64 = 1_600_000_000;

/// Words that titles and texts are made of, some in many, some in few.
const WORDS: [&str; 32] = [
    "the", "of", "and", "in", "night", "river", "letter", "garden", "winter", "stone", "harbour",
    "market", "silver", "engine", "paper", "window", "island", "bridge", "thunder", "orchard",
    "lantern", "compass", "meadow", "quarry", "velvet", "whisper", "beacon", "copper", "drift",
    "ember", "falcon", "glacier",
];

/// Numbers without any pattern, the same ones each time.
fn chance(seed: usize, below: usize) -> usize {
    let mut it = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1;
    for _ in 0..3 {
        it ^= it << 13;
        it ^= it >> 7;
        it ^= it << 17;
    }
    (it >> 33) as usize % below
}

fn words(seed: usize, count: usize) -> String {
    let word = |n| {
        let few = 1 + chance(seed * 31 + n, WORDS.len());
        WORDS[chance(seed * 17 + n * 7, few)]
    };
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

/// A feed with these stories in it.
fn feed(stories: std::ops::Range<usize>) -> String {
    let mut items = String::new();
    for n in stories {
        let at = Timestamp::from_second(BEGIN + n as i64 * 60).unwrap();
        writeln!(
            items,
            "<item><title>{} {n}</title><link>https://example.org/{n}</link>\
             <pubDate>{at}</pubDate><dc:creator>{} {}</dc:creator><category>{}</category>\
             <description>{}</description></item>",
            words(n, 4 + n % 7),
            WORDS[chance(n, WORDS.len())],
            WORDS[chance(n + 1, WORDS.len())],
            WORDS[chance(n + 2, WORDS.len())],
            words(n * 3, 20 + n % 20),
        )
        .unwrap();
    }
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\
         <title>Bench</title>{items}</channel></rss>"
    )
}

/// A library that is filled with so many stories, if it is not yet.
fn filled(data: &Path, count: usize) -> Library {
    let now = Timestamp::from_second(BEGIN + 60_000_000).unwrap();
    let clock = Arc::new(move || now.to_zoned_datetime(TimeZone::UTC));
    let library = Library::open(Some(data), vec![Input::Bundled, Input::Feeds], clock).unwrap();
    if library.len().unwrap() == count {
        return library;
    }
    let each = (count / 200).max(100);
    let subscriptions: Vec<Subscription> = (0..count / each)
        .map(|n| Subscription {
            url: format!("https://example.org/feeds/{n}.xml"),
            ..Subscription::default()
        })
        .collect();
    library.subscribe(&subscriptions).unwrap();
    let calls = library.calls().unwrap();
    let mut arrivals = library.arrivals(calls.len(), &[]).unwrap();
    for (n, call) in calls.iter().enumerate() {
        let body = feed(n * each..(n + 1) * each);
        let address = call.url.parse().unwrap();
        let issue = Issue::read(call, body.as_bytes(), &address, None, now).unwrap();
        let arrival = Arrival {
            counts: true,
            feed: call.feed,
            at: now.as_second(),
            took: 1,
            due: i64::MAX,
            resting: 0,
            every: 0,
            outcome: Outcome::Came {
                issue: Box::new(issue),
                etag: None,
                modified: None,
                moved: None,
            },
        };
        arrivals.take(vec![arrival]).unwrap();
    }
    arrivals.finish().unwrap();
    let stop = AtomicBool::new(false);
    library.index_texts(&stop, &|_| ()).unwrap();
    library
}

/// The folder of the libraries; one of its own that goes with the measurement, if none is named.
fn folder() -> PathBuf {
    static OWN: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().unwrap());
    env::var_os("RECTO_BENCH_DATA").map_or_else(|| OWN.path().to_owned(), PathBuf::from)
}

fn of(count: usize) -> &'static Library {
    static ALL: [OnceLock<Library>; 3] = [const { OnceLock::new() }; 3];
    let place = COUNTS.iter().position(|it| *it == count).unwrap();
    ALL[place].get_or_init(|| {
        let data = folder().join(count.to_string());
        std::fs::create_dir_all(&data).unwrap();
        filled(&data, count)
    })
}

fn window(count: usize, listing: &Listing, anchor: Anchor) -> usize {
    let window = of(count).window(listing, anchor, 0, &|| false).unwrap();
    window.rows.len()
}

fn sorted(sort: Sort) -> Listing {
    Listing {
        sort,
        ..Listing::default()
    }
}

/// The first rows, as at the start.
#[divan::bench(args = COUNTS)]
fn first_rows(bencher: Bencher<'_, '_>, count: usize) {
    of(count);
    bencher.bench(|| window(count, &Listing::default(), Anchor::Start));
}

/// The dearest of all orders, from the first row to the last and to one in the middle.
#[divan::bench(args = COUNTS)]
fn jumps_in_every_order(bencher: Bencher<'_, '_>, count: usize) {
    of(count);
    bencher.bench(|| {
        for (sort, _) in SORTS {
            let listing = sorted(sort);
            window(count, &listing, Anchor::Start);
            window(count, &listing, Anchor::End);
            window(count, &listing, Anchor::Story(StoryId(count as u32 / 2)));
        }
    });
}

#[divan::bench(args = COUNTS)]
fn next_unread(bencher: Bencher<'_, '_>, count: usize) {
    of(count);
    let middle = StoryId(count as u32 / 2);
    bencher.bench(|| window(count, &Listing::default(), Anchor::NextUnread(middle)));
}

#[divan::bench(args = COUNTS)]
fn sources_with_their_counts(bencher: Bencher<'_, '_>, count: usize) {
    let library = of(count);
    bencher.bench(|| library.sources().unwrap().len());
}

/// A mark, on the disk, and its undoing.
#[divan::bench(args = COUNTS)]
fn mark_and_undo(bencher: Bencher<'_, '_>, count: usize) {
    let library = of(count);
    let target = Target::Stories(vec![StoryId(count as u32 / 2)]);
    let operation = Operation::new(target, Change::Starred(true));
    bencher.bench(|| {
        assert_eq!(library.apply(&operation).unwrap().stories, 1);
        library.undo().unwrap()
    });
}

/// One author's stories, and the last of them.
#[divan::bench(args = COUNTS)]
fn an_author(bencher: Bencher<'_, '_>, count: usize) {
    of(count);
    let listing = Listing {
        source: Source::Author("river stone".into()),
        ..Listing::default()
    };
    bencher.bench(|| window(count, &listing, Anchor::End));
}

fn seek(bencher: Bencher<'_, '_>, count: usize, words: &str) {
    of(count);
    let listing = Listing {
        search: words.into(),
        everywhere: true,
        ..Listing::default()
    };
    bencher.bench(|| window(count, &listing, Anchor::Start));
}

/// A word that nearly every text has.
#[divan::bench(args = COUNTS, sample_count = 20)]
fn a_word_of_all(bencher: Bencher<'_, '_>, count: usize) {
    seek(bencher, count, "the");
}

#[divan::bench(args = COUNTS, sample_count = 20)]
fn a_rare_phrase(bencher: Bencher<'_, '_>, count: usize) {
    seek(bencher, count, "\"glacier falcon\"");
}
