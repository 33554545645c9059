//! What keys do, through the program's own loop: a folder of stories, the keys, and what shows or
//! what the model holds when all is answered.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use std::fs;

use common::{Reading, keys_of, numbered, story, write};
use ratatui::style::Modifier;
use recto::{
    app::{Column, Effect, Goal, Help, Message, PromptKind},
    library::Input,
    runtime::{Ending, Graphics},
    story::{Listing, Source},
    view::{Background, Depth, Paper, Theme},
};

const WIDE: (u16, u16) = (160, 45);
const MIDDLE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

/// Five stories with titles to search for; the third is long, the others fit any screen.
fn shelf(size: (u16, u16)) -> Reading {
    let long = story("The Slave Coast", "2019-02-28", &numbered(3000));
    Reading::of(
        &[
            ("a.md", &story("Seven Knots", "2026-11-20", "Short.")),
            ("b.md", &story("Linden Passage", "2026-11-02", "Short too.")),
            ("c.md", &long),
            ("d.md", &story("Slavonic Letters", "2018-06-05", "Words.")),
            (
                "e.md",
                &story("Seals in a Valley of Lamps", "2017-01-01", "Last."),
            ),
        ],
        size,
    )
}

/// One long story with headings, links, wide code and a footnote, and one that it leads to.
fn linked(size: (u16, u16)) -> Reading {
    let filler = numbered(600);
    let first = format!(
        "To [the second](second.md), [its end](second.md#the-end), [down here](#below), \
         [nowhere](missing.md) and [no place](#nothing).\n\n\
         ```\n{}\n```\n\n## Above\n\n{filler}\n\n## Below\n\n{filler}\n\n## Last\n\n{filler}",
        "0123456789".repeat(30)
    );
    let second = format!("{filler}\n\n## The end\n\n{filler}");
    Reading::of(
        &[
            ("first.md", &story("The First", "2026-11-20", &first)),
            ("second.md", &story("The Second", "2026-11-19", &second)),
        ],
        size,
    )
}

/// What the model alone orders when keys are pressed: nothing of it is carried out.
fn ordered(reading: &mut Reading, keys: &str) -> Vec<Effect> {
    let pressed = keys_of(keys).into_iter().map(Message::KeyPressed);
    let model = &mut reading.session.model;
    pressed.flat_map(|message| model.update(message)).collect()
}

/// The page begins with this heading, below the empty line that is over it.
#[track_caller]
fn assert_begins(reading: &Reading, heading: &str) {
    let page = reading.page();
    assert!(page[..2].contains(&heading.to_owned()), "{page:?}");
}

#[test]
fn keys_are_written_as_they_are_typed() {
    let keys: Vec<String> = keys_of("/a <ret><lt><c>><ctrl-d>")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(keys, ["/", "a", "space", "enter", "<", "c", ">", "ctrl-d"]);
}

#[test]
fn the_cursor_moves_and_stops_at_both_ends() {
    let mut reading = shelf(WIDE);
    assert_eq!(reading.title(), "Seven Knots");
    assert_eq!(reading.press("jj").title(), "The Slave Coast");
    assert_eq!(
        reading.press("jjjjjjjj").title(),
        "Seals in a Valley of Lamps"
    );
    assert_eq!(reading.press("k").title(), "Slavonic Letters");
    assert_eq!(reading.press("kkkkkkkk").title(), "Seven Knots");
    assert_eq!(reading.press("<down><down><up>").title(), "Linden Passage");
}

#[test]
fn the_reader_beside_the_list_follows_the_cursor() {
    let mut reading = shelf(WIDE);
    for _ in 0..4 {
        assert_eq!(reading.open_title(), reading.title());
        reading.press("j");
    }
}

#[test]
fn the_ends_of_a_list_are_one_key_away() {
    let mut reading = shelf(SMALL);
    assert_eq!(reading.press("G").title(), "Seals in a Valley of Lamps");
    assert_eq!(reading.press("g").title(), "Seven Knots");
    assert_eq!(reading.press("<end>").title(), "Seals in a Valley of Lamps");
    assert_eq!(reading.press("<home>").title(), "Seven Knots");
}

#[test]
fn the_ends_of_a_list_longer_than_what_is_at_hand_are_one_key_away_too() {
    let mut reading = Reading::of_days(400, SMALL);
    assert_eq!(reading.press("G").title(), "Story 400");
    assert_eq!(reading.press("k").title(), "Story 399");
    assert_eq!(reading.press("g").title(), "Story 1");
}

#[test]
fn a_long_list_is_walked_without_a_gap() {
    let mut reading = Reading::of_days(400, SMALL);
    for number in 2..=400 {
        let wanted = format!("Story {number}");
        assert_eq!(reading.press("j").title(), wanted);
        reading.assert_shows(&wanted);
    }
}

#[test]
fn a_held_key_goes_on_where_the_rows_at_hand_ended() {
    let mut reading = Reading::of_days(400, SMALL);
    reading.press_at_once(&"j".repeat(250));
    let reached = reading.model().list.cursor;
    assert_eq!(reading.press("j").model().list.cursor, reached + 1);
}

#[test]
fn a_page_down_skips_no_story_and_a_page_up_returns() {
    let mut reading = Reading::of_days(60, SMALL);
    let before = reading.screen();
    let next = reading.press("<space>").title().to_owned();
    assert!(before.contains(&next), "{next} was not seen before");
    let page = reading.model().list.cursor;
    assert!(page > 4, "a page is more than {page} stories");
    assert_eq!(reading.press("b").model().list.cursor, 0);
    let half = reading.press("<ctrl-d>").model().list.cursor;
    assert!(
        (page / 3..=page * 2 / 3).contains(&half),
        "{half} of {page}"
    );
    assert_eq!(reading.press("<ctrl-u>").model().list.cursor, 0);
    assert_eq!(reading.press("<pgdn>").model().list.cursor, page);
    assert_eq!(reading.press("<pgup>").model().list.cursor, 0);
}

#[test]
fn a_page_down_in_the_reader_skips_no_line() {
    let mut reading = shelf(SMALL);
    reading.press("jj<ret>");
    let mut seen = reading.page();
    for _ in 0..40 {
        reading.press(" ");
        let page = reading.page();
        assert!(seen.contains(&page[0]), "{:?} came unannounced", page[0]);
        seen = page;
    }
    assert!(seen.concat().contains("w3000"), "the end is reached");
    reading.press("g");
    assert_eq!(reading.top_line(), "The Slave Coast");
}

#[test]
fn h_l_and_tab_move_between_the_columns() {
    for size in [WIDE, MIDDLE, SMALL, (40, 12)] {
        let mut reading = shelf(size);
        let mut focus = |keys: &str| reading.press(keys).model().focus;
        assert_eq!(focus("h"), Column::Sources);
        assert_eq!(focus("h"), Column::Sources, "there is no more on the left");
        assert_eq!(focus("l"), Column::List);
        assert_eq!(focus("<right>"), Column::Reader);
        assert_eq!(focus("l"), Column::Reader, "there is no more on the right");
        assert_eq!(focus("<left>"), Column::List);
        assert_eq!(focus("<tab>"), Column::Reader);
        assert_eq!(focus("<tab>"), Column::Sources);
        assert_eq!(focus("<tab>"), Column::List);
        assert_eq!(focus("<shift-tab>"), Column::Sources);
        assert_eq!(focus("<shift-tab>"), Column::Reader);
        assert_eq!(focus("<shift-tab>"), Column::List);
    }
}

#[test]
fn the_column_with_the_keys_always_shows() {
    for size in [WIDE, MIDDLE, SMALL, (40, 12)] {
        let mut reading = shelf(size);
        for _ in 0..4 {
            let geometry = reading.model().geometry();
            let place = match reading.model().focus {
                Column::Sources => geometry.sources,
                Column::List => geometry.list,
                Column::Reader => geometry.reader,
            };
            assert!(place.is_some(), "{:?} at {size:?}", reading.model().focus);
            reading.press("<tab>");
        }
    }
}

#[test]
fn date_and_length_of_a_story_are_not_cut_on_a_narrow_screen() {
    let reading = shelf((24, 12));
    let screen = reading.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let cut = |it: &&str| it.contains(" m…") || it.contains(" · …") || it.contains(" 1…");
    assert!(!lines.iter().any(cut), "{screen}");
    assert!(lines.iter().any(|it| it.contains(" · 1 min")), "{screen}");
}

#[test]
fn tab_goes_round_where_nothing_is_listed_too() {
    let mut reading = Reading::of(&[], WIDE);
    assert_eq!(reading.press("<tab>").model().focus, Column::Sources);
    assert_eq!(reading.press("<tab>").model().focus, Column::List);
    assert_eq!(reading.press("<shift-tab>").model().focus, Column::Sources);
    assert_eq!(reading.press("<shift-tab>").model().focus, Column::List);
}

