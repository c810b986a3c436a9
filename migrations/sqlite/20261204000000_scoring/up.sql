-- Lead scoring: which points a lead gets for what it is (`condition`, a filter in its JSON form) and for what was done about it
-- (`behaviour`: kinds of activities, how many of them, and how fast their points fade).
CREATE TABLE scoring_rules (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    kind TEXT NOT NULL,
    points INTEGER NOT NULL,
    condition TEXT,
    behaviour TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT scoring_rules_name_unique UNIQUE (name_key),
    CONSTRAINT scoring_rules_whole CHECK ((kind = 'property') = (condition IS NOT NULL) AND (kind = 'behaviour') = (behaviour IS NOT NULL))
) STRICT;

-- One row: whether any rule is active, and how far the leads have been gone through since the rules last changed. Whoever scores
-- a lead holds it, whoever changes the rules closes it.
CREATE TABLE scoring_state (
    key TEXT PRIMARY KEY,
    is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    is_walking INTEGER NOT NULL CHECK (is_walking IN (0, 1)),
    walked_to BLOB,
    version INTEGER NOT NULL,
    CONSTRAINT scoring_state_one_row CHECK (key = 'leads')
) STRICT;

-- Who says what the rating is, and when the points change with time alone. What is rated so far somebody has said.
ALTER TABLE leads ADD COLUMN rating_by TEXT;
ALTER TABLE leads ADD COLUMN score_changes_at INTEGER;
UPDATE leads SET rating_by = 'person' WHERE rating IS NOT NULL;
CREATE INDEX leads_by_score_change ON leads (score_changes_at, id) WHERE deleted_at IS NULL AND score_changes_at IS NOT NULL;
