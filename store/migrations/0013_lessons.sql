-- What was decided about what people's corrections teach; the corrections stand in the turn records.
CREATE TABLE lessons (
  id TEXT PRIMARY KEY, desk TEXT NOT NULL, case_id TEXT NOT NULL, decision TEXT NOT NULL, decided_by TEXT NOT NULL,
  at TEXT NOT NULL, why TEXT NOT NULL DEFAULT ''
);
