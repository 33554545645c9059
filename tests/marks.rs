//! What a reader does with stories, by keys: marks, selections, tags, removal, undo; and the ways of
//! listing that go with them.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use common::{Reading, numbered, story};
use recto::{
    app::{Ask, Column, Message},
    story::{Row, Sort, Source},
};

const WIDE: (u16, u16) = (160, 45);
const SMALL: (u16, u16) = (80, 24);

/// Five stories in two folders, of three authors; the fourth is long.
fn files() -> Vec<(&'static str, String)> {
    let by = |author: &str, title: &str, date: &str, body: &str| {
        format!("---\ntitle: \"{title}\"\ndate: {date}\nauthor: {author}\n---\n\n{body}\n")
    };
    let long = numbered(3000);
    vec![
        ("news/a.md", by("Ines", "Bells", "2026-11-20", "Short.")),
        (
            "news/b.md",
            by("Jonas", "Dunes", "2026-11-19", &numbered(400)),
        ),
        (
            "sea/c.md",
            by("Ines", "Anchors", "2026-11-02", "Short too."),
        ),
        ("sea/d.md", by("Jonas", "Currents", "2019-02-28", &long)),
        (
            "sea/e.md",
            by("Ada", "Eddies", "2017-01-01", "The last of them."),
        ),
    ]
}

fn with(files: &[(&'static str, String)], size: (u16, u16)) -> Reading {
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, it)| (*name, it.as_str()))
        .collect();
    Reading::remembering(&files, size)
}

fn shelf(size: (u16, u16)) -> Reading {
    with(&files(), size)
}

/// The titles of the rows that are as wanted.
fn those(reading: &Reading, wanted: impl Fn(&Row) -> bool) -> Vec<String> {
    let rows = &reading.model().list.window.rows;
    let rows = rows.iter().filter(|row| wanted(row));
    rows.map(|row| row.title.to_string()).collect()
}

#[test]
fn a_star_is_given_and_taken_and_the_source_of_the_starred_comes_and_stays() {
    let mut reading = shelf(WIDE);
    assert_eq!(reading.counts("Starred"), None);
    reading.press("s");
    assert!(reading.row().starred);
    reading.assert_shows("★");
    assert_eq!(reading.counts("Starred"), Some((1, 1)));
    reading.go_to_source("Starred");
    assert_eq!(reading.titles(), ["Bells"]);
    // What was the last starred story leaves an empty list, and no other one in its place.
    reading.press("ls");
    assert_eq!(reading.titles(), [""; 0]);
    assert_eq!(reading.counts("Starred"), Some((0, 0)));
    assert_eq!(reading.model().list.listing.source, Source::Starred);
    reading.press("u");
    assert_eq!(reading.titles(), ["Bells"]);
}

#[test]
fn what_is_kept_for_later_has_its_source_too() {
    let mut reading = shelf(WIDE);
    reading.press("jL");
    assert!(reading.row().later);
    reading.assert_shows(" later");
    assert_eq!(reading.counts("Later"), Some((1, 1)));
    reading.press("L");
    assert_eq!(reading.counts("Later"), None);
}

#[test]
fn in_the_reader_the_story_that_is_read_is_marked_and_it_is_said() {
    let mut reading = shelf(SMALL);
    reading.press("j<ret>s");
    assert_eq!(reading.notice(), "Starred.");
    assert!(reading.model().reader.open.as_ref().unwrap().state.starred);
    reading.press("j");
    assert!(reading.last_line().contains('★'), "{}", reading.last_line());
    reading.press("s");
    assert_eq!(reading.notice(), "Unstarred.");
    reading.press("L");
    assert_eq!(reading.notice(), "Kept for later.");
    reading.press("m");
    assert_eq!(reading.notice(), "Marked read.");
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: marked read “Dunes”.");
    assert!(!reading.model().reader.open.as_ref().unwrap().state.read);
    reading.press("h");
    assert!(reading.row().later && !reading.row().starred && !reading.row().read);
}

