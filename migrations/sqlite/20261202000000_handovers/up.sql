-- Everything of somebody who leaves, given to others in one operation. `switched_off` tells whether it was this that switched
-- them off; `reason` is what was said about it.
CREATE TABLE handovers (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    switched_off INTEGER NOT NULL CHECK (switched_off IN (0, 1)),
    reason TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB REFERENCES users (id),
    undone_at INTEGER,
    undone_by BLOB REFERENCES users (id),
    CONSTRAINT handovers_undone_later CHECK (undone_at >= created_at)
) STRICT;
CREATE INDEX handovers_of_user ON handovers (user_id, created_at, id);

-- What was given to whom: a record, a rule that names somebody else now (`before` is whom it named), or somebody who reports to
-- another. The record may be gone. `left_because` tells why an undo has left it where it is.
CREATE TABLE handover_items (
    handover_id BLOB NOT NULL REFERENCES handovers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    to_user_id BLOB REFERENCES users (id),
    to_pool_id BLOB,
    version INTEGER NOT NULL,
    before TEXT,
    left_because TEXT,
    CONSTRAINT handover_items_pkey PRIMARY KEY (handover_id, kind, record_id),
    CONSTRAINT handover_items_one_heir CHECK (to_user_id IS NULL OR to_pool_id IS NULL)
) STRICT, WITHOUT ROWID;
-- How much of one went to whom.
CREATE INDEX handover_items_to ON handover_items (handover_id, to_user_id, to_pool_id, kind);
