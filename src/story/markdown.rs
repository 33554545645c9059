//! The Markdown that stories are written in.

use std::{borrow::Cow, ops::Range};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// The extensions of CommonMark that recto reads, everywhere alike: what is a link in a list is one on
/// the page and in the index.
pub fn extensions() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS
}

/// `source` with a backslash before every sign that an extension would take for its own though the
/// author meant it: the dollars of prices, a colon that begins a line of text, the brackets of code.
///
/// Extensions take these signs away; what they only seem to mean would be lost with them.
pub fn settled(source: &str) -> Cow<'_, str> {
    if !is_doubtful(source) {
        return Cow::Borrowed(source);
    }
    let mut signs = Vec::new();
    let mut dollars = Dollars::default();
    // Without formulas, to see which dollars stand in text. Text may come in pieces.
    let parser = Parser::new_ext(source, extensions().difference(Options::ENABLE_MATH));
    // Where a backslash is a sign like others, or would make another label of it.
    let mut literal = false;
    for (event, range) in parser.into_offset_iter() {
        // A formula ends within its paragraph, and has no code in it: else its dollar would find another one.
        let ends = match &event {
            Event::Code(_) => !dollars.encloses(source, &range),
            event => is_of_block(event),
        };
        if ends {
            signs.extend(dollars.open.take());
        }
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => literal = true,
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_) | TagEnd::Link) => {
                literal = false;
            }
            Event::Text(_) if !literal => dollars.take(source, range, &mut signs),
            Event::Start(Tag::DefinitionListDefinition) => {
                let start = source.get(range.clone()).unwrap_or_default();
                let marker = start.find(':').filter(|at| start[..*at].trim().is_empty());
                let blank = |at: usize| start[at + 1..].starts_with([' ', '\t', '\n', '\r']);
                if let Some(at) = marker.filter(|at| !blank(*at) && at + 1 < start.len()) {
                    signs.push(range.start + at);
                }
            }
            Event::Start(Tag::Link {
                link_type: LinkType::WikiLink { .. },
                ..
            }) if !is_wikilink(source, &range) => {
                // The closing ones, too: else brackets further ahead would find them.
                let ends = (range.start, range.end.saturating_sub(1));
                signs.extend([ends.0, ends.0 + 1, ends.1 - 1, ends.1]);
            }
            Event::Start(Tag::Link { link_type, .. }) => {
                literal = !matches!(link_type, LinkType::Inline | LinkType::Reference);
            }
            _ => {}
        }
    }
    if signs.is_empty() {
        return Cow::Borrowed(source);
    }
    signs.sort_unstable();
    signs.dedup();
    let mut out = String::with_capacity(source.len() + signs.len());
    let mut from = 0;
    for at in signs {
        out.push_str(&source[from..at]);
        out.push('\\');
        from = at;
    }
    out.push_str(&source[from..]);
    Cow::Owned(out)
}

/// Whether the info string of a block of code says that it is a formula.
pub fn is_math(info: &str) -> bool {
    info.trim() == "math"
}

/// What stands between the dollars of a formula without the backticks that GitHub sets there, to keep other
/// signs from being read as Markdown.
pub fn formula_within(dollars: &str) -> &str {
    let code = dollars
        .strip_prefix('`')
        .and_then(|it| it.strip_suffix('`'));
    code.filter(|it| !it.contains('`')).unwrap_or(dollars)
}

/// Whether a block, or a cell, begins or ends.
fn is_of_block(event: &Event<'_>) -> bool {
    let end = match event {
        Event::Start(tag) => tag.to_end(),
        Event::End(end) => *end,
        _ => return false,
    };
    !matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// Whether a text has anything that [`settled`] may have to do with: most have not, and are read once.
fn is_doubtful(source: &str) -> bool {
    let dollar = |at: usize| {
        let (before, after) = around(source, at, at + 1);
        let joined = |a: Option<char>, b: Option<char>| {
            a.is_some_and(|it| !it.is_whitespace()) && b.is_some_and(is_of_word)
        };
        joined(before, after) || joined(after, before) || is_price(source, at)
    };
    let colon = |at: usize| {
        let line = source[..at].trim_end_matches([' ', '\t', '>']);
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        line.ends_with('\n') && !source[at + 1..].starts_with(blank)
    };
    let brackets = |at: usize| {
        let most = source.floor_char_boundary(at + LONGEST_NAME);
        let end = source[at..most].find("]]");
        end.is_some_and(|end| !is_wikilink(source, &(at..at + end + 2)))
    };
    let in_code = || source.contains('`') && source.contains('$');
    source.match_indices('$').any(|(at, _)| dollar(at))
        || in_code()
        || source.match_indices(':').any(|(at, _)| colon(at))
        || source.match_indices("[[").any(|(at, _)| brackets(at))
}

/// What is longer names no page, in bytes.
const LONGEST_NAME: usize = 1024;

/// The characters before and behind some bytes.
fn around(source: &str, start: usize, end: usize) -> (Option<char>, Option<char>) {
    let before = source[..start].chars().next_back();
    (before, source[end..].chars().next())
}

/// Whether it is a letter or a digit of a script that sets its words apart: in others a formula stands
/// right beside the words.
fn is_of_word(c: char) -> bool {
    const UNSPACED: [Range<char>; 4] = [
        '\u{E00}'..'\u{F00}',
        '\u{1000}'..'\u{10A0}',
        '\u{1780}'..'\u{1800}',
        '\u{2E80}'..char::MAX,
    ];
    c.is_alphanumeric() && !UNSPACED.iter().any(|it| it.contains(&c))
}

/// Whether what stands in two brackets could be the name of a page: there are conditions of shells and
/// lists of numbers, too.
fn is_wikilink(source: &str, range: &Range<usize>) -> bool {
    let link = source.get(range.clone()).unwrap_or_default();
    let inner = link.strip_prefix("[[").and_then(|it| it.strip_suffix("]]"));
    let Some(inner) = inner else {
        return true;
    };
    let name = inner.split_once('|').map_or(inner, |(name, _)| name);
    let (before, _) = around(source, range.start, range.end);
    let indexes = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ')' | ']'));
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let says = name.chars().any(|c| c.is_alphabetic() || !c.is_ascii())
        // A day, or the number of a note.
        || digits >= 4 && !name.contains([',', ' ']);
    let class = name.starts_with(':') && name.ends_with(':');
    says && !indexes
        && !class
        && inner.trim() == inner
        && !name.contains(['[', ']', '\n'])
        && !name.starts_with(['"', '\'', '$'])
}

