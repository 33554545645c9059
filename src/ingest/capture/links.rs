//! What stands in a page's text for its links and pictures, taken out before it is cut.
//!
//! Text browsers number their links and list the addresses at the end, mail programs put them in
//! brackets, pages turned into Markdown have them behind the linked text.

use std::borrow::Cow;

use super::printed::{self, HOLE};

/// Takes out what text browsers and mail programs put in for links: `[12]` with the list of
/// references at the end, `<https://…>` and `( https://… )` behind the linked text.
pub fn strip_links(text: &str) -> String {
    let bare = printed::without_addresses(text);
    let unlinked = unlink(bare.as_deref().unwrap_or(text));
    let text = unlinked.as_ref();
    let (text, numbered) = match references(text) {
        Some(start) => (&text[..start], true),
        None => (
            text,
            text.matches("[IMG]").count() > 0 && text.contains("[1]"),
        ),
    };
    let text = printed::without_links_of_head(without_head_links(text));
    let pictures = has_pictures(text);
    let mut out = String::with_capacity(text.len());
    let mut framed = false;
    for line in text.split_inclusive('\n') {
        // The address of a page within the page goes on.
        framed = (framed || line.contains("IFRAME: ")) && !line.trim().is_empty();
        if framed && !line.contains("IFRAME: ") && !line.trim().contains(' ') {
            continue;
        }
        // So wide, it is no field but a rule.
        const WIDE: usize = 60;
        let row = line.trim();
        if row.len() >= WIDE && row.chars().all(|c| c == '_') {
            out.push_str(line);
        } else if line.contains("___") || line.contains("IFRAME: ") {
            // A field to fill in, a page within the page.
            let line = line.replace('_', " ");
            let end = line.find("IFRAME: ").unwrap_or(line.len());
            strip_line(&line[..end], numbered, &mut out);
            if !out.ends_with('\n') {
                out.push('\n');
            }
        } else if line.contains(['[', '<', '(']) {
            let line = if pictures {
                without_pictures(line)
            } else {
                Cow::Borrowed(line)
            };
            strip_line(&line, numbered, &mut out);
        } else {
            out.push_str(line);
        }
    }
    out
}

/// A text without what a text browser says of the page's head above it: "#Feed alternate next", the names
/// of what it links to.
fn without_head_links(text: &str) -> &str {
    let text = text.trim_start_matches('\n');
    let first = text.trim_start_matches(' ');
    let named = first.strip_prefix('#').is_some_and(|name| {
        name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '[' | '\u{a0}'))
            && first.len() < text.len()
    });
    match text.find("\n\n") {
        Some(end) if named => &text[end..],
        _ => text,
    }
}

/// Whether a text browser has put the names of pictures' files in brackets all over the page.
fn has_pictures(text: &str) -> bool {
    const MANY: usize = 3;
    let names = text
        .match_indices('[')
        .filter(|(at, _)| bracketed(&text[at + 1..]).is_some_and(is_picture_name));
    names.take(MANY).count() == MANY
}

