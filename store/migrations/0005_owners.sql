-- Whose a name, a number or an address in a text is, is looked up before the text may leave.
CREATE INDEX contacts_by_name ON contacts (SUBSTR(LOWER(full_name), 1, 4));
CREATE INDEX contacts_by_email ON contacts (LOWER(email));
CREATE INDEX contacts_by_phone ON contacts (SUBSTR(phone, LENGTH(phone) - 7));
CREATE INDEX aliases_by_phone ON aliases (kind, SUBSTR(value, LENGTH(value) - 7));
CREATE INDEX students_by_name ON students (SUBSTR(LOWER(name), 1, 4));
