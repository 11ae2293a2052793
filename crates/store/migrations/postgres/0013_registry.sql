-- The container registry: what signs its tokens, whose names its images have, and what was pushed to it.
CREATE TABLE registry_key (
    id UUID NOT NULL PRIMARY KEY,
    -- The next one waits until its certificate was handed out; one signs; what it signed is accepted until it expires.
    state TEXT NOT NULL CHECK (state IN ('next', 'signing', 'retired')),
    algorithm TEXT NOT NULL CHECK (algorithm IN ('ES256', 'RS256')),
    -- X.509, DER.
    certificate BYTEA NOT NULL,
    -- PKCS#8, encrypted under the installation's key.
    sealed_key BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    handed_out_at TIMESTAMPTZ,
    signs_since TIMESTAMPTZ,
    retired_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX registry_key_one_of_a_kind ON registry_key (state) WHERE state <> 'retired';

-- The workspace that pushed under a name first: whoever gets the name later does not get its images.
CREATE TABLE registry_name (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    taken_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE package (
    id UUID NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    -- Without the workspace's name.
    image TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    media_type TEXT NOT NULL,
    -- Bytes, with everything that it refers to; nothing where the registry does not say.
    size BIGINT,
    pushed_at TIMESTAMPTZ NOT NULL,
    pushed_by UUID REFERENCES account (id) ON DELETE RESTRICT,
    UNIQUE (workspace_id, image, digest)
);
CREATE INDEX package_newest_first ON package (workspace_id, id);

CREATE TABLE package_tag (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    image TEXT COLLATE "C" NOT NULL,
    tag TEXT COLLATE "C" NOT NULL,
    package_id UUID NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    tagged_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, image, tag)
);
CREATE INDEX package_tag_by_package ON package_tag (package_id);

-- What the registry has told already: it tells again until it is answered.
CREATE TABLE registry_event (
    id TEXT NOT NULL PRIMARY KEY,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX registry_event_by_time ON registry_event (received_at);
