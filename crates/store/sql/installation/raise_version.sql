UPDATE installation SET version = version + 1
