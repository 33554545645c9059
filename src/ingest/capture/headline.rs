//! Which line is the headline.

use crate::ingest::dates;

use super::View;
use super::breadcrumb::is_breadcrumb;
use super::core::{self, Core};
use super::labels;
use super::lines::{Item, Marker};
use super::names;
use super::shape::{self, Shape};
use super::signs;
use super::teasers;
use super::titles::{TITLE_MARKS, is_site_name, named_by_feeds, names_title, overlap};
use super::words::{HOME, Label, Sign};

/// How far above its text a headline may stand that no page's title names.
const NEAR: usize = 60;

/// The headline of a page whose text is `core`.
pub fn find(view: &View<'_>, core: &Core) -> Option<usize> {
    let prose = core.start;
    if let Some(told) = named_by_feeds(view) {
        return Some(told);
    }
    let naming = naming(view);
    let titled = |at: usize| view.items[at].words >= 3 && is_titled(view, at);
    let best = |candidates: &mut dyn Iterator<Item = usize>| {
        candidates
            .filter_map(|at| Some((score(view, at, core, &naming)?, at)))
            .max_by_key(|&(score, at)| (score, std::cmp::Reverse(at)))
            .filter(|&(score, _)| score >= 8)
            .map(|(_, at)| at)
    };
    let mut first = (0..view.items.len()).filter(|&at| view.items[at].level == 1);
    let sole = first.next().filter(|_| first.next().is_none());
    // Below the beginning of the text only the page's title, or its one first heading, can say that something is its headline.
    let below = view.items.len().min(prose + NEAR);
    let by_page = |at: usize| {
        let key = &view.items[at].key;
        let titled = || (0..at.min(4)).any(|title| names_title(&view.items[title].key, key));
        view.items[at].words >= 3 && (view.shared.names(key) || titled())
    };
    best(&mut (0..prose).filter(|&at| at + NEAR >= prose || by_page(at)))
        .or_else(|| best(&mut (prose..below).filter(|&at| titled(at) || sole == Some(at))))
}

/// The items that may name the headline again, so many that a long page is read as fast as
/// others: breadcrumbs, the headings over the comments, lines not much longer than headlines.
fn naming(view: &View<'_>) -> Vec<usize> {
    const MOST: usize = 500;
    let mut lines = 0;
    (0..view.items.len().min(3000))
        .filter(|&at| {
            let item = &view.items[at];
            if view.signs[at] == Some(Sign::Comments) || is_breadcrumb(item) {
                return true;
            }
            let line = (6..=40).contains(&item.words);
            lines += usize::from(line);
            line && lines <= MOST
        })
        .collect()
}

/// Whether another item, a breadcrumb or the heading over the comments, names this one.
fn mentions(view: &View<'_>, other: usize, at: usize) -> bool {
    let (other_item, item) = (&view.items[other], &view.items[at]);
    other != at
        && other_item.words > item.words
        && other_item.words <= item.words + 12
        && other_item.key.contains(item.key.as_str())
        && (other > at && view.signs[other] == Some(Sign::Comments)
            || other > at + 3 && item.words >= 5
            || is_breadcrumb(other_item))
}

