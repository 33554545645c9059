//! The top of the page: where the headline stands, and where the text begins.

use super::View;
use super::lines::Item;
use super::meta::{self, Anchor};
use super::names;
use super::shape::{self, Shape};
use super::signs;
use super::words::{GENERAL, HOME, Label, Sign};

/// What stands where at the top of the page.
#[derive(Debug)]
pub struct Head {
    /// The item that is the headline.
    pub headline: Option<usize>,
    /// The first item of the text.
    pub start: usize,
    /// The standfirst.
    pub summary: Option<usize>,
    /// What the page says above its headline or between it and the text, as a picture's words.
    pub picture: Option<usize>,
}

/// How many items at the top may hold headline and metadata.
const TOP: usize = 400;

/// Finds headline, standfirst and the beginning of the text.
pub fn find(view: &View<'_>) -> Option<Head> {
    let prose = first_prose(view)?;
    let headline = headline(view, prose);
    let from = headline.map_or(0, |at| at + 1);
    let (start, summary, picture) = start(view, from)?;
    Some(Head {
        headline,
        start,
        summary,
        picture,
    })
}

/// Where the text is under way: prose with more of it near by.
fn first_prose(view: &View<'_>) -> Option<usize> {
    let is = |at: &usize| view.is_text(*at) && view.items[*at].shape == Shape::Prose;
    let all = || (0..view.items.len()).filter(is);
    let near = |at: &usize| {
        (at + 1..(at + 9).min(view.items.len()))
            .any(|next| view.is_text(next) && view.items[next].shape == Shape::Prose)
    };
    all().find(near).or_else(|| all().next()).or_else(|| {
        (0..view.items.len())
            .find(|&at| view.is_text(at) && view.items[at].shape == Shape::Sentence)
    })
}

fn headline(view: &View<'_>, prose: usize) -> Option<usize> {
    let top = view.items.len().min(TOP);
    let best = (0..top)
        .filter(|&at| {
            at < prose || (at < top / 2 && view.items[at].words >= 3 && is_page_title_of(view, at))
        })
        .filter_map(|at| Some((score(view, at, prose)?, at)))
        .max_by_key(|&(score, at)| (score, std::cmp::Reverse(at)))?;
    (best.0 >= 8).then_some(best.1)
}

/// Whether an earlier item is this one with the site's name behind it, or the same again.
fn is_page_title_of(view: &View<'_>, at: usize) -> bool {
    let key = &view.items[at].key;
    (0..at.min(40)).any(|before| {
        let other = &view.items[before];
        other.words >= 1 && begins_title(&other.key, key)
    })
}

fn begins_title(title: &str, headline: &str) -> bool {
    headline.chars().count() >= 4
        && title.strip_prefix(headline).is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.is_empty()
                || rest.starts_with(['-', '|', '–', '—', '»', ':', '·', '•', '/', '<', '('])
        })
}

fn score(view: &View<'_>, at: usize, prose: usize) -> Option<i32> {
    let item = &view.items[at];
    if matches!(item.shape, Shape::Rule | Shape::Bare) || item.words > 45 {
        return None;
    }
    let twice = is_page_title_of(view, at);
    if view.anchors[at].is_some() && !(twice && item.words >= 4) {
        return None;
    }
    let mut score = 0;
    if twice {
        score += 50;
    } else if item.words >= 3 && at > 0 && overlap(&view.items[0].key, &item.key) {
        score += 35;
    }
    if item.words >= 3 && (0..view.items.len().min(3000)).any(|other| view.mentions(other, at)) {
        score += 20;
    }
    let next_anchor =
        (at + 1..(at + 7).min(view.items.len())).find(|&next| view.anchors[next].is_some());
    score += match next_anchor {
        Some(next) if next - at <= 3 => 23,
        Some(_) => 15,
        None => 0,
    };
    if item.group_size == 1 {
        score += 5;
    }
    if item.underlined {
        score += 10;
    }
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
    if item.shape == Shape::Prose {
        score -= 20;
    }
    if item.marker != super::lines::Marker::None {
        score -= 15;
    }
    if !twice && (view.signs[at].is_some() || is_breadcrumb(item)) {
        score -= 40;
    }
    if !twice && names::is_bare_name(&item.text) && item.words <= 3 {
        score -= 10;
    }
    if is_site_name(view, at) {
        score -= 40;
    }
    let distance = prose.saturating_sub(at).saturating_sub(4) as i32;
    Some(score - distance.min(20))
}

/// Whether most words of a headline are in the page's title.
fn overlap(title: &str, headline: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 2)
            .map(str::to_owned)
            .collect()
    };
    let (title, headline) = (words(title), words(headline));
    let common = headline.iter().filter(|word| title.contains(word)).count();
    headline.len() >= 3 && common * 10 >= headline.len() * 6
}

