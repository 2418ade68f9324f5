-- One text for SQLite and PostgreSQL.

-- Where the icons of an asset's sessions are, counted: `sessions` tells of each. Whoever writes that writes these.
ALTER TABLE asset ADD COLUMN trays_visible integer NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN trays_overflow integer NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN trays_hidden integer NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN trays_no_host integer NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN trays_stopped integer NOT NULL DEFAULT 0;

-- What is summed up for the whole fleet, a policy or an organization, without a look at the assets themselves.
DROP INDEX IF EXISTS asset_by_readiness;
DROP INDEX IF EXISTS asset_by_readiness_of_organization;
CREATE INDEX asset_by_readiness ON asset (
    state, requester_state, organization_id, folder_id, policy_id,
    trays_visible, trays_overflow, trays_hidden, trays_no_host, trays_stopped
);
CREATE INDEX asset_by_readiness_of_organization ON asset (
    organization_id, state, requester_state,
    trays_visible, trays_overflow, trays_hidden, trays_no_host, trays_stopped
);
