//! Pictures, players and frames.

use super::{
    blocks::Writer,
    inline::Kind,
    tree::{Data, Id},
};
use crate::story::escape;

/// Hosts whose pictures count readers.
const COUNTERS: [&str; 9] = [
    "pixel.wp.com",
    "stats.wordpress.com",
    "feeds.feedburner.com/~r/",
    "feeds.feedburner.com/~ff/",
    "feedsportal.com",
    "google-analytics.com",
    "doubleclick.net",
    "medium.com/_/stat",
    "scorecardresearch.com",
];

/// Nodes of a figure that are looked at: to look for a caption takes no time, however many pictures there are.
const LARGE: usize = 100;

impl Writer<'_> {
    /// Writes an element that is more than words. False if it is none.
    pub(super) fn media(&mut self, id: Id, name: &str) -> bool {
        match name {
            "img" | "amp-img" | "image" => self.picture(id),
            "picture" => {
                let tree = self.tree;
                match tree.within(id).find(|it| tree.name(*it) == "img") {
                    Some(picture) => self.picture(picture),
                    None => return false,
                }
            }
            "noscript" => {
                // The picture before it, once more for those who run no scripts.
                let tree = self.tree;
                let is_picture = |id: Id| matches!(tree.name(id), "img" | "picture" | "amp-img");
                let has = tree.within(id).any(is_picture);
                let before = tree
                    .before(id)
                    .is_some_and(|it| is_picture(it) && self.source(it).is_some());
                return has && before;
            }
            "video" | "audio" | "iframe" | "embed" | "object" | "amp-iframe" | "amp-youtube" => {
                return self.player(id, name);
            }
            "math" => return self.formula(id),
            "input" => {
                if self.tree.attribute(id, "type") == Some("checkbox") && self.run.is_empty() {
                    let done = self.tree.attribute(id, "checked").is_some();
                    let sign = if done { "[x] " } else { "[ ] " };
                    self.run
                        .push(Kind::Raw(sign.to_owned()), Default::default());
                }
            }
            _ => return false,
        }
        true
    }

    fn picture(&mut self, id: Id) {
        let tree = self.tree;
        let alt = tree.attribute(id, "alt").unwrap_or_default();
        let alt: Vec<&str> = alt.split_whitespace().collect();
        let alt = alt.join(" ");
        let class = tree.attribute(id, "class").unwrap_or_default();
        let is_sign = class
            .split_whitespace()
            .any(|it| matches!(it, "wp-smiley" | "emoji" | "twemoji" | "latex"));
        if is_sign && !alt.is_empty() {
            return self.run.text(&alt, self.style);
        }
        if self.is_counter(id) {
            return;
        }
        let Some(source) = self.source(id) else {
            if !alt.is_empty() {
                self.run.text(&alt, self.style);
            }
            return;
        };
        let mut words = String::new();
        if !self.is_said(id, &alt) {
            escape::inline(&alt, &mut words);
        }
        let title = tree.attribute(id, "title").unwrap_or_default();
        let title: Vec<&str> = title.split_whitespace().collect();
        let title = title.join(" ");
        let title = match title.is_empty() || title == alt {
            true => String::new(),
            false => format!(" \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"")),
        };
        self.run.push(
            Kind::Raw(format!("![{words}]({source}{title})")),
            self.style,
        );
    }

    /// Whether the words of a picture are the beginning of its caption, or of what stands under it.
    fn is_said(&self, id: Id, alt: &str) -> bool {
        /// With fewer letters the text may begin as well.
        const FEW: usize = 20;
        /// Nodes that a text under a picture begins within.
        const NEAR: usize = 20;
        let tree = self.tree;
        // They may have been cut off.
        let alt = alt.trim_end_matches(['.', '…']);
        if let Some(caption) = self.caption_of(id) {
            return begins(alt, self.texts(tree.within(caption)));
        }
        let below = tree.following(id).take(NEAR);
        let below = below.take_while(|it| !is_picture(tree.name(*it)));
        alt.chars().count() >= FEW && begins(alt, self.texts(below))
    }

    /// Whether a caption is the beginning of the words of its picture, which say more.
    pub(super) fn is_said_by_picture(&self, caption: Id) -> bool {
        /// More pictures have one caption in common.
        const MOST: usize = 2;
        let tree = self.tree;
        let Some(figure) = self.figure_around(caption) else {
            return false;
        };
        let pictures = tree.within(figure).take(LARGE);
        let pictures = pictures.filter(|it| is_picture(tree.name(*it)));
        let pictures: Vec<Id> = pictures.take(MOST).collect();
        let &[picture] = &pictures[..] else {
            return false;
        };
        let alt = tree.attribute(picture, "alt").unwrap_or_default();
        let words = tree.text(caption);
        let leads = tree.within(caption).any(|it| tree.name(it) == "a");
        !leads
            && !self.is_counter(picture)
            && self.source(picture).is_some()
            && !self.is_said(picture, alt)
            && begins(&words, [alt].into_iter())
    }

    fn caption_of(&self, picture: Id) -> Option<Id> {
        let tree = self.tree;
        let figure = self.figure_around(picture)?;
        let mut within = tree.within(figure).take(LARGE);
        within.find(|it| tree.name(*it) == "figcaption")
    }

    fn figure_around(&self, id: Id) -> Option<Id> {
        /// Elements between a figure and what is in it.
        const DEEP: usize = 6;
        let tree = self.tree;
        let mut around = std::iter::successors(tree.parent(id), |it| tree.parent(*it)).take(DEEP);
        around.find(|it| tree.name(*it) == "figure")
    }

    fn texts<'a>(&'a self, nodes: impl Iterator<Item = Id> + 'a) -> impl Iterator<Item = &'a str> {
        nodes.filter_map(|it| match self.tree.data(it) {
            Data::Text(text) => Some(&**text),
            _ => None,
        })
    }

    /// Where a picture is: pages that load them late name another one at first.
    fn source(&self, id: Id) -> Option<String> {
        let tree = self.tree;
        let of = |name: &str| tree.attribute(id, name).and_then(|it| self.address(it));
        let late = [
            "data-src",
            "data-original",
            "data-lazy-src",
            "data-orig-file",
            "data-url",
        ];
        let late = late.iter().find_map(|it| of(it));
        let set = || {
            let own = ["srcset", "data-srcset"]
                .iter()
                .find_map(|it| tree.attribute(id, it));
            let beside = || {
                let parent = tree.parent(id).filter(|it| tree.name(*it) == "picture")?;
                tree.children(parent)
                    .find_map(|it| tree.attribute(it, "srcset"))
            };
            self.address(widest(own.or_else(beside)?)?)
        };
        let source = of("src").filter(|it| late.is_none() || !is_placeholder(it));
        match late {
            Some(late) => Some(source.filter(|it| *it == late).unwrap_or(late)),
            None => source.or_else(set),
        }
    }

    /// Whether a picture is there to be loaded, not to be seen.
    fn is_counter(&self, id: Id) -> bool {
        let tree = self.tree;
        let tiny = |name: &str| {
            let size = tree.attribute(id, name).unwrap_or_default();
            matches!(size.trim().trim_end_matches("px"), "0" | "1")
        };
        let source = tree.attribute(id, "src").unwrap_or_default();
        // A letter's are told by one side, or by a style alone.
        let style = tree.attribute(id, "style").unwrap_or_default();
        let style = style.replace([' ', '!'], "").to_ascii_lowercase();
        let is_styled_away = [
            "width:1px",
            "width:0",
            "height:1px",
            "height:0",
            "display:none",
        ]
        .iter()
        .any(|it| {
            style
                .split(';')
                .any(|one| one.trim_end_matches("important") == *it)
        });
        let hides = self.of_mail && (is_styled_away || tiny("width") || tiny("height"));
        hides || (tiny("width") && tiny("height")) || COUNTERS.iter().any(|it| source.contains(it))
    }

    /// A player or a frame becomes a link to what it plays.
    fn player(&mut self, id: Id, name: &str) -> bool {
        let tree = self.tree;
        let own = ["src", "data", "data-src"]
            .iter()
            .find_map(|it| tree.attribute(id, it));
        let inner = || {
            let source = tree.children(id).find(|it| tree.name(*it) == "source")?;
            tree.attribute(source, "src")
        };
        let of_parameter = || {
            let named = |it: &Id| matches!(tree.attribute(*it, "name"), Some("movie" | "src"));
            let parameter = tree
                .children(id)
                .filter(|it| tree.name(*it) == "param")
                .find(named)?;
            tree.attribute(parameter, "value")
        };
        let short = tree
            .attribute(id, "data-videoid")
            .map(|it| format!("https://www.youtube.com/watch?v={it}"));
        let source = own.or_else(inner).or_else(of_parameter);
        let source = source.and_then(|it| self.address(it)).or(short);
        // What is written for those who cannot play it.
        let Some(source) = source else {
            return false;
        };
        if matches!(name, "object")
            && tree
                .within(id)
                .any(|it| matches!(tree.name(it), "embed" | "iframe" | "img"))
        {
            return false;
        }
        let source = page_of(&source);
        let title = tree
            .attribute(id, "title")
            .map(str::trim)
            .filter(|it| !it.is_empty());
        let words = match title {
            Some(title) => title.to_owned(),
            // Between the paragraphs of a page no words are wanted that it does not have.
            None if self.is_page => "▶".to_owned(),
            None => named(&source, name),
        };
        if self.line.is_none() {
            self.flush();
        }
        let before = self.style;
        self.links.push(source);
        self.style.link = Some(self.links.len() - 1);
        self.run.text(&words, self.style);
        self.style = before;
        if self.line.is_none() {
            self.flush();
        }
        true
    }
}

