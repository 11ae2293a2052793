-- The directory of an organization: groups of people, which groups of workspaces whose users have migrated are attached to.
CREATE TABLE directory_group (
    id UUID NOT NULL PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (organization_id, slug_folded)
);

CREATE TABLE directory_group_member (
    directory_group_id UUID NOT NULL REFERENCES directory_group (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    PRIMARY KEY (directory_group_id, account_id)
);
CREATE INDEX directory_group_member_by_account ON directory_group_member (account_id);

-- Who says who is in it: nothing while the workspace does. Its rows of members are then those of that group, always.
ALTER TABLE user_group ADD COLUMN directory_group_id UUID REFERENCES directory_group (id) ON DELETE RESTRICT;
CREATE INDEX user_group_by_directory ON user_group (directory_group_id) WHERE directory_group_id IS NOT NULL;

-- What was done when the users of a workspace migrated.
CREATE TABLE users_migration (
    link_id UUID NOT NULL PRIMARY KEY REFERENCES link (id) ON DELETE CASCADE,
    migrated_at TIMESTAMPTZ NOT NULL,
    migrated_by UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    plan_digest BYTEA NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    -- What was looked at to prove that nobody can do more, and the digest over it.
    places BIGINT NOT NULL,
    people BIGINT NOT NULL,
    classes BIGINT NOT NULL,
    proof_digest BYTEA NOT NULL,
    -- Of the access in the workspace, afterwards.
    access_digest BYTEA NOT NULL
);
CREATE INDEX users_migration_by_plan ON users_migration (plan_digest);
CREATE INDEX users_migration_by_account ON users_migration (migrated_by);

-- The migration of users is agreed to as a link is.
ALTER TABLE proposal DROP CONSTRAINT proposal_act_check;
ALTER TABLE proposal ADD CONSTRAINT proposal_act_check CHECK (act IN ('link', 'transfer', 'unlink', 'migrate_users'));
