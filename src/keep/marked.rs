//! Passages that a reader marked elsewhere, as other programs export them: where their words stand in a text, they are
//! highlights there; else they stay quotations below it.

use std::hash::{Hash, Hasher};

use jiff::{Timestamp, tz::TimeZone};
use siphasher::sip::SipHasher13;

use crate::{
    document::{Document, Span, Stand},
    ingest::kept::HIGHLIGHTS,
    story::{Note, Quote, Story},
};

/// A quotation, as it was written into a file: its Markdown, the passage, and what its reader said of it.
struct Quotation<'a> {
    source: &'a str,
    passage: String,
    said: String,
}

/// The passages, each with what was said of it, as highlights in a story; none for those whose words are not in it.
pub fn placed(story: &Story, passages: &[(String, String)], when: Timestamp) -> Vec<Option<Note>> {
    let address = story.url.as_deref().unwrap_or_default();
    let wanted: Vec<Note> = passages
        .iter()
        .map(|(passage, said)| note(address, passage, said, when))
        .collect();
    let document = Document::new(story.clone(), &TimeZone::UTC);
    let stands = document.stand_of(&wanted);
    let place = |(wanted, stand): (Note, Option<Stand>)| {
        let stand = stand.filter(|it| !it.edited)?;
        Some(Note {
            near: stand.span.start,
            quote: document.quote(stand.span)?,
            ..wanted
        })
    };
    wanted.into_iter().zip(stands).map(place).collect()
}

/// A marked passage as a note. It has the same name each time that it comes.
fn note(address: &str, passage: &str, said: &str, when: Timestamp) -> Note {
    let passage = passage.trim();
    let mut hasher = SipHasher13::new();
    (address, passage).hash(&mut hasher);
    let at = when.as_millisecond();
    Note {
        id: format!("imported-{:016x}", hasher.finish()),
        quote: Quote {
            exact: passage.to_owned(),
            ..Quote::default()
        },
        text: said.trim().to_owned(),
        near: (0, 0),
        created: at,
        changed: at,
    }
}

/// Takes the quotations out of what stands below a link whose words are in its story now. Gives what is left of it, and
/// the highlights.
pub(super) fn settled(rest: &str, story: &Story, when: Timestamp) -> (String, Vec<Note>) {
    let Some((before, quoted)) = parted(rest) else {
        return (rest.to_owned(), Vec::new());
    };
    let quotations = quotations(quoted);
    let passages: Vec<(String, String)> = quotations
        .iter()
        .map(|it| (it.passage.clone(), it.said.clone()))
        .collect();
    let (mut left, mut notes) = (Vec::new(), Vec::new());
    for (quotation, note) in quotations.iter().zip(placed(story, &passages, when)) {
        match note {
            Some(note) => notes.push(note),
            None => left.push(quotation.source),
        }
    }
    if notes.is_empty() {
        return (rest.to_owned(), notes);
    }
    let heading = format!("## {HIGHLIGHTS}");
    let mut parts = vec![before.trim()];
    if !left.is_empty() {
        parts.push(&heading);
        parts.extend(left);
    }
    parts.retain(|it| !it.is_empty());
    (parts.join("\n\n"), notes)
}

/// What stands before the quotations, and these.
fn parted(rest: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end().strip_prefix("## ") == Some(HIGHLIGHTS) {
            return Some((&rest[..from], &rest[from + line.len()..]));
        }
        from += line.len();
    }
    None
}

/// Quotations in Markdown, each with the text below it.
fn quotations(source: &str) -> Vec<Quotation<'_>> {
    let mut starts: Vec<usize> = Vec::new();
    let (mut from, mut quotes) = (0, false);
    for line in source.split_inclusive('\n') {
        let is_quote = line.starts_with('>');
        if is_quote && !quotes {
            starts.push(from);
        }
        quotes = is_quote;
        from += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    let each = starts.iter().zip(ends);
    each.map(|(start, end)| {
        let source = source[*start..end].trim();
        let quoted: usize = source
            .split_inclusive('\n')
            .take_while(|it| it.starts_with('>'))
            .map(str::len)
            .sum();
        let (passage, said) = source.split_at(quoted);
        Quotation {
            source,
            passage: plain(passage),
            said: plain(said),
        }
    })
    .collect()
}

/// The words of Markdown.
fn plain(markdown: &str) -> String {
    let all = Span {
        start: (0, 0),
        end: (usize::MAX, usize::MAX),
    };
    let quote = Document::of_markdown(markdown).quote(all);
    quote.map(|it| it.exact).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Kind;

    #[test]
    fn quotations_whose_words_are_there_become_highlights() {
        let text = "The *tide* comes in.\n\nIt goes out at 3.50\\$ a head.";
        let mut story = Story::new(Kind::Markdown, "A", text);
        story.url = Some("https://e.org/a".to_owned());
        let rest = "## Note\n\nMine.\n\n## Highlights\n\n> tide comes in\n\nDoes it?\n\nYes.\n\n> Nowhere\n\n\
                    So.\n\n> out at 3.50\\$";
        let (left, notes) = settled(rest, &story, Timestamp::UNIX_EPOCH);
        assert_eq!(
            left,
            "## Note\n\nMine.\n\n## Highlights\n\n> Nowhere\n\nSo."
        );
        let told: Vec<_> = notes
            .iter()
            .map(|it| (&*it.quote.exact, &*it.text))
            .collect();
        assert_eq!(
            told,
            [("tide comes in", "Does it?\n\nYes."), ("out at 3.50$", "")]
        );
        let rest = "## Highlights\n\n> tide comes in";
        assert_eq!(settled(rest, &story, Timestamp::UNIX_EPOCH).0, "");
        let rest = "## Note\n\nNo more.";
        assert_eq!(settled(rest, &story, Timestamp::UNIX_EPOCH).0, rest);
    }
}
