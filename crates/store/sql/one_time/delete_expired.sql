DELETE FROM one_time_token WHERE expires_at < $1
