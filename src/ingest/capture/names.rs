//! Bylines: who wrote it.

use super::key;
use super::shape;
use super::split::split_and;
use super::words::{BY, PLACES, ROLES};

/// The names that a byline gives ("By Jane Doe and John Roe, Staff Writers"), if it is one.
pub fn byline(text: &str) -> Option<Vec<String>> {
    if let Some(names) = wrote(text) {
        return Some(names);
    }
    let rest = after_by(text)?;
    let names = names(rest);
    let first = names.first()?;
    // "By the time you retire" is no byline, "By dpa" and "by nora" are.
    let short = shape::word_count(rest) <= 3 && !shape::ends_sentence(rest);
    (is_name(first) || (short && shape::word_count(first) <= 2)).then_some(names)
}

/// "moth_lamp (moth_lamp) wrote,": journals name their writer so.
fn wrote(text: &str) -> Option<Vec<String>> {
    let who = text.trim_end_matches([',', ':']).strip_suffix(" wrote")?;
    let name = who.split(" (").next()?.trim();
    let ended = text.len() > who.len() + " wrote".len();
    (ended && shape::word_count(name) <= 3).then(|| vec![name.to_owned()])
}

/// What follows the words of a byline.
pub fn after_by(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['|', '•', '·', '-', '–', '—', '*', '/', ' ', '(', '✍']);
    BY.iter().find_map(|by| {
        let head = text.get(..by.len())?;
        let rest = &text[by.len()..];
        let apart = rest.starts_with([' ', ':', '\u{a0}', '\t']);
        let case = head.to_lowercase() == **by;
        (case && apart).then(|| rest.trim_start_matches([':', ' ', '\u{a0}', '\t']))
    })
}

/// The names in the rest of a byline, without offices, places, addresses.
pub fn names(text: &str) -> Vec<String> {
    let text = cut_tail(text);
    let comma = text.contains([',', ';', '/', '|', '·']);
    let mut found: Vec<String> = Vec::new();
    for (nth, part) in text.split([',', ';', '/', '|', '·', '•']).enumerate() {
        // "Department for Land and Nature" is one name, "Jane Doe and John Roe" two.
        let split = split_and(part);
        let all_names = split.iter().all(|piece| is_name(clean(piece)));
        let first_names =
            split.len() > 1 && split.iter().all(|piece| shape::word_count(piece) == 1);
        let pieces = if all_names || first_names || comma {
            split
        } else {
            vec![part]
        };
        for piece in pieces {
            let piece = clean(piece);
            if piece.is_empty() {
                continue;
            }
            let wanted = if nth == 0 && found.is_empty() {
                true
            } else {
                is_name(piece) && !is_place(piece) && !has_role(piece)
            };
            if wanted && !found.iter().any(|name| name == piece) {
                found.push(piece.to_owned());
            }
        }
        if nth == 0 && found.is_empty() {
            return found;
        }
    }
    found
}

/// Cuts off what follows the names of a byline.
fn cut_tail(text: &str) -> &str {
    let mut end = text.len();
    let lower = shape::fold(text);
    let upper = shape::is_upper(text);
    for stop in [
        " on ",
        " in ",
        " for ",
        " at ",
        " am ",
        " from ",
        " um ",
        " für ",
        " le ",
        " à ",
        " a las ",
        " alle ",
        " às ",
        " pour ",
        " el ",
        " para ",
        " il ",
        " per ",
        " op ",
        " voor ",
        " aus ",
        " (",
        " - ",
        " – ",
        " — ",
        " updated",
        " posted",
        " published",
        "\u{1}",
        " @",
        " follow",
        " comments",
        " | ",
        " · ",
    ] {
        // "le 3 mai" ends a byline, "Maïwenn Le Guirrec" does not.
        let cut = lower
            .match_indices(stop)
            .map(|(at, _)| at)
            .find(|&at| upper || text[at..].starts_with(stop));
        end = end.min(cut.unwrap_or(end));
    }
    // "Jane Doe. All rights reserved": an initial has one letter.
    if let Some(at) = text.find(". ").filter(|&at| {
        text[..at]
            .rsplit([' ', '-'])
            .next()
            .is_some_and(|word| word.chars().count() > 3)
    }) {
        end = end.min(at);
    }
    // An address of mail, a count of comments.
    let mut at = 0;
    for word in text.split_inclusive(' ') {
        if at > 0 && (word.contains('@') || word.starts_with(|c: char| c.is_ascii_digit())) {
            // A link to what the name is elsewhere stands right behind it: "Ada Bell@adabell".
            let name = word.split_once('@').filter(|(name, handle)| {
                name.starts_with(char::is_uppercase) && !handle.contains('.')
            });
            end = end.min(at + name.map_or(0, |(name, _)| name.len()));
        }
        at += word.len();
    }
    text[..end].trim()
}

