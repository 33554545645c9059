//! What a formula is divided by: its groups, rows and columns.

use super::Place;

/// A piece of a formula that begins, ends or divides something; all else is of no interest here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `\begin{…}`
    Begin(&'a str),
    /// `\end{…}`
    End(&'a str),
    Left,
    Right,
    Open,
    Close,
    /// `\\`
    Break,
    /// `&`
    Tab,
    /// `^` or `_`
    Script,
    /// The name of any other command.
    Command(&'a str),
    Other,
}

impl Token<'_> {
    /// By how much what follows stands deeper.
    fn step(self) -> isize {
        match self {
            Token::Begin(_) | Token::Left | Token::Open => 1,
            Token::End(_) | Token::Right | Token::Close => -1,
            Token::Break | Token::Tab | Token::Script | Token::Command(_) | Token::Other => 0,
        }
    }
}

/// Walks over a formula.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Tokens { text, at: 0 }
    }

    /// The byte behind what was walked over.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn go_on_at(&mut self, at: usize) {
        self.at = at;
    }

    /// What a command or a script applies to, without the braces of a group; it is walked over. None
    /// where there is nothing.
    pub(super) fn argument(&mut self) -> Option<Place> {
        self.spaces();
        let (place, token) = self.next()?;
        match token {
            Token::Open => self.closing(|it| it == Token::Close),
            Token::Command(_) | Token::Other => Some(place),
            _ => None,
        }
    }

    /// What stands in square brackets here, if anything does.
    pub(super) fn option(&mut self) -> Option<Place> {
        self.spaces();
        let inner = self.text.get(self.at..)?.strip_prefix('[')?;
        let end = self.at + 1 + inner.find(']')?;
        let place = self.at + 1..end;
        self.at = end + 1;
        Some(place)
    }

    /// Walks over a word that stands here. Whether it does.
    pub(super) fn pass(&mut self, word: &str) -> bool {
        self.spaces();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let behind = rest.strip_prefix(word);
        let is_whole = behind.is_some_and(|it| {
            !word.starts_with('\\') || !it.starts_with(|c: char| c.is_ascii_alphabetic())
        });
        if is_whole {
            self.at += word.len();
        }
        is_whole
    }

    fn spaces(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Walks behind the end of what was begun, and says what stands before that.
    pub(super) fn closing(&mut self, is_end: impl Fn(Token<'a>) -> bool) -> Option<Place> {
        let begun = self.at;
        let mut depth = 0_isize;
        for (place, token) in self.by_ref() {
            if depth == 0 && is_end(token) {
                return Some(begun..place.start);
            }
            depth += token.step();
            if depth < 0 {
                return None;
            }
        }
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Place, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        let first = rest.chars().next()?;
        let mut end = start + first.len_utf8();
        let token = match first {
            '{' => Token::Open,
            '}' => Token::Close,
            '&' => Token::Tab,
            '^' | '_' => Token::Script,
            '\\' => {
                let name = &rest[1..];
                let letters = name.find(|c: char| !c.is_ascii_alphabetic());
                let letters = letters.unwrap_or(name.len());
                let one = name.chars().next().map_or(0, char::len_utf8);
                end += letters.max(one);
                match &name[..letters.max(one)] {
                    "\\" => Token::Break,
                    "left" => Token::Left,
                    "right" => Token::Right,
                    command @ ("begin" | "end") => {
                        let behind = &self.text[end..];
                        let group = behind.trim_start().strip_prefix('{');
                        match group.and_then(|it| it.split_once('}')) {
                            Some((name, rest)) => {
                                end = self.text.len() - rest.len();
                                match command {
                                    "begin" => Token::Begin(name),
                                    _ => Token::End(name),
                                }
                            }
                            None => Token::Other,
                        }
                    }
                    command => Token::Command(command),
                }
            }
            _ => Token::Other,
        };
        self.at = end;
        Some((start..end, token))
    }
}

/// How deep the groups of a formula stand in each other.
pub(super) fn depth(text: &str) -> isize {
    let steps = Tokens::new(text).map(|(_, token)| token.step());
    let (_, deepest) = steps.fold((0, 0), |(depth, deepest), step| {
        (depth + step, deepest.max(depth + step))
    });
    deepest
}

/// The parts of a formula between dividers that stand in no group; none if its groups do not close.
pub(super) fn split<'a>(text: &'a str, divider: Token<'_>) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let (mut depth, mut begun) = (0_isize, 0);
    for (place, token) in Tokens::new(text) {
        if depth == 0 && token == divider {
            parts.push(&text[begun..place.start]);
            begun = place.end;
        }
        depth += token.step();
        if depth < 0 {
            return None;
        }
    }
    parts.push(&text[begun..]);
    (depth == 0).then_some(parts)
}