/// How much speaks for an item being the headline.
fn score(view: &View<'_>, at: usize, core: &Core, naming: &[usize]) -> Option<i32> {
    let prose = core.start;
    let item = &view.items[at];
    if matches!(item.shape, Shape::Rule | Shape::Bare) || item.words > 45 {
        return None;
    }
    let titled = is_titled(view, at);
    let by_page_title =
        (0..at.min(4)).any(|before| names_title(&view.items[before].key, &item.key));
    let sure = titled && by_page_title && item.words >= 4;
    if view.anchors[at] && !sure {
        return None;
    }
    let mut score = 0;
    if titled {
        // A site's name alone is repeated, too; a title with the site's name around it is not.
        let around = (0..at.min(40)).any(|before| {
            view.items[before].text.trim() != item.text.trim()
                && names_title(&view.items[before].key, &item.key)
        });
        score += if around { 50 } else { 35 };
    } else if item.words >= 3 && at > 0 && overlap(&view.items[0].key, &item.key) {
        score += 35;
    } else if shortens_title(view, at) {
        score += 45;
    }
    score += match item.words {
        0..3 => 0,
        _ if view.shared.names(&item.key) => 40,
        _ if view.shared.address(&item.key).is_some() => 25,
        _ => 0,
    };
    if (at.saturating_sub(3)..at).any(|above| ends_trail(view, above, at)) {
        score += 20;
    }
    if captioned(view, at) {
        score -= 40;
    }
    if item.words >= 3 && naming.iter().any(|&other| mentions(view, other, at)) {
        score += 20;
    }
    // What the text speaks of.
    score += core
        .shares(&item.key)
        .map_or(0, |share| ((share - 50) / 4).clamp(-12, 10));
    // Bullets that have lost their buttons part nothing, nor do the buttons of networks.
    let near = || {
        (at + 1..view.items.len())
            .filter(|&next| view.items[next].shape != Shape::Bare)
            .filter(|&next| view.signs[next] != Some(Sign::Share))
            .take(6)
    };
    let next = near().find(|&next| view.anchors[next]);
    // A picture and what it is called part nothing.
    let between = |next: usize| {
        let parts = |&other: &usize| {
            view.signs[other].is_none()
                && view.items[other].shape != Shape::Bare
                && !names_picture(view, other)
        };
        (at + 1..next).filter(parts).count()
    };
    score += match next {
        Some(next) if next - at <= 3 || between(next) <= 2 => 23,
        Some(_) => 15,
        None if near()
            .take(3)
            .any(|next| names::is_bare_name(&view.items[next].text)) =>
        {
            12
        }
        None => 0,
    };
    // Other lines between it and the text that could be headlines: a list of other stories.
    let others = (at + 1..prose.max(at + 1))
        .filter(|&next| view.signs[next].is_none() && !view.anchors[next])
        .filter(|&next| view.items[next].shape == Shape::Phrase && view.items[next].words >= 5)
        .filter(|&next| view.items[next].key != item.key)
        .count() as i32;
    if !titled {
        score -= (4 * (others - 2)).clamp(0, 40);
    }
    if (at.saturating_sub(3)..at).any(|above| view.anchors[above]) {
        score += 10;
    }
    // The text comes next, or behind a second line.
    let mut below = (at + 1..(at + 5).min(view.items.len()))
        .filter(|&next| view.signs[next].is_none() && !view.anchors[next])
        .take(2);
    if below.any(|next| view.items[next].shape == Shape::Prose) {
        score += 8;
    }
    // The second of two lines that could be one is the standfirst.
    let first = (0..at)
        .rev()
        .take(3)
        .find(|&above| view.signs[above].is_none());
    let second = first.is_some_and(|nth| {
        let above = &view.items[nth];
        above.shape == Shape::Phrase
            && (3..=25).contains(&above.words)
            && (above.group_size == 1 || above.group == item.group)
            && above.marker == Marker::None
            && !view.anchors[nth]
            && !is_breadcrumb(above)
            && !is_site_name(view, nth)
            && !names_title(&above.key, &item.key)
            && !ends_trail(view, nth, at)
            && nth > 0
    });
    // Of two lines the one that says what the text says, where the other has nothing of it.
    let apart = first.is_some_and(|above| {
        let shares = |at: usize| core.shares(&view.items[at].key);
        shares(above).is_none_or(|share| share <= 34) && shares(at) >= Some(60)
    });
    if !second && core::begins(view, at).is_some_and(|first| first <= prose + 3) {
        score += 15;
    }
    // A heading below what is none.
    let heading = is_outdented(view, at) && first.is_some_and(|above| !is_outdented(view, above));
    score -= if second && !apart && !heading { 14 } else { 0 };
    // Menus stand above a headline, not below it.
    let menu = (at + 1..prose.min(at + 40))
        .take_while(|&next| !view.anchors[next])
        .filter(|&next| view.signs[next] == Some(Sign::Menu))
        .count() as i32;
    score -= (3 * menu).min(15);
    score += if item.group_size == 1 { 5 } else { 0 };
    score += if item.underlined { 10 } else { 0 };
    score += if item.level == 1 { 40 } else { 0 };
    score += match item.words {
        0 | 1 => -12,
        2 => -4,
        3 => 2,
        4..=18 => 8,
        19..=25 => 0,
        _ => -20,
    };
    if item.text.ends_with('.') && !item.text.ends_with("...") {
        score -= 12;
    }
    if item.text.ends_with([':', ',', ';']) {
        score -= 20;
    }
    // A trail of sections, a picture's source, an address, the value of the label above.
    if [" > ", " » ", " › "]
        .iter()
        .any(|mark| item.text.contains(mark))
        || item.text.ends_with(['›', '>'])
        || item.text.ends_with(')') && shape::ends_sentence(&item.text)
        || item.text.contains("://")
        || item.text.starts_with(char::is_lowercase)
    {
        score -= 20;
    }
    // A press release says what it is above its headline.
    if view.is_release()
        && (at + 1..prose.min(at + 6)).any(|next| view.signs[next] == Some(Sign::Genre))
    {
        score -= 15;
    }
    score -= if item.text.ends_with(['›', '»', '>']) {
        20
    } else {
        0
    };
    // "Culture", "Culture | Interviews" over the headline.
    let kicker = (item.words <= 2 || item.text.contains(" | "))
        && !titled
        && item.words <= 4
        && view.items.get(at + 1).is_some_and(|next| {
            matches!(next.shape, Shape::Phrase | Shape::Sentence)
                && next.words >= 4
                && !view.anchors[at + 1]
        });
    score -= if kicker { 15 } else { 0 };
    let labelled = at > 0
        && view.same_group(at - 1, at)
        && matches!(labels::label(&view.items[at - 1].text), Some((label, "")) if label != Label::Title);
    score -= if labelled { 40 } else { 0 };
    // "Related" stands over the headlines of others.
    let list = (at.saturating_sub(8)..at)
        .rev()
        .take_while(|&above| view.items[above].shape != Shape::Prose)
        .find(|&above| view.signs[above] == Some(Sign::List));
    let others = list.is_some_and(|list| {
        (list + 1..at).any(|other| {
            let other = &view.items[other];
            other.shape == Shape::Phrase && other.words >= 4
        })
    });
    score -= if others && !titled { 20 } else { 0 };
    // Said again between byline and text.
    let again = (at + 2..prose.min(at + 12)).any(|next| view.items[next].key == item.key);
    score += if again && item.words >= 4 && !has_pairs(view) {
        12
    } else {
        0
    };
    if item.words >= 3 && at > prose && recurs(view, core, at) {
        score -= 40;
    }
    // "Morning Letters" over the button to subscribe to them.
    let boxed =
        (at + 1..(at + 3).min(view.items.len())).any(|next| view.signs[next] == Some(Sign::Signup));
    score -= if boxed && !titled { 25 } else { 0 };
    let asks = item.text.ends_with('?') && item.words <= 25 && !item.text.contains(". ");
    if item.shape == Shape::Prose && !asks {
        score -= 20;
    }
    let told = item.key.split(' ').next().unwrap_or_default();
    if item.key.chars().any(|c| c.is_ascii_digit())
        && matches!(
            labels::label(told),
            Some((Label::Published | Label::Updated, _))
        )
    {
        score -= 25;
    }
    // Captions and lists of dates name days, headlines do not.
    if dates::find_with(&item.text, view.language).is_some() || teasers::is_short_date(&item.key) {
        score -= 12;
    }
    if item.marker != Marker::None {
        score -= 15;
    }
    if !sure && (view.signs[at].is_some() || is_breadcrumb(item)) {
        score -= 40;
    }
    if !titled && names::is_bare_name(&item.text) {
        score -= if item.words <= 3 { 10 } else { 25 };
    }
    if is_site_name(view, at) {
        score -= 40;
    }
    if tells_picture(view, at) {
        score -= 25;
    }
    if is_outdented(view, at) || item.centred {
        score += 12;
    }
    // What is said for networks to pass on.
    if item
        .text
        .split(' ')
        .filter(|word| word.starts_with('#'))
        .count()
        >= 2
    {
        score -= 25;
    }
    // Buttons and menus may be many, and say less of how far apart two lines are.
    let apart = (at + 1..prose.max(at + 1))
        .filter(|&next| view.signs[next].is_none() && view.items[next].shape != Shape::Bare)
        .count();
    let rest = prose.saturating_sub(at + 1).saturating_sub(apart);
    let distance = (apart + rest / 5).saturating_sub(3) as i32;
    Some(score - distance.min(20))
}

