-- Campaigns also migrate users: a decision knows one more rule. SQLite changes a check only with the whole table.
CREATE TABLE campaign_decision_new (
    run_id BLOB NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    -- Wave by wave, in the order of ids; those that are left alone are in none (-1).
    wave INTEGER NOT NULL,
    workspace_id BLOB NOT NULL,
    workspace_version INTEGER NOT NULL,
    rule TEXT CHECK (rule IN ('preference', 'existing_organization', 'shared_admins', 'own', 'billing_contacts', 'own_groups')),
    organization_id BLOB,
    group_key BLOB,
    evidence TEXT,
    -- Why it is left alone.
    left_alone TEXT,
    state TEXT NOT NULL CHECK (state IN ('decided', 'left_alone', 'linked', 'migrated', 'skipped', 'failed', 'undone')),
    -- What came of it, when that is not what was decided.
    outcome TEXT,
    PRIMARY KEY (run_id, wave, workspace_id)
) STRICT, WITHOUT ROWID;
INSERT INTO campaign_decision_new (run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence,
    left_alone, state, outcome)
SELECT run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence, left_alone, state, outcome
FROM campaign_decision;
DROP TABLE campaign_decision;
ALTER TABLE campaign_decision_new RENAME TO campaign_decision;
CREATE UNIQUE INDEX campaign_decision_by_workspace ON campaign_decision (workspace_id, run_id);
CREATE INDEX campaign_decision_by_group ON campaign_decision (run_id, group_key) WHERE group_key IS NOT NULL;
CREATE INDEX campaign_decision_waiting ON campaign_decision (run_id, wave, workspace_id) WHERE state = 'decided';
CREATE INDEX campaign_decision_odd ON campaign_decision (run_id, state, workspace_id)
    WHERE state IN ('skipped', 'failed', 'undone');

-- What a campaign migrated has nobody who did it; its run stands for that.
CREATE TABLE users_migration_new (
    link_id BLOB NOT NULL PRIMARY KEY REFERENCES link (id) ON DELETE CASCADE,
    migrated_at INTEGER NOT NULL,
    migrated_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    plan_digest BLOB NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    -- What was looked at to prove that nobody can do more, and the digest over it.
    places INTEGER NOT NULL,
    people INTEGER NOT NULL,
    classes INTEGER NOT NULL,
    proof_digest BLOB NOT NULL,
    -- Of the access in the workspace, afterwards.
    access_digest BLOB NOT NULL,
    run_id BLOB REFERENCES campaign_run (id) ON DELETE RESTRICT,
    CHECK ((run_id IS NULL) = (migrated_by IS NOT NULL))
) STRICT;
INSERT INTO users_migration_new (link_id, migrated_at, migrated_by, plan_digest, places, people, classes, proof_digest, access_digest)
SELECT link_id, migrated_at, migrated_by, plan_digest, places, people, classes, proof_digest, access_digest FROM users_migration;
DROP TABLE users_migration;
ALTER TABLE users_migration_new RENAME TO users_migration;
CREATE INDEX users_migration_by_plan ON users_migration (plan_digest);
CREATE INDEX users_migration_by_account ON users_migration (migrated_by);
CREATE INDEX users_migration_by_run ON users_migration (run_id);

-- Who agreed beforehand, for which side, to which terms. Organizations and workspaces are named by id only: who is gone agrees to nothing.
CREATE TABLE campaign_consent (
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- The workspace of its side, else the organization.
    subject_id BLOB NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('workspace', 'organization', 'approver')),
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL CHECK (through IN ('own', 'operator', 'system')),
    terms_digest BLOB NOT NULL,
    acknowledged TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (subject_id, campaign_id, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_consent_by_campaign ON campaign_consent (campaign_id);
CREATE INDEX campaign_consent_by_account ON campaign_consent (account_id);

-- Which organizations' admins were told what, once however many workspaces it concerns.
CREATE TABLE campaign_organization_notice (
    campaign_id BLOB NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, campaign_id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_organization_notice_by_campaign ON campaign_organization_notice (campaign_id);
