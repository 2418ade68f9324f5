-- One text for SQLite and PostgreSQL. What 0001 says about times holds here, too.

-- Lists of tickets are in the order of their numbers.
DROP INDEX ticket_by_status;
DROP INDEX ticket_by_assignee;
DROP INDEX ticket_by_organization;
DROP INDEX ticket_by_asset;
CREATE INDEX ticket_by_status ON ticket (status, number);
CREATE INDEX ticket_by_assignee ON ticket (assignee_id, status, number);
CREATE INDEX ticket_by_organization ON ticket (organization_id, status, number);
CREATE INDEX ticket_by_asset ON ticket (asset_id, number);

-- In what tickets are searched: their numbers in blocks that never change, and for each block which of its tickets have a
-- piece of text. The sequence counts the blocks that are complete.
CREATE TABLE ticket_gram (
    gram            text    NOT NULL,
    block           bigint  NOT NULL,
    tickets         bytea   NOT NULL,
    PRIMARY KEY (gram, block)
);
INSERT INTO number_sequence (name, last) VALUES ('ticket_block', 0);

-- Who would ask from an asset: 'unassigned', 'no_portal_user', or the state of the portal user. Triggers keep it, so that
-- whoever changes an assignment or a portal user need not know.
ALTER TABLE asset ADD COLUMN requester_state text NOT NULL DEFAULT 'unassigned';
UPDATE asset SET requester_state = COALESCE((
    SELECT COALESCE(portal_user.state, 'no_portal_user')
    FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
    WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
), 'unassigned');
CREATE INDEX asset_by_readiness ON asset (state, requester_state);
CREATE INDEX asset_by_readiness_of_organization ON asset (organization_id, state, requester_state);
-- What the list of assets is narrowed by.
CREATE INDEX asset_list ON asset (id, organization_id, state, requester_state, search_key);
