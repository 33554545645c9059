-- Full texts of stories of which feeds carry only the beginning, as their pages had them: front matter and
-- Markdown. What is not there can be fetched again.
CREATE TABLE fulltext (
    -- What the story is known by.
    key     TEXT    PRIMARY KEY,
    -- Empty where it could not be had.
    text    TEXT    NOT NULL,
    -- Seconds since 1970 when it was asked for last.
    fetched INTEGER NOT NULL,
    -- Whether it is read in the place of the feed's own text.
    shown   INTEGER NOT NULL DEFAULT 1
) STRICT;
