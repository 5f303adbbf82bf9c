-- Packages as they are sold; `words` is a JSON list of what customers call their kind.
CREATE TABLE packages (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL, trial INTEGER NOT NULL,
  sessions INTEGER NOT NULL CHECK (sessions > 0), minutes INTEGER NOT NULL CHECK (minutes > 0),
  weeks INTEGER NOT NULL, price INTEGER NOT NULL CHECK (price >= 0), youngest INTEGER NOT NULL,
  oldest INTEGER NOT NULL, words TEXT NOT NULL, page TEXT NOT NULL, published INTEGER NOT NULL
);
-- Trials, enrolments and renewals that were asked for; `id` is the key of the task, `offer` the package as it was
-- sold, `slot` the hour of a trial (JSON). Paid once: only `billed` becomes `paid`.
CREATE TABLE enrolments (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES contacts (id),
  student_id TEXT REFERENCES students (id), name TEXT NOT NULL, age INTEGER, own INTEGER NOT NULL, offer TEXT NOT NULL,
  total INTEGER NOT NULL CHECK (total >= 0), invoice_number TEXT REFERENCES invoices (number), slot TEXT,
  hold_until TEXT, case_id TEXT NOT NULL, conversation_id TEXT, made_at TEXT NOT NULL, paid_at TEXT
);
CREATE UNIQUE INDEX enrolments_billed ON enrolments (invoice_number);
CREATE INDEX enrolments_of ON enrolments (contact_id, made_at);
CREATE INDEX enrolments_held ON enrolments (hold_until) WHERE state = 'billed';
