//! What the program makes of messages that come in an order which a terminal cannot be made to
//! give: here time stands still between any two of them.

// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use jiff::tz::TimeZone;
use recto::{
    app::{Column, Effect, Message, Model, Opened},
    document::{self, Document, Sought},
    story::{After, Kind, Passage, Position, Published, Row, State, Story, StoryId, Window},
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
        noted: false,
        seen: 0.0,
        trouble: None,
        url: None,
        removed: false,
        updated: false,
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

#[test]
fn a_story_that_takes_its_time_is_not_asked_for_twice() {
    let grew = || Message::LibraryGrew {
        stories: 5,
        reading: false,
    };
    let is_asked_for = |effects: &[Effect]| {
        let asks = |effect: &Effect| matches!(effect, Effect::OpenStory(StoryId(0)));
        effects.iter().any(asks)
    };
    let mut model = Model::new(120, 40, "2026-11-20T10:00[UTC]".parse().unwrap());
    model.start();
    let request = request(&model.update(grew()));
    let effects = model.update(Message::RowsLoaded {
        request,
        window: rows(5),
    });
    assert!(is_asked_for(&effects));
    // All was looked through, and nothing came yet: it may have been asked for too early.
    assert!(is_asked_for(&model.update(grew())));
    model.update(Message::StoryDelayed(StoryId(0)));
    assert!(!is_asked_for(&model.update(grew())));
}

/// Types keys and gives the orders that came of the last one.
fn press(model: &mut Model, keys: &[&str]) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys {
        effects = model.update(Message::KeyPressed(key.parse().unwrap()));
    }
    effects
}

/// A story of many paragraphs with a rope in the last but one, left half read.
fn opened() -> Opened {
    let mut text = "Nothing of interest.\n\n".repeat(80);
    text.push_str("The Rope had seven knots.\n\nThe end.");
    let story = Story::new(Kind::Text, "A story", text);
    Opened {
        source: false,
        document: Arc::new(Document::new(story, &TimeZone::UTC)),
        about: recto::story::Citation::default(),
        notes: Vec::new(),
        state: State::default(),
        place: Some(Position {
            block: 40,
            offset: 0,
            seen: 0.5,
            print: 0,
        }),
    }
}

/// What is looked for in the text among `effects`.
fn sought(effects: &[Effect]) -> Option<Sought> {
    effects.iter().find_map(|effect| match effect {
        Effect::FindText { sought, .. } => Some(sought.clone()),
        _ => None,
    })
}

/// A search of everything that has found a passage in the first of two stories, and the orders that came of it.
fn hit() -> (Model, Vec<Effect>) {
    let mut model = Model::new(120, 40, "2026-11-20T10:00[UTC]".parse().unwrap());
    model.start();
    let effects = press(&mut model, &["/", "tab", "r"]);
    let mut window = rows(2);
    window.rows[0].passage = Some(Passage {
        text: "The Rope had seven knots".into(),
        marks: vec![4..8, 19..24],
    });
    let effects = model.update(Message::RowsLoaded {
        request: request(&effects),
        window,
    });
    (model, effects)
}

#[test]
fn a_hit_of_a_search_of_everything_opens_at_its_words_and_lets_go_of_them() {
    let (mut model, effects) = hit();
    assert!(effects.contains(&Effect::OpenStory(StoryId(0))));
    let opened = opened();
    let document = Arc::clone(&opened.document);
    let effects = model.update(Message::StoryOpened {
        id: StoryId(0),
        outcome: Ok(opened),
    });
    let words = Sought::Words(vec!["knots".to_owned(), "rope".to_owned()]);
    assert_eq!(sought(&effects), Some(words.clone()));

    let matches = document::find(&document, &words, (0, 0), 100, &|_| (), &|| false).unwrap();
    let found = matches.found.clone();
    assert_eq!(found.len(), 2);
    model.update(Message::TextFound {
        id: StoryId(0),
        sought: words,
        found: matches,
    });
    let open = model.reader.open.as_ref().unwrap();
    assert_eq!(open.search.as_ref().unwrap().current, 0);
    assert!(open.page.iter().any(|spot| spot.block == found[0].block));

    // Read on, the place is kept; the words, once left, are not looked for again.
    press(&mut model, &["enter", "enter"]);
    let effects = press(&mut model, &["esc"]);
    assert_eq!(sought(&effects), None);
    assert_eq!(model.reader.open.as_ref().unwrap().search, None);
    let effects = press(&mut model, &["j"]);
    assert_eq!(sought(&effects), None);
    // Nor do they stay when the list is left.
    press(&mut model, &["esc", "esc"]);
    assert_eq!(model.list.listing.search, "");
    assert!(model.reader.open.as_ref().unwrap().hit.is_empty());
}

