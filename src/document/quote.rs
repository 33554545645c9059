//! Stretches of a text as quotes, and quotes found in a text again, also after it was edited.
//!
//! A quote is looked for by its words; where they stand several times, by the words around them;
//! where they were edited, between the words that stood around them, and then by as many of its own
//! words as are left in their order.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use unicode_segmentation::UnicodeSegmentation;

use super::{
    block::{Block, Body, Code},
    parts::{self, Document},
    units::{Point, Span, pieces},
};
use crate::story::{Note, Quote};

/// Characters that are kept of what stands before a quote, and after it.
const CONTEXT: usize = 40;

/// Blocks around a quote in which its context is looked for.
const NEAR: usize = 6;

/// A quote of fewer characters needs words around it to be known by, unless it stands once.
const SURE: usize = 16;

/// Characters of context that make it known.
const KNOWN: usize = 8;

/// Bytes of a page by whose words its place is found in another form of its text.
const SHOWN: usize = 400;

/// Words of them that are looked for at once.
const WORDS: usize = 8;

/// Where a quote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Its place.
    pub span: Span,
    /// Whether its words were edited since it was kept.
    pub edited: bool,
}

/// The text of blocks as one line: every run of white space is one space, blocks and cells are apart
/// by one. Knows of every byte where it came from.
#[derive(Debug, Default)]
struct Flat {
    text: String,
    /// Where stretches begin that were taken over as they were: the byte of `text`, and the place.
    runs: Vec<(usize, Point)>,
    /// Formulas that it has as their rows, with the bytes of what they say.
    drawn: Vec<(usize, usize)>,
    /// Whether it is to have them so, as notes of old do.
    draws: bool,
}

impl Flat {
    fn new(draws: bool) -> Self {
        Flat {
            draws,
            ..Flat::default()
        }
    }

    /// The text of the whole.
    fn of(document: &Document, draws: bool) -> Self {
        let mut flat = Flat::new(draws);
        document.each_block(|number, block| flat.add(number, block));
        flat
    }

    /// The text from some blocks before `first` to some after the `count` that begin with `last`.
    fn around(
        document: &Document,
        (first, last): (usize, usize),
        count: usize,
        draws: bool,
    ) -> Self {
        let mut from = first;
        let mut before = 0;
        document.each_back(first, |number, _| {
            from = number;
            before += 1;
            before <= NEAR
        });
        let mut flat = Flat::new(draws);
        let mut after = 0;
        document.each_from(from, |number, block| {
            flat.add(number, block);
            after += usize::from(number >= last);
            after < NEAR + count
        });
        flat
    }

    fn add(&mut self, number: usize, block: &Block) {
        if let Body::Code(code) = &block.body
            && let Some(formula) = code.formula.as_ref().filter(|_| self.draws)
        {
            self.drawn.push((number, code.text.len()));
            return self.push(number, 0, &formula.rows);
        }
        for (from, piece) in pieces(block) {
            self.push(number, from, piece);
        }
    }

    fn push(&mut self, block: usize, from: usize, piece: &str) {
        for (at, word) in words_between_spaces(piece) {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            let place = (block, from + at);
            // A single space is one here too: most texts are one stretch.
            if self.place(self.text.len()) != Some(place) {
                self.runs.push((self.text.len(), place));
            }
            self.text.push_str(word);
        }
    }

    /// The place of a byte of the text.
    fn place(&self, at: usize) -> Option<Point> {
        let run = self.runs.partition_point(|(start, _)| *start <= at);
        let (start, (block, offset)) = self.runs.get(run.checked_sub(1)?)?;
        Some((*block, offset + (at - start)))
    }

    /// The stretch of these bytes, which neither begin nor end with a space.
    fn span(&self, from: usize, to: usize) -> Option<Span> {
        let (start, end) = (self.place(from)?, self.place(to.checked_sub(1)?)?);
        // Rows are marked as a whole.
        let drawn = |block| self.drawn.iter().find(|it| it.0 == block);
        Some(Span {
            start: drawn(start.0).map_or(start, |_| (start.0, 0)),
            end: match drawn(end.0) {
                Some(formula) => *formula,
                None => (end.0, end.1 + 1),
            },
        })
    }

