//! Databases that go with the program, in folders of their own among the system's temporary ones.

use std::{
    fs::{self, File},
    io,
    path::Path,
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
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        // A program of before may have had the number of this one.
        sweep();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("recto-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
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
