//! What unfolds, and footnotes: keys through the program's own loop.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use std::fmt::Write as _;

use common::{Reading, numbered, story};
use insta::assert_snapshot;

const SMALL: (u16, u16) = (80, 24);

/// Questions with answers that unfold, one in another, and notes after a long text.
const QUESTIONS: &str = "Asked before[^one].\n\n<details>\n<summary>What is a <b>recto</b>?</summary>\n\n\
    ## In the answer\n\nThe right-hand page, and *crimson*.\n\n<details>\n<summary>And a verso?</summary>\n\n\
    The left-hand one, in azure.\n\n</details>\n\nSo much for that.\n\n</details>\n\n\
    <details open><summary>Is that all?</summary>It is.</details>\n\n## After\n\nWords after.";

fn questions(more: &str, size: (u16, u16)) -> Reading {
    let body =
        format!("{QUESTIONS}\n\n{more}\n\n[^one]: Said in a note.\n[^two]: Said in another.");
    let mut reading = Reading::of(&[("a.md", &story("Asked", "2026-11-20", &body))], size);
    reading.press("<ret>");
    reading
}

#[test]
fn details_are_folded_unless_they_say_that_they_are_open() {
    let reading = questions("", SMALL);
    for text in [
        "▸ What is a recto?",
        "▾ Is that all?",
        "It is.",
        "Words after.",
    ] {
        reading.assert_shows(text);
    }
    for text in ["right-hand", "verso", "So much"] {
        reading.assert_hides(text);
    }
}

#[test]
fn enter_asks_which_of_several_and_opens_one_at_once() {
    let mut reading = questions("", SMALL);
    reading.press("<ret>");
    reading.assert_shows("a▸ What is a recto?");
    reading.assert_shows("s▾ Is that all?");
    reading.press("a");
    reading.assert_shows("▾ What is a recto?");
    reading.assert_shows("right-hand");
    reading.assert_shows("▸ And a verso?");
    reading.press("fd");
    reading.assert_shows("left-hand");
    reading.press("<ret>a");
    reading.assert_hides("right-hand");
    // What is in it stays as it was.
    reading.press("<ret>a");
    reading.assert_shows("left-hand");

    let one = "<details>Hidden words.</details>\n\nShown words.";
    let mut reading = Reading::of(&[("a.md", &story("One", "2026-11-20", one))], SMALL);
    reading.press("<ret>");
    reading.assert_hides("Hidden");
    reading.press("<ret>").assert_shows("▾ Details");
    reading.assert_shows("Hidden words.");
    reading.press("<ret>").assert_hides("Hidden");
}

#[test]
fn who_reads_in_details_folds_them_and_stands_at_their_summary() {
    let body = format!(
        "Before.\n\n<details><summary>Long</summary>\n\n{}\n\n</details>\n\n{}",
        numbered(900),
        numbered(600)
    );
    let mut reading = Reading::of(&[("a.md", &story("Long", "2026-11-20", &body))], SMALL);
    reading.press("<ret><ret>  ");
    reading.assert_hides("Long");
    reading.press("<ret>");
    assert!(
        reading.page()[..2].iter().any(|line| line == "▸ Long"),
        "{:?}",
        reading.page()
    );
}

#[test]
fn a_search_finds_what_is_folded_and_folds_it_again_when_it_goes_on() {
    let mut reading = questions("Azure is a colour.", SMALL);
    reading.press("/azure<ret>");
    reading.assert_shows("left-hand one, in azure");
    reading.assert_shows("1 of 2");
    reading.press("n");
    reading.assert_shows("2 of 2");
    reading.assert_hides("left-hand");
    reading.press("N<esc>");
    reading.assert_shows("left-hand");
}

#[test]
fn what_a_search_opened_stays_open_for_who_leaves_it_there() {
    let mut reading = questions("Nothing more.", SMALL);
    reading.press("/azure<ret><esc>/nothing more<ret>");
    reading.press("g").assert_shows("left-hand one, in azure");
}

#[test]
fn highlights_and_marks_lead_into_what_is_folded() {
    let mut reading = questions(&numbered(900), SMALL);
    reading.press("/crimson<ret>v<ret><esc>jjjjjjjjjMa");
    let page = reading.page();
    reading.press("g<ret>a").assert_hides("crimson");
    reading.press("V<ret>").assert_shows("crimson");
    reading.press("<esc>g<ret>a").assert_hides("crimson");
    reading.press("'a").assert_shows("crimson");
    assert_eq!(reading.page(), page);
}