#[test]
fn a_query_that_is_still_typed_is_not_told_as_wrong() {
    let mut reading = shelf(WIDE);
    reading.press("/author:");
    let line = reading.last_line();
    assert!(
        line.contains(" found") && !line.contains("wants a value"),
        "{line}"
    );
    // Of what is wrong the words come first where there is little room.
    let mut narrow = shelf((40, 12));
    narrow.press("/a date:foo ");
    let line = narrow.last_line();
    assert!(
        !line.contains("found") && line.contains("date:foo"),
        "{line}"
    );
    // What is open and finds nothing says so.
    narrow.press("<esc>/\"zzzz");
    assert!(
        narrow.last_line().contains("a \" is still open"),
        "{}",
        narrow.last_line()
    );
}

#[test]
fn what_is_wrong_with_a_query_is_told_above_where_there_is_no_room_beside() {
    let wrong = [
        ("/the minuts:9", "no field is called minuts"),
        (
            "/a is:unred b",
            "is:unred is none of unread, read, starred, later, noted,",
        ),
        ("/a date:foo b", "date:foo: a date is wanted"),
    ];
    for (keys, told) in wrong {
        let mut narrow = shelf((40, 12));
        narrow.press(keys);
        let screen = narrow.screen();
        let (above, last) = screen.trim_end().rsplit_once('\n').unwrap();
        let typed = keys.trim_start_matches('/').trim_end();
        assert!(last.contains(typed) && !last.contains('…'), "{screen}");
        let words: Vec<_> = above.split_whitespace().collect();
        assert!(words.join(" ").contains(told), "{screen}");
        // It goes with what is wrong.
        narrow.press("<esc>");
        assert!(!narrow.screen().contains(typed), "{}", narrow.screen());
    }
    let mut wide = shelf((160, 24));
    wide.press("/a is:unred b");
    assert!(wide.last_line().contains("is:unred is none of"));
}

#[test]
fn the_words_that_are_told_to_be_wrong_are_marked_in_the_prompt() {
    let marked = |reading: &Reading| -> String {
        let screen = reading.buffer();
        let y = screen.area.height - 1;
        let cells = (0..screen.area.width).map(|x| &screen[(x, y)]);
        let underlined = cells.filter(|it| it.modifier.contains(Modifier::UNDERLINED));
        underlined.map(|it| it.symbol()).collect()
    };
    for size in [(160, 24), (100, 30), (80, 24), (40, 12)] {
        for (keys, wrong) in [
            ("/athor:x", "athor:x"),
            ("/a athor:x b", "athor:x"),
            ("/sort:bad", "sort:bad"),
            ("/before:x", "before:x"),
            ("/has:zz", "has:zz"),
            ("/a or", "or"),
            ("/a author:", ""),
            ("/ab", ""),
        ] {
            let mut reading = shelf(size);
            reading.press(keys);
            assert_eq!(marked(&reading), wrong, "{keys} at {size:?}");
        }
    }
}

#[test]
fn a_search_narrows_the_list_and_enter_keeps_it() {
    let mut reading = shelf(WIDE);
    reading.press("/slav");
    assert_eq!(
        reading.model().prompt.as_ref().unwrap().kind,
        PromptKind::Titles
    );
    reading.assert_shows("3 found");
    assert!(!reading.titles().contains(&"Seven Knots".to_owned()));
    reading.press("<ret>");
    assert!(reading.model().prompt.is_none());
    assert_eq!(reading.model().list.cursor, 0);
    let first = reading.title().to_owned();
    assert_eq!(reading.press("jj").model().list.cursor, 2);
    assert_ne!(reading.title(), first);
    // A result is a list as any other: a story of it opens, and esc leads back to it.
    reading.press("k<ret>");
    assert_eq!(reading.open_title(), reading.title());
    reading.press("<esc>");
    assert_eq!(reading.model().focus, Column::List);
    assert_eq!(reading.model().list.listing.search, "slav");
}

#[test]
fn leaving_a_search_gives_back_the_list_and_the_story_with_the_cursor() {
    let mut reading = Reading::of_days(60, SMALL);
    reading.press(&"j".repeat(30));
    let before = reading.screen();
    for keys in [
        "/9<esc>",
        "/9<ret><esc>",
        "/9<ret>q",
        "/zzz<esc>",
        "/9<backspace><backspace>",
    ] {
        reading.press(keys);
        assert_eq!(reading.title(), "Story 31", "{keys}");
        assert_eq!(reading.screen(), before, "{keys}");
        assert_eq!(reading.ended, None, "{keys}");
    }
}

#[test]
fn a_search_from_a_search_starts_from_the_list_before_both() {
    let mut reading = shelf(WIDE);
    reading.press("jj/knots<ret>/lamps");
    assert_eq!(reading.title(), "Seals in a Valley of Lamps");
    reading.press("<ret><esc>");
    assert_eq!(reading.title(), "The Slave Coast");
    assert_eq!(reading.model().list.window.total, 5);
}

#[test]
fn letters_typed_faster_than_they_are_answered_end_in_the_same_list() {
    let mut reading = shelf(WIDE);
    reading.press_at_once("/slavonic<ret>");
    assert_eq!(reading.title(), "Slavonic Letters");
    assert_eq!(reading.model().list.window.total, 1);
    reading.press_at_once("<esc>/lam<backspace><backspace><backspace>kno<esc>");
    assert_eq!(reading.model().list.window.total, 5);
    assert_eq!(reading.title(), "Seven Knots");
}

#[test]
fn the_result_can_be_walked_while_words_are_typed() {
    let mut reading = shelf(WIDE);
    reading.press("/slav<down><down><up>");
    assert!(reading.model().prompt.is_some());
    assert_eq!(reading.model().list.cursor, 1);
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    let mut reading = shelf(WIDE);
    reading.press("/zzzz");
    reading.assert_shows("No title matches.");
    reading.press("<ret>jkGg<ret>");
    reading.assert_shows("No title matches.");
    assert_eq!(reading.model().focus, Column::List);
    reading.press("<esc>");
    assert_eq!(reading.title(), "Seven Knots");
}

#[test]
fn unread_stories_are_one_key_away() {
    let mut reading = shelf(WIDE);
    reading.press("jmjmk");
    assert_eq!(reading.title(), "Linden Passage");
    assert_eq!(reading.press("J").title(), "Slavonic Letters");
    assert_eq!(reading.press("K").title(), "Seven Knots");
    // Where there is no other, the cursor stays, and it is said why.
    assert_eq!(reading.press("K").title(), "Seven Knots");
    assert_ne!(reading.notice(), "", "why nothing happened is not said");
    // Below the last one, the next source begins.
    assert_eq!(reading.press("GJ").title(), "Seven Knots");
    assert_eq!(reading.model().list.listing.source, Source::Unread);
    assert!(reading.notice().starts_with("On to “Unread”"));
}

#[test]
fn unread_stories_beyond_what_is_at_hand_are_found() {
    let mut reading = Reading::of_days(400, SMALL);
    // All between the first and the last story are read.
    reading.press("G");
    let last = reading.row().id;
    reading.press("g");
    let first = reading.row().id;
    let all = reading.library.listed(&Listing::default(), None).unwrap();
    assert_eq!(all.len(), 400);
    for id in all {
        reading.mark_read(id, id != first && id != last);
    }
    assert_eq!(reading.press("J").title(), "Story 400");
    assert_eq!(reading.press("K").title(), "Story 1");
}

#[test]
fn unread_stories_are_found_near_the_end_of_what_is_at_hand() {
    let mut reading = Reading::of_days(400, SMALL);
    reading.press_at_once(&"j".repeat(85));
    for number in 87..=186 {
        assert_eq!(reading.press("J").title(), format!("Story {number}"));
    }
}

#[test]
fn in_the_reader_the_next_unread_story_is_opened() {
    let mut reading = shelf(WIDE);
    reading.press("<ret>J");
    assert_eq!(reading.model().focus, Column::Reader);
    assert_eq!(reading.open_title(), "Linden Passage");
    assert_eq!(reading.title(), "Linden Passage");
}

#[test]
fn m_marks_as_read_and_as_unread() {
    let mut reading = shelf(WIDE);
    reading.assert_shows("5 unread of 5");
    assert!(reading.press("m").row().read);
    reading.assert_shows("4 unread of 5");
    assert!(!reading.press("m").row().read);
    reading.assert_shows("5 unread of 5");
    reading.press("jj<ret>m");
    assert!(reading.row().read, "in the reader it is the open story");
    assert!(!reading.press("m").row().read);
}

#[test]
fn a_story_is_read_when_its_end_was_seen_by_somebody_who_reads() {
    let mut reading = shelf(WIDE);
    reading.press("jjjj");
    assert!(
        !reading.row().read,
        "a glance beside the list is no reading"
    );
    assert!(!reading.press("<ret>").row().read, "it was only opened");
    reading.assert_shows("0 %  1 min left");
    assert!(!reading.press("?q/x<esc>").row().read, "nothing was read");
    assert!(reading.press("j").row().read, "its end was seen");
    reading.assert_shows("100 %  read");
    reading.press("qkk<ret>");
    reading.assert_shows("0 %  14 min left");
    reading.press("qk<ret>q");
    assert!(reading.row().read, "a short story, read and left");
    reading.press("j<ret>");
    assert!(!reading.row().read);
    reading.press("  ");
    assert!(!reading.row().read, "the end does not show yet");
    assert!(reading.press("G").row().read);
    assert!(!reading.press("m").row().read, "what is said by hand holds");
    assert!(
        !reading.press("gG").row().read,
        "what is said by hand holds"
    );
}

