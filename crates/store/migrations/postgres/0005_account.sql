-- Accounts: suspended by the operator, in a time zone of their own, left.
ALTER TABLE account ADD COLUMN is_suspended BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE account ADD COLUMN time_zone TEXT;
-- Erased: the row stays for the links and events that name its id.
ALTER TABLE account ADD COLUMN erased_at TIMESTAMPTZ;

-- When somebody last proved that it is really them.
ALTER TABLE session ADD COLUMN authenticated_at TIMESTAMPTZ;

CREATE TABLE passkey (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    credential_id BYTEA NOT NULL UNIQUE,
    -- What the crate that checks signatures keeps of it, as JSON: key, counter, flags.
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ
);
CREATE INDEX passkey_by_account ON passkey (account_id);

-- A passkey being made or used: asked, not yet answered.
CREATE TABLE passkey_ceremony (
    id UUID NOT NULL PRIMARY KEY,
    -- Whose passkey is made or asked for; nobody's yet when somebody signs in.
    account_id UUID REFERENCES account (id) ON DELETE CASCADE,
    is_registration BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX passkey_ceremony_by_account ON passkey_ceremony (account_id);
CREATE INDEX passkey_ceremony_by_end ON passkey_ceremony (expires_at);

CREATE TABLE recovery_code (
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, code_hash)
);

-- Browser and network from which somebody signed in, as a digest.
CREATE TABLE sign_in_place (
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    place_hash BYTEA NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, place_hash)
);
CREATE INDEX sign_in_place_by_age ON sign_in_place (last_seen_at);

-- Somebody asked for a link by mail. Written alike for every address; only the loop that answers looks whether there is
-- an account.
CREATE TABLE sign_in_request (
    id UUID NOT NULL PRIMARY KEY,
    email_folded TEXT COLLATE "C" NOT NULL,
    -- Whose it is, once answered; nobody's when there is no such account.
    account_id UUID REFERENCES account (id) ON DELETE CASCADE,
    -- Where they were going.
    next_path TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ
);
CREATE INDEX sign_in_request_waiting ON sign_in_request (created_at) WHERE answered_at IS NULL;
CREATE INDEX sign_in_request_by_account ON sign_in_request (account_id);
CREATE INDEX sign_in_request_by_age ON sign_in_request (created_at);

-- The address that somebody wants instead of theirs, until it is proven.
CREATE TABLE address_change (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
