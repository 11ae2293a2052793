-- What an assistant asks its own person to do; it ends with the token by which it asked.
CREATE TABLE assistant_request (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    token_id UUID NOT NULL REFERENCES token (id) ON DELETE CASCADE,
    act TEXT NOT NULL CHECK (act IN ('link', 'undo')),
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    plan_digest BYTEA NOT NULL,
    message TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'declined', 'expired')),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX assistant_request_open ON assistant_request (account_id, act, plan_digest) WHERE state = 'open';
CREATE INDEX assistant_request_by_account ON assistant_request (account_id, id);
CREATE INDEX assistant_request_by_token ON assistant_request (token_id);
CREATE INDEX assistant_request_by_workspace ON assistant_request (workspace_id);
CREATE INDEX assistant_request_by_organization ON assistant_request (organization_id);
