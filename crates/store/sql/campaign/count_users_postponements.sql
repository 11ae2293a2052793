SELECT COUNT(*) FROM campaign_postponement p
WHERE p.campaign_id = $1 AND p.workspace_id <> $2
    AND NOT EXISTS (
        SELECT 1 FROM link l JOIN link_stage s ON s.link_id = l.id
        WHERE l.workspace_id = p.workspace_id AND l.ended_at IS NULL AND s.users_migrated_at IS NOT NULL)
