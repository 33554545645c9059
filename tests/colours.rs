//! Colours that suit the terminal's own: what it answers is played back, and what is sent to it then
//! is looked at.

#![cfg(unix)]
// Tests fail by panicking, also in the functions that they share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::{thread, time::Duration};

use support::{Folder, Recto, last};

const QUESTIONS: &str = "\x1b]10;?\x07\x1b]11;?\x07";
const FOLLOW: &str = "\x1b[?2031h";

/// The first accent: on white, on black, and where nobody knows.
const ON_LIGHT: &str = "38;2;0;95;175";
const ON_DARK: &str = "38;2;135;175;215";
const ON_ANY: &str = "38;5;67";

/// Opens three stories in a terminal of this environment; they go with their folder.
fn start(environment: &str) -> (Recto, Folder) {
    let folder = Folder::new()
        .with_story("a.md", "Anchors", "2020-01-03", "One.")
        .with_story("b.md", "Bells", "2020-01-02", "Two.")
        .with_story("c.md", "Currents", "2020-01-01", "Three.");
    let line = format!(r#"{environment} "$RECTO" "$1""#);
    let recto = Recto::shell((80, 24), &line, folder.root());
    recto.wait_for("3 unread of 3");
    recto.wait_until("has the cursor on a story", |it| {
        it.chosen().starts_with("Anchors")
    });
    (recto, folder)
}

fn sent(recto: &Recto, text: &str) -> bool {
    last(&recto.bytes(), text).is_some()
}

fn count(recto: &Recto, text: &str) -> usize {
    let bytes = recto.bytes();
    let all = bytes.windows(text.len());
    all.filter(|it| *it == text.as_bytes()).count()
}

fn quit(mut recto: Recto) -> Vec<u8> {
    recto.press("<ctrl-c>");
    assert_eq!(recto.wait_clean_exit().exit_code(), 0);
    recto.bytes()
}

#[test]
fn accents_suit_the_page_in_whatever_form_it_is_told() {
    for (answer, accent) in [
        (
            "\x1b]10;rgb:0/0/0\x07\x1b]11;rgb:ffff/ffff/ffff\x07",
            ON_LIGHT,
        ),
        ("\x1b]11;rgb:ff/ff/ff\x1b\\", ON_LIGHT),
        ("\x1b]11;rgba:ffff/ffff/ffff/8080\x1b\\\x1b[?62c", ON_LIGHT),
        ("\x1b]11;#fff\x07", ON_LIGHT),
        ("\x1b]11;#000000\x07\x1b[?62c", ON_DARK),
        (
            "\x1b]10;rgb:dddd/dddd/dddd\x1b\\\x1b]11;rgb:0000/0000/0000\x1b\\",
            ON_DARK,
        ),
    ] {
        let (mut recto, _folder) = start("COLORTERM=truecolor");
        assert!(sent(&recto, QUESTIONS));
        recto.send(answer.as_bytes());
        recto.wait_for_bytes(accent);
        // Nothing of the answer was a key.
        recto.press("j");
        recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
        quit(recto);
    }
}

#[test]
fn a_silent_terminal_has_colours_for_any_page() {
    let (mut recto, _folder) = start("COLORTERM=truecolor");
    recto.wait_for_bytes(ON_ANY);
    recto.press("j");
    recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
    let bytes = quit(recto);
    for accent in [ON_LIGHT, ON_DARK] {
        assert_eq!(last(&bytes, accent), None);
    }
}

#[test]
fn an_answer_that_comes_late_and_in_pieces_is_no_key() {
    let (mut recto, _folder) = start("COLORTERM=truecolor");
    recto.press("j");
    recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
    // As over a slow network: longer between two pieces than between the letters of a key's code.
    for piece in ["\x1b]11", ";rgb:ffff/ff", "ff/ffff", "\x07"] {
        recto.send(piece.as_bytes());
        thread::sleep(Duration::from_millis(60));
    }
    recto.wait_for_bytes(ON_LIGHT);
    recto.press("j");
    recto.wait_until("is one further", |it| it.chosen().starts_with("Currents"));
    quit(recto);
}

#[test]
fn half_an_answer_keeps_no_key_for_long() {
    let (mut recto, _folder) = start("COLORTERM=truecolor");
    recto.send(b"\x1b]11;rgb:ffff/");
    // What is typed while the rest is waited for may be lost; later nothing is.
    thread::sleep(Duration::from_millis(1100));
    recto.press("j");
    recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
    quit(recto);
}

#[test]
fn a_scheme_that_changes_is_followed() {
    let (mut recto, _folder) = start("COLORTERM=truecolor");
    assert!(sent(&recto, FOLLOW));
    recto.send(b"\x1b]11;rgb:0000/0000/0000\x07");
    recto.wait_for_bytes(ON_DARK);
    assert_eq!(count(&recto, QUESTIONS), 1);
    recto.send(b"\x1b[?997;2n");
    // At once as light as can be, then as the terminal says.
    recto.wait_for_bytes("38;5;25");
    recto.wait_for_bytes(QUESTIONS);
    recto.send(b"\x1b]11;#ffffff\x07");
    recto.wait_for_bytes(ON_LIGHT);
    assert_eq!(count(&recto, QUESTIONS), 2);
    let bytes = quit(recto);
    assert!(last(&bytes, "\x1b[?2031l") > last(&bytes, FOLLOW));
}

#[test]
fn where_no_colours_are_wanted_nothing_is_asked() {
    let (mut recto, _folder) = start("NO_COLOR=1 COLORTERM=truecolor");
    // Who answers all the same changes nothing.
    recto.send(b"\x1b]11;#ffffff\x07");
    recto.press("j");
    recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
    let bytes = quit(recto);
    for text in ["\x1b]11;?", FOLLOW, "38;2;", "38;5;"] {
        assert_eq!(last(&bytes, text), None, "{text:?}");
    }
}

#[test]
fn of_sixteen_colours_those_are_taken_that_show() {
    // Blue on white, cyan on black.
    for (page, accent, other) in [
        ("#ffffff", "38;5;4", None),
        ("#000000", "38;5;6", Some("38;5;4")),
    ] {
        let (mut recto, _folder) = start("TERM=xterm");
        recto.send(format!("\x1b]11;{page}\x07").as_bytes());
        recto.press("j");
        recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
        recto.wait_for_bytes(accent);
        let bytes = quit(recto);
        assert_eq!(other.and_then(|other| last(&bytes, other)), None);
        assert_eq!(last(&bytes, "38;2;"), None);
    }
}

#[test]
fn paper_that_was_chosen_stays() {
    let (mut recto, _folder) = start("RECTO_THEME=dark COLORTERM=truecolor");
    recto.send(b"\x1b]11;#ffffff\x07");
    recto.press("j");
    recto.wait_until("is one further", |it| it.chosen().starts_with("Bells"));
    // Its page is of its own colour.
    recto.wait_for_bytes("48;2;27;28;30");
    let bytes = quit(recto);
    assert_eq!(last(&bytes, ON_LIGHT), None);
}

#[test]
fn the_doctor_says_what_the_terminal_can_do() {
    let folder = Folder::new();
    let line = r#""$RECTO" list >/dev/null; COLORTERM=truecolor "$RECTO" doctor"#;
    let mut recto = Recto::shell((100, 40), line, folder.root());
    recto.wait_for_bytes(QUESTIONS);
    recto.send(
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07\x1bP>|foot(1.16.2)\x1b\\\x1b[6;20;10t\x1b[?62;4;22c",
    );
    recto.wait_exit();
    let text = String::from_utf8(recto.bytes()).unwrap();
    for line in [
        "colours      all there are",
        "name         foot(1.16.2)",
        "pictures     by sixel",
        "background   #1e1e2e, dark",
        "notes        0",
    ] {
        assert!(text.contains(line), "{line:?}:\n{text}");
    }
    let recto = Recto::shell((100, 40), r#""$RECTO" doctor"#, folder.root());
    recto.wait_for_bytes("the terminal answers nothing");
    recto.wait_exit();
}

#[test]
fn sepia_is_warm_in_256_colours_and_says_where_there_are_fewer() {
    let (recto, _folder) = start("RECTO_THEME=sepia TERM=xterm-256color COLORTERM=");
    // Cream, and brown on it.
    recto.wait_for_bytes("48;5;230");
    recto.wait_for_bytes("38;5;94");
    quit(recto);
    let (recto, _folder) = start("RECTO_THEME=sepia TERM=xterm COLORTERM=");
    recto.wait_for("sepia needs 256 colours; the terminal's own are used.");
    quit(recto);
    // Who wants none, and who chose nothing, hears nothing.
    for environment in [
        "NO_COLOR=1 RECTO_THEME=sepia TERM=xterm COLORTERM=",
        "TERM=xterm COLORTERM=",
    ] {
        let (mut recto, _folder) = start(environment);
        recto.press("!");
        recto.wait_for("nothing was said yet");
        quit(recto);
    }
}
