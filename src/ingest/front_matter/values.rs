//! What a value in front matter means as a title, a date, a list of names; in the many shapes that
//! people and programs give them.

use super::node::{Node, Value};
use crate::ingest::{ATTACHED, byline, dates};
use crate::story::{Enclosure, Picture, Published, clean};
use pulldown_cmark::{Event, Parser};
use std::{borrow::Cow, collections::BTreeSet};

/// The longest address that is believed.
const ADDRESS: usize = 4096;
/// The most entries of a list that are read.
const ENTRIES: usize = 500;

/// Whether a name as given is this one (lower-case letters and digits only).
fn is(given: &str, name: &str) -> bool {
    let mut given = given.bytes().filter(|b| !matches!(b, b'-' | b'_' | b' '));
    name.bytes()
        .all(|b| given.next().is_some_and(|g| g.eq_ignore_ascii_case(&b)))
        && given.next().is_none()
}

/// The text of a scalar; of a list with one scalar, that one's.
pub fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) => Some(text),
        Value::List(items) => match items.as_slice() {
            [only] => scalar(only),
            _ => None,
        },
        Value::Nothing | Value::Map(_) => None,
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A text on one line, with character references decoded.
///
/// # Errors
/// In words, when the value is a list or a table.
pub fn text(node: &Node) -> Result<Option<String>, String> {
    match scalar(node) {
        Some(text) => Ok(filled(clean::line(&entities(wikilink(text))))),
        None if matches!(node.value, Value::Nothing) => Ok(None),
        None => Err(format!(
            "this is {}, where a text belongs; put it in quotes",
            node.value.name()
        )),
    }
}

/// Decodes HTML's character references, once: sites write `&ldquo;` and `&amp;` into titles.
fn entities(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, reference) = rest.split_at(start);
        let other = |b: u8| !b.is_ascii_alphanumeric() && b != b'#';
        let end = reference
            .bytes()
            .skip(1)
            .take(32)
            .position(other)
            .map(|end| end + 1);
        let end = end.filter(|end| reference.as_bytes().get(*end) == Some(&b';'));
        let (reference, after) = reference.split_at(end.map_or(1, |end| end + 1));
        out.push_str(before);
        // The Markdown parser has the table of their names (CommonMark §2.5).
        match Parser::new(reference).nth(1) {
            Some(Event::Text(decoded)) if end.is_some() => out.push_str(&decoded),
            _ => out.push_str(reference),
        }
        rest = after;
    }
    if out.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The text that `[[target]]`, `[[folder/target#part]]` or `[[target|text]]` shows.
fn wikilink(text: &str) -> &str {
    let text = text.trim();
    let Some(inner) = text
        .strip_prefix("[[")
        .and_then(|text| text.strip_suffix("]]"))
    else {
        return text;
    };
    match inner.rsplit_once('|') {
        Some((_, shown)) => shown,
        None => inner
            .rsplit('/')
            .next()
            .unwrap_or(inner)
            .split('#')
            .next()
            .unwrap_or(inner),
    }
}

/// Files beside a letter's copy, as recto writes them: tables with the path of each, its name, its type and its
/// length. Lists of another kind are somebody else's.
pub fn attachments(node: &Node) -> Option<Vec<Enclosure>> {
    let Value::List(items) = &node.value else {
        return None;
    };
    let files: Vec<Enclosure> = items.iter().take(ENTRIES).filter_map(attachment).collect();
    (!files.is_empty()).then_some(files)
}

fn attachment(node: &Node) -> Option<Enclosure> {
    let Value::Map(map) = &node.value else {
        return None;
    };
    let of = |name: &str| {
        let found = map.iter().find(|(given, _)| given == name);
        found.and_then(|(_, it)| scalar(it)).map(clean::line)
    };
    let path = of("file").filter(|it| it.len() <= ADDRESS)?;
    let is_beside =
        !path.starts_with('/') && !path.split('/').any(|it| matches!(it, "" | "." | ".."));
    is_beside.then(|| Enclosure {
        url: format!("{ATTACHED}{path}"),
        media_type: of("type"),
        bytes: of("bytes").and_then(|it| it.parse().ok()),
        seconds: None,
        title: of("name").or(Some(path)),
    })
}

/// A date; none where the value only says that there is none.
///
/// # Errors
/// In words, when the value is no date.
pub fn date(node: &Node) -> Result<Option<Published>, String> {
    let Some(text) = scalar(node) else {
        return match node.value {
            Value::Nothing => Ok(None),
            _ => Err(format!(
                "this is {}, where a date such as 2019-02-28 belongs",
                node.value.name()
            )),
        };
    };
    let text = text.trim();
    // Jekyll's "published: false" is no date; year 1 is how Hugo's templates write none.
    if text.is_empty() || text == "true" || text == "false" || text.starts_with("0001-01-01") {
        return Ok(None);
    }
    match dates::parse(text) {
        Some(date) => Ok(Some(date)),
        None => {
            let text = clean::line(text).chars().take(40).collect::<String>();
            Err(format!(
                "\"{text}\" is no date that can be read; write it as 2019-02-28"
            ))
        }
    }
}

/// Names: a byline, a list of names or of tables with a `name`, a table of such tables.
///
/// # Errors
/// Never: what is no name is left out.
pub fn authors(node: &Node) -> Result<Option<Vec<String>>, String> {
    let mut names = Vec::new();
    match &node.value {
        Value::Nothing => {}
        Value::Text(text) if text.trim().starts_with("[[") => names.push(wikilink(text).to_owned()),
        Value::Text(text) => names = byline::people(text),
        Value::List(_) | Value::Map(_) => entries(node, &mut names),
    }
    Ok(distinct(names))
}

