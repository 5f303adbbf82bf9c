-- What is looked up with every turn, or every few seconds, must not become slower with all there ever was.
CREATE INDEX students_of_their_own ON students (own_contact);
CREATE INDEX cases_not_settled ON cases (updated_at) WHERE state NOT IN ('resolved', 'closed');
CREATE INDEX slots_taken ON slots (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX refunds_of ON refunds (invoice_number);
