-- Two contacts that turned out to be one person: what went from `gone` to `kept`, so that it can go back.
CREATE TABLE contact_merges (
  id TEXT PRIMARY KEY, kept TEXT NOT NULL REFERENCES contacts (id), gone TEXT NOT NULL REFERENCES contacts (id),
  at TEXT NOT NULL, by_whom TEXT NOT NULL, reason TEXT NOT NULL, moved TEXT NOT NULL, undone_at TEXT, undone_by TEXT
);
CREATE INDEX contact_merges_of ON contact_merges (kept);
