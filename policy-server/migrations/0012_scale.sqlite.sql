CREATE TRIGGER requester_of_new_assignment AFTER INSERT ON assignment BEGIN
    UPDATE asset SET requester_state = COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
    ), 'unassigned')
    WHERE id = NEW.asset_id;
END;

CREATE TRIGGER requester_of_changed_assignment AFTER UPDATE ON assignment BEGIN
    UPDATE asset SET requester_state = COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
    ), 'unassigned')
    WHERE id IN (OLD.asset_id, NEW.asset_id);
END;

CREATE TRIGGER requester_of_removed_assignment AFTER DELETE ON assignment BEGIN
    UPDATE asset SET requester_state = COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
    ), 'unassigned')
    WHERE id = OLD.asset_id;
END;

CREATE TRIGGER requester_of_new_portal_user AFTER INSERT ON portal_user BEGIN
    UPDATE asset SET requester_state = COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
    ), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id = NEW.end_user_id AND ended_at IS NULL);
END;

CREATE TRIGGER requester_of_changed_portal_user AFTER UPDATE ON portal_user BEGIN
    UPDATE asset SET requester_state = COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
    ), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id IN (OLD.end_user_id, NEW.end_user_id) AND ended_at IS NULL);
END;

CREATE TRIGGER requester_of_removed_portal_user AFTER DELETE ON portal_user BEGIN
    UPDATE asset SET requester_state = COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = asset.id AND assignment.ended_at IS NULL
    ), 'unassigned')
    WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id = OLD.end_user_id AND ended_at IS NULL);
END;
