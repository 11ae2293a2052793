DELETE FROM sign_in_link WHERE secret_hash IN (
    SELECT secret_hash FROM sign_in_link
    WHERE expires_at < $1
    LIMIT 1000)
