//! Which file of the shelf a story was kept in before. A link alone does not say: letters of one list offer the same
//! page, and pages of a section name the section as their own address.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use super::{
    Keeping,
    links::beyond_link,
    text::{is_untouched, saved_at},
};
use crate::{
    ingest,
    library::{LibraryError, known_by},
    story::{Kind, Story, fold::Folding, link},
};

/// Files with one link that are looked at, at most.
const MOST: usize = 500;

impl Keeping<'_> {
    /// The file that a story is to be written into, if it was kept before; else it is made sure that the story is
    /// known by something that no other one has. `own` is where it was fetched.
    pub(super) fn before(
        &self,
        story: &mut Story,
        own: Option<&str>,
    ) -> Result<Option<PathBuf>, LibraryError> {
        if story.kind == Kind::Letter && story.id.is_some() {
            let Some(key) = known_by(story) else {
                return Ok(None);
            };
            let mut files = self.library.files_of(&key)?;
            // Where it lies in a mailbox, it is no copy that was kept.
            files.retain(|it| is_written(it) && self.shelf.holds(it));
            let known = files.into_iter().next();
            return Ok(known.or_else(|| self.shelf.letter(&key)));
        }
        let Some(key) = story.url.as_deref().and_then(link::canonical) else {
            return Ok(None);
        };
        let own = own.filter(|it| link::canonical(it).is_some());
        let mut files = self.library.files_of(&key)?;
        files.retain(|it| self.shelf.holds(it));
        // Beside one that its reader edited there may be one that recto may write over.
        if let Some(found) = best(&files, story, own).filter(|it| it.untouched) {
            return Ok(Some(take(found, story, own)));
        }
        let mut is_taken = !files.is_empty();
        let known = files;
        files = self.shelf.with_link(&key).take(MOST).collect();
        is_taken |= !files.is_empty();
        files.extend(known);
        if let Some(found) = best(&files, story, own) {
            return Ok(Some(take(found, story, own)));
        }
        let is_another = own.filter(|it| link::canonical(it).as_ref() != Some(&key));
        match is_another {
            // The address of its own tells it from the others.
            Some(own) if is_taken => {
                story.url = Some(own.to_owned());
                return self.before(story, Some(own));
            }
            _ => name_source(story, own),
        }
        story.apart = is_taken;
        Ok(None)
    }
}

/// A file that was kept, as far as it tells what it is.
struct Candidate<'a> {
    path: &'a Path,
    story: Story,
    /// As recto wrote it; one that its reader edited is theirs.
    untouched: bool,
}

/// The file among these that holds the same story, if any does: one that recto may write over first.
fn best<'a>(files: &'a [PathBuf], story: &Story, own: Option<&str>) -> Option<Candidate<'a>> {
    let read = |path: &'a PathBuf| {
        let text = fs::read_to_string(path).ok()?;
        let there = ingest::read_words(text.as_bytes().to_vec(), "kept.md").ok()?;
        let untouched = saved_at(&text).is_some() && is_untouched(&text);
        is_same(&there, story, own).then_some(Candidate {
            path,
            story: there,
            untouched,
        })
    };
    let mut same: Vec<Candidate<'_>> = files.iter().filter_map(read).collect();
    same.sort_by_key(|it| !it.untouched);
    same.into_iter().next()
}

/// Has a story be known by what its file is known by.
fn take(found: Candidate<'_>, story: &mut Story, own: Option<&str>) -> PathBuf {
    story.apart = found.story.apart;
    name_source(story, own);
    found.path.to_owned()
}

/// Says where a story was fetched that names another address as its own.
fn name_source(story: &mut Story, own: Option<&str>) {
    let link = |it: &str| link::canonical(it);
    let names = story.url.as_deref().and_then(link);
    story.source = own.filter(|it| link(it) != names).map(str::to_owned);
}

/// Whether two stories with one link are the same: fetched from one address, or alike in title or text.
fn is_same(there: &Story, story: &Story, own: Option<&str>) -> bool {
    let fetched = there.source.as_deref().or(there.url.as_deref());
    let fetched = fetched.filter(|_| !there.apart).and_then(link::canonical);
    let is_there = fetched.is_some() && own.and_then(link::canonical) == fetched;
    is_there
        || beyond_link(there).is_some()
        || title(&there.title) == title(&story.title)
        || is_alike(&there.markdown, &story.markdown)
}

/// A title without what recto adds to that of a story which lies beside an edited one.
fn title(given: &str) -> String {
    let plain = given.split(AS_OF).next().unwrap_or(given);
    Folding::ALL.apply(plain.trim())
}

/// What stands between a title and a day.
pub(super) const AS_OF: &str = " (as of ";

/// Whether a text has half of the words of the other one, either way.
fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let both = one.intersection(&other).count();
    both * 2 > one.len() && both * 2 > other.len()
}

/// Whether a text has half of the words of the one before it, or that had hardly any.
pub(super) fn keeps_words(before: &str, now: &str) -> bool {
    /// What names a story and leads to it, and little more.
    const FEW: usize = 40;
    let body = before.splitn(3, "---\n").nth(2).unwrap_or(before);
    let (before, now) = (words(body), words(now));
    before.len() < FEW || before.intersection(&now).count() * 2 >= before.len()
}

fn words(text: &str) -> HashSet<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .collect()
}

/// Whether a file is Markdown, as all that recto writes.
fn is_written(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "md")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_with_one_link_are_the_same_if_they_are_alike() {
        let of = |title: &str, text: &str| {
            let mut story = Story::new(Kind::Page, title, text);
            story.url = Some("https://e.org/news".to_owned());
            story
        };
        let tide = of("Tides", "They come and go, twice a day.");
        assert!(is_same(&tide, &of("TIDES", "All else is new."), None));
        assert!(is_same(
            &tide,
            &of("Ebb", "They come and go twice a day, mostly."),
            None
        ));
        let rope = of("Ropes", "Made of hemp, in a long yard.");
        assert!(!is_same(&tide, &rope, None));
        assert!(is_same(&tide, &rope, Some("http://e.org/news/")));
        assert!(!is_same(&tide, &rope, Some("https://e.org/news/ropes")));
        let link = of("Tides", "[Tides](<https://e.org/news>)\n");
        assert!(is_same(&link, &rope, None));
        assert_eq!(title("Tides (as of 2026-11-26)"), title("tides"));
    }
}
