//! Formulas that are set apart.

use super::{
    super::{
        block::{Body, Code, Marks, Role, Text},
        formula,
    },
    Builder,
};
use crate::story::{clean, tex};

impl Builder {
    /// A formula between double dollars.
    pub(super) fn display_math(&mut self, source: &str) {
        let in_line = self.table.is_some()
            || self.in_table.is_some()
            || self.role != Role::Plain
            || !self.styles.is_empty()
            || self.tag_styles().next().is_some();
        match formula::set(source).filter(|_| !in_line) {
            // It is a block of its own, wherever in its paragraph it stands.
            Some(lines) if lines.contains('\n') => {
                let paragraph = self.paragraph;
                self.callout();
                self.flush();
                self.paragraph = paragraph;
                self.emit_formula(&lines, source);
                self.paragraph = paragraph;
            }
            Some(line) => {
                self.displayed = true;
                self.push(&line, self.marks().with(Marks::MATH));
            }
            None => {
                let signs = tex::unicode(source);
                self.unset |= signs.is_none() && self.inline.text.is_empty();
                self.displayed |= !self.unset;
                let marks = self.marks().with(Marks::MATH);
                self.push(signs.as_deref().unwrap_or(source), marks);
            }
        }
    }

    /// A block of code that says it is a formula: it is set, or stays its source.
    pub(super) fn fenced_math(&mut self, code: Code) {
        let source = code.as_typed().trim();
        let lines = formula::set(source).or_else(|| tex::unicode(source));
        match lines {
            Some(lines) if lines.contains('\n') => self.emit_formula(&lines, source),
            Some(line) => {
                let mut text = Text::default();
                text.push(&clean::text(&line), Marks::MATH, None);
                self.emit(Body::Text {
                    role: Role::Math,
                    text,
                });
            }
            None => self.emit_code(Code {
                language: Some("latex".into()),
                ..code
            }),
        }
    }

    fn emit_formula(&mut self, lines: &str, source: &str) {
        let in_line = match formula::has_rows(source) {
            true => None,
            false => tex::unicode(source),
        };
        self.emit(Body::Code(Code {
            text: clean::text(lines).into_owned(),
            in_line: in_line.map(|it| clean::text(&it).into()),
            formula: Some(clean::text(source.trim()).into()),
            ..Code::default()
        }));
    }
}
