-- Lead scoring: which points a lead gets for what it is (`condition`, a filter in its JSON form) and for what was done about it
-- (`behaviour`: kinds of activities, how many of them, and how fast their points fade).
CREATE TABLE scoring_rules (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_key text NOT NULL,
    is_active boolean NOT NULL,
    kind text NOT NULL,
    points integer NOT NULL,
    condition jsonb,
    behaviour jsonb,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT scoring_rules_name_unique UNIQUE (name_key),
    CONSTRAINT scoring_rules_whole CHECK ((kind = 'property') = (condition IS NOT NULL) AND (kind = 'behaviour') = (behaviour IS NOT NULL))
);

-- One row: whether any rule is active, and how far the leads have been gone through since the rules last changed. Whoever scores
-- a lead holds it, whoever changes the rules closes it.
CREATE TABLE scoring_state (
    key text PRIMARY KEY,
    is_active boolean NOT NULL,
    is_walking boolean NOT NULL,
    walked_to uuid,
    version bigint NOT NULL,
    CONSTRAINT scoring_state_one_row CHECK (key = 'leads')
);

-- Who says what the rating is, and when the points change with time alone. What is rated so far somebody has said.
ALTER TABLE leads ADD COLUMN rating_by text;
ALTER TABLE leads ADD COLUMN score_changes_at timestamptz;
UPDATE leads SET rating_by = 'person' WHERE rating IS NOT NULL;
CREATE INDEX leads_by_score_change ON leads (score_changes_at, id) WHERE deleted_at IS NULL AND score_changes_at IS NOT NULL;
