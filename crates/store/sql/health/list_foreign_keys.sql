SELECT m.name, f."from", f."table", COALESCE(f."to", 'id')
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table'
ORDER BY m.name, f."from"
