//! What was kept before and is asked for again: what of it stays, and that it is wanted.

use std::{
    collections::HashSet,
    hash::Hasher,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use siphasher::sip::SipHasher13;
use url::Url;

use super::{
    Keeping, Kept, Shelf,
    before::{page_of, title},
    marked::settled,
    name::{called, name_of},
    pictures::{Gathered, Gotten, LARGEST, ending_of, read_local, sources},
    text::{beyond_link, parted, read_kept},
};
use crate::{
    document::{resolve_addresses, resolve_pictures},
    library::{Library, LibraryError},
    story::{Change, Kind, Note, Operation, Story, Target, link, words},
};

/// Why what was kept stays as it is, though its page was had again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// The page asks to sign in.
    SignIn,
    /// There is no story on it any more.
    NoStory,
    /// It has only a part of the text.
    Part,
}

impl Stays {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Stays::SignIn => "the page asks to sign in now; the kept text stays",
            Stays::NoStory => "there is no story on the page now; the kept text stays",
            Stays::Part => "the page has only a part of the text now; the kept text stays",
        }
    }
}

impl Kept {
    /// What was kept before and stays.
    fn before(path: PathBuf, story: Story, why: Stays) -> Self {
        Kept {
            stays: Some(why),
            ..Kept::lying(path, story)
        }
    }
}

impl Keeping<'_> {
    /// The story that was kept of a page which has none now; `asks` to sign in, perhaps.
    pub(super) fn text_of(&self, asked: &Url, asks: bool) -> Result<Option<Kept>, LibraryError> {
        let Some(page) = page_of(asked.as_str()) else {
            return Ok(None);
        };
        let known = match link::canonical(asked.as_str()) {
            Some(link) => self.library.files_of(&link)?,
            None => Vec::new(),
        };
        let known = known.into_iter().filter(|it| self.shelf.holds(it));
        let why = if asks { Stays::SignIn } else { Stays::NoStory };
        let is = |address: &Option<String>| address.as_deref().and_then(page_of);
        Ok(known.chain(self.shelf.with_link(&page)).find_map(|path| {
            let story = kept_text(&path)?;
            // Pages of a section may name it as their own address.
            let fetched = is(&story.source).or_else(|| is(&story.url));
            let is_it =
                fetched.as_ref() == Some(&page) || asks && is(&story.url).as_ref() == Some(&page);
            is_it.then(|| Kept::before(path, story, why))
        }))
    }

    /// Whether what was kept in a file is another story than this one, which is found at its address now: a page that
    /// says that there is none any more, or the next one of a series.
    pub(super) fn is_another(&self, path: &Path, story: &Story) -> bool {
        let there = kept_text(path).filter(|_| story.kind != Kind::Letter);
        there.is_some_and(|there| are_others(&there, story))
    }

    /// A story that says not where it was published, where the shelf has one of the same title and text.
    pub(super) fn same_text(&self, story: &Story) -> Option<Kept> {
        if story.url.is_some() {
            return None;
        }
        let (path, there) = self.alike(story, |_| true)?;
        Some(Kept::lying(path, there))
    }

    /// The file of a story with the same title and text that says not where it was published, as one does now.
    pub(super) fn without_address(&self, story: &Story) -> Option<PathBuf> {
        if story.url.is_none() || story.apart {
            return None;
        }
        let (path, _) = self.alike(story, |it| it.url.is_none())?;
        read_kept(&path)?.untouched.then_some(path)
    }

    /// A file of the shelf that has the title and the text of a page, with what is in it; one that is `wanted`.
    fn alike(&self, story: &Story, wanted: impl Fn(&Story) -> bool) -> Option<(PathBuf, Story)> {
        if !matches!(story.kind, Kind::Page | Kind::Capture) {
            return None;
        }
        let bare = without_addresses(&story.markdown);
        let named = self.shelf.with_title(&story.title).into_iter();
        let mut read = named.filter_map(|path| kept_text(&path).map(|there| (path, there)));
        read.find(|(_, there)| wanted(there) && without_addresses(parted(there).0) == bare)
    }

    /// What was kept in a file, where `story` is only a part of that.
    pub(super) fn more_than(&self, path: &Path, story: &Story) -> Option<Kept> {
        let there = kept_text(path).filter(|_| story.kind != Kind::Letter)?;
        is_part(parted(&there).0, &story.markdown)
            .then(|| Kept::before(path.to_owned(), there, Stays::Part))
    }
}

