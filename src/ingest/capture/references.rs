//! The links of a print that numbers them and lists their addresses at the end.
//!
//! A number stands before the words of its link, and nothing ends these. A link is therefore made of the word
//! that follows, and of those behind it that its address repeats.

use std::collections::HashMap;
use std::ops::Range;

use super::links;
use super::printed;
use crate::ingest::html;

/// The words of a page, and which of them links begin with.
#[derive(Debug, Default)]
pub struct References {
    addresses: HashMap<u32, String>,
    /// Each word, with the number that stands before it.
    words: Vec<(String, Option<u32>)>,
}

/// A place in the words of a page, up to which its items have been looked up.
#[derive(Debug, Default)]
pub struct Cursor(usize);

impl References {
    /// Those of a page; none where it has no list of addresses. `stripped` is the page's text with what
    /// stands for its numbers.
    pub fn of(page: &str, stripped: &str) -> Self {
        let Some(start) = links::references(page) else {
            return Self::default();
        };
        let addresses: HashMap<u32, String> = page[start..].lines().filter_map(listed).collect();
        let mut words = Vec::new();
        let mut number = None;
        let mut rest = stripped;
        while let Some(c) = rest.chars().next() {
            if c.is_alphanumeric() {
                let end = rest.find(|c: char| !c.is_alphanumeric());
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                words.push((word.to_owned(), number.take()));
                rest = behind;
            } else if let Some((found, behind)) = printed::hidden_number(rest) {
                number = Some(found);
                rest = behind;
            } else {
                rest = &rest[c.len_utf8()..];
                // A picture was the link: no word of another paragraph is.
                if c == '\n' && rest.trim_start_matches(' ').starts_with('\n') {
                    number = None;
                }
            }
        }
        Self { addresses, words }
    }

    /// Where in the text of an item links stand, and where they lead. Items are asked for in their order.
    pub fn links(&self, text: &str, cursor: &mut Cursor) -> Vec<(Range<usize>, &str)> {
        /// No more words than these are passed over for one item.
        const FAR: usize = 5000;
        let spans = spans(text);
        if self.addresses.is_empty() || spans.is_empty() {
            return Vec::new();
        }
        let left = self.words.get(cursor.0..).unwrap_or_default();
        let same = |words: &[(String, Option<u32>)]| {
            let pairs = words.iter().zip(&spans);
            pairs
                .into_iter()
                .all(|((word, _), span)| *word == text[span.clone()])
        };
        let Some(at) = left.windows(spans.len()).take(FAR).position(same) else {
            return Vec::new();
        };
        let own = &left[at..at + spans.len()];
        cursor.0 += at + spans.len();
        let begins: Vec<usize> = (0..own.len()).filter(|&nth| own[nth].1.is_some()).collect();
        let mut links = Vec::new();
        for (nth, &first) in begins.iter().enumerate() {
            let until = begins.get(nth + 1).copied().unwrap_or(spans.len());
            let address = own[first].1.and_then(|number| self.addresses.get(&number));
            if let Some(address) = address {
                let last = last_word(text, &spans[first..until], address);
                links.push((spans[first].start..last, address.as_str()));
            }
        }
        links
    }
}

/// A line of the list: the number and its address, where it leads into the web.
fn listed(line: &str) -> Option<(u32, String)> {
    let (number, address) = line.trim().split_once(". ")?;
    let address = address.trim();
    let followed = links::is_url(address).then(|| html::whole_address(address))??;
    Some((number.parse().ok()?, followed))
}

/// Where the words of a text stand in it.
fn spans(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                spans.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    spans.extend(start.map(|from| from..text.len()));
    spans
}

/// The byte behind a link's last word: the first, or the last of those near by that its address has, too.
fn last_word(text: &str, words: &[Range<usize>], address: &str) -> usize {
    const NEAR: usize = 3;
    const TELLING: usize = 4;
    let address = address.to_lowercase();
    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
    let slug: Vec<&str> = path.split(|c: char| !c.is_alphanumeric()).collect();
    let mut end = words[0].end;
    let mut passed = 0;
    for pair in words.windows(2) {
        let between = &text[pair[0].end..pair[1].start];
        let word = text[pair[1].clone()].to_lowercase();
        // Within a word, or within what is written as one.
        if !between.contains(char::is_whitespace) && end == pair[0].end {
            end = pair[1].end;
            continue;
        }
        if between.contains(['.', ',', '!', '?', ';', ':', '|', '(', ')']) {
            break;
        }
        if word.chars().count() >= TELLING && slug.contains(&word.as_str()) {
            end = pair[1].end;
            passed = 0;
        } else if passed == NEAR {
            break;
        } else {
            passed += 1;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_the_word_behind_its_number_and_those_that_its_address_repeats() {
        let page = "   See [1]the old ferry at Alder, or [2]don't, or [3]stay.\n   [1]\n\n   On.\n\nReferences\n\n   \
                    1. https://a.example/the-old-ferry(1)\n   2. mailto:a@a.example\n   3. https://a.example/\n";
        let stripped = links::strip_links(page);
        let references = References::of(page, &stripped);
        let text = "See the old ferry at Alder, or don't, or stay.";
        let links = references.links(text, &mut Cursor::default());
        let told: Vec<_> = links
            .iter()
            .map(|(at, to)| (&text[at.clone()], *to))
            .collect();
        assert_eq!(
            told,
            [
                ("the old ferry", "https://a.example/the-old-ferry(1)"),
                ("stay", "https://a.example/"),
            ]
        );
        assert!(references.links("On.", &mut Cursor::default()).is_empty());
    }
}
