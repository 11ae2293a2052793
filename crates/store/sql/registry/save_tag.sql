INSERT INTO package_tag (workspace_id, image, tag, package_id, tagged_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, image, tag) DO UPDATE SET package_id = excluded.package_id, tagged_at = excluded.tagged_at
WHERE excluded.tagged_at >= package_tag.tagged_at
