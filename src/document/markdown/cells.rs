//! Tables of HTML, and the Markdown in their cells: an empty line ends a block of HTML (CommonMark 0.31,
//! 4.6), but no table.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::{
    super::{
        block::{Body, Marks, Role},
        html::Element,
    },
    Builder, Style,
    grid::{Cell, Grid},
    kinds::alert,
};

/// What a block of HTML begins with that goes on with a table. Authors indent their tables: behind an
/// empty line Markdown takes that for code, and so it stays where no cell came before it (CommonMark
/// 0.31, 4.6).
const ROWS: [&str; 10] = [
    "<tr", "</tr", "<td", "</td", "<th", "</th", "<tb", "</tb", "<tf", "</tf",
];

/// A table of HTML under way.
#[derive(Default)]
pub(super) struct InTable {
    grid: Grid,
    /// How many tables stand open in its cell.
    inner: usize,
    /// How many containers of Markdown do.
    within: usize,
    /// Whether its text keeps its lines.
    pub preformatted: bool,
    /// Whether the table ended in one of those.
    ended: bool,
    /// The next numbers of the lists that do; none where items have bullets.
    lists: Vec<Option<u64>>,
    /// The block of code under way, and whether it is one because it is indented.
    code: Option<(bool, String)>,
}

impl Builder {
    /// Takes an event inside a table of HTML. False if it means there what it means elsewhere.
    pub(super) fn event_in_table(&mut self, event: &Event<'_>) -> bool {
        let Some(table) = &mut self.in_table else {
            return false;
        };
        match event {
            Event::Text(text) => match &mut table.code {
                Some((_, code)) => code.push_str(text),
                None => return false,
            },
            Event::Start(tag) => return self.start_in_table(tag),
            Event::End(tag) => return self.end_in_table(tag),
            Event::Rule => self.end_line("\n"),
            Event::TaskListMarker(done) => {
                self.push(if *done { "☑ " } else { "☐ " }, Marks::NONE);
            }
            _ => return false,
        }
        true
    }

