-- By what the block at `block` is known again in a text that was edited; 0 where nobody knows.
ALTER TABLE state ADD COLUMN print INTEGER NOT NULL DEFAULT 0;