/// Whether an item is the name of the site: behind the headline in the page's title, or in the
/// copyright line.
pub fn is_site_name(view: &View<'_>, at: usize) -> bool {
    let key = &view.items[at].key;
    if key.chars().count() < 3 {
        return false;
    }
    let behind = |title: &Item| {
        let title = title.key.as_str();
        [" | ", " - ", " – ", " — ", " » ", " · ", " : ", " :: "]
            .iter()
            .any(|mark| title.split(mark).skip(1).any(|part| part.trim() == key))
    };
    let first =
        (0..view.items.len().min(12)).any(|title| title != at && behind(&view.items[title]));
    let copyright = || {
        view.items.iter().rev().take(40).any(|item| {
            (item.key.contains('©') || item.key.starts_with("copyright"))
                && item.key.contains(key.as_str())
                && item.words <= 30
        })
    };
    first || (view.items[at].words <= 4 && copyright())
}

/// "Home > News > Europe"
pub fn is_breadcrumb(item: &Item) -> bool {
    breadcrumb(item).is_some()
}

/// The links of a breadcrumb, without the first.
pub fn breadcrumb(item: &Item) -> Option<Vec<&str>> {
    if item.words > 40 {
        return None;
    }
    let text = item.text.as_str();
    let text = text
        .split_once(':')
        .filter(|(first, _)| HOME.contains(&super::lines::key(first).as_str()))
        .map_or(text, |(_, rest)| rest.trim());
    [
        " > ", " » ", " / ", " › ", " → ", " | ", "»", "›", ">", " · ", " » ", " \\ ",
    ]
    .iter()
    .find_map(|mark| {
        let mut parts = text
            .split(mark)
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let first = parts.next()?;
        let rest: Vec<&str> = parts.collect();
        (!rest.is_empty() && HOME.contains(&super::lines::key(first).as_str())).then_some(rest)
    })
}

/// Where the text begins behind the headline; the standfirst and a picture's words before it.
fn start(view: &View<'_>, from: usize) -> Option<(usize, Option<usize>, Option<usize>)> {
    let mut first: Option<usize> = None;
    let mut running = 0;
    let mut summary = None;
    let mut picture = None;
    let mut anchored = false;
    let mut pending: Option<Label> = None;
    let mut at = from;
    while at < view.items.len() {
        let item = &view.items[at];
        let sign = view.signs[at];
        let anchor = view.anchors[at];
        if let Some(label) = pending.take()
            && anchor.is_none()
            && (item.words <= 14 || label == Label::Summary)
        {
            // The value of the label above.
            at += 1;
            continue;
        }
        if anchor == Some(Anchor::Strong) {
            // What stood between headline and byline is the standfirst, not the text.
            if !anchored && summary.is_none() {
                summary = standfirst(view, from, at);
            }
            anchored = true;
            first = None;
            running = 0;
            if let Some((label, "")) = signs::label(&item.text) {
                pending = Some(label);
            }
            at += 1;
            continue;
        }
        let weak = matches!(
            sign,
            Some(
                Sign::Share
                    | Sign::Credit
                    | Sign::Caption
                    | Sign::Player
                    | Sign::Reading
                    | Sign::Menu
                    | Sign::Genre
            )
        ) || sign == Some(Sign::Comments) && signs::comments_count(item).is_some();
        if weak || (sign.is_none() && signs::ends_with_agency(item) && running == 0) {
            if matches!(sign, Some(Sign::Credit)) || sign.is_none() {
                picture = picture.or(Some(at));
            }
            if sign == Some(Sign::Caption)
                && view.same_group(at, at + 1)
                && view.items[at + 1].words <= 60
            {
                picture = picture.or(Some(at + 1));
                at += 1;
            }
            if let Some(was) = first
                && view.items[was].shape != Shape::Prose
                && running <= 1
                && sign != Some(Sign::Genre)
            {
                first = None;
                running = 0;
            }
            at += 1;
            continue;
        }
        if sign.is_none_or(|sign| sign == Sign::Aside) && is_opening(view, at) {
            if first.is_none() {
                first = Some(at);
            }
            running += usize::from(item.shape == Shape::Prose);
            // A second paragraph: the text is under way.
            if running >= 2 {
                break;
            }
        } else if sign.is_none() && item.shape == Shape::Phrase && first.is_none() {
            if item.words >= 3 && is_alt(item) {
                picture = picture.or(Some(at));
            }
        } else if first.is_some() && sign.is_some_and(ends_text) {
            break;
        }
        if at > from + 60 && first.is_some() {
            break;
        }
        at += 1;
    }
    let first = first?;
    if summary.is_none() && !anchored {
        summary = unanchored_standfirst(view, from, first);
    }
    Some((first, summary, picture))
}

/// Signs that stand below a text, never before it.
fn ends_text(sign: Sign) -> bool {
    matches!(
        sign,
        Sign::Comments | Sign::List | Sign::Footer | Sign::Author | Sign::End
    )
}

/// Whether an item can open a text: a sentence, a salutation.
fn is_opening(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    match item.shape {
        Shape::Prose => true,
        Shape::Sentence => item.words >= 2 || item.text.ends_with(['!', '?']),
        Shape::Phrase => {
            is_salutation(item)
                || (item.marker != super::lines::Marker::None && item.words >= 5)
                || item.words >= 25
        }
        Shape::Rule | Shape::Bare => false,
    }
}