/// Puts what a reader has below the text, or the link, in the file of before under the text that takes its place. What
/// they had marked and is in the text now becomes highlights, which are given.
pub(super) fn with_yours(story: &mut Story, before: &Path) -> Vec<Note> {
    // What is kept of a copy brings it along.
    let found = yours_in(before).filter(|_| story.yours.is_none());
    let Some((yours, saved)) = found else {
        return Vec::new();
    };
    let (yours, notes) = match beyond_link(story) {
        Some(_) => (yours, Vec::new()),
        None => settled(&yours, story, saved),
    };
    let heading = yours.lines().next().and_then(|it| it.strip_prefix("## "));
    story.yours = heading.map(str::to_owned);
    if !yours.is_empty() {
        story.markdown = format!("{}\n\n{yours}\n", story.markdown.trim_end());
    }
    notes
}

/// What a reader has below the text in a file that is as recto wrote it, and when that was.
fn yours_in(path: &Path) -> Option<(String, Timestamp)> {
    let there = read_kept(path).filter(|it| it.untouched)?;
    let story = there.story;
    let (_, yours) = parted(&story);
    // Links of before do not say where it begins.
    let yours = Some(yours.trim()).filter(|it| !it.is_empty());
    let yours = yours.or_else(|| beyond_link(&story).filter(|it| !it.is_empty()))?;
    Some((yours.to_owned(), there.saved?))
}

/// The story in a file that recto wrote, if there is more than a link in it.
fn kept_text(path: &Path) -> Option<Story> {
    let there = read_kept(path).filter(|it| it.saved.is_some())?;
    beyond_link(&there.story).is_none().then_some(there.story)
}

/// Whether a text is much shorter than the one before it and nothing new: its beginning, or most of its words are in
/// that, or it has hardly any.
fn is_part(before: &str, now: &str) -> bool {
    /// Fewer words are an announcement, and no story in the place of a longer one.
    const FEW: usize = 100;
    /// Words that two texts begin with only if one is made of the other.
    const BEGINNING: usize = 12;
    let count = words(now);
    if count * 2 >= words(before) {
        return false;
    }
    let of = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|it| !it.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (before, now) = (of(before), of(now));
    let begins = || now.len() >= BEGINNING && before.starts_with(&now[..BEGINNING]);
    let there: HashSet<&str> = before.iter().map(String::as_str).collect();
    let all: HashSet<&str> = now.iter().map(String::as_str).collect();
    let common = all.intersection(&there).count();
    count < FEW || begins() || common * 3 > all.len() * 2
}

/// A text without the addresses in it: where a page lies is not known of one that came as a file, and its pictures
/// lie elsewhere once it was kept. Places in the page stay.
fn without_addresses(markdown: &str) -> String {
    let place = |it: &str| Some(it.find('#').map_or("", |at| &it[at..]).to_owned());
    let markdown = resolve_pictures(markdown, |_| Some(String::new()));
    resolve_addresses(&markdown, place).trim().to_owned()
}

/// Whether two stories that were found at one address have nothing to do with each other.
pub(super) fn are_others(before: &Story, now: &Story) -> bool {
    let titles = (title(&before.title), title(&now.title));
    let share = match titles.0 == titles.1 {
        true => return false,
        // What two pages of one template have in common says nothing of their stories.
        false if names_nothing_of(&titles.0, &titles.1) => TEMPLATE,
        false => CHANCE,
    };
    is_unlike(parted(before).0, parted(now).0, share)
}

/// The share of words in a row that texts have in common which have nothing to do with each other.
const CHANCE: (usize, usize) = (1, 12);

/// The same of pages that are set in one template.
const TEMPLATE: (usize, usize) = (3, 5);

