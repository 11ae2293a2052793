-- Campaigns also migrate users: a decision knows one more rule.
ALTER TABLE campaign_decision DROP CONSTRAINT campaign_decision_rule_check;
ALTER TABLE campaign_decision ADD CONSTRAINT campaign_decision_rule_check
    CHECK (rule IN ('preference', 'existing_organization', 'shared_admins', 'own', 'billing_contacts', 'own_groups'));

-- What a campaign migrated has nobody who did it; its run stands for that.
ALTER TABLE users_migration ALTER COLUMN migrated_by DROP NOT NULL;
ALTER TABLE users_migration ADD COLUMN run_id UUID REFERENCES campaign_run (id) ON DELETE RESTRICT;
ALTER TABLE users_migration ADD CONSTRAINT users_migration_check CHECK ((run_id IS NULL) = (migrated_by IS NOT NULL));
CREATE INDEX users_migration_by_run ON users_migration (run_id);

-- Who agreed beforehand, for which side, to which terms. Organizations and workspaces are named by id only: who is gone agrees to nothing.
CREATE TABLE campaign_consent (
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    -- The workspace of its side, else the organization.
    subject_id UUID NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('workspace', 'organization', 'approver')),
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL CHECK (through IN ('own', 'operator', 'system')),
    terms_digest BYTEA NOT NULL,
    acknowledged TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (subject_id, campaign_id, side)
);
CREATE INDEX campaign_consent_by_campaign ON campaign_consent (campaign_id);
CREATE INDEX campaign_consent_by_account ON campaign_consent (account_id);

-- Which organizations' admins were told what, once however many workspaces it concerns.
CREATE TABLE campaign_organization_notice (
    campaign_id UUID NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    step BIGINT NOT NULL,
    told_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, campaign_id, step)
);
CREATE INDEX campaign_organization_notice_by_campaign ON campaign_organization_notice (campaign_id);
