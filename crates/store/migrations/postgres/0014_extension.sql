-- Extensions that somebody installed in a workspace; the catalog says which there are.
CREATE TABLE installed_extension (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- Its name in the catalog.
    extension TEXT COLLATE "C" NOT NULL,
    -- As it was when it was installed or updated: the catalog's version, and what was consented to, joined by spaces.
    version BIGINT NOT NULL,
    scopes TEXT NOT NULL,
    installed_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    -- Its token, as a hash.
    secret_hash BYTEA NOT NULL UNIQUE,
    token_created_at TIMESTAMPTZ NOT NULL,
    token_used_at TIMESTAMPTZ,
    UNIQUE (workspace_id, extension)
);
