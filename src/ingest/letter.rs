//! Letters: newsletters and other mail, read like stories.
//!
//! A letter (RFC 5322) is a file of its own (`.eml`, or one of a Maildir) or one of many in a mailbox
//! ([`mailbox`](super::mailbox)). `headers` knows what its headers say, `parts` what it consists of
//! (MIME, RFC 2045 to 2047), `text` sets the plain ones. The HTML part is read where there is one, through the
//! same walk as that of feeds; pictures that came with the letter show, and those of the web stay where they
//! are: to fetch one tells its sender who reads.

mod encoded;
mod headers;
mod parts;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;

use headers::Headers;
pub(super) use headers::name_of;
use parts::{Body, Parts};

use super::{decode, feed, html};
use crate::story::{Enclosure, Kind, Story, clean, link, words};

/// Pictures of a letter that are shown have so many bytes at most, one and all of them.
const PICTURE: usize = 2 * 1024 * 1024;
const PICTURES: usize = 8 * 1024 * 1024;

/// Bytes of a file that is taken out of a letter, at most.
const ATTACHMENT: usize = 256 * 1024 * 1024;

/// How the addresses of files begin that came with a letter, with their numbers behind it.
pub const ATTACHED: &str = "attachment:";

/// How far into the HTML a link to the letter's page on the web is looked for, in bytes from both ends.
const NEAR_THE_EDGE: usize = 48 * 1024;

/// What newsletters call the link to their page on the web.
const IN_BROWSER: [&str; 22] = [
    "in your browser",
    "in a browser",
    "in browser",
    "in the browser",
    "in web browser",
    "view online",
    "read online",
    "view on the web",
    "read on the web",
    "view web version",
    "web version",
    "webversion",
    "online version",
    "view as a web page",
    "im browser",
    "online ansehen",
    "onlineversion",
    "dans votre navigateur",
    "version en ligne",
    "en tu navegador",
    "nel browser",
    "in je browser",
];

/// Whether bytes begin as a letter does: with headers, of which some are those that mail has, or two that each
/// letter has and an empty line behind them all. A name that says so is believed sooner.
pub fn is_letter(bytes: &[u8], is_named: bool) -> bool {
    let opening = bytes.get(..bytes.len().min(8 * 1024)).unwrap_or_default();
    let opening = opening.strip_prefix(b"\xef\xbb\xbf").unwrap_or(opening);
    let mut known = 0;
    let mut mail = 0;
    let mut any = 0;
    let lines = opening.split(|byte| matches!(byte, b'\n' | b'\r'));
    for (n, line) in lines.filter(|it| !it.is_empty()).take(60).enumerate() {
        if n == 0 && line.starts_with(b"From ") || line.starts_with(b">From ") {
            continue;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(name) = headers::name_of(line) else {
            break;
        };
        any += 1;
        match &*name.to_ascii_lowercase() {
            "received"
            | "return-path"
            | "message-id"
            | "mime-version"
            | "delivered-to"
            | "dkim-signature"
            | "list-id"
            | "list-unsubscribe"
            | "content-transfer-encoding" => {
                mail += 1;
                known += 1;
            }
            "from" | "to" | "date" | "subject" | "reply-to" | "sender" | "cc" | "content-type" => {
                known += 1;
            }
            _ => {}
        }
    }
    match is_named {
        true => known > 0 || any > 1,
        false => known > 2 && mail > 0 || has_short_head(opening),
    }
}

/// Whether there is nothing but headers up to the first empty line, with two of `From`, `Subject` and `Date` among
/// them.
fn has_short_head(opening: &[u8]) -> bool {
    let mut known = 0;
    for (n, line) in opening.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let name = headers::name_of(line).map(str::to_ascii_lowercase);
        match name.as_deref() {
            Some("from" | "subject" | "date") => known += 1,
            Some(_) => {}
            None if line.is_empty() => return known > 1,
            None if n == 0 && line.starts_with(b"From ") => {}
            None if n > 0 && line.starts_with(b" ") || line.starts_with(b"\t") => {}
            None => return false,
        }
    }
    false
}

