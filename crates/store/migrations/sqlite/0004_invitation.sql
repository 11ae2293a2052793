-- What somebody was asked to become: bound to an address, whether or not anybody has it.
CREATE TABLE invitation (
    id BLOB NOT NULL PRIMARY KEY,
    -- The workspace or the organization, whichever it is of.
    tenant_id BLOB NOT NULL,
    workspace_id BLOB REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id BLOB REFERENCES organization (id) ON DELETE CASCADE,
    target TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    invited_by BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    invited_through TEXT NOT NULL CHECK (invited_through IN ('own', 'operator', 'system')),
    hands_over INTEGER NOT NULL CHECK (hands_over IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'withdrawn', 'expired')),
    ending TEXT CHECK (ending IN ('by_admin', 'settled', 'target_gone', 'place_gone')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    sent_at INTEGER NOT NULL,
    resends INTEGER NOT NULL,
    resends_since INTEGER NOT NULL,
    CHECK ((workspace_id IS NULL) <> (organization_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX invitation_pending ON invitation (tenant_id, target, email_folded) WHERE state = 'pending';
CREATE INDEX invitation_by_tenant ON invitation (tenant_id, id);
CREATE INDEX invitation_by_address ON invitation (email_folded, id);
CREATE INDEX invitation_by_account ON invitation (invited_by, created_at);
CREATE INDEX invitation_due ON invitation (expires_at) WHERE state = 'pending';
CREATE INDEX invitation_by_workspace ON invitation (workspace_id);
CREATE INDEX invitation_by_organization ON invitation (organization_id);
CREATE INDEX invitation_ended_by ON invitation (ended_by);

-- What somebody asks to become, of a place that they name and may not know.
CREATE TABLE access_request (
    id BLOB NOT NULL PRIMARY KEY,
    asked_by BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('organization', 'workspace')),
    named TEXT NOT NULL,
    named_folded TEXT NOT NULL,
    -- The workspace or organization that was called so; empty when nothing was.
    tenant_id BLOB,
    message TEXT,
    return_to TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'declined', 'withdrawn', 'expired')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES account (id) ON DELETE RESTRICT,
    reason TEXT
) STRICT;
CREATE UNIQUE INDEX access_request_open ON access_request (asked_by, kind, named_folded) WHERE state = 'open';
CREATE INDEX access_request_by_account ON access_request (asked_by, id);
CREATE INDEX access_request_by_tenant ON access_request (tenant_id, id);
CREATE INDEX access_request_due ON access_request (expires_at) WHERE state = 'open';
CREATE INDEX access_request_ended_by ON access_request (ended_by);
