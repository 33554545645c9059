//! Where on the page the text is: the stretch in which prose outweighs all else.
//!
//! No word decides this, only how much is said in sentences and how much in short lines. The rest of
//! the reading is about the edges of this stretch, and about what inside it is not of the text.

use std::collections::HashSet;

use super::View;
use super::lines::Marker;
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
    let chosen = stretches.iter().find(|stretch| stretch.worth * 4 >= most)?;
    let prose = |at: usize| view.is_text(at) && view.items[at].shape == Shape::Prose;
    // Under way, not one of the teasers or captions above it: half of what follows is text, too.
    let text = |at: &usize| {
        let item = &view.items[*at];
        view.is_text(*at) && matches!(item.shape, Shape::Prose | Shape::Sentence)
    };
    let dense = |at: &usize| {
        let next = *at..(at + 8).min(chosen.last + 1);
        next.clone().filter(text).count() * 2 >= next.len()
    };
    let near = |at: &usize| (at + 1..(at + 9).min(view.items.len())).any(prose);
    let all = || (chosen.start..=chosen.last).filter(|&at| prose(at));
    let words = (chosen.start..=chosen.last)
        .filter(|&at| matches!(view.items[at].shape, Shape::Prose | Shape::Sentence))
        .take(60)
        .flat_map(|at| telling(&view.items[at].key))
        .map(str::to_owned)
        .collect();
    Some(Core {
        words,
        start: all()
            .find(|at| dense(at) && near(at))
            .or_else(|| all().find(near))
            .or_else(|| all().next())
            .unwrap_or(chosen.start),
        last: chosen.last,
    })
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
        (Shape::Prose, _) if view.is_text(at) => words,
        (Shape::Sentence, None) if !view.anchors[at] => words / 2,
        (Shape::Rule | Shape::Bare, _) => -2,
        (Shape::Phrase, None) if item.marker == Marker::None && item.group_size == 1 => -4,
        (_, Some(Sign::Aside)) => 0,
        _ => -8,
    }
}
