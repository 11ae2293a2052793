-- The first tables. Rules that hold for all of them stand in docs/database.md.

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    is_verified INTEGER NOT NULL CHECK (is_verified IN (0, 1)),
    is_robot INTEGER NOT NULL CHECK (is_robot IN (0, 1)),
    is_operator INTEGER NOT NULL CHECK (is_operator IN (0, 1)),
    password_hash TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE organization (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    user_management TEXT NOT NULL CHECK (user_management IN ('centralized', 'original')),
    link_quota INTEGER CHECK (link_quota >= 0),
    identity_provider TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE organization_domain (
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    domain TEXT NOT NULL,
    PRIMARY KEY (organization_id, domain)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization_role (
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    role TEXT NOT NULL CHECK (role IN ('admin', 'user_access_admin', 'billing_admin', 'auditor')),
    PRIMARY KEY (organization_id, account_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_role_by_account ON organization_role (account_id, organization_id);

CREATE TABLE site (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX site_by_organization ON site (organization_id);

CREATE TABLE site_product (
    site_id BLOB NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    PRIMARY KEY (site_id, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_role (
    site_id BLOB NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    role TEXT NOT NULL CHECK (role IN ('site_admin', 'user_access_admin')),
    PRIMARY KEY (site_id, account_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX site_role_by_account ON site_role (account_id, site_id);

CREATE TABLE app_role (
    site_id BLOB NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    role TEXT NOT NULL CHECK (role IN ('user_access_admin', 'app_admin')),
    PRIMARY KEY (site_id, product, account_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX app_role_by_account ON app_role (account_id, site_id);

CREATE TABLE workspace (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    app TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('team', 'personal')),
    plan TEXT NOT NULL CHECK (plan IN ('free', 'standard', 'premium')),
    billing_cycle TEXT NOT NULL CHECK (billing_cycle IN ('monthly', 'annual')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'pending_deletion')),
    legal_hold INTEGER NOT NULL CHECK (legal_hold IN (0, 1)),
    open_transfer INTEGER NOT NULL CHECK (open_transfer IN (0, 1)),
    external_id TEXT,
    external_created_at INTEGER,
    version INTEGER NOT NULL,
    access_salt BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE workspace_access_digest (
    workspace_id BLOB NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_label (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    PRIMARY KEY (workspace_id, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_contact (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('billing', 'technical')),
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    PRIMARY KEY (workspace_id, kind, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_contact_by_account ON workspace_contact (account_id);

CREATE TABLE workspace_reason (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    code TEXT NOT NULL CHECK (code IN (
        'already_linked', 'personal_workspace', 'free_plan', 'suspended', 'pending_deletion', 'open_transfer',
        'legal_hold', 'not_in_cohort', 'no_active_admin')),
    since INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_reason_by_code ON workspace_reason (code, workspace_id);

CREATE TABLE workspace_watch (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_watch_by_account ON workspace_watch (account_id);

CREATE TABLE site_integration (
    site_id BLOB NOT NULL REFERENCES site (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    PRIMARY KEY (site_id, product, workspace_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX site_integration_by_workspace ON site_integration (workspace_id);

CREATE TABLE user_group (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    is_admin INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
    repository_permission TEXT NOT NULL CHECK (repository_permission IN ('none', 'read', 'write', 'admin')),
    workspace_permissions TEXT NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    UNIQUE (workspace_id, slug_folded)
) STRICT;

CREATE TABLE user_group_member (
    user_group_id BLOB NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    PRIMARY KEY (user_group_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_group_member_by_account ON user_group_member (account_id, workspace_id);
CREATE INDEX user_group_member_by_workspace ON user_group_member (workspace_id);

CREATE TABLE repository (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    project TEXT,
    UNIQUE (workspace_id, slug_folded)
) STRICT;

CREATE TABLE repository_group_grant (
    repository_id BLOB NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    user_group_id BLOB NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    permission TEXT NOT NULL CHECK (permission IN ('none', 'read', 'write', 'admin')),
    PRIMARY KEY (repository_id, user_group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX repository_group_grant_by_group ON repository_group_grant (user_group_id);

CREATE TABLE repository_account_grant (
    repository_id BLOB NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    permission TEXT NOT NULL CHECK (permission IN ('none', 'read', 'write', 'admin')),
    PRIMARY KEY (repository_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX repository_account_grant_by_account ON repository_account_grant (account_id, workspace_id);
CREATE INDEX repository_account_grant_by_workspace ON repository_account_grant (workspace_id);

CREATE TABLE link_plan (
    digest BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    document BLOB NOT NULL,
    summary TEXT NOT NULL,
    workspace_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL
) STRICT;
CREATE INDEX link_plan_by_workspace ON link_plan (workspace_id);
CREATE INDEX link_plan_by_organization ON link_plan (organization_id);
CREATE INDEX link_plan_by_validity ON link_plan (valid_until);

CREATE TABLE link (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE RESTRICT,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE RESTRICT,
    linked_at INTEGER NOT NULL,
    linked_by BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    linked_through TEXT NOT NULL CHECK (linked_through IN ('own', 'operator', 'system')),
    plan_digest BLOB NOT NULL REFERENCES link_plan (digest) ON DELETE RESTRICT,
    access_digest BLOB NOT NULL,
    access_version INTEGER NOT NULL,
    access_check TEXT NOT NULL CHECK (access_check IN ('pending', 'unchanged', 'changed_since', 'differs')),
    consent TEXT NOT NULL CHECK (consent IN ('one-person')),
    undo_window_seconds INTEGER NOT NULL,
    acknowledged TEXT NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX link_active ON link (workspace_id) WHERE ended_at IS NULL;
CREATE INDEX link_by_workspace ON link (workspace_id);
CREATE INDEX link_by_organization ON link (organization_id, linked_at);
CREATE INDEX link_by_plan ON link (plan_digest);
CREATE INDEX link_by_account ON link (linked_by);
CREATE INDEX link_unchecked ON link (linked_at) WHERE access_check = 'pending';

CREATE TABLE event (
    id BLOB NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor_id BLOB,
    actor_through TEXT NOT NULL CHECK (actor_through IN ('own', 'operator', 'system')),
    organization_id BLOB,
    workspace_id BLOB,
    version INTEGER,
    commitment BLOB NOT NULL
) STRICT;
CREATE INDEX event_by_workspace ON event (workspace_id, version) WHERE workspace_id IS NOT NULL;
CREATE INDEX event_by_actor ON event (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX event_by_organization ON event (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE event_payload (
    event_id BLOB NOT NULL PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
    salt BLOB NOT NULL,
    payload BLOB NOT NULL
) STRICT;

-- Waiting for a position. The arrival only orders what waits together; cursors never see it.
CREATE TABLE event_pending (
    arrival INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    event_id BLOB NOT NULL UNIQUE REFERENCES event (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE event_position (
    position INTEGER NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL UNIQUE REFERENCES event (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE event_sequence (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'event'),
    last_position INTEGER NOT NULL
) STRICT;
INSERT INTO event_sequence (name, last_position) VALUES ('event', 0);

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'orglink'),
    linking_frozen INTEGER NOT NULL CHECK (linking_frozen IN (0, 1)),
    freeze_reason TEXT,
    version INTEGER NOT NULL
) STRICT;
INSERT INTO installation (name, linking_frozen, freeze_reason, version) VALUES ('orglink', FALSE, NULL, 1);

CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account_id);

-- Without an account: the link that makes the first operator.
CREATE TABLE sign_in_link (
    secret_hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB REFERENCES account (id) ON DELETE CASCADE,
    -- Only the links of a demo.
    is_reusable INTEGER NOT NULL CHECK (is_reusable IN (0, 1)),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_link_by_account ON sign_in_link (account_id);

CREATE TABLE sign_in_failure (
    subject_hash BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
    id BLOB NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX token_by_account ON token (account_id);

CREATE TABLE idempotency (
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    answer BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, route, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
