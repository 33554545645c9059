//! Pages that announce stories and tell none: front pages, lists of a section's or an author's posts.

use std::collections::HashSet;

use url::Url;

use super::measure::{length, link_density};
use crate::ingest::html::{
    level_of,
    tree::{Id, Tree},
};

/// So many stories a front page announces at least, and any other list.
const FRONT: usize = 4;
const LIST: usize = 6;

/// A teaser has fewer characters than that, its headline among them.
const TEASER: usize = 400;

/// How much of a front page's text stands in links, where it has no headlines.
const LINKED: f64 = 0.35;

/// Whether what was found in a page at an address is a list of other stories.
pub(super) fn is_index(tree: &Tree, root: Id, address: Option<&Url>, base: Option<&Url>) -> bool {
    let front = address.is_some_and(|it| it.path() == "/" && it.query().is_none());
    let all = length(tree, root);
    let (mut headings, mut ahead) = (0, HashSet::new());
    for id in tree.within(root) {
        if level_of(tree.name(id)).is_none_or(|level| level == 1) {
            continue;
        }
        let size = length(tree, id);
        headings += usize::from(size > 0);
        let own = tree.within(id).chain(tree.around(id).take(4));
        let link = own.filter(|it| tree.name(*it) == "a").find(|it| {
            let said = length(tree, *it);
            size > 0 && said * 5 >= size * 4
        });
        let target = link.and_then(|it| tree.attribute(it, "href"));
        let target = target.filter(|it| !it.starts_with('#'));
        ahead.extend(target.filter(|it| front || is_of_same_site(it, base)));
    }
    let many = if front { FRONT } else { LIST };
    let headed = ahead.len() >= many && ahead.len() * 4 >= headings * 3;
    headed && all < TEASER * headings || front && link_density(tree, root) >= LINKED
}

/// Whether a link leads to the site that the page is on: what is told of other sites is a story.
fn is_of_same_site(target: &str, base: Option<&Url>) -> bool {
    match (base, base.and_then(|it| it.join(target).ok())) {
        (Some(base), Some(target)) => base.host_str() == target.host_str(),
        _ => !target.contains("://"),
    }
}
