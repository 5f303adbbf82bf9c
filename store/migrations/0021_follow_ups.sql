-- What was said of unpaid bills, once per bill and stage, or why it was not.
CREATE TABLE follow_ups (
  invoice_number TEXT NOT NULL REFERENCES invoices (number), stage TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (invoice_number, stage)
);
CREATE INDEX invoices_due ON invoices (due) WHERE status = 'unpaid';
