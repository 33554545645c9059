//! What a list of feeds says besides of feeds: kept, so that it stands in the list that is written.

use serde::{Deserialize, Serialize};

use super::{
    Opml, Outline, flat,
    read::{DEEPEST, is_name},
};
use crate::story::clean;

/// Elements of a head that are said anew of every list that is written.
const ANEW: [&str; 2] = ["datecreated", "datemodified"];

/// A part of a list that is no feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// The elements of its head.
    Head(Vec<(String, String)>),
    /// What its root says besides its version.
    Root(Vec<(String, String)>),
    /// A folder of this path, of which more is said than its name, or in which nothing lies.
    Folder(Vec<String>, Outline),
    /// An outline that is neither, in the folder of this path.
    Other(Vec<String>, Outline),
}

impl Rest {
    /// It with all its texts made harmless, whoever wrote them.
    pub fn cleaned(self) -> Self {
        let path = |it: Vec<String>| it.iter().map(|it| clean::line(it)).collect();
        match self {
            Rest::Head(said) => Rest::Head(pairs(said)),
            Rest::Root(said) => Rest::Root(pairs(said)),
            Rest::Folder(at, outline) => Rest::Folder(path(at), harmless(outline)),
            Rest::Other(at, outline) => Rest::Other(path(at), harmless(outline)),
        }
    }

    /// What tells it from all others: of what has the same only the first is kept.
    pub fn key(&self) -> String {
        match self {
            Rest::Head(_) => "head".to_owned(),
            Rest::Root(_) => "root".to_owned(),
            Rest::Folder(path, _) => format!("folder\n{}", path.join("\n")),
            Rest::Other(path, outline) => {
                let it = serde_json::to_string(outline).unwrap_or_default();
                format!("other\n{}\n{it}", path.join("\n"))
            }
        }
    }
}

/// Names with their values, without those that no writer could write.
fn pairs(said: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut said = said;
    said.retain(|(name, _)| is_name(name));
    for (_, value) in &mut said {
        *value = clean::text(value).into_owned();
    }
    said
}

fn harmless(outline: Outline) -> Outline {
    let text = |it: String| clean::text(&it).into_owned();
    Outline {
        text: text(outline.text),
        title: outline.title.map(text),
        kind: outline.kind.map(text),
        xml_url: outline.xml_url.map(text),
        html_url: outline.html_url.map(text),
        attributes: pairs(outline.attributes),
        children: outline.children.into_iter().map(harmless).collect(),
    }
}

impl Opml {
    /// What it says besides of feeds.
    pub fn rest(&self) -> Vec<Rest> {
        let mut rest = Vec::new();
        let said = |name: &str| !ANEW.contains(&name.to_ascii_lowercase().as_str());
        let head = self.head.iter().filter(|(name, _)| said(name)).cloned();
        let head: Vec<_> = head.collect();
        if !head.is_empty() {
            rest.push(Rest::Head(head));
        }
        if !self.attributes.is_empty() {
            rest.push(Rest::Root(self.attributes.clone()));
        }
        for outline in &self.outlines {
            gather(outline, &mut Vec::new(), &mut rest);
        }
        rest
    }

    /// It with what other lists said besides of feeds.
    pub fn with(mut self, rest: impl IntoIterator<Item = Rest>) -> Opml {
        for it in rest {
            match it {
                Rest::Head(head) => {
                    let theirs = |name: &str| head.iter().any(|(its, _)| its == name);
                    self.head.retain(|(name, _)| !theirs(name));
                    self.head.splice(0..0, head);
                }
                Rest::Root(attributes) => {
                    for (name, value) in attributes {
                        if self.attributes.iter().all(|(its, _)| *its != name) {
                            self.attributes.push((name, value));
                        }
                    }
                }
                Rest::Folder(path, said) => {
                    let is_there = find(&self.outlines, &path);
                    // One whose feeds all lie elsewhere now is no folder any more, unless it was empty.
                    if is_there || said.children.is_empty() {
                        let folder = made(&mut self.outlines, &path);
                        folder.kind = said.kind;
                        folder.html_url = said.html_url;
                        folder.attributes = said.attributes;
                    }
                }
                Rest::Other(path, outline) => {
                    let into = match path.is_empty() {
                        true => &mut self.outlines,
                        false => &mut made(&mut self.outlines, &path).children,
                    };
                    if !into.contains(&outline) {
                        into.push(outline);
                    }
                }
            }
        }
        self
    }
}

