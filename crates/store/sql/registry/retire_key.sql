UPDATE registry_key SET state = 'retired', retired_at = $1 WHERE state = 'signing'
