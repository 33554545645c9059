//! The keys for what shows just now and elsewhere does not.

use crate::app::Open;

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
