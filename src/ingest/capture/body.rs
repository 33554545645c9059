//! Where the text ends.

use std::ops::Range;

use super::View;
use super::action;
use super::breadcrumb::is_breadcrumb;
use super::core::Core;
use super::head::Head;
use super::labels;
use super::lines::{Marker, Set};
use super::meta;
use super::names;
use super::shape::{self, Shape};
use super::signs;
use super::words::{Label, Sign};
use super::{boxes, captions, ending, others};

/// The text's items in order, and where what follows it begins.
#[derive(Debug)]
pub struct Body {
    pub kept: Vec<usize>,
    /// The first item behind the text.
    pub end: usize,
    /// Short lines between the text and what follows: tags without a label, mostly.
    pub trail: Vec<usize>,
    /// These and the short lines directly behind the end.
    pub labels: Vec<usize>,
    /// Links to other stories in the midst of it, their headings first.
    pub links: Vec<Range<usize>>,
    /// What the page asks its reader to do.
    pub action: Option<String>,
}

/// Finds the text that begins at `start` and goes on through its core.
pub fn find(view: &View<'_>, head: &Head, core: &Core, authors: &[String]) -> Body {
    let start = head.start;
    let last = core.last;
    let mut kept = Vec::new();
    let mut action = None;
    let mut links = Vec::new();
    let mut words = 0;
    let mut at = start;
    let mut end = view.items.len();
    while at < view.items.len() {
        let item = &view.items[at];
        if let Some(text) = action::call_to_action(&item.text) {
            action.get_or_insert(text);
            at += 1;
            continue;
        }
        // "Correction: March 11" over a paragraph that belongs to the text.
        let dated = at < last
            && meta::is_date_line(item, view.language)
            && item.text.contains(": ")
            && labels::label(&item.text).is_none()
            && view
                .items
                .get(at + 1)
                .is_some_and(|next| next.shape == Shape::Prose);
        if is_quoted_from(item) && (at < last || counts_on(view, at)) {
            kept.push(at);
            at += 1;
            continue;
        }
        if head
            .headline
            .is_some_and(|headline| repeats(view, headline, at, start))
        {
            at += 1;
            continue;
        }
        if words > 0 && is_twin(view, at) {
            at += 1;
            continue;
        }
        if words > 0 && !dated && at >= core.start.min(last) && ends(view, at, words) {
            if let Some(next) = others::beyond_list(view, at) {
                links.push(at..next);
                at = next;
                continue;
            }
            end = at;
            break;
        }
        if view.page.spaced && at > last.max(start) && is_beyond(view, at, words) {
            end = at;
            break;
        }
        if words >= 40 && at > core.start && others::follow(view, at) {
            end = at;
            break;
        }
        if item.shape == Shape::Rule
            && words >= 60
            && at >= core.start
            && !has_text(view, at + 1)
            && !frames(view, at, words)
        {
            end = at;
            break;
        }
        if let Some(next) = others::run_of_headlines(view, at).filter(|&next| next <= last) {
            links.push(at..next);
            at = next;
            continue;
        }
        if let Some(next) = captions::skip(view, at) {
            at = next;
            continue;
        }
        if let Some(next) = boxes::skip(view, at) {
            if matches!(view.signs[at], Some(Sign::Inline | Sign::List)) {
                links.push(at..next);
            }
            at = next;
            continue;
        }
        if view.is_text(at) || view.signs[at].is_none() || !boxes::is_furniture(view, at) {
            if item.shape != Shape::Rule && item.shape != Shape::Bare {
                words += item.words.max(1);
            }
            kept.push(at);
        }
        at += 1;
    }
    let trail = ending::trim(view, &mut kept, authors);
    let short = |at: &usize| view.items[*at].shape == Shape::Phrase;
    let behind = (end..view.items.len()).take(20).take_while(short);
    let labels = trail.iter().copied().chain(behind).collect();
    Body {
        kept,
        end,
        trail,
        labels,
        links,
        action,
    }
}

/// An address on a line of its own, or who wrote the post that is quoted above: they stand in the
/// midst of texts.
fn is_quoted_from(item: &super::lines::Item) -> bool {
    let post = item.text.starts_with(['—', '–', '-']) && item.text.contains("(@");
    post || item.words <= 24 && super::links::is_url(&item.text)
}

/// Whether a numbered list goes on at a line or directly below it.
fn counts_on(view: &View<'_>, at: usize) -> bool {
    const NEAR: usize = 4;
    let number = |at: usize| match view.items.get(at)?.marker {
        Marker::Number(number) => Some(number),
        _ => None,
    };
    let above = (at.saturating_sub(NEAR)..at).rev().find_map(number);
    above.is_some_and(|above| (at..=at + NEAR).any(|next| number(next) == Some(above + 1)))
}

