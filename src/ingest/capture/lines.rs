//! A saved page cut into items: paragraphs, headings, list entries, labels, buttons.
//!
//! Dumps of text browsers break paragraphs at a fixed width; these are joined again.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::aligned;
use super::key;
use super::labels;
use super::links;
use super::markers::{is_bare_bullet, is_row_of_fields, is_rule, split_marker};
use super::printed::{self, is_hole};
use super::references::References;
use super::shape::{self, Shape};

/// What stands before an item in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    None,
    Bullet,
    Number(u32),
}

/// One paragraph, heading, entry or button of the page.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its text, without marker and indent, white space collapsed.
    pub text: String,
    /// The text as the tables of words know it.
    pub key: String,
    pub shape: Shape,
    pub marker: Marker,
    /// How many columns it stands to the right.
    pub indent: usize,
    /// Lines without an empty line between them share a group.
    pub group: usize,
    /// How many items its group has.
    pub group_size: usize,
    /// A row of dashes stands below it: a heading in mail and old-fashioned text.
    pub underlined: bool,
    /// Set in the middle of the page, as some text browsers set a page's first heading.
    pub centred: bool,
    /// The level of a Markdown heading, 0 for anything else.
    pub level: usize,
    /// Marked as a quotation or as code, in a page turned into Markdown; or printed as programs and tables are.
    pub set: Set,
    /// How many words it has.
    pub words: usize,
}

/// How a page that was turned into Markdown sets an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    Plain,
    Quote,
    Code,
    /// A row of a table that had a frame.
    Row,
}

/// The page as items, and what is known of its make.
#[derive(Debug)]
pub struct Page {
    pub items: Vec<Item>,
    /// Empty lines stand between the paragraphs, so that a group means something.
    pub spaced: bool,
    /// Paragraphs were broken at a fixed width.
    pub wrapped: bool,
    /// The page was turned into Markdown: its marks are kept.
    pub markup: bool,
    /// Its links, where it was printed with the addresses of these.
    pub references: References,
    /// It may be a document that somebody wrote in Markdown: it has several headings.
    pub written: bool,
}

/// How a text was made.
#[derive(Debug, Clone, Copy)]
struct Make {
    /// Where its paragraphs were broken.
    wrapped: Option<usize>,
    /// It has the signs of Markdown.
    markup: bool,
    /// A line is as full as it can be unless its paragraph ends with it, and nothing else parts these.
    exact: bool,
}

struct Line<'a> {
    text: Cow<'a, str>,
    /// Ended by two spaces, as Markdown ends a line that is to stay one.
    hard: bool,
    indent: usize,
    width: usize,
    /// What broke the text counted characters and not cells.
    by_characters: bool,
}

impl Line<'_> {
    /// The column behind its last cell.
    fn end(&self) -> usize {
        self.indent + self.width
    }

    /// How many cells must be free that its beginning would fit behind another line.
    fn first_word(&self) -> usize {
        let word = self.text.split_whitespace().next().unwrap_or_default();
        // Chinese and Japanese break anywhere.
        match word.chars().next() {
            _ if self.by_characters => word.chars().count() + 1,
            Some(first) if is_wide(first) => 2,
            _ => word.width() + 1,
        }
    }
}

/// How far text browsers set all they print off to the right.
const SET_OFF: usize = 3;

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Whether no space stood where a line was broken: between characters that are written without any.
/// Korean has spaces.
fn joins_tight(before: Option<char>, after: Option<char>) -> bool {
    let spaceless =
        |c: Option<char>| c.is_some_and(|c| is_wide(c) && !matches!(c, '\u{ac00}'..='\u{d7af}'));
    spaceless(before) && spaceless(after)
}

