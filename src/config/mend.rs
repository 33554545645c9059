//! A settings file that is no TOML, as one that is: what cannot be read is taken out.
//!
//! A line at the top or in a feed is taken out alone. Of a rule, a search or an opener nothing is left:
//! half of one would mean something else. Lines keep their numbers.

use std::borrow::Cow;

use toml::de::DeTable;

/// Lines that are taken out of a part before it is given up.
const MOST: usize = 50;

/// A text that is TOML, but for parts that contradict each other, and what was taken out.
pub(super) struct Mended<'a> {
    pub text: Cow<'a, str>,
    /// Where something was taken out (a byte of the text as it was), and what was wrong.
    pub errors: Vec<(usize, String)>,
    /// Whether a feed was taken out that set a proxy.
    pub lost_proxy: bool,
}

pub(super) fn mend(text: &str) -> Mended<'_> {
    let mut mended = Mended {
        text: Cow::Borrowed(text),
        errors: Vec::new(),
        lost_proxy: false,
    };
    if DeTable::parse(text).is_ok() {
        return mended;
    }
    let mut out = String::with_capacity(text.len());
    for (at, part) in parts(text) {
        part_of(part, at, &mut out, &mut mended);
    }
    mended.text = Cow::Owned(out);
    mended
}

/// The parts of a file, each with where it begins: the top, then each list's entry with its heading.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && heading(line).is_some() {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    let parts = starts.iter().copied().zip(ends);
    parts
        .filter_map(|(start, end)| Some((start, text.get(start..end)?)))
        .collect()
}

/// The name in a line that is a heading, or was meant as one.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('[')?;
    let rest = rest.strip_prefix('[').unwrap_or(rest).trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let name = rest.get(..end)?;
    let is_value = ["true", "false", "inf", "nan"].contains(&name);
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_value).then_some(name)
}

/// Writes what is left of a part.
fn part_of(part: &str, at: usize, out: &mut String, mended: &mut Mended<'_>) {
    let name = part.lines().next().and_then(heading);
    let line_by_line = matches!(name, None | Some("feed"));
    let mut lines: Vec<&str> = part.split_inclusive('\n').collect();
    for _ in 0..MOST {
        let left = lines.concat();
        let Err(error) = DeTable::parse(&left) else {
            out.push_str(&left);
            return;
        };
        let wrong = error.span().map_or(0, |it| it.start);
        // At the end of the text, it is the last line that is not finished.
        let before = left.get(..wrong).unwrap_or(&left);
        let number = before
            .matches('\n')
            .count()
            .min(lines.len().saturating_sub(1));
        let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
        let start: usize = part.split_inclusive('\n').take(number).map(str::len).sum();
        mended
            .errors
            .push((at + start + column, error.message().to_owned()));
        let Some(line) = lines.get_mut(number) else {
            break;
        };
        if !line_by_line || (name.is_some() && number == 0) || line.trim().is_empty() {
            break;
        }
        // Who wrote that wants a proxy; what stands there instead is none.
        let is_proxy = line.trim_start().starts_with("proxy");
        *line = if is_proxy { "proxy = 0\n" } else { "\n" };
    }
    mended.lost_proxy |=
        line_by_line && part.lines().any(|it| it.trim_start().starts_with("proxy"));
    out.extend(part.matches('\n'));
}
