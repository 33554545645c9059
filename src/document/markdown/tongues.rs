//! Languages of single blocks, as HTML says them (HTML, 3.2.6.1): a quotation in French, in a story that
//! is English.

use super::{super::html::Element, Builder, ends::LASTING};

/// An element that says its language and stands open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct Tongue {
    name: String,
    tag: Box<str>,
    /// Elements of the same name that stand open in it.
    within: usize,
    /// How many containers of Markdown it stands in.
    depth: usize,
}

impl Tongue {
    fn is_of_cell(&self) -> bool {
        matches!(&*self.name, "td" | "th" | "tr")
    }
}

/// The language of a stretch of the text under way.
pub(super) struct Spoken {
    tag: Box<str>,
    /// Bytes of the text before it; where it began with the text, only these may be blank.
    from: usize,
    /// The byte behind it, once it has ended.
    to: Option<usize>,
}

/// Takes what a tag says of the language of what is in it, within so many containers of Markdown.
pub(in crate::document) fn begin(tongues: &mut Vec<Tongue>, tag: &Element, depth: usize) {
    if !tag.opens {
        return;
    }
    if tag.name == "p" {
        // A paragraph ends the one before it, with its tag or without.
        let paragraph = tongues.iter().position(|it| it.name == "p");
        tongues.truncate(paragraph.unwrap_or(usize::MAX));
    }
    if let "td" | "th" | "tr" = tag.name.as_str() {
        // So does a cell, and a row.
        let ended = |it: &Tongue| it.name != "tr" || tag.name == "tr";
        let at = tongues.iter().rposition(|it| it.is_of_cell() && ended(it));
        tongues.truncate(at.unwrap_or(usize::MAX));
    }
    let said = tag.attribute("lang").or_else(|| tag.attribute("xml:lang"));
    match said.map(str::trim).filter(|it| !it.is_empty()) {
        Some(_) if tongues.len() >= super::MOST_OPEN => {}
        Some(said) => tongues.push(Tongue {
            name: tag.name.clone(),
            tag: said.into(),
            within: 0,
            depth,
        }),
        None => {
            if let Some(last) = tongues.last_mut().filter(|it| it.name == tag.name) {
                last.within += 1;
            }
        }
    }
}

/// Takes a tag that ends something, once what is in it was taken.
pub(in crate::document) fn end(tongues: &mut Vec<Tongue>, tag: &Element) {
    let at = tongues.iter().rposition(|it| it.name == tag.name);
    if let Some(at) = at.filter(|_| !tag.opens) {
        match tongues[at].within.checked_sub(1) {
            Some(left) => tongues[at].within = left,
            None => tongues.truncate(at),
        }
    }
}

/// Keeps of what began in a block of HTML what may end in another one, and does.
pub(in crate::document) fn pass_on(tongues: &mut Vec<Tongue>, ends: impl Fn(&str) -> bool) {
    let goes_on = |it: &Tongue| LASTING.contains(&&*it.name) && ends(&it.name);
    let lost = tongues.iter().position(|it| !goes_on(it));
    tongues.truncate(lost.unwrap_or(usize::MAX));
}

impl Builder {
    /// Takes what a tag says of the language of what is in it, after what stood before it was ended.
    pub(super) fn begin_tongue(&mut self, tag: &Element) {
        let depth = self.bases.len();
        begin(&mut self.tongues, tag, depth);
    }

    /// The language of a cell that begins with this tag.
    pub(super) fn tongue_of_cell(&self, tag: &Element) -> Option<Box<str>> {
        let said = tag.attribute("lang").map(str::trim);
        let around = self.tongues.iter().rev();
        let mut around = around.filter(|it| !matches!(&*it.name, "td" | "th"));
        let said = said.filter(|it| !it.is_empty()).map(Into::into);
        said.or_else(|| around.next().map(|it| it.tag.clone()))
    }

    /// A table ends, and with it what its cells said: what is left is its own language.
    pub(super) fn end_tongues_of_cells(&mut self) {
        self.tongues.retain(|it| !it.is_of_cell());
        self.language = self.tongues.last().map(|it| it.tag.clone());
    }

    /// Takes a tag that ends something, once what is in it was taken.
    pub(super) fn end_tongue(&mut self, tag: &Element) {
        end(&mut self.tongues, tag);
    }

    /// Of what began in a block of HTML only that goes on which is ended in another one.
    pub(super) fn pass_on_tongues(&mut self) {
        let Builder { tongues, ends, .. } = self;
        pass_on(tongues, |name| ends.has(&[name]));
    }

    /// The text begins within these, and those go on behind it.
    pub(super) fn go_on_in_tongues(&mut self, within: &[Tongue], going_on: &[Tongue]) {
        self.tongues = within.to_vec();
        for tongue in going_on {
            self.ends.await_end(&tongue.name);
        }
    }

    /// A container of Markdown ends, with all languages that began in it.
    pub(super) fn end_tongues_within(&mut self) {
        let depth = self.bases.len();
        self.tongues.retain(|it| it.depth < depth);
    }

    /// A tag in a line of Markdown says the language of the words in it.
    pub(super) fn speak(&mut self, tag: &Element) {
        let here = self.inline.text.len();
        match tag.attribute("lang") {
            Some(said) if tag.opens && self.inline.text.trim().is_empty() => {
                self.spoken = Some(Spoken {
                    tag: said.into(),
                    from: here,
                    to: None,
                });
            }
            _ if tag.opens => {}
            _ => {
                if let Some(spoken) = self.spoken.as_mut().filter(|it| it.to.is_none()) {
                    spoken.to = Some(here);
                }
            }
        }
    }

    /// The language of the block that is ready: of all of its words, or of what it stands in.
    pub(super) fn tongue(&mut self, text: &str) -> Option<Box<str>> {
        let spoken = self.spoken.take().filter(|it| {
            let rest = text.get(it.to.unwrap_or(text.len())..);
            it.from <= text.len() && rest.is_none_or(|rest| rest.trim().is_empty())
        });
        let spoken = spoken.map(|it| it.tag);
        spoken.or_else(|| self.tongues.last().map(|it| it.tag.clone()))
    }
}
