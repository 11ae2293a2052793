DELETE FROM claim_preview WHERE made_at <= $1
