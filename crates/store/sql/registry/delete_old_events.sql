DELETE FROM registry_event WHERE received_at < $1
