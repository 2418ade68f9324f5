-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- How a portal user comes in, what they may do, and for whom. The address is where links are mailed to; several may have one
-- (decision C11).
ALTER TABLE portal_user ADD COLUMN email text;
ALTER TABLE portal_user ADD COLUMN email_key text;
ALTER TABLE portal_user ADD COLUMN password_hash text;
ALTER TABLE portal_user ADD COLUMN accepted_at bigint;
ALTER TABLE portal_user ADD COLUMN permission_group text NOT NULL DEFAULT 'limited';
ALTER TABLE portal_user ADD COLUMN is_user boolean NOT NULL DEFAULT TRUE;
ALTER TABLE portal_user ADD COLUMN is_admin boolean NOT NULL DEFAULT FALSE CHECK (is_user OR is_admin);
CREATE INDEX portal_user_by_email ON portal_user (email_key);
CREATE INDEX portal_user_by_organization ON portal_user (organization_id, id);

-- A link that was mailed: one purpose, one use, an end (invariant 14).
CREATE TABLE portal_token (
    id              uuid    NOT NULL PRIMARY KEY,
    portal_user_id  uuid    NOT NULL REFERENCES portal_user (id),
    purpose         text    NOT NULL,
    token_hash      text    NOT NULL UNIQUE,
    created_at      bigint  NOT NULL,
    expires_at      bigint  NOT NULL,
    used_at         bigint
);
CREATE INDEX portal_token_by_portal_user ON portal_token (portal_user_id);
CREATE INDEX portal_token_by_expiry ON portal_token (expires_at);

-- A browser in which a portal user is signed in. Apart from staff in every way (invariant 23).
CREATE TABLE portal_session (
    id              uuid    NOT NULL PRIMARY KEY,
    portal_user_id  uuid    NOT NULL REFERENCES portal_user (id),
    token_hash      text    NOT NULL UNIQUE,
    browser         text    NOT NULL,
    address         text    NOT NULL,
    created_at      bigint  NOT NULL,
    used_at         bigint  NOT NULL
);
CREATE INDEX portal_session_by_portal_user ON portal_session (portal_user_id, id);

-- What somebody sent, in order.
CREATE INDEX ticket_by_requester ON ticket (requester_id, number);