/// "We may earn a commission": whether a line stands in the midst of the text again and again.
fn recurs(view: &View<'_>, core: &Core, at: usize) -> bool {
    let key = &view.items[at].key;
    let text = core.start..core.last.min(view.items.len());
    let again = |&other: &usize| other != at && view.items[other].key == *key;
    text.filter(again).nth(1).is_some()
}

/// "HomeCultureThe bell is back", "Home Culture The bell is back": whether a line is a trail, its marks
/// lost, that ends with the headline.
fn ends_trail(view: &View<'_>, trail: usize, at: usize) -> bool {
    let (trail, item) = (&view.items[trail], &view.items[at]);
    item.words >= 4
        && trail.words <= item.words + 8
        && trail.key.len() > item.key.len()
        && trail.key.ends_with(item.key.as_str())
        && HOME.iter().any(|home| trail.key.starts_with(home))
}

/// Text browsers set headings off to the left of the text.
fn is_outdented(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    // What is set further to the right is a column of a table, and its headings are, too.
    const COLUMN: usize = 8;
    view.page.wrapped
        && (2..COLUMN).contains(&view.base_indent)
        && item.indent == 0
        && item.marker == Marker::None
        && item.shape != Shape::Prose
}

/// "harbour-2019.jpg": the name of a picture's file.
fn names_picture(view: &View<'_>, at: usize) -> bool {
    let key = view.items[at].key.as_str();
    view.items[at].words == 1
        && [".jpg", ".jpeg", ".png", ".gif", ".webp"]
            .iter()
            .any(|end| key.ends_with(end))
}

