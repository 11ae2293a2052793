-- A group of a directory is of the organization or, while each site keeps its own people, of one of its sites. SQLite changes
-- what is unique only with the whole table, and with what refers to it; what is attached is noted meanwhile.
CREATE TABLE attached_meanwhile (user_group_id BLOB NOT NULL PRIMARY KEY, directory_group_id BLOB NOT NULL) STRICT;
INSERT INTO attached_meanwhile SELECT id, directory_group_id FROM user_group WHERE directory_group_id IS NOT NULL;
UPDATE user_group SET directory_group_id = NULL WHERE directory_group_id IS NOT NULL;
CREATE TABLE directory_group_new (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    slug TEXT NOT NULL,
    slug_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    site_id BLOB REFERENCES site (id) ON DELETE CASCADE
) STRICT;
INSERT INTO directory_group_new (id, organization_id, slug, slug_folded, name, created_at)
SELECT id, organization_id, slug, slug_folded, name, created_at FROM directory_group;
CREATE TABLE directory_group_member_new (
    directory_group_id BLOB NOT NULL REFERENCES directory_group_new (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    PRIMARY KEY (directory_group_id, account_id)
) STRICT, WITHOUT ROWID;
INSERT INTO directory_group_member_new SELECT directory_group_id, account_id FROM directory_group_member;
DROP TABLE directory_group_member;
DROP TABLE directory_group;
ALTER TABLE directory_group_new RENAME TO directory_group;
ALTER TABLE directory_group_member_new RENAME TO directory_group_member;
UPDATE user_group SET directory_group_id = (SELECT directory_group_id FROM attached_meanwhile WHERE user_group_id = user_group.id)
WHERE id IN (SELECT user_group_id FROM attached_meanwhile);
DROP TABLE attached_meanwhile;
CREATE INDEX directory_group_member_by_account ON directory_group_member (account_id);
CREATE UNIQUE INDEX directory_group_of_organization ON directory_group (organization_id, slug_folded) WHERE site_id IS NULL;
CREATE UNIQUE INDEX directory_group_of_site ON directory_group (site_id, slug_folded) WHERE site_id IS NOT NULL;
CREATE INDEX directory_group_by_organization ON directory_group (organization_id);

-- What the operator said of the progress of a capability that was missing.
CREATE TABLE tracker_update (
    id BLOB NOT NULL PRIMARY KEY,
    -- Its name in the catalog.
    entry TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'in_progress', 'available')),
    note TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    -- None for whoever did it at the machine, without an account.
    posted_by BLOB REFERENCES account (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX tracker_update_by_entry ON tracker_update (entry, id);
CREATE INDEX tracker_update_by_account ON tracker_update (posted_by);

-- Who is told of that.
CREATE TABLE tracker_follower (
    entry TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    followed_at INTEGER NOT NULL,
    PRIMARY KEY (entry, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tracker_follower_by_account ON tracker_follower (account_id);
