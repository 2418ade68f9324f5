UPDATE portal SET design = json_build_object(
    'display_name', display_name, 'primary_color', primary_color, 'accent_color', accent_color)::text;
ALTER TABLE portal DROP COLUMN display_name;
ALTER TABLE portal DROP COLUMN primary_color;
ALTER TABLE portal DROP COLUMN accent_color;
INSERT INTO portal_version (portal_id, version, design, published_at, published_by) SELECT id, 1, design, 0, '' FROM portal;

CREATE CONSTRAINT TRIGGER portal_of_organization_noted AFTER UPDATE OF portal_id, portal_available ON organization
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.portal_id IS DISTINCT FROM NEW.portal_id OR OLD.portal_available <> NEW.portal_available)
EXECUTE FUNCTION note_look();
CREATE CONSTRAINT TRIGGER portal_of_new_organization_noted AFTER INSERT ON organization
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.portal_id IS NOT NULL OR NOT NEW.portal_available)
EXECUTE FUNCTION note_look();
