-- Consent by two sides. A link keeps how many people it needed; SQLite changes that list only with the whole table.
CREATE TABLE link_new (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE RESTRICT,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE RESTRICT,
    linked_at INTEGER NOT NULL,
    linked_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    linked_through TEXT NOT NULL CHECK (linked_through IN ('own', 'operator', 'system')),
    plan_digest BLOB REFERENCES link_plan (digest) ON DELETE RESTRICT,
    access_digest BLOB NOT NULL,
    access_version INTEGER NOT NULL,
    access_check TEXT NOT NULL CHECK (access_check IN ('pending', 'unchanged', 'changed_since', 'differs')),
    consent TEXT NOT NULL CHECK (consent IN ('one-person', 'two-sided', 'two-people')),
    undo_window_seconds INTEGER NOT NULL,
    acknowledged TEXT NOT NULL,
    ended_at INTEGER,
    run_id BLOB REFERENCES campaign_run (id) ON DELETE RESTRICT,
    -- Whether the workspace can be moved to another organization, when all three agree.
    transferable INTEGER NOT NULL DEFAULT 0 CHECK (transferable IN (0, 1)),
    CHECK ((run_id IS NULL) = (linked_by IS NOT NULL AND plan_digest IS NOT NULL))
) STRICT;
INSERT INTO link_new (id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version,
    access_check, consent, undo_window_seconds, acknowledged, ended_at, run_id)
SELECT id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version,
    access_check, consent, undo_window_seconds, acknowledged, ended_at, run_id FROM link;
DROP TABLE link;
ALTER TABLE link_new RENAME TO link;
CREATE UNIQUE INDEX link_active ON link (workspace_id) WHERE ended_at IS NULL;
CREATE INDEX link_by_workspace ON link (workspace_id);
CREATE INDEX link_by_organization ON link (organization_id, linked_at);
CREATE INDEX link_by_plan ON link (plan_digest);
CREATE INDEX link_by_account ON link (linked_by);
CREATE INDEX link_unchecked ON link (linked_at) WHERE access_check = 'pending';
CREATE INDEX link_by_run ON link (run_id);

-- A link, a move to another organization, or (by operators) the end of a link, that somebody wants and that others must agree to.
CREATE TABLE proposal (
    id BLOB NOT NULL PRIMARY KEY,
    act TEXT NOT NULL CHECK (act IN ('link', 'transfer', 'unlink')),
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- Where it is to be, and where it is when it is to be moved.
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    source_id BLOB REFERENCES organization (id) ON DELETE CASCADE,
    proposed_by BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    proposed_from TEXT NOT NULL CHECK (proposed_from IN ('workspace', 'organization', 'source', 'operator')),
    -- The address of whoever is to agree as payer, as it was written and folded.
    payer TEXT,
    payer_folded TEXT,
    message TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'declined', 'withdrawn', 'expired', 'superseded')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    reminded_at INTEGER,
    ended_at INTEGER,
    ended_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    reason TEXT
) STRICT;
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
    proposal_id BLOB NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('workspace', 'source', 'organization', 'approver', 'payer', 'operator', 'second_operator')),
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL CHECK (through IN ('own', 'operator', 'system')),
    plan_digest BLOB NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    acknowledged TEXT NOT NULL,
    -- Why, of an operator who ends a link.
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (proposal_id, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_consent_by_account ON proposal_consent (account_id);
CREATE INDEX proposal_consent_by_plan ON proposal_consent (plan_digest);
