-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Who works at the MSP. Apart from portal users in every way (invariant 23).
CREATE TABLE staff (
    id              uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL,
    email           text    NOT NULL,
    email_key       text    NOT NULL UNIQUE,
    role            text    NOT NULL,
    password_hash   text,
    -- Which authenticator secret counts (it is derived, never stored), and the last time step whose code was used.
    totp_generation bigint,
    totp_last_step  bigint  NOT NULL,
    deactivated_at  bigint,
    created_at      bigint  NOT NULL
);

-- A one-time link to set a password. Without staff it makes the first administrator.
CREATE TABLE staff_link (
    id              uuid    NOT NULL PRIMARY KEY,
    staff_id        uuid    REFERENCES staff (id),
    token_hash      text    NOT NULL UNIQUE,
    expires_at      bigint  NOT NULL,
    used_at         bigint,
    created_at      bigint  NOT NULL
);
CREATE INDEX staff_link_by_staff ON staff_link (staff_id);

CREATE TABLE staff_session (
    id              uuid    NOT NULL PRIMARY KEY,
    staff_id        uuid    NOT NULL REFERENCES staff (id),
    token_hash      text    NOT NULL UNIQUE,
    step            text    NOT NULL,
    browser         text    NOT NULL,
    address         text    NOT NULL,
    created_at      bigint  NOT NULL,
    used_at         bigint  NOT NULL
);
CREATE INDEX staff_session_by_staff ON staff_session (staff_id, id);

CREATE TABLE recovery_code (
    id              uuid    NOT NULL PRIMARY KEY,
    staff_id        uuid    NOT NULL REFERENCES staff (id),
    code_hash       text    NOT NULL,
    used_at         bigint,
    UNIQUE (staff_id, code_hash)
);

-- What a program with a token may do.
ALTER TABLE api_token ADD COLUMN role text NOT NULL DEFAULT 'administrator';

-- Who changed what (invariant 20). The table's triggers refuse UPDATE and DELETE.
CREATE TABLE audit_record (
    id              uuid    NOT NULL PRIMARY KEY,
    at              bigint  NOT NULL,
    actor_kind      text    NOT NULL,
    actor_id        uuid,
    action          text    NOT NULL,
    subject_id      uuid,
    detail          text    NOT NULL
);
CREATE INDEX audit_record_by_subject ON audit_record (subject_id, id);
