//! Text within a block: words and the styles they are in, written as Markdown.

use crate::story::escape;

/// What a word is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    /// The number of the link that it stands in.
    pub link: Option<usize>,
    pub strong: bool,
    pub emphasis: bool,
    pub struck: bool,
}

impl Style {
    /// Takes what an element's own CSS says of its weight and slant: editors paste whole texts in a `<b>` that is
    /// set to be none.
    pub(super) fn set_by(&mut self, css: &str) {
        for declaration in css.split(';') {
            let Some((property, value)) = declaration.split_once(':') else {
                continue;
            };
            let value = value.trim().to_ascii_lowercase();
            match property.trim().to_ascii_lowercase().as_str() {
                "font-weight" => match value.as_str() {
                    "bold" | "bolder" | "600" | "700" | "800" | "900" => self.strong = true,
                    "normal" | "lighter" | "100" | "200" | "300" | "400" | "500" => {
                        self.strong = false;
                    }
                    _ => {}
                },
                "font-style" => match value.as_str() {
                    "italic" | "oblique" => self.emphasis = true,
                    "normal" => self.emphasis = false,
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

/// What stands in a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Words, as they read.
    Text(String),
    /// Code.
    Code(String),
    /// Markdown already: a picture, a tag.
    Raw(String),
    /// The end of a line.
    Break,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub kind: Kind,
    pub style: Style,
}

/// How line ends are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As hard breaks (CommonMark 6.7).
    Paragraph,
    /// As spaces.
    Heading,
    /// As tags.
    Cell,
}

/// The text under way.
#[derive(Debug, Default)]
pub(super) struct Run {
    spans: Vec<Span>,
}

impl Run {
    /// Adds text in which white space only parts words.
    pub(super) fn text(&mut self, text: &str, style: Style) {
        let mut blank = match self.spans.last() {
            None => true,
            Some(span) => match &span.kind {
                Kind::Text(text) => text.ends_with(' '),
                Kind::Break => true,
                Kind::Code(_) | Kind::Raw(_) => false,
            },
        };
        let same = matches!(self.spans.last(), Some(Span { kind: Kind::Text(_), style: it }) if *it == style);
        if !same {
            let kind = Kind::Text(String::with_capacity(text.len()));
            self.spans.push(Span { kind, style });
        }
        let Some(Span {
            kind: Kind::Text(out),
            ..
        }) = self.spans.last_mut()
        else {
            return;
        };
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                if !blank {
                    out.push(' ');
                }
                blank = true;
            } else {
                out.push(c);
                blank = false;
            }
        }
        if out.is_empty() {
            self.spans.pop();
        }
    }

    pub(super) fn push(&mut self, kind: Kind, style: Style) {
        self.spans.push(Span { kind, style });
    }

    /// Ends the line. False if it had ended already, and nothing stood in this one.
    pub(super) fn end_line(&mut self) -> bool {
        while let Some(Span {
            kind: Kind::Text(text),
            ..
        }) = self.spans.last()
            && text.trim_matches(' ').is_empty()
        {
            self.spans.pop();
        }
        if let Some(Span {
            kind: Kind::Break, ..
        }) = self.spans.last()
        {
            return false;
        }
        self.push(Kind::Break, Style::default());
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.iter().all(is_blank)
    }

    /// The Markdown of it; nothing is left. Empty where nothing would show.
    pub(super) fn take(&mut self, form: Form, links: &[String]) -> String {
        let mut spans = std::mem::take(&mut self.spans);
        while spans.last().is_some_and(is_blank) {
            spans.pop();
        }
        let blank = spans.iter().take_while(|it| is_blank(it)).count();
        spans.drain(..blank);
        if let Some(Span {
            kind: Kind::Text(text),
            ..
        }) = spans.first_mut()
        {
            *text = text.trim_start().to_owned();
        }
        if let Some(Span {
            kind: Kind::Text(text),
            ..
        }) = spans.last_mut()
        {
            text.truncate(text.trim_end().len());
        }
        let mut out = String::new();
        let writing = Writing { form, links };
        writing.group(&spans, &LEVELS, None, &mut out);
        match form {
            Form::Paragraph => lines_escaped(&out),
            Form::Heading => without_closing_signs(out),
            Form::Cell => out,
        }
    }
}

fn is_blank(span: &Span) -> bool {
    match &span.kind {
        Kind::Text(text) | Kind::Code(text) => text.trim().is_empty(),
        Kind::Break => true,
        Kind::Raw(_) => false,
    }
}

/// What begins a line must not begin a block.
fn lines_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let line = line.trim_start_matches(' ');
        let rest = escape::opening(line, &mut out);
        out.push_str(rest);
    }
    out
}

