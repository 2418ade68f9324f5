-- One text for SQLite and PostgreSQL.

-- In which language somebody is mailed, as a BCP 47 tag (NAB-18). Absent: in that of the MSP.
ALTER TABLE provider ADD COLUMN default_language text NOT NULL DEFAULT 'en';
ALTER TABLE end_user ADD COLUMN language text;
-- Of whoever stands for an organization; everybody else's is with the end user.
ALTER TABLE portal_user ADD COLUMN language text CHECK (language IS NULL OR end_user_id IS NULL);

-- In which language it is; absent in rows from before there were several.
ALTER TABLE mail ADD COLUMN language text;
