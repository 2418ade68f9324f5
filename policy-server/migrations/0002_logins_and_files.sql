-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Who somebody is on a shared computer (decision C10). The keys are what is compared; no account id is written as ''.
CREATE TABLE os_login (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    end_user_id     uuid    NOT NULL,
    name            text    NOT NULL,
    domain          text    NOT NULL,
    os_id           text    NOT NULL,
    name_key        text    NOT NULL,
    domain_key      text    NOT NULL,
    os_id_key       text    NOT NULL,
    created_at      bigint  NOT NULL,
    UNIQUE (organization_id, name_key, domain_key, os_id_key),
    FOREIGN KEY (organization_id, end_user_id) REFERENCES end_user (organization_id, id)
);
CREATE INDEX os_login_by_end_user ON os_login (end_user_id, id);

-- Sessions and codes of a person who was named by an OS login. The login may be deleted: then they are over.
ALTER TABLE asset_session ADD COLUMN os_login_id uuid CHECK (os_login_id IS NULL OR assignment_id IS NULL);
ALTER TABLE launch_code ADD COLUMN os_login_id uuid CHECK (os_login_id IS NULL OR assignment_id IS NULL);

-- Invariant 17: who gave a name that nobody has checked is not the requester.
ALTER TABLE ticket ADD COLUMN unverified_name text;

-- A file of a ticket. Its content lies in the data folder under its hash.
CREATE TABLE attachment (
    id              uuid    NOT NULL PRIMARY KEY,
    ticket_id       uuid    NOT NULL REFERENCES ticket (id),
    position        bigint  NOT NULL,
    name            text    NOT NULL,
    size            bigint  NOT NULL,
    media_type      text    NOT NULL,
    sha256          text    NOT NULL,
    UNIQUE (ticket_id, position),
    UNIQUE (ticket_id, name)
);
