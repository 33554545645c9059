//! The shelf: a folder of plain files, each written whole or not at all.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::{
    Kept,
    before::{AS_OF, keeps_words, page_of, title},
    error::{ShelfError, failed, shown},
    name::{folded, picture_name, stem},
    pictures::Gotten,
    text::{SAVED, is_untouched, saved_at, was_written, written},
    unfinished::{clear_away, clear_beside, unfinished},
    version::{Version, version_of},
};
use crate::{
    document::{resolve_addresses, resolve_pictures},
    ingest,
    library::known_by,
    story::{Story, clean},
};

/// The folder of the shelf that recto writes to.
const FOLDER: &str = "saved";

/// Bytes at the beginning of a file that say what it is.
const HEAD: u64 = 32 * 1024;

/// Files that are looked at for a link, at most.
const LOOKED_AT: usize = 50_000;

/// Stories of one day and one title that are told apart by numbers.
pub(super) const NUMBERS: usize = 10_000;

/// A folder that stories are kept in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The shelf in a folder, which need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Shelf {
            folder: folder.into(),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of it that kept stories lie in.
    pub fn stories(&self) -> PathBuf {
        self.folder.join(FOLDER)
    }

    /// Whether anything lies in it but the empty folder of stories that were taken back: else whoever has just
    /// begun would have an empty list.
    pub fn is_begun(&self) -> bool {
        let shows = |folder: &Path, but: &str| {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let mut names = entries.map(|it| it.file_name());
            names.any(|it| it != but && !it.to_string_lossy().starts_with('.'))
        };
        shows(&self.folder, FOLDER) || shows(&self.stories(), "")
    }

    /// Whether a file lies on it.
    pub fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.folder) && path.is_file()
    }

    /// The first file that recto wrote for a link in its canonical form.
    pub fn find(&self, link: &str) -> Option<PathBuf> {
        self.with_link(link).next()
    }

    /// All files that recto wrote for a link in its canonical form, or for what was fetched from there.
    pub(super) fn with_link(&self, link: &str) -> impl Iterator<Item = PathBuf> {
        let link = Some(link.to_owned());
        self.heads()
            .filter(move |(_, head)| {
                let addresses = [&head.url, &head.source].into_iter().flatten();
                let mut pages = addresses.map(|it| page_of(it));
                pages.any(|it| it == link)
            })
            .map(|(path, _)| path)
    }

    /// The files that recto wrote for stories of a title.
    pub(super) fn with_title(&self, given: &str) -> Vec<PathBuf> {
        let wanted = title(given);
        let named = self.heads().filter(|(_, it)| title(&it.title) == wanted);
        named.map(|(path, _)| path).take(NUMBERS).collect()
    }

    /// The file that recto wrote for a letter or a story that ships with it, by what that is known by.
    pub fn known_as(&self, key: &str) -> Option<PathBuf> {
        let mut heads = self.heads();
        let found = heads.find(|(_, head)| known_by(head).as_deref() == Some(key));
        found.map(|(path, _)| path)
    }

    /// The files that recto wrote, with what their front matter says.
    fn heads(&self) -> impl Iterator<Item = (PathBuf, Story)> {
        let entries = fs::read_dir(self.folder.join(FOLDER));
        let paths = entries.into_iter().flatten().flatten().map(|it| it.path());
        paths
            .filter(|it| it.extension().is_some_and(|it| it == "md"))
            .take(LOOKED_AT)
            .filter_map(|path| {
                let head = head(&path)?;
                let read = ingest::head(&head, "a.md", head.len() as u64).ok()?;
                Some((path, read.story))
            })
    }

    /// Writes a story, with its pictures beside it; in the place of the file `before`, where there is one: what that
    /// said is set aside. One that was edited since recto wrote it stays as it is, and the story becomes one of its
    /// own beside it, with the day in its title; so does a new version of what has no link.
    ///
    /// # Errors
    /// If the system refuses, or `before` is none of recto's own.
    pub fn put(
        &self,
        mut story: Story,
        pictures: &[Gotten],
        before: Option<&Path>,
        now: Timestamp,
    ) -> Result<Kept, ShelfError> {
        let new_shelf = !self.folder.exists();
        let folder = match before.and_then(Path::parent) {
            Some(folder) => folder.to_owned(),
            None => self.folder.join(FOLDER),
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        clear_away(&folder);
        let mut taken = names_in(&folder).map_err(failed(&folder))?;
        let mut edited = None;
        let version = match before {
            Some(_) => None,
            None => version_of(&folder, &taken, (&story, pictures), now),
        };
        let mut before = before;
        match &version {
            Some(Version::Same(path, there)) => {
                return Ok(Kept::lying(path.clone(), (**there).clone()));
            }
            Some(Version::Today(path)) => before = Some(path),
            Some(Version::Earlier(of_reader)) => {
                edited.clone_from(of_reader);
                story.title = as_of(&story.title, now);
            }
            None => {}
        }
        if let Some(before) = before {
            let old = fs::read_to_string(before).map_err(failed(before))?;
            let saved = saved_at(&old).ok_or_else(|| ShelfError::NotOurs(shown(before)))?;
            if is_untouched(&old) {
                return self.replace(before, &old, story, pictures, (saved, now));
            }
            let stem = before.file_stem().unwrap_or_default().to_string_lossy();
            let (mut placed, _) = with_pictures(&stem, story.clone(), pictures);
            placed.title = dated(&old, &story.title).unwrap_or(placed.title);
            if was_written(&old, &written(&placed, Some(saved))) {
                // All that differs is what its reader wrote.
                return Ok(Kept::lying(before.to_owned(), story));
            }
            edited = Some(before.to_owned());
            story.apart = story.url.is_some();
            story.title = as_of(&story.title, now);
        }
        let put = add(&folder, &mut taken, story, pictures, now)?;
        settle(&folder);
        Ok(Kept {
            new_shelf,
            edited,
            ..put
        })
    }

    /// Writes a story in the place of what recto wrote before.
    fn replace(
        &self,
        before: &Path,
        old: &str,
        mut story: Story,
        pictures: &[Gotten],
        (saved, now): (Timestamp, Timestamp),
    ) -> Result<Kept, ShelfError> {
        let folder = before.parent().unwrap_or(before);
        let stem = before.file_stem().unwrap_or_default().to_string_lossy();
        let dated = dated(old, &story.title);
        let plain = std::mem::take(&mut story.title);
        story.title = dated.clone().unwrap_or_else(|| plain.clone());
        let (placed, _) = with_pictures(&stem, story.clone(), pictures);
        let unchanged = written(&placed, Some(saved)) == old;
        if dated.is_some() && !unchanged {
            story.title = as_of(&plain, now);
        }
        let (mut replaced, mut says_else) = (None, false);
        let (story, names) = write_pictures(folder, &stem, story, pictures)?;
        if !unchanged {
            replaced = Some(self.set_aside(before)?);
            says_else = !keeps_words(old, &story.markdown);
            let file = unfinished(folder, written(&story, Some(saved)).as_bytes())?;
            file.persist(before)
                .map_err(|it| failed(before)(it.error))?;
            settle(folder);
            forget_pictures(folder, &stem, old, &names);
        }
        Ok(Kept {
            updated: true,
            unchanged,
            replaced,
            says_else,
            ..Kept::lying(before.to_owned(), story)
        })
    }

    /// Writes many stories, none of them in the place of another; says of each where it lies.
    ///
    /// # Errors
    /// If there is no folder for them and none can be made.
    pub fn put_all(
        &self,
        stories: impl IntoIterator<Item = (Story, Timestamp)>,
    ) -> Result<Vec<Result<PathBuf, ShelfError>>, ShelfError> {
        let folder = self.folder.join(FOLDER);
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        clear_away(&folder);
        // Read once: thousands come at a time.
        let mut taken = names_in(&folder).map_err(failed(&folder))?;
        let put = |(story, now)| Ok(add(&folder, &mut taken, story, &[], now)?.path);
        let all = stories.into_iter().map(put).collect();
        settle(&folder);
        Ok(all)
    }
}

