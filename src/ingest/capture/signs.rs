//! What lines give away by their words where no table can have them whole: credits, teasers, counts,
//! reading times, headings over other stories.

use super::lines::{Item, Marker};
use super::shape::{self, Shape};
use super::words::COMMENT_WORDS;

/// "More Opinion", "Other recent obituaries", "Otras noticias de atletismo".
pub fn heads_others(item: &Item) -> bool {
    const OTHER: [&str; 22] = [
        "more",
        "other",
        "related",
        "recent",
        "latest",
        "mehr",
        "weitere",
        "andere",
        "ähnliche",
        "más",
        "otras",
        "otros",
        "últimas",
        "últimos",
        "autres",
        "altri",
        "altre",
        "outras",
        "outros",
        "mais",
        "meer",
        "recente",
    ];
    let mut words = item.key.split(' ');
    let first = words.next().is_some_and(|word| OTHER.contains(&word));
    first
        && item.marker == Marker::None
        && (2..=6).contains(&item.words)
        && item.shape == Shape::Phrase
        && !matches!(words.next(), Some("than" | "als" | "que" | "di" | "do"))
        && !item.text.contains(':')
        && !item.text.chars().any(|c| c.is_ascii_digit())
}

/// "… what the coast is made of. more": the summary of another story with its link.
pub fn is_teaser(item: &Item) -> bool {
    let end = [
        ". mehr",
        ". more",
        ". read more",
        ". weiter",
        ". weiterlesen",
        ". lire la suite",
        ". leer más",
        "… mehr",
        "… more",
        "... more",
        "... read more",
        "… read more",
        "… weiterlesen",
        "[...]",
        "[…",
        ". lees meer",
        ". leggi",
        ". ler mais",
    ];
    (6..=80).contains(&item.words) && end.iter().any(|end| item.key.ends_with(end))
}

/// "37 Likes", "2.1K Followers"
pub fn is_tally(key: &str) -> bool {
    let Some((number, what)) = key.split_once(' ') else {
        return false;
    };
    number.starts_with(|c: char| c.is_ascii_digit())
        && matches!(
            what,
            "likes"
                | "like"
                | "shares"
                | "share"
                | "views"
                | "followers"
                | "restacks"
                | "claps"
                | "reads"
                | "votes"
                | "reactions"
                | "retweets"
                | "tweets"
                | "followers · follow"
                | "aufrufe"
                | "mal geteilt"
                | "gefällt mir"
                | "partages"
                | "vues"
                | "abonnés"
                | "veces compartido"
                | "visitas"
                | "seguidores"
                | "condivisioni"
                | "interactions"
                | "saves"
                | "bookmarks"
                | "subscribers"
        )
}

/// "5 min read", "Lesezeit: 3 Min.", "6 minutes de lecture"
pub fn is_reading_time(item: &Item) -> bool {
    if item.words > 6 || !item.key.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let key = item.key.as_str();
    let minutes = ["min", "mn", "mins"].iter().any(|unit| {
        key.split(|c: char| !c.is_alphabetic())
            .any(|word| word == *unit || word.starts_with("minut"))
    });
    let reading = [
        "read", "lese", "lectur", "lettura", "leitura", "leestijd", "listen", "watch", "lezen",
        "hören",
    ];
    let ended = shape::ends_sentence(&item.text) && !key.ends_with("min.");
    let only = item.words <= 3 && !ended && key.starts_with(|c: char| c.is_ascii_digit());
    minutes && (only || reading.iter().any(|word| key.contains(word)))
}

/// A picture's caption, as far as the words about who took it tell.
pub fn is_credit(item: &Item) -> bool {
    if opens_caption(&item.key) {
        return true;
    }
    if item.words > 60 {
        return false;
    }
    let key = item.key.as_str();
    let near_end = |at: usize| key.len() - at <= 70;
    let marks = [
        "photo:",
        "photo by",
        "photo/",
        "photograph:",
        "photograph by",
        "photographs by",
        "photography by",
        "photo :",
        "picture:",
        "image:",
        "image by",
        "credit:",
        "foto:",
        "foto de ",
        "foto di ",
        "foto von ",
        "fotos:",
        "bild:",
        "© photo",
        "©",
        "crédit",
        "crédits",
        "getty images",
        "/reuters",
        "/ reuters",
        "/ ap",
        "/ afp",
        "/ epa",
        "/ap)",
        "/afp",
        "via ap",
        "(reuters)",
        "photo courtesy",
        "courtesy of",
        "illustration:",
        "illustration by",
        "ap photo",
        "dpa/",
        "/dpa",
        "/efe",
        "/epa",
        "shutterstock",
        "unsplash",
        "alamy",
        "istock",
        "wikimedia commons",
        "beeld:",
        "fotografía:",
        "imagen:",
    ];
    // "Dell Ortega for PRN", "Martin Velde/AFP"
    let by_house = item
        .text
        .split_once(" for ")
        .or_else(|| item.text.split_once('/'))
        .or_else(|| item.text.split_once(" / "));
    if item.words <= 7
        && let Some((name, house)) = by_house
        && super::names::is_name(name.trim())
        && house.trim().starts_with(char::is_uppercase)
        && !shape::ends_sentence(house)
    {
        return true;
    }
    if ends_with_source(&item.text) {
        return true;
    }
    for mark in marks {
        if let Some(at) = key.rfind(mark)
            && near_end(at)
        {
            let whole_word = !key[..at].ends_with(char::is_alphanumeric)
                || !mark.starts_with(char::is_alphanumeric);
            // "… he said of the photo by the door." is prose.
            let sentence_end = matches!(
                key[..at].trim_end().chars().next_back(),
                None | Some(
                    '.' | '!'
                        | '?'
                        | '('
                        | '|'
                        | ')'
                        | ']'
                        | '"'
                        | '-'
                        | '–'
                        | '/'
                        | '©'
                        | ','
                        | ';'
                )
            );
            if whole_word && sentence_end {
                return true;
            }
            if mark.starts_with('/')
                || mark.starts_with('©')
                || matches!(mark, "via ap" | "photo/" | "dpa/" | "ap photo")
            {
                return true;
            }
            // "(Courier photo/Dale Osgood)", "Foto: X" behind a caption without a full stop
            if whole_word && mark.ends_with(':') && !shape::ends_sentence(&item.text) {
                return true;
            }
        }
    }
    false
}

