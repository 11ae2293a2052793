DELETE FROM one_time_token WHERE secret_hash IN (
    SELECT secret_hash FROM one_time_token
    WHERE expires_at < $1
    LIMIT 1000)
