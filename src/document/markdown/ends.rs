//! Containers of HTML that another block ends than the one that begins them.

use super::super::html::Element;

/// Containers that may be ended by another block than the one that opens them; details first.
pub(super) const LASTING: [&str; 19] = [
    "details",
    "blockquote",
    "ul",
    "ol",
    "li",
    "dd",
    "table",
    "td",
    "th",
    "div",
    "section",
    "article",
    "aside",
    "main",
    "header",
    "footer",
    "figure",
    "address",
    "center",
];

/// How many ends of each of [`LASTING`] there are in the text that was not read yet.
#[derive(Default)]
pub(super) struct Ends(pub(super) [usize; LASTING.len()]);

impl Ends {
    pub(super) fn of(text: &str) -> Ends {
        let mut ends = Ends::default();
        for (at, _) in text.match_indices("</") {
            let name = text.as_bytes().get(at + 2..).unwrap_or_default();
            let end = name.iter().position(|it| !it.is_ascii_alphanumeric());
            let name = &name[..end.unwrap_or(name.len())];
            let found = LASTING
                .iter()
                .position(|it| name.eq_ignore_ascii_case(it.as_bytes()));
            if let Some(found) = found {
                ends.0[found] += 1;
            }
        }
        ends
    }

    /// Whether one is still to come of any of these.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        let count = LASTING.iter().zip(&self.0);
        count
            .into_iter()
            .any(|(name, count)| *count > 0 && names.contains(name))
    }

    /// So many details end in the text behind this one.
    pub(super) fn await_details(&mut self, count: usize) {
        self.0[0] += count;
    }

    /// One more ends in the text behind this one.
    pub(super) fn await_end(&mut self, name: &str) {
        if let Some(at) = LASTING.iter().position(|it| *it == name) {
            self.0[at] += 1;
        }
    }

    /// Takes the tag that ends something.
    pub(super) fn pass(&mut self, tag: &Element) {
        if let Some(at) = LASTING.iter().position(|it| *it == tag.name && !tag.opens) {
            self.0[at] = self.0[at].saturating_sub(1);
        }
    }
}
