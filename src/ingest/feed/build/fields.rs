//! What each element says of an entry or a feed.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Frame, Walk, date, tag_of};
use crate::{
    ingest::feed::{
        Content, Enclosure,
        draft::Aimed,
        names::Name,
        people::Person,
        text::{self, Entities, Inner},
    },
    story::clean,
};

impl<'a> Walk<'a> {
    /// Takes what an element says by its attributes.
    pub(super) fn opened(&mut self, frame: &Frame<'a>) {
        let tag = frame.tag;
        if frame.name == Name::Feed {
            self.is_atom |= frame.qualified.ends_with("feed");
        }
        let attribute = |name: &str| self.attribute(tag, name).filter(|it| !it.is_empty());
        match frame.name {
            Name::Root | Name::Feed | Name::Entry => {
                // CDF says it all by attributes.
                let (href, changed) = (attribute("href"), attribute("lastmod"));
                if let Some(href) = href {
                    let href = self.whole(&href);
                    self.link(href, Aimed::Alternate);
                }
                if let Some(at) = changed.and_then(|it| date(&it)) {
                    self.updated(at);
                }
            }
            Name::Link => {
                let Some(href) = attribute("href").or_else(|| attribute("url")) else {
                    return;
                };
                let relation = attribute("rel").unwrap_or_else(|| "alternate".to_owned());
                let kind = attribute("type");
                let href = self.whole(&href);
                let link = Relation {
                    relation: relation.to_ascii_lowercase(),
                    kind,
                    bytes: attribute("length"),
                    count: attribute("count"),
                    title: attribute("title"),
                };
                self.related(link, href);
            }
            Name::Author => self.person = Some(Person::default()),
            Name::Category => {
                let (label, term) = (attribute("label"), attribute("term"));
                if let Some(name) = label.or(term) {
                    self.category(&name);
                }
            }
            Name::ItunesCategory => {
                if let Some(name) = attribute("text") {
                    self.category(&name);
                }
            }
            Name::Enclosure | Name::MediaContent => {
                let Some(url) = attribute("url").or_else(|| attribute("href")) else {
                    return;
                };
                let medium = attribute("medium");
                let media_type = attribute("type").filter(|it| it.contains('/'));
                let file = Enclosure {
                    url: self.whole(&url),
                    media_type: media_type.or(medium).map(|it| clean::line(&it)),
                    bytes: number(attribute("length").or_else(|| attribute("filesize"))),
                    seconds: attribute("duration").and_then(|it| seconds(&it)),
                    title: None,
                };
                let width = number(attribute("width"));
                if let Some(entry) = &mut self.entry {
                    entry.file(file, frame.name == Name::Enclosure, width);
                }
            }
            Name::InReplyTo => {
                // Whether an identifier in part was made an address or not, only the comment that has it knows.
                let known = attribute("ref").filter(|it| !it.trim().is_empty());
                let known = known.or_else(|| attribute("href").map(|it| self.whole(&it)));
                if let Some(entry) = &mut self.entry
                    && let Some(known) = known.filter(|it| !it.is_empty())
                {
                    entry.entry.in_reply_to = Some(clean::line(&known));
                }
            }
            Name::MediaThumbnail | Name::ItunesImage | Name::Image => {
                let url = attribute("url").or_else(|| attribute("href"));
                let url = url.or_else(|| attribute("resource"));
                // Faces of who wrote it are that small.
                const FACE: u64 = 48;
                let width = number(attribute("width"));
                if let Some(url) = url
                    && width.is_none_or(|it| it > FACE)
                {
                    self.image(&url);
                }
            }
            _ => {}
        }
    }

