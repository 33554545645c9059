//! Where the text ends, and what inside it is not the text.

use super::View;
use super::lines::Marker;
use super::meta;
use super::names;
use super::sections::is_breadcrumb;
use super::shape::{self, Shape};
use super::signs;
use super::words::{Label, Sign};

/// The text's items in order, and where what follows it begins.
#[derive(Debug)]
pub struct Body {
    pub kept: Vec<usize>,
    /// The first item behind the text.
    pub end: usize,
    /// Short lines between the text and what follows: tags without a label, mostly.
    pub trail: Vec<usize>,
    /// What the page asks its reader to do.
    pub action: Option<String>,
}

/// Finds the text that begins at `start`.
pub fn find(view: &View<'_>, start: usize, authors: &[String]) -> Body {
    let mut kept = Vec::new();
    let mut action = None;
    let mut words = 0;
    let mut at = start;
    let mut end = view.items.len();
    while at < view.items.len() {
        let item = &view.items[at];
        if let Some(text) = call_to_action(&item.text) {
            action.get_or_insert(text);
            at += 1;
            continue;
        }
        if words > 0 && ends(view, at, words) {
            end = at;
            break;
        }
        if let Some(next) = skip_box(view, at) {
            at = next;
            continue;
        }
        if view.is_text(at) || view.signs[at].is_none() || !furniture_here(view, at) {
            if item.shape != Shape::Rule && item.shape != Shape::Bare {
                words += item.words.max(1);
            }
            kept.push(at);
        }
        at += 1;
    }
    let trail = trim(view, &mut kept, authors);
    Body {
        kept,
        end,
        trail,
        action,
    }
}

/// "Take action: Help end forced labour": what is asked, without the label.
pub fn call_to_action(text: &str) -> Option<String> {
    let words = shape::word_count(text);
    if words > 30 {
        return None;
    }
    if let Some((Label::Action, value)) = signs::label(text) {
        let value = value.trim_end_matches(['»', '›', '>', '→', ' ']);
        return (shape::word_count(value) >= 2).then(|| value.to_owned());
    }
    let key = super::lines::key(text);
    let asks = [
        "sign the petition ",
        "sign our petition ",
        "sign our open letter ",
        "add your name to ",
        "petition unterschreiben ",
        "unterschreiben sie die petition ",
        "unterzeichnen sie die petition ",
        "signez la pétition ",
        "signer la pétition ",
        "firma la petición ",
        "firme la petición ",
        "firma la petizione ",
        "assine a petição ",
        "teken de petitie ",
        "take action to ",
        "take action now to ",
        "tell congress to ",
        "tell your ",
        "urge ",
    ];
    let specific = words >= 5 && !shape::ends_sentence(text) || words >= 5 && text.ends_with('!');
    (specific && asks.iter().any(|ask| key.starts_with(ask)))
        .then(|| text.trim_end_matches(['»', '›', '→', ' ']).to_owned())
}

/// Whether the text ends before this item.
fn ends(view: &View<'_>, at: usize, words: usize) -> bool {
    let item = &view.items[at];
    let kind = match view.signs[at] {
        Some(
            sign @ (Sign::Comments
            | Sign::List
            | Sign::Sponsored
            | Sign::Footer
            | Sign::Author
            | Sign::End),
        ) => Some(sign),
        _ => None,
    };
    let says_more = matches!(
        signs::label(&item.text).or_else(|| signs::open_label(&item.text)),
        Some((Label::Filed | Label::Tags | Label::Category, _))
    );
    if view.anchors[at] && meta::is_filing(&item.text) {
        return true;
    }
    let labelled = view.anchors[at] && (says_more || item.shape != Shape::Prose);
    if let Some(sign) = kind {
        if item.shape == Shape::Prose && !matches!(sign, Sign::Footer | Sign::Comments) {
            return false;
        }
        return !resumes(view, at, words, sign == Sign::Comments);
    }
    if labelled {
        // A byline in the midst of a text: a recipe's author, the teller of a sidebar.
        return !says_more && !goes_on(view, at) || says_more && !resumes(view, at, words, false);
    }
    is_about(view, at)
}

