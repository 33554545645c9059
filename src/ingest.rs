//! Bytes from outside become stories (stand-in).

use crate::story::{Kind, Story, clean, words};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[error("stand-in")]
pub struct IngestError;

/// Metadata.
pub struct Head {
    /// The story without its body.
    pub story: Story,
    /// Words.
    pub words: u32,
}

/// Reads.
pub fn read(bytes: &[u8], name: &str) -> Result<Story, IngestError> {
    let text = String::from_utf8_lossy(bytes);
    let mut title = name.to_owned();
    let mut published = None;
    let body = match text
        .strip_prefix("---\n")
        .and_then(|t| t.split_once("\n---\n"))
    {
        Some((front, body)) => {
            for line in front.lines() {
                if let Some(t) = line.strip_prefix("title: ") {
                    title = t.trim_matches('"').to_owned();
                }
                if let Some(t) = line.strip_prefix("date: ") {
                    published = t
                        .get(..10)
                        .and_then(|t| t.parse().ok())
                        .map(crate::story::Published::Day);
                }
            }
            body
        }
        None => &text,
    };
    let mut story = Story::new(Kind::Markdown, clean::line(&title), clean::text(body));
    story.published = published;
    Ok(story)
}

/// Heads.
pub fn head(bytes: &[u8], name: &str, _total: u64) -> Result<Head, IngestError> {
    let mut story = read(bytes, name)?;
    let words = words(&story.markdown) as u32;
    story.markdown = String::new();
    Ok(Head { story, words })
}

/// Whether.
pub fn is_story_name(name: &str) -> bool {
    name.ends_with(".md") || name.ends_with(".txt")
}