    fn start_in_table(&mut self, tag: &Tag<'_>) -> bool {
        let Some(table) = &mut self.in_table else {
            return false;
        };
        let outside = table.grid.cell.is_none() && table.within == 0;
        match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => return false,
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::CodeBlock(CodeBlockKind::Indented) if !outside || table.grid.is_begun() => {
                table.code = Some((true, String::new()));
            }
            // What stands between cells and is no cell: the table was not ended.
            _ if outside => {
                self.end_table();
                return false;
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => table.code = Some((false, String::new())),
            Tag::List(first) => table.lists.push(*first),
            Tag::Item => {
                table.within += 1;
                let marker = match table.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}. ");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => "• ".to_owned(),
                };
                self.end_line("\n");
                self.push(&marker, Marks::NONE);
                return true;
            }
            Tag::BlockQuote(kind) => {
                table.within += 1;
                if let Some(kind) = kind {
                    self.end_line("\n");
                    self.push(alert(*kind).label(), Marks::STRONG);
                }
            }
            Tag::DefinitionListDefinition | Tag::FootnoteDefinition(_) => table.within += 1,
            Tag::Heading { .. } | Tag::DefinitionListTitle => {
                self.styles.push(Style::Marks(Marks::STRONG));
            }
            // A table in a cell is text of that cell, row by row.
            Tag::TableCell => {
                if !self.inline.text.is_empty() && !self.inline.text.ends_with('\n') {
                    self.push(" · ", Marks::NONE);
                }
                return true;
            }
            _ => {}
        }
        // A paragraph stands behind its item's marker.
        if !self.inline.text.ends_with("• ") && !self.inline.text.ends_with(". ") {
            self.end_line("\n");
        }
        true
    }

    fn end_in_table(&mut self, tag: &TagEnd) -> bool {
        let Some(table) = &mut self.in_table else {
            return false;
        };
        match tag {
            TagEnd::CodeBlock => {
                if let Some((indented, code)) = table.code.take() {
                    self.code_in_table(indented, &code);
                }
            }
            TagEnd::List(_) => {
                table.lists.pop();
            }
            TagEnd::Item
            | TagEnd::BlockQuote(_)
            | TagEnd::DefinitionListDefinition
            | TagEnd::FootnoteDefinition => match table.within.checked_sub(1) {
                Some(within) => {
                    table.within = within;
                    if within == 0 && table.ended {
                        self.end_table();
                    }
                }
                // What the table stands in ends, and the table with it.
                None => {
                    self.end_table();
                    return false;
                }
            },
            TagEnd::Heading(_) | TagEnd::DefinitionListTitle => {
                self.styles.pop();
            }
            TagEnd::Paragraph
            | TagEnd::DefinitionList
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell => {}
            _ => return false,
        }
        true
    }

    fn code_in_table(&mut self, indented: bool, code: &str) {
        let start = code.trim_start().get(..4).unwrap_or_default();
        let start = start.to_ascii_lowercase();
        let goes_on = start == "</ta" || ROWS.iter().any(|it| start.starts_with(it));
        if indented && goes_on {
            self.html_block(code);
            return;
        }
        self.end_line("\n");
        self.push(code.trim_end(), self.marks().with(Marks::CODE));
        self.end_line("\n");
    }

    /// Whether the table under way goes on behind the block of HTML that ends.
    pub(super) fn keeps_table(&mut self) -> bool {
        let Some(table) = &mut self.in_table else {
            return false;
        };
        let in_cell = table.grid.cell.is_some();
        let goes_on = self.ends.has(&["table"]) && (!in_cell || self.ends.has(&["td", "th"]));
        // Its end waits for that of the containers in its cell.
        table.ended |= !goes_on;
        goes_on || table.within > 0
    }

    /// Ends the table under way, if there is one.
    pub(super) fn end_table(&mut self) {
        let Some(mut table) = self.in_table.take() else {
            return;
        };
        self.link_addresses();
        self.sign_pictures();
        table.grid.end_cell(&mut self.inline);
        table.grid.end_row();
        self.tags.clear();
        self.end_tongues_of_cells();
        if let Some(mut table) = table.grid.table() {
            table
                .languages
                .retain(|it| Some(&it.tag) != self.language.as_ref());
            self.emit(Body::Table(Box::new(table)));
        }
    }

    /// Takes a tag inside a table.
    pub(super) fn tag_in_table(&mut self, tag: &Element) {
        let ends_cell = matches!(
            tag.name.as_str(),
            "tr" | "td" | "th" | "thead" | "tbody" | "tfoot"
        );
        if ends_cell && self.in_table.as_ref().is_some_and(|it| it.inner == 0) {
            self.link_addresses();
            self.sign_pictures();
        }
        let Some(table) = &mut self.in_table else {
            return;
        };
        let grid = &mut table.grid;
        match (tag.name.as_str(), tag.opens) {
            // Between cells no table begins: this one was not ended.
            ("table", true) if grid.cell.is_none() && table.within == 0 => {
                self.end_table();
                self.in_table = Some(InTable::default());
            }
            ("table", true) => table.inner += 1,
            ("table", false) if table.inner > 0 => table.inner -= 1,
            ("table", false) if table.within > 0 => table.ended = true,
            ("table", false) => self.end_table(),
            // What stands in a table in a cell is text of that cell.
            ("tr" | "td" | "th", _) if table.inner > 0 => self.end_line("\n"),
            ("tr", opens) => {
                grid.end_cell(&mut self.inline);
                grid.end_row();
                if opens {
                    grid.begin_row();
                }
            }
            ("thead" | "tbody" | "tfoot", _) if table.inner == 0 => {
                grid.end_cell(&mut self.inline);
                grid.end_section();
            }
            ("td" | "th", opens) => {
                grid.end_cell(&mut self.inline);
                table.preformatted = false;
                self.tags.clear();
                if opens {
                    let language = self.tongue_of_cell(tag);
                    if let Some(table) = &mut self.in_table {
                        table.grid.cell = Some(Cell::of(tag, language));
                    }
                }
            }
            ("caption", true) => self.role = Role::Figure,
            ("caption", false) => self.flush(),
            ("pre", opens) => {
                table.preformatted = opens;
                self.end_line("\n");
            }
            ("li", true) => {
                self.end_line("\n");
                self.push("• ", Marks::NONE);
            }
            _ if tag.is_block() => self.end_line("\n"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::drawn;

    #[test]
    fn a_table_of_html_goes_on_over_empty_lines() {
        for (markdown, want) in [
            // Authors indent what stands in a table: Markdown takes that for code.
            (
                "<table>\n\n  <tr>\n    <td>a</td>\n\n    <td>b</td>\n\n  </tr>\n\n    <tr>\n\n      <td>c</td>\n\
                 <td>d</td></tr>\n\n</table>\n\nAfter",
                vec!["a  b", "c  d", "", "After"],
            ),
            (
                "<table><tr><th>Sign</th><th>Meaning</th></tr>\n<tr><td>\n\n**Bold** and\n`code`\n\nmore\n\n</td><td>\n\n\
                 - one\n- two\n  1. deep\n\n</td></tr>\n</table>",
                vec![
                    "Sign           Meaning",
                    "─────────────  ───────",
                    "Bold and code  • one",
                    "more           • two",
                    "               1. deep",
                ],
            ),
            (
                "<table><tr><td>\n\n```rust\nfn a() {}\n\nfn b() {}\n```\n\n</td><td>\n\n> quoted\n\n| a | b |\n|---|---|\n| c | d |\n\n\
                 text</td></tr></table>",
                vec![
                    "fn a() {}  quoted",
                    "           a · b",
                    "fn b() {}  c · d",
                    "           text",
                ],
            ),
            // A table ends with what it stands in, and before what cannot stand in it.
            (
                "- <table><tr><td>\n\n  a\n\n- b\n\n</td></tr></table>\n\nAfter",
                vec!["• a", "", "• b", "", "After"],
            ),
            (
                "<table><tr><td>a</td></tr>\n\nA paragraph.\n\n<table><tr><td>b</td></tr></table>",
                vec!["a", "", "A paragraph.", "", "b"],
            ),
            (
                "<table><tr><td>\n\n- a</td></tr></table>\n\n- b\n\nAfter",
                vec!["• a", "", "• b", "", "After"],
            ),
            (
                "<table>\n  <tr>\n\n    <td>code</td>\n\n  </tr>\n</table>",
                vec!["  <td>code</td>"],
            ),
            (
                "<table><tr><td>a\n\nNever ended.",
                vec!["a", "", "Never ended."],
            ),
        ] {
            assert_eq!(drawn(markdown), want, "{markdown}");
        }
    }
}
