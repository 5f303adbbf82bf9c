-- What a row of the school's sheet said when it was last read or written: where ours says something else now, we changed it.
ALTER TABLE sheet_pages ADD COLUMN content TEXT NOT NULL DEFAULT '';
-- What both had changed, until the ops lane has been told.
ALTER TABLE sheet_state ADD COLUMN clashes TEXT NOT NULL DEFAULT '[]';
