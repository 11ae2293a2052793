DELETE FROM campaign_organization WHERE organization_id = $1