#[test]
fn every_way_out_of_a_short_story_leaves_it_read() {
    for keys in ["q", "h", "<esc>", "]", "J", "<tab>", " "] {
        let mut reading = shelf(WIDE);
        let id = reading.row().id;
        reading.press("<ret>").press(keys);
        assert!(reading.is_read(id), "{keys}");
    }
    for keys in ["?", "m", "mm", "+", "f", "z"] {
        let mut reading = shelf(WIDE);
        let id = reading.row().id;
        reading.press("<ret>").press(keys);
        assert_eq!(reading.is_read(id), keys == "m", "{keys}");
    }
    let mut reading = shelf(WIDE);
    reading.press("<ret>mmq");
    assert!(!reading.row().read, "what is said by hand holds");
}

#[test]
fn where_a_search_leads_is_not_read() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>/w3000<ret>");
    assert!(reading.page().concat().contains("w3000"));
    assert!(!reading.row().read);
    reading.press("n<esc>q");
    assert!(!reading.row().read, "to leave from there is not to read it");
    assert!(reading.press("<ret>/w3000<ret><esc>kj").row().read);
}

#[test]
fn keys_of_another_column_say_where_they_work() {
    let mut reading = shelf(WIDE);
    for (keys, said) in [
        ("f", "f works in the reader."),
        ("<ret>x", "x works in the list."),
        ("hhm", "m works in the list and the reader."),
    ] {
        assert_eq!(reading.press(keys).notice(), said);
    }
    assert_eq!(reading.press("&").notice(), "", "it works nowhere");
}

#[test]
fn more_matches_than_are_kept_are_counted_all_the_same() {
    let body = "a ".repeat(100_500);
    let mut reading = Reading::of(&[("a.md", &story("Many", "2026-11-20", &body))], WIDE);
    reading.press("<ret>/a<ret>");
    reading.assert_shows("of 100,501");
    assert!(reading.press("gN").notice().contains("first 100,000"));
    reading.press("k");
    reading.assert_shows("100,000 of 100,501");
    assert!(reading.press("n").notice().contains("first 100,000"));
    reading.press("j");
    reading.assert_shows("1 of 100,501");
}

#[test]
fn the_next_story_is_read_from_the_reader() {
    let mut reading = shelf(WIDE);
    reading.press("<ret>]");
    assert_eq!(reading.open_title(), "Linden Passage");
    assert_eq!(reading.title(), "Linden Passage");
    reading.press("[");
    assert_eq!(reading.open_title(), "Seven Knots");
    reading.press("[");
    assert_eq!(reading.notice(), "This is the first story of the list.");
    reading.press("]]]]]]");
    assert_eq!(reading.open_title(), "Seals in a Valley of Lamps");
    assert_eq!(reading.notice(), "This is the last story of the list.");
    assert_eq!(reading.model().focus, Column::Reader);
}

#[test]
fn esc_leaves_one_thing_at_a_time_and_never_the_program() {
    let mut reading = shelf(WIDE);
    reading.press("/slave<ret><ret>z/w20<ret>?");
    assert!(reading.press("<esc>").model().help.is_none());
    let open = |reading: &Reading| reading.model().reader.open.as_ref().unwrap().search.clone();
    assert!(open(&reading).is_some());
    reading.press("<esc>");
    assert_eq!(open(&reading), None);
    assert!(reading.model().zen);
    reading.press("<esc>");
    assert!(!reading.model().zen);
    assert_eq!(reading.model().focus, Column::List);
    assert_eq!(reading.model().list.listing.search, "slave");
    reading.press("<esc>");
    assert_eq!(reading.model().list.listing.search, "");
    reading.press("<esc><esc>");
    assert_eq!(reading.ended, None);
}

#[test]
fn q_goes_back_and_quits_at_the_list() {
    let mut reading = shelf(WIDE);
    reading.press("?q");
    assert!(reading.model().help.is_none());
    reading.press("/slave<ret><ret>zq");
    assert_eq!(reading.model().focus, Column::List);
    assert_eq!(reading.model().list.listing.search, "slave");
    reading.press("q");
    assert_eq!(reading.model().list.listing.search, "");
    reading.press("hq");
    assert_eq!(reading.model().focus, Column::List);
    assert_eq!(reading.ended, None);
    reading.press("q");
    assert_eq!(reading.ended, Some(Ending::Quit));
}

#[test]
fn ctrl_c_quits_wherever_one_is() {
    for keys in ["", "?", "/sla", "<ret>", "<ret>/x", "h", "jj<ret>z"] {
        let mut reading = shelf(WIDE);
        reading.press(keys);
        assert_eq!(reading.ended, None, "{keys}");
        reading.press("<ctrl-c>");
        assert_eq!(reading.ended, Some(Ending::Quit), "{keys}");
    }
}

#[test]
fn zen_gives_the_reader_the_whole_screen_and_the_text_its_middle() {
    let mut reading = shelf(WIDE);
    reading.press("jjz");
    let geometry = reading.model().geometry();
    assert!(geometry.header.is_none() && geometry.list.is_none() && geometry.sources.is_none());
    let page = geometry.page(reading.model().measure).unwrap();
    assert_eq!((page.x, page.width), (44, 72));
    reading.assert_shows(&format!("{}The Slave Coast", " ".repeat(44)));
    reading.assert_hides("Seven Knots");
    reading.press("z");
    reading.assert_shows("Seven Knots");
    assert_eq!(reading.model().focus, Column::Reader);
    reading.press("zh");
    assert!(!reading.model().zen);
    assert_eq!(reading.model().focus, Column::List);
}

#[test]
fn labels_on_links_show_and_are_left() {
    let mut reading = linked(WIDE);
    reading.press("<ret>f");
    let labels = reading.model().labels.as_ref().unwrap();
    let keys: Vec<&str> = labels.all.iter().map(|label| label.keys.as_str()).collect();
    assert_eq!(keys, ["a", "s", "d", "f", "g"]);
    reading.assert_shows("type a label");
    for leave in ["<esc>", "z", "<ret>"] {
        reading.press(leave);
        assert!(reading.model().labels.is_none(), "{leave}");
        assert!(
            !reading.model().zen,
            "{leave} is no label and does nothing else"
        );
        reading.press("f");
    }
    assert_eq!(reading.open_title(), "The First");
}

#[test]
fn labels_stay_on_their_links_when_the_screen_changes() {
    let mut reading = linked(WIDE);
    reading.press("<ret>f").resize(50, 20);
    let open = reading.model().reader.open.as_ref().unwrap();
    for label in reading.model().labels.iter().flat_map(|it| &it.all) {
        let segment = open
            .layout
            .line(label.spot)
            .and_then(|line| line.segments.get(label.segment));
        let link = segment.and_then(|segment| segment.link);
        let target = link.and_then(|link| open.layout.link(link));
        assert_eq!(
            target.map(|it| Goal::Link(it.to_owned())),
            Some(label.goal.clone()),
            "{label:?}"
        );
    }
}

#[test]
fn a_page_without_links_says_so() {
    let mut reading = shelf(WIDE);
    reading.press("<ret>f");
    assert_eq!(reading.notice(), "There is no link on this page.");
}

#[test]
fn a_relative_link_opens_its_story_and_ctrl_o_returns() {
    let mut reading = linked(WIDE);
    reading.press("<ret>jj");
    let before = first_word(&reading);
    reading.press("fa");
    assert_eq!(reading.open_title(), "The Second");
    assert_eq!(
        reading.title(),
        "The Second",
        "the list's cursor goes along"
    );
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "The First");
    assert_eq!(reading.title(), "The First");
    assert_eq!(first_word(&reading), before);
}

#[test]
fn a_heading_is_found_by_its_words_too() {
    let first = "[[second#Deep Heading]] [x](second.md#Top#Deep%20Heading)\n\n\
                 [[#Local Part]]\n\n## Local Part\n\nHere.";
    let second = format!("{}\n\n## Deep Heading\n\n{0}", numbered(600));
    let mut reading = Reading::of(
        &[
            ("first.md", &story("The First", "2026-11-20", first)),
            ("second.md", &story("The Second", "2026-11-19", &second)),
        ],
        WIDE,
    );
    for link in ["a", "s"] {
        reading.press(&format!("<ret>f{link}"));
        assert_eq!(reading.open_title(), "The Second", "{link}");
        assert_begins(&reading, "Deep Heading");
        reading.assert_hides(" 0 %");
        reading.press("<ctrl-o>");
    }
    reading.press("fd");
    assert_eq!(reading.notice(), "");
}

