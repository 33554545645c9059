-- Holds nothing. While it is there, `filed` has every story; a first scan takes it away and fills
-- `filed` at its end.
CREATE INDEX filed_is_whole ON filed (story) WHERE story < 0;
