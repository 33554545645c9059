//! What the terminal can do, found out for somebody who wants to know: asked, and waited for.

use super::{colours, graphics, ground::Ground, input::Answer, pictures::Graphics};
use crate::view::{Background, Depth};

/// What a terminal can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abilities {
    /// What it calls itself, or what the environment calls it.
    pub name: Option<String>,
    /// How many colours it says it has.
    pub colours: &'static str,
    /// How pictures are drawn on it.
    pub pictures: &'static str,
    /// Its page in red, green and blue, where it said so.
    pub page: Option<[u8; 3]>,
    /// Whether that is dark, as far as anything says.
    pub dark: Option<bool>,
    /// Whether it answered anything.
    pub answers: bool,
}

/// Asks the terminal what it can do, for a fifth of a second.
pub fn abilities() -> Abilities {
    let depth = colours::depth();
    let mut answers = graphics::Answers::default();
    let mut ground = Ground::default();
    let mut background = colours::background();
    let all = match depth {
        // Where no colours are wanted, nothing is asked.
        Depth::None => Vec::new(),
        _ => ask(),
    };
    let answered = !all.is_empty();
    for answer in all {
        match answer {
            Answer::Colour(told) => background = ground.take(told),
            answer => {
                answers.take(answer);
            }
        }
    }
    let program = graphics::program();
    let best = answers.best(&program, colours::blocks(), graphics::window_cell());
    let name = [answers.name().to_owned(), program];
    Abilities {
        name: name.into_iter().find(|name| !name.is_empty()),
        colours: match depth {
            Depth::None => "none are wanted (NO_COLOR)",
            Depth::Sixteen => "16",
            Depth::Many => "256",
            Depth::True => "all there are",
        },
        pictures: match best
            .map(|(graphics, _)| graphics)
            .filter(|_| depth != Depth::None)
        {
            None => "as words",
            Some(Graphics::Kitty) => "by kitty's protocol",
            Some(Graphics::Iterm2) => "by iTerm2's protocol",
            Some(Graphics::Sixel) => "by sixel",
            Some(Graphics::Blocks { .. }) => "by half blocks",
        },
        page: match background {
            Background::Told { page, .. } => Some(page),
            _ => None,
        },
        dark: background.is_dark(),
        answers: answered,
    }
}

/// The answers that come in time.
#[cfg(unix)]
fn ask() -> Vec<Answer> {
    use std::{
        io::{self, Read},
        sync::mpsc,
        thread,
        time::Instant,
    };

    use ratatui::crossterm::{
        execute,
        style::Print,
        terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode},
    };

    use super::{
        events, ground,
        input::{Decoder, Input},
    };

    let mut all = Vec::new();
    let Some(mut terminal) = events::terminal() else {
        return all;
    };
    // Else the answers would stand on the screen.
    if enable_raw_mode().is_err() {
        return all;
    }
    let (sender, bytes) = mpsc::channel();
    // Where no answer comes, it waits on, and ends with the program.
    let _ = thread::Builder::new()
        .name("answers".into())
        .spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = terminal.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
    let asked = execute!(
        io::stdout(),
        Print(ground::QUESTIONS),
        Print(graphics::questions())
    );
    let until = Instant::now() + graphics::PATIENCE;
    let mut decoder = Decoder::default();
    let mut ended = asked.is_err();
    while !ended {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(bytes) = bytes.recv_timeout(left) else {
            break;
        };
        for input in decoder.push(&bytes) {
            if let Input::Answer(answer) = input {
                ended |= matches!(answer, Answer::Attributes { .. });
                all.push(answer);
            }
        }
    }
    // Who does not understand a question may have written it.
    let _ = execute!(io::stdout(), Print("\r"), Clear(ClearType::CurrentLine));
    let _ = disable_raw_mode();
    all
}

/// There a library reads the terminal, which keeps answers to itself.
#[cfg(not(unix))]
fn ask() -> Vec<Answer> {
    Vec::new()
}
