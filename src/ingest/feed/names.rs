//! The elements of feeds by name, in whatever namespace a feed puts them.

/// Where a name belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS, Atom, CDF: what needs no prefix.
    Core,
    /// `content:encoded`.
    Content,
    /// Dublin Core, and its terms.
    Dublin,
    Media,
    Itunes,
    Slash,
    /// The Well-Formed Web's comments.
    Wfw,
    /// Atom threading (RFC 4685).
    Thread,
    Syndication,
    Xhtml,
    Other,
}

/// The space that a namespace's address names. Feeds write them in many ways; what tells is left.
pub(super) fn space(uri: &str) -> Space {
    let uri = uri.trim().to_ascii_lowercase();
    let has = |part: &str| uri.contains(part);
    match () {
        () if has("purl.org/rss/1.0/modules/content") => Space::Content,
        () if has("purl.org/rss/1.0/modules/slash") => Space::Slash,
        () if has("purl.org/rss/1.0/modules/syndication") => Space::Syndication,
        () if has("purl.org/rss/1.0/modules/rss") || uri == "http://purl.org/rss/1.0/" => {
            Space::Core
        }
        () if has("purl.org/dc/") => Space::Dublin,
        () if has("search.yahoo.com/mrss") => Space::Media,
        () if has("itunes.com/dtds/podcast") || has("itunes.com/dtd") => Space::Itunes,
        () if has("wellformedweb.org/commentapi") => Space::Wfw,
        () if has("purl.org/syndication/thread") => Space::Thread,
        () if has("w3.org/1999/xhtml") => Space::Xhtml,
        () if has("w3.org/2005/atom")
            || has("purl.org/atom/")
            || has("purl.org/pie/")
            || has("purl.org/echo/")
            || has("my.netscape.com/rdf/simple/0.9")
            || has("channel.netscape.com/rdf/simple/0.9")
            || has("backend.userland.com/rss")
            || has("blogs.law.harvard.edu/tech/rss")
            || has("purl.org/rss/1.0")
            || has("cyber.law.harvard.edu/rss") =>
        {
            Space::Core
        }
        () => Space::Other,
    }
}

/// The space of a prefix that nobody declared, as everybody uses it.
pub(super) fn usual(prefix: &str) -> Space {
    match prefix {
        "" | "atom" | "atom10" | "a10" | "rss" | "rss1" | "rss10" => Space::Core,
        "content" => Space::Content,
        "dc" | "dcterms" => Space::Dublin,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        "slash" => Space::Slash,
        "wfw" => Space::Wfw,
        "thr" => Space::Thread,
        "sy" => Space::Syndication,
        "xhtml" => Space::Xhtml,
        _ => Space::Other,
    }
}

/// What an element says, whatever the format calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// `rss`, `rdf:RDF`, `xml`: what a feed stands in.
    Root,
    /// `channel`, `feed`.
    Feed,
    /// `item`, `entry`.
    Entry,
    Title,
    MediaTitle,
    Link,
    Id,
    /// All of the text.
    Content,
    /// HTML that stands in the feed as such.
    Body,
    /// What is the text in most RSS, and a summary where there is a content too.
    Description,
    Summary,
    /// `media:description`, `itunes:summary`: the text where there is no other.
    Aside,
    Subtitle,
    Published,
    Created,
    Updated,
    Author,
    /// `itunes:author`: often the show's.
    Host,
    Called,
    Mailed,
    Category,
    Keywords,
    ItunesCategory,
    Enclosure,
    MediaContent,
    MediaThumbnail,
    MediaGroup,
    ItunesImage,
    ItunesDuration,
    Image,
    Url,
    Icon,
    Language,
    Comments,
    CommentsCount,
    CommentsFeed,
    InReplyTo,
    Source,
    Ttl,
    Period,
    Frequency,
    MovedTo,
    /// A form to search with, a cloud, people who contributed: nothing in it belongs to what is around.
    Apart,
    Other,
}

