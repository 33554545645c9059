//! Screens as they are drawn, whole, at several sizes, and with their styles under every theme.
//!
//! A snapshot that differs is shown as a difference; `INSTA_UPDATE=always cargo test --test screens`
//! takes the new ones, to be looked at before they are kept.

#![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

mod common;

use std::{fmt::Write, fs, io::Cursor, sync::atomic::AtomicBool};

use common::{Reading, shelf, story};
use image::{ImageFormat, RgbImage};
use insta::assert_snapshot;
use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier, Style},
};
use recto::{
    app::Message,
    document::width::width,
    library::Input,
    runtime::Graphics,
    view::{Background, Depth, Paper, Theme},
};

const SIZES: [(u16, u16); 4] = [(160, 45), (120, 40), (80, 24), (40, 12)];

fn reading(size: (u16, u16)) -> Reading {
    themed(
        size,
        Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal),
    )
}

/// The shelf, with a picture that was named as if it were a story.
fn themed(size: (u16, u16), theme: Theme) -> Reading {
    let folder = tempfile::tempdir().unwrap();
    common::write(folder.path(), shelf::SHELF);
    let picture = folder.path().join(shelf::NO_TEXT.0);
    fs::write(&picture, shelf::NO_TEXT.1).unwrap();
    // Files have no date of their own but that of today, which is not the one of the tests.
    let made = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_500_000_000);
    let file = fs::File::options().write(true).open(&picture).unwrap();
    file.set_modified(made).unwrap();
    let inputs = vec![Input::Path(folder.path().to_owned()), Input::Path(picture)];
    Reading::start(folder, inputs, size, theme)
}

/// The screen after these keys, at every size.
fn at_every_size(name: &str, keys: &str) {
    for size in SIZES {
        at(name, keys, size);
    }
}

fn at(name: &str, keys: &str, size: (u16, u16)) {
    let mut reading = reading(size);
    reading.press(keys).forget_folder();
    let name = format!("{name}_{}x{}", size.0, size.1);
    assert_snapshot!(name, framed(&reading));
}

/// The screen with marks at its corners, so that its size can be seen.
fn framed(reading: &Reading) -> String {
    let cells = usize::from(reading.model().columns);
    let edge = format!("+{}+", "-".repeat(cells));
    let mut text = format!("{edge}\n");
    for line in reading.screen().lines() {
        let blank = " ".repeat(cells - width(line));
        let _ = writeln!(text, "|{line}{blank}|");
    }
    text + &edge
}

#[test]
fn the_list() {
    at_every_size("list", "");
}

#[test]
fn the_list_further_down() {
    at("list_end", "G", (120, 40));
    at("list_end", "G", (80, 24));
    at("list_end", "G", (40, 12));
}

#[test]
fn the_reader() {
    at_every_size("reader", "g<ret>");
}

#[test]
fn the_reader_further_down() {
    at_every_size("reader_down", "g<ret> ");
    at("reader_end", "g<ret>G", (120, 40));
}

#[test]
fn the_reader_alone() {
    at_every_size("zen", "gz");
    at("zen_all", "gz", (100, 120));
}

#[test]
fn two_facing_pages() {
    at("facing", "<ret>p", (168, 24));
}

#[test]
fn a_search_of_titles() {
    at_every_size("search", "/the");
    at("search_kept", "/the<ret>", (120, 40));
}

#[test]
fn a_search_that_finds_nothing() {
    at("search_nothing", "/zzz", (120, 40));
    at("search_nothing", "/zzz", (40, 12));
}

#[test]
fn the_help() {
    at("help", "?", (120, 40));
    at("help", "?", (80, 24));
    at("help", "?", (40, 12));
    at("help_end", "?G", (80, 24));
}

#[test]
fn the_sources() {
    at_every_size("sources", "hjjjj");
}

/// Stories with stars, kept for later, tagged, removed.
const MARKED: &str = "sjLsjmjtold, harbour<ret>Gdg";

#[test]
fn the_list_with_marks() {
    at_every_size("marked", MARKED);
    at("marked_sources", &format!("{MARKED}hj"), (120, 40));
}

#[test]
fn a_selection() {
    at("selected", "jxjxX", (160, 45));
    at("selected", "jxjxX", (120, 40));
    at("selected", "jxjxX", (80, 24));
    at("selected", "jxjxX", (40, 12));
}

