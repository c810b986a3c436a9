-- Activities: what was done and what is to be done, about other records. `at` is where one stands in a timeline: when it was
-- done, or when it is due.
CREATE TABLE activities (
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
    status TEXT NOT NULL,
    priority TEXT NOT NULL,
    at INTEGER,
    happened_at INTEGER,
    due_at INTEGER,
    customer_id BLOB REFERENCES customers (id),
    contact_id BLOB REFERENCES contacts (id),
    lead_id BLOB REFERENCES leads (id),
    opportunity_id BLOB REFERENCES opportunities (id),
    profile TEXT NOT NULL,
    CONSTRAINT activities_number_unique UNIQUE (number),
    CONSTRAINT activities_happened_when_done CHECK ((status = 'done') = (happened_at IS NOT NULL))
) STRICT;
INSERT INTO number_counters (record_type, next) VALUES ('activities', 1001);

-- The contacts who took part, beside the one it is about; who was there was there, also when the contact is gone.
CREATE TABLE activity_contacts (
    activity_id BLOB NOT NULL REFERENCES activities (id),
    contact_id BLOB NOT NULL,
    PRIMARY KEY (activity_id, contact_id)
) STRICT;
CREATE INDEX activity_contacts_by_contact ON activity_contacts (contact_id);

CREATE INDEX activities_by_updated ON activities (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_created ON activities (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_name ON activities (name_sort, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_due ON activities (due_at, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_happened ON activities (happened_at, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_owner ON activities (owner_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_team ON activities (team_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX activities_by_source ON activities (source) WHERE source IS NOT NULL;
CREATE INDEX activities_in_trash ON activities (deleted_at, id) WHERE deleted_at IS NOT NULL;
-- What somebody is to do, the most urgent first.
CREATE INDEX activities_to_do ON activities (owner_id, status, due_at, id) WHERE deleted_at IS NULL;
-- Timelines, and the last and the next activity of a record.
CREATE INDEX activities_of_customer ON activities (customer_id, status, at, id) WHERE deleted_at IS NULL AND customer_id IS NOT NULL;
CREATE INDEX activities_of_contact ON activities (contact_id, status, at, id) WHERE deleted_at IS NULL AND contact_id IS NOT NULL;
CREATE INDEX activities_of_lead ON activities (lead_id, status, at, id) WHERE deleted_at IS NULL AND lead_id IS NOT NULL;
CREATE INDEX activities_of_opportunity ON activities (opportunity_id, status, at, id) WHERE deleted_at IS NULL AND opportunity_id IS NOT NULL;

-- History in the order of time, for timelines.
CREATE INDEX changes_by_time ON changes (record_id, at, id);
-- Records by their next step: what is overdue, and what has none; and in the order of both marks.
CREATE INDEX customers_by_owners_next ON customers (owner_id, next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_next_activity ON customers (next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_last_activity ON customers (last_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_owners_next ON contacts (owner_id, next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_next_activity ON contacts (next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_last_activity ON contacts (last_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_owners_next ON leads (owner_id, next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_next_activity ON leads (next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_by_last_activity ON leads (last_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_owners_next ON opportunities (owner_id, next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_next_activity ON opportunities (next_activity_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_last_activity ON opportunities (last_activity_at, id) WHERE deleted_at IS NULL;

-- The link under which other calendars read what somebody has to do; only its hash is kept.
CREATE TABLE calendar_feeds (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    CONSTRAINT calendar_feeds_token_unique UNIQUE (token_hash)
) STRICT;