#[test]
fn a_part_of_a_text_is_gone_to_by_its_percent() {
    let body = numbered(3000);
    let mut reading = Reading::of(&[("a.md", &story("Long", "2026-11-20", &body))], WIDE);
    reading.press("<ret>");
    let start = first_word(&reading);
    reading.press("%").assert_shows("to percent");
    reading.press("50<ret>");
    let passed = reading
        .model()
        .reader
        .open
        .as_ref()
        .unwrap()
        .progress()
        .seen;
    assert!((0.49..0.51).contains(&passed), "{passed}");
    reading.press("%100%<ret>").assert_shows("100 %");
    reading.press("<ctrl-o><ctrl-o>");
    assert_eq!(first_word(&reading), start);
    reading.press("%half<ret>");
    assert_eq!(reading.notice(), "“half” is no number from 0 to 100.");
    reading.press("%<esc>");
    assert_eq!(first_word(&reading), start);
}

#[test]
fn a_wikilink_leads_to_a_file_or_to_a_title() {
    let first = "[[SECOND]] [[the second story]] [[third: the tale|there]] [[nothing]]";
    let files = [
        ("first.md", story("The First", "2026-11-20", first)),
        ("second.md", story("The Second Story", "2026-11-19", "Two.")),
        ("c.md", story("Third: the Tale", "2026-11-18", "Three.")),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let mut reading = Reading::of(&files, WIDE);
    for (label, title) in [
        ("a", "The Second Story"),
        ("s", "The Second Story"),
        ("d", "Third: the Tale"),
    ] {
        reading.press(&format!("<ret>f{label}"));
        assert_eq!(reading.open_title(), title);
        reading.press("<ctrl-o>");
    }
    reading.press("ff");
    assert_eq!(reading.notice(), "No story here lies at “nothing”.");
}

#[test]
fn labels_tell_where_they_lead_in_the_room_that_there_is() {
    let links = "[a](https://example.org/a/long/path/to/somewhere) [b](#b) \
                 [c](https://example.net/another/long/path/to/a/place/far/away) [d](second.md)";
    let files = [("a.md", story("Links", "2026-11-20", links))];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let mut reading = Reading::of(&files, (160, 24));
    reading.press("<ret>f");
    reading.assert_shows(
        "type a label: a https://example.org/a/long/path/to/somewhere   s #b   \
         d example.net/another/long/path/to/a/place/far/away   f second.md",
    );
    reading.resize(100, 24);
    reading.assert_shows(
        "type a label: a example.org/a/lon…   s #b   d example.net/anoth…   f second.md",
    );
    // Where there is not room for all, the others come one after the other.
    reading.resize(40, 24);
    reading.assert_shows("label: a example.org/a/lon…   tab more");
    reading
        .press("<tab>")
        .assert_shows("label: s #b   tab more");
    reading
        .press("<tab><tab>")
        .assert_shows("label: f second.md   tab more");
    reading.press("<tab>").assert_shows("label: a example");
}

#[test]
fn alt_right_goes_forward_again_until_another_way_is_taken() {
    let mut reading = linked(WIDE);
    reading.press("<ret>");
    assert_eq!(
        reading.press("<alt-right>").notice(),
        "Not now: nowhere was come back from."
    );
    reading.press("fajj");
    let there = first_word(&reading);
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "The First");
    reading.press("<alt-right>");
    assert_eq!(reading.open_title(), "The Second");
    assert_eq!(first_word(&reading), there);
    reading.press("<alt-left>fd");
    assert!(reading.model().forward.is_empty());
}

#[test]
fn the_outline_leads_to_the_heading_that_is_chosen() {
    let mut reading = linked(WIDE);
    reading.press("<ret>T");
    reading.assert_shows("▌ Above");
    reading.assert_shows("3 headings");
    reading.press("LOW");
    reading.assert_shows("No heading has that.");
    reading.assert_hides("enter goes there");
    reading.press("<ctrl-u>low");
    reading.assert_shows("▌ Below");
    reading.assert_hides("▌ Above");
    reading.press("<ret>");
    assert_begins(&reading, "Below");
    // It begins where one reads, and esc changes nothing.
    reading.press("T<down><esc>");
    assert_begins(&reading, "Below");
    reading.press("T<down><ret>");
    assert_begins(&reading, "Last");
    reading.press("<ctrl-o><ctrl-o>");
    assert_eq!(reading.top_line(), "The First");
    assert_eq!(
        shelf(WIDE).press("<ret>T").notice(),
        "This story has no headings."
    );
}

#[test]
fn a_marked_place_is_come_back_to_from_anywhere() {
    let mut reading = linked(WIDE);
    reading.press("'");
    reading.assert_shows("no place is marked yet");
    reading.press("<esc><ret>}}Ma");
    assert_eq!(reading.notice(), "This place is marked a.");
    let there = reading.top_line();
    reading.press("]MbG");
    assert_eq!(reading.open_title(), "The Second");
    reading.press("q'");
    reading.assert_shows("a The First");
    reading.press("a");
    assert_eq!(reading.open_title(), "The First");
    assert_eq!(reading.top_line(), there);
    assert_eq!(reading.title(), "The First", "the list's cursor goes along");
    // Typed at once, before it is known which places have letters.
    reading.press_at_once("'b");
    assert_eq!(reading.open_title(), "The Second");
    assert_eq!(reading.top_line(), "The Second");
    for title in ["The First", "The Second", "The First"] {
        reading.press("''");
        assert_eq!(reading.open_title(), title, "to and fro");
    }
    assert_eq!(reading.press("'x").notice(), "No place here is marked x.");
}

#[test]
fn the_source_shows_about_where_the_page_was_and_changes_nothing() {
    let mut reading = linked(WIDE);
    reading.press("<ret>}}");
    let page = reading.page();
    reading.press("\\");
    reading.assert_shows("## Below");
    reading.assert_shows("source   \\ page");
    reading.press("g");
    reading.assert_shows("date: 2026-11-20");
    reading.assert_shows("[the second](second.md)");
    // Who has scrolled to its end has not read the story, though the page goes along.
    reading.press("G\\");
    assert_ne!(reading.page(), page);
    assert!(!reading.row().read);
    reading.press("q");
    assert!(!reading.row().read);
    reading.press("<ret><ctrl-o>");
    assert_eq!(reading.page(), page);
    // Another story that is on its way is not held up.
    let mut reading = linked(WIDE);
    reading.press("<ret>").press_at_once("]\\");
    assert_eq!(reading.open_title(), "The Second");
}

#[test]
fn the_page_opens_where_its_source_was_left() {
    // The signs of the source are not among the words of the page.
    let marked = |word: &str| match word.ends_with('7') {
        true => format!("**{word}**"),
        false => word.to_owned(),
    };
    let words: Vec<String> = numbered(3000).split(' ').map(marked).collect();
    let body = words.join(" ");
    let mut reading = Reading::of(&[("a.md", &story("Long", "2026-11-20", &body))], MIDDLE);
    let top = |reading: &Reading| {
        let page = reading.page();
        let line = page.into_iter().find(|line| !line.is_empty()).unwrap();
        let word = line.split_whitespace().next().unwrap();
        word.trim_matches('*').to_owned()
    };
    let is_source = |reading: &Reading| reading.model().reader.open.as_ref().unwrap().source;
    reading.press("<ret>  ");
    let page = reading.page();
    // Where nothing moved there, nothing moves here.
    reading.press("\\").assert_shows("source   \\ page");
    reading.press("\\");
    assert_eq!(reading.page(), page);
    for keys in ["     ", "bb", "/w2400<ret>", "G"] {
        reading.press("\\").press(keys);
        assert!(is_source(&reading));
        let word = top(&reading);
        assert!(word.starts_with('w'), "{word}");
        reading.press("\\");
        assert!(!is_source(&reading));
        let shown = reading.page();
        // The end stays at the foot of the page.
        let lines = if keys.ends_with('G') { shown.len() } else { 2 };
        let has_word = |line: &String| line.split_whitespace().any(|it| it == word);
        assert!(shown[..lines].iter().any(has_word), "{word} {shown:?}");
    }
    reading.press("\\g\\");
    assert_eq!(reading.top_line(), "Long");
    assert!(!reading.row().read);
}

#[test]
fn ctrl_o_leads_back_from_a_search_in_the_source() {
    let body = numbered(3000);
    let mut reading = Reading::of(&[("a.md", &story("Long", "2026-11-20", &body))], MIDDLE);
    reading.press("<ret>\\ ");
    for keys in ["/w2400<ret>", "/w1800<ret> "] {
        let before = reading.page();
        reading.press(keys);
        assert_ne!(reading.page(), before);
        reading.press("<ctrl-o>");
        assert_eq!(reading.page(), before, "{keys}");
        reading.press("<esc>");
    }
    // Its places are no places of the page.
    assert!(reading.model().back.is_empty());
    reading.press("<ctrl-o>");
    assert!(reading.notice().contains("no link was followed yet"));
    // Places of the page are shown on it.
    let mut reading = linked(WIDE);
    reading.press("<ret>fd");
    let there = reading.page();
    reading.press("\\<ctrl-o>");
    assert_eq!(reading.top_line(), "The First");
    assert_ne!(reading.page(), there);
}