/// `## C #` would lose its sign (CommonMark 4.2).
pub(super) fn without_closing_signs(mut text: String) -> String {
    let signs = text.len() - text.trim_end_matches('#').len();
    if signs > 0 {
        text.insert(text.len() - signs, '\\');
    }
    // Braces there would name the heading, a backslash before them or not.
    if text.ends_with('}') {
        text.pop();
        text.push_str("&#125;");
    }
    text
}

/// What can stand around words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Link,
    Strong,
    Emphasis,
    Struck,
}

const LEVELS: [Level; 4] = [Level::Link, Level::Strong, Level::Emphasis, Level::Struck];

impl Level {
    /// What a span is in: the number of its link, else 0; none where it is not.
    fn of(self, span: &Span) -> Option<usize> {
        match self {
            Level::Link => span.style.link,
            Level::Strong => span.style.strong.then_some(0),
            Level::Emphasis => span.style.emphasis.then_some(0),
            Level::Struck => span.style.struck.then_some(0),
        }
    }

    /// How many of the first spans are in the same as the first one.
    fn run(self, spans: &[Span]) -> usize {
        let kind = spans.first().and_then(|it| self.of(it));
        spans.iter().take_while(|it| self.of(it) == kind).count()
    }
}

struct Writing<'a> {
    form: Form,
    links: &'a [String],
}

impl Writing<'_> {
    /// Writes spans within what `levels` are left for. `next` is the character behind them.
    fn group(&self, spans: &[Span], levels: &[Level], next: Option<char>, out: &mut String) {
        let mut rest = spans;
        while let Some(first) = rest.first() {
            // What reaches furthest is outside; of two alike, the link.
            let around = levels.iter().rev().filter(|it| it.of(first).is_some());
            let level = around.max_by_key(|it| it.run(rest));
            let bare = |span: &Span| levels.iter().all(|it| it.of(span).is_none());
            let length = match level {
                Some(level) => level.run(rest),
                None => rest.iter().take_while(|it| bare(it)).count(),
            };
            let (these, after) = rest.split_at(length);
            match level {
                None => self.words(these, out),
                Some(level) => {
                    let next = after
                        .first()
                        .map_or(next, |it| Some(begins_with(it, levels)));
                    self.marked(these, *level, levels, next, out);
                }
            }
            rest = after;
        }
    }

    /// Writes spans within the signs of a level, white space at the ends outside.
    fn marked(
        &self,
        spans: &[Span],
        level: Level,
        levels: &[Level],
        next: Option<char>,
        out: &mut String,
    ) {
        let left: Vec<Level> = levels.iter().copied().filter(|it| *it != level).collect();
        let mut text = String::new();
        self.group(spans, &left, None, &mut text);
        let lead = text.len() - text.trim_start_matches([' ', '\n']).len();
        let (lead, body) = text.split_at(lead);
        let trail = body.trim_end_matches([' ', '\n']);
        // A backslash there belongs to the end of a line.
        let trail = match body[trail.len()..].starts_with('\n') && trail.ends_with('\\') {
            true => trail[..trail.len() - 1]
                .trim_end_matches([' ', '\n', '\\'])
                .len(),
            false => trail.len(),
        };
        let (body, trail) = body.split_at(trail);
        if body.is_empty() {
            // Nothing is left but the space between words.
            if !text.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            return;
        }
        out.push_str(lead.trim_start_matches('\n'));
        let next = trail.chars().next().or(next);
        match level {
            Level::Link => {
                let link = spans.first().and_then(|it| it.style.link);
                self.link(body, link.unwrap_or(usize::MAX), out);
            }
            Level::Strong => wrapped(body, "**", "b", next, out),
            Level::Emphasis => wrapped(body, "*", "i", next, out),
            Level::Struck => wrapped(body, "~~", "s", next, out),
        }
        out.push_str(trail);
    }

    fn link(&self, text: &str, link: usize, out: &mut String) {
        let Some(target) = self.links.get(link) else {
            out.push_str(text);
            return;
        };
        // Behind "!" a link would be a picture.
        if out.ends_with('!') && !out.ends_with("\\!") {
            out.pop();
            out.push_str("\\!");
        }
        let web = target.starts_with("http://") || target.starts_with("https://");
        if web && text == target && !target.contains(['(', ')', '&']) {
            out.push_str(&format!("<{target}>"));
        } else {
            out.push_str(&format!("[{text}]({target})"));
        }
    }

    fn words(&self, spans: &[Span], out: &mut String) {
        for span in spans {
            match &span.kind {
                Kind::Text(text) => {
                    let text = match out.ends_with([' ', '\n']) {
                        true => text.trim_start_matches(' '),
                        false => text,
                    };
                    let start = out.len();
                    escape::inline(text, out);
                    if span.style.link.is_some() && text.contains(['[', ']']) {
                        // A link's text may hold no link, and no bracket that is not its own.
                        let inner = out.split_off(start);
                        out.push_str(&inner.replace("\\[", "&#91;").replace("\\]", "&#93;"));
                    }
                }
                Kind::Code(code) => code_span(code, self.form, out),
                Kind::Raw(raw) => out.push_str(raw),
                Kind::Break => {
                    out.truncate(out.trim_end_matches(' ').len());
                    out.push_str(match self.form {
                        Form::Paragraph => "\\\n",
                        Form::Heading => " ",
                        Form::Cell => "<br>",
                    });
                }
            }
        }
    }
}