/// "About Norrby Cell" over a paragraph or two, and nothing of the story behind them.
fn is_about(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    if item.shape != Shape::Phrase && !item.text.ends_with(':') || item.words > 8 {
        return false;
    }
    let Some(rest) = [
        "About ",
        "ABOUT ",
        "Über ",
        "À propos de ",
        "À propos d’",
        "À propos d'",
        "Sobre ",
        "Acerca de ",
        "Over ",
        "Informazioni su ",
        "Chi è ",
    ]
    .iter()
    .find_map(|word| item.text.strip_prefix(word)) else {
        return false;
    };
    // "About the garden" may head a part of the text, "About Norrby Cell" does not; a press
    // release has no such part.
    let mut words = rest.split_whitespace().peekable();
    let named = words.peek().is_some()
        && words.all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    if !named && !view.is_release() {
        return false;
    }
    let mut prose = 0;
    for next in at + 1..view.items.len() {
        if view.signs[next].is_some() || view.anchors[next] {
            break;
        }
        if view.items[next].shape == Shape::Prose {
            prose += 1;
        }
    }
    (1..=3).contains(&prose)
}

/// Whether text or a list goes on directly behind a line that is about the story.
fn goes_on(view: &View<'_>, at: usize) -> bool {
    let mut text = 0;
    for next in at + 1..(at + 30).min(view.items.len()) {
        let item = &view.items[next];
        if view.anchors[next]
            || matches!(
                view.signs[next],
                Some(
                    Sign::Comments
                        | Sign::List
                        | Sign::Author
                        | Sign::End
                        | Sign::Footer
                        | Sign::Sponsored
                )
            )
        {
            break;
        }
        let counts =
            matches!(item.shape, Shape::Prose | Shape::Sentence) && view.signs[next].is_none();
        text += if counts { item.words } else { 0 };
    }
    text >= 40
}

/// Whether so much of the text follows an item that it cannot be its end.
fn resumes(view: &View<'_>, at: usize, before: usize, comments: bool) -> bool {
    let mut pairs = 0;
    let mut words = 0;
    let mut last_text = false;
    let mut seen = 0;
    for next in at + 1..view.items.len() {
        let item = &view.items[next];
        let hard = matches!(
            view.signs[next],
            Some(Sign::Comments | Sign::List | Sign::Author | Sign::End | Sign::Sponsored)
        ) || (view.signs[next] == Some(Sign::Footer) && item.words >= 2);
        if hard && seen > 0 {
            break;
        }
        // Teasers carry dates, comments the names and times of their writers.
        if view.anchors[next] && seen <= 40 && seen > 0 {
            break;
        }
        let text = view.is_text(next) && matches!(item.shape, Shape::Prose | Shape::Sentence);
        if text {
            words += item.words;
            if last_text {
                pairs += 1;
            }
        }
        last_text = text;
        seen += 1;
    }
    if comments {
        return pairs >= 4 && words >= before * 3;
    }
    pairs >= 1 && words * 10 >= before * 5 && words >= 60
}

/// Whether a sign is to be believed in the midst of a text. A paragraph that only begins like a
/// button needs company.
fn furniture_here(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    let Some(sign) = view.signs[at] else {
        return false;
    };
    match sign {
        Sign::Cookies | Sign::Reading | Sign::Credit | Sign::Caption | Sign::Comments => true,
        // Headings may be called so.
        Sign::Menu
        | Sign::Footer
        | Sign::Genre
        | Sign::List
        | Sign::Author
        | Sign::End
        | Sign::Sponsored => {
            let neighbour = |other: usize| view.signs.get(other).is_some_and(Option::is_some);
            !(item.shape == Shape::Phrase
                && view
                    .items
                    .get(at + 1)
                    .is_some_and(|next| next.shape == Shape::Prose && view.is_text(at + 1)))
                && (item.shape == Shape::Phrase || neighbour(at + 1) || at > 0 && neighbour(at - 1))
        }
        Sign::Aside => false,
        Sign::Share | Sign::Ad | Sign::Signup | Sign::Player | Sign::Inline => {
            let sentence = matches!(item.shape, Shape::Sentence | Shape::Prose)
                && item.group_size == 1
                && view.page.spaced;
            let neighbour = |other: usize| view.signs.get(other).is_some_and(Option::is_some);
            let sure = match sign {
                Sign::Inline => item.text.contains(':') || !shape::ends_sentence(&item.text),
                Sign::Ad => true,
                _ => false,
            };
            !sentence
                || sure
                || item.words <= 5 && sign == Sign::Share
                || item.words <= 3
                || neighbour(at + 1)
                || (at > 0 && neighbour(at - 1))
        }
    }
}

