//! What the pieces of code are: keywords, strings, comments. The view gives each its look.
//!
//! The grammars are those of Sublime Text, as syntect reads them. To unpack them takes some tens of
//! milliseconds: whoever waits for a page gets it without colours first.

use std::{ops::Range, sync::LazyLock};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::{
    block::{Body, Token, Tokens},
    parts::Document,
};

/// Bytes of code in one story that are looked at, at most: beyond them it stays plain.
const MOST: usize = 512 * 1024;

/// Longer lines, in bytes, are no code that anybody reads; a grammar may take very long over them.
const LONGEST: usize = 2000;

/// What stands in the blocks of code of a document whose language is known, with the block each: of the
/// first 512 KB of code, and as long as `goes_on` says that somebody waits for it.
pub fn highlight(document: &Document, goes_on: &dyn Fn() -> bool) -> Vec<(usize, Tokens)> {
    let mut found = Vec::new();
    let mut left = MOST;
    // A long piece of code is several blocks.
    let mut going_on: Option<Painter> = None;
    document.each_from(0, |number, block| {
        let Body::Code(code) = &block.body else {
            going_on = None;
            return goes_on();
        };
        let painter = match going_on.take() {
            Some(painter) if code.goes_on => Some(painter),
            _ => code.language.as_deref().and_then(Painter::of),
        };
        let Some(mut painter) = painter else {
            return goes_on();
        };
        let Some(rest) = left.checked_sub(code.text.len()) else {
            // The rest of a huge text would be read for nothing.
            return false;
        };
        left = rest;
        let tokens = painter.paint(&code.text);
        if !tokens.is_empty() {
            found.push((number, tokens));
        }
        going_on = Some(painter);
        goes_on()
    });
    found
}

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What scopes are, the first that one begins with.
static KINDS: LazyLock<Vec<(Scope, Option<Token>)>> = LazyLock::new(|| {
    [
        ("comment", Some(Token::Comment)),
        ("constant", Some(Token::Constant)),
        ("string", Some(Token::Text)),
        // Signs are seen as they are.
        ("keyword.operator", None),
        ("keyword", Some(Token::Keyword)),
        ("storage", Some(Token::Keyword)),
        ("entity", Some(Token::Name)),
        ("support", Some(Token::Name)),
        ("variable.function", Some(Token::Name)),
        ("markup.inserted", Some(Token::Text)),
        ("markup.deleted", Some(Token::Removed)),
        ("markup.heading", Some(Token::Keyword)),
    ]
    .into_iter()
    .filter_map(|(name, token)| Some((Scope::new(name).ok()?, token)))
    .collect()
});

/// Reads code of one language, line by line.
struct Painter {
    state: ParseState,
    scopes: ScopeStack,
}

impl Painter {
    fn of(language: &str) -> Option<Self> {
        let grammar = grammar(language)?;
        Some(Painter {
            state: ParseState::new(grammar),
            scopes: ScopeStack::new(),
        })
    }

    fn paint(&mut self, code: &str) -> Tokens {
        let mut tokens = Tokens::new();
        let mut start = 0;
        for line in code.split_inclusive('\n') {
            let end = start + line.len();
            if line.len() <= LONGEST {
                self.paint_line(line, start, &mut tokens);
            }
            start = end;
        }
        tokens
    }

    fn paint_line(&mut self, line: &str, start: usize, tokens: &mut Tokens) {
        // A grammar wants every line with its end.
        let mut whole = line.to_owned();
        if !whole.ends_with('\n') {
            whole.push('\n');
        }
        // What a grammar cannot read stays plain.
        let Ok(changes) = self.state.parse_line(&whole, &GRAMMARS) else {
            return;
        };
        let mut from = 0;
        let visible = line.trim_end_matches('\n').len();
        for (to, change) in changes {
            self.add(from..to.min(visible), start, tokens);
            from = to.min(visible);
            if self.scopes.apply(&change).is_err() {
                return;
            }
        }
        self.add(from..visible, start, tokens);
    }

    /// Adds a piece of the line that begins at byte `start` of the code.
    fn add(&self, piece: Range<usize>, start: usize, tokens: &mut Tokens) {
        let Some(token) = self.token().filter(|_| piece.start < piece.end) else {
            return;
        };
        let piece = start + piece.start..start + piece.end;
        match tokens.last_mut() {
            Some((last, kind)) if *kind == token && last.end == piece.start => last.end = piece.end,
            _ => tokens.push((piece, token)),
        }
    }

