//! Stories from plain text: books of Project Gutenberg, mails, notes, logs.
//!
//! The text becomes Markdown that shows it as written, apart from what only the width of a page
//! asked for: paragraphs that were broken at a common width may be set anew, indentation that
//! marks a quotation becomes one. Verse keeps its lines, tables and drawings keep every space.

mod block;
mod shape;

use super::byline;
use crate::story::escape;
use crate::story::{Kind, Story, clean};
use block::{Block, blocks};
use shape::Shape;

/// The longest line that can be a title, in characters.
const TITLE: usize = 100;
/// Paragraphs of a long text that are looked at together, in bytes.
const SECTION: usize = 1024 * 1024;
/// How far into a text a header with `Title:` and `Author:` is looked for.
const HEADER: usize = 4096;

/// Reads plain text; `text` is clean (see [`clean`]).
pub fn read(text: &str, name: &str) -> Story {
    let opening = Opening::read(text);
    let mut story = opening.story(name);
    story.markdown = body(opening.rest);
    story
}

/// The story without its body, and the text of the body.
pub fn head<'a>(text: &'a str, name: &str) -> (Story, &'a str) {
    let opening = Opening::read(text);
    (opening.story(name), opening.rest)
}

/// What a text says of itself at its beginning.
#[derive(Debug, Default)]
struct Opening<'a> {
    title: Option<&'a str>,
    byline: Option<&'a str>,
    rest: &'a str,
}

impl<'a> Opening<'a> {
    fn read(text: &'a str) -> Self {
        let text = text.trim_start_matches('\n').trim_end();
        if let Some(header) = Opening::header(text) {
            return header;
        }
        let (first, rest) = cut_line(text);
        let (second, after) = cut_line(rest);
        let title = first.trim();
        if !is_title(title) {
            return Opening {
                rest: text,
                ..Opening::default()
            };
        }
        let opening = if second.trim().is_empty() {
            Opening {
                title: Some(title),
                byline: None,
                rest: rest.trim_start_matches('\n'),
            }
        } else if shape::is_underline(second, first) {
            Opening {
                title: Some(title),
                byline: None,
                rest: after.trim_start_matches('\n'),
            }
        } else if is_byline(second) && cut_line(after).0.trim().is_empty() {
            Opening {
                title: Some(title),
                byline: Some(second.trim()),
                rest: after.trim_start_matches('\n'),
            }
        } else {
            Opening {
                rest: text,
                ..Opening::default()
            }
        };
        if opening.rest.is_empty() {
            // All there is: a text, not the title of one.
            return Opening {
                rest: text,
                ..Opening::default()
            };
        }
        let (line, after) = cut_line(opening.rest);
        if opening.byline.is_none() && is_byline(line) && cut_line(after).0.trim().is_empty() {
            return Opening {
                byline: Some(line.trim()),
                rest: after.trim_start_matches('\n'),
                ..opening
            };
        }
        opening
    }

    /// The lines `Title:` and `Author:` that Project Gutenberg begins its books with. They stay in
    /// the text, since more than they is told there.
    fn header(text: &'a str) -> Option<Self> {
        let part = text.get(..text.floor_char_boundary(HEADER))?;
        let value = |name: &str| {
            part.lines().find_map(|line| {
                let (given, value) = line.trim().split_once(": ")?;
                (given.eq_ignore_ascii_case(name) && !value.trim().is_empty()).then(|| value.trim())
            })
        };
        let (title, author) = (value("title")?, value("author")?);
        Some(Opening {
            title: Some(title),
            byline: Some(author),
            rest: text,
        })
    }

    fn story(&self, name: &str) -> Story {
        let title = self
            .title
            .map(clean::line)
            .filter(|title| !title.is_empty());
        let mut story = Story::new(Kind::Text, title.as_deref().unwrap_or(name), "");
        story.title_given = title.is_some();
        if let Some(byline) = self.byline {
            story.authors = byline::names(byline)
                .iter()
                .map(|name| clean::line(name))
                .collect();
        }
        story
    }
}

fn cut_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

fn is_title(line: &str) -> bool {
    line.chars().count() <= TITLE
        && line.chars().any(char::is_alphabetic)
        && !line.ends_with(['.', ',', ';', ':', '-'])
        && !shape::has_bullet(line)
        && !line.starts_with('>')
        && shape::letters(line) >= 0.6
        && !line.contains("   ")
}

fn is_byline(line: &str) -> bool {
    let line = line.trim();
    let by = ["by ", "By ", "BY "]
        .into_iter()
        .find_map(|by| line.strip_prefix(by));
    by.is_some_and(|name| name.starts_with(char::is_uppercase))
        && line.len() <= TITLE
        && !line.ends_with('.')
}

