-- The foundation: people and access, the four owned record types, configuration, audit and search.
-- Every statement is unqualified (the schema comes from search_path) and is sent on its own.
-- No triggers, no functions, no advisory locks: see docs/adr.

-- Key and value pairs of the organisation: name, currency, language, zone, switches.
CREATE TABLE settings (
    key text PRIMARY KEY,
    value jsonb NOT NULL
);

-- Rows that rare, set-wide decisions (last admin, default pipeline) update first, so that they happen one after another.
CREATE TABLE guards (
    name text PRIMARY KEY,
    passes bigint NOT NULL
);

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    parent_id uuid REFERENCES teams (id),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT teams_name_unique UNIQUE (name)
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    email text NOT NULL,
    password_hash text,
    language text NOT NULL,
    time_zone text NOT NULL,
    theme text NOT NULL,
    team_id uuid REFERENCES teams (id),
    manager_id uuid REFERENCES users (id),
    is_active boolean NOT NULL,
    last_sign_in_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT users_email_unique UNIQUE (email)
);
CREATE INDEX users_by_team ON users (team_id);
CREATE INDEX users_by_manager ON users (manager_id);
CREATE INDEX users_by_name ON users (name_sort, id);

CREATE TABLE roles (
    id uuid PRIMARY KEY,
    key text NOT NULL,
    names jsonb NOT NULL,
    description text NOT NULL,
    is_builtin boolean NOT NULL,
    grants jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT roles_key_unique UNIQUE (key)
);

CREATE TABLE user_roles (
    user_id uuid NOT NULL REFERENCES users (id),
    role_id uuid NOT NULL REFERENCES roles (id),
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_by_role ON user_roles (role_id);

-- A signed-in browser or app. A refresh token belongs to exactly one session, its family.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    user_agent text NOT NULL,
    ip text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    idle_seconds bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent_hash text,
    issued_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    id text PRIMARY KEY,
    secret text NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    prefix text NOT NULL,
    secret_hash text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    scopes jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT api_keys_prefix_unique UNIQUE (prefix)
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at);