#[test]
fn what_was_done_is_taken_back_and_done_again_step_by_step() {
    let mut reading = shelf(WIDE);
    reading.press("u");
    assert_eq!(reading.notice(), "Nothing to undo.");
    reading.press("mjs");
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: starred “Dunes”.");
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: marked read “Bells”.");
    assert_eq!(those(&reading, |row| row.read || row.starred), [""; 0]);
    assert_eq!(reading.title(), "Dunes", "the cursor stays");
    reading.press("<ctrl-r><ctrl-r>");
    assert_eq!(reading.notice(), "Done again: starred “Dunes”.");
    assert_eq!(those(&reading, |row| row.read), ["Bells"]);
    assert_eq!(those(&reading, |row| row.starred), ["Dunes"]);
    reading.press("<ctrl-r>");
    assert_eq!(reading.notice(), "Nothing to do again.");
    // From the sources and from the reader too.
    reading.press("hu");
    assert_eq!(reading.notice(), "Undone: starred “Dunes”.");
    reading.press("<ctrl-r>ljj<ret>u");
    assert_eq!(reading.model().focus, Column::Reader);
    assert_eq!(reading.notice(), "Undone: starred “Dunes”.");
}

#[test]
fn the_next_day_marks_are_there_and_can_still_be_undone() {
    let mut reading = shelf(WIDE);
    reading.press("sjmjLjt").press("old, dry<ret>");
    let mut reading = reading.again();
    assert_eq!(those(&reading, |row| row.starred), ["Bells"]);
    assert_eq!(those(&reading, |row| row.read), ["Dunes"]);
    assert_eq!(those(&reading, |row| row.later), ["Anchors"]);
    assert_eq!(reading.counts("old"), Some((1, 1)));
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: tagged old, dry “Currents”.");
    reading.press("uu");
    assert_eq!(reading.notice(), "Undone: marked read “Dunes”.");
    let mut reading = reading.again();
    assert_eq!(reading.counts("old"), None);
    assert_eq!(those(&reading, |row| row.read || row.later), [""; 0]);
    reading.press("<ctrl-r>");
    assert_eq!(those(&reading, |row| row.read), ["Dunes"]);
}

#[test]
fn marks_are_kept_over_the_night() {
    let mut reading = shelf(SMALL);
    reading.press("jjj<ret>  Mz");
    let there = reading.top_line();
    let mut reading = reading.again();
    reading.press("'z");
    assert_eq!(reading.open_title(), "Currents");
    assert!(reading.page()[..2].contains(&there), "{there}");
    // How far it was read is not forgotten for it.
    reading.press("qk<ret>qj");
    assert_eq!(reading.title(), "Currents");
    let seen = reading.row().seen;
    assert!(seen > 0.1, "{seen}");
}

#[test]
fn the_place_in_a_story_is_kept_over_the_night() {
    let mut reading = shelf(SMALL);
    reading.press("jjj<ret>   ");
    let line = reading.top_line();
    let mut reading = reading.again();
    reading.press("gjjj");
    reading.assert_shows(" %");
    reading.press("<ret>");
    assert_eq!(reading.top_line(), line);
}

#[test]
fn what_is_done_with_a_selection_is_done_with_all_of_it() {
    let mut reading = shelf(WIDE);
    reading.press("xjx");
    assert_eq!(reading.title(), "Currents", "x steps on");
    reading.assert_shows("2 selected");
    reading.assert_shows("✓");
    reading.press("s");
    assert_eq!(those(&reading, |row| row.starred), ["Bells", "Anchors"]);
    assert_eq!(reading.notice(), "Starred 2 stories.");
    // All of them have it: the key takes it back; one that lacks it would be given it.
    reading.press("xs");
    assert_eq!(
        those(&reading, |row| row.starred),
        ["Bells", "Anchors", "Currents"]
    );
    reading.press("s");
    assert_eq!(those(&reading, |row| row.starred), [""; 0]);
    reading.press("u");
    assert_eq!(those(&reading, |row| row.starred).len(), 3);
    // In the reader it is the story that is read.
    reading.press("<ret>L<esc>");
    assert_eq!(those(&reading, |row| row.later), ["Eddies"]);
    reading.assert_shows("3 selected");
    reading.press("<esc>");
    reading.assert_hides("selected");
    reading.press("L");
    assert_eq!(those(&reading, |row| row.later), [""; 0]);
}

