-- The note on a prospect, one per case: the answers by name (JSON), the same in one line, and what they led to.
CREATE TABLE leads (
  case_id TEXT PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES contacts (id), fields TEXT NOT NULL, summary TEXT NOT NULL,
  outcome TEXT NOT NULL, at TEXT NOT NULL, changed_at TEXT NOT NULL
);
CREATE INDEX leads_contact ON leads (contact_id);
