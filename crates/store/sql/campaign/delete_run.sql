DELETE FROM campaign_run WHERE id = $1 AND kind <> 'real'
