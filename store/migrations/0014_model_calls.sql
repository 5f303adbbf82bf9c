-- Every call of a model, with what it cost in micro-rupiah; whose it was is the case's to say.
CREATE TABLE model_calls (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL, turn INTEGER NOT NULL, desk TEXT NOT NULL, day TEXT NOT NULL,
  at TEXT NOT NULL, tier TEXT NOT NULL, role TEXT NOT NULL, task TEXT NOT NULL, model TEXT NOT NULL,
  strength TEXT NOT NULL, provider_id TEXT NOT NULL, input_tokens BIGINT NOT NULL, cached_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL, cost BIGINT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL
);
CREATE INDEX model_calls_of_day ON model_calls (desk, day);
CREATE INDEX model_calls_of_case ON model_calls (case_id);
