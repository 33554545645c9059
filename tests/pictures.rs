//! Pictures on terminals of all kinds: what each answers is played back, and what is sent to it then
//! is looked at.

#![cfg(unix)]
// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::{fs, io::Cursor};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat, RgbImage};
use support::{Folder, Recto, last};

/// What begins a picture in each protocol.
const KITTY: &str = "\x1b_Gq=2,i=";
const ITERM2: &str = "\x1b]1337;File=inline=1";
const SIXEL: &str = "q\"1;1;";
const BLOCK: &str = "▄";

/// The last of the questions that are asked.
const LAST_QUESTION: &str = "\x1b[16t\x1b[c";

/// A picture of 160 by 160 pixels in which no two rows are alike.
fn png() -> Vec<u8> {
    let image = RgbImage::from_fn(160, 160, |x, y| image::Rgb([x as u8, y as u8, 99]));
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::from(image);
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A story with a picture between its first and its second words.
fn folder() -> Folder {
    let words = "Words under it. ".repeat(200);
    let text = format!("Words over it.\n\n![A square](square.png)\n\n{words}\n");
    let folder = Folder::new().with_story("a.md", "A place by the sea", "2020-01-01", &text);
    fs::write(folder.root().join("square.png"), png()).unwrap();
    folder
}

/// Opens the story on a terminal that answers so, with a key typed amidst the answers.
fn read(folder: &Folder, answers: &[&str]) -> Recto {
    let mut recto = Recto::start((80, 24), [folder.root().join("a.md")]);
    recto.wait_for_bytes(LAST_QUESTION);
    for (number, answer) in answers.iter().enumerate() {
        recto.send(answer.as_bytes());
        if number == 0 {
            recto.press("?");
        }
    }
    if !answers.is_empty() {
        // The key was none of the answer's, and the answer none of the keys.
        recto.wait_for("next story, or a line down");
        recto.press("?");
    }
    recto.wait_for("Words over it.");
    recto.wait_for("A square");
    recto
}

fn sent(recto: &Recto, text: &str) -> bool {
    last(&recto.bytes(), text).is_some()
}

fn quit(mut recto: Recto) -> Vec<u8> {
    recto.press("<ctrl-c>");
    assert_eq!(recto.wait_clean_exit().exit_code(), 0);
    recto.bytes()
}

/// Looks that of all ways to draw a picture only this one was used.
fn only(recto: &Recto, wanted: &str) {
    recto.wait_for_bytes(wanted);
    for other in [KITTY, ITERM2, SIXEL, BLOCK] {
        assert_eq!(sent(recto, other), other == wanted, "{other:?}");
    }
}

#[test]
fn a_picture_written_out_in_a_long_text_is_drawn() {
    let letters = STANDARD.encode(png());
    let filler = "Words between.\n\n".repeat(30_000);
    let text = format!(
        "Words over it.\n\n![A square](data:image/png;base64,{letters} \"Its caption\")\n\n{filler}"
    );
    let folder = Folder::new().with_story("a.md", "A place by the sea", "2020-01-01", &text);
    let recto = read(&folder, &[]);
    recto.wait_for(BLOCK);
    recto.wait_for("Its caption");
    quit(recto);
}

#[test]
fn kitty_is_sent_a_picture_once_and_told_to_let_it_go() {
    let folder = folder();
    let mut recto = read(
        &folder,
        &[
            "\x1bP>|kitty(0.35.2)\x1b\\",
            "\x1b_Gi=31;OK\x1b\\",
            "\x1b[6;20;10t",
            "\x1b[?62;c",
        ],
    );
    only(&recto, KITTY);
    recto.wait_for_bytes("\u{10EEEE}");
    recto.press("j");
    recto.wait_gone("A place by the sea");
    let bytes = quit(recto);
    let count = bytes
        .windows(KITTY.len())
        .filter(|it| *it == KITTY.as_bytes())
        .count();
    assert_eq!(count, 1);
    assert!(last(&bytes, "\x1b_Ga=d,d=I,i=") > last(&bytes, "\u{10EEEE}"));
}

#[test]
fn a_kitty_that_knows_no_placeholders_gets_half_blocks() {
    let folder = folder();
    let recto = read(
        &folder,
        &[
            "\x1bP>|kitty(0.26.5)\x1b\\",
            "\x1b_Gi=31;OK\x1b\\",
            "\x1b[6;20;10t",
            "\x1b[?62;c",
        ],
    );
    only(&recto, BLOCK);
    assert!(!sent(&recto, "\u{10EEEE}"));
    quit(recto);
}

#[test]
fn iterm2_is_sent_rows_of_cells() {
    let folder = folder();
    let recto = read(
        &folder,
        &["\x1bP>|iTerm2 3.5.11\x1b\\", "\x1b[6;20;10t", "\x1b[?62;4c"],
    );
    only(&recto, ITERM2);
    assert!(sent(&recto, "width=16;height=1;preserveAspectRatio=0"));
    quit(recto);
}

#[test]
fn a_terminal_with_sixel_is_sent_sixels_which_are_wiped_when_they_move() {
    let folder = folder();
    let mut recto = read(
        &folder,
        &[
            "\x1bP>|foot(1.16.2)\x1b\\",
            "\x1b[6;20;10t",
            "\x1b[?62;4;22c",
        ],
    );
    only(&recto, SIXEL);
    let before = recto.bytes().len();
    recto.press("i");
    recto.wait_for("Pictures show as words.");
    let after = recto.bytes().split_off(before);
    assert!(last(&after, &" ".repeat(16)).is_some());
    assert_eq!(last(&after, SIXEL), None);
    quit(recto);
}

#[test]
fn a_silent_terminal_gets_half_blocks() {
    let folder = folder();
    let mut recto = read(&folder, &[]);
    recto.wait_for_bytes(BLOCK);
    only(&recto, BLOCK);
    recto.press("i");
    recto.wait_for("Pictures show as words.");
    recto.wait_gone(BLOCK);
    recto.press("i");
    recto.wait_for(BLOCK);
    quit(recto);
}

#[test]
fn what_a_program_says_has_no_pictures_over_it() {
    let folder = folder();
    let mut recto = read(&folder, &[]);
    recto.wait_for(BLOCK);
    recto.press("|cat -n<enter>");
    recto.wait_for("esc leave   | cat -n");
    recto.wait_gone(BLOCK);
    recto.press("<esc>");
    recto.wait_for(BLOCK);
    quit(recto);
}

#[test]
fn tmux_with_sixel_gets_half_blocks_and_keeps_its_title() {
    let folder = folder();
    let line = r#"TERM=tmux-256color "$RECTO" "$1/a.md""#;
    let mut recto = Recto::shell((80, 24), line, folder.root());
    recto.wait_for_bytes(LAST_QUESTION);
    recto.send(b"\x1bP>|tmux 3.5a\x1b\\\x1b[6;20;10t\x1b[?1;2;4c");
    only(&recto, BLOCK);
    assert!(!sent(&recto, "\x1b_"));
    quit(recto);
}

#[test]
fn every_colour_there_is_makes_half_blocks_too() {
    let folder = folder();
    let line = r#"COLORTERM=truecolor "$RECTO" "$1/a.md""#;
    let recto = Recto::shell((80, 24), line, folder.root());
    recto.wait_for_bytes(BLOCK);
    // A colour by its red, green and blue (ITU-T T.416).
    recto.wait_for_bytes("\x1b[38;2;");
    quit(recto);
}

#[test]
fn an_answer_that_comes_late_is_no_key() {
    let folder = folder();
    let mut recto = read(&folder, &[]);
    recto.wait_for_bytes(BLOCK);
    recto.send(b"\x1bP>|kitty(0.35.2)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;20;10t\x1b[?62;c");
    recto.wait_for_bytes(KITTY);
    let screen = recto.screen();
    assert!(screen.shows("Words over it."), "{screen}");
    quit(recto);
}

#[test]
fn why_a_picture_is_not_drawn_stands_in_its_place() {
    let text = "Words over it.\n\n![A square](square.png)\n\n![A gull](gull.png)\n\n\
                ![A mast](https://example.org/mast.png)\n\n![A plan](plan.svg)\n\n![A bell](bell.png)\n";
    let folder = folder().with_story("a.md", "A place by the sea", "2020-01-01", text);
    fs::write(folder.root().join("plan.svg"), "<svg/>").unwrap();
    fs::write(folder.root().join("bell.png"), "no picture").unwrap();
    let mut recto = Recto::start((80, 40), [folder.root().join("a.md")]);
    recto.wait_for("A gull (no such file in the library)");
    recto.wait_for("A mast (on the web, not fetched)");
    recto.wait_for("A plan (SVG is not drawn)");
    recto.wait_for("A bell (cannot be decoded)");
    recto.wait_for(BLOCK);
    recto.press("i");
    recto.wait_for("A square (pictures are off)");
    quit(recto);
}

#[test]
fn where_no_pictures_are_drawn_those_that_no_terminal_could_draw_say_why() {
    let text = "Words over it.\n\n![A square](square.png)\n\n![A gull](gull.png)\n\n\
                ![A mast](https://example.org/mast.png)\n\n![A bell](bell.png)\n\nWords under it.\n";
    let folder = folder().with_story("a.md", "A place by the sea", "2020-01-01", text);
    fs::write(folder.root().join("bell.png"), "no picture").unwrap();
    for environment in ["NO_COLOR=1", "TERM=xterm COLORTERM="] {
        let line = format!(r#"{environment} "$RECTO" "$1/a.md""#);
        let recto = Recto::shell((80, 40), &line, folder.root());
        recto.wait_for("A gull (no such file in the library)");
        recto.wait_for("A bell (cannot be decoded)");
        // That there are none here need not be said at each.
        let screen = recto.wait_for("Words under it.");
        for words in ["A square (", "A mast ("] {
            assert!(!screen.shows(words), "{environment} {words}:\n{screen}");
        }
        quit(recto);
    }
}

#[test]
fn a_link_to_a_picture_opens_it_as_the_settings_say() {
    let text = "Words over it: [there](square.png), [nowhere](gull.png).\n";
    let folder = folder().with_story("a.md", "A place by the sea", "2020-01-01", text);
    let story = folder.root().join("a.md");
    let beside = tempfile::tempdir().unwrap();
    let (told, config) = (
        beside.path().join("told"),
        beside.path().join("config.toml"),
    );
    let command = "echo \"$1\" > \"$0.tmp\"; mv \"$0.tmp\" \"$0\"";
    let open = format!(
        "[[open]]\ntype = 'image/*'\ncommand = ['sh', '-c', '{command}', '{}', '{{}}']\n",
        told.display()
    );
    for settings in ["", &open] {
        fs::write(&config, settings).unwrap();
        let words = [
            "--config",
            config.to_str().unwrap(),
            story.to_str().unwrap(),
        ];
        let mut recto = Recto::start((80, 24), words);
        recto.wait_for("Words over it");
        recto.press("fs");
        recto.wait_for("No picture lies at “gull.png” in this library.");
        recto.press("fa");
        if settings.is_empty() {
            recto.wait_for("Nothing opens image/png: [[open]] in the settings");
        } else {
            recto.wait_for("Opening square.png");
            recto.wait_until("the program to be told", |_| told.exists());
            let said = fs::read_to_string(&told).unwrap();
            assert!(said.ends_with("/square.png\n"), "{said}");
        }
        quit(recto);
    }
}

#[test]
fn a_broken_picture_stays_its_words() {
    let folder = folder();
    fs::write(folder.root().join("square.png"), &png()[..100]).unwrap();
    let mut recto = read(&folder, &[]);
    recto.wait_for("square.png: this picture is broken.");
    // In its place, too, where the status line has said it.
    recto.press("j");
    recto.wait_gone("square.png: this picture is broken.");
    recto.wait_for("is broken");
    assert!(!sent(&recto, BLOCK));
    quit(recto);
}
