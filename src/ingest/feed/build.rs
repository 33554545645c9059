//! A feed from the tags of its markup.

use url::Url;

use super::{
    Feed, FeedError,
    draft::Draft,
    names::{self, Name, Space},
    people::Person,
    text::{self, Entities, Inner},
    xml::{Piece, Tags, attributes},
};
use crate::{
    ingest::dates,
    story::{clean, link},
};

/// Elements further in are passed over: no feed has any use for them.
const DEEPEST: usize = 128;

/// Texts of elements other than titles and contents are not longer than this, in bytes.
const LONGEST_VALUE: usize = 64 * 1024;

/// Reads the markup of a feed that came from `address`.
pub(super) fn read(source: &str, address: Option<&Url>) -> Result<Feed, FeedError> {
    let mut walk = Walk::new(source, address);
    walk.run();
    if !walk.is_feed {
        let opening = source.get(..source.floor_char_boundary(1024));
        let opening = opening.unwrap_or_default().to_ascii_lowercase();
        let is_page = ["<html", "<!doctype html"]
            .iter()
            .any(|it| opening.contains(it));
        return Err(match is_page {
            true => FeedError::Page,
            false => FeedError::Other,
        });
    }
    Ok(walk.finish())
}

/// Whether the first element of a source is one that feeds begin with.
pub(super) fn opens_feed(source: &str) -> bool {
    let mut tags = Tags::new(source);
    loop {
        match tags.next() {
            Piece::Start { name, .. } => {
                let (_, local) = split(name);
                let rdf = || source.contains("purl.org/rss") || source.contains("netscape.com/rdf");
                return match local.to_ascii_lowercase().as_str() {
                    "rss" | "feed" | "channel" => true,
                    "entry" => source.contains("w3.org/2005/Atom"),
                    "rdf" => rdf(),
                    _ => false,
                };
            }
            Piece::Over => return false,
            Piece::End { .. } | Piece::Doctype(_) => {}
        }
    }
}

fn split(qualified: &str) -> (&str, &str) {
    qualified.split_once(':').unwrap_or(("", qualified))
}

/// An element that stands open.
struct Frame<'a> {
    qualified: &'a str,
    name: Name,
    tag: &'a str,
    /// Where its content begins.
    start: usize,
    /// Whether it belongs to something else than the entry or feed around it.
    apart: bool,
    /// How many scopes there were before it.
    scopes: (usize, usize, usize),
}

struct Walk<'a> {
    source: &'a str,
    tags: Tags<'a>,
    entities: Entities,
    address: Option<&'a Url>,
    frames: Vec<Frame<'a>>,
    /// How many elements stand open beyond [`DEEPEST`].
    deeper: usize,
    /// The innermost frame holds text, and so many elements of its name stand open in it.
    holding: Option<usize>,
    spaces: Vec<(&'a str, Space)>,
    bases: Vec<Url>,
    languages: Vec<String>,
    person: Option<Person>,
    feed: Feed,
    entry: Option<Draft>,
    is_atom: bool,
    is_feed: bool,
    period: Option<u32>,
    frequency: Option<u32>,
}

impl<'a> Walk<'a> {
    fn new(source: &'a str, address: Option<&'a Url>) -> Self {
        Walk {
            source,
            tags: Tags::new(source),
            entities: Entities::default(),
            address,
            frames: Vec::new(),
            deeper: 0,
            holding: None,
            spaces: Vec::new(),
            bases: Vec::new(),
            languages: Vec::new(),
            person: None,
            feed: Feed::default(),
            entry: None,
            is_atom: false,
            is_feed: false,
            period: None,
            frequency: None,
        }
    }

    fn run(&mut self) {
        loop {
            match self.tags.next() {
                Piece::Start {
                    name,
                    tag,
                    empty,
                    start,
                    end,
                } => self.start(name, tag, empty, start, end),
                Piece::End { name, start } => self.end(name, start),
                Piece::Doctype(doctype) => self.entities.declare(doctype),
                Piece::Over => break,
            }
        }
        self.close_down_to(0, self.source.len());
        self.finish_entry();
    }

