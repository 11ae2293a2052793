INSERT INTO registry_key (id, state, algorithm, certificate, sealed_key, created_at, signs_since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
