-- Attempts of which the channel said that they did not arrive: the same report again, or one that comes late, must
-- not touch the attempt after it.
CREATE TABLE lost_sends (provider_id TEXT PRIMARY KEY, key TEXT NOT NULL, why TEXT NOT NULL);
CREATE INDEX lost_sends_of ON lost_sends (key);
-- Until when a whole channel asked to be left alone, and how often in a row.
CREATE TABLE channel_holds (name TEXT PRIMARY KEY, until_at TEXT NOT NULL, step INTEGER NOT NULL);
-- Words that wait until the customer writes again, and when they were last invited to.
CREATE INDEX outbox_held ON outbox (conversation_id) WHERE state = 'queued' AND pending = 0;
CREATE INDEX outbox_unknown ON outbox (changed_at) WHERE state = 'unknown';
ALTER TABLE conversations ADD COLUMN invited_at TEXT;
