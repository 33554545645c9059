//! What the environment says of the terminal's colours.
//!
//! What it can draw besides letters it is asked itself (`graphics.rs`).

use std::env;

use super::pictures::Graphics;
use crate::view::{Background, Depth, Theme};

/// The theme that suits the terminal.
pub(super) fn theme() -> Theme {
    Theme::new(depth(), background())
}

/// Half blocks, where the terminal has the colours for them.
pub(super) fn blocks() -> Option<Graphics> {
    let term = env::var("TERM").unwrap_or_default();
    let colours = env::var("COLORTERM").unwrap_or_default();
    let true_colour = term.contains("direct") || matches!(&*colours, "truecolor" | "24bit");
    (depth() == Depth::Many).then_some(Graphics::Blocks { true_colour })
}

/// How many colours the terminal says it has.
pub(super) fn depth() -> Depth {
    let set = |name: &str| env::var(name).is_ok_and(|value| !value.is_empty());
    let term = env::var("TERM").unwrap_or_default();
    if set("NO_COLOR") {
        Depth::None
    } else if set("COLORTERM") || term.contains("256color") || term.contains("direct") {
        Depth::Many
    } else {
        Depth::Sixteen
    }
}

/// What `COLORFGBG` says, which some terminals set: its last number is the background's colour.
fn background() -> Background {
    let value = env::var("COLORFGBG").unwrap_or_default();
    match value.rsplit(';').next().and_then(|last| last.parse().ok()) {
        Some(7 | 15) => Background::Light,
        Some(0..=6 | 8) => Background::Dark,
        _ => Background::Unknown,
    }
}