#[test]
fn the_way_back_from_a_hit_leads_to_what_the_search_found() {
    // Half read, the hit takes the page away; on the first page nothing moves.
    for (mut opened, moves) in [(opened(), true), (opened(), false)] {
        if !moves {
            let text = "The Rope had seven knots.\n\nThe end.";
            let story = Story::new(Kind::Text, "A story", text.to_owned());
            opened.document = Arc::new(Document::new(story, &TimeZone::UTC));
            opened.place = None;
        }
        let (mut model, _) = hit();
        let document = Arc::clone(&opened.document);
        let effects = model.update(Message::StoryOpened {
            id: StoryId(0),
            outcome: Ok(opened),
        });
        let sought = sought(&effects).unwrap();
        let found = document::find(&document, &sought, (0, 0), 100, &|_| (), &|| false).unwrap();
        model.update(Message::TextFound {
            id: StoryId(0),
            sought,
            found,
        });
        press(&mut model, &["enter", "enter"]);
        assert_eq!(model.focus, Column::Reader);
        if moves {
            press(&mut model, &["ctrl-o"]);
            assert_eq!(model.focus, Column::Reader);
            assert_eq!(model.reader.open.as_ref().unwrap().place(), (40, 0));
        }
        press(&mut model, &["ctrl-o"]);
        assert_eq!(model.focus, Column::List, "moves: {moves}");
        assert_eq!(model.list.listing.search, "r");
    }
}

#[test]
fn a_change_of_state_does_not_undo_a_jump_that_is_on_its_way() {
    let mut model = Model::new(80, 24, "2026-11-20T10:00[UTC]".parse().unwrap());
    let first = request(&model.start());
    model.update(Message::RowsLoaded {
        request: first,
        window: rows(5),
    });
    press(&mut model, &["m", "J"]);
    let effects = model.update(Message::StateChanged {
        said: None,
        back: None,
    });
    let mut window = rows(5);
    window.at = Some(1);
    model.update(Message::RowsLoaded {
        request: request(&effects),
        window,
    });
    assert_eq!(model.list.cursor, 1);
}

#[test]
fn a_search_of_everything_is_asked_anew_while_texts_are_indexed() {
    let mut model = Model::new(80, 24, "2026-11-20T10:00[UTC]".parse().unwrap());
    let first = request(&model.start());
    model.update(Message::RowsLoaded {
        request: first,
        window: rows(3),
    });
    let asks = |effects: &[Effect]| effects.iter().any(|it| matches!(it, Effect::LoadRows(_)));
    // Who searches titles needs nothing of it.
    assert!(!asks(&model.update(Message::Indexed { left: 900 })));
    // Words of long texts were estimated until then, and so were the minutes that are listed.
    assert!(asks(&model.update(Message::TextsIndexed)));
    press(&mut model, &["/", "tab", "a"]);
    assert!(model.list.listing.everywhere);
    for (left, asked) in [(800, true), (800, false), (300, true), (0, true)] {
        let effects = model.update(Message::Indexed { left });
        assert_eq!(asks(&effects), asked, "{left} left");
    }
}

#[test]
fn what_was_found_among_some_of_the_stories_is_asked_anew_once_all_are_indexed() {
    let mut model = Model::new(120, 40, "2026-11-20T10:00[UTC]".parse().unwrap());
    let first = request(&model.start());
    model.update(Message::RowsLoaded {
        request: first,
        window: rows(3),
    });
    let document = Arc::new(Document::of_markdown("Words."));
    let opened = Opened {
        document: Arc::clone(&document),
        about: Default::default(),
        notes: Vec::new(),
        source: false,
        state: State::default(),
        place: None,
    };
    model.update(Message::StoryOpened {
        id: StoryId(0),
        outcome: Ok(opened),
    });
    for early in [true, false] {
        let after = After {
            alike: rows(2).rows,
            early,
            ..After::default()
        };
        model.update(Message::AfterFound {
            id: StoryId(0),
            document: Arc::clone(&document),
            after: Arc::new(after),
            follows: false,
        });
        let effects = model.update(Message::TextsIndexed);
        let asks = |it: &Effect| matches!(it, Effect::FindAfter(_));
        assert_eq!(effects.iter().any(asks), early);
    }
}
