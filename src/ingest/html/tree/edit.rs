//! Taking a tree apart and putting it together anew.

use html5ever::{Attribute, LocalName, QualName, ns};

use super::{Data, Id, Node, Tree};

impl Tree {
    /// Makes a node that stands nowhere yet.
    pub(in crate::ingest) fn create(&mut self, data: Data) -> Id {
        self.nodes.push(Node {
            data,
            parent: None,
            first: None,
            last: None,
            before: None,
            after: None,
            depth: 0,
        });
        self.nodes.len() - 1
    }

    /// Makes an element that stands nowhere yet.
    pub(in crate::ingest) fn element(&mut self, name: &str) -> Id {
        let name = QualName::new(None, ns!(html), LocalName::from(name));
        self.create(Data::Element(name, Vec::new()))
    }

    /// Takes a node out, with all that is in it.
    pub(in crate::ingest) fn detach(&mut self, id: Id) {
        let nodes = &mut self.nodes;
        let node = &mut nodes[id];
        let (parent, before, after) = (node.parent.take(), node.before.take(), node.after.take());
        let Some(parent) = parent else {
            return;
        };
        match before {
            Some(before) => nodes[before].after = after,
            None => nodes[parent].first = after,
        }
        match after {
            Some(after) => nodes[after].before = before,
            None => nodes[parent].last = before,
        }
    }

    /// Puts a node that stands nowhere into `parent`: before `next`, or at the end.
    pub(in crate::ingest) fn place(&mut self, parent: Id, child: Id, next: Option<Id>) {
        let nodes = &mut self.nodes;
        let before = match next {
            Some(next) => nodes[next].before,
            None => nodes[parent].last,
        };
        let depth = nodes[parent].depth + 1;
        let node = &mut nodes[child];
        (node.parent, node.before, node.after) = (Some(parent), before, next);
        node.depth = depth;
        match before {
            Some(before) => nodes[before].after = Some(child),
            None => nodes[parent].first = Some(child),
        }
        match next {
            Some(next) => nodes[next].before = Some(child),
            None => nodes[parent].last = Some(child),
        }
    }

    /// Moves a node to the end of another one.
    pub(in crate::ingest) fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        self.place(parent, child, None);
    }

    /// Moves a node before another one.
    pub(in crate::ingest) fn place_before(&mut self, next: Id, child: Id) {
        self.detach(child);
        if let Some(parent) = self.parent(next) {
            self.place(parent, child, Some(next));
        }
    }

    /// Puts `new` where `old` stood.
    pub(in crate::ingest) fn replace(&mut self, old: Id, new: Id) {
        self.place_before(old, new);
        self.detach(old);
    }

    /// Gives an element another name.
    pub(in crate::ingest) fn rename(&mut self, id: Id, name: &str) {
        if let Some(Node {
            data: Data::Element(old, _),
            ..
        }) = self.nodes.get_mut(id)
        {
            old.local = LocalName::from(name);
        }
    }

    /// Gives an element an attribute.
    pub(in crate::ingest) fn set_attribute(&mut self, id: Id, name: &str, value: &str) {
        let Some(Node {
            data: Data::Element(_, attributes),
            ..
        }) = self.nodes.get_mut(id)
        else {
            return;
        };
        match attributes.iter_mut().find(|it| &*it.name.local == name) {
            Some(attribute) => attribute.value = value.into(),
            None => attributes.push(Attribute {
                name: QualName::new(None, ns!(), LocalName::from(name)),
                value: value.into(),
            }),
        }
    }

    pub(in crate::ingest) fn after(&self, id: Id) -> Option<Id> {
        self.nodes.get(id)?.after
    }

    pub(in crate::ingest) fn first(&self, id: Id) -> Option<Id> {
        self.nodes.get(id)?.first
    }

    pub(in crate::ingest) fn last(&self, id: Id) -> Option<Id> {
        self.nodes.get(id)?.last
    }

    /// The elements right in a node.
    pub(in crate::ingest) fn elements(&self, id: Id) -> impl Iterator<Item = Id> {
        self.children(id).filter(|it| self.is_element(*it))
    }

    pub(in crate::ingest) fn is_element(&self, id: Id) -> bool {
        matches!(self.data(id), Data::Element(..))
    }

    pub(in crate::ingest) fn attributes(&self, id: Id) -> &[Attribute] {
        match self.data(id) {
            Data::Element(_, attributes) => attributes,
            _ => &[],
        }
    }

    /// The node after `id` in the order of the source: in it, unless that is passed over, else behind it.
    pub(in crate::ingest) fn next(&self, id: Id, over: bool) -> Option<Id> {
        if !over && let Some(first) = self.first(id) {
            return Some(first);
        }
        let mut at = id;
        loop {
            if let Some(after) = self.after(at) {
                return Some(after);
            }
            at = self.parent(at)?;
        }
    }

    /// The elements that a node stands in, the nearest first.
    pub(in crate::ingest) fn around(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.parent(id), |it| self.parent(*it))
    }
}
