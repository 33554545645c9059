//! What stands left of a text: bars, markers and indents; right of it where it goes from right to left.

use super::{
    block::{Nest, Role},
    layout::CODE_INDENT,
    lines::Segment,
    width::width,
};

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

/// The signs of details that show and of folded ones, with the space after them.
const SIGNS: [&str; 2] = ["▾ ", "▸ "];

/// What stands left of the text: on a block's first line, and on the others. The block may be the
/// summary of `folded` details.
pub(super) fn margins(nest: &[Nest], most: usize, folded: bool) -> (Vec<Segment>, Vec<Segment>) {
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut used = 0;
    for level in nest {
        let (marker, blank) = match level {
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
        };
        used += width(&blank.text);
        if used > most {
            break;
        }
        first.push(marker);
        rest.push(blank);
    }
    (first, rest)
}
