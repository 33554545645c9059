-- What the settings say of a feed stands beside what the reader said, which is there again where they no longer do: the
-- name in `called`, the folder here.
ALTER TABLE feed ADD COLUMN filed TEXT NOT NULL DEFAULT '';
UPDATE feed SET name = '' WHERE name = called AND instr(url, '://') > 0;

-- The query that the settings keep under a name, and the reader's own under that name, if there is one.
ALTER TABLE saved ADD COLUMN called TEXT NOT NULL DEFAULT '';
ALTER TABLE saved ADD COLUMN own    TEXT NOT NULL DEFAULT '';

-- Addresses that are no feed's here whose servers want to be left alone, until that second since 1970.
CREATE TABLE resting (
    url   TEXT    PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
