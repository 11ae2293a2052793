-- Deletion: what hung on the row is gone, the row stays for the links and events that name it; its slug is free.
ALTER TABLE organization ADD COLUMN deleted_at INTEGER;
ALTER TABLE workspace ADD COLUMN deleted_at INTEGER;

-- What a person needs to tell their sessions apart.
ALTER TABLE session ADD COLUMN user_agent TEXT;
ALTER TABLE session ADD COLUMN address TEXT;
