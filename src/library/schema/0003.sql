-- Counts up with every change of what lists show: what one program does, others see by it.
CREATE TABLE turn (
    -- Of which stories; 0 counts what the reader does, which may show in every collection.
    collection INTEGER PRIMARY KEY,
    number     INTEGER NOT NULL
) STRICT;

INSERT INTO turn VALUES (0, 0);

-- Stories that declare no language have the one that their words tell from now on: they are read anew,
-- in the background.
UPDATE story SET indexed = 0 WHERE language IS NULL;

-- Places in texts that the reader gave a letter.
CREATE TABLE mark (
    letter TEXT    PRIMARY KEY,
    -- Of the story, as state is kept by.
    key    TEXT    NOT NULL,
    block  INTEGER NOT NULL,
    offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