    fn start(&mut self, qualified: &'a str, tag: &'a str, empty: bool, start: usize, end: usize) {
        if let Some(same) = &mut self.holding {
            // A text that was never ended ends where the next entry begins.
            let (_, local) = split(qualified);
            if self.entry.is_some() && matches!(local, "item" | "entry") {
                self.holding = None;
                self.close_entry(start);
            } else {
                let within = self.frames.last().map(|it| it.qualified);
                *same += usize::from(!empty && within == Some(qualified));
                return;
            }
        }
        if self.frames.len() >= DEEPEST {
            self.deeper += usize::from(!empty);
            return;
        }
        let scopes = (self.spaces.len(), self.bases.len(), self.languages.len());
        self.open_scopes(tag);
        let name = self.name(qualified);
        let parent = self.frames.last();
        let apart = parent.is_some_and(|it| {
            let holds = matches!(
                it.name,
                Name::Source | Name::Image | Name::Apart | Name::Other
            );
            it.apart || holds
        });
        let begins = matches!(name, Name::Entry | Name::Feed | Name::Root);
        self.is_feed |= begins;
        if name == Name::Entry {
            if self.entry.is_some() {
                self.close_entry(start);
            }
            self.begin_entry(tag);
        }
        let frame = Frame {
            qualified,
            name,
            tag,
            start: end,
            apart: apart && !begins,
            scopes,
        };
        if !frame.apart {
            self.opened(&frame);
        }
        self.frames.push(frame);
        if empty {
            self.close(end, true);
        } else if name.holds_text() {
            self.holding = Some(0);
        }
    }

    fn end(&mut self, qualified: &'a str, start: usize) {
        if let Some(same) = &mut self.holding {
            let within = self.frames.last().map(|it| it.qualified);
            if within == Some(qualified) {
                if *same > 0 {
                    *same -= 1;
                    return;
                }
            } else {
                let (_, local) = split(qualified);
                let outer = matches!(local, "item" | "entry" | "channel" | "feed" | "rss");
                if !outer || !self.is_open(qualified) {
                    return;
                }
            }
            self.holding = None;
        } else if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let open = self.frames.iter().rposition(|it| it.qualified == qualified);
        // Names of RSS are written in all ways, and sometimes in two at once.
        let alike = || {
            let alike = |it: &Frame<'_>| it.qualified.eq_ignore_ascii_case(qualified);
            self.frames.iter().rposition(alike)
        };
        if let Some(at) = open.or_else(alike) {
            self.close_down_to(at + 1, start);
            self.close(start, true);
        }
    }

    fn is_open(&self, qualified: &str) -> bool {
        self.frames.iter().any(|it| it.qualified == qualified)
    }

    /// Closes the entry under way, whose end is missing.
    fn close_entry(&mut self, at: usize) {
        let entry = self.frames.iter().rposition(|it| it.name == Name::Entry);
        if let Some(entry) = entry {
            self.close_down_to(entry, at);
        }
        self.finish_entry();
    }

    /// Closes the innermost frames until `left` are open.
    fn close_down_to(&mut self, left: usize, at: usize) {
        while self.frames.len() > left {
            self.close(at, false);
        }
    }

    /// Closes the innermost frame, whose content goes up to `end`. One that is not `ended` by a tag of
    /// its own ends where the first tag in it begins.
    fn close(&mut self, end: usize, ended: bool) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let raw = self.source.get(frame.start..end).unwrap_or_default();
        let raw = match ended {
            true => raw,
            false => first_text(raw),
        };
        if frame.name == Name::Entry {
            self.finish_entry();
        } else if !frame.apart {
            self.closed(&frame, raw);
        } else if frame.name == Name::Url
            && let Some(parent) = self.frames.last()
            && parent.name == Name::Image
            && !parent.apart
        {
            self.image(&self.value(raw));
        }
        let (spaces, bases, languages) = frame.scopes;
        self.spaces.truncate(spaces);
        self.bases.truncate(bases);
        self.languages.truncate(languages);
    }

    /// Takes up what an element declares for all in it: namespaces, base, language.
    fn open_scopes(&mut self, tag: &'a str) {
        let declares = ["xml", "lang", "base=", "BASE="];
        if !declares.iter().any(|it| tag.contains(it)) {
            return;
        }
        let mut base = None;
        let mut language = None;
        for (key, value) in attributes(tag) {
            match key {
                "xmlns" => self.spaces.push(("", names::space(value))),
                "xml:base" | "base" | "BASE" => base = Some(value),
                "xml:lang" | "lang" => language = Some(value),
                _ => {
                    if let Some(prefix) = key.strip_prefix("xmlns:") {
                        self.spaces.push((prefix, names::space(value)));
                    }
                }
            }
        }
        if let Some(base) = base {
            let base = text::decode(base.trim(), &self.entities);
            let whole = match self.base() {
                Some(outer) => outer.join(&base),
                None => Url::parse(&base),
            };
            self.bases.extend(whole);
        }
        if let Some(language) = language.and_then(tag_of) {
            self.languages.push(language);
        }
    }

    fn name(&self, qualified: &str) -> Name {
        let (prefix, local) = split(qualified);
        let mut lower = [0; 24];
        let Some(lower) = lower.get_mut(..local.len()) else {
            return Name::Other;
        };
        lower.copy_from_slice(local.as_bytes());
        lower.make_ascii_lowercase();
        let local = std::str::from_utf8(lower).unwrap_or_default();
        let declared = self.spaces.iter().rev().find(|(it, _)| *it == prefix);
        let space = match declared {
            Some((_, Space::Other)) | None => names::usual(prefix),
            Some((_, space)) => *space,
        };
        names::name(space, local)
    }

    /// What addresses are relative to here.
    fn base(&self) -> Option<&Url> {
        self.bases.last().or(self.address)
    }

    /// `address` made whole. What is whole stays as it is written.
    pub(super) fn whole(&self, address: &str) -> String {
        whole(address, self.base(), self.feed.link.as_deref())
    }

    /// A short text: an address, a date, a number.
    fn value(&self, raw: &str) -> String {
        let raw = raw.get(..raw.floor_char_boundary(LONGEST_VALUE));
        match text::inner(raw.unwrap_or_default(), &self.entities) {
            Inner::Text(text) => text.trim().to_owned(),
            Inner::Markup(markup) => text::visible(&markup).trim().to_owned(),
        }
    }

    /// The value of an attribute, decoded.
    fn attribute(&self, tag: &str, wanted: &str) -> Option<String> {
        let local = |key: &str| {
            let local = key.rsplit(':').next().unwrap_or(key);
            local.eq_ignore_ascii_case(wanted)
        };
        let (_, value) = attributes(tag).find(|(key, _)| local(key))?;
        Some(text::decode(value.trim(), &self.entities).into_owned())
    }

    fn begin_entry(&mut self, tag: &'a str) {
        let mut draft = Draft::default();
        draft.entry.id = self.attribute(tag, "about").filter(|it| !it.is_empty());
        self.entry = Some(draft);
    }

    fn finish_entry(&mut self) {
        if let Some(draft) = self.entry.take() {
            self.feed.entries.push(draft.finish());
        }
    }

    fn finish(mut self) -> Feed {
        let period = self
            .period
            .map(|it| it / self.frequency.unwrap_or(1).max(1));
        self.feed.interval = period.filter(|it| *it > 0);
        if self.is_atom {
            // RFC 4287, 4.1.2: who wrote the feed wrote what says nothing else.
            for entry in &mut self.feed.entries {
                if entry.authors.is_empty() {
                    entry.authors.clone_from(&self.feed.authors);
                }
            }
        }
        self.feed
    }
}

