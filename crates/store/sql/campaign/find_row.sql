SELECT d.wave, d.workspace_id, d.workspace_version, d.rule, d.organization_id, d.group_key, d.evidence, d.left_alone, d.state, d.outcome, w.slug, w.name, o.slug, o.name, COALESCE(g.name, w.name), COALESCE(g.workspaces, 1)
FROM campaign_decision d
JOIN workspace w ON w.id = d.workspace_id
LEFT JOIN campaign_organization m ON m.group_key = d.group_key AND m.run_id = d.run_id
LEFT JOIN organization o ON o.id = COALESCE(d.organization_id, m.organization_id)
LEFT JOIN campaign_group g ON g.group_key = d.group_key AND g.run_id = d.run_id
WHERE d.workspace_id = $1 AND d.run_id = $2
