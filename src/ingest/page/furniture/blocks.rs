//! A story read block by block.

use std::{cell::OnceCell, ops::Range};

use super::{
    super::{
        measure::{is_phrasing, length, likeness, line},
        readability::{MAIN_HEADING, OUTER_CLASS},
        words::tokens,
    },
    About,
};
use crate::ingest::{
    capture::single::{Does, Single},
    html::tree::{Id, Tree},
};

/// A paragraph, a heading, an item of a list.
#[derive(Debug)]
struct Block {
    id: Id,
    line: Single,
    does: OnceCell<Option<Does>>,
    /// How much of it is in links, from 0 to 1.
    linked: f64,
    is_heading: bool,
    /// Whether it links to another site.
    leads_away: bool,
    /// Whether it is an item of a list.
    is_item: bool,
    /// Whether it is set as it is: code, a cell of a table.
    is_set: bool,
}

impl Block {
    /// What it does on the page, by its words: looked up where it is asked, for that takes long.
    fn does(&self, about: About<'_>) -> Option<Does> {
        let look = || match self.is_set {
            true => None,
            false => self.line.does(about.language),
        };
        *self.does.get_or_init(look)
    }

    fn is_link(&self) -> bool {
        self.linked > 0.8
    }

    /// Whether it is of the text: nothing gives it away.
    fn is_text(&self, about: About<'_>) -> bool {
        self.is_set || (self.line.is_prose() && self.linked < 0.5 && self.does(about).is_none())
    }
}

pub(super) fn remove(tree: &mut Tree, root: Id, about: About<'_>) {
    let mut ids = Vec::new();
    collect(tree, root, &mut ids);
    let blocks: Vec<Block> = ids
        .into_iter()
        .map(|id| block(tree, id, about))
        .filter(|it| !it.line.text().is_empty())
        .collect();
    let Some(first) = blocks.iter().position(|it| it.is_text(about)) else {
        return;
    };
    let last = blocks
        .iter()
        .rposition(|it| it.is_text(about))
        .unwrap_or(first);
    let mut out = vec![false; blocks.len()];
    head(tree, &blocks, first, about, &mut out);
    tail(&blocks, last, about, &mut out);
    between(&blocks, first..last, about, &mut out);
    for (block, _) in blocks.iter().zip(&out).filter(|it| *it.1) {
        take(tree, root, block.id);
    }
}

/// Takes a block out, with what is empty then.
fn take(tree: &mut Tree, root: Id, id: Id) {
    let mut at = id;
    while let Some(outer) = tree.parent(at) {
        let holds =
            |it: Id| it != at && (!super::super::measure::is_blank(tree, it) || shows(tree, it));
        if outer == root || tree.children(outer).any(holds) {
            break;
        }
        at = outer;
    }
    if !shows(tree, at) {
        tree.detach(at);
        return;
    }
    // Its words go, its pictures stay.
    let texts: Vec<Id> = tree
        .within(at)
        .filter(|it| matches!(tree.data(*it), crate::ingest::html::tree::Data::Text(_)))
        .collect();
    for text in texts {
        tree.detach(text);
    }
}

fn shows(tree: &Tree, id: Id) -> bool {
    let is = |it: Id| {
        matches!(
            tree.name(it),
            "img" | "video" | "audio" | "iframe" | "picture"
        )
    };
    is(id) || tree.within(id).any(is)
}

/// The elements of a story that have text and no blocks in them.
fn collect(tree: &Tree, id: Id, out: &mut Vec<Id>) {
    for child in tree.elements(id) {
        if is_phrasing(tree, child) {
            continue;
        }
        let name = tree.name(child);
        let inner = tree
            .within(child)
            .any(|it| tree.is_element(it) && !is_phrasing(tree, it));
        if inner && !matches!(name, "pre" | "table" | "p") {
            collect(tree, child, out);
        } else {
            out.push(child);
        }
    }
}

fn block(tree: &Tree, id: Id, about: About<'_>) -> Block {
    let name = tree.name(id);
    let line = Single::new(&line(tree, id));
    let all = length(tree, id);
    let linked: usize = tree
        .within(id)
        .filter(|it| tree.name(*it) == "a")
        .map(|it| length(tree, it))
        .sum();
    let is_set = matches!(name, "pre" | "table" | "math");
    Block {
        id,
        does: OnceCell::new(),
        linked: linked as f64 / all.max(1) as f64,
        is_heading: matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"),
        leads_away: tree
            .within(id)
            .filter_map(|it| tree.attribute(it, "href"))
            .any(|it| about.leads_away(it)),
        is_item: name == "li" || tree.around(id).take(2).any(|it| tree.name(it) == "li"),
        is_set,
        line,
    }
}

/// Before the first paragraph: where the page says what the story is.
fn head(tree: &Tree, blocks: &[Block], first: usize, about: About<'_>, out: &mut [bool]) {
    let headings = blocks
        .iter()
        .filter(|it| tree.attribute(it.id, MAIN_HEADING).is_some());
    let one_heading = headings.count() == 1;
    for (at, block) in blocks.iter().enumerate().take(first) {
        let text = block.line.text();
        let known = names_known(text, about)
            || does_before(block, about)
            || block.line.is_bare()
            || (block.is_link() && block.line.words() <= 6)
            || (likeness(about.title, text) > 0.75 && likeness(text, about.title) > 0.75);
        // The story has its title.
        let heads = one_heading && tree.attribute(block.id, MAIN_HEADING).is_some();
        out[at] = known || heads || is_standfirst(tree, block, about);
    }
    out[first] = is_standfirst(tree, &blocks[first], about);
}

