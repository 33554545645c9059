//! Blocks, and what they consist of.

use super::{Here, Walk, is_note};
use crate::ingest::html::tree::{Data, Id};

/// Cells that one may stand for, as browsers have it.
const MOST_CELLS: u32 = 1000;

impl Walk<'_, '_> {
    pub(super) fn block(&mut self, id: Id, name: &str, here: Here) {
        let tree = self.tree;
        match name {
            "p" => self.lines(id, name, here),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.lines(id, name, here),
            "pre" => {
                let here = Here { pre: true, ..here };
                self.lines(id, name, here);
            }
            "blockquote" => self.quote(id, here),
            "ul" | "ol" => self.list(id, name, here),
            "dl" => self.definitions(id, here),
            "table" => self.table(id, here),
            "details" => self.details(id, here),
            "figure" => self.figure(id, here),
            _ if is_note(tree, id) => self.note(id),
            _ => self.contained(id, "div", "", here),
        }
    }

    /// A block of words, where there are any.
    fn lines(&mut self, id: Id, name: &str, here: Here) {
        let words = self.apart(id, here.in_line());
        let place = self.places.at.get(&id);
        if words.trim().is_empty() && place.is_none() {
            return;
        }
        let place = place.map_or_else(String::new, |it| format!(" id=\"{it}\""));
        let words = match here.pre {
            true => words.trim_end_matches('\n'),
            false => words.trim(),
        };
        self.out
            .push_str(&format!("<{name}{place}>{words}</{name}>\n"));
    }

    /// A block of blocks, where there are any.
    fn contained(&mut self, id: Id, name: &str, attributes: &str, here: Here) {
        let inner = self.apart(id, here);
        self.put(name, attributes, &inner);
    }

    fn put(&mut self, name: &str, attributes: &str, inner: &str) {
        if !inner.trim().is_empty() {
            let inner = inner.trim();
            self.out
                .push_str(&format!("<{name}{attributes}>{inner}</{name}>\n"));
        }
    }

    fn quote(&mut self, id: Id, here: Here) {
        let class = self.tree.attribute(id, "class").unwrap_or_default();
        // What GitHub shows as an alert says what it is.
        let says = match class.strip_prefix("markdown-alert-") {
            Some("note") => "<p><strong>Note</strong></p>",
            Some("tip") => "<p><strong>Tip</strong></p>",
            Some("important") => "<p><strong>Important</strong></p>",
            Some("warning") => "<p><strong>Warning</strong></p>",
            Some("caution") => "<p><strong>Caution</strong></p>",
            _ => "",
        };
        let inner = self.apart(id, here);
        self.put("blockquote", "", &format!("{says}{inner}"));
    }

    fn list(&mut self, id: Id, name: &str, here: Here) {
        let tree = self.tree;
        let mut items = String::new();
        for child in tree.children(id) {
            let before = std::mem::take(&mut self.out);
            match tree.name(child) {
                "li" => self.children(child, here),
                _ => self.node(child, here),
            }
            let item = std::mem::replace(&mut self.out, before);
            let is_item = tree.name(child) == "li";
            if !is_item && item.trim().is_empty() {
                continue;
            }
            let value = tree
                .attribute(child, "value")
                .filter(|_| name == "ol" && is_item);
            let value = value.and_then(|it| it.trim().parse::<u16>().ok());
            let value = value.map_or_else(String::new, |it| format!(" value=\"{it}\""));
            items.push_str(&format!("<li{value}>{}</li>\n", item.trim()));
        }
        let start = tree.attribute(id, "start").filter(|_| name == "ol");
        let start = start.and_then(|it| it.trim().parse::<u32>().ok());
        let start = start.map_or_else(String::new, |it| format!(" start=\"{it}\""));
        self.put(name, &start, &items);
    }

    /// Terms, and what they mean: there is none of the two without the other.
    fn definitions(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let (mut out, mut last) = (String::new(), "dd");
        for child in tree.children(id) {
            let kind = if tree.name(child) == "dt" { "dt" } else { "dd" };
            let within = if kind == "dt" { here.in_line() } else { here };
            let before = std::mem::take(&mut self.out);
            match tree.name(child) {
                "dt" | "dd" => self.children(child, within),
                _ => self.node(child, within),
            }
            let inner = std::mem::replace(&mut self.out, before);
            if inner.trim().is_empty() {
                continue;
            }
            if kind == "dd" && out.is_empty() {
                out.push_str("<dt></dt>");
            }
            out.push_str(&format!("<{kind}>{}</{kind}>\n", inner.trim()));
            last = kind;
        }
        if last == "dt" {
            out.push_str("<dd></dd>");
        }
        self.put("dl", "", &out);
    }

