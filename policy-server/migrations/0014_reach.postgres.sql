-- The sessions that were told until now.
UPDATE asset SET
    trays_visible = (SELECT count(*) FROM jsonb_array_elements(asset.sessions::jsonb) AS session WHERE session->>'tray' = 'visible'),
    trays_overflow = (SELECT count(*) FROM jsonb_array_elements(asset.sessions::jsonb) AS session WHERE session->>'tray' = 'overflow'),
    trays_hidden = (SELECT count(*) FROM jsonb_array_elements(asset.sessions::jsonb) AS session WHERE session->>'tray' = 'hidden'),
    trays_no_host = (SELECT count(*) FROM jsonb_array_elements(asset.sessions::jsonb) AS session WHERE session->>'tray' = 'no_tray_host'),
    trays_stopped = (SELECT count(*) FROM jsonb_array_elements(asset.sessions::jsonb) AS session WHERE session->>'tray' = 'stopped');