/// The dollars of a text, by pairs: a formula begins before what is no space and ends behind such, and
/// neither within a word nor at its edge.
#[derive(Default)]
struct Dollars {
    /// One that may begin a formula.
    open: Option<usize>,
}

/// Whether a dollar has a country before it and a number behind: `US$ 5`.
fn is_price(source: &str, at: usize) -> bool {
    let before = source[..at].trim_end_matches(|c: char| c.is_ascii_uppercase());
    let letters = at - before.len();
    let number = source[at + 1..].trim_start_matches([' ', '\u{a0}']);
    (1..=3).contains(&letters)
        && !before.ends_with(is_of_word)
        && number.starts_with(|c: char| c.is_ascii_digit())
}

impl Dollars {
    /// Whether the dollar that is open and another one stand right around some code: a formula as GitHub
    /// has it.
    fn encloses(&self, source: &str, code: &Range<usize>) -> bool {
        let (_, after) = around(source, code.start, code.end);
        self.open.is_some_and(|at| at + 1 == code.start) && after == Some('$')
    }

    /// Takes those in a stretch of text; those that are no formula's are added to `signs`.
    fn take(&mut self, source: &str, range: Range<usize>, signs: &mut Vec<usize>) {
        let text = source.get(range.clone()).unwrap_or_default();
        for (at, _) in text.match_indices('$') {
            let at = range.start + at;
            let slashes = source[..at].bytes().rev().take_while(|it| *it == b'\\');
            if slashes.count() % 2 == 1 {
                continue;
            }
            let (before, after) = around(source, at, at + 1);
            let open = self.open.take();
            // Two of them set a formula apart.
            if before == Some('$') || after == Some('$') {
                signs.extend(open);
                continue;
            }
            let stands = |c: Option<char>| c.is_some_and(|it| !it.is_whitespace());
            let closes = stands(before) && !after.is_some_and(is_of_word) && !is_price(source, at);
            if open.is_some() && closes {
                continue;
            }
            signs.extend(open);
            match stands(after) && !before.is_some_and(is_of_word) {
                true => self.open = Some(at),
                false => signs.push(at),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_colons_and_brackets_are_no_formulas_definitions_and_links() {
        for (source, want) in [
            ("From $30 to US$5.", "From \\$30 to US\\$5."),
            ("A$1 B$2", "A\\$1 B\\$2"),
            ("$5–$10", "\\$5–\\$10"),
            ("price $5/$6 each", "price \\$5/\\$6 each"),
            ("$5.\nThen US$6", "\\$5.\nThen US\\$6"),
            ("$PATH$X", "\\$PATH\\$X"),
            ("`A$1 B$2` A$1 B$2", "`A$1 B$2` A\\$1 B\\$2"),
            ("<https://a.example/A$1$B$2>", "<https://a.example/A$1$B$2>"),
            ("```\nA$1 B$2\n```", "```\nA$1 B$2\n```"),
            ("US\\$5, so $x$ and US$6", "US\\$5, so $x$ and US\\$6"),
            ("设$x$为 ($y$), **$z$**", "设$x$为 ($y$), **$z$**"),
            ("US$5 $$x$$", "US\\$5 $$x$$"),
            (
                "use $HOME or `$PATH` and `$X`",
                "use \\$HOME or `$PATH` and `$X`",
            ),
            ("$5 or `$x` end", "\\$5 or `$x` end"),
            ("$a$ `b` $c$, A$1 $`d`$", "$a$ `b` $c$, A\\$1 $`d`$"),
            ("pay $20 for it, or AU$ 30", "pay \\$20 for it, or AU\\$ 30"),
            ("$5 **bold** US$ 6", "\\$5 **bold** US\\$ 6"),
            ("Hello\n:smile: hi", "Hello\n\\:smile: hi"),
            ("> Ratio\n> ::1 is", "> Ratio\n> \\::1 is"),
            (":::note\ninside\n:::", ":::note\ninside\n\\:::"),
            ("Term\n: Meaning", "Term\n: Meaning"),
            ("    a\n    :b", "    a\n    :b"),
            ("if [[ -f $x ]]; then", "if \\[\\[ -f \\$x \\]\\]; then"),
            ("arr[[0]]", "arr\\[\\[0\\]\\]"),
            ("a [[1, 2], [3, 4]]", "a \\[\\[1, 2], [3, 4\\]\\]"),
            ("x[[:space:]]", "x\\[\\[:space:\\]\\]"),
            ("[[x] y [[2, 3]] z", "[[x] y \\[\\[2, 3\\]\\] z"),
            (
                "[[Page]], [[2026-01-02]] 见[[条目|词]]",
                "[[Page]], [[2026-01-02]] 见[[条目|词]]",
            ),
        ] {
            assert_eq!(settled(source), want, "{source}");
        }
    }
}
