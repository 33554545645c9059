//! What is wrong with what is typed: the words are marked where they stand, and what is wrong with them is
//! told beside, or above where there is no room beside.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

use super::super::{Theme, put};
use crate::{
    app::{Model, Prompt, PromptKind},
    document::{self, width::width},
    story::query::QueryError,
};

/// Lines that it is told in above the prompt, at most.
const LINES: usize = 3;

/// What is to be marked, and how: what is wrong, or what is told to be wrong as it stands and may still go on.
pub(super) fn marked<'a>(
    model: &Model,
    prompt: &'a Prompt,
    theme: &Theme,
) -> Option<(&'a QueryError, Style)> {
    let (wrong, look) = match (&prompt.wrong, &prompt.unfinished) {
        (Some(wrong), _) => (wrong, theme.trouble),
        (None, Some(wrong)) if told(model, prompt)?.starts_with(&wrong.to_string()) => {
            (wrong, theme.text)
        }
        _ => return None,
    };
    Some((wrong, look.add_modifier(Modifier::UNDERLINED)))
}

/// Marks what is wrong in the part of what was typed that shows.
pub(super) fn mark(
    prompt: &Prompt,
    wrong: &QueryError,
    shown: &str,
    (x, y, room): (u16, u16, u16),
    look: Style,
    screen: &mut Buffer,
) {
    let hidden = prompt.input.value().len() - shown.len();
    let at = |byte: usize| shown.floor_char_boundary(byte.saturating_sub(hidden));
    let (from, to) = (at(wrong.span.start), at(wrong.span.end));
    let before = width(shown.get(..from).unwrap_or_default()) as u16;
    let words = shown.get(from..to).unwrap_or_default();
    let room = room.saturating_sub(before);
    put(screen, x + before, y, room, words, look);
}

/// What is to be told of what is typed: that it is wrong, or that what is found is not all that was meant.
pub(super) fn told(model: &Model, prompt: &Prompt) -> Option<String> {
    if let Some(wrong) = &prompt.wrong {
        return Some(wrong.to_string());
    }
    let (list, text) = (&model.list, prompt.input.value());
    // The value is what comes next: nothing is wrong yet. Where nothing is listed it stands in the list.
    let is_due = prompt.kind == PromptKind::Titles
        && !list.stale
        && list.window.total > 0
        && !text.ends_with([':', '@']);
    list.window.remark.clone().filter(|_| is_due)
}

/// Tells it above the line of the prompt, over what shows there, while it is wrong.
pub(super) fn above(text: &str, look: Style, line: Rect, screen: &mut Buffer) {
    // The first line of the screen says where one is.
    let room = LINES.min(usize::from(line.y.saturating_sub(1)));
    let cells = usize::from(line.width.saturating_sub(2));
    let lines = document::title(text, cells, room);
    let top = line.y - lines.len().min(room) as u16;
    for (y, told) in (top..line.y).zip(&lines) {
        for x in line.left()..line.right() {
            screen[(x, y)].reset();
        }
        put(screen, line.x + 1, y, cells as u16, &told.plain(), look);
    }
}
