-- The key of the story that the comments are on: they go with it. Empty of those that came before this was kept.
ALTER TABLE discussion ADD COLUMN story TEXT NOT NULL DEFAULT '';

-- What lists of feeds said besides of feeds: title and owner of the list, folders, outlines of other kinds.
CREATE TABLE outline (
    key     TEXT PRIMARY KEY,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
