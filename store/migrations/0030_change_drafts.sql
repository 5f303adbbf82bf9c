-- What was drafted for a change of a page: the new first paragraph, by whom, and what was wrong with what was not taken.
CREATE TABLE change_drafts (
  key TEXT PRIMARY KEY, page TEXT NOT NULL, text TEXT NOT NULL, by TEXT NOT NULL, held TEXT NOT NULL, at TEXT NOT NULL
);
