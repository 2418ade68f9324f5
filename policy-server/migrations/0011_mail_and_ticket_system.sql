-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Whether requesters get mails about their tickets.
ALTER TABLE provider ADD COLUMN mail_requesters boolean NOT NULL DEFAULT FALSE;

-- From which template a mail was written, its HTML part, and a one-time secret that it carries, sealed with the server's
-- key: it is filled in when the mail is sent, and gone afterwards.
ALTER TABLE mail ADD COLUMN template text;
ALTER TABLE mail ADD COLUMN html text;
ALTER TABLE mail ADD COLUMN secret text;

-- The MSP's own mail templates. Without subject and body, a version is what Deskbell ships.
CREATE TABLE mail_template_version (
    template        text    NOT NULL,
    language        text    NOT NULL,
    version         bigint  NOT NULL,
    subject         text,
    body            text,
    saved_at        bigint  NOT NULL,
    saved_by        text    NOT NULL,
    superseded_at   bigint,
    PRIMARY KEY (template, language, version),
    CHECK ((subject IS NULL) = (body IS NULL))
);
CREATE UNIQUE INDEX mail_template_in_force ON mail_template_version (template, language) WHERE superseded_at IS NULL;

-- The MSP's own ticket system, which gets each new ticket; one row at most. Its token is sealed with the server's key.
CREATE TABLE ticket_system (
    id              uuid    NOT NULL PRIMARY KEY,
    kind            text    NOT NULL,
    url             text    NOT NULL,
    queue           text    NOT NULL,
    token           text    NOT NULL,
    changed_at      bigint  NOT NULL
);

-- A ticket on its way there, written together with it.
CREATE TABLE ticket_transfer (
    id              uuid    NOT NULL PRIMARY KEY,
    ticket_id       uuid    NOT NULL UNIQUE REFERENCES ticket (id),
    state           text    NOT NULL,
    attempts        bigint  NOT NULL,
    -- Since when it is tried, and when it is tried next.
    queued_at       bigint  NOT NULL,
    due_at          bigint  NOT NULL,
    answer          text    NOT NULL,
    -- What it is called there, and where.
    remote_number   text,
    remote_url      text,
    created_at      bigint  NOT NULL,
    ended_at        bigint
);
CREATE INDEX ticket_transfer_due ON ticket_transfer (due_at) WHERE state = 'waiting';
