-- What servers hold in memory and must read again, in the order in which it was committed. Triggers write it, so that no
-- program's change is passed over: neither the command line's nor that of another server.
CREATE TABLE revision (
    number          integer NOT NULL PRIMARY KEY,
    kind            text    NOT NULL,
    -- The asset, where the kind is one.
    subject_id      uuid
);

-- The last 50,000 are kept; whoever has not looked for that long reads everything.
CREATE TRIGGER revision_is_bounded AFTER INSERT ON revision
BEGIN DELETE FROM revision WHERE number = NEW.number - 50000; END;

CREATE TRIGGER provider_made_noted AFTER INSERT ON provider
BEGIN INSERT INTO revision (kind) VALUES ('tree'), ('look'); END;
CREATE TRIGGER provider_change_noted AFTER UPDATE ON provider
BEGIN INSERT INTO revision (kind) VALUES ('tree'), ('look'); END;

CREATE TRIGGER portal_made_noted AFTER INSERT ON portal
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
CREATE TRIGGER portal_change_noted AFTER UPDATE ON portal
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
CREATE TRIGGER portal_removal_noted AFTER DELETE ON portal
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;

CREATE TRIGGER organization_made_noted AFTER INSERT ON organization
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;
CREATE TRIGGER organization_change_noted AFTER UPDATE ON organization
WHEN OLD.name IS NOT NEW.name OR OLD.policy_id IS NOT NEW.policy_id
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;
CREATE TRIGGER organization_removal_noted AFTER DELETE ON organization
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;

CREATE TRIGGER folder_made_noted AFTER INSERT ON folder
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;
CREATE TRIGGER folder_change_noted AFTER UPDATE ON folder
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;
CREATE TRIGGER folder_removal_noted AFTER DELETE ON folder
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;

CREATE TRIGGER policy_made_noted AFTER INSERT ON policy
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;
CREATE TRIGGER policy_change_noted AFTER UPDATE ON policy
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;
CREATE TRIGGER policy_removal_noted AFTER DELETE ON policy
BEGIN INSERT INTO revision (kind) VALUES ('tree'); END;

CREATE TRIGGER asset_made_noted AFTER INSERT ON asset
BEGIN INSERT INTO revision (kind, subject_id) VALUES ('asset', NEW.id); END;
CREATE TRIGGER asset_change_noted AFTER UPDATE ON asset
WHEN OLD.organization_id IS NOT NEW.organization_id OR OLD.folder_id IS NOT NEW.folder_id
    OR OLD.policy_id IS NOT NEW.policy_id OR OLD.name IS NOT NEW.name OR OLD.state IS NOT NEW.state
    OR OLD.facts IS NOT NEW.facts OR OLD.agent_token_hash IS NOT NEW.agent_token_hash
BEGIN INSERT INTO revision (kind, subject_id) VALUES ('asset', NEW.id); END;

CREATE TRIGGER assignment_made_noted AFTER INSERT ON assignment
BEGIN INSERT INTO revision (kind, subject_id) VALUES ('asset', NEW.asset_id); END;
CREATE TRIGGER assignment_change_noted AFTER UPDATE ON assignment
BEGIN INSERT INTO revision (kind, subject_id) VALUES ('asset', NEW.asset_id); END;

CREATE TRIGGER end_user_change_noted AFTER UPDATE ON end_user
WHEN OLD.name IS NOT NEW.name
BEGIN
    INSERT INTO revision (kind, subject_id)
    SELECT 'asset', asset_id FROM assignment WHERE end_user_id = NEW.id AND ended_at IS NULL;
END;

-- Whether a content is named by any ticket.
CREATE INDEX attachment_by_content ON attachment (sha256);
