-- How the stories of a feed stand in each library: every one has them all, and brings its own lists in line.
-- It can be built anew.
CREATE TABLE settled (
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    feed       INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    -- In which folder, under what name.
    how        TEXT    NOT NULL,
    -- How often the feed's entries had changed when they were brought in line.
    turn       INTEGER NOT NULL,
    PRIMARY KEY (collection, feed)
) STRICT, WITHOUT ROWID;

-- How often entries came, changed or were taken away.
ALTER TABLE feed ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

INSERT INTO settled SELECT collection.id, feed.id, substr(settled, instr(settled, char(10)) + 1), 0
    FROM feed JOIN collection ON collection.id = CAST(settled AS INTEGER) WHERE instr(settled, char(10)) > 0;
INSERT INTO settled SELECT collection.id, feed.id, settled, 0
    FROM feed JOIN collection WHERE settled IN ('no', 'left');

ALTER TABLE feed DROP COLUMN settled;
