UPDATE link SET access_check = $2 WHERE id = $1 AND access_check = 'pending'
