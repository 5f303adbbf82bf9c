-- How cases ended, why, and what they showed to be missing.
ALTER TABLE cases ADD COLUMN disposition TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN gap TEXT NOT NULL DEFAULT '';
