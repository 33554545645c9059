//! What the makers of pages call the parts of these, in class and identifier: Readability's words.

/// The words that names are put together of: `Article__relatedLinks` has three.
pub(super) fn tokens(name: &str) -> impl Iterator<Item = String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            words.push(std::mem::take(&mut word));
        }
        small = c.is_lowercase();
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.push(word);
    words.into_iter().filter(|it| !it.is_empty())
}

/// Pieces of names, in small letters.
pub(super) struct Words(pub &'static [&'static str]);

impl Words {
    pub(super) fn are_in(&self, name: &str) -> bool {
        self.0.iter().any(|it| name.contains(it))
    }
}

#[rustfmt::skip]
pub(super) const UNLIKELY: Words = Words(&[
    "-ad-", "ai2html", "banner", "breadcrumbs", "combx", "comment", "community", "cover-wrap", "disqus", "extra",
    "footer", "gdpr", "header", "legends", "menu", "related", "remark", "replies", "rss", "shoutbox", "sidebar",
    "skyscraper", "social", "sponsor", "supplemental", "ad-break", "agegate", "pagination", "pager", "popup",
    "yom-remote",
]);

pub(super) const PERHAPS: Words = Words(&[
    "and", "article", "body", "column", "content", "main", "mathjax", "shadow",
]);

#[rustfmt::skip]
pub(super) const POSITIVE: Words = Words(&[
    "article", "body", "content", "entry", "main", "page", "post", "text", "blog", "story",
]);

#[rustfmt::skip]
const NEGATIVE: Words = Words(&[
    "-ad-", "hidden", " hid ", "banner", "combx", "comment", "com-", "contact", "footer", "gdpr", "masthead", "media",
    "meta", "outbrain", "promo", "related", "scroll", "share", "shoutbox", "sidebar", "skyscraper", "sponsor",
    "shopping", "tags", "widget",
]);

/// Whether a name speaks against a text: `hid` only as a word of its own.
pub(super) fn is_negative(name: &str) -> bool {
    NEGATIVE.are_in(name) || name == "hid" || name.starts_with("hid ") || name.ends_with(" hid")
}

pub(super) const BYLINE: Words = Words(&["byline", "author", "dateline", "writtenby", "p-author"]);

/// Whether a name has `share` or `sharedaddy` in it as a word.
pub(super) fn is_share(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|it| matches!(it, "share" | "sharedaddy"))
}

#[rustfmt::skip]
const FILMS: Words = Words(&[
    "dailymotion.com", "youtube.com", "youtube-nocookie.com", "player.vimeo.com", "v.qq.com", "bilibili.com",
    "archive.org", "upload.wikimedia.org", "player.twitch.tv",
]);

/// Whether a value of an attribute is an address of a player of films.
pub(super) fn is_film(value: &str) -> bool {
    let mut hosts = value.split("//").skip(1);
    hosts.any(|it| {
        let host = it.strip_prefix("www.").unwrap_or(it);
        FILMS.0.iter().any(|film| host.starts_with(film))
    })
}

/// Words that nothing but a mark of an advertisement says, or of what is still to come.
pub(super) fn is_filler(text: &str) -> bool {
    const WORDS: [&str; 18] = [
        "ad",
        "advertising",
        "advertisement",
        "pub",
        "publicité",
        "werb",
        "werbung",
        "广告",
        "реклама",
        "anuncio",
        "loading",
        "正在加载",
        "загрузка",
        "chargement",
        "cargando",
        "anzeige",
        "pubblicità",
        "publicidad",
    ];
    let text = text.trim_end_matches(['…', '.']).to_lowercase();
    WORDS.contains(&&*text)
}
