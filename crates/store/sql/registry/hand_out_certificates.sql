UPDATE registry_key SET handed_out_at = $1 WHERE handed_out_at IS NULL
