//! What the terminal sends, as messages.

use std::thread;

use crossbeam_channel::Sender;

use super::{Notification, graphics::Answers, ground::Told, pictures::Ready, session::Opened};
use crate::{app::Message, library::LibraryError};

/// Something that reaches the loop: for the model, or for the loop itself.
#[derive(Debug)]
pub enum Event {
    /// For the model.
    Message(Message),
    /// The screen has a new size (SIGWINCH).
    SizeChanged,
    /// Stop until the shell says to go on (SIGTSTP).
    Stop,
    /// Going on after a stop that was not recto's own (SIGCONT).
    Continued,
    /// A signal asks to end.
    Terminate(i32),
    /// The terminal can no longer be read.
    InputLost,
    /// The terminal said what it can draw.
    Answered(Answers),
    /// The terminal said something of its colours.
    Coloured(Told),
    /// The terminal is to tell of something.
    Notify(Notification),
    /// A picture was made ready to be drawn.
    PictureReady(Box<Ready>),
    /// The library that began was opened, or could not be.
    LibraryOpened(Box<Result<Opened, LibraryError>>),
}

/// Reads the terminal on threads of its own, for as long as it can be read.
#[cfg(unix)]
pub(super) fn listen(events: Sender<Event>) {
    use std::{io::Read, time::Instant};

    use crossbeam_channel::{RecvTimeoutError, unbounded};

    use super::input::{Answer, Decoder, Input};

    let (sender, bytes) = unbounded::<Vec<u8>>();
    let read = move || {
        let Some(mut terminal) = terminal() else {
            return;
        };
        let mut buffer = [0; 4096];
        loop {
            match terminal.read(&mut buffer) {
                Ok(count) if count > 0 => {
                    if sender.send(buffer[..count].to_vec()).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    };
    let decode = move || {
        let mut decoder = Decoder::default();
        let mut answers = Some(Answers::default());
        // When that was begun whose rest is waited for.
        let mut begun = Instant::now();
        loop {
            let received = match decoder.patience() {
                Some(patience) => bytes.recv_timeout(patience.saturating_sub(begun.elapsed())),
                None => {
                    let received = bytes.recv().map_err(RecvTimeoutError::from);
                    begun = Instant::now();
                    received
                }
            };
            let inputs = match received {
                Ok(bytes) => decoder.push(&bytes),
                Err(RecvTimeoutError::Timeout) => decoder.end(),
                Err(RecvTimeoutError::Disconnected) => {
                    let _ = events.send(Event::InputLost);
                    return;
                }
            };
            if !inputs.is_empty() {
                begun = Instant::now();
            }
            for input in inputs {
                let event = match input {
                    Input::Key(key) => Some(Event::Message(Message::KeyPressed(key))),
                    Input::Paste(text) => Some(Event::Message(Message::Pasted(text))),
                    Input::Answer(Answer::Colour(told)) => Some(Event::Coloured(told)),
                    Input::Answer(answer) => answers
                        .take_if(|answers| answers.take(answer))
                        .map(Event::Answered),
                };
                if let Some(event) = event
                    && events.send(event).is_err()
                {
                    return;
                }
            }
        }
    };
    // Without these threads there are no keys; then the loop ends by signals alone.
    let _ = thread::Builder::new().name("input".into()).spawn(read);
    let _ = thread::Builder::new().name("keys".into()).spawn(decode);
}

/// The terminal, also where standard input is something else.
#[cfg(unix)]
pub(super) fn terminal() -> Option<std::fs::File> {
    use std::{fs::File, io, io::IsTerminal, os::fd::AsFd};

    if io::stdin().is_terminal() {
        let own = io::stdin().as_fd().try_clone_to_owned().ok()?;
        Some(File::from(own))
    } else {
        File::open("/dev/tty").ok()
    }
}

/// Reads the terminal on a thread of its own, for as long as it can be read.
#[cfg(not(unix))]
pub(super) fn listen(events: Sender<Event>) {
    use std::io;

    use ratatui::crossterm::event;

    let work = move || {
        loop {
            let event = match event::read() {
                Ok(event) => message(event).map(Event::Message),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
                Err(_) => {
                    let _ = events.send(Event::InputLost);
                    return;
                }
            };
            if let Some(event) = event
                && events.send(event).is_err()
            {
                return;
            }
        }
    };
    // Without this thread there are no keys; then the loop ends by signals alone.
    let _ = thread::Builder::new().name("input".into()).spawn(work);
}

#[cfg(not(unix))]
fn message(event: ratatui::crossterm::event::Event) -> Option<Message> {
    use ratatui::crossterm::event;

    match event {
        event::Event::Key(key) => self::key(key).map(Message::KeyPressed),
        event::Event::Paste(text) => Some(Message::Pasted(text)),
        event::Event::Resize(columns, rows) => Some(Message::Resized { columns, rows }),
        _ => None,
    }
}

#[cfg(not(unix))]
fn key(event: ratatui::crossterm::event::KeyEvent) -> Option<crate::app::key::Key> {
    use crate::app::key::{Code, Key};
    use ratatui::crossterm::event::{KeyCode, KeyEventKind, KeyModifiers};

    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(Key {
        code,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
    })
}
