-- Student records kept in another system: which page there is which record here, and moves on their way there.
CREATE TABLE sheet_pages (
  page TEXT PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL, link TEXT NOT NULL, edited_at TEXT NOT NULL,
  seq INTEGER NOT NULL, UNIQUE (kind, record_id)
);
-- A move is begun here (its slot is held), written there, and only then done here; refused, people's change won.
CREATE TABLE sheet_moves (
  key TEXT PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL, task TEXT NOT NULL, speaks_for TEXT NOT NULL,
  why TEXT NOT NULL, refused_by TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX sheet_moves_open ON sheet_moves (state) WHERE state = 'begun';
-- `seq` counts our own writes, so that a look that began before one does not take it back.
CREATE TABLE sheet_state (
  slot INTEGER PRIMARY KEY CHECK (slot = 1), polled_at TEXT NOT NULL, asked_at TEXT NOT NULL, seq INTEGER NOT NULL,
  problems TEXT NOT NULL
);
