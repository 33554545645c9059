//! Where on the page the text is: the stretch in which prose outweighs all else.
//!
//! No word decides this, only how much is said in sentences and how much in short lines. The rest of
//! the reading is about the edges of this stretch, and about what inside it is not of the text.

use std::collections::HashSet;

use super::View;
use super::lines::{Marker, Set};
use super::meta;
use super::names;
use super::shape::Shape;
use super::words::Sign;

/// The stretch that has the text.
#[derive(Debug)]
pub struct Core {
    /// Its first paragraph with another one near by.
    pub start: usize,
    /// Its last sentence.
    pub last: usize,
    /// The words that it uses.
    words: HashSet<String>,
}

impl Core {
    /// How many hundredths of a line's words the text uses, too: its headline's most, those of a menu
    /// or of another story few. None where the line has too few words to tell.
    pub fn shares(&self, key: &str) -> Option<i32> {
        let (mut all, mut known) = (0, 0);
        for word in telling(key) {
            all += 1;
            known += i32::from(self.words.contains(word));
        }
        (all >= 3).then(|| known * 100 / all)
    }
}

/// The words of a text that say what it is about: the longer ones.
fn telling(key: &str) -> impl Iterator<Item = &str> {
    key.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4 || word.starts_with(|c: char| c.is_ascii_digit()))
}

/// A stretch of items in which there is more text than furniture.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: usize,
    last: usize,
    /// How much more.
    worth: i64,
}

/// Finds the text: the first of the stretches that are worth most, since comments and other
/// stories stand below it.
pub fn find(view: &View<'_>) -> Option<Core> {
    let stretches = stretches(view);
    let most = stretches.iter().map(|stretch| stretch.worth).max()?;
    let mut chosen = stretches
        .iter()
        .find(|stretch| stretch.worth * 4 >= most || is_whole(view, stretch, most))?;
    // What stands in a column above a text that has a headline and a date is none itself.
    let longest = stretches.iter().find(|stretch| stretch.worth == most)?;
    if chosen.worth * 2 < most && !has_anchor_above(view, chosen.start) && is_headed(view, longest)
    {
        chosen = longest;
    }
    let prose = |at: usize| view.is_text(at) && view.items[at].shape == Shape::Prose;
    // Under way, not one of the teasers or captions above it: half of what follows is text, too.
    let text = |at: &usize| {
        let item = &view.items[*at];
        view.is_text(*at) && matches!(item.shape, Shape::Prose | Shape::Sentence)
    };
    let dense = |at: &usize| {
        let next = *at..(at + 8).min(chosen.last + 1);
        let words = |text: &dyn Fn(&usize) -> bool| -> usize {
            let items = next.clone().filter(|at| text(at));
            items.map(|at| view.items[at].words).sum()
        };
        next.clone().filter(text).count() * 2 >= next.len()
            || words(&text) >= 6 * words(&|at| !text(at))
    };
    let near = |at: &usize| (at + 1..(at + 9).min(view.items.len())).any(prose);
    let all = || (chosen.start..=chosen.last).filter(|&at| prose(at));
    let words = (chosen.start..=chosen.last)
        .filter(|&at| matches!(view.items[at].shape, Shape::Prose | Shape::Sentence))
        .take(60)
        .flat_map(|at| telling(&view.items[at].key))
        .map(str::to_owned)
        .collect();
    let start = all()
        .find(|at| dense(at) && near(at))
        .or_else(|| all().find(near))
        .or_else(|| all().next())
        .unwrap_or(chosen.start);
    Some(Core {
        words,
        start: opening(view, start).unwrap_or(start),
        last: chosen.last,
    })
}

/// The first paragraph below a headline, a byline and a date, above a stretch that has none of its own:
/// lists of other stories and of videos part the beginning of a text from its rest.
fn opening(view: &View<'_>, stretch: usize) -> Option<usize> {
    const FAR: usize = 300;
    let found = (stretch.saturating_sub(FAR)..stretch).find_map(|at| begins(view, at))?;
    (!has_anchor_above(view, stretch) && found < stretch).then_some(found)
}

/// Whether a byline or a date stands directly above an item.
fn has_anchor_above(view: &View<'_>, at: usize) -> bool {
    const OWN: usize = 12;
    (at.saturating_sub(OWN)..=at).any(|at| view.anchors[at])
}

