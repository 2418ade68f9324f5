CREATE FUNCTION requester_state(of_asset uuid) RETURNS text LANGUAGE plpgsql VOLATILE AS
$$ BEGIN
    RETURN COALESCE((
        SELECT COALESCE(portal_user.state, 'no_portal_user')
        FROM assignment LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
        WHERE assignment.asset_id = of_asset AND assignment.ended_at IS NULL
    ), 'unassigned');
END $$;

-- A person who is assigned while they become a portal user: the second of the two transactions waits for the first, and
-- then sees what it did.
CREATE FUNCTION requester_is_settled() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    PERFORM 1 FROM end_user WHERE id = NEW.end_user_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER requester_is_settled BEFORE INSERT ON assignment
FOR EACH ROW EXECUTE FUNCTION requester_is_settled();
CREATE TRIGGER requester_is_settled BEFORE INSERT OR UPDATE ON portal_user
FOR EACH ROW EXECUTE FUNCTION requester_is_settled();

CREATE FUNCTION requester_of_assignment() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE asset SET requester_state = requester_state(id) WHERE id = OLD.asset_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE asset SET requester_state = requester_state(id) WHERE id = NEW.asset_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER requester_of_assignment AFTER INSERT OR UPDATE OR DELETE ON assignment
FOR EACH ROW EXECUTE FUNCTION requester_of_assignment();

CREATE FUNCTION requester_of_portal_user() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE asset SET requester_state = requester_state(id)
        WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id = OLD.end_user_id AND ended_at IS NULL);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE asset SET requester_state = requester_state(id)
        WHERE id IN (SELECT asset_id FROM assignment WHERE end_user_id = NEW.end_user_id AND ended_at IS NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER requester_of_portal_user AFTER INSERT OR UPDATE OR DELETE ON portal_user
FOR EACH ROW EXECUTE FUNCTION requester_of_portal_user();