    fn table(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let mut caption = String::new();
        let (mut head, mut body, mut foot) = (String::new(), String::new(), String::new());
        let mut parts: Vec<(Id, Option<&str>)> = vec![];
        for child in tree.children(id) {
            match tree.name(child) {
                "thead" | "tbody" | "tfoot" => {
                    let part = tree.name(child);
                    parts.extend(tree.children(child).map(|it| (it, Some(part))));
                }
                _ => parts.push((child, None)),
            }
        }
        for (child, part) in parts {
            match tree.name(child) {
                "caption" if caption.is_empty() => {
                    caption = self.apart(child, here.in_line()).trim().to_owned();
                }
                "tr" => {
                    let row = self.row(child, here);
                    match part {
                        Some("thead") => head.push_str(&row),
                        Some("tfoot") => foot.push_str(&row),
                        _ => body.push_str(&row),
                    }
                }
                // Browsers put before the table what is no part of it.
                _ => self.node(child, here),
            }
        }
        let mut out = String::new();
        for (name, inner) in [
            ("caption", caption),
            ("thead", head),
            ("tbody", body),
            ("tfoot", foot),
        ] {
            if !inner.is_empty() {
                out.push_str(&format!("<{name}>{inner}</{name}>\n"));
            }
        }
        self.put("table", "", &out);
    }

    fn row(&mut self, id: Id, here: Here) -> String {
        let tree = self.tree;
        let mut out = String::new();
        for child in tree.children(id) {
            let name = tree.name(child);
            if !matches!(name, "td" | "th") {
                if matches!(tree.data(child), Data::Element(..)) {
                    let inner = self.apart(child, here);
                    if !inner.trim().is_empty() {
                        out.push_str(&format!("<td>{}</td>", inner.trim()));
                    }
                }
                continue;
            }
            let mut attributes = String::new();
            for span in ["colspan", "rowspan"] {
                let said = tree
                    .attribute(child, span)
                    .and_then(|it| it.parse::<u32>().ok());
                if let Some(said) = said.filter(|it| (2..=MOST_CELLS).contains(it)) {
                    attributes.push_str(&format!(" {span}=\"{said}\""));
                }
            }
            let side = tree.attribute(child, "style");
            let side = side.and_then(|it| it.strip_prefix("text-align: "));
            if let Some(side) = side.filter(|it| matches!(*it, "left" | "center" | "right")) {
                attributes.push_str(&format!(" class=\"{side}\""));
            }
            let within = if name == "th" { here.in_line() } else { here };
            let inner = self.apart(child, within);
            out.push_str(&format!("<{name}{attributes}>{}</{name}>", inner.trim()));
        }
        match out.is_empty() {
            true => out,
            false => format!("<tr>{out}</tr>\n"),
        }
    }

    /// What unfolds is open: paper has no keys.
    fn details(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let summary = tree.children(id).find(|it| tree.name(*it) == "summary");
        let words = summary.map(|it| self.apart(it, here.in_line()));
        let words = words.filter(|it| !it.trim().is_empty());
        let before = std::mem::take(&mut self.out);
        for child in tree.children(id) {
            if Some(child) != summary {
                self.node(child, here);
            }
        }
        let inner = std::mem::replace(&mut self.out, before);
        match words {
            Some(words) => {
                let inner = format!("<summary>{}</summary>\n{}", words.trim(), inner.trim());
                self.put("details", " open=\"open\"", &inner);
            }
            None => self.put("div", "", &inner),
        }
    }

    fn figure(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let mut caption = None;
        let before = std::mem::take(&mut self.out);
        for child in tree.children(id) {
            match tree.name(child) {
                "figcaption" if caption.is_none() => caption = Some(self.apart(child, here)),
                _ => self.node(child, here),
            }
        }
        let mut inner = std::mem::replace(&mut self.out, before);
        let caption = caption.filter(|it| !it.trim().is_empty());
        if let Some(caption) = caption {
            inner.push_str(&format!("<figcaption>{}</figcaption>", caption.trim()));
        }
        self.put("figure", "", &inner);
    }

    /// Words with how they are read above them. What has no such goes on behind.
    pub(super) fn ruby(&mut self, id: Id, here: Here) {
        let tree = self.tree;
        let (mut pairs, mut base) = (String::new(), String::new());
        for child in tree.children(id) {
            let before = std::mem::take(&mut self.out);
            match tree.name(child) {
                "rt" | "rb" => self.children(child, here.in_line()),
                _ => self.node(child, here.in_line()),
            }
            let words = std::mem::replace(&mut self.out, before);
            match tree.name(child) {
                "rt" if base.trim().is_empty() => base.push_str(&words),
                "rt" => {
                    pairs.push_str(&std::mem::take(&mut base));
                    pairs.push_str(&format!("<rt>{words}</rt>"));
                }
                _ => base.push_str(&words),
            }
        }
        if !pairs.is_empty() {
            self.out.push_str(&format!("<ruby>{pairs}</ruby>"));
        }
        self.out.push_str(&base);
    }
}