#[test]
fn a_selection_that_may_have_left_the_list_is_over() {
    let mut reading = shelf(WIDE);
    reading.press("/is:unread<ret>xxm");
    assert_eq!(reading.notice(), "Marked read 2 stories.");
    assert_eq!(reading.titles(), ["Anchors", "Currents", "Eddies"]);
    reading.press("d");
    assert_eq!(reading.notice(), "Removed “Anchors”; u brings it back.");
}

#[test]
fn how_a_story_comes_back_is_told_until_another_program_did_something() {
    let mut reading = shelf(WIDE);
    reading.press("d");
    assert_eq!(reading.notice(), "Removed “Bells”; u brings it back.");
    // A refresh elsewhere takes nothing back.
    reading.send(Message::OthersWrote {
        stories: true,
        state: false,
    });
    assert_eq!(reading.notice(), "Removed “Bells”; u brings it back.");
    reading.send(Message::OthersWrote {
        stories: true,
        state: true,
    });
    assert_eq!(reading.notice(), "");
}

#[test]
fn who_has_done_something_with_a_story_stays_on_it() {
    for keys in ["s", "m", "<ret>", "z"] {
        let mut reading = shelf(WIDE);
        reading.press(keys);
        let newer = story("Newest", "2026-11-20T09:30:00Z", "It came last.");
        reading.add(&[("n.md", &newer)]);
        assert_eq!(reading.titles()[0], "Newest", "{keys}");
        assert_eq!(reading.title(), "Bells", "{keys}");
    }
}

#[test]
fn a_range_is_selected_from_the_last_selected_story_to_here() {
    let mut reading = shelf(WIDE);
    reading.press("X");
    assert_eq!(reading.notice(), "Not now: x selects a first story.");
    reading.press("jxG<up>X");
    reading.assert_shows("3 selected");
    reading.press("m");
    let read = those(&reading, |row| row.read);
    assert_eq!(read, ["Dunes", "Anchors", "Currents"]);
    // From below, too; and x takes one out again.
    reading.press("<esc>GxggX");
    reading.assert_shows("5 selected");
    reading.press("x");
    reading.assert_shows("4 selected");
    reading.press("**");
    reading.assert_shows("4 selected");
    reading.press("*d");
    assert_eq!(reading.titles().len(), 4);
    reading.press("*");
    reading.assert_shows("4 selected");
}

#[test]
fn a_selection_reaches_over_what_is_at_hand() {
    let mut reading = Reading::of_days(1000, SMALL);
    reading.press("jxGkX");
    reading.assert_shows("998 selected");
    reading.press("m");
    assert_eq!(reading.notice(), "Marked read 998 stories.");
    assert_eq!(reading.counts("All stories"), Some((2, 1000)));
    reading.press("g<esc>u");
    assert_eq!(reading.notice(), "Undone: marked read 998 stories.");
    reading.press("*");
    reading.assert_shows("1,000 selected");
}

#[test]
fn a_selection_is_of_its_list() {
    let mut reading = shelf(WIDE);
    reading.press("xx").go_to_source("sea");
    reading.press("l");
    reading.assert_hides("selected");
}