#[test]
fn what_waits_for_one_key() {
    at_every_size("sort", ",");
    let mut reading = Reading::of_days(60, (80, 24));
    reading.press("A");
    assert_snapshot!("confirm_80x24", framed(&reading));
}

#[test]
fn a_list_in_another_order() {
    at("by_title", ",t", (120, 40));
    at("by_author_unread", "jm,aU", (80, 24));
    at("by_author_unread", "jm,aU", (40, 12));
}

#[test]
fn a_prompt_for_tags() {
    at("tags", "tproofs, sea<ret>t", (120, 40));
    at("tags", "tproofs, sea<ret>t", (40, 12));
    at("tags_typed", "tproofs, press<ret>jtp", (80, 24));
}

#[test]
fn the_reader_of_a_story_with_marks() {
    at("marked_reader", "jjsL<ret>m", (80, 24));
    at("marked_reader_later", "jjsL<ret>mk", (40, 12));
}

/// The list as a search of everything leaves it.
fn with_passages(size: (u16, u16)) -> Reading {
    let mut reading = reading(size);
    let going = AtomicBool::new(false);
    reading.library.index_texts(&going, &|_| ()).unwrap();
    reading.press("/<tab>the");
    let model = &mut reading.session.model;
    model.list.window.remark = Some("ranked the newest 2,000 of 94,000".to_owned());
    reading.forget_folder();
    reading
}

#[test]
fn a_search_of_everything() {
    for size in SIZES {
        let name = format!("everything_{}x{}", size.0, size.1);
        assert_snapshot!(name, framed(&with_passages(size)));
    }
}

#[test]
fn texts_that_are_being_indexed() {
    let mut reading = reading((120, 40));
    reading.send(Message::Indexed { left: 3200 });
    let line = reading.screen().lines().next().unwrap().to_owned();
    assert!(
        line.ends_with("indexing … 3,200 left · 11 unread of 11"),
        "{line}"
    );
    reading.send(Message::Indexed { left: 0 });
    reading.assert_hides("indexing");
}

#[test]
fn labels_on_links() {
    at("labels", "g<ret>f", (120, 40));
    at("labels", "g<ret>f", (40, 12));
}

#[test]
fn a_search_of_the_text() {
    at("text_search", "g<ret>/th", (120, 40));
    at("text_search_kept", "g<ret>/th<ret>n", (80, 24));
    at("text_search_nothing", "g<ret>/zzz", (80, 24));
    at("text_search", "g<ret>/th", (40, 12));
}

/// A highlight, and a note on the sentence below it.
const NOTED: &str = "g<ret>vj<ret>vjnEvery kind of line, and each of them only once: compare the page on \
    measures.<ret>";

#[test]
fn text_that_is_selected() {
    at_every_size("selecting", "g<ret>vjJ");
    at("selecting_note", &format!("{NOTED}v"), (120, 40));
    at("selecting_note", &format!("{NOTED}v"), (80, 24));
    at("selecting_note", &format!("{NOTED}v"), (40, 12));
    at("selecting", "g<ret>vjJ", (24, 20));
    at("selecting_note", &format!("{NOTED}v"), (24, 20));
}

#[test]
fn a_finished_story_is_read_wherever_that_is_told() {
    let mut reading = reading((120, 40));
    reading.press("g<ret>G");
    let last = |reading: &Reading| reading.screen().lines().last().map(str::to_owned);
    let line = last(&reading).unwrap_or_default();
    assert!(line.ends_with("100 %  read"), "{line}");
    reading.press("<esc>");
    let line = last(&reading).unwrap_or_default();
    assert!(line.ends_with("100 %  read"), "{line}");
}

#[test]
fn highlights_and_notes() {
    at_every_size("noted", NOTED);
    at("noted_zen", &format!("{NOTED}z"), (160, 45));
    at("noted_zen", &format!("{NOTED}z"), (120, 40));
    at("noted_facing", &format!("{NOTED}zpv"), (168, 24));
    at_every_size("notes", &format!("{NOTED}V"));
    at("noting", "g<ret>vnThat is", (120, 40));
    at("noting", "g<ret>vnThat is", (40, 12));
    at("noted_source", &format!("{NOTED}hhjjj"), (120, 40));
    at("noted_source", &format!("{NOTED}hhjjj"), (160, 45));
}

