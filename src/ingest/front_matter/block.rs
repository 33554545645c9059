//! Where front matter begins and ends.

/// What the block is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Yaml,
    Toml,
    Json,
}

impl Syntax {
    /// The line that closes the block.
    pub fn mark(self) -> &'static str {
        match self {
            Syntax::Yaml => "---",
            Syntax::Toml => "+++",
            Syntax::Json => "}",
        }
    }
}

/// The block between its marks (JSON: with its braces).
#[derive(Debug)]
pub struct Block<'a> {
    pub syntax: Syntax,
    pub text: &'a str,
    /// The line of the file on which `text` begins, from 1.
    pub first_line: usize,
    /// What follows the block; empty when it is not closed.
    pub body: &'a str,
    pub closed: bool,
}

/// The block at the beginning of the text, if what stands there can be one.
///
/// Blank lines before it are forgiven. A `---` is a thematic break (CommonMark §4.1) unless the
/// first line below it that says something is `name: value`, or the block is empty.
pub fn find(text: &str) -> Option<Block<'_>> {
    let start = text.find(|c: char| c != '\n' && c != ' ')?;
    let start = text.get(..start)?.rfind('\n').map_or(0, |end| end + 1);
    let opening = text.get(..start)?.matches('\n').count() + 1;
    let rest = text.get(start..)?;
    let mark = rest.lines().next()?.trim_end();
    let syntax = match mark {
        "---" => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ if mark.starts_with('{') => return json(rest, opening),
        _ => return None,
    };
    let inner = rest.split_once('\n').map_or("", |(_, inner)| inner);
    let mut end = 0;
    let mut begun = false;
    for line in inner.split_inclusive('\n') {
        let trimmed = line.trim_end();
        if trimmed == syntax.mark() || (syntax == Syntax::Yaml && trimmed == "...") {
            return Some(Block {
                syntax,
                text: inner.get(..end)?,
                first_line: opening + 1,
                body: inner.get(end + line.len()..)?,
                closed: true,
            });
        }
        if !begun && !trimmed.is_empty() && !trimmed.starts_with('#') {
            begun = true;
            if !opens(syntax, trimmed) {
                return None;
            }
        }
        end += line.len();
    }
    begun.then_some(Block {
        syntax,
        text: inner,
        first_line: opening + 1,
        body: "",
        closed: false,
    })
}

/// JSON front matter is one object at the very top; its end is where the braces match.
fn json(rest: &str, first_line: usize) -> Option<Block<'_>> {
    let inside = rest.get(1..)?.trim_start();
    if !inside.starts_with(['"', '}']) {
        // `{% include %}`, `{{< figure >}}`, `{: .class }` are text.
        return None;
    }
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let end = rest.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let Some(end) = end else {
        return Some(Block {
            syntax: Syntax::Json,
            text: rest,
            first_line,
            body: "",
            closed: false,
        });
    };
    let after = rest.get(end + 1..)?;
    let line = after.split_inclusive('\n').next().unwrap_or_default();
    line.trim().is_empty().then_some(Block {
        syntax: Syntax::Json,
        text: rest.get(..=end)?,
        first_line,
        body: after.get(line.len()..)?,
        closed: true,
    })
}

/// Whether a line can be the first of a block.
fn opens(syntax: Syntax, line: &str) -> bool {
    match syntax {
        Syntax::Yaml => name(line).is_some() || line.starts_with('{'),
        Syntax::Toml => line.starts_with('[') || line.contains('='),
        Syntax::Json => true,
    }
}

/// The name in a line `name: value` or `name = value` that is not indented, and what follows it.
pub fn name(line: &str) -> Option<(&str, &str)> {
    let end = line.find([':', '='])?;
    let (name, value) = (line.get(..end)?, line.get(end + 1..)?);
    let bare = name.trim_end().trim_matches(['"', '\'']);
    let starts = bare.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let ends = value.is_empty()
        || value.starts_with([' ', '\n'])
        || line.as_bytes().get(end) == Some(&b'=');
    (starts && ends && name.len() <= 64 && !line.starts_with(' ')).then_some((bare, value))
}

/// The lines from the block's beginning that can be metadata, for a block that is not closed or
/// does not parse; then what follows them, and the number of the last of them.
///
/// Prose begins at the first blank line that no further `name: value` follows, or at a line that
/// is neither that, nor indented, nor an item of a list, nor a comment.
pub fn metadata_lines<'a>(text: &'a str, block: &Block<'a>) -> (&'a str, &'a str, usize) {
    let offset = block.text.as_ptr().addr() - text.as_ptr().addr();
    let rest = text.get(offset..).unwrap_or_default();
    let (mut at, mut end, mut number, mut last) = (0, 0, block.first_line, block.first_line);
    let mut after_blank = false;
    // Names are single words; a sentence with a colon in it is prose.
    let word = |line| name(line).is_some_and(|(name, _)| !name.contains(' '));
    for line in block.text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        at += line.len();
        number += 1;
        if trimmed.is_empty() {
            after_blank = true;
            continue;
        }
        let inside = match block.syntax {
            Syntax::Json => trimmed.starts_with(['{', '}', ' ', '"', ']']),
            _ if after_blank => word(trimmed) || trimmed.starts_with('['),
            _ => {
                word(trimmed)
                    || trimmed.starts_with([' ', '[', ']', '}'])
                    || trimmed.starts_with("- ")
                    || (block.closed && trimmed.starts_with('#'))
            }
        };
        if !inside {
            break;
        }
        after_blank = false;
        end = at;
        last = number - 1;
    }
    if block.closed && end >= block.text.trim_end().len() {
        return (block.text, block.body, last);
    }
    (
        rest.get(..end).unwrap_or_default(),
        rest.get(end..).unwrap_or_default(),
        last,
    )
}
