//! The keys for what shows just now and elsewhere does not.

use crate::{
    app::Open,
    document::{Body, Role},
};

/// Those among comments, in forms of less and less words.
pub(super) const COMMENTS: [&str; 4] = [
    "comments   c story   enter opens and folds   } next new   f links   / search   ? help",
    "comments   c story   enter opens and folds   } next new   ? help",
    "comments   c story   enter folds   } new   ? help",
    "comments   c story",
];

/// The keys for what this page has and others do not.
pub(super) fn here(open: &Open) -> Vec<&'static str> {
    if !open.foot.is_empty() {
        return vec!["* closes the notes"];
    }
    let mut keys = Vec::new();
    if is_link(open) {
        keys.push("w full text");
    }
    match open.summaries()[..] {
        [] => {}
        [summary] if open.layout.is_open(summary) == Some(true) => keys.push("enter folds ▾"),
        _ => keys.push("enter opens ▸"),
    }
    if open.has_notes {
        keys.push("* notes");
    }
    if open.after.as_ref().is_some_and(|it| it.comments.is_some()) {
        keys.push("c comments");
    }
    keys
}

/// Whether a story is nothing but a link to its page, and what its reader wrote below it: its text can be fetched.
fn is_link(open: &Open) -> bool {
    /// Title, byline and standfirst stand before the text.
    const FIRST: usize = 8;
    let layout = &open.layout;
    let role = |it: usize| match layout.block(it).map(|it| &it.body) {
        Some(Body::Text { role, .. }) => Some(*role),
        _ => None,
    };
    let Some(at) = (0..FIRST).find(|it| role(*it) == Some(Role::Plain)) else {
        return false;
    };
    let Some(Body::Text { text, .. }) = layout.block(at).map(|it| &it.body) else {
        return false;
    };
    let link = match &text.runs[..] {
        [run] => run.link.and_then(|it| layout.link(it)),
        _ => None,
    };
    let is_own = link.is_some() && link == open.about.url.as_deref();
    let next = layout.block(at + 1).map(|it| &it.body);
    let ends = match next {
        None | Some(Body::Rule) => true,
        Some(_) => matches!(role(at + 1), Some(Role::Heading(_))),
    };
    is_own && ends && !open.id.is_passing() && !open.source
}