/// Reads a letter. `name` is called after where it has no subject; `pictures` says whether those that
/// came with it are to be shown, or only its words are wanted.
pub fn read(bytes: &[u8], name: &str, pictures: bool) -> Story {
    let raw = plain_lines(bytes);
    let parts = Parts::of(&raw);
    let mut story = about(&parts, name);
    let mut cid = Vec::new();
    let mut markdown = String::new();
    let mut room = if pictures { PICTURES } else { 0 };
    for body in &parts.bodies {
        let written = match body {
            Body::Html(html) => {
                let written = html::mail_to_markdown(html);
                shown_pictures(written, &parts, &mut room, &mut cid)
            }
            Body::Text { text, flowed } => text::markdown(text, *flowed),
            Body::Forwarded(inner) => inner.heading(),
        };
        let written = written.trim();
        if !written.is_empty() {
            if !markdown.is_empty() {
                markdown.push_str("\n\n");
            }
            markdown.push_str(written);
        }
    }
    story.markdown = without_browser_line(markdown);
    if story.markdown.is_empty() {
        story.warnings.push(match parts.has_headers {
            true => "This letter has no text.".to_owned(),
            false => "This is no letter as mail programs write them: it has no headers.".to_owned(),
        });
    }
    if parts.is_cut {
        let told = "This letter holds more than recto reads; the rest is left out.";
        story.warnings.push(told.to_owned());
    }
    story.enclosures = enclosures(&parts, &cid);
    story
}

/// Reads a letter for a list: without its body, with how many words that has, nearly.
pub fn head(bytes: &[u8], name: &str) -> (Story, usize) {
    let raw = plain_lines(bytes);
    let parts = Parts::of(&raw);
    let counted = parts.bodies.iter().map(|body| match body {
        Body::Html(html) => words(&visible(html)),
        Body::Text { text, .. } => words(text),
        Body::Forwarded(_) => 0,
    });
    let counted = counted.sum();
    (about(&parts, name), counted)
}

/// All that is known of a letter but its texts.
fn about(parts: &Parts<'_>, name: &str) -> Story {
    let headers: &Headers = &parts.headers;
    let subject = headers.subject();
    let title = subject.clone().unwrap_or_else(|| name.to_owned());
    let mut story = Story::new(Kind::Letter, title, String::new());
    story.title_given = subject.is_some();
    story.authors = headers.authors();
    story.published = headers.date();
    story.categories.extend(headers.list());
    story.id = headers.id();
    story.language = headers.language();
    let in_browser = || {
        parts.bodies.iter().find_map(|body| match body {
            Body::Html(html) => in_browser(html),
            _ => None,
        })
    };
    story.url = headers.page().or_else(in_browser);
    if let Some(url) = &mut story.url {
        *url = link::without_tracking(url).into_owned();
    }
    story
}

/// Bytes with line ends that end lines: where a letter has none but lone carriage returns, these are meant.
fn plain_lines(bytes: &[u8]) -> Cow<'_, [u8]> {
    let opening = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
    if opening.contains(&b'\n') || !opening.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let lines = bytes
        .iter()
        .map(|it| if *it == b'\r' { b'\n' } else { *it });
    Cow::Owned(lines.collect())
}

/// The address of the letter on the web, where a link in it says so: near its beginning or its end.
fn in_browser(html: &str) -> Option<String> {
    let first = html.get(..html.floor_char_boundary(NEAR_THE_EDGE))?;
    let rest = html.get(first.len()..)?;
    let last = rest.get(rest.floor_char_boundary(rest.len().saturating_sub(NEAR_THE_EDGE))..)?;
    [first, last].into_iter().find_map(|part| {
        let mut anchors = part.match_indices("<a ").chain(part.match_indices("<A "));
        anchors.find_map(|(at, _)| {
            let anchor = part.get(at..)?;
            let inside = anchor.get(..anchor.floor_char_boundary(8 * 1024))?;
            let (tag, after) = inside.split_once('>')?;
            let end = after.find("</a>").or_else(|| after.find("</A>"))?;
            let said = feed::without_tags(after.get(..end)?);
            is_browser_link(&said).then(|| address_in(tag)).flatten()
        })
    })
}

fn is_browser_link(said: &str) -> bool {
    let said: Vec<&str> = said.split_whitespace().collect();
    let said = said.join(" ").to_lowercase();
    said.chars().count() <= 80 && IN_BROWSER.iter().any(|it| said.contains(it))
}

/// The address that the tag of a link names, if it is one of the web.
fn address_in(tag: &str) -> Option<String> {
    let (_, after) = tag.split_once("href")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = after.get(1..)?.split(quote).next()?.trim();
    let address = clean::line(&address.replace("&amp;", "&"));
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    is_web.then_some(address)
}