    /// Takes what an element says by its text.
    pub(super) fn closed(&mut self, frame: &Frame<'a>, raw: &str) {
        match frame.name {
            Name::Title | Name::MediaTitle => self.title(frame, raw),
            Name::Content
            | Name::Body
            | Name::Description
            | Name::Summary
            | Name::Aside
            | Name::Subtitle => self.text(frame, raw),
            Name::Link => {
                let href = self.value(raw);
                if !href.is_empty() && self.attribute(frame.tag, "href").is_none() {
                    let relation = self.attribute(frame.tag, "rel");
                    let href = self.whole(&href);
                    self.related(
                        Relation {
                            relation: relation.unwrap_or_else(|| "alternate".to_owned()),
                            ..Relation::default()
                        },
                        href,
                    );
                }
            }
            Name::Id => self.id(frame, raw),
            Name::Published | Name::Created | Name::Updated => {
                let Some(at) = date(&self.value(raw)) else {
                    return;
                };
                match (&mut self.entry, frame.name) {
                    (Some(entry), Name::Published) => entry.entry.published = Some(at),
                    (Some(entry), Name::Created) => entry.created = Some(at),
                    _ => self.updated(at),
                }
            }
            Name::Author | Name::Host => {
                let mut person = self.person.take().unwrap_or_default();
                // One whose parts say nothing is nobody: blogs write an empty name where none is known.
                if person.shown().is_none() && !person.has_parts {
                    person = Person::of(&clean::line(&plain(&self.value(raw))));
                }
                match &mut self.entry {
                    Some(entry) if frame.name == Name::Host => entry.hosts.push(person),
                    Some(entry) => entry.people.push(person),
                    None => {
                        let name = person.shown().map(str::to_owned);
                        self.feed.authors.extend(name.filter(|_| self.is_atom));
                    }
                }
            }
            Name::Called | Name::Mailed => {
                let value = clean::line(&self.value(raw));
                if let Some(person) = &mut self.person {
                    person.has_parts = true;
                    match frame.name {
                        Name::Called => person.name = value,
                        _ => person.email = value,
                    }
                }
            }
            Name::Category => {
                let value = self.value(raw);
                self.category(&value);
            }
            Name::Keywords => {
                for word in self.value(raw).split(',').take(50) {
                    self.category(word);
                }
            }
            Name::ItunesDuration => {
                let length = seconds(&self.value(raw));
                if let Some(entry) = &mut self.entry {
                    entry.seconds = length;
                }
            }
            Name::MediaThumbnail | Name::Image => {
                let url = self.value(raw);
                // The picture of RSS 2.0 has elements of its own.
                if !url.is_empty() && !raw.contains("</") {
                    self.image(&url);
                }
            }
            Name::Url if self.entry.is_none() => {}
            Name::Icon => {
                let url = self.whole(&self.value(raw));
                if self.entry.is_none() && !url.is_empty() {
                    self.feed.icon.get_or_insert(url);
                }
            }
            Name::Language => {
                let tag = tag_of(&self.value(raw));
                match &mut self.entry {
                    Some(entry) if tag.is_some() => entry.entry.language = tag,
                    None if tag.is_some() => self.feed.language = tag,
                    _ => {}
                }
            }
            Name::Comments => {
                let url = self.whole(&self.value(raw));
                if let Some(entry) = &mut self.entry
                    && url.contains(':')
                {
                    entry.entry.comments_url = Some(url);
                }
            }
            Name::CommentsFeed => {
                let url = self.whole(&self.value(raw));
                if let Some(entry) = &mut self.entry
                    && !url.is_empty()
                {
                    entry.entry.comments_feed = Some(url);
                }
            }
            Name::CommentsCount => {
                let count = self.value(raw).parse().ok();
                if let Some(entry) = &mut self.entry {
                    entry.entry.comments_count = count.or(entry.entry.comments_count);
                }
            }
            Name::Ttl => self.feed.ttl = self.value(raw).parse().ok(),
            Name::Period => self.period = minutes(&self.value(raw)),
            Name::Frequency => self.frequency = self.value(raw).parse().ok(),
            Name::MovedTo => {
                let url = self.whole(&self.value(raw));
                self.feed.moved_to = Some(url).filter(|it| !it.is_empty());
            }
            _ => {}
        }
    }