/// Whether a stretch begins below a headline with its date.
fn is_headed(view: &View<'_>, stretch: &Stretch) -> bool {
    const NEAR: usize = 8;
    let mut above = stretch.start.saturating_sub(NEAR)..stretch.start;
    above.any(|at| date_below(view, at).is_some_and(|on| on < stretch.start))
}

/// Where the text below a headline begins, if `at` is one: byline and date follow, then paragraph upon
/// paragraph.
pub fn begins(view: &View<'_>, at: usize) -> Option<usize> {
    const PICTURE: usize = 8;
    let below = |from: usize, most: usize| below(view, from, most);
    let on = date_below(view, at)?;
    let by = below(at, HEAD).find(|&next| {
        let item = &view.items[next];
        view.anchors[next] && names::byline(&item.text).is_some()
            || next.abs_diff(on) == 1
                && item.group == view.items[on].group
                && names::is_bare_name(&item.text)
    })?;
    let prose = |&at: &usize| view.items[at].shape == Shape::Prose && view.is_text(at);
    let first = below(by.max(on), PICTURE).find(prose)?;
    // Teasers have no second paragraph before the next one's byline.
    let mut near = below(first, 2).take_while(|&next| !view.anchors[next]);
    near.any(|next| prose(&next)).then_some(first)
}

/// How many lines below a headline its byline and date stand.
const HEAD: usize = 4;

/// The items below one. Bullets that have lost their buttons say nothing of how far apart two lines are.
fn below<'a>(view: &'a View<'_>, from: usize, most: usize) -> impl Iterator<Item = usize> + 'a {
    (from + 1..view.items.len())
        .filter(|&next| view.items[next].shape != Shape::Bare)
        .take(most)
}

/// The date directly below a headline, if `at` may be one.
fn date_below(view: &View<'_>, at: usize) -> Option<usize> {
    let item = &view.items[at];
    let headline = matches!(item.shape, Shape::Phrase | Shape::Sentence)
        && (4..=30).contains(&item.words)
        && item.marker == Marker::None
        && view.signs[at].is_none()
        && !view.anchors[at];
    let dated =
        |&next: &usize| view.anchors[next] && meta::is_date_line(&view.items[next], view.language);
    below(view, at, HEAD).find(dated).filter(|_| headline)
}

/// Whether a short stretch is a text of its own, since a list of other stories stands directly below it.
fn is_whole(view: &View<'_>, stretch: &Stretch, most: i64) -> bool {
    const TEXT: i64 = 90;
    const NEAR: usize = 4;
    let list = (stretch.last + 1..(stretch.last + 1 + NEAR).min(view.items.len()))
        .any(|at| view.signs[at] == Some(Sign::List));
    stretch.worth >= TEXT && stretch.worth * 8 >= most && list
}

/// Cuts the page into stretches, in one pass: a stretch ends where what was gained is used up, or so
/// much of it that what comes is of another kind.
fn stretches(view: &View<'_>) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut open: Option<(Stretch, i64)> = None;
    for at in 0..view.items.len() {
        let worth = worth(view, at);
        let (mut stretch, sum) = match open.take() {
            Some((stretch, sum)) => (stretch, sum + worth),
            None => (
                Stretch {
                    start: at,
                    last: at,
                    worth: 0,
                },
                worth,
            ),
        };
        if sum <= 0 || sum < stretch.worth - (stretch.worth / 4).max(150) {
            found.push(stretch);
            continue;
        }
        if sum >= stretch.worth {
            stretch.worth = sum;
            stretch.last = at;
        }
        open = Some((stretch, sum));
    }
    found.extend(open.map(|(stretch, _)| stretch));
    found.retain(|stretch| stretch.worth > 0);
    found
}

/// How much an item speaks for the text being here, in words.
fn worth(view: &View<'_>, at: usize) -> i64 {
    let item = &view.items[at];
    let words = item.words.min(120) as i64;
    match (item.shape, view.signs[at]) {
        (_, Some(Sign::Comments | Sign::List)) => -60,
        // Neither text nor links.
        _ if matches!(item.set, Set::Code | Set::Row) => 0,
        (Shape::Prose, _) if view.is_text(at) => words,
        (Shape::Sentence, None) if !view.anchors[at] => words / 2,
        (Shape::Rule | Shape::Bare, _) => -2,
        (Shape::Phrase, None) if item.marker == Marker::None && item.group_size == 1 => -4,
        (_, Some(Sign::Aside)) => 0,
        _ => -8,
    }
}
