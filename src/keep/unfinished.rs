//! Files that are still being written: by names that nobody looks for, and locked by whoever writes them. The system
//! lets go of a lock with the program, however that ends, so whoever comes next knows what nobody will finish.

use std::{
    fs::{self, DirEntry, File},
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use tempfile::NamedTempFile;

use super::{
    error::{ShelfError, failed},
    name::name_of,
};

/// How the names of files begin and end that are still being written. Hidden: nothing lists them.
const UNFINISHED: (&str, &str) = (".recto-", ".tmp");

/// Where there are no locks, an unfinished file is one that nobody will finish after this time.
const GIVEN_UP: Duration = Duration::from_secs(60 * 60);

/// A file that holds all of these bytes for good, and has no name yet that anybody looks for.
pub(super) fn unfinished(folder: &Path, bytes: &[u8]) -> Result<NamedTempFile, ShelfError> {
    let mut file = locked(folder)?;
    let write = |file: &mut NamedTempFile| {
        file.write_all(bytes)?;
        file.as_file().sync_all()
    };
    write(&mut file).map_err(failed(folder))?;
    Ok(file)
}

/// A new file that whoever clears away leaves where it is.
fn locked(folder: &Path) -> Result<NamedTempFile, ShelfError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    // Like any file that the reader makes, and not for them alone.
    #[cfg(unix)]
    let mode: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(mode);
    loop {
        let file = builder.tempfile_in(folder).map_err(failed(folder))?;
        // It may have been cleared away before it was locked.
        if file.as_file().lock().is_err() || file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes what programs left in a folder of stories that were ended while they wrote: unfinished files, and pictures
/// whose story never came.
pub(super) fn clear_away(folder: &Path) {
    for entry in entries(folder) {
        let path = entry.path();
        if is_left(&entry) {
            let _ = fs::remove_file(path);
        } else if entry.file_type().is_ok_and(|it| it.is_dir()) {
            // A folder of the reader's own may be called as a story is, and has no sign.
            let has_story = story_of(&path).exists();
            if !has_story && clear_beside(&path) {
                forget_pictures(&path);
            }
        }
    }
}

/// Removes unfinished files in the folder of pictures beside a story; says whether there were any, and nobody writes
/// there.
pub(super) fn clear_beside(folder: &Path) -> bool {
    let (mut any, mut at_work) = (false, false);
    for entry in entries(folder).filter(is_unfinished) {
        match is_left(&entry) {
            true => any |= fs::remove_file(entry.path()).is_ok(),
            false => at_work = true,
        }
    }
    any && !at_work
}

/// The file of the story that a folder of pictures lies beside.
fn story_of(pictures: &Path) -> PathBuf {
    let mut name = pictures.as_os_str().to_owned();
    name.push(".md");
    name.into()
}

/// Removes pictures that recto wrote, and the folder if nothing else is in it.
fn forget_pictures(folder: &Path) {
    for entry in entries(folder) {
        let is_file = entry.file_type().is_ok_and(|it| it.is_file());
        if is_file && name_of(&entry.file_name().to_string_lossy()).is_some() {
            let _ = fs::remove_file(entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}

fn entries(folder: &Path) -> impl Iterator<Item = DirEntry> {
    fs::read_dir(folder).into_iter().flatten().flatten()
}

fn is_unfinished(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}

/// Whether a file is one that nobody will finish.
fn is_left(entry: &DirEntry) -> bool {
    if !is_unfinished(entry) || !entry.file_type().is_ok_and(|it| it.is_file()) {
        return false;
    }
    let Ok(file) = File::options().write(true).open(entry.path()) else {
        return false;
    };
    match file.try_lock() {
        Ok(()) => true,
        Err(fs::TryLockError::WouldBlock) => false,
        Err(fs::TryLockError::Error(_)) => {
            let changed = entry.metadata().and_then(|it| it.modified()).ok();
            changed.and_then(|it| SystemTime::now().duration_since(it).ok()) > Some(GIVEN_UP)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_programs_left_goes_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["dead", "alive", "own", "whole"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("a-0badcafe.png"), "picture").unwrap();
        }
        fs::write(at("whole.md"), "its story").unwrap();
        for left in [".recto-a.tmp", "dead/.recto-b.tmp", "whole/.recto-c.tmp"] {
            fs::write(at(left), "half").unwrap();
        }
        let writes = unfinished(folder.path(), b"half").unwrap();
        let sign = unfinished(&at("alive"), b"").unwrap();
        clear_away(folder.path());
        assert!(!at(".recto-a.tmp").exists() && !at("dead").exists());
        assert!(writes.path().exists() && sign.path().exists());
        for name in ["alive", "own", "whole"] {
            assert!(at(name).join("a-0badcafe.png").exists(), "{name}");
        }
    }
}
