//! Files that links of a story lead to where that is no part of a library: they lie beside it, and are
//! read without being taken in.

use std::path::{Path, PathBuf};

use url::Url;

use super::{Input, Library, Place, links::candidates};
use crate::{
    ingest,
    story::{StoryId, fold::Folding, link},
};

/// Files of a folder that are looked through for a name.
const MOST_NAMES: usize = 2000;

/// Stories of a folder whose titles are read.
const MOST_TITLES: usize = 200;

/// What lies where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// A story, with the name of a place in it.
    Story(StoryId, Option<String>),
    /// A folder.
    Folder,
    /// A file that is no story.
    NoStory,
    /// A file that cannot be read: why, in words.
    Unreadable(String),
    /// Nothing.
    Nothing,
}

impl Library {
    /// What lies where the link `target` of the story `from` leads: a path relative to its own file, or
    /// a wikilink with the name or the title of a file in the same folder. A story found so is read and
    /// not kept. None where `from` is no file that was named when recto was started, nor one that such
    /// a file led to: a library ends where its folder does.
    pub fn beside(&self, from: StoryId, target: &str) -> Option<Beside> {
        let Place::File(here) = self.place(from).ok()?? else {
            return None;
        };
        let is_named = |input: &Input| matches!(input, Input::Path(path) if **path == *here);
        if !from.is_passing() && !self.inputs.iter().any(is_named) {
            return None;
        }
        let folder = here.parent()?;
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (target, None),
        };
        let path = link::decode_percent(path.split('?').next().unwrap_or(path));
        if path.trim().is_empty() || path.contains('\0') {
            return Some(Beside::Nothing);
        }
        let there = candidates(folder, &path).into_iter();
        let mut there = there.filter(|it| it.exists());
        let Some(found) = there.next().or_else(|| named_alike(folder, &path)) else {
            return Some(Beside::Nothing);
        };
        if found.is_dir() {
            return Some(Beside::Folder);
        }
        if !reads_as_story(&found) {
            return Some(Beside::NoStory);
        }
        if let Err(error) = Place::file(found.as_path()).check() {
            return Some(Beside::Unreadable(error.to_string()));
        }
        let address = Url::from_file_path(&found).ok()?;
        let id = self.pass_file(address, found)?;
        Some(Beside::Story(id, anchor))
    }
}

/// Whether a file is one to be read, by its name: also one without an ending, as licences are called.
fn reads_as_story(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_bare = path.extension().is_none() && !name.starts_with('.');
    // A mailbox is many stories.
    (ingest::is_story_name(&name) || is_bare) && !ingest::is_mailbox_name(&name)
}

/// The file that a wikilink means, in the same folder: by its name, else by the title in it.
fn named_alike(folder: &Path, wanted: &str) -> Option<PathBuf> {
    if wanted.contains('/') || ingest::is_story_name(wanted) {
        return None;
    }
    let wanted = Folding::ALL.apply(wanted.trim());
    let is_it = |text: &str| Folding::ALL.apply(text.trim()) == wanted;
    let files = folder.read_dir().ok()?.flatten().take(MOST_NAMES);
    let mut files: Vec<PathBuf> = files
        .map(|it| it.path())
        .filter(|it| reads_as_story(it) && it.is_file())
        .collect();
    files.sort_unstable();
    let by_name = |path: &&PathBuf| {
        path.file_stem()
            .is_some_and(|it| is_it(&it.to_string_lossy()))
    };
    let by_title = |path: &&PathBuf| {
        let head = Place::file(path.as_path()).head(None).0;
        head.is_ok_and(|head| is_it(&head.story.title))
    };
    let found = files.iter().find(by_name);
    let found = found.or_else(|| files.iter().take(MOST_TITLES).find(by_title));
    found.cloned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

    use std::{
        fs,
        sync::{Arc, atomic::AtomicBool},
    };

    use jiff::ZonedDateTime;

    use super::*;

    #[test]
    fn a_file_leads_to_those_beside_it_and_a_library_to_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("lib/big.md", b"# Big\n\nWords.");
        write(
            "lib/other.md",
            b"---\ntitle: The \xc3\x89t\xc3\xa9\n---\nWords.",
        );
        write("lib/My Notes.md", b"Words.");
        write("lib/LICENSE", b"Words.");
        write("lib/tool.rs", b"fn main() {}");
        write("lib/none", b"\x7fELF\0\0\0");
        write("lib/deep/in.md", b"Words.");
        write("up.md", b"Words.");
        let open = |name: &str| {
            let inputs = vec![Input::Path(folder.path().join(name))];
            let library = Library::open(None, inputs, Arc::new(ZonedDateTime::now)).unwrap();
            library.scan(&AtomicBool::new(false), &|_| ()).unwrap();
            library
        };
        let library = open("lib/big.md");
        let big = library
            .by_file(&folder.path().join("lib/big.md"))
            .unwrap()
            .unwrap();
        let name = |id| library.place(id).unwrap().unwrap().name();
        for (link, leads) in [
            ("other.md", "other.md"),
            ("other.md#second-part", "other.md second-part"),
            ("other", "other.md"),
            ("./deep/in.md?plain=1", "in.md"),
            ("../up.md", "up.md"),
            ("my%20notes", "My Notes.md"),
            ("The ete", "other.md"),
            ("LICENSE", "LICENSE"),
            ("deep", "Folder"),
            ("tool.rs", "NoStory"),
            ("missing.md", "Nothing"),
            ("a%00.md", "Nothing"),
        ] {
            let found = match library.beside(big, link).unwrap() {
                Beside::Story(id, None) => name(id),
                Beside::Story(id, Some(anchor)) => format!("{} {anchor}", name(id)),
                other => format!("{other:?}"),
            };
            assert_eq!(found, leads, "{link}");
        }
        assert!(matches!(
            library.beside(big, "none"),
            Some(Beside::Unreadable(_))
        ));
        // From there it goes on, and back to the file that was opened: that is kept.
        let Some(Beside::Story(inner, _)) = library.beside(big, "deep/in.md") else {
            panic!("no story");
        };
        assert!(inner.is_passing());
        assert!(matches!(
            library.beside(inner, "../other.md"),
            Some(Beside::Story(..))
        ));
        assert_eq!(
            library.resolve(inner, "../big.md").unwrap(),
            Some((big, None))
        );
        assert_eq!(library.url(inner).unwrap(), None);

        let library = open("lib");
        let big = library
            .by_file(&folder.path().join("lib/big.md"))
            .unwrap()
            .unwrap();
        assert_eq!(library.beside(big, "../up.md"), None);
    }
}
