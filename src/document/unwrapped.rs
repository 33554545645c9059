//! A text for other programs: a paragraph is a line, and so is a row of a table.

use std::sync::Arc;

use super::{
    bidi::Rtl,
    block::{Body, Role},
    layout::{Layout, Setting},
    lines::Line,
    parts::Document,
};

/// The whole text of a document without line ends that it does not have itself; code with its tabs.
pub fn plain_text(document: Arc<Document>) -> String {
    let setting = Setting {
        // Longer than any block is.
        measure: u16::MAX,
        free: 0,
        hyphenate: false,
        justify: false,
        rtl: Rtl::AsRead,
    };
    let mut layout = Layout::new(document, setting);
    let mut text = String::new();
    let mut next = Some(layout.start().block);
    while let Some(number) = next {
        let lines = layout.lines(number);
        let block = layout.read_block(number);
        let gap = block.map_or(0, |it| usize::from(it.gap));
        let code: Vec<&str> = match block.map(|it| &it.body) {
            Some(Body::Code(code)) => match &code.formula {
                Some(formula) => formula.rows.split('\n').collect(),
                None => code.as_typed().split('\n').collect(),
            },
            _ => Vec::new(),
        };
        for (index, line) in lines.iter().enumerate() {
            let typed = index.checked_sub(gap).and_then(|it| code.get(it));
            let line = match typed {
                Some(typed) => margin(line) + typed,
                None => uncentered(line),
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        next = layout.next_block(number);
    }
    text
}

/// What stands before the text of a line.
fn margin(line: &Line) -> String {
    let margin = line.segments.get(..line.margin).unwrap_or_default();
    margin.iter().map(|it| it.text.as_str()).collect()
}

/// A line without the spaces that set it in the middle.
fn uncentered(line: &Line) -> String {
    let (margin, text) = line.segments.split_at(line.margin.min(line.segments.len()));
    let is_wide = |text: &str| text.len() >= usize::from(u16::MAX) / 4;
    let parts = margin.iter().chain(text).map(|it| {
        let bare = it.text.trim_start();
        match it.role == Role::Furniture && is_wide(&it.text[..it.text.len() - bare.len()]) {
            true => bare,
            false => it.text.as_str(),
        }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_rows_are_lines() {
        let words = "words and more words ".repeat(40);
        let words = words.trim_end();
        let text = format!(
            "{words}\n\n- {words}\n\n---\n\n| a | b |\n|---|---|\n| {words} | c |\n\n```make\nall:\n\techo\thi\n```\n"
        );
        let plain = plain_text(Arc::new(Document::of_markdown(&text)));
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines[0], words);
        assert_eq!(lines[2], format!("• {words}"));
        assert_eq!(lines[4], "*   *   *");
        assert_eq!(lines[8], format!("{words}  c"));
        assert_eq!(
            lines[10..],
            ["all:", "\techo\thi"].map(|it| format!("{}{it}", &lines[10][..lines[10].len() - 4]))
        );
    }
}
