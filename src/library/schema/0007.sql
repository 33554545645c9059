-- Where a list was left: what was listed, and the story under its cursor. The next start goes on there.
CREATE TABLE listed (
    -- The name of the collection.
    collection TEXT    PRIMARY KEY,
    -- The kind of the source, and its name where the kind has several.
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    unread     INTEGER NOT NULL,
    sort       TEXT    NOT NULL,
    -- Of the story, as state is kept by; none where the cursor was never moved from the first one.
    key        TEXT,
    -- About at which place of the list it stood.
    near       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The name of the collection in which a step was made; none for those made before this was kept.
ALTER TABLE step ADD COLUMN collection TEXT;