#[test]
fn headings_are_gone_to_in_what_is_folded_and_stepped_over_it() {
    let mut reading = questions(&numbered(600), SMALL);
    reading.press("}");
    assert!(
        reading.page()[..2].contains(&"After".to_owned()),
        "{:?}",
        reading.page()
    );
    reading.press("gTanswer<ret>");
    reading.assert_shows("In the answer");
    reading.assert_shows("right-hand");
}

#[test]
fn the_place_in_what_was_unfolded_is_kept_from_one_start_to_the_next() {
    let body = format!(
        "<details><summary>Long</summary>\n\n{}\n\n</details>",
        numbered(900)
    );
    let files = [("a.md", &*story("Long", "2026-11-20", &body))];
    let mut reading = Reading::remembering(&files, SMALL);
    reading.press("<ret><ret>  ");
    let page = reading.page();
    let mut reading = reading.again();
    reading.press("<ret>");
    assert_eq!(reading.page(), page);
}

#[test]
fn the_source_shows_details_as_they_are_written() {
    let mut reading = questions("", SMALL);
    reading.press("\\");
    reading.assert_shows("<summary>And a verso?</summary>");
    reading.press("<ret>").assert_shows("this is the source");
}

#[test]
fn notes_stand_at_the_foot_of_the_page_that_refers_to_them() {
    let more = format!("{}\n\nLate[^two].\n\n{}", numbered(900), numbered(900));
    let mut reading = questions(&more, SMALL);
    reading.assert_hides("Said in a note");
    reading.press("*");
    reading.assert_shows("1. Said in a note. ↩");
    let before = reading.page();
    // The page is turned as far as it showed.
    reading.press(" ");
    let after = reading.page();
    assert_eq!(before[before.len() - 2..], after[..2]);
    reading.assert_hides("Said in");
    reading
        .press("/late<ret>")
        .assert_shows("Said in another. ↩");
    reading.press("<esc>").assert_hides("Said in another");
    assert!(reading.model().reader.open.is_some());
    reading.press("  *");
    reading.assert_shows("No footnote is referred to on this page.");
}

#[test]
fn every_line_is_passed_where_notes_stand_at_the_foot() {
    let mut body = String::new();
    for n in 0..60 {
        let _ = write!(
            body,
            "Number{n} of them[^n{n}].\n\n[^n{n}]: {}\n\n",
            numbered(n % 30 + 1)
        );
    }
    let mut reading = Reading::of(&[("a.md", &story("Noted", "2026-11-20", &body))], SMALL);
    reading.press("<ret>*");
    let open = |reading: &Reading| {
        let open = reading.model().reader.open.as_ref().unwrap();
        assert!(open.page.len() + open.foot.len() <= 22);
        (open.page[0], *open.page.last().unwrap(), open.at_end())
    };
    let mut before = open(&reading);
    // Notes that do not fit are gone through before the page is turned.
    for _ in 0..120 {
        reading.press(" ");
        let here = open(&reading);
        assert!(here.0 <= before.1, "{here:?} after {before:?}");
        before = here;
    }
    assert!(before.2, "the end is reached");
    for _ in 0..120 {
        reading.press("b");
        let here = open(&reading);
        assert!(here.1 >= before.0, "{here:?} before {before:?}");
        before = here;
    }
}

/// A story that refers to a note of several paragraphs, after so many words.
fn long_note(words: usize, size: (u16, u16)) -> Reading {
    let body = format!(
        "{} noted[^a].\n\n{}\n\n[^a]: The first paragraph. {}\n\n    The second paragraph.\n\n    The last one.\n",
        numbered(words),
        numbered(300),
        numbered(12),
    );
    let mut reading = Reading::of(&[("a.md", &story("Noted", "2026-11-20", &body))], size);
    reading.press("<ret>");
    reading
}

