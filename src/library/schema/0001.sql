-- What is known of the stories: it can be built anew from the files.

-- The stories that one command line opens: the library, a folder, some files, the bundled ones.
CREATE TABLE collection (
    id      INTEGER PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    -- The folder that the paths of its files begin at; empty where they are absolute.
    root    BLOB    NOT NULL,
    opened  INTEGER NOT NULL,
    total   INTEGER NOT NULL DEFAULT 0,
    unread  INTEGER NOT NULL DEFAULT 0,
    later   INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE story (
    -- Never given twice: who still has the number of a story that is gone must not meet another.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    -- What it is known by: its link, else its id, else where it lies. State hangs on it.
    key        TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    -- Who or where it is from, as a list shows it.
    origin     TEXT    NOT NULL,
    -- Minus the seconds from 1970 to its date, so that the newest comes first in ascending order.
    age        INTEGER NOT NULL,
    -- The first letters of its title as a number: the order among stories of one moment.
    tie        INTEGER NOT NULL,
    -- Whether its date is a day without a time.
    is_day     INTEGER NOT NULL,
    words      INTEGER NOT NULL,
    title_key  TEXT    NOT NULL,
    author_key TEXT    NOT NULL,
    source_key TEXT    NOT NULL,
    url        TEXT,
    language   TEXT,
    comments   INTEGER NOT NULL,
    picture    INTEGER NOT NULL,
    -- Why it cannot be read, in words.
    trouble    TEXT,
    -- The facets that it is filed under: their ids, a JSON list.
    facets     TEXT    NOT NULL,
    indexed    INTEGER NOT NULL DEFAULT 0,
    -- Copies of what `state` says of `key`: lists are read from one table.
    read       INTEGER NOT NULL DEFAULT 0,
    starred    INTEGER NOT NULL DEFAULT 0,
    later      INTEGER NOT NULL DEFAULT 0,
    removed    INTEGER NOT NULL DEFAULT 0,
    seen       REAL    NOT NULL DEFAULT 0,
    -- Minus the seconds from 1970 to when it was opened last; 0 if it never was.
    recency    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX story_by_key ON story (key, collection);
CREATE INDEX story_by_date   ON story (collection, age, tie)             WHERE removed = 0;
CREATE INDEX story_unread    ON story (collection, age, tie)             WHERE removed = 0 AND read = 0;
CREATE INDEX story_later     ON story (collection, age, tie)             WHERE removed = 0 AND later = 1;
CREATE INDEX story_starred   ON story (collection, age, tie)             WHERE removed = 0 AND starred = 1;
CREATE INDEX story_removed   ON story (collection, age, tie)             WHERE removed = 1;
CREATE INDEX story_by_title  ON story (collection, title_key, age)       WHERE removed = 0;
CREATE INDEX story_by_author ON story (collection, author_key, age)      WHERE removed = 0;
CREATE INDEX story_by_source ON story (collection, source_key, age)      WHERE removed = 0;
CREATE INDEX story_by_length ON story (collection, words, age)           WHERE removed = 0;
CREATE INDEX story_by_use    ON story (collection, recency, age)         WHERE removed = 0;
CREATE INDEX story_unindexed ON story (collection, id)                   WHERE indexed = 0;

-- A file that holds a story. One story may lie in several.
CREATE TABLE file (
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    path       BLOB    NOT NULL,
    story      INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    -- Size, time of change and number of the file as one number: while it is the same, so is the file.
    stamp      INTEGER NOT NULL,
    -- Of the beginning of its content: a file that was moved is known by it.
    hash       INTEGER NOT NULL,
    PRIMARY KEY (collection, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_by_story ON file (story);
CREATE INDEX file_by_hash  ON file (collection, hash);

-- A folder, category, author or tag, with its counts.
CREATE TABLE facet (
    id         INTEGER PRIMARY KEY,
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    kind       INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    total      INTEGER NOT NULL DEFAULT 0,
    unread     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (collection, kind, name)
) STRICT;

-- What is filed under a facet, newest first.
CREATE TABLE filed (
    facet INTEGER NOT NULL,
    age   INTEGER NOT NULL,
    tie   INTEGER NOT NULL,
    story INTEGER NOT NULL,
    PRIMARY KEY (facet, age, tie, story)
) STRICT, WITHOUT ROWID;

-- What the reader did: it cannot be built anew.

CREATE TABLE state (
    key      TEXT    PRIMARY KEY,
    read     INTEGER NOT NULL DEFAULT 0,
    starred  INTEGER NOT NULL DEFAULT 0,
    later    INTEGER NOT NULL DEFAULT 0,
    removed  INTEGER NOT NULL DEFAULT 0,
    -- The place in the text: a block, and a byte of its text.
    block    INTEGER NOT NULL DEFAULT 0,
    offset   INTEGER NOT NULL DEFAULT 0,
    -- How much of the text was seen, from 0 to 1.
    seen     REAL    NOT NULL DEFAULT 0,
    -- Milliseconds since 1970 when the place was kept, and when the story was opened last.
    placed   INTEGER NOT NULL DEFAULT 0,
    opened   INTEGER NOT NULL DEFAULT 0,
    -- Of the content of the file that a key without a link stands for.
    hash     INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX state_by_hash ON state (hash) WHERE hash IS NOT NULL;

CREATE TABLE tag (
    key  TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (key, name)
) STRICT, WITHOUT ROWID;

-- What was done in one go, and can be undone in one go.
CREATE TABLE step (
    id     INTEGER PRIMARY KEY,
    -- Milliseconds since 1970.
    at     INTEGER NOT NULL,
    -- What it was, in words.
    what   TEXT    NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The journal: each change of one field of one story's state.
CREATE TABLE change (
    id    INTEGER PRIMARY KEY,
    step  INTEGER NOT NULL REFERENCES step (id) ON DELETE CASCADE,
    key   TEXT    NOT NULL,
    field TEXT    NOT NULL,
    old   TEXT    NOT NULL,
    new   TEXT    NOT NULL
) STRICT;

CREATE INDEX change_by_step ON change (step);

-- Queries that are kept under a name.
CREATE TABLE saved (
    name  TEXT PRIMARY KEY,
    query TEXT NOT NULL
) STRICT, WITHOUT ROWID;
