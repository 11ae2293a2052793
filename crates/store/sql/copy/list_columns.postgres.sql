SELECT t.relname::text, a.attname::text, y.typname::text, COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint
FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_namespace s ON s.oid = t.relnamespace AND s.nspname = current_schema()
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_catalog.pg_index i ON i.indrelid = t.oid AND i.indisprimary
WHERE t.relkind = 'r' AND t.relname NOT LIKE '\_sqlx%'
ORDER BY t.relname, a.attname
