-- Who pays in an organization after billing has migrated: one account for each distinct set of contacts (and reseller,
-- currency, tax). Its contacts became its admins, all equal.
CREATE TABLE billing_account (
    id BLOB NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL REFERENCES organization (id) ON DELETE RESTRICT,
    -- What it was made for; whoever comes with the same comes to it. Nothing: it was split off by hand.
    account_key BLOB,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    tax TEXT NOT NULL,
    -- A reseller, or whoever agreed to pay instead of the admins' company.
    payer_id BLOB REFERENCES account (id) ON DELETE RESTRICT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (organization_id, account_key)
) STRICT;
CREATE INDEX billing_account_by_payer ON billing_account (payer_id) WHERE payer_id IS NOT NULL;

CREATE TABLE billing_account_admin (
    billing_account_id BLOB NOT NULL REFERENCES billing_account (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    PRIMARY KEY (billing_account_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX billing_account_admin_by_account ON billing_account_admin (account_id);

-- What comes after the link: how far each link has come. A row is made when the first stage is reached; those that are
-- not there are linked and nothing more.
CREATE TABLE link_stage (
    link_id BLOB NOT NULL PRIMARY KEY REFERENCES link (id) ON DELETE CASCADE,
    billing_migrated_at INTEGER,
    -- Who pays since then.
    billing_account_id BLOB REFERENCES billing_account (id) ON DELETE RESTRICT,
    -- Up to, and without, this day all is charged. Days are year, month and day as one number.
    charged_until INTEGER,
    users_migrated_at INTEGER,
    CHECK ((billing_migrated_at IS NULL) = (billing_account_id IS NULL)),
    CHECK ((billing_migrated_at IS NULL) = (charged_until IS NULL))
) STRICT;
CREATE INDEX link_stage_by_billing_account ON link_stage (billing_account_id) WHERE billing_account_id IS NOT NULL;

-- How a workspace is billed where its plan and cycle do not say; what has no row is as the catalog says.
CREATE TABLE workspace_subscription (
    workspace_id BLOB NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    currency TEXT NOT NULL,
    -- The name of its tax in the catalog.
    tax TEXT NOT NULL,
    -- Up to, and without, this day all is paid.
    next_bill_on INTEGER,
    -- Whoever sells it on and pays, besides the contacts.
    reseller_id BLOB REFERENCES account (id) ON DELETE RESTRICT,
    -- When the reseller agreed that the organization pays from the migration on, and to the digest of which plan.
    reseller_agreed_at INTEGER,
    reseller_agreed_to BLOB,
    CHECK ((reseller_agreed_at IS NULL) = (reseller_agreed_to IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_subscription_by_reseller ON workspace_subscription (reseller_id) WHERE reseller_id IS NOT NULL;

-- Bills of the time before the migration, as they were imported.
CREATE TABLE workspace_invoice (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number TEXT NOT NULL,
    issued_on INTEGER NOT NULL,
    period_from INTEGER,
    period_until INTEGER,
    currency TEXT NOT NULL,
    -- Exact decimals.
    net TEXT NOT NULL,
    tax TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'paid', 'void')),
    PRIMARY KEY (workspace_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_invoice_open ON workspace_invoice (workspace_id) WHERE state = 'open';