#[test]
fn what_cannot_be_done() {
    at("disabled", "n", (120, 40));
    at("disabled", "n", (40, 12));
}

#[test]
fn a_library_without_stories() {
    for size in SIZES {
        let reading = Reading::of(&[], size);
        assert_snapshot!(format!("empty_{}x{}", size.0, size.1), framed(&reading));
    }
}

#[test]
fn a_page_that_was_asked_for_in_vain_is_told_where_the_list_would_be() {
    let mut reading = Reading::of(&[], (40, 12));
    let why = "example.org answered 404 (there is nothing at this address)";
    let address = "https://example.org/a".to_owned();
    let from = None;
    reading.session.model.awaited = Some(recto::app::pages::Awaited {
        address: address.clone(),
        from,
    });
    let said = Some(why.to_owned());
    let id = None;
    reading
        .session
        .model
        .update(recto::app::Message::PageFetched { address, id, said });
    let screen = framed(&reading);
    assert!(screen.contains("The page could not be had."), "{screen}");
    assert!(
        screen.contains("example.org answered 404 (there is"),
        "{screen}"
    );
}

#[test]
fn everything_is_read() {
    let text = story("Only One", "2026-11-20", "Words.");
    let mut reading = Reading::of(&[("a.md", &text)], (120, 40));
    reading.press("mhj");
    assert_snapshot!("all_read_120x40", framed(&reading));
}

#[test]
fn a_story_that_cannot_be_read() {
    at("no_text", "/cover<ret>", (120, 40));
    at("no_text", "/cover<ret>", (40, 12));
    at("no_text_reader", "/cover<ret><ret>", (40, 12));
    let mut reading = reading((120, 40));
    fs::remove_file(reading.folder.path().join("seven-knots.md")).unwrap();
    reading.press("/seven<ret>").forget_folder();
    assert_snapshot!("gone_120x40", framed(&reading));
}

#[test]
fn a_story_half_read() {
    let text = story("A Long One", "2026-11-18", &common::numbered(3000));
    let mut reading = Reading::of(&[("a.md", &text)], (120, 40));
    reading.press("<ret>   h");
    assert_snapshot!("half_read_120x40", framed(&reading));
}

#[test]
fn no_size_is_too_small_and_none_too_large() {
    for size in [
        (0, 0),
        (0, 5),
        (5, 0),
        (1, 1),
        (3, 3),
        (2, 40),
        (200, 1),
        (200, 2),
        (9, 9),
        (400, 120),
    ] {
        let mut reading = reading(size);
        for keys in [
            "", "G", "<ret>", "f", "<esc>z", " ", "z", "?", "?h", "j", "l/th", "<ret>", "vJn",
            "x<ret>", "v[", "<esc>V",
        ] {
            let drawn = reading.press(keys).buffer();
            assert_eq!((drawn.area.width, drawn.area.height), size);
        }
    }
}

/// The styles of one screen: list, page and last line.
fn styles(name: &str, depth: Depth, background: Background) {
    let mut reading = themed((120, 44), Theme::new(depth, background, Paper::Terminal));
    reading.press("g<ret>/th<ret>").forget_folder();
    assert_snapshot!(format!("{name}_page"), styled(&reading.buffer()));
    reading.press("<esc>hjj/the<ret>");
    reading.resize(100, 14).forget_folder();
    assert_snapshot!(format!("{name}_list"), styled(&reading.buffer()));
    reading.press("<esc>gsLxj").forget_folder();
    assert_snapshot!(format!("{name}_marks"), styled(&reading.buffer()));
    // Highlights, a search's matches and a selection over each other.
    let mut reading = themed((120, 20), Theme::new(depth, background, Paper::Terminal));
    reading.press(&format!("{NOTED}/th<ret>vpJ"));
    assert_snapshot!(format!("{name}_notes"), styled(&reading.buffer()));
}

#[test]
fn styles_without_colours() {
    styles("styles_none", Depth::None, Background::Unknown);
}

#[test]
fn styles_of_sixteen_colours() {
    styles("styles_sixteen", Depth::Sixteen, Background::Unknown);
}

