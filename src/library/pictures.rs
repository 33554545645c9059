//! The files that a story's pictures lie in, and those of pictures from elsewhere that were fetched ahead.

use std::{
    fs,
    io::{self, Write},
    path::{Component, Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{Library, Place, fingerprint};
use crate::story::{StoryId, link};

/// Bytes of pictures that are kept from elsewhere; beyond them the oldest go.
const ROOM: u64 = 512 * 1024 * 1024;

/// After this time a picture that could not be had is asked for again.
const AGAIN: Duration = Duration::from_secs(24 * 60 * 60);

/// After this time one is asked for again whose server did not answer; after twice that the next time.
const SOON: Duration = Duration::from_secs(5 * 60);

impl Library {
    /// The file for a picture from elsewhere, whether it is there or not.
    fn picture_from_elsewhere(&self, src: &str) -> Option<PathBuf> {
        let on_the_web = ["https://", "http://"].iter().any(|it| src.starts_with(it));
        let folder = self.database()?.parent()?.join("pictures");
        let name = format!("{:016x}", fingerprint::of(src.as_bytes()));
        on_the_web.then(|| folder.join(name))
    }

    /// Whether a picture from elsewhere is still to be fetched. Whoever is `told` to asks at once for those
    /// whose servers did not answer.
    pub fn lacks_picture(&self, src: &str, told: bool) -> bool {
        let Some(path) = self.picture_from_elsewhere(src) else {
            return false;
        };
        let age = |meta: &fs::Metadata| meta.modified().ok().and_then(|at| at.elapsed().ok());
        if let Ok(meta) = path.metadata() {
            return meta.len() == 0 && age(&meta) > Some(AGAIN);
        }
        let Ok(tries) = tries_of(&path).metadata() else {
            return true;
        };
        let doubled = tries.len().saturating_sub(1).min(16);
        told || age(&tries) > Some((SOON * (1 << doubled)).min(AGAIN))
    }

    /// Keeps that nobody answered who was asked for a picture: a dot for each time, in a file beside it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_unanswered_picture(&self, src: &str) -> io::Result<()> {
        let Some(path) = self.picture_from_elsewhere(src) else {
            return Ok(());
        };
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        // One that could not be had yesterday says nothing of today.
        if path.metadata().is_ok_and(|it| it.len() == 0) {
            fs::remove_file(&path)?;
        }
        let mut tries = fs::OpenOptions::new();
        let mut tries = tries.create(true).append(true).open(tries_of(&path))?;
        tries.write_all(b".")
    }

    /// Keeps a picture from elsewhere; an empty one says that it could not be had.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_picture(&self, src: &str, bytes: &[u8]) -> io::Result<()> {
        let Some(path) = self.picture_from_elsewhere(src) else {
            return Ok(());
        };
        let folder = path.parent().unwrap_or(&path);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(&path).map_err(|it| it.error)?;
        // Nobody counts them any more.
        let _ = fs::remove_file(tries_of(&path));
        Ok(())
    }

    /// Removes the oldest of the pictures from elsewhere where there are too many.
    pub fn trim_pictures(&self) {
        let folder = self
            .database()
            .and_then(Path::parent)
            .map(|it| it.join("pictures"));
        let entries = folder
            .and_then(|it| fs::read_dir(it).ok())
            .into_iter()
            .flatten();
        let mut files: Vec<(SystemTime, u64, PathBuf)> = entries
            .flatten()
            .filter_map(|it| {
                let meta = it.metadata().ok()?;
                Some((meta.modified().ok()?, meta.len(), it.path()))
            })
            .collect();
        files.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        let mut sum = 0;
        for (_, length, path) in files {
            sum += length;
            if sum > ROOM {
                // What stays is tried again next time.
                let _ = fs::remove_file(path);
            }
        }
    }

    /// The file of a picture that the story `from` names: beside the story or elsewhere in its
    /// library, a leading `/` being the library's own folder. None for what lies outside, also by
    /// way of a symbolic link, and for what is no regular file.
    pub fn picture(&self, from: StoryId, src: &str) -> Option<PathBuf> {
        if let Some(path) = self.picture_from_elsewhere(src) {
            return Some(path).filter(|it| it.metadata().is_ok_and(|it| it.len() > 0));
        }
        let Place::File(story) = self.place(from).ok()?? else {
            return None;
        };
        let root = match self.root.as_os_str().is_empty() {
            true => story.parent()?,
            false => &self.root,
        };
        inside(root, story.parent()?, src)
    }
}

/// The file that counts how often nobody answered who was asked for a picture.
fn tries_of(path: &Path) -> PathBuf {
    path.with_extension("tries")
}

/// What `src` names in `folder`, if it lies within `root`.
fn inside(root: &Path, folder: &Path, src: &str) -> Option<PathBuf> {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    // An address, or a drive.
    if path.is_empty() || path.contains(':') {
        return None;
    }
    let path = link::decode_percent(path);
    if path.contains('\0') {
        return None;
    }
    let path = Path::new(&path);
    let begin = match path.components().next()? {
        Component::RootDir => root,
        _ => folder,
    };
    let named: PathBuf = path
        .components()
        .filter(|part| !matches!(part, Component::RootDir | Component::Prefix(_)))
        .collect();
    let (root, found) = (
        root.canonicalize().ok()?,
        begin.join(named).canonicalize().ok()?,
    );
    // Asked before it is opened: to open a pipe or a device may block for ever.
    let regular = found.metadata().is_ok_and(|meta| meta.is_file());
    (regular && found.starts_with(root)).then_some(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

    use std::fs;

    use super::*;

    #[test]
    fn a_picture_lies_in_the_library_or_is_none() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("library");
        fs::create_dir_all(root.join("deep/img")).unwrap();
        for file in ["a b.png", "deep/img/b.png", "../secret.png"] {
            fs::write(root.join(file), "x").unwrap();
        }
        let found = |src: &str| {
            let found = inside(&root, &root.join("deep"), src)?;
            let root = root.canonicalize().unwrap();
            Some(
                found
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned(),
            )
        };
        for (src, there) in [
            ("img/b.png", Some("deep/img/b.png")),
            ("./img/b.png?w=1#x", Some("deep/img/b.png")),
            ("../a%20b.png", Some("a b.png")),
            ("/a b.png", Some("a b.png")),
            ("../../secret.png", None),
            ("/../secret.png", None),
            ("img", None),
            ("img/none.png", None),
            ("https://e.org/a.png", None),
            ("data:image/png;base64,AAAA", None),
            ("a%00b.png", None),
            ("", None),
        ] {
            assert_eq!(found(src).as_deref(), there, "{src}");
        }
        let secret = outside.path().join("secret.png");
        let absolute = secret.to_string_lossy().into_owned();
        assert_eq!(found(&absolute), None);
    }

    #[cfg(unix)]
    #[test]
    fn neither_a_way_out_nor_a_device_is_a_picture() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("library");
        fs::create_dir(&root).unwrap();
        fs::write(outside.path().join("secret.png"), "x").unwrap();
        std::os::unix::fs::symlink("../secret.png", root.join("way-out.png")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", root.join("zero.png")).unwrap();
        for src in ["way-out.png", "zero.png"] {
            assert_eq!(inside(&root, &root, src), None, "{src}");
        }
    }
}
