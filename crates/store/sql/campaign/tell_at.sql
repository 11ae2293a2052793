UPDATE campaign_notice SET told_at = $1
