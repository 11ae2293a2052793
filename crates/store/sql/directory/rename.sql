UPDATE directory_group SET name = $2 WHERE id = $1
