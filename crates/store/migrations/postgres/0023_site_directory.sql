-- A group of a directory is of the organization or, while each site keeps its own people, of one of its sites.
ALTER TABLE directory_group ADD COLUMN site_id UUID REFERENCES site (id) ON DELETE CASCADE;
ALTER TABLE directory_group DROP CONSTRAINT directory_group_organization_id_slug_folded_key;
CREATE UNIQUE INDEX directory_group_of_organization ON directory_group (organization_id, slug_folded) WHERE site_id IS NULL;
CREATE UNIQUE INDEX directory_group_of_site ON directory_group (site_id, slug_folded) WHERE site_id IS NOT NULL;
CREATE INDEX directory_group_by_organization ON directory_group (organization_id);

-- What the operator said of the progress of a capability that was missing.
CREATE TABLE tracker_update (
    id UUID NOT NULL PRIMARY KEY,
    -- Its name in the catalog.
    entry TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'in_progress', 'available')),
    note TEXT NOT NULL,
    posted_at TIMESTAMPTZ NOT NULL,
    -- None for whoever did it at the machine, without an account.
    posted_by UUID REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX tracker_update_by_entry ON tracker_update (entry, id);
CREATE INDEX tracker_update_by_account ON tracker_update (posted_by);

-- Who is told of that.
CREATE TABLE tracker_follower (
    entry TEXT COLLATE "C" NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    followed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (entry, account_id)
);
CREATE INDEX tracker_follower_by_account ON tracker_follower (account_id);
