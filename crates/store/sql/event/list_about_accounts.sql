SELECT e.id, p.payload FROM event e JOIN event_payload p ON p.event_id = e.id
WHERE e.id > $1 AND e.workspace_id IS NULL AND e.organization_id IS NULL
  AND e.type IN ('account.created', 'account.suspended', 'account.restored', 'account.password_changed',
                 'account.address_proven', 'operator.granted', 'operator.revoked', 'mail.revealed')
ORDER BY e.id
LIMIT 1000
