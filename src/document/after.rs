//! What recto itself puts after a story's last line: comments, files, stories to go on with. It is no part
//! of the document: it comes when the text shows already, and nothing in the text moves for it.

use jiff::ZonedDateTime;

use super::{
    block::{Block, Body, LinkId, Marks, Nest, Role, Text},
    layout::{Layout, Spot},
    parts::{self, Part},
};
use crate::story::{self, After, Enclosure, Row, StoryId};

/// How the address of a story of the library begins, in links that recto makes.
const STORY: &str = "recto:story/";

/// Where the link to a story's comments leads.
const COMMENTS: &str = "recto:comments";

/// Longer names of files are cut, in characters: some are no names but keys.
const LONGEST_NAME: usize = 80;

/// Where a link leads that recto itself made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inner {
    /// To a story of the library.
    Story(StoryId),
    /// To the comments on this one.
    Comments,
}

impl Layout {
    /// Puts this after the last line, in place of what was there.
    pub fn put_after(&mut self, after: Part) {
        let index = self.document().parts();
        self.parts.remove(&index);
        self.set.retain(|block, _| parts::split(*block).0 < index);
        self.after = Some(after);
    }

    /// What was put after the last line.
    pub fn after(&self) -> Option<&Part> {
        self.after.as_ref()
    }

    /// Whether a block stands after the last line of the text.
    pub fn is_after(&self, block: usize) -> bool {
        parts::split(block).0 >= self.document().parts()
    }

    /// How many parts there are, with what stands after the last line.
    pub(super) fn all_parts(&self) -> usize {
        self.document().parts() + usize::from(self.after.is_some())
    }

    /// Whether no block of the text stands after this one.
    pub fn is_last(&mut self, block: usize) -> bool {
        let next = self.next_block(block);
        !self.document().is_partial() && next.is_none_or(|next| self.is_after(next))
    }

    /// The last line of the text.
    pub fn end_of_text(&mut self) -> Spot {
        let parts = self.document().parts();
        let last = self.last_block_of(0..parts).unwrap_or(0);
        let block = self.shown(last);
        Spot {
            block,
            line: self.lines(block).len().saturating_sub(1),
        }
    }

    /// Whether the last of these lines is the last of the text, or stands after that.
    pub fn ends_with(&mut self, page: &[Spot]) -> bool {
        page.last().is_none_or(|last| {
            let passed = self.is_after(last.block);
            passed || last.line + 1 >= self.lines(last.block).len() && self.is_last(last.block)
        })
    }

    /// Where a link of recto's own leads. An address in the story's text that looks like one is none.
    pub fn inner(&self, link: LinkId) -> Option<Inner> {
        let target = self.link(link).filter(|_| self.is_after(link))?;
        if target == COMMENTS {
            return Some(Inner::Comments);
        }
        let number = target.strip_prefix(STORY)?.parse().ok()?;
        Some(Inner::Story(StoryId(number)))
    }
}

/// What is put after a story. `follows` says that something of the story's own stands there already, and no
/// rule is needed.
pub fn after(after: &After, follows: bool, now: &ZonedDateTime) -> Part {
    let mut part = Part::default();
    if !follows {
        part.blocks.push(Block {
            body: Body::Rule,
            ..Block::text(Role::Plain, Text::default())
        });
    }
    if let Some(comments) = &after.comments {
        let words = match comments.count {
            Some(count) => format!("Comments ({})", story::grouped(count as usize)),
            None => "Comments".to_owned(),
        };
        let target = match (&comments.feed, &comments.page) {
            (None, Some(page)) => page,
            _ => COMMENTS,
        };
        let link = link(&mut part, target);
        let mut text = Text::default();
        text.push(&words, Marks::STRONG, Some(link));
        part.blocks.push(Block::text(Role::Plain, text));
    }
    if !after.files.is_empty() {
        heading(&mut part, "Files");
        for file in &after.files {
            line(&mut part, &name(file), &facts(file), &file.url);
        }
    }
    for (words, rows) in [("This week", &after.week), ("Alike", &after.alike)] {
        if !rows.is_empty() {
            heading(&mut part, words);
        }
        for Row {
            id,
            title,
            from,
            when,
            ..
        } in rows
        {
            let facts = match &**from {
                "" => story::short(*when, now),
                from => format!("{from} · {}", story::short(*when, now)),
            };
            line(&mut part, title, &facts, &format!("{STORY}{}", id.0));
        }
    }
    part
}

fn link(part: &mut Part, target: &str) -> LinkId {
    part.links.push(target.to_owned());
    part.links.len() - 1
}