/// Whether an item of the text is its headline again, as galleries and videos have it above and within
/// texts; above the first paragraph maybe behind a picture's words.
fn repeats(view: &View<'_>, headline: usize, at: usize, start: usize) -> bool {
    const TELLING: usize = 4;
    const MORE: usize = 60;
    let (item, headline) = (&view.items[at], &view.items[headline]);
    if headline.words < TELLING || headline.shape == Shape::Prose {
        return false;
    }
    let alone = item.words <= headline.words + 1 && item.key.starts_with(headline.key.as_str());
    let caption = || {
        at <= start + 1
            && item.words <= headline.words + MORE
            && item.key.contains(headline.key.as_str())
            && (at + 1..(at + 4).min(view.items.len()))
                .any(|next| view.items[next].shape == Shape::Prose)
    };
    // A picture that is called as the story is, with its caption behind.
    let called = || {
        item.marker == Marker::Bullet
            && item.words <= headline.words + MORE
            && item.key.starts_with(headline.key.as_str())
    };
    alone || called() || caption()
}

/// Whether a line says what the one beside it says: a picture's words and its caption.
fn is_twin(view: &View<'_>, at: usize) -> bool {
    const LEAST: usize = 24;
    let same = |one: usize, other: usize| {
        let (Some(one), Some(other)) = (view.items.get(one), view.items.get(other)) else {
            return false;
        };
        let bare = |key: &str| -> String {
            key.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace())
                .to_owned()
        };
        let (one, other) = (bare(&one.key), bare(&other.key));
        one.len() >= LEAST
            && other.len() >= LEAST
            && (one.starts_with(&other) || other.starts_with(&one))
    };
    same(at, at + 1) || at > 0 && same(at - 1, at)
}

/// Whether a line or two are set apart by this row of dashes and the next one in the midst of a text.
fn frames(view: &View<'_>, at: usize, words: usize) -> bool {
    const LINES: usize = 2;
    const TEXT: Enough = Enough {
        pairs: 2,
        words: 60,
        share: 0,
    };
    let close = (at + 1..(at + LINES + 2).min(view.items.len()))
        .find(|&next| view.items[next].shape == Shape::Rule);
    close.is_some_and(|close| has_text(view, close + 1) && resumes(view, close, words, TEXT))
}

/// Whether there is a paragraph between a row of dashes and the next one: a letter's parts are set
/// apart so, and its last ones are dates and addresses.
fn has_text(view: &View<'_>, from: usize) -> bool {
    (from..view.items.len().min(from + 60))
        .take_while(|&at| view.items[at].shape != Shape::Rule)
        .any(|at| {
            let sentence = matches!(view.items[at].shape, Shape::Prose | Shape::Sentence);
            sentence && view.is_text(at)
        })
}

/// Whether many short lines begin here, behind the last sentence, that nothing led to: links. To be
/// asked only where empty lines part paragraphs: else the lines of one may look like that.
fn is_beyond(view: &View<'_>, at: usize, words: usize) -> bool {
    const MANY: usize = 5;
    const TEXT: Enough = Enough {
        pairs: 1,
        words: 30,
        share: 0,
    };
    let led = |at: usize| view.items[at].text.ends_with(':');
    let group = view.group(at).start;
    let short = |item: &&super::lines::Item| {
        matches!(item.shape, Shape::Phrase | Shape::Bare) && item.set == Set::Plain
    };
    let run = view.items[at..].iter().take(MANY).filter(short).count();
    let steps = view.items[at..].iter().take(40).filter(|item| {
        matches!(item.marker, Marker::Number(_)) && shape::ends_sentence(&item.text)
    });
    // "4) The second clock", behind the first three and the address of each.
    let counts = (at..at + MANY).any(|next| counts_on(view, next));
    let led = counts || led(at) || led(group) || group > 0 && led(group - 1) || steps.count() >= 3;
    // A list of links in the midst of the text, its heading among these lines.
    let list = || {
        (at + 1..(at + MANY).min(view.items.len()))
            .find(|&next| view.signs[next] == Some(Sign::List))
            .filter(|&next| stands_inside(&view.items[next].key))
    };
    const MORE: Enough = Enough {
        pairs: 2,
        words: 80,
        share: 0,
    };
    // "Norway: ten ferries": facts, which links are not.
    let fact =
        |item: &super::lines::Item| item.marker == Marker::Bullet && item.text.contains(": ");
    let facts = view.items[at..]
        .iter()
        .take(MANY)
        .filter(|item| fact(item))
        .count()
        == MANY;
    run == MANY
        && !facts
        && !led
        && !resumes(view, at, words, TEXT)
        && !list().is_some_and(|list| resumes(view, list, words, MORE))
}