/// A title that says of what day the story is.
pub(super) fn as_of(title: &str, now: Timestamp) -> String {
    format!("{title}{AS_OF}{})", now.strftime("%Y-%m-%d"))
}

/// The title of a file, where it is this one with the day: that of one beside an edited file.
fn dated(old: &str, title: &str) -> Option<String> {
    let read = ingest::head(old.as_bytes(), "a.md", old.len() as u64).ok()?;
    let called = read.story.title;
    called
        .starts_with(&format!("{title}{AS_OF}"))
        .then_some(called)
}

/// Writes a story under a name that is free; `taken` are those that are not.
fn add(
    folder: &Path,
    taken: &mut HashMap<String, String>,
    story: Story,
    pictures: &[Gotten],
    now: Timestamp,
) -> Result<Kept, ShelfError> {
    let stem = stem(&story, None, now);
    for number in 1..=NUMBERS {
        let stem = match number {
            1 => stem.clone(),
            _ => format!("{stem}-{number}"),
        };
        let name = format!("{stem}.md");
        let path = folder.join(&name);
        let put = |path, story, unchanged| Kept {
            unchanged,
            ..Kept::lying(path, story)
        };
        if let Some(there) = taken.get(&folded(&name)) {
            // What has no link is known by its text.
            if story.url.is_none() && is_same(&folder.join(there), &story, pictures) {
                return Ok(put(folder.join(there), story, true));
            }
            continue;
        }
        // Pictures without their story are known by this, should the program be killed before that is written.
        let _sign = match pictures {
            [] => None,
            _ => Some(sign(&folder.join(&stem))?),
        };
        let (story, _) = write_pictures(folder, &stem, story.clone(), pictures)?;
        let file = unfinished(folder, written(&story, Some(now)).as_bytes())?;
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            // Another program took the name in this moment.
            Err(it) if it.error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(it) => return Err(failed(&path)(it.error)),
        }
        taken.insert(folded(&name), name);
        return Ok(put(path, story, false));
    }
    Err(ShelfError::TooMany(clean::line(&story.title)))
}