#[test]
fn all_that_is_listed_is_marked_read() {
    let mut reading = shelf(WIDE);
    reading.go_to_source("sea");
    reading.press("lA");
    assert_eq!(reading.notice(), "Marked read 3 stories.");
    assert_eq!(reading.counts("sea"), Some((0, 3)));
    assert_eq!(reading.counts("All stories"), Some((2, 5)));
    reading.press("A");
    assert_eq!(reading.notice(), "That was so already: nothing changed.");
    reading.press("u");
    assert_eq!(reading.counts("All stories"), Some((5, 5)));
}

#[test]
fn to_mark_many_is_asked_first() {
    let mut reading = Reading::of_days(1204, SMALL);
    reading.press("A");
    assert!(reading.last_line().contains("Mark 1,204 stories read? y/n"));
    reading.press("n");
    assert_eq!(reading.notice(), "Nothing was marked.");
    assert_eq!(reading.counts("All stories"), Some((1204, 1204)));
    // No other key answers it, or does what it does elsewhere.
    reading.press("Aq");
    assert_eq!(reading.ended, None);
    assert_eq!(reading.model().ask, None);
    reading.press("Ay");
    assert_eq!(reading.notice(), "Marked read 1,204 stories.");
    assert_eq!(reading.counts("All stories"), Some((0, 1204)));
}

#[test]
fn of_a_search_only_what_it_finds_is_marked() {
    let mut reading = shelf(WIDE);
    reading.press("/dunes<ret>A");
    reading.press("<esc>");
    assert_eq!(those(&reading, |row| row.read), ["Dunes"]);
}

#[test]
fn what_stands_above_or_below_is_marked_read() {
    let mut reading = shelf(WIDE);
    reading.press("jj(");
    assert_eq!(those(&reading, |row| row.read), ["Bells", "Dunes"]);
    assert_eq!(reading.title(), "Anchors");
    reading.press("u)");
    assert_eq!(those(&reading, |row| row.read), ["Currents", "Eddies"]);
    assert_eq!(reading.title(), "Anchors");
    let mut reading = Reading::of_days(1000, SMALL);
    reading.press(&"j".repeat(400));
    assert_eq!(reading.title(), "Story 401");
    reading.press("(");
    reading.assert_shows("Mark 400 stories above read? y/n");
    reading.press("y");
    assert_eq!(reading.counts("All stories"), Some((600, 1000)));
    assert_eq!(reading.title(), "Story 401");
}

#[test]
fn only_what_is_unread_is_listed_in_any_source() {
    let mut reading = shelf(WIDE);
    reading.press("jmU");
    assert_eq!(reading.titles(), ["Bells", "Anchors", "Currents", "Eddies"]);
    assert_eq!(reading.title(), "Anchors", "the next one");
    reading.assert_shows("All stories · unread only");
    // What is read now keeps its place until the list is left.
    reading.press("m");
    assert_eq!(reading.titles().len(), 4);
    assert!(reading.row().read);
    reading.press("jj");
    assert_eq!(reading.titles().len(), 4);
    reading.go_to_source("sea");
    assert_eq!(reading.titles(), ["Currents", "Eddies"]);
    reading.assert_shows("sea · unread only");
    reading.press("lU");
    assert_eq!(reading.titles(), ["Anchors", "Currents", "Eddies"]);
    reading.assert_hides("unread only");
    reading.go_to_source("Unread").press("lU");
    assert_eq!(
        reading.notice(),
        "Not now: here stands only what is unread."
    );
}

#[test]
fn where_all_is_read_the_list_says_how_to_go_on() {
    let mut reading = shelf(WIDE);
    reading.go_to_source("news").press("lAU");
    reading.assert_shows("Everything here is read.");
    reading.press("J");
    assert_eq!(reading.model().list.listing.source.name(), "sea");
    assert_eq!(reading.title(), "Anchors");
}

