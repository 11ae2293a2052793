SELECT COUNT(DISTINCT workspace_id) FROM workspace_reason WHERE $1 NOT LIKE '% ' || code || ' %'
