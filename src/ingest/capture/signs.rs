//! Looking lines up in the tables of words.

use std::collections::HashMap;

use super::lines::{Item, Marker};
use super::shape::{self, Shape};
use super::words::{COMMENT_WORDS, LABELS, Label, SIGNS, Sign};

/// The tables of words, made ready for looking lines up.
pub struct Lexicon {
    /// What stands for a whole line.
    whole: HashMap<&'static str, Sign>,
    /// What stands for the beginning of a line, by its first character; the number is the place
    /// in the table, where the first that fits is right.
    starts: HashMap<char, Vec<(usize, Pattern)>>,
    /// What may stand anywhere in a line.
    inside: Vec<(usize, Pattern)>,
}

/// A phrase of the table that stands for a part of a line.
struct Pattern {
    sign: Sign,
    /// What must follow one upon the other.
    parts: Vec<&'static str>,
    open_start: bool,
    open_end: bool,
    /// The most words that such a line has.
    limit: usize,
}

impl Pattern {
    fn new(sign: Sign, phrase: &'static str) -> Self {
        let long = phrase.ends_with("**");
        let bare = phrase.trim_end_matches('*');
        let open_end = bare.len() < phrase.len();
        let open_start = bare.starts_with('*');
        Pattern {
            sign,
            parts: bare.split('*').filter(|part| !part.is_empty()).collect(),
            open_start,
            open_end,
            limit: if long || open_start { 80 } else { 18 },
        }
    }

    fn fits(&self, key: &str, words: usize) -> bool {
        if words > self.limit {
            return false;
        }
        let mut rest = key;
        for (nth, part) in self.parts.iter().enumerate() {
            let at = match rest.find(part) {
                Some(at) if nth > 0 || self.open_start || at == 0 => at,
                _ => return false,
            };
            let tail = &rest[at + part.len()..];
            // "share on" begins "share on Facebook", "ad" does not begin "adapted".
            let cut_word =
                part.ends_with(char::is_alphanumeric) && tail.starts_with(char::is_alphanumeric);
            if nth == 0 && !self.open_start && cut_word {
                return false;
            }
            rest = tail;
        }
        self.open_end || rest.is_empty()
    }
}

impl Lexicon {
    pub fn new() -> Self {
        let mut whole = HashMap::new();
        let mut starts: HashMap<char, Vec<(usize, Pattern)>> = HashMap::new();
        let mut inside = Vec::new();
        let all = SIGNS
            .iter()
            .flat_map(|(sign, phrases)| phrases.iter().map(move |phrase| (*sign, *phrase)));
        for (place, (sign, phrase)) in all.enumerate() {
            if !phrase.contains('*') {
                whole.entry(phrase).or_insert(sign);
                continue;
            }
            let pattern = Pattern::new(sign, phrase);
            match pattern
                .parts
                .first()
                .and_then(|part| part.chars().next())
                .filter(|_| !pattern.open_start)
            {
                Some(first) => starts.entry(first).or_default().push((place, pattern)),
                None => inside.push((place, pattern)),
            }
        }
        Lexicon {
            whole,
            starts,
            inside,
        }
    }

    /// What the first pattern of the table that fits a line says.
    fn pattern(&self, key: &str, words: usize) -> Option<Sign> {
        let find = |patterns: &[(usize, Pattern)]| {
            patterns
                .iter()
                .find(|(_, pattern)| pattern.fits(key, words))
                .map(|(place, pattern)| (*place, pattern.sign))
        };
        let start = key
            .chars()
            .next()
            .and_then(|first| self.starts.get(&first))
            .and_then(|patterns| find(patterns));
        start
            .into_iter()
            .chain(find(&self.inside))
            .min_by_key(|(place, _)| *place)
            .map(|(_, sign)| sign)
    }

