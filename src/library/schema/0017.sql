-- Words that stand on both sides of where a list begins within a list were indexed as one word: all texts are indexed anew.
UPDATE story SET indexed = 0 WHERE indexed = 1;
