//! The help: every key with what it does; and the log: what recto had to say, whole.

mod lines;

use std::collections::VecDeque;

use jiff::ZonedDateTime;

/// Messages that are kept.
const KEPT: usize = 200;

/// What was said to the reader, with the time of day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages(VecDeque<(String, String)>);

impl Messages {
    /// Keeps what is said now. What is said over and over stands there once, with the time when it was
    /// said last.
    pub(super) fn keep(&mut self, now: &ZonedDateTime, text: String) {
        self.0.retain(|(_, said)| *said != text);
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

/// The help screen, or the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Help {
    /// Whether it tells what was said, in place of the keys.
    pub log: bool,
    /// The line at its top.
    pub top: usize,
}

/// A line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpLine {
    /// Where the actions under it hold.
    Heading(&'static str),
    /// Keys and what they do; on the lines that this goes on, no keys; on a narrow screen, keys alone and
    /// what they do on the lines below.
    Action(String, String),
    /// An empty line.
    Gap,
}
