-- Mailboxes, each a file with many letters, that were looked through to their ends. They can be built anew.
CREATE TABLE mailbox (
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    path       BLOB    NOT NULL,
    -- Size, time of change and number of the file as one number: while it is the same, so are its letters.
    stamp      INTEGER NOT NULL,
    PRIMARY KEY (collection, path)
) STRICT, WITHOUT ROWID;