impl Name {
    /// Whether the text of such an element is taken as it lies there, tags and all.
    pub(super) fn holds_text(self) -> bool {
        matches!(
            self,
            Name::Title
                | Name::MediaTitle
                | Name::Content
                | Name::Body
                | Name::Description
                | Name::Summary
                | Name::Aside
                | Name::Subtitle
        )
    }
}

/// What a name in a space means. `local` is in small letters.
pub(super) fn name(space: Space, local: &str) -> Name {
    match (space, local) {
        (Space::Core, "item" | "entry" | "product") => Name::Entry,
        (Space::Core, "channel" | "feed") => Name::Feed,
        (Space::Core, "rss") | (_, "rdf") => Name::Root,
        (Space::Core | Space::Dublin, "title") => Name::Title,
        (Space::Core, "link" | "a") => Name::Link,
        (Space::Core, "guid" | "id") => Name::Id,
        (Space::Core | Space::Content, "content") | (Space::Core, "fullitem") => Name::Content,
        (Space::Content, "encoded") | (_, "content_encoded") => Name::Content,
        (Space::Core | Space::Xhtml, "body") | (Space::Xhtml, "div") => Name::Body,
        (Space::Core | Space::Dublin, "description") => Name::Description,
        (Space::Core, "summary" | "abstract") | (Space::Dublin, "abstract") => Name::Summary,
        (Space::Itunes, "summary") | (Space::Media, "description") => Name::Aside,
        (Space::Core, "subtitle" | "tagline") => Name::Subtitle,
        (Space::Core, "pubdate" | "published" | "issued" | "date")
        | (Space::Dublin, "issued" | "available") => Name::Published,
        (Space::Core | Space::Dublin, "created") => Name::Created,
        (Space::Core, "updated" | "modified" | "lastbuilddate")
        | (Space::Dublin, "date" | "modified") => Name::Updated,
        (Space::Core, "author" | "managingeditor" | "creator")
        | (Space::Dublin, "creator" | "author") => Name::Author,
        (Space::Itunes, "author") => Name::Host,
        (Space::Core, "name") => Name::Called,
        (Space::Core, "email") => Name::Mailed,
        (Space::Core, "category") | (Space::Dublin, "subject") | (Space::Media, "category") => {
            Name::Category
        }
        (Space::Itunes | Space::Media, "keywords") | (Space::Core, "keywords" | "tags") => {
            Name::Keywords
        }
        (Space::Itunes, "category") => Name::ItunesCategory,
        (Space::Core, "enclosure") => Name::Enclosure,
        (Space::Media, "content") => Name::MediaContent,
        (Space::Media, "thumbnail") => Name::MediaThumbnail,
        (Space::Media, "group") => Name::MediaGroup,
        (Space::Media, "title") | (Space::Itunes, "title") => Name::MediaTitle,
        (Space::Itunes, "image") => Name::ItunesImage,
        (Space::Itunes, "duration") => Name::ItunesDuration,
        (Space::Core, "image") => Name::Image,
        (Space::Core, "url") => Name::Url,
        (Space::Core, "icon" | "logo") => Name::Icon,
        (Space::Core | Space::Dublin, "language") => Name::Language,
        (Space::Core, "comments") => Name::Comments,
        (Space::Slash, "comments") | (Space::Thread, "total") => Name::CommentsCount,
        (Space::Wfw, "commentrss") => Name::CommentsFeed,
        (Space::Thread, "in-reply-to") => Name::InReplyTo,
        (Space::Core, "source") => Name::Source,
        (Space::Core, "ttl") => Name::Ttl,
        (Space::Syndication, "updateperiod") => Name::Period,
        (Space::Syndication, "updatefrequency") => Name::Frequency,
        (Space::Itunes, "new-feed-url") => Name::MovedTo,
        (Space::Core, "textinput" | "cloud" | "contributor" | "skiphours" | "skipdays")
        | (Space::Itunes, "owner") => Name::Apart,
        _ => Name::Other,
    }
}
