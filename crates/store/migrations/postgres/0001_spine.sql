-- The first tables. Rules that hold for all of them stand in docs/database.md.

CREATE TABLE account (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    is_verified BOOLEAN NOT NULL,
    is_robot BOOLEAN NOT NULL,
    is_operator BOOLEAN NOT NULL,
    password_hash TEXT,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE organization (
    id UUID NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    user_management TEXT NOT NULL CHECK (user_management IN ('centralized', 'original')),
    link_quota BIGINT CHECK (link_quota >= 0),
    identity_provider TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE organization_domain (
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    domain TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, domain)
);

CREATE TABLE organization_role (
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    role TEXT NOT NULL CHECK (role IN ('admin', 'user_access_admin', 'billing_admin', 'auditor')),
    PRIMARY KEY (organization_id, account_id, role)
);
CREATE INDEX organization_role_by_account ON organization_role (account_id, organization_id);

CREATE TABLE site (
    id UUID NOT NULL PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX site_by_organization ON site (organization_id);

CREATE TABLE site_product (
    site_id UUID NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    product TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (site_id, product)
);

CREATE TABLE site_role (
    site_id UUID NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    role TEXT NOT NULL CHECK (role IN ('site_admin', 'user_access_admin')),
    PRIMARY KEY (site_id, account_id, role)
);
CREATE INDEX site_role_by_account ON site_role (account_id, site_id);

CREATE TABLE app_role (
    site_id UUID NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    product TEXT COLLATE "C" NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    role TEXT NOT NULL CHECK (role IN ('user_access_admin', 'app_admin')),
    PRIMARY KEY (site_id, product, account_id, role)
);
CREATE INDEX app_role_by_account ON app_role (account_id, site_id);

CREATE TABLE workspace (
    id UUID NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    app TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('team', 'personal')),
    plan TEXT NOT NULL CHECK (plan IN ('free', 'standard', 'premium')),
    billing_cycle TEXT NOT NULL CHECK (billing_cycle IN ('monthly', 'annual')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'pending_deletion')),
    legal_hold BOOLEAN NOT NULL,
    open_transfer BOOLEAN NOT NULL,
    external_id TEXT,
    external_created_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    access_salt BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE workspace_access_digest (
    workspace_id UUID NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    digest BYTEA NOT NULL
);

CREATE TABLE workspace_label (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    label TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, label)
);

CREATE TABLE workspace_contact (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('billing', 'technical')),
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    PRIMARY KEY (workspace_id, kind, account_id)
);
CREATE INDEX workspace_contact_by_account ON workspace_contact (account_id);

CREATE TABLE workspace_reason (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    code TEXT NOT NULL CHECK (code IN (
        'already_linked', 'personal_workspace', 'free_plan', 'suspended', 'pending_deletion', 'open_transfer',
        'legal_hold', 'not_in_cohort', 'no_active_admin')),
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, code)
);
CREATE INDEX workspace_reason_by_code ON workspace_reason (code, workspace_id);

