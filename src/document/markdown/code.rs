//! Blocks of code.

use super::{
    super::{
        block::{Body, Code},
        pieces::chunks,
    },
    Builder, MAX_BLOCK,
};
use crate::story::clean;

/// Lines of code longer than this are divided.
const MAX_CODE_LINE: usize = 4 * 1024;

/// Adds what stands next in a block of code.
pub(super) fn push(code: &mut Code, text: &str) {
    if text.contains('\t') || code.typed.is_some() {
        let typed = code.typed.get_or_insert_with(|| code.text.clone());
        for (index, between) in text.split('\t').enumerate() {
            if index > 0 {
                typed.push('\t');
            }
            typed.push_str(&clean::text(between));
        }
    }
    code.text.push_str(&clean::text(text));
}

impl Builder {
    pub(super) fn emit_code(&mut self, code: Code) {
        let Code {
            text,
            typed,
            language,
            ..
        } = code;
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let typed = typed.as_deref();
        let part_of = |(text, typed): (String, String), goes_on| {
            Body::Code(Code {
                typed: typed.contains('\t').then_some(typed),
                text,
                language: language.clone(),
                goes_on,
                ..Code::default()
            })
        };
        let mut part = (String::new(), String::new());
        let mut first = true;
        let mut typed = typed.unwrap_or_default().split('\n');
        for line in text.split('\n') {
            let mut typed = typed.next().filter(|_| line.len() <= MAX_CODE_LINE);
            for line in chunks(line, MAX_CODE_LINE) {
                if part.0.len() + line.len() > MAX_BLOCK && !part.0.is_empty() {
                    self.close_up |= !first;
                    part.0.pop();
                    part.1.pop();
                    self.emit(part_of(std::mem::take(&mut part), !first));
                    first = false;
                }
                part.0.push_str(line);
                part.0.push('\n');
                part.1.push_str(typed.take().unwrap_or(line));
                part.1.push('\n');
            }
        }
        part.0.pop();
        part.1.pop();
        self.close_up |= !first;
        self.emit(part_of(part, !first));
    }
}
