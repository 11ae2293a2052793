-- Bills of billing accounts, numbered without gaps: a number is taken in the transaction that writes the bill.
CREATE TABLE invoice_sequence (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    last_number BIGINT NOT NULL
);
INSERT INTO invoice_sequence (one, last_number) VALUES (1, 0);

-- What stands on a bill as who it is for.
ALTER TABLE billing_account ADD COLUMN bill_to TEXT NOT NULL DEFAULT '';
-- Up to, and without, this day bills were made. Days are year, month and day as one number; 0 when none was made yet.
ALTER TABLE billing_account ADD COLUMN invoiced_until BIGINT NOT NULL DEFAULT 0;
-- It pays for nothing any more: another one does.
ALTER TABLE billing_account ADD COLUMN merged_into UUID REFERENCES billing_account (id) ON DELETE RESTRICT;
CREATE INDEX billing_account_by_merge ON billing_account (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX billing_account_due ON billing_account (invoiced_until, id) WHERE merged_into IS NULL;

-- A bill never changes: whom it is for, who wrote it and the tax stand on it as they were.
CREATE TABLE invoice (
    sequence BIGINT NOT NULL PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL UNIQUE,
    billing_account_id UUID NOT NULL REFERENCES billing_account (id) ON DELETE RESTRICT,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE RESTRICT,
    issued_on BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    period_from BIGINT NOT NULL,
    period_until BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    tax_title TEXT NOT NULL,
    -- Exact decimals.
    tax_percent TEXT NOT NULL,
    net TEXT NOT NULL,
    tax TEXT NOT NULL,
    bill_to TEXT NOT NULL,
    issuer TEXT NOT NULL
);
CREATE INDEX invoice_by_account ON invoice (billing_account_id, sequence);
CREATE INDEX invoice_by_organization ON invoice (organization_id);

CREATE TABLE invoice_line (
    sequence BIGINT NOT NULL REFERENCES invoice (sequence) ON DELETE RESTRICT,
    line BIGINT NOT NULL,
    -- No reference: the workspace may be gone, the bill stays.
    workspace_id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    plan TEXT COLLATE "C" NOT NULL,
    billing_cycle TEXT COLLATE "C" NOT NULL,
    people BIGINT NOT NULL,
    day_from BIGINT NOT NULL,
    day_until BIGINT NOT NULL,
    net TEXT NOT NULL,
    PRIMARY KEY (sequence, line)
);
CREATE INDEX invoice_line_by_workspace ON invoice_line (workspace_id, day_from);

-- What somebody wants of a billing account that others must agree to; one at most.
CREATE TABLE billing_request (
    billing_account_id UUID NOT NULL PRIMARY KEY REFERENCES billing_account (id) ON DELETE CASCADE,
    id UUID NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('payer', 'release', 'merge')),
    -- Who is to pay: an address, as it was written and folded. Whether it has an account is nobody's to know.
    payer TEXT,
    payer_folded TEXT COLLATE "C",
    into_id UUID REFERENCES billing_account (id) ON DELETE CASCADE,
    asked_by UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    asked_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'payer') = (payer IS NOT NULL)),
    CHECK ((payer IS NULL) = (payer_folded IS NULL)),
    CHECK ((kind = 'merge') = (into_id IS NOT NULL))
);
CREATE INDEX billing_request_by_payer ON billing_request (payer_folded) WHERE payer_folded IS NOT NULL;
CREATE INDEX billing_request_by_into ON billing_request (into_id) WHERE into_id IS NOT NULL;
CREATE INDEX billing_request_by_asker ON billing_request (asked_by);
