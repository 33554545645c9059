//! Text that is written from right to left: the order of what stands in a line (Unicode Standard
//! Annex #9), and the edge that it stands at.

use std::{borrow::Cow, ops::Range};

use unicode_bidi::{BidiInfo, Direction, Level, ParagraphInfo};

use super::{
    lines::{Line, Segment},
    mirror::reversed,
};

/// What is done with text from right to left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rtl {
    /// Nothing: it stands in the order in which it is read, for programs.
    #[default]
    AsRead,
    /// Its lines end at the right edge. The terminal sees to the order.
    AtRight,
    /// Its lines end at the right edge, in the order in which they are drawn from left to right.
    InOrder,
}

/// The directions in a text.
pub(super) struct Directions<'a> {
    info: BidiInfo<'a>,
    rtl: Rtl,
}

impl<'a> Directions<'a> {
    /// Those of `text`; none where all of it goes from left to right, or nothing is to be done.
    pub(super) fn of(text: &'a str, rtl: Rtl) -> Option<Self> {
        if rtl == Rtl::AsRead || text.is_ascii() || !text.chars().any(is_rtl) {
            return None;
        }
        let info = BidiInfo::new(text, None);
        Some(Directions { info, rtl })
    }

    /// Sets all lines of the text in their order and at their edge.
    pub(super) fn arrange_all(&self, lines: &mut [Line], measure: usize) {
        for line in lines {
            let last = line.segments.iter().rfind(|it| it.offset.is_some());
            let end = last.map_or(line.offset, |it| self.place(it).end);
            self.arrange(line, line.offset..end, measure);
        }
    }

    /// The paragraph that a byte is in (P1), and whether it goes from right to left (P2, P3).
    fn paragraph(&self, at: usize) -> Option<&ParagraphInfo> {
        let paragraphs = &self.info.paragraphs;
        paragraphs.iter().find(|it| it.range.contains(&at))
    }

    /// Sets a line, which holds the bytes `range` of the text, in its order and at its edge.
    fn arrange(&self, line: &mut Line, range: Range<usize>, measure: usize) {
        let Some(paragraph) = self.paragraph(range.start) else {
            return;
        };
        if self.rtl == Rtl::InOrder && !range.is_empty() {
            let (levels, runs) = self.info.visual_runs(paragraph, range);
            let logical = std::mem::take(&mut line.segments);
            for run in runs {
                let backwards = levels.get(run.start).is_some_and(Level::is_rtl);
                self.add_run(&logical, &run, backwards, &mut line.segments);
            }
        }
        if paragraph.level.is_rtl() {
            let pad = measure.saturating_sub(line.width());
            if pad > 0 {
                line.segments.insert(0, Segment::furniture(" ".repeat(pad)));
            }
        }
    }

    /// Adds what stands in one direction within `run`.
    fn add_run(
        &self,
        logical: &[Segment],
        run: &Range<usize>,
        backwards: bool,
        to: &mut Vec<Segment>,
    ) {
        let at = to.len();
        for segment in logical {
            let Range { start, end } = self.place(segment);
            let from = run.start.clamp(start, end) - start;
            let until = match run.end.clamp(start, end) {
                // What was added at its end goes with the last letters.
                until if until == end => segment.text.len(),
                until => until - start,
            };
            let text = segment.text.get(from..until).unwrap_or_default();
            if run.start < end && run.end > start && !text.is_empty() {
                to.push(Segment {
                    text: text.to_owned(),
                    offset: segment.offset.map(|offset| offset + from),
                    rtl: backwards,
                    ..segment.clone()
                });
            }
        }
        if backwards {
            to[at..].reverse();
        }
    }

    /// The bytes of the text that a segment holds: a hyphen or an ellipsis at its end was added.
    fn place(&self, segment: &Segment) -> Range<usize> {
        let start = segment.offset.unwrap_or(0);
        let text = self.info.text.get(start..).unwrap_or_default();
        let both = segment.text.chars().zip(text.chars());
        let same = both.take_while(|(here, there)| here == there);
        start..start + same.map(|(it, _)| it.len_utf8()).sum::<usize>()
    }
}

