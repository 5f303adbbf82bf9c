-- Calls of models whose rows are past their limit, summed by day and everything else they are told apart by.
CREATE TABLE model_days (
  desk TEXT NOT NULL, day TEXT NOT NULL, tier TEXT NOT NULL, role TEXT NOT NULL, task TEXT NOT NULL,
  model TEXT NOT NULL, strength TEXT NOT NULL, outcome TEXT NOT NULL, calls BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL, cached_tokens BIGINT NOT NULL, output_tokens BIGINT NOT NULL, cost BIGINT NOT NULL,
  PRIMARY KEY (desk, day, tier, role, task, model, strength, outcome)
);
-- What is past its limit is looked for by its age.
CREATE INDEX model_calls_by_age ON model_calls (at, id);
