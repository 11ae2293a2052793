SELECT m.name, c.name, CASE c.type WHEN 'INTEGER' THEN 'int8' WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytea' ELSE c.type END, c.pk
FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.name NOT LIKE '\_sqlx%' ESCAPE '\'
ORDER BY m.name, c.name
