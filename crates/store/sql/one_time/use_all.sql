UPDATE one_time_token SET used_at = $3 WHERE purpose = $1 AND subject_id = $2 AND used_at IS NULL
