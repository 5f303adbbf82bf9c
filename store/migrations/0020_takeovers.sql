-- Conversations that a person has had: `held` is 1 while they do, `hands` counts every change of hands.
CREATE TABLE takeovers (
  conversation_id TEXT PRIMARY KEY, person TEXT NOT NULL, why TEXT NOT NULL, since TEXT NOT NULL,
  held INTEGER NOT NULL, hands INTEGER NOT NULL, ended_at TEXT, ended_by TEXT
);
CREATE INDEX takeovers_held ON takeovers (since) WHERE held = 1;