    /// What a line that is not the story's own does on the page, as far as its words tell.
    pub fn sign(&self, item: &Item) -> Option<Sign> {
        let key = item.key.as_str();
        if key.is_empty() || item.text.len() > 1500 {
            return None;
        }
        if comments_count(item).is_some() {
            return Some(Sign::Comments);
        }
        if is_reading_time(item) {
            return Some(Sign::Reading);
        }
        if is_tally(key) {
            return Some(Sign::Share);
        }
        if let Some(sign) = self.whole.get(key) {
            return Some(*sign);
        }
        // "<< Back to all letters"
        let arrow = ["<<", "<-", "← ", "‹ ", "« "];
        if arrow.iter().any(|mark| item.text.starts_with(mark))
            && !item.text.contains('»')
            && item.words <= 12
        {
            return Some(Sign::Menu);
        }
        if let Some(sign) = self.pattern(key, item.words) {
            return Some(sign);
        }
        if heads_others(item) {
            return Some(Sign::List);
        }
        if is_credit(item) {
            return Some(Sign::Credit);
        }
        let bracketed =
            item.text.starts_with('[') && item.text.ends_with(']') && !item.text[1..].contains('[');
        // "[photo] The bridge in 1968": a picture and its words.
        let picture = [
            "[photo", "[foto", "[image", "[imagen", "[bild", "[picture", "[video", "[vidéo",
        ];
        if picture.iter().any(|start| key.starts_with(start)) && item.words <= 60 {
            return Some(Sign::Credit);
        }
        // "[gif]", "[Anzeige]": what a text browser shows for a picture or a button.
        if bracketed && !item.text.contains(' ') && item.key.chars().any(char::is_alphabetic) {
            return Some(Sign::Credit);
        }
        if is_teaser(item) || (bracketed && item.words >= 3) {
            return Some(Sign::Inline);
        }
        self.row(item)
    }

    /// A row of links or buttons on one line: "Privacy | Cookies | Legal", "Facebook Twitter Email".
    fn row(&self, item: &Item) -> Option<Sign> {
        if !(1..=40).contains(&item.words) || shape::ends_sentence(&item.text) {
            return None;
        }
        let known = |text: &str| -> Option<Sign> {
            self.whole.get(super::lines::key(text).as_str()).copied()
        };
        // "HomeAboutArchivesRSS": links that have lost what parted them.
        if item.words == 1 {
            let parts = run_together(&item.text)?;
            let mut signs = parts.iter().filter_map(|part| known(part));
            let first = signs.next();
            return signs.next().and(first);
        }
        let marks = ['|', '·', '•', '∙', '/', '›', '—'];
        let (mut first, mut hits, mut all) = (None, 0, 0);
        if item.text.contains(marks) {
            for part in item
                .text
                .split(marks)
                .filter(|part| part.chars().any(char::is_alphabetic))
            {
                all += 1;
                if let Some(sign) = known(part) {
                    hits += 1;
                    first = first.or(Some(sign));
                }
            }
            if hits >= 2 && hits * 2 >= all {
                return first;
            }
            // Many short entries between bars are a menu even where none is known.
            let bars = item.text.matches(" | ").count();
            if bars >= 3 && item.words <= (bars + 1) * 2 || bars == 2 && item.words == 3 {
                return first.or(Some(Sign::Menu));
            }
        }
        let words: Vec<&str> = item
            .key
            .split([' ', '|', '·', '•', ':', ','])
            .filter(|word| !word.is_empty())
            .collect();
        let (mut at, mut covered, mut hits) = (0, 0, 0);
        while at < words.len() {
            let longest = (1..=4)
                .rev()
                .filter(|length| at + length <= words.len())
                .find_map(|length| {
                    let sign = self.whole.get(words[at..at + length].join(" ").as_str())?;
                    Some((length, *sign))
                });
            match longest {
                Some((length, sign)) => {
                    hits += 1;
                    covered += length;
                    first = first.or(Some(sign));
                    at += length;
                }
                None => at += 1,
            }
        }
        (hits >= 3 && covered * 10 >= words.len() * 7 || hits >= 2 && covered == words.len())
            .then_some(first)
            .flatten()
    }
}

/// The words of "HomeAboutArchives", three or more: each begins with its capital.
fn run_together(text: &str) -> Option<Vec<&str>> {
    let mut cuts = vec![0];
    let mut small = false;
    for (at, c) in text.char_indices() {
        if c.is_uppercase() && small {
            cuts.push(at);
        }
        small = c.is_lowercase();
    }
    cuts.push(text.len());
    let parts: Vec<&str> = cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect();
    (parts.len() >= 3).then_some(parts)
}