/// Cuts a text into items.
pub fn cut(text: &str) -> Page {
    let whole = match text.contains(is_hole) {
        true => Cow::Owned(text.replace(is_hole, "")),
        false => Cow::Borrowed(text),
    };
    let text = whole.as_ref();
    let printed = printed::of_html2text(text);
    // Such a text is full of what Markdown takes for code, and has no empty lines.
    let exact = printed.is_some();
    let stripped = links::strip_links(printed.as_deref().unwrap_or(text));
    let lines: Vec<Line<'_>> = stripped
        .lines()
        .map(|line| {
            let (text, holes) = match line.matches(is_hole).count() {
                0 => (Cow::Borrowed(line.trim()), 0),
                holes => (
                    Cow::Owned(line.replace(is_hole, "").trim().to_owned()),
                    holes,
                ),
            };
            let hard = line.ends_with("  ");
            let before = line.len() - line.trim_start().len();
            let indent: usize = line[..before]
                .chars()
                .map(|c| if c == '\t' { 4 } else { 1 })
                .sum();
            let cells = if exact {
                text.chars().count()
            } else {
                text.width()
            };
            Line {
                hard,
                indent,
                width: cells + holes,
                by_characters: exact,
                text,
            }
        })
        .collect();
    let lines = give_bullets(lines);
    let heading = |line: &&Line<'_>| heading_level(&line.text) > 0 && line.indent < SET_OFF;
    let headings = lines.iter().take(2000).filter(heading).count();
    let make = Make {
        wrapped: wrap_width(&lines, exact),
        markup: exact || headings >= 2 || headings == 1 && links::has_markdown(text),
        exact,
    };
    let mut items = Vec::new();
    let mut group = 0;
    let mut index = 0;
    while index < lines.len() {
        if lines[index].text.is_empty() {
            index += 1;
            continue;
        }
        let end = lines[index..]
            .iter()
            .position(|line| line.text.is_empty())
            .map_or(lines.len(), |length| index + length);
        add_group(&lines[index..end], make, group, &mut items);
        group += 1;
        index = end;
    }
    let mut sizes = vec![0; group];
    for item in &items {
        sizes[item.group] += 1;
    }
    for item in &mut items {
        item.group_size = sizes[item.group];
    }
    let prose = |item: &&Item| item.shape == Shape::Prose;
    let total = items.iter().filter(prose).count();
    let alone = items
        .iter()
        .filter(prose)
        .filter(|item| item.group_size <= 3)
        .count();
    Page {
        spaced: alone * 2 >= total,
        wrapped: make.wrapped.is_some(),
        markup: make.markup,
        references: References::of(text, &stripped),
        written: !exact && headings >= 2,
        items,
    }
}

