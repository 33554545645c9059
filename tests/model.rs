//! What the program makes of messages that come in an order which a terminal cannot be made to
//! give: here time stands still between any two of them.

// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

use recto::{
    app::{Effect, Message, Model},
    story::{Published, Row, StoryId, Window},
};

/// A list of so many stories.
fn rows(count: u32) -> Window {
    let row = |id| Row {
        id: StoryId(id),
        title: format!("Story {id}").into(),
        from: "Someone".into(),
        when: Published::Day("2026-11-20".parse().unwrap()),
        minutes: 3,
        read: false,
        starred: false,
        later: false,
        seen: 0.0,
        trouble: None,
        url: None,
        matched: Vec::new(),
        passage: None,
    };
    Window {
        first: 0,
        total: count as usize,
        rows: (0..count).map(row).collect(),
        at: None,
        remark: None,
    }
}

/// The number of the request for rows among `effects`.
fn request(effects: &[Effect]) -> u64 {
    let request = effects.iter().find_map(|effect| match effect {
        Effect::LoadRows(wanted) => Some(wanted.request),
        _ => None,
    });
    request.unwrap()
}

#[test]
fn a_key_that_comes_before_the_rows_of_a_grown_library_is_not_undone() {
    let grew = || Message::LibraryGrew {
        stories: 5,
        reading: false,
    };
    let mut model = Model::new(80, 24, "2026-11-20T10:00[UTC]".parse().unwrap());
    model.start();
    let first = request(&model.update(grew()));
    model.update(Message::RowsLoaded {
        request: first,
        window: rows(5),
    });
    let second = request(&model.update(grew()));
    model.update(Message::KeyPressed("j".parse().unwrap()));
    assert_eq!(model.list.cursor, 1);
    model.update(Message::RowsLoaded {
        request: second,
        window: rows(5),
    });
    assert_eq!(model.list.cursor, 1, "the key was undone");
}
