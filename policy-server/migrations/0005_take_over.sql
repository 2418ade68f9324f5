-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- AGT-12: since when two computers use the asset's identity; the serial number as it is compared, empty when it tells
-- nothing; the asset whose place this one seems to take.
ALTER TABLE asset ADD COLUMN shared_identity_since bigint;
ALTER TABLE asset ADD COLUMN serial_key text NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN predecessor_id uuid REFERENCES asset (id);
CREATE INDEX asset_by_serial ON asset (organization_id, serial_key, id);
