//! A folder of stories for one test, gone when the test ends.

#![allow(dead_code)] // Every file of tests uses another part of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// A folder for one test alone.
pub struct Folder {
    root: TempDir,
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        let root = tempfile::Builder::new().prefix("recto-test-").tempdir();
        Folder {
            root: root.unwrap(),
        }
    }

    /// The folder with one more file in it; folders on the way to it are made.
    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// The folder with one more Markdown story of this title, day and body in it.
    pub fn with_story(self, name: &str, title: &str, day: &str, body: &str) -> Self {
        let front = format!("---\ntitle: {title}\ndate: {day}\n---\n\n");
        self.with(name, front + body)
    }

    /// Where the file `name` of the folder lies; `""` is the folder itself.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        self.root.path()
    }
}
