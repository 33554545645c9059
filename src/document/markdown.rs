//! Markdown (CommonMark 0.31 and GitHub's extensions) to blocks.

mod autolinks;
mod blocks;
mod callouts;
mod cells;
mod code;
mod details;
mod ends;
mod figures;
mod grid;
mod html;
mod kinds;
mod lists;
mod math;
mod notes;
pub(super) mod tongues;

use std::collections::HashMap;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Parser, Tag, TagEnd};

use super::{
    addresses::{is_on_the_web, leads_anywhere},
    block::{Block, Body, Code, LinkId, Marks, Nest, Role, Run, Table, Text},
    part::Part,
};
use crate::story::{
    clean,
    markdown::{extensions, formula_within, is_math, settled},
    tex,
};
pub(super) use kinds::slug;
use kinds::{alert, align};
use lists::List;
use notes::{Notes, superscript};

/// Of containers deeper than this only the innermost shows: no screen has room for more, and hostile
/// texts nest a hundred thousand deep.
const MAX_NEST: usize = 16;

/// More tags than these do not stand open in each other: every block and word looks through them.
const MOST_OPEN: usize = 32;

/// Text and code blocks are divided into blocks of about this many bytes, so that what is set for
/// one screen stays small even where a text never ends a paragraph.
const MAX_BLOCK: usize = 8 * 1024;

/// Reads `source`. Every text is cleaned again after Markdown's own decoding of entities.
pub(super) fn parse(source: &str) -> Part {
    let mut builder = Builder {
        ends: ends::Ends::of(source),
        ..Builder::default()
    };
    for event in Parser::new_ext(&settled(source), extensions()) {
        builder.event(event);
    }
    builder.finish(true)
}

/// What goes on from one piece of a text to the next.
pub(super) type Around<'a> = (usize, &'a [tongues::Tongue]);

/// Reads the events of a piece of a text, whose footnotes have their numbers already and are to be
/// `noted` at its end or not. What it begins within and what goes on behind it are details, so many, and
/// elements with a language.
pub(super) fn parse_piece<'a>(
    text: &str,
    events: impl Iterator<Item = Event<'a>>,
    (notes, noted): (HashMap<String, usize>, bool),
    (within, going_on): (Around<'_>, Around<'_>),
) -> Part {
    let mut builder = Builder {
        ends: ends::Ends::of(text),
        ..Builder::default()
    };
    builder.notes.numbers = notes;
    builder.ends.await_details(going_on.0);
    builder.go_on_in_details(within.0);
    builder.go_on_in_tongues(within.1, going_on.1);
    for event in events {
        builder.event(event);
    }
    builder.finish(noted)
}

#[derive(Default)]
struct Builder {
    out: Part,
    nest: Vec<Nest>,
    /// How many containers stayed open since the last block.
    joined: usize,
    /// Containers whose place one took that was opened beyond [`MAX_NEST`].
    hidden: Vec<Nest>,
    lists: Vec<List>,
    /// The block under way.
    inline: Text,
    role: Role,
    styles: Vec<Style>,
    /// The pictures in it.
    pictures: Vec<figures::Shown>,
    /// The first block of the quote that began last: it may say that it is an alert.
    callout_at: Option<usize>,
    /// Whether it begins with a formula that stands as its source.
    unset: bool,
    /// The formula that was set apart last, while nothing stands behind it; and how many blocks there
    /// were with it.
    behind: Option<(String, usize)>,
    /// Whether one is in how a word is read, and in what stands for that elsewhere.
    reading: bool,
    /// Whether the text belongs to what nobody is to see.
    passing: bool,
    /// What stands behind a tag of a script or the like: it is shown after all where none ends it.
    passed: Option<String>,
    /// Tags of HTML that stand open in it.
    tags: Vec<html::Styled>,
    /// Containers of HTML that stand open, and how many of them stood open when each container of
    /// Markdown began.
    open: Vec<html::Open>,
    bases: Vec<usize>,
    /// Elements of HTML that say their language, and what is said of the text under way; then that
    /// of the block that is ready.
    tongues: Vec<tongues::Tongue>,
    spoken: Option<tongues::Spoken>,
    language: Option<Box<str>>,
    /// Ends of such containers that are still to come.
    ends: ends::Ends,
    /// Details among them.
    folds: Vec<details::Fold>,
    /// How many of those are to end with the container of Markdown that their ends stand in.
    awaited: usize,
    /// Whether all was read: what is open now goes on in the next piece.
    at_end: bool,
    /// Whether the text under way stands in a paragraph of its own (a loose list's item does).
    paragraph: bool,
    /// Whether the next block follows without an empty line.
    close_up: bool,
    code: Option<Code>,
    html: Option<String>,
    table: Option<TableParts>,
    /// The table of HTML under way: it goes on over empty lines.
    in_table: Option<cells::InTable>,
    notes: Notes,
    /// The heading's name, if it gives one itself.
    heading_id: Option<String>,
    /// The page that a wikilink under way names, and where its own words begin: it may have none.
    named: Option<(String, usize)>,
}

