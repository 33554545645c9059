//! Makes text from outside harmless to draw.
//!
//! Every text that comes into recto passes here after its *last* decoding: a filter on the raw
//! input alone is bypassed by `&#27;`, YAML `"\x1b"` or JSON `\u001b`, so whoever decodes such an
//! escape calls this again. Nothing else in recto needs to know what is dangerous.
//!
//! What stays is what a reader can see. Gone are control characters (ECMA-48 C0, C1 and DEL), so
//! that no escape sequence survives; what would reorder the text around it (UAX #9 overrides,
//! embeddings and isolates) shows as U+FFFD; invisible characters stay only where they shape what
//! they stand between, and piles of marks are cut to a height that a line of text can hold.
//!
//! A cluster that was split over several texts (Markdown gives `e&#x301;` as two events) is to be
//! put together before it is cleaned, else the limits count each piece alone.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns from one tab stop to the next (CommonMark §2.2).
const TAB: usize = 4;
/// The widest gap that a run of tabs opens, in columns.
const WIDEST_GAP: usize = 64;
/// Marks that one base may carry: more than any script stacks.
const MARKS: u8 = 8;
/// Joints in one emoji: the longest in Unicode's list has four.
const JOINTS: u8 = 10;
/// Characters in a title, a name, a tag.
const LINE: usize = 1_000;

/// Cleans a text of several lines.
///
/// Line ends (CR, CR LF, NEL, VT, FF, U+2028, U+2029) become `\n`, the only control character in
/// the result; tabs become spaces up to the next stop of four columns. Clean text is borrowed.
/// Takes time linear in the text, and the result is at most four times as long as the text.
pub fn text(text: &str) -> Cow<'_, str> {
    cleaned(text, false)
}

/// Cleans a text that is no page yet, as Markdown is: as [`text`], but tabs stay tabs. Whoever copies code
/// needs them; whoever draws the text cleans it again.
pub fn typed(text: &str) -> Cow<'_, str> {
    cleaned(text, true)
}

/// Takes out whole what a program tells a terminal to do (ECMA-48: control sequences as those of colours,
/// control strings as titles and links), of which [`text`] would leave the letters. For what programs
/// print; in any other text these letters were meant to be read.
pub fn without_orders(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\u{1b}', '\u{90}', '\u{9b}', '\u{9d}']) {
        out.push_str(&rest[..at]);
        rest = &rest[at + order(&rest[at..])..];
    }
    match rest.len() == text.len() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(out + rest),
    }
}

/// Bytes of the order that `text` begins with: all of it where that is not ended as it should be on its line.
fn order(text: &str) -> usize {
    let mut all = text.chars();
    let first = all.next();
    let kind = match first {
        Some('\u{1b}') => all.next(),
        Some('\u{90}') => Some('P'),
        Some('\u{9b}') => Some('['),
        _ => Some(']'),
    };
    // A stray escape takes nothing with it that is no order.
    let Some(kind) = kind.filter(char::is_ascii_graphic) else {
        return first.map_or(0, char::len_utf8);
    };
    let begun = text.len() - all.as_str().len();
    let rest = all.as_str();
    begun
        + match kind {
            // Parameters, intermediates, and one letter that says what is ordered.
            '[' => {
                let inner = rest
                    .bytes()
                    .take_while(|it| (0x20..=0x3F).contains(it))
                    .count();
                let ends = rest
                    .as_bytes()
                    .get(inner)
                    .is_some_and(|it| (0x40..=0x7E).contains(it));
                inner + usize::from(ends)
            }
            ']' | 'P' | 'X' | '^' | '_' => {
                let line = rest.find('\n').unwrap_or(rest.len());
                let ends = ["\u{7}", "\u{1b}\\", "\u{9c}"];
                let ends = ends
                    .iter()
                    .filter_map(|it| Some(rest[..line].find(it)? + it.len()));
                ends.min().unwrap_or(0)
            }
            '!'..='/' => rest
                .chars()
                .next()
                .map_or(0, |it| usize::from(it.is_ascii_graphic())),
            _ => 0,
        }
}

