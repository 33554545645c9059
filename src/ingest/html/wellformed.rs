//! HTML written anew so that it is XML, too, and nothing stands where it may not: what is bound into a
//! book, or put on a page together with others, must not spill over.
//!
//! Only elements that say how a text is set are written. An element that may not stand where it does
//! gives its words and goes; links lead to the web, to mail or to a place in the same text.

mod address;
mod parts;

use std::collections::{HashMap, HashSet};

use super::tree::{DOCUMENT, Data, Id, Tree};
use crate::story::{escape, link, tex};

/// What a text is written into.
pub struct Surroundings<'a> {
    /// What the names of its places begin with: those of several texts on one page must differ.
    pub prefix: &'a str,
    /// Whether that is a book, where footnotes are marked as such (EPUB 3 Structural Semantics).
    pub book: bool,
    /// The address at which a picture is shown; none where it is not there, and its words stand for it.
    pub picture: &'a mut dyn FnMut(&str) -> Option<String>,
}

/// What `html` shows, as XHTML for the inside of a `body`.
pub fn well_formed(html: &str, around: Surroundings<'_>) -> String {
    let tree = Tree::of(html);
    let mut walk = Walk {
        places: Places::of(&tree, around.prefix),
        tree: &tree,
        around,
        out: String::new(),
        notes: String::new(),
        referred: HashSet::new(),
        noted: HashSet::new(),
    };
    walk.children(DOCUMENT, Here::default());
    let Walk { mut out, notes, .. } = walk;
    if !notes.is_empty() {
        out.push_str("\n<hr/>\n");
        out.push_str(&notes);
    }
    out.push('\n');
    out
}

/// Text as XML has it: without the signs that would be markup, and without characters that no XML may
/// hold (XML 1.0, 2.2).
pub fn escaped(text: &str) -> String {
    let holds = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        c => *c >= ' ' && !matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'),
    };
    escape::markup(&text.chars().filter(holds).collect::<String>())
}

/// The address of a link that may be followed, written so that it is one for everybody (RFC 3986).
pub fn followable(address: &str) -> Option<String> {
    address::followable(address)
}

/// What may stand at a place.
#[derive(Debug, Clone, Copy, Default)]
struct Here {
    /// Within a line: no blocks.
    line: bool,
    /// Within a link: no other one.
    link: bool,
    /// Where line breaks are the text's own.
    pre: bool,
}

impl Here {
    fn in_line(self) -> Self {
        Here { line: true, ..self }
    }
}

/// The places of a text that links in it lead to.
#[derive(Default)]
struct Places {
    /// How they are called in what is written, by what links call them.
    named: HashMap<String, String>,
    /// The same by the element.
    at: HashMap<Id, String>,
    /// The numbers of footnotes, by their labels.
    notes: HashMap<String, String>,
}

impl Places {
    fn of(tree: &Tree, prefix: &str) -> Self {
        let mut places = Places::default();
        let mut wanted = HashSet::new();
        for id in tree.within(DOCUMENT) {
            if let Some(name) = tree
                .attribute(id, "href")
                .and_then(|it| it.strip_prefix('#'))
            {
                wanted.insert(name.to_owned());
                wanted.insert(link::decode_percent(name));
            }
        }
        for id in tree.within(DOCUMENT) {
            let Some(name) = tree.attribute(id, "id") else {
                continue;
            };
            if is_note(tree, id) {
                let number = (places.notes.len() + 1).to_string();
                places.notes.entry(name.to_owned()).or_insert(number);
            } else if wanted.contains(name) && !places.named.contains_key(name) {
                let new = format!("{prefix}place-{}", places.at.len() + 1);
                places.named.insert(name.to_owned(), new.clone());
                places.at.insert(id, new);
            }
        }
        places
    }
}

/// Whether an element is a footnote, as the writer of Markdown's HTML makes them.
fn is_note(tree: &Tree, id: Id) -> bool {
    tree.name(id) == "div" && tree.attribute(id, "class") == Some("footnote-definition")
}

struct Walk<'t, 'a> {
    tree: &'t Tree,
    around: Surroundings<'a>,
    places: Places,
    out: String,
    /// The footnotes: they stand at the end, wherever they were written.
    notes: String,
    /// Those that a sign in the text leads to.
    referred: HashSet<String>,
    noted: HashSet<String>,
}

