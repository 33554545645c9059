//! Telling of new stories outside of the screen: by the terminal, or by a program of the reader's.

use std::{
    io::{self, Write},
    process::{Command, Stdio},
};

use super::graphics;
use crate::story::clean;

/// Characters of a text that a notification has at most.
const LONGEST: usize = 200;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// A few words.
    pub title: String,
    /// A line.
    pub text: String,
}

impl Notification {
    /// Of so many new stories, with titles of some or the names of their feeds.
    pub(super) fn of(new: usize, text: &str) -> Self {
        let stories = if new == 1 { "story" } else { "stories" };
        let title = format!("{} new {stories}", crate::story::grouped(new));
        let mut text = clean::line(text);
        if let Some((end, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(end);
            text.push('…');
        }
        Notification { title, text }
    }

    /// It as an order for the terminal: OSC 99 (kitty), 777 (rxvt, foot, ghostty, WezTerm), else 9 (iTerm2,
    /// Windows Terminal, and most that know any).
    fn order(&self, program: &str, term: &str) -> String {
        // What ends an order, or parts it, is no part of what it says.
        let safe = |text: &str| clean::line(text).replace([';', '\u{1b}', '\u{7}', '\u{9c}'], ",");
        let (title, text) = (safe(&self.title), safe(&self.text));
        if term.contains("kitty") {
            return format!("\x1b]99;i=recto:d=0;{title}\x1b\\\x1b]99;i=recto:p=body;{text}\x1b\\");
        }
        let knows = ["rxvt", "foot", "ghostty"]
            .iter()
            .any(|it| term.contains(it));
        if knows || ["WezTerm", "ghostty"].contains(&program) {
            return format!("\x1b]777;notify;{title};{text}\x1b\\");
        }
        match text.is_empty() {
            true => format!("\x1b]9;{title}\x07"),
            false => format!("\x1b]9;{title}: {text}\x07"),
        }
    }

    /// Has the terminal show it.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub(super) fn show(&self, to: &mut impl Write) -> io::Result<()> {
        let term = std::env::var("TERM").unwrap_or_default();
        to.write_all(self.order(&graphics::program(), &term).as_bytes())?;
        to.flush()
    }

    /// Hands it to a program, as its last two arguments.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub(super) fn hand_to(&self, command: &[String]) -> io::Result<()> {
        let Some((program, arguments)) = command.split_first() else {
            return Ok(());
        };
        let mut child = Command::new(program)
            .args(arguments)
            .args([&self.title, &self.text])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Whoever waits for it is this thread, which has nothing else to do.
        child.wait()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_title_says_ends_the_order() {
        let told = Notification::of(2, "a;b\x1b]52;c;eA==\x07 · c");
        for term in ["xterm-kitty", "foot", "xterm-256color"] {
            let order = told.order("", term);
            let inside = order.trim_start_matches('\x1b');
            assert!(!inside.contains("]52;"), "{order:?}");
            assert!(order.contains("2 new stories"), "{order:?}");
        }
        assert_eq!(told.order("", "xterm").matches('\x07').count(), 1);
        assert_eq!(told.order("", "foot").matches('\x1b').count(), 2);
    }
}
