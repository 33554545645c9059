-- How the reader wants pages to be set: the measure in cells, and whether lines end at one edge.
CREATE TABLE view (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
