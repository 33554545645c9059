//! Reading ahead: what waits to be read is fetched while there is a connection, its texts and its pictures.

use std::sync::atomic::Ordering;

use jiff::{Timestamp, ZonedDateTime};

use super::{
    From, Reaching,
    page::{PageError, is_cut_short},
    pictures::{gather_all, sources},
};
use crate::{
    library::{Library, LibraryError, Place},
    story::{Anchor, Kind, Listing, Source, Story, StoryId, clean},
};

/// Stories that are looked at, at most, of each of the two lists.
const MOST: usize = 150;

/// Bytes of pictures that one run fetches, at most.
const TOGETHER: usize = 200 * 1024 * 1024;

/// What is read ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ahead {
    /// What is kept for later.
    pub later: bool,
    /// What was not read yet.
    pub unread: bool,
    /// Whether somebody asks for it now: then what nobody answered for is asked for again at once.
    pub told: bool,
}

/// What was asked for in vain and is left alone for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waits {
    /// How many texts and pictures.
    pub count: usize,
    /// When the first of them may be asked for again.
    pub until: Option<Timestamp>,
}

impl Waits {
    pub(super) fn add(&mut self, at: Timestamp) {
        self.count += 1;
        self.until = Some(self.until.map_or(at, |it| it.min(at)));
    }

    /// Counts in what came before.
    pub fn join(&mut self, other: Waits) {
        self.count += other.count;
        self.until = [self.until, other.until].into_iter().flatten().min();
    }

    /// How many wait, and until when; nothing where none does.
    pub fn words(&self) -> Option<String> {
        let until = crate::story::moment(self.until?, &ZonedDateTime::now());
        let (number, wait) = match self.count {
            1 => ("1".to_owned(), "waits"),
            count => (crate::story::grouped(count), "wait"),
        };
        Some(format!("{number} {wait} until {until}"))
    }
}

/// What reading ahead came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadAhead {
    /// Stories that read otherwise now.
    pub texts: Vec<StoryId>,
    /// Pictures that are there now.
    pub pictures: usize,
    /// What could not be had: addresses, and why.
    pub failed: Vec<(String, String)>,
    /// How many of these are pictures.
    pub failed_pictures: usize,
    /// How many of these may come the next time: nobody answered.
    pub unanswered: usize,
    /// What was not asked for, as it failed not long ago.
    pub waits: Waits,
}

impl ReadAhead {
    /// Counts in what came before.
    pub fn add(&mut self, other: ReadAhead) {
        self.texts.extend(other.texts);
        self.pictures += other.pictures;
        self.failed.extend(other.failed);
        self.failed_pictures += other.failed_pictures;
        self.unanswered += other.unanswered;
        self.waits.join(other.waits);
    }

    /// Tells that the text of a story could not be had.
    pub(super) fn fail(&mut self, library: &Library, id: StoryId, why: &PageError) {
        let url = library.url(id).ok().flatten().unwrap_or_default();
        let url = clean::line(&url);
        let why_not = why.reason(&url);
        self.failed.push((url, why_not));
        self.unanswered += usize::from(why.may_pass());
    }

    /// What it came to, in words; nothing where there was nothing to do.
    pub fn words(&self) -> Option<String> {
        let count = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{} {one}s", crate::story::grouped(count)),
        };
        let (texts, failed) = (self.texts.len(), self.failed.len());
        if texts + self.pictures + failed == 0 {
            return None;
        }
        let of = |had: usize, failed: usize, one: &str| match failed {
            0 => count(had, one),
            _ => format!(
                "{} ({} failed)",
                count(had, one),
                crate::story::grouped(failed)
            ),
        };
        let pictures = self.failed_pictures;
        let mut said = format!(
            "Read ahead: {}, {}",
            of(texts, failed.saturating_sub(pictures), "text"),
            of(self.pictures, pictures, "picture")
        );
        match self.unanswered {
            0 => {}
            1 => said.push_str("; 1 is tried again the next time"),
            count => said.push_str(&format!("; {count} are tried again the next time")),
        }
        Some(said)
    }
}

