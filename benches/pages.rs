//! Web pages: the story in one of 1 MB, from its bytes to Markdown.
//!
//! `cargo bench --bench pages`. Read the medians, on a quiet machine.

use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::BytesCount};
use recto::ingest::page::{self, Origin};

fn main() {
    divan::main();
}

/// A page of so many paragraphs, with the markup around them that pages have.
fn built(paragraphs: usize, furniture: usize) -> String {
    let boxes: String = (0..furniture)
        .map(|n| {
            format!(
                "<div class=\"teaser teaser--small\" data-id=\"{n}\"><a class=\"teaser__link\" href=\"/stories/{n}\">\
                 <img src=\"/pictures/{n}.jpg\" alt=\"\"><span class=\"teaser__title\">A headline, number {n}</span></a>\
                 </div>\n"
            )
        })
        .collect();
    let text: String = (0..paragraphs)
        .map(|n| {
            format!(
                "<p class=\"article__paragraph\">Paragraph {n} of a story that is <em>as long</em> as most, with \
                 <a href=\"/links/{n}?a=1&amp;b=2\">a link</a>, a caf&eacute;, and what people say &#8211; “so it \
                 is”, they say, and then go on, because nobody has said anything else for a while.</p>\n"
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>A story of a certain length | Paper</title>\
         <meta property=\"og:type\" content=\"article\"></head><body><nav>{boxes}</nav><main><article class=\"story\">\
         <h1>A story of a certain length</h1>{text}</article></main><aside>{boxes}</aside></body></html>"
    )
}

/// 1 MB as most pages have it: more around the story than in it.
static NEWS: LazyLock<String> = LazyLock::new(|| built(150, 2000));

/// 1 MB of text.
static LONG: LazyLock<String> = LazyLock::new(|| built(3000, 20));

fn read(bencher: Bencher<'_, '_>, source: &str) {
    bencher
        .counter(BytesCount::new(source.len()))
        .bench(|| page::read(black_box(source.as_bytes()), Origin::default(), "page.html"));
}

#[divan::bench]
fn a_page_with_much_around_its_story(bencher: Bencher<'_, '_>) {
    read(bencher, &NEWS);
}

#[divan::bench]
fn a_page_with_a_long_story(bencher: Bencher<'_, '_>) {
    read(bencher, &LONG);
}
