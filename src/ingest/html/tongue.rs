//! Languages of single blocks, as HTML says them (HTML, 3.2.6.1).

use super::{blocks::Writer, tree::Id};

/// Longer tags name no language, in bytes.
const LONGEST: usize = 35;

impl Writer<'_> {
    /// The language that a block says it is in, where that is not the one around it.
    pub(super) fn tongue(&self, id: Id) -> Option<String> {
        let tree = self.tree;
        // What holds a whole story says what the story says itself.
        let is_block = matches!(
            tree.name(id),
            "p" | "div" | "section" | "aside" | "blockquote" | "ul" | "ol" | "li" | "dd" | "figure"
        );
        let said = self.said(id).filter(|_| is_block)?;
        let around = || {
            let mut above = std::iter::successors(tree.parent(id), |it| tree.parent(*it));
            above.find_map(|it| self.said(it))
        };
        let around = self.language.as_deref().or_else(around);
        (around.map(primary) != Some(primary(said))).then(|| said.to_owned())
    }

    /// A tag of a language (BCP 47) that an element has.
    fn said(&self, id: Id) -> Option<&str> {
        let tree = self.tree;
        let said = tree
            .attribute(id, "lang")
            .or(tree.attribute(id, "xml:lang"))?;
        let is_tag = (1..=LONGEST).contains(&said.len())
            && said
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-');
        is_tag.then_some(said)
    }
}

/// The language without its country or script.
fn primary(tag: &str) -> String {
    tag.split('-')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}
