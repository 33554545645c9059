//! Feeds: reading one with 500 items, and making stories of them.
//!
//! `cargo bench --bench feeds`. Read the medians, on a quiet machine.

#![allow(clippy::unwrap_used)] // A measurement that cannot be set up fails.

use std::{fmt::Write as _, sync::LazyLock};

use divan::{Bencher, black_box, counter::BytesCount};
use recto::ingest::{
    feed::{self, Origin},
    html,
};

fn main() {
    divan::main();
}

/// An article as blogs send them.
static ARTICLE: LazyLock<String> = LazyLock::new(|| {
    let mut html = String::new();
    for n in 0..6 {
        write!(
            html,
            "<p>Paragraph {n} of an article that is <em>as long</em> as most, with <a href=\"/links/{n}?a=1&amp;b=2\">a \
             link</a>, a caf&eacute; and what people say &#8211; “so it is”.</p>\n<ul><li>one</li><li>two</li></ul>\n"
        )
        .unwrap();
    }
    html
});

fn item(n: usize, content: &str) -> String {
    format!(
        "<item><title>Number {n} &amp; its title</title><link>https://ex.org/{n}</link>\
         <guid isPermaLink=\"false\">https://ex.org/?p={n}</guid><dc:creator><![CDATA[Ann Lee]]></dc:creator>\
         <pubDate>Thu, 28 Feb 2019 14:05:00 +0000</pubDate><category><![CDATA[One]]></category>\
         <description><![CDATA[What it is about, in a few words.]]></description>{content}\
         <slash:comments>3</slash:comments></item>\n"
    )
}

fn rss(content: &str) -> String {
    let items: String = (0..500).map(|n| item(n, content)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"><channel><title>Bench</title>\n{items}</channel></rss>"
    )
}

/// 500 items with their content in sections.
static SECTIONS: LazyLock<String> = LazyLock::new(|| {
    rss(&format!(
        "<content:encoded><![CDATA[{}]]></content:encoded>",
        *ARTICLE
    ))
});

/// 500 items with their content escaped.
static ESCAPED: LazyLock<String> = LazyLock::new(|| {
    let escaped = ARTICLE.replace('&', "&amp;").replace('<', "&lt;");
    rss(&format!("<content:encoded>{escaped}</content:encoded>"))
});

/// 500 items with nothing but titles.
static SHORT: LazyLock<String> = LazyLock::new(|| rss(""));

fn read(bencher: Bencher<'_, '_>, source: &str) {
    bencher
        .counter(BytesCount::of_str(source))
        .bench(|| feed::read(black_box(source.as_bytes()), Origin::default()).unwrap());
}

#[divan::bench]
fn items_in_sections(bencher: Bencher<'_, '_>) {
    read(bencher, &SECTIONS);
}

#[divan::bench]
fn items_escaped(bencher: Bencher<'_, '_>) {
    read(bencher, &ESCAPED);
}

#[divan::bench]
fn items_short(bencher: Bencher<'_, '_>) {
    read(bencher, &SHORT);
}

#[divan::bench]
fn article_to_markdown(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::of_str(&*ARTICLE))
        .bench(|| html::to_markdown(black_box(&ARTICLE), None));
}