#[test]
fn a_note_that_is_longer_than_its_room_is_scrolled_by_the_keys_of_reading() {
    for size in [(40, 12), (24, 8)] {
        let mut reading = long_note(4, size);
        while !reading.screen().contains("noted¹") {
            reading.press("j");
        }
        let before = reading.page();
        reading.press("*").assert_shows("j more");
        reading.assert_shows("1. The first");
        let top = reading.page()[0].clone();
        let mut pressed = 0;
        while !reading.screen().contains("The last one. ↩") {
            reading.press("j");
            pressed += 1;
            assert!(pressed < 30, "{}", reading.screen());
        }
        // The text above stood still all the while; beyond the end of the note it goes on.
        assert_eq!(reading.page()[0], top, "{}", reading.screen());
        reading.assert_shows("k back");
        reading.press("k").assert_hides("The last one. ↩");
        while !reading.screen().contains("1. The first") {
            reading.press("b");
        }
        assert_eq!(reading.page()[0], top);
        reading.press(" ").assert_hides("1. The first");
        // Opened anew it begins at its beginning, and it leaves the page as it was.
        reading.press("*");
        assert_eq!(reading.page(), before, "{size:?}");
        reading.press("*").assert_shows("1. The first");
        reading.press("<esc>");
        assert_eq!(reading.page(), before, "{size:?}");
    }
}

#[test]
fn whoever_opens_a_note_at_the_end_of_the_page_and_closes_it_is_where_one_was() {
    for words in 1..40 {
        let mut reading = long_note(words, (40, 12));
        if !reading.screen().contains("¹") {
            continue;
        }
        let before = reading.screen();
        reading.press("*").assert_shows("1. The first paragraph");
        reading.assert_shows("noted¹");
        reading.press("*");
        assert_eq!(reading.screen(), before, "{words}");
        // Who read on meanwhile stays there.
        reading.press("*GG<esc>");
        assert_ne!(reading.screen(), before, "{words}");
    }
}

#[test]
fn what_is_defined_again_goes_on_in_the_note_of_that_name() {
    let body = "Words[^a].\n\n[^a]: First.\n\n[^b]: Other.\n\n[^a]: Second.\n\n[^a]: Third.\n";
    let mut reading = Reading::of(&[("a.md", &story("Noted", "2026-11-20", body))], (80, 40));
    reading.press("<ret>");
    let page = reading.page();
    let notes: Vec<&str> = page
        .iter()
        .map(|line| line.trim())
        .skip_while(|line| !line.starts_with("1."))
        .filter(|line| !line.is_empty())
        .take(4)
        .collect();
    assert_eq!(notes, ["1. First.", "Second.", "Third. ↩", "2. Other. ↩"]);
}

#[test]
fn a_note_is_followed_and_come_back_from() {
    let more = format!("{}\n\nLate[^one].\n\n{}", numbered(900), numbered(900));
    let mut reading = questions(&more, SMALL);
    reading.press("/late<ret><esc>");
    let page = reading.page();
    reading.press("fa");
    reading.assert_shows("Said in a note. ↩");
    assert!(
        !reading.model().reader.open.as_ref().unwrap().state.read,
        "to look a note up is not to read on"
    );
    // Its sign is the last label but one: the other note has one, too.
    reading.press("fa");
    assert_eq!(
        reading.page(),
        page,
        "where it was followed, not where it is first referred to"
    );
    // From its end, to where it is referred to first.
    reading.press("gGfa");
    reading.assert_shows("Asked before¹.");
    reading.assert_shows("❯ Asked before¹.");
}

#[test]
fn what_unfolds_and_notes_work_in_long_texts() {
    // Of more than one part, the last of which holds the notes.
    let filler = format!("{}\n\n", numbered(120)).repeat(600);
    let body = format!("{filler}{QUESTIONS}\n\n{filler}[^one]: Said in a note.");
    assert!(body.len() > 500_000);
    let mut reading = Reading::of(&[("a.md", &story("Asked", "2026-11-20", &body))], SMALL);
    reading.press("<ret>/asked before<ret><esc>");
    reading.assert_shows("▸ What is a recto?");
    reading.press("<ret>a").assert_shows("crimson");
    reading.press("*").assert_shows("1. Said in a note. ↩");
    reading.press("*fa");
    reading.assert_shows("1. Said in a note. ↩");
    reading.press("fa").assert_shows("Asked before¹.");
    reading
        .press("g/azure<ret>")
        .assert_shows("left-hand one, in azure");
}

#[test]
fn the_screens() {
    let more = format!("{}\n\nLate[^two].", numbered(60));
    for size in [(120, 40), (80, 24), (40, 12)] {
        let mut reading = questions(&more, size);
        let name = |what: &str| format!("{what}_{}x{}", size.0, size.1);
        reading.press("*").forget_folder();
        assert_snapshot!(name("footnotes"), reading.screen());
        reading.press("*jj<ret>a");
        assert_snapshot!(name("unfolded"), reading.screen());
        reading.press("<ret>");
        assert_snapshot!(name("folding"), reading.screen());
    }
}
