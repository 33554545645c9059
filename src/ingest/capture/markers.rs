//! What stands before the text of a line, or instead of one: bullets, numbers, rules, fields.

use super::lines::Marker;

/// "[Choose a town] [Find]": fields and buttons alone on a line.
pub fn is_row_of_fields(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']') && text.contains("] [")
}

/// Whether a line is a bullet that has lost its text.
pub fn is_bare_bullet(text: &str) -> bool {
    matches!(text, "•" | "□" | "☆" | "○" | "■" | "◎" | "+" | "*")
}

/// A row of dashes, stars or the like.
pub fn is_rule(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else {
        return false;
    };
    "-_*=~—–•·─━".contains(first) && text.chars().count() >= 3 && marks.all(|c| c == first)
}

/// Takes a list marker off a line.
pub fn split_marker(line: &str) -> (Marker, &str) {
    let mut chars = line.chars();
    // Text browsers set the entries of inner lists off by an "o".
    if let Some(rest) = line.strip_prefix("o ")
        && rest.starts_with(|c: char| c.is_uppercase())
    {
        return (Marker::Bullet, rest);
    }
    // "> A story": an arrow before a link.
    if let Some(rest) = line.strip_prefix(['>', '»', '›'])
        && rest.starts_with(' ')
        && rest.split_whitespace().nth(2).is_some()
    {
        return (Marker::Bullet, rest.trim_start());
    }
    if let Some(first) = chars.next()
        && "•*-–◦▪‣·●○■□+☆★◎△▽♡➢►".contains(first)
    {
        let rest = chars.as_str();
        // "** Heading" is how newsletters write headings.
        if first == '*'
            && let Some(rest) = rest.strip_prefix("* ")
        {
            return (Marker::None, rest.trim());
        }
        if rest.trim().is_empty() {
            return (Marker::None, line);
        }
        if rest.starts_with(char::is_whitespace) || (first == '•' && !rest.is_empty()) {
            return (Marker::Bullet, rest.trim_start());
        }
        return (Marker::None, line);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(rest) = line[digits..].strip_prefix(['.', ')'])
        && rest.starts_with(char::is_whitespace)
        && let Ok(number) = line[..digits].parse()
        // "3. November 2020" is no third entry of a list.
        && crate::ingest::dates::find(line.get(..60).unwrap_or(line)).is_none_or(|(range, _)| range.start > 0)
    {
        return (Marker::Number(number), rest.trim_start());
    }
    (Marker::None, line)
}
