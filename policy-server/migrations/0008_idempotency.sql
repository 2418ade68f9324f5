-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- A request of a program that may be sent again, and is carried out once. What it changes names it in the audit log, within
-- the same transaction; triggers refuse that when it has been begun anew in the meantime, under another id.
CREATE TABLE idempotent_request (
    id              uuid    NOT NULL PRIMARY KEY,
    api_token_id    uuid    NOT NULL REFERENCES api_token (id),
    key_hash        text    NOT NULL,
    -- Of method, path and body.
    request_hash    text    NOT NULL,
    begun_at        bigint  NOT NULL,
    ended_at        bigint,
    -- What it was answered with; without a status, nobody was left to answer, and without a body, the answer held a secret.
    status          bigint,
    etag            text,
    body            text,
    UNIQUE (api_token_id, key_hash)
);
CREATE INDEX idempotent_request_by_begin ON idempotent_request (begun_at);

ALTER TABLE audit_record ADD COLUMN request_id uuid;
CREATE INDEX audit_record_by_request ON audit_record (request_id) WHERE request_id IS NOT NULL;