#[test]
fn styles_of_many_colours_on_dark() {
    styles("styles_dark", Depth::Many, Background::Dark);
}

#[test]
fn styles_of_many_colours_on_light() {
    styles("styles_light", Depth::Many, Background::Light);
}

/// The screen with its changes of style: `{bold cyan}` until the next braces, `{}` for plain.
fn styled(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let (mut hidden, mut spaces) = (0, 0);
        let mut before = look(Style::new());
        for x in area.left()..area.right() {
            let cell = &buffer[(x, y)];
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            hidden = width(cell.symbol()).max(1) - 1;
            let now = look(cell.style());
            // Spaces that look like nothing need not say so.
            let seen = ["under", "reversed", "on "]
                .iter()
                .any(|it| now.contains(it));
            if cell.symbol() == " " && !seen {
                spaces += 1;
                continue;
            }
            line.push_str(&" ".repeat(spaces));
            spaces = 0;
            if now != before {
                let _ = write!(line, "{{{now}}}");
                before = now;
            }
            line.push_str(cell.symbol());
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// A style in words.
fn look(style: Style) -> String {
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::CROSSED_OUT, "struck"),
    ];
    let mut words: Vec<String> = modifiers
        .into_iter()
        .filter(|(modifier, _)| style.add_modifier.contains(*modifier))
        .map(|(_, word)| word.to_owned())
        .collect();
    for (sign, colour) in [("", style.fg), ("on ", style.bg)] {
        match colour {
            None | Some(Color::Reset) => {}
            Some(Color::Indexed(number)) => words.push(format!("{sign}{number}")),
            Some(colour) => words.push(format!("{sign}{colour}").to_lowercase()),
        }
    }
    words.join(" ")
}

#[test]
fn why_a_file_cannot_be_read_shows_in_its_row_however_long_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder
        .path()
        .join("a-folder-with-a-long-name")
        .join("and-another-one");
    fs::create_dir_all(&deep).unwrap();
    let picture = deep.join(shelf::NO_TEXT.0);
    fs::write(&picture, shelf::NO_TEXT.1).unwrap();
    let theme = Theme::new(Depth::Sixteen, Background::Unknown, Paper::Terminal);
    let inputs = vec![Input::Path(folder.path().to_owned()), Input::Path(picture)];
    let reading = Reading::start(folder, inputs, (80, 24), theme);
    reading.assert_shows("PNG picture");
}

#[test]
fn one_day_is_not_said_twice_under_a_title() {
    let text = "---\ntitle: One\ndate: 2026-11-20T08:05:00Z\nupdated: 2026-11-20T09:30:00Z\n---\n\nWords.\n";
    let reading = Reading::of(&[("a.md", text)], (120, 40));
    reading.assert_shows("20 November 2026");
    reading.assert_hides("Updated");
}

/// The smallest screen that anybody reads on.
const TINY: (u16, u16) = (24, 8);

#[test]
fn a_tiny_screen_has_room_for_what_is_to_be_known() {
    let words = "The pica is a unit. A pica has twelve points. ".repeat(12);
    let story = |keys: &str| {
        let mut reading = Reading::of(&[("a.md", &story("Picas", "2026-11-20", &words))], TINY);
        reading.press(keys).forget_folder();
        reading
    };
    let mut searched = story("<ret>/pica<ret>");
    assert_snapshot!("tiny_search_24x8", framed(&searched));
    searched.press("n").assert_shows("2 of 25   n next");
    // What was said goes on elsewhere.
    let said = story("<ret>>");
    assert_snapshot!("tiny_message_24x8", framed(&said));
    said.assert_shows("! all");
    // What a key does stands below it, and not in a column of nine cells.
    let mut help = story("?");
    assert_snapshot!("tiny_help_24x8", framed(&help));
    help.press("jjj").assert_shows("k up");
}

