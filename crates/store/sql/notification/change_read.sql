UPDATE notification SET read_at = $3 WHERE id = $1 AND account_id = $2
