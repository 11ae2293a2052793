SELECT failures, last_at FROM sign_in_failure WHERE subject_hash = $1
