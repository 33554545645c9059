//! Databases of earlier versions lose nothing.

use super::*;

/// A database that only the first step was done for, with a story and what was done with it.
fn first_version(folder: &Path) {
    let mut connection = Connection::open(folder.join(FILE)).unwrap();
    migrations().to_version(&mut connection, 1).unwrap();
    connection
        .execute_batch(
            "INSERT INTO collection (id, name, root, opened, total) VALUES (1, 'it', x'', 7, 1);
             INSERT INTO story (id, collection, key, title, origin, age, tie, is_day, words, \
             title_key, author_key, source_key, comments, picture, facets, read, seen) VALUES \
             (5, 1, 'example.org/a', 'A story', 'someone', -9, 0, 1, 99, 'a story', '', '', 0, 0, '[3]', 1, 0.5);
             INSERT INTO file VALUES (1, x'61', 5, 11, 12);
             INSERT INTO facet VALUES (3, 1, 0, 'sea', 1, 0);
             INSERT INTO filed VALUES (3, -9, 0, 5);
             INSERT INTO state (key, read, starred, block, seen) VALUES ('example.org/a', 1, 1, 4, 0.5);
             INSERT INTO tag VALUES ('example.org/a', 'rope');
             INSERT INTO saved (name, query) VALUES ('sea', 'tag:rope');
             INSERT INTO step VALUES (1, 2, 'starred', 0);
             INSERT INTO change VALUES (1, 1, 'example.org/a', 'starred', '0', '1');",
        )
        .unwrap();
}

/// All that the tables of the first version hold, as text.
fn content(connection: &Connection) -> Vec<String> {
    let mut content = Vec::new();
    for table in [
        "collection",
        "story",
        "file",
        "facet",
        "filed",
        "state",
        "tag",
        "saved",
        "step",
        "change",
    ] {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            content.push(format!(
                "{table}: {}",
                values.collect::<Vec<_>>().join(", ")
            ));
        }
    }
    content
}

#[test]
fn a_database_of_the_first_version_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    first_version(folder.path());
    let before = content(&Connection::open(folder.path().join(FILE)).unwrap());
    assert_eq!(before.len(), 10, "a row in every table");

    let store = Store::open(folder.path()).unwrap();
    assert!(store.remarks.is_empty());
    let connection = store.hold(Lane::Text).unwrap();
    // A later version may have added columns, at the end.
    let after = content(&connection);
    assert_eq!(after.len(), before.len());
    for (row, before) in after.iter().zip(&before) {
        assert!(row.starts_with(before.as_str()), "{before}\n{row}");
    }
    let indexed = connection.query_row("SELECT count(*) FROM story_text", [], |row| row.get(0));
    assert_eq!(indexed, Ok(0), "the index is there");

    let copy = Connection::open(folder.path().join("recto.v1.db")).unwrap();
    assert_eq!(content(&copy), before);
    let version = copy.query_row("PRAGMA user_version", [], |row| row.get(0));
    assert_eq!(version, Ok(1));
}

#[test]
fn feeds_stand_where_they_stood_before_each_library_said_so_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join(FILE)).unwrap();
    migrations().to_version(&mut connection, 15).unwrap();
    connection
        .execute_batch(
            "INSERT INTO collection (id, name, root, opened) VALUES (3, 'one', x'', 7), (12, 'two', x'', 7);
             INSERT INTO feed (key, url, settled) VALUES ('a', 'a', '12' || char(10) || 'News' || char(10) || 'Sea'),
             ('b', 'b', 'ended'), ('c', 'c', 'left'), ('d', 'd', '');",
        )
        .unwrap();
    drop(connection);
    let store = Store::open(folder.path()).unwrap();
    let connection = store.hold(Lane::Text).unwrap();
    let mut statement = connection
        .prepare("SELECT collection, feed, how, turn FROM settled ORDER BY feed, collection")
        .unwrap();
    let rows = statement
        .query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get::<_, String>(2)?,
                row.get(3)?,
            ))
        })
        .unwrap();
    let rows: Vec<(i64, i64, String, i64)> = rows.map(Result::unwrap).collect();
    let wanted = [(12, 1, "News\nSea"), (3, 3, "left"), (12, 3, "left")];
    let wanted = wanted.map(|(collection, feed, how)| (collection, feed, how.to_owned(), 0));
    assert_eq!(rows, wanted);
}
