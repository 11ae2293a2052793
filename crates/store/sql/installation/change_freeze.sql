UPDATE installation SET linking_frozen = $1, freeze_reason = $2, version = version + 1 WHERE name = 'orglink'
