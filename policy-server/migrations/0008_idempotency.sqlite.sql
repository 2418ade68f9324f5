CREATE TRIGGER audit_record_of_a_request BEFORE INSERT ON audit_record
WHEN NEW.request_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM idempotent_request WHERE id = NEW.request_id)
BEGIN SELECT RAISE(ABORT, 'this request has been begun anew'); END;
