//! Parts of a story that their makers call what they are: `newsletter-signup`, `article__related`.

use super::super::{
    measure::{is_quotation, length, link_density},
    readability,
    words::tokens,
};
use crate::ingest::html::tree::{Id, Tree};

/// A part of a story that has more of it than this is the story, whatever it is called.
const SHARE: usize = 4;

/// Words of names that speak for themselves.
#[rustfmt::skip]
const WORDS: [&str; 47] = [
    "newsletter", "newsletters", "signup", "subscribe", "subscription", "optin", "mailchimp", "related", "recirc",
    "recirculation", "recommended", "recommendations", "readmore", "seealso", "morestories", "trending", "popular",
    "mostpopular", "share", "sharing", "sharebar", "sharedaddy", "addtoany", "addthis", "social", "byline", "bylines",
    "timestamp", "pubdate", "breadcrumb", "breadcrumbs", "copyright", "disclaimer", "advert",
    "advertisement", "advertising", "adsbygoogle", "sponsored", "taboola", "outbrain",     "authorbox", "authorbio", "comments", "commentlist", "toolbar", "skip", "noprint",
];

/// Two words of a name, one after the other.
#[rustfmt::skip]
const PAIRS: [(&str, &str); 36] = [
    ("tooltip", "content"), ("tooltip", "text"), ("rollover", "block"), ("rollover", "content"), ("pull", "quote"),
    ("sign", "up"), ("read", "more"), ("read", "next"), ("more", "on"), ("more", "stories"), ("see", "also"),
    ("also", "read"), ("most", "read"), ("most", "popular"), ("author", "bio"), ("author", "box"), ("author", "info"),
    ("about", "author"), ("author", "description"), ("post", "meta"), ("entry", "meta"), ("article", "meta"),
    ("post", "tags"), ("article", "tags"), ("entry", "tags"), ("tag", "list"), ("tags", "links"), ("post", "nav"),
    ("post", "navigation"), ("print", "only"), ("screen", "reader"), ("visually", "hidden"), ("sr", "only"),
    ("opt", "in"), ("ad", "container"), ("ad", "wrapper"),
];

pub(super) fn remove(tree: &mut Tree, root: Id) {
    let all = length(tree, root);
    readability::remove(tree, root, |tree, id| {
        let name = tree.name(id);
        if matches!(
            name,
            "a" | "table" | "tbody" | "tr" | "td" | "pre" | "code" | "h2" | "blockquote" | "sup"
        ) {
            return false;
        }
        is_told(tree, id) && {
            let own = length(tree, id);
            own * SHARE < all
                && (own < 1000 || link_density(tree, id) > 0.5)
                && !is_quotation(tree, id)
        }
    });
}

fn is_told(tree: &Tree, id: Id) -> bool {
    let names = ["class", "id", readability::OUTER_CLASS]
        .map(|it| tree.attribute(id, it).unwrap_or_default());
    let words: Vec<String> = names.iter().flat_map(|it| tokens(it)).collect();
    words.iter().any(|it| WORDS.contains(&&**it))
        || words
            .windows(2)
            .any(|two| PAIRS.iter().any(|(a, b)| two[0] == *a && two[1] == *b))
}
