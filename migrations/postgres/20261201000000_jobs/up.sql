-- Work that takes longer than a request. `turn_at` is since when a job waits for its turn, `lease_id` the turn that is under way and
-- `lease_until` how long whoever took it may be silent; the counts are those of its items, written with them.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled')),
    request jsonb NOT NULL,
    left_out jsonb NOT NULL,
    total integer NOT NULL CHECK (total > 0),
    succeeded integer NOT NULL,
    failed integer NOT NULL,
    skipped integer NOT NULL,
    error jsonb,
    created_by uuid NOT NULL REFERENCES users (id),
    key_id uuid REFERENCES api_keys (id),
    language text NOT NULL,
    request_id text,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    cancelled_at timestamptz,
    cancelled_by uuid REFERENCES users (id),
    turn_at timestamptz NOT NULL,
    lease_id uuid,
    lease_until timestamptz,
    CHECK ((lease_id IS NULL) = (lease_until IS NULL)),
    CHECK ((finished_at IS NULL) = (status IN ('queued', 'running'))),
    CHECK (succeeded >= 0 AND failed >= 0 AND skipped >= 0 AND succeeded + failed + skipped <= total)
);
-- Whose turn is next.
CREATE INDEX jobs_open ON jobs (turn_at, id) WHERE finished_at IS NULL;
CREATE INDEX jobs_of_user ON jobs (created_by, created_at, id);
CREATE INDEX jobs_by_created ON jobs (created_at, id);
-- What is old enough to go.
CREATE INDEX jobs_by_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- What a job does, one after the other: each with what became of it, written in the transaction that did it.
CREATE TABLE job_items (
    job_id uuid NOT NULL REFERENCES jobs (id),
    position integer NOT NULL,
    record_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'skipped')),
    result jsonb,
    problem jsonb,
    done_at timestamptz,
    PRIMARY KEY (job_id, position),
    CHECK ((done_at IS NULL) = (state = 'pending'))
);
CREATE INDEX job_items_by_state ON job_items (job_id, state, position);
