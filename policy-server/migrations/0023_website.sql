-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Forms on the MSP's own website: which origins may show and send them, what the check-in form asks, and whose its tickets are.
-- Without an organization there is no check-in form.
ALTER TABLE portal ADD COLUMN embed_origins text NOT NULL DEFAULT '[]';
ALTER TABLE portal ADD COLUMN embed_fields text NOT NULL DEFAULT 'plain';
ALTER TABLE portal ADD COLUMN embed_organization_id uuid REFERENCES organization (id) ON DELETE SET NULL;
CREATE INDEX portal_by_embed_organization ON portal (embed_organization_id) WHERE embed_organization_id IS NOT NULL;

-- Where whoever sent the ticket says that they are (SYN-26); nobody has checked it.
ALTER TABLE ticket ADD COLUMN address text;

-- Links that show how far a ticket is, mailed to the address that it was sent with (SYN-25).
CREATE TABLE status_link (
    id              uuid    NOT NULL PRIMARY KEY,
    ticket_id       uuid    NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
    token_hash      text    NOT NULL UNIQUE,
    created_at      bigint  NOT NULL,
    expires_at      bigint  NOT NULL,
    used_at         bigint
);
CREATE INDEX status_link_by_ticket ON status_link (ticket_id);
CREATE INDEX status_link_by_expiry ON status_link (expires_at);

-- Who writes from a website is looked for by the address of their organization (SYN-20).
CREATE INDEX organization_by_email ON organization (lower(email)) WHERE email IS NOT NULL;
