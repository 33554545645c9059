//! Pictures: where they stand by themselves, each has room of its own, and its title under it.

use super::{Body, Builder, Marks, Role, Run, Text};
use crate::{
    document::{
        addresses::scheme,
        picture::{Picture, unnamed},
    },
    story::clean,
};

/// What stands before words in a line that are a picture's: it is not parted from them.
const SIGN: &str = "▢\u{a0}";

/// A picture of the text under way.
pub(super) struct Shown {
    /// The byte of the text that its words begin with.
    begin: usize,
    /// Whether they have not ended.
    open: bool,
    src: String,
    title: String,
}

impl Shown {
    /// Whether it may be drawn: what the story brings with it, in a format that has pixels.
    fn may_be_drawn(&self) -> bool {
        let path = self.src.split(['?', '#']).next().unwrap_or_default();
        match scheme(&self.src).as_deref() {
            None => !path.is_empty() && !path.to_ascii_lowercase().ends_with(".svg"),
            Some("data") => !path.starts_with("data:image/svg"),
            Some(_) => false,
        }
    }
}

/// A text with the sign of a picture before the words of each, which count from the byte `from`.
pub(super) fn signed(text: &Text, pictures: &[Shown], from: usize) -> Text {
    let mut out = Text::default();
    let mut done = 0;
    for picture in pictures {
        let at = picture.begin.saturating_sub(from);
        let words = text.runs.iter().find(|run| run.range.contains(&at));
        // A picture without words leaves no trace.
        let words = words.filter(|run| run.marks.has(Marks::IMAGE) && at >= done);
        let Some(run) = words else { continue };
        out.extend(text.slice(done..at));
        out.push(SIGN, run.marks, run.link);
        done = at;
    }
    out.extend(text.slice(done..text.text.len()));
    out
}

impl Builder {
    /// Gives the pictures in a cell of a table their signs: they are no pictures of the text any more.
    pub(super) fn sign_pictures(&mut self) {
        let pictures = std::mem::take(&mut self.pictures);
        if !pictures.is_empty() {
            self.inline = signed(&self.inline, &pictures, 0);
        }
    }

    /// A picture's words begin.
    pub(super) fn begin_picture(&mut self, src: &str, title: &str) {
        let begin = self.inline.text.len();
        self.pictures.push(Shown {
            begin,
            open: true,
            src: match scheme(src).as_deref() {
                // A picture that is written out is longer than any line.
                Some("data") => src.chars().filter(char::is_ascii_graphic).collect(),
                _ => clean::line(src),
            },
            title: clean::line(title),
        });
    }

    /// They end. Without words a picture of the reader's own would leave no trace.
    pub(super) fn end_picture(&mut self, marks: Marks) {
        let here = self.inline.text.len();
        let Some(at) = self.pictures.iter().rposition(|it| it.open) else {
            return;
        };
        // A picture in the words of another one is no more than words.
        self.pictures.truncate(at + 1);
        let picture = &mut self.pictures[at];
        picture.open = false;
        if picture.begin == here && picture.may_be_drawn() {
            let name = unnamed(&picture.src);
            self.push(&name, marks);
        }
    }

    /// Text that consists of pictures: those that may be drawn stand one below the other, the
    /// others, badges and the like, in a line.
    pub(super) fn emit_figures(&mut self, text: &Text, pictures: Vec<Shown>, limit: usize) {
        let mut groups: Vec<Vec<Shown>> = Vec::new();
        for picture in pictures {
            let alone = picture.may_be_drawn();
            match groups.last_mut() {
                Some(group) if !alone && !group.iter().any(Shown::may_be_drawn) => {
                    group.push(picture);
                }
                _ => groups.push(vec![picture]),
            }
        }
        let paragraph = self.paragraph;
        let begins = groups.iter().skip(1).filter_map(|it| it.first());
        let ends: Vec<usize> = begins.map(|it| it.begin).chain([text.text.len()]).collect();
        let mut from = 0;
        for (group, to) in groups.into_iter().zip(ends) {
            let words = text.slice(from..to);
            // The first one's sign hangs in the margin.
            let words = signed(&words, group.get(1..).unwrap_or_default(), from).trimmed();
            from = to;
            self.paragraph = paragraph;
            // Footnotes are moved to the end, and nobody looks for a picture there.
            if let ([picture], None) = (&group[..], self.notes.open) {
                self.out.pictures.push(Picture {
                    block: self.out.blocks.len(),
                    src: picture.src.clone(),
                    drawable: None,
                    absent: None,
                });
            }
            let title = match &group[..] {
                [picture] if picture.title != words.text => picture.title.clone(),
                _ => String::new(),
            };
            self.emit_parts(Role::Figure, words, limit);
            if !title.is_empty() {
                self.close_up = true;
                self.emit(Body::Text {
                    role: Role::Figure,
                    text: Text::plain(title),
                });
            }
        }
    }

    /// Where the links begin that stand in a line behind pictures that may be drawn, with no words beside them:
    /// a picture that nobody has is no more than a link.
    pub(super) fn links_behind(text: &Text, pictures: &[Shown]) -> Option<usize> {
        let is_blank = |run: &Run| text.text[run.range.clone()].trim().is_empty();
        let mut runs = text.runs.iter().filter(|it| !is_blank(it));
        let behind = runs.find(|it| !it.marks.has(Marks::IMAGE))?.range.start;
        let links = behind > 0
            && text.runs.iter().all(|it| {
                is_blank(it)
                    || it.range.start < behind
                    || it.link.is_some() && !it.marks.has(Marks::IMAGE)
            });
        let shown = |it: &Shown| it.begin < behind && it.may_be_drawn();
        (links && !pictures.is_empty() && pictures.iter().all(shown)).then_some(behind)
    }

    /// Text as blocks of about so many bytes.
    pub(super) fn emit_parts(&mut self, role: Role, text: Text, limit: usize) {
        for (index, part) in text.parts(limit).into_iter().enumerate() {
            if index > 0 {
                self.close_up = true;
            }
            self.emit(Body::Text { role, text: part });
        }
    }
}
