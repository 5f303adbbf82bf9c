-- Periodic work: the latest slot of each job that was seen to, by whichever process.
CREATE TABLE periodic (job TEXT PRIMARY KEY, slot TEXT NOT NULL, at TEXT NOT NULL);
-- Who was to be reminded of a session, once for each hour it stands at: due, opted_out or unreachable.
CREATE TABLE reminders (
  session_id TEXT NOT NULL, start_at TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (session_id, start_at)
);
CREATE INDEX sessions_ahead ON sessions (start_at);
-- What retention looks through every night.
CREATE INDEX cases_closed ON cases (updated_at) WHERE state = 'closed';
