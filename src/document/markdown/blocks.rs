//! Text that was read becomes blocks, in the containers that stand open.

use super::{
    super::block::{Block, Body, Code, Marks, Nest, Role, Run},
    Builder, MAX_BLOCK, MAX_NEST, figures,
};

impl Builder {
    pub(super) fn enter(&mut self, nest: Nest) {
        if self.nest.len() >= MAX_NEST
            && let Some(mut last) = self.nest.pop()
        {
            // A marker says where something begins: that one began before.
            if let Nest::Item { marker, .. } = &mut last {
                *marker = None;
            }
            self.hidden.push(last);
            self.joined = self.joined.min(self.nest.len());
        }
        self.nest.push(nest);
    }

    pub(super) fn leave(&mut self) {
        self.nest.pop();
        self.joined = self.joined.min(self.nest.len());
        self.nest.extend(self.hidden.pop());
    }

    /// Ends the text under way, if there is any.
    pub(super) fn flush(&mut self) {
        if let Some(passed) = self.passed.take() {
            self.push(&passed, Marks::default());
        }
        self.link_addresses();
        let role = std::mem::take(&mut self.role);
        let text = std::mem::take(&mut self.inline);
        let pictures = std::mem::take(&mut self.pictures);
        self.tags.clear();
        (self.reading, self.passing) = (false, false);
        self.language = self.tongue(&text.text);
        if text.text.trim().is_empty() {
            self.unset = false;
            self.paragraph = false;
            return;
        }
        self.begin_content();
        let unset = std::mem::take(&mut self.unset);
        let all = |marks: Marks| {
            let blank = |run: &Run| text.text[run.range.clone()].trim().is_empty();
            text.runs.iter().all(|it| it.marks.has(marks) || blank(it))
        };
        if role == Role::Plain && all(Marks::IMAGE) && !pictures.is_empty() {
            self.emit_figures(&text, pictures, MAX_BLOCK);
        } else if let Some(behind) = (role == Role::Plain)
            .then(|| Self::links_behind(&text, &pictures))
            .flatten()
        {
            self.emit_figures(&text.slice(0..behind), pictures, MAX_BLOCK);
            let links = text.slice(behind..text.text.len()).trimmed();
            self.emit_parts(Role::Plain, links, MAX_BLOCK);
        } else if unset && role == Role::Plain && all(Marks::MATH) {
            // Its lines mean something, as those of code do.
            self.emit_code(Code {
                text: text.text.trim_matches('\n').to_owned(),
                language: Some("latex".into()),
                ..Code::default()
            });
        } else {
            let text = match role {
                Role::Heading(_) => text,
                _ => figures::signed(&text, &pictures, 0),
            };
            self.emit_parts(role, text.trimmed(), MAX_BLOCK);
        }
        self.paragraph = false;
    }

    pub(super) fn emit(&mut self, body: Body) {
        self.begin_content();
        let is_text = matches!(body, Body::Text { .. });
        let in_item = matches!(self.nest.last(), Some(Nest::Item { .. }));
        let within = match (self.lists.first(), self.lists.last()) {
            (Some(outer), Some(list)) if in_item => {
                // Tight items stand close; what is no paragraph inside one is set apart.
                self.paragraph || !outer.begun || (!is_text && list.item_begun)
            }
            _ => true,
        };
        for list in &mut self.lists {
            list.begun = true;
            list.item_begun = true;
        }
        let gap = within && !self.close_up && !self.out.blocks.is_empty();
        self.close_up = false;
        self.out.blocks.push(Block {
            body,
            nest: self.nest.clone(),
            depth: self.nest.len() + self.hidden.len(),
            joined: self.joined,
            gap,
            language: self.language.clone(),
        });
        self.joined = self.nest.len();
        self.unmark(self.nest.len());
    }
}
