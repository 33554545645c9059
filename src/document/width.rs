//! How many cells a text takes on the terminal: the one place that is asked.
//!
//! Counted a grapheme cluster at a time (UAX #29) by Unicode's East Asian Width (UAX #11), as the
//! screen library counts when it draws, so that what is measured here is what will be drawn.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The cells that one grapheme cluster takes.
fn cluster(cluster: &str) -> usize {
    if cluster.len() == 1 {
        return usize::from(!cluster.as_bytes()[0].is_ascii_control());
    }
    // Half-width voicing marks are drawn in a cell of their own, though they extend a cluster.
    let voicing = cluster
        .chars()
        .filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}'))
        .count();
    cluster.width() + voicing
}

/// The cells that `text` takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|b| !b.is_ascii_control()).count();
    }
    text.graphemes(true).map(cluster).sum()
}

/// How far `text` begins with letters that are clusters by themselves, in bytes and in cells, `cells`
/// of them at most. Cutting into clusters is the dearest part of drawing, and most text needs none.
fn plain(text: &str, cells: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let printable = bytes
        .iter()
        .take(cells)
        .take_while(|byte| (b' '..=b'~').contains(*byte))
        .count();
    // What follows the last one may combine with it.
    let whole = bytes.get(printable).is_none_or(u8::is_ascii);
    let plain = if whole {
        printable
    } else {
        printable.saturating_sub(1)
    };
    (plain, plain)
}

/// The longest beginning of `text` that takes at most `cells`, never half a cluster; with its width.
pub fn prefix(text: &str, cells: usize) -> (&str, usize) {
    let (start, mut used) = plain(text, cells);
    for (at, grapheme) in text[start..].grapheme_indices(true) {
        let at = start + at;
        let wide = cluster(grapheme);
        if used + wide > cells {
            return (&text[..at], used);
        }
        used += wide;
    }
    (text, used)
}

/// What is left of `text` when the first `cells` are scrolled away. A cluster that the edge cuts
/// goes too; the cells it leaves empty are the second value.
pub fn suffix(text: &str, cells: usize) -> (&str, usize) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if used >= cells {
            return (&text[at..], used - cells);
        }
        used += cluster(grapheme);
    }
    ("", 0)
}

/// `text`, or as much of it as fits into `cells` with an ellipsis at its end.
pub fn fit(text: &str, cells: usize) -> String {
    // A cluster takes at least no bytes less than cells, so a short text need not be measured.
    let (whole, _) = prefix(text, cells);
    if whole.len() == text.len() {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let (start, _) = prefix(text, cells - 1);
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_count_as_they_are_drawn() {
        for (text, cells) in [
            ("story", 5),
            ("é", 1),
            ("e\u{301}", 1),
            ("縦書き", 6),
            ("👨\u{200d}👩\u{200d}👧", 2),
            ("🇩🇪", 2),
            ("❤\u{fe0f}", 2),
            ("", 0),
        ] {
            assert_eq!(width(text), cells, "{text:?}");
        }
    }

    #[test]
    fn a_wide_cluster_is_never_cut_in_half() {
        assert_eq!(prefix("日本語", 3), ("日", 2));
        assert_eq!(prefix("cafe\u{301}s", 4), ("cafe\u{301}", 4));
        assert_eq!(prefix("cafe\u{301}s", 3), ("caf", 3));
        assert_eq!(prefix("ab日", 3), ("ab", 2));
        assert_eq!(suffix("日本語", 1), ("本語", 1));
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 6), "日本語");
        assert_eq!(fit("word", 0), "");
    }
}
