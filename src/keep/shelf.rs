//! The shelf: a folder of plain files, each written whole or not at all.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File},
    hash::Hasher,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use siphasher::sip::SipHasher13;
use tempfile::NamedTempFile;

use super::{
    name::{folded, slug},
    pictures::Gotten,
    text::{SAVED, is_untouched, saved_at, written},
};
use crate::{
    document::resolve_pictures,
    ingest,
    story::{Published, Story, clean, link},
};

/// The folder of the shelf that recto writes to.
const FOLDER: &str = "saved";

/// The folder of the shelf that holds what was taken back. Hidden: nothing lists it.
const TRASH: &str = ".trash";

/// How the names of files begin and end that are still being written. Hidden: nothing lists them.
const UNFINISHED: (&str, &str) = (".recto-", ".tmp");

/// After this time an unfinished file is one that nobody will finish.
const GIVEN_UP: Duration = Duration::from_secs(60 * 60);

/// Bytes at the beginning of a file that say what it is.
const HEAD: u64 = 32 * 1024;

/// Files that are looked at for a link, at most.
const LOOKED_AT: usize = 50_000;

/// Stories of one day and one title that are told apart by numbers.
const NUMBERS: usize = 10_000;

/// A folder that stories are kept in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    folder: PathBuf,
}

/// What became of a story that was to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Put {
    /// Where it lies.
    pub path: PathBuf,
    /// The story as it lies there: with the pictures beside it.
    pub story: Story,
    /// Whether a file that was there was written anew.
    pub updated: bool,
    /// Whether there was nothing to be written.
    pub unchanged: bool,
    /// Whether the shelf was made for it.
    pub new_shelf: bool,
    /// The file that recto wrote before and that was edited since: it stays, and the story lies beside it.
    pub edited: Option<PathBuf>,
    /// Where the file that recto wrote before lies now, if it said something else.
    pub set_aside: Option<PathBuf>,
}

/// Why a story could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The system refused.
    #[error("{path} could not be written: {}", in_words(.cause))]
    Io {
        /// The file or the folder, as it is shown.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
    /// A file of the reader's own has the same link.
    #[error("{0} has this story already; recto did not write that file and leaves it as it is")]
    NotOurs(String),
    /// It was edited since.
    #[error("{0} was edited since it was written, and stays")]
    Edited(String),
    /// There are too many of one name.
    #[error("{0}: the shelf has too many stories of this name and day")]
    TooMany(String),
}

/// What the system said, with what to do about it.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "you may not write there (see its permissions with ls -ld)".to_owned()
        }
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "this disk can only be read".to_owned(),
        io::ErrorKind::NotADirectory => "a file is in the way where a folder should be".to_owned(),
        _ => error.to_string(),
    }
}

pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> ShelfError {
    move |cause| ShelfError::Io {
        path: shown(path),
        cause,
    }
}

fn shown(path: &Path) -> String {
    clean::line(&path.to_string_lossy())
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

    /// Whether a file lies on it.
    pub fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.folder) && path.is_file()
    }

    /// The file that recto wrote for a link in its canonical form.
    pub fn find(&self, link: &str) -> Option<PathBuf> {
        let entries = fs::read_dir(self.folder.join(FOLDER)).ok()?;
        let paths = entries.flatten().map(|it| it.path());
        paths
            .filter(|it| it.extension().is_some_and(|it| it == "md"))
            .take(LOOKED_AT)
            .find(|path| {
                let Some(head) = head(path) else {
                    return false;
                };
                let url = ingest::head(&head, "a.md", head.len() as u64)
                    .ok()
                    .and_then(|it| it.story.url);
                url.and_then(|it| link::canonical(&it)).as_deref() == Some(link)
            })
    }

    /// Writes a story, with its pictures beside it; in the place of the file `before`, where there is one. One that
    /// was edited since recto wrote it stays as it is, and the story is written beside it. One that says something
    /// else is set aside: pages become forms to sign in by, and some stories name the same address as others.
    ///
    /// # Errors
    /// If the system refuses, or `before` is none of recto's own.
    pub fn put(
        &self,
        story: Story,
        pictures: &[Gotten],
        before: Option<&Path>,
        now: Timestamp,
    ) -> Result<Put, ShelfError> {
        let new_shelf = !self.folder.exists();
        let folder = match before.and_then(Path::parent) {
            Some(folder) => folder.to_owned(),
            None => self.folder.join(FOLDER),
        };
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        clear_away(&folder);
        let (mut edited, mut set_aside) = (None, None);
        if let Some(before) = before {
            let old = fs::read_to_string(before).map_err(failed(before))?;
            let saved = saved_at(&old).ok_or_else(|| ShelfError::NotOurs(shown(before)))?;
            if !is_untouched(&old) {
                edited = Some(before.to_owned());
            } else if keeps_words(&old, &story.markdown) {
                return replace(before, &old, story, pictures, saved);
            } else {
                set_aside = Some(self.take_back(before)?);
            }
        }
        let mut taken = names_in(&folder).map_err(failed(&folder))?;
        let put = add(&folder, &mut taken, story, pictures, now)?;
        settle(&folder);
        Ok(Put {
            new_shelf,
            edited,
            set_aside,
            ..put
        })
    }

    /// Takes back what was written: moves the file and its pictures into the shelf's hidden folder `.trash`, and
    /// says where the file lies there.
    ///
    /// # Errors
    /// If the system refuses, or the file was edited since.
    pub fn take_back(&self, path: &Path) -> Result<PathBuf, ShelfError> {
        let text = fs::read_to_string(path).map_err(failed(path))?;
        if !is_untouched(&text) {
            return Err(ShelfError::Edited(shown(path)));
        }
        let name = path.file_name().unwrap_or_default();
        let pictures = path.with_extension("");
        let stem = pictures.file_name().unwrap_or_default();
        let trash = self.folder.join(TRASH);
        let mut folder = trash.clone();
        let mut number = 1;
        while folder.join(name).exists() || folder.join(stem).exists() {
            number += 1;
            folder = trash.join(number.to_string());
        }
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        fs::rename(path, folder.join(name)).map_err(failed(path))?;
        if pictures.is_dir() {
            fs::rename(&pictures, folder.join(stem)).map_err(failed(&pictures))?;
        }
        Ok(folder.join(name))
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

/// Whether a text has half of the words of the one before it, or that had hardly any.
fn keeps_words(before: &str, now: &str) -> bool {
    /// What names a story and leads to it, and little more.
    const FEW: usize = 40;
    fn words(text: &str) -> HashSet<&str> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|it| !it.is_empty())
            .collect()
    }
    let body = before.splitn(3, "---\n").nth(2).unwrap_or(before);
    let (before, now) = (words(body), words(now));
    before.len() < FEW || before.intersection(&now).count() * 2 >= before.len()
}

