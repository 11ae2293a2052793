SELECT position FROM view_cursor WHERE name = $1
