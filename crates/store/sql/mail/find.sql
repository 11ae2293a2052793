SELECT id, account_id, address, kind, content, state, attempts, due_at, leased_until, answer, created_at, ended_at FROM mail
WHERE id = $1
