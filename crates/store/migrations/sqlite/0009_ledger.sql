-- The transparency log: a Merkle tree over all events, in the order of their positions.
CREATE TABLE ledger_log (
    id BLOB NOT NULL PRIMARY KEY,
    -- 1 for the first; another begins only where somebody restored an older database.
    number INTEGER NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    -- The signing key, encrypted under the installation's key.
    sealed_key BLOB NOT NULL,
    -- Raised by every checkpoint: whoever signed for another one signed for nothing.
    generation INTEGER NOT NULL,
    -- The newest checkpoint.
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- The log before this one: its origin, size and root.
    previous TEXT,
    -- Why that one ended.
    reason TEXT
) STRICT;

-- Its hashes in tiles of 256; those at the right edge grow until they are full.
CREATE TABLE ledger_tile (
    log_id BLOB NOT NULL REFERENCES ledger_log (id) ON DELETE CASCADE,
    level INTEGER NOT NULL,
    tile_index INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (log_id, level, tile_index)
) STRICT;
