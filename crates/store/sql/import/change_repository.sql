UPDATE repository SET name = $2, project = $3 WHERE id = $1
