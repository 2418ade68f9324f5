CREATE FUNCTION request_is_under_way() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    PERFORM 1 FROM idempotent_request WHERE id = NEW.request_id FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION 'this request has been begun anew'; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_record_of_a_request BEFORE INSERT ON audit_record
FOR EACH ROW WHEN (NEW.request_id IS NOT NULL) EXECUTE FUNCTION request_is_under_way();
