//! What can still be read of a damaged database.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};

/// Tables that cannot be built anew, with their columns; the first is the key.
const PRECIOUS: &[(&str, &[&str])] = &[
    (
        "state",
        &[
            "key", "read", "starred", "later", "removed", "block", "offset", "seen", "placed",
            "opened", "hash",
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
    ("mark", &["letter", "key", "block", "offset"]),
    // Which was done last: what is imported is measured by it.
    ("step", &["id", "at", "what", "undone", "collection"]),
    ("change", &["id", "step", "key", "field", "old", "new"]),
];

/// Copies what can still be read of what the reader did. Gives how many stories it concerns.
pub(super) fn salvage(to: &mut Connection, from: &Path) -> usize {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(old) = Connection::open_with_flags(from, flags) else {
        return 0;
    };
    // Else SQLite refuses a file that is shorter than it says, whatever is left of it.
    let _ = old.pragma_update(None, "writable_schema", true);
    let mut saved = 0;
    for (table, columns) in PRECIOUS {
        // From both ends: what is damaged lies between.
        for order in ["ASC", "DESC"] {
            let copied = salvage_table(to, &old, table, columns, order).unwrap_or(0);
            if *table == "state" {
                saved += copied;
            }
        }
    }
    saved
}

fn salvage_table(
    to: &mut Connection,
    old: &Connection,
    table: &str,
    columns: &[&str],
    order: &str,
) -> rusqlite::Result<usize> {
    let (names, key) = (columns.join(", "), columns[0]);
    let marks = vec!["?"; columns.len()].join(", ");
    let mut rows = old.prepare(&format!(
        "SELECT {names} FROM {table} ORDER BY {key} {order}"
    ))?;
    let mut rows = rows.query([])?;
    let transaction = to.transaction()?;
    let mut copied = 0;
    {
        let sql = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})");
        let mut insert = transaction.prepare(&sql)?;
        // What comes after a row that cannot be read is met from the other end.
        while let Ok(Some(row)) = rows.next() {
            let values: rusqlite::Result<Vec<Value>> =
                (0..columns.len()).map(|at| row.get(at)).collect();
            let Ok(values) = values else { break };
            // A row with a wrong kind of value is left out.
            copied += insert.execute(params_from_iter(values)).unwrap_or(0);
        }
    }
    transaction.commit()?;
    Ok(copied)
}
