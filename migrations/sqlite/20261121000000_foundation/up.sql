-- The foundation: people and access, the four owned record types, configuration, audit and search.
-- The same tables as on PostgreSQL: ids are 16 bytes, instants microseconds since 1970, JSON and dates text.
-- No triggers, no functions, no advisory locks: see docs/adr.

-- Key and value pairs of the organisation: name, currency, language, zone, switches.
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Rows that rare, set-wide decisions (last admin, default pipeline) update first, so that they happen one after another.
CREATE TABLE guards (
    name TEXT PRIMARY KEY,
    passes INTEGER NOT NULL
) STRICT;

CREATE TABLE teams (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    parent_id BLOB REFERENCES teams (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT teams_name_unique UNIQUE (name)
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    theme TEXT NOT NULL,
    team_id BLOB REFERENCES teams (id),
    manager_id BLOB REFERENCES users (id),
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    last_sign_in_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT users_email_unique UNIQUE (email)
) STRICT;
CREATE INDEX users_by_team ON users (team_id);
CREATE INDEX users_by_manager ON users (manager_id);
CREATE INDEX users_by_name ON users (name_sort, id);

CREATE TABLE roles (
    id BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    names TEXT NOT NULL,
    description TEXT NOT NULL,
    is_builtin INTEGER NOT NULL CHECK (is_builtin IN (0, 1)),
    grants TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT roles_key_unique UNIQUE (key)
) STRICT;

CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users (id),
    role_id BLOB NOT NULL REFERENCES roles (id),
    PRIMARY KEY (user_id, role_id)
) STRICT;
CREATE INDEX user_roles_by_role ON user_roles (role_id);

-- A signed-in browser or app. A refresh token belongs to exactly one session, its family.
CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    ip TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    idle_seconds INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parent_hash TEXT,
    issued_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;

CREATE TABLE api_keys (
    id BLOB PRIMARY KEY,
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CONSTRAINT api_keys_prefix_unique UNIQUE (prefix)
) STRICT;
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at);

