-- Assignment rules: who gets a lead that comes in without an owner. `condition` is a filter in its JSON form, null fits every
-- lead; `last_user_id` is where the turn stands, which is no change of the rule.
CREATE TABLE assignment_rules (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    condition TEXT,
    strategy TEXT NOT NULL,
    user_ids TEXT NOT NULL,
    team_id BLOB REFERENCES teams (id),
    with_subteams INTEGER NOT NULL CHECK (with_subteams IN (0, 1)),
    working_days TEXT NOT NULL,
    max_open INTEGER,
    max_per_day INTEGER,
    last_user_id BLOB REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT assignment_rules_name_unique UNIQUE (name_key)
) STRICT;
CREATE INDEX assignment_rules_by_team ON assignment_rules (team_id);

-- How a lead came to its owner: which rule gave it, and which did not and why (`trace`). Without an owner none of them did.
-- The rule may be gone; its name and version stay.
CREATE TABLE lead_assignments (
    id BLOB PRIMARY KEY,
    lead_id BLOB NOT NULL REFERENCES leads (id) ON DELETE CASCADE,
    rule_id BLOB REFERENCES assignment_rules (id) ON DELETE SET NULL,
    rule_name TEXT,
    rule_version INTEGER,
    owner_id BLOB REFERENCES users (id),
    assigned_at INTEGER NOT NULL,
    trace TEXT NOT NULL,
    CONSTRAINT lead_assignments_whole CHECK ((owner_id IS NULL) = (rule_name IS NULL) AND (owner_id IS NULL) = (rule_version IS NULL))
) STRICT;
-- The latest of a lead; what somebody was given today; what a rule gave of late, and when it last gave somebody something.
CREATE INDEX lead_assignments_of_lead ON lead_assignments (lead_id, assigned_at, id);
CREATE INDEX lead_assignments_of_owner ON lead_assignments (owner_id, assigned_at, lead_id);
CREATE INDEX lead_assignments_of_rule ON lead_assignments (rule_id, assigned_at);
CREATE INDEX lead_assignments_by_turn ON lead_assignments (rule_id, owner_id, assigned_at);

-- How many open leads somebody has.
CREATE INDEX leads_by_owners_category ON leads (owner_id, status_category) WHERE deleted_at IS NULL;
