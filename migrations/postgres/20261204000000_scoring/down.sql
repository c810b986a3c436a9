-- What the rules said goes with them; what people said stays.
UPDATE leads SET rating = NULL WHERE rating_by = 'rules';
UPDATE leads SET score = 0 WHERE score <> 0;
DROP INDEX leads_by_score_change;
ALTER TABLE leads DROP COLUMN score_changes_at;
ALTER TABLE leads DROP COLUMN rating_by;
DROP TABLE scoring_state;
DROP TABLE scoring_rules;
