//! Where the feeds of well-known sites are.

use url::Url;

/// An address taken apart.
struct Place<'a> {
    url: &'a Url,
    /// The host in small letters, without `www.` and `m.`.
    host: &'a str,
    /// The parts of its path, as they are written in it.
    path: Vec<&'a str>,
}

impl Place<'_> {
    fn is(&self, host: &str) -> bool {
        self.host == host
    }

    /// What stands before a domain: `jane` in `jane.example.org`.
    fn below(&self, domain: &str) -> Option<&str> {
        let name = self.host.strip_suffix(domain)?.strip_suffix('.')?;
        (!name.is_empty()).then_some(name)
    }

    fn query(&self, wanted: &str) -> Option<String> {
        let mut pairs = self.url.query_pairs();
        let found = pairs.find(|(name, value)| name == wanted && !value.is_empty())?;
        Some(found.1.into_owned())
    }

    /// The site's address up to its path.
    fn top(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

/// What a site's rule says: addresses, the best first.
type Rule = fn(&Place<'_>) -> Option<Vec<String>>;

/// Those of one site each stand before those that go by the form of an address.
const RULES: &[Rule] = &[
    youtube,
    github,
    gitlab,
    forgejo,
    reddit,
    hacker_news,
    lobsters,
    stack_exchange,
    medium,
    substack,
    tumblr,
    blogger,
    wordpress,
    bluesky,
    vimeo,
    dev_to,
    arxiv,
    packages,
    lemmy,
    mastodon,
];

/// The feeds of an address on a site that is known, the best first; none where nothing is known.
pub fn well_known(url: &Url) -> Vec<Url> {
    if !matches!(url.scheme(), "http" | "https") {
        return Vec::new();
    }
    let Some(host) = url.domain() else {
        return Vec::new();
    };
    let bare = host
        .strip_prefix("www.")
        .or_else(|| host.strip_prefix("m."));
    let path = url.path().split('/').filter(|it| !it.is_empty());
    let place = Place {
        url,
        host: bare.unwrap_or(host),
        path: path.collect(),
    };
    let found = RULES.iter().find_map(|rule| rule(&place));
    let found = found.unwrap_or_default();
    found.iter().filter_map(|it| Url::parse(it).ok()).collect()
}

/// Channels, users and playlists. The page of a handle (`/@name`) names its channel itself.
fn youtube(place: &Place<'_>) -> Option<Vec<String>> {
    if !["youtube.com", "music.youtube.com", "youtu.be"].contains(&place.host) {
        return None;
    }
    let feed = |name: &str, value: &str| {
        let mut url = Url::parse("https://www.youtube.com/feeds/videos.xml").ok()?;
        url.query_pairs_mut().append_pair(name, value);
        Some(String::from(url))
    };
    let feed = match place.path[..] {
        ["channel", id, ..] if id.starts_with("UC") => feed("channel_id", id),
        ["user", name, ..] => feed("user", name),
        _ => place
            .query("list")
            // A mix is made for who looks at it.
            .filter(|it| !it.starts_with("RD"))
            .and_then(|list| feed("playlist_id", &list)),
    };
    Some(feed.into_iter().collect())
}

fn github(place: &Place<'_>) -> Option<Vec<String>> {
    /// Pages of the site itself.
    #[rustfmt::skip]
    const PAGES: [&str; 20] = [
        "about", "apps", "collections", "contact", "customer-stories", "explore", "features", "issues", "login",
        "marketplace", "new", "notifications", "orgs", "pricing", "pulls", "search", "settings", "sponsors", "topics",
        "trending",
    ];
    if !place.is("github.com") {
        return None;
    }
    let top = "https://github.com";
    Some(match place.path[..] {
        [first, ..] if PAGES.contains(&first) => Vec::new(),
        [user] => vec![format!("{top}/{}.atom", user.trim_end_matches(".atom"))],
        [owner, name, ref rest @ ..] => {
            let repository = format!("{top}/{owner}/{}", name.trim_end_matches(".git"));
            let commits = match rest {
                ["commits" | "tree", branch @ ..] if !branch.is_empty() => {
                    format!("{repository}/commits/{}.atom", branch.join("/"))
                }
                _ => format!("{repository}/commits.atom"),
            };
            let mut feeds = vec![
                format!("{repository}/releases.atom"),
                format!("{repository}/tags.atom"),
                commits,
            ];
            // The page that one looks at is rather the one that is meant.
            match rest.first() {
                Some(&"tags") => feeds.swap(0, 1),
                Some(&("commits" | "tree")) => feeds.rotate_right(1),
                _ => {}
            }
            feeds
        }
        [] => Vec::new(),
    })
}

fn gitlab(place: &Place<'_>) -> Option<Vec<String>> {
    if !place.is("gitlab.com") && !place.host.starts_with("gitlab.") {
        return None;
    }
    // Behind the dash are the pages of a project.
    let (names, page) = match place.path.iter().position(|it| *it == "-") {
        Some(dash) => (place.path.get(..dash)?, place.path.get(dash + 1..)?),
        None => (&place.path[..], &[][..]),
    };
    let top = place.top();
    Some(match names {
        [] | ["explore" | "users" | "help" | "search", ..] => Vec::new(),
        [user] => vec![format!("{top}/{user}.atom")],
        names => {
            let project = format!("{top}/{}", names.join("/"));
            let branch = match page {
                ["commits" | "tree", branch, ..] => branch,
                _ => "HEAD",
            };
            let mut feeds = vec![
                format!("{project}/-/releases.atom"),
                format!("{project}/-/tags?format=atom"),
                format!("{project}/-/commits/{branch}?format=atom"),
                format!("{project}.atom"),
            ];
            match page.first() {
                Some(&"tags") => feeds.swap(0, 1),
                Some(&("commits" | "tree")) => feeds.swap(0, 2),
                _ => {}
            }
            feeds
        }
    })
}

/// Codeberg and others with the same program.
fn forgejo(place: &Place<'_>) -> Option<Vec<String>> {
    if !["codeberg.org", "gitea.com"].contains(&place.host) {
        return None;
    }
    let top = place.top();
    Some(match place.path[..] {
        [] | ["explore" | "user" | "issues" | "pulls", ..] => Vec::new(),
        [user] => vec![format!("{top}/{user}.rss")],
        [owner, name, ..] => {
            let name = name.trim_end_matches(".git");
            let feeds = ["/releases.rss", "/tags.rss", ".rss"];
            let feeds = feeds.iter().map(|it| format!("{top}/{owner}/{name}{it}"));
            feeds.collect()
        }
    })
}

fn reddit(place: &Place<'_>) -> Option<Vec<String>> {
    if !place.is("reddit.com") && place.below("reddit.com").is_none() {
        return None;
    }
    let top = "https://www.reddit.com";
    let path = match place.path[..] {
        [] => String::new(),
        ["r", name] => format!("/r/{name}"),
        ["r", name, "comments", id, ..] => format!("/r/{name}/comments/{id}"),
        ["r", name, order @ ("new" | "top" | "hot" | "rising"), ..] => format!("/r/{name}/{order}"),
        ["user" | "u", name, "m", several, ..] => format!("/user/{name}/m/{several}"),
        ["user" | "u", name, ..] => format!("/user/{name}"),
        ["r", name, ..] => format!("/r/{name}"),
        _ => return Some(Vec::new()),
    };
    Some(vec![format!("{top}{path}/.rss")])
}

fn hacker_news(place: &Place<'_>) -> Option<Vec<String>> {
    let feed = || vec!["https://news.ycombinator.com/rss".to_owned()];
    place.is("news.ycombinator.com").then(feed)
}

fn lobsters(place: &Place<'_>) -> Option<Vec<String>> {
    if !place.is("lobste.rs") {
        return None;
    }
    let path = match place.path[..] {
        ["t", tags, ..] => format!("t/{}.rss", tags.trim_end_matches(".rss")),
        ["newest", ..] => "newest.rss".to_owned(),
        _ => "rss".to_owned(),
    };
    Some(vec![format!("https://lobste.rs/{path}")])
}

fn stack_exchange(place: &Place<'_>) -> Option<Vec<String>> {
    const SITES: [&str; 6] = [
        "stackoverflow.com",
        "superuser.com",
        "serverfault.com",
        "askubuntu.com",
        "mathoverflow.net",
        "stackapps.com",
    ];
    let known = |it: &str| place.is(it) || place.below(it).is_some();
    if !SITES.iter().any(|it| known(it)) && place.below("stackexchange.com").is_none() {
        return None;
    }
    let path = match place.path[..] {
        ["questions", "tagged", tags, ..] => format!("/tag/{tags}"),
        ["questions", id, ..] if is_number(id) => format!("/question/{id}"),
        ["users", id, ..] if is_number(id) => format!("/user/{id}"),
        _ => String::new(),
    };
    Some(vec![format!("{}/feeds{path}", place.top())])
}

fn medium(place: &Place<'_>) -> Option<Vec<String>> {
    if let Some(name) = place.below("medium.com") {
        return Some(vec![format!("https://{name}.medium.com/feed")]);
    }
    if !place.is("medium.com") {
        return None;
    }
    let path = match place.path[..] {
        [] | ["m" | "p" | "me" | "search" | "about", ..] => return Some(Vec::new()),
        ["feed", ..] => place.path.get(1..)?.join("/"),
        ["tag", tag, ..] => format!("tag/{tag}"),
        [publication, "tagged", tag, ..] => format!("{publication}/tagged/{tag}"),
        [first, ..] => first.to_owned(),
    };
    Some(vec![format!("https://medium.com/feed/{path}")])
}

fn substack(place: &Place<'_>) -> Option<Vec<String>> {
    let name = match (place.below("substack.com"), &place.path[..]) {
        (Some("open"), ["pub", name, ..]) => name,
        (Some("open"), _) => return Some(Vec::new()),
        (Some(name), _) => name,
        (None, [profile, ..]) if place.is("substack.com") => profile.strip_prefix('@')?,
        _ => return None,
    };
    Some(vec![format!("https://{name}.substack.com/feed")])
}

fn tumblr(place: &Place<'_>) -> Option<Vec<String>> {
    let (name, rest) = match (place.below("tumblr.com"), &place.path[..]) {
        (Some(name), rest) => (name, rest),
        (None, ["blog", "view", name, rest @ ..]) if place.is("tumblr.com") => (*name, rest),
        (None, ["dashboard" | "explore" | "search" | "tagged", ..]) => return None,
        (None, [name, rest @ ..]) if place.is("tumblr.com") => (*name, rest),
        _ => return None,
    };
    let tagged = match rest {
        ["tagged", tag, ..] => format!("tagged/{tag}/"),
        _ => String::new(),
    };
    Some(vec![format!("https://{name}.tumblr.com/{tagged}rss")])
}

fn blogger(place: &Place<'_>) -> Option<Vec<String>> {
    // blogspot.com, blogspot.de, blogspot.co.uk …
    let (_, ending) = place.host.split_once(".blogspot.")?;
    if ending.len() > 6 {
        return None;
    }
    let label = match place.path[..] {
        ["search", "label", label, ..] => format!("/-/{label}"),
        _ => String::new(),
    };
    Some(vec![format!("{}/feeds/posts/default{label}", place.top())])
}

fn wordpress(place: &Place<'_>) -> Option<Vec<String>> {
    place.below("wordpress.com")?;
    let top = place.top();
    let path = match place.path[..] {
        [kind @ ("category" | "tag" | "author"), name, ..] => format!("/{kind}/{name}"),
        _ => String::new(),
    };
    Some(vec![format!("{top}{path}/feed/")])
}

fn bluesky(place: &Place<'_>) -> Option<Vec<String>> {
    match place.path[..] {
        ["profile", who, ..] if place.is("bsky.app") => {
            Some(vec![format!("https://bsky.app/profile/{who}/rss")])
        }
        _ => None,
    }
}

fn vimeo(place: &Place<'_>) -> Option<Vec<String>> {
    if !place.is("vimeo.com") {
        return None;
    }
    let path = match place.path[..] {
        [kind @ ("channels" | "groups"), name, ..] => format!("{kind}/{name}"),
        // A number is a video.
        [name, ..] if !is_number(name) => name.to_owned(),
        _ => return Some(Vec::new()),
    };
    Some(vec![format!("https://vimeo.com/{path}/videos/rss")])
}

fn dev_to(place: &Place<'_>) -> Option<Vec<String>> {
    if !place.is("dev.to") {
        return None;
    }
    let path = match place.path[..] {
        ["t", tag, ..] => format!("feed/tag/{tag}"),
        ["feed", ..] => place.path.join("/"),
        [name, ..] => format!("feed/{name}"),
        [] => "feed".to_owned(),
    };
    Some(vec![format!("https://dev.to/{path}")])
}

fn arxiv(place: &Place<'_>) -> Option<Vec<String>> {
    match place.path[..] {
        ["list", subject, ..] if place.is("arxiv.org") => {
            Some(vec![format!("https://rss.arxiv.org/rss/{subject}")])
        }
        _ => None,
    }
}

/// Releases of packages.
fn packages(place: &Place<'_>) -> Option<Vec<String>> {
    let feed = match (place.host, &place.path[..]) {
        ("pypi.org", ["project", name, ..]) => {
            format!("https://pypi.org/rss/project/{name}/releases.xml")
        }
        ("crates.io", ["crates", name, ..]) => {
            format!("https://static.crates.io/rss/crates/{name}.xml")
        }
        ("sourceforge.net", ["projects", name, ..]) => {
            format!("https://sourceforge.net/projects/{name}/rss")
        }
        ("store.steampowered.com", ["app", id, ..]) if is_number(id) => {
            format!("https://store.steampowered.com/feeds/news/app/{id}/")
        }
        _ => return None,
    };
    Some(vec![feed])
}

fn lemmy(place: &Place<'_>) -> Option<Vec<String>> {
    if !place.host.starts_with("lemmy.") {
        return None;
    }
    match place.path[..] {
        [kind @ ("c" | "u"), name, ..] => {
            Some(vec![format!("{}/feeds/{kind}/{name}.xml", place.top())])
        }
        _ => None,
    }
}

/// Accounts on servers of any name: `/@jane`, `/users/jane`.
fn mastodon(place: &Place<'_>) -> Option<Vec<String>> {
    /// Sites whose accounts look the same and have no such feeds.
    const OTHERS: [&str; 6] = [
        "threads.net",
        "threads.com",
        "tiktok.com",
        "flickr.com",
        "substack.com",
        "observablehq.com",
    ];
    if OTHERS.contains(&place.host) {
        return None;
    }
    let name = match place.path[..] {
        [account] | [account, "with_replies" | "media"] => account.strip_prefix('@')?,
        ["users", name] => name,
        _ => return None,
    };
    let name = name.trim_end_matches(".rss");
    // With a second @ it is an account of another server, whose feed is there.
    if let Some((name, server)) = name.split_once('@') {
        return Some(vec![format!("https://{server}/@{name}.rss")]);
    }
    (!name.is_empty()).then(|| vec![format!("{}/@{name}.rss", place.top())])
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}
