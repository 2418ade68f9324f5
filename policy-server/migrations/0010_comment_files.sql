-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- A file can belong to a comment; one of the ticket's form has none. The file of a note is as internal as the note.
ALTER TABLE attachment ADD COLUMN comment_id uuid REFERENCES comment (id);
CREATE INDEX attachment_by_comment ON attachment (comment_id);
-- An author's files within the hour are counted.
CREATE INDEX comment_by_author ON comment (author_id, created_at);