fn clean(text: &str) -> &str {
    let text = text
        .trim()
        .trim_matches([
            ',', ';', ':', '|', '·', '•', '-', '–', '—', '"', '*', '_', ')', '(',
        ])
        .trim();
    // The full stop of "Jr." and of an initial belongs to the name.
    match text.strip_suffix('.') {
        Some(bare)
            if !bare.ends_with("Jr")
                && !bare.ends_with("Sr")
                && bare
                    .rsplit(' ')
                    .next()
                    .is_some_and(|last| last.chars().count() > 1) =>
        {
            bare
        }
        _ => text,
    }
}

fn has_role(text: &str) -> bool {
    text.to_lowercase()
        .split(|c: char| !c.is_alphabetic())
        .any(|word| ROLES.contains(&word))
}

fn is_place(text: &str) -> bool {
    PLACES.contains(&text.to_lowercase().as_str())
}

/// Whether a text looks like the name of a person: two to five words, each with a capital,
/// particles apart.
pub fn is_name(text: &str) -> bool {
    let text = text.trim();
    let mut words = 0;
    let mut capitals = 0;
    if text.chars().count() > 50 || text.is_empty() {
        return false;
    }
    for word in text.split_whitespace() {
        words += 1;
        let particle = matches!(
            word.to_lowercase().as_str(),
            "de" | "da"
                | "do"
                | "dos"
                | "das"
                | "del"
                | "della"
                | "di"
                | "du"
                | "des"
                | "la"
                | "le"
                | "van"
                | "von"
                | "vom"
                | "zu"
                | "zur"
                | "der"
                | "den"
                | "ter"
                | "ten"
                | "te"
                | "el"
                | "al"
                | "bin"
                | "ibn"
                | "ben"
                | "af"
                | "av"
                | "y"
                | "e"
                | "i"
                | "st"
                | "st."
                | "d'"
                | "'t"
        );
        if particle && words > 1 {
            continue;
        }
        let mut chars = word.chars();
        let first = chars.next();
        let upper = first.is_some_and(char::is_uppercase)
            || word
                .strip_prefix("d'")
                .or(word.strip_prefix("d’"))
                .is_some_and(|rest| rest.starts_with(char::is_uppercase));
        let letters = word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '‐'));
        // A full stop ends an initial or a title only.
        let dot = word.ends_with('.') && word.chars().count() > 4 && word != "Prof.";
        if !upper || !letters || dot {
            return false;
        }
        capitals += 1;
    }
    (2..=5).contains(&words) && capitals >= 2
}

/// Whether a line could be an author's name standing alone: a name, no office, no button.
pub fn is_bare_name(text: &str) -> bool {
    let parts = split_and(text);
    let commas: Vec<&str> = text.split(',').collect();
    let each = |parts: &[&str]| {
        parts.iter().all(|part| {
            let part = part.trim();
            is_name(part) && !has_role(part) && !is_place(part) && !starts_common(part)
        })
    };
    each(&parts) || (commas.len() > 1 && commas.iter().all(|part| each(&split_and(part))))
}

/// "Jane Doe, The Alder Valley Gazette": a name with an office or a house behind it.
pub fn is_name_and_house(text: &str) -> bool {
    let Some((name, house)) = text.split_once([',', '|', '·', '/']) else {
        return false;
    };
    let house = house.trim();
    is_name(name)
        && !has_role(name)
        && !starts_common(name)
        && shape::word_count(house) <= 6
        && (has_role(house) || house.starts_with("The "))
        && !shape::ends_sentence(house)
}

/// Headlines and headings in capitals begin with these, names do not.
fn starts_common(text: &str) -> bool {
    let first = text
        .split_whitespace()
        .next()
        .map(key::of)
        .unwrap_or_default();
    matches!(
        first.as_str(),
        "the"
            | "a"
            | "an"
            | "our"
            | "my"
            | "your"
            | "this"
            | "that"
            | "how"
            | "why"
            | "what"
            | "who"
            | "when"
            | "where"
            | "in"
            | "on"
            | "at"
            | "from"
            | "for"
            | "to"
            | "of"
            | "and"
            | "more"
            | "most"
            | "top"
            | "new"
            | "latest"
            | "all"
            | "read"
            | "related"
            | "opinion"
            | "local"
            | "us"
            | "uk"
            | "world"
            | "breaking"
            | "press"
            | "about"
            | "get"
            | "see"
            | "view"
            | "is"
            | "are"
            | "do"
            | "der"
            | "die"
            | "das"
            | "ein"
            | "eine"
            | "wie"
            | "warum"
            | "was"
            | "wer"
            | "im"
            | "am"
            | "zum"
            | "zur"
            | "mehr"
            | "neue"
            | "le"
            | "les"
            | "la"
            | "un"
            | "une"
            | "des"
            | "el"
            | "los"
            | "las"
            | "una"
            | "lo"
            | "il"
            | "i"
            | "gli"
            | "uma"
            | "os"
            | "as"
            | "het"
            | "een"
            | "de"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_right_behind_a_name_is_none_of_it() {
        for text in [
            "By Ada Bell@adabell Nov 19, 2019, 7:53pm EST",
            "By Ada Bell ada@example.org",
            "By Ada Bell 15 comments",
        ] {
            assert_eq!(byline(text), Some(vec!["Ada Bell".to_owned()]), "{text}");
        }
    }
}
