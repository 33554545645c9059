//! HTML in Markdown as blocks and styles of its own.
//!
//! Tags need not match: an end without its beginning is passed over, and what was never ended ends
//! with its block, or with the paragraph that it stands in.

use super::{
    super::{
        addresses::{is_on_the_web, leads_anywhere},
        block::{Align, Body, Code, Marks, Nest, Role, Table, Text},
        html::{self, Element, Piece},
        tex,
    },
    Builder, List, Style, slug,
};

/// The most columns a cell may be told to reach over.
const WIDEST_CELL: usize = 32;

/// The most rows, likewise.
const LONGEST_CELL: usize = 256;

/// Cells that begin further right reach over one column and one row: empty cells cost what full ones
/// do, and few words could ask for millions.
const SPANNED: usize = 24;

/// Tables that are not wider and longer than this have all their rows filled up with empty cells; the
/// rows of others end early.
const FILLED: usize = 1 << 16;

/// More tags than these do not stand open in each other: every block and word looks through them.
const MOST_OPEN: usize = 32;

/// A container of a block of HTML that was not ended yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    List,
    Item,
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
        for piece in html::pieces(source, false) {
            match piece {
                Piece::Text(text) => self.html_text(&text),
                Piece::Tag(tag) if self.styled(&tag) => {}
                Piece::Tag(tag) if tag.is_block() => self.end_line("\n\n"),
                Piece::Tag(_) => {}
            }
        }
    }

    /// A block of HTML.
    pub(super) fn html_block(&mut self, source: &str) {
        let mut block = Block {
            to: self,
            open: Vec::new(),
            grid: None,
            pre: None,
        };
        for piece in html::pieces(source, true) {
            match piece {
                Piece::Text(text) => block.text(&text),
                Piece::Tag(tag) => block.tag(&tag),
            }
        }
        block.finish();
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
        let source = tag.attribute("src").filter(|it| is_on_the_web(it));
        match source {
            Some(source) if self.target().is_none() && !alt.trim().is_empty() => {
                let link = self.link(source);
                let alt = crate::story::clean::text(alt);
                self.inline.push(&alt, marks, Some(link));
            }
            _ => self.push(alt, marks),
        }
    }

    /// Text in which white space is what it is in HTML: between words, and nothing else.
    fn html_text(&mut self, text: &str) {
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
    fn end_line(&mut self, with: &str) {
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
    open: Vec<Open>,
    /// The table under way, with how many tables stand in it.
    grid: Option<(Grid, usize)>,
    /// The text of `<pre>` under way.
    pre: Option<Code>,
}

impl Block<'_> {
    fn text(&mut self, text: &str) {
        match &mut self.pre {
            Some(code) => code.text.push_str(&crate::story::clean::text(text)),
            None => self.to.html_text(text),
        }
    }

    fn tag(&mut self, tag: &Element) {
        if let Some(code) = &mut self.pre {
            match (tag.name.as_str(), tag.opens) {
                ("pre", false) => self.end_code(),
                ("br", _) => code.text.push('\n'),
                ("code", true) if code.language.is_none() => {
                    let class = tag.attribute("class").unwrap_or_default();
                    let language = class.split_whitespace();
                    let mut language = language.filter_map(|it| it.strip_prefix("language-"));
                    code.language = language.next().map(Into::into);
                }
                _ => {}
            }
        } else if self.to.styled(tag) {
        } else if self.grid.is_some() {
            self.tag_in_table(tag);
        } else {
            self.tag_of_block(tag);
        }
    }

    fn tag_of_block(&mut self, tag: &Element) {
        let deep = tag.opens && self.open.len() >= MOST_OPEN;
        match (tag.name.as_str(), tag.opens) {
            ("ul" | "ol" | "blockquote" | "dd", _) if deep => self.flush(),
            ("pre", true) => {
                self.flush();
                self.pre = Some(Code::default());
            }
            ("table", true) => {
                self.flush();
                self.grid = Some((Grid::default(), 0));
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
                let first = tag.attribute("start").and_then(|it| it.parse().ok());
                self.to.lists.push(List {
                    next: (tag.name == "ol").then(|| first.unwrap_or(1)),
                    begun: false,
                    item_begun: false,
                });
                self.open.push(Open::List);
            }
            ("ul" | "ol", false) => self.close(Open::List),
            ("li", opens) => {
                self.flush();
                if self.within(Open::Item) {
                    self.close(Open::Item);
                }
                if opens {
                    self.to.start_item();
                    self.open.push(Open::Item);
                }
            }
            ("blockquote" | "dd", true) => {
                self.flush();
                if tag.name == "dd" {
                    self.to.enter(Nest::Item {
                        marker: None,
                        indent: 4,
                    });
                    self.to.close_up = true;
                } else {
                    self.to.enter(Nest::Quote);
                }
                self.open.push(Open::Other);
            }
            ("blockquote" | "dd", false) => self.close(Open::Other),
            ("p", opens) => {
                self.flush();
                self.to.paragraph = opens;
            }
            _ if tag.is_block() => self.flush(),
            _ => {}
        }
    }

    fn tag_in_table(&mut self, tag: &Element) {
        let Some((grid, inner)) = &mut self.grid else {
            return;
        };
        match (tag.name.as_str(), tag.opens) {
            ("table", true) => *inner += 1,
            ("table", false) if *inner > 0 => *inner -= 1,
            ("table", false) => self.end_table(),
            // What stands in a table in a cell is text of that cell.
            ("tr" | "td" | "th", _) if *inner > 0 => self.to.end_line("\n"),
            ("tr", _) => {
                grid.end_cell(&mut self.to.inline);
                grid.end_row();
            }
            ("td" | "th", opens) => {
                grid.end_cell(&mut self.to.inline);
                self.to.tags.clear();
                if opens {
                    grid.cell = Some(Cell::of(tag));
                }
            }
            ("caption", true) => self.to.role = Role::Figure,
            ("caption", false) => self.to.flush(),
            ("li", true) => {
                self.to.end_line("\n");
                self.to.html_text("• ");
            }
            _ if tag.is_block() => self.to.end_line("\n"),
            _ => {}
        }
    }

    /// Ends the text under way.
    fn flush(&mut self) {
        if let Role::Heading(_) = self.to.role {
            let name = slug(self.to.inline.text.trim());
            if !name.is_empty() {
                let block = self.to.out.blocks.len();
                self.to.out.anchors.entry(name).or_insert(block);
            }
        }
        self.to.paragraph |= !self.within(Open::Item);
        self.to.flush();
    }

    /// Whether the innermost list, if any, has such a container open.
    fn within(&self, wanted: Open) -> bool {
        let inner = self.open.iter().rev().take_while(|it| **it != Open::List);
        inner.into_iter().any(|it| *it == wanted)
    }

    /// Ends the innermost container of a kind with all in it.
    fn close(&mut self, wanted: Open) {
        self.flush();
        if !self.open.contains(&wanted) {
            return;
        }
        while let Some(open) = self.open.pop() {
            match open {
                Open::List => {
                    self.to.lists.pop();
                }
                Open::Item => self.to.end_item(),
                Open::Other => {
                    self.to.leave();
                    self.to.close_up = false;
                }
            }
            if open == wanted {
                break;
            }
        }
    }

    fn end_code(&mut self) {
        if let Some(mut code) = self.pre.take() {
            // A line's end right after the tag belongs to the tag.
            if code.text.starts_with('\n') {
                code.text.remove(0);
            }
            if !code.text.trim().is_empty() {
                self.to.emit_code(code);
            }
        }
    }

    fn end_table(&mut self) {
        if let Some((mut grid, _)) = self.grid.take() {
            grid.end_cell(&mut self.to.inline);
            grid.end_row();
            self.to.tags.clear();
            if let Some(table) = grid.table() {
                self.to.emit(Body::Table(Box::new(table)));
            }
        }
    }

    fn finish(mut self) {
        self.end_code();
        self.end_table();
        self.flush();
        while let Some(open) = self.open.last().copied() {
            self.close(open);
        }
        self.to.tags.clear();
    }
}

