DELETE FROM campaign_consent WHERE campaign_id = $1 AND subject_id = $2
