//! What the environment says of the terminal: its colours, and who orders text from right to left.
//!
//! What it can draw besides letters it is asked itself (`graphics.rs`).

use std::env;

use super::pictures::Graphics;
use crate::{
    document::Rtl,
    view::{Background, Depth, Paper, Theme},
};

/// The theme that suits the terminal, on the paper that the reader chose.
pub(super) fn theme(paper: Paper) -> Theme {
    Theme::new(depth(), background(), paper)
}

/// Why the paper that the reader chose does not show, in words. Who wants no colours knows.
pub(super) fn missed(paper: Paper) -> Option<String> {
    let name = paper.name().filter(|_| depth() == Depth::Sixteen)?;
    Some(format!(
        "{name} needs 256 colours; the terminal's own are used."
    ))
}

/// What is done with text from right to left: some terminals order it themselves, and it would be
/// turned twice. `RECTO_RTL` says who does where this is wrong: `terminal` or `recto`.
pub(super) fn rtl() -> Rtl {
    let value = |name: &str| env::var(name).unwrap_or_default();
    let orders = match value("RECTO_RTL").as_str() {
        "terminal" => true,
        "recto" => false,
        _ => {
            !value("VTE_VERSION").is_empty()
                || !value("KONSOLE_VERSION").is_empty()
                || value("TERM_PROGRAM") == "Apple_Terminal"
                || value("TERM").starts_with("mlterm")
        }
    };
    if orders { Rtl::AtRight } else { Rtl::InOrder }
}

/// Half blocks, where the terminal has the colours for them.
pub(super) fn blocks() -> Option<Graphics> {
    match depth() {
        Depth::None | Depth::Sixteen => None,
        depth => Some(Graphics::Blocks {
            true_colour: depth == Depth::True,
        }),
    }
}

/// How many colours the terminal says it has.
pub(super) fn depth() -> Depth {
    let set = |name: &str| env::var(name).is_ok_and(|value| !value.is_empty());
    let term = env::var("TERM").unwrap_or_default();
    let colours = env::var("COLORTERM").unwrap_or_default();
    if set("NO_COLOR") {
        Depth::None
    } else if matches!(colours.as_str(), "truecolor" | "24bit") || term.contains("direct") {
        Depth::True
    } else if set("COLORTERM") || term.contains("256color") {
        Depth::Many
    } else {
        Depth::Sixteen
    }
}

/// What `COLORFGBG` says, which some terminals set: its last number is the background's colour.
pub(super) fn background() -> Background {
    let value = env::var("COLORFGBG").unwrap_or_default();
    match value.rsplit(';').next().and_then(|last| last.parse().ok()) {
        Some(7 | 15) => Background::Light,
        Some(0..=6 | 8) => Background::Dark,
        _ => Background::Unknown,
    }
}