    /// What stands in the present scopes: the innermost that tells decides.
    fn token(&self) -> Option<Token> {
        let innermost = self.scopes.as_slice().iter().rev();
        innermost
            .filter_map(|scope| KINDS.iter().find(|(kind, _)| kind.is_prefix_of(*scope)))
            .map(|(_, token)| *token)
            .next()
            .flatten()
    }
}

/// The grammar of a language as an info string names it (CommonMark 0.31, 4.5): `rust`,
/// `rust,ignore`, `{.python}`, `js`.
fn grammar(info: &str) -> Option<&'static SyntaxReference> {
    let name = info
        .trim_start_matches(['{', '.', ' '])
        .split([',', ' ', '}', '{', ';'])
        .next()
        .filter(|name| !name.is_empty())?;
    let name = match name.to_ascii_lowercase().as_str() {
        "shell" | "console" | "shell-session" | "zsh" => "bash".to_owned(),
        "golang" => "go".to_owned(),
        other => other.to_owned(),
    };
    let grammar = GRAMMARS.find_syntax_by_token(&name)?;
    (grammar.name != "Plain Text").then_some(grammar)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        document::{Layout, Line, Setting},
        story::{Kind, Story},
    };

    fn painted<'a>(language: &str, code: &'a str) -> Vec<(&'a str, Token)> {
        let mut painter = Painter::of(language).unwrap();
        let tokens = painter.paint(code).into_iter();
        tokens.map(|(piece, token)| (&code[piece], token)).collect()
    }

    #[test]
    fn what_a_change_takes_away_is_told_from_what_it_adds() {
        let tokens = painted("diff", " same\n-old\n+new\n");
        let kind = |words: &str| {
            let mut found = tokens.iter().filter(|(it, _)| it.contains(words));
            found.next().map(|(_, token)| *token)
        };
        assert_eq!(kind("old"), Some(Token::Removed));
        assert_eq!(kind("new"), Some(Token::Text));
    }

    #[test]
    fn code_is_told_apart_by_its_language() {
        for (language, code, wanted) in [
            (
                "rust,ignore",
                "fn main() { // hi\n    let x = \"two\";\n}",
                &[
                    ("fn", Token::Keyword),
                    ("main", Token::Name),
                    ("// hi", Token::Comment),
                    ("let", Token::Keyword),
                    ("\"two\"", Token::Text),
                ][..],
            ),
            (
                "{.python}",
                "return 42",
                &[("return", Token::Keyword), ("42", Token::Constant)],
            ),
            (
                "toml",
                "a = 1 # one",
                &[
                    ("a", Token::Name),
                    ("1", Token::Constant),
                    ("# one", Token::Comment),
                ],
            ),
        ] {
            let found = painted(language, code);
            for piece in wanted {
                assert!(
                    found.contains(piece),
                    "{language}: no {piece:?} in {found:?}"
                );
            }
        }
    }

    #[test]
    fn a_language_that_nobody_knows_stays_plain() {
        for name in ["", "klingon", "text", "{}"] {
            assert!(Painter::of(name).is_none(), "{name}");
        }
    }

    #[test]
    fn a_comment_goes_on_over_the_lines() {
        let found = painted("c", "/* one\ntwo */ int x;");
        assert_eq!(found[0], ("/* one", Token::Comment));
        assert_eq!(found[1], ("two */", Token::Comment));
    }

    #[test]
    fn colours_change_no_letter_and_no_place() {
        let body =
            "```rust\nfn a() {\n\n    /* one\n    two */ \"é\"\n}\n```\n\nText.\n\n```\nplain\n```";
        let story = Story::new(Kind::Markdown, "Code".to_owned(), body);
        let document = Arc::new(Document::new(story, &TimeZone::UTC));
        let setting = Setting {
            measure: 40,
            free: 0,
            hyphenate: true,
            justify: false,
            rtl: crate::document::Rtl::AsRead,
        };
        let mut plain = Layout::new(Arc::clone(&document), setting);
        let mut coloured = plain.clone();
        let tokens = highlight(&document, &|| true);
        assert_eq!(tokens.len(), 1, "the language of one is known");
        coloured.colour(tokens);
        for block in 0..document.part(0).unwrap().blocks.len() {
            let (before, after) = (plain.lines(block), coloured.lines(block));
            let text = |lines: &[Line]| lines.iter().map(Line::plain).collect::<Vec<_>>();
            assert_eq!(text(&before), text(&after));
            for (before, after) in before.iter().zip(&*after) {
                assert_eq!(before.offset, after.offset);
                let mut at = after.offset;
                for segment in &after.segments[after.margin..] {
                    if let Some(offset) = segment.offset {
                        assert_eq!(offset, at);
                        at += segment.text.len();
                    }
                }
            }
        }
    }
}