CREATE TABLE workspace_watch (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX workspace_watch_by_account ON workspace_watch (account_id);

CREATE TABLE site_integration (
    site_id UUID NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    product TEXT COLLATE "C" NOT NULL,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    PRIMARY KEY (site_id, product, workspace_id)
);
CREATE INDEX site_integration_by_workspace ON site_integration (workspace_id);

CREATE TABLE user_group (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    is_admin BOOLEAN NOT NULL,
    repository_permission TEXT NOT NULL CHECK (repository_permission IN ('none', 'read', 'write', 'admin')),
    workspace_permissions TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    UNIQUE (workspace_id, slug_folded)
);

CREATE TABLE user_group_member (
    user_group_id UUID NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    PRIMARY KEY (user_group_id, account_id)
);
CREATE INDEX user_group_member_by_account ON user_group_member (account_id, workspace_id);
CREATE INDEX user_group_member_by_workspace ON user_group_member (workspace_id);

CREATE TABLE repository (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    project TEXT,
    UNIQUE (workspace_id, slug_folded)
);

CREATE TABLE repository_group_grant (
    repository_id UUID NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    user_group_id UUID NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    permission TEXT NOT NULL CHECK (permission IN ('none', 'read', 'write', 'admin')),
    PRIMARY KEY (repository_id, user_group_id)
);
CREATE INDEX repository_group_grant_by_group ON repository_group_grant (user_group_id);

CREATE TABLE repository_account_grant (
    repository_id UUID NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    permission TEXT NOT NULL CHECK (permission IN ('none', 'read', 'write', 'admin')),
    PRIMARY KEY (repository_id, account_id)
);
CREATE INDEX repository_account_grant_by_account ON repository_account_grant (account_id, workspace_id);
CREATE INDEX repository_account_grant_by_workspace ON repository_account_grant (workspace_id);

CREATE TABLE link_plan (
    digest BYTEA NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    document BYTEA NOT NULL,
    summary TEXT NOT NULL,
    workspace_version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ NOT NULL
);
CREATE INDEX link_plan_by_workspace ON link_plan (workspace_id);
CREATE INDEX link_plan_by_organization ON link_plan (organization_id);
CREATE INDEX link_plan_by_validity ON link_plan (valid_until);

CREATE TABLE link (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE RESTRICT,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE RESTRICT,
    linked_at TIMESTAMPTZ NOT NULL,
    linked_by UUID NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    linked_through TEXT NOT NULL CHECK (linked_through IN ('own', 'operator', 'system')),
    plan_digest BYTEA NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    access_digest BYTEA NOT NULL,
    access_version BIGINT NOT NULL,
    access_check TEXT NOT NULL CHECK (access_check IN ('pending', 'unchanged', 'changed_since', 'differs')),
    consent TEXT NOT NULL CHECK (consent IN ('one-person')),
    undo_window_seconds BIGINT NOT NULL,
    acknowledged TEXT NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX link_active ON link (workspace_id) WHERE ended_at IS NULL;
CREATE INDEX link_by_workspace ON link (workspace_id);
CREATE INDEX link_by_organization ON link (organization_id, linked_at);
CREATE INDEX link_by_plan ON link (plan_digest);
CREATE INDEX link_by_account ON link (linked_by);
CREATE INDEX link_unchecked ON link (linked_at) WHERE access_check = 'pending';

CREATE TABLE event (
    id UUID NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID,
    actor_through TEXT NOT NULL CHECK (actor_through IN ('own', 'operator', 'system')),
    organization_id UUID,
    workspace_id UUID,
    version BIGINT,
    commitment BYTEA NOT NULL
);
CREATE INDEX event_by_workspace ON event (workspace_id, version) WHERE workspace_id IS NOT NULL;
CREATE INDEX event_by_actor ON event (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX event_by_organization ON event (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE event_payload (
    event_id UUID NOT NULL PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
    salt BYTEA NOT NULL,
    payload BYTEA NOT NULL
);

-- Waiting for a position. The arrival only orders what waits together; cursors never see it.
CREATE TABLE event_pending (
    arrival BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE REFERENCES event (id) ON DELETE CASCADE
);

CREATE TABLE event_position (
    position BIGINT NOT NULL PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE REFERENCES event (id) ON DELETE RESTRICT
);

CREATE TABLE event_sequence (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'event'),
    last_position BIGINT NOT NULL
);
INSERT INTO event_sequence (name, last_position) VALUES ('event', 0);

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'orglink'),
    linking_frozen BOOLEAN NOT NULL,
    freeze_reason TEXT,
    version BIGINT NOT NULL
);
INSERT INTO installation (name, linking_frozen, freeze_reason, version) VALUES ('orglink', FALSE, NULL, 1);

CREATE TABLE session (
    id UUID NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);

-- Without an account: the link that makes the first operator.
CREATE TABLE sign_in_link (
    secret_hash BYTEA NOT NULL PRIMARY KEY,
    account_id UUID REFERENCES account (id) ON DELETE CASCADE,
    -- Only the links of a demo.
    is_reusable BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_link_by_account ON sign_in_link (account_id);

CREATE TABLE sign_in_failure (
    subject_hash BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE token (
    id UUID NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX token_by_account ON token (account_id);

CREATE TABLE idempotency (
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
