-- What somebody was offered, and what they answered: each offer once.
CREATE TABLE offer_answer (
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- Its name in the catalog.
    offer TEXT COLLATE "C" NOT NULL,
    shown_at TIMESTAMPTZ NOT NULL,
    -- None when the person went on without an answer.
    answer TEXT CHECK (answer IN ('skipped', 'taken')),
    answered_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, offer),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX offer_answer_by_offer ON offer_answer (offer, answer);
