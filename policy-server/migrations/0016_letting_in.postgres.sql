ALTER TABLE portal_user ALTER COLUMN group_key SET NOT NULL;
ALTER TABLE ticket ALTER COLUMN asset_id DROP NOT NULL;
ALTER TABLE ticket ALTER COLUMN requester_id DROP NOT NULL;

-- With the first portal user the organization's link is dead, and whoever came by it is out, in the same transaction
-- (invariants 4 and 5). Who is deactivated is none until they are taken back.
CREATE FUNCTION link_ends_with_portal_user() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    UPDATE organization SET link_enabled = FALSE WHERE id = NEW.organization_id AND link_enabled;
    DELETE FROM link_session WHERE organization_id = NEW.organization_id;
    RETURN NULL;
END $$;
CREATE TRIGGER link_ends_with_portal_user AFTER INSERT ON portal_user
FOR EACH ROW WHEN (NEW.state <> 'deactivated') EXECUTE FUNCTION link_ends_with_portal_user();
CREATE TRIGGER link_ends_with_reactivated_portal_user AFTER UPDATE OF state ON portal_user
FOR EACH ROW WHEN (OLD.state = 'deactivated' AND NEW.state <> 'deactivated')
EXECUTE FUNCTION link_ends_with_portal_user();

CREATE FUNCTION link_sessions_end_with_the_link() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    DELETE FROM link_session WHERE organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER link_sessions_end_with_the_link AFTER UPDATE OF link_enabled, link_generation ON organization
FOR EACH ROW WHEN (NOT NEW.link_enabled OR NEW.link_generation <> OLD.link_generation)
EXECUTE FUNCTION link_sessions_end_with_the_link();

-- Who may see a ticket is of its organization (invariant 1).
CREATE FUNCTION ticket_person_of_the_organization() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF (SELECT organization_id FROM ticket WHERE id = NEW.ticket_id)
        IS DISTINCT FROM (SELECT organization_id FROM end_user WHERE id = NEW.end_user_id) THEN
        RAISE EXCEPTION 'the person is of another organization';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ticket_person_of_the_organization BEFORE INSERT ON ticket_person
FOR EACH ROW EXECUTE FUNCTION ticket_person_of_the_organization();

CREATE CONSTRAINT TRIGGER portal_group_noted AFTER INSERT OR UPDATE OR DELETE ON portal_group
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_look();
