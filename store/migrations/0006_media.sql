-- A customer's file as it is kept: its name in the media folder, and what it is. Empty until it was fetched.
ALTER TABLE evidence ADD COLUMN file TEXT;
ALTER TABLE evidence ADD COLUMN sha256 TEXT;
ALTER TABLE evidence ADD COLUMN mime TEXT;
ALTER TABLE evidence ADD COLUMN bytes INTEGER;
