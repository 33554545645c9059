//! Which file of the shelf a story was kept in before. A link alone does not say: letters of one list offer the same
//! page, and pages of a section name the section as their own address.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use url::Url;

use super::{
    Keeping,
    again::are_others,
    text::{KeptFile, beyond_link, parted, read_kept},
};
use crate::{
    library::{LibraryError, known_by},
    story::{Kind, Story, clean, fold::Folding, link},
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
            return Ok(known.or_else(|| self.shelf.known_as(&key)));
        }
        let own = own.filter(|it| page_of(it).is_some());
        let Some(key) = story.url.as_deref().and_then(page_of) else {
            return Ok(None);
        };
        let mut files = self.library.files_of(&key)?;
        files.retain(|it| self.shelf.holds(it));
        // Beside one that its reader edited there may be one that recto may write over.
        if let Some(found) = best(&files, story, own).filter(|it| it.untouched && it.alike) {
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
        let is_another = own.filter(|it| page_of(it).as_ref() != Some(&key));
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
    /// Whether it says much the same: at one address there may have been several.
    alike: bool,
}

/// The file among these that holds the same story, if any does: one that recto may write over first.
fn best<'a>(files: &'a [PathBuf], story: &Story, own: Option<&str>) -> Option<Candidate<'a>> {
    let read = |path: &'a PathBuf| {
        let KeptFile {
            story: there,
            untouched,
            ..
        } = read_kept(path)?;
        is_same(&there, story, own).then(|| Candidate {
            path,
            alike: title(&there.title) == title(&story.title)
                || is_alike(&there, story) && !are_others(&there, story),
            story: there,
            untouched,
        })
    };
    let mut same: Vec<Candidate<'_>> = files.iter().filter_map(read).collect();
    same.sort_by_key(|it| (!it.untouched, !it.alike));
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
    let names = story.url.as_deref().and_then(page_of);
    story.source = own.filter(|it| page_of(it) != names).map(str::to_owned);
}

/// An address as pages on the shelf are told by it: in its canonical form, and the front page of a site as well.
pub(super) fn page_of(address: &str) -> Option<String> {
    link::canonical(address).or_else(|| {
        let mut url = Url::parse(address.trim()).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        url.set_query(None);
        url.set_fragment(None);
        is_web.then(|| url.into())
    })
}

/// Gives a story the address that it was fetched from where it names the front page of the site or the section that
/// it lies in: that is the address of others, too.
pub(super) fn believe(story: &mut Story, own: &Url) {
    let named = story.url.as_deref().and_then(|it| Url::parse(it).ok());
    if named.is_some_and(|named| is_above(&named, own)) {
        story.url = Some(clean::line(own.as_str()));
    }
}

/// Whether a page lies above another one of the same site, and is no other form of it.
fn is_above(above: &Url, page: &Url) -> bool {
    /// What sites append to the addresses of stories for another form of the same one.
    const FORMS: [&str; 4] = ["amp", "print", "index.html", "index.htm"];
    let below = page.path().strip_prefix(above.path().trim_end_matches('/'));
    let rest = below.filter(|it| it.starts_with('/'));
    let rest = rest.map_or("", |it| it.trim_matches('/'));
    let is_front = above.path() == "/" && page.query().is_some();
    above.query().is_none()
        && above.host_str() == page.host_str()
        && above.port() == page.port()
        && (is_front || !rest.is_empty() && !FORMS.contains(&rest))
}

/// Whether two stories with one link are the same. Fetched from one address they are; from two addresses, only if
/// both title and text are alike, for the pages of a section have its name, and often much of their text, in common.
/// Where it is not known whence they are, either tells.
fn is_same(there: &Story, story: &Story, own: Option<&str>) -> bool {
    let page = |it: Option<&str>| it.and_then(page_of);
    if beyond_link(there).is_some() {
        return page(there.url.as_deref()) == page(story.url.as_deref());
    }
    let fetched = there.source.as_deref().or(there.url.as_deref());
    let fetched = page(fetched.filter(|_| !there.apart));
    let titles = title(&there.title) == title(&story.title);
    let texts = || is_alike(there, story);
    match (fetched, page(own)) {
        (Some(fetched), Some(own)) => fetched == own || titles && texts(),
        _ => titles || texts(),
    }
}

/// A title without what recto adds to that of a story which lies beside an edited one.
pub(super) fn title(given: &str) -> String {
    let plain = given.split(AS_OF).next().unwrap_or(given);
    Folding::ALL.apply(plain.trim())
}

/// What stands between a title and a day.
pub(super) const AS_OF: &str = " (as of ";

/// Whether the text of a story has half of the words of the other one, either way.
fn is_alike(one: &Story, other: &Story) -> bool {
    let (one, other) = (words(parted(one).0), words(parted(other).0));
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
        // A section gives its name, or its furniture, to pages that are not the same.
        let elsewhere = Some("https://e.org/other");
        let digest = of("TIDES", "All else is new.");
        assert!(!is_same(&tide, &digest, elsewhere));
        let beside = of("Ebb", "They come and go, twice a day.");
        assert!(!is_same(&tide, &beside, elsewhere));
        assert!(is_same(&tide, &tide.clone(), elsewhere));
        let link = of("Tides", "[Tides](<https://e.org/news>)\n");
        assert!(is_same(&link, &rope, None));
        assert_eq!(title("Tides (as of 2026-11-26)"), title("tides"));
    }

    #[test]
    fn no_page_is_believed_to_be_the_one_above_it() {
        for (named, own, believed) in [
            ("https://e.org/", "https://e.org/a", false),
            ("https://e.org", "https://e.org/?p=7", false),
            ("https://e.org/news/", "https://e.org/news/a.html", false),
            ("https://e.org/news", "https://e.org/newsroom/a", true),
            ("https://e.org/a", "https://e.org/a/amp/", true),
            ("https://e.org/a", "https://e.org/a?utm_source=x", true),
            ("https://other.org/", "https://e.org/a", true),
            ("https://e.org/b", "https://e.org/a", true),
            ("https://e.org/?p=7", "https://e.org/a", true),
        ] {
            let mut story = Story::new(Kind::Page, "A", "");
            story.url = Some(named.to_owned());
            believe(&mut story, &own.parse().unwrap());
            let wanted = if believed { named } else { own };
            assert_eq!(story.url.as_deref(), Some(wanted), "{named} {own}");
        }
    }
}
