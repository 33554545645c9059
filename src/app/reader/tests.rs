use super::*;
use crate::document::{Data, Drawable, Media};

/// A text of so many words, each a paragraph, on a page of 20 lines with room for pictures.
fn open(words: usize) -> Open {
    let text: Vec<String> = (0..words).map(|n| format!("Word {n}")).collect();
    let opened = Opened {
        document: Arc::new(Document::of_markdown(&text.join("\n\n"))),
        about: Citation::default(),
        notes: Vec::new(),
        source: false,
        state: State::default(),
        place: None,
    };
    let mut open = Open::new(StoryId(1), opened, None);
    let page = Rect {
        x: 0,
        y: 0,
        width: 40,
        height: 20,
    };
    let manner = Manner {
        facing: false,
        justify: false,
        rtl: Rtl::InOrder,
        cell: Some((10, 20)),
    };
    open.set_to(page, manner);
    open
}

fn pictures(blocks: &[usize]) -> Arc<[Picture]> {
    let picture = |block: &usize| Picture {
        block: *block,
        src: "a.png".to_owned(),
        drawable: Some(Drawable {
            media: Media::Data(Data(Vec::new().into())),
            stamp: 0,
            width: 100,
            height: 100,
        }),
    };
    blocks.iter().map(picture).collect()
}

fn first(open: &Open) -> usize {
    open.page[0].block
}

fn last(open: &Open) -> usize {
    open.page[open.page.len() - 1].block
}

#[test]
fn pictures_that_come_late_leave_the_line_at_the_top_where_it_is() {
    let mut open = open(100);
    open.to(50, 0);
    open.take_pictures(pictures(&[3, 20, 55, 70]));
    assert_eq!(first(&open), 50);
    assert!(last(&open) < 59);
    assert_eq!(open.place(), (50, 0));
}

#[test]
fn pictures_that_come_late_leave_the_end_where_it_is() {
    let mut open = open(100);
    open.to_end();
    let (top, foot) = (first(&open), last(&open));
    open.take_pictures(pictures(&[3, 20, 93, 97]));
    assert_eq!((last(&open), foot), (99, 99));
    assert!(open.at_end() && first(&open) > top);
    assert_eq!(open.place().0, first(&open));
    // A text that fits begins where it begins, though it fits no longer.
    let mut open = self::open(8);
    assert!(open.at_end());
    open.take_pictures(pictures(&[2, 5]));
    assert_eq!((first(&open), open.at_end()), (0, false));
}
