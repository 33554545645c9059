//! Lines are broken where Unicode allows it: the cases of Unicode's own `LineBreakTest.txt`, where
//! `RECTO_LINEBREAKS` names that file. It belongs to Unicode and does not lie in this repository.

use super::*;
use crate::story::clean;

/// The bytes of `text` before which a line may begin.
fn opportunities(text: &str) -> Vec<usize> {
    let whole = Text::plain(text);
    let pieces = pieces(&whole, 0..text.len(), 10_000, Division::Never);
    pieces
        .iter()
        .skip(1)
        .map(|piece| piece.range.start)
        .collect()
}

/// A case: its text, and where it may be broken.
fn case(line: &str) -> Option<(String, Vec<usize>)> {
    let line = line.split('#').next()?.trim();
    let (mut text, mut breaks) = (String::new(), Vec::new());
    for sign in line.split_whitespace() {
        match sign {
            "÷" => breaks.push(text.len()),
            "×" => {}
            code => text.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?),
        }
    }
    // The end of a text is no place to break it.
    breaks.pop();
    (!text.is_empty()).then_some((text, breaks))
}

/// Whether this engine means to break otherwise than the cases of Unicode 15.0 do at byte `at`.
fn is_meant(text: &str, at: usize) -> bool {
    let is_mark = |c: &char| *c == '\u{308}';
    let mut before = text[..at].chars().rev().filter(|c| !is_mark(c));
    let after = text[at..].chars().next();
    match (before.next(), after) {
        // The cases take numbers as example 7 of section 8.2 does. By the rule itself (LB25), signs
        // of numbers hold together wherever they stand: "}%", ",0", "$(".
        (Some(',' | '.' | '/'), Some('0'..='9')) => true,
        (Some('}' | ')'), Some('%' | '$')) => true,
        (Some('%' | '$' | '\\'), Some('(' | '{' | '\u{2329}')) => true,
        // Since Unicode 15.1, LB15 keeps no opening bracket at a quotation mark before it, and asks
        // on which side of a quotation the mark stands.
        (Some(' '), Some('(' | '\u{2329}')) if before.next() == Some('"') => true,
        // Nor one that an address is not broken behind its scheme.
        (Some('/'), Some(_)) if text[..at].ends_with("://") => true,
        // No rule of Unicode's but of books: a spaced dash begins no line.
        (Some(' '), Some('–' | '—')) => true,
        // Unicode leaves it to whoever sets Korean whether its words are broken (section 8.1). Here
        // they are not, and what is part of one is not parted from it.
        (Some(a), Some(b)) if kept::is_within_korean(&a.to_string(), &b.to_string()) => true,
        _ => text.contains('«'),
    }
}

#[test]
fn lines_break_where_unicode_says() {
    let Some(path) = std::env::var_os("RECTO_LINEBREAKS") else {
        return;
    };
    let cases = std::fs::read_to_string(path).unwrap();
    let (mut count, mut meant, mut wrong) = (0, 0, Vec::new());
    for line in cases.lines() {
        let Some((text, wanted)) = case(line) else {
            continue;
        };
        // What is made harmless at the door never comes here; a line feed ends a paragraph.
        if clean::text(&text) != text || text.contains('\n') {
            continue;
        }
        count += 1;
        let found = opportunities(&text);
        let mut others = found
            .iter()
            .filter(|at| !wanted.contains(at))
            .collect::<Vec<_>>();
        others.extend(wanted.iter().filter(|at| !found.contains(at)));
        if others.is_empty() {
            continue;
        }
        if others.iter().all(|at| is_meant(&text, **at)) {
            meant += 1;
        } else {
            wrong.push(format!("{line}\n    found {found:?}"));
        }
    }
    assert!(count > 4000, "{count} cases are too few");
    assert!(meant < 160, "{meant} are taken for meant");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
