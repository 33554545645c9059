-- Highlights and notes. Each is kept by its words and by those around them.
CREATE TABLE note (
    -- Of the story, as state is kept by.
    key     TEXT    NOT NULL,
    -- The same on every machine.
    id      TEXT    NOT NULL,
    exact   TEXT    NOT NULL,
    prefix  TEXT    NOT NULL,
    suffix  TEXT    NOT NULL,
    -- What the reader wrote; empty for a highlight alone.
    text    TEXT    NOT NULL,
    -- Where it stood when it was made: a block, and a byte of its text.
    block   INTEGER NOT NULL,
    offset  INTEGER NOT NULL,
    -- Milliseconds since 1970.
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (key, id)
) STRICT, WITHOUT ROWID;

-- Whether there are any in a story, and in how many stories: copies, as those of `state` are.
ALTER TABLE story ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE collection ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX story_noted ON story (collection, age, tie) WHERE removed = 0 AND noted = 1;