fn cleaned(text: &str, keeps_tabs: bool) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    let mut state = State::default();
    let mut column = Column::default();
    while at < text.len() {
        let plain = plain_ascii(&text.as_bytes()[at..]);
        if plain > 0 {
            state.ascii(&text[at..at + plain]);
            at += plain;
            continue;
        }
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        let put = match c {
            '\t' if keeps_tabs => {
                state = State::default();
                Put::Same(1)
            }
            '\t' => {
                let tabs = rest.bytes().take_while(|b| *b == b'\t').count();
                out.push_str(&text[copied..at]);
                column.advance(&out);
                let gap = (TAB - column.number % TAB + (tabs - 1) * TAB).min(WIDEST_GAP);
                out.extend(std::iter::repeat_n(' ', gap));
                at += tabs;
                copied = at;
                state = State::default();
                continue;
            }
            '\r' if rest.as_bytes().get(1) == Some(&b'\n') => Put::Nothing,
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                state = State::default();
                Put::Instead("\n")
            }
            BLACK_FLAG => {
                state.base(c);
                Put::Same(c.len_utf8() + tag_sequence(&rest[c.len_utf8()..]))
            }
            _ => state.judge(c, rest[c.len_utf8()..].chars().next()),
        };
        match put {
            Put::Same(bytes) => at += bytes,
            Put::Nothing => {
                out.push_str(&text[copied..at]);
                at += c.len_utf8();
                copied = at;
            }
            Put::Instead(other) => {
                out.push_str(&text[copied..at]);
                out.push_str(other);
                at += c.len_utf8();
                copied = at;
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Cleans a text that stands on one line: a title, a name, a tag.
///
/// As [`text`], and each run of white space becomes one space (a single no-break or ideographic
/// space stays as it is), none at the ends; of more than 1,000 characters the first 999 and `…`
/// are left.
pub fn line(line: &str) -> String {
    let clean = text(line);
    let mut out = String::with_capacity(clean.len().min(4 * LINE));
    let mut count = 0;
    let mut gap: Option<char> = None;
    for c in clean.trim().chars() {
        if c.is_whitespace() {
            gap = Some(if gap.is_none() && c != '\n' { c } else { ' ' });
            continue;
        }
        for c in gap.take().into_iter().chain([c]) {
            out.push(c);
            count += 1;
        }
        if count > LINE {
            break;
        }
    }
    if count > LINE {
        let end = out
            .char_indices()
            .nth(LINE - 1)
            .map_or(out.len(), |(i, _)| i);
        out.truncate(end);
        // Half an emoji or a lone joiner would mean something else than the whole did.
        let whole = out.trim_end_matches(|c: char| c.is_whitespace() || c.width() == Some(0));
        out.truncate(whole.len());
        out.push('…');
    }
    out
}

/// The base of the flags that are spelt in tag characters (UTS #51, ED-14a).
const BLACK_FLAG: char = '\u{1F3F4}';

/// The column that a text has come to, counted on from where it was asked for last.
#[derive(Default)]
struct Column {
    counted: usize,
    number: usize,
}

impl Column {
    fn advance(&mut self, out: &str) {
        let new = out.get(self.counted..).unwrap_or_default();
        self.number = match new.rsplit_once('\n') {
            Some((_, line)) => line.width(),
            None => self.number + new.width(),
        };
        self.counted = out.len();
    }
}

/// What becomes of the next piece of the text.
enum Put {
    /// So many bytes stay as they are.
    Same(usize),
    /// The character goes.
    Nothing,
    /// This stands in its place.
    Instead(&'static str),
}

/// What the character before was, as far as the next one depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// White space, or the text's beginning: nothing to join or to mark.
    Edge,
    /// A letter or a sign of Latin script, which nothing joins.
    Latin,
    /// A letter of a script whose letters join: a joiner behind it asks for a form of it, whatever
    /// follows (the `ه‍.ش` of Persian dates).
    Joining,
    Base,
    Mark,
    Selector,
    Joiner,
}

/// What the rules need to remember while they go through a text.
struct State {
    before: Before,
    marks: u8,
    joints: u8,
}

impl Default for State {
    fn default() -> Self {
        State {
            before: Before::Edge,
            marks: 0,
            joints: 0,
        }
    }
}

impl State {
    /// A run of printable ASCII and line feeds went by.
    fn ascii(&mut self, run: &str) {
        let edge = run.ends_with([' ', '\n']);
        self.marks = 0;
        self.joints = 0;
        self.before = if edge { Before::Edge } else { Before::Latin };
    }

    fn base(&mut self, c: char) {
        // A skin tone belongs to the emoji before it and must not restart the count.
        if self.before != Before::Joiner && !matches!(c, '\u{1F3FB}'..='\u{1F3FF}') {
            self.joints = 0;
        }
        self.marks = 0;
        self.before = match c {
            _ if c.is_whitespace() => Before::Edge,
            ..'\u{250}' | '\u{1E00}'..='\u{1EFF}' => Before::Latin,
            '\u{600}'..='\u{8FF}' | '\u{1800}'..='\u{18AF}' => Before::Joining,
            _ => Before::Base,
        };
    }

    fn judge(&mut self, c: char, next: Option<char>) -> Put {
        match kind(c) {
            Kind::Base => {
                self.base(c);
                Put::Same(c.len_utf8())
            }
            Kind::Mark if self.marks < MARKS => {
                self.marks += 1;
                self.before = Before::Mark;
                Put::Same(c.len_utf8())
            }
            Kind::Selector
                if !matches!(self.before, Before::Edge | Before::Selector)
                    && self.marks < MARKS =>
            {
                self.marks += 1;
                self.before = Before::Selector;
                Put::Same(c.len_utf8())
            }
            Kind::Joiner => {
                let joins = match self.before {
                    Before::Base => next.is_some_and(|next| {
                        !next.is_ascii()
                            && !next.is_whitespace()
                            && matches!(kind(next), Kind::Base | Kind::Mark)
                    }),
                    // After a virama, ZWJ asks for a form of the letter even at the word's end.
                    Before::Mark | Before::Selector | Before::Joining => true,
                    Before::Edge | Before::Latin | Before::Joiner => false,
                };
                if !joins || self.joints >= JOINTS {
                    return Put::Nothing;
                }
                self.joints += 1;
                self.before = Before::Joiner;
                Put::Same(c.len_utf8())
            }
            Kind::Mark | Kind::Selector | Kind::Invisible => Put::Nothing,
            Kind::Wrong => {
                self.base(char::REPLACEMENT_CHARACTER);
                Put::Instead("\u{FFFD}")
            }
        }
    }
}

/// How a character other than a line end is treated.
#[derive(PartialEq, Eq)]
enum Kind {
    Base,
    /// Drawn upon the base before it.
    Mark,
    Selector,
    /// U+200C and U+200D.
    Joiner,
    /// Drawn nowhere, and dropped.
    Invisible,
    /// Must not reach the terminal, and must not vanish: shown as U+FFFD.
    Wrong,
}

fn kind(c: char) -> Kind {
    match c {
        ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' => Kind::Base,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' => Kind::Invisible,
        '\u{200C}' | '\u{200D}' => Kind::Joiner,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{180E}' => Kind::Invisible,
        '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}' => Kind::Invisible,
        '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' => Kind::Invisible,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Kind::Wrong,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Kind::Selector,
        '\u{180B}'..='\u{180D}' | '\u{180F}' => Kind::Selector,
        '\u{E0000}'..='\u{E0FFF}' => Kind::Invisible,
        '\u{FDD0}'..='\u{FDEF}' => Kind::Wrong,
        _ if u32::from(c) & 0xFFFE == 0xFFFE => Kind::Wrong,
        _ if c.width() == Some(0) => Kind::Mark,
        _ => Kind::Base,
    }
}

/// How many of the first bytes are printable ASCII or line feeds.
fn plain_ascii(bytes: &[u8]) -> usize {
    let plain = |b: &u8| matches!(b, b' '..=b'~' | b'\n');
    let mut at = 0;
    // Whole chunks without an early exit, which the compiler turns into vector code.
    while let Some(chunk) = bytes.get(at..at + 32) {
        if !chunk.iter().fold(true, |all, b| all & plain(b)) {
            break;
        }
        at += 32;
    }
    at + bytes[at..].iter().take_while(|b| plain(b)).count()
}

/// The length of the tag characters that spell a flag's region, up to and with CANCEL TAG; 0 when
/// they spell none (UTS #51: three to six letters or digits).
fn tag_sequence(rest: &str) -> usize {
    let mut length = 0;
    for (n, c) in rest.chars().take(7).enumerate() {
        length += c.len_utf8();
        match c {
            '\u{E007F}' if n >= 3 => return length,
            '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}' => {}
            _ => return 0,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_dangerous_goes_and_what_is_visible_stays() {
        for (given, want) in [
            ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
            ("\u{1b}]52;c;QUJD\u{7}x", "]52;c;QUJDx"),
            ("a\u{9b}31mb\u{9d}0;t\u{9c}", "a31mb0;t"),
            ("a\u{8}\u{8}b\u{7f}c\0d", "abcd"),
            (
                "a\r\nb\rc\u{85}d\u{2028}e\u{2029}f\u{c}g",
                "a\nb\nc\nd\ne\nf\ng",
            ),
            (
                "safe\u{202e}exe.\u{2066}x\u{2069}",
                "safe\u{fffd}exe.\u{fffd}x\u{fffd}",
            ),
            ("l\u{200e}r\u{200f}a\u{61c}m", "lram"),
            ("co\u{ad}op\u{200b}er\u{2060}a\u{feff}te", "cooperate"),
            ("\u{fdd0}\u{fffe}\u{1ffff}", "\u{fffd}\u{fffd}\u{fffd}"),
            ("a\u{e0041}\u{e0042}b", "ab"),
            ("\u{e001}", "\u{e001}"),
            // Between Latin letters joiners do nothing, and a search would not pass them.
            (
                "shelf\u{200c}ful, é\u{200d}é, a\u{200d}b",
                "shelfful, éé, ab",
            ),
        ] {
            assert_eq!(text(given), want, "{given:?}");
        }
    }

    #[test]
    fn what_a_program_orders_goes_whole() {
        for (given, want) in [
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}[38;2;1;2;3m\u{1b}[1mbold\u{1b}[Km", "boldm"),
            ("\u{9b}31mred\u{9b}m", "red"),
            ("\u{1b}]0;title\u{7}a\u{1b}]8;;http://e.org\u{1b}\\b", "ab"),
            ("\u{1b}(Bletters\u{1b}=\u{1b}\n", "letters\n"),
            // What is never ended takes nothing of the text with it.
            ("\u{1b}]0;title\nnext", "0;title\nnext"),
            ("\u{1b}[31", ""),
            ("\u{1b}[31é\u{1b}", "é"),
            ("[31m as it is", "[31m as it is"),
        ] {
            assert_eq!(text(&without_orders(given)), want, "{given:?}");
        }
    }

    #[test]
    fn harmless_text_is_borrowed_unchanged() {
        for given in [
            "",
            "plain\nlines",
            "naïve café, œuvre",
            "e\u{301}\u{323} Việt",
            "👩‍👩‍👧‍👦 👨🏻‍🚀 🏳️‍🌈 🇨🇭 ❤️ 1️⃣",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "می‌خواهم",
            "۱۴۰۰ ه\u{200d}.ش",
            "ക്‍ ന്‍ ക്ഷ",
            "日本語　テキスト、中文、한국어",
            "ประเทศไทย",
            "no\u{a0}break",
        ] {
            assert!(
                matches!(text(given), Cow::Borrowed(same) if same == given),
                "{given:?}"
            );
        }
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        for (given, want) in [
            ("\tx", "    x"),
            ("-\tx", "-   x"),
            ("ab\n abc\tx", "ab\n abc    x"),
            ("a\t\tb", "a       b"),
            ("日本\tx\ty", "日本    x   y"),
            ("日\tx", "日  x"),
        ] {
            assert_eq!(text(given), want, "{given:?}");
        }
        assert_eq!(text(&"\t".repeat(50_000)).len(), WIDEST_GAP);
        let whole = "\techo\thi\n";
        assert!(matches!(typed(whole), Cow::Borrowed(same) if same == whole));
        assert_eq!(typed("\t\u{1b}[31mx\r\n"), "\t[31mx\n");
    }

    #[test]
    fn floods_are_bounded() {
        let marks = format!("a{}b", "\u{301}".repeat(100_000));
        assert_eq!(text(&marks).chars().count(), 2 + usize::from(MARKS));
        assert_eq!(
            text(&format!("a{}b", "\u{200b}\u{200d}".repeat(80_000))),
            "ab"
        );
        let chain = text(&"👩\u{200d}".repeat(1_000)).into_owned();
        let longest = chain
            .split("👩👩")
            .map(|part| part.matches('\u{200d}').count())
            .max();
        assert!(longest <= Some(usize::from(JOINTS)), "{longest:?}");
        assert_eq!(chain.matches('👩').count(), 1_000);
        assert_eq!(text(&format!("❤{}", "\u{fe0f}".repeat(500))), "❤\u{fe0f}");
        assert_eq!(text("\u{1F3F4}\u{E0067}\u{E0062}x"), "\u{1F3F4}x");
    }

    #[test]
    fn a_line_is_one_line() {
        for (given, want) in [
            ("  a \n\t b\r\nc  ", "a b c"),
            ("Quoi\u{a0}?", "Quoi\u{a0}?"),
            ("a \u{a0} b", "a b"),
            ("第一章　始まり", "第一章　始まり"),
            ("a\u{2028}b", "a b"),
            ("\u{1b}", ""),
        ] {
            assert_eq!(line(given), want, "{given:?}");
        }
        let long = line(&"wörter ".repeat(1_000));
        assert_eq!(long.chars().count(), LINE);
        assert!(long.ends_with('…'));
        assert_eq!(line(&"x".repeat(LINE)), "x".repeat(LINE));
    }

    /// Characters of every kind that the rules know, often.
    fn hostile() -> impl Strategy<Value = String> {
        let special: Vec<char> =
            "ab \n\t\r\u{1b}\u{0}\u{7f}\u{85}\u{9b}\u{a0}\u{ad}\u{301}\u{200b}\
            \u{200c}\u{200d}\u{200e}\u{2028}\u{202e}\u{2066}\u{fe0f}\u{e0100}\u{feff}\u{fffe}\
            👩🏻\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}\u{1160}\u{94d}日"
                .chars()
                .collect();
        proptest::collection::vec(
            prop_oneof![9 => proptest::sample::select(special), 1 => any::<char>()],
            0..120,
        )
        .prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn only_line_feeds_are_left_of_the_controls(given in hostile()) {
            let clean = text(&given);
            prop_assert!(clean.chars().all(|c| c == '\n' || !c.is_control()));
            let reorders = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!clean.contains(reorders));
            prop_assert!(clean.len() <= 4 * given.len());
        }

        #[test]
        fn cleaning_twice_is_cleaning_once(given in hostile()) {
            let once = text(&given).into_owned();
            prop_assert_eq!(text(&once), once.as_str());
            let once = line(&given);
            prop_assert_eq!(line(&once), once.as_str());
            prop_assert!(!once.contains('\n'));
        }

        #[test]
        fn every_letter_stays(given in hostile()) {
            let letters = |s: &str| s.chars().filter(|c| c.is_ascii_graphic() || matches!(c, '日' | '👩')).collect::<String>();
            prop_assert_eq!(letters(&text(&given)), letters(&given));
        }
    }
}
