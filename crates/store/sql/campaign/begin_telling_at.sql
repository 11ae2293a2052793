UPDATE campaign_telling SET began_at = $1
