-- Ways to pay at a provider. `news` counts what was heard of one, `seen` how much of that has been looked into.
CREATE TABLE payment_links (
  reference TEXT PRIMARY KEY, invoice_number TEXT NOT NULL REFERENCES invoices (number), attempt INTEGER NOT NULL,
  provider TEXT NOT NULL, provider_id TEXT NOT NULL, amount INTEGER NOT NULL, url TEXT NOT NULL,
  qr_string TEXT NOT NULL, case_id TEXT NOT NULL, conversation_id TEXT NOT NULL, created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'PENDING', word TEXT NOT NULL DEFAULT '',
  refunded INTEGER NOT NULL DEFAULT 0, read_at TEXT, news INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0,
  UNIQUE (invoice_number, attempt)
);
CREATE INDEX payment_links_heard ON payment_links (created_at) WHERE news > seen;
CREATE INDEX payment_links_open ON payment_links (expires_at) WHERE state = 'PENDING';
-- What providers have told us, once per payment and word; the signature is not kept.
CREATE TABLE payment_notices (
  provider TEXT NOT NULL, provider_id TEXT NOT NULL, word TEXT NOT NULL, reference TEXT NOT NULL,
  account TEXT NOT NULL, body TEXT NOT NULL, received_at TEXT NOT NULL, PRIMARY KEY (provider, provider_id, word)
);
CREATE INDEX payment_notices_of ON payment_notices (reference);
-- What a person has to look at: money that came otherwise than it should.
CREATE TABLE payment_doubts (
  reference TEXT NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL, at TEXT NOT NULL, told_at TEXT,
  PRIMARY KEY (reference, kind)
);
CREATE INDEX payment_doubts_untold ON payment_doubts (at) WHERE told_at IS NULL;
-- The latest way to pay an invoice.
ALTER TABLE invoices ADD COLUMN link TEXT;