impl Walk<'_, '_> {
    fn children(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        for child in tree.children(id) {
            self.node(child, here);
        }
    }

    /// What the children of an element come to, apart.
    fn apart(&mut self, id: Id, here: Here) -> String {
        let before = std::mem::take(&mut self.out);
        self.children(id, here);
        std::mem::replace(&mut self.out, before)
    }

    fn node(&mut self, id: Id, here: Here) {
        match self.tree.data(id) {
            Data::Text(text) => {
                let text = match self.out.ends_with(['☑', '☐']) {
                    // Its line's end is none of the text's own.
                    true => format!(" {}", text.trim_start()),
                    false => text.to_string(),
                };
                self.out.push_str(&escaped(&text));
            }
            Data::Element(..) => self.element(id, here),
            Data::Document | Data::Nothing => self.children(id, here),
        }
    }

    fn element(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let name = tree.name(id);
        match name {
            "script" | "style" | "template" | "head" | "title" | "iframe" | "object" | "svg"
            | "math" | "noscript" | "select" | "audio" | "video" => {}
            "br" if here.pre => self.out.push('\n'),
            "br" => self.out.push_str("<br/>"),
            "wbr" => self.out.push_str("<wbr/>"),
            "hr" if here.line => self.break_line(),
            "hr" => self.out.push_str("<hr/>\n"),
            "img" => self.picture(id, here),
            "input" if tree.attribute(id, "type") == Some("checkbox") => {
                let done = tree.attribute(id, "checked").is_some();
                self.out.push_str(if done { "☑" } else { "☐" });
            }
            "a" => self.link(id, here),
            "sup" if tree.attribute(id, "class") == Some("footnote-reference") => {
                self.reference(id);
            }
            "abbr" | "b" | "cite" | "code" | "del" | "dfn" | "em" | "i" | "ins" | "kbd"
            | "mark" | "q" | "s" | "samp" | "small" | "strong" | "sub" | "sup" | "u" | "var" => {
                self.styled(id, name, here);
            }
            "span"
                if tree
                    .attribute(id, "class")
                    .is_some_and(|it| it.starts_with("math")) =>
            {
                let source = tree.text(id);
                match tex::unicode(&source) {
                    Some(set) => self.out.push_str(&escaped(&set)),
                    None => self
                        .out
                        .push_str(&format!("<code>{}</code>", escaped(&source))),
                }
            }
            "ruby" => self.ruby(id, here),
            "rp" => {}
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "blockquote" | "ul" | "ol"
            | "dl" | "table" | "details" | "figure" | "div" | "li" | "dt" | "dd" | "caption"
            | "tr" | "td" | "th" | "summary" | "figcaption" | "center" | "section" | "article"
            | "aside" | "header" | "footer" | "address" => match here.line {
                // Its words go on in a line of their own.
                true => {
                    self.break_line();
                    self.children(id, here);
                }
                false => self.block(id, name, here),
            },
            _ => self.children(id, here),
        }
    }

    /// Begins a line, where none has begun just now.
    fn break_line(&mut self) {
        let text = self.out.trim_end();
        let tag = text.ends_with('>').then(|| text.rfind('<')).flatten();
        let begins = tag.is_some_and(|at| !text[at..].starts_with("</"));
        if !begins && !text.is_empty() {
            self.out.push_str("<br/>");
        }
    }

    /// An element within a line.
    fn styled(&mut self, id: Id, name: &str, here: Here) {
        let class = (name == "code").then(|| language(self.tree, id)).flatten();
        let class = class.map_or_else(String::new, |it| format!(" class=\"language-{it}\""));
        self.out.push_str(&format!("<{name}{class}>"));
        self.children(id, here.in_line());
        self.out.push_str(&format!("</{name}>"));
    }

    fn link(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let place = self.places.at.get(&id).map(|it| format!(" id=\"{it}\""));
        let place = place.unwrap_or_default();
        if here.link {
            return self.children(id, here);
        }
        let href = tree.attribute(id, "href").and_then(|it| self.target(it));
        let href = href.map_or_else(String::new, |it| format!(" href=\"{}\"", escaped(&it)));
        if href.is_empty() && place.is_empty() {
            return self.children(id, here);
        }
        let within = Here {
            link: !href.is_empty(),
            ..here.in_line()
        };
        self.out.push_str(&format!("<a{place}{href}>"));
        self.children(id, within);
        self.out.push_str("</a>");
    }

