-- What did not arrive, or may not have, is looked for after every status and at every start.
CREATE INDEX outbox_troubles ON outbox (seq) WHERE state IN ('failed', 'unknown');