/// The character that a span's Markdown begins with, where `levels` are left for signs.
fn begins_with(span: &Span, levels: &[Level]) -> char {
    let within = |level: Level| levels.contains(&level) && level.of(span).is_some();
    match &span.kind {
        _ if within(Level::Strong) || within(Level::Emphasis) => '*',
        _ if within(Level::Struck) => '~',
        _ if within(Level::Link) => '[',
        Kind::Text(text) => text.chars().next().unwrap_or(' '),
        Kind::Code(_) => '`',
        Kind::Raw(raw) => raw.chars().next().unwrap_or(' '),
        Kind::Break => '\n',
    }
}

/// Writes `body` between signs where these can open and close there (CommonMark 6.2: left- and
/// right-flanking), else between tags.
fn wrapped(body: &str, sign: &str, tag: &str, next: Option<char>, out: &mut String) {
    let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    let parts = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || is_mark(c));
    let before = out.chars().next_back();
    let (first, last) = (body.chars().next(), body.chars().next_back());
    let opens = first.is_some_and(|c| !c.is_whitespace() && (!is_mark(c) || parts(before)));
    let closes = last.is_some_and(|c| !c.is_whitespace() && (!is_mark(c) || parts(next)));
    let own = sign.chars().next();
    let alone = before != own && next != own && (own != Some('~') || !body.contains('~'));
    if opens && closes && alone {
        out.push_str(&format!("{sign}{body}{sign}"));
    } else {
        out.push_str(&format!("<{tag}>{body}</{tag}>"));
    }
}

/// Code between as many backticks as it takes (CommonMark 6.1).
fn code_span(code: &str, form: Form, out: &mut String) {
    let mut longest = 0;
    let mut length = 0;
    for c in code.chars() {
        length = if c == '`' { length + 1 } else { 0 };
        longest = longest.max(length);
    }
    let fence = "`".repeat(longest + 1);
    let spaced = code.starts_with('`') || code.ends_with('`');
    let space = if spaced { " " } else { "" };
    let code = match form {
        Form::Cell => code.replace('|', "\\|"),
        _ => code.to_owned(),
    };
    // Two in a row would be one fence.
    if out.ends_with('`') {
        out.push(' ');
    }
    out.push_str(&format!("{fence}{space}{code}{space}{fence}"));
}