fn heading(part: &mut Part, words: &str) {
    part.blocks
        .push(Block::text(Role::Heading(2), Text::plain(words)));
}

/// Something that is followed, and what is to be known of it.
fn line(part: &mut Part, name: &str, facts: &str, target: &str) {
    // What lies in a letter has no address of its own.
    let link = (!target.is_empty()).then(|| link(part, target));
    let mut text = Text::default();
    text.push(name, Marks::NONE, link);
    if !facts.is_empty() {
        text.push(&format!(" · {facts}"), Marks::FACTS, None);
    }
    let under_heading = matches!(
        part.blocks.last().map(|it| &it.body),
        Some(Body::Text {
            role: Role::Heading(_),
            ..
        })
    );
    part.blocks.push(Block {
        // A list stands close.
        gap: under_heading,
        nest: vec![Nest::Item {
            marker: Some("•".to_owned()),
            indent: 2,
        }],
        depth: 1,
        ..Block::text(Role::Plain, text)
    });
}

/// What a file is called: its title, else the last part of its address.
fn name(file: &Enclosure) -> String {
    let title = file.title.as_deref().filter(|it| !it.trim().is_empty());
    let path = file.url.split(['?', '#']).next().unwrap_or(&file.url);
    let last = path.trim_end_matches('/').rsplit('/').next();
    let last = || story::clean::line(&story::link::decode_percent(last.unwrap_or(path)));
    let mut name = title.map_or_else(last, str::to_owned);
    if let Some((end, _)) = name.char_indices().nth(LONGEST_NAME) {
        name.truncate(end);
        name.push('…');
    }
    name
}

/// How large a file is, in words.
pub fn size(bytes: u64) -> String {
    match bytes {
        ..100_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!(
            "{}.{} MB",
            story::grouped((bytes / 1_000_000) as usize),
            bytes / 100_000 % 10
        ),
    }
}

/// Type, size and duration of a file, as far as its feed says.
fn facts(file: &Enclosure) -> String {
    let size = file.bytes.filter(|bytes| *bytes > 0).map(size);
    let length = file.seconds.filter(|it| *it > 0).map(|all| {
        let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
        match hours {
            0 => format!("{minutes}:{seconds:02}"),
            _ => format!("{hours}:{minutes:02}:{seconds:02}"),
        }
    });
    let parts: Vec<String> = [file.media_type.clone(), size, length]
        .into_iter()
        .flatten()
        .collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_an_entry_hang_under_its_name() {
        use std::sync::Arc;

        use super::super::{Document, Setting, bidi::Rtl};
        let mut part = Part::default();
        heading(&mut part, "This week");
        for words in ["A name that is longer than a line", "Another"] {
            line(&mut part, words, "The desk · Tue", "https://e.org/");
        }
        let setting = Setting {
            measure: 24,
            free: 0,
            hyphenate: false,
            justify: false,
            rtl: Rtl::AsRead,
        };
        let mut layout = Layout::new(Arc::new(Document::of_part(part)), setting);
        let mut lines = Vec::new();
        layout.each_line(|it| {
            lines.push(it.plain().trim_end().to_owned());
            true
        });
        assert_eq!(
            lines[3..],
            [
                "• A name that is longer",
                "  than a line · The",
                "  desk · Tue",
                "• Another · The desk",
                "  Tue",
            ]
        );
    }

    #[test]
    fn a_file_has_its_name_and_what_is_known_of_it() {
        let file = |url: &str, title: Option<&str>, bytes, seconds| Enclosure {
            url: url.into(),
            media_type: Some("audio/mpeg".into()),
            bytes,
            seconds,
            title: title.map(str::to_owned),
        };
        let talk = file(
            "https://e.org/a/b%20c.mp3?x=1#y",
            None,
            Some(24_150_000),
            Some(2465),
        );
        assert_eq!(name(&talk), "b c.mp3");
        assert_eq!(facts(&talk), "audio/mpeg · 24.1 MB · 41:05");
        let long = file("https://e.org/", Some("Talk"), Some(1), Some(3661));
        assert_eq!(
            (name(&long).as_str(), facts(&long).as_str()),
            ("Talk", "audio/mpeg · 1 kB · 1:01:01")
        );
        let bare = file("https://e.org/%1b%5b31m.ogg", Some(" "), Some(0), None);
        assert_eq!(
            (name(&bare).as_str(), facts(&bare).as_str()),
            ("[31m.ogg", "audio/mpeg")
        );
    }
}