mod fields;

/// What stands before the first tag.
fn first_text(raw: &str) -> &str {
    let mut from = 0;
    while let Some(at) = raw.get(from..).and_then(|it| it.find('<')) {
        let rest = raw.get(from + at..).unwrap_or_default();
        let section = rest.starts_with("<![CDATA[").then(|| rest.find("]]>"));
        match section.flatten() {
            Some(length) => from += at + length,
            None if rest.starts_with("<![CDATA[") => return raw,
            None => return raw.get(..from + at).unwrap_or_default(),
        }
    }
    raw
}

/// A language tag, written as BCP 47 has it.
pub(super) fn tag_of(text: &str) -> Option<String> {
    let tag = clean::line(text).replace('_', "-");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    ((2..=35).contains(&tag.len()) && tag.chars().all(plain)).then_some(tag)
}

/// `address` made whole against a base, or else the feed's page. What is whole stays as it is written.
pub(super) fn whole(address: &str, base: Option<&Url>, page: Option<&str>) -> String {
    // Addresses are broken over lines by those who write feeds by hand.
    let address: String = address.split(['\n', '\r', '\t']).map(str::trim).collect();
    let address = clean::line(address.trim());
    if address.is_empty() || has_scheme(&address) {
        return address;
    }
    let page = || Url::parse(page?).ok();
    let joined = match base {
        Some(base) => base.join(&address),
        None => match page() {
            Some(page) => page.join(&address),
            None => return address,
        },
    };
    match joined {
        Ok(joined) if address.is_ascii() && !address.contains(' ') => joined.into(),
        // What people wrote in their own letters stays in them (RFC 3987).
        Ok(joined) => letters(joined.as_str()),
        Err(_) => address,
    }
}

/// An address with its letters beyond ASCII, and its spaces, decoded.
fn letters(address: &str) -> String {
    let decoded = link::decode_percent(address);
    let same = |c: char| c.is_ascii() && c != ' ';
    let plain: String = decoded.chars().filter(|c| same(*c)).collect();
    let encoded = address.matches('%').count();
    let beyond: usize = decoded
        .chars()
        .filter(|c| !same(*c))
        .map(char::len_utf8)
        .sum();
    // Where other characters were encoded too, they were so for a reason.
    match encoded == beyond && !plain.contains('\u{fffd}') {
        true => decoded,
        false => address.to_owned(),
    }
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// A date as feeds write them.
fn date(text: &str) -> Option<crate::story::Published> {
    dates::of_feed(text)
}
