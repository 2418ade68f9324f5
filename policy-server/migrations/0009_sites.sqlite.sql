-- SQLite cannot add a composite foreign key to a table that exists.

CREATE TRIGGER end_user_site_when_made BEFORE INSERT ON end_user
WHEN NEW.site_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM site WHERE id = NEW.site_id AND organization_id = NEW.organization_id)
BEGIN SELECT RAISE(ABORT, 'the site is of another organization'); END;

CREATE TRIGGER end_user_site_when_changed BEFORE UPDATE OF site_id, organization_id ON end_user
WHEN NEW.site_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM site WHERE id = NEW.site_id AND organization_id = NEW.organization_id)
BEGIN SELECT RAISE(ABORT, 'the site is of another organization'); END;

CREATE TRIGGER asset_site_when_made BEFORE INSERT ON asset
WHEN NEW.site_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM site WHERE id = NEW.site_id AND organization_id = NEW.organization_id)
BEGIN SELECT RAISE(ABORT, 'the site is of another organization'); END;

CREATE TRIGGER asset_site_when_changed BEFORE UPDATE OF site_id, organization_id ON asset
WHEN NEW.site_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM site WHERE id = NEW.site_id AND organization_id = NEW.organization_id)
BEGIN SELECT RAISE(ABORT, 'the site is of another organization'); END;

CREATE TRIGGER site_stays BEFORE UPDATE OF organization_id ON site
WHEN NEW.organization_id <> OLD.organization_id
BEGIN SELECT RAISE(ABORT, 'a site stays with its organization'); END;
