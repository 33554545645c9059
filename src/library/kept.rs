//! Stories that are written into a folder of the library as files that any editor opens.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{Library, LibraryError, catalogue, store::Lane};
use crate::story::{self, Story};

/// The folder of the library that they lie in.
const FOLDER: &str = "saved";

/// A file's name has so many bytes at most, without its date and its number.
const LONGEST: usize = 80;

/// Stories of one day and one title, at most.
const NUMBERS: usize = 1000;

/// Writes a story into `shelf`, whole or not at all, under its day and its title; says where. `added` is
/// when it was kept.
///
/// # Errors
/// If it cannot be written.
pub fn write_story(shelf: &Path, story: &Story, added: Timestamp) -> io::Result<PathBuf> {
    let folder = shelf.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let day = added.strftime("%Y-%m-%d");
    let name = format!("{day}-{}", slug(&story.title));
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    file.write_all(written(story, added).as_bytes())?;
    file.as_file().sync_data()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    for number in 1..=NUMBERS {
        let name = match number {
            1 => format!("{name}.md"),
            number => format!("{name}-{number}.md"),
        };
        let path = folder.join(name);
        file = match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => error.file,
            Err(error) => return Err(error.error),
        };
    }
    let told = format!("there are {NUMBERS} files of this day and this title");
    Err(io::Error::new(io::ErrorKind::AlreadyExists, told))
}

/// The title as a part of a file's name: its words in small letters, with dashes between them.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if slug.len() + 1 + word.len() > LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    match slug.is_empty() {
        true => "story".to_owned(),
        false => slug,
    }
}

/// YAML front matter and Markdown. JSON strings are YAML strings (YAML 1.2, 1.3).
fn written(story: &Story, saved: Timestamp) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let list = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|it| quoted(it)).collect();
        (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
    };
    let lines = [
        ("title", Some(quoted(&story.title))),
        ("authors", list(&story.authors)),
        ("published", story.published.map(story::iso)),
        ("url", story.url.as_deref().map(quoted)),
        ("categories", list(&story.categories)),
        ("summary", story.summary.as_deref().map(quoted)),
        ("lang", story.language.as_deref().map(quoted)),
        (
            "saved",
            Some(saved.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ),
    ];
    let mut out = "---\n".to_owned();
    for (name, value) in lines {
        if let Some(value) = value {
            out.push_str(&format!("{name}: {value}\n"));
        }
    }
    out.push_str("---\n\n");
    out.push_str(story.markdown.trim_matches('\n'));
    out.push('\n');
    out
}

impl Library {
    /// Whether a story with this link, in its canonical form, is here.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn has_link(&self, link: &str) -> Result<bool, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        Ok(catalogue::numbered(&connection, self.collection, link)?.is_some())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A test that cannot be set up fails.

    use super::*;
    use crate::{ingest, story::Kind};

    #[test]
    fn what_is_written_is_read_back_and_never_over_another() {
        let shelf = tempfile::tempdir().unwrap();
        let mut story = Story::new(Kind::Markdown, "../A: \"b\" & c", "Words.\n");
        story.url = Some("https://e.org/a".to_owned());
        let added: Timestamp = "2019-02-28T14:05:00Z".parse().unwrap();
        let paths = [(); 2].map(|()| write_story(shelf.path(), &story, added).unwrap());
        let names = paths
            .clone()
            .map(|it| it.file_name().unwrap().to_string_lossy().into_owned());
        assert_eq!(names, ["2019-02-28-a-b-c.md", "2019-02-28-a-b-c-2.md"]);
        let read = ingest::read(fs::read(&paths[0]).unwrap(), &names[0]).unwrap();
        assert_eq!((&read.title, &read.url), (&story.title, &story.url));
        assert_eq!(read.markdown.trim(), "Words.");
        assert_eq!(fs::read_dir(shelf.path().join(FOLDER)).unwrap().count(), 2);
    }
}
