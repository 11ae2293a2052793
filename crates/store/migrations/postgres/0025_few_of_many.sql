-- The few of many that are looked for again and again are found without looking through all, and all are counted in the order of an index.
CREATE INDEX account_operator ON account (email_folded) WHERE is_operator;
CREATE INDEX mail_ended ON mail (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX session_by_end ON session (expires_at);
CREATE INDEX link_differing ON link (id) WHERE access_check = 'differs';
CREATE INDEX proposal_ended ON proposal (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX workspace_by_cohort ON workspace (kind, plan, id) WHERE deleted_at IS NULL;
