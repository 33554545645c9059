//! Callouts: alerts with a title of their own and more kinds than GitHub has, as Obsidian writes them.

use super::{
    super::block::{AlertKind, Nest, Role, Text},
    Builder,
};

impl Builder {
    /// Takes the line under way, if it is the first of a quote and says so, for the title of an alert.
    /// False if it is none.
    pub(super) fn callout(&mut self) -> bool {
        let first = self.callout_at == Some(self.out.blocks.len());
        if !first || self.nest.last() != Some(&Nest::Quote) || self.role != Role::Plain {
            return false;
        }
        let text = &self.inline.text;
        let Some((name, rest)) = text.strip_prefix("[!").and_then(|it| it.split_once(']')) else {
            return false;
        };
        let known = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(known) {
            return false;
        }
        // Whether it is folded at first: here it never is.
        let title = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let from = text.len() - title.len();
        let kind = kind(&name.to_lowercase());
        let named = match name.eq_ignore_ascii_case(kind.label()) {
            true => kind.label().to_owned(),
            false => {
                let mut letters = name.chars();
                let capital = letters.next().into_iter().flat_map(char::to_uppercase);
                capital
                    .chain(letters.flat_map(char::to_lowercase))
                    .collect()
            }
        };
        let title = self.inline.slice(from..text.len()).trimmed();
        self.inline = match title.text.is_empty() {
            true => Text::plain(named),
            false => title,
        };
        self.nest.pop();
        self.nest.push(Nest::Alert(kind));
        self.role = Role::Alert(kind);
        self.paragraph = true;
        self.flush();
        self.close_up = true;
        self.paragraph = true;
        true
    }
}

/// The kind of GitHub's that comes nearest.
fn kind(name: &str) -> AlertKind {
    match name {
        "tip" | "hint" | "success" | "check" | "done" => AlertKind::Tip,
        "important" | "question" | "help" | "faq" => AlertKind::Important,
        "warning" | "attention" => AlertKind::Warning,
        "caution" | "danger" | "error" | "bug" | "failure" | "fail" | "missing" => {
            AlertKind::Caution
        }
        _ => AlertKind::Note,
    }
}
