-- The triggers of 0012 once more, by the view, and one for groups: whoever changes an assignment, a portal user or a group need
-- not know.
DROP TRIGGER requester_of_new_assignment;
DROP TRIGGER requester_of_changed_assignment;
DROP TRIGGER requester_of_removed_assignment;
DROP TRIGGER requester_of_new_portal_user;
DROP TRIGGER requester_of_changed_portal_user;
DROP TRIGGER requester_of_removed_portal_user;

CREATE TRIGGER requester_of_new_assignment AFTER INSERT ON assignment BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id = NEW.asset_id;
END;

CREATE TRIGGER requester_of_changed_assignment AFTER UPDATE ON assignment BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id IN (OLD.asset_id, NEW.asset_id);
END;

CREATE TRIGGER requester_of_removed_assignment AFTER DELETE ON assignment BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id = OLD.asset_id;
END;

CREATE TRIGGER requester_of_new_portal_user AFTER INSERT ON portal_user BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id = NEW.end_user_id AND ended_at IS NULL);
END;

CREATE TRIGGER requester_of_changed_portal_user AFTER UPDATE ON portal_user BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment
        WHERE end_user_id IN (OLD.end_user_id, NEW.end_user_id) AND ended_at IS NULL);
END;

CREATE TRIGGER requester_of_removed_portal_user AFTER DELETE ON portal_user BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id = OLD.end_user_id AND ended_at IS NULL);
END;

CREATE TRIGGER requester_of_changed_group AFTER UPDATE OF permissions ON portal_group
WHEN (OLD.permissions LIKE '%"ticket.create.tray"%') <> (NEW.permissions LIKE '%"ticket.create.tray"%')
BEGIN
    UPDATE asset SET requester_state =
        COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = asset.id), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment
        JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE portal_user.group_key = NEW.key AND assignment.ended_at IS NULL);
END;
