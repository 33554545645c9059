-- The name that the settings gave a feed last: where they no longer do, it goes by its own title again.
ALTER TABLE feed ADD COLUMN called TEXT NOT NULL DEFAULT '';
