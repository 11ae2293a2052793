SELECT package_id, tag FROM package_tag
WHERE workspace_id = $1 AND package_id >= $2 AND package_id <= $3
ORDER BY tag
LIMIT $4