/// Where a box that begins here and is not of the text ends.
fn skip_box(view: &View<'_>, at: usize) -> Option<usize> {
    let sign = view.signs[at]?;
    if !furniture_here(view, at) {
        return None;
    }
    match sign {
        Sign::Signup | Sign::Cookies => Some(signup_end(view, at)),
        Sign::Inline | Sign::List | Sign::Sponsored => Some(links_end(view, at)),
        Sign::Caption => {
            let next = at + 1;
            let caption = view.same_group(at, next)
                && view.items[next].words <= 60
                && view.signs[next].is_none();
            Some(if caption { next + 1 } else { next })
        }
        Sign::Share | Sign::Ad | Sign::Player | Sign::Reading | Sign::Credit | Sign::Comments => {
            Some(at + 1)
        }
        _ => None,
    }
}

/// A newsletter's box goes as far as its last button.
fn signup_end(view: &View<'_>, at: usize) -> usize {
    let mut end = at + 1;
    let mut next = at + 1;
    while next < view.items.len() && next < end + 4 {
        let item = &view.items[next];
        if item.words > 70
            || (item.shape == Shape::Prose && item.group_size == 1 && view.is_text(next))
        {
            break;
        }
        if matches!(view.signs[next], Some(Sign::Signup | Sign::Cookies)) {
            end = next + 1;
        } else if view.page.spaced && view.same_group(at, next) {
            end = next + 1;
        }
        next += 1;
    }
    end
}

/// Links to other stories in the midst of a text: those on the lines below their heading.
fn links_end(view: &View<'_>, at: usize) -> usize {
    let item = &view.items[at];
    let mut next = at + 1;
    // "Read more: The frozen seeds" says it all on its own line.
    if let Some((_, value)) = item.text.split_once(':')
        && shape::word_count(value) >= 2
        && !view.same_group(at, next)
    {
        return next;
    }
    let heading = item
        .key
        .split_once(':')
        .is_none_or(|(_, value)| value.trim().is_empty());
    if !heading && !view.page.spaced {
        return next;
    }
    if heading && item.words > 7 {
        return next;
    }
    let grouped = view.page.spaced && view.same_group(at, next);
    while next < view.items.len() {
        let link = &view.items[next];
        let fits = link.shape != Shape::Prose
            && link.words >= 2
            && link.words <= 30
            && !view.anchors[next];
        let inside = if grouped {
            view.same_group(at, next)
        } else {
            // Without a heading of the text's own being taken for a link: bulleted, or the first,
            // or as long as headlines are.
            heading
                && (link.marker != Marker::None
                    || (link.shape == Shape::Phrase
                        && view.signs[next].is_none()
                        && (next == at + 1 || link.words >= 7)))
        };
        // "Heading / How a dike is made / From the turf to the core. more"
        let teaser =
            next <= at + 2 && view.signs[next] == Some(Sign::Inline) && link.shape != Shape::Phrase;
        if !(inside && fits || teaser) {
            break;
        }
        next += 1;
    }
    next
}

