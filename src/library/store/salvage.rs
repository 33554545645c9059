//! What can still be read of a damaged database.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};

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

/// Copies what can still be read of what the reader did. Gives how many stories it concerns.
pub(super) fn salvage(to: &mut Connection, from: &Path) -> usize {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(old) = Connection::open_with_flags(from, flags) else {
        return 0;
    };
    // Else SQLite refuses a file that is shorter than it says, whatever is left of it.
    let _ = old.pragma_update(None, "writable_schema", true);
    for (table, columns) in PRECIOUS {
        // An older database has fewer of them.
        let there = |column: &&&str| {
            old.prepare(&format!("SELECT {column} FROM {table}"))
                .is_ok()
        };
        let columns: Vec<&str> = columns.iter().filter(there).copied().collect();
        // From both ends: what is damaged lies between.
        for order in ["ASC", "DESC"] {
            // What cannot be read is left.
            let _ = salvage_table(to, &old, table, &columns, order);
        }
    }
    to.query_row(
        "SELECT count(*) FROM (SELECT key FROM state UNION SELECT key FROM tag UNION SELECT key FROM note)",
        [],
        |row| row.get(0),
    )
    .unwrap_or(0)
}

fn salvage_table(
    to: &mut Connection,
    old: &Connection,
    table: &str,
    columns: &[&str],
    order: &str,
) -> rusqlite::Result<()> {
    let Some(key) = columns.first() else {
        return Ok(());
    };
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut rows = old.prepare(&format!(
        "SELECT {names} FROM {table} ORDER BY {key} {order}"
    ))?;
    let mut rows = rows.query([])?;
    let transaction = to.transaction()?;
    {
        let sql = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})");
        let mut insert = transaction.prepare(&sql)?;
        // What comes after a row that cannot be read is met from the other end.
        while let Ok(Some(row)) = rows.next() {
            let values: rusqlite::Result<Vec<Value>> =
                (0..columns.len()).map(|at| row.get(at)).collect();
            let Ok(values) = values else { break };
            // A row with a wrong kind of value is left out.
            let _ = insert.execute(params_from_iter(values));
        }
    }
    transaction.commit()
}
