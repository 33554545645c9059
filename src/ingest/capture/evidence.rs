//! Whether a text is a saved page at all, and which English it is in.

use super::View;
use super::breadcrumb::is_breadcrumb;
use super::head::Head;
use super::lines::Marker;
use super::shape::Shape;
use super::titles::names_title;
use super::words::Sign;
use crate::ingest::front_matter;

/// More lines than this are a list, a log or a book.
const MOST_LINES: usize = 15_000;

/// A quick look that turns away what is surely something else: books, Markdown, mail, logs.
pub fn may_be_page(text: &str) -> bool {
    // Not even a page with thousands of comments has as many lines.
    if text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .nth(MOST_LINES)
        .is_some()
    {
        return false;
    }
    let head: String = text.chars().take(6000).collect();
    if head.contains("Project Gutenberg")
        && (head.contains("*** START") || head.contains("EBook") || head.contains("eBook"))
    {
        return false;
    }
    let mut mail = 0;
    let mut first = true;
    for line in head.lines().take(120) {
        let line = line.trim_end();
        if first && !line.is_empty() {
            // Front matter, a document type, a script.
            let is_front = match line {
                // Else it is a rule, as prints of pages may begin with one.
                "---" => front_matter::read(text, true).is_some(),
                line => matches!(line, "+++" | "{"),
            };
            if is_front
                || line.starts_with("<!")
                || line.starts_with("#!")
                || line.starts_with("From ") && line.contains('@')
            {
                return false;
            }
            first = false;
        }
        if line.starts_with("```") || line.starts_with("~~~") {
            return false;
        }
        mail += usize::from(
            [
                "Message-ID:",
                "Message-Id:",
                "MIME-Version:",
                "Received:",
                "Return-Path:",
                "In-Reply-To:",
            ]
            .iter()
            .any(|name| line.starts_with(name)),
        );
    }
    mail < 1
}

/// Whether what was found on the page makes it one: a byline and a date, or furniture enough.
pub fn is_page(view: &View<'_>, head: &Head) -> bool {
    let mut score = 0;
    let mut seen: Vec<Sign> = Vec::new();
    let mut lines = 0;
    for (at, sign) in view.signs.iter().enumerate() {
        let Some(sign) = sign else { continue };
        let says_little = matches!(
            sign,
            Sign::Aside | Sign::Genre | Sign::Credit | Sign::Inline | Sign::Caption
        );
        // A heading of a document may be called as parts of pages are.
        let heading = view.items[at].level > 0 && !matches!(sign, Sign::List | Sign::Comments);
        // "* Print the time.": an entry of a list that is a sentence is no button.
        let entry = view.items[at].marker != Marker::None
            && matches!(view.items[at].shape, Shape::Sentence | Shape::Prose)
            && !matches!(sign, Sign::Footer | Sign::Comments);
        if says_little || heading || entry {
            continue;
        }
        lines += 1;
        if !seen.contains(sign) {
            seen.push(*sign);
        }
    }
    score += seen.len() * 2 + usize::from(lines >= 4) + usize::from(lines >= 8);
    if let Some(headline) = head.headline {
        let near = headline.saturating_sub(4)..head.start.min(view.items.len());
        let anchors = near.clone().filter(|&at| view.anchors[at]).count();
        let dated = near
            .clone()
            .any(|at| super::meta::is_date_line(&view.items[at], view.language));
        let by = near
            .clone()
            .any(|at| super::names::byline(&view.items[at].text).is_some());
        score += anchors.min(3) + 2 * usize::from(dated) + usize::from(by);
        let key = &view.items[headline].key;
        let again = (0..headline.min(40)).any(|other| {
            let other = &view.items[other];
            other.words >= 3
                && (other.key.starts_with(key.as_str()) || names_title(&other.key, key))
        });
        score += 3 * usize::from(again);
    }
    // A reading view begins with the address of the site, a letter with its sender and subject.
    let first = |item: &super::lines::Item| {
        item.words <= 4
            && item.text.contains('.')
            && !item.text.contains([' ', '@', '/'])
            && item.text.ends_with(char::is_alphabetic)
    };
    score += 3 * usize::from(view.items.first().is_some_and(first));
    let header = view.items.iter().take(8).filter(|item| {
        [
            "from: ",
            "to: ",
            "date: ",
            "subject: ",
            "von: ",
            "an: ",
            "betreff: ",
            "de : ",
            "objet : ",
        ]
        .iter()
        .any(|name| item.key.starts_with(name))
    });
    score += if header.count() >= 3 { 4 } else { 0 };
    score += if view.is_release() { 3 } else { 0 };
    score += if view.items.iter().take(60).any(is_breadcrumb) {
        2
    } else {
        0
    };
    // Without a paragraph there is nothing to read; a program or a log has none.
    let prose = view
        .items
        .iter()
        .filter(|item| matches!(item.shape, Shape::Prose | Shape::Sentence))
        .count();
    let code = view
        .items
        .iter()
        .filter(|item| item.text.ends_with([';', '{', '}']) && item.marker == Marker::None)
        .count();
    let dates = view
        .items
        .iter()
        .filter(|item| {
            item.text.starts_with(|c: char| c.is_ascii_digit())
                && item.text.contains(':')
                && item.words > 4
        })
        .count();
    // Entries under their dates, and nothing that only pages have: a log of changes, a diary.
    let entries = || {
        let dated = view
            .items
            .iter()
            .filter(|item| super::meta::is_date_line(item, view.language));
        seen.is_empty() && dated.count() >= 3
    };
    // A text that underlines its title was written as one, or as a letter: it must say more.
    let least = match view.items.first() {
        Some(first) if first.underlined => 9,
        _ => 5,
    };
    let enough = if view.page.written {
        seen.len() >= 3
    } else {
        score >= least
    };
    enough
        && !entries()
        && prose >= 1
        && code * 4 < view.items.len()
        && dates * 2 < view.items.len()
}

/// Whether an English page is likely to write the day before the month.
pub fn is_british(text: &str) -> bool {
    let sample: String = text.chars().take(20_000).collect::<String>().to_lowercase();
    let count = |words: &[&str]| words.iter().filter(|word| sample.contains(*word)).count();
    let british = count(&[
        "colour",
        "favour",
        "behaviour",
        "organis",
        "recognis",
        "realis",
        "centre",
        "theatre",
        "programme",
        "£",
        ".co.uk",
        "labour",
        "neighbour",
        "defence",
        "travelled",
        "metres",
        "whilst",
        " gmt",
        " bst",
        ".org.uk",
        "grey",
        "licence",
        "honour",
    ]);
    let american = count(&[
        " color", "favor ", "behavior", "organiz", "recogniz", "realiz", "center", "theater",
        "program ", " labor ", "neighbor", "defense", "traveled", " est", " edt", " pst", " pdt",
        "$", " mom ", "gray", "honor ", "u.s.", "a.m.", "p.m.",
    ]);
    british > american
}
