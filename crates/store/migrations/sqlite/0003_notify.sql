-- How far each view over the events has come.
CREATE TABLE view_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT;
-- Nobody is told of what was before: what is placed, and what waits for its place.
INSERT INTO view_cursor (name, position)
SELECT 'notify', last_position + (SELECT COUNT(*) FROM event_pending) FROM event_sequence;

-- What somebody was told in the product. The text is made of template and parameters.
CREATE TABLE notification (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    is_urgent INTEGER NOT NULL CHECK (is_urgent IN (0, 1)),
    -- Of the event it tells of: what the open pages of other replicas look for.
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX notification_by_account ON notification (account_id, id);
CREATE INDEX notification_unread ON notification (account_id, id) WHERE read_at IS NULL;
CREATE INDEX notification_by_position ON notification (position);
CREATE INDEX notification_by_age ON notification (created_at);

-- What somebody does not want by mail; an obligation comes whatever stands here.
CREATE TABLE notification_preference (
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    by_mail INTEGER NOT NULL CHECK (by_mail IN (0, 1)),
    PRIMARY KEY (account_id, kind)
) STRICT;

-- What an address that need not be an account's does not want.
CREATE TABLE unwanted_mail (
    email_folded TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (email_folded, kind)
) STRICT;

-- Mails, as template and parameters: what is sent is made when it is sent, so that no secret is kept here.
CREATE TABLE mail (
    id BLOB NOT NULL PRIMARY KEY,
    -- To an account, at its address when it is sent; or to an address that need not be an account's.
    account_id BLOB REFERENCES account (id) ON DELETE CASCADE,
    address TEXT,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'failed', 'sent', 'refused', 'given_up')),
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- A replica keeps it to itself until then.
    leased_until INTEGER,
    -- What the mail server said last.
    answer TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK ((account_id IS NULL) <> (address IS NULL))
) STRICT;
CREATE INDEX mail_by_account ON mail (account_id);
CREATE INDEX mail_due ON mail (due_at, id) WHERE state IN ('waiting', 'failed');
CREATE INDEX mail_by_state ON mail (state, id);

-- Secrets that were handed out once, by their hashes. Several may be open for one subject (a mail that was made
-- twice); using one uses all of that subject.
CREATE TABLE one_time_token (
    secret_hash BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    account_id BLOB REFERENCES account (id) ON DELETE CASCADE,
    email_folded TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX one_time_token_by_subject ON one_time_token (purpose, subject_id);
CREATE INDEX one_time_token_by_account ON one_time_token (account_id);
CREATE INDEX one_time_token_by_end ON one_time_token (expires_at);