/// The text as Markdown.
pub fn body(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let margin = block::margin(text);
    let mut rest = text;
    let mut width = None;
    while !rest.is_empty() {
        let (section, after) = cut_section(rest);
        rest = after;
        let blocks = blocks(section, margin);
        // As the text begins, so it goes on.
        let width = *width.get_or_insert_with(|| shape::wrap_width(&blocks));
        add_section(blocks, width, &mut out);
    }
    out
}

/// The first paragraphs of a text, and what follows them: of a long one not all are held at once.
fn cut_section(text: &str) -> (&str, &str) {
    let from = text.floor_char_boundary(SECTION);
    match text[from..].find("\n\n") {
        Some(end) => text.split_at(from + end + 1),
        None => (text, ""),
    }
}

fn add_section(blocks: Vec<Block<'_>>, width: Option<usize>, out: &mut String) {
    let mut blocks = shape::split(blocks, width).into_iter().peekable();
    while let Some(block) = blocks.next() {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        match shape::of(&block, width) {
            Shape::Break => out.push_str("* * *"),
            Shape::Heading { lines } => {
                let heading: Vec<&str> = block
                    .lines
                    .iter()
                    .take(lines)
                    .map(|line| line.trim())
                    .collect();
                out.push_str("## ");
                out.push_str(&escape::markdown(&heading.join(" ")));
            }
            Shape::Figure => {
                // Figures part by blank lines belong together: the rows of one table.
                let mut lines = block.lines;
                while let Some(next) = blocks.next_if(|next| shape::continues_figure(next, width)) {
                    lines.extend(std::iter::repeat_n("", next.blank_before.min(3)));
                    lines.extend(next.lines);
                }
                fence(&lines, out);
            }
            Shape::Items => items(&block, out),
            Shape::Quote => quote(&block, width, out),
            Shape::Wrapped => out.push_str(&escape::markdown(&joined(&block.lines))),
            Shape::Lines => hard_lines(&block.lines, out),
        }
    }
}

/// Wrapped lines as one paragraph; between characters of a script without spaces there is none.
fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.trim();
        let tight = out.chars().next_back().is_some_and(shape::is_ideographic)
            && line.starts_with(shape::is_ideographic);
        if !out.is_empty() && !tight {
            out.push('\n');
        }
        out.push_str(line);
    }
    out
}

/// Lines that stay lines, with their indentation.
fn hard_lines(lines: &[&str], out: &mut String) {
    let least = lines
        .iter()
        .map(|line| block::indent(line))
        .min()
        .unwrap_or_default();
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            out.push_str("\\\n");
        }
        // Spaces at a line's beginning mean nothing in Markdown; no-break spaces show.
        out.extend(std::iter::repeat_n(
            '\u{a0}',
            block::indent(line).saturating_sub(least).min(40),
        ));
        out.push_str(&escape::markdown(line));
    }
}

/// Lines in a fenced block of code, which shows each character (CommonMark §4.5).
fn fence(lines: &[&str], out: &mut String) {
    let longest = lines
        .iter()
        .flat_map(|line| line.split(|c| c != '`'))
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(3.max(longest + 1));
    out.push_str(&fence);
    out.push('\n');
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(&fence);
}

fn items(block: &Block<'_>, out: &mut String) {
    let margin = block.indent();
    let mut first = true;
    for line in &block.lines {
        let text = line.trim_start();
        match shape::item(text) {
            Some((marker, rest)) if block::indent(line) <= margin => {
                if !first {
                    out.push('\n');
                }
                let marker = if marker.ends_with(['.', ')']) {
                    marker
                } else {
                    "-"
                };
                out.push_str(marker);
                out.push(' ');
                out.push_str(&escape::markdown(rest));
            }
            _ => {
                out.push_str("\n    ");
                out.push_str(&escape::markdown(text));
            }
        }
        first = false;
    }
}

fn quote(block: &Block<'_>, width: Option<usize>, out: &mut String) {
    let lines: Vec<&str> = block
        .lines
        .iter()
        .map(|line| {
            let line = line.trim_start();
            line.strip_prefix('>')
                .map_or(line, |line| line.strip_prefix(' ').unwrap_or(line))
                .trim_end()
        })
        .collect();
    let mut inner = String::new();
    // A quotation is set narrower than the text around it, by what it is indented.
    let width = width.map(|width| width.saturating_sub(block.indent()));
    if shape::is_wrapped(&lines, width) {
        inner.push_str(&escape::markdown(&joined(&lines)));
    } else {
        hard_lines(&lines, &mut inner);
    }
    for (n, line) in inner.lines().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        out.push_str("> ");
        out.push_str(line);
    }
}

#[cfg(test)]
mod tests;
