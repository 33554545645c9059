//! What a letter consists of: texts, files and other letters (MIME, RFC 2045 and 2046), within bounds.

use std::borrow::Cow;

use mail_parser::HeaderName;

use super::{
    decoded,
    headers::{Headers, Structured},
};
use crate::story::{clean, escape};

/// Parts further in are not taken apart.
const DEEPEST: usize = 10;

/// Parts that are looked at, at most.
const MOST: usize = 1000;

/// The longest text of a part that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// A letter taken apart.
pub(super) struct Parts<'a> {
    pub(super) headers: Headers,
    pub(super) has_headers: bool,
    /// What is read, in its order.
    pub(super) bodies: Vec<Body>,
    /// What came with it.
    pub(super) files: Vec<File<'a>>,
    /// Whether there was more than is read.
    pub(super) is_cut: bool,
    seen: usize,
}

/// Something to read.
pub(super) enum Body {
    Html(String),
    /// Plain text, and whether its lines flow (RFC 3676): with how many to be joined.
    Text {
        text: String,
        flowed: Option<Flowed>,
    },
    /// The beginning of another letter that is carried in this one.
    Forwarded(Box<Forwarded>),
}

/// How the lines of a text flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flowed {
    /// Whether the space at a line's end is not part of the text.
    pub(super) deletes_space: bool,
}

/// Another letter within one.
pub(super) struct Forwarded {
    subject: Option<String>,
    authors: Vec<String>,
}

impl Forwarded {
    /// As a heading, with who wrote it below.
    pub(super) fn heading(&self) -> String {
        let mut title = String::new();
        escape::inline(self.subject.as_deref().unwrap_or("A letter"), &mut title);
        if title.ends_with(['#', '}']) {
            title.push_str("&#8203;");
        }
        let mut out = format!("## {title}");
        if !self.authors.is_empty() {
            out.push_str(&format!(
                "\n\n*{}*",
                escape::markdown(&self.authors.join(", "))
            ));
        }
        out
    }
}

/// A file that came with the letter.
pub(super) struct File<'a> {
    pub(super) name: String,
    /// In small letters, `image/png`.
    pub(super) media_type: String,
    /// By what the letter's text names it.
    pub(super) id: Option<String>,
    /// Whether it belongs to the text beside it (`multipart/related`).
    pub(super) is_inner: bool,
    encoding: Encoding,
    bytes: &'a [u8],
}

impl File<'_> {
    /// Whether recto draws such pictures.
    pub(super) fn is_picture(&self) -> bool {
        matches!(
            &*self.media_type,
            "image/png" | "image/jpeg" | "image/gif" | "image/webp"
        )
    }

    /// How long it is, nearly: nobody waits until it is decoded.
    pub(super) fn size(&self) -> u64 {
        let length = self.bytes.len() as u64;
        match self.encoding {
            Encoding::Base64 => length * 3 / 4 * 76 / 78,
            _ => length,
        }
    }

    /// Its content, if that has `most` bytes at most.
    pub(super) fn decoded(&self, most: usize) -> Option<Vec<u8>> {
        if self.bytes.len() / 2 > most {
            return None;
        }
        let bytes = self.encoding.decode(self.bytes).into_owned();
        (bytes.len() <= most && !bytes.is_empty()).then_some(bytes)
    }
}

/// How a part is encoded for its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    None,
    Base64,
    Quoted,
}

impl Encoding {
    fn of(headers: &Headers) -> Self {
        let said = headers.raw("Content-Transfer-Encoding").unwrap_or_default();
        match &*said.trim().to_ascii_lowercase() {
            "base64" => Encoding::Base64,
            "quoted-printable" => Encoding::Quoted,
            _ => Encoding::None,
        }
    }

    fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::None => Cow::Borrowed(bytes),
            Encoding::Base64 => Cow::Owned(from_base64(bytes)),
            Encoding::Quoted => Cow::Owned(from_quoted(bytes)),
        }
    }
}