#[test]
fn links_and_code_are_copied_by_their_labels() {
    let mut reading = linked(WIDE);
    reading.press("<ret>y");
    reading.assert_shows("type a label to copy it");
    let mut type_in = |keys: &str| ordered(&mut reading, keys);
    assert_eq!(type_in("a"), [Effect::Copy("second.md".into())]);
    let code = "0123456789".repeat(30);
    assert_eq!(type_in("yh"), [Effect::Copy(code)]);
}

#[test]
fn a_link_with_an_anchor_leads_to_its_heading() {
    let mut reading = linked(WIDE);
    reading.press("<ret>fs");
    assert_eq!(reading.open_title(), "The Second");
    assert_begins(&reading, "The end");
    // And from there within the story that is open already.
    reading.press("<ctrl-o>fd");
    assert_eq!(reading.open_title(), "The First");
    assert_begins(&reading, "Below");
    reading.press("<ctrl-o>");
    assert_eq!(reading.top_line(), "The First");
}

#[test]
fn a_link_to_nowhere_says_so_and_leaves_no_trace() {
    let mut reading = linked(WIDE);
    reading.press("<ret>ff");
    assert!(
        reading.notice().contains("missing.md"),
        "{}",
        reading.notice()
    );
    reading.press("fg");
    assert!(reading.notice().contains("nothing"), "{}", reading.notice());
    assert!(reading.model().back.is_empty());
    assert_eq!(reading.open_title(), "The First");
}

#[test]
fn an_anchor_that_another_story_lacks_is_said_to_be_missing() {
    let mut reading = Reading::of(
        &[
            ("a.md", &story("One", "2026-11-20", "[x](b.md#gone)")),
            ("b.md", &story("Two", "2026-11-19", &numbered(900))),
        ],
        WIDE,
    );
    reading.press("<ret>fa");
    assert_eq!(reading.open_title(), "Two");
    assert!(reading.notice().contains("gone"), "{:?}", reading.notice());
}

#[test]
fn a_story_outside_the_list_can_be_marked_both_ways() {
    let mut reading = linked(WIDE);
    // The list holds one story; the link leads out of it.
    reading.press("/first<ret><ret>fa");
    assert_eq!(reading.open_title(), "The Second");
    let unread = |reading: &Reading| reading.library.sources().unwrap()[0].unread;
    reading.press("m");
    assert_eq!(unread(&reading), 1);
    reading.press("m");
    assert_eq!(unread(&reading), 2);
}

#[test]
fn links_go_out_only_where_that_is_safe() {
    let body =
        "[page](https://example.org/) [script](javascript:alert(1)) [file](file:///etc/passwd)";
    let mut reading = Reading::of(&[("a.md", &story("One", "2026-11-20", body))], WIDE);
    reading.press("<ret>");
    // The model alone: no browser is to open in a test.
    let mut type_in = |keys: &str| ordered(&mut reading, keys);
    // Whether a story of the library lies there is asked first.
    let ordered = type_in("fa");
    assert!(
        matches!(&ordered[..], [Effect::ResolveLink { target, .. }] if target == "https://example.org/"),
        "{ordered:?}"
    );
    // What can only be refused is no link: it has neither label nor line.
    type_in("f");
    let labels = reading.model().labels.as_ref().unwrap();
    assert_eq!(labels.all.len(), 1);
    let model = &mut reading.session.model;
    let effects = model.update(Message::LinkLeadsOut("https://example.org/".into()));
    assert!(effects.contains(&Effect::Browse("https://example.org/".into())));
    let effects = model.update(Message::LinkLeadsOut("file:///etc/passwd".into()));
    assert_eq!(effects, []);
}

#[test]
fn a_place_that_is_not_there_is_none_to_come_back_from() {
    let files = [
        ("a.md", &*story("One", "2026-11-20", "See [two](b.md).")),
        (
            "b.md",
            &*story("Two", "2026-11-19", "See [nothing](#none)."),
        ),
    ];
    let mut reading = Reading::of(&files, WIDE);
    reading.press("<ret>").press("fa");
    assert_eq!(reading.open_title(), "Two");
    reading.press("fa");
    reading.assert_shows("Nothing in this story is called “none”.");
    assert_eq!(reading.model().back.len(), 1);
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "One");
    reading.press("<alt-right>");
    assert_eq!(reading.open_title(), "Two");
    // Nor is the way forward lost by it.
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "One");
    assert_eq!(reading.model().forward.len(), 1);
}

#[test]
fn the_measure_is_set_with_plus_and_minus() {
    let mut reading = shelf((200, 45));
    reading.press("jj<ret>");
    let width = |reading: &Reading| {
        let geometry = reading.model().geometry();
        geometry.page(reading.model().measure).unwrap().width
    };
    assert_eq!(width(&reading), 72);
    reading.press("+");
    assert_eq!(width(&reading), 76);
    reading.press("--");
    assert_eq!(width(&reading), 68);
    reading.press(&"-".repeat(40));
    let narrow = width(&reading);
    assert!((10..=30).contains(&narrow), "{narrow}");
    for line in reading.page() {
        assert!(line.chars().count() <= usize::from(narrow), "{line}");
    }
}

#[test]
fn a_wider_text_is_never_a_narrower_one_where_there_is_room() {
    let mut reading = shelf(MIDDLE);
    let before = reading.press("jj<ret>").model().measure;
    reading.press("+");
    assert!(
        reading.model().measure >= before,
        "{} < {before}",
        reading.model().measure
    );
}

#[test]
fn another_measure_keeps_the_place() {
    let mut reading = shelf((200, 45));
    reading.press("jj<ret>   ");
    let word = first_word(&reading);
    for keys in ["+", "+", "-", "-", "-", "-"] {
        reading.press(keys);
        assert!(
            has_word(&reading.top_line(), &word),
            "{keys}: {word} in {:?}",
            reading.top_line()
        );
    }
}

#[test]
fn justified_lines_end_at_one_edge_and_the_place_stays() {
    let mut reading = shelf((200, 45));
    reading.press("jj<ret>   ");
    let (ragged, word) = (reading.page(), first_word(&reading));
    reading.press("=");
    let full = |page: &[String]| page.iter().filter(|it| it.chars().count() == 72).count();
    let (before, after) = (full(&ragged), full(&reading.page()));
    assert!(after > before + 10, "{before}, then {after}");
    assert!(has_word(&reading.top_line(), &word));
    reading.press("=");
    assert_eq!(reading.page(), ragged);
}

#[test]
fn headings_are_stepped_through_both_ways() {
    let mut reading = linked(SMALL);
    reading.press("<ret>");
    let mut headings = |keys: &str| {
        reading.press(keys);
        reading.page().into_iter().take(2).collect::<String>()
    };
    assert_eq!(headings("}"), "Above");
    assert_eq!(headings("}"), "Below");
    assert_eq!(headings("}"), "Last");
    assert_eq!(headings("{"), "Below");
    // From within a section, its own heading comes first.
    assert_eq!(headings("jjj{"), "Below");
    assert_eq!(headings("{"), "Above");
    assert!(headings("{").starts_with("The First"));
    assert!(headings("{{").starts_with("The First"));
}

#[test]
fn wide_code_scrolls_sideways_and_no_further_than_it_goes() {
    let mut reading = linked(WIDE);
    reading.press("<ret>");
    let at = |reading: &Reading| reading.model().reader.open.as_ref().unwrap().sideways;
    reading.assert_shows("›");
    reading.assert_hides("‹");
    assert_eq!(at(&reading), 0);
    reading.press(">");
    assert!(at(&reading) > 0);
    reading.assert_shows("‹");
    reading.press(&">".repeat(30));
    let end = at(&reading);
    assert_eq!(end, 2 + 300 - 72, "code stands two cells in");
    reading.assert_hides("›");
    assert!(at(reading.press("<lt>")) < end);
    reading.press(&"<lt>".repeat(30));
    assert_eq!(at(&reading), 0);
}

#[test]
fn what_fits_the_page_stays_where_it_is_beside_what_scrolls() {
    let wide = format!("```\n{}end\n```\n\n```\nfits\n```\n", "x".repeat(300));
    let wide = story("Wide", "2026-11-20", &wide);
    let mut reading = Reading::of(&[("wide.md", &wide)], WIDE);
    reading.press("<ret>");
    reading.press(&">".repeat(30));
    reading.assert_shows("xend");
    reading.assert_shows("fits");
}

/// The first whole word of the page.
fn first_word(reading: &Reading) -> String {
    reading
        .page()
        .iter()
        .flat_map(|line| line.split_whitespace())
        .next()
        .unwrap()
        .to_owned()
}

fn has_word(line: &str, word: &str) -> bool {
    line.split_whitespace().any(|it| it == word)
}