-- Failed sign-ins per account and per address; kept here so that a restart does not forget them.
CREATE TABLE login_throttles (
    key text PRIMARY KEY,
    failures bigint NOT NULL,
    blocked_until timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE idempotency_keys (
    caller_id uuid NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (caller_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE sources (
    key text PRIMARY KEY,
    names jsonb NOT NULL,
    position integer NOT NULL,
    is_active boolean NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE lead_statuses (
    key text PRIMARY KEY,
    names jsonb NOT NULL,
    category text NOT NULL,
    color text NOT NULL,
    position integer NOT NULL,
    is_active boolean NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE pipelines (
    id uuid PRIMARY KEY,
    names jsonb NOT NULL,
    is_default boolean NOT NULL,
    position integer NOT NULL,
    is_active boolean NOT NULL,
    version bigint NOT NULL
);
CREATE UNIQUE INDEX pipelines_one_default ON pipelines (is_default) WHERE is_default;

CREATE TABLE stages (
    id uuid PRIMARY KEY,
    pipeline_id uuid NOT NULL REFERENCES pipelines (id),
    names jsonb NOT NULL,
    category text NOT NULL,
    probability integer NOT NULL,
    color text NOT NULL,
    position integer NOT NULL,
    expected_days integer,
    warning_days integer,
    required_fields jsonb NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX stages_by_pipeline ON stages (pipeline_id, position);

-- The owned records. The first eighteen columns are the same everywhere; `profile` holds what is shown but rarely
-- searched by, so that a table stays below 32 columns.
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    name text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    source text REFERENCES sources (key),
    owner_id uuid REFERENCES users (id),
    team_id uuid REFERENCES teams (id),
    tags jsonb NOT NULL,
    extras jsonb NOT NULL,
    last_activity_at timestamptz,
    next_activity_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    updated_by uuid,
    deleted_at timestamptz,
    deleted_by uuid,
    kind text NOT NULL,
    relation text NOT NULL,
    lifecycle text NOT NULL,
    level text,
    industry text,
    region text,
    parent_id uuid REFERENCES customers (id),
    primary_contact_id uuid,
    origin_lead_id uuid,
    profile jsonb NOT NULL,
    CONSTRAINT customers_number_unique UNIQUE (number)
);

CREATE TABLE contacts (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    name text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    source text REFERENCES sources (key),
    owner_id uuid REFERENCES users (id),
    team_id uuid REFERENCES teams (id),
    tags jsonb NOT NULL,
    extras jsonb NOT NULL,
    last_activity_at timestamptz,
    next_activity_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    updated_by uuid,
    deleted_at timestamptz,
    deleted_by uuid,
    customer_id uuid REFERENCES customers (id),
    job_title text,
    email text,
    phone text,
    reports_to_id uuid REFERENCES contacts (id),
    origin_lead_id uuid,
    profile jsonb NOT NULL,
    CONSTRAINT contacts_number_unique UNIQUE (number)
);
CREATE INDEX contacts_by_customer ON contacts (customer_id, updated_at, id);
CREATE INDEX contacts_by_reports_to ON contacts (reports_to_id);

CREATE TABLE leads (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    name text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    source text REFERENCES sources (key),
    owner_id uuid REFERENCES users (id),
    team_id uuid REFERENCES teams (id),
    tags jsonb NOT NULL,
    extras jsonb NOT NULL,
    last_activity_at timestamptz,
    next_activity_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    updated_by uuid,
    deleted_at timestamptz,
    deleted_by uuid,
    company_name text,
    status text NOT NULL REFERENCES lead_statuses (key),
    status_category text NOT NULL,
    rating text,
    score integer NOT NULL,
    amount bigint,
    currency text,
    region text,
    first_response_due_at timestamptz,
    first_responded_at timestamptz,
    profile jsonb NOT NULL,
    CONSTRAINT leads_number_unique UNIQUE (number),
    CONSTRAINT leads_money_whole CHECK ((amount IS NULL) = (currency IS NULL))
);

CREATE TABLE opportunities (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    name text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    source text REFERENCES sources (key),
    owner_id uuid REFERENCES users (id),
    team_id uuid REFERENCES teams (id),
    tags jsonb NOT NULL,
    extras jsonb NOT NULL,
    last_activity_at timestamptz,
    next_activity_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    updated_by uuid,
    deleted_at timestamptz,
    deleted_by uuid,
    customer_id uuid NOT NULL REFERENCES customers (id),
    primary_contact_id uuid REFERENCES contacts (id),
    pipeline_id uuid NOT NULL REFERENCES pipelines (id),
    stage_id uuid NOT NULL REFERENCES stages (id),
    category text NOT NULL,
    stage_entered_at timestamptz NOT NULL,
    amount bigint,
    currency text,
    probability integer NOT NULL,
    expected_close_on date,
    closed_at timestamptz,
    board_rank text COLLATE "C" NOT NULL,
    origin_lead_id uuid,
    profile jsonb NOT NULL,
    CONSTRAINT opportunities_number_unique UNIQUE (number),
    CONSTRAINT opportunities_money_whole CHECK ((amount IS NULL) = (currency IS NULL)),
    CONSTRAINT opportunities_closed_when_ended CHECK ((category = 'open') = (closed_at IS NULL))
);
CREATE INDEX opportunities_by_customer ON opportunities (customer_id, updated_at, id);
CREATE INDEX opportunities_by_contact ON opportunities (primary_contact_id);
CREATE INDEX opportunities_board ON opportunities (stage_id, board_rank, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_pipeline ON opportunities (pipeline_id);

-- Who works or worked where; the list itself stands in the contact's profile, this is its index.
CREATE TABLE contact_customers (
    contact_id uuid NOT NULL REFERENCES contacts (id),
    customer_id uuid NOT NULL REFERENCES customers (id),
    PRIMARY KEY (contact_id, customer_id)
);
CREATE INDEX contact_customers_by_customer ON contact_customers (customer_id);

CREATE TABLE opportunity_contacts (
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    contact_id uuid NOT NULL REFERENCES contacts (id),
    PRIMARY KEY (opportunity_id, contact_id)
);
CREATE INDEX opportunity_contacts_by_contact ON opportunity_contacts (contact_id);

CREATE TABLE stage_moves (
    id uuid PRIMARY KEY,
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    from_stage_id uuid,
    to_stage_id uuid NOT NULL,
    seconds_in_from bigint NOT NULL,
    reason text,
    moved_at timestamptz NOT NULL,
    moved_by uuid
);
CREATE INDEX stage_moves_by_opportunity ON stage_moves (opportunity_id, moved_at, id);

CREATE TABLE lifecycle_moves (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    from_lifecycle text NOT NULL,
    to_lifecycle text NOT NULL,
    reason text,
    moved_at timestamptz NOT NULL,
    moved_by uuid
);
CREATE INDEX lifecycle_moves_by_customer ON lifecycle_moves (customer_id, moved_at, id);

CREATE TABLE lead_conversions (
    id uuid PRIMARY KEY,
    lead_id uuid NOT NULL REFERENCES leads (id),
    customer_id uuid REFERENCES customers (id),
    contact_id uuid REFERENCES contacts (id),
    opportunity_id uuid REFERENCES opportunities (id),
    detail jsonb NOT NULL,
    converted_at timestamptz NOT NULL,
    converted_by uuid,
    reverted_at timestamptz,
    reverted_by uuid
);
-- The wall against a second conversion, whatever races or retries happen above it.
CREATE UNIQUE INDEX lead_conversions_one_live ON lead_conversions (lead_id) WHERE reverted_at IS NULL;

CREATE TABLE external_ids (
    record_type text NOT NULL,
    system text NOT NULL,
    external_id text NOT NULL,
    record_id uuid NOT NULL,
    CONSTRAINT external_ids_pkey PRIMARY KEY (record_type, system, external_id)
);
CREATE INDEX external_ids_by_record ON external_ids (record_id);

CREATE TABLE record_tags (
    record_type text NOT NULL,
    tag text NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (record_type, tag, record_id)
);
CREATE INDEX record_tags_by_record ON record_tags (record_id, tag);

-- Normalised e-mails, phones, domains and names: where conversion looks for records that are already there.
CREATE TABLE record_keys (
    kind text NOT NULL,
    value text NOT NULL,
    record_type text NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (kind, value, record_type, record_id)
);
CREATE INDEX record_keys_by_record ON record_keys (record_id);

-- What changed, one row for each change of a record: fields are [{field, old, new}].
CREATE TABLE changes (
    id uuid PRIMARY KEY,
    record_type text NOT NULL,
    record_id uuid NOT NULL,
    version bigint NOT NULL,
    action text NOT NULL,
    via text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    request_id text,
    at timestamptz NOT NULL,
    fields jsonb NOT NULL
);
CREATE INDEX changes_by_record ON changes (record_id, version);

-- What feeds, webhooks and jobs will read, in the order of writing.
CREATE TABLE outbox (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    event text NOT NULL,
    record_type text NOT NULL,
    record_id uuid NOT NULL,
    version bigint NOT NULL,
    at timestamptz NOT NULL
);

CREATE TABLE search_docs (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    record_id uuid NOT NULL,
    record_type text NOT NULL,
    body text NOT NULL,
    tokens tsvector NOT NULL,
    CONSTRAINT search_docs_record_unique UNIQUE (record_id)
);
CREATE INDEX search_docs_tokens ON search_docs USING gin (tokens);

-- Lists: every sort a list offers, for everyone and for one owner or team, newest first; the trash apart.
CREATE INDEX customers_by_updated ON customers (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_created ON customers (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_name ON customers (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_owner ON customers (owner_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_team ON customers (team_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_source ON customers (source) WHERE deleted_at IS NULL;
CREATE INDEX customers_in_trash ON customers (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX customers_by_parent ON customers (parent_id);
CREATE INDEX customers_by_primary_contact ON customers (primary_contact_id) WHERE primary_contact_id IS NOT NULL;
CREATE INDEX customers_by_origin ON customers (origin_lead_id) WHERE origin_lead_id IS NOT NULL;
CREATE INDEX customers_by_lifecycle ON customers (lifecycle, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_industry ON customers (industry, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_level ON customers (level, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_level_sorted ON customers (level, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_relation ON customers (relation, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_updated ON contacts (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_created ON contacts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_name ON contacts (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_owner ON contacts (owner_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_team ON contacts (team_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_source ON contacts (source) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_origin ON contacts (origin_lead_id) WHERE origin_lead_id IS NOT NULL;
CREATE INDEX contacts_in_trash ON contacts (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX leads_by_updated ON leads (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_created ON leads (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_name ON leads (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_owner ON leads (owner_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_team ON leads (team_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_source ON leads (source) WHERE deleted_at IS NULL;
CREATE INDEX leads_in_trash ON leads (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX leads_by_status ON leads (status, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_status_sums ON leads (status, currency, amount, owner_id, team_id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_rating ON leads (rating, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_score ON leads (score, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_updated ON opportunities (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_created ON opportunities (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_name ON opportunities (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_owner ON opportunities (owner_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_team ON opportunities (team_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_source ON opportunities (source) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_origin ON opportunities (origin_lead_id) WHERE origin_lead_id IS NOT NULL;
CREATE INDEX opportunities_in_trash ON opportunities (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX opportunities_stage_sums ON opportunities (stage_id, currency, amount, probability, owner_id, team_id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_category ON opportunities (category, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_amount ON opportunities (amount, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_close ON opportunities (expected_close_on, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_closed ON opportunities (closed_at, id) WHERE deleted_at IS NULL;

-- Human numbers; gaps are fine.
CREATE SEQUENCE customers_number START 1001;
CREATE SEQUENCE contacts_number START 1001;
CREATE SEQUENCE leads_number START 1001;
CREATE SEQUENCE opportunities_number START 1001;