#[test]
fn the_names_of_rows_stay_where_a_wide_table_is_scrolled() {
    let cells = |name: &str| {
        let words = [
            "overground",
            "underground",
            "along the shore",
            "embankments",
        ];
        format!("| {name} | {} |\n", words.join(" | "))
    };
    let table = format!(
        "{}|---|---|---|---|---|\n{}{}\n\nThe end.",
        cells("Line"),
        cells("Central"),
        cells("Victoria")
    );
    let files = [("a.md", &*story("Lines", "2026-11-20", &table))];
    let mut reading = Reading::of(&files, (40, 12));
    reading.press("<ret>jjj>>").forget_folder();
    assert_snapshot!("wide_table_40x12", framed(&reading));
    reading.assert_hides("Not now");
    for name in ["Line ", "Central ", "Victoria "] {
        reading.assert_shows(name);
    }
    reading.press("<lt><lt><lt>").assert_shows("Central   over");
}

#[test]
fn the_sign_of_a_note_touches_no_letter() {
    let body = "Columns of words stand here, and nothing else is to be said of them.";
    for size in [(40, 12), (80, 24)] {
        let mut reading = Reading::of(&[("a.md", &story("Columns", "2026-11-20", body))], size);
        reading.press("<ret>vnSeen<ret>");
        let screen = reading.screen();
        let line = screen.lines().find(|line| line.contains('✎')).unwrap();
        assert!(line.contains("Columns of words"), "{screen}");
        let (before, after) = line.split_once('✎').unwrap();
        assert!(before.is_empty() || before.ends_with(' '), "{screen}");
        assert!(
            after.trim_end().is_empty() || after.starts_with(' '),
            "{screen}"
        );
    }
}

#[test]
fn a_field_that_shows_the_end_of_what_is_typed_says_so() {
    let mut reading = reading((40, 12));
    reading
        .press("g<ret>vnA note that fits")
        .assert_shows(" note A note that fits");
    reading.press(" no longer in a line of forty");
    reading.assert_shows(" note‹");
}

#[test]
fn a_narrow_screen_says_that_a_label_is_to_be_typed() {
    let mut reading = reading((40, 12));
    reading.press("g<ret>f");
    assert!(reading.model().labels.is_some());
    let last = reading.last_line();
    assert!(last.contains("label"), "{last}");
}

