//! The plain text of a letter as Markdown: lines that flow are joined (RFC 3676), what is quoted becomes a
//! quote, the signature is set apart.

use super::parts::Flowed;
use crate::{ingest::plain, story::escape};

/// Quotes further in are written at this depth: no screen has room for more.
const DEEPEST: usize = 8;

/// The Markdown of a text.
pub(super) fn markdown(text: &str, flowed: Option<Flowed>) -> String {
    let text = text.replace("\r\n", "\n");
    let lines = lines(&text, flowed);
    let signature = lines
        .iter()
        .rposition(|(depth, line)| *depth == 0 && is_dashes(line));
    let (body, signature) = match signature {
        Some(at) => (&lines[..at], &lines[at + 1..]),
        None => (&lines[..], &lines[..0]),
    };
    let mut out = String::new();
    for run in body.chunk_by(|a, b| a.0 == b.0) {
        let depth = run[0].0;
        let text: Vec<&str> = run.iter().map(|(_, line)| line.as_str()).collect();
        let text = text.join("\n");
        // Its first line is no title: the letter has a subject.
        let shown = plain::body(&text);
        let shown = shown.trim();
        if shown.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        let sign = "> ".repeat(depth);
        for (n, line) in shown.lines().enumerate() {
            if n > 0 {
                out.push('\n');
            }
            out.push_str(if line.is_empty() {
                sign.trim_end()
            } else {
                &sign
            });
            out.push_str(line);
        }
    }
    let signed: Vec<&str> = signature.iter().map(|(_, line)| line.trim()).collect();
    let signed = signed.join("\n");
    if !signed.trim().is_empty() {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str("* * *\n\n");
        let signed = escape::markdown(signed.trim());
        // Its lines are lines: names, places, numbers.
        let mut lines = signed.lines().peekable();
        while let Some(line) = lines.next() {
            out.push_str(line);
            let next = lines.peek();
            if next.is_some_and(|it| !it.is_empty()) && !line.is_empty() {
                out.push('\\');
            }
            out.push('\n');
        }
    }
    out
}

/// The line that parts a letter from its signature (RFC 3676, 4.3).
fn is_dashes(line: &str) -> bool {
    matches!(line, "-- " | "--")
}

/// Lines without the signs of quotes, each with how deep it is quoted.
fn lines(text: &str, flowed: Option<Flowed>) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut flows = false;
    for line in text.lines() {
        let (depth, line) = quoted(line);
        // One space is stuffed in before what would look like a quote (RFC 3676, 4.4).
        let line = match flowed {
            Some(_) if depth == 0 => line.strip_prefix(' ').unwrap_or(line),
            _ => line,
        };
        let goes_on = flows && lines.last().is_some_and(|it| it.0 == depth) && !is_dashes(line);
        flows = flowed.is_some() && line.ends_with(' ') && !is_dashes(line);
        let kept = match flowed {
            Some(it) if flows && it.deletes_space => &line[..line.len() - 1],
            _ => line,
        };
        match lines.last_mut() {
            Some((_, before)) if goes_on => before.push_str(kept),
            _ => lines.push((depth, kept.to_owned())),
        }
    }
    lines
}

/// How deep a line is quoted, and what stands behind the signs.
fn quoted(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(after) = rest.strip_prefix('>') {
        depth += 1;
        rest = after;
        if let Some(after) = rest.strip_prefix(' ')
            && after.starts_with('>')
        {
            rest = after;
        }
    }
    let rest = match depth {
        0 => rest,
        _ => rest.strip_prefix(' ').unwrap_or(rest),
    };
    (depth.min(DEEPEST), rest)
}
