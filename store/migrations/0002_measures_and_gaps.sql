-- Raw events for the measures, and the questions no page could answer.
CREATE TABLE measures (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, case_id TEXT, at TEXT NOT NULL,
  value REAL NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX measures_by_name ON measures (name, at);
CREATE TABLE gaps (
  key TEXT PRIMARY KEY, case_id TEXT NOT NULL, question TEXT NOT NULL, language TEXT NOT NULL, at TEXT NOT NULL
);