fn is_salutation(item: &Item) -> bool {
    item.text.ends_with(',')
        && item.words <= 8
        && [
            "dear",
            "hi",
            "hello",
            "hey",
            "friends",
            "good morning",
            "greetings",
            "liebe",
            "lieber",
            "hallo",
            "guten",
            "sehr geehrte",
            "cher",
            "chère",
            "chers",
            "chères",
            "bonjour",
            "querida",
            "querido",
            "queridos",
            "queridas",
            "hola",
            "estimado",
            "estimada",
            "estimados",
            "cara",
            "caro",
            "cari",
            "ciao",
            "olá",
            "beste",
            "lieve",
        ]
        .iter()
        .any(|word| item.key.starts_with(word))
}

/// Whether a phrase above a text can be the words of its picture.
fn is_alt(item: &Item) -> bool {
    let key = item.key.as_str();
    let placeholder = [
        "banner",
        "hero",
        "placeholder",
        "logo",
        "thumbnail",
        "featured image",
        "image",
        "img",
        "header",
        "avatar",
        "icon",
    ]
    .iter()
    .any(|word| {
        key.split(|c: char| !c.is_alphabetic())
            .any(|part| part == *word)
    });
    !placeholder && !key.contains('/') && key.contains(' ') && !key.contains('@')
}

/// The standfirst among the items between headline and byline.
fn standfirst(view: &View<'_>, from: usize, to: usize) -> Option<usize> {
    (from..to.min(from + 8)).find(|&at| is_standfirst(view, at, 5))
}

fn is_standfirst(view: &View<'_>, at: usize, least: usize) -> bool {
    let item = &view.items[at];
    view.signs[at].is_none_or(|sign| sign == Sign::Aside)
        && item.words >= least
        && item.words <= 90
        && matches!(item.shape, Shape::Phrase | Shape::Sentence | Shape::Prose)
        && !is_breadcrumb(item)
        && !signs::ends_with_agency(item)
        && !names::is_bare_name(&item.text)
        && signs::label(&item.text).is_none()
}

/// Without a byline below it, only a line that says much and is no sentence is a standfirst.
fn unanchored_standfirst(view: &View<'_>, from: usize, first: usize) -> Option<usize> {
    (from..first.min(from + 6)).find(|&at| {
        let item = &view.items[at];
        is_standfirst(view, at, 8)
            && item.shape == Shape::Phrase
            && item.text.chars().count() >= 60
            && item
                .text
                .starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "“\"„«".contains(c))
    })
}

/// The section named directly above the headline, or in the breadcrumb.
pub fn sections(view: &View<'_>, headline: usize) -> Vec<String> {
    if let Some(kicker) = kicker(view, headline) {
        return kicker;
    }
    (0..view.items.len().min(headline + 6))
        .rev()
        .find_map(|at| breadcrumb(&view.items[at]))
        .map(|links| trail_end(view, headline, &links))
        .unwrap_or_default()
}

fn trail_end(view: &View<'_>, headline: usize, links: &[&str]) -> Vec<String> {
    let title = &view.items[headline].key;
    let last = links.iter().rev().find(|link| {
        let key = super::lines::key(link);
        !key.chars().all(|c| c.is_ascii_digit())
            && !title.starts_with(key.trim_end_matches('…').trim_end_matches("..."))
            && key != *title
            && shape::word_count(link) <= 6
    });
    last.filter(|link| !GENERAL.contains(&super::lines::key(link).as_str()))
        .map(|link| vec![(*link).to_owned()])
        .unwrap_or_default()
}

fn kicker(view: &View<'_>, headline: usize) -> Option<Vec<String>> {
    let mut at = headline;
    for _ in 0..4 {
        at = at.checked_sub(1)?;
        let item = &view.items[at];
        let passed = matches!(
            view.signs[at],
            Some(Sign::Genre | Sign::Player | Sign::Reading | Sign::Ad)
        ) || item.shape == Shape::Rule
            || (meta::is_date_line(item, view.language) && item.words <= 12);
        if passed {
            continue;
        }
        let alone = view.group(at).filter(|&other| other != at).all(|other| {
            other == headline
                || view.anchors[other].is_some()
                || view.signs[other] == Some(Sign::Genre)
        });
        let fits = alone
            && view.signs[at].is_none()
            && item.shape == Shape::Phrase
            && item.words <= 5
            && item.text.chars().count() <= 40
            && item.marker == super::lines::Marker::None
            && !item.text.ends_with([',', ':'])
            && !item.text.chars().any(|c| c.is_ascii_digit())
            && !item.text.starts_with(['[', '('])
            && !begins_title(&item.key, &view.items[headline].key)
            && !is_site_name(view, at)
            && at > 0
            && !GENERAL.contains(&item.key.as_str());
        if !fits {
            return None;
        }
        let parts: Vec<String> = item
            .text
            .split(['|', '>', '»', '›', '/', '·', '•'])
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty() && !GENERAL.contains(&super::lines::key(part).as_str()))
            .collect();
        return (!parts.is_empty()).then_some(parts);
    }
    None
}

/// Whether a section is named directly above the headline.
pub fn has_kicker(view: &View<'_>, headline: usize) -> bool {
    kicker(view, headline).is_some()
}
