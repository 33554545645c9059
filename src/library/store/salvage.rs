//! What can still be read of a damaged database.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};

use super::damage::check;

/// Tables that cannot be built anew, with their columns; the first is the key.
const PRECIOUS: &[(&str, &[&str])] = &[
    (
        "state",
        &[
            "key", "read", "starred", "later", "removed", "block", "offset", "seen", "placed",
            "opened", "hash", "print",
        ],
    ),
    ("tag", &["key", "name"]),
    (
        "note",
        &[
            "key", "id", "exact", "prefix", "suffix", "text", "block", "offset", "created",
            "changed",
        ],
    ),
    ("saved", &["name", "query"]),
    ("outline", &["key", "content"]),
    ("mark", &["letter", "key", "block", "offset"]),
    // What is fetched from them anew is only what they still have.
    (
        "feed",
        &[
            "key",
            "id",
            "url",
            "name",
            "folder",
            "attributes",
            "added",
            "ended",
            "title",
            "page",
            "language",
            "newest",
        ],
    ),
    (
        "entry",
        &[
            "id", "feed", "ident", "link", "print", "came", "edited", "comments", "content",
        ],
    ),
    // Which was done last: what is imported is measured by it.
    ("step", &["id", "at", "what", "undone", "collection"]),
    ("change", &["id", "step", "key", "field", "old", "new"]),
];

/// What could be read of a damaged database.
#[derive(Debug, Default)]
pub(in crate::library) struct Salvaged {
    /// The keys of the rows of `state` that were read.
    read: HashSet<String>,
    /// The tables that were read from one end to the other.
    whole: HashSet<&'static str>,
    /// Of the others the keys that were read last from the beginning, and from the end.
    ends: HashMap<&'static str, [Option<String>; 2]>,
}

impl Salvaged {
    /// Whether the flags and the place of the story `key` were read.
    pub(in crate::library) fn has_read(&self, key: &str) -> bool {
        self.read.contains(key)
    }

    /// Whether nothing is missing of a table.
    pub(in crate::library) fn is_whole(&self, table: &str) -> bool {
        self.whole.contains(table)
    }

    /// Whether nothing is missing of what a table, which begins with keys, holds of a story.
    pub(in crate::library) fn has_all_of(&self, table: &str, key: &str) -> bool {
        // Of the key where reading ended there may be more rows.
        let beyond = |[first, last]: &[Option<String>; 2]| {
            first.as_deref().is_some_and(|it| key < it)
                || last.as_deref().is_some_and(|it| key > it)
        };
        self.is_whole(table) || self.ends.get(table).is_some_and(beyond)
    }

    /// Whether nothing is missing of the journal.
    pub(in crate::library) fn has_journal(&self) -> bool {
        self.is_whole("step") && self.is_whole("change")
    }
}

/// Copies what can still be read of what the reader did.
pub(super) fn salvage(to: &mut Connection, from: &Path) -> Salvaged {
    salvage_where(to, from, |_, _| true)
}

/// The same of a database whose first page was made up: only of tables that are what they should be, and
/// begin on a page that is `certain`. Any other may have held anything.
pub(super) fn salvage_certain(
    to: &mut Connection,
    from: &Path,
    certain: Option<&HashSet<u32>>,
) -> Salvaged {
    salvage_where(to, from, |old, table| {
        let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        let root: rusqlite::Result<u32> = old.query_row(root, [table], |row| row.get(0));
        let is_certain = root.is_ok_and(|it| certain.is_none_or(|all| all.contains(&it)));
        is_certain && check(old, Some(table)).unwrap_or(false)
    })
}

fn salvage_where(
    to: &mut Connection,
    from: &Path,
    is_wanted: impl Fn(&Connection, &str) -> bool,
) -> Salvaged {
    let mut salvaged = Salvaged::default();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(old) = Connection::open_with_flags(from, flags) else {
        return salvaged;
    };
    // Else SQLite refuses a file that is shorter than it says, whatever is left of it.
    let _ = old.pragma_update(None, "writable_schema", true);
    for (table, columns) in PRECIOUS {
        if !is_wanted(&old, table) {
            continue;
        }
        // An older database has fewer of them.
        let there = |column: &&&str| {
            old.prepare(&format!("SELECT {column} FROM {table}"))
                .is_ok()
        };
        let columns: Vec<&str> = columns.iter().filter(there).copied().collect();
        // From both ends: what is damaged lies between.
        let mut ends = [None, None];
        for (order, end) in ["ASC", "DESC"].into_iter().zip(&mut ends) {
            let kept = |key: Value| {
                if let Value::Text(key) = key {
                    if *table == "state" {
                        salvaged.read.insert(key.clone());
                    }
                    *end = Some(key);
                }
            };
            // What cannot be read is left.
            if let Ok(true) = salvage_table(to, &old, (table, &columns), order, kept) {
                salvaged.whole.insert(table);
                break;
            }
        }
        salvaged.ends.insert(table, ends);
    }
    salvaged
}

/// Copies the rows of a table up to the first that cannot be read, and tells of the key of each. Says
/// whether these were all.
fn salvage_table(
    to: &mut Connection,
    old: &Connection,
    (table, columns): (&str, &[&str]),
    order: &str,
    mut kept: impl FnMut(Value),
) -> rusqlite::Result<bool> {
    let Some(key) = columns.first() else {
        return Ok(false);
    };
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut rows = old.prepare(&format!(
        "SELECT {names} FROM {table} ORDER BY {key} {order}"
    ))?;
    let mut rows = rows.query([])?;
    let transaction = to.transaction()?;
    let mut whole = true;
    {
        let sql = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})");
        let mut insert = transaction.prepare(&sql)?;
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                // What comes after a row that cannot be read is met from the other end.
                Err(_) => {
                    whole = false;
                    break;
                }
            };
            let values: rusqlite::Result<Vec<Value>> =
                (0..columns.len()).map(|at| row.get(at)).collect();
            let Ok(mut values) = values else {
                whole = false;
                break;
            };
            // A row with a wrong kind of value is left out.
            match insert.execute(params_from_iter(&values)) {
                Ok(_) => kept(values.swap_remove(0)),
                Err(_) => whole = false,
            }
        }
    }
    transaction.commit()?;
    Ok(whole)
}
