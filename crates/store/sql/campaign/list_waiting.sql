SELECT d.wave, d.workspace_id, d.workspace_version, d.rule, d.organization_id, d.group_key, d.evidence, d.left_alone, d.state, d.outcome, w.version, w.slug, w.name, w.deleted_at IS NOT NULL, w.access_salt
FROM campaign_decision d INDEXED BY campaign_decision_waiting
JOIN workspace w ON w.id = d.workspace_id
WHERE d.run_id = $1 AND d.wave = $2 AND d.state = 'decided'
ORDER BY d.workspace_id
LIMIT $3
