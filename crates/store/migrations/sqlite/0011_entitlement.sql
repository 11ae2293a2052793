-- Since when what features look at is as it is; nothing: since the workspace is known.
ALTER TABLE workspace ADD COLUMN kind_since INTEGER;
ALTER TABLE workspace ADD COLUMN plan_since INTEGER;
ALTER TABLE workspace ADD COLUMN billing_cycle_since INTEGER;

-- Switches of an organization that somebody has turned; the catalog says which there are.
CREATE TABLE organization_switch (
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    turned_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, name)
) STRICT, WITHOUT ROWID;