/// "A bell in a shop. A bell in a shop, on Monday. (Agency)": a picture's words and its caption.
fn says_twice(key: &str) -> bool {
    const LEAST: usize = 20;
    let (once, again) = key.split_at(key.floor_char_boundary(key.len() / 2));
    if once.len() >= LEAST / 2 && once == again {
        return true;
    }
    key.char_indices()
        .nth(LEAST)
        .is_some_and(|(cut, _)| key[cut..].contains(&key[..cut]))
}

/// Whether a line is what a picture shows or whose it is.
fn tells_picture(view: &View<'_>, at: usize) -> bool {
    const WHOSE: [&str; 7] = [
        "credit: ",
        "image copyright",
        "image caption",
        "(image:",
        "(photo:",
        "(credit:",
        "(foto:",
    ];
    let item = &view.items[at];
    let below = at > 0 && view.same_group(at - 1, at) && names_picture(view, at - 1);
    let one_of = ["image 1 of ", "photo 1 of ", "bild 1 von ", "foto 1 de "]
        .iter()
        .any(|words| item.key.contains(words));
    below || one_of || says_twice(&item.key) || WHOSE.iter().any(|words| item.key.contains(words))
}

/// Whether an earlier item is this one with the site's name around it, or the same again.
fn is_titled(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    (0..at.min(40)).any(|before| {
        let other = &view.items[before];
        // A menu may name a section twice, too; a page's title stands at the top or says more.
        let title = before <= 1 || other.words > item.words || item.words >= 4;
        // A picture's words stand twice, as its own and as its caption.
        let twice = other.key == item.key
            && (item.words < 3 || before > 0 && at - before <= 2 && has_pairs(view))
            || at - before <= 2 && before > 1 && other.key.ends_with(" - photo");
        title
            && !twice
            && (item.words >= 3 || before <= 1)
            && other.marker == Marker::None
            && names_title(&other.key, &item.key)
            && !other_part_follows(view, &other.key, &item.key, at)
    })
}

/// Whether the page shows pictures with their words twice: then that says nothing of a headline.
fn has_pairs(view: &View<'_>) -> bool {
    let pair = |pair: &&[Item]| pair[0].key == pair[1].key && pair[0].words >= 3;
    view.items
        .windows(2)
        .take(400)
        .filter(pair)
        .nth(1)
        .is_some()
}

