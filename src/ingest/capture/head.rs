//! The top of the page: where the headline stands, and where the text begins.

use super::View;
use super::breadcrumb::is_breadcrumb;
use super::core::Core;
use super::headline;
use super::labels;
use super::lines::{Item, Marker};
use super::meta;
use super::names;
use super::shape::{self, Shape};
use super::signs;
use super::words::{Label, Sign};

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

/// Finds headline, standfirst and the beginning of the text.
pub fn find(view: &View<'_>, core: &Core) -> Option<Head> {
    /// More items than these never stand between a headline and its text.
    const BETWEEN: usize = 60;
    let headline = headline::find(view, core);
    let from = headline
        .map_or(0, |at| at + 1)
        .max(core.start.saturating_sub(BETWEEN));
    let (start, summary, picture) = start(view, from)?;
    Some(Head {
        headline,
        start,
        summary,
        picture,
    })
}

/// Where the text begins behind the headline; the standfirst and a picture's words before it.
fn start(view: &View<'_>, from: usize) -> Option<(usize, Option<usize>, Option<usize>)> {
    let mut first: Option<usize> = None;
    let mut running = 0;
    let mut summary = None;
    let mut picture = None;
    let mut anchored = false;
    // What was given up as standing before a byline, in case nothing comes after it.
    let mut lost: Option<usize> = None;
    let mut pending: Option<Label> = None;
    let mut at = from;
    while at < view.items.len() {
        let item = &view.items[at];
        let sign = view.signs[at];
        let anchor = view.anchors[at];
        // The headline again, below a gallery of pictures: what stood above it were their captions.
        if from > 0
            && item.words >= 4
            && item.key == view.items[from - 1].key
            && running < 8
            && text_follows(view, at)
        {
            first = None;
            running = 0;
            at += 1;
            continue;
        }
        if let Some(label) = pending.take()
            && !anchor
            && (item.words <= 14 || label == Label::Summary)
        {
            // The value of the label above.
            at += 1;
            continue;
        }
        // A date over a paragraph, when the text has begun: the heading of its part.
        let part = anchored
            && first.is_some_and(|was| view.items[was].shape == Shape::Prose)
            && item.words <= 7
            && meta::is_date_line(item, view.language)
            && view
                .items
                .get(at + 1)
                .is_some_and(|next| next.shape == Shape::Prose && view.is_text(at + 1));
        if part {
            break;
        }
        // A byline set off as an entry behind a paragraph is another story's.
        let entry = anchored
            && item.marker == Marker::Bullet
            && first.is_some_and(|was| view.items[was].shape == Shape::Prose);
        if entry {
            break;
        }
        if anchor {
            // What stood between headline and byline is the standfirst, not the text.
            if summary.is_none() {
                summary = standfirst(view, from, at, anchored);
            }
            anchored = true;
            lost = lost.or(first);
            first = None;
            running = 0;
            if let Some((label, "")) = labels::label(&item.text) {
                pending = Some(label);
            }
            at += 1;
            continue;
        }
        let speaks = view.doubtful[at] && item.shape == Shape::Prose;
        let weak = !speaks
            && matches!(
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
            )
            || sign == Some(Sign::Comments) && signs::comments_count(item).is_some();
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
            // A paragraph alone between date and picture is the standfirst.
            if let Some(was) = first
                && was + 1 == at
                && is_caption(view, was)
            {
                picture = Some(was);
                first = None;
                running = 0;
            }
            if let Some(was) = first
                && matches!(sign, Some(Sign::Credit | Sign::Caption))
                && was + 1 == at
                && (anchored || byline_above(view, from))
                && summary.is_none()
                && picture_is_first(view, from, at)
                && is_standfirst(view, was, 5)
                && view.items[was].words <= 45
            {
                summary = first.take();
                running = 0;
            }
            if let Some(was) = first
                && view.items[was].shape != Shape::Prose
                && running <= 2
                && sign != Some(Sign::Genre)
            {
                first = None;
                running = 0;
            }
            at += 1;
            continue;
        }
        // A picture's words and its caption below them.
        if anchored
            && summary.is_some()
            && first.is_none()
            && sign.is_none()
            && is_caption_of(view, at)
        {
            picture = picture.or(Some(at));
            at += 1;
            continue;
        }
        let doubtful = view.doubtful[at] && item.shape == Shape::Prose;
        if (doubtful || sign.is_none_or(|sign| sign == Sign::Aside)) && is_opening(view, at) {
            if first.is_none() {
                first = Some(at);
            }
            running += if item.shape == Shape::Prose { 2 } else { 1 };
            // A second paragraph: the text is under way.
            if running >= 4 && (anchored || !byline_near(view, at)) {
                break;
            }
        } else if sign.is_none() && item.shape == Shape::Phrase && first.is_none() {
            if item.words >= 3 && is_alt(item) {
                picture = picture.or(Some(at));
            }
        } else if first.is_some() && sign.is_some_and(ends_text) {
            if !text_follows(view, at) {
                break;
            }
            // A box above the text: partners, a disclosure.
            if first.is_some_and(|was| view.items[was].shape != Shape::Prose) {
                first = None;
                running = 0;
            }
        }
        if at > from + 60 && first.is_some() {
            break;
        }
        at += 1;
    }
    let mut first = first.or(lost)?;
    // The text begins at its dateline; a paragraph above it, with buttons or a picture between, is
    // the standfirst.
    if summary.is_none()
        && let Some(next) = (first + 1..(first + 9).min(view.items.len()))
            .find(|&next| view.items[next].shape == Shape::Prose && view.is_text(next))
        && next > first + 1
        && opens_with_place(&view.items[next].text)
        && !opens_with_place(&view.items[first].text)
        && view.items[first].words <= 60
    {
        summary = Some(first);
        first = next;
    }
    if summary.is_none() && !anchored {
        summary = unanchored_standfirst(view, from, first);
        // A press release's second headline is a sentence at times.
        if summary.is_none()
            && view.is_release()
            && is_one_sentence(&view.items[first])
            && view
                .items
                .get(first + 1)
                .is_some_and(|next| next.shape == Shape::Prose)
            && view.is_text(first + 1)
        {
            summary = Some(first);
            first += 1;
        }
    }
    Some((first, summary, picture))
}

