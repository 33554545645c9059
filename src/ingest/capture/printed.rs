//! What single programs that print pages have of their own, turned into what all of them share.

use std::borrow::Cow;

/// Stands for a sign that was taken out of a line, so that it is known how full the line was. It is no
/// character, and what a text from outside has of it is dropped.
pub const HOLE: char = '\u{fdd0}';

/// Stand for the digits of a number that was taken out; no characters either.
const DIGITS: std::ops::RangeInclusive<char> = '\u{fdd1}'..='\u{fdda}';

/// Whether a character stands for one that was taken out.
pub fn is_hole(c: char) -> bool {
    c == HOLE || DIGITS.contains(&c)
}

/// Puts in what stands for a link's number and its brackets.
pub fn hide_number(digits: &str, out: &mut String) {
    out.push(HOLE);
    let digits = digits.chars().filter_map(|c| c.to_digit(10));
    out.extend(digits.filter_map(|digit| char::from_u32(u32::from(*DIGITS.start()) + digit)));
    out.push(HOLE);
}

/// The number that stands hidden at the beginning of a text, and what is behind it.
pub fn hidden_number(text: &str) -> Option<(u32, &str)> {
    let inner = text.strip_prefix(HOLE)?;
    let rest = inner.trim_start_matches(|c| DIGITS.contains(&c));
    let hidden = inner[..inner.len() - rest.len()].chars();
    let digits =
        hidden.filter_map(|c| char::from_digit(u32::from(c) - u32::from(*DIGITS.start()), 10));
    let number = digits.collect::<String>().parse().ok()?;
    Some((number, rest.strip_prefix(HOLE)?))
}

/// A text of html2text, the program in C++, as Markdown: it sets headings between stars and the words
/// of links together with underscores. None for all others.
pub fn of_html2text(text: &str) -> Option<String> {
    if !is_of_html2text(text) {
        return None;
    }
    /// No picture's words are on more lines than these below the first.
    const PICTURE: usize = 8;
    let mut out = String::with_capacity(text.len() + 256);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((level, words)) = stars(line) else {
            // A picture's words that go on over lines are as long as a paragraph of the text.
            if let Some(more) = picture(line, lines.clone().take(PICTURE)) {
                lines.by_ref().take(more).for_each(drop);
                continue;
            }
            push_spaced(&with_bullet(line), &mut out);
            out.push('\n');
            continue;
        };
        let closing = closing(level);
        let mut words = words.trim().to_owned();
        // A long heading goes on over lines, up to the stars that close it.
        for _ in 0..3 {
            if words.ends_with(&closing) {
                break;
            }
            let Some(next) = lines.next_if(|next| !next.trim().is_empty()) else {
                break;
            };
            words.push(' ');
            words.push_str(next.trim());
        }
        out.push('\n');
        out.push_str(&"#".repeat(level));
        out.push(' ');
        push_spaced(words.trim_end_matches(['*', '_']).trim(), &mut out);
        out.push_str("\n\n");
    }
    Some(out)
}

/// How many more lines the words of a picture have that begin on a line, where nothing else stands on these.
fn picture<'a>(line: &str, mut below: impl Iterator<Item = &'a str>) -> Option<usize> {
    let begun = line.trim_start();
    if !begun.starts_with('[') || begun.starts_with("[http") || begun.contains(']') {
        return None;
    }
    let mut more = 0;
    let last = below.find(|it| {
        more += 1;
        it.trim().is_empty() || it.contains(['[', ']'])
    })?;
    let closed = last.trim_end().strip_suffix(']');
    closed
        .filter(|words| !words.contains(['[', ']']))
        .map(|_| more)
}

/// Whether headings stand between stars and words of links are set together, many of them or few below a
/// heading that only this program would print.
fn is_of_html2text(text: &str) -> bool {
    const LINKS: usize = 8;
    const FEW: usize = 2;
    let headed = text.lines().any(|line| stars(line).is_some());
    let links = || text.split_whitespace().filter(|word| is_linked(word));
    // A heading that is closed on its line by as many stars.
    let closed = || {
        text.lines().any(|line| {
            stars(line).is_some_and(|(level, words)| level <= 3 && words.ends_with(&closing(level)))
        })
    };
    headed && (links().nth(LINKS - 1).is_some() || links().nth(FEW - 1).is_some() && closed())
}

