SELECT w.slug, b.id, s.charged_until
FROM billing_account b JOIN link_stage s ON s.billing_account_id = b.id JOIN link l ON l.id = s.link_id AND l.ended_at IS NULL JOIN workspace w ON w.id = l.workspace_id
WHERE b.merged_into IS NULL AND b.invoiced_until > 0 AND s.charged_until < $1 AND b.invoiced_until > s.charged_until
ORDER BY s.charged_until, w.slug_folded
LIMIT $2
