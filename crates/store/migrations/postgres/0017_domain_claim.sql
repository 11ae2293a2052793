-- Domains that organizations show to be their own, by a record at their name servers.
CREATE TABLE domain_claim (
    id UUID NOT NULL PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    -- Folded, in ASCII.
    domain TEXT COLLATE "C" NOT NULL,
    -- What the record must say; no secret, it stands in public.
    token TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'verified', 'lapsed')),
    added_at TIMESTAMPTZ NOT NULL,
    verified_at TIMESTAMPTZ,
    -- When the name servers were asked last, and what they said.
    checked_at TIMESTAMPTZ,
    seen TEXT CHECK (seen IN ('found', 'missing', 'unreachable', 'taken')),
    -- Since when the record of a verified domain is gone.
    missing_since TIMESTAMPTZ,
    -- When they are asked next; moved on by whoever takes the turn.
    due_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX domain_claim_by_organization ON domain_claim (organization_id, domain);
-- One organization holds a domain.
CREATE UNIQUE INDEX domain_claim_holder ON domain_claim (domain) WHERE state = 'verified';
CREATE INDEX domain_claim_due ON domain_claim (due_at);

-- The claim of an account by an organization: one at most, and it ends by being deleted. Events tell what was.
CREATE TABLE account_claim (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    domain_claim_id UUID NOT NULL REFERENCES domain_claim (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('announced', 'objected', 'managed')),
    announced_at TIMESTAMPTZ NOT NULL,
    takes_effect_at TIMESTAMPTZ NOT NULL,
    objected_at TIMESTAMPTZ,
    -- Why the person said no.
    reason TEXT,
    managed_at TIMESTAMPTZ,
    CHECK ((state = 'objected') = (objected_at IS NOT NULL)),
    CHECK ((state = 'managed') = (managed_at IS NOT NULL))
);
CREATE INDEX account_claim_by_domain ON account_claim (domain_claim_id, account_id);
CREATE INDEX account_claim_due ON account_claim (takes_effect_at, account_id) WHERE state = 'announced';

-- What a claim was previewed to mean, so that what changed since can be named.
CREATE TABLE claim_preview (
    domain_claim_id UUID NOT NULL REFERENCES domain_claim (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    -- A line an account: its id and what a claim would mean for it.
    accounts TEXT NOT NULL,
    PRIMARY KEY (domain_claim_id, digest)
);

-- Accounts by the domain of their address: what stands behind the last @. One expression on both databases.
CREATE INDEX account_by_domain ON account (substr(email_folded, length(rtrim(email_folded, replace(email_folded, '@', ''))) + 1), email_folded);
