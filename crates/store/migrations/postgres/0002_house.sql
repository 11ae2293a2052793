-- Deletion: what hung on the row is gone, the row stays for the links and events that name it; its slug is free.
ALTER TABLE organization ADD COLUMN deleted_at TIMESTAMPTZ;
ALTER TABLE workspace ADD COLUMN deleted_at TIMESTAMPTZ;

-- What a person needs to tell their sessions apart.
ALTER TABLE session ADD COLUMN user_agent TEXT;
ALTER TABLE session ADD COLUMN address TEXT;

-- Activity, newest first: ids are in the order of time.
CREATE INDEX event_activity_of_workspace ON event (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX event_activity_of_organization ON event (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX event_by_type ON event (type, id);
DROP INDEX event_by_organization;

-- The operator's explorer.
CREATE INDEX workspace_label_by_label ON workspace_label (label, workspace_id);