fn gather(outline: &Outline, path: &mut Vec<String>, rest: &mut Vec<Rest>) {
    if flat::feed_address(outline).is_none() {
        let says_more =
            outline.kind.is_some() || outline.html_url.is_some() || !outline.attributes.is_empty();
        let name = flat::name(outline);
        if outline.children.is_empty() && (says_more || name.is_empty()) {
            rest.push(Rest::Other(path.clone(), outline.clone()));
        } else if outline.children.is_empty() || (says_more && !name.is_empty()) {
            let mut whole = path.clone();
            whole.push(name);
            // Whether something lies in it is all that is to be known of that.
            let children = outline.children.iter().take(1).map(|_| Outline::default());
            let said = Outline {
                children: children.collect(),
                ..outline.clone()
            };
            rest.push(Rest::Folder(whole, said));
        }
    }
    let name = flat::name(outline);
    let named = !name.is_empty() && path.len() < DEEPEST;
    if named {
        path.push(name);
    }
    for child in &outline.children {
        gather(child, path, rest);
    }
    if named {
        path.pop();
    }
}

/// Whether there is a folder of this path.
fn find(outlines: &[Outline], path: &[String]) -> bool {
    let Some((first, below)) = path.split_first() else {
        return true;
    };
    let mut folders = outlines.iter().filter(|it| it.xml_url.is_none());
    folders.any(|it| flat::name(it) == *first && find(&it.children, below))
}

/// The folder of this path, which is not empty, made where it is not there.
fn made<'a>(outlines: &'a mut Vec<Outline>, path: &[String]) -> &'a mut Outline {
    let name = path.first().cloned().unwrap_or_default();
    let is_it = |it: &Outline| it.xml_url.is_none() && flat::name(it) == name;
    let at = outlines.iter().position(is_it).unwrap_or_else(|| {
        outlines.push(flat::folder(&name));
        outlines.len() - 1
    });
    let folder = &mut outlines[at];
    match path.get(1..) {
        None | Some([]) => folder,
        Some(below) => made(&mut folder.children, below),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{read, write},
        *,
    };
    use crate::ingest::subscription::Followed;

    #[test]
    fn what_is_no_feed_comes_back() {
        let list = "<opml version='2.0' xmlns:x='urn:x'><head><title>Mine</title><ownerName>Jane</ownerName>\
            <dateCreated>then</dateCreated></head><body><outline text='News' x:open='yes'>\
            <outline type='rss' text='Sea' title='Sea' xmlUrl='https://example.org/sea'/>\
            <outline type='link' text='A page' url='https://example.org/page'/></outline>\
            <outline text='Empty'/><outline text='Moved' note='n'><outline type='rss' text='L' title='L' \
            xmlUrl='https://example.org/l'/></outline></body></opml>";
        let read_list = read(list.as_bytes()).unwrap();
        let rest: Vec<Rest> = read_list.rest();
        let mut feeds = read_list.subscriptions().feeds;
        // The reader put it elsewhere.
        feeds[1].folder.clear();
        let feeds: Vec<Followed> = feeds;
        let out = write(&Opml::of("Feeds", &feeds).with(rest.clone()));
        for part in [
            "<title>Mine</title>\n    <ownerName>Jane</ownerName>\n  </head>",
            "xmlns:x=\"urn:x\"",
            "<outline text=\"News\" title=\"News\" x:open=\"yes\">",
            "<outline text=\"A page\" type=\"link\" url=\"https://example.org/page\"/>",
            "<outline text=\"Empty\" title=\"Empty\"/>",
        ] {
            assert!(out.contains(part), "{part} in {out}");
        }
        assert!(!out.contains("Moved"), "{out}");
        // What is written says the same.
        let again = read(out.as_bytes()).unwrap().rest();
        let keys = |rest: &[Rest]| rest.iter().map(Rest::key).collect::<Vec<_>>();
        assert_eq!(keys(&again), keys(&rest[..rest.len() - 1]));
    }
}
