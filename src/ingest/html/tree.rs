//! The tree of a piece of HTML, built as browsers build it, within bounds.
//!
//! Browsers take any depth; here elements stop nesting at [`DEEPEST`], and no more of them are made
//! than [`MOST`] and a share of the source: what hostile markup asks for beyond that is passed over, its
//! words are not.

mod edit;

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
};

use html5ever::{
    Attribute, LocalName, Namespace, QualName,
    interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink},
    local_name, ns,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    },
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};

/// How deep elements stand in each other.
const DEEPEST: usize = 100;

/// How many nodes a small source may become.
const MOST: usize = 20_000;

/// Elements that have no content and no end.
#[rustfmt::skip]
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "basefont",
];

/// A node by its number.
pub(in crate::ingest) type Id = usize;

/// The number of the document itself.
pub(in crate::ingest) const DOCUMENT: Id = 0;

/// What a node is.
#[derive(Debug, Clone)]
pub(in crate::ingest) enum Data {
    Document,
    Element(QualName, Vec<Attribute>),
    Text(StrTendril),
    /// A comment or the like.
    Nothing,
}

#[derive(Debug, Clone)]
struct Node {
    data: Data,
    parent: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    before: Option<Id>,
    after: Option<Id>,
    depth: usize,
}

/// A tree.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Reads a fragment of HTML as it would stand in a body, or a whole page.
    pub(in crate::ingest) fn of(html: &str) -> Tree {
        let sink = Sink {
            tree: RefCell::new(Tree { nodes: Vec::new() }),
            names: RefCell::default(),
            depth: Cell::new(0),
        };
        sink.create(Data::Document);
        let options = TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        };
        let guard = Guard {
            builder: TreeBuilder::new(sink, options),
            most: MOST + html.len() / 8,
            passed: Cell::new(0),
        };
        let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(&without_crowds(html)));
        // No script is ever run, so the tokenizer never waits for one.
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        tokenizer.end();
        tokenizer.sink.builder.sink.tree.into_inner()
    }

    pub(in crate::ingest) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let first = self.nodes.get(id).and_then(|it| it.first);
        std::iter::successors(first, |id| self.nodes.get(*id)?.after)
    }

    pub(in crate::ingest) fn data(&self, id: Id) -> &Data {
        self.nodes.get(id).map_or(&Data::Nothing, |it| &it.data)
    }

    /// The name of an element, in small letters; empty for all else.
    pub(in crate::ingest) fn name(&self, id: Id) -> &str {
        match self.data(id) {
            Data::Element(name, _) => &name.local,
            _ => "",
        }
    }

    pub(in crate::ingest) fn attribute(&self, id: Id, wanted: &str) -> Option<&str> {
        let Data::Element(_, attributes) = self.data(id) else {
            return None;
        };
        let found = attributes.iter().find(|it| &*it.name.local == wanted);
        found.map(|it| &*it.value)
    }

    pub(in crate::ingest) fn parent(&self, id: Id) -> Option<Id> {
        self.nodes.get(id)?.parent
    }

    pub(in crate::ingest) fn before(&self, id: Id) -> Option<Id> {
        self.nodes.get(id)?.before
    }

    /// All nodes in a node, in the order of the source, itself left out.
    pub(in crate::ingest) fn within(&self, id: Id) -> impl Iterator<Item = Id> {
        let mut at = id;
        let mut done = false;
        std::iter::from_fn(move || {
            if done {
                return None;
            }
            let node = self.nodes.get(at)?;
            let mut next = node.first;
            let mut from = at;
            while next.is_none() {
                if from == id {
                    done = true;
                    return None;
                }
                let node = self.nodes.get(from)?;
                next = node.after;
                from = node.parent?;
            }
            at = next?;
            Some(at)
        })
    }

    /// All nodes that begin behind the beginning of a node, in the order of the source.
    pub(in crate::ingest) fn following(&self, id: Id) -> impl Iterator<Item = Id> {
        let next = |id: &Id| {
            let node = self.nodes.get(*id)?;
            if node.first.is_some() {
                return node.first;
            }
            let above = std::iter::successors(Some(*id), |it| self.parent(*it));
            above.into_iter().find_map(|it| self.nodes.get(it)?.after)
        };
        std::iter::successors(next(&id), next)
    }

    /// All text in a node, as it lies there.
    pub(in crate::ingest) fn text(&self, id: Id) -> String {
        let mut out = String::new();
        for node in self.within(id) {
            if let Data::Text(text) = self.data(node) {
                out.push_str(text);
            }
        }
        out
    }
}