/// Whether the text ends before this item.
fn ends(view: &View<'_>, at: usize, words: usize) -> bool {
    /// Nobody introduces who wrote a text before so many words of it.
    const BIO: usize = 150;
    let item = &view.items[at];
    if view.anchors[at] && meta::is_filing(&item.text) {
        return true;
    }
    let said = labels::label(&item.text).or_else(|| labels::open_label(&item.text));
    let filed = matches!(
        said,
        Some((Label::Filed | Label::Tags | Label::Category, _))
    );
    let enough = match view.signs[at] {
        Some(Sign::Comments) if !has_readers(view, at) => Enough {
            pairs: 2,
            words: 40,
            share: 0,
        },
        Some(Sign::Comments) => Enough {
            pairs: 4,
            words: 60,
            share: 300,
        },
        Some(Sign::List) if stands_inside(&item.key) => Enough {
            pairs: 1,
            words: 30,
            share: 0,
        },
        Some(Sign::List | Sign::Sponsored) => Enough {
            pairs: 2,
            words: 50,
            share: 0,
        },
        Some(Sign::Author) => Enough {
            pairs: 3,
            words: 100,
            share: 50,
        },
        Some(Sign::Footer) if heads_part(view, at) => return false,
        // A picture's "© Agency" stands in the midst of many texts.
        Some(Sign::Footer) => Enough {
            pairs: 1,
            words: 30,
            share: 0,
        },
        Some(Sign::End) => Enough {
            pairs: 1,
            words: 60,
            share: 50,
        },
        _ if view.anchors[at] && filed => Enough {
            pairs: 2,
            words: 60,
            share: 0,
        },
        // A byline in the midst of a text: a recipe's author, the teller of a sidebar.
        _ if view.anchors[at] && item.shape != Shape::Prose => {
            const MUCH: Enough = Enough {
                pairs: 2,
                words: 80,
                share: 30,
            };
            return !goes_on(view, at) && !resumes(view, at, words, MUCH);
        }
        _ if words >= BIO && ending::heads_bio(view, at) => Enough {
            pairs: 3,
            words: 100,
            share: 50,
        },
        _ => return ending::is_about(view, at),
    };
    if item.shape == Shape::Prose && !matches!(view.signs[at], Some(Sign::Footer | Sign::Comments))
    {
        return false;
    }
    !resumes(view, at, words, enough)
}

/// "Help", "Support": over a paragraph it heads a part of the text, over more such lines it is
/// the page's foot.
fn heads_part(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    let site = [
        "about",
        "who we",
        "what we do",
        "our ",
        "über",
        "qui sommes",
        "quiénes",
        "chi siamo",
        "wie zijn",
        "sobre n",
        "à propos",
        "©",
        "copyright",
    ];
    item.shape == Shape::Phrase
        && item.words <= 3
        && (item.group_size == 1 || item.level > 0)
        && view
            .items
            .get(at + 1)
            .is_some_and(|next| next.shape == Shape::Prose && next.group != item.group)
        && view.is_text(at + 1)
        && !site.iter().any(|word| item.key.starts_with(word))
}

/// Whether readers' comments follow a heading that may also be one of the text's own: their
/// number, their times, the button to answer.
fn has_readers(view: &View<'_>, at: usize) -> bool {
    let counted = |at: usize| signs::comments_count(&view.items[at]).is_some();
    // "Leave a comment": a button among paragraphs.
    let text = |next: usize| {
        view.is_text(next) && matches!(view.items[next].shape, Shape::Prose | Shape::Sentence)
    };
    if (at + 1..at + 4).all(|next| next < view.items.len() && text(next)) {
        return false;
    }
    counted(at)
        || (at + 1..(at + 14).min(view.items.len())).any(|next| {
            let key = view.items[next].key.as_str();
            let button = matches!(
                key,
                "reply"
                    | "antworten"
                    | "répondre"
                    | "responder"
                    | "rispondi"
                    | "report"
                    | "melden"
                    | "signaler"
                    | "beantwoorden"
            );
            button
                || view.signs[next] == Some(Sign::Comments)
                || meta::is_date_line(&view.items[next], view.language)
        })
}