/// "BERLIN (dpa) - ", "Oudwoude – ": a dateline before the first sentence.
fn opens_with_place(text: &str) -> bool {
    let Some(at) = [" - ", " – ", " — ", " -- "]
        .iter()
        .filter_map(|dash| text.find(dash))
        .min()
    else {
        return false;
    };
    let place = &text[..at];
    shape::word_count(place) <= 6
        && place.starts_with(char::is_uppercase)
        && place
            .split_whitespace()
            .all(|word| !word.starts_with(char::is_lowercase) || word.chars().count() <= 3)
        && (place.ends_with(')') || shape::is_upper(place) || shape::word_count(place) <= 2)
}

/// Whether a byline follows within a few items, so that what is above it is not the text yet.
fn byline_near(view: &View<'_>, at: usize) -> bool {
    (at + 1..(at + 4).min(view.items.len()))
        .any(|next| view.anchors[next] && names::byline(&view.items[next].text).is_some())
}

/// Whether the byline stands above the headline, so that none parts standfirst and text.
fn byline_above(view: &View<'_>, from: usize) -> bool {
    (from.saturating_sub(5)..from.saturating_sub(1)).any(|at| view.anchors[at])
}

/// Whether the text has yet to come: paragraph upon paragraph.
fn text_follows(view: &View<'_>, at: usize) -> bool {
    let prose = |at: usize| view.is_text(at) && view.items[at].shape == Shape::Prose;
    (at + 1..(at + 25).min(view.items.len().saturating_sub(1)))
        .filter(|&next| prose(next) && prose(next + 1))
        .count()
        >= 1
}

/// Whether no other picture stands between the headline and this one.
fn picture_is_first(view: &View<'_>, from: usize, at: usize) -> bool {
    !(from..at).any(|other| matches!(view.signs[other], Some(Sign::Credit | Sign::Caption)))
}

