-- Where programs are told of what happened in a workspace or an organization.
CREATE TABLE webhook (
    id UUID NOT NULL PRIMARY KEY,
    -- Whose it is: one of these.
    workspace_id UUID REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id UUID REFERENCES organization (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Types of events, or beginnings that end in a dot, joined by spaces; all when there are none.
    types TEXT NOT NULL,
    -- What signs, encrypted under the installation's key; and what signed before and still does until then.
    secret BYTEA NOT NULL,
    previous_secret BYTEA,
    previous_until TIMESTAMPTZ,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'failed', 'gone')),
    created_at TIMESTAMPTZ NOT NULL,
    -- What happened up to here has its deliveries; whether something happened after it that concerns this one.
    position BIGINT NOT NULL,
    is_behind BOOLEAN NOT NULL,
    -- Failures since the last success, and since when.
    failures BIGINT NOT NULL,
    failing_since TIMESTAMPTZ,
    -- When there is something to do next, if ever.
    due_at TIMESTAMPTZ,
    -- Counts the claims: whoever holds an older one notes nothing any more.
    lease BIGINT NOT NULL,
    leased_until TIMESTAMPTZ,
    CHECK ((workspace_id IS NULL) <> (organization_id IS NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX webhook_by_workspace ON webhook (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX webhook_by_organization ON webhook (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX webhook_due ON webhook (due_at, id) WHERE state = 'active' AND due_at IS NOT NULL;

-- One event that one webhook is told of. What is sent is made of the event when it is sent.
CREATE TABLE webhook_delivery (
    id UUID NOT NULL PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    -- The workspace whose order it keeps; all zeros for what is of none.
    lane UUID NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
    -- How often it was tried: ever, and since it was wanted last.
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX webhook_delivery_by_position ON webhook_delivery (webhook_id, position);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id, lane, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;

-- What a receiver answered.
CREATE TABLE webhook_attempt (
    delivery_id UUID NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
    attempt BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    milliseconds BIGINT NOT NULL,
    status BIGINT,
    -- The beginning of the body.
    answer TEXT NOT NULL,
    -- Why it counts as none.
    problem TEXT,
    PRIMARY KEY (delivery_id, attempt)
);

-- How far webhooks were woken.
INSERT INTO view_cursor (name, position) SELECT 'webhook', last_position FROM event_sequence;
