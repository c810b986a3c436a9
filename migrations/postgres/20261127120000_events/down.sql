ALTER TABLE outbox DROP COLUMN from_team_id;
ALTER TABLE outbox DROP COLUMN from_owner_id;
