-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Which portal is at `public_url`: exactly one. It was the one with the least id, which tells the time by a clock that may have been
-- set back since.
ALTER TABLE portal ADD COLUMN is_default boolean NOT NULL DEFAULT FALSE;
UPDATE portal SET is_default = TRUE WHERE id = (SELECT id FROM portal ORDER BY id LIMIT 1);
CREATE UNIQUE INDEX portal_by_default ON portal (is_default) WHERE is_default;