#[test]
fn a_picture_in_half_blocks() {
    // Four bands of one colour each, so that two share a cell.
    let bands = [[200, 40, 40], [40, 160, 60], [50, 80, 200], [230, 200, 60]];
    let image = RgbImage::from_fn(96, 56, |_, y| image::Rgb(bands[(y / 14) as usize]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let text = story(
        "A Flag",
        "2026-11-18",
        "Words over it.\n\n![Four bands](flag.png \"The flag of nowhere\")\n\nWords under it.",
    );
    let folder = tempfile::tempdir().unwrap();
    common::write(folder.path(), &[("a.md", &text)]);
    fs::write(folder.path().join("flag.png"), bytes.into_inner()).unwrap();
    for (name, size) in [("80x24", (80, 24)), ("40x16", (40, 16))] {
        let copy = tempfile::tempdir().unwrap();
        for file in ["a.md", "flag.png"] {
            fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
        }
        let inputs = vec![Input::Path(copy.path().to_owned())];
        let theme = Theme::new(Depth::Many, Background::Dark, Paper::Terminal);
        let mut reading = Reading::start(copy, inputs, size, theme);
        let blocks = Graphics::Blocks { true_colour: false };
        reading.session.draw_pictures(Some((blocks, (8, 16))));
        reading.press("<ret>");
        assert_snapshot!(format!("picture_{name}"), styled(&reading.buffer()));
    }
}

/// A story with a picture of ten rows after each of its paragraphs, on a terminal with half blocks.
fn pictured(size: (u16, u16)) -> Reading {
    let image = RgbImage::from_fn(160, 160, |x, y| image::Rgb([x as u8, y as u8, 99]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let text = "Words.\n\n![A square](square.png)\n\n".repeat(12);
    let folder = tempfile::tempdir().unwrap();
    common::write(
        folder.path(),
        &[("a.md", &story("Squares", "2026-11-18", &text))],
    );
    fs::write(folder.path().join("square.png"), bytes.into_inner()).unwrap();
    let inputs = vec![Input::Path(folder.path().to_owned())];
    let page = Theme::new(Depth::True, Background::Dark, Paper::Terminal);
    let mut reading = Reading::start(folder, inputs, size, page);
    let blocks = Graphics::Blocks { true_colour: true };
    reading.session.draw_pictures(Some((blocks, (8, 16))));
    reading
}

/// The rows in which a picture's cells stand, left and right of a column.
fn drawn(reading: &Reading, middle: u16) -> (Vec<u16>, Vec<u16>) {
    let screen = reading.buffer();
    let rows = |columns: std::ops::Range<u16>| {
        let here = |y: &u16| columns.clone().any(|x| screen[(x, *y)].symbol() == "▄");
        (0..screen.area.height).filter(here).collect()
    };
    (rows(0..middle), rows(middle..screen.area.width))
}

#[test]
fn both_of_two_facing_pages_have_their_pictures() {
    let mut reading = pictured((180, 30));
    reading.press("g<ret>p");
    let (left, right) = drawn(&reading, 90);
    assert!(left.len() >= 10, "{left:?}");
    assert!(right.len() >= 10, "{right:?}");
}

#[test]
fn a_picture_leaves_what_lies_over_it_free() {
    let mut reading = pictured((80, 24));
    reading.press("<ret>");
    // All places that can be marked make a menu of several lines.
    for letter in 'a'..='z' {
        reading.press("j");
        reading.press(&format!("M{letter}"));
    }
    let before = drawn(&reading, 0).1;
    reading.press("'");
    let text = reading.screen();
    let top = text.lines().position(|line| line.starts_with(" to  "));
    let top = top.unwrap() as u16;
    let after = drawn(&reading, 0).1;
    assert!(top < 22, "{text}");
    assert!(before.iter().any(|y| *y >= top), "{before:?}");
    assert!(
        !after.is_empty() && after.iter().all(|y| *y < top),
        "{text}"
    );
}

#[test]
fn what_was_said() {
    for (columns, rows) in SIZES {
        let mut reading = reading((columns, rows));
        for said in [
            "Undone: starred “Seven Knots”.",
            "Not read: /stories/a-folder-with-a-long-name/and-another-one/one-more-of-them.md may \
             not be read by anybody but its owner, and 3 more",
        ] {
            reading.send(Message::Noticed(said.to_owned()));
        }
        assert_snapshot!(format!("said_{columns}x{rows}"), framed(&reading));
        reading.press("!");
        assert_snapshot!(format!("log_{columns}x{rows}"), framed(&reading));
    }
}

#[test]
fn styles_on_a_page_that_the_terminal_told() {
    let told = Background::Told {
        page: [0xFD, 0xF6, 0xE3],
        text: Some([0x65, 0x7B, 0x83]),
    };
    styles("styles_told", Depth::True, told);
}

#[test]
fn nothing_that_lies_over_a_painted_page_has_holes() {
    let theme = Theme::new(Depth::True, Background::Unknown, Paper::Sepia);
    let page = theme.page.bg.unwrap();
    for size in [(120, 40), (40, 12)] {
        for keys in [
            "",
            "?",
            ",",
            "'",
            "d",
            "x",
            "/the",
            "/zzz",
            "h",
            "t",
            "g<ret>",
            "g<ret>f",
            "g<ret>y",
            "g<ret>T",
            "g<ret>/a",
            "g<ret>v",
            "g<ret>v<ret>",
            "g<ret>vn",
            "g<ret>V",
            "g<ret>Ma'",
            "g<ret>|",
            "g<ret>\\",
            "g<ret>p",
            "g<ret>*",
            "gz",
            "g<ret>vnWords<ret>v",
        ] {
            let mut reading = themed(size, theme.clone());
            reading.press(keys);
            let buffer = reading.buffer();
            // A wide letter covers the cell behind it.
            let mut covered = false;
            let hole = buffer.content().iter().position(|cell| {
                let is_free = !std::mem::replace(&mut covered, width(cell.symbol()) > 1);
                is_free && cell.bg != page
            });
            let place = hole.map(|at| buffer.pos_of(at));
            assert_eq!(place, None, "{size:?} {keys:?}:\n{}", reading.screen());
        }
    }
}

#[test]
fn a_search_that_finds_nothing_says_where_it_looked() {
    let mut reading = reading((120, 40));
    reading.press("U/zzyzx<tab>");
    reading.assert_shows("No story of this list has these words.");
    reading.press("<esc>").press("U/zzyzx<tab>");
    reading.assert_shows("No story has these words.");
    reading.send(Message::Indexed { left: 3200 });
    reading.assert_shows("Words are still being indexed");
}
