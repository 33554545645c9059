-- Stories whose files are gone. Who still shows one goes on with it, and keeps what is done with it; should
-- its file come back, it is the story that it was.
CREATE TABLE departed (
    id         INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    UNIQUE (collection, key)
) STRICT;
