-- Comments on stories, as their feeds carried them: what was read once is there where nobody can be asked.
CREATE TABLE discussion (
    id       INTEGER PRIMARY KEY,
    -- Where the feed of the comments is.
    url      TEXT    NOT NULL UNIQUE,
    -- By what its server knows whether there is anything new.
    etag     TEXT,
    modified TEXT,
    -- Seconds since 1970 when it was fetched last; 0 if never.
    fetched  INTEGER NOT NULL DEFAULT 0,
    -- The number of the last comment that was there when the reader looked at them.
    seen     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE comment (
    -- Grows with every one that comes.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    discussion INTEGER NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    -- A number of the identifier that its publisher gave it; else of its link; else of its text.
    ident      INTEGER NOT NULL,
    content    TEXT    NOT NULL,
    UNIQUE (discussion, ident)
) STRICT;