#[test]
fn the_next_unread_story_is_found_in_the_sources_below() {
    let mut reading = shelf(WIDE);
    reading.go_to_source("news").press("l");
    reading.press("J");
    assert_eq!(reading.title(), "Dunes");
    reading.press("J");
    assert_eq!(reading.title(), "Anchors");
    assert_eq!(
        reading.notice(),
        "On to “sea”: nothing more is unread below in “news”."
    );
    let sources = &reading.model().sources;
    assert_eq!(sources.rows[sources.cursor].source.name(), "sea");
    assert_eq!(reading.press("JJ").title(), "Eddies");
    // The authors come next: theirs are the same stories.
    reading.press("J");
    assert_eq!(reading.model().list.listing.source.name(), "Ines");
    // And back up: the last one of the source before.
    reading.go_to_source("sea").press("lK");
    assert_eq!(reading.title(), "Dunes");
    assert_eq!(
        reading.notice(),
        "On to “news”: nothing more is unread above in “sea”."
    );
}

#[test]
fn the_next_unread_story_is_read_where_one_reads() {
    let mut reading = shelf(SMALL);
    reading.go_to_source("news").press("lj<ret>J");
    assert_eq!(reading.model().focus, Column::Reader);
    assert_eq!(reading.open_title(), "Anchors");
    assert_eq!(reading.title(), "Anchors");
}

#[test]
fn where_nothing_more_is_unread_one_stays_where_one_is() {
    let mut reading = shelf(WIDE);
    reading.press("jjjx*m<esc>k");
    assert_eq!(those(&reading, |row| !row.read), ["Currents"]);
    // Every source that has something unread has this story.
    reading.press("J");
    assert_eq!(
        reading.notice(),
        "There is no further unread story from here on."
    );
    assert_eq!(reading.model().list.listing.source, Source::All);
    assert_eq!(reading.title(), "Currents");
    assert_eq!(reading.model().sources.cursor, 0);
    reading.press("kJ");
    assert_eq!(reading.title(), "Currents");
}

#[test]
fn keys_held_down_lead_through_all_that_is_unread() {
    let mut reading = shelf(WIDE);
    reading.go_to_source("news").press("l");
    reading.press_at_once("JJJJJJJJJJJJ");
    reading.press("j");
    assert!(!reading.model().list.stale);
    assert!(reading.model().hunt.is_none());
}

#[test]
fn a_list_is_sorted_by_one_key() {
    let mut reading = shelf(WIDE);
    for (keys, sort, titles) in [
        (
            ",t",
            Sort::Title,
            ["Anchors", "Bells", "Currents", "Dunes", "Eddies"],
        ),
        (
            ",o",
            Sort::Oldest,
            ["Eddies", "Currents", "Anchors", "Dunes", "Bells"],
        ),
        (
            ",a",
            Sort::Author,
            ["Eddies", "Bells", "Anchors", "Dunes", "Currents"],
        ),
        (
            ",s",
            Sort::Source,
            ["Bells", "Dunes", "Anchors", "Currents", "Eddies"],
        ),
        (
            ",l",
            Sort::Longest,
            ["Currents", "Dunes", "Eddies", "Anchors", "Bells"],
        ),
        (
            ",n",
            Sort::Newest,
            ["Bells", "Dunes", "Anchors", "Currents", "Eddies"],
        ),
    ] {
        reading.press(keys);
        assert_eq!(reading.model().list.listing.sort, sort);
        assert_eq!(reading.titles(), titles, "{keys}");
    }
    reading.press(",h");
    assert_eq!(reading.titles()[4], "Currents");
    reading.assert_shows("All stories · shortest first");
    // The order holds in the next source; any other key leaves it.
    reading.go_to_source("sea").press("l,");
    assert_eq!(reading.model().ask, Some(Ask::Sort));
    reading.assert_shows("sort by");
    reading.press("<esc>");
    assert_eq!(reading.model().ask, None);
    assert_eq!(reading.titles()[2], "Currents");
}

