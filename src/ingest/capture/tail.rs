//! What the page says of the story behind its text: tags, the number of comments.

use super::View;
use super::labels;
use super::meta::Meta;
use super::shape::Shape;
use super::signs;
use super::split::split_list;
use super::words::{Label, Sign};

/// Reads the metadata that stands behind the text.
pub fn read_meta(view: &View<'_>, from: usize, meta: &mut Meta) {
    meta.below = true;
    let mut at = from;
    let mut teasers = false;
    while at < view.items.len() && at < from + 400 {
        let item = &view.items[at];
        match view.signs[at] {
            Some(Sign::List | Sign::Sponsored) => teasers = true,
            Some(Sign::Comments) => {
                if meta.comments.is_none() {
                    meta.comments = signs::comments_count(item);
                }
                // Behind their heading, what looks like a byline is a reader's.
                if item.words <= 12 {
                    teasers = true;
                }
            }
            _ => {}
        }
        let found = labels::label(&item.text).or_else(|| labels::open_label(&item.text));
        if let Some((label @ (Label::Tags | Label::Filed | Label::Category), value)) = found {
            if value.is_empty() {
                let (values, next) = list_below(view, at);
                for value in &values {
                    meta.apply(label, value);
                }
                at = next;
                continue;
            }
            if item.words <= 60 {
                meta.take(item, None);
            }
        } else if matches!(found, Some((Label::Url, value)) if value.contains("://")) {
            meta.take(item, None);
        } else if !teasers
            && view.anchors[at]
            && item.words <= 30
            && let Some(label) = meta.take(item, None)
            && let Some(next) = view.items.get(at + 1)
        {
            meta.take(next, Some(label));
            at += 1;
        }
        at += 1;
    }
}

/// The values on the lines below a label, and where they end.
fn list_below(view: &View<'_>, at: usize) -> (Vec<String>, usize) {
    let mut values = Vec::new();
    let mut next = at + 1;
    let below = |next: usize| {
        view.items.get(next).filter(|item| {
            item.words <= 8
                && matches!(item.shape, Shape::Phrase)
                && !matches!(
                    view.signs[next],
                    Some(
                        Sign::Comments
                            | Sign::List
                            | Sign::Footer
                            | Sign::Author
                            | Sign::Share
                            | Sign::Inline
                    )
                )
                && labels::label(&item.text).is_none()
        })
    };
    // Directly below, or else as the next group or as a row of short groups.
    let own = view.same_group(at, next);
    let group = view.items.get(next).map(|item| item.group);
    while let Some(item) = below(next) {
        let inside = if own {
            view.same_group(at, next)
        } else {
            Some(item.group) == group || (item.group_size == 1 && item.words <= 4)
        };
        if !inside {
            break;
        }
        values.push(item.text.clone());
        next += 1;
    }
    if let [only] = values.as_slice() {
        values = split_list(only);
    }
    (values, next)
}
