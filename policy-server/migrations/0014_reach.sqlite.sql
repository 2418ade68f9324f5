-- The sessions that were told until now.
UPDATE asset SET
    trays_visible = (SELECT count(*) FROM json_each(asset.sessions) WHERE json_extract(value, '$.tray') = 'visible'),
    trays_overflow = (SELECT count(*) FROM json_each(asset.sessions) WHERE json_extract(value, '$.tray') = 'overflow'),
    trays_hidden = (SELECT count(*) FROM json_each(asset.sessions) WHERE json_extract(value, '$.tray') = 'hidden'),
    trays_no_host = (SELECT count(*) FROM json_each(asset.sessions) WHERE json_extract(value, '$.tray') = 'no_tray_host'),
    trays_stopped = (SELECT count(*) FROM json_each(asset.sessions) WHERE json_extract(value, '$.tray') = 'stopped');
