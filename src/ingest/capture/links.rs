//! What stands in a page's text for its links and pictures, taken out before it is cut.
//!
//! Text browsers number their links and list the addresses at the end, mail programs put them in
//! brackets, pages turned into Markdown have them behind the linked text.

use std::borrow::Cow;

/// Takes out what text browsers and mail programs put in for links: `[12]` with the list of
/// references at the end, `<https://…>` and `( https://… )` behind the linked text.
pub fn strip_links(text: &str) -> String {
    let unlinked = unlink(text);
    let text = unlinked.as_ref();
    let (text, numbered) = match references(text) {
        Some(start) => (&text[..start], true),
        None => (
            text,
            text.matches("[IMG]").count() > 0 && text.contains("[1]"),
        ),
    };
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
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
            strip_line(line, numbered, &mut out);
        } else {
            out.push_str(line);
        }
    }
    out
}

/// Takes the addresses out of a page that was turned into Markdown: `[text](https://…)` says "text",
/// `![words](https://…)` is a picture. A link may be broken over lines.
fn unlink(text: &str) -> Cow<'_, str> {
    const LINKS: usize = 3;
    if text.matches("](").take(LINKS).count() < LINKS {
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
                let target = rest.strip_prefix('(').and_then(|inner| {
                    let end = inner.find([')', '\n'])?;
                    inner[end..].starts_with(')').then_some(end + 2)
                });
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
                    || is_picture_file(inner)
            }
            '>' if !inner.contains(' ') && inner.starts_with(['/', '#', '.']) => inner.len() > 2,
            '>' if inner.starts_with("mailto:") => true,
            _ if matches!(*inner, "BUTTON" | "Button" | "not implemented" | "Submit") => true,
            _ => is_url(inner.trim()) && !before.trim_end().ends_with(':'),
        });
        match cut {
            Some((_, length)) => rest = &tail[length..],
            None => {
                out.push_str(&tail[..1]);
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
}

/// "logo.png": what a text browser shows for a picture without words.
fn is_picture_file(name: &str) -> bool {
    let ends = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico"];
    !name.contains(' ')
        && ends
            .iter()
            .any(|end| name.to_ascii_lowercase().contains(end))
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
fn references(text: &str) -> Option<usize> {
    let mut start = None;
    let mut above = 0;
    let mut end = text.len();
    for line in text.rsplit('\n').take(20_000) {
        let begin = end.saturating_sub(line.len());
        let line = line.trim();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let address = digits > 0
            && line[digits..]
                .strip_prefix(". ")
                .is_some_and(|rest| rest.contains(':') && !rest.trim().contains(' '));
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