fn is_picture(name: &str) -> bool {
    matches!(name, "img" | "amp-img" | "image")
}

/// Whether a text begins with these words, however either is spaced.
fn begins<'a>(words: &str, text: impl Iterator<Item = &'a str>) -> bool {
    let mut text = text.flat_map(str::chars).filter(|it| !it.is_whitespace());
    let mut words = words.chars().filter(|it| !it.is_whitespace());
    words.all(|it| text.next() == Some(it))
}

/// The last of several sizes is the largest as a rule; where widths are told, they decide.
fn widest(set: &str) -> Option<&str> {
    let candidates = set.split(", ").flat_map(|it| it.split(",\n"));
    let sized = candidates.filter_map(|it| {
        let mut parts = it.split_whitespace();
        let address = parts.next()?.trim_end_matches(',');
        let size = parts
            .next()
            .and_then(|it| it.trim_end_matches(['w', 'x', ',']).parse::<f64>().ok());
        Some((address, size.unwrap_or(1.0)))
    });
    let widest = sized.max_by(|a, b| a.1.total_cmp(&b.1));
    widest.map(|(address, _)| address)
}

fn is_placeholder(source: &str) -> bool {
    let source = source.to_ascii_lowercase();
    [
        "placeholder",
        "blank.",
        "spacer",
        "lazy",
        "1x1",
        "transparent",
        "grey.gif",
        "loading",
    ]
    .iter()
    .any(|it| source.contains(it))
}

