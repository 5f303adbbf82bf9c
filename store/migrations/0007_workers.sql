-- Several workers on one database: whose counter still moves is alive, and who sends what.
CREATE TABLE workers (id TEXT PRIMARY KEY, beats INTEGER NOT NULL);
-- Each time a conversation is taken up its fence goes up; a commit behind an older one comes from who lost it.
CREATE TABLE fences (conversation_id TEXT PRIMARY KEY, fence INTEGER NOT NULL);
ALTER TABLE outbox ADD COLUMN worker TEXT NOT NULL DEFAULT '';
