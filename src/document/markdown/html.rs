//! HTML in Markdown as blocks and styles of its own.
//!
//! What a block of HTML opens may hold Markdown, and be ended by another block (CommonMark 0.31, 4.6).
//! Tags need not match: an end without its beginning is passed over, and what is never ended ends with
//! its block, or with the paragraph that it stands in.

use super::{
    super::{
        addresses::{is_on_the_web, leads_anywhere},
        block::{Body, Code, Marks, Nest, Role},
        html::{self, Element, Piece},
    },
    Builder, MOST_OPEN, Style,
    cells::InTable,
    code,
    details::Fold,
    ends::LASTING,
    slug,
};
use crate::story::tex;

/// A container of HTML that was not ended yet.
#[derive(Clone, Copy)]
pub(super) struct Open {
    kind: Kind,
    /// Index into [`LASTING`].
    name: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Item,
    Details,
    /// A quote or a definition.
    Other,
}

/// The style of a tag that stands open.
pub(super) struct Styled {
    name: String,
    style: Style,
}

impl Builder {
    /// A tag or a comment in a line of Markdown.
    pub(super) fn html_inline(&mut self, source: &str) {
        // Nobody reads what stands between these tags.
        let name = source.trim_start_matches(['<', '/']);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric());
        let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
        if matches!(name.as_str(), "script" | "style" | "template" | "text") {
            let begins = !source.starts_with("</") && !source.ends_with("/>");
            self.passed = begins.then(|| source.to_owned());
            return;
        }
        for piece in html::pieces(source, false) {
            match piece {
                Piece::Text(text) => self.html_text(&text),
                Piece::Tag(tag) if self.styled(&tag) => {}
                Piece::Tag(tag) if self.in_table.is_some() => Block::of(self).tag(&tag),
                Piece::Tag(tag) if self.divides(&tag) => {
                    Block::of(self).tag(&tag);
                    self.paragraph = true;
                }
                Piece::Tag(tag) if tag.is_block() => self.end_line("\n\n"),
                Piece::Tag(tag) => self.speak(&tag),
            }
        }
    }

    /// A block of HTML.
    pub(super) fn html_block(&mut self, source: &str) {
        let mut block = Block::of(self);
        for piece in html::pieces(source, true) {
            match piece {
                Piece::Text(text) => block.text(&text),
                Piece::Tag(tag) => block.tag(&tag),
            }
        }
        block.finish();
    }

    /// Whether a tag in a line of Markdown divides a paragraph: the end of what a block opened.
    fn divides(&self, tag: &Element) -> bool {
        matches!(tag.name.as_str(), "details" | "summary" | "blockquote")
            && self.table.is_none()
            && self.role == Role::Plain
    }

    /// The text begins within so many details.
    pub(super) fn go_on_in_details(&mut self, count: usize) {
        for nth in 0..count {
            self.enter(Nest::Details { summary: false });
            self.folds.push(Fold::from_before(nth));
            self.open.push(Open {
                kind: Kind::Details,
                name: 0,
            });
            self.out.leads.push(0);
        }
        self.joined = self.nest.len();
    }

    /// A container of Markdown begins: what is open outside of it is not ended in it.
    pub(super) fn begin_within(&mut self) {
        self.bases.push(self.open.len());
    }

    /// It ends, with all of HTML that was opened in it.
    pub(super) fn end_within(&mut self) {
        let base = self.bases.last().copied().unwrap_or(0);
        Block::of(self).close_down_to(base);
        self.end_tongues_within();
        self.bases.pop();
    }

    /// Ends the details whose ends stood in the container of Markdown that has just ended.
    pub(super) fn end_awaited_details(&mut self) {
        while self.awaited > 0
            && Block::of(self)
                .open()
                .iter()
                .any(|it| it.kind == Kind::Details)
        {
            self.awaited -= 1;
            Block::of(self).close(Kind::Details);
        }
    }

    /// The styles and links of the tags that stand open.
    pub(super) fn tag_styles(&self) -> impl DoubleEndedIterator<Item = &Style> {
        self.tags.iter().map(|it| &it.style)
    }

    /// What small signs the text under way is set in: raised or lowered ones.
    fn script(&self) -> Option<bool> {
        self.tags
            .iter()
            .rev()
            .find_map(|it| match it.name.as_str() {
                "sup" => Some(true),
                "sub" => Some(false),
                _ => None,
            })
    }

    /// `text` as it is set between tags: small where there are small signs for all of it.
    pub(super) fn scripted(&self, text: &str) -> Option<String> {
        tex::script(text, self.script()?)
    }

    /// Takes a tag that says how its text looks. False if it says something else.
    fn styled(&mut self, tag: &Element) -> bool {
        let style = match tag.name.as_str() {
            "b" | "strong" | "mark" => Style::Marks(Marks::STRONG),
            "i" | "em" | "cite" | "dfn" | "var" => Style::Marks(Marks::EMPHASIS),
            "code" | "kbd" | "samp" | "tt" => Style::Marks(Marks::CODE),
            "del" | "s" | "strike" => Style::Marks(Marks::STRUCK),
            "sub" | "sup" => Style::Marks(Marks::NONE),
            // Signs that a browser sets itself, and readings that it sets above.
            "q" => {
                self.push(if tag.opens { "“" } else { "”" }, self.marks());
                return true;
            }
            "rt" => {
                if self.reading != tag.opens {
                    self.push(if tag.opens { " (" } else { ")" }, self.marks());
                }
                self.reading = tag.opens;
                return true;
            }
            "ruby" => {
                if std::mem::take(&mut self.reading) {
                    self.push(")", self.marks());
                }
                return true;
            }
            // What stands there in brackets for those who know of no readings has its own.
            "rp" => {
                self.passing = tag.opens;
                return true;
            }
            "iframe" if tag.opens => {
                let source = tag.attribute("src").unwrap_or_default();
                let source = match source.starts_with("//") {
                    true => format!("https:{source}"),
                    false => source.to_owned(),
                };
                if is_on_the_web(&source) {
                    let title = tag.attribute("title").filter(|it| !it.trim().is_empty());
                    let says = crate::story::clean::line(title.unwrap_or(&source));
                    let link = self.target().unwrap_or_else(|| self.link(&source));
                    self.inline.push(&says, self.marks(), Some(link));
                }
                return true;
            }
            "a" if tag.opens && tag.attribute("href").is_none() => {
                let named = tag.attribute("id").or_else(|| tag.attribute("name"));
                if let Some(name) = named.filter(|it| !it.is_empty() && self.notes.open.is_none()) {
                    // What is under way, or comes next.
                    let block = self.out.blocks.len();
                    self.out.anchors.entry(name.to_owned()).or_insert(block);
                }
                Style::Marks(Marks::NONE)
            }
            "a" => match tag.attribute("href").filter(|it| leads_anywhere(it)) {
                Some(target) if tag.opens => Style::Link(self.link(target)),
                _ => Style::Marks(Marks::NONE),
            },
            "br" => {
                let marks = self.marks();
                self.push("\n", marks);
                return true;
            }
            "img" => {
                self.html_picture(tag);
                return true;
            }
            _ => return false,
        };
        if tag.opens && self.tags.len() < MOST_OPEN {
            self.tags.push(Styled {
                name: tag.name.clone(),
                style,
            });
        } else if !tag.opens
            && let Some(at) = self.tags.iter().rposition(|it| it.name == tag.name)
        {
            self.tags.remove(at);
        }
        true
    }

    /// A picture's alt text, which leads to the picture unless it stands in a link.
    fn html_picture(&mut self, tag: &Element) {
        let alt = tag.attribute("alt").unwrap_or_default();
        let marks = self.marks().with(Marks::IMAGE);
        let src = tag.attribute("src").unwrap_or_default();
        let title = tag.attribute("title").unwrap_or_default();
        self.begin_picture(src, title);
        match Some(src).filter(|it| is_on_the_web(it)) {
            Some(source) if self.target().is_none() && !alt.trim().is_empty() => {
                let link = self.link(source);
                let alt = crate::story::clean::text(alt);
                self.inline.push(&alt, marks, Some(link));
            }
            _ => self.push(alt.trim(), marks),
        }
        self.end_picture(marks);
    }

    /// Text in which white space is what it is in HTML: between words, and nothing else.
    fn html_text(&mut self, text: &str) {
        if let Some(passed) = &mut self.passed {
            passed.push_str(text);
            return;
        }
        if self.passing {
            return;
        }
        if self.in_table.as_ref().is_some_and(|it| it.preformatted) {
            // A line's end right behind the tag belongs to the tag.
            let begins = self.inline.text.is_empty() || self.inline.text.ends_with('\n');
            let text = text.strip_prefix('\n').filter(|_| begins).unwrap_or(text);
            self.push(text, self.marks().with(Marks::CODE));
            return;
        }
        let mut out = String::with_capacity(text.len());
        let before = self.inline.text.chars().next_back();
        let mut blank = before.is_none_or(char::is_whitespace);
        for c in text.chars() {
            let is_blank = c.is_ascii_whitespace();
            if !is_blank {
                out.push(c);
            } else if !blank {
                out.push(' ');
            }
            blank = is_blank;
        }
        let marks = self.marks();
        let small = self.scripted(&out);
        self.push(small.as_deref().unwrap_or(&out), marks);
    }

    /// Ends the line of the text under way, if it has begun one.
    pub(super) fn end_line(&mut self, with: &str) {
        let text = &self.inline.text;
        if !text.is_empty() && !text.ends_with('\n') {
            let marks = self.marks();
            self.push(with, marks);
        }
    }
}