/// Whether a line before the story is no part of it. What it tells of the story is known from elsewhere, or
/// it stays.
fn does_before(block: &Block, about: About<'_>) -> bool {
    match block.does(about) {
        Some(Does::Credits) => true,
        Some(_) if block.line.is_prose() => false,
        Some(Does::Tells) => {
            let digits = block.line.text().chars().any(|c| c.is_ascii_digit());
            match block.line.byline() {
                Some(_) => !about.authors.is_empty(),
                None => about.is_dated || !digits,
            }
        }
        Some(_) => true,
        None => false,
    }
}

/// Whether a block is what the page says of the story elsewhere, and stands apart from its paragraphs.
fn is_standfirst(tree: &Tree, block: &Block, about: About<'_>) -> bool {
    let Some(summary) = about.summary else {
        return false;
    };
    let text = block.line.text();
    if likeness(summary, text) < 0.9 || likeness(text, summary) < 0.9 {
        return false;
    }
    let apart = |id: Id| {
        let named = ["class", OUTER_CLASS].map(|it| tree.attribute(id, it).unwrap_or_default());
        let mut words = named.iter().flat_map(|it| tokens(it));
        words.any(|it| STANDFIRST.contains(&&*it))
    };
    // What has more in it than this is the story itself, whatever it is called.
    let alone = |id: &Id| length(tree, *id) * 4 < length(tree, block.id) * 5;
    let mut around = std::iter::once(block.id).chain(tree.around(block.id).take_while(alone));
    block.is_heading || around.any(apart)
}

/// What the lines under a headline are called.
#[rustfmt::skip]
const STANDFIRST: [&str; 20] = [
    "standfirst", "subtitle", "subhead", "subheading", "subheadline", "dek", "deck", "summary", "lead", "lede",
    "excerpt", "teaser", "intro", "introduction", "kicker", "description", "strapline", "abstract", "chapo", "sapo",
];

/// Whether a line is the name of an author, of the site or of a part of it.
fn names_known(text: &str, about: About<'_>) -> bool {
    let folded = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let text = folded(text);
    let mut known = about.authors.iter().chain(about.sections);
    !text.is_empty() && known.any(|it| folded(it) == text)
}

/// Behind the last paragraph.
fn tail(blocks: &[Block], last: usize, about: About<'_>, out: &mut [bool]) {
    // A heading over other stories, and nothing but links behind it.
    for (at, block) in blocks.iter().enumerate().skip(last + 1) {
        if block.does(about) == Some(Does::HeadsOthers) {
            let own = blocks[at..]
                .iter()
                .position(|it| it.is_item && it.leads_away);
            let end = own.map_or(blocks.len(), |it| at + it);
            // What it heads is of other sites: sources, perhaps.
            if own != Some(1) {
                out[at..end].fill(true);
            }
            break;
        }
    }
    let mut at = blocks.len();
    while at > last + 1 {
        at -= 1;
        let block = &blocks[at];
        let gone = out[at]
            || block.line.is_imprint()
            || block.line.closes()
            || block.line.is_bare()
            || (block.is_heading && out.get(at + 1).is_none_or(|it| *it))
            || names_known(block.line.text(), about)
            || block.line.asks_to_follow()
            || matches!(
                block.does(about),
                Some(Does::Tells | Does::Serves | Does::Credits)
            )
            || (block.is_link() && !block.leads_away);
        if !gone && !block.is_set {
            // What stands here may end the story.
            if block.line.words() > 3 {
                break;
            }
            continue;
        }
        out[at] = gone && !block.is_set;
    }
}

/// Between the paragraphs.
fn between(blocks: &[Block], range: Range<usize>, about: About<'_>, out: &mut [bool]) {
    let last = range.end;
    for at in range.skip(1) {
        let block = &blocks[at];
        // What is so long is hardly ever a caption or a link, and to look its words up takes time.
        if block.is_set || block.line.words() > 35 {
            continue;
        }
        let links = |from: usize| {
            let these = blocks.get(from..last).unwrap_or_default();
            these.iter().take_while(|it| it.linked > 0.5).count()
        };
        let gone = match block.does(about) {
            Some(Does::HeadsOthers | Does::LeadsElsewhere) if block.linked < 0.1 => {
                let links = links(at + 1);
                out[at + 1..at + 1 + links].fill(true);
                links > 0 || block.line.words() <= 4
            }
            Some(Does::HeadsOthers) => block.is_link(),
            // Short pleas and labels of buttons, whether they are links or not.
            Some(Does::Serves)
                if !block.is_heading && !block.is_item && block.line.words() <= 12 =>
            {
                true
            }
            Some(Does::LeadsElsewhere | Does::Serves) => block.linked > 0.5 && !block.is_heading,
            Some(Does::Credits) => !block.is_heading,
            Some(Does::Portrays | Does::Tells) | None => false,
        };
        // The number of a picture.
        let counts = block.line.is_number() && !block.is_item && !block.is_heading;
        out[at] |= gone || counts || is_shouted_link(block);
        if is_own_link(block) && at.checked_sub(1).is_some_and(|it| is_own_link(&blocks[it])) {
            out[at - 1..=at].fill(true);
        }
    }
}

/// Whether an item of a list is nothing but a link to another story of the site.
fn is_own_link(block: &Block) -> bool {
    block.is_item && block.linked > 0.95 && !block.leads_away && block.line.words() >= 4
}

/// Whether a paragraph is nothing but the headline of another story, in capitals.
fn is_shouted_link(block: &Block) -> bool {
    let line = &block.line;
    block.linked > 0.95
        && (4..=30).contains(&line.words())
        && line.is_shouted()
        && !block.is_heading
}
