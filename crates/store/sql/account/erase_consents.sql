UPDATE proposal_consent SET reason = NULL WHERE account_id = $1
