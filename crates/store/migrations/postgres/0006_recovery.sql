-- Giving an organization or a workspace an admin again when nobody can act.
CREATE TABLE recovery (
    id UUID NOT NULL PRIMARY KEY,
    organization_id UUID REFERENCES organization (id) ON DELETE CASCADE,
    workspace_id UUID REFERENCES workspace (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    way TEXT NOT NULL CHECK (way IN ('domain', 'operators')),
    domain TEXT,
    proposed_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    approved_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'requested', 'waiting', 'applied', 'objected', 'withdrawn', 'expired', 'superseded')),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    applies_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    objection TEXT,
    CHECK ((organization_id IS NULL) <> (workspace_id IS NULL))
);
CREATE UNIQUE INDEX recovery_open_of_organization ON recovery (organization_id, account_id)
    WHERE state IN ('requested', 'waiting') AND organization_id IS NOT NULL;
CREATE UNIQUE INDEX recovery_open_of_workspace ON recovery (workspace_id, account_id)
    WHERE state IN ('requested', 'waiting') AND workspace_id IS NOT NULL;
CREATE INDEX recovery_by_organization ON recovery (organization_id);
CREATE INDEX recovery_by_workspace ON recovery (workspace_id);
CREATE INDEX recovery_by_account ON recovery (account_id);
CREATE INDEX recovery_by_proposer ON recovery (proposed_by);
CREATE INDEX recovery_by_approver ON recovery (approved_by);
CREATE INDEX recovery_by_ender ON recovery (ended_by);
CREATE INDEX recovery_open ON recovery (state, expires_at) WHERE state IN ('requested', 'waiting');
