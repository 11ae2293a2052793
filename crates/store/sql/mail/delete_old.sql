DELETE FROM mail WHERE state IN ('sent', 'given_up') AND ended_at < $1
