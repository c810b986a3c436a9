-- Everything of somebody who leaves, given to others in one operation. `switched_off` tells whether it was this that switched
-- them off; `reason` is what was said about it.
CREATE TABLE handovers (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    switched_off boolean NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    created_by uuid REFERENCES users (id),
    undone_at timestamptz,
    undone_by uuid REFERENCES users (id),
    CONSTRAINT handovers_undone_later CHECK (undone_at >= created_at)
);
CREATE INDEX handovers_of_user ON handovers (user_id, created_at, id);

-- What was given to whom: a record, a rule that names somebody else now (`before` is whom it named), or somebody who reports to
-- another. The record may be gone. `left_because` tells why an undo has left it where it is.
CREATE TABLE handover_items (
    handover_id uuid NOT NULL REFERENCES handovers (id) ON DELETE CASCADE,
    kind text NOT NULL,
    record_id uuid NOT NULL,
    to_user_id uuid REFERENCES users (id),
    to_pool_id uuid,
    version bigint NOT NULL,
    before jsonb,
    left_because text,
    CONSTRAINT handover_items_pkey PRIMARY KEY (handover_id, kind, record_id),
    CONSTRAINT handover_items_one_heir CHECK (to_user_id IS NULL OR to_pool_id IS NULL)
);
-- How much of one went to whom.
CREATE INDEX handover_items_to ON handover_items (handover_id, to_user_id, to_pool_id, kind);
