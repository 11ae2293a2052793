-- Extensions that somebody installed in a workspace; the catalog says which there are.
CREATE TABLE installed_extension (
    id BLOB NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- Its name in the catalog.
    extension TEXT NOT NULL,
    -- As it was when it was installed or updated: the catalog's version, and what was consented to, joined by spaces.
    version INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    installed_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Its token, as a hash.
    secret_hash BLOB NOT NULL UNIQUE,
    token_created_at INTEGER NOT NULL,
    token_used_at INTEGER,
    UNIQUE (workspace_id, extension)
) STRICT;
