//! Lists, and terms with their definitions.

use super::{blocks::Writer, inline::Form, tree::Id};

impl Writer<'_> {
    pub(super) fn list(&mut self, id: Id, counts: bool) {
        let tree = self.tree;
        if self.line.is_some() {
            return self.list_in_line(id, counts);
        }
        self.flush();
        let depth = self.containers.len();
        // Right behind another one of its kind, it needs another sign to be a list of its own.
        let other =
            matches!(self.list, Some((at, kind, other)) if at == depth && kind == counts && !other);
        let loose = tree.children(id).any(|item| self.is_loose(item));
        let start = tree
            .attribute(id, "start")
            .and_then(|it| it.trim().parse::<u32>().ok());
        if let Some(opening) = self.counts_otherwise(id, start).filter(|_| counts) {
            return self.list_as_html(id, &opening);
        }
        let mut number = start.unwrap_or(1).min(999_999_999);
        let mut first = true;
        let around = std::mem::replace(&mut self.tight, !loose);
        for item in tree.children(id) {
            let name = tree.name(item);
            if name != "li" {
                // A list right in a list belongs to the item before it.
                if matches!(name, "ul" | "ol") && !first {
                    self.enter("  ".to_owned(), "  ".to_owned());
                    self.close_up = true;
                    self.node(item);
                    self.leave();
                } else {
                    self.node(item);
                }
                continue;
            }
            if self.is_hidden(item) || self.is_note(item) {
                continue;
            }
            let sign = match (counts, other) {
                (true, false) => format!("{number}. "),
                (true, true) => format!("{number}) "),
                (false, false) => "- ".to_owned(),
                (false, true) => "* ".to_owned(),
            };
            number = number.saturating_add(1).min(999_999_999);
            self.flush();
            self.close_up = if first { around } else { !loose };
            first = false;
            let indent = " ".repeat(sign.len());
            self.enter(sign, indent);
            self.place(item);
            self.children(item);
            self.leave();
        }
        self.flush();
        self.tight = around;
        self.close_up = false;
        if !first {
            self.list = Some((depth, counts, other));
        }
    }

    /// A list where only a line can be, as in the cell of a table: each item has a line with its sign.
    fn list_in_line(&mut self, id: Id, counts: bool) {
        let tree = self.tree;
        let start = tree.attribute(id, "start");
        let start = start.and_then(|it| it.trim().parse::<u32>().ok());
        let mut number = start.unwrap_or(1);
        let within = tree.parent(id).is_some_and(|it| tree.name(it) == "li");
        self.part(Form::Cell);
        for item in tree.children(id) {
            if tree.name(item) != "li" {
                self.node(item);
                continue;
            }
            if self.is_hidden(item) || self.is_note(item) {
                continue;
            }
            let sign = match (counts, within) {
                (true, _) => format!("{number}. "),
                (false, false) => "• ".to_owned(),
                (false, true) => "◦ ".to_owned(),
            };
            number = number.saturating_add(1);
            self.part(Form::Cell);
            self.run.text(&sign, self.style);
            self.children(item);
        }
        self.part(Form::Cell);
    }

    /// The tag of a list that counts as no list of Markdown does: by letters, down, or with gaps.
    fn counts_otherwise(&self, id: Id, start: Option<u32>) -> Option<String> {
        let tree = self.tree;
        let kind = tree.attribute(id, "type");
        let kind = kind.filter(|it| matches!(*it, "a" | "A" | "i" | "I"));
        let reversed = tree.attribute(id, "reversed").is_some();
        let gaps = tree.children(id).any(|it| self.value(it).is_some());
        if kind.is_none() && !reversed && !gaps {
            return None;
        }
        let kind = kind.map(|it| format!(" type=\"{it}\""));
        let start = start.map(|it| format!(" start=\"{it}\""));
        let reversed = if reversed { " reversed" } else { "" };
        let (kind, start) = (kind.unwrap_or_default(), start.unwrap_or_default());
        Some(format!("<ol{kind}{start}{reversed}>"))
    }

    /// The number that an item says it has.
    fn value(&self, item: Id) -> Option<u32> {
        let value = self.tree.attribute(item, "value");
        value
            .filter(|_| self.tree.name(item) == "li")?
            .trim()
            .parse()
            .ok()
    }

    /// Such a list, with Markdown in its items.
    fn list_as_html(&mut self, id: Id, opening: &str) {
        let tree = self.tree;
        let around = std::mem::replace(&mut self.tight, false);
        self.block(opening);
        for item in tree.children(id) {
            if tree.name(item) != "li" {
                self.node(item);
                continue;
            }
            if self.is_hidden(item) || self.is_note(item) {
                continue;
            }
            self.flush();
            self.close_up = true;
            let value = self.value(item).map(|it| format!(" value=\"{it}\""));
            self.block(&format!("<li{}>", value.unwrap_or_default()));
            self.place(item);
            self.children(item);
            self.flush();
            self.block("</li>");
        }
        self.flush();
        self.close_up = true;
        self.block("</ol>");
        self.tight = around;
    }

    /// Whether an item has more than one paragraph or the like.
    fn is_loose(&self, item: Id) -> bool {
        let blocks = self.tree.children(item).filter(|it| {
            matches!(
                self.tree.name(*it),
                "p" | "pre"
                    | "blockquote"
                    | "table"
                    | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
                    | "h5"
                    | "h6"
                    | "figure"
            )
        });
        blocks.take(2).count() > 1
    }

    pub(super) fn definitions(&mut self, id: Id) {
        let tree = self.tree;
        if let Some(form) = self.line {
            for part in tree.children(id) {
                self.part(form);
                self.node(part);
            }
            return self.part(form);
        }
        self.flush();
        // Terms and definitions may stand in groups (HTML, 4.4.9).
        let parts: Vec<Id> = tree
            .children(id)
            .flat_map(|it| match tree.name(it) {
                "div" => tree.children(it).collect(),
                _ => vec![it],
            })
            .collect();
        let mut defined = false;
        for part in parts {
            match tree.name(part) {
                "dt" => {
                    let term = self.line_of(part, Form::Heading);
                    if !term.is_empty() {
                        let mut escaped = String::new();
                        let rest = crate::story::escape::opening(&term, &mut escaped);
                        escaped.push_str(rest);
                        self.block(&escaped);
                        defined = true;
                    }
                }
                "dd" if defined => {
                    self.close_up = true;
                    self.enter(": ".to_owned(), "  ".to_owned());
                    self.place(part);
                    self.children(part);
                    self.leave();
                }
                _ => {
                    self.node(part);
                    self.flush();
                }
            }
        }
        self.flush();
    }
}
