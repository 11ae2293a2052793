-- Webhooks that an extension has in the workspace where it is installed: they go with it.
ALTER TABLE webhook ADD COLUMN installed_extension_id UUID REFERENCES installed_extension (id) ON DELETE CASCADE
    CHECK (installed_extension_id IS NULL OR workspace_id IS NOT NULL);
CREATE INDEX webhook_by_extension ON webhook (installed_extension_id, id);