/// The page of a film that a frame plays.
fn page_of(source: &str) -> String {
    let after = |mark: &str| {
        let (_, rest) = source.split_once(mark)?;
        let end = rest.find(['?', '&', '/', '#']).unwrap_or(rest.len());
        rest.get(..end).filter(|it| !it.is_empty())
    };
    let films = [
        "youtube.com/embed/",
        "youtube-nocookie.com/embed/",
        "youtube.com/v/",
    ];
    if let Some(film) = films
        .iter()
        .find_map(|it| after(it))
        .filter(|it| *it != "videoseries")
    {
        return format!("https://www.youtube.com/watch?v={film}");
    }
    if let Some(film) = after("player.vimeo.com/video/") {
        return format!("https://vimeo.com/{film}");
    }
    source.to_owned()
}

/// What a link to something that plays is called.
fn named(source: &str, name: &str) -> String {
    let host = source.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let kind = match name {
        "audio" => "Audio",
        "iframe" | "embed" | "object" | "amp-iframe"
            if !host.contains("youtube") && !host.contains("vimeo") =>
        {
            return if host.is_empty() {
                source.to_owned()
            } else {
                host.to_owned()
            };
        }
        _ => "Video",
    };
    match host {
        "" => kind.to_owned(),
        host => format!("{kind} ({host})"),
    }
}
