//! The lines of the help, and of the log.

use super::{
    super::action::{self, PLACES},
    Help, HelpLine, Messages,
};
use crate::document;

/// Cells for a time of day in the log.
const TIME_CELLS: u16 = 7;

/// On a screen of fewer columns what keys do stands below them.
const NARROW: u16 = 32;

/// Cells by which it stands further right there.
const BELOW: u16 = 2;

impl Help {
    /// Cells at the left of every line.
    pub const INDENT: u16 = 2;

    /// The help from the heading of this name on.
    pub fn at(heading: &str, columns: u16) -> Self {
        let lines = Help::default().keys(columns);
        let found = lines
            .iter()
            .position(|line| matches!(line, HelpLine::Heading(it) if *it == heading));
        Help {
            log: false,
            top: found.unwrap_or(0),
        }
    }

    /// What was said.
    pub fn log() -> Self {
        Help { log: true, top: 0 }
    }

    /// Scrolls back as far as there are lines for a screen of this size.
    pub fn keep_within(&mut self, columns: u16, rows: u16, messages: &Messages) {
        let shown = usize::from(rows.saturating_sub(1));
        let last = self.lines(columns, messages).len().saturating_sub(shown);
        self.top = self.top.min(last);
    }

    /// Cells for the keys, or the time of day, on a screen of so many columns.
    pub fn key_cells(&self, columns: u16) -> u16 {
        match self.log {
            true => TIME_CELLS,
            false if columns >= 60 => 16,
            false if columns < NARROW => BELOW,
            false => 12,
        }
    }

    /// Its lines on a screen of so many columns.
    pub fn lines(&self, columns: u16, messages: &Messages) -> Vec<HelpLine> {
        match self.log {
            true => self.said(columns, messages),
            false => self.keys(columns),
        }
    }

    /// Adds keys, or a time of day, and what is told beside them.
    fn tell(&self, lines: &mut Vec<HelpLine>, columns: u16, keys: &str, text: &str) {
        let room = columns.saturating_sub(Help::INDENT + self.key_cells(columns) + 1);
        let mut keys = keys.to_owned();
        if !self.log && columns < NARROW {
            lines.push(HelpLine::Action(std::mem::take(&mut keys), String::new()));
        }
        for part in document::title(text, usize::from(room.max(8)), usize::MAX) {
            lines.push(HelpLine::Action(std::mem::take(&mut keys), part.plain()));
        }
    }

    /// Every action of the table.
    fn keys(&self, columns: u16) -> Vec<HelpLine> {
        let mut lines = Vec::new();
        for place in PLACES {
            if !lines.is_empty() {
                lines.push(HelpLine::Gap);
            }
            lines.push(HelpLine::Heading(place.heading()));
            for spec in action::all().filter(|spec| spec.place == place) {
                self.tell(&mut lines, columns, &spec.keys.join(" "), spec.help);
            }
        }
        lines.extend([HelpLine::Gap, HelpLine::Heading("Sources")]);
        let what = "of twelve stories five are unread";
        self.tell(&mut lines, columns, "5/12", what);
        lines
    }

    /// What was said.
    fn said(&self, columns: u16, messages: &Messages) -> Vec<HelpLine> {
        let mut lines = vec![HelpLine::Heading("Messages, the last one first")];
        for (time, text) in messages.latest() {
            self.tell(&mut lines, columns, time, text);
        }
        if messages.is_empty() {
            self.tell(&mut lines, columns, "", "nothing was said yet");
        }
        lines
    }
}
