DROP INDEX leads_to_answer;
DROP INDEX leads_by_response_due;
DROP INDEX opportunities_by_owners_stale;
DROP INDEX opportunities_by_stale;
DROP INDEX opportunities_by_warn;
ALTER TABLE opportunities DROP COLUMN stale_at;
ALTER TABLE opportunities DROP COLUMN warn_at;
