-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Where an organization is. A site is an address, not a node of the policy tree.
CREATE TABLE site (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    name            text    NOT NULL,
    name_key        text    NOT NULL,
    address         text    NOT NULL,
    created_at      bigint  NOT NULL,
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, name_key)
);

-- That a site is of the same organization is checked by what stands beside this file.
ALTER TABLE end_user ADD COLUMN site_id uuid REFERENCES site (id);
ALTER TABLE asset ADD COLUMN site_id uuid REFERENCES site (id);
CREATE INDEX end_user_by_site ON end_user (site_id);
CREATE INDEX asset_by_site ON asset (site_id);

-- What the MSP's other program (PSA, RMM) calls them. A retired asset leaves its place to the next.
ALTER TABLE organization ADD COLUMN external_id text;
ALTER TABLE end_user ADD COLUMN external_id text;
ALTER TABLE asset ADD COLUMN external_id text;
CREATE UNIQUE INDEX organization_by_external_id ON organization (external_id);
CREATE UNIQUE INDEX end_user_by_external_id ON end_user (external_id);
CREATE UNIQUE INDEX asset_by_external_id ON asset (external_id) WHERE state <> 'retired';

-- A file that staff uploaded to be imported: kept until it is imported, then without its content.
CREATE TABLE import_file (
    id              uuid    NOT NULL PRIMARY KEY,
    staff_id        uuid    NOT NULL REFERENCES staff (id),
    name            text    NOT NULL,
    content         bytea   NOT NULL,
    totals          text,
    created_at      bigint  NOT NULL,
    imported_at     bigint
);
