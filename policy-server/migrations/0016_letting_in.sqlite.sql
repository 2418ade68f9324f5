-- SQLite cannot take a NOT NULL away ("ALTER TABLE", "making other kinds of table schema changes": nothing about the rows
-- changes, so the table's text may).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'asset_id        uuid    NOT NULL', 'asset_id        uuid'),
    'requester_id    uuid    NOT NULL', 'requester_id    uuid')
WHERE type = 'table' AND name = 'ticket';
PRAGMA writable_schema = RESET;

-- With the first portal user the organization's link is dead, and whoever came by it is out, in the same transaction
-- (invariants 4 and 5). Who is deactivated is none until they are taken back.
CREATE TRIGGER link_ends_with_portal_user AFTER INSERT ON portal_user
WHEN NEW.state <> 'deactivated' BEGIN
    UPDATE organization SET link_enabled = FALSE WHERE id = NEW.organization_id AND link_enabled;
    DELETE FROM link_session WHERE organization_id = NEW.organization_id;
END;
CREATE TRIGGER link_ends_with_reactivated_portal_user AFTER UPDATE OF state ON portal_user
WHEN OLD.state = 'deactivated' AND NEW.state <> 'deactivated' BEGIN
    UPDATE organization SET link_enabled = FALSE WHERE id = NEW.organization_id AND link_enabled;
    DELETE FROM link_session WHERE organization_id = NEW.organization_id;
END;
CREATE TRIGGER link_sessions_end_with_the_link AFTER UPDATE OF link_enabled, link_generation ON organization
WHEN NOT NEW.link_enabled OR NEW.link_generation <> OLD.link_generation BEGIN
    DELETE FROM link_session WHERE organization_id = NEW.id;
END;

-- Who may see a ticket is of its organization (invariant 1).
CREATE TRIGGER ticket_person_of_the_organization BEFORE INSERT ON ticket_person
WHEN (SELECT organization_id FROM ticket WHERE id = NEW.ticket_id)
    IS NOT (SELECT organization_id FROM end_user WHERE id = NEW.end_user_id)
BEGIN SELECT RAISE(ABORT, 'the person is of another organization'); END;

CREATE TRIGGER portal_group_made_noted AFTER INSERT ON portal_group
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
CREATE TRIGGER portal_group_change_noted AFTER UPDATE ON portal_group
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
CREATE TRIGGER portal_group_removal_noted AFTER DELETE ON portal_group
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
