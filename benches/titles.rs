//! What is typed over a hundred thousand and a million titles.
//!
//! `cargo bench --bench titles` runs all. Read the medians, on a quiet machine.

#![allow(clippy::unwrap_used)] // A measurement that cannot be set up fails.

use std::sync::LazyLock;

use divan::Bencher;
use recto::{
    library::{Change, Found, TitleNarrowing, Titles},
    story::StoryId,
};

fn main() {
    divan::main();
}

/// Words that stand in every other title; more than half of all words are such.
const COMMON: &str = "the of and to in a that it was for on with as his they be at from this had \
                      not are but which you were all their would we him been has when who will no \
                      more if out so what up said about into than them can only other time new \
                      some could these two may first then do any like my now over such our even \
                      most me after also did many off before must well back through years where";

/// Pieces that the other words are put together from.
const PIECES: [&str; 24] = [
    "bra", "cho", "dound", "fair", "glea", "harb", "jeast", "klim", "lant", "morn", "nurm", "oust",
    "prin", "quo", "river", "slav", "thail", "under", "voar", "wint", "yond", "zeal", "shust",
    "peck",
];

/// Numbers without any pattern, the same ones each time.
struct Chance(u64);

impl Chance {
    /// One of `0..below`.
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % below
    }
}

/// A title of 4 to 11 words, some 55 letters.
fn title(chance: &mut Chance, common: &[&str]) -> String {
    let mut title = String::new();
    for _ in 0..4 + chance.below(8) {
        if !title.is_empty() {
            title.push(' ');
        }
        if chance.below(100) < 55 {
            title.push_str(common[chance.below(common.len())]);
        } else {
            // A few of them stand in many titles, and most in few.
            let pieces = 1 + chance.below(3);
            let most = 1 + chance.below(PIECES.len());
            (0..pieces).for_each(|_| title.push_str(PIECES[chance.below(most)]));
        }
    }
    title[..1].make_ascii_uppercase();
    title
}

fn titles(count: u32) -> Titles {
    let common: Vec<&str> = COMMON.split_whitespace().collect();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let row = |id| (StoryId(id), i64::from(id), title(&mut chance, &common));
    Titles::build((0..count).map(row))
}

static HUNDRED_THOUSAND: LazyLock<Titles> = LazyLock::new(|| titles(100_000));
static MILLION: LazyLock<Titles> = LazyLock::new(|| titles(1_000_000));

const COUNTS: [u32; 2] = [100_000, 1_000_000];

fn of(count: u32) -> &'static Titles {
    match count {
        100_000 => &HUNDRED_THOUSAND,
        _ => &MILLION,
    }
}

fn search(titles: &Titles, words: &str, last: &mut Option<TitleNarrowing>) -> Found {
    titles.search(words, None, last, &|| false).unwrap()
}

fn at_once(bencher: Bencher, count: u32, words: &str) {
    let titles = of(count);
    bencher.bench(|| search(titles, words, &mut None));
}

#[divan::bench(args = COUNTS, sample_count = 50)]
fn first_letter(bencher: Bencher, count: u32) {
    at_once(bencher, count, "t");
}

#[divan::bench(args = COUNTS, sample_count = 50)]
fn four_letters(bencher: Bencher, count: u32) {
    at_once(bencher, count, "slav");
}

/// Words that are in nearly every title, in pieces.
#[divan::bench(args = COUNTS, sample_count = 50)]
fn common_words_at_once(bencher: Bencher, count: u32) {
    at_once(bencher, count, "the of and");
}

/// All ten letters, typed one after another.
#[divan::bench(args = COUNTS, sample_count = 20)]
fn common_words_letter_by_letter(bencher: Bencher, count: u32) {
    let titles = of(count);
    let words = "the of and";
    bencher.bench(|| {
        let mut last = None;
        for end in 1..words.len() {
            search(titles, &words[..end], &mut last);
        }
        search(titles, words, &mut last)
    });
}

/// A hundred stories that came in, beside those that are there.
#[divan::bench(args = COUNTS, sample_count = 20)]
fn a_hundred_new_stories(bencher: Bencher, count: u32) {
    let mut titles = titles(count);
    let mut next = count;
    bencher.bench_local(|| {
        let ids = next..next + 100;
        next += 100;
        titles.apply(ids.map(|id| Change::Put {
            id: StoryId(id),
            age: -i64::from(id),
            title: "A story that came in just now".into(),
        }));
    });
}