/// A file that says, as long as it is there, that a folder is being written.
fn sign(folder: &Path) -> Result<NamedTempFile, ShelfError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    unfinished(folder, &[])
}

/// The names of the files in a folder, by what they are compared by.
pub(super) fn names_in(folder: &Path) -> io::Result<HashMap<String, String>> {
    let names = fs::read_dir(folder)?
        .flatten()
        .filter_map(|it| it.file_name().into_string().ok());
    Ok(names.map(|it| (folded(&it), it)).collect())
}

/// Whether a file holds this story, kept at whatever time.
fn is_same(path: &Path, story: &Story, pictures: &[Gotten]) -> bool {
    let Ok(old) = fs::read_to_string(path) else {
        return false;
    };
    let Some(saved) = saved_at(&old) else {
        return false;
    };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let (story, _) = with_pictures(&stem, story.clone(), pictures);
    written(&story, Some(saved)) == old
}

/// Writes the pictures of a story into the folder beside it, and has the story point there; says how they are
/// called. Their names tell their content: none that is there is ever written anew.
pub(super) fn write_pictures(
    folder: &Path,
    stem: &str,
    story: Story,
    pictures: &[Gotten],
) -> Result<(Story, HashSet<String>), ShelfError> {
    let (story, names) = with_pictures(stem, story, pictures);
    if pictures.is_empty() {
        return Ok((story, HashSet::new()));
    }
    let beside = folder.join(stem);
    fs::create_dir_all(&beside).map_err(failed(&beside))?;
    clear_beside(&beside);
    for (picture, name) in pictures.iter().zip(&names) {
        let path = beside.join(name);
        if !path.is_file() {
            let file = unfinished(&beside, &picture.bytes)?;
            file.persist(&path).map_err(|it| failed(&path)(it.error))?;
        }
    }
    settle(&beside);
    Ok((story, names.into_iter().collect()))
}

/// A story that points to its pictures beside it, and how each of these is called.
pub(super) fn with_pictures(
    stem: &str,
    mut story: Story,
    pictures: &[Gotten],
) -> (Story, Vec<String>) {
    let names: Vec<String> = pictures.iter().map(picture_name).collect();
    let each = pictures.iter().zip(&names);
    let there: HashMap<&str, String> = each
        .map(|(it, name)| (it.src.as_str(), format!("{stem}/{name}")))
        .collect();
    story.markdown = resolve_pictures(&story.markdown, |src| there.get(src).cloned());
    if pictures.iter().any(|it| it.name.is_some()) {
        // Files that the text names as links.
        story.markdown = resolve_addresses(&story.markdown, |src| there.get(src).cloned());
    }
    for file in &mut story.enclosures {
        if let Some(path) = there.get(file.url.as_str()) {
            file.url = format!("{}{path}", ingest::ATTACHED);
        }
    }
    if let Some(image) = &mut story.lead_image
        && let Some(path) = there.get(image.src.as_str())
    {
        image.src.clone_from(path);
    }
    (story, names)
}

/// Removes pictures that the text before named and today's does not.
fn forget_pictures(folder: &Path, stem: &str, old: &str, names: &HashSet<String>) {
    let beside = folder.join(stem);
    let Ok(entries) = fs::read_dir(&beside) else {
        return;
    };
    for name in entries
        .flatten()
        .filter_map(|it| it.file_name().into_string().ok())
    {
        if !names.contains(&name) && old.contains(&format!("{stem}/{name}")) {
            // What stays is in nobody's way.
            let _ = fs::remove_file(beside.join(name));
        }
    }
}

/// Has the names in a folder outlive a loss of power.
pub(super) fn settle(folder: &Path) {
    // Some file systems cannot; the file itself is whole in any case.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|it| it.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

fn head(path: &Path) -> Option<Vec<u8>> {
    use io::Read;
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(HEAD).read_to_end(&mut bytes).ok()?;
    let says = format!("\n{SAVED}: ");
    // Of others nothing is written over.
    bytes
        .windows(says.len())
        .any(|it| it == says.as_bytes())
        .then_some(bytes)
}
