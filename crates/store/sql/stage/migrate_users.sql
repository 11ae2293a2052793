INSERT INTO link_stage (link_id, billing_migrated_at, billing_account_id, charged_until, users_migrated_at)
VALUES ($1, NULL, NULL, NULL, $2)
ON CONFLICT (link_id) DO UPDATE SET users_migrated_at = excluded.users_migrated_at
WHERE link_stage.users_migrated_at IS NULL