/// Headings that stand over one link in the midst of a text as often as over many at its end.
fn stands_inside(key: &str) -> bool {
    [
        "more ",
        "mehr ",
        "más ",
        "related",
        "see also",
        "read also",
        "also read",
        "read next",
        "read more",
        "further reading",
        "lesen sie auch",
        "mehr zum thema",
        "auch interessant",
        "zum thema",
        "passend",
        "weiterlesen",
        "mehr lesen",
        "à lire",
        "lire aussi",
        "voir aussi",
        "sur le même sujet",
        "lea también",
        "lee también",
        "te puede interesar",
        "le puede interesar",
        "noticias relacionadas",
        "noticia relacionada",
        "leggi anche",
        "leia também",
        "veja também",
        "lees ook",
        "читайте также",
        "смотрите также",
        "по теме",
        "あわせて読みたい",
        "関連記事",
        "相关阅读",
        "延伸阅读",
        "اقرأ أيض",
    ]
    .iter()
    .any(|word| key.starts_with(word))
}

/// How much text must follow an item that it is not the end.
#[derive(Debug, Clone, Copy)]
struct Enough {
    /// Paragraphs directly behind paragraphs: teasers and comments have none, or few.
    pairs: usize,
    words: usize,
    /// Percent of the words before.
    share: usize,
}

/// Whether text or a list goes on directly behind a line that is about the story.
fn goes_on(view: &View<'_>, at: usize) -> bool {
    let byline = names::byline(&view.items[at].text).is_some()
        || matches!(
            labels::label(&view.items[at].text),
            Some((Label::Author, _))
        );
    let (mut words, mut paragraphs) = (0, 0);
    for next in at + 1..(at + 30).min(view.items.len()) {
        let item = &view.items[next];
        if view.anchors[next] || view.signs[next].is_some_and(is_hard) {
            break;
        }
        if matches!(item.shape, Shape::Prose | Shape::Sentence) && view.signs[next].is_none() {
            words += item.words;
            paragraphs += 1;
        }
    }
    words >= if byline { 40 } else { 20 } && paragraphs >= 2
}

/// Signs that no text goes across.
pub fn is_hard(sign: Sign) -> bool {
    matches!(
        sign,
        Sign::Comments | Sign::List | Sign::Author | Sign::End | Sign::Footer | Sign::Sponsored
    )
}

/// Whether so much of the text follows an item that it cannot be its end.
fn resumes(view: &View<'_>, at: usize, before: usize, enough: Enough) -> bool {
    let (mut pairs, mut words, mut last) = (0, 0, false);
    // Every teaser may have buttons of its own.
    let mut buttons = 0;
    // What lies further on says nothing about this place.
    for next in at + 1..view.items.len().min(at + 400) {
        let item = &view.items[next];
        let hard = view.signs[next].is_some_and(is_hard)
            && (item.words >= 2 || view.signs[next] != Some(Sign::Footer));
        // Teasers carry dates, comments the names and times of their writers.
        let about = view.anchors[next] && item.shape != Shape::Prose;
        if (hard || about) && next > at + 1 {
            break;
        }
        let text = view.is_text(next)
            && matches!(item.shape, Shape::Prose | Shape::Sentence)
            && item.set == Set::Plain;
        // The summary of another story, set below its entry in a list.
        let entry = view.page.wrapped
            && view.signs[at] == Some(Sign::List)
            && (item.marker == Marker::Bullet || item.indent > view.base_indent + 2);
        let text = text && !entry;
        if text {
            words += item.words;
            pairs += usize::from(last);
            last = true;
        } else if view.signs[next] == Some(Sign::Share) && last {
            buttons += 1;
        } else if view.signs[next].is_none()
            && !(view.page.spaced && view.group(next).any(|other| view.signs[other].is_some()))
        {
            // A headline; a button or a newsletter's box between paragraphs parts nothing.
            last = false;
        }
    }
    if view.signs[at] == Some(Sign::List) && buttons >= 3 && buttons >= pairs {
        return false;
    }
    pairs >= enough.pairs && words >= enough.words && words * 100 >= before * enough.share
}

/// Whether a line between the text and its tail can be a tag without a label.
pub fn is_tag(view: &View<'_>, at: usize, authors: &[String]) -> bool {
    let item = &view.items[at];
    // An address and a telephone number below a name.
    let address = view.page.spaced
        && view.group(at).any(|other| {
            let text = view.items[other].text.as_str();
            text.contains('@')
                || view.signs[other] == Some(Sign::End)
                || text.chars().filter(char::is_ascii_digit).count() >= 7
        });
    let picture = matches!(view.signs[at], Some(Sign::Credit | Sign::Caption));
    !address
        && !picture
        && !item.text.contains(": ")
        && item.words <= 4
        && item.text.chars().count() <= 32
        && item.text.starts_with(char::is_alphabetic)
        && !item.text.ends_with([',', '.', ':'])
        && !is_breadcrumb(item)
        && !authors
            .iter()
            .any(|name| name.to_lowercase().contains(&item.key))
        && !meta::is_about(item, view.language)
        && !(names::is_bare_name(&item.text) && item.words > 3)
}
