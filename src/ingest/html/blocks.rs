//! The walk over the tree: blocks, and what they stand in.

use url::Url;

use crate::story::link;

use super::{
    address,
    footnotes::Notes,
    inline::{Form, Kind, Run, Style},
    notes::Part,
    tree::{Data, Id, Tree},
};

/// Lists and quotes further in are written at this depth: no screen has room for more.
const DEEPEST: usize = 12;

/// A list's item or a quote, whose lines have signs before them.
pub(super) struct Container {
    first: String,
    rest: String,
    begun: bool,
}

/// Writes a tree as Markdown.
pub(super) struct Writer<'t> {
    pub(super) tree: &'t Tree,
    pub(super) base: Option<&'t Url>,
    /// What the page is a part of.
    pub(super) part: Option<Part<'t>>,
    /// The notes that stand apart from the text.
    pub(super) notes: Notes,
    pub(super) out: String,
    pub(super) run: Run,
    pub(super) style: Style,
    pub(super) links: Vec<String>,
    /// Whether all text goes into one line, and how line ends stand in it.
    pub(super) line: Option<Form>,
    pub(super) containers: Vec<Container>,
    /// Whether nothing was written yet in the innermost container.
    fresh: bool,
    /// Whether the next block follows without an empty line.
    pub(super) close_up: bool,
    /// The list that just ended: how deep it stands, whether it counts, and its sign.
    pub(super) list: Option<(usize, bool, bool)>,
    /// Whether the items of the list around stand close to each other.
    pub(super) tight: bool,
    /// The language of what is written, where it is said to be another than that around it.
    pub(super) language: Option<String>,
    /// Whether it is the story of a page, not what a feed carries.
    pub(super) is_page: bool,
    /// Whether it is the HTML of a letter.
    pub(in crate::ingest) of_mail: bool,
}

impl<'t> Writer<'t> {
    pub(super) fn new(tree: &'t Tree, base: Option<&'t Url>) -> Self {
        Writer {
            tree,
            base,
            part: None,
            notes: Notes::default(),
            out: String::new(),
            run: Run::default(),
            style: Style::default(),
            links: Vec::new(),
            line: None,
            containers: Vec::new(),
            fresh: true,
            close_up: false,
            list: None,
            tight: false,
            language: None,
            is_page: false,
            of_mail: false,
        }
    }

    /// Writes all that is in an element.
    pub(super) fn all(&mut self, root: Id) {
        self.children(root);
        self.flush();
    }

    pub(super) fn children(&mut self, id: Id) {
        let tree = self.tree;
        for child in tree.children(id) {
            self.node(child);
        }
    }

    pub(super) fn node(&mut self, id: Id) {
        let tree = self.tree;
        match tree.data(id) {
            Data::Text(text) => self.words(text),
            Data::Element(..) if self.is_drawing(id) => self.drawing(id),
            Data::Element(..) if self.is_hidden(id) => {}
            Data::Element(..) if self.is_note(id) => {}
            Data::Element(..) if self.is_hollow(id) => self.place(id),
            Data::Element(..) if self.only_leads_back(id) => {}
            Data::Element(..) => {
                self.place(id);
                match self.tongue(id) {
                    Some(tongue) => {
                        self.flush();
                        let before = self.language.replace(tongue);
                        self.element(id, tree.name(id));
                        self.language = before;
                    }
                    None => self.element(id, tree.name(id)),
                }
            }
            Data::Document | Data::Nothing => {}
        }
    }

