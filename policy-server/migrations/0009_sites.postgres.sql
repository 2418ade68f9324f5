ALTER TABLE end_user ADD FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, id);
ALTER TABLE asset ADD FOREIGN KEY (organization_id, site_id) REFERENCES site (organization_id, id);
