-- Campaigns: a date by which people link, and what is linked by itself after it.
CREATE TABLE campaign (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    -- What the operator decided, as JSON.
    definition TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'draft', 'announced', 'open', 'closing', 'linking', 'paused', 'done', 'cancelled')),
    resumes_to TEXT CHECK (resumes_to IN ('announced', 'open', 'closing', 'linking')),
    reason TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    announced_at TIMESTAMPTZ
);

-- Every step it took and every change of what was decided, with who and why.
CREATE TABLE campaign_change (
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- The campaign's version after it.
    version BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    account_id UUID REFERENCES account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL CHECK (through IN ('own', 'operator', 'system')),
    state TEXT NOT NULL,
    -- What was decided from then on, when that changed.
    definition TEXT,
    reason TEXT,
    PRIMARY KEY (campaign_id, version)
);
CREATE INDEX campaign_change_by_account ON campaign_change (account_id);

-- One decision about everybody: a rehearsal, or the real one, of which a campaign has one.
CREATE TABLE campaign_run (
    id UUID NOT NULL PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- An attempt becomes the real one when all is decided; of those that were killed nothing counts.
    kind TEXT NOT NULL CHECK (kind IN ('rehearsal', 'attempt', 'real')),
    -- The moment that it is about.
    on_at TIMESTAMPTZ NOT NULL,
    -- What was decided when it began, as JSON: it goes by that to its end.
    definition TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- When somebody last worked on it.
    touched_at TIMESTAMPTZ NOT NULL,
    -- Since when all is decided; nothing of it counts before.
    decided_at TIMESTAMPTZ,
    -- When the first wave began.
    began_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    -- Raised by every batch, so that one batch is done at a time.
    batches BIGINT NOT NULL,
    -- Failures that an operator has seen and resumed in spite of.
    tolerated_failures BIGINT NOT NULL,
    -- As JSON, kept when all is decided.
    counts TEXT
);
CREATE UNIQUE INDEX campaign_run_real ON campaign_run (campaign_id) WHERE kind = 'real';
CREATE INDEX campaign_run_by_campaign ON campaign_run (campaign_id, created_at);

-- What becomes of each workspace and why. It names workspaces and organizations by id only: it is a record, and outlives them.
CREATE TABLE campaign_decision (
    run_id UUID NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    -- Wave by wave, in the order of ids; those that are left alone are in none (-1).
    wave BIGINT NOT NULL,
    workspace_id UUID NOT NULL,
    workspace_version BIGINT NOT NULL,
    rule TEXT CHECK (rule IN ('preference', 'existing_organization', 'shared_admins', 'own')),
    organization_id UUID,
    group_key BYTEA,
    evidence TEXT,
    -- Why it is left alone.
    left_alone TEXT,
    state TEXT NOT NULL CHECK (state IN ('decided', 'left_alone', 'linked', 'skipped', 'failed', 'undone')),
    -- What came of it, when that is not what was decided.
    outcome TEXT,
    PRIMARY KEY (run_id, wave, workspace_id)
);
CREATE UNIQUE INDEX campaign_decision_by_workspace ON campaign_decision (workspace_id, run_id);
CREATE INDEX campaign_decision_by_group ON campaign_decision (run_id, group_key) WHERE group_key IS NOT NULL;
CREATE INDEX campaign_decision_waiting ON campaign_decision (run_id, wave, workspace_id) WHERE state = 'decided';
CREATE INDEX campaign_decision_odd ON campaign_decision (run_id, state, workspace_id)
    WHERE state IN ('skipped', 'failed', 'undone');

-- Several workspaces with the same active admins and the same billing contacts: one new organization for all of them.
CREATE TABLE campaign_group (
    run_id UUID NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    group_key BYTEA NOT NULL,
    -- After its largest workspace.
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    workspaces BIGINT NOT NULL,
    PRIMARY KEY (group_key, run_id)
);
CREATE INDEX campaign_group_by_run ON campaign_group (run_id);

-- The organizations that decisions name, as they were when it was decided or as this run has left them.
CREATE TABLE campaign_run_organization (
    run_id UUID NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    organization_id UUID NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organization_id, run_id)
);
CREATE INDEX campaign_run_organization_by_run ON campaign_run_organization (run_id);

-- Who was told what: days before the link-by day, -1 for the announcement.
CREATE TABLE campaign_notice (
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    step BIGINT NOT NULL,
    told_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (campaign_id, workspace_id, step)
);
CREATE INDEX campaign_notice_by_workspace ON campaign_notice (workspace_id);

-- How far each step of telling has come.
CREATE TABLE campaign_telling (
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    step BIGINT NOT NULL,
    -- Told are all up to this workspace.
    after_workspace_id UUID NOT NULL,
    workspaces BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    began_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (campaign_id, step)
);

-- More time that was asked for and given.
CREATE TABLE campaign_postponement (
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    until TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL,
    asked_by UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (campaign_id, workspace_id)
);
CREATE INDEX campaign_postponement_by_workspace ON campaign_postponement (workspace_id);
CREATE INDEX campaign_postponement_by_account ON campaign_postponement (asked_by);

-- Where a workspace is to go if nobody links it: counts when an admin of each side has said so and still is one.
CREATE TABLE workspace_preference (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    workspace_yes_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    organization_yes_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, organization_id)
);
CREATE INDEX workspace_preference_by_organization ON workspace_preference (organization_id);
CREATE INDEX workspace_preference_by_admin ON workspace_preference (workspace_yes_by);
CREATE INDEX workspace_preference_by_organization_admin ON workspace_preference (organization_yes_by);

-- Organizations that a run made, at most one for a group. Until one is claimed it can be read, renamed, claimed and left.
CREATE TABLE campaign_organization (
    organization_id UUID NOT NULL PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    run_id UUID NOT NULL REFERENCES campaign_run (id) ON DELETE RESTRICT,
    group_key BYTEA NOT NULL,
    claimed_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    -- When the claim takes effect, unless one objects.
    claimed_from TIMESTAMPTZ,
    -- Since when it is an organization like every other.
    claimed_at TIMESTAMPTZ,
    UNIQUE (group_key, run_id)
);
CREATE INDEX campaign_organization_by_run ON campaign_organization (run_id);
CREATE INDEX campaign_organization_by_account ON campaign_organization (claimed_by);
CREATE INDEX campaign_organization_due ON campaign_organization (claimed_from) WHERE claimed_at IS NULL AND claimed_from IS NOT NULL;

-- A link that a run made has nobody who made it and no plan that somebody saw; the run's decision stands for both.
ALTER TABLE link ALTER COLUMN linked_by DROP NOT NULL;
ALTER TABLE link ALTER COLUMN plan_digest DROP NOT NULL;
ALTER TABLE link ADD COLUMN run_id UUID REFERENCES campaign_run (id) ON DELETE RESTRICT;
ALTER TABLE link ADD CHECK ((run_id IS NULL) = (linked_by IS NOT NULL AND plan_digest IS NOT NULL));
CREATE INDEX link_by_run ON link (run_id);

-- How many workspaces there were at the end of each day: in all, to be linked, and by reason.
CREATE TABLE workspace_count (
    -- Year, month and day in UTC as one number.
    day BIGINT NOT NULL,
    what TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, what)
);
