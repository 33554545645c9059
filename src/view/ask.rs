//! A menu or a question in the last line; a menu that needs more room takes lines above it.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Theme, put, put_fitted, width};
use crate::app::{Ask, Choice, Model};

/// Cells between two choices.
const GAP: u16 = 3;

/// Cells of a line in which there is room for more than the shortest hint.
const WIDE: u16 = 60;

pub(super) fn draw(model: &Model, ask: &Ask, theme: &Theme, line: Rect, screen: &mut Buffer) {
    let mut say = |words: &str| {
        let room = line.width.saturating_sub(2);
        put_fitted(screen, line.x + 1, line.y, room, words, theme.marked);
    };
    match ask {
        Ask::Confirm { question, .. } => say(question),
        Ask::Browse(page) => say(&format!(
            "The comments are on a page: open it in the browser? y/n   {page}"
        )),
        Ask::Unsubscribe { folder, feeds } => say(&match feeds.len() {
            1 => format!("Unsubscribe from the one feed in {folder}? y/n"),
            many => format!("Unsubscribe from all {many} feeds in {folder}? y/n"),
        }),
        Ask::SetMark => say("a letter for this place; ' and the letter come back to it"),
        Ask::ToMark { marks: None, .. } => {}
        Ask::ToMark {
            marks: Some(marks), ..
        } if marks.is_empty() => say("no place is marked yet: M and a letter mark one"),
        Ask::ToMark { .. } => menu(("to", ""), &model.choices(), theme, line, screen),
        Ask::Feeds { offers, .. } => {
            let question = match offers.iter().any(|it| it.guessed) {
                true => "no feed there; elsewhere",
                false => "which feed",
            };
            let hint = match line.width {
                WIDE.. => "type its number; enter takes 1, esc none",
                _ => "type its number",
            };
            menu((question, hint), &model.choices(), theme, line, screen);
        }
        Ask::Sort => menu(("sort by", ""), &model.choices(), theme, line, screen),
    }
}

/// A name, choices, and in the end what is to be typed, where that needs to be said.
fn menu(
    (name, hint): (&str, &str),
    choices: &[Choice],
    theme: &Theme,
    line: Rect,
    screen: &mut Buffer,
) {
    let cells = |choice: &Choice| 2 + width(&choice.words) as u16;
    let indent = 1 + width(name) as u16 + GAP;
    // First where each stands, as on lines counted from the first.
    let mut places = Vec::with_capacity(choices.len());
    let (mut x, mut y) = (indent, 0);
    for choice in choices {
        if x + cells(choice) > line.width && x > indent {
            (x, y) = (indent, y + 1);
        }
        places.push((x, y));
        x += cells(choice) + GAP;
    }
    let hint_cells = width(hint) as u16;
    if hint_cells > 0 && x + hint_cells > line.width && x > indent {
        (x, y) = (indent, y + 1);
    }
    let top = line.y.saturating_sub(y);
    for y in top..=line.y {
        let blank = " ".repeat(usize::from(line.width));
        put(screen, line.x, y, line.width, &blank, theme.cleared());
    }
    put(screen, line.x + 1, top, line.width, name, theme.dim);
    let room = line.width.saturating_sub(x);
    put(screen, line.x + x, line.y, room, hint, theme.dim);
    for (choice, (x, y)) in choices.iter().zip(places) {
        let room = line.width.saturating_sub(x);
        let mut letter = [0; 4];
        let key = choice.key.encode_utf8(&mut letter);
        put(screen, line.x + x, top + y, room, key, theme.here);
        let style = if choice.present {
            theme.strong
        } else {
            theme.text
        };
        let (x, room) = (line.x + x + 2, room.saturating_sub(2));
        put(screen, x, top + y, room, &choice.words, style);
    }
}
