CREATE OR REPLACE FUNCTION requester_state(of_asset uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS
$$ BEGIN
    RETURN COALESCE((SELECT state FROM requester_of_asset WHERE asset_id = of_asset), 'unassigned');
END $$;

-- Whoever is assigned or put into a group while that group changes: the second of the two transactions waits for the first,
-- and then sees what it did.
CREATE OR REPLACE FUNCTION requester_is_settled() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    PERFORM 1 FROM end_user WHERE id = NEW.end_user_id FOR NO KEY UPDATE;
    IF TG_TABLE_NAME = 'portal_user' THEN
        PERFORM 1 FROM portal_group WHERE key = NEW.group_key FOR SHARE;
    ELSE
        PERFORM 1 FROM portal_group
        WHERE key IN (SELECT group_key FROM portal_user WHERE end_user_id = NEW.end_user_id) FOR SHARE;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION requester_of_group() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    UPDATE asset SET requester_state = requester_state(id)
    WHERE id IN (
        SELECT asset_id FROM assignment JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE portal_user.group_key = NEW.key AND assignment.ended_at IS NULL
    );
    RETURN NULL;
END $$;
CREATE TRIGGER requester_of_group AFTER UPDATE OF permissions ON portal_group
FOR EACH ROW WHEN (
    (OLD.permissions LIKE '%"ticket.create.tray"%') <> (NEW.permissions LIKE '%"ticket.create.tray"%')
) EXECUTE FUNCTION requester_of_group();
