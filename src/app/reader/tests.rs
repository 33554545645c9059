use jiff::tz::TimeZone;

use super::*;
use crate::{
    document::{Data, Drawable, Media},
    story::{Kind, Story},
};

/// A text of so many words, each a paragraph, on a page of 20 lines with room for pictures.
fn open(words: usize) -> Open {
    let text: Vec<String> = (0..words).map(|n| format!("Word {n}")).collect();
    reading(&text.join("\n\n"))
}

const MANNER: Manner = Manner {
    free: 0,
    facing: false,
    justify: false,
    rtl: Rtl::InOrder,
    cell: Some((10, 20)),
    pictures: true,
};

const FACING: Manner = Manner {
    facing: true,
    ..MANNER
};

const PAGE: Rect = Rect {
    x: 0,
    y: 0,
    width: 40,
    height: 20,
};

/// A text on the same page.
fn reading(text: &str) -> Open {
    let opened = Opened {
        document: Arc::new(Document::of_markdown(text)),
        about: Citation::default(),
        notes: Vec::new(),
        source: false,
        state: State::default(),
        place: None,
    };
    let mut open = Open::new(StoryId(1), opened, None);
    open.set_to(PAGE, MANNER);
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
        absent: None,
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

#[test]
fn a_part_of_the_text_is_gone_to_and_again_when_the_whole_is_there() {
    let mut open = open(400);
    open.to_fraction(0.5);
    assert_eq!(open.passed(), 0.5, "what is asked for shows");
    assert!((195..210).contains(&first(&open)), "{}", first(&open));
    open.to_fraction(0.0);
    assert_eq!(first(&open), 0);
    open.to_fraction(1.0);
    assert!(open.at_end());

    let text = "Words that are read.\n\n".repeat(60_000);
    let story = |text: &str| Story::new(Kind::Markdown, "Long", text.to_owned());
    let half = text.len() / 4;
    let missing = (text.len() - half) as u64;
    let beginning = || Document::of_beginning(story(&text[..half]), &TimeZone::UTC, missing);
    assert!(beginning().is_partial());
    let whole = Arc::new(Document::new(story(&text), &TimeZone::UTC));
    for fraction in [0.1, 0.5, 0.9, 1.0] {
        open.layout.complete(Arc::new(beginning()));
        open.to_fraction(fraction);
        open.complete(Arc::clone(&whole));
        assert_eq!(open.at_end(), fraction == 1.0);
        let there = open.layout.fraction(first(&open), 0);
        assert!((there - fraction).abs() < 0.001, "{there} for {fraction}");
    }
}

#[test]
fn how_far_one_read_does_not_depend_on_the_way() {
    let mut open = open(100);
    let mut passed = Vec::new();
    assert_eq!(open.progress().seen, 0.0);
    open.go_on();
    for _ in 0..3 {
        passed.push(open.progress().seen);
        open.scroll_pages(Pages::Down);
    }
    assert!(passed.is_sorted() && passed[0] == 0.0 && passed[1] > 0.0);
    for seen in passed.into_iter().rev() {
        open.scroll_pages(Pages::Up);
        assert_eq!(open.progress().seen, seen);
    }
    open.to_fraction(0.4);
    assert!((open.progress().seen - 0.4).abs() < 0.01);
    open.to_start();
    assert_eq!(open.progress().seen, 0.0);
    open.to_end();
    assert_eq!(open.progress().seen, 1.0);
    // Who only opens a text that fits its page has not read it.
    let mut open = self::open(8);
    assert_eq!(open.progress().seen, 0.0);
    open.go_on();
    assert_eq!((open.progress().seen, open.minutes_left()), (1.0, 0));
}

#[test]
fn what_was_read_to_its_end_on_facing_pages_stays_so_on_one() {
    let mut open = open(100);
    open.set_to(PAGE, FACING);
    open.go_on();
    open.to_end();
    assert_eq!(open.progress().seen, 1.0);
    open.be_ended();
    open.set_to(PAGE, MANNER);
    assert!(!open.at_end());
    assert_eq!((open.progress().seen, open.minutes_left()), (1.0, 0));
    open.scroll(1);
    assert_eq!(open.progress().seen, 1.0);
    // Who goes back above it reads there again.
    open.scroll(-2);
    assert!(open.progress().seen < 1.0);
}

#[test]
fn a_picture_on_the_page_that_comes_late_moves_nothing_above_it() {
    let mut open = open(100);
    open.to(50, 0);
    let above: Vec<Spot> = open.page[..8].to_vec();
    assert_eq!(above[7].block, 53);
    let shown = |open: &Open| -> Vec<String> {
        let lines = open.page[..8].iter().map(|it| open.layout.line(*it));
        lines.map(|it| it.unwrap().plain()).collect()
    };
    let words = shown(&open);
    open.take_pictures(pictures(&[10, 55]));
    assert_eq!(&open.page[..8], above);
    assert_eq!(shown(&open), words);
    let pictured = open.page.iter().filter(|it| it.block == 55).count();
    assert!(
        pictured > 2,
        "the picture shows, and moves what is below it"
    );
    assert_eq!(open.place(), (50, 0));

    // Where the page begins within a paragraph, too.
    let long = "Words that are read. ".repeat(60);
    let text = format!("{long}\n\n{long}\n\n![A](a.png)\n\n{long}");
    let mut open = reading(&text);
    open.scroll(5);
    let before = open.page[..3].to_vec();
    assert!(before[0].line > 0);
    open.take_pictures(pictures(&[2]));
    assert_eq!(&open.page[..3], before);
}

#[test]
fn a_match_stays_on_the_page_whatever_size_that_gets() {
    let text = "Some words that are read on. ".repeat(40);
    let text = format!("{text}The tide. {text}\n\n{text} tide {text}\n\n{text}tide");
    let mut open = reading(&text);
    let sought = Sought::Phrase("tide".to_owned());
    let document = open.layout.document();
    let found = document::find(document, &sought, (0, 0), 9, &|_| {}, &|| false);
    let matches = found.unwrap();
    open.sought = Some(sought.clone());
    open.take_found(sought, matches, (0, 0));
    for step in 0..3 {
        for (width, height) in [(30, 20), (72, 30), (24, 9), (100, 40), (24, 4), (40, 20)] {
            let page = Rect {
                x: 0,
                y: 0,
                width,
                height,
            };
            open.set_to(page, MANNER);
            let search = open.search.clone().unwrap();
            assert_eq!((search.current, search.total), (step, Some(3)));
            let found = &search.found[step];
            let spot = open.layout.spot(found.block, found.range.start);
            assert!(
                open.page.contains(&spot),
                "match {step} at {width}x{height}"
            );
        }
        open.step_match(true);
    }
}

#[test]
fn the_end_that_a_link_led_to_is_not_read_before_one_reads_on() {
    let filler = |from: usize| {
        let words: Vec<String> = (from..from + 40).map(|n| format!("Word {n}")).collect();
        words.join("\n\n")
    };
    let text = format!(
        "{}\n\n## Middle\n\n{}\n\n## End\n\nLast",
        filler(0),
        filler(40)
    );
    let mut open = reading(&text);
    open.go_on();
    open.be_led();
    assert!(open.to_anchor("middle"));
    let middle = open.progress().seen;
    assert!(
        middle > 0.3 && !open.is_searched(),
        "who follows a link reads on"
    );
    open.be_led();
    assert!(open.to_anchor("end") && open.at_end());
    assert!(open.is_searched());
    assert_eq!(open.progress().seen, middle);
    open.scroll(-1);
    open.go_on();
    open.scroll(1);
    assert_eq!(open.progress().seen, 1.0);

    // What fits its page was opened, and no more.
    let mut short = reading("## One\n\nText\n\n## Two\n\nText");
    short.be_led();
    assert!(short.to_anchor("two"));
    assert!(!short.is_searched());
    assert_eq!(short.progress().seen, 0.0);
}

#[test]
fn where_no_heading_follows_one_stays() {
    let mut open = open(100);
    open.scroll(10);
    let place = open.place();
    assert!(!open.to_heading(true) && !open.to_heading(false));
    assert_eq!(open.place(), place);
    let mut open = reading("## One\n\nText\n\n## Two\n\nText");
    assert!(open.to_heading(true));
}

#[test]
fn a_story_that_was_read_to_its_end_begins_again() {
    let progress = |seen: f64| Progress {
        block: 30,
        seen,
        ended: seen >= 1.0,
        ..Progress::default()
    };
    for (seen, block) in [(0.3, 30), (1.0, 0)] {
        let opened = Opened {
            document: Arc::clone(open(40).layout.document()),
            about: Citation::default(),
            notes: Vec::new(),
            source: false,
            state: State::default(),
            place: None,
        };
        let open = Open::new(StoryId(1), opened, Some(&progress(seen)));
        assert_eq!(open.place().0, block, "{seen}");
    }
}

#[test]
fn who_looks_a_note_up_is_as_far_as_before() {
    let words = "Words of the text.\n\n".repeat(200);
    let notes: String = (1..30)
        .map(|n| format!("[^{n}]: The note {n}.\n\n"))
        .collect();
    let refers: String = (1..30).map(|n| format!("It says so.[^{n}]\n\n")).collect();
    let mut open = reading(&format!("{refers}{words}{notes}"));
    open.go_on();
    open.to_fraction(0.1);
    let before = open.passed();
    assert!(before > 0.0 && before < 0.2, "{before}");
    for note in ["fn-1", "fn-29"] {
        assert!(open.to_anchor(note));
        assert_eq!((open.passed(), open.progress().seen), (before, before));
    }
    // Who moves among the notes has not read all that stands before them.
    assert!(open.to_anchor("fn-1"));
    open.scroll_pages(Pages::Down);
    open.go_on();
    assert_eq!(open.progress().seen, before);
    open.to_fraction(0.3);
    open.go_on();
    assert!((open.progress().seen - 0.3).abs() < 0.05);
}

/// A text with all that belongs together, on two facing pages of 20 lines each.
fn facing() -> Open {
    let words = |count: usize| "Some words of a paragraph. ".repeat(count);
    let text: String = (0..40)
        .map(|n| {
            let (a, b) = (words(1 + n % 7), words(2 + n % 5));
            format!("## Heading {n}\n\n{a}\n\n### Below it\n\n{b}\n\nTerm {n}\n: {a}\n\n![](a.png \"Its caption.\")\n\n{b}\n\n")
        })
        .collect();
    let mut open = reading(&text);
    let document = Arc::clone(open.layout.document());
    let blocks: Vec<usize> = document.pictures.iter().map(|it| it.block).collect();
    assert_eq!(blocks.len(), 40);
    open.take_pictures(pictures(&blocks));
    open.set_to(PAGE, FACING);
    open
}

#[test]
fn facing_pages_cut_nothing_that_belongs_together() {
    let mut open = facing();
    let mut all: Vec<Spot> = Vec::new();
    let mut tops = Vec::new();
    loop {
        tops.push(open.place());
        let [left, right] = open.pages().map(<[Spot]>::to_vec);
        assert!(left.len() <= 20 && right.len() <= 20);
        for page in [left, right].into_iter().filter(|it| !it.is_empty()) {
            let (first, last) = (page[0], page[page.len() - 1]);
            let lines = |open: &mut Open, block: usize| open.layout.lines(block).len();
            let gap = |open: &Open, block: usize| {
                usize::from(open.layout.block(block).is_some_and(|it| it.gap))
            };
            // No heading or term stands at the foot of a page, and no line of a paragraph alone.
            let (whole, above) = (lines(&mut open, last.block), gap(&open, last.block));
            let foot = open.layout.block(last.block).unwrap();
            let is_term = matches!(&foot.body, document::Body::Text { role, .. } if *role == document::Role::Term);
            assert!(foot.heading().is_none() && !is_term, "{last:?}");
            let cut = last.line + 1 < whole;
            assert!(
                !cut || last.line > above && whole - last.line > 2,
                "{last:?} of {whole}"
            );
            assert!(!cut || open.layout.picture(last.block).is_none());
            // A caption stands under its picture.
            let top = open.layout.read_block(first.block).unwrap();
            let is_figure = matches!(&top.body, document::Body::Text { role, .. } if *role == document::Role::Figure);
            assert!(!is_figure || open.layout.picture(first.block).is_some());
            assert!(
                first.line <= gap(&open, first.block)
                    || lines(&mut open, first.block) - first.line > 1
            );
            // The end of the text is shown with what stands before it.
            let seen = all.last().copied();
            all.extend(page.iter().filter(|it| seen.is_none_or(|seen| **it > seen)));
        }
        if open.at_end() {
            break;
        }
        open.scroll_pages(Pages::Down);
    }
    assert!(tops.len() > 8 && tops.is_sorted());
    // Every line but the empty ones that are left out was on one of them.
    let mut spot = open.layout.start();
    let end = open.layout.end();
    while spot < end {
        let is_gap = spot.line == 0 && open.layout.read_block(spot.block).unwrap().gap;
        assert!(is_gap || all.contains(&spot), "{spot:?}");
        spot = open.layout.down(spot, 1);
    }
    // The same way back.
    for top in tops.iter().rev().skip(1) {
        open.scroll_pages(Pages::Up);
        assert_eq!(open.place(), *top);
    }
    // One page on, and back.
    open.scroll_pages(Pages::Down);
    let here = open.place();
    open.scroll_pages(Pages::HalfDown);
    assert_ne!(open.place(), here);
    open.scroll_pages(Pages::HalfUp);
    assert_eq!(open.place(), here);
}

#[test]
fn notes_that_stand_on_the_right_page_do_not_stand_at_its_foot() {
    let mut seen = 0;
    for above in 1..12 {
        let text = "Words.\n\n".repeat(above);
        let mut open = reading(&format!(
            "{text}Noted[^1].\n\n[^1]: First.\n\n    Second.\n\n    Third.\n"
        ));
        let page = Rect { height: 10, ..PAGE };
        open.set_to(page, FACING);
        let [_, right] = open.pages();
        // One of its paragraphs begins the right page, which has no empty line over it.
        seen += usize::from(right.first().is_some_and(|it| it.line == 1));
        if !open.at_end() || open.top != open.layout.start() {
            continue;
        }
        let said = open.toggle_footnotes();
        assert_eq!(said, Err("The notes of this page stand on it."), "{above}");
        assert!(open.foot.is_empty());
    }
    assert!(seen > 2);
}

#[test]
fn a_note_that_begins_on_the_right_page_stands_at_its_foot_only() {
    let mut cut = 0;
    for above in 1..45 {
        let mut text = "Words.\n\n".repeat(above);
        for n in 0..4 {
            let said = "Some words of it. ".repeat(10);
            text += &format!("Noted[^{n}].\n\n[^{n}]: {said}\n\n");
        }
        let mut open = reading(&text);
        open.set_to(PAGE, FACING);
        for _ in 0..6 {
            if open.toggle_footnotes().is_ok() {
                let [left, right] = open.pages().map(<[Spot]>::to_vec);
                assert!(!right.iter().any(|it| open.foot.contains(it)), "{above}");
                assert!(right.len() + 1 + open.foot.len() <= 20 && !left.is_empty());
                // The next page begins with what was left out.
                cut += usize::from(open.next.is_some_and(|it| open.foot.contains(&it)));
                open.close_footnotes();
            }
            open.scroll_pages(Pages::HalfDown);
        }
    }
    assert!(cut > 0);
}

#[test]
fn notes_at_the_foot_take_no_more_of_the_page_than_they_need() {
    let noted = |n: usize| format!("{}[^{n}]\n\n", "Some words. ".repeat(12));
    let said = |n: usize| format!("[^{n}]: {}\n\n", "Some words of it. ".repeat(5));
    let text: String = (0..20).map(noted).chain((0..20).map(said)).collect();
    let mut open = reading(&text);
    open.toggle_footnotes().unwrap();
    for _ in 0..30 {
        let last = open.page.last().copied().unwrap();
        let next = open.layout.down(last, 1);
        let refers = !open.layout.references(&[next]).is_empty();
        let rows = open.page.len() + 1 + open.foot.len();
        assert!(rows == open.rows || refers, "{rows} {next:?}");
        open.scroll(1);
    }
}

#[test]
fn a_note_that_begins_on_a_page_and_ends_on_none_shows_once() {
    let mut cut = 0;
    for above in 1..20 {
        let mut text = "Words.\n\n".repeat(above);
        for n in 0..3 {
            let said = "Some words of it. ".repeat(10 * n + 1);
            text += &format!("Noted[^{n}].\n\n[^{n}]: {said}\n\n");
        }
        let mut open = reading(&text);
        open.footnotes = true;
        open.show();
        loop {
            let twice = |it: &Spot| open.foot.contains(it);
            assert!(!open.page.iter().any(twice), "{above}");
            let rows = open.page.len() + open.foot.len();
            assert!(open.foot.is_empty() || rows < open.rows);
            let last = open.page.last().copied().unwrap();
            let next = open.layout.down(last, 1);
            cut += usize::from(open.foot.contains(&next));
            let before = open.top;
            open.scroll(1);
            if open.top == before {
                break;
            }
        }
        assert!(open.at_end(), "{above}");
    }
    assert!(cut > 0);
}

#[test]
fn of_a_note_that_begins_on_the_left_page_only_the_rest_stands_at_the_foot() {
    let mut seen = 0;
    for above in 1..30 {
        let words = "Words.\n\n".repeat(above);
        let said = "Some words of it. ".repeat(100);
        let mut open = reading(&format!("{words}Noted[^1].\n\n[^1]: {said}\n"));
        open.set_to(PAGE, FACING);
        if open.toggle_footnotes().is_err() {
            continue;
        }
        let [left, right] = open.pages().map(<[Spot]>::to_vec);
        let twice = |it: &Spot| open.foot.contains(it);
        assert!(!left.iter().chain(&right).any(twice), "{above}");
        let begins = left.last().is_some_and(|it| it.block == open.foot[0].block);
        // It goes on where the right page ends.
        if begins {
            let last = right.last().copied().unwrap();
            assert_eq!(open.layout.down(last, 1), open.foot[0], "{above}");
            seen += 1;
        }
    }
    assert!(seen > 1);
}

#[test]
fn facing_pages_are_turned_back_from_anywhere_without_a_gap() {
    for at in [0.3, 0.55, 0.8, 1.0] {
        let mut open = facing();
        open.to_fraction(at);
        while open.top != open.layout.start() {
            let here = open.top;
            open.scroll_pages(Pages::Up);
            assert!(open.top < here);
            assert!(
                open.next.is_none_or(|next| next >= here),
                "{:?} {here:?}",
                open.next
            );
            let left = open.pages()[0].len();
            assert!(left > 6, "{left}");
        }
        assert_eq!(open.progress().seen, 0.0);
    }
}
