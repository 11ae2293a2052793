-- The directory of an organization: groups of people, which groups of workspaces whose users have migrated are attached to.
CREATE TABLE directory_group (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (organization_id, slug_folded)
) STRICT;

CREATE TABLE directory_group_member (
    directory_group_id BLOB NOT NULL REFERENCES directory_group (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    PRIMARY KEY (directory_group_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_group_member_by_account ON directory_group_member (account_id);

-- Who says who is in it: nothing while the workspace does. Its rows of members are then those of that group, always.
ALTER TABLE user_group ADD COLUMN directory_group_id BLOB REFERENCES directory_group (id) ON DELETE RESTRICT;
CREATE INDEX user_group_by_directory ON user_group (directory_group_id) WHERE directory_group_id IS NOT NULL;

-- What was done when the users of a workspace migrated.
CREATE TABLE users_migration (
    link_id BLOB NOT NULL PRIMARY KEY REFERENCES link (id) ON DELETE CASCADE,
    migrated_at INTEGER NOT NULL,
    migrated_by BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    plan_digest BLOB NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    -- What was looked at to prove that nobody can do more, and the digest over it.
    places INTEGER NOT NULL,
    people INTEGER NOT NULL,
    classes INTEGER NOT NULL,
    proof_digest BLOB NOT NULL,
    -- Of the access in the workspace, afterwards.
    access_digest BLOB NOT NULL
) STRICT;
CREATE INDEX users_migration_by_plan ON users_migration (plan_digest);
CREATE INDEX users_migration_by_account ON users_migration (migrated_by);

-- The migration of users is agreed to as a link is. SQLite changes the list of acts only with the whole table, and with what
-- refers to it.
CREATE TABLE proposal_new (
    id BLOB NOT NULL PRIMARY KEY,
    act TEXT NOT NULL CHECK (act IN ('link', 'transfer', 'unlink', 'migrate_users')),
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
INSERT INTO proposal_new SELECT id, act, workspace_id, organization_id, source_id, proposed_by, proposed_from, payer, payer_folded, message, state,
    created_at, expires_at, reminded_at, ended_at, ended_by, reason FROM proposal;
CREATE TABLE proposal_consent_new (
    proposal_id BLOB NOT NULL REFERENCES proposal_new (id) ON DELETE CASCADE,
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
INSERT INTO proposal_consent_new SELECT proposal_id, side, account_id, through, plan_digest, acknowledged, reason, at FROM proposal_consent;
DROP TABLE proposal_consent;
DROP TABLE proposal;
ALTER TABLE proposal_new RENAME TO proposal;
ALTER TABLE proposal_consent_new RENAME TO proposal_consent;
CREATE UNIQUE INDEX proposal_open ON proposal (workspace_id, organization_id) WHERE state = 'open';
CREATE INDEX proposal_by_workspace ON proposal (workspace_id, id);
CREATE INDEX proposal_by_organization ON proposal (organization_id, id);
CREATE INDEX proposal_by_source ON proposal (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX proposal_by_account ON proposal (proposed_by);
CREATE INDEX proposal_by_payer ON proposal (payer_folded) WHERE payer_folded IS NOT NULL;
CREATE INDEX proposal_due ON proposal (expires_at) WHERE state = 'open';
CREATE INDEX proposal_ended_by ON proposal (ended_by);
CREATE INDEX proposal_consent_by_account ON proposal_consent (account_id);
CREATE INDEX proposal_consent_by_plan ON proposal_consent (plan_digest);
