//! What looks like furniture within a story: mostly links, pictures, fields; little text, and few commas.

use std::collections::HashSet;

use super::{super::measure::*, super::words, Strictness, plays, score};
use crate::ingest::html::tree::{Id, Tree};

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

const TEXTS: [&str; 12] = [
    "span",
    "li",
    "td",
    "blockquote",
    "dl",
    "div",
    "img",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];

pub(super) struct Cleaning {
    pub strictness: Strictness,
    /// The tables whose cells belong together.
    pub tables: HashSet<Id>,
}

impl Cleaning {
    /// Takes the elements of these names out that look like furniture, the last first.
    pub(super) fn of(&self, tree: &mut Tree, root: Id, names: &[&str]) {
        if !self.strictness.conditional {
            return;
        }
        let found: Vec<Id> = tree
            .within(root)
            .filter(|it| names.contains(&tree.name(*it)))
            .collect();
        for id in found.into_iter().rev() {
            if self.is_furniture(tree, id) {
                tree.detach(id);
            }
        }
    }

    fn is_furniture(&self, tree: &Tree, id: Id) -> bool {
        let name = tree.name(id);
        let all = length(tree, id);
        let is_list = matches!(name, "ul" | "ol") || {
            let listed = text_in(tree, id, all, &["ul", "ol"]);
            listed as f64 / all as f64 > 0.9
        };
        let kept = self.tables.contains(&id)
            || tree.around(id).any(|it| self.tables.contains(&it))
            || stands_in(tree, id, "code")
            || tree.within(id).any(|it| self.tables.contains(&it));
        if kept {
            return false;
        }
        let weight = score::weight(tree, id, self.strictness.names);
        if weight < 0.0 {
            return !is_quotation(tree, id);
        }
        let commas: usize = texts(tree, id).map(|it| it.matches(',').count()).sum();
        if commas >= 10 {
            return false;
        }
        let Counts {
            p,
            img,
            li,
            input,
            embeds,
            films,
        } = Counts::of(tree, id);
        if films {
            return false;
        }
        if all < 40 && words::is_filler(&line(tree, id)) {
            return true;
        }
        let density = link_density(tree, id);
        let headings = text_density(tree, id, &HEADINGS);
        let in_figure = stands_in(tree, id, "figure");
        let furniture = (!in_figure && img > 1 && (p as f64) < img as f64 * 0.5)
            || (!is_list && li > p + 100)
            || input > p / 3
            || (!is_list
                && !in_figure
                && headings < 0.9
                && all < 25
                && (img == 0 || img > 2)
                && density > 0.0)
            || (!is_list && weight < 25.0 && density > 0.2)
            || (weight >= 25.0 && density > 0.5)
            || (embeds == 1 && all < 75)
            || embeds > 1
            || (img == 0 && text_density(tree, id, &TEXTS) == 0.0);
        if is_list && furniture {
            let simple = tree.elements(id).all(|it| tree.elements(it).count() <= 1);
            // A list of pictures.
            return !(simple && img == li);
        }
        furniture
    }
}

struct Counts {
    p: usize,
    img: usize,
    li: usize,
    input: usize,
    embeds: usize,
    films: bool,
}

impl Counts {
    fn of(tree: &Tree, id: Id) -> Counts {
        let mut counts = Counts {
            p: 0,
            img: 0,
            li: 0,
            input: 0,
            embeds: 0,
            films: false,
        };
        for it in tree.within(id) {
            match tree.name(it) {
                "p" => counts.p += 1,
                "img" => counts.img += 1,
                "li" => counts.li += 1,
                "input" => counts.input += 1,
                "object" | "embed" | "iframe" => {
                    counts.embeds += 1;
                    counts.films |= plays(tree, it);
                }
                _ => {}
            }
        }
        counts
    }
}

/// The tables that hold data, not the page.
pub(super) fn data_tables(tree: &Tree, root: Id) -> HashSet<Id> {
    let tables = tree.within(root).filter(|it| tree.name(*it) == "table");
    tables.filter(|it| is_data_table(tree, *it)).collect()
}

fn is_data_table(tree: &Tree, id: Id) -> bool {
    if tree.attribute(id, "role") == Some("presentation")
        || tree.attribute(id, "datatable") == Some("0")
    {
        return false;
    }
    if tree
        .attribute(id, "summary")
        .is_some_and(|it| !it.is_empty())
    {
        return true;
    }
    let caption = tree.within(id).find(|it| tree.name(*it) == "caption");
    if caption.is_some_and(|it| tree.first(it).is_some())
        || count(tree, id, &["col", "colgroup", "tfoot", "thead", "th"]) > 0
    {
        return true;
    }
    if count(tree, id, &["table"]) > 0 {
        return false;
    }
    let span = |id: Id, name: &str| {
        let span = tree
            .attribute(id, name)
            .and_then(|it| it.trim().parse().ok());
        span.filter(|it| *it > 0 && *it < 1000).unwrap_or(1_usize)
    };
    let (mut rows, mut columns) = (0, 0);
    for row in tree.within(id).filter(|it| tree.name(*it) == "tr") {
        rows += span(row, "rowspan");
        let cells = tree.within(row).filter(|it| tree.name(*it) == "td");
        columns = columns.max(cells.map(|it| span(it, "colspan")).sum());
    }
    match (rows, columns) {
        (1, _) | (_, 1) => false,
        (10.., _) | (_, 5..) => true,
        _ => rows * columns > 10,
    }
}
