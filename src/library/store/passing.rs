//! Databases that go with the program, in folders of their own among the system's temporary ones.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{FILE, Store, StoreError, copy_database};

/// The file in such a folder that is locked while the folder is in use. The system lets go of it with the
/// program, however that ends.
const IN_USE: &str = "in-use";

impl Store {
    /// A database that goes with the program; where it can be read, with all that the one in `seed`
    /// holds.
    pub(in crate::library) fn passing(seed: Option<&Path>) -> Result<Self, StoreError> {
        let folder = new_folder();
        // Where it cannot be made, the system says why below.
        let _ = private(&folder);
        // Of one without a byte nothing is to be had, and nothing to be said; nor of a folder in its place.
        let holds = |seed: &&Path| {
            let file = seed.join(FILE).metadata();
            file.is_ok_and(|it| it.is_file() && it.len() > 0)
        };
        let seeded = match seed.filter(holds).map(|seed| copy_database(seed, &folder)) {
            Some(Ok(())) => true,
            Some(Err(_)) => {
                // Half a copy would be taken for a database that was damaged.
                let _ = fs::remove_dir_all(&folder);
                false
            }
            None => false,
        };
        let mut store = match Self::open(&folder) {
            Err(_) if seeded => {
                let _ = fs::remove_dir_all(&folder);
                Self::open(&folder)?
            }
            opened => opened?,
        };
        store.passing = true;
        // Without it, the folder stays where the program is killed.
        store.in_use = use_folder(&folder).ok();
        Ok(store)
    }
}

/// The path of a folder that no other one has.
fn new_folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    // A program of before may have had the number of this one.
    sweep();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("recto-{}-{number}", std::process::id());
    std::env::temp_dir().join(name)
}

/// Makes a folder that nobody else may look into.
fn private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A folder among the system's temporary ones that nobody else may look into. It goes with this, and where the
/// program is killed, with the start of the next one.
#[derive(Debug)]
pub struct PrivateFolder {
    path: PathBuf,
    /// Closed, it says that nobody uses the folder any more.
    _in_use: Option<File>,
}

impl PrivateFolder {
    /// Makes one.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn new() -> io::Result<Self> {
        let path = new_folder();
        private(&path)?;
        let in_use = use_folder(&path).ok();
        Ok(PrivateFolder {
            path,
            _in_use: in_use,
        })
    }

    /// Writes a file that nobody else may read, in a folder of its own within: two may have one name. Gives where it
    /// lies.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let mut number = 1;
        let folder = loop {
            let folder = self.path.join(number.to_string());
            match private(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                made => break made.map(|()| folder)?,
            }
        };
        let path = folder.join(name);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?.write_all(bytes)?;
        Ok(path)
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Says that a folder is in use until the file is closed. It is locked before it has its name, so whoever
/// finds it finds it locked.
fn use_folder(folder: &Path) -> io::Result<File> {
    let unnamed = folder.join("in-use.new");
    let file = File::create(&unnamed)?;
    file.lock()?;
    fs::rename(&unnamed, folder.join(IN_USE))?;
    Ok(file)
}

/// Removes the folders that were left by programs that were killed, once in a run.
pub(in crate::library) fn sweep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| sweep_in(&std::env::temp_dir()));
}

fn sweep_in(temporary: &Path) {
    for entry in temporary.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name();
        // Links are not followed: in a folder that is everybody's anybody may have made them.
        let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
        if !is_folder || !name.to_str().is_some_and(is_passing) {
            continue;
        }
        let file = File::open(entry.path().join(IN_USE));
        if file.is_ok_and(|it| it.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether a folder is called as those of databases that go with the program are.
fn is_passing(name: &str) -> bool {
    let numbers = name
        .strip_prefix("recto-")
        .and_then(|it| it.split_once('-'));
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(process, count)| is_number(process) && is_number(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_lies_in_a_private_folder_is_nobody_elses_and_goes() {
        use std::os::unix::fs::PermissionsExt;
        let folder = PrivateFolder::new().unwrap();
        let (one, other) = (folder.write("a.csv", b"1"), folder.write("a.csv", b"2"));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(
            (fs::read(&one).unwrap(), fs::read(&other).unwrap()),
            (b"1".to_vec(), b"2".to_vec())
        );
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&one), 0o600);
        assert_eq!(mode(one.parent().unwrap()), 0o700);
        assert_eq!(mode(&folder.path), 0o700);
        // Should its program be killed, the next one knows it by its name.
        let name = folder.path.file_name().unwrap().to_str().unwrap();
        assert!(is_passing(name) && folder.path.join(IN_USE).exists());
        drop(folder);
        assert!(!one.exists());
    }

    #[test]
    fn folders_of_killed_programs_are_removed_and_those_in_use_are_not() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = |name: &str, used: bool| {
            let folder = temporary.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(FILE), "words").unwrap();
            let file = use_folder(&folder).unwrap();
            used.then_some(file)
        };
        let _used = folder("recto-17-0", true);
        for left in ["recto-17-1", "recto-look-3", "recto-17", "other-17-1"] {
            folder(left, false);
        }
        sweep_in(temporary.path());
        let mut stay: Vec<_> = temporary.path().read_dir().unwrap().flatten().collect();
        stay.sort_by_key(fs::DirEntry::file_name);
        let stay: Vec<_> = stay.iter().map(fs::DirEntry::file_name).collect();
        assert_eq!(
            stay,
            ["other-17-1", "recto-17", "recto-17-0", "recto-look-3"]
        );
    }
}
