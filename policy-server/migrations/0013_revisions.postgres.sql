-- What servers hold in memory and must read again, in the order in which it was committed. Triggers write it, so that no
-- program's change is passed over: neither the command line's nor that of another server.
CREATE TABLE revision (
    number          bigint  NOT NULL PRIMARY KEY,
    kind            text    NOT NULL,
    -- The asset, where the kind is one.
    subject_id      uuid
);

CREATE FUNCTION note(text, uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    next bigint;
BEGIN
    -- "revision" as a number. From here to its commit each transaction is alone, so that numbers are committed in their
    -- order and whoever has read one has read all before it.
    PERFORM pg_advisory_xact_lock(8243124888251494254);
    SELECT coalesce(max(number), 0) + 1 INTO next FROM revision;
    INSERT INTO revision (number, kind, subject_id) VALUES (next, $1, $2);
    -- The last 50,000 are kept; whoever has not looked for that long reads everything.
    DELETE FROM revision WHERE number = next - 50000;
    NOTIFY deskbell_revision;
END $$;

CREATE FUNCTION note_tree() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM note('tree', NULL); RETURN NULL; END $$;

CREATE FUNCTION note_look() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM note('look', NULL); RETURN NULL; END $$;

CREATE FUNCTION note_asset() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM note('asset', NEW.id); RETURN NULL; END $$;

CREATE FUNCTION note_assignment() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM note('asset', NEW.asset_id); RETURN NULL; END $$;

CREATE FUNCTION note_end_user() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    PERFORM note('asset', asset_id) FROM assignment WHERE end_user_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;

-- Deferred: they run when everything else of the transaction is done, so that it waits for nothing while others wait
-- for it.
CREATE CONSTRAINT TRIGGER provider_tree_noted AFTER INSERT OR UPDATE ON provider
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_tree();
CREATE CONSTRAINT TRIGGER provider_look_noted AFTER INSERT OR UPDATE ON provider
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_look();
CREATE CONSTRAINT TRIGGER portal_noted AFTER INSERT OR UPDATE OR DELETE ON portal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_look();

CREATE CONSTRAINT TRIGGER organization_noted AFTER INSERT OR DELETE ON organization
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_tree();
CREATE CONSTRAINT TRIGGER organization_change_noted AFTER UPDATE ON organization
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.name, OLD.policy_id) IS DISTINCT FROM (NEW.name, NEW.policy_id)) EXECUTE FUNCTION note_tree();
CREATE CONSTRAINT TRIGGER folder_noted AFTER INSERT OR UPDATE OR DELETE ON folder
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_tree();
CREATE CONSTRAINT TRIGGER policy_noted AFTER INSERT OR UPDATE OR DELETE ON policy
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_tree();

CREATE CONSTRAINT TRIGGER asset_noted AFTER INSERT ON asset
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_asset();
CREATE CONSTRAINT TRIGGER asset_change_noted AFTER UPDATE ON asset
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (
    (OLD.organization_id, OLD.folder_id, OLD.policy_id, OLD.name, OLD.state, OLD.facts, OLD.agent_token_hash)
    IS DISTINCT FROM
    (NEW.organization_id, NEW.folder_id, NEW.policy_id, NEW.name, NEW.state, NEW.facts, NEW.agent_token_hash)
) EXECUTE FUNCTION note_asset();
CREATE CONSTRAINT TRIGGER assignment_noted AFTER INSERT OR UPDATE ON assignment
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_assignment();
CREATE CONSTRAINT TRIGGER end_user_change_noted AFTER UPDATE ON end_user
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION note_end_user();

-- Whether a content is named by any ticket.
CREATE INDEX attachment_by_content ON attachment (sha256);
