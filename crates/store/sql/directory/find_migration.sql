SELECT migrated_at, migrated_by, plan_digest, places, people, classes, proof_digest, access_digest, run_id FROM users_migration WHERE link_id = $1