-- Failed sign-ins per account and per address; kept here so that a restart does not forget them.
CREATE TABLE login_throttles (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
    caller_id BLOB NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (caller_id, key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE sources (
    key TEXT PRIMARY KEY,
    names TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE lead_statuses (
    key TEXT PRIMARY KEY,
    names TEXT NOT NULL,
    category TEXT NOT NULL,
    color TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE pipelines (
    id BLOB PRIMARY KEY,
    names TEXT NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    position INTEGER NOT NULL,
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pipelines_one_default ON pipelines (is_default) WHERE is_default;

CREATE TABLE stages (
    id BLOB PRIMARY KEY,
    pipeline_id BLOB NOT NULL REFERENCES pipelines (id),
    names TEXT NOT NULL,
    category TEXT NOT NULL,
    probability INTEGER NOT NULL,
    color TEXT NOT NULL,
    position INTEGER NOT NULL,
    expected_days INTEGER,
    warning_days INTEGER,
    required_fields TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX stages_by_pipeline ON stages (pipeline_id, position);

-- The owned records. The first eighteen columns are the same everywhere; `profile` holds what is shown but rarely
-- searched by, so that a table stays below 32 columns.
CREATE TABLE customers (
    id BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    source TEXT REFERENCES sources (key),
    owner_id BLOB REFERENCES users (id),
    team_id BLOB REFERENCES teams (id),
    tags TEXT NOT NULL,
    extras TEXT NOT NULL,
    last_activity_at INTEGER,
    next_activity_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    updated_by BLOB,
    deleted_at INTEGER,
    deleted_by BLOB,
    kind TEXT NOT NULL,
    relation TEXT NOT NULL,
    lifecycle TEXT NOT NULL,
    level TEXT,
    industry TEXT,
    region TEXT,
    parent_id BLOB REFERENCES customers (id),
    primary_contact_id BLOB,
    origin_lead_id BLOB,
    profile TEXT NOT NULL,
    CONSTRAINT customers_number_unique UNIQUE (number)
) STRICT;

CREATE TABLE contacts (
    id BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    source TEXT REFERENCES sources (key),
    owner_id BLOB REFERENCES users (id),
    team_id BLOB REFERENCES teams (id),
    tags TEXT NOT NULL,
    extras TEXT NOT NULL,
    last_activity_at INTEGER,
    next_activity_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    updated_by BLOB,
    deleted_at INTEGER,
    deleted_by BLOB,
    customer_id BLOB REFERENCES customers (id),
    job_title TEXT,
    email TEXT,
    phone TEXT,
    reports_to_id BLOB REFERENCES contacts (id),
    origin_lead_id BLOB,
    profile TEXT NOT NULL,
    CONSTRAINT contacts_number_unique UNIQUE (number)
) STRICT;
CREATE INDEX contacts_by_customer ON contacts (customer_id, updated_at, id);
CREATE INDEX contacts_by_reports_to ON contacts (reports_to_id);

CREATE TABLE leads (
    id BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    source TEXT REFERENCES sources (key),
    owner_id BLOB REFERENCES users (id),
    team_id BLOB REFERENCES teams (id),
    tags TEXT NOT NULL,
    extras TEXT NOT NULL,
    last_activity_at INTEGER,
    next_activity_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    updated_by BLOB,
    deleted_at INTEGER,
    deleted_by BLOB,
    company_name TEXT,
    status TEXT NOT NULL REFERENCES lead_statuses (key),
    status_category TEXT NOT NULL,
    rating TEXT,
    score INTEGER NOT NULL,
    amount INTEGER,
    currency TEXT,
    region TEXT,
    first_response_due_at INTEGER,
    first_responded_at INTEGER,
    profile TEXT NOT NULL,
    CONSTRAINT leads_number_unique UNIQUE (number),
    CONSTRAINT leads_money_whole CHECK ((amount IS NULL) = (currency IS NULL))
) STRICT;

CREATE TABLE opportunities (
    id BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    source TEXT REFERENCES sources (key),
    owner_id BLOB REFERENCES users (id),
    team_id BLOB REFERENCES teams (id),
    tags TEXT NOT NULL,
    extras TEXT NOT NULL,
    last_activity_at INTEGER,
    next_activity_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    updated_by BLOB,
    deleted_at INTEGER,
    deleted_by BLOB,
    customer_id BLOB NOT NULL REFERENCES customers (id),
    primary_contact_id BLOB REFERENCES contacts (id),
    pipeline_id BLOB NOT NULL REFERENCES pipelines (id),
    stage_id BLOB NOT NULL REFERENCES stages (id),
    category TEXT NOT NULL,
    stage_entered_at INTEGER NOT NULL,
    amount INTEGER,
    currency TEXT,
    probability INTEGER NOT NULL,
    expected_close_on TEXT,
    closed_at INTEGER,
    board_rank TEXT NOT NULL,
    origin_lead_id BLOB,
    profile TEXT NOT NULL,
    CONSTRAINT opportunities_number_unique UNIQUE (number),
    CONSTRAINT opportunities_money_whole CHECK ((amount IS NULL) = (currency IS NULL)),
    CONSTRAINT opportunities_closed_when_ended CHECK ((category = 'open') = (closed_at IS NULL))
) STRICT;
CREATE INDEX opportunities_by_customer ON opportunities (customer_id, updated_at, id);
CREATE INDEX opportunities_by_contact ON opportunities (primary_contact_id);
CREATE INDEX opportunities_board ON opportunities (stage_id, board_rank, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_pipeline ON opportunities (pipeline_id);

-- Who works or worked where; the list itself stands in the contact's profile, this is its index.
CREATE TABLE contact_customers (
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    customer_id BLOB NOT NULL REFERENCES customers (id),
    PRIMARY KEY (contact_id, customer_id)
) STRICT;
CREATE INDEX contact_customers_by_customer ON contact_customers (customer_id);

CREATE TABLE opportunity_contacts (
    opportunity_id BLOB NOT NULL REFERENCES opportunities (id),
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    PRIMARY KEY (opportunity_id, contact_id)
) STRICT;
CREATE INDEX opportunity_contacts_by_contact ON opportunity_contacts (contact_id);

CREATE TABLE stage_moves (
    id BLOB PRIMARY KEY,
    opportunity_id BLOB NOT NULL REFERENCES opportunities (id),
    from_stage_id BLOB,
    to_stage_id BLOB NOT NULL,
    seconds_in_from INTEGER NOT NULL,
    reason TEXT,
    moved_at INTEGER NOT NULL,
    moved_by BLOB
) STRICT;
CREATE INDEX stage_moves_by_opportunity ON stage_moves (opportunity_id, moved_at, id);

CREATE TABLE lifecycle_moves (
    id BLOB PRIMARY KEY,
    customer_id BLOB NOT NULL REFERENCES customers (id),
    from_lifecycle TEXT NOT NULL,
    to_lifecycle TEXT NOT NULL,
    reason TEXT,
    moved_at INTEGER NOT NULL,
    moved_by BLOB
) STRICT;
CREATE INDEX lifecycle_moves_by_customer ON lifecycle_moves (customer_id, moved_at, id);

CREATE TABLE lead_conversions (
    id BLOB PRIMARY KEY,
    lead_id BLOB NOT NULL REFERENCES leads (id),
    customer_id BLOB REFERENCES customers (id),
    contact_id BLOB REFERENCES contacts (id),
    opportunity_id BLOB REFERENCES opportunities (id),
    detail TEXT NOT NULL,
    converted_at INTEGER NOT NULL,
    converted_by BLOB,
    reverted_at INTEGER,
    reverted_by BLOB
) STRICT;
-- The wall against a second conversion, whatever races or retries happen above it.
CREATE UNIQUE INDEX lead_conversions_one_live ON lead_conversions (lead_id) WHERE reverted_at IS NULL;

CREATE TABLE external_ids (
    record_type TEXT NOT NULL,
    system TEXT NOT NULL,
    external_id TEXT NOT NULL,
    record_id BLOB NOT NULL,
    CONSTRAINT external_ids_pkey PRIMARY KEY (record_type, system, external_id)
) STRICT;
CREATE INDEX external_ids_by_record ON external_ids (record_id);

CREATE TABLE record_tags (
    record_type TEXT NOT NULL,
    tag TEXT NOT NULL,
    record_id BLOB NOT NULL,
    PRIMARY KEY (record_type, tag, record_id)
) STRICT;
CREATE INDEX record_tags_by_record ON record_tags (record_id, tag);

-- Normalised e-mails, phones, domains and names: where conversion looks for records that are already there.
CREATE TABLE record_keys (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record_id BLOB NOT NULL,
    PRIMARY KEY (kind, value, record_type, record_id)
) STRICT;
CREATE INDEX record_keys_by_record ON record_keys (record_id);

-- What changed, one row for each change of a record: fields are [{field, old, new}].
CREATE TABLE changes (
    id BLOB PRIMARY KEY,
    record_type TEXT NOT NULL,
    record_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL,
    via TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    request_id TEXT,
    at INTEGER NOT NULL,
    fields TEXT NOT NULL
) STRICT;
CREATE INDEX changes_by_record ON changes (record_id, version);

-- What feeds, webhooks and jobs will read, in the order of writing.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE search_docs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id BLOB NOT NULL,
    record_type TEXT NOT NULL,
    body TEXT NOT NULL,
    tokens TEXT NOT NULL,
    CONSTRAINT search_docs_record_unique UNIQUE (record_id)
) STRICT;
-- Beginnings of three letters (the mark of the kind and two more) have lists of their own, for words as they are typed.
CREATE VIRTUAL TABLE search_index USING fts5 (tokens, content = '', contentless_delete = 1, detail = none, prefix = '3', tokenize = "ascii");

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

-- Human numbers; one writer, so a counter is enough.
CREATE TABLE number_counters (
    record_type TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT;
INSERT INTO number_counters (record_type, next) VALUES ('customers', 1001);
INSERT INTO number_counters (record_type, next) VALUES ('contacts', 1001);
INSERT INTO number_counters (record_type, next) VALUES ('leads', 1001);
INSERT INTO number_counters (record_type, next) VALUES ('opportunities', 1001);
