//! What inside the text is not of it: buttons, captions, newsletters, links to other stories.

use super::View;
use super::lines::Marker;
use super::meta;
use super::names;
use super::shape::{self, Shape};
use super::signs;
use super::words::Sign;

/// Whether a sign is to be believed in the midst of a text. A paragraph that only begins like a
/// button needs company.
pub fn is_furniture(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    let Some(sign) = view.signs[at] else {
        return false;
    };
    let neighbour = |other: usize| view.signs.get(other).is_some_and(Option::is_some);
    let company = neighbour(at + 1) || (at > 0 && neighbour(at - 1));
    let before_prose = view
        .items
        .get(at + 1)
        .is_some_and(|next| next.shape == Shape::Prose && view.is_text(at + 1));
    // A paragraph of its own.
    let sentence = matches!(item.shape, Shape::Sentence | Shape::Prose)
        && item.group_size == 1
        && view.page.spaced;
    match sign {
        Sign::Reading | Sign::Caption | Sign::Comments => true,
        // "Photo by photo, he has recorded them" is no credit.
        Sign::Credit => {
            !sentence
                || company
                || item.words <= 6
                || (signs::is_credit(item) && !opens_with_label(&item.text))
        }
        // Headings may be called so.
        Sign::Menu
        | Sign::Footer
        | Sign::Genre
        | Sign::List
        | Sign::Author
        | Sign::End
        | Sign::Sponsored => {
            let leads = item.text.split_once(": ");
            let heading = item.shape == Shape::Phrase && before_prose && leads.is_none();
            !heading && (item.shape == Shape::Phrase || company)
        }
        Sign::Aside => false,
        // A text about networks may have a part on each.
        Sign::Share if item.shape == Shape::Phrase && is_network(&item.key) => {
            company || !before_prose
        }
        Sign::Ad => true,
        Sign::Share => !sentence || company || item.words <= 5,
        Sign::Cookies => !sentence || company || speaks_for_site(&item.key),
        Sign::Signup
            if item.key.contains("comments below") || item.key.contains("comment section") =>
        {
            true
        }
        Sign::Signup => !sentence || company || item.words <= 3 || asks_to_subscribe(&item.key),
        Sign::Player => !sentence || company || item.words <= 3,
        Sign::Inline => {
            let leads = leads_elsewhere(&item.key) && item.text.contains(':');
            !sentence || company || leads || item.words <= 3
        }
    }
}

/// "Photographs: none. Maps: one."
fn opens_with_label(text: &str) -> bool {
    text.find(':').is_some_and(|colon| {
        text[..colon].split_whitespace().count() == 1 && text[colon..].contains(". ")
    })
}

fn is_network(key: &str) -> bool {
    matches!(
        key,
        "facebook"
            | "twitter"
            | "x"
            | "instagram"
            | "whatsapp"
            | "linkedin"
            | "reddit"
            | "pinterest"
            | "telegram"
            | "tumblr"
            | "mastodon"
            | "bluesky"
            | "threads"
            | "tiktok"
            | "youtube"
            | "xing"
            | "pocket"
            | "messenger"
    )
}

/// "We use cookies …": said by the site, not about sites.
fn speaks_for_site(key: &str) -> bool {
    [
        "we use",
        "we'd like",
        "we and our",
        "this site",
        "this website",
        "our site",
        "our website",
        "by continuing",
        "wir ",
        "diese seite",
        "diese website",
        "unsere",
        "mit ihrer zustimmung",
        "nous ",
        "ce site",
        "en poursuivant",
        "utilizamos",
        "usamos",
        "este sitio",
        "esta web",
        "nuestra",
        "al continuar",
        "questo sito",
        "utilizziamo",
        "este site",
        "deze site",
        "deze website",
        "wij ",
        "ce contenu",
        "this article includes",
        "este contenido",
    ]
    .iter()
    .any(|start| key.starts_with(start))
}

