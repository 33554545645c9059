//! What other programs do with the same database, as this one sees it.
//!
//! Every transaction that changes what lists show counts up a number (the table `turn`), and each
//! program knows how often it did so itself: where the number is another one, somebody else wrote.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use rusqlite::Transaction;

use super::{Library, LibraryError, StoreError, store::Lane};

/// The row of `turn` that counts what the reader does.
const STATE: i64 = 0;

/// What somebody else changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Others {
    /// Stories came or went, or have other titles.
    pub stories: bool,
    /// Something was done with stories.
    pub state: bool,
    /// Feeds are not as they stand in the lists of this library: [`Library::settle_feeds`] brings them in line.
    pub feeds: bool,
}

/// How often the turns were counted up, as far as this program knows.
#[derive(Debug, Default)]
pub(super) struct Turns {
    state: AtomicI64,
    stories: AtomicI64,
    /// The number by which SQLite says that others wrote, when it was looked at last.
    looked: Mutex<Option<i64>>,
}

impl Turns {
    /// The turns from which on changes count.
    pub(super) fn begin(transaction: &Transaction<'_>, collection: i64) -> rusqlite::Result<Self> {
        transaction.execute("INSERT OR IGNORE INTO turn VALUES (?1, 0)", [collection])?;
        let (state, stories) = read(transaction, collection)?;
        Ok(Turns {
            state: state.into(),
            stories: stories.into(),
            looked: Mutex::new(None),
        })
    }
}

fn read(connection: &rusqlite::Connection, collection: i64) -> rusqlite::Result<(i64, i64)> {
    let mut number =
        connection.prepare_cached("SELECT max(number) FROM turn WHERE collection = ?1")?;
    let mut of = |row: i64| {
        let number = number.query_row([row], |it| it.get::<_, Option<i64>>(0));
        number.map(Option::unwrap_or_default)
    };
    Ok((of(STATE)?, of(collection)?))
}

/// How often the reader did something.
pub(super) fn state_turn(connection: &rusqlite::Connection) -> rusqlite::Result<i64> {
    Ok(read(connection, STATE)?.0)
}

/// Has the reader's turn come after `turn`: that of a copy of a database that was lost, or lost it.
fn pass_state_turn(transaction: &Transaction<'_>, turn: i64) -> rusqlite::Result<bool> {
    let raised = transaction.execute(
        "UPDATE turn SET number = ?2 + 1 WHERE collection = ?1 AND number <= ?2",
        (STATE, turn),
    )?;
    Ok(raised > 0)
}

/// Counts up the turn of a collection: stories came into it, or went.
pub(super) fn count_up(transaction: &Transaction<'_>, collection: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("UPDATE turn SET number = number + 1 WHERE collection = ?1")?
        .execute([collection])?;
    Ok(())
}

impl Library {
    /// Runs `work`, which changes what the reader did, in one transaction, and counts the turn. It
    /// says whether it removed stories or brought some back: other titles are searched then.
    pub(super) fn keep<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<(T, bool), StoreError>,
    ) -> Result<T, StoreError> {
        let (done, removes) = self.store.change(|transaction| {
            let (done, removes) = work(transaction)?;
            if removes {
                transaction.execute("UPDATE turn SET number = number + 1", [])?;
            } else {
                count_up(transaction, STATE)?;
            }
            // Before it is written: who looks in between must not take it for somebody else's.
            self.turns.state.fetch_add(1, Ordering::SeqCst);
            if removes {
                self.count_own_stories();
            }
            Ok((done, removes))
        })?;
        if removes {
            self.search.forget_titles();
        }
        self.write_step_log();
        Ok(done)
    }

    /// Goes on counting after the turn of a copy that was taken into this database.
    pub(super) fn pass_turn(&self, turn: i64) -> Result<(), StoreError> {
        self.store.change(|transaction| {
            if pass_state_turn(transaction, turn)? {
                self.turns.state.store(turn + 1, Ordering::SeqCst);
            }
            Ok(())
        })
    }

    /// This program counted up the turn of its collection.
    pub(super) fn count_own_stories(&self) {
        self.turns.stories.fetch_add(1, Ordering::SeqCst);
    }

    /// What other programs changed since this was asked last; none where they did not. What is known
    /// of the lists is forgotten then.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn look_at_others(&self) -> Result<Option<Others>, LibraryError> {
        let connection = self.store.hold(Lane::Stories)?;
        let version = connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        let looked = {
            let mut looked = self
                .turns
                .looked
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            looked.replace(version)
        };
        // To ask for that number costs next to nothing; this is asked several times a second.
        if looked == Some(version) {
            return Ok(None);
        }
        let (state, stories) = read(&connection, self.collection)?;
        drop(connection);
        let feeds = self.has_unsettled_feeds()?;
        let was = (
            self.turns.state.swap(state, Ordering::SeqCst),
            self.turns.stories.swap(stories, Ordering::SeqCst),
        );
        let others = Others {
            stories: was.1 != stories,
            state: was.0 != state,
            feeds,
        };
        if was == (state, stories) {
            return Ok(feeds.then_some(others));
        }
        if others.stories {
            self.search.forget_titles();
        }
        self.changed();
        Ok(Some(others))
    }
}