/// "More Opinion", "Other recent obituaries", "Otras noticias de atletismo".
fn heads_others(item: &Item) -> bool {
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
fn is_teaser(item: &Item) -> bool {
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
fn is_tally(key: &str) -> bool {
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
fn is_reading_time(item: &Item) -> bool {
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

/// A label and the value behind it; the value is empty where it stands on the next line.
pub fn label(text: &str) -> Option<(Label, &str)> {
    let text = text.trim_start_matches(['|', '•', '·', '-', '–', '—', '*', '/', ' ']);
    if let Some(at) = text.find([':', '：'])
        && at <= 60
    {
        let width = text[at..].chars().next().map_or(1, char::len_utf8);
        let value = text[at + width..].trim();
        if !value.starts_with("//")
            && let Some(label) = label_word(&super::lines::key(&text[..at]))
        {
            return Some((label, value));
        }
    }
    // "Mots-clés — cloches — Nord"
    if let Some((head, value)) = text.split_once(" — ").or_else(|| text.split_once(" – "))
        && let Some(label @ (Label::Tags | Label::Category)) = label_word(&super::lines::key(head))
    {
        return Some((label, value.trim()));
    }
    if text.len() > 60 {
        return None;
    }
    label_word(&super::lines::key(text)).map(|label| (label, ""))
}

fn label_word(key: &str) -> Option<Label> {
    let find = |key: &str| {
        LABELS
            .iter()
            .find(|(_, words)| words.contains(&key))
            .map(|(label, _)| *label)
    };
    // "Jetzt mitmachen", "Firma hoy": the hurry around the words for what is to be done.
    let unhurried = || {
        let (first, rest) = key.split_once(' ')?;
        let (start, last) = key.rsplit_once(' ')?;
        let bare = if HURRY.contains(&first) {
            rest
        } else if HURRY.contains(&last) {
            start
        } else {
            return None;
        };
        find(bare).filter(|label| *label == Label::Action)
    };
    find(key).or_else(unhurried)
}

/// "Now" and "today" in the languages of the tables.
const HURRY: [&str; 14] = [
    "now",
    "today",
    "jetzt",
    "heute",
    "maintenant",
    "aujourd'hui",
    "ahora",
    "hoy",
    "ora",
    "subito",
    "oggi",
    "agora",
    "hoje",
    "nu",
];

/// A label without a colon before its value: "Filed under Water, Work", "Tagged linen".
pub fn open_label(text: &str) -> Option<(Label, &str)> {
    const OPEN: &[(Label, &str)] = &[
        (Label::Filed, "filed under"),
        (Label::Filed, "filed in"),
        (Label::Filed, "archivado en"),
        (Label::Category, "posted in"),
        (Label::Category, "publié dans"),
        (Label::Category, "classé dans"),
        (Label::Category, "publicado en"),
        (Label::Category, "veröffentlicht unter"),
        (Label::Category, "veröffentlicht in"),
        (Label::Category, "abgelegt unter"),
        (Label::Category, "kategorie"),
        (Label::Tags, "tagged with"),
        (Label::Tags, "tagged as"),
        (Label::Tags, "tagged in"),
        (Label::Tags, "tagged"),
        (Label::Tags, "verschlagwortet mit"),
        (Label::Tags, "etiquetado como"),
        (Label::Tags, "etiquetado"),
        (Label::Tags, "étiqueté avec"),
    ];
    let lower = shape::fold(text);
    if shape::ends_sentence(text) || shape::word_count(text) > 24 {
        return None;
    }
    if let Some((_, value)) = text.split_once(' ').filter(|_| is_row_of_topics(text)) {
        return Some((Label::Tags, value));
    }
    OPEN.iter().find_map(|(label, words)| {
        let value = lower.strip_prefix(words)?;
        let value = value.starts_with(' ').then(|| text[words.len()..].trim())?;
        (!value.is_empty()).then_some((*label, value))
    })
}

/// "Topics clocks weather Norway": a label and single words, as a row of buttons is written.
pub fn is_row_of_topics(text: &str) -> bool {
    const SMALL: [&str; 28] = [
        "in",
        "of",
        "the",
        "to",
        "for",
        "and",
        "we",
        "you",
        "that",
        "this",
        "on",
        "are",
        "is",
        "covered",
        "discussed",
        "at",
        "der",
        "die",
        "das",
        "und",
        "für",
        "de",
        "la",
        "les",
        "y",
        "el",
        "e",
        "et",
    ];
    let Some((
        "Topics" | "Tags" | "TOPICS" | "TAGS" | "Schlagwörter" | "Themen" | "Mots-clés"
        | "Etiquetas",
        rest,
    )) = text.split_once(' ')
    else {
        return false;
    };
    (2..=8).contains(&rest.split(' ').count())
        && rest.split(' ').all(|word| {
            word.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !SMALL.contains(&word.to_lowercase().as_str())
        })
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
