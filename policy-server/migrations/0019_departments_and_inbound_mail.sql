-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Whom at the MSP a ticket is for. Mail to the address goes there; what goes nowhere else, to the default one. `auto_invite`:
-- whoever becomes an end user by a request there is invited to the portal (ZOH-16).
CREATE TABLE department (
    id              uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL,
    name_key        text    NOT NULL UNIQUE,
    active          boolean NOT NULL,
    is_default      boolean NOT NULL,
    auto_invite     boolean NOT NULL,
    address         text,
    address_key     text    UNIQUE,
    created_at      bigint  NOT NULL
);
CREATE UNIQUE INDEX department_default ON department (is_default) WHERE is_default;

ALTER TABLE ticket ADD COLUMN department_id uuid REFERENCES department (id);
CREATE INDEX ticket_by_department ON ticket (department_id, status, number) WHERE department_id IS NOT NULL;

-- Which departments invite: the chosen ones, or every active one, whichever there will be (ZOH-18).
ALTER TABLE portal ADD COLUMN auto_invite text NOT NULL DEFAULT 'chosen';

-- The mail domains that an organization claims: whoever writes from one is its end user.
CREATE TABLE mail_domain (
    domain          text    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    added_at        bigint  NOT NULL
);
CREATE INDEX mail_domain_by_organization ON mail_domain (organization_id, domain);

-- Every mail that came in, and what became of it. `message_key` tells that one comes again. The text and the whole message
-- (a file under its hash) are there while somebody may have to look.
CREATE TABLE inbound_mail (
    id              uuid    NOT NULL PRIMARY KEY,
    message_key     text    NOT NULL UNIQUE,
    message_id      text    NOT NULL,
    sender          text    NOT NULL,
    sender_key      text    NOT NULL,
    sender_name     text    NOT NULL,
    recipients      text    NOT NULL,
    subject         text    NOT NULL,
    text            text,
    raw_sha256      text,
    outcome         text    NOT NULL,
    reason          text,
    department_id   uuid    REFERENCES department (id),
    ticket_id       uuid    REFERENCES ticket (id),
    comment_id      uuid    REFERENCES comment (id),
    -- Of ours, which did not arrive. It may be gone by then.
    mail_id         uuid,
    -- Whom it made an end user, until they are invited.
    invite_end_user_id uuid REFERENCES end_user (id),
    received_at     bigint  NOT NULL,
    decided_at      bigint
);
CREATE INDEX inbound_mail_by_outcome ON inbound_mail (outcome, id);
CREATE INDEX inbound_mail_by_sender ON inbound_mail (sender_key, id);
CREATE INDEX inbound_mail_by_ticket ON inbound_mail (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX inbound_mail_by_department ON inbound_mail (department_id) WHERE department_id IS NOT NULL;
CREATE INDEX inbound_mail_by_content ON inbound_mail (raw_sha256) WHERE raw_sha256 IS NOT NULL;
CREATE INDEX inbound_mail_to_invite ON inbound_mail (invite_end_user_id) WHERE invite_end_user_id IS NOT NULL;
