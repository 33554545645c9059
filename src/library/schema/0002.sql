-- The index of whole texts. It holds no text (passages come from the files), and a story can be taken
-- out of it. rowid is story.id. What is put in is folded and spaced before (src/library/text/terms.rs).
CREATE VIRTUAL TABLE story_text USING fts5 (
    -- The first column is the cheapest: in every other one, each word of a story takes two bytes more.
    body, title, byline,
    content = '', contentless_delete = 1,
    -- Marks are parts of words: Hindi or Tamil would fall apart at their vowels.
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);

-- Each transaction of the indexer becomes one segment; they are merged in small steps afterwards, so
-- that none of its transactions is long.
INSERT INTO story_text (story_text, rank) VALUES ('automerge', 0);
INSERT INTO story_text (story_text, rank) VALUES ('crisismerge', 1999);
INSERT INTO story_text (story_text, rank) VALUES ('hashsize', 16777216);
-- Words of titles weigh most, then those of names.
INSERT INTO story_text (story_text, rank) VALUES ('rank', 'bm25(1.0, 8.0, 4.0)');
