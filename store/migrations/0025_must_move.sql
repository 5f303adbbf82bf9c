-- 1 where the school itself must move a session (a coach is ill): moving it costs no quota and knows no cut-off.
ALTER TABLE sessions ADD COLUMN must_move INTEGER NOT NULL DEFAULT 0;
