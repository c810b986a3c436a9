-- Follow-up discipline. From when on an open deal is looked at with concern (`warn_at`), and from when on it counts as stale
-- (`stale_at`): kept beside it, since both follow from its stage, when it came there and when something was last done.
ALTER TABLE opportunities ADD COLUMN warn_at timestamptz;
ALTER TABLE opportunities ADD COLUMN stale_at timestamptz;
UPDATE opportunities SET
    warn_at = opportunities.stage_entered_at + s.warning_days * interval '24 hours',
    stale_at = LEAST(opportunities.stage_entered_at + s.expected_days * interval '36 hours', GREATEST(opportunities.stage_entered_at, opportunities.last_activity_at) + s.expected_days * interval '24 hours')
FROM stages AS s WHERE s.id = opportunities.stage_id AND opportunities.category = 'open';

CREATE INDEX opportunities_by_warn ON opportunities (warn_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_stale ON opportunities (stale_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_by_owners_stale ON opportunities (owner_id, stale_at, id) WHERE deleted_at IS NULL;

-- Leads by the time their first answer is due; somebody's that still wait for it.
CREATE INDEX leads_by_response_due ON leads (first_response_due_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_to_answer ON leads (owner_id, first_response_due_at, id) WHERE deleted_at IS NULL AND first_responded_at IS NULL;
