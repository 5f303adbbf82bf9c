-- Until when one process looks after the sheet: of several, one at a time writes there what nobody asked for just now.
ALTER TABLE sheet_state ADD COLUMN busy_until TEXT NOT NULL DEFAULT '';
