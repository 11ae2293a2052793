DELETE FROM sign_in_failure WHERE subject_hash = $1