fn is_one_sentence(item: &Item) -> bool {
    let start: String = item.text.chars().take(70).collect();
    if start.starts_with('(')
        || [" – ", " — ", " -- ", ".- ", ".– ", " - "]
            .iter()
            .any(|dash| start.contains(dash))
    {
        return false;
    }
    let inner = item.text.trim_end_matches(['.', '!', '”', '"']);
    item.words <= 35
        && !inner.contains(". ")
        && !inner.contains("! ")
        && crate::ingest::dates::find(inner).is_none()
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
                || is_dateline(item)
                || (item.marker != Marker::None && item.words >= 5)
                || item.words >= 25
        }
        Shape::Rule | Shape::Bare => false,
    }
}

/// "Saint Orrin —" on a line of its own.
pub fn is_dateline(item: &Item) -> bool {
    item.shape == Shape::Phrase
        && item.words <= 6
        && item.text.ends_with(['—', '–'])
        && item.text.starts_with(char::is_uppercase)
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
fn standfirst(view: &View<'_>, from: usize, to: usize, again: bool) -> Option<usize> {
    // Behind a first byline, what is no sentence is a picture's words rather.
    let sentence = |at: usize| {
        !again || view.items[at].shape != Shape::Phrase || view.items[at].text.contains(". ")
    };
    (from..to.min(from + 8))
        .find(|&at| is_standfirst(view, at, 5) && sentence(at) && !is_caption(view, at))
}

/// Whether a line of credits stands directly below, so that this one is the picture's caption.
fn is_caption(view: &View<'_>, at: usize) -> bool {
    let credit =
        view.signs.get(at + 1) == Some(&Some(Sign::Credit)) && view.items[at + 1].words <= 7;
    credit && (view.same_group(at, at + 1) || !view.page.spaced)
}

/// "A bell in a dark workshop / The last bell waits for its clapper.": whether a short sentence
/// before a paragraph says again what the words of the picture above it say.
fn is_caption_of(view: &View<'_>, at: usize) -> bool {
    let (Some(above), Some(next)) = (
        at.checked_sub(1).map(|above| &view.items[above]),
        view.items.get(at + 1),
    ) else {
        return false;
    };
    let item = &view.items[at];
    let alone = |item: &Item| item.group_size == 1 && item.marker == Marker::None;
    let telling = |key: &str| -> Vec<String> {
        key.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 4)
            .map(str::to_owned)
            .collect()
    };
    let said = telling(&above.key);
    item.shape == Shape::Sentence
        && item.words >= 5
        && above.shape == Shape::Phrase
        && above.words >= 5
        && is_alt(above)
        && view.signs[at - 1].is_none()
        && !view.anchors[at - 1]
        && alone(item)
        && alone(above)
        && next.shape == Shape::Prose
        && telling(&item.key).iter().any(|word| said.contains(word))
        && !opens_with_place(&item.text)
}

fn is_standfirst(view: &View<'_>, at: usize, least: usize) -> bool {
    let item = &view.items[at];
    view.signs[at].is_none_or(|sign| sign == Sign::Aside)
        && !view.anchors[at]
        && item.words >= least
        && item.words <= 90
        && matches!(item.shape, Shape::Phrase | Shape::Sentence | Shape::Prose)
        && !is_breadcrumb(item)
        && !signs::ends_with_agency(item)
        && !names::is_bare_name(&item.text)
        && !names::is_name_and_house(&item.text)
        && labels::label(&item.text).is_none()
}

/// Without a byline below it, only a line that says much and is no sentence is a standfirst.
fn unanchored_standfirst(view: &View<'_>, from: usize, first: usize) -> Option<usize> {
    (from..first.min(from + 6)).find(|&at| {
        let item = &view.items[at];
        let (words, length) = if view.is_release() { (5, 30) } else { (8, 60) };
        is_standfirst(view, at, words)
            && item.shape == Shape::Phrase
            && item.text.chars().count() >= length
            && item
                .text
                .starts_with(|c: char| c.is_uppercase() || c.is_numeric() || "“\"„«".contains(c))
    })
}