/// A block of HTML under way.
struct Block<'a> {
    to: &'a mut Builder,
    /// The text of `<pre>` under way.
    pre: Option<Code>,
}

impl<'a> Block<'a> {
    fn of(to: &'a mut Builder) -> Self {
        Block { to, pre: None }
    }

    /// What was opened since the innermost container of Markdown began.
    fn open(&self) -> &[Open] {
        let base = self.to.bases.last().copied().unwrap_or(0);
        self.to.open.get(base..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, tag: &Element) {
        let name = LASTING.iter().position(|it| *it == tag.name);
        self.to.open.push(Open {
            kind,
            name: name.unwrap_or(0),
        });
    }

    fn text(&mut self, text: &str) {
        match &mut self.pre {
            Some(code) => code::push(code, text),
            None => self.to.html_text(text),
        }
    }

    fn tag(&mut self, tag: &Element) {
        self.to.ends.pass(tag);
        self.tag_itself(tag);
        // Of those, what stood before is set now, and what comes stands in it.
        self.to.begin_tongue(tag);
        self.to.end_tongue(tag);
    }

    fn tag_itself(&mut self, tag: &Element) {
        if let Some(code) = &mut self.pre {
            match (tag.name.as_str(), tag.opens) {
                ("pre", false) => self.end_code(),
                ("br", _) => code::push(code, "\n"),
                ("code", true) if code.language.is_none() => {
                    let class = tag.attribute("class").unwrap_or_default();
                    let language = class.split_whitespace();
                    let mut language = language.filter_map(|it| it.strip_prefix("language-"));
                    code.language = language.next().map(Into::into);
                }
                _ => {}
            }
        } else if self.to.styled(tag) {
        } else if self.to.in_table.is_some() {
            self.to.tag_in_table(tag);
        } else {
            self.tag_of_block(tag);
        }
    }

    fn tag_of_block(&mut self, tag: &Element) {
        let deep = tag.opens && self.to.open.len() >= MOST_OPEN;
        match (tag.name.as_str(), tag.opens) {
            ("ul" | "ol" | "li" | "blockquote" | "dd" | "details", _) if deep => self.flush(),
            ("pre", true) => {
                self.flush();
                self.pre = Some(Code::default());
            }
            ("table", true) => {
                self.flush();
                self.to.in_table = Some(InTable::default());
            }
            ("hr", _) => {
                self.flush();
                self.to.emit(Body::Rule);
            }
            (name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6"), opens) => {
                self.flush();
                if opens {
                    let level = name.bytes().last().map_or(1, |it| it - b'0');
                    self.to.role = Role::Heading(level);
                }
            }
            ("figcaption", opens) => {
                self.flush();
                if opens {
                    self.to.role = Role::Figure;
                    // It stands under its picture, or over it.
                    let last = self.to.out.pictures.last().map(|it| it.block + 1);
                    self.to.close_up |= last == Some(self.to.out.blocks.len());
                }
            }
            ("dt", opens) => {
                self.flush();
                if opens {
                    self.to.role = Role::Term;
                }
            }
            ("ul" | "ol", true) => {
                self.flush();
                let start = tag.attribute("start").and_then(|it| it.trim().parse().ok());
                let numbered = tag.name == "ol";
                self.to.start_list(numbered.then(|| start.unwrap_or(1)));
                let kind = tag.attribute("type").unwrap_or_default();
                let reversed = tag.attribute("reversed").is_some();
                self.to.count_items_as(kind, reversed, start.is_some());
                self.push(Kind::List, tag);
            }
            ("ul" | "ol", false) => self.close(Kind::List),
            ("li", opens) => {
                self.flush();
                if self.within(Kind::Item) {
                    self.close(Kind::Item);
                }
                if opens {
                    let number = tag.attribute("value");
                    self.to
                        .number_items_from(number.and_then(|it| it.trim().parse().ok()));
                    self.to.start_item();
                    self.push(Kind::Item, tag);
                }
            }
            ("blockquote" | "dd", true) => {
                self.flush();
                if tag.name == "dd" {
                    self.to.enter_definition();
                } else {
                    self.to.enter(Nest::Quote);
                }
                self.push(Kind::Other, tag);
            }
            ("blockquote" | "dd", false) => self.close(Kind::Other),
            ("details", true) => {
                self.flush();
                let fold = Fold::new(self.to.nest.len(), tag.attribute("open").is_some());
                self.to.enter(Nest::Details { summary: true });
                self.to.folds.push(fold);
                self.push(Kind::Details, tag);
            }
            ("details", false) if self.began_outside(Kind::Details) => {
                self.flush();
                self.to.awaited += 1;
            }
            ("details", false) => self.close(Kind::Details),
            ("summary", opens) => {
                self.flush();
                if self.within(Kind::Details) {
                    self.to.summary(opens);
                }
            }
            ("p", opens) => {
                self.flush();
                self.to.paragraph = opens;
                self.to.passing = opens && tag.attribute("hidden").is_some();
            }
            _ if tag.is_block() => self.flush(),
            _ => {}
        }
    }

    /// Ends the text under way.
    fn flush(&mut self) {
        if let Role::Heading(_) = self.to.role {
            let name = slug(self.to.inline.text.trim());
            if !name.is_empty() {
                self.to.begin_content();
                let block = self.to.out.blocks.len();
                self.to.out.anchors.entry(name).or_insert(block);
            }
        }
        self.to.paragraph |= !self.within(Kind::Item);
        self.to.flush();
    }

    /// Whether the innermost list, if any, has such a container open.
    fn within(&self, wanted: Kind) -> bool {
        let inner = self.open().iter().rev();
        let mut inner = inner.take_while(|it| it.kind != Kind::List);
        inner.any(|it| it.kind == wanted)
    }

    /// Whether the innermost such container stands around the innermost container of Markdown.
    fn began_outside(&self, wanted: Kind) -> bool {
        let all = self.to.open.iter();
        let awaited = all.filter(|it| it.kind == wanted).count() > self.to.awaited;
        awaited && !self.open().iter().any(|it| it.kind == wanted)
    }

    /// Ends the innermost container of a kind with all in it.
    fn close(&mut self, wanted: Kind) {
        self.flush();
        let base = self.to.open.len() - self.open().len();
        let found = self.open().iter().rposition(|it| it.kind == wanted);
        if let Some(at) = found {
            self.close_down_to(base + at);
        }
    }

    /// Ends all containers but the outermost ones, so many.
    fn close_down_to(&mut self, kept: usize) {
        if self.to.open.len() > kept {
            self.flush();
        }
        while self.to.open.len() > kept
            && let Some(open) = self.to.open.pop()
        {
            match open.kind {
                Kind::List => self.to.end_list(),
                Kind::Item => self.to.end_item(),
                Kind::Details => self.to.end_details(),
                Kind::Other => {
                    self.to.leave();
                    self.to.close_up = false;
                }
            }
        }
    }

    fn end_code(&mut self) {
        if let Some(mut code) = self.pre.take() {
            // A line's end right after the tag belongs to the tag.
            if code.text.starts_with('\n') {
                code.text.remove(0);
                code.typed = code.typed.map(|it| it.replacen('\n', "", 1));
            }
            if !code.text.trim().is_empty() {
                self.to.emit_code(code);
            }
        }
    }

    fn finish(mut self) {
        self.end_code();
        if self.to.keeps_table() {
            return;
        }
        self.to.end_table();
        self.flush();
        self.to.pass_on_tongues();
        // An item may go without an end, in a list that has one.
        let ends = &self.to.ends.0;
        let mut open = self.open().iter();
        let lost = open.position(|it| it.kind != Kind::Item && ends[it.name] == 0);
        if let Some(at) = lost {
            let base = self.to.open.len() - self.open().len();
            self.close_down_to(base + at);
        }
        self.to.tags.clear();
    }
}