#[test]
fn what_was_read_last_comes_first() {
    let mut reading = shelf(WIDE);
    reading.press("jjj<ret> h");
    let mut reading = reading.again();
    reading.press(",r");
    assert_eq!(reading.titles()[0], "Currents");
}

#[test]
fn another_order_keeps_the_cursor_on_its_story() {
    let mut reading = shelf(WIDE);
    reading.press("jjj,t");
    assert_eq!(reading.title(), "Currents");
    reading.assert_shows(" C ──");
    reading.press("U,o");
    assert_eq!(reading.title(), "Currents");
}

#[test]
fn tags_are_named_given_and_taken() {
    let mut reading = shelf(WIDE);
    reading.press("t");
    reading.assert_shows("no tag yet");
    reading.press("press, proofs<ret>");
    assert_eq!(reading.notice(), "Tagged press, proofs “Bells”.");
    assert_eq!(reading.counts("press"), Some((1, 1)));
    assert_eq!(reading.counts("proofs"), Some((1, 1)));
    reading.press("t");
    reading.assert_shows("has press, proofs");
    reading.press("press<ret>");
    assert_eq!(reading.notice(), "No longer tagged press “Bells”.");
    assert_eq!(reading.counts("press"), None);
    reading.go_to_source("proofs");
    assert_eq!(reading.titles(), ["Bells"]);
    // Tab completes; one name is not spelt in two ways.
    reading.go_to_source("All stories").press("ljtpr<tab>");
    reading.assert_shows(" tags proofs");
    reading.press("<ret>jtProofs<ret>");
    assert_eq!(reading.counts("proofs"), Some((3, 3)));
    reading.press("u");
    assert_eq!(reading.notice(), "Undone: tagged proofs “Anchors”.");
    reading.press("t<esc>");
    assert_eq!(reading.model().prompt.as_ref().map(|it| it.kind), None);
}

#[test]
fn tags_that_stories_came_with_show_beside_those_that_were_given() {
    let story =
        |name: &str, tags: &str| format!("---\ntitle: {name}\ntags: [{tags}]\n---\n\nWords.");
    let files = [
        ("a.md", story("Bells", "tower, bronze")),
        ("b.md", story("Anchors", "tower")),
    ];
    let mut reading = with(&files, WIDE);
    reading.press("t");
    reading.assert_shows("came with ");
    reading.press("iron<ret>t");
    reading.assert_shows("has iron · came with ");
    reading.press("<esc>xxt");
    reading.assert_shows("of 2 stories · came with tower ");
}

#[test]
fn a_tag_that_not_all_have_is_given_to_the_others() {
    let mut reading = shelf(WIDE);
    reading.press("tsalt<ret>xxt");
    reading.assert_shows("of 2 stories · no tag yet");
    reading.press("salt<ret>");
    assert_eq!(reading.counts("salt"), Some((2, 2)));
    reading.press("t");
    reading.assert_shows("of 2 stories · has salt");
    reading.press("salt<ret>");
    assert_eq!(reading.counts("salt"), None);
}

#[test]
fn what_is_removed_goes_and_can_be_brought_back() {
    let mut reading = shelf(WIDE);
    reading.press("jd");
    assert_eq!(reading.title(), "Anchors", "the next one");
    assert_eq!(reading.notice(), "Removed “Dunes”; u brings it back.");
    assert_eq!(reading.counts("All stories"), Some((4, 4)));
    assert_eq!(reading.counts("Removed"), Some((1, 1)));
    reading.press("u");
    assert_eq!(reading.titles()[1], "Dunes");
    assert_eq!(
        reading.title(),
        "Dunes",
        "what came back is where one looks"
    );
    reading.press("d");
    let mut reading = reading.again();
    assert_eq!(reading.titles().len(), 4, "it does not come back by itself");
    reading.go_to_source("Removed").press("ld");
    assert_eq!(reading.notice(), "Brought back “Dunes”.");
    assert_eq!(reading.counts("All stories"), Some((5, 5)));
}

