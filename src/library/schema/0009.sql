-- Feeds: what the reader subscribed to, and what is known of it. The first columns cannot be built anew.
CREATE TABLE feed (
    -- Never given twice: the numbers of entries hang on it, and sources are known by it.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What it is known by, on every machine: the address that was subscribed to, in its canonical form.
    key        TEXT    NOT NULL UNIQUE,
    -- Where it is fetched from; another one after it has moved.
    url        TEXT    NOT NULL,
    -- What the reader calls it; empty where that is what it calls itself.
    name       TEXT    NOT NULL DEFAULT '',
    -- The folder it lies in, with those that this one lies in, between slashes.
    folder     TEXT    NOT NULL DEFAULT '',
    -- What else an OPML file said of it: names and values, a JSON list.
    attributes TEXT    NOT NULL DEFAULT '[]',
    -- Milliseconds since 1970 when it was subscribed to, and when that ended; 0 if it did not.
    added      INTEGER NOT NULL DEFAULT 0,
    ended      INTEGER NOT NULL DEFAULT 0,

    -- What it says of itself.
    title      TEXT    NOT NULL DEFAULT '',
    page       TEXT,
    language   TEXT,
    -- By what its server knows whether there is anything new, and a number of what it sent last.
    etag       TEXT,
    modified   TEXT,
    print      INTEGER NOT NULL DEFAULT 0,
    -- Seconds since 1970: when it was asked last, when there was something new, when to ask again, and
    -- before when not to ask even if told to (its server said so).
    checked    INTEGER NOT NULL DEFAULT 0,
    changed    INTEGER NOT NULL DEFAULT 0,
    -- Of its newest entry, as that is dated.
    newest     INTEGER NOT NULL DEFAULT 0,
    due        INTEGER NOT NULL DEFAULT 0,
    resting    INTEGER NOT NULL DEFAULT 0,
    -- Milliseconds that its server took last: slow ones are asked last.
    took       INTEGER NOT NULL DEFAULT 0,
    -- What is wrong with it, in words, since when (seconds), and how many times in a row.
    trouble    TEXT,
    since      INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,

    -- How its stories stand in the lists: in which collection, under what name, in which folder. Where that
    -- is not as it should be, they are still to be brought in line.
    settled    TEXT    NOT NULL DEFAULT ''
) STRICT;

-- What feeds announced, as it was received: nobody can fetch it again once it is no longer in its feed. A
-- file with the entry's number for a path holds its story.
CREATE TABLE entry (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    feed     INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    -- A number of the identifier that its publisher gave it; else of its link; else of its text.
    ident    INTEGER NOT NULL,
    -- A number of its link; 0 where it has none of its own.
    link     INTEGER NOT NULL,
    -- A number of its content.
    print    INTEGER NOT NULL,
    -- Seconds since 1970 when it came, and when its publisher changed it after that; 0 if never.
    came     INTEGER NOT NULL,
    edited   INTEGER NOT NULL DEFAULT 0,
    -- How many comments it has.
    comments INTEGER NOT NULL DEFAULT 0,
    content  TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX entry_by_ident ON entry (feed, ident);

-- Seconds since 1970 when its publisher changed it, after it had come; 0 if never.
ALTER TABLE story ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
