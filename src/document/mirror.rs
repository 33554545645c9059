//! A text as it is drawn the other way round (Unicode Standard Annex #9).

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// A text from right to left as it is drawn from left to right: its clusters in the other order
/// (L2), brackets the other way round (L4).
pub fn reversed(text: &str) -> Cow<'_, str> {
    let clusters = text.graphemes(true).rev();
    clusters.map(mirrored).collect::<String>().into()
}

fn mirrored(cluster: &str) -> &str {
    match cluster {
        "(" => ")",
        ")" => "(",
        "[" => "]",
        "]" => "[",
        "{" => "}",
        "}" => "{",
        "<" => ">",
        ">" => "<",
        "«" => "»",
        "»" => "«",
        "‹" => "›",
        "›" => "‹",
        other => other,
    }
}
