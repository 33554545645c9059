//! What a piece of text looks like, whatever it says.

/// The looks of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A row of dashes.
    Rule,
    /// A paragraph: long, or long enough and ended like a sentence.
    Prose,
    /// Short, and ended like a sentence.
    Sentence,
    /// Short, and not ended: headings, names, labels, buttons.
    Phrase,
    /// Numbers and marks only.
    Bare,
}

/// The looks of a text of so many words.
pub fn of(text: &str, words: usize) -> Shape {
    if !text.chars().any(char::is_alphabetic) {
        let marks = text.chars().filter(|c| !c.is_whitespace()).count();
        let rule = marks >= 3 && text.chars().all(|c| " -_*=~—–·•─━".contains(c));
        return if rule { Shape::Rule } else { Shape::Bare };
    }
    let ended = ends_sentence(text);
    if words >= 35 || (ended && words >= 14) {
        Shape::Prose
    } else if ended {
        Shape::Sentence
    } else {
        Shape::Phrase
    }
}

/// Whether a text ends as sentences end, quotes and brackets behind the full stop or not.
pub fn ends_sentence(text: &str) -> bool {
    let text = without_source(text.trim_end());
    let bare = text.trim_end_matches([
        '"', '\'', '”', '’', '“', '»', '«', ')', ']', '›', '*', '_', ' ', '\u{a0}', '\u{202f}',
        '」', '』',
    ]);
    let Some(last) = bare.chars().next_back() else {
        return false;
    };
    match last {
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '‽' | '।' | '؟' => true,
        ':' | '：' => word_count(text) >= 2,
        // „Ja“ said without a full stop inside is still an utterance.
        _ => {
            bare.len() < text.len()
                && text.ends_with(['”', '“', '»', '"'])
                && opens_quote(text)
                && word_count(text) >= 4
        }
    }
}

/// "… had two. (jd)": the text without who wrote it in brackets behind its last sentence.
fn without_source(text: &str) -> &str {
    let Some((before, source)) = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("))
    else {
        return text;
    };
    let ended = before.ends_with(['.', '!', '?', '”', '"', '“', '»', '…']);
    if ended && source.len() <= 24 && !source.contains(['.', ')']) {
        before
    } else {
        text
    }
}

fn opens_quote(text: &str) -> bool {
    text.starts_with(['“', '„', '«', '"', '»'])
}

/// How many words a text has; two characters of Chinese or Japanese count as one.
pub fn word_count(text: &str) -> usize {
    let mut words = 0;
    let mut wide = 0;
    let mut inside = false;
    for c in text.chars() {
        if matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
        {
            wide += 1;
            inside = false;
        } else if c.is_alphanumeric() || matches!(c, '\u{93c}' | '\u{94d}') {
            if !inside {
                words += 1;
            }
            inside = true;
        } else if c.is_whitespace() || !matches!(c, '\'' | '’' | '-' | '.' | ',') {
            inside = false;
        }
    }
    words + wide / 2
}

/// Whether every word that could be is written in capitals.
pub fn is_upper(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| !c.is_lowercase())
}

/// Lower case without a byte moving: what has no lower case of its own length stays.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        })
        .collect()
}