    fn title(&mut self, frame: &Frame<'a>, raw: &str) {
        let kind = self.attribute(frame.tag, "type").unwrap_or_default();
        let title = match text::inner(raw, &self.entities) {
            Inner::Markup(markup) => text::visible(&markup),
            Inner::Text(it) if frame.tag.contains("base64") || is_binary(&kind) => {
                let it = base64(&it);
                match kind.contains("html") || text::has_tags(&it) {
                    true => text::visible(&it),
                    false => it,
                }
            }
            // Atom says what it is; RSS does not, and carries HTML.
            Inner::Text(it) if self.is_atom && !kind.contains("html") => it.into_owned(),
            Inner::Text(it) if self.is_atom => text::visible_of_html(&it),
            Inner::Text(it) => text::visible(&it),
        };
        let title = clean::line(&title);
        if title.is_empty() {
            return;
        }
        let parent = self.frames.last().map(|it| it.name);
        match &mut self.entry {
            // A picture's title is not the entry's.
            _ if parent == Some(Name::MediaContent) => {}
            Some(entry) if frame.name == Name::MediaTitle => {
                entry.other_title.get_or_insert(title);
            }
            Some(entry) if entry.entry.title.is_empty() => entry.entry.title = title,
            None if self.feed.title.is_empty() && frame.name == Name::Title => {
                self.feed.title = title;
            }
            _ => {}
        }
    }

    /// A text of some length: all of an entry, or what it is about.
    fn text(&mut self, frame: &Frame<'a>, raw: &str) {
        let kind = self.attribute(frame.tag, "type").unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let encoded = frame.tag.contains("base64") || (self.is_atom && is_binary(&kind));
        let inner = text::inner(raw, &self.entities);
        let (it, is_html) = match inner {
            Inner::Markup(markup) if kind == "html" || kind == "text/html" => {
                // It says that it is escaped, and it is, but for what some put around it.
                let escaped = text::within_division(&markup);
                let decoded = escaped.map(|it| text::decode(it, &Entities::default()).into_owned());
                (decoded.unwrap_or_else(|| markup.into_owned()), true)
            }
            Inner::Markup(markup) => (markup.into_owned(), true),
            Inner::Text(it) if encoded => {
                let it = base64(&it);
                let is_html = kind.contains("html") || text::has_tags(&it);
                (it, is_html)
            }
            Inner::Text(it) => {
                // What it says of itself is believed in Atom only, where it has a meaning.
                let says_text = self.is_atom && matches!(kind.as_str(), "text" | "text/plain");
                // What is ended is markup, whatever it is called; `Vec<T>` is not.
                let says_html = self.is_atom && kind.contains("html") && it.contains("</");
                let is_html = says_html || (!says_text && text::has_tags(&it));
                match is_html || says_text {
                    true => (it.into_owned(), is_html),
                    // References and no tags: a text, whose lines are lines.
                    false => (text::decode(&it, &Entities::default()).into_owned(), false),
                }
            }
        };
        if it.is_empty() {
            return;
        }
        let clean = if is_html { clean::typed } else { clean::text };
        let it = match clean(&it) {
            std::borrow::Cow::Owned(clean) => clean,
            std::borrow::Cow::Borrowed(_) => it,
        };
        let around = self.frames.last();
        let file = around.filter(|it| it.name == Name::MediaContent);
        let file = file.map(|it| self.attribute(it.tag, "url").unwrap_or_default());
        let file = file.map(|it| self.whole(&it));
        let Some(entry) = &mut self.entry else {
            let wanted = matches!(frame.name, Name::Description | Name::Subtitle | Name::Aside);
            if wanted && self.feed.description.is_none() {
                let about = if is_html { text::visible(&it) } else { it };
                self.feed.description = Some(clean::line(&about)).filter(|it| !it.is_empty());
            }
            return;
        };
        let content = Content {
            text: it,
            is_html,
            base: self.bases.last().map(|it| it.as_str().to_owned()),
        };
        match frame.name {
            Name::Content | Name::Body => entry.contents.push(content),
            // What is said of a picture is what it shows, and is read where nothing else is.
            Name::Aside if file.is_some() => entry.caption(content, file.as_deref()),
            Name::Aside => entry.asides.push(content),
            _ => entry.descriptions.push(content),
        }
    }

    fn id(&mut self, frame: &Frame<'a>, raw: &str) {
        let id = clean::line(&self.value(raw));
        if id.is_empty() {
            return;
        }
        let permanent = self.attribute(frame.tag, "ispermalink");
        let is_link = permanent.is_none_or(|it| it.eq_ignore_ascii_case("true"));
        let whole = self.whole(&id);
        if let Some(entry) = &mut self.entry {
            entry.id_as_link = is_link.then(|| whole.clone());
            entry.entry.id = Some(if is_link { whole } else { id });
        }
    }

