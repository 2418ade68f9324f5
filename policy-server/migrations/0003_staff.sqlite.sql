CREATE TRIGGER audit_record_stays BEFORE UPDATE ON audit_record
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_record_is_kept BEFORE DELETE ON audit_record
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
