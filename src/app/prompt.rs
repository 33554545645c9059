//! The line in which words to search for, or tags, are typed.

use tui_input::{Input, InputRequest};

use super::key::{Code, Key};
use crate::story::{FeedId, Note, StoryId, query::QueryError};

/// What is typed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// A search in the list: of titles, or of everything.
    Titles,
    /// A search in the text of the open story.
    Text,
    /// Names of tags.
    Tags,
    /// Words of headings, of which one is chosen.
    Outline,
    /// Words of notes, of which one is chosen.
    Notes,
    /// A note.
    Note,
    /// A command that the story is piped to.
    Pipe,
    /// The address of a feed.
    Subscribe,
    /// What a feed is to be called.
    FeedName(FeedId),
    /// The folder that a feed is to lie in.
    FeedFolder(FeedId),
    /// What a folder of feeds is to be called.
    FolderName,
    /// The folder that a folder of feeds is to lie in.
    FolderFolder,
    /// The address that a feed has moved to.
    FeedAddress(FeedId),
    /// How much of the open story is to be passed, in percent.
    Percent,
}

/// An open prompt.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is typed in it.
    pub kind: PromptKind,
    /// What was typed, and where the cursor is.
    pub input: Input,
    /// Block and offset at the top of the page when it was opened: `esc` goes back there.
    pub from: Option<(usize, usize)>,
    /// Whose tags are typed.
    pub tagging: Tagging,
    /// The note that is written.
    pub noting: Option<Noting>,
    /// What is wrong with the query that is typed, and where.
    pub wrong: Option<QueryError>,
    /// What it lacks, or what is wrong with its last word as long as that may go on.
    pub unfinished: Option<QueryError>,
    /// The folder of feeds that it is about.
    pub folder: String,
    /// Whether nothing was done with what stood there when it was opened: who types begins anew.
    pub untouched: bool,
}

/// What a note is written on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noting {
    /// The story.
    pub story: StoryId,
    /// The note, as it was before; of a new one, its words alone.
    pub note: Note,
}

/// The sign of a line's end in a note while it is written.
const LINE_END: char = '↵';

/// The stories that a prompt for tags is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tagging {
    /// Which.
    pub stories: Vec<StoryId>,
    /// The tags that the reader gave all of them; none while they are on their way.
    pub present: Option<Vec<String>>,
    /// The tags that all of them came with: nobody can take these.
    pub own: Vec<String>,
    /// What was typed of the name that is being completed, and which completion shows.
    completing: Option<(String, usize)>,
}

impl PromptKind {
    /// Whether something is typed of a feed.
    pub fn is_of_feed(self) -> bool {
        matches!(
            self,
            PromptKind::Subscribe
                | PromptKind::FeedName(_)
                | PromptKind::FeedFolder(_)
                | PromptKind::FolderName
                | PromptKind::FolderFolder
                | PromptKind::FeedAddress(_)
        )
    }
}

impl Prompt {
    /// An empty prompt.
    pub fn new(kind: PromptKind, from: Option<(usize, usize)>) -> Self {
        Prompt {
            kind,
            input: Input::default(),
            from,
            tagging: Tagging::default(),
            noting: None,
            wrong: None,
            unfinished: None,
            folder: String::new(),
            untouched: false,
        }
    }

    /// An empty prompt for tags of these stories.
    pub fn of_tags(stories: Vec<StoryId>) -> Self {
        let mut prompt = Prompt::new(PromptKind::Tags, None);
        prompt.tagging.stories = stories;
        prompt
    }

    /// A prompt for a note, with what was written before.
    pub fn of_note(story: StoryId, note: Note) -> Self {
        let mut prompt = Prompt::new(PromptKind::Note, None);
        let text = note.text.replace('\n', &LINE_END.to_string());
        prompt.input = Input::new(text);
        prompt.noting = Some(Noting { story, note });
        prompt
    }

    /// The note that was written.
    pub fn note(&self) -> String {
        let text = self.input.value().replace(LINE_END, "\n");
        let mut text = crate::story::clean::text(text.trim()).into_owned();
        text.truncate(text.floor_char_boundary(Note::LONGEST));
        text
    }

    /// The names that were typed, each once, without what is no part of a name.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.input.value().split(',') {
            let name = name.trim().trim_start_matches(['#', '+']).trim();
            if !name.is_empty() && names.iter().all(|it| it != name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The known names that the one being typed may become, in the order of `known`.
    pub fn completions<'a>(&self, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let begun = match &self.tagging.completing {
            Some((begun, _)) => begun.as_str(),
            None => self.begun(),
        };
        let begun = begun.to_lowercase();
        let taken = self.names();
        known
            .filter(|name| name.to_lowercase().starts_with(&begun))
            // What stands there before the one being typed is not offered again.
            .filter(|name| self.tagging.completing.is_some() || taken.iter().all(|it| it != name))
            .collect()
    }

    /// Completes the name that is being typed; again, to the next name that fits.
    pub fn complete<'a>(&mut self, known: impl Iterator<Item = &'a str>) {
        let fitting = self.completions(known);
        let (begun, next) = match self.tagging.completing.take() {
            Some((begun, last)) => (begun, last + 1),
            None => (self.begun().to_owned(), 0),
        };
        let Some(name) = fitting.get(next % fitting.len().max(1)) else {
            return;
        };
        let value = self.input.value();
        let before = value.rfind(',').map_or(0, |at| at + 1);
        let space = if before > 0 { " " } else { "" };
        let value = format!("{}{space}{name}", &value[..before]);
        self.input = Input::new(value);
        self.tagging.completing = Some((begun, next));
    }

    /// What was typed of the last name.
    fn begun(&self) -> &str {
        let last = self.input.value().rsplit(',').next().unwrap_or_default();
        last.trim().trim_start_matches(['#', '+']).trim_start()
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
        self.tagging.completing = None;
        self.input.handle(edit).is_some_and(|change| change.value)
    }

    /// Adds pasted text, as one line.
    pub fn paste(&mut self, text: &str) {
        self.tagging.completing = None;
        for c in text.chars() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Prompt {
        let mut prompt = Prompt::of_tags(vec![StoryId(1)]);
        prompt.paste(text);
        prompt
    }

    #[test]
    fn names_are_parted_by_commas() {
        for (text, names) in [
            ("", &[][..]),
            ("a", &["a"]),
            (" a b , #c,, +d,a b", &["a b", "c", "d"]),
            ("#", &[]),
        ] {
            assert_eq!(typed(text).names(), names, "{text}");
        }
    }

    #[test]
    fn a_name_is_completed_to_one_that_is_known_and_then_to_the_next() {
        let known = ["press", "Printing", "proofs", "sea"];
        let mut prompt = typed("sea, pr");
        assert_eq!(
            prompt.completions(known.into_iter()),
            ["press", "Printing", "proofs"]
        );
        for value in ["sea, press", "sea, Printing", "sea, proofs", "sea, press"] {
            prompt.complete(known.into_iter());
            assert_eq!(prompt.input.value(), value);
        }
        let mut other = typed("zzz");
        other.complete(known.into_iter());
        assert_eq!(other.input.value(), "zzz");
    }
}
