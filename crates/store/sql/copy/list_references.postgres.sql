SELECT t.relname::text, o.relname::text
FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
JOIN pg_catalog.pg_class o ON o.oid = c.confrelid
JOIN pg_catalog.pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema()
WHERE c.contype = 'f'