#[test]
fn another_size_keeps_the_place() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>    ");
    let word = first_word(&reading);
    for (columns, rows) in [
        (120, 40),
        (80, 24),
        (40, 12),
        (33, 50),
        (100, 3),
        (1, 1),
        (200, 60),
        (160, 45),
    ] {
        reading.resize(columns, rows);
        let page = reading.page();
        let line = page.iter().find(|line| !line.trim().is_empty()).unwrap();
        if columns > 4 {
            assert!(
                has_word(line, &word),
                "{columns}x{rows}: {word} in {line:?}"
            );
        }
    }
    assert_eq!(first_word(&reading), word);
}

#[test]
fn another_size_keeps_the_end_in_reach_and_the_cursor_in_sight() {
    let mut reading = Reading::of_days(60, WIDE);
    reading.press(&"j".repeat(40));
    for (columns, rows) in [(120, 10), (80, 24), (40, 5), (40, 12), (160, 45)] {
        reading.resize(columns, rows);
        assert_eq!(reading.title(), "Story 41");
        reading.assert_shows("Story 41");
    }
}

#[test]
fn a_screen_that_grows_at_the_end_of_the_list_is_filled() {
    let mut reading = Reading::of_days(60, (80, 12));
    reading.press("G").resize(80, 45);
    // Forty-three lines hold a dozen stories and more, and so many stand above the last one.
    let shown = (1..=60)
        .filter(|number| reading.screen().contains(&format!("Story {number}\n")))
        .count();
    assert!(
        shown > 12,
        "only {shown} stories show:\n{}",
        reading.screen()
    );
}

#[test]
fn how_far_one_read_shows_in_the_row_and_says_the_same_below() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>");
    for _ in 0..6 {
        reading.press(" ");
        let seen = reading.model().reader.progress[&reading.row().id].seen;
        assert!(seen > 0.0 && seen < 1.0);
        let below = reading.last_line();
        let below = below
            .split(" %")
            .next()
            .unwrap()
            .split_whitespace()
            .last()
            .unwrap()
            .to_owned();
        reading.assert_shows(&format!("28 Feb 2019 · {below} %"));
    }
    reading.press("G");
    reading.assert_shows("28 Feb 2019 · 14 min");
    reading.assert_shows("100 %  read");
}

#[test]
fn the_place_in_a_story_is_kept_while_others_are_read() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>   ");
    let top = reading.top_line();
    reading.press("]]q");
    reading.press("kk");
    assert_eq!(reading.open_title(), "The Slave Coast");
    assert_eq!(reading.top_line(), top);
}

#[test]
fn at_midnight_today_becomes_yesterday() {
    let mut reading = shelf(WIDE);
    reading.assert_shows(" · Today · ");
    reading.tick("2026-11-20T23:59[UTC]");
    reading.assert_shows(" · Today · ");
    reading.tick("2026-11-21T00:00[UTC]");
    reading.assert_hides("Today");
    reading.assert_shows(" · Yesterday · ");
    assert_eq!(reading.title(), "Seven Knots");
}

/// Puts the keys on the list of the unread stories.
fn to_unread(reading: &mut Reading) {
    reading.press("hgj");
    assert_eq!(reading.model().list.listing.source, Source::Unread);
    reading.press("l");
}

#[test]
fn among_the_unread_the_story_just_read_stays_until_the_list_is_left() {
    let mut reading = shelf(WIDE);
    to_unread(&mut reading);
    reading.press("<ret>h");
    assert!(reading.row().read);
    assert_eq!(reading.title(), "Seven Knots");
    reading.press("j<ret>hk");
    assert_eq!(
        reading.title(),
        "Seven Knots",
        "it stays while others are read"
    );
    reading.press("hkj");
    let rows = &reading.model().list.window.rows;
    let titles: Vec<&str> = rows.iter().map(|row| &*row.title).collect();
    assert_eq!(
        titles,
        [
            "The Slave Coast",
            "Slavonic Letters",
            "Seals in a Valley of Lamps"
        ]
    );
}

#[test]
fn among_the_unread_the_next_unread_story_is_the_next_one() {
    let mut reading = shelf(WIDE);
    to_unread(&mut reading);
    reading.press("jj<ret>G");
    assert_eq!(reading.title(), "The Slave Coast");
    assert!(reading.row().read);
    reading.press("hJ");
    assert_eq!(reading.title(), "Slavonic Letters");
}

#[test]
fn among_the_unread_the_unread_story_before_is_the_one_before() {
    let mut reading = shelf(WIDE);
    to_unread(&mut reading);
    reading.press("jj<ret>G");
    assert!(reading.row().read);
    reading.press("hK");
    assert_eq!(reading.title(), "Linden Passage");
}

#[test]
fn among_the_unread_stories_that_come_in_take_nothing_away() {
    let mut reading = shelf(WIDE);
    to_unread(&mut reading);
    reading.press("j<ret>h");
    assert!(reading.row().read);
    reading.add(&[("new.md", &story("Brand New", "2026-11-20", "New."))]);
    assert_eq!(reading.title(), "Linden Passage");
}

#[test]
fn when_everything_is_read_it_says_so() {
    let mut reading = shelf(WIDE);
    reading.press("mjmjmjmjm");
    reading.press("hgj");
    reading.assert_shows("Everything is read.");
}

#[test]
fn the_help_scrolls_no_further_than_it_goes() {
    let mut reading = shelf(SMALL);
    let lines = Help::default().lines(80, &reading.model().messages).len();
    let top = |reading: &Reading| reading.model().help.unwrap().top;
    reading.press("?k");
    assert_eq!(top(&reading), 0);
    assert_eq!(top(reading.press("jj")), 2);
    assert_eq!(top(reading.press("G")), lines - 23);
    assert_eq!(top(reading.press("j ")), lines - 23);
    reading.assert_shows("of twelve stories five are unread");
    assert_eq!(top(reading.press("b<ctrl-u>g")), 0);
    reading.press("?");
    assert!(reading.model().help.is_none());
}

#[test]
fn the_help_fills_a_screen_that_grows() {
    let mut reading = shelf(SMALL);
    reading.press("?G").resize(80, 30);
    assert_eq!(
        reading.model().help.unwrap().top,
        Help::default().lines(80, &reading.model().messages).len() - 29
    );
}

#[test]
fn nothing_else_happens_while_the_help_shows() {
    let mut reading = shelf(WIDE);
    reading.press("?/mzh<ret>]?");
    assert_eq!(reading.title(), "Seven Knots");
    assert!(!reading.row().read);
    assert_eq!(reading.model().focus, Column::List);
    assert!(reading.model().prompt.is_none() && !reading.model().zen);
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut reading = shelf(WIDE);
    for (keys, why) in [
        ("n", "/ in the reader"),
        ("N", "/ in the reader"),
        ("<ret><ctrl-o>", "no link was followed"),
        (">", "wider than the page"),
        ("<lt>", "wider than the page"),
        ("o", "no page"),
    ] {
        reading.press(keys);
        assert!(
            reading.notice().contains(why),
            "{keys}: {:?}",
            reading.notice()
        );
        reading.assert_shows(reading.notice());
    }
    let mut nothing = Reading::of(&[], WIDE);
    for keys in ["z", "m", "o", "<ret>"] {
        nothing.press(keys);
        assert_eq!(nothing.notice(), "Not now: no story is chosen.", "{keys}");
    }
    for keys in ["J", "K", "l", "<tab>", "j", "G"] {
        nothing.press(keys);
        assert_eq!(nothing.ended, None, "{keys}");
    }
}

#[test]
fn a_notice_goes_with_the_next_key() {
    let mut reading = shelf(WIDE);
    reading.press("n");
    assert_ne!(reading.notice(), "");
    reading.press("j");
    assert_eq!(reading.notice(), "");
}

#[test]
fn ctrl_d_ends_the_list_of_one_file_and_no_other() {
    let mut file = Reading::of_days(1, SMALL);
    file.session.model.alone = true;
    file.press("<ret><ctrl-d>");
    assert_eq!(file.ended, None, "in the reader it is half a page");
    file.press("q<ctrl-d>");
    assert_eq!(file.ended, Some(Ending::Quit));
    let mut one = Reading::of_days(1, SMALL);
    one.press("<ctrl-d>");
    assert_eq!(one.ended, None);
    let mut two = Reading::of_days(2, SMALL);
    two.press("<ctrl-d><ctrl-d>");
    assert_eq!(two.ended, None);
    assert_eq!(two.title(), "Story 2");
}

#[test]
fn ctrl_d_leaves_no_search_that_found_one_story() {
    let mut reading = shelf(SMALL);
    reading.press("/knots<ret><ctrl-d>");
    assert_eq!(reading.ended, None);
}

#[test]
fn stories_that_come_in_do_not_move_the_cursor_once_it_was_moved() {
    let mut reading = Reading::of_days(60, SMALL);
    reading.press(&"j".repeat(20));
    let line = |reading: &Reading| {
        let screen = reading.screen();
        screen.lines().position(|line| line.ends_with("Story 21"))
    };
    let before = line(&reading);
    assert!(before.is_some());
    reading.add(&[
        ("x.md", &story("Newer", "2026-11-20", "New.")),
        ("y.md", &story("Newer Still", "2026-11-20", "New.")),
    ]);
    assert_eq!(reading.title(), "Story 21");
    assert_eq!(line(&reading), before, "nor does it move on the screen");
    assert_eq!(reading.model().list.window.total, 62);
}

