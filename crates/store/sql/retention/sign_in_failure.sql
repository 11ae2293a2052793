DELETE FROM sign_in_failure WHERE subject_hash IN (
    SELECT subject_hash FROM sign_in_failure
    WHERE last_at < $1
    LIMIT 1000)