/// The cell under way.
#[derive(Default)]
struct Cell {
    columns: usize,
    rows: usize,
    is_head: bool,
    align: Align,
}

impl Cell {
    fn of(tag: &Element) -> Cell {
        let span = |name: &str, most: usize| {
            let said = tag.attribute(name).and_then(|it| it.trim().parse().ok());
            said.unwrap_or(1).clamp(1, most)
        };
        let style = tag.attribute("style").unwrap_or_default();
        let said = style
            .split(';')
            .filter_map(|it| it.split_once(':'))
            .find(|(name, _)| name.trim() == "text-align")
            .map(|(_, value)| value)
            .or(tag.attribute("align"));
        Cell {
            columns: span("colspan", WIDEST_CELL),
            rows: span("rowspan", LONGEST_CELL),
            is_head: tag.name == "th",
            align: match said.map(str::trim) {
                Some("right") => Align::Right,
                Some("center") => Align::Center,
                _ => Align::Left,
            },
        }
    }
}

/// A table under way.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<Text>>,
    row: Vec<Text>,
    align: Vec<Align>,
    /// Whether the row under way has only cells of a head so far, and the first row had.
    all_head: Option<bool>,
    has_head: bool,
    /// In how many rows further down each column is taken by a cell from above.
    taken: Vec<usize>,
    cell: Option<Cell>,
}

