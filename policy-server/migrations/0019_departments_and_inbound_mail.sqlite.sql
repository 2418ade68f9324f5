CREATE TRIGGER department_made_noted AFTER INSERT ON department
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
CREATE TRIGGER department_change_noted AFTER UPDATE ON department
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
CREATE TRIGGER department_removal_noted AFTER DELETE ON department
BEGIN INSERT INTO revision (kind) VALUES ('look'); END;
