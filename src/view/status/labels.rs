//! What the line at the bottom tells of labels: where each of them leads.

use crate::{
    app::{Goal, Labels, Open, Purpose},
    document::{
        Inner,
        width::{fit, width},
    },
};

/// Fewer cells of an address tell nothing.
const LEAST_TOLD: usize = 8;

/// What stands between two of them.
const GAP: &str = "   ";

/// What leads on where there is not room for all.
const MORE: &str = "   tab more";

/// What to say of labels, in forms of which the first that fits into `room` cells is taken.
pub(super) fn hints(labels: &Labels, open: Option<&Open>, room: usize) -> Vec<String> {
    let short = "type a label".to_owned();
    let what = match labels.purpose {
        Purpose::Copy => "copy",
        Purpose::Fold => "open or fold",
        Purpose::Read => {
            return vec![
                format!("{short} to read its page here, esc to leave"),
                short,
            ];
        }
        Purpose::Follow => return leads(labels, open, room, short),
    };
    vec![format!("{short} to {what} it, esc to leave"), short]
}

fn leads(labels: &Labels, open: Option<&Open>, room: usize, short: String) -> Vec<String> {
    let typed = labels.typed.as_str();
    let here = labels.all.iter().filter(|it| it.keys.starts_with(typed));
    let told: Vec<(&str, String)> = here
        .map(|it| {
            let goal = match &it.goal {
                Goal::Link(it) | Goal::Code(it) => it.clone(),
                Goal::Inner(Inner::Story(_)) => {
                    let line = open.and_then(|open| open.layout.line(it.spot));
                    let name = line.and_then(|line| line.segments.get(it.segment));
                    name.map_or("a story", |it| it.text.trim()).to_owned()
                }
                Goal::Inner(Inner::Comments) => "the comments".to_owned(),
                Goal::Details(summary) => {
                    let open = open.and_then(|it| it.layout.is_open(*summary));
                    let word = if open == Some(true) { "folds" } else { "opens" };
                    word.to_owned()
                }
            };
            (it.keys.as_str(), goal)
        })
        .collect();
    let with_words = shared(&told, room.saturating_sub(short.len() + 2));
    let with_words = format!("{short}: {with_words}");
    let shorter = shared(&told, room.saturating_sub(7));
    let shorter = format!("label: {shorter}");
    let paged = paged(&told, labels.leaf, room.saturating_sub(7));
    let mut forms = vec![with_words, shorter];
    forms.extend(paged.map(|it| format!("label: {it}")));
    forms.extend([format!("{short} to follow its link, esc to leave"), short]);
    forms
}

/// As many labels as there is room for: the first ones, or those behind so many times as many.
fn paged(all: &[(&str, String)], leaf: usize, room: usize) -> Option<String> {
    let keys = all.first().map_or(0, |(keys, _)| keys.len());
    // Three times what tells anything: who looks through them wants to know where they lead.
    let one = keys + 1 + GAP.len() + 3 * LEAST_TOLD;
    let left = room.saturating_sub(MORE.len());
    let count = (left / one).max(usize::from(left >= keys + 1 + LEAST_TOLD));
    let leaves = all.len().div_ceil(count.max(1));
    let mut leaves = all.chunks(count.max(1)).skip(leaf % leaves.max(1));
    let these = leaves.next().filter(|_| count > 0)?;
    Some(format!("{}{MORE}", shared(these, left)))
}

/// Labels with where they lead, each address shortened to its share of the room where there is not
/// enough for all; as they are where a share would tell nothing.
fn shared(all: &[(&str, String)], room: usize) -> String {
    let keys: usize = all.iter().map(|(keys, _)| keys.len() + 1 + GAP.len()).sum();
    let room = (room + GAP.len()).saturating_sub(keys);
    // What needs less than its share leaves the rest to the others.
    let mut lengths: Vec<usize> = all.iter().map(|(_, goal)| width(goal)).collect();
    lengths.sort_unstable();
    let (mut left, mut share) = (room, usize::MAX);
    for (at, length) in lengths.iter().enumerate() {
        let even = left / (lengths.len() - at);
        if *length > even {
            share = even;
            break;
        }
        left -= length;
    }
    let share = if share < LEAST_TOLD {
        usize::MAX
    } else {
        share
    };
    let told: Vec<String> = all
        .iter()
        .map(|(keys, goal)| {
            let goal = if width(goal) > share {
                bare(goal)
            } else {
                goal
            };
            format!("{keys} {}", fit(goal, share))
        })
        .collect();
    told.join(GAP)
}

/// What tells most of an address where there is no room for all of it: of a file its name, without the date
/// that it begins with.
fn bare(goal: &str) -> &str {
    if let Some((scheme, rest)) = goal.split_once(':') {
        return match scheme {
            "https" | "http" => rest.trim_start_matches('/'),
            "mailto" => rest,
            _ => goal,
        };
    }
    let path = goal.split('#').next().unwrap_or(goal);
    let name = path.trim_end_matches('/').rsplit('/').next();
    let name = name.filter(|it| !it.is_empty()).unwrap_or(goal);
    let is_dated = name.len() > 11
        && name
            .bytes()
            .zip(*b"0000-00-00-")
            .all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                sign => byte == sign,
            });
    if is_dated { &name[11..] } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_an_address_tells_most() {
        for (goal, want) in [
            ("https://example.org/a", "example.org/a"),
            ("mailto:a@example.org", "a@example.org"),
            (
                "2026-10-12-what-the-harbour-knows",
                "what-the-harbour-knows",
            ),
            ("../posts/2026-10-12-tides.md#neaps", "tides.md"),
            ("2026-10-12.md", "2026-10-12.md"),
            ("docs/second.md", "second.md"),
            ("#part", "#part"),
            ("gopher://e.org", "gopher://e.org"),
        ] {
            assert_eq!(bare(goal), want);
        }
    }
}