/// Writes a story in the place of what recto wrote before.
fn replace(
    before: &Path,
    old: &str,
    story: Story,
    pictures: &[Gotten],
    saved: Timestamp,
) -> Result<Put, ShelfError> {
    let folder = before.parent().unwrap_or(before);
    let stem = before.file_stem().unwrap_or_default().to_string_lossy();
    let (story, names) = write_pictures(folder, &stem, story, pictures)?;
    let text = written(&story, Some(saved));
    let unchanged = text == old;
    if !unchanged {
        let file = unfinished(folder, text.as_bytes())?;
        file.persist(before)
            .map_err(|it| failed(before)(it.error))?;
        settle(folder);
        forget_pictures(folder, &stem, old, &names);
    }
    Ok(Put {
        path: before.to_owned(),
        story,
        updated: true,
        unchanged,
        new_shelf: false,
        edited: None,
        set_aside: None,
    })
}

/// Writes a story under a name that is free; `taken` are those that are not.
fn add(
    folder: &Path,
    taken: &mut HashMap<String, String>,
    story: Story,
    pictures: &[Gotten],
    now: Timestamp,
) -> Result<Put, ShelfError> {
    let stem = stem(&story, now);
    for number in 1..=NUMBERS {
        let stem = match number {
            1 => stem.clone(),
            _ => format!("{stem}-{number}"),
        };
        let name = format!("{stem}.md");
        let path = folder.join(&name);
        let put = |path, story, unchanged| Put {
            path,
            story,
            updated: false,
            unchanged,
            new_shelf: false,
            edited: None,
            set_aside: None,
        };
        if let Some(there) = taken.get(&folded(&name)) {
            // What has no link is known by its text.
            if story.url.is_none() && is_same(&folder.join(there), &story, pictures) {
                return Ok(put(folder.join(there), story, true));
            }
            continue;
        }
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

/// The name of a story's file without its ending: `2026-11-20-the-knot`.
pub(super) fn stem(story: &Story, now: Timestamp) -> String {
    let day = match story.published {
        Some(Published::Day(day)) => day.to_string(),
        Some(Published::At(at)) => at.strftime("%Y-%m-%d").to_string(),
        Some(Published::Written(at)) => at.date().to_string(),
        None => now.strftime("%Y-%m-%d").to_string(),
    };
    format!("{day}-{}", slug(&story.title))
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
    if let Some(image) = &mut story.lead_image
        && let Some(path) = there.get(image.src.as_str())
    {
        image.src.clone_from(path);
    }
    (story, names)
}

/// How a picture's file is called: by the name that it had, and its content.
fn picture_name(picture: &Gotten) -> String {
    let path = picture.src.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let last = link::decode_percent(last);
    let last = last.rsplit_once('.').map_or(&*last, |(start, _)| start);
    let mut name = slug(&clean::line(last));
    let mut end = name.len().min(40);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    let name = name.trim_end_matches('-');
    let mut hasher = SipHasher13::new();
    hasher.write(&picture.bytes);
    let print = hasher.finish() as u32;
    format!("{name}-{print:08x}.{}", picture.ending)
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

/// A file that holds all of these bytes for good, and has no name yet that anybody looks for.
pub(super) fn unfinished(folder: &Path, bytes: &[u8]) -> Result<NamedTempFile, ShelfError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    // Like any file that the reader makes, and not for them alone.
    #[cfg(unix)]
    let mode: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(mode);
    let mut file = builder.tempfile_in(folder).map_err(failed(folder))?;
    let write = |file: &mut NamedTempFile| {
        file.write_all(bytes)?;
        file.as_file().sync_all()
    };
    write(&mut file).map_err(failed(folder))?;
    Ok(file)
}

/// Has the names in a folder outlive a loss of power.
pub(super) fn settle(folder: &Path) {
    // Some file systems cannot; the file itself is whole in any case.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|it| it.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

/// Removes what a program left that was ended while it wrote.
pub(super) fn clear_away(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let unfinished = name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1);
        let old = || {
            let changed = entry.metadata().and_then(|it| it.modified()).ok();
            changed.and_then(|it| SystemTime::now().duration_since(it).ok()) > Some(GIVEN_UP)
        };
        if unfinished && old() {
            let _ = fs::remove_file(entry.path());
        }
    }
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
