-- What an appointment is for, as the desk's settings name it; empty where there is nothing to choose.
ALTER TABLE sessions ADD COLUMN service TEXT NOT NULL DEFAULT '';
