-- One text for SQLite and PostgreSQL. Ids are UUIDv7, times whole milliseconds UTC, hashes SHA-256 in hexadecimal.

-- The MSP itself: the root of the policy tree. One row.
CREATE TABLE provider (
    id              uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL,
    support_phone   text,
    support_email   text,
    policy_id       uuid
);

CREATE TABLE policy (
    id              uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL UNIQUE,
    version         bigint  NOT NULL,
    document        text    NOT NULL,
    created_at      bigint  NOT NULL
);

-- What each save of a policy said (POL-06).
CREATE TABLE policy_version (
    policy_id       uuid    NOT NULL REFERENCES policy (id),
    version         bigint  NOT NULL,
    name            text    NOT NULL,
    document        text    NOT NULL,
    saved_at        bigint  NOT NULL,
    saved_by        text    NOT NULL,
    PRIMARY KEY (policy_id, version)
);

CREATE TABLE portal (
    id              uuid    NOT NULL PRIMARY KEY,
    display_name    text    NOT NULL,
    primary_color   text    NOT NULL,
    accent_color    text    NOT NULL,
    published       boolean NOT NULL
);

CREATE TABLE organization (
    id              uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL UNIQUE,
    email           text,
    policy_id       uuid    REFERENCES policy (id),
    created_at      bigint  NOT NULL
);

CREATE TABLE folder (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    parent_id       uuid,
    name            text    NOT NULL,
    policy_id       uuid    REFERENCES policy (id),
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, parent_id) REFERENCES folder (organization_id, id)
);

CREATE TABLE end_user (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    name            text    NOT NULL,
    email           text,
    phone           text,
    created_at      bigint  NOT NULL,
    UNIQUE (organization_id, id)
);

-- Invariant 3: of the end user's organization, at most one for each end user, sign-in names unique after normalization.
CREATE TABLE portal_user (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    end_user_id     uuid    UNIQUE,
    sign_in_name    text    NOT NULL,
    sign_in_key     text    NOT NULL UNIQUE,
    state           text    NOT NULL,
    created_at      bigint  NOT NULL,
    FOREIGN KEY (organization_id, end_user_id) REFERENCES end_user (organization_id, id)
);

CREATE TABLE enrollment_token (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    folder_id       uuid,
    name            text    NOT NULL,
    token_hash      text    NOT NULL UNIQUE,
    expires_at      bigint,
    uses_left       bigint  CHECK (uses_left >= 0),
    needs_approval  boolean NOT NULL,
    revoked_at      bigint,
    created_at      bigint  NOT NULL,
    FOREIGN KEY (organization_id, folder_id) REFERENCES folder (organization_id, id)
);

CREATE TABLE asset (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    folder_id       uuid,
    name            text    NOT NULL,
    state           text    NOT NULL,
    fingerprint     text    NOT NULL,
    facts           text    NOT NULL,
    sessions        text    NOT NULL,
    agent_token_hash text   NOT NULL UNIQUE,
    policy_id       uuid    REFERENCES policy (id),
    enrolled_at     bigint  NOT NULL,
    reported_at     bigint,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, folder_id) REFERENCES folder (organization_id, id)
);
CREATE INDEX asset_by_folder ON asset (folder_id);

-- Invariant 2: the end user is of the asset's organization, at most one open assignment for each asset, history is kept.
CREATE TABLE assignment (
    id              uuid    NOT NULL PRIMARY KEY,
    organization_id uuid    NOT NULL,
    asset_id        uuid    NOT NULL,
    end_user_id     uuid    NOT NULL,
    started_at      bigint  NOT NULL,
    ended_at        bigint,
    FOREIGN KEY (organization_id, asset_id) REFERENCES asset (organization_id, id),
    FOREIGN KEY (organization_id, end_user_id) REFERENCES end_user (organization_id, id)
);
CREATE UNIQUE INDEX assignment_open ON assignment (asset_id) WHERE ended_at IS NULL;
CREATE INDEX assignment_by_asset ON assignment (asset_id, started_at);
CREATE INDEX assignment_by_end_user ON assignment (end_user_id);

-- What happened to an asset, for staff.
CREATE TABLE asset_event (
    id              uuid    NOT NULL PRIMARY KEY,
    asset_id        uuid    NOT NULL REFERENCES asset (id),
    kind            text    NOT NULL,
    detail          text    NOT NULL,
    at              bigint  NOT NULL
);
CREATE INDEX asset_event_by_asset ON asset_event (asset_id, id);

-- A browser that came from a click: it can report for one asset, as one end user (AGT-10).
CREATE TABLE asset_session (
    id              uuid    NOT NULL PRIMARY KEY,
    token_hash      text    NOT NULL UNIQUE,
    asset_id        uuid    NOT NULL REFERENCES asset (id),
    assignment_id   uuid    REFERENCES assignment (id),
    entry_id        text    NOT NULL,
    os_user         text    NOT NULL,
    draft           text,
    created_at      bigint  NOT NULL,
    used_at         bigint  NOT NULL
);

-- Invariant 14: one purpose, one browser, 60 seconds.
CREATE TABLE launch_code (
    code_hash       text    NOT NULL PRIMARY KEY,
    asset_id        uuid    NOT NULL REFERENCES asset (id),
    assignment_id   uuid    REFERENCES assignment (id),
    entry_id        text    NOT NULL,
    os_user         text    NOT NULL,
    expires_at      bigint  NOT NULL,
    session_id      uuid    REFERENCES asset_session (id)
);
CREATE INDEX launch_code_by_expiry ON launch_code (expires_at);

-- Invariant 1: a ticket's organization is its requester's and its asset's. Invariant 21: a form sent twice is one ticket.
CREATE TABLE ticket (
    id              uuid    NOT NULL PRIMARY KEY,
    number          bigint  NOT NULL UNIQUE,
    organization_id uuid    NOT NULL REFERENCES organization (id),
    asset_id        uuid    NOT NULL,
    requester_id    uuid    NOT NULL,
    form_id         uuid    NOT NULL,
    source          text    NOT NULL,
    subject         text    NOT NULL,
    description     text    NOT NULL,
    urgency         text    NOT NULL,
    phone           text,
    status          text    NOT NULL,
    facts           text    NOT NULL,
    os_user         text    NOT NULL,
    created_at      bigint  NOT NULL,
    UNIQUE (asset_id, form_id),
    FOREIGN KEY (organization_id, asset_id) REFERENCES asset (organization_id, id),
    FOREIGN KEY (organization_id, requester_id) REFERENCES end_user (organization_id, id)
);
CREATE INDEX ticket_by_organization ON ticket (organization_id, id);
CREATE INDEX ticket_by_asset ON ticket (asset_id, id);

CREATE TABLE number_sequence (
    name            text    NOT NULL PRIMARY KEY,
    last            bigint  NOT NULL
);
INSERT INTO number_sequence (name, last) VALUES ('ticket', 1000);

CREATE TABLE api_token (
    id              uuid    NOT NULL PRIMARY KEY,
    name            text    NOT NULL,
    token_hash      text    NOT NULL UNIQUE,
    revoked_at      bigint,
    created_at      bigint  NOT NULL
);
