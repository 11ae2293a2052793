-- Consent by two sides. A link keeps how many people it needed, and whether the workspace can be moved.
ALTER TABLE link DROP CONSTRAINT link_consent_check;
ALTER TABLE link ADD COLUMN transferable BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE link ADD CONSTRAINT link_consent_check CHECK (consent IN ('one-person', 'two-sided', 'two-people'));

-- A link, a move to another organization, or (by operators) the end of a link, that somebody wants and that others must agree to.
CREATE TABLE proposal (
    id UUID NOT NULL PRIMARY KEY,
    act TEXT NOT NULL CHECK (act IN ('link', 'transfer', 'unlink')),
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- Where it is to be, and where it is when it is to be moved.
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    source_id UUID REFERENCES organization (id) ON DELETE CASCADE,
    proposed_by UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    proposed_from TEXT NOT NULL CHECK (proposed_from IN ('workspace', 'organization', 'source', 'operator')),
    -- The address of whoever is to agree as payer, as it was written and folded.
    payer TEXT,
    payer_folded TEXT,
    message TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'declined', 'withdrawn', 'expired', 'superseded')),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    reminded_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    reason TEXT
);
CREATE UNIQUE INDEX proposal_open ON proposal (workspace_id, organization_id) WHERE state = 'open';
CREATE INDEX proposal_by_workspace ON proposal (workspace_id, id);
CREATE INDEX proposal_by_organization ON proposal (organization_id, id);
CREATE INDEX proposal_by_source ON proposal (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX proposal_by_account ON proposal (proposed_by);
CREATE INDEX proposal_by_payer ON proposal (payer_folded) WHERE payer_folded IS NOT NULL;
CREATE INDEX proposal_due ON proposal (expires_at) WHERE state = 'open';
CREATE INDEX proposal_ended_by ON proposal (ended_by);

-- What each side agreed to last.
CREATE TABLE proposal_consent (
    proposal_id UUID NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('workspace', 'source', 'organization', 'approver', 'payer', 'operator', 'second_operator')),
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL CHECK (through IN ('own', 'operator', 'system')),
    plan_digest BYTEA NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    acknowledged TEXT NOT NULL,
    -- Why, of an operator who ends a link.
    reason TEXT,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (proposal_id, side)
);
CREATE INDEX proposal_consent_by_account ON proposal_consent (account_id);
CREATE INDEX proposal_consent_by_plan ON proposal_consent (plan_digest);