/// An inline style under way.
enum Style {
    Marks(Marks),
    Link(LinkId),
}

#[derive(Default)]
struct TableParts {
    table: Table,
    row: Vec<Text>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>) {
        if self.in_table.is_some() && self.event_in_table(&event) {
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                let marks = self.marks().with(Marks::CODE);
                self.push(&code, marks);
            }
            Event::DisplayMath(tex) => self.display_math(&tex),
            Event::InlineMath(tex) => {
                let marks = self.marks().with(Marks::MATH);
                let tex = formula_within(&tex);
                let signs = tex::unicode(tex);
                self.push(signs.as_deref().unwrap_or(tex), marks);
            }
            Event::Html(html) | Event::InlineHtml(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.html_inline(&html),
            },
            Event::FootnoteReference(label) => {
                let number = self.notes.number(&label);
                let link = self.link(&format!("#fn-{number}"));
                self.inline
                    .push(&superscript(number), Marks::NOTE, Some(link));
            }
            Event::SoftBreak | Event::HardBreak if self.callout() => {}
            Event::SoftBreak => {
                let marks = self.marks();
                self.push(" ", marks);
            }
            Event::HardBreak => {
                let marks = self.marks();
                self.push("\n", marks);
            }
            Event::Rule => self.emit(Body::Rule),
            Event::TaskListMarker(done) => {
                let sign = if done { "☑" } else { "☐" };
                if let Some(Nest::Item { marker, indent }) = self.nest.last_mut()
                    && marker.is_some()
                {
                    *marker = Some(sign.to_owned());
                    *indent = 2;
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code::push(code, text);
        } else if let Some(html) = &mut self.html {
            html.push_str(text);
        } else if let Some(passed) = &mut self.passed {
            passed.push_str(text);
        } else if !self.passing {
            let text = self.behind_formula(text);
            let marks = self.marks();
            let small = self.scripted(text);
            self.push(small.as_deref().unwrap_or(text), marks);
        }
    }

    fn push(&mut self, text: &str, marks: Marks) {
        let link = self.target();
        self.inline.push(&clean::text(text), marks, link);
    }

    /// The link that the text under way stands in.
    fn target(&self) -> Option<LinkId> {
        let styles = self.styles.iter().chain(self.tag_styles());
        styles.rev().find_map(|style| match style {
            Style::Link(link) => Some(*link),
            Style::Marks(_) => None,
        })
    }

    fn marks(&self) -> Marks {
        self.styles
            .iter()
            .chain(self.tag_styles())
            .fold(Marks::NONE, |all, style| match style {
                Style::Marks(marks) => all.with(*marks),
                Style::Link(_) => all,
            })
    }

    fn link(&mut self, target: &str) -> LinkId {
        self.out.links.push(clean::line(target));
        self.out.links.len() - 1
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.flush();
                self.paragraph = true;
            }
            Tag::Heading { level, id, .. } => {
                self.flush();
                self.paragraph = true;
                self.role = Role::Heading(level as u8);
                self.heading_id = id.map(CowStr::into_string);
            }
            Tag::BlockQuote(kind) => {
                self.flush();
                self.begin_within();
                match kind.map(alert) {
                    None => {
                        self.enter(Nest::Quote);
                        self.callout_at = Some(self.out.blocks.len());
                    }
                    Some(kind) => {
                        self.enter(Nest::Alert(kind));
                        self.role = Role::Alert(kind);
                        self.inline.push(kind.label(), Marks::NONE, None);
                        self.paragraph = true;
                        self.flush();
                        self.close_up = true;
                    }
                }
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                // An info string names a language (CommonMark 0.31, 4.5): not part of the text.
                let language = match kind {
                    CodeBlockKind::Fenced(info) => clean::line(&info).into_boxed_str(),
                    CodeBlockKind::Indented => Box::default(),
                };
                self.code = Some(Code {
                    language: (!language.is_empty()).then_some(language),
                    ..Code::default()
                });
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(String::new());
            }
            Tag::List(first) => {
                self.flush();
                self.start_list(first);
            }
            Tag::Item => {
                self.flush();
                self.begin_within();
                self.start_item();
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                let number = self.notes.number(&label);
                if self.notes.open.is_none() {
                    self.notes.open = Some((number, self.out.blocks.len()));
                }
                self.begin_within();
                self.enter(self.notes.item(number));
            }
            Tag::DefinitionList => self.flush(),
            Tag::DefinitionListTitle => {
                self.flush();
                self.role = Role::Term;
                self.paragraph = true;
            }
            Tag::DefinitionListDefinition => {
                self.flush();
                self.begin_within();
                self.enter_definition();
            }
            Tag::Table(alignments) => {
                self.flush();
                self.table = Some(TableParts {
                    table: Table {
                        align: alignments.into_iter().map(align).collect(),
                        ..Table::default()
                    },
                    ..TableParts::default()
                });
            }
            Tag::TableHead | Tag::TableRow | Tag::TableCell => {}
            Tag::Emphasis => self.styles.push(Style::Marks(Marks::EMPHASIS)),
            Tag::Strong => self.styles.push(Style::Marks(Marks::STRONG)),
            Tag::Strikethrough => self.styles.push(Style::Marks(Marks::STRUCK)),
            Tag::Superscript | Tag::Subscript => self.styles.push(Style::Marks(Marks::NONE)),
            Tag::Link {
                dest_url,
                link_type,
                ..
            } => {
                if matches!(link_type, LinkType::WikiLink { .. }) {
                    self.named = Some((dest_url.to_string(), self.inline.text.len()));
                }
                // What can only be refused is no link to its reader.
                let style = if leads_anywhere(&dest_url) {
                    Style::Link(self.link(&dest_url))
                } else {
                    Style::Marks(Marks::NONE)
                };
                self.styles.push(style);
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                // Inside a link the link wins: it is where the author wants the reader to go.
                let linked = self.styles.iter().any(|s| matches!(s, Style::Link(_)));
                if !linked && is_on_the_web(&dest_url) {
                    let link = self.link(&dest_url);
                    self.styles.push(Style::Link(link));
                } else {
                    self.styles.push(Style::Marks(Marks::NONE));
                }
                self.styles.push(Style::Marks(Marks::IMAGE));
                self.begin_picture(&dest_url, &title);
            }
            Tag::MetadataBlock(_) => self.html = Some(String::new()),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::DefinitionListTitle => {
                self.callout();
                self.flush();
            }
            TagEnd::Heading(_) => {
                self.begin_content();
                let name = self
                    .heading_id
                    .take()
                    .unwrap_or_else(|| slug(&self.inline.text));
                if self.notes.open.is_none() && !name.is_empty() {
                    let block = self.out.blocks.len();
                    self.out.anchors.entry(name).or_insert(block);
                }
                self.flush();
            }
            TagEnd::BlockQuote(_) | TagEnd::DefinitionListDefinition => {
                self.flush();
                self.end_within();
                self.leave();
                self.close_up = false;
                self.end_awaited_details();
            }
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    match code.language.as_deref() {
                        Some(language) if is_math(language) => self.fenced_math(code),
                        _ => self.emit_code(code),
                    }
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(source) = self.html.take() {
                    self.html_block(&source);
                }
            }
            TagEnd::List(_) => {
                self.flush();
                self.end_list();
                self.end_awaited_details();
            }
            TagEnd::Item => {
                self.flush();
                self.end_within();
                self.end_item();
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.end_within();
                self.leave();
                if let Some((number, from)) = self.notes.open.take() {
                    let blocks = self.out.blocks.split_off(from.min(self.out.blocks.len()));
                    self.notes.defined.push((number, blocks));
                }
                self.end_awaited_details();
            }
            TagEnd::DefinitionList => self.flush(),
            TagEnd::TableCell => {
                self.link_addresses();
                self.sign_pictures();
                let cell = std::mem::take(&mut self.inline);
                if let Some(parts) = &mut self.table {
                    parts.row.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(parts) = &mut self.table {
                    parts.table.head = std::mem::take(&mut parts.row);
                }
            }
            TagEnd::TableRow => {
                if let Some(parts) = &mut self.table {
                    let row = std::mem::take(&mut parts.row);
                    parts.table.rows.push(row);
                }
            }
            TagEnd::Table => {
                if let Some(parts) = self.table.take() {
                    self.emit(Body::Table(Box::new(parts.table)));
                }
            }
            TagEnd::Link => {
                if let Some((name, from)) = self.named.take()
                    && self.inline.text.len() == from
                {
                    self.push(&name, self.marks());
                }
                self.styles.pop();
            }
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {
                self.styles.pop();
            }
            TagEnd::Image => {
                self.end_picture(self.marks());
                self.styles.pop();
                self.styles.pop();
            }
            TagEnd::MetadataBlock(_) => self.html = None,
        }
    }

    /// All that was read; its footnotes where they are to be `noted`.
    fn finish(mut self, noted: bool) -> Part {
        self.end_table();
        self.flush();
        self.at_end = true;
        self.end_within();
        self.out.details.sort_unstable_by_key(|it| it.summary);
        // A place behind everything is the end.
        let last = self.out.blocks.len().saturating_sub(1);
        for block in self.out.anchors.values_mut() {
            *block = last.min(*block);
        }
        if !noted {
            return self.out;
        }
        self.append_notes();
        self.out
    }
}

#[cfg(test)]
mod meaning_tests;

#[cfg(test)]
mod picture_tests;

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
