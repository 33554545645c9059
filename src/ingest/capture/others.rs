//! Other stories in the midst of a text and behind it: where they begin, and where the text goes on.

use super::View;
use super::body::is_hard;
use super::labels;
use super::meta;
use super::names;
use super::shape::Shape;
use super::words::Sign;

/// Whether other stories are announced from here on: headline upon headline, each with who wrote it and
/// when, and a paragraph at most.
pub fn follow(view: &View<'_>, at: usize) -> bool {
    const MANY: usize = 3;
    const NEAR: usize = 30;
    const LEADS: usize = 6;
    let item = &view.items[at];
    if item.shape != Shape::Phrase || view.anchors[at] {
        return false;
    }
    let near = at..(at + NEAR).min(view.items.len());
    let prose = |at: usize| view.items[at].shape == Shape::Prose;
    if near
        .clone()
        .skip(1)
        .any(|next| prose(next - 1) && prose(next))
    {
        return false;
    }
    let told = |next: usize| {
        view.anchors[next]
            && !prose(next)
            && (meta::is_date_line(&view.items[next], view.language)
                || names::byline(&view.items[next].text).is_some())
            && labels::label(&view.items[next].text).is_none()
    };
    let teaser = |next: usize| {
        told(next)
            && !told(next - 1)
            && (next.saturating_sub(3).max(at)..next)
                .any(|above| view.items[above].words >= 4 && !told(above))
    };
    let mut teasers = near.skip(1).filter(|&next| teaser(next));
    let first = teasers.next();
    let sentence = |at: usize| matches!(view.items[at].shape, Shape::Sentence | Shape::Prose);
    first.is_some_and(|first| first - at <= LEADS && !(at..first).any(sentence))
        && teasers.count() + 1 >= MANY
}

/// Where the text goes on behind a list of other stories that stands in the midst of it: paragraph upon
/// paragraph, as neither teasers nor comments have them.
pub fn beyond_list(view: &View<'_>, at: usize) -> Option<usize> {
    const FAR: usize = 40;
    const TEXT: usize = 4;
    const WORDS: usize = 180;
    if view.signs[at] != Some(Sign::List) {
        return None;
    }
    let text = |at: usize| view.items[at].shape == Shape::Prose && view.is_text(at);
    let start = (at + 1..(at + FAR).min(view.items.len()))
        .take_while(|&next| {
            !view.signs[next].is_some_and(|sign| is_hard(sign) && sign != Sign::List)
        })
        .find(|&next| text(next))?;
    let run = || (start..view.items.len()).take_while(|&next| text(next));
    let words: usize = run().map(|next| view.items[next].words).sum();
    (run().count() >= TEXT && words >= WORDS).then_some(start)
}
