//! Labels and the values behind them: "Topics: water, work", "Filed under Water".

use super::key;
use super::shape;
use super::words::{LABELS, Label};

/// A label and the value behind it; the value is empty where it stands on the next line.
pub fn label(text: &str) -> Option<(Label, &str)> {
    let text = text.trim_start_matches(['|', '•', '·', '-', '–', '—', '*', '/', ' ']);
    if let Some(at) = text.find([':', '：'])
        && at <= 60
    {
        let width = text[at..].chars().next().map_or(1, char::len_utf8);
        let value = text[at + width..].trim();
        if !value.starts_with("//")
            && let Some(label) = label_word(&key::of(&text[..at]))
        {
            return Some((label, value));
        }
    }
    // "Mots-clés — cloches — Nord"
    if let Some((head, value)) = text.split_once(" — ").or_else(|| text.split_once(" – "))
        && let Some(label @ (Label::Tags | Label::Category)) = label_word(&key::of(head))
    {
        return Some((label, value.trim()));
    }
    if text.len() > 60 {
        return None;
    }
    label_word(&key::of(text)).map(|label| (label, ""))
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
