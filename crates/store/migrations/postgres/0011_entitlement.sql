-- Since when what features look at is as it is; nothing: since the workspace is known.
ALTER TABLE workspace ADD COLUMN kind_since TIMESTAMPTZ;
ALTER TABLE workspace ADD COLUMN plan_since TIMESTAMPTZ;
ALTER TABLE workspace ADD COLUMN billing_cycle_since TIMESTAMPTZ;

-- Switches of an organization that somebody has turned; the catalog says which there are.
CREATE TABLE organization_switch (
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    turned_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, name)
);