/// "In this photo released by the ministry, …", "In this Nov. 3, 2019, photo, …": how agencies begin
/// what they say of a picture.
fn opens_caption(key: &str) -> bool {
    const NEAR: usize = 60;
    let Some(rest) = key.strip_prefix("in this ") else {
        return false;
    };
    let start = &rest[..rest.floor_char_boundary(NEAR)];
    let Some(at) = ["photo", "image", "handout"]
        .iter()
        .filter_map(|word| start.find(word))
        .min()
    else {
        return false;
    };
    let behind = [
        "taken",
        "released",
        "provided",
        "issued",
        "made available",
        "obtained",
        "from video",
    ];
    start[..at].contains(|c: char| c.is_ascii_digit())
        || start[..at].contains("undated")
        || behind.iter().any(|word| start[at..].contains(word))
}

/// "The bell before its last journey. (Tideline/Dell Ortega)", "… on Monday. Martin Velde, AFP": who took a
/// picture, behind the full stop of what it shows.
fn ends_with_source(text: &str) -> bool {
    const LONGEST: usize = 60;
    let Some((before, last)) = text.trim_end_matches('.').rsplit_once(". ") else {
        return false;
    };
    if last.len() > LONGEST || before.contains(['"', '“', '„', '«']) {
        return false;
    }
    let capital = |part: &str| part.trim().starts_with(char::is_uppercase);
    if let Some(inner) = last
        .strip_prefix('(')
        .and_then(|last| last.strip_suffix(')'))
    {
        return inner.contains('/') && inner.split('/').all(capital) && !inner.contains(' ')
            || inner.split_once('/').is_some_and(|(house, name)| {
                capital(house) && shape::word_count(house) <= 3 && super::names::is_name(name)
            });
    }
    last.split_once(", ").is_some_and(|(name, house)| {
        super::names::is_name(name)
            && shape::word_count(house) <= 2
            && shape::is_upper(house)
            && house.chars().count() <= 8
    })
}

/// "… en su taller de Alcúdar. R. CLIMENT", "… on Monday. AFP": a name in capitals behind the
/// full stop. Only to be asked where captions stand.
pub fn ends_with_agency(item: &Item) -> bool {
    if item.words > 60 || item.shape == Shape::Rule {
        return false;
    }
    let text = item.text.trim_end_matches([')', '.']);
    let Some(at) = text.rfind(". ").map(|at| {
        // An initial belongs to the name behind it: "R. CLIMENT".
        let before = &text[..at];
        match before.rfind([' ', '(']) {
            Some(space) if before[space + 1..].chars().count() == 1 => space + 1,
            _ => at + 2,
        }
    }) else {
        return false;
    };
    let tail = text[at..].trim_start_matches('(');
    let bare = shape::word_count(tail);
    (1..=5).contains(&bare)
        && shape::is_upper(tail)
        && tail.chars().count() >= 3
        && !tail.chars().any(|c| c.is_ascii_digit())
}

/// "3 Comments", "Kommentare (14)", "0 Comments", "No comments"
pub fn comments_count(item: &Item) -> Option<u32> {
    if item.words > 14 {
        return None;
    }
    // "He made 3 comments." is said in a text; a heading may quote what ends like a sentence.
    let quoted = item.text.contains(['“', '”', '"', '«', '»', '„']);
    if shape::ends_sentence(&item.text) && !item.text.ends_with(':') && !quoted {
        return None;
    }
    count_in(&item.key, item.words)
}

/// The number of comments that a short text names.
pub fn count_in(key: &str, words: usize) -> Option<u32> {
    let tokens: Vec<&str> = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|token| !token.is_empty())
        .collect();
    let at = tokens
        .iter()
        .position(|token| COMMENT_WORDS.contains(token))?;
    // "1 reply by Jane Doe" is one of them, not all.
    if tokens
        .get(at + 1)
        .is_some_and(|next| matches!(*next, "by" | "von" | "de" | "par"))
    {
        return None;
    }
    let number = |at: usize| tokens.get(at).and_then(|token| token.parse::<u32>().ok());
    let before = at.checked_sub(1).and_then(number);
    // "3 thoughts on “…”" may go on; "Comments (3)" must be all.
    let after = number(at + 1).filter(|_| words <= 6);
    // "3 thoughts on “…”" may go on, "by Jane Doe 3 Comments" may begin otherwise; a year is no count.
    let year = |count: u32| (1900..2100).contains(&count);
    let start = before
        .is_some_and(|count| at == 1 || words <= 5 || (at + 1 == tokens.len() && !year(count)));
    let end = at + 2 >= tokens.len();
    match (before, after) {
        (Some(count), _) if start => Some(count),
        (_, Some(count)) if end => Some(count),
        _ => None,
    }
}