/// "Read more: …", "Lesen Sie auch: …" leads to another story whatever follows; "Background: …"
/// may begin a paragraph of this one.
pub fn leads_elsewhere(key: &str) -> bool {
    [
        "read",
        "related",
        "see also",
        "also read",
        "more:",
        "lesen",
        "lies",
        "siehe auch",
        "mehr dazu",
        "weiterlesen",
        "à lire",
        "a lire",
        "lire",
        "à voir",
        "voir aussi",
        "lea",
        "lee",
        "leer",
        "ver también",
        "vea también",
        "le puede",
        "te puede",
        "leggi",
        "leia",
        "ler ",
        "veja",
        "lees",
        "bekijk ook",
        "zie ook",
        "don't miss",
        "you may",
        "you might",
    ]
    .iter()
    .any(|start| key.starts_with(start))
}

/// Headings over links to other stories that say no more than that.
pub fn heads_links(key: &str) -> bool {
    [
        "más información",
        "más en",
        "weitere informationen",
        "mehr zum thema",
        "zum thema",
        "auch interessant",
        "pour aller plus loin",
        "sur le même sujet",
        "en savoir plus",
        "relacionado",
        "noticias relacionadas",
        "noticia relacionada",
        "approfondisci",
        "saiba mais",
        "further reading",
    ]
    .iter()
    .any(|heading| key.trim_end_matches(':') == *heading)
}

/// "Subscribe to get one of these every month.": said to the reader, whatever stands around it.
fn asks_to_subscribe(key: &str) -> bool {
    [
        "subscribe to",
        "subscribe for",
        "subscribe today",
        "sign up",
        "abonnieren sie",
        "abonniere",
        "melden sie sich",
        "melde dich",
        "abonnez-vous",
        "inscrivez-vous",
        "suscríbete",
        "suscríbase",
        "apúntate a",
        "iscriviti",
        "abbonati",
        "inscreva-se",
        "subscreva",
        "assine",
        "schrijf je in",
        "meld je aan",
    ]
    .iter()
    .any(|ask| key.starts_with(ask))
}

