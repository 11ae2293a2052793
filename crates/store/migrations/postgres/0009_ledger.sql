-- The transparency log: a Merkle tree over all events, in the order of their positions.
CREATE TABLE ledger_log (
    id UUID NOT NULL PRIMARY KEY,
    -- 1 for the first; another begins only where somebody restored an older database.
    number BIGINT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    public_key BYTEA NOT NULL,
    -- The signing key, encrypted under the installation's key.
    sealed_key BYTEA NOT NULL,
    -- Raised by every checkpoint: whoever signed for another one signed for nothing.
    generation BIGINT NOT NULL,
    -- The newest checkpoint.
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    note TEXT NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    -- The log before this one: its origin, size and root.
    previous TEXT,
    -- Why that one ended.
    reason TEXT
);

-- Its hashes in tiles of 256; those at the right edge grow until they are full.
CREATE TABLE ledger_tile (
    log_id UUID NOT NULL REFERENCES ledger_log (id) ON DELETE CASCADE,
    level BIGINT NOT NULL,
    tile_index BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (log_id, level, tile_index)
);
