-- Campaigns also migrate billing: a decision knows one more rule and one more state.
ALTER TABLE campaign_decision DROP CONSTRAINT campaign_decision_rule_check;
ALTER TABLE campaign_decision ADD CONSTRAINT campaign_decision_rule_check
    CHECK (rule IN ('preference', 'existing_organization', 'shared_admins', 'own', 'billing_contacts'));
ALTER TABLE campaign_decision DROP CONSTRAINT campaign_decision_state_check;
ALTER TABLE campaign_decision ADD CONSTRAINT campaign_decision_state_check
    CHECK (state IN ('decided', 'left_alone', 'linked', 'migrated', 'skipped', 'failed', 'undone'));