/// A text without the line at its beginning that only offers the letter in the browser: the story's link
/// says so.
fn without_browser_line(markdown: String) -> String {
    let mut at = 0;
    for line in markdown.split_inclusive('\n').take(8) {
        let text = line.trim();
        let is_link =
            text.starts_with('[') && text.ends_with(')') && text.matches("](").count() == 1;
        let said = text
            .get(1..)
            .and_then(|it| it.split_once("]("))
            .map(|it| it.0);
        if is_link && said.is_some_and(is_browser_link) {
            let rest = markdown.get(at + line.len()..).unwrap_or_default();
            return format!("{}{}", &markdown[..at], rest.trim_start_matches('\n'));
        }
        at += line.len();
    }
    markdown
}

/// Markdown with the pictures that came with the letter written out in it (RFC 2392: `cid:`); which they
/// are is added to `cid`. What finds no room, or is no picture that recto draws, keeps its words alone.
fn shown_pictures(
    mut markdown: String,
    parts: &Parts<'_>,
    room: &mut usize,
    cid: &mut Vec<usize>,
) -> String {
    use base64::Engine;
    let mut out = String::new();
    while let Some(at) = markdown.find("](cid:") {
        let begin = at + "](".len();
        let rest = &markdown[begin..];
        let end = rest.find([')', ' ']).unwrap_or(rest.len());
        let named = link::decode_percent(&rest["cid:".len()..end]);
        let found = parts
            .files
            .iter()
            .position(|it| it.id.as_deref() == Some(&*named));
        out.push_str(&markdown[..begin]);
        if let Some(index) = found {
            let file = &parts.files[index];
            if !cid.contains(&index) {
                cid.push(index);
            }
            let bytes = if file.is_picture() {
                file.decoded(PICTURE.min(*room))
            } else {
                None
            };
            if let Some(bytes) = bytes {
                *room -= bytes.len();
                let letters = base64::engine::general_purpose::STANDARD.encode(bytes);
                out.push_str(&format!("data:{};base64,{letters}", file.media_type));
                markdown = rest[end..].to_owned();
                continue;
            }
        }
        out.push_str(&rest[..end]);
        markdown = rest[end..].to_owned();
    }
    out.push_str(&markdown);
    out
}

/// A file that came with a letter, by its address among the enclosures: its name and its bytes.
pub fn attachment(bytes: &[u8], address: &str) -> Option<(String, Vec<u8>)> {
    let number: usize = address.strip_prefix(ATTACHED)?.parse().ok()?;
    let raw = plain_lines(bytes);
    let parts = Parts::of(&raw);
    let file = parts.files.get(number)?;
    Some((file.name.clone(), file.decoded(ATTACHMENT)?))
}

/// What came with the letter and does not show in it.
fn enclosures(parts: &Parts<'_>, shown: &[usize]) -> Vec<Enclosure> {
    let shows =
        |n: &usize, file: &parts::File<'_>| shown.contains(n) || file.is_inner && file.id.is_some();
    let files = parts.files.iter().enumerate();
    let files = files.filter(|(n, file)| !shows(n, file));
    files
        .map(|(n, file)| Enclosure {
            url: format!("{ATTACHED}{n}"),
            media_type: Some(file.media_type.clone()),
            bytes: Some(file.size()),
            seconds: None,
            title: Some(file.name.clone()),
        })
        .collect()
}

/// What stands between the tags of HTML, without what browsers do not show.
fn visible(html: &str) -> String {
    let mut kept = String::with_capacity(html.len() / 2);
    let mut rest = html;
    'parts: while let Some(at) = rest.find('<') {
        for (opens, ends) in [
            ("<style", "</style"),
            ("<title", "</title"),
            ("<!--", "-->"),
        ] {
            let begins = rest.get(at..at + opens.len());
            if begins.is_some_and(|it| it.eq_ignore_ascii_case(opens)) {
                kept.push_str(&rest[..at]);
                let inside = &rest[at..];
                // What never ends hides all that follows.
                let end = inside
                    .find(ends)
                    .or_else(|| inside.find(&ends.to_uppercase()));
                rest = end
                    .and_then(|end| inside.get(end + ends.len()..))
                    .unwrap_or("");
                continue 'parts;
            }
        }
        kept.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
    }
    kept.push_str(rest);
    feed::without_tags(&kept)
}

/// The text of a part in whatever encoding it is said to be, or is.
fn decoded(bytes: &[u8], charset: Option<&str>) -> String {
    let text = decode::markup(bytes, charset);
    match clean::text(&text) {
        Cow::Owned(clean) => clean,
        Cow::Borrowed(_) => text.into_owned(),
    }
}
