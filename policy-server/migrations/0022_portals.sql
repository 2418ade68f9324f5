-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Several portals on one server, each at a place of its own (decision C12), with a design that is drafted, published and rolled
-- back. The oldest is at `public_url`; another one has a prefix, and perhaps a domain of its own.
ALTER TABLE portal ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE portal ADD COLUMN name_key text;
ALTER TABLE portal ADD COLUMN prefix text;
ALTER TABLE portal ADD COLUMN domain text;
ALTER TABLE portal ADD COLUMN design text NOT NULL DEFAULT '{}';
-- What is not published yet; absent: nothing.
ALTER TABLE portal ADD COLUMN draft text;
-- Counts what was published, from 1.
ALTER TABLE portal ADD COLUMN version bigint NOT NULL DEFAULT 1;
UPDATE portal SET name = display_name, name_key = lower(display_name);
CREATE UNIQUE INDEX portal_by_name ON portal (name_key);
CREATE UNIQUE INDEX portal_by_prefix ON portal (prefix);
CREATE UNIQUE INDEX portal_by_domain ON portal (domain);

-- What each publication said (RES-15).
CREATE TABLE portal_version (
    portal_id       uuid    NOT NULL REFERENCES portal (id) ON DELETE CASCADE,
    version         bigint  NOT NULL,
    design          text    NOT NULL,
    published_at    bigint  NOT NULL,
    published_by    text    NOT NULL,
    PRIMARY KEY (portal_id, version)
);

-- Which portal an organization has; absent: the one at `public_url`. Whether it has one at all (RES-04).
ALTER TABLE organization ADD COLUMN portal_id uuid REFERENCES portal (id);
ALTER TABLE organization ADD COLUMN portal_available boolean NOT NULL DEFAULT TRUE;
CREATE INDEX organization_by_portal ON organization (portal_id) WHERE portal_id IS NOT NULL;
CREATE INDEX organization_without_portal ON organization (id) WHERE NOT portal_available;

-- The MSP's community is for those groups that read articles.
UPDATE portal_group SET permissions = replace(permissions, ']', ',"community.view"]') WHERE permissions LIKE '%"article.view"%';
