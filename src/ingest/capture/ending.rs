//! The last lines of a text, and those behind it that are not of it.

use super::View;
use super::lines::Marker;
use super::names;
use super::shape::{self, Shape};
use super::words::Sign;

/// Takes from the end of the text what is not of it; gives back short lines that stood there.
pub fn trim(view: &View<'_>, kept: &mut Vec<usize>, authors: &[String]) -> Vec<usize> {
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
            Shape::Phrase if is_bio(&item.text, authors) => true,
            Shape::Phrase if listed => {
                before.is_some_and(|before| before.shape == Shape::Rule)
                    || is_title_case(&item.text) && headlines_only(view, kept)
            }
            Shape::Phrase if item.set != super::lines::Set::Plain => false,
            Shape::Phrase => {
                let after_colon = before.is_some_and(|before| {
                    before.text.ends_with(':')
                        && before.words >= 3
                        && kept.len() >= 2
                        && view.signs[kept[kept.len() - 2]].is_none()
                });
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
                    || is_strangers_bio(&item.text, authors)
                    || is_plea(&item.key)
                    || at > 0 && is_rate(&item.key) && asks_to_join(view, at - 1)
                    || (item.words <= 16 && item.text.contains('@') && item.group_size <= 2)
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

/// Whether the list that a text ends with names other stories: nothing led to it, and each entry is
/// written as headlines are.
fn headlines_only(view: &View<'_>, kept: &[usize]) -> bool {
    let entry = |at: &&usize| view.items[**at].marker != Marker::None;
    let list = kept.iter().rev().take_while(entry);
    let before = kept.iter().rev().find(|at| !entry(at));
    list.clone().count() >= 2
        && list.into_iter().all(|&at| {
            let item = &view.items[at];
            item.marker == Marker::Bullet && item.words >= 4 && is_title_case(&item.text)
        })
        && before.is_some_and(|&at| {
            view.items[at].shape == Shape::Prose && !view.items[at].text.ends_with(':')
        })
}

/// "The Biggest Unanswered Questions About Clocks"
fn is_title_case(text: &str) -> bool {
    let long = || {
        text.split_whitespace()
            .filter(|word| word.chars().count() > 4 && word.starts_with(char::is_alphabetic))
    };
    let capital = long().filter(|word| word.starts_with(char::is_uppercase));
    long().count() >= 2 && capital.count() * 10 >= long().count() * 8
}

fn is_signature(text: &str, authors: &[String]) -> bool {
    authors
        .iter()
        .any(|name| name.contains(text.trim_end_matches(['.', ',', '!'])))
}

/// "Jane Doe", maybe again, over "Jane joined the paper in 2017.": the box about who wrote it.
pub fn heads_bio(view: &View<'_>, at: usize) -> bool {
    const AGAIN: usize = 3;
    let item = &view.items[at];
    if item.shape != Shape::Phrase
        || item.marker != Marker::None
        || !names::is_bare_name(&item.text)
    {
        return false;
    }
    let below = (at + 1..view.items.len())
        .take(AGAIN)
        .find(|&next| !view.items[next].key.starts_with(&item.key) || view.items[next].words > 8);
    below.is_some_and(|next| {
        view.items[next].shape == Shape::Prose
            && is_bio(&view.items[next].text, std::slice::from_ref(&item.text))
    })
}

/// "About Norrby Cell" over a paragraph or two, and nothing of the story behind them.
pub fn is_about(view: &View<'_>, at: usize) -> bool {
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
        if matches!(view.items[next].shape, Shape::Prose | Shape::Sentence) {
            prose += 1;
        }
    }
    (1..=3).contains(&prose)
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
                && behind_brackets(&text[name.len()..])
                    .split(|c: char| !c.is_alphabetic())
                    .filter(|word| !word.is_empty())
                    .take(2)
                    .any(|word| verbs.contains(&word))
        });
        starts && !text.starts_with(['“', '"'])
    })
}

/// What follows a name and, in brackets, its address.
fn behind_brackets(text: &str) -> &str {
    text.trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map_or(text, |(_, rest)| rest)
}

/// A paragraph that tells readers how to comment.
fn is_policy(key: &str) -> bool {
    let comments = [
        "comment",
        "kommentar",
        "commentaire",
        "comentario",
        "commenti",
        "comentári",
        "reactie",
    ];
    let rules = [
        "rules",
        "safe",
        "engaging",
        "lively",
        "valuable",
        "read our",
        "respond",
        "policy",
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
        "höflich",
        "respektvoll",
        "löschen",
        "gelöscht",
        "rassist",
        "werbung",
        "courtois",
        "pertinent",
        "haineu",
        "diffamat",
        "racist",
        "injur",
        "accueill",
        "reservamos",
        "agradece",
        "publicar",
        "publicidad",
        "racista",
        "rispett",
        "offens",
        "pubblicat",
        "respeit",
        "ofens",
        "verwijder",
        "geplaatst",
        "beledig",
    ];
    comments.iter().any(|word| key.contains(word))
        && rules.iter().filter(|word| key.contains(*word)).count() >= 2
}

