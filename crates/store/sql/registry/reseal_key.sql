UPDATE registry_key SET sealed_key = $2 WHERE id = $1
