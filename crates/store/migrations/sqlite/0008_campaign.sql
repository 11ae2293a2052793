-- Campaigns: a date by which people link, and what is linked by itself after it.
CREATE TABLE campaign (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    -- What the operator decided, as JSON.
    definition TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'draft', 'announced', 'open', 'closing', 'linking', 'paused', 'done', 'cancelled')),
    resumes_to TEXT CHECK (resumes_to IN ('announced', 'open', 'closing', 'linking')),
    reason TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    announced_at INTEGER
) STRICT;

-- Every step it took and every change of what was decided, with who and why.
CREATE TABLE campaign_change (
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- The campaign's version after it.
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL CHECK (through IN ('own', 'operator', 'system')),
    state TEXT NOT NULL,
    -- What was decided from then on, when that changed.
    definition TEXT,
    reason TEXT,
    PRIMARY KEY (campaign_id, version)
) STRICT;
CREATE INDEX campaign_change_by_account ON campaign_change (account_id);

-- One decision about everybody: a rehearsal, or the real one, of which a campaign has one.
CREATE TABLE campaign_run (
    id BLOB NOT NULL PRIMARY KEY,
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- An attempt becomes the real one when all is decided; of those that were killed nothing counts.
    kind TEXT NOT NULL CHECK (kind IN ('rehearsal', 'attempt', 'real')),
    -- The moment that it is about.
    on_at INTEGER NOT NULL,
    -- What was decided when it began, as JSON: it goes by that to its end.
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- When somebody last worked on it.
    touched_at INTEGER NOT NULL,
    -- Since when all is decided; nothing of it counts before.
    decided_at INTEGER,
    -- When the first wave began.
    began_at INTEGER,
    ended_at INTEGER,
    -- Raised by every batch, so that one batch is done at a time.
    batches INTEGER NOT NULL,
    -- Failures that an operator has seen and resumed in spite of.
    tolerated_failures INTEGER NOT NULL,
    -- As JSON, kept when all is decided.
    counts TEXT
) STRICT;
CREATE UNIQUE INDEX campaign_run_real ON campaign_run (campaign_id) WHERE kind = 'real';
CREATE INDEX campaign_run_by_campaign ON campaign_run (campaign_id, created_at);

