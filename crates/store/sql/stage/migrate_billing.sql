INSERT INTO link_stage (link_id, billing_migrated_at, billing_account_id, charged_until, users_migrated_at)
VALUES ($1, $2, $3, $4, NULL)
ON CONFLICT (link_id) DO UPDATE SET billing_migrated_at = excluded.billing_migrated_at,
    billing_account_id = excluded.billing_account_id, charged_until = excluded.charged_until
WHERE link_stage.billing_migrated_at IS NULL
