-- What the desk's texts mean, as vectors: float32, little-endian, of length one. Only those of one space compare.
CREATE TABLE embeddings (
  id INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, content_hash TEXT NOT NULL, vector BLOB NOT NULL,
  at TEXT NOT NULL, UNIQUE (space, content_hash)
);
