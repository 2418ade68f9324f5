-- One text for SQLite and PostgreSQL.

-- Who would ask from each asset that is assigned, as `asset.requester_state` keeps it: 'no_portal_user', 'deactivated',
-- 'not_permitted' where their group lets them send no tickets from the tray, else the state of the portal user.
CREATE VIEW requester_of_asset AS
SELECT assignment.asset_id AS asset_id, CASE
    WHEN portal_user.state IS NULL THEN 'no_portal_user'
    WHEN portal_user.state = 'deactivated' THEN 'deactivated'
    WHEN portal_group.permissions LIKE '%"ticket.create.tray"%' THEN portal_user.state
    ELSE 'not_permitted'
END AS state
FROM assignment
LEFT JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id
LEFT JOIN portal_group ON portal_group.key = portal_user.group_key
WHERE assignment.ended_at IS NULL;

UPDATE asset SET requester_state = 'not_permitted'
WHERE id IN (SELECT asset_id FROM requester_of_asset WHERE state = 'not_permitted');
