-- Campaigns also migrate billing: a decision knows one more rule and one more state. SQLite changes a check only with the
-- whole table.
CREATE TABLE campaign_decision_new (
    run_id BLOB NOT NULL REFERENCES campaign_run (id) ON DELETE CASCADE,
    -- Wave by wave, in the order of ids; those that are left alone are in none (-1).
    wave INTEGER NOT NULL,
    workspace_id BLOB NOT NULL,
    workspace_version INTEGER NOT NULL,
    rule TEXT CHECK (rule IN ('preference', 'existing_organization', 'shared_admins', 'own', 'billing_contacts')),
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