impl<'a> Parts<'a> {
    /// Takes a letter apart. Nothing in it is an error: what cannot be understood is read as it stands.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        // The line that parts letters in a mailbox is none of its headers.
        let bytes = match bytes.starts_with(b"From ") {
            true => after_line(bytes),
            false => bytes,
        };
        let (head, body) = split(bytes);
        let headers = Headers::of(head);
        let mut parts = Parts {
            has_headers: !headers.is_empty(),
            headers: Headers::of(b""),
            bodies: Vec::new(),
            files: Vec::new(),
            is_cut: false,
            seen: 0,
        };
        parts.part(&headers, body, 0, Around::Nothing);
        parts.headers = headers;
        parts
    }

    fn part(&mut self, headers: &Headers, body: &'a [u8], depth: usize, around: Around) {
        self.seen += 1;
        if self.seen > MOST {
            self.is_cut = true;
            return;
        }
        let content = headers
            .structured(HeaderName::ContentType)
            .unwrap_or_default();
        let kind = match &*content.value {
            "" if around == Around::Digest => "message/rfc822",
            "" => "text/plain",
            kind => kind,
        };
        let boundary = content.parameter("boundary").filter(|it| !it.is_empty());
        if kind.starts_with("multipart/") && depth < DEEPEST {
            if let Some(boundary) = boundary {
                return self.several(kind, boundary, body, depth);
            }
        } else if kind.starts_with("multipart/") {
            self.is_cut = true;
            return;
        }
        let disposition = headers.structured(HeaderName::ContentDisposition);
        let disposition = disposition.unwrap_or_default();
        let is_attached = disposition.value == "attachment";
        match kind {
            "text/html" | "text/plain" if !is_attached => {
                self.text(headers, &content, kind == "text/html", body);
            }
            _ if kind.starts_with("multipart/") => self.text(headers, &content, false, body),
            "message/rfc822" | "message/global" if depth < DEEPEST => {
                let (head, inner) = split(body);
                let inner_headers = Headers::of(head);
                self.bodies.push(Body::Forwarded(Box::new(Forwarded {
                    subject: inner_headers.subject(),
                    authors: inner_headers.authors(),
                })));
                self.part(&inner_headers, inner, depth + 1, Around::Nothing);
            }
            _ => self.file(headers, &content, &disposition, kind, around, body),
        }
    }

    fn file(
        &mut self,
        headers: &Headers,
        content: &Structured,
        disposition: &Structured,
        kind: &str,
        around: Around,
        body: &'a [u8],
    ) {
        let name = disposition
            .parameter("filename")
            .or(content.parameter("name"));
        // A name that is a path is none.
        let name = name.map(|it| clean::line(it.rsplit(['/', '\\']).next().unwrap_or(it)));
        let name = name
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| match kind {
                kind if kind.starts_with("image/") => "A picture".to_owned(),
                kind if kind.starts_with("message/") => "A letter".to_owned(),
                _ => "A file without a name".to_owned(),
            });
        let id = headers.raw("Content-ID");
        let id = id.map(|it| it.trim().trim_matches(['<', '>']).to_owned());
        self.files.push(File {
            name,
            media_type: clean::line(kind),
            id: id.filter(|it| !it.is_empty()),
            is_inner: around == Around::Related,
            encoding: Encoding::of(headers),
            bytes: body,
        });
    }

    fn text(&mut self, headers: &Headers, content: &Structured, is_html: bool, body: &[u8]) {
        let bytes = Encoding::of(headers).decode(body);
        if bytes.len() > LONGEST {
            self.is_cut = true;
        }
        let bytes = bytes.get(..bytes.len().min(LONGEST)).unwrap_or_default();
        let text = decoded(bytes, content.parameter("charset"));
        if is_html {
            return self.bodies.push(Body::Html(text));
        }
        let says = |name: &str, value: &str| {
            let said = content.parameter(name);
            said.is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let flowed = says("format", "flowed").then(|| Flowed {
            deletes_space: says("delsp", "yes"),
        });
        self.bodies.push(Body::Text { text, flowed });
    }

    /// Takes the parts of a part: all of them, or of those that say the same the best one.
    fn several(&mut self, kind: &str, boundary: &str, body: &'a [u8], depth: usize) {
        let (parts, is_cut) = between(body, boundary.as_bytes());
        self.is_cut |= is_cut;
        let around = match kind {
            "multipart/related" => Around::Related,
            "multipart/digest" => Around::Digest,
            _ => Around::Nothing,
        };
        if parts.is_empty() {
            // Nothing is parted as was said: what stands there is read as it is.
            let nothing = Structured::default();
            return self.text(&Headers::of(b""), &nothing, false, body);
        }
        if kind != "multipart/alternative" {
            for (n, part) in parts.into_iter().enumerate() {
                let (head, inner) = split(part);
                // The first of related ones is the text that the others belong to.
                let around = if n == 0 && around == Around::Related {
                    Around::Nothing
                } else {
                    around
                };
                self.part(&Headers::of(head), inner, depth + 1, around);
            }
            return;
        }
        // Of alternatives the last is the richest (RFC 2046, 5.1.4), and HTML is what recto reads best; one
        // without words says nothing.
        let before = self.bodies.len();
        let mut best: Option<(u8, Vec<Body>)> = None;
        for part in parts {
            let (head, inner) = split(part);
            self.part(&Headers::of(head), inner, depth + 1, Around::Nothing);
            let found: Vec<Body> = self.bodies.drain(before..).collect();
            let worth = found.iter().map(worth).max().unwrap_or(0);
            if worth > 0 && best.as_ref().is_none_or(|(it, _)| worth >= *it) {
                best = Some((worth, found));
            }
        }
        self.bodies
            .extend(best.into_iter().flat_map(|(_, found)| found));
    }
}

