-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

ALTER TABLE ticket ADD COLUMN assignee_id uuid REFERENCES staff (id);
ALTER TABLE ticket ADD COLUMN updated_at bigint NOT NULL DEFAULT 0;
-- Subject and description as they are searched: in lower case, made by the server.
ALTER TABLE ticket ADD COLUMN search_key text NOT NULL DEFAULT '';
UPDATE ticket SET updated_at = created_at, search_key = lower(description);
CREATE INDEX ticket_by_status ON ticket (status, id);
CREATE INDEX ticket_by_assignee ON ticket (assignee_id, id);

-- What was said about a ticket: replies to the end user, and notes that only the MSP sees (invariant 9).
CREATE TABLE comment (
    id              uuid    NOT NULL PRIMARY KEY,
    ticket_id       uuid    NOT NULL REFERENCES ticket (id),
    kind            text    NOT NULL,
    author_kind     text    NOT NULL,
    author_id       uuid    NOT NULL,
    text            text    NOT NULL,
    created_at      bigint  NOT NULL
);
CREATE INDEX comment_by_ticket ON comment (ticket_id, id);

-- Where new tickets are forwarded to by e-mail.
ALTER TABLE provider ADD COLUMN forward_tickets_to text;

-- Mail on its way out, written together with its cause.
CREATE TABLE mail (
    id              uuid    NOT NULL PRIMARY KEY,
    ticket_id       uuid    REFERENCES ticket (id),
    recipient       text    NOT NULL,
    subject         text    NOT NULL,
    body            text    NOT NULL,
    state           text    NOT NULL,
    attempts        bigint  NOT NULL,
    -- Since when it is tried, and when it is tried next.
    queued_at       bigint  NOT NULL,
    due_at          bigint  NOT NULL,
    answer          text    NOT NULL,
    created_at      bigint  NOT NULL,
    ended_at        bigint
);
CREATE INDEX mail_due ON mail (due_at) WHERE state = 'waiting';

-- Who is told of what happens, and each message on its way. The secret is derived from the server's key.
CREATE TABLE webhook_endpoint (
    id              uuid    NOT NULL PRIMARY KEY,
    url             text    NOT NULL,
    events          text    NOT NULL,
    disabled_at     bigint,
    failing_since   bigint,
    created_at      bigint  NOT NULL
);
CREATE TABLE webhook_delivery (
    id              uuid    NOT NULL PRIMARY KEY,
    endpoint_id     uuid    NOT NULL REFERENCES webhook_endpoint (id),
    event           text    NOT NULL,
    body            text    NOT NULL,
    state           text    NOT NULL,
    attempts        bigint  NOT NULL,
    -- Since when it is tried, and when it is tried next.
    queued_at       bigint  NOT NULL,
    due_at          bigint  NOT NULL,
    answer          text    NOT NULL,
    created_at      bigint  NOT NULL,
    ended_at        bigint
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_endpoint ON webhook_delivery (endpoint_id, id);
