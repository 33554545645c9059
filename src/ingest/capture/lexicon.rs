//! Looking lines up in the tables of words.

use std::collections::HashMap;

use super::key;
use super::lines::Item;
use super::shape;
use super::signs;
use super::words::{SIGNS, Sign};

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
        if signs::comments_count(item).is_some() {
            return Some(Sign::Comments);
        }
        if signs::is_reading_time(item) {
            return Some(Sign::Reading);
        }
        if signs::is_tally(key) {
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
        if signs::heads_others(item) {
            return Some(Sign::List);
        }
        if signs::is_credit(item) {
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
        // "[lazyload][bridge-1968]": two pictures.
        let pictures = item.text.starts_with('[')
            && item.text.ends_with(']')
            && item.text.contains("][")
            && item.words == 1;
        if pictures {
            return Some(Sign::Credit);
        }
        if signs::is_teaser(item) || (bracketed && item.words >= 3) {
            return Some(Sign::Inline);
        }
        self.row(item)
    }

    /// A row of links or buttons on one line: "Privacy | Cookies | Legal", "Facebook Twitter Email".
    fn row(&self, item: &Item) -> Option<Sign> {
        if !(1..=40).contains(&item.words) || shape::ends_sentence(&item.text) {
            return None;
        }
        let known =
            |text: &str| -> Option<Sign> { self.whole.get(key::of(text).as_str()).copied() };
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
            .filter(|word| !word.is_empty() && *word != "icon")
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