/// "Site: Headline": where the other part of the title stands further below as an item of its own
/// and is longer, it is the headline and this one the site's name.
fn other_part_follows(view: &View<'_>, title: &str, part: &str, at: usize) -> bool {
    let Some(found) = title.find(part) else {
        return false;
    };
    let marks = |c: char| c.is_whitespace() || TITLE_MARKS.contains(&c);
    let before = title[..found].trim_matches(marks);
    let after = title[found + part.len()..].trim_matches(marks);
    // "Library of Things: A town lends itself": the kicker and the headline, if a standfirst stands
    // below the second; else headline and standfirst.
    let kicker = title[found + part.len()..].starts_with(':')
        && (at + 1..(at + 3).min(view.items.len())).any(|next| {
            let item = &view.items[next];
            item.words >= 2
                && after.strip_prefix(item.key.as_str()).is_some_and(|rest| {
                    rest.is_empty() || rest.trim_start().starts_with(TITLE_MARKS)
                })
                && leads_to_byline(view, next)
        });
    if kicker {
        return true;
    }
    [before, after].iter().any(|rest| {
        rest.chars().count() > part.chars().count()
            && view
                .items
                .iter()
                .skip(at + 1)
                .take(60)
                .any(|item| item.key == **rest)
    })
}

/// Whether a standfirst and then a byline or a date stand below a line.
fn leads_to_byline(view: &View<'_>, at: usize) -> bool {
    let standfirst = view.items.get(at + 1).is_some_and(|next| {
        next.words >= 6 && view.signs[at + 1].is_none() && !view.anchors[at + 1]
    });
    standfirst && (at + 2..(at + 5).min(view.items.len())).any(|next| view.anchors[next])
}

/// "The Last Bell" below "The last bell of Osterby: a foundry closes | Tideline": a page's title may
/// say more than the headline over standfirst and byline.
fn shortens_title(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    let longer = view.items[0]
        .key
        .strip_prefix(item.key.as_str())
        .is_some_and(|rest| rest.starts_with(' '));
    at > 0
        && item.words >= 3
        && item.shape == Shape::Phrase
        && item.group_size == 1
        && longer
        && leads_to_byline(view, at)
}

/// "Neighbours greet the train / Neighbours of Aldea, on Thursday. / PACO": whether the caption with
/// its source stands below a picture's words and begins as they do.
fn captioned(view: &View<'_>, at: usize) -> bool {
    const ALIKE: usize = 12;
    let Some(next) = view.items.get(at + 1) else {
        return false;
    };
    let alike = view.items[at]
        .key
        .chars()
        .zip(next.key.chars())
        .take_while(|(one, other)| one == other)
        .count();
    alike >= ALIKE && (view.signs[at + 1] == Some(Sign::Credit) || signs::ends_with_agency(next))
}

/// The headline, without the site's name behind it.
pub fn text_of(view: &View<'_>, at: usize) -> String {
    let text = view.items[at].text.trim();
    // What closes a quotation is no mark of a title.
    let dangling: &[char] = if text.contains('«') {
        &['-', '|', '–', '—', ':', '·', ' ']
    } else {
        &['-', '|', '–', '—', '»', ':', '·', ' ']
    };
    let text = text.trim_end_matches(dangling);
    // Only the first lines of a page are its title with the site's name.
    if at > 2 {
        return text.to_owned();
    }
    for mark in [" | ", " » ", " :: ", " · ", " - ", " – ", " — ", " : "] {
        let Some((head, site)) = text.rsplit_once(mark) else {
            continue;
        };
        let sure = matches!(mark, " | " | " » " | " :: ");
        let key = super::key::of(site);
        let elsewhere = view.items.iter().enumerate().any(|(other, item)| {
            let copyright = item.key.contains('©') || item.key.contains("copyright");
            other != at
                && item.words <= 30
                && (item.key == key || copyright && item.key.contains(&key))
        });
        let words = super::shape::word_count;
        if words(head) >= 2 && words(site) <= 6 && (sure || elsewhere) {
            return head.trim().to_owned();
        }
    }
    text.to_owned()
}
