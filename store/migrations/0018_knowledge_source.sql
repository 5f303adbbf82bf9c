-- Pages as the system they are written in last had them; `page` is what each is called, or was.
CREATE TABLE kb_source (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, link TEXT NOT NULL, edited_at TEXT NOT NULL, read_at TEXT NOT NULL,
  page TEXT NOT NULL, front TEXT NOT NULL, body TEXT NOT NULL
);
-- When they were looked at, and when the source last said that there is news.
CREATE TABLE kb_polls (slot INTEGER PRIMARY KEY CHECK (slot = 1), polled_at TEXT NOT NULL, asked_at TEXT NOT NULL);
