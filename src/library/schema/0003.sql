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