/// Where a box that begins here and is not of the text ends.
pub fn skip(view: &View<'_>, at: usize) -> Option<usize> {
    if let Some(end) = date_box(view, at) {
        return Some(end);
    }
    if is_crumb(view, at) {
        return Some(at + 1);
    }
    let sign = view.signs[at]?;
    if !is_furniture(view, at) {
        return None;
    }
    match sign {
        Sign::Signup | Sign::Cookies => Some(signup_end(view, at)),
        // A list that was read out: "list of 3 items … end of list".
        Sign::Inline if view.items[at].key.starts_with("list of ") => {
            let end = (at + 1..(at + 24).min(view.items.len()))
                .find(|&next| view.items[next].key == "end of list");
            Some(end.unwrap_or(at) + 1)
        }
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
        let button = matches!(view.signs[next], Some(Sign::Signup | Sign::Cookies));
        if button || (view.page.spaced && view.same_group(at, next)) {
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
        // A bullet or a picture on a line of its own, and its link on the next.
        let bare = |at: usize| view.items[at].shape == Shape::Bare;
        if heading && bare(next) {
            let link = (next + 1..view.items.len()).find(|&at| !bare(at));
            if link.is_some_and(|at| view.items[at].indent > view.base_indent) {
                next += 1;
                continue;
            }
        }
        let bulleted = heading
            && next > at + 1
            && bare(next - 1)
            && link.indent > view.base_indent
            && view.signs[next].is_none();
        let fits = link.shape != Shape::Prose
            && link.words >= 2
            && link.words <= 30
            && !view.anchors[next];
        // "4. The Nameless Bridge" goes on with the text's own numbers.
        if let Marker::Number(number) = link.marker
            && number > 1
            && (at.saturating_sub(30)..at)
                .any(|before| view.items[before].marker == Marker::Number(number - 1))
        {
            break;
        }
        let inside = if grouped {
            view.same_group(at, next)
        } else {
            // Without a heading of the text's own being taken for a link: bulleted, or the first,
            // or as long as headlines are.
            heading
                && (bulleted
                    || link.marker != Marker::None
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

/// A broadcast's or a picture's date in the midst of a text, with the short lines beside it. A
/// date alone over a paragraph is a heading.
fn date_box(view: &View<'_>, at: usize) -> Option<usize> {
    if !view.anchors[at]
        || !meta::is_date_line(&view.items[at], view.language)
        || view.items[at].shape == Shape::Prose
    {
        return None;
    }
    let group = view.group(at);
    if !view.page.spaced || group.len() == 1 {
        let heading = view
            .items
            .get(at + 1)
            .is_some_and(|next| next.shape == Shape::Prose)
            && view.items[at].words <= 7;
        return (!heading).then_some(at + 1);
    }
    let short = group.clone().all(|other| view.items[other].words <= 14);
    short.then_some(group.end)
}

/// A count or a picture sign that has lost its button. A number over a paragraph heads a part.
fn is_crumb(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    if super::links::is_picture_file(&item.text) && !super::links::is_url(&item.text) {
        return true;
    }
    if item.shape != Shape::Bare || item.marker != Marker::None {
        return false;
    }
    let digits = item.text.chars().any(|c| c.is_ascii_digit());
    let heads = item.group_size == 1
        && view
            .items
            .get(at + 1)
            .is_some_and(|next| next.shape == Shape::Prose);
    if digits {
        !heads && !shape::ends_sentence(&item.text)
    } else {
        !item.text.contains(['…', '.', '!', '?', '—'])
    }
}

/// "Subscribe to Slow Ledger", with a line or two about it and the button below.
fn heads_signup(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    view.signs[at].is_none()
        && item.shape == Shape::Phrase
        && item.words <= 10
        && asks_to_subscribe(&item.key)
        && (at + 1..(at + 4).min(view.items.len()))
            .take_while(|&next| view.items[next].shape != Shape::Prose)
            .any(|next| view.signs[next] == Some(Sign::Signup))
}

/// Marks the lines between the lines of a newsletter's or a cookie banner's box as its own, and
/// takes the mark from paragraphs that only speak of such things.
pub fn settle(view: &mut View<'_>) {
    let mut at = 0;
    while at < view.items.len() {
        let group = view.group(at);
        let boxed =
            |other: &usize| matches!(view.signs[*other], Some(Sign::Signup | Sign::Cookies));
        let marks = group.clone().filter(boxed).count();
        let many = (2..=14).contains(&group.len()) && marks >= 2 && marks * 5 >= group.len() * 2;
        // A button, and what it is there for.
        let few = (2..=3).contains(&group.len())
            && marks >= 1
            && group.clone().all(|other| {
                view.items[other].shape == Shape::Phrase
                    && view.items[other].words <= 25
                    && !view.anchors[other]
                    && view.signs[other]
                        .is_none_or(|sign| matches!(sign, Sign::Signup | Sign::Cookies))
            })
            && view.items[group.start].words >= 5;
        if view.page.spaced && (many || few) {
            for other in group.clone() {
                // A box above the text runs into what is said of the story.
                let item = &view.items[other];
                let about = meta::is_date_line(item, view.language)
                    || names::byline(&item.text)
                        .is_some_and(|names| names.iter().all(|name| names::is_name(name)));
                if about && view.signs[other].is_none() {
                    continue;
                }
                view.signs[other] = view.signs[other].or(Some(Sign::Signup));
                view.anchors[other] = false;
            }
        }
        at = group.end.max(at + 1);
    }
    for at in 0..view.items.len() {
        if heads_signup(view, at) {
            view.signs[at] = Some(Sign::Signup);
        }
    }
    let weak = |at: &usize| {
        let doubtful = matches!(
            view.signs[*at],
            Some(
                Sign::Cookies
                    | Sign::Signup
                    | Sign::Share
                    | Sign::Player
                    | Sign::Inline
                    | Sign::Credit
            )
        );
        doubtful
            && matches!(view.items[*at].shape, Shape::Sentence | Shape::Prose)
            && !is_furniture(view, *at)
    };
    view.doubtful = (0..view.items.len()).map(|at| weak(&at)).collect();
}
