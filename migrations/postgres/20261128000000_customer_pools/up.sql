-- Customer pools: where customers lie that nobody owns, and when owners lose theirs to them. The default pool has no team and
-- serves whoever no other pool does; without a name it is called in the language of the reader. `rules_since` is when the
-- rules last changed: nobody is released by them before there was time for a warning.
CREATE TABLE customer_pools (
    id uuid PRIMARY KEY,
    name text,
    name_key text,
    team_id uuid REFERENCES teams (id),
    is_default boolean NOT NULL,
    is_active boolean NOT NULL,
    no_activity_days integer,
    no_opportunity_days integer,
    not_won_days integer,
    warn_days integer NOT NULL,
    owned_cap integer,
    claims_per_day integer,
    cooldown_days integer NOT NULL,
    rules_since timestamptz NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT customer_pools_name_unique UNIQUE (name_key),
    CONSTRAINT customer_pools_team_unique UNIQUE (team_id),
    CONSTRAINT customer_pools_default_has_no_team CHECK (is_default = (team_id IS NULL)),
    CONSTRAINT customer_pools_named CHECK (is_default OR name IS NOT NULL),
    CONSTRAINT customer_pools_default_active CHECK (NOT is_default OR is_active)
);
CREATE UNIQUE INDEX customer_pools_default_unique ON customer_pools (is_default) WHERE is_default;

-- A database in use has customers without an owner, perhaps: they lie in the default pool from now on. A new database gets
-- its default pool with its other defaults.
INSERT INTO customer_pools (id, is_default, is_active, warn_days, cooldown_days, rules_since, version, created_at, updated_at)
    SELECT CAST('01900000-0000-7000-8000-000000000200' AS uuid), true, true, 3, 0, moment, 1, moment, moment
    FROM (SELECT now() AS moment) AS present
    WHERE EXISTS (SELECT 1 FROM settings WHERE key = 'configuration_defaults') OR EXISTS (SELECT 1 FROM customers);

-- `counted_from` is since when the rules count for the present owner, `release_at` when they take it from them.
ALTER TABLE customers ADD COLUMN pool_id uuid REFERENCES customer_pools (id);
ALTER TABLE customers ADD COLUMN pooled_at timestamptz;
ALTER TABLE customers ADD COLUMN counted_from timestamptz;
UPDATE customers SET counted_from = created_at WHERE owner_id IS NOT NULL;
UPDATE customers SET pool_id = '01900000-0000-7000-8000-000000000200', pooled_at = updated_at, team_id = NULL WHERE owner_id IS NULL;
ALTER TABLE customers ADD COLUMN release_at timestamptz;
ALTER TABLE customers ADD CONSTRAINT customers_owned_or_pooled CHECK (
    (owner_id IS NULL) = (pool_id IS NOT NULL) AND (pool_id IS NULL) = (pooled_at IS NULL)
    AND (owner_id IS NULL) = (counted_from IS NULL) AND (owner_id IS NOT NULL OR release_at IS NULL));

-- What is in a pool, the last changed and the last pooled first; what is due, of all and of an owner.
CREATE INDEX customers_by_pool ON customers (pool_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_pool_time ON customers (pool_id, pooled_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_pooled ON customers (pooled_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_release ON customers (release_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_owners_release ON customers (owner_id, release_at, id) WHERE deleted_at IS NULL;

-- Of which release its owner has been told ahead, and what is yet to be told.
ALTER TABLE customers ADD COLUMN warned_for timestamptz;
CREATE INDEX customers_to_warn ON customers (release_at, id) WHERE deleted_at IS NULL AND release_at IS DISTINCT FROM warned_for;

-- Every way into a pool and out of it: who lost a customer or got it, which pool that was, and by which rule.
CREATE TABLE customer_moves (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    kind text NOT NULL,
    pool_id uuid NOT NULL,
    user_id uuid REFERENCES users (id),
    rule text,
    moved_at timestamptz NOT NULL,
    moved_by uuid
);
-- The latest of a customer; what somebody has claimed today.
CREATE INDEX customer_moves_of_customer ON customer_moves (customer_id, moved_at, id);
CREATE INDEX customer_moves_of_user ON customer_moves (user_id, kind, moved_at);

-- Whoever a pool serves is told when somebody has taken a customer out of it.
ALTER TABLE outbox ADD COLUMN from_pool_id uuid;
