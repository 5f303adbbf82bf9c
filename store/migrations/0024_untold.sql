-- What a person kept from being said is told as what failed is, and found with it.
DROP INDEX outbox_troubles;
CREATE INDEX outbox_troubles ON outbox (seq) WHERE state IN ('failed', 'unknown', 'dropped');
