-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- What the MSP has written down for end users (decision C9). The keys are what is searched in, in lower case: the title, the
-- title with how the text begins, and all of it.
CREATE TABLE article (
    id              uuid    NOT NULL PRIMARY KEY,
    title           text    NOT NULL,
    section         text,
    language        text,
    body            text    NOT NULL,
    visibility      text    NOT NULL,
    published       boolean NOT NULL,
    title_key       text    NOT NULL,
    opening_key     text    NOT NULL,
    search_key      text    NOT NULL,
    created_at      bigint  NOT NULL,
    updated_at      bigint  NOT NULL
);
CREATE TABLE article_organization (
    article_id      uuid    NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    organization_id uuid    NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, organization_id)
);
CREATE INDEX article_organization_by_organization ON article_organization (organization_id, article_id);

-- Which form of the portal made a comment: sent twice, it is one (invariant 21).
ALTER TABLE comment ADD COLUMN form_id uuid;
CREATE UNIQUE INDEX comment_by_form ON comment (ticket_id, form_id) WHERE form_id IS NOT NULL;

-- Whoever is of the built-in groups answers tickets and reads what is not for everybody; a group of the MSP's own allows no more
-- than it did. Without portal users, only where the portal is open to them at all.
UPDATE portal_group SET permissions = replace(permissions, ']', ',"ticket.reply","article.view"]')
    WHERE key IN ('limited', 'admin');
UPDATE portal_group SET permissions = replace(permissions, ']', ',"article.view"]')
    WHERE key = 'no_portal_user' AND permissions LIKE '%"portal.access"%';
