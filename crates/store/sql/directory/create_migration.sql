INSERT INTO users_migration (link_id, migrated_at, migrated_by, plan_digest, places, people, classes, proof_digest, access_digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
