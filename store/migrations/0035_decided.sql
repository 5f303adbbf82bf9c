-- The week's count of what people denied or worded anew looks only at those.
CREATE INDEX approvals_decided ON approvals (decided_at) WHERE state IN ('edited', 'denied');
