//! What a letter's headers say: its subject, who wrote it and when, the list it came by.

use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser};

use super::encoded;
use crate::{
    ingest::{dates, decode},
    story::{Published, clean},
};

/// Headers longer than this, in bytes, are read as far as that.
const LONGEST: usize = 256 * 1024;

/// Authors that a byline has room for.
const MOST_AUTHORS: usize = 8;

/// The headers of a letter, or of a part of it.
pub(super) struct Headers {
    message: Option<Message<'static>>,
    /// As they are written, for what is told line by line.
    raw: String,
}

impl Headers {
    /// Reads what stands before the first empty line.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let bytes = bytes.get(..bytes.len().min(LONGEST)).unwrap_or(bytes);
        // Letters and signs beyond ASCII are to be encoded (RFC 2047); where they are not, they are in
        // UTF-8 (RFC 6532), or in whatever the sender's machine had.
        let raw = encoded::mended(&decode::text(bytes, true)).into_owned();
        let message = MessageParser::default().parse_headers(&raw);
        let message = message.map(Message::into_owned);
        Headers { message, raw }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.message
            .as_ref()
            .is_none_or(|it| it.headers().is_empty())
    }

    /// A text that a header has, decoded and made harmless.
    fn text(&self, name: &'static str) -> Option<String> {
        let header = self.message.as_ref()?.header(HeaderName::parse(name)?)?;
        let text = match header {
            HeaderValue::Text(text) => text.clone().into_owned(),
            HeaderValue::TextList(list) => list.join(" "),
            _ => self.raw(name)?,
        };
        let text = clean::line(&text);
        (!text.is_empty()).then_some(text)
    }

    /// A header's value as it is written, unfolded (RFC 5322, 2.2.3).
    pub(super) fn raw(&self, name: &str) -> Option<String> {
        let mut lines = self.raw.lines().skip_while(|line| {
            let found = name_of(line.as_bytes());
            !found.is_some_and(|it| it.eq_ignore_ascii_case(name))
        });
        let mut value = lines.next()?.split_once(':')?.1.trim().to_owned();
        for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(line.trim());
        }
        Some(value)
    }

    pub(super) fn subject(&self) -> Option<String> {
        self.text("Subject")
    }

    /// Who wrote it: names, else addresses.
    pub(super) fn authors(&self) -> Vec<String> {
        let of = |name: HeaderName<'static>| {
            let header = self.message.as_ref()?.header(name)?;
            let people: Vec<String> = match header.as_address()? {
                Address::List(list) => list.iter().filter_map(called).collect(),
                Address::Group(groups) => {
                    let people = groups.iter().flat_map(|it| &it.addresses);
                    people.filter_map(called).collect()
                }
            };
            (!people.is_empty()).then_some(people)
        };
        let mut people = of(HeaderName::From)
            .or_else(|| of(HeaderName::Sender))
            .unwrap_or_default();
        people.truncate(MOST_AUTHORS);
        people
    }

    /// When it was sent; where it does not say, when it was received.
    pub(super) fn date(&self) -> Option<Published> {
        let sent = self.raw("Date").and_then(|it| dated(&it));
        let received = || dated(self.raw("Received")?.rsplit_once(';')?.1);
        sent.or_else(received)
    }

    /// Its identifier, without the brackets around it.
    pub(super) fn id(&self) -> Option<String> {
        let id = self.raw("Message-ID")?;
        let id = id.split(['<', '>']).find(|it| !it.trim().is_empty())?;
        let id = clean::line(id);
        (!id.is_empty() && id.len() < 1000).then_some(id)
    }

    /// The name of the list that it came by (RFC 2919).
    pub(super) fn list(&self) -> Option<String> {
        let said = self.raw("List-Id")?;
        let (phrase, id) = match said.split_once('<') {
            Some((phrase, id)) => (phrase, id.trim_end_matches('>')),
            None => ("", said.as_str()),
        };
        let phrase = match phrase.contains("=?") {
            // Encoded as any text in a header may be.
            true => decoded_word(phrase).unwrap_or_default(),
            false => phrase.to_owned(),
        };
        let phrase = clean::line(phrase.trim().trim_matches('"'));
        // Numbers are how servers call a list, not how people do.
        let is_number = |it: &str| it.bytes().filter(u8::is_ascii_digit).count() > 4;
        if !phrase.is_empty() && !is_number(&phrase) {
            return Some(phrase);
        }
        let name = clean::line(id.split('.').next()?);
        (name.len() > 1 && !is_number(&name) && !name.contains(' ')).then_some(name)
    }

    /// Its page on the web, where a header names one that is this letter's alone: `Archived-At` (RFC
    /// 5064), or a `List-Post` that is a page. `List-Archive` is the page of all of them.
    pub(super) fn page(&self) -> Option<String> {
        ["Archived-At", "List-Post"].into_iter().find_map(|name| {
            let said = self.raw(name)?;
            let page = clean::line(said.trim().trim_start_matches('<').trim_end_matches('>'));
            let url = url::Url::parse(&page).ok()?;
            let is_page = matches!(url.scheme(), "http" | "https") && url.path().len() > 1;
            is_page.then_some(page)
        })
    }

    pub(super) fn language(&self) -> Option<String> {
        let said = self.raw("Content-Language")?;
        let tag = said.split(',').next()?.trim();
        let is_tag = tag.len() < 36
            && tag
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-');
        (tag.len() > 1 && is_tag).then(|| tag.to_owned())
    }

    /// A structured header (`Content-Type`, `Content-Disposition`): what it says, in small letters, and
    /// its parameters.
    pub(super) fn structured(&self, name: HeaderName<'static>) -> Option<Structured> {
        let header = self.message.as_ref()?.header(name)?.as_content_type()?;
        let value = match header.subtype() {
            Some(subtype) => format!("{}/{subtype}", header.ctype()),
            None => header.ctype().to_owned(),
        };
        let parameters = header.attributes().unwrap_or_default();
        Some(Structured {
            value: value.to_ascii_lowercase(),
            parameters: parameters
                .iter()
                .map(|it| (it.name.to_ascii_lowercase(), it.value.clone().into_owned()))
                .collect(),
        })
    }
}

/// What a structured header says.
#[derive(Debug, Clone, Default)]
pub(super) struct Structured {
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl Structured {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The name of the header that a line begins, if it is one (RFC 5322, 2.2).
pub(in crate::ingest) fn name_of(line: &[u8]) -> Option<&str> {
    let end = line.iter().take(80).position(|byte| *byte == b':')?;
    let name = std::str::from_utf8(line.get(..end)?).ok()?.trim_end();
    let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_graphic());
    is_name.then_some(name)
}

/// What somebody is called: by name, else by address.
fn called(person: &mail_parser::Addr<'_>) -> Option<String> {
    let names = [person.name(), person.address()];
    names.into_iter().flatten().find_map(|name| {
        let name = clean::line(name.trim().trim_matches(['"', '\'']));
        (!name.is_empty()).then_some(name)
    })
}

/// An encoded word or several, decoded.
fn decoded_word(text: &str) -> Option<String> {
    let header = format!("Subject: {text}\n\n");
    let message = MessageParser::default().parse_headers(&header)?;
    message.subject().map(str::to_owned)
}

/// A date, without the name of its zone in brackets.
fn dated(text: &str) -> Option<Published> {
    let text = text.split('(').next().unwrap_or(text).trim();
    dates::of_feed(text.get(..text.floor_char_boundary(100))?)
}
