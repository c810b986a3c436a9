-- Assignment rules: who gets a lead that comes in without an owner. `condition` is a filter in its JSON form, null fits every
-- lead; `last_user_id` is where the turn stands, which is no change of the rule.
CREATE TABLE assignment_rules (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_key text NOT NULL,
    position integer NOT NULL,
    is_active boolean NOT NULL,
    condition jsonb,
    strategy text NOT NULL,
    user_ids jsonb NOT NULL,
    team_id uuid REFERENCES teams (id),
    with_subteams boolean NOT NULL,
    working_days jsonb NOT NULL,
    max_open integer,
    max_per_day integer,
    last_user_id uuid REFERENCES users (id),
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT assignment_rules_name_unique UNIQUE (name_key)
);
CREATE INDEX assignment_rules_by_team ON assignment_rules (team_id);

-- How a lead came to its owner: which rule gave it, and which did not and why (`trace`). Without an owner none of them did.
-- The rule may be gone; its name and version stay.
CREATE TABLE lead_assignments (
    id uuid PRIMARY KEY,
    lead_id uuid NOT NULL REFERENCES leads (id) ON DELETE CASCADE,
    rule_id uuid REFERENCES assignment_rules (id) ON DELETE SET NULL,
    rule_name text,
    rule_version bigint,
    owner_id uuid REFERENCES users (id),
    assigned_at timestamptz NOT NULL,
    trace jsonb NOT NULL,
    CONSTRAINT lead_assignments_whole CHECK ((owner_id IS NULL) = (rule_name IS NULL) AND (owner_id IS NULL) = (rule_version IS NULL))
);
-- The latest of a lead; what somebody was given today; what a rule gave of late, and when it last gave somebody something.
CREATE INDEX lead_assignments_of_lead ON lead_assignments (lead_id, assigned_at, id);
CREATE INDEX lead_assignments_of_owner ON lead_assignments (owner_id, assigned_at, lead_id);
CREATE INDEX lead_assignments_of_rule ON lead_assignments (rule_id, assigned_at);
CREATE INDEX lead_assignments_by_turn ON lead_assignments (rule_id, owner_id, assigned_at);

-- How many open leads somebody has.
CREATE INDEX leads_by_owners_category ON leads (owner_id, status_category) WHERE deleted_at IS NULL;