/// The column at which paragraphs were broken, if they were: most lines that go on below would have
/// been too long with the next word. A table or a program may reach further.
fn wrap_width(lines: &[Line<'_>], exact: bool) -> Option<usize> {
    const NARROW: usize = 40;
    const WIDE: usize = 240;
    // Headings of such a page and the words of its pictures have been put together again.
    let whole = |text: &str| heading_level(text) > 0 || text.starts_with('[');
    let broken = |line: &Line<'_>| !exact || !whole(&line.text);
    let long = |line: &&Line<'_>| line.width >= NARROW && broken(line);
    let mut ends: Vec<usize> = lines.iter().filter(long).map(Line::end).collect();
    ends.sort_unstable();
    if exact {
        // Where nobody said otherwise; only code is longer.
        const USUAL: usize = 79;
        let within = ends.iter().filter(|&&end| end <= USUAL + 1).count();
        return match within * 10 >= ends.len() * 9 {
            true => Some(USUAL),
            false => ends.get(ends.len().checked_sub(1)? * 97 / 100).copied(),
        };
    }
    // How many lines are as long as they can be, and how many of the longer ones are not.
    let fullness = |most: usize| {
        let (mut full, mut short) = (0, 0);
        for pair in lines.windows(2).filter(|pair| long(&&pair[0])) {
            let [line, next] = pair else { continue };
            let end = line.end();
            if next.text.is_empty() || split_marker(&next.text).0 != Marker::None || end > most {
                continue;
            }
            if end + next.first_word() >= most {
                full += 1;
            } else if end * 4 >= most * 3 && !shape::ends_sentence(&line.text) {
                short += 1;
            }
        }
        (full, short, most)
    };
    // Where nothing was wrapped, only the longest lines are as long as the longest.
    let (full, short, most) = [100, 97, 90, 75]
        .iter()
        .filter_map(|percent| {
            ends.get(ends.len().checked_sub(1)? * percent / 100)
                .copied()
        })
        .filter(|most| (50..=WIDE).contains(most))
        .map(fullness)
        .max()?;
    // Without empty lines nothing but a full line tells that a paragraph goes on.
    let empty = lines.iter().filter(|line| line.text.is_empty()).count();
    let spaced = empty * 20 >= lines.len();
    let most_full = full * 5 >= ends.len() && full >= short;
    // A short page has few long lines; that none of them ends early is then as telling.
    let enough = if spaced {
        most_full || full >= 6 && full >= short * 2 || full >= 3 && short == 0
    } else {
        most_full && full * 2 >= ends.len() && most <= 110
    };
    (ends.len() >= 5 && enough).then_some(most)
}

fn add_group(lines: &[Line<'_>], make: Make, group: usize, items: &mut Vec<Item>) {
    let Make {
        wrapped,
        markup,
        exact,
    } = make;
    let first = items.len();
    let mut last: Option<&Line<'_>> = None;
    let shown: Vec<aligned::Printed<'_>> = match markup {
        true => Vec::new(),
        false => lines.iter().map(|it| (&*it.text, it.indent)).collect(),
    };
    if let Some((table, rows)) = aligned::framed(&shown) {
        add_group(&lines[..table.start], make, group, items);
        let indent = lines[table.start].indent;
        let row = |text: String| Item {
            set: Set::Row,
            ..item(&text, Marker::None, indent, group)
        };
        let first = items.len();
        items.extend(rows.into_iter().map(row));
        finish(&mut items[first..], markup);
        return add_group(&lines[table.end..], make, group, items);
    }
    if let Some(set) = aligned::of(&shown, |text| split_marker(text).0) {
        let left = lines.iter().map(|it| it.indent).min().unwrap_or(0);
        for line in lines {
            let text = format!("{}{}", " ".repeat(line.indent - left), line.text);
            items.push(Item {
                set,
                ..item(&text, Marker::None, line.indent, group)
            });
        }
        return finish(&mut items[first..], markup);
    }
    for line in lines {
        if is_bare_bullet(&line.text) {
            last = None;
        }
        if is_rule(&line.text) {
            // Below a single short line it makes that a heading, below a list it ends the list.
            match items.last_mut().filter(|_| last.is_some()) {
                Some(item)
                    if item.words <= 16
                        && item.shape != Shape::Rule
                        && item.marker != Marker::Bullet =>
                {
                    item.underlined = true
                }
                _ => items.push(item(&line.text, Marker::None, line.indent, group)),
            }
            last = None;
            continue;
        }
        let code = markup
            && !exact
            && line.indent >= 4
            && line.text.parse::<f64>().is_err()
            && split_marker(&line.text).0 == Marker::None;
        if let Some((set, level, text)) = markup.then(|| marked(&line.text, code)).flatten() {
            items.push(Item {
                set,
                level,
                ..item(text, Marker::None, line.indent, group)
            });
            // What printed a heading may have broken it as it broke all lines.
            let broken =
                level > 0 && !exact && wrapped.is_some_and(|width| is_full(line, lines, width));
            last = (set == Set::Quote || broken).then_some(line);
            continue;
        }
        let (marker, text) = match line.text.strip_prefix(['#', '@', '=']) {
            // Text browsers have bullets of their own for lists within lists.
            Some(text) if line.indent >= 2 * SET_OFF && text.starts_with(' ') && !markup => {
                (Marker::Bullet, text.trim_start())
            }
            _ => match split_marker(&line.text) {
                // "(2019, November / 18) retrieved": the number has gone over to the line with its sentence.
                (Marker::Number(number), _)
                    if number > 1
                        && !items[first..]
                            .iter()
                            .any(|it| matches!(it.marker, Marker::Number(_)))
                        && last.zip(wrapped).is_some_and(|(above, width)| {
                            above.end() + line.first_word() > width
                                && above.indent == line.indent
                                && !shape::ends_sentence(&above.text)
                        }) =>
                {
                    (Marker::None, &*line.text)
                }
                split => split,
            },
        };
        if let Some(before) = last
            && marker == Marker::None
            && !is_row_of_fields(&before.text)
            && match wrapped {
                // A link has left less on a line than there was.
                Some(width) if exact => before.end() + line.first_word() > width,
                Some(_) if markup => !before.hard,
                Some(width) => joins(before, line, width),
                None => false,
            }
            && let Some(item) = items.last_mut()
        {
            // An address alone on its lines, which was broken behind one of its marks.
            let address = links::is_url(&item.text)
                && !item.text.ends_with(char::is_alphanumeric)
                && !text.contains(' ');
            if !address && !joins_tight(item.text.chars().next_back(), text.chars().next()) {
                item.text.push(' ');
            }
            item.text.push_str(text);
            last = Some(line);
            continue;
        }
        let text = if text.is_empty() { &line.text } else { text };
        let centred = wrapped.is_some_and(|width| is_centred(line, width))
            && line.indent > SET_OFF + 1
            && marker == Marker::None
            && lines.len() <= 3;
        items.push(Item {
            centred,
            ..item(text, marker, line.indent, group)
        });
        last = Some(line);
    }
    finish(&mut items[first..], markup);
}

/// Fills in what follows from the texts of a group's items.
fn finish(items: &mut [Item], markup: bool) {
    for item in items {
        let mut text = if item.set == Set::Code {
            item.text.clone()
        } else {
            collapse(&item.text)
        };
        if item.set != Set::Code
            && item.text.contains("   ")
            && shape::of(&text, item.words) != Shape::Prose
        {
            // Three spaces part what three lines could.
            let parts: Vec<String> = item.text.split("   ").map(collapse).collect();
            let parts: Vec<&str> = parts
                .iter()
                .map(|part| part.trim_matches(['|', ' ']))
                .filter(|part| !part.is_empty())
                .collect();
            text = parts.join(" | ");
        }
        if markup && shape::of(&text, item.words) != Shape::Prose && item.set != Set::Code {
            // A label or a name is read without its emphasis.
            text = text.replace("**", "").trim_matches('_').to_owned();
        }
        item.key = key::of(&text);
        item.words = shape::word_count(&text);
        item.shape = shape::of(&text, item.words);
        item.text = text;
    }
}

fn item(text: &str, marker: Marker, indent: usize, group: usize) -> Item {
    Item {
        text: text.to_owned(),
        key: String::new(),
        shape: Shape::Phrase,
        marker,
        indent,
        group,
        group_size: 1,
        underlined: false,
        centred: false,
        level: 0,
        set: Set::Plain,
        words: shape::word_count(text),
    }
}

/// How many hashes make a line a Markdown heading.
fn heading_level(line: &str) -> usize {
    let hashes = line.bytes().take_while(|&b| b == b'#').count();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
        hashes
    } else {
        0
    }
}

