//! Stories without a link that were kept before, as they were then: a file that was edited since, or whose copy was.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    before::title,
    name::slug,
    pictures::Gotten,
    shelf::{as_of, with_pictures},
    text::{is_untouched, saved_at, written},
};
use crate::{
    ingest,
    story::{Kind, Story},
};

/// What the shelf has of a story without a link.
pub(super) enum Version {
    /// The very story, in this file.
    Same(PathBuf, Box<Story>),
    /// Another version of it, which this file is of today.
    Today(PathBuf),
    /// An earlier version; in a file that its reader edited, if so.
    Earlier(Option<PathBuf>),
}

/// What lies in a folder of a story without a link; `names` are those of the files there. Only that of the same title
/// and day of publication, with words in common, is the same.
pub(super) fn version_of(
    folder: &Path,
    names: &HashMap<String, String>,
    (story, pictures): (&Story, &[Gotten]),
    now: Timestamp,
) -> Option<Version> {
    if story.url.is_some() || matches!(story.kind, Kind::Letter | Kind::Book) {
        return None;
    }
    let slug = slug(&story.title);
    let mut named: Vec<&String> = names.values().filter(|it| is_named(it, &slug)).collect();
    named.sort();
    let (mut today, mut earlier) = (None, None);
    for name in named {
        let path = folder.join(name);
        let Some((text, there)) = read(&path) else {
            continue;
        };
        if there.url.is_some()
            || there.published != story.published
            || title(&there.title) != title(&story.title)
        {
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut alike = with_pictures(&stem, story.clone(), pictures).0;
        alike.title.clone_from(&there.title);
        if written(&alike, saved_at(&text)) == text {
            return Some(Version::Same(path, Box::new(there)));
        }
        if !has_words_of(&there.markdown, &story.markdown) {
            continue;
        }
        let is_ours = is_untouched(&text);
        if is_ours && there.title == as_of(&story.title, now) {
            today = Some(Version::Today(path));
        } else if earlier.is_none() || !is_ours {
            earlier = Some(Version::Earlier((!is_ours).then_some(path)));
        }
    }
    today.or(earlier)
}

/// Whether a file has the name of a story with this title: `2026-11-20-the-knot.md`, `2026-11-20-the-knot-2.md`.
fn is_named(name: &str, slug: &str) -> bool {
    const DAY: usize = "2026-11-20-".len();
    let rest = name.get(DAY..).and_then(|it| it.strip_prefix(slug));
    let rest = rest.and_then(|it| it.strip_suffix(".md"));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    rest.is_some_and(|it| it.is_empty() || it.strip_prefix('-').is_some_and(is_number))
}

/// What recto wrote to a file, as text and as a story.
fn read(path: &Path) -> Option<(String, Story)> {
    let text = fs::read_to_string(path).ok()?;
    saved_at(&text)?;
    let story = ingest::read_words(text.as_bytes().to_vec(), "kept.md").ok()?;
    Some((text, story))
}

/// Whether most words of the shorter one of two texts are in the other.
fn has_words_of(one: &str, other: &str) -> bool {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    one.intersection(&other).count() * 2 > one.len().min(other.len())
}