    fn updated(&mut self, at: crate::story::Published) {
        match &mut self.entry {
            Some(entry) => entry.entry.updated = Some(at),
            None => self.feed.updated = Some(at),
        }
    }

    fn category(&mut self, name: &str) {
        const MOST: usize = 100;
        let name = clean::line(&plain(name));
        // Blogger files each post under what it is.
        if name.is_empty() || name.contains("#kind") || name.starts_with("http://schemas.") {
            return;
        }
        if let Some(entry) = &mut self.entry {
            let known = &mut entry.entry.categories;
            if known.len() < MOST && !known.contains(&name) {
                known.push(name);
            }
        }
    }

    pub(super) fn image(&mut self, url: &str) {
        let url = self.whole(url);
        if url.is_empty() {
            return;
        }
        match &mut self.entry {
            Some(entry) => entry.picture(url, None),
            None => {
                self.feed.icon.get_or_insert(url);
            }
        }
    }

    fn link(&mut self, href: String, aimed: Aimed) {
        match &mut self.entry {
            Some(entry) => entry.link(href, aimed),
            None if aimed == Aimed::Alternate => self.feed.link = Some(href),
            None => {}
        }
    }

    fn related(&mut self, link: Relation, href: String) {
        if href.is_empty() {
            return;
        }
        let kind = link.kind.as_deref().unwrap_or_default();
        let is_page = matches!(kind, "" | "text/html" | "application/xhtml+xml" | "html");
        let (relation, feed) = (link.relation.as_str(), self.entry.is_none());
        match relation.rsplit(['#', '/']).next().unwrap_or(relation) {
            "alternate" | "" => self.link(
                href,
                if is_page {
                    Aimed::Alternate
                } else {
                    Aimed::Other
                },
            ),
            "self" if feed => self.feed.own_address = Some(href),
            "hub" if feed => self.feed.hub = Some(href),
            "replies" | "comments" => {
                let Some(entry) = &mut self.entry else {
                    return;
                };
                let entry = &mut entry.entry;
                let is_feed = kind.contains("atom") || kind.contains("rss") || kind.contains("xml");
                match is_feed && !kind.contains("xhtml") {
                    true => entry.comments_feed = Some(href),
                    false => entry.comments_url = Some(href),
                }
                let count = link.count.and_then(|it| it.trim().parse().ok());
                entry.comments_count = count.or(entry.comments_count);
            }
            "enclosure" => {
                if let Some(entry) = &mut self.entry {
                    let file = Enclosure {
                        url: href,
                        media_type: link.kind.map(|it| clean::line(&it)),
                        bytes: number(link.bytes),
                        seconds: None,
                        title: link.title.map(|it| clean::line(&it)),
                    };
                    entry.file(file, true, None);
                }
            }
            _ => {}
        }
    }
}

/// What a link says of itself.
#[derive(Default)]
struct Relation {
    relation: String,
    kind: Option<String>,
    bytes: Option<String>,
    count: Option<String>,
    title: Option<String>,
}

/// Whether content of this media type is in base64 (RFC 4287, 4.1.3.3).
fn is_binary(media_type: &str) -> bool {
    media_type.contains('/')
        && !media_type.starts_with("text/")
        && !media_type.contains("html")
        && !media_type.ends_with("xml")
}

/// A short text without the markup that it may have.
fn plain(text: &str) -> String {
    text::visible(text)
}

fn base64(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(&text).unwrap_or_default();
    match String::from_utf8(bytes) {
        Ok(decoded) if !decoded.is_empty() => decoded,
        _ => text,
    }
}

fn number(text: Option<String>) -> Option<u64> {
    text?.trim().parse().ok().filter(|it| *it > 0)
}

/// `3723`, `62:03`, `1:02:03`: how long something plays.
pub(in crate::ingest::feed) fn seconds(text: &str) -> Option<u32> {
    let mut sum: u32 = 0;
    for part in text.trim().split(':') {
        let part = part.split('.').next().unwrap_or_default();
        let part: u32 = part.trim().parse().ok()?;
        sum = sum.checked_mul(60)?.checked_add(part)?;
    }
    (sum > 0).then_some(sum)
}

/// The minutes of a period of `sy:updatePeriod`.
fn minutes(period: &str) -> Option<u32> {
    Some(match period.to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "daily" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    })
}
