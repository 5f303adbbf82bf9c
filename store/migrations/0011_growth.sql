-- What is looked up with every turn, or every few seconds, must not become slower with all there ever was.
CREATE INDEX students_of_their_own ON students (own_contact);
CREATE INDEX cases_not_settled ON cases (updated_at) WHERE state NOT IN ('resolved', 'closed');
CREATE INDEX slots_taken ON slots (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX refunds_of ON refunds (invoice_number);
-- Retention takes what belongs to closed cases, a few at a time.
CREATE INDEX gaps_of ON gaps (case_id);
CREATE INDEX timers_of ON timers (case_id);
-- Reminders ask for each contact where they write from, proved numbers of others included.
CREATE INDEX conversations_proved ON conversations (verified_contact) WHERE verified_contact IS NOT NULL;
CREATE INDEX due_tasks_of ON due_tasks (case_id);
