-- What is out of order, for every process to see; at most one open incident for each dependency.
CREATE TABLE incidents (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, since TEXT NOT NULL, level TEXT NOT NULL, manual INTEGER NOT NULL,
  why TEXT NOT NULL, opened_by TEXT NOT NULL, state TEXT NOT NULL, probes INTEGER NOT NULL DEFAULT 0, probe_at TEXT,
  graded_by TEXT NOT NULL DEFAULT '', cases INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL DEFAULT 1,
  posted INTEGER NOT NULL DEFAULT 0, asked INTEGER NOT NULL DEFAULT 0, told TEXT NOT NULL DEFAULT '',
  told_by TEXT NOT NULL DEFAULT '', ended_at TEXT, ended_by TEXT NOT NULL DEFAULT '', report TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX incidents_open ON incidents (name) WHERE ended_at IS NULL;
CREATE INDEX incidents_since ON incidents (since);
CREATE TABLE incident_cases (
  incident_id TEXT NOT NULL REFERENCES incidents (id), case_id TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (incident_id, case_id)
);
CREATE TABLE incident_steps (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, incident_id TEXT NOT NULL REFERENCES incidents (id), at TEXT NOT NULL,
  actor TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX incident_steps_of ON incident_steps (incident_id);
