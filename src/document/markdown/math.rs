//! Formulas that are set apart.

use super::{
    super::{
        block::{Body, Code, Formula, Marks, Role, Text},
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
        match displayed(source).filter(|_| !in_line) {
            // It is a block of its own, wherever in its paragraph it stands.
            Some(body) => {
                let paragraph = self.paragraph;
                self.callout();
                self.flush();
                self.paragraph = paragraph;
                self.emit(body);
                self.paragraph = paragraph;
                self.behind = Some((source.to_owned(), self.out.blocks.len()));
            }
            None => {
                let in_a_row = || formula::set(source).filter(|it| !it.contains('\n'));
                let signs = tex::unicode(source).or_else(in_a_row);
                self.unset |= signs.is_none() && self.inline.text.is_empty();
                let marks = self.marks().with(Marks::MATH);
                self.push(signs.as_deref().unwrap_or(source), marks);
            }
        }
    }

    /// The text that follows, without the signs that close what a formula of its own is a part of: they
    /// stand with that.
    pub(super) fn behind_formula<'a>(&mut self, text: &'a str) -> &'a str {
        let Some((source, blocks)) = self.behind.take() else {
            return text;
        };
        let closes = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '…');
        let rest = text.trim_start_matches(closes);
        let signs = &text[..text.len() - rest.len()];
        let is_apart = rest.starts_with(char::is_whitespace) || rest.is_empty();
        if signs.is_empty() || !is_apart || self.out.blocks.len() != blocks {
            return text;
        }
        let closed = displayed(&format!("{source}\\mathclose{{{signs}}}"));
        match (closed, self.out.blocks.last_mut()) {
            (Some(mut closed), Some(last)) => {
                if let (Body::Code(code), Body::Code(old)) = (&mut closed, &last.body)
                    && let (Some(new), Some(formula)) = (&mut code.formula, &old.formula)
                {
                    new.tex.clone_from(&formula.tex);
                    if code.text.starts_with("$$") {
                        code.text = format!("{}{signs}", old.text);
                    }
                }
                last.body = closed;
                rest
            }
            _ => text,
        }
    }

    /// A block of code that says it is a formula: it is set, or stays its source.
    pub(super) fn fenced_math(&mut self, code: Code) {
        let source = code.as_typed().trim();
        match displayed(source) {
            Some(body) => self.emit(body),
            None => self.emit_code(Code {
                language: Some("latex".into()),
                ..code
            }),
        }
    }
}

/// What a formula is on the page that stands by itself; none where it is not understood.
fn displayed(source: &str) -> Option<Body> {
    let signs = tex::unicode(source);
    let lines = formula::set(source).or_else(|| signs.clone())?;
    if !lines.contains('\n') {
        let mut text = Text::default();
        text.push(&clean::text(&lines), Marks::MATH, None);
        return Some(Body::Text {
            role: Role::Math,
            text,
        });
    }
    let tex = clean::text(source.trim());
    let in_line = signs.is_some() && !formula::has_rows(source);
    Some(Body::Code(Code {
        text: match signs {
            Some(signs) => clean::text(&signs).into_owned(),
            None => format!("$${tex}$$"),
        },
        formula: Some(Box::new(Formula {
            tex: tex.into(),
            rows: clean::text(&lines).into(),
            in_line,
        })),
        ..Code::default()
    }))
}
