//! Bytes from outside become stories.
//!
//! [`read`] takes what a file or a stream holds and makes a [`Story`] of it, whatever encoding and
//! format it is in; [`head`] does so for a catalogue, which wants everything but the body and wants
//! it fast. Nothing here opens a file or a connection.
//!
//! The way of the bytes: *decode* them, *clean* the text ([`clean`]), tell what it is (Markdown, a
//! saved web page, plain text) and read it. What a format encodes once more (entities, escapes in
//! front matter) is cleaned again where it is decoded. Wrong input is no error: the story carries
//! warnings that say what is wrong, and shows what can be shown.

mod byline;
mod decode;
pub mod escape;
mod front_matter;
mod markdown;
mod name;
mod plain;

use crate::story::{Published, Story, clean, words};
use name::Extension;
use std::borrow::Cow;

/// Why bytes are no story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// They are no text: what they seem to be, in words.
    #[error("{0}, not a text; recto reads Markdown, plain text and saved web pages")]
    Binary(&'static str),
}

/// A story as a catalogue needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The story; its body is empty.
    pub story: Story,
    /// How many words the body has: counted when all bytes were given, else estimated.
    pub words: usize,
}

/// Whether a file of this name is taken for a story when a folder is read: Markdown (`md`,
/// `markdown`, `mdown`, `mkd`, `mkdn`, `mdx` …) and plain text (`txt`, `text`).
pub fn is_story_name(name: &str) -> bool {
    name::extension(name) != Extension::Other
}

/// Reads a story.
///
/// `name` is a file's name (its extension says what it is where the content does not, and it makes
/// the title of a story that has none) or `-`.
///
/// # Errors
/// When the bytes are no text, and the name does not say that they are.
pub fn read(bytes: &[u8], name: &str) -> Result<Story, IngestError> {
    let input = Input::new(bytes, name, true)?;
    let text = clean::text(&input.text);
    let title = name::title(name);
    let story = match input.kind(&text) {
        Extension::Markdown => markdown::read(&text, &title, true),
        Extension::Text | Extension::Other => plain::read(&text, &title),
    };
    Ok(input.finish(story, name))
}

/// Reads a story without its body, from all its bytes or the first of `total_len`.
///
/// # Errors
/// As [`read`].
pub fn head(bytes: &[u8], name: &str, total_len: u64) -> Result<Head, IngestError> {
    let given = bytes.len() as u64;
    let whole = total_len <= given;
    let input = Input::new(bytes, name, whole)?;
    let text = clean::text(&input.text);
    let title = name::title(name);
    let (mut story, counted) = match input.kind(&text) {
        Extension::Markdown => {
            let story = markdown::read(&text, &title, whole);
            let counted = words(&story.markdown);
            (story, counted)
        }
        Extension::Text | Extension::Other => {
            let (story, rest) = plain::head(&text, &title);
            (story, words(rest))
        }
    };
    story.markdown = String::new();
    let words = if whole || given == 0 {
        counted
    } else {
        let scaled = counted as u128 * u128::from(total_len) / u128::from(given);
        usize::try_from(scaled).unwrap_or(usize::MAX)
    };
    Ok(Head {
        story: input.finish(story, name),
        words,
    })
}

/// Decoded input.
struct Input<'a> {
    text: Cow<'a, str>,
    extension: Extension,
    warnings: Vec<String>,
}

impl<'a> Input<'a> {
    fn new(bytes: &'a [u8], name: &str, whole: bool) -> Result<Self, IngestError> {
        let extension = name::extension(name);
        if extension == Extension::Other
            && let Some(what) = decode::binary(bytes)
        {
            return Err(IngestError::Binary(what));
        }
        let text = decode::text(bytes, whole);
        let mut warnings = Vec::new();
        if text.contains('\0') {
            warnings.push(
                "The file holds NUL bytes, which no text has; they are left out. It may be damaged."
                    .to_owned(),
            );
        }
        Ok(Input {
            text,
            extension,
            warnings,
        })
    }

    /// What to read a clean text as: its name decides for Markdown, else its content.
    fn kind(&self, text: &str) -> Extension {
        match self.extension {
            Extension::Markdown => Extension::Markdown,
            _ if markdown::is_likely(text) => Extension::Markdown,
            other => other,
        }
    }

    fn finish(self, mut story: Story, name: &str) -> Story {
        if story.published.is_none() {
            story.published = name::date(name).map(Published::Day);
        }
        story.warnings.splice(0..0, self.warnings);
        story
    }
}

#[cfg(test)]
mod tests;
