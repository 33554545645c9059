//! Whatever is written, at whatever measure: every line fits, every letter stands once and in its
//! order, and every place is found again.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use recto::document::{Body, Document, Layout, Line, Rtl, Setting};

/// What stands in a text apart from white space and the hyphens that lines end with.
fn letters(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && *c != '-';
    text.chars().filter(kept).collect()
}

/// What a line holds of its text.
fn own(line: &Line) -> String {
    let own = line.segments.iter().filter(|it| it.offset.is_some());
    own.map(|it| it.text.as_str()).collect()
}

fuzz_target!(|input: (u8, bool, &str)| {
    let (measure, justify, source) = input;
    let measure = u16::from(measure).max(1);
    let document = Arc::new(Document::of_markdown(source));
    let setting = |rtl| Setting {
        measure,
        free: 0,
        hyphenate: true,
        justify,
        rtl,
    };
    let mut layout = Layout::live(Arc::clone(&document), setting(Rtl::InOrder));
    // One cluster alone may be wider than a very narrow column.
    let room = usize::from(measure).max(6);
    layout.each_line(|line| {
        assert!(line.wide || line.width() <= room, "{line:?}");
        for segment in &line.segments {
            assert!(!segment.shown().contains(char::is_control), "{line:?}");
        }
        true
    });
    let end = layout.end();
    assert!(layout.up(end, 30) <= end);

    let mut layout = Layout::new(Arc::clone(&document), setting(Rtl::AsRead));
    document.each_block(|number, block| {
        let Body::Text { text, .. } = &block.body else {
            return;
        };
        let lines = layout.lines(number);
        let shown: String = lines.iter().map(own).collect();
        assert_eq!(letters(&shown), letters(&text.text));
        for (at, line) in lines.iter().enumerate().skip(usize::from(block.gap) + 1) {
            let spot = layout.spot(number, line.offset);
            assert_eq!((spot.block, spot.line), (number, at));
        }
    });
});
