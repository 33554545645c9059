//! What the terminal sends, as messages.

use std::{io, thread};

use crossbeam_channel::Sender;
use ratatui::crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::{
    Message,
    key::{Code, Key},
};

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
}

/// Reads the terminal on a thread of its own, for as long as it can be read.
pub(super) fn listen(events: Sender<Event>) {
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

fn message(event: event::Event) -> Option<Message> {
    match event {
        event::Event::Key(key) => self::key(key).map(Message::KeyPressed),
        event::Event::Paste(text) => Some(Message::Pasted(text)),
        event::Event::Resize(columns, rows) => Some(Message::Resized { columns, rows }),
        _ => None,
    }
}

fn key(event: KeyEvent) -> Option<Key> {
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