#[test]
fn stories_that_come_in_before_anything_was_done_show_at_the_top() {
    let mut reading = Reading::of_days(5, SMALL);
    reading.add(&[("x.md", &story("A Newer", "2026-11-20", "New."))]);
    assert_eq!(reading.title(), "A Newer");
    assert_eq!(reading.model().list.cursor, 0);
}

#[test]
fn stories_that_come_in_do_not_disturb_a_reader() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>   ");
    let (title, top) = (reading.open_title(), reading.top_line());
    reading.add(&[("x.md", &story("Brand New", "2026-11-20", "New."))]);
    assert_eq!((reading.open_title(), reading.top_line()), (title, top));
    assert_eq!(reading.model().focus, Column::Reader);
    assert_eq!(reading.title(), "The Slave Coast");
}

#[test]
fn stories_that_come_in_while_one_searches_join_the_result() {
    let mut reading = shelf(WIDE);
    reading.press("/slav");
    reading.add(&[("x.md", &story("Slavery Today", "2026-11-20", "New."))]);
    assert_eq!(
        reading.model().prompt.as_ref().unwrap().input.value(),
        "slav"
    );
    reading.assert_shows("4 found");
    reading.press("<esc>");
    assert_eq!(reading.model().list.window.total, 6);
}

#[test]
fn pasted_text_goes_to_the_prompt_alone() {
    let mut reading = shelf(WIDE);
    let before = reading.screen();
    reading.paste("qjG/m");
    assert_eq!(reading.ended, None);
    assert_eq!(reading.screen(), before);
    reading.press("/").paste("slavonic\n");
    let prompt = reading.model().prompt.as_ref().unwrap();
    assert_eq!(
        prompt.input.value(),
        "slavonic",
        "a line's end sends nothing off"
    );
    assert_eq!(reading.title(), "Slavonic Letters");
}

#[test]
fn the_text_of_a_story_is_searched_as_one_types() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>/W300");
    reading.assert_shows("not in this story");
    reading.press("<ctrl-u>w300");
    // w300 itself and w3000.
    reading.assert_shows("1 of 2");
    assert!(reading.page().join(" ").contains("w300 "));
    reading.press("<ret>n");
    reading.assert_shows("2 of 2");
    assert!(reading.page().join(" ").contains("w3000"));
    reading.press("n");
    reading.assert_shows("1 of 2");
    reading.press("N");
    reading.assert_shows("2 of 2");
    reading.press("<esc>");
    reading.assert_hides("of 2 ");
    assert_eq!(reading.model().focus, Column::Reader);
}

#[test]
fn leaving_a_search_of_the_text_gives_back_the_place() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret> ");
    let before = reading.page();
    assert_eq!(reading.press("/w2500<esc>").page(), before);
    assert_eq!(reading.press_at_once("/w2500<esc>").page(), before);
    let open = reading.model().reader.open.as_ref().unwrap();
    assert_eq!(open.search, None, "an answer that comes late is let go");
}

#[test]
fn what_a_search_passes_on_its_way_is_not_read() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret> ");
    let seen = |reading: &Reading| reading.model().reader.progress[&reading.row().id].seen;
    let before = seen(&reading);
    reading.press("/w3000<esc>");
    assert!(!reading.row().read, "its end was passed, not read");
    assert_eq!(seen(&reading), before);
}

#[test]
fn a_search_of_the_text_starts_where_it_was_begun_however_often_it_is_corrected() {
    let mut reading = shelf(WIDE);
    reading.press("jj<ret>/w2500");
    assert!(reading.page().join(" ").contains("w2500"));
    reading.press("<ctrl-u>w1");
    reading.assert_shows("1 of 1,111");
}

#[test]
fn a_story_that_cannot_be_read_says_why_and_disturbs_no_other() {
    let mut reading = shelf(WIDE);
    fs::remove_file(reading.folder.path().join("b.md")).unwrap();
    reading.press("j");
    reading.assert_shows("This story cannot be read.");
    reading.assert_shows("there is no such file");
    reading.press("<ret> G}f/x<ret>");
    assert_eq!(reading.ended, None);
    reading.press("<esc><esc><esc>j");
    assert_eq!(reading.ended, None);
}

#[test]
fn a_source_lists_its_stories_and_search_stays_within_it() {
    let mut reading = Reading::of(
        &[
            ("sea/a.md", &story("Salt", "2026-11-20", "Sea.")),
            ("sea/deep/b.md", &story("Squid", "2026-11-19", "Deep.")),
            ("land/c.md", &story("Sand", "2026-11-18", "Dry.")),
        ],
        WIDE,
    );
    reading.go_to_source("land");
    assert_eq!(reading.titles(), ["Sand"]);
    reading.press("j");
    assert_eq!(
        reading.titles(),
        ["Salt", "Squid"],
        "with the folders in it"
    );
    reading.press("l/s");
    assert_eq!(reading.model().list.window.total, 2);
    reading.press("<esc>hG");
    assert_eq!(reading.titles(), ["Squid"]);
    reading.press("g");
    assert_eq!(reading.titles(), ["Salt", "Squid", "Sand"]);
}

#[test]
fn stories_of_a_day_keep_their_order_however_they_come_in() {
    let mut reading = Reading::of(&[("b.md", &story("B", "2026-11-20", "b"))], SMALL);
    reading.add(&[
        ("c.md", &story("C", "2026-11-20", "c")),
        ("a.md", &story("A", "2026-11-20", "a")),
    ]);
    let rows = &reading.model().list.window.rows;
    let titles: Vec<&str> = rows.iter().map(|row| &*row.title).collect();
    assert_eq!(titles, ["A", "B", "C"]);
}

#[test]
fn the_reader_follows_the_list_while_sources_are_walked() {
    let mut reading = shelf(WIDE);
    reading.press("mhj");
    assert_eq!(reading.title(), "Linden Passage");
    assert_eq!(reading.open_title(), "Linden Passage");
}

#[test]
fn the_header_counts_what_is_listed() {
    let mut reading = Reading::of(
        &[
            ("sea/a.md", &story("Salt", "2026-11-20", "Sea.")),
            ("land/b.md", &story("Sand", "2026-11-18", "Dry.")),
        ],
        WIDE,
    );
    let header = |reading: &Reading| reading.screen().lines().next().unwrap().to_owned();
    assert!(header(&reading).ends_with("2 unread of 2"));
    reading.go_to_source("land");
    assert!(header(&reading).contains("recto · land"));
    assert!(
        header(&reading).ends_with("1 unread of 1"),
        "{}",
        header(&reading)
    );
}

#[test]
fn how_far_one_read_shows_on_a_narrow_screen_too() {
    let mut reading = shelf((40, 12));
    reading.press("jj<ret>   ");
    let last = reading.last_line();
    assert!(last.contains('%'), "{last}");
}

#[cfg(unix)]
#[test]
fn a_story_is_piped_to_a_program() {
    let mut reading = Reading::of(
        &[(
            "a.md",
            &story("Ropes", "2026-11-20", "Seven knots and a rope."),
        )],
        WIDE,
    );
    reading.press("<ret>|grep -n 'knots and'<ret>");
    reading.assert_shows("Seven knots and a rope.");
    reading.assert_shows("| grep -n knots and");
    // Back to the page; the command stands there again.
    reading.press("q|");
    reading.assert_shows("pipe to grep -n 'knots and'");
    assert_eq!(reading.press("<ctrl-u>true<ret>").notice(), "true: done.");
    // Who types another has typed all of it.
    let failed = reading.press("|no-such-program<ret>").notice();
    assert_eq!(failed, "There is no program called no-such-program.");
    let open = reading.press("|<ctrl-u>echo 'a<ret>").notice();
    assert_eq!(open, "A quote is not closed: echo 'a");
}

#[test]
fn what_a_search_finds_among_the_removed_is_brought_back() {
    let mut reading = shelf(WIDE);
    let title = reading.title().to_owned();
    reading.press("d/is:removed<ret>");
    assert_eq!(reading.title(), title);
    reading.press("d");
    assert_eq!(reading.model().list.window.total, 0);
    reading.press("<esc>/<ctrl-u>is:removed<ret>");
    assert_eq!(reading.model().list.window.total, 0);
    reading.press("<esc>g");
    assert_eq!(reading.title(), title);
}

