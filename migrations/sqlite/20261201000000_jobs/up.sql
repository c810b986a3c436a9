-- Work that takes longer than a request. `turn_at` is since when a job waits for its turn, `lease_id` the turn that is under way and
-- `lease_until` how long whoever took it may be silent; the counts are those of its items, written with them.
CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled')),
    request TEXT NOT NULL,
    left_out TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total > 0),
    succeeded INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    error TEXT,
    created_by BLOB NOT NULL REFERENCES users (id),
    key_id BLOB REFERENCES api_keys (id),
    language TEXT NOT NULL,
    request_id TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    cancelled_at INTEGER,
    cancelled_by BLOB REFERENCES users (id),
    turn_at INTEGER NOT NULL,
    lease_id BLOB,
    lease_until INTEGER,
    CHECK ((lease_id IS NULL) = (lease_until IS NULL)),
    CHECK ((finished_at IS NULL) = (status IN ('queued', 'running'))),
    CHECK (succeeded >= 0 AND failed >= 0 AND skipped >= 0 AND succeeded + failed + skipped <= total)
) STRICT;
-- Whose turn is next.
CREATE INDEX jobs_open ON jobs (turn_at, id) WHERE finished_at IS NULL;
CREATE INDEX jobs_of_user ON jobs (created_by, created_at, id);
CREATE INDEX jobs_by_created ON jobs (created_at, id);
-- What is old enough to go.
CREATE INDEX jobs_by_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- What a job does, one after the other: each with what became of it, written in the transaction that did it.
CREATE TABLE job_items (
    job_id BLOB NOT NULL REFERENCES jobs (id),
    position INTEGER NOT NULL,
    record_id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'skipped')),
    result TEXT,
    problem TEXT,
    done_at INTEGER,
    PRIMARY KEY (job_id, position),
    CHECK ((done_at IS NULL) = (state = 'pending'))
) STRICT, WITHOUT ROWID;
CREATE INDEX job_items_by_state ON job_items (job_id, state, position);
