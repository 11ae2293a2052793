SELECT COUNT(*) FROM (
    SELECT c.account_id FROM workspace_contact c WHERE c.workspace_id = $1 AND c.account_id = $2
    UNION ALL
    SELECT s.reseller_id FROM workspace_subscription s WHERE s.workspace_id = $1 AND s.reseller_id = $2
) payer
