//! The stories that ship with recto, embedded in the binary.

use std::fs::File;

use include_dir::{Dir, include_dir};
use rusqlite::{Connection, Transaction};

use super::{
    Input, Library, LibraryError, Place,
    facets::Facets,
    intake::{self, Intake, Taken},
    store::Lane,
};
use crate::story::StoryId;

static ARTICLES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/articles");

/// What the collection is called of a reader who has no folder yet.
pub(super) const COLLECTION: &str = "bundled stories";

/// How the paths begin under which bundled stories stand among the files: no file of a folder has such a one, so they
/// may stand in a library beside what lies on the disk.
const EXAMPLE: &[u8] = b"\xFE/";

/// What comes after the paths of all of them.
const AFTER: &[u8] = b"\xFE0";

/// The file beside the database that whoever shows lists on a screen has locked, with others who do.
const SHOWN: &str = "shown.lock";

/// Lists that show on a screen, as long as this is there.
#[derive(Debug)]
pub struct Shown(Option<File>);

/// What the keys of bundled stories begin with.
const KEY: &str = "bundled:";

/// What a bundled story is known by. The file that it is kept in says so too, and is the same story.
pub(super) fn key_of(name: &str) -> String {
    format!("{KEY}{name}")
}

/// Whether a bundled story is known by this.
pub(super) fn is_key(key: &str) -> bool {
    key.strip_prefix(KEY).is_some_and(|it| story(it).is_some())
}

/// The path under which a bundled story stands among the files.
pub(super) fn path_of(name: &str) -> Vec<u8> {
    [EXAMPLE, name.as_bytes()].concat()
}

/// Whether what stands among the files as `path` is, or was, a bundled story.
pub(super) fn is_example(path: &[u8]) -> bool {
    path.starts_with(EXAMPLE)
}

/// The bundled story that stands among the files as `path`.
pub(super) fn at(path: &[u8]) -> Option<Place> {
    let name = std::str::from_utf8(path.strip_prefix(EXAMPLE)?).ok()?;
    stories()
        .map(|(it, _)| it)
        .find(|it| *it == name)
        .map(Place::Bundled)
}

/// Name and bytes of every bundled story.
pub(super) fn stories() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    ARTICLES.files().filter_map(|file| {
        let name = file.path().file_name()?.to_str()?;
        crate::ingest::is_story_name(name).then(|| (name, file.contents()))
    })
}

/// The bytes of the bundled story of this name.
pub(super) fn story(name: &str) -> Option<&'static [u8]> {
    ARTICLES.get_file(name).map(|file| file.contents())
}

/// The bytes of a picture that ships with the bundled stories, by the address that these call it by.
pub fn shipped_picture(src: &str) -> Option<&'static [u8]> {
    ARTICLES.get_file(src).map(|file| file.contents())
}

impl Library {
    /// The bytes of a picture of the story `from`, if that is a bundled one.
    pub fn shipped_picture(&self, from: StoryId, src: &str) -> Option<&'static [u8]> {
        match self.place(from).ok()?? {
            Place::Bundled(_) => shipped_picture(src),
            _ => None,
        }
    }

    /// Whether the examples are read.
    pub fn has_examples(&self) -> bool {
        self.inputs.contains(&Input::Bundled)
    }

    /// Reads the examples as well: what shows in a program that runs is not to go from under the reader's hands.
    pub fn keep_examples(&mut self) {
        if !self.has_examples() {
            self.inputs.push(Input::Bundled);
        }
    }

    /// Takes the examples out of the lists of a reader who has something of their own; says whether there were any.
    /// What was done with them stays.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn make_room(&self) -> Result<bool, LibraryError> {
        if self.has_examples() || !self.feeds_here {
            return Ok(false);
        }
        self.take_out_examples()
    }

    /// Says that the lists show on a screen, as long as what is given is there.
    pub fn show(&self) -> Shown {
        let lock = || {
            let path = self.database()?.with_file_name(SHOWN);
            let file = File::options().create(true).append(true).open(path).ok()?;
            // Nobody waits for it: the first screen is to come.
            file.try_lock_shared().ok()?;
            Some(file)
        };
        Shown(lock())
    }

    /// The same at the end of a program in which the reader came by something of their own: whoever lists that next is
    /// not to find them. Not where they are on another screen still, or that cannot be told.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn make_room_at_end(&self, shown: Shown) -> Result<bool, LibraryError> {
        let waits = self.waits_for_folder() && !self.has_feeds()?;
        if waits || !self.feeds_here || !self.has_examples() {
            return Ok(false);
        }
        let alone = |file: &File| file.unlock().and_then(|()| Ok(file.try_lock()?)).is_ok();
        if !shown.0.as_ref().is_some_and(alone) {
            return Ok(false);
        }
        self.take_out_examples()
    }

    fn take_out_examples(&self) -> Result<bool, LibraryError> {
        let lists = self.lists_with_examples()?;
        if lists.is_empty() {
            return Ok(false);
        }
        let taken = self.store.write(Lane::Intake, |transaction| {
            let mut own = Taken::default();
            for (collection, root) in &lists {
                let mut facets = Facets::default();
                let root = intake::path_of(root);
                let mut intake = Intake::new(transaction, *collection, root, &mut facets, true)?;
                for path in examples_in(transaction, *collection)? {
                    intake.forget(&path)?;
                }
                match *collection == self.collection {
                    true => own = self.ended(intake)?,
                    false => drop(intake.finish()?),
                }
            }
            Ok(own)
        })?;
        if !taken.is_nothing() {
            self.took(taken);
        }
        Ok(true)
    }

    /// Number and root of this collection, and of that without a folder, if examples are among their stories.
    fn lists_with_examples(&self) -> Result<Vec<(i64, Vec<u8>)>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let mut lists = connection.prepare_cached(
            "SELECT id, root FROM collection WHERE (id = ?1 OR name = ?2) AND EXISTS \
             (SELECT 1 FROM file WHERE file.collection = collection.id AND path >= ?3 AND path < ?4)",
        )?;
        let lists = lists.query_map((self.collection, COLLECTION, EXAMPLE, AFTER), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(lists.collect::<rusqlite::Result<_>>()?)
    }
}

/// Whether examples are among the stories of the library of this name; without one, of a reader's who has no folder.
pub(super) fn are_listed(connection: &Connection, name: Option<&str>) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM collection JOIN file ON file.collection = collection.id \
         WHERE name = ?1 AND path >= ?2 AND path < ?3)",
        (name.unwrap_or(COLLECTION), EXAMPLE, AFTER),
        |row| row.get(0),
    )
}

/// The paths of the examples among the stories of a collection.
fn examples_in(transaction: &Transaction<'_>, collection: i64) -> rusqlite::Result<Vec<Vec<u8>>> {
    transaction
        .prepare_cached("SELECT path FROM file WHERE collection = ?1 AND path >= ?2 AND path < ?3")?
        .query_map((collection, EXAMPLE, AFTER), |row| row.get(0))?
        .collect()
}
