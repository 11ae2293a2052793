-- Where programs are told of what happened in a workspace or an organization.
CREATE TABLE webhook (
    id BLOB NOT NULL PRIMARY KEY,
    -- Whose it is: one of these.
    workspace_id BLOB REFERENCES workspace (id) ON DELETE CASCADE,
    organization_id BLOB REFERENCES organization (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Types of events, or beginnings that end in a dot, joined by spaces; all when there are none.
    types TEXT NOT NULL,
    -- What signs, encrypted under the installation's key; and what signed before and still does until then.
    secret BLOB NOT NULL,
    previous_secret BLOB,
    previous_until INTEGER,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'failed', 'gone')),
    created_at INTEGER NOT NULL,
    -- What happened up to here has its deliveries; whether something happened after it that concerns this one.
    position INTEGER NOT NULL,
    is_behind INTEGER NOT NULL CHECK (is_behind IN (0, 1)),
    -- Failures since the last success, and since when.
    failures INTEGER NOT NULL,
    failing_since INTEGER,
    -- When there is something to do next, if ever.
    due_at INTEGER,
    -- Counts the claims: whoever holds an older one notes nothing any more.
    lease INTEGER NOT NULL,
    leased_until INTEGER,
    CHECK ((workspace_id IS NULL) <> (organization_id IS NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
) STRICT;
CREATE INDEX webhook_by_workspace ON webhook (workspace_id, id) WHERE workspace_id IS NOT NULL;
CREATE INDEX webhook_by_organization ON webhook (organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX webhook_due ON webhook (due_at, id) WHERE state = 'active' AND due_at IS NOT NULL;

-- One event that one webhook is told of. What is sent is made of the event when it is sent.
CREATE TABLE webhook_delivery (
    id BLOB NOT NULL PRIMARY KEY,
    webhook_id BLOB NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    -- The workspace whose order it keeps; all zeros for what is of none.
    lane BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
    -- How often it was tried: ever, and since it was wanted last.
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX webhook_delivery_by_position ON webhook_delivery (webhook_id, position);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id, lane, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;

-- What a receiver answered.
CREATE TABLE webhook_attempt (
    delivery_id BLOB NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    status INTEGER,
    -- The beginning of the body.
    answer TEXT NOT NULL,
    -- Why it counts as none.
    problem TEXT,
    PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;

-- How far webhooks were woken.
INSERT INTO view_cursor (name, position) SELECT 'webhook', last_position FROM event_sequence;
