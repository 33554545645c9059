//! Whatever is typed, on whatever screen: the program goes on, draws, and what it holds fits
//! together.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use common::{Reading, numbered, story};
use proptest::{prelude::*, test_runner::FileFailurePersistence};
use recto::{
    app::{Goal, Message, Purpose, action::ACTIONS, key::Key},
    story::Source,
};

/// Something that happens.
#[derive(Debug, Clone)]
enum Event {
    Key(Key),
    /// Keys that come faster than they are answered.
    Burst(Vec<Key>),
    Size(u16, u16),
    Paste(String),
    Tick(i64),
    /// A story of this number comes in.
    Story(u32),
}

/// Any key of the table, or a character.
fn key() -> impl Strategy<Value = Key> {
    let keys: Vec<Key> = ACTIONS
        .iter()
        .flat_map(|spec| spec.keys)
        .map(|key| key.parse().unwrap())
        .collect();
    let typed: Vec<Key> = "asdfw1é "
        .chars()
        .map(|c| {
            c.to_string()
                .parse()
                .unwrap_or_else(|_| "space".parse().unwrap())
        })
        .collect();
    let named = [
        "backspace",
        "enter",
        "esc",
        "left",
        "del",
        "ctrl-w",
        "alt-b",
    ];
    let named: Vec<Key> = named.iter().map(|key| key.parse().unwrap()).collect();
    prop_oneof![
        6 => prop::sample::select(keys),
        2 => prop::sample::select(typed),
        1 => prop::sample::select(named),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let cells = prop_oneof![0..6u16, 6..250u16];
    let lines = prop_oneof![0..6u16, 6..70u16];
    prop_oneof![
        30 => key().prop_map(Event::Key),
        3 => prop::collection::vec(key(), 1..12).prop_map(Event::Burst),
        3 => (cells, lines).prop_map(|(columns, rows)| Event::Size(columns, rows)),
        1 => "[a-z\u{1b}\n \u{e9}日]{0,8}".prop_map(Event::Paste),
        1 => (0..400i64).prop_map(Event::Tick),
        1 => (0..100u32).prop_map(Event::Story),
    ]
}

fn library() -> Vec<(&'static str, String)> {
    let marked = "To [two](two.md#end), [up](#one), [nowhere](no.md).\n\n# One\n\n> [!NOTE]\n> A note.\n\n\
         | a | b |\n| - | - |\n| long cell here | 日本語 |\n\n```\nwide wide wide wide wide wide wide wide \
         wide wide wide wide wide wide wide wide wide wide wide\n```\n\n- a\n  - b\n\nText[^n].\n\n\
         <details><summary>Why?</summary>\n\nBecause[^m].\n\n<details open>In it.</details>\n\n</details>\n\n\
         [^n]: Note.\n[^m]: Another.\n\n    It goes on.";
    vec![
        ("one.md", story("One 👩‍👩‍👧 of many", "2026-11-20", marked)),
        (
            "two.md",
            story(
                "Two",
                "2026-11-19",
                &format!("{}\n\n## End\n\nEnd.", numbered(700)),
            ),
        ),
        (
            "three.md",
            story("日本語の題名がここにある", "2026-10-01", "縦書き。"),
        ),
        ("deep/four.md", story("Four", "2019-05-05", "")),
        (
            "deep/er/five.md",
            story(
                "Five, with a title so long that it takes two lines and more than two lines in any list",
                "1999-01-01",
                &numbered(300),
            ),
        ),
        (
            "deep/er/six.md",
            story("Six", "2030-01-01", "In the time to come."),
        ),
    ]
}

/// What holds after every event.
fn check(reading: &Reading) -> Result<(), TestCaseError> {
    let model = reading.model();
    let list = &model.list;
    let (window, geometry) = (&list.window, model.geometry());
    prop_assert!(!list.stale, "rows are on their way for ever");
    prop_assert!(list.wanted.is_none(), "rows are on their way for ever");
    if window.total == 0 {
        prop_assert_eq!(list.cursor, 0);
    } else {
        prop_assert!(list.cursor < window.total);
        prop_assert!(list.current().is_some());
        let room = geometry.list.is_some_and(|place| place.height > 0);
        prop_assert!(list.top <= list.cursor || !room);
    }
    if list.listing.search.is_empty() && list.listing.source == Source::All && !list.listing.unread
    {
        prop_assert_eq!(window.total, reading.library.len().unwrap());
    }
    prop_assert!(model.sources.cursor < model.sources.rows.len().max(1));
    prop_assert!(
        model.hunt.is_none(),
        "an unread story is looked for for ever"
    );
    let chosen = model.sources.rows.get(model.sources.cursor);
    prop_assert!(
        chosen.is_none_or(|row| row.source == list.listing.source),
        "another source is listed than the one chosen"
    );

    // The row with the cursor is seen, at least its title.
    if let (Some(place), true) = (geometry.list, window.total > 0)
        && place.height >= 4
        && place.width > 0
    {
        let (height, width) = (usize::from(place.height), usize::from(place.width));
        let above: usize = (list.top..list.cursor)
            .filter_map(|index| list.shape(index, width, &model.now))
            .map(|shape| shape.height)
            .sum();
        let own = list.shape(list.cursor, width, &model.now).unwrap().height;
        prop_assert!(above + own <= height, "the cursor is out of sight");
    }

    // The page holds lines that are set, and only as many as fit.
    if let (Some(place), Some(open)) = (geometry.page(model.measure), &model.reader.open)
        && geometry.reader.is_some()
    {
        prop_assert!(!open.page.is_empty(), "a story has at least its title");
        let pages = if geometry.facing { 2 } else { 1 };
        prop_assert!(open.page.len() <= usize::from(place.height).max(1) * pages);
        for spot in &open.page {
            let line = open.layout.line(*spot);
            prop_assert!(line.is_some(), "a line that shows is set");
            let line = line.unwrap();
            // On a dozen cells a rule of stars or a deep list may not fit: that is cut off.
            let fits = line.wide || place.width < 12 || line.width() <= usize::from(place.width);
            prop_assert!(
                fits,
                "{} cells in {}: {:?}",
                line.width(),
                place.width,
                line.plain()
            );
        }
        prop_assert!(open.sideways <= open.widest);
        let progress = open.progress();
        prop_assert!((0.0..=1.0).contains(&progress.seen));
        if let Some(search) = &open.search {
            prop_assert!(search.current < search.found.len().max(1));
        }
    }
    // What is wanted is there, or it is said why not.
    if let Some(wanted) = model.reader.wanted {
        let open = model.reader.open.as_ref().map(|open| open.id);
        prop_assert!(open == Some(wanted) || model.reader.failure.is_some());
    }
    // A label is on the link that it follows.
    if let (Some(labels), Some(open)) = (&model.labels, &model.reader.open) {
        for label in &labels.all {
            let line = open.layout.line(label.spot).filter(|_| {
                open.page
                    .iter()
                    .chain(&open.foot)
                    .any(|it| *it == label.spot)
            });
            let segment = line.and_then(|line| line.segments.get(label.segment));
            let on = segment.is_some_and(|it| match label.goal {
                Goal::Link(_) | Goal::Inner(_) => it.link.is_some(),
                Goal::Code(_) => labels.purpose == Purpose::Copy,
                Goal::Details(_) => labels.purpose != Purpose::Copy,
            });
            prop_assert!(on, "{:?}", label);
        }
    }
    if let Some(help) = model.help {
        let shown = usize::from(model.rows.saturating_sub(1));
        prop_assert!(
            help.top
                <= help
                    .lines(model.columns, &model.messages)
                    .len()
                    .saturating_sub(shown)
        );
    }
    prop_assert!((24..=160).contains(&model.measure));

    // It draws, and nothing that could steer a terminal is among it.
    let buffer = reading.buffer();
    for cell in buffer.content() {
        prop_assert!(!cell.symbol().chars().any(char::is_control), "{:?}", cell);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        // What was found once is tried first for ever after.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/any_keys.regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_keys_on_any_screen_leave_everything_in_order(
        size in (0..200u16, 0..60u16),
        events in prop::collection::vec(event(), 1..60),
    ) {
        let library = library();
        let files: Vec<(&str, &str)> =
            library.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let mut reading = Reading::of(&files, size);
        check(&reading)?;
        for event in events {
            match event {
                Event::Key(key) => {
                    reading.send(Message::KeyPressed(key));
                }
                Event::Burst(keys) => {
                    reading.press_all(&keys);
                }
                Event::Size(columns, rows) => {
                    reading.resize(columns, rows);
                }
                Event::Paste(text) => {
                    reading.paste(&text);
                }
                Event::Tick(days) => {
                    let span = jiff::Span::new().days(days);
                    let now = common::NOW.parse::<jiff::ZonedDateTime>().unwrap();
                    reading.send(Message::Ticked(now.checked_add(span).unwrap()));
                }
                Event::Story(number) => {
                    let text = story(&format!("New {number}"), "2026-11-18", "New.");
                    reading.add(&[(&format!("{number}.md"), &text)]);
                }
            }
            if reading.ended.is_some() {
                return Ok(());
            }
            check(&reading)?;
        }
    }
}
