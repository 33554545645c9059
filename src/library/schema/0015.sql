-- Seconds between two times that a feed was to be asked, when it was reckoned when to ask it again (`due`); 0 where
-- nobody knows. What the settings say may be less by now.
ALTER TABLE feed ADD COLUMN every INTEGER NOT NULL DEFAULT 0;