/// The texts in a list, in lists within it, and the names of the tables in it.
fn entries(node: &Node, into: &mut Vec<String>) {
    match &node.value {
        Value::Nothing => {}
        Value::Text(text) => into.push(wikilink(text).to_owned()),
        Value::List(items) => items
            .iter()
            .take(ENTRIES)
            .for_each(|item| entries(item, into)),
        Value::Map(map) => {
            let named = map
                .iter()
                .find(|(name, _)| is(name, "name") || is(name, "title"));
            match named {
                Some((_, node)) => entries(node, into),
                // {ann: {name: Ann Lee}, bo: {name: Bo Chen}}
                None => map
                    .iter()
                    .filter(|(_, node)| matches!(node.value, Value::Map(_)))
                    .take(ENTRIES)
                    .for_each(|(_, node)| entries(node, into)),
            }
        }
    }
}

/// Cleaned, without what is empty or repeats another in all but case; none when nothing is left.
fn distinct(names: Vec<String>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let alone = names.len() == 1;
    let names: Vec<String> = names
        .iter()
        .take(ENTRIES)
        .map(|name| clean::line(&entities(name)))
        .filter(|name| !name.is_empty() && (alone || seen.insert(name.to_lowercase())))
        .collect();
    (!names.is_empty()).then_some(names)
}

/// A list, or one text parted at the separators.
///
/// # Errors
/// Never: what is no text is left out.
pub fn list(node: &Node, separators: &[char]) -> Result<Option<Vec<String>>, String> {
    let mut names = Vec::new();
    match &node.value {
        Value::Text(text) if text.trim().starts_with("[[") => names.push(wikilink(text).to_owned()),
        Value::Text(text) => names.extend(text.split(separators).map(str::to_owned)),
        _ => entries(node, &mut names),
    }
    Ok(distinct(names))
}

/// Tags in one text are parted by commas, or by spaces where there is no comma (Jekyll); a `#`
/// before them is their sign, not their name (Obsidian).
///
/// # Errors
/// Never: what is no text is left out.
pub fn tags(node: &Node) -> Result<Option<Vec<String>>, String> {
    let spaced = matches!(&node.value, Value::Text(text) if !text.contains([',', ';']));
    let tags = list(node, if spaced { &[' ', '\n'] } else { &[',', ';'] })?;
    let bare = |tag: &String| tag.trim_start_matches('#').to_owned();
    Ok(tags.and_then(|tags| distinct(tags.iter().map(bare).collect())))
}

/// A BCP 47 language tag; `_` is taken for `-`.
///
/// # Errors
/// In words, when the value is none.
pub fn language(node: &Node) -> Result<Option<String>, String> {
    let Some(text) = text(node)? else {
        return Ok(None);
    };
    let tag = text.replace('_', "-");
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let good = matches!(first.len(), 2 | 3)
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts
            .all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if good {
        Ok(Some(tag))
    } else {
        Err(format!(
            "\"{text}\" is no language tag; write it as en, de or pt-BR"
        ))
    }
}

/// An `http` or `https` address. Others are not opened, and names (`source: Reuters`) are none.
pub fn web_address(text: &str) -> Option<String> {
    let address = clean::text(text.trim());
    let scheme = address.split_once("://")?.0;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let sound = address.len() <= ADDRESS && !address.contains(char::is_whitespace);
    (web && sound).then(|| address.into_owned())
}

/// An address that is relative to where the story was published (Hugo's `url`): it begins with `/`
/// or `.`, so that no name is taken for one.
pub fn relative_address(text: &str) -> Option<String> {
    let text = text.trim();
    let sound = text.len() <= ADDRESS && !text.contains(char::is_whitespace);
    (sound && text.starts_with(['/', '.'])).then(|| clean::line(text))
}

/// A picture: an address or path, a list of them, or a table with `src` or `url` and `alt`.
pub fn picture(node: &Node) -> Option<Picture> {
    match &node.value {
        Value::Text(text) => {
            let text = text.trim();
            // ![[picture.png]] and ![alt](picture.png), as editors paste them.
            let text = text.strip_prefix('!').unwrap_or(text);
            let (alt, src) = match text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(')'))
            {
                Some(text) => text.split_once("](").unwrap_or(("", text)),
                None => (
                    "",
                    text.strip_prefix("[[")
                        .and_then(|t| t.strip_suffix("]]"))
                        .unwrap_or(text),
                ),
            };
            let src = clean::text(src);
            // A scheme is told from a path's colon by there being no slash before it.
            let local = src
                .find(':')
                .is_none_or(|colon| src.find('/').is_some_and(|slash| slash < colon));
            let sound = !src.is_empty() && src.len() <= ADDRESS && !src.contains('\n');
            (sound && !matches!(&*src, "true" | "false") && (local || web_address(&src).is_some()))
                .then(|| Picture {
                    src: src.into_owned(),
                    alt: clean::line(alt),
                })
        }
        Value::List(items) => items.iter().find_map(picture),
        Value::Map(map) => {
            let get = |names: &[&str]| {
                names.iter().find_map(|name| {
                    map.iter()
                        .find(|(given, _)| is(given, name))
                        .map(|(_, node)| node)
                })
            };
            let mut found = get(&["src", "url", "image", "path"]).and_then(picture)?;
            if let Some(alt) = get(&["alt", "caption", "title"]).and_then(scalar) {
                found.alt = clean::line(alt);
            }
            Some(found)
        }
        Value::Nothing => None,
    }
}
