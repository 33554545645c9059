//! What stands left of a text: bars, markers and indents; right of it where it goes from right to left.

use super::{
    block::{LinkId, Nest, Role},
    lines::{Line, Segment},
    width::width,
};

/// Code stands so many cells to the right of the text around it.
pub(super) const CODE_INDENT: usize = 2;

/// The sign of the link at a note's end.
const BACK: &str = "↩";

/// A bar or a marker as it hangs at the right of a text: `1. ` as ` .1`.
pub(super) fn mirrored(segment: &Segment) -> Segment {
    let mark = segment.text.trim_end();
    let space = &segment.text[mark.len()..];
    let bare = mark.trim_start();
    let lead = &mark[..mark.len() - bare.len()];
    let text = match bare.strip_suffix('.') {
        Some(number) => format!("{space}.{number}{lead}"),
        None => format!("{space}{bare}{lead}"),
    };
    Segment {
        text,
        ..segment.clone()
    }
}

/// A margin with the indent of code.
pub(super) fn indented(mut margin: Vec<Segment>) -> Vec<Segment> {
    margin.push(Segment::furniture(" ".repeat(CODE_INDENT)));
    margin
}

/// What hangs before words that stand for a picture: in italics alone they would read as a paragraph.
const PICTURE: &str = "▢ ";

/// The margins with the sign of a picture.
pub(super) fn pictured(
    mut first: Vec<Segment>,
    mut rest: Vec<Segment>,
) -> (Vec<Segment>, Vec<Segment>) {
    first.push(Segment::furniture(PICTURE));
    rest.push(Segment::furniture(" ".repeat(width(PICTURE))));
    (first, rest)
}

/// The signs of details that show and of folded ones, with the space after them.
const SIGNS: [&str; 2] = ["▾ ", "▸ "];

/// What stands left of the text: on a block's first line, and on the others. The block may be the
/// summary of `folded` details.
///
/// Of what it stands in, so many containers, the outer ones are shown as far as there is room for `most`
/// cells, and always the innermost; a sign says that there are more, and before a quote their number.
pub(super) fn margins(
    nest: &[Nest],
    depth: usize,
    most: usize,
    folded: bool,
) -> (Vec<Segment>, Vec<Segment>) {
    let levels: Vec<(Segment, Segment)> = nest.iter().map(|it| level(it, folded)).collect();
    let cells = |(_, blank): &(Segment, Segment)| width(&blank.text);
    let all: usize = levels.iter().map(cells).sum();
    let Some((last, outer)) = levels.split_last() else {
        return (Vec::new(), Vec::new());
    };
    if all <= most && depth <= nest.len() {
        return levels.into_iter().unzip();
    }
    let sign = match nest.last() {
        Some(Nest::Item { .. } | Nest::Details { .. }) => "⋯ ".to_owned(),
        _ => depth.to_string(),
    };
    let sign = (
        Segment::furniture(sign.as_str()),
        Segment::furniture(" ".repeat(width(&sign))),
    );
    let mut room = most.saturating_sub(cells(last) + cells(&sign));
    let mut shown: Vec<(Segment, Segment)> = Vec::new();
    for level in outer {
        match room.checked_sub(cells(level)) {
            Some(left) => room = left,
            None => break,
        }
        shown.push(level.clone());
    }
    // Texts of all depths that do not show begin at one place: else a short marker would stand left of
    // the one it belongs to.
    let used: usize = shown.iter().map(cells).sum();
    let blank = " ".repeat(most.saturating_sub(used + cells(&sign) + cells(last)));
    if !blank.is_empty() {
        shown.push((
            Segment::furniture(blank.as_str()),
            Segment::furniture(blank.as_str()),
        ));
    }
    // But where hardly any text would be left beside it.
    let fits = cells(last) + 2 <= 2 * most;
    for (level, always) in [(sign, false), (last.clone(), fits)] {
        let used: usize = shown.iter().map(cells).sum();
        if always || used + cells(&level) + cells(last) <= most {
            shown.push(level);
        }
    }
    shown.into_iter().unzip()
}

/// What one container sets before the first line, and before the others.
fn level(level: &Nest, folded: bool) -> (Segment, Segment) {
    match level {
        Nest::Quote => (Segment::furniture("│ "), Segment::furniture("│ ")),
        Nest::Alert(kind) => {
            let bar = Segment {
                role: Role::Alert(*kind),
                ..Segment::furniture("┃ ")
            };
            (bar.clone(), bar)
        }
        Nest::Details { summary } => {
            let sign = if *summary {
                SIGNS[usize::from(folded)]
            } else {
                "  "
            };
            (Segment::furniture(sign), Segment::furniture("  "))
        }
        Nest::Item { marker, indent } => {
            let indent = usize::from(*indent);
            let blank = " ".repeat(indent);
            let marker = match marker {
                Some(marker) => {
                    format!(
                        "{marker}{}",
                        " ".repeat(indent.saturating_sub(width(marker)))
                    )
                }
                None => blank.clone(),
            };
            (Segment::furniture(marker), Segment::furniture(blank))
        }
    }
}

/// Ends a note with the way back to where it is referred to.
pub(super) fn lead_back(lines: &mut Vec<Line>, back: LinkId, measure: usize) {
    let link = Segment {
        role: Role::Plain,
        link: Some(back),
        ..Segment::furniture(BACK)
    };
    match lines.last_mut() {
        Some(last)
            if !last.wide
                && last.segments.iter().all(|it| !it.rtl)
                && last.width() + 2 <= measure =>
        {
            last.segments.extend([Segment::furniture(" "), link]);
        }
        last => {
            let last = last.map(|it| &*it);
            let margin = last.map_or(&[][..], |it| &it.segments[..it.margin]);
            let blank: usize = margin.iter().map(|it| width(&it.text)).sum();
            let mut line = Line {
                margin: 1,
                offset: last.map_or(0, |it| it.offset),
                ..Line::default()
            };
            line.segments = vec![Segment::furniture(" ".repeat(blank)), link];
            lines.push(line);
        }
    }
}
