//! Whatever bytes a file holds, under whatever name: they are refused in words, or they are a story
//! without anything that a terminal would obey.

#![no_main]

use std::sync::Arc;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use recto::{
    document::{Document, Layout, Rtl, Setting},
    ingest,
};

/// The doors that bytes come in by.
const NAMES: [&str; 6] = ["a.md", "a.html", "a.txt", "a.eml", "a.epub", "-"];

fuzz_target!(|input: (u8, &[u8])| {
    let (door, bytes) = input;
    let name = NAMES[usize::from(door) % NAMES.len()];
    let Ok(story) = ingest::read(bytes, name) else {
        return;
    };
    for text in [&story.title, &story.markdown] {
        let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        assert!(!text.contains(obeyed), "{text:?}");
    }
    let document = Arc::new(Document::new(story, &TimeZone::UTC));
    let setting = Setting {
        measure: 72,
        free: 0,
        hyphenate: false,
        justify: false,
        rtl: Rtl::AsRead,
    };
    Layout::new(document, setting).each_line(|line| {
        for segment in &line.segments {
            assert!(!segment.shown().contains(char::is_control), "{line:?}");
        }
        true
    });
});
