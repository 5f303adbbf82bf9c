-- What was sent in a week, for the sample that people look at.
CREATE INDEX outbox_said ON outbox (created_at) WHERE kind = 'send_message';