/// "Priya Nair is a freelance writer based in Leeds.", where no byline named her.
fn is_strangers_bio(text: &str, authors: &[String]) -> bool {
    authors.is_empty() && bio_name(text).is_some()
}

/// Whose portrait a paragraph is, if it is an author's.
pub fn bio_name(text: &str) -> Option<String> {
    if text.len() > 600 || text.starts_with(['“', '"', '„', '«']) {
        return None;
    }
    let verb = [
        " is a",
        " is an",
        " is the",
        " was a",
        " writes ",
        " covers ",
        " ist ",
        " schreibt ",
        " est ",
        " écrit ",
        " es ",
        " escribe ",
        " è ",
    ]
    .iter()
    .filter_map(|verb| text.find(verb))
    .min()?;
    let name = text[..verb].trim();
    let lower = shape::fold(text);
    let trade = [
        "writer",
        "reporter",
        "journalist",
        "editor",
        "columnist",
        "correspondent",
        "author of",
        "novelist",
        "blogger",
        "freelance",
        "staff",
        "autor",
        "autorin",
        "journalistin",
        "redakteur",
        "schriftsteller",
        "journaliste",
        "rédact",
        "écrivain",
        "auteur",
        "periodista",
        "escritor",
        "redactor",
        "giornalista",
    ];
    (names::is_name(name) && trade.iter().any(|word| lower[verb..].contains(word)))
        .then(|| name.to_owned())
}

/// "With 8 euros a month you keep a pump running": what a gift does.
fn is_rate(key: &str) -> bool {
    let money = [
        "€", "$", "£", "euro", "eur ", "dollar", "pound", "franc", "franken", "chf", "peso",
    ];
    let often = [
        "a month",
        "per month",
        "a year",
        "monthly",
        "im monat",
        "pro monat",
        "monatlich",
        "im jahr",
        "par mois",
        "par an",
        "al mes",
        "al año",
        "mensual",
        "al mese",
        "all'anno",
        "por mês",
        "por ano",
        "per maand",
        "per jaar",
    ];
    key.chars().any(|c| c.is_ascii_digit())
        && money.iter().any(|word| key.contains(word))
        && often.iter().any(|word| key.contains(word))
}

/// "Become a member", "Hazte socia" over what is said of it.
fn asks_to_join(view: &View<'_>, at: usize) -> bool {
    let item = &view.items[at];
    let asks = [
        "become", "join", "donat", "give", "support", "werde", "spende", "hilf", "helfen",
        "unterst", "devene", "adhér", "donne", "faites", "souten", "hazte", "únete", "dona",
        "colabora", "apoya", "divent", "sostieni", "torne", "doe", "apoie", "word", "steun",
        "doneer",
    ];
    item.shape != Shape::Prose
        && item.words <= 8
        && (view.signs[at] == Some(Sign::Signup)
            || asks.iter().any(|ask| item.key.starts_with(ask)))
}

/// "The News Wire is an independent news organization …": what a house says of itself on every
/// page.
pub fn speaks_of_house(key: &str) -> bool {
    let is = [
        " is a ",
        " is an ",
        " is the ",
        " ist ein",
        " ist die ",
        " ist das ",
        " est un",
        " est le ",
        " es un",
        " es el ",
        " es la ",
        " è un",
        " é um",
        " is een ",
    ];
    let house = [
        "news",
        "organi",
        "nonprofit",
        "non-profit",
        "independent",
        "factual",
        "reporting",
        "journalis",
        "publish",
        "magazin",
        "unabhängig",
        "nachrichten",
        "zeitung",
        "gemeinnützig",
        "indépendant",
        "association",
        "journal",
        "média",
        "independiente",
        "periódico",
        "medio de comunicación",
        "sin ánimo de lucro",
        "indipendente",
        "testata",
        "onafhankelijk",
        "dedicated to",
    ];
    let verb = is.iter().filter_map(|verb| key.find(verb)).min();
    verb.is_some_and(|at| {
        at <= 50
            && house
                .iter()
                .filter(|word| key[at..].contains(*word))
                .count()
                >= 2
    })
}

/// A paragraph that asks for money, a subscription or an address.
pub fn is_plea(key: &str) -> bool {
    let asks = [
        "donat",
        "support us",
        "support our",
        "support the",
        "your support",
        "subscri",
        "contribut",
        "reader-funded",
        "reader-supported",
        "independent journalism",
        "newsletter",
        "sign up",
        "become a member",
        "membership",
        "membe",
        "paywall",
        "gift",
        "spende",
        "unterstütz",
        "abonn",
        "mitglied",
        "faire un don",
        "soutenez",
        "soutenir",
        "vos dons",
        "adhér",
        "donativo",
        "suscrib",
        "suscripción",
        "apoya",
        "socio",
        "hazte",
        "abbon",
        "sostien",
        "assin",
        "apoie",
        "doneer",
        "steun",
    ];
    let you = [
        " you", "you ", "your ", " sie ", "ihre", " du ", " dein", " vous", "votre", " tu ",
        " su ", " tus ", "usted", " te ", " jij ", " je ", "uw ",
    ];
    let padded = format!(" {key} ");
    asks.iter().filter(|word| padded.contains(*word)).count() >= 2
        && you.iter().any(|word| padded.contains(word))
}
