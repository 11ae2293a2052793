SELECT id, account_id, address, kind, content, state, attempts, due_at, leased_until, answer, created_at, ended_at FROM mail
WHERE state IN ('waiting', 'failed') AND due_at <= $1 AND (kind = 'security' OR NOT CAST($2 AS BOOLEAN)) AND (leased_until IS NULL OR leased_until <= $1)
ORDER BY due_at, id LIMIT 1
