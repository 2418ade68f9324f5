-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- What portal users may do, by group: a JSON list of permissions. Those that are built in have fixed keys, one's own have an
-- id as theirs.
CREATE TABLE portal_group (
    key             text    NOT NULL PRIMARY KEY,
    name            text    NOT NULL,
    name_key        text    NOT NULL UNIQUE,
    built_in        boolean NOT NULL,
    permissions     text    NOT NULL,
    created_at      bigint  NOT NULL
);
INSERT INTO portal_group (key, name, name_key, built_in, permissions, created_at) VALUES
    ('no_access', 'No access', 'no access', TRUE, '[]', 0),
    ('tray_only', 'Tray only', 'tray only', TRUE, '["ticket.create.tray"]', 0),
    ('no_portal_user', 'No portal user', 'no portal user', TRUE, '["portal.access","ticket.create"]', 0),
    ('limited', 'Limited', 'limited', TRUE, '["portal.access","ticket.create.tray","ticket.create","ticket.view"]', 0),
    ('admin', 'Admin', 'admin', TRUE, '["portal.access","ticket.create.tray","ticket.create","ticket.view","billing.view"]', 0);

ALTER TABLE portal_user ADD COLUMN group_key text REFERENCES portal_group (key);
UPDATE portal_user SET group_key = permission_group;
ALTER TABLE portal_user DROP COLUMN permission_group;
CREATE INDEX portal_user_by_group ON portal_user (group_key);

-- Whether a portal admin sees only the tickets of people at their own site (NAB-27).
ALTER TABLE portal_user ADD COLUMN site_only boolean NOT NULL DEFAULT FALSE;

-- A password that was mailed: until then it lets in once, and another must be set first (decision C1).
ALTER TABLE portal_user ADD COLUMN password_expires_at bigint;

-- Whether whoever signed in wanted to stay so on this computer.
ALTER TABLE portal_session ADD COLUMN remembered boolean NOT NULL DEFAULT FALSE;

-- What another program bills an organization (decision C8), to be listed in the portal.
CREATE TABLE billing_document (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    kind            text    NOT NULL,
    number          text    NOT NULL,
    amount          text    NOT NULL,
    issued_on       text    NOT NULL,
    url             text,
    external_id     text    UNIQUE,
    created_at      bigint  NOT NULL
);
CREATE INDEX billing_document_by_organization ON billing_document (organization_id, issued_on, id);

-- Whether the portal is more than the tray's form (SYN-39), whether people can sign up, and what an invitation brings.
ALTER TABLE portal ADD COLUMN access boolean NOT NULL DEFAULT TRUE;
ALTER TABLE portal ADD COLUMN self_sign_up boolean NOT NULL DEFAULT FALSE;
ALTER TABLE portal ADD COLUMN invitation_brings text NOT NULL DEFAULT 'link';

-- The link with which an organization without portal users comes in. It is made of the server's key, the organization and
-- the generation, so that it is stored nowhere (decision C3).
ALTER TABLE organization ADD COLUMN link_enabled boolean NOT NULL DEFAULT TRUE;
ALTER TABLE organization ADD COLUMN link_generation bigint NOT NULL DEFAULT 1;
UPDATE organization SET link_enabled = FALSE WHERE id IN (SELECT organization_id FROM portal_user);

-- A browser that came by that link, or somebody of the staff who sees the portal as the organization does.
CREATE TABLE link_session (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    staff_id        uuid    REFERENCES staff (id),
    token_hash      text    NOT NULL UNIQUE,
    browser         text    NOT NULL,
    address         text    NOT NULL,
    created_at      bigint  NOT NULL
);
CREATE INDEX link_session_by_organization ON link_session (organization_id, id);

-- A link with which an end user who has asked for help before becomes a portal user.
CREATE TABLE sign_up (
    id              uuid    NOT NULL PRIMARY KEY,
    email_key       text    NOT NULL,
    token_hash      text    NOT NULL UNIQUE,
    created_at      bigint  NOT NULL,
    expires_at      bigint  NOT NULL,
    used_at         bigint
);
CREATE INDEX sign_up_by_email ON sign_up (email_key);
CREATE INDEX sign_up_by_expiry ON sign_up (expires_at);
CREATE INDEX end_user_by_email ON end_user (lower(email));

-- Tickets from the portal: without an asset, or without a person where the organization itself asks. The sender is who was
-- signed in; an address that somebody typed who came by the organization's link is as unverified as their name.
ALTER TABLE ticket ADD COLUMN sender_id uuid REFERENCES portal_user (id);
ALTER TABLE ticket ADD COLUMN unverified_email text;
ALTER TABLE ticket ADD COLUMN confidential boolean NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX ticket_by_form ON ticket (organization_id, form_id) WHERE asset_id IS NULL;
CREATE INDEX ticket_by_sender ON ticket (sender_id, id) WHERE sender_id IS NOT NULL;

-- Who else may see a ticket.
CREATE TABLE ticket_person (
    ticket_id       uuid    NOT NULL REFERENCES ticket (id),
    end_user_id     uuid    NOT NULL REFERENCES end_user (id),
    added_at        bigint  NOT NULL,
    PRIMARY KEY (ticket_id, end_user_id)
);
CREATE INDEX ticket_person_by_end_user ON ticket_person (end_user_id, ticket_id);
