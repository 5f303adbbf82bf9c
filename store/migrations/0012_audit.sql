-- What people look at after it was sent: picked once for a week, each answer judged once.
CREATE TABLE audit_weeks (
  desk TEXT NOT NULL, week TEXT NOT NULL, sent INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (desk, week)
);
CREATE TABLE audit_samples (
  key TEXT PRIMARY KEY, desk TEXT NOT NULL, week TEXT NOT NULL, position INTEGER NOT NULL, case_id TEXT NOT NULL,
  turn INTEGER NOT NULL, tier TEXT NOT NULL, language TEXT NOT NULL, drafted INTEGER NOT NULL,
  label TEXT, flaw TEXT, reason TEXT NOT NULL DEFAULT '', judged_by TEXT, judged_at TEXT
);
CREATE INDEX audit_samples_of ON audit_samples (desk, week, position);