    /// Where a link leads, if it may be followed.
    fn target(&self, href: &str) -> Option<String> {
        match href.strip_prefix('#') {
            Some(name) => {
                let named = &self.places.named;
                let plain = link::decode_percent(name);
                let found = named.get(name).or_else(|| named.get(&plain));
                found.map(|it| format!("#{it}"))
            }
            None => address::followable(href),
        }
    }

    fn picture(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let src = tree.attribute(id, "src").unwrap_or_default();
        let alt = tree.attribute(id, "alt").unwrap_or_default().trim();
        if let Some(shown) = (self.around.picture)(src) {
            let (shown, alt) = (escaped(&shown), escaped(alt));
            self.out
                .push_str(&format!("<img src=\"{shown}\" alt=\"{alt}\"/>"));
            return;
        }
        let words = escaped(if alt.is_empty() { "Picture" } else { alt });
        // What lies elsewhere is not fetched by whoever opens this: a link leads there.
        let target = address::followable(src).filter(|_| !here.link);
        match target {
            Some(target) => {
                let target = escaped(&target);
                self.out
                    .push_str(&format!("<a href=\"{target}\">{words}</a>"));
            }
            None => self.out.push_str(&words),
        }
    }

    /// The sign of a footnote.
    fn reference(&mut self, id: Id) {
        let tree = self.tree;
        let sign = escaped(tree.text(id).trim());
        let link = tree.children(id).find(|it| tree.name(*it) == "a");
        let label = link.and_then(|it| tree.attribute(it, "href")?.strip_prefix('#'));
        let Some(number) = label.and_then(|it| self.places.notes.get(it)).cloned() else {
            self.out.push_str(&format!("<sup>{sign}</sup>"));
            return;
        };
        let prefix = self.around.prefix;
        let kind = match self.around.book {
            true => " epub:type=\"noteref\" role=\"doc-noteref\"",
            false => "",
        };
        // The way back leads to the first one.
        let name = match self.referred.insert(number.clone()) {
            true => format!(" id=\"{prefix}ref-{number}\""),
            false => String::new(),
        };
        self.out.push_str(&format!(
            "<sup><a{name}{kind} href=\"#{prefix}note-{number}\">{sign}</a></sup>"
        ));
    }

    /// A footnote: it is put behind the text.
    fn note(&mut self, id: Id) {
        let tree = self.tree;
        let name = tree.attribute(id, "id").unwrap_or_default();
        let Some(number) = self.places.notes.get(name).cloned() else {
            return;
        };
        let prefix = self.around.prefix;
        let mut sign = String::new();
        let before = std::mem::take(&mut self.out);
        for child in tree.children(id) {
            match tree.attribute(child, "class") {
                Some("footnote-definition-label") => sign = escaped(tree.text(child).trim()),
                _ => self.node(child, Here::default()),
            }
        }
        let words = std::mem::replace(&mut self.out, before);
        let words = words.trim();
        let kind = match self.around.book {
            true => " epub:type=\"footnote\" role=\"doc-footnote\"",
            false => " class=\"footnote\"",
        };
        let back = match self.referred.contains(&number) {
            true => format!("<a role=\"doc-backlink\" href=\"#{prefix}ref-{number}\">{sign}</a>"),
            false => sign,
        };
        let words = match words.strip_prefix("<p>") {
            Some(rest) => format!("<p>{back} {rest}"),
            None => format!("<p>{back}</p>{words}"),
        };
        // One label that is given twice is one note.
        if self.noted.insert(number.clone()) {
            self.notes.push_str(&format!(
                "<aside{kind} id=\"{prefix}note-{number}\">{words}</aside>\n"
            ));
        }
    }
}

/// The language of some code, as its class says it.
fn language(tree: &Tree, id: Id) -> Option<String> {
    let class = tree.attribute(id, "class")?;
    let language = class.strip_prefix("language-")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+#-_.".contains(c);
    (!language.is_empty() && language.chars().all(plain)).then(|| language.to_owned())
}

#[cfg(test)]
mod tests;