    fn element(&mut self, id: Id, name: &str) {
        match name {
            "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "aside"
            | "address" | "center" | "fieldset" | "body" | "html" | "hgroup" | "nav" | "figure"
            | "li" | "dialog" | "caption" | "tr" | "legend" | "optgroup" | "search" => {
                self.division(id)
            }
            "figcaption" => self.caption(id),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, name),
            "ul" | "ol" | "menu" | "dir" => self.list(id, name == "ol"),
            "dl" => self.definitions(id),
            "blockquote" => self.quote(id),
            "pre" | "listing" | "xmp" | "plaintext" => self.code(id),
            "table" => self.table(id),
            "details" => self.details(id),
            "form" => self.form(id),
            "hr" => self.rule(),
            "br" => {
                if !self.run.end_line() && self.line.is_none() {
                    self.flush();
                }
            }
            _ => self.phrase(id, name),
        }
    }

    /// What stands within a line.
    fn phrase(&mut self, id: Id, name: &str) {
        let before = self.style;
        match name {
            "a" => {
                if self.anchor(id) {
                    return;
                }
            }
            "b" | "strong" | "mark" => self.style.strong = true,
            "i" | "em" | "cite" | "dfn" | "var" => self.style.emphasis = true,
            "s" | "del" | "strike" => self.style.struck = true,
            "code" | "kbd" | "samp" | "tt" => return self.code_in_line(id),
            "q" => {
                self.run.text("“", before);
                self.children(id);
                return self.run.text("”", before);
            }
            "sub" | "sup" => return self.small(id, name),
            "rp" => return,
            "rt" => {
                self.run.text("(", before);
                self.children(id);
                return self.run.text(")", before);
            }
            _ => {
                if self.media(id, name) {
                    return;
                }
            }
        }
        if let Some(css) = self.tree.attribute(id, "style") {
            self.style.set_by(css);
        }
        self.children(id);
        self.style = before;
    }

    fn anchor(&mut self, id: Id) -> bool {
        if self.reference(id) {
            return true;
        }
        let class = self.tree.attribute(id, "class").unwrap_or_default();
        let is_mark = class
            .split_whitespace()
            .any(|it| matches!(it, "headerlink" | "anchor-link"));
        let target = self.tree.attribute(id, "href").filter(|_| !is_mark);
        if let Some(target) = target.and_then(|it| self.target(it))
            && !self.only_enlarges(id, &target)
        {
            self.links.push(target);
            self.style.link = Some(self.links.len() - 1);
        }
        false
    }

    /// Whether a link is a picture that leads to itself in another size, or to the page that it is on.
    fn only_enlarges(&self, id: Id, target: &str) -> bool {
        let tree = self.tree;
        let path = target
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let files = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"];
        let here = self.base.is_some_and(|it| it.as_str() == target);
        (here || files.iter().any(|it| path.ends_with(it)))
            && tree.within(id).any(|it| tree.name(it) == "img")
            && tree.text(id).trim().is_empty()
    }

    /// Raised and lowered text stays HTML: recto has small signs for much of it.
    fn small(&mut self, id: Id, name: &str) {
        if self.only_refers(id) {
            return;
        }
        if self.tree.text(id).trim().is_empty() {
            return self.children(id);
        }
        self.run.push(Kind::Raw(format!("<{name}>")), self.style);
        self.children(id);
        self.run.push(Kind::Raw(format!("</{name}>")), self.style);
    }

    /// Where a picture or a player is.
    pub(super) fn address(&self, address: &str) -> Option<String> {
        let address = match &self.part {
            Some(part) => part.whole.picture(address),
            None => address::resolved(address, self.base),
        }?;
        Some(self.untracked(address))
    }

    /// Where a link leads.
    fn target(&self, address: &str) -> Option<String> {
        let address = match &self.part {
            Some(part) => part.whole.link(address),
            None => address::resolved(address, self.base),
        }?;
        Some(self.untracked(address))
    }

    /// An address without what in a letter tells who follows it.
    fn untracked(&self, address: String) -> String {
        match self.of_mail {
            true => link::without_tracking(&address).into_owned(),
            false => address,
        }
    }

    /// Whether nobody sees an element.
    pub(super) fn is_hidden(&self, id: Id) -> bool {
        let tree = self.tree;
        match tree.name(id) {
            "script" | "style" | "template" | "head" | "title" | "meta" | "link" | "button"
            | "select" | "option" | "textarea" | "datalist" | "canvas" | "svg" | "map"
            | "dialog" | "noframes" | "base" | "param" | "colgroup" | "col" | "frameset"
            | "progress" | "meter" => return true,
            _ => {}
        }
        if tree.attribute(id, "hidden").is_some() {
            return true;
        }
        let class = tree.attribute(id, "class").unwrap_or_default();
        // Formulas come twice: as MathML, and as boxes that draw them.
        if class.split_whitespace().any(|it| it == "katex-html") {
            return true;
        }
        let style = tree.attribute(id, "style").unwrap_or_default();
        style
            .split(';')
            .filter_map(|it| it.split_once(':'))
            .any(|(name, value)| {
                let name = name.trim().to_ascii_lowercase();
                let value = value.trim().to_ascii_lowercase();
                let value = value.trim_end_matches("!important").trim_end();
                let is_nothing = matches!(value, "0" | "0px" | "0em" | "0pt");
                match &*name {
                    "display" => value == "none",
                    // What shows beside a letter's subject, in the list of letters alone.
                    "max-height" | "font-size" | "opacity" | "line-height" => {
                        self.of_mail && is_nothing && self.is_leaf(id)
                    }
                    "visibility" => self.of_mail && value == "hidden",
                    _ => false,
                }
            })
    }

    /// Whether an element holds text and no blocks: boxes are given no size for their gaps, too.
    fn is_leaf(&self, id: Id) -> bool {
        let tree = self.tree;
        let holds = |it: Id| {
            matches!(
                tree.name(it),
                "table" | "p" | "h1" | "h2" | "h3" | "img" | "a"
            )
        };
        !tree.within(id).any(holds)
    }

    /// Whether a block is where only a line can be; then it is parted from what is around it.
    fn in_line(&mut self, id: Id) -> bool {
        let Some(form) = self.line else {
            return false;
        };
        self.part(form);
        self.children(id);
        self.part(form);
        true
    }

    pub(super) fn part(&mut self, form: Form) {
        match form {
            _ if self.run.is_empty() => {}
            Form::Heading => self.run.text(" ", Style::default()),
            Form::Paragraph | Form::Cell => {
                self.run.end_line();
            }
        }
    }

    fn division(&mut self, id: Id) {
        if !self.in_line(id) {
            self.flush();
            self.children(id);
            self.flush();
        }
    }

    fn caption(&mut self, id: Id) {
        if self.is_said_by_picture(id) {
            return;
        }
        let before = self.style;
        if self.line.is_none() {
            self.flush();
        }
        self.style.emphasis = true;
        self.division(id);
        self.style = before;
    }

    fn heading(&mut self, id: Id, name: &str) {
        if self.in_line(id) {
            return;
        }
        self.flush();
        let text = self.line_of(id, Form::Heading);
        if !text.is_empty() {
            let level = name.bytes().last().map_or(1, |it| usize::from(it - b'0'));
            let level = self.part.as_ref().map_or(level, |it| it.whole.level(level));
            let places = self.places();
            self.block(&format!("{} {places}{text}", "#".repeat(level.clamp(1, 6))));
        }
    }

    /// What an element holds, as one line.
    pub(super) fn line_of(&mut self, id: Id, form: Form) -> String {
        let outer = std::mem::take(&mut self.run);
        let line = self.line.replace(form);
        self.children(id);
        let text = self.run.take(form, &self.links);
        self.run = outer;
        self.line = line;
        text
    }

    fn rule(&mut self) {
        match self.line {
            Some(form) => self.part(form),
            None => {
                self.flush();
                self.block("---");
            }
        }
    }

    fn quote(&mut self, id: Id) {
        if self.in_line(id) {
            return;
        }
        self.flush();
        let around = std::mem::take(&mut self.tight);
        self.enter("> ".to_owned(), "> ".to_owned());
        self.children(id);
        self.leave();
        self.tight = around;
    }

    fn details(&mut self, id: Id) {
        if self.in_line(id) {
            return;
        }
        self.flush();
        let tree = self.tree;
        let summary = tree.children(id).find(|it| tree.name(*it) == "summary");
        let words = summary.map_or_else(String::new, |it| tree.text(it));
        let words: Vec<&str> = words.split_whitespace().collect();
        let words = words.join(" ").replace('&', "&amp;").replace('<', "&lt;");
        self.block(&format!("<details>\n<summary>{words}</summary>"));
        for child in tree.children(id) {
            if Some(child) != summary {
                self.node(child);
            }
        }
        self.flush();
        self.block("</details>");
    }

    /// A form goes, unless a page stands in it.
    fn form(&mut self, id: Id) {
        let is_page = self.tree.text(id).len() > 1000;
        if is_page {
            self.division(id);
        }
    }

    /// Ends the paragraph under way.
    pub(super) fn flush(&mut self) {
        if let Some(form) = self.line {
            return self.part(form);
        }
        let text = self.run.take(Form::Paragraph, &self.links);
        if text.chars().any(|c| !c.is_whitespace() && c != '\u{200b}') {
            let text = match &self.language {
                Some(tag) => format!("<span lang=\"{tag}\">{text}</span>"),
                None => text,
            };
            let text = self.places() + &text;
            self.block(&text);
        }
        self.links_done();
    }

    /// Links that no text under way stands in are needed no longer.
    fn links_done(&mut self) {
        if self.style.link.is_none() && self.line.is_none() && self.run.is_empty() {
            self.links.clear();
        }
    }

    /// Goes into a list's item or a quote.
    pub(super) fn enter(&mut self, first: String, rest: String) {
        self.gap();
        if self.containers.len() < DEEPEST {
            self.containers.push(Container {
                first,
                rest,
                begun: false,
            });
        } else {
            // Kept even, so that leaving takes away what entering put there.
            self.containers.push(Container {
                first: String::new(),
                rest: String::new(),
                begun: true,
            });
        }
        self.fresh = true;
        self.close_up = false;
        self.list = None;
    }

    pub(super) fn leave(&mut self) {
        self.flush();
        if self.containers.last().is_some_and(|it| !it.begun) {
            self.write_line("");
        }
        self.containers.pop();
        self.fresh = false;
        self.close_up = false;
        self.list = None;
    }

    /// Parts the next block from the one before it.
    fn gap(&mut self) {
        if !self.fresh && !self.close_up {
            self.write_line("");
        }
    }

    /// Writes a block: lines, as they are.
    pub(super) fn block(&mut self, text: &str) {
        let places = self.places();
        if !places.is_empty() {
            self.block(&places);
        }
        self.gap();
        for line in text.split('\n') {
            self.write_line(line);
        }
        self.fresh = false;
        self.list = None;
        // What follows a paragraph in an item of a list: another list stands close to it.
        self.close_up = false;
    }

    fn write_line(&mut self, line: &str) {
        let start = self.out.len();
        for container in &mut self.containers {
            let sign = match container.begun {
                true => &container.rest,
                false => &container.first,
            };
            container.begun = true;
            self.out.push_str(sign);
        }
        self.out.push_str(line);
        if line.is_empty() {
            let end = self.out.trim_end_matches(' ').len().max(start);
            self.out.truncate(end);
        }
        self.out.push('\n');
    }
}
