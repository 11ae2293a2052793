SELECT t.relname::text, a.attname::text, o.relname::text, b.attname::text
FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
JOIN pg_catalog.pg_class o ON o.oid = c.confrelid
JOIN pg_catalog.pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema()
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
JOIN pg_catalog.pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f'
ORDER BY 1, 2