/// A heading, a quotation or a line of code of a page that was turned into Markdown.
fn marked(line: &str, code: bool) -> Option<(Set, usize, &str)> {
    let level = heading_level(line);
    if level > 0 {
        return Some((
            Set::Plain,
            level,
            line[level..].trim().trim_end_matches('#').trim(),
        ));
    }
    if let Some(quote) = line.strip_prefix("> ") {
        return Some((Set::Quote, 0, quote.trim()));
    }
    code.then_some((Set::Code, 0, line))
}

/// Whether a line continues the paragraph of the line above it, in a text broken at `width`.
fn joins(above: &Line<'_>, line: &Line<'_>, width: usize) -> bool {
    if line.indent > above.indent + 4 || (above.indent > line.indent + 8) {
        // Set in the middle, it goes on below a line that is full.
        let full = above.end() + line.first_word() > width;
        return full && line.indent > 8 && is_centred(line, width) && is_centred(above, width);
    }
    // "Date: 3 May" below "Contact: …" is a line of a table.
    if line.text.find(':').is_some_and(|colon| colon <= 24) && labels::label(&line.text).is_some() {
        return false;
    }
    // A date on a line of its own below a headline.
    let dated = crate::ingest::dates::find(&line.text)
        .is_some_and(|(range, _)| range.start == 0 && range.end == line.text.len());
    if dated && !above.text.ends_with(char::is_lowercase) {
        return false;
    }
    // A date and a name below what ended as a sentence.
    const BYLINE: usize = 3;
    let signed = shape::ends_sentence(&above.text)
        && crate::ingest::dates::find(&line.text).is_some_and(|(range, _)| {
            let behind = line.text[range.end..].trim_matches(|c: char| !c.is_alphanumeric());
            let name = |word: &str| word.starts_with(char::is_uppercase);
            range.start == 0
                && (1..=BYLINE).contains(&shape::word_count(behind))
                && behind.split(' ').all(name)
        });
    if signed {
        return false;
    }
    // The first word would have fitted easily: the line was ended on purpose.
    let used = above.end();
    let (room, word) = (width.saturating_sub(used), line.first_word());
    if used * 5 < width * 3 && room >= word {
        return false;
    }
    !(room > word + 13 && shape::ends_sentence(&above.text))
}

/// Whether as much of the line is free before a text as behind it.
fn is_centred(line: &Line<'_>, width: usize) -> bool {
    line.indent.abs_diff(width.saturating_sub(line.end())) <= 5
}

/// Whether the word that begins the line below would not have fitted.
fn is_full(line: &Line<'_>, lines: &[Line<'_>], width: usize) -> bool {
    let below = lines
        .iter()
        .skip_while(|other| !std::ptr::eq(*other, line))
        .nth(1);
    below.is_some_and(|below| line.end() + below.first_word() > width)
}

/// Bullets alone on their lines, each put before the line set off below it: a picture stood between
/// them. Without this a row of links reads as if its bullets closed the entries above.
fn give_bullets(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    const NEAR: usize = 3;
    let mut out: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    // How far to the right the last bullet stood, and how many lines below it have been seen.
    let mut open: Option<(usize, usize)> = None;
    for mut line in lines {
        if is_bare_bullet(&line.text) {
            open = Some((line.indent, 0));
            out.push(line);
            continue;
        }
        let Some((indent, seen)) = open else {
            out.push(line);
            continue;
        };
        if line.text.is_empty() && seen < NEAR {
            open = Some((indent, seen + 1));
            out.push(line);
            continue;
        }
        open = None;
        if line.indent > indent && split_marker(&line.text).0 == Marker::None {
            // What stood between them is gone with the bullet's own line.
            while out.last().is_some_and(|it| it.text.is_empty()) {
                out.pop();
            }
            out.pop();
            line.text = Cow::Owned(format!("• {}", line.text));
            line.width += line.indent - indent;
            line.indent = indent;
        }
        out.push(line);
    }
    out
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