#[test]
fn what_is_brought_back_in_the_reader_is_read_on() {
    let mut reading = shelf(WIDE);
    reading.press("j<ret>d");
    assert_eq!(reading.open_title(), "Anchors");
    reading.press("u");
    assert_eq!(reading.title(), "Dunes");
    assert_eq!(reading.open_title(), "Dunes");
    assert!(those(&reading, |row| row.read).is_empty());
}

#[test]
fn in_the_reader_the_next_story_follows_one_that_is_removed() {
    let mut reading = shelf(SMALL);
    reading.press("<ret>d");
    assert_eq!(reading.open_title(), "Dunes");
    reading.press("dddd");
    assert_eq!(reading.model().focus, Column::List);
    reading.assert_shows("Nothing is here any more.");
    assert_eq!(reading.press("d").notice(), "Not now: no story is chosen.");
    reading.press("u");
    assert_eq!(reading.titles(), ["Eddies"]);
}

#[test]
fn the_prompt_widens_to_everything_and_back() {
    let mut reading = shelf(WIDE);
    reading.press("/");
    assert!(reading.last_line().starts_with(" / "));
    reading.assert_shows("search titles   tab everything");
    reading.press("<tab>");
    assert!(reading.last_line().starts_with(" / everything "));
    assert!(reading.model().list.listing.everywhere);
    reading.press("<tab>bel");
    assert!(!reading.model().list.listing.everywhere);
    assert_eq!(reading.titles(), ["Bells"]);
    reading.press("<tab><esc>");
    assert!(!reading.model().list.listing.everywhere);
    assert_eq!(reading.titles().len(), 5);
}

#[test]
fn the_value_of_a_field_is_completed_at_its_end() {
    let mut reading = shelf(WIDE);
    reading.press("/author:jo");
    reading.assert_shows("→ Jonas");
    reading.press("<right>");
    assert!(reading.last_line().starts_with(" / author:Jonas"));
    assert_eq!(reading.titles(), ["Dunes", "Currents"]);
    // There is nothing more to complete: the key is a key again.
    reading.press("<right> c<left><right>");
    assert!(reading.last_line().starts_with(" / author:Jonas c"));
    assert_eq!(reading.titles(), ["Currents"]);
    reading.assert_hides("→");
}

#[test]
fn a_source_is_listed_by_itself_after_a_search_in_another_order() {
    let mut reading = shelf(WIDE);
    reading.press(",t/e<ret>");
    assert_eq!(
        reading.model().list.listing.sort,
        Sort::Newest,
        "best first"
    );
    reading.go_to_source("sea");
    assert_eq!(reading.titles(), ["Anchors", "Currents", "Eddies"]);
    assert_eq!(reading.model().list.listing.sort, Sort::Title);
}

#[test]
fn a_mark_at_once_with_a_jump_does_not_lose_it() {
    let mut reading = shelf(WIDE);
    reading.press_at_once("mJ");
    assert_eq!(reading.title(), "Dunes");
    reading.press_at_once("mG");
    assert_eq!(reading.title(), "Eddies");
    assert_eq!(those(&reading, |row| row.read), ["Bells", "Dunes"]);
}

#[test]
fn ten_thousand_sources_are_walked() {
    let rows = (0..10_000).map(|number| {
        recto::story::SourceRow::new(Source::Author(format!("Author {number:05}").into()), 1, 1)
    });
    let mut reading = shelf(WIDE);
    let mut sources = reading.model().sources.rows.clone();
    sources.extend(rows);
    reading.send(Message::SourcesCounted(sources));
    reading.press("hG");
    reading.assert_shows("Author 09999");
    reading.assert_hides("All stories  ");
    reading.press("g");
    reading.assert_shows("Authors");
    let story = story("New", "2026-11-20", "New.");
    reading.add(&[("new.md", &story)]);
}
