//! A line in numbers, words and marks: what dates are made of.

use super::words;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A run of digits: its value, and how many digits.
    Number(i32, usize),
    /// A run of letters.
    Word,
    /// Any other character that is not white space.
    Mark(char),
}

#[derive(Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// White space stands before it.
    pub(super) spaced: bool,
}

impl Token<'_> {
    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    pub(super) fn is_weekday(&self) -> bool {
        self.kind == Kind::Word && words::is_weekday(&self.lower())
    }
}

pub(super) fn cut(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut spaced = false;
    for (start, c) in text.char_indices() {
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let end = start + c.len_utf8();
        // 年月日 and their Korean sisters stand directly beside other words.
        let alone = matches!(c, '年' | '月' | '日' | '년' | '월' | '일');
        let kind = match c.to_digit(10) {
            Some(digit) => Kind::Number(digit as i32, 1),
            // What binds two letters of Devanagari into one is no letter itself.
            None if c.is_alphabetic() || matches!(c, '\u{93c}' | '\u{94d}') => Kind::Word,
            None => Kind::Mark(c),
        };
        if let Some(last) = tokens.last_mut()
            && !spaced
            && !alone
        {
            match (last.kind, kind) {
                (Kind::Number(value, digits), Kind::Number(digit, _)) => {
                    last.kind =
                        Kind::Number(value.saturating_mul(10).saturating_add(digit), digits + 1);
                    last.end = end;
                    last.text = &text[last.start..end];
                    continue;
                }
                (Kind::Word, Kind::Word) if !is_cjk_unit(last.text) => {
                    last.end = end;
                    last.text = &text[last.start..end];
                    continue;
                }
                _ => {}
            }
        }
        tokens.push(Token {
            kind,
            text: &text[start..end],
            start,
            end,
            spaced,
        });
        spaced = false;
    }
    tokens
}

pub(super) fn is_cjk_unit(text: &str) -> bool {
    matches!(text, "年" | "月" | "日" | "년" | "월" | "일")
}