    /// The byte of the text that stands at a place, or first after it.
    fn at(&self, point: Point) -> usize {
        let run = self.runs.partition_point(|(_, place)| *place <= point);
        let next = self
            .runs
            .get(run)
            .map_or(self.text.len(), |(start, _)| *start);
        match run.checked_sub(1).and_then(|before| self.runs.get(before)) {
            Some((start, place)) if place.0 == point.0 => (start + (point.1 - place.1)).min(next),
            _ => next,
        }
    }
}

/// The words of a text as they stand between white space, with their places.
fn words_between_spaces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begin = text.as_ptr() as usize;
    text.split_whitespace()
        .map(move |word| (word.as_ptr() as usize - begin, word))
}

fn flattened(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Document {
    /// A stretch as a quote; none where no word is in it.
    pub fn quote(&self, span: Span) -> Option<Quote> {
        let exact = self.words_of(span);
        if exact.is_empty() {
            return None;
        }
        let flat = Flat::around(self, (span.start.0, span.end.0), 1, false);
        let (from, to) = (flat.at(span.start), flat.at(span.end));
        let (before, after) = (flat.text.get(..from)?, flat.text.get(to..)?);
        let (start, _) = before
            .char_indices()
            .rev()
            .take(CONTEXT)
            .last()
            .unwrap_or_default();
        let cut = after
            .char_indices()
            .nth(CONTEXT)
            .map_or(after.len(), |(at, _)| at);
        Some(Quote {
            exact,
            prefix: before.get(start..).unwrap_or_default().to_owned(),
            suffix: after.get(..cut).unwrap_or_default().to_owned(),
        })
    }

    /// The place in this text, another form of `of`, of the words that stand there from a place on:
    /// they are looked for about where so much of the text is passed.
    pub fn place_of(&self, of: &Document, (block, offset): Point, passed: f64) -> Point {
        if passed <= 0.0 {
            return (0, 0);
        }
        let near = self.place_at(passed);
        let mut flat = Flat::default();
        let part = parts::split(near.0).0;
        for index in part.saturating_sub(1)..part.saturating_add(2) {
            let held = self.part(index);
            for (at, block) in held.iter().flat_map(|it| it.blocks.iter().enumerate()) {
                flat.add(parts::number(index, at), block);
            }
        }
        let shown = of.words_of(Span {
            start: (block, offset),
            end: (block, offset + SHOWN),
        });
        let words: Vec<&str> = shown.split_whitespace().collect();
        // A link's address, or signs that stand for others, may come between any of them.
        let found = words.chunks(WORDS).find_map(|words| {
            let quote = Quote {
                exact: words.join(" "),
                ..Quote::default()
            };
            find(&flat, &quote, near)
        });
        found.map_or(near, |stand| stand.span.start)
    }

    /// The words of a stretch, paragraphs apart by an empty line.
    fn words_of(&self, span: Span) -> String {
        let mut out = String::new();
        self.each_from(span.start.0, |number, block| {
            if number > span.end.0 {
                return false;
            }
            let from = if number == span.start.0 {
                span.start.1
            } else {
                0
            };
            let to = if number == span.end.0 {
                span.end.1
            } else {
                usize::MAX
            };
            let text = words_within(block, from, to);
            if !text.is_empty() && !out.is_empty() {
                let same = matches!(&block.body, Body::Code(code) if code.goes_on);
                out.push_str(if same { "\n" } else { "\n\n" });
            }
            out.push_str(&text);
            true
        });
        out
    }

    /// Where each of these notes stands; none for those whose words are no longer there.
    pub fn stand_of(&self, notes: &[Note]) -> Vec<Option<Stand>> {
        // The whole text is looked through only for what is not where it was.
        let mut whole = None;
        let mut whole_drawn = None;
        let stand = notes.iter().map(|note| {
            let count = note.quote.exact.split("\n\n").count();
            let places = (note.near.0, note.near.0);
            let quiet = |draws| {
                let flat = Flat::around(self, places, count, draws);
                unchanged(&flat, &note.quote, note.near)
            };
            if let Some(stand) = quiet(false) {
                return Some(stand);
            }
            let whole = whole.get_or_insert_with(|| Flat::of(self, false));
            let found = find(whole, &note.quote, note.near);
            if found.is_some_and(|it| !it.edited) {
                return found;
            }
            let drawn = whole_drawn.get_or_insert_with(|| Flat::of(self, true));
            let of_old = || find(drawn, &note.quote, note.near).filter(|it| !it.edited);
            match drawn.drawn.is_empty() {
                true => found,
                false => quiet(true).or_else(of_old).or(found),
            }
        });
        stand.collect()
    }
}

/// The words of a block between two bytes of its text. Code keeps its spaces, and cells are apart by
/// tabs: by its words a quote is found again all the same.
fn words_within(block: &Block, from: usize, to: usize) -> String {
    let within = |at: usize, piece: &str| {
        let start = from.saturating_sub(at).min(piece.len());
        let end = to.saturating_sub(at).min(piece.len());
        let lines = piece.get(start..end.max(start)).unwrap_or_default();
        lines.to_owned()
    };
    match &block.body {
        // A part of a formula is none.
        Body::Code(code) if code.formula.is_some() => match from < code.text.len() && to > 0 {
            true => code.text.clone(),
            false => String::new(),
        },
        Body::Code(code) => code_within(code, from, to),
        Body::Table(table) => {
            let mut at = 0;
            let mut rows: Vec<String> = Vec::new();
            for row in [&table.head].into_iter().chain(&table.rows) {
                let mut cells = Vec::with_capacity(row.len());
                for cell in row {
                    let end = at + cell.text.len();
                    // What stands before the first word that is wanted is no cell of it.
                    if at >= from || end > from {
                        cells.push(flattened(&within(at, &cell.text)));
                    }
                    at = end;
                }
                let row = cells.join("\t");
                if !row.trim().is_empty() {
                    rows.push(row.trim_end().to_owned());
                }
            }
            rows.join("\n").trim().to_owned()
        }
        _ => {
            let pieces = pieces(block);
            let lines = pieces.iter().map(|(at, piece)| within(*at, piece));
            let lines = lines.flat_map(|it| it.split('\n').map(flattened).collect::<Vec<_>>());
            let lines: Vec<String> = lines.filter(|it| !it.is_empty()).collect();
            lines.join("\n")
        }
    }
}

/// Lines of code between two bytes of it, as they were written: the first one with its indentation.
fn code_within(code: &Code, from: usize, to: usize) -> String {
    let mut at = 0;
    let mut out: Vec<&str> = Vec::new();
    let typed = code.as_typed().split('\n');
    for (line, typed) in code.text.split('\n').zip(typed) {
        let (start, end) = (from.saturating_sub(at), to.saturating_sub(at));
        let touched = at + line.len() >= from && at < to;
        let begins = line.get(..start).is_none_or(|it| it.trim().is_empty());
        let whole = begins && line.get(end..).is_none_or(|it| it.trim().is_empty());
        if touched {
            let (begin, end) = (if begins { 0 } else { start }, end.min(line.len()));
            let part = line.get(begin..end).unwrap_or_default();
            out.push(if whole { typed } else { part }.trim_end());
        }
        at += line.len() + 1;
    }
    let blank = |it: &&str| it.is_empty();
    let lead = out.iter().take_while(|it| blank(it)).count();
    let out = out.split_off(lead);
    out.join("\n").trim_end().to_owned()
}

/// The place of a quote of which nothing was changed, nor of what stands around it.
fn unchanged(flat: &Flat, quote: &Quote, near: Point) -> Option<Stand> {
    let exact = flattened(&quote.exact);
    let whole = format!("{}{exact}{}", quote.prefix, quote.suffix);
    let places = flat.text.match_indices(&whole);
    let spans = places.filter_map(|(at, _)| {
        let from = at + quote.prefix.len();
        flat.span(from, from + exact.len())
    });
    let span = spans.min_by_key(|span| distance(span.start, near))?;
    Some(Stand {
        span,
        edited: false,
    })
}

fn distance(point: Point, near: Point) -> (usize, usize) {
    (point.0.abs_diff(near.0), point.1.abs_diff(near.1))
}

fn find(flat: &Flat, quote: &Quote, near: Point) -> Option<Stand> {
    let exact = flattened(&quote.exact);
    if exact.is_empty() {
        return None;
    }
    let stand = |(from, to): (usize, usize), edited| {
        let text = flat.text.get(from..to)?;
        let span = flat.span(from + (text.len() - text.trim_start().len()), to)?;
        Some(Stand { span, edited })
    };
    let within = |count| between_the_same(flat, &exact, quote, near, count);
    let same = same_words(flat, &exact, quote, near);
    // The same words elsewhere are others: what stands around tells more than they do.
    if let Some((range, true)) = same {
        return stand(range, false);
    }
    if let Some(range) = within(CONTEXT) {
        return stand(range, true);
    }
    let part = || within(CONTEXT / 2).or_else(|| within(CONTEXT / 3));
    match same {
        _ if is_cut_out(flat, quote) => None,
        Some((range, _)) => match part() {
            Some(range) => stand(range, true),
            None => stand(range, false),
        },
        None => most_words(flat, &exact, quote)
            .or_else(part)
            .and_then(|range| stand(range, true)),
    }
}

/// Whether what stood before the quote and what stood behind it stand side by side now.
fn is_cut_out(flat: &Flat, quote: &Quote) -> bool {
    let (before, after) = (quote.prefix.trim(), quote.suffix.trim());
    let start = before.char_indices().rev().take(CONTEXT / 2).last();
    let before = start.map_or("", |(at, _)| &before[at..]);
    let end = after.char_indices().nth(CONTEXT / 2);
    let after = end.map_or(after, |(at, _)| &after[..at]);
    let is_known = |text: &str| text.chars().count() >= KNOWN;
    is_known(before) && is_known(after) && flat.text.contains(&format!("{before} {after}"))
}

/// How many characters of context stand around these bytes as they stood around the quote.
fn context(flat: &Flat, (from, to): (usize, usize), quote: &Quote) -> usize {
    let before = flat.text.get(..from).unwrap_or_default().chars().rev();
    let after = flat.text.get(to..).unwrap_or_default().chars();
    let same_before = before
        .zip(quote.prefix.chars().rev())
        .take_while(|(a, b)| a == b);
    let same_after = after.zip(quote.suffix.chars()).take_while(|(a, b)| a == b);
    same_before.count() + same_after.count()
}

/// The quote's own words, where most of the context is right, and whether enough of it is.
fn same_words(
    flat: &Flat,
    exact: &str,
    quote: &Quote,
    near: Point,
) -> Option<((usize, usize), bool)> {
    let mut count = 0;
    let places = flat.text.match_indices(exact).map(|(at, _)| {
        count += 1;
        let range = (at, at + exact.len());
        (context(flat, range, quote), range)
    });
    let (known, range) = places.max_by_key(|(known, (from, _))| {
        let place = flat.place(*from).unwrap_or_default();
        (*known, Reverse(distance(place, near)))
    })?;
    let all = quote.prefix.chars().count() + quote.suffix.chars().count();
    let around = known >= KNOWN.min(all);
    let sure = exact.chars().count() >= SURE || around || count == 1;
    sure.then_some((range, around))
}

/// What stands now between the words that stood before and after the quote, as far as so many
/// characters of them.
fn between_the_same(
    flat: &Flat,
    exact: &str,
    quote: &Quote,
    near: Point,
    count: usize,
) -> Option<(usize, usize)> {
    let (prefix, suffix) = (quote.prefix.trim(), quote.suffix.trim());
    let start = prefix.char_indices().rev().take(count).last();
    let end = suffix.char_indices().nth(count);
    let end = end.map_or(suffix.len(), |(at, _)| at);
    let around = (prefix.get(start?.0..)?, suffix.get(..end)?);
    // Where less is known of what stood around, some of the quote's own words have to be left.
    let words = exact.unicode_words().collect::<HashSet<_>>().len();
    let least = if count < CONTEXT {
        words.div_ceil(3)
    } else {
        0
    };
    between(flat, exact, around, near, least)
}

/// What stands between these two, if it is about as long as the quote was, and has that many of its
/// words or more.
fn between(
    flat: &Flat,
    exact: &str,
    (prefix, suffix): (&str, &str),
    near: Point,
    least_words: usize,
) -> Option<(usize, usize)> {
    if prefix.chars().count() < KNOWN || suffix.chars().count() < KNOWN {
        return None;
    }
    let words: HashSet<&str> = exact.unicode_words().collect();
    let has_words = |text: &str| {
        let same = text.unicode_words().filter(|word| words.contains(word));
        same.take(least_words).count() == least_words
    };
    let (least, most) = (exact.len() / 3, exact.len() * 3 + KNOWN);
    let found = flat.text.match_indices(prefix).filter_map(|(at, _)| {
        let from = at + prefix.len();
        // One character may be longer than what is left of the length that is looked at.
        let until = flat.text.floor_char_boundary(from + most + suffix.len());
        let rest = flat.text.get(from..until)?;
        let to = from + rest.find(suffix)?;
        let text = flat.text.get(from..to)?;
        let start = from + (text.len() - text.trim_start().len());
        let end = from + text.trim_end().len();
        let as_long = start < end && (least..=most).contains(&(end - start));
        (as_long && has_words(text)).then_some((start, end))
    });
    found.min_by_key(|(from, _)| distance(flat.place(*from).unwrap_or_default(), near))
}

/// The stretch that has most of the quote's words in their order, if only a third of them or less is
/// another, missing or new (Sellers' algorithm, by words).
fn most_words(flat: &Flat, exact: &str, quote: &Quote) -> Option<(usize, usize)> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut wanted = Vec::new();
    for word in exact.unicode_words() {
        let next = numbers.len() + 1;
        wanted.push(*numbers.entry(word).or_insert(next));
    }
    let all = wanted.len();
    // Of a few words each may be anywhere.
    if all < 4 {
        return None;
    }
    let bearable = all / 3;
    let far = (bearable + 1, 0);
    // Errors of the best way to have the first words of the quote end here, and where it begins. Of
    // the rows above `reach` none is bearable: they need not be known (Ukkonen's cut-off).
    let mut column: Vec<(usize, usize)> = (0..=all).map(|count| (count, 0)).collect();
    let mut reach = bearable;
    let mut best: Option<(usize, Reverse<usize>, (usize, usize))> = None;
    for (at, word) in flat.text.unicode_word_indices() {
        let number = numbers.get(word).copied().unwrap_or(0);
        let to = at + word.len();
        let mut diagonal = (0, at);
        let mut below = (0, to);
        let last = (reach + 1).min(all);
        let before = reach;
        reach = 0;
        for row in 1..=last {
            let left = if row <= before { column[row] } else { far };
            let replaced = (
                diagonal.0 + usize::from(wanted[row - 1] != number),
                diagonal.1,
            );
            let mut here = replaced;
            for way in [left, below] {
                if way.0 + 1 < here.0 {
                    here = (way.0 + 1, way.1);
                }
            }
            column[row] = here;
            (diagonal, below) = (left, here);
            if here.0 <= bearable {
                reach = row;
            }
        }
        let (errors, from) = column[all];
        if reach == all && from < to {
            let known = Reverse(context(flat, (from, to), quote));
            if best.is_none_or(|(least, most, _)| (errors, known) < (least, most)) {
                best = Some((errors, known, (from, to)));
            }
        }
    }
    let (_, _, (from, to)) = best?;
    // Its last sign, too.
    let rest = flat.text.get(to..).unwrap_or_default();
    let sign = rest.find(|c: char| c.is_whitespace() || c.is_alphanumeric());
    let signs = exact
        .chars()
        .next_back()
        .is_some_and(|c| !c.is_alphanumeric());
    let to = to + if signs { sign.unwrap_or(rest.len()) } else { 0 };
    Some((from, to))
}

#[cfg(test)]
mod tests;