/// Whether two titles, folded, have no word in common but what names their site.
fn names_nothing_of(before: &str, now: &str) -> bool {
    /// Shorter words, in letters, join others.
    const SHORT: usize = 3;
    let pieces = |title: &str| -> Vec<String> {
        let signs = [" | ", " - ", " – ", " — ", " · "];
        let joined = signs
            .iter()
            .fold(title.to_owned(), |it, sign| it.replace(sign, "\n"));
        joined.split('\n').map(|it| it.trim().to_owned()).collect()
    };
    let own = |pieces: &[String], other: &[String]| -> HashSet<String> {
        let own = pieces.iter().filter(|it| !other.contains(it));
        own.flat_map(|it| it.split(|c: char| !c.is_alphanumeric()))
            .flat_map(|it| it.split_inclusive(is_wide))
            .filter(|it| it.contains(is_wide) || it.chars().count() > SHORT)
            .map(str::to_owned)
            .collect()
    };
    let (before, now) = (pieces(before), pieces(now));
    let (before, now) = (own(&before, &now), own(&now, &before));
    !before.is_empty() && !now.is_empty() && before.is_disjoint(&now)
}

/// Whether two texts have fewer words in a row in common than this share: an update of a story keeps most, a longer
/// version all of the shorter one.
fn is_unlike(before: &str, now: &str, (share, of): (usize, usize)) -> bool {
    /// What has fewer is no story that anything could be compared with.
    const FEW: usize = 30;
    let (before, now) = (rows_of_words(before), rows_of_words(now));
    let least = before.len().min(now.len());
    let common = before.intersection(&now).count();
    least >= FEW && common * of < least * share
}

/// Whether a letter is of a script without spaces, which has long runs: letters are there what words are elsewhere.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The words of a text, three in a row, each as a number; of a long one those of its beginning.
fn rows_of_words(text: &str) -> HashSet<u64> {
    /// More words tell nothing that these do not.
    const MOST: usize = 20_000;
    let hash = |word: &str| {
        let mut hasher = SipHasher13::new();
        for c in word.chars().flat_map(char::to_lowercase) {
            hasher.write_u32(u32::from(c));
        }
        hasher.finish()
    };
    let mut words: Vec<u64> = Vec::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        for part in run.split_inclusive(is_wide).filter(|it| !it.is_empty()) {
            words.push(hash(part));
        }
        if words.len() >= MOST {
            break;
        }
    }
    let row = |row: &[u64]| {
        row.iter()
            .fold(0u64, |sum, it| sum.rotate_left(21).wrapping_add(*it))
    };
    words.windows(3).map(row).collect()
}

/// Takes pictures that cannot be had any more from what lies beside the file that was kept before.
pub(super) fn pictures_of(before: &Path, story: &Story, gathered: &mut Gathered) {
    let Some(there) = kept_text(before).filter(|_| !gathered.failed.is_empty()) else {
        return;
    };
    let folder = before.parent().unwrap_or(before);
    let stem = before.file_stem().unwrap_or_default().to_string_lossy();
    let beside = format!("{stem}/");
    let of_before = sources(&there);
    let old: Vec<(&str, &str)> = of_before
        .iter()
        .filter_map(|it| it.strip_prefix(&beside))
        .filter_map(|name| Some((name_of(name)?, name)))
        .collect();
    let wanted = sources(story);
    gathered.failed.retain(|(src, _)| {
        let name = called(src, "");
        // Pictures of one name are told apart by their order.
        let mut alike = wanted.iter().filter(|it| called(it, "") == name);
        let rank = alike.position(|it| it == src).unwrap_or(0);
        let found = old.iter().filter(|(it, _)| *it == name).nth(rank);
        let bytes = found.and_then(|(_, file)| {
            let path = folder.join(&*stem).join(file);
            read_local(&path, LARGEST).ok()
        });
        let had = bytes.and_then(|it| ending_of(&it).ok().map(|ending| (it, ending)));
        let is_lost = had.is_none();
        if let Some((bytes, ending)) = had {
            let picture = Gotten::new(src.clone(), bytes, ending);
            gathered.pictures.push(picture);
        }
        is_lost
    });
}