/// Takes from the end of the text what is not of it; gives back short lines that stood there.
fn trim(view: &View<'_>, kept: &mut Vec<usize>, authors: &[String]) -> Vec<usize> {
    let mut trail = Vec::new();
    while let Some(&at) = kept.last() {
        if kept.len() == 1 {
            break;
        }
        let item = &view.items[at];
        let before = kept
            .len()
            .checked_sub(2)
            .map(|index| &view.items[kept[index]]);
        let listed = item.marker != Marker::None;
        let drop = match item.shape {
            Shape::Rule | Shape::Bare => true,
            _ if view.signs[at].is_some()
                && !(listed && item.words > 6 && view.signs[at] != Some(Sign::Aside)) =>
            {
                true
            }
            Shape::Phrase if listed => before.is_some_and(|before| before.shape == Shape::Rule),
            Shape::Phrase if item.set != super::lines::Set::Plain => false,
            Shape::Phrase => {
                let after_colon =
                    before.is_some_and(|before| before.text.ends_with(':') && before.words >= 3);
                let in_list = before.is_some_and(|before| {
                    before.group == item.group && before.shape == Shape::Phrase
                }) && item.text.chars().any(|c| c.is_ascii_digit());
                let indented =
                    view.page.spaced && item.group_size > 1 && item.indent > view.base_indent;
                !(item.words > 11
                    || item.words >= 6
                        && (item.text.contains([':', ';'])
                            || item.text.chars().any(|c| c.is_ascii_digit()))
                    || after_colon
                    || in_list
                    || indented && item.words > 3)
            }
            Shape::Sentence | Shape::Prose => {
                is_bio(&item.text, authors)
                    || is_policy(&item.key)
                    || item.words <= 4 && is_signature(&item.text, authors)
            }
        };
        if !drop {
            break;
        }
        if item.shape == Shape::Phrase && view.signs[at].is_none() {
            trail.push(at);
        }
        kept.pop();
    }
    trail.reverse();
    trail
}

fn is_signature(text: &str, authors: &[String]) -> bool {
    authors
        .iter()
        .any(|name| name.contains(text.trim_end_matches(['.', ',', '!'])))
}

/// "Jane Doe is a reporter in Leeds.", "Doe covers the waterfront."
fn is_bio(text: &str, authors: &[String]) -> bool {
    let text = text.trim_start_matches(['•', '*', '-', ' ', '—', '–']);
    let verbs = [
        "is",
        "was",
        "are",
        "covers",
        "covered",
        "writes",
        "wrote",
        "reports",
        "has",
        "lives",
        "works",
        "edits",
        "teaches",
        "runs",
        "joined",
        "ist",
        "war",
        "schreibt",
        "arbeitet",
        "lebt",
        "berichtet",
        "leitet",
        "studierte",
        "est",
        "écrit",
        "couvre",
        "vit",
        "travaille",
        "dirige",
        "es",
        "escribe",
        "cubre",
        "vive",
        "trabaja",
        "è",
        "scrive",
        "vive",
        "é",
        "escreve",
        "schrijft",
        "werkt",
    ];
    authors.iter().any(|author| {
        let last = author.rsplit(' ').next().unwrap_or(author);
        let first = author.split(' ').next().unwrap_or(author);
        let starts = [author.as_str(), last, first].iter().any(|name| {
            name.chars().count() >= 3
                && text
                    .get(..name.len())
                    .is_some_and(|head| head.to_lowercase() == name.to_lowercase())
                && text[name.len()..]
                    .split(|c: char| !c.is_alphabetic())
                    .filter(|word| !word.is_empty())
                    .take(2)
                    .any(|word| verbs.contains(&word))
        });
        starts && !text.starts_with(['“', '"'])
    })
}

/// A paragraph that tells readers how to comment.
fn is_policy(key: &str) -> bool {
    let comments = [
        "comment",
        "kommentar",
        "commentaire",
        "comentario",
        "commenti",
        "reactie",
    ];
    let rules = [
        "welcome",
        "moderat",
        "tolerate",
        "approved",
        "civil",
        "respect",
        "guidelines",
        "community",
        "relevant",
        "polite",
        "friendly",
        "netiquette",
        "freigeschaltet",
        "sachlich",
        "modér",
        "bienveill",
        "charte",
        "normas",
        "ofensiv",
        "profanity",
        "harass",
        "abus",
        "removed",
        "insult",
        "publié",
        "inappropriate",
        "personal attacks",
        "beleidig",
        "regeln",
    ];
    comments.iter().any(|word| key.contains(word))
        && rules.iter().filter(|word| key.contains(*word)).count() >= 2
}

/// Whether a line between the text and its tail can be a tag without a label.
pub fn is_tag(view: &View<'_>, at: usize, authors: &[String]) -> bool {
    let item = &view.items[at];
    item.words <= 4
        && item.text.chars().count() <= 32
        && item.text.starts_with(char::is_alphanumeric)
        && !item.text.ends_with([',', '.', ':'])
        && !is_breadcrumb(item)
        && !authors
            .iter()
            .any(|name| name.to_lowercase().contains(&item.key))
        && !meta::is_about(item, view.language)
        && !(names::is_bare_name(&item.text) && item.words > 3)
}