/// A source without the tags that have more attributes than any has: each of them is compared with all
/// others.
fn without_crowds(html: &str) -> Cow<'_, str> {
    const MOST_ATTRIBUTES: usize = 500;
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = html.get(at..).and_then(|it| it.find('<')) {
        let open = at + open;
        let rest = html.get(open..).unwrap_or_default();
        let length = rest.find('>').unwrap_or(rest.len());
        let tag = rest.get(..length).unwrap_or_default();
        let crowded = length > 4 * MOST_ATTRIBUTES
            && tag.split_ascii_whitespace().nth(MOST_ATTRIBUTES).is_some()
            && !tag.starts_with("<!");
        if crowded {
            out.push_str(html.get(copied..open).unwrap_or_default());
            copied = (open + length + 1).min(html.len());
        }
        // Looked at once, whatever it is.
        at = if length > 4 * MOST_ATTRIBUTES {
            open + length
        } else {
            open + 1
        };
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Hands tags on to the builder as long as the tree is within its bounds.
struct Guard {
    builder: TreeBuilder<Id, Sink>,
    most: usize,
    /// How many elements that were passed over stand open.
    passed: Cell<usize>,
}

impl TokenSink for Guard {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if let Token::TagToken(tag) = &token
            && !VOID.contains(&&*tag.name)
        {
            let sink = &self.builder.sink;
            match tag.kind {
                TagKind::StartTag => {
                    let full = sink.tree.borrow().nodes.len() >= self.most;
                    if full || sink.depth.get() >= DEEPEST {
                        self.passed.set(self.passed.get() + 1);
                        return TokenSinkResult::Continue;
                    }
                }
                TagKind::EndTag if self.passed.get() > 0 => {
                    self.passed.set(self.passed.get() - 1);
                    return TokenSinkResult::Continue;
                }
                TagKind::EndTag => sink.depth.set(sink.depth.get().saturating_sub(1)),
            }
        }
        match self.builder.process_token(token, line) {
            // There is nothing to run.
            TokenSinkResult::Script(_) => TokenSinkResult::Continue,
            other => other,
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// What the builder builds with.
struct Sink {
    tree: RefCell<Tree>,
    /// Names by number: those of the builder must outlive the tree's borrow.
    names: RefCell<Vec<Option<QualName>>>,
    /// How deep the last element lies that was put in.
    depth: Cell<usize>,
}

/// An element's name, for the builder.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Sink {
    fn create(&self, data: Data) -> Id {
        let mut tree = self.tree.borrow_mut();
        let name = match &data {
            Data::Element(name, _) => Some(name.clone()),
            _ => None,
        };
        self.names.borrow_mut().push(name);
        tree.create(data)
    }

    /// Puts `child` into `parent`, before `next` or at the end.
    fn insert(&self, parent: Id, child: NodeOrText<Id>, next: Option<Id>) {
        let child = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut tree = self.tree.borrow_mut();
                let beside = match next {
                    Some(next) => tree.nodes.get(next).and_then(|it| it.before),
                    None => tree.nodes.get(parent).and_then(|it| it.last),
                };
                if let Some(beside) = beside
                    && let Some(Node {
                        data: Data::Text(before),
                        ..
                    }) = tree.nodes.get_mut(beside)
                {
                    before.push_tendril(&text);
                    return;
                }
                drop(tree);
                self.create(Data::Text(text))
            }
        };
        let mut tree = self.tree.borrow_mut();
        tree.place(parent, child, next);
        if let Some(node) = tree.nodes.get(child)
            && matches!(node.data, Data::Element(..))
        {
            self.depth.set(node.depth);
        }
    }

    fn detach(&self, id: Id) {
        self.tree.borrow_mut().detach(id);
    }

    fn parent(&self, id: Id) -> Option<Id> {
        self.tree.borrow().nodes.get(id)?.parent
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = ();
    type ElemName<'a> = Name;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name {
        let names = self.names.borrow();
        let name = names.get(*target).cloned().flatten();
        Name(name.unwrap_or_else(|| QualName::new(None, ns!(html), local_name!("div"))))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        self.create(Data::Element(name, attributes))
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.create(Data::Nothing)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.create(Data::Nothing)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, child, None);
    }

    fn append_based_on_parent_node(&self, element: &Id, before: &Id, child: NodeOrText<Id>) {
        match self.parent(*element) {
            Some(parent) => self.insert(parent, child, Some(*element)),
            None => self.insert(*before, child, None),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        match self.parent(*sibling) {
            Some(parent) => self.insert(parent, child, Some(*sibling)),
            None => drop(child),
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        if let Some(Node {
            data: Data::Element(_, present),
            ..
        }) = self.tree.borrow_mut().nodes.get_mut(*target)
        {
            for attribute in attributes {
                if !present.iter().any(|it| it.name == attribute.name) {
                    present.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        loop {
            let first = self.tree.borrow().nodes.get(*node).and_then(|it| it.first);
            let Some(first) = first else {
                return;
            };
            self.insert(*new_parent, NodeOrText::AppendNode(first), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(tree: &Tree) -> usize {
        tree.nodes.iter().map(|it| it.depth).max().unwrap_or(0)
    }

    #[test]
    fn hostile_markup_stays_within_bounds() {
        for html in [
            "<div>".repeat(100_000),
            "<b><i><u>".repeat(30_000),
            "<table><tr><td>".repeat(30_000),
            (0..2000).map(|n| format!("<font size={n}><p>x")).collect(),
            "<a><p>".repeat(20_000),
        ] {
            let html = format!("{html}words");
            let tree = Tree::of(&html);
            assert!(depth(&tree) < DEEPEST + 20, "{}", depth(&tree));
            assert!(
                tree.nodes.len() < 3 * (MOST + html.len()),
                "{}",
                tree.nodes.len()
            );
            assert!(tree.text(DOCUMENT).contains("words"));
        }
    }

    #[test]
    fn many_paragraphs_without_ends_are_not_deep() {
        let html = "<p>a<li>b<td>c".repeat(2000);
        let tree = Tree::of(&html);
        let paragraphs = tree.within(DOCUMENT).filter(|it| tree.name(*it) == "p");
        assert_eq!(paragraphs.count(), 2000);
    }
}