impl Shelf {
    /// Brings the story of a file back into the lists if its reader had removed it: who keeps it wants it. Gives what
    /// was done, in words.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn want(&self, library: &Library, path: &Path) -> Result<Option<String>, LibraryError> {
        let Some(id) = library.by_file(path)? else {
            return Ok(None);
        };
        if !library.is_removed(id)? {
            return Ok(None);
        }
        let done = library.apply(&Operation {
            target: Target::Stories(vec![id]),
            changes: vec![Change::Removed(false)],
        })?;
        Ok((done.stories > 0).then_some(done.what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_teaser_takes_the_place_of_no_story() {
        let of = |word: &str, count: usize| -> String {
            (0..count).map(|it| format!("{word}{it} ")).collect()
        };
        let story = of("tide", 600);
        assert!(is_part(&story, &of("tide", 50)));
        assert!(is_part(
            &story,
            &format!("{} {}", of("tide", 120), of("pay", 130))
        ));
        assert!(is_part(&story, "This story is for members."));
        assert!(!is_part(&story, &of("ebb", 250)));
        assert!(!is_part(&story, &of("tide", 400)));
        assert!(!is_part("Only this.", "Less."));
    }

    #[test]
    fn another_story_at_the_same_address_is_told_from_a_new_version() {
        let of = |word: &str, count: usize| -> String {
            (0..count).map(|it| format!("{word}{it} ")).collect()
        };
        let is_unlike = |before: &str, now: &str| super::is_unlike(before, now, CHANCE);
        let story = of("tide", 200);
        // A page that says that nothing is there, with what its site says everywhere.
        let lost = format!("{} {}", of("tide", 6), of("sorry", 150));
        assert!(is_unlike(&story, &lost));
        assert!(is_unlike(&story, &of("rope", 150)));
        assert!(!is_unlike(&story, &format!("{story} {}", of("more", 800))));
        assert!(!is_unlike(&story, &of("tide", 60)));
        assert!(!is_unlike(&story, &story.replace("7", "8")));
        assert!(!is_unlike("Only this.", &of("rope", 150)));
        let (sea, rope) = ("海は満ちて引く。".repeat(2), "縄は麻で作られる。".repeat(2));
        assert!(
            rows_of_words(&sea).len() > 5 && rows_of_words(&sea).is_disjoint(&rows_of_words(&rope))
        );
    }

    #[test]
    fn pages_of_one_template_with_other_titles_are_other_stories() {
        let of = |word: &str, count: usize| -> String {
            (0..count).map(|it| format!("{word}{it} ")).collect()
        };
        let set = |story: &str| format!("{story} {}", of("menu", 100));
        let (before, now) = (set(&of("tide", 100)), set(&of("rope", 120)));
        assert!(!is_unlike(&before, &now, CHANCE) && is_unlike(&before, &now, TEMPLATE));
        // A new headline over the same text, and one that went on.
        assert!(!is_unlike(&before, &set(&of("tide", 120)), TEMPLATE));
        assert!(!is_unlike(&before, &set(&of("tide", 90)), TEMPLATE));
        for (before, now, is) in [
            ("the tide comes in", "ropes and the knots", true),
            (
                "tide | the harbour paper",
                "ropes | the harbour paper",
                true,
            ),
            ("the tide comes in", "why the tide goes out", false),
            ("tide tables | the paper", "the paper", false),
            ("海は満ちて", "縄で作る", true),
            ("海は満ちて", "海で作る", false),
        ] {
            assert_eq!(names_nothing_of(before, now), is, "{before} / {now}");
        }
    }

    #[test]
    fn a_picture_is_known_by_its_name_without_what_tells_its_content() {
        assert_eq!(name_of("a-knot-0badcafe.png"), Some("a-knot"));
        assert_eq!(name_of("a-knot.png"), None);
        assert_eq!(name_of("../a-0badcafe.png"), None);
    }
}
