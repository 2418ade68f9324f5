-- One text for SQLite and PostgreSQL. What is searched for is matched in a form that Rust has made, never by a collation.
ALTER TABLE organization ADD COLUMN search_key text NOT NULL DEFAULT '';
ALTER TABLE end_user ADD COLUMN search_key text NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN search_key text NOT NULL DEFAULT '';

-- Rows from before; names beyond ASCII follow at their next change.
UPDATE organization SET search_key = lower(name);
UPDATE end_user SET search_key = lower(name);
UPDATE asset SET search_key = lower(name);

CREATE INDEX end_user_by_organization ON end_user (organization_id, id);
CREATE INDEX asset_by_organization ON asset (organization_id, id);
