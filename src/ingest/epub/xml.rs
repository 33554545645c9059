//! The markup of a book's own lists, read as leniently as feeds are.

use crate::{
    ingest::feed::{
        text::{Entities, Inner, decode, inner},
        xml::{Piece, Tags, attributes},
    },
    story::clean,
};

/// An element where it begins, or ends.
pub enum Event<'a> {
    Begin(Element<'a>),
    End(&'a str),
}

/// An element as its tag has it.
pub struct Element<'a> {
    /// Its name without the space that it is of, as it is written.
    pub name: &'a str,
    tag: &'a str,
    rest: &'a str,
}

impl Element<'_> {
    /// What an attribute says, whatever space its name is of.
    pub fn attribute(&self, wanted: &str) -> Option<String> {
        let (_, value) = attributes(self.tag).find(|(name, _)| local(name) == wanted)?;
        // None of a book's own entities is expanded.
        Some(clean::line(&decode(value, &Entities::default())))
    }

    /// The text up to the next tag that ends an element of this name, on one line.
    pub fn text(&self) -> String {
        clean::line(
            match inner(self.raw(), &Entities::default()) {
                Inner::Text(text) => text,
                Inner::Markup(markup) => crate::ingest::feed::text::visible(&markup).into(),
            }
            .trim(),
        )
    }

    /// The same as it stands there, references decoded.
    pub fn source(&self) -> String {
        match inner(self.raw(), &Entities::default()) {
            Inner::Text(text) | Inner::Markup(text) => text.into_owned(),
        }
    }

    fn raw(&self) -> &str {
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|it| it.find("</")) {
            let name = self.rest.get(from + at + 2..).unwrap_or_default();
            let end = name
                .find(['>', ' ', '\n', '\t', '\r'])
                .unwrap_or(name.len());
            if local(name.get(..end).unwrap_or_default()) == self.name {
                return self.rest.get(..from + at).unwrap_or_default();
            }
            from += at + 2;
        }
        ""
    }
}

/// All elements of a source, in order. One that ends itself ends at once.
pub fn each(source: &str, mut of: impl FnMut(Event<'_>)) {
    let mut tags = Tags::new(source);
    loop {
        match tags.next() {
            Piece::Start {
                name,
                tag,
                empty,
                end,
                ..
            } => {
                let rest = if empty {
                    ""
                } else {
                    source.get(end..).unwrap_or_default()
                };
                let name = local(name);
                of(Event::Begin(Element { name, tag, rest }));
                if empty {
                    of(Event::End(name));
                }
            }
            Piece::End { name, .. } => of(Event::End(local(name))),
            Piece::Doctype(_) => {}
            Piece::Over => return,
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