/// The stories that are to be read ahead: those kept for later first, and of either the newest.
///
/// # Errors
/// If the database cannot be read.
pub fn waiting(library: &Library, ahead: Ahead) -> Result<Vec<StoryId>, LibraryError> {
    let lists = [(ahead.later, Source::Later), (ahead.unread, Source::Unread)];
    let mut stories: Vec<StoryId> = Vec::new();
    for (_, source) in lists.into_iter().filter(|(wanted, _)| *wanted) {
        let listing = Listing {
            source,
            ..Listing::default()
        };
        let window = library.window(&listing, Anchor::Start, 0, &|| false)?;
        for row in window.rows.iter().take(MOST) {
            if !stories.contains(&row.id) {
                stories.push(row.id);
            }
        }
    }
    Ok(stories)
}

impl Reaching<'_> {
    /// Fetches what is missing of stories: the full text where a feed has only the beginning, and the pictures.
    /// `tell` hears after each story how many are done; `told` as in [`Ahead`].
    pub fn ahead(&self, stories: &[StoryId], told: bool, tell: &dyn Fn(usize)) -> ReadAhead {
        let mut done = ReadAhead::default();
        let mut bytes = 0;
        self.library.trim_pictures();
        for (number, id) in stories.iter().enumerate() {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            self.text_ahead(*id, told, &mut done);
            if bytes < TOGETHER {
                bytes += self.pictures_ahead(*id, told, &mut done);
            }
            tell(number + 1);
        }
        done
    }

    fn text_ahead(&self, id: StoryId, told: bool, done: &mut ReadAhead) {
        let Ok(Some(Place::Entry(stored))) = self.library.place(id) else {
            return;
        };
        let wanted = stored.full.is_none()
            && self.library.may_have_full_text(id).unwrap_or(false)
            && is_cut_short(&stored.words_of_feed());
        if !wanted {
            return;
        }
        if let Ok(Some(at)) = self.library.asked_again(id, told) {
            done.waits.add(at);
            return;
        }
        match self.full_text(id) {
            Ok(()) => done.texts.push(id),
            Err(why) => done.fail(self.library, id, &why),
        }
    }

    fn pictures_ahead(&self, id: StoryId, told: bool, done: &mut ReadAhead) -> usize {
        let Ok(story) = self.library.read(id) else {
            return 0;
        };
        // Whoever fetches the pictures of a letter tells its sender that it was read.
        if story.kind == Kind::Letter || was_letter(&story) {
            return 0;
        }
        let mut wanted = sources(&story);
        wanted.retain(|src| !src.starts_with("data:") && self.library.lacks_picture(src, told));
        let from = From {
            folder: None,
            hosts: self.library.hosts(id),
            ..From::default()
        };
        let gathered = gather_all(self.client, &wanted, &from, self.stop);
        let mut bytes = 0;
        for picture in gathered.pictures {
            bytes += picture.bytes.len();
            match self.library.keep_picture(&picture.src, &picture.bytes) {
                Ok(()) => done.pictures += 1,
                Err(error) => {
                    done.failed_pictures += 1;
                    done.failed
                        .push((clean::line(&picture.src), error.to_string()));
                }
            }
        }
        done.failed_pictures += gathered.failed.len();
        for (src, why) in gathered.failed {
            if gathered.unanswered.contains(&src) {
                done.unanswered += 1;
                let _ = self.library.keep_unanswered_picture(&src);
            } else {
                // Not before tomorrow again.
                let _ = self.library.keep_picture(&src, &[]);
            }
            done.failed.push((src, why));
        }
        bytes
    }
}

/// Whether a file was a letter before it was kept, though it does not say so, as those of before did not: by its
/// identifier (RFC 5322, 3.6.4), which no page has.
fn was_letter(story: &Story) -> bool {
    let id = story.id.as_deref().unwrap_or_default();
    let is_word = |it: &str| !it.is_empty() && !it.contains([' ', '/', ':', '@']);
    story.kind == Kind::Markdown
        && id
            .split_once('@')
            .is_some_and(|(left, right)| is_word(left) && is_word(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_before_are_told_by_their_identifiers() {
        let of = |id: &str| {
            let mut story = Story::new(Kind::Markdown, "A", "");
            story.id = Some(id.to_owned());
            was_letter(&story)
        };
        assert!(of("one@example.org"));
        for id in [
            "",
            "one",
            "https://example.org/@one",
            "tag:e.org,2019:a@b",
            "@b",
            "a@",
        ] {
            assert!(!of(id), "{id}");
        }
    }
}