#[test]
fn a_story_that_was_edited_meanwhile_opens_at_the_same_words() {
    let body: String = (0..120)
        .map(|n| format!("Paragraph {n} has words of its own.\n\n"))
        .collect();
    let mut reading = Reading::remembering(&[("a.md", &story("Long", "2026-11-20", &body))], WIDE);
    reading.press("<ret> <space><space><space>");
    let shown = |reading: &Reading| {
        let screen = reading.screen();
        let at = screen.find("Paragraph ").unwrap();
        screen[at..at + 14].to_owned()
    };
    let before = shown(&reading);
    assert_ne!(before, "Paragraph 0 ha");
    let edited = format!("A new beginning.\n\nIn two paragraphs.\n\n{body}");
    write(
        reading.folder.path(),
        &[("a.md", &story("Long", "2026-11-20", &edited))],
    );
    let mut reading = reading.again();
    reading.press("<ret>");
    assert_eq!(shown(&reading), before);
}

#[test]
fn a_broken_picture_is_told_of_when_it_shows() {
    // All that is read of it beforehand is its size.
    let image = image::RgbImage::new(160, 160);
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let words = numbered(1200);
    let text = format!("{words}\n\n![A square](square.png)\n\nThe end.");
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[("a.md", &story("Long", "2026-11-20", &text))],
    );
    fs::write(folder.path().join("square.png"), &bytes.into_inner()[..60]).unwrap();
    let inputs = vec![Input::Path(folder.path().to_owned())];
    let theme = Theme::new(Depth::Many, Background::Dark, Paper::Terminal);
    let mut reading = Reading::start(folder, inputs, SMALL, theme);
    let blocks = Graphics::Blocks { true_colour: false };
    reading.session.draw_pictures(Some((blocks, (8, 16))));
    // The one that comes next is made ready, and what is wrong with it is not said.
    reading.press("<ret> ");
    assert_eq!(reading.notice(), "");
    reading.press("G");
    reading.assert_shows("A square");
    assert_eq!(reading.notice(), "square.png: this picture is broken.");
    // Once is enough.
    reading.press("gG");
    assert_eq!(reading.notice(), "");
}

#[test]
fn wide_tables_and_code_take_the_room_beside_the_text() {
    let row = |word: &str| format!("|{}\n", format!(" {word} |").repeat(7));
    let table = row("the harbour") + &row("---") + &row("lights");
    let line = format!("{}end", "x".repeat(90));
    let body = format!("{}\n\n{table}\n```\n{line}\n```\n", numbered(180));
    let mut reading = Reading::of(&[("wide.md", &story("Wide", "2026-11-20", &body))], WIDE);
    // Beside the list there is none: words wrap.
    reading
        .press("<ret>")
        .assert_hides(&"the harbour  ".repeat(6));
    reading.assert_shows("›");
    reading.press("z").assert_shows(&"the harbour  ".repeat(6));
    reading.assert_shows(&line);
    reading.assert_hides("›");
    // Running text keeps the measure.
    let page = reading.page();
    let text: Vec<_> = page.iter().filter(|it| it.starts_with('w')).collect();
    assert!(
        text.len() > 3 && text.iter().all(|it| it.len() <= 72),
        "{page:#?}"
    );
    // On a smaller screen, and with a note in that place, they scroll.
    reading.resize(90, 45).assert_shows("›");
    reading.resize(160, 45).assert_hides("›");
    reading
        .press("vnMind this.<ret>")
        .assert_shows("Mind this.");
    reading.assert_shows("›");
}

#[test]
fn the_source_of_a_long_line_opens_at_the_same_sentence() {
    for size in [WIDE, SMALL, (40, 12)] {
        let line: String = (0..900)
            .map(|n| format!("Here is the *sentence* {n}. "))
            .collect();
        let mut reading = Reading::of(&[("a.md", &story("One line", "2026-11-20", &line))], size);
        reading.press("<ret>").press("<space><space><space>");
        let page = reading.page();
        let first = page
            .iter()
            .find(|it| !it.trim().is_empty())
            .unwrap()
            .clone();
        let number = |text: &str| -> Option<usize> {
            let digits = text.split(|c: char| !c.is_ascii_digit());
            digits
                .filter(|it| !it.is_empty())
                .find_map(|it| it.parse().ok())
        };
        let at = number(&first).or_else(|| number(&page.join(" "))).unwrap();
        reading.press("\\");
        let source = reading.page();
        let top = source[..4].join(" ");
        assert!(
            at > 9 && top.contains(&format!("*sentence* {at}.")),
            "{at}: {page:#?} {source:#?}"
        );
        reading.press("\\");
        assert_eq!(reading.page(), page);
    }
}

#[test]
fn a_search_goes_through_what_shows_the_page_or_its_source() {
    let filler = numbered(600);
    let text = format!("{filler}\n\nA **str**ong and curious\nsequence of words.\n\n{filler}");
    let mut reading = Reading::of(&[("a.md", &story("A Story", "2026-11-20", &text))], SMALL);
    let found = |reading: &mut Reading, words: &str| {
        reading.press(&format!("/{words}<ret>"));
        let open = reading.model().reader.open.as_ref();
        let search = open.and_then(|open| open.search.as_ref());
        let count = search.and_then(|search| search.total);
        let shows = reading.page().iter().any(|line| line.contains("curious"));
        if count.is_some() {
            reading.press("<esc>");
        }
        (count, shows)
    };
    reading.press("<ret>");
    assert_eq!(found(&mut reading, "strong and"), (Some(1), true));
    assert_eq!(found(&mut reading, "curious sequence"), (Some(1), true));
    reading.press("g\\");
    assert_eq!(found(&mut reading, "**str**ong"), (Some(1), true));
    assert_eq!(found(&mut reading, "curious sequence"), (Some(1), true));
    assert_eq!(found(&mut reading, "strong and").0, None);
    // Back on the page it is that again which is searched.
    reading.press("\\g");
    assert_eq!(found(&mut reading, "curious sequence"), (Some(1), true));
    reading.press("g");
    assert_eq!(found(&mut reading, "strong and"), (Some(1), true));
    assert_eq!(found(&mut reading, "**str**ong").0, None);
}

#[test]
fn links_of_a_single_file_lead_to_the_files_beside_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let filler = numbered(600);
    let first = "[one](other.md), [two](other.md#second-part), [[Other Story]], [none](gone.md), [deep](deep)";
    let first = story("The First", "2026-11-20", first);
    let other = format!("[up](first.md)\n\n{filler}\n\n## Second part\n\n{filler}");
    let other = story("Other Story", "2026-11-20", &other);
    let files = [
        ("first.md", &*first),
        ("other.md", &other),
        ("deep/in.md", "Words."),
    ];
    write(folder.path(), &files);
    let input = Input::Path(folder.path().join("first.md"));
    let theme = Theme::new(Depth::Many, Background::Dark, Paper::Terminal);
    let mut reading = Reading::start(folder, vec![input], SMALL, theme);
    reading.press("<ret>fa");
    assert_eq!(reading.open_title(), "Other Story");
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "The First");
    reading.press("fs");
    assert_eq!(reading.open_title(), "Other Story");
    assert_begins(&reading, "Second part");
    reading.press("<ctrl-o>fd");
    assert_eq!(reading.open_title(), "Other Story");
    // The link back leads to the file itself, and the way there goes both ways.
    reading.press("gfa");
    assert_eq!(reading.open_title(), "The First");
    reading.press("<ctrl-o>");
    assert_eq!(reading.open_title(), "Other Story");
    reading.press("<ctrl-o>ff");
    assert_eq!(
        reading.notice(),
        "No story lies at “gone.md” beside this one."
    );
    reading.press("fg");
    assert!(
        reading.notice().contains("“deep” is a folder"),
        "{}",
        reading.notice()
    );
    assert_eq!(reading.model().list.window.total, 1, "nothing was added");
}

#[test]
fn a_file_that_is_named_before_a_folder_is_what_opens() {
    let folder = tempfile::TempDir::new().unwrap();
    let files = [
        ("old.md", story("The Old One", "2019-02-28", "Words.")),
        ("new.md", story("The New One", "2026-11-19", "Words.")),
    ];
    write(
        folder.path(),
        &files.each_ref().map(|(name, text)| (*name, text.as_str())),
    );
    let paths = [folder.path().join("old.md"), folder.path().to_owned()];
    let theme = Theme::new(Depth::Many, Background::Dark, Paper::Terminal);
    let inputs = paths.map(Input::Path).into();
    let mut reading = Reading::start(folder, inputs, SMALL, theme);
    assert_eq!(reading.model().focus, Column::Reader);
    assert_eq!(reading.open_title(), "The Old One");
    assert_eq!(reading.press("<esc>").title(), "The Old One");
    assert_eq!(reading.model().list.window.total, 2);
    assert_eq!(reading.press("k").title(), "The New One");
}

#[test]
fn the_line_that_is_marked_after_a_page_is_no_empty_one() {
    let text = common::story("A", "2026-11-20", &"Words.\n\n".repeat(80));
    for height in 12..16 {
        let mut reading = Reading::remembering(&[("a.md", &text)], (60, height));
        reading.press("<ret>");
        for keys in [" ", " ", "b"] {
            reading.press(keys);
            let open = reading.model().reader.open.as_ref().unwrap();
            let line = open.eye.map(|eye| open.layout.line(eye).unwrap().plain());
            assert_eq!(line.as_deref(), Some("Words."), "{height} {keys:?}");
        }
    }
}
