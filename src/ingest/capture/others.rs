//! Other stories in the midst of a text and behind it: where they begin, and where the text goes on.

use super::View;
use super::body::is_hard;
use super::labels;
use super::lines::Marker;
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

/// Where a run of other stories' headlines ends that stands in the midst of a text: one alone upon the
/// other, with hardly a paragraph between.
pub fn run_of_headlines(view: &View<'_>, at: usize) -> Option<usize> {
    const FAR: usize = 40;
    const WINDOW: usize = 12;
    const MANY: usize = 5;
    const WORDS: usize = 6;
    let prose = |at: usize| view.items[at].shape == Shape::Prose;
    let headline = |at: usize| {
        let item = &view.items[at];
        item.shape == Shape::Phrase
            && (4..=20).contains(&item.words)
            && item.group_size == 1
            && item.marker == Marker::None
            && !item.text.ends_with(':')
            && item
                .text
                .starts_with(|c: char| c.is_uppercase() || "‘“\"'".contains(c))
    };
    let led = at > 0 && view.items[at - 1].text.ends_with(':');
    if !view.page.spaced || led || view.items[at].shape != Shape::Phrase {
        return None;
    }
    // What is printed for the pictures beside them parts nothing.
    let window = (at..view.items.len())
        .filter(|&next| view.items[next].shape != Shape::Bare)
        .filter(|&next| view.signs[next] != Some(Sign::Credit) || prose(next))
        .take(WINDOW);
    let lines = || window.clone().filter(|&at| headline(at));
    let words: usize = lines().map(|at| view.items[at].words).sum();
    let many = lines().count() >= MANY && words >= WORDS * lines().count();
    if !many || window.clone().filter(|&at| prose(at)).count() * 2 > lines().count() {
        return None;
    }
    // The text goes on with two paragraphs.
    let text = |at: usize| prose(at) && view.is_text(at);
    let twins = |at: usize| view.items[at].key == view.items[at + 1].key;
    let goes_on = (at + 1..(at + FAR).min(view.items.len().saturating_sub(1)))
        .find(|&next| text(next) && text(next + 1) && !twins(next))?;
    (at + 1..goes_on)
        .rev()
        .find(|&last| headline(last))
        .map(|last| last + 1)
}