-- What becomes of each workspace and why. It names workspaces and organizations by id only: it is a record, and outlives them.
CREATE TABLE campaign_decision (
    run_id BLOB NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    -- Wave by wave, in the order of ids; those that are left alone are in none (-1).
    wave INTEGER NOT NULL,
    workspace_id BLOB NOT NULL,
    workspace_version INTEGER NOT NULL,
    rule TEXT CHECK (rule IN ('preference', 'existing_organization', 'shared_admins', 'own')),
    organization_id BLOB,
    group_key BLOB,
    evidence TEXT,
    -- Why it is left alone.
    left_alone TEXT,
    state TEXT NOT NULL CHECK (state IN ('decided', 'left_alone', 'linked', 'skipped', 'failed', 'undone')),
    -- What came of it, when that is not what was decided.
    outcome TEXT,
    PRIMARY KEY (run_id, wave, workspace_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX campaign_decision_by_workspace ON campaign_decision (workspace_id, run_id);
CREATE INDEX campaign_decision_by_group ON campaign_decision (run_id, group_key) WHERE group_key IS NOT NULL;
CREATE INDEX campaign_decision_waiting ON campaign_decision (run_id, wave, workspace_id) WHERE state = 'decided';
CREATE INDEX campaign_decision_odd ON campaign_decision (run_id, state, workspace_id)
    WHERE state IN ('skipped', 'failed', 'undone');

-- Several workspaces with the same active admins and the same billing contacts: one new organization for all of them.
CREATE TABLE campaign_group (
    run_id BLOB NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    group_key BLOB NOT NULL,
    -- After its largest workspace.
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    workspaces INTEGER NOT NULL,
    PRIMARY KEY (group_key, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_group_by_run ON campaign_group (run_id);

-- The organizations that decisions name, as they were when it was decided or as this run has left them.
CREATE TABLE campaign_run_organization (
    run_id BLOB NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    organization_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (organization_id, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_run_organization_by_run ON campaign_run_organization (run_id);

-- Who was told what: days before the link-by day, -1 for the announcement.
CREATE TABLE campaign_notice (
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, workspace_id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_notice_by_workspace ON campaign_notice (workspace_id);

-- How far each step of telling has come.
CREATE TABLE campaign_telling (
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    -- Told are all up to this workspace.
    after_workspace_id BLOB NOT NULL,
    workspaces INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (campaign_id, step)
) STRICT, WITHOUT ROWID;

-- More time that was asked for and given.
CREATE TABLE campaign_postponement (
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    reason TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, workspace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_postponement_by_workspace ON campaign_postponement (workspace_id);
CREATE INDEX campaign_postponement_by_account ON campaign_postponement (asked_by);

-- Where a workspace is to go if nobody links it: counts when an admin of each side has said so and still is one.
CREATE TABLE workspace_preference (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    workspace_yes_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    organization_yes_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, organization_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_preference_by_organization ON workspace_preference (organization_id);
CREATE INDEX workspace_preference_by_admin ON workspace_preference (workspace_yes_by);
CREATE INDEX workspace_preference_by_organization_admin ON workspace_preference (organization_yes_by);

-- Organizations that a run made, at most one for a group. Until one is claimed it can be read, renamed, claimed and left.
CREATE TABLE campaign_organization (
    organization_id BLOB NOT NULL PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    run_id BLOB NOT NULL REFERENCES campaign_run (id) ON DELETE RESTRICT,
    group_key BLOB NOT NULL,
    claimed_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    -- When the claim takes effect, unless one objects.
    claimed_from INTEGER,
    -- Since when it is an organization like every other.
    claimed_at INTEGER,
    UNIQUE (group_key, run_id)
) STRICT;
CREATE INDEX campaign_organization_by_run ON campaign_organization (run_id);
CREATE INDEX campaign_organization_by_account ON campaign_organization (claimed_by);
CREATE INDEX campaign_organization_due ON campaign_organization (claimed_from) WHERE claimed_at IS NULL AND claimed_from IS NOT NULL;

-- A link that a run made has nobody who made it and no plan that somebody saw; the run's decision stands for both. SQLite
-- takes back NOT NULL only with the whole table.
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
    consent TEXT NOT NULL CHECK (consent IN ('one-person')),
    undo_window_seconds INTEGER NOT NULL,
    acknowledged TEXT NOT NULL,
    ended_at INTEGER,
    run_id BLOB REFERENCES campaign_run (id) ON DELETE RESTRICT,
    CHECK ((run_id IS NULL) = (linked_by IS NOT NULL AND plan_digest IS NOT NULL))
) STRICT;
INSERT INTO link_new (id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version,
    access_check, consent, undo_window_seconds, acknowledged, ended_at)
SELECT id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version,
    access_check, consent, undo_window_seconds, acknowledged, ended_at FROM link;
DROP TABLE link;
ALTER TABLE link_new RENAME TO link;
CREATE UNIQUE INDEX link_active ON link (workspace_id) WHERE ended_at IS NULL;
CREATE INDEX link_by_workspace ON link (workspace_id);
CREATE INDEX link_by_organization ON link (organization_id, linked_at);
CREATE INDEX link_by_plan ON link (plan_digest);
CREATE INDEX link_by_account ON link (linked_by);
CREATE INDEX link_unchecked ON link (linked_at) WHERE access_check = 'pending';
CREATE INDEX link_by_run ON link (run_id);

-- How many workspaces there were at the end of each day: in all, to be linked, and by reason.
CREATE TABLE workspace_count (
    -- Year, month and day in UTC as one number.
    day INTEGER NOT NULL,
    what TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, what)
) STRICT, WITHOUT ROWID;