/// The stars that end a heading.
fn closing(level: usize) -> String {
    "*".repeat(7 - level)
}

/// A line with the bullets of its lists within lists as those of other lists: a hash would make the
/// entry a heading.
fn with_bullet(line: &str) -> Cow<'_, str> {
    const INNER: usize = 4;
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    match text.strip_prefix("# ") {
        Some(entry) if indent >= INNER => Cow::Owned(format!("{}* {entry}", &line[..indent])),
        _ => Cow::Borrowed(line),
    }
}

/// The level of a heading that begins on a line, and the line's words. Those of one that is a link are set
/// together.
fn stars(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let count = line.bytes().take_while(|&byte| byte == b'*').count();
    let words = line.get(count..)?.strip_prefix([' ', '_'])?;
    ((2..=6).contains(&count) && words.contains(char::is_alphanumeric))
        .then_some((7 - count, words))
}

/// "Editorial_team": words of a link.
fn is_linked(word: &str) -> bool {
    !word.contains("://")
        && !word.starts_with('@')
        && word.split('_').filter(|part| !part.is_empty()).count() >= 2
}

/// Writes a line with the words of its links apart.
fn push_spaced(line: &str, out: &mut String) {
    for piece in line.split_inclusive(char::is_whitespace) {
        if is_linked(piece.trim_end()) {
            out.extend(piece.chars().map(|c| if c == '_' { ' ' } else { c }));
        } else {
            out.push_str(piece);
        }
    }
}

/// A text without what elinks says of the page's head above it: "Link: [1]canonical", maybe over lines.
pub fn without_links_of_head(text: &str) -> &str {
    const LINES: usize = 60;
    const BROKEN: usize = 3;
    let named = |line: &str| {
        let line = line.trim_start();
        line.starts_with("Link: ") || line.starts_with("Refresh: ")
    };
    let body = text.trim_start();
    if !named(body) {
        return text;
    }
    let (mut end, mut at, mut others) = (0, 0, 0);
    for line in body.split_inclusive('\n').take(LINES) {
        at += line.len();
        others = if named(line) { 0 } else { others + 1 };
        if others == 0 {
            end = at;
        } else if others > BROKEN || line.trim().is_empty() {
            break;
        }
    }
    &body[end..]
}

/// A text without the addresses that lynx puts in brackets before the words of its links, each maybe broken
/// over lines. None where there are hardly any.
pub fn without_addresses(text: &str) -> Option<String> {
    const MANY: usize = 8;
    /// A line that such an address has ended counts as full from here on.
    const FULL: usize = 72;
    const LONGEST: usize = 4000;
    let schemes = ["[https://", "[http://", "[file://", "[mailto:"];
    let opens = |at: usize| schemes.iter().any(|it| text[at..].starts_with(it));
    let all = text
        .match_indices('[')
        .map(|it| it.0)
        .filter(|at| opens(*at));
    if all.clone().take(MANY).count() < MANY {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in all {
        if at < from {
            continue;
        }
        let end = text[at..].find(']').map(|end| at + end + 1);
        let Some(end) = end.filter(|end| end - at < LONGEST && !text[at..*end].contains("\n\n"))
        else {
            continue;
        };
        out.push_str(&text[from..at]);
        from = end;
        let line = &out[out.rfind('\n').map_or(0, |it| it + 1)..];
        let begins = line.trim().is_empty();
        // It did not fit on the line above, which ended early for it.
        if begins && !out.trim_end_matches(' ').ends_with("\n\n") {
            out.truncate(out.trim_end().len());
        }
        let line = &out[out.rfind('\n').map_or(0, |it| it + 1)..];
        let broken = text[at..end].contains('\n') || begins;
        if broken && line.contains(char::is_alphanumeric) {
            let used = line.chars().count();
            out.extend(std::iter::repeat_n(HOLE, FULL.saturating_sub(used)));
            out.push_str("\n   ");
        }
        let last = text[at..end].rsplit('\n').next().unwrap_or_default();
        out.extend(std::iter::repeat_n(HOLE, last.trim_start().chars().count()));
    }
    out.push_str(&text[from..]);
    Some(out)
}
