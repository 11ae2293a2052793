SELECT CAST(
    (SELECT COUNT(*) FROM site_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $2 AND s.organization_id = $1)
  + (SELECT COUNT(*) FROM app_role r JOIN site s ON s.id = r.site_id WHERE r.account_id = $2 AND s.organization_id = $1)
  AS BIGINT)