/// A piece of text in a line that goes from left to right, in the order of its drawing.
pub fn drawn(text: &str, rtl: Rtl) -> Cow<'_, str> {
    if rtl != Rtl::InOrder || text.is_ascii() || !text.chars().any(is_rtl) {
        return text.into();
    }
    let info = BidiInfo::new(text, Some(Level::ltr()));
    let Some(paragraph) = info.paragraphs.first() else {
        return text.into();
    };
    let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
    let pieces = runs.into_iter().map(|run| {
        let backwards = levels.get(run.start).is_some_and(Level::is_rtl);
        let piece = text.get(run).unwrap_or_default();
        if backwards {
            reversed(piece)
        } else {
            piece.into()
        }
    });
    pieces.collect::<String>().into()
}

/// Whether a paragraph goes from right to left: its first letter that has a direction does (P2, P3).
pub(super) fn begins_right(text: &str, rtl: Rtl) -> bool {
    let is_right = |text| unicode_bidi::get_base_direction(text) == Direction::Rtl;
    rtl != Rtl::AsRead && !text.is_ascii() && is_right(text)
}

/// Whether a character goes from right to left: Hebrew, Arabic and their kin, and the marks that
/// say so.
fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::super::{
        block::{Marks, Role, Text},
        paragraph::{Division, set},
    };
    use super::*;
    use crate::document::Hyphenation;

    fn lines(text: &Text, measure: usize, rtl: Rtl) -> Vec<Line> {
        set(text, Role::Plain, measure, Division::Never, rtl)
    }

    fn shown(text: &str, measure: usize) -> Vec<String> {
        let lines = lines(&Text::plain(text), measure, Rtl::InOrder);
        let shown = |it: &Line| {
            it.segments
                .iter()
                .map(|it| it.shown().into_owned())
                .collect()
        };
        lines.iter().map(shown).collect()
    }

    #[test]
    fn a_line_is_in_the_order_of_its_drawing_and_at_its_edge() {
        // Letters named by what they stand for would mislead here: alef, bet, gimel from the right.
        assert_eq!(shown("אבג", 6), ["   גבא"]);
        assert_eq!(shown("אבג abc (דה)", 12), ["(הד) abc גבא"]);
        // A sentence from left to right keeps its edge.
        assert_eq!(shown("see אבג 12 דה.", 20), ["see הד 12 גבא."]);
        assert_eq!(shown("abc", 6), ["abc"]);
    }

    #[test]
    fn lines_are_broken_as_they_are_read() {
        assert_eq!(shown("אאא בבב גגג", 7), ["בבב אאא", "    גגג"]);
        let as_read = lines(&Text::plain("אאא בבב גגג"), 7, Rtl::AtRight);
        assert_eq!(as_read[0].plain(), "אאא בבב");
        assert_eq!(as_read[1].plain(), "    גגג");
        assert_eq!(lines(&Text::plain("גגג"), 7, Rtl::AsRead)[0].plain(), "גגג");
    }

    #[test]
    fn what_was_added_at_the_end_of_a_line_stays_with_its_word() {
        let mut title = super::super::title("אבג דהו זחט", 6, 1);
        super::super::in_order("אבג דהו זחט", &mut title, Rtl::InOrder);
        assert_eq!(
            title[0]
                .segments
                .iter()
                .map(|it| it.shown().into_owned())
                .collect::<String>(),
            "…ד גבא"
        );
        let english = Division::Patterns(Hyphenation::of_language("en").unwrap());
        let lines = set(
            &Text::plain("אב hyphenation"),
            Role::Plain,
            8,
            english,
            Rtl::InOrder,
        );
        let texts: Vec<String> = lines.iter().map(Line::plain).collect();
        assert!(texts.iter().any(|it| it.contains("-")), "{texts:?}");
        assert_eq!(drawn("see אבג, now", Rtl::InOrder), "see גבא, now");
    }

    #[test]
    fn styles_keep_their_letters() {
        let mut text = Text::plain("אב ");
        text.push("גד", Marks::STRONG, None);
        text.push(" הו", Marks::NONE, None);
        let line = &lines(&text, 8, Rtl::InOrder)[0];
        let strong = line.segments.iter().find(|it| it.marks == Marks::STRONG);
        let strong = strong.unwrap();
        assert_eq!((&*strong.text, &*strong.shown()), ("גד", "דג"));
        assert_eq!(strong.offset, Some(5));
        let shown: String = line
            .segments
            .iter()
            .map(|it| it.shown().into_owned())
            .collect();
        assert_eq!(shown, "וה דג בא");
    }
}