/// A line without such names.
fn without_pictures(line: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('[') {
        let name = bracketed(&rest[at + 1..]);
        let end = match name.filter(|name| is_picture_name(name)) {
            Some(name) => {
                out.push_str(&rest[..at]);
                out.extend(std::iter::repeat_n(HOLE, name.len() + 2));
                at + name.len() + 2
            }
            None => {
                out.push_str(&rest[..=at]);
                at + 1
            }
        };
        rest = &rest[end..];
    }
    if out.is_empty() && rest.len() == line.len() {
        return Cow::Borrowed(line);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Bytes of the longest name of a picture that stands in brackets.
const LONGEST_NAME: usize = 120;

/// What stands between a bracket that was passed just now and the one that ends it, where it is short enough
/// for a name: brackets that nothing ends must not have the rest of the text searched for each of them.
fn bracketed(rest: &str) -> Option<&str> {
    let most = rest.len().min(LONGEST_NAME + 1);
    let end = rest.as_bytes()[..most].iter().position(|b| *b == b']')?;
    rest.get(..end)
}

/// "bridge-1968", "IMG_2210": one word, put together as names of files are.
fn is_picture_name(name: &str) -> bool {
    let joined = name.contains(['-', '_', '.', '%']) || name.contains("::");
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    name.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.%@+:~".contains(&b))
        && (letters >= 3 && (joined || digits >= 2) || letters >= 1 && digits >= 3 || digits >= 6)
        && !name.starts_with("http")
}

/// Whether links are written as Markdown writes them.
pub fn has_markdown(text: &str) -> bool {
    const LINKS: usize = 3;
    text.matches("](").nth(LINKS - 1).is_some()
}

/// Takes the addresses out of a page that was turned into Markdown: `[text](https://…)` says "text",
/// `![words](https://…)` is a picture. A link may be broken over lines.
fn unlink(text: &str) -> Cow<'_, str> {
    if !has_markdown(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Where the text of each link that is open begins in what was written.
    let mut open: Vec<usize> = Vec::new();
    while let Some(at) = rest.find(['[', ']', '\n']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        rest = &tail[1..];
        match tail.as_bytes()[0] {
            b'[' => {
                open.push(out.len());
                out.push('[');
            }
            b'\n' => {
                // No link goes on past an empty line.
                if rest.starts_with('\n') {
                    open.clear();
                }
                out.push('\n');
            }
            _ => {
                let start = open.pop();
                let target = target(rest);
                match (start, target) {
                    (Some(start), Some(length)) => {
                        rest = &rest[length..];
                        if out[..start].ends_with('!') {
                            // Kept in its brackets: a picture's words.
                            out.remove(start - 1);
                            out.push(']');
                        } else {
                            out.remove(start);
                        }
                    }
                    _ => out.push(']'),
                }
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// How long the address behind a link's words is, with its parentheses. It may be broken over lines,
/// and have a title.
fn target(text: &str) -> Option<usize> {
    const LONGEST: usize = 4000;
    let inner = text.strip_prefix('(')?;
    let (mut depth, mut escaped) = (0, false);
    for (at, c) in inner.char_indices().take(LONGEST) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if inner[at + 1..].starts_with('\n') => return None,
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at + 2),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn strip_line(line: &str, numbered: bool, out: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['[', '<', '(']) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let close = match tail.as_bytes()[0] {
            b'[' => ']',
            b'<' => '>',
            _ => ')',
        };
        let inner = tail.find(close).map(|end| (&tail[1..end], end + 1));
        let cut = inner.filter(|(inner, _)| match close {
            ']' => {
                (numbered && !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit()))
                    || matches!(
                        *inner,
                        "IMG"
                            | "INLINE"
                            | "LINK"
                            | "BUTTON"
                            | "EMBED"
                            | "IFRAME"
                            | "[IMAGE]"
                            | "_"
                            | "x"
                            | " "
                            | "X"
                    )
                    || (!inner.is_empty() && inner.trim_matches(['_', ' ']).is_empty())
                    || inner.starts_with("INS:")
                    || inner.starts_with("BUTTON ")
                    // A button in the column beside the text.
                    || before.ends_with("   ") && !before.trim().is_empty() && tail.trim_end().ends_with(']')
                    || is_picture_file(inner)
            }
            '>' if !inner.contains(' ') && inner.starts_with(['/', '#', '.']) => inner.len() > 2,
            '>' if inner.starts_with("mailto:") => true,
            _ if matches!(*inner, "BUTTON" | "Button" | "not implemented" | "Submit") => true,
            _ => is_url(inner.trim()) && !before.trim_end().ends_with(':'),
        });
        match cut {
            Some((inner, length)) => {
                if close == ']' && inner.bytes().all(|byte| byte.is_ascii_digit()) {
                    printed::hide_number(inner, out);
                }
                rest = &tail[length..];
            }
            None => {
                out.push_str(&tail[..1]);
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
}

/// "logo.png": what a text browser shows for a picture without words.
pub fn is_picture_file(name: &str) -> bool {
    let ends = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico"];
    let mut words = name.split_whitespace().peekable();
    words.peek().is_some()
        && words.all(|word| {
            let word = word.to_ascii_lowercase();
            ends.iter().any(|end| word.contains(end))
        })
}

/// Whether a text is one web address and nothing else.
pub fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.contains('.') && !rest.contains(char::is_whitespace))
}

/// Where the list of references at the end of a text browser's dump begins: numbered addresses to
/// the end of the text, with a heading or two above them in whatever language.
pub fn references(text: &str) -> Option<usize> {
    let mut start = None;
    let mut above = 0;
    let mut below: Option<u32> = None;
    let mut apart = false;
    let mut end = text.len();
    for line in text.rsplit('\n').take(20_000) {
        let begin = end.saturating_sub(line.len());
        let line = line.trim();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let number: Option<u32> = line[..digits].parse().ok();
        // What a letter is to say, or a program, may have spaces.
        let counts = || {
            number
                .zip(below)
                .is_some_and(|(one, below)| one + 1 == below)
        };
        // "14. The words of a link", its address on a line of its own below.
        if digits == 0 && !line.contains(' ') && line.contains("://") {
            apart = true;
            end = begin.saturating_sub(1);
            continue;
        }
        let address = line[digits..].strip_prefix(". ").is_some_and(|rest| {
            let alone = rest.contains(':') && !rest.trim().contains(' ');
            number.is_some() && (alone || apart || rest.contains(':') && counts())
        });
        apart = false;
        if address {
            below = number;
        }
        if address {
            start = Some(begin);
            above = 0;
        } else if !line.is_empty() {
            start?;
            above += 1;
            // "References", "Visible links"
            if above > 2 || line.split_whitespace().count() > 3 {
                break;
            }
            start = Some(begin);
        }
        // The line break before it.
        end = begin.saturating_sub(1);
    }
    start.filter(|_| text.contains("[1]") || text.contains("[2]"))
}
