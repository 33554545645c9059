//! The line in which words to search for are typed.

use tui_input::{Input, InputRequest};

use super::key::{Code, Key};

/// What the words are searched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// The titles of the list.
    Titles,
    /// The text of the open story.
    Text,
}

/// An open prompt.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is searched.
    pub kind: PromptKind,
    /// What was typed, and where the cursor is.
    pub input: Input,
    /// Block and offset at the top of the page when it was opened: `esc` goes back there.
    pub from: Option<(usize, usize)>,
}

impl Prompt {
    /// An empty prompt.
    pub fn new(kind: PromptKind, from: Option<(usize, usize)>) -> Self {
        Prompt {
            kind,
            input: Input::default(),
            from,
        }
    }

    /// Takes a key. True if the text changed.
    pub fn edit(&mut self, key: Key) -> bool {
        use InputRequest as Edit;
        let edit = match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) => Edit::InsertChar(c),
            (Code::Char('u'), true, _) => Edit::DeleteLine,
            (Code::Char('w'), true, _) | (Code::Backspace, _, true) => Edit::DeletePrevWord,
            (Code::Char('k'), true, _) => Edit::DeleteTillEnd,
            (Code::Char('a'), true, _) | (Code::Home, ..) => Edit::GoToStart,
            (Code::Char('e'), true, _) | (Code::End, ..) => Edit::GoToEnd,
            (Code::Char('b'), true, _) | (Code::Left, false, false) => Edit::GoToPrevChar,
            (Code::Char('f'), true, _) | (Code::Right, false, false) => Edit::GoToNextChar,
            (Code::Char('h'), true, _) | (Code::Backspace, ..) => Edit::DeletePrevChar,
            (Code::Char('b'), _, true) | (Code::Left, ..) => Edit::GoToPrevWord,
            (Code::Char('f'), _, true) | (Code::Right, ..) => Edit::GoToNextWord,
            (Code::Delete, ..) => Edit::DeleteNextChar,
            _ => return false,
        };
        self.input.handle(edit).is_some_and(|change| change.value)
    }

    /// Adds pasted text, as one line.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }
}