/// What a part stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    Related,
    Digest,
}

fn worth(body: &Body) -> u8 {
    let has_words = |text: &str| text.contains(|c: char| c.is_alphanumeric());
    match body {
        Body::Html(html) => {
            let says = html.contains("<img") || has_words(&super::visible(html));
            if says { 3 } else { 0 }
        }
        Body::Text { text, .. } if has_words(text) => 2,
        Body::Text { .. } => 0,
        Body::Forwarded(_) => 1,
    }
}

/// Headers, and what follows the empty line after them.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|it| !it.is_empty()) {
        let length = rest
            .iter()
            .position(|it| *it == b'\n')
            .map_or(rest.len(), |it| it + 1);
        if rest[..length].iter().all(|it| matches!(it, b'\r' | b'\n')) {
            return (&bytes[..at], &rest[length..]);
        }
        at += length;
    }
    (bytes, &[])
}

fn after_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|it| *it == b'\n');
    end.and_then(|end| bytes.get(end + 1..)).unwrap_or_default()
}

/// What stands between the lines that part a body (RFC 2046, 5.1.1), and whether there was more than is read.
fn between<'a>(body: &'a [u8], boundary: &[u8]) -> (Vec<&'a [u8]>, bool) {
    let mut parts = Vec::new();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    while at < body.len() {
        let rest = &body[at..];
        let length = rest
            .iter()
            .position(|it| *it == b'\n')
            .map_or(rest.len(), |it| it + 1);
        let line = &rest[..length];
        let marked = line
            .strip_prefix(b"--")
            .and_then(|it| it.strip_prefix(boundary));
        let after = marked.map(<[u8]>::trim_ascii);
        if let Some(after @ (b"" | b"--")) = after {
            if let Some(begun) = begun {
                parts.push(&body[begun..at]);
            }
            begun = Some(at + length);
            if after == b"--" {
                return (parts, false);
            }
            if parts.len() > MOST {
                return (parts, true);
            }
        }
        at += length;
    }
    // It ends without saying so: it was cut off.
    if let Some(begun) = begun.and_then(|it| body.get(it..)) {
        parts.push(begun);
    }
    (parts, false)
}

/// Decodes base64, whatever stands between its letters.
fn from_base64(bytes: &[u8]) -> Vec<u8> {
    use base64::{
        Engine, alphabet,
        engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    };
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    let mut letters: Vec<u8> = Vec::with_capacity(bytes.len());
    letters.extend(
        bytes
            .iter()
            .filter(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/')),
    );
    // One letter alone is no byte.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    engine.decode(letters).unwrap_or_default()
}

/// Decodes quoted-printable (RFC 2045, 6.7); what is none stays as it is written.
fn from_quoted(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|it| char::from(*it).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte != b'=' {
            out.push(*byte);
            continue;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        if let (Some(high), Some(low)) = (digit(rest.first()), digit(rest.get(1))) {
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            at += 2;
            continue;
        }
        // A line that goes on, with spaces that were added on the way.
        let spaces = rest
            .iter()
            .take_while(|it| matches!(it, b' ' | b'\t' | b'\r'))
            .count();
        match rest.get(spaces) {
            Some(b'\n') => at += spaces + 1,
            None => at += spaces,
            Some(_) => out.push(b'='),
        }
    }
    out
}
