SELECT billing_migrated_at, billing_account_id, charged_until, users_migrated_at FROM link_stage WHERE link_id = $1
