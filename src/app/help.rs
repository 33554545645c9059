//! The help: every key with what it does, and what recto had to say.

use std::collections::VecDeque;

use jiff::ZonedDateTime;

use super::action::{self, PLACES};
use crate::document;

/// Messages that are kept.
const KEPT: usize = 200;

/// What was said to the reader, with the time of day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages(VecDeque<(String, String)>);

impl Messages {
    /// Keeps what is said now.
    pub(super) fn keep(&mut self, now: &ZonedDateTime, text: String) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((now.strftime("%H:%M").to_string(), text));
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Time and text of each, the last one first.
    fn latest(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().rev();
        all.map(|(time, text)| (time.as_str(), text.as_str()))
    }
}

/// The help screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Help {
    /// The line at its top.
    pub top: usize,
}

/// A line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpLine {
    /// Where the actions under it hold.
    Heading(&'static str),
    /// Keys and what they do; on the lines that this goes on, no keys.
    Action(String, String),
    /// An empty line.
    Gap,
}

impl Help {
    /// Cells at the left of every line.
    pub const INDENT: u16 = 2;

    /// The help from the heading of this name on.
    pub fn at(heading: &str, columns: u16, messages: &Messages) -> Self {
        let lines = Help::lines(columns, messages);
        let found = lines
            .iter()
            .position(|line| matches!(line, HelpLine::Heading(it) if *it == heading));
        Help {
            top: found.unwrap_or(0),
        }
    }

    /// The line at the top when the last one shows, on a screen of this size.
    pub fn last_top(columns: u16, rows: u16, messages: &Messages) -> usize {
        let shown = usize::from(rows.saturating_sub(1));
        Help::lines(columns, messages).len().saturating_sub(shown)
    }

    /// Cells for the keys on a screen of so many columns.
    pub fn key_cells(columns: u16) -> u16 {
        if columns >= 60 { 16 } else { 12 }
    }

    /// The help's lines on a screen of so many columns, made from the table of actions, and below them
    /// what was said.
    pub fn lines(columns: u16, messages: &Messages) -> Vec<HelpLine> {
        let room = columns.saturating_sub(Help::INDENT + Help::key_cells(columns) + 1);
        let mut lines = Vec::new();
        let tell = |lines: &mut Vec<HelpLine>, keys: &str, text: &str| {
            let mut keys = keys.to_owned();
            for part in document::title(text, usize::from(room.max(8)), usize::MAX) {
                lines.push(HelpLine::Action(std::mem::take(&mut keys), part.plain()));
            }
        };
        for place in PLACES {
            if !lines.is_empty() {
                lines.push(HelpLine::Gap);
            }
            lines.push(HelpLine::Heading(place.heading()));
            for spec in action::all().filter(|spec| spec.place == place) {
                tell(&mut lines, &spec.keys.join(" "), spec.help);
            }
        }
        lines.extend([HelpLine::Gap, HelpLine::Heading("Sources")]);
        tell(&mut lines, "5/12", "of twelve stories five are unread");
        lines.extend([
            HelpLine::Gap,
            HelpLine::Heading("Messages, the last one first"),
        ]);
        for (time, text) in messages.latest() {
            tell(&mut lines, time, text);
        }
        if messages.is_empty() {
            tell(&mut lines, "", "nothing was said yet");
        }
        lines
    }
}