impl Grid {
    fn end_cell(&mut self, inline: &mut Text) {
        let Some(cell) = self.cell.take() else {
            return;
        };
        self.pass_taken();
        let column = self.row.len();
        let (columns, rows) = match column < SPANNED {
            true => (cell.columns, cell.rows),
            false => (1, 1),
        };
        if self.align.len() <= column {
            self.align.resize(column + 1, Align::Left);
        }
        if !cell.is_head || self.rows.is_empty() {
            self.align[column] = cell.align;
        }
        self.all_head = Some(cell.is_head && self.all_head.unwrap_or(true));
        self.row.push(std::mem::take(inline).trimmed());
        // What it reaches over stays empty.
        self.row.resize_with(column + columns, Text::default);
        if self.taken.len() < self.row.len() {
            self.taken.resize(self.row.len(), 0);
        }
        let end = self.row.len();
        for taken in &mut self.taken[column..end] {
            *taken = rows;
        }
    }

    /// Leaves the columns empty that a cell from above reaches into.
    fn pass_taken(&mut self) {
        while self.taken.get(self.row.len()).is_some_and(|it| *it > 0) {
            self.row.push(Text::default());
        }
    }

    fn end_row(&mut self) {
        let all_head = self.all_head.take();
        for taken in &mut self.taken {
            *taken = taken.saturating_sub(1);
        }
        if let Some(all_head) = all_head {
            self.has_head |= self.rows.is_empty() && all_head;
            self.rows.push(std::mem::take(&mut self.row));
        }
    }

    /// The table, if it says anything.
    fn table(mut self) -> Option<Table> {
        let columns = self.rows.iter().map(Vec::len).max()?;
        if self.rows.iter().flatten().all(|it| it.text.is_empty()) {
            return None;
        }
        let filled = self.rows.len().saturating_mul(columns) <= FILLED;
        for row in self.rows.iter_mut().filter(|_| filled) {
            row.resize_with(columns, Text::default);
        }
        self.align.resize(columns, Align::Left);
        let head = match self.has_head {
            true => self.rows.remove(0),
            false => vec![Text::default(); columns],
        };
        Some(Table {
            align: self.align,
            head,
            rows: self.rows,
        })
    }
}
