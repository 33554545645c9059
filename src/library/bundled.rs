//! The stories that ship with recto, embedded in the binary.

use include_dir::{Dir, include_dir};

static ARTICLES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/articles");

/// Name and bytes of every bundled story.
pub(super) fn stories() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    ARTICLES.files().filter_map(|file| {
        let name = file.path().file_name()?.to_str()?;
        crate::ingest::is_story_name(name).then(|| (name, file.contents()))
    })
}

/// The name of a bundled story as the binary holds it.
pub(super) fn named(name: &str) -> Option<&'static str> {
    stories().map(|(it, _)| it).find(|it| *it == name)
}

/// The bytes of the bundled story of this name.
pub(super) fn story(name: &str) -> Option<&'static [u8]> {
    ARTICLES.get_file(name).map(|file| file.contents())
}
