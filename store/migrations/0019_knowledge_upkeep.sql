-- A look at the source that is not through yet is gone on with; the token that signs what the source tells us.
ALTER TABLE kb_polls ADD COLUMN begun_at TEXT NOT NULL DEFAULT '';
CREATE TABLE kb_webhook (slot INTEGER PRIMARY KEY CHECK (slot = 1), token TEXT NOT NULL, at TEXT NOT NULL, heard_at TEXT);
-- What somebody asks to be changed in the pages; `key` is where it comes from, so that it is asked once.
CREATE TABLE change_requests (
  key TEXT PRIMARY KEY, origin TEXT NOT NULL, page TEXT NOT NULL, words TEXT NOT NULL, case_id TEXT,
  state TEXT NOT NULL, at TEXT NOT NULL, settled_by TEXT, settled_at TEXT, why TEXT NOT NULL DEFAULT '',
  release TEXT
);
CREATE INDEX change_requests_open ON change_requests (state, at);
